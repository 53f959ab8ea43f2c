/* A game compiled once with open parameters, and given values, is the game built with them. */
#include <math.h>
#include <stdlib.h>

#include "deterra/deterra.h"
#include "harness.h"

enum { POINTS = 12, ROWS = 6, AXES = 5 };

typedef struct both {
    dt_game *built, *folded;
    dt_workspace *wb, *wf;
} both;

/* Exact payoffs agree: the same fraction, or balls of 128 bits that overlap and are narrow. */
static void same_exact(const both *g, size_t player, const uint32_t *profile) {
    dt_exact a, b;
    dt_exact_init(&a);
    dt_exact_init(&b);
    dt_status sa = dt_game_exact(g->built, g->wb, player, profile, &a, NULL),
              sb = dt_game_exact(g->folded, g->wf, player, profile, &b, NULL);
    CU_ASSERT_EQUAL(sa, sb);
    if (sa == DT_OK && sb == DT_OK) {
        CU_ASSERT_EQUAL(dt_exact_is_rational(&a), dt_exact_is_rational(&b));
        arb_t x, y;
        arb_init(x);
        arb_init(y);
        dt_exact_enclose(dt_game_context(g->built, g->wb), x, &a, 128);
        dt_exact_enclose(dt_game_context(g->folded, g->wf), y, &b, 128);
        CU_ASSERT(arb_overlaps(x, y));
        CU_ASSERT(arb_rel_accuracy_bits(x) > 60 || arb_is_zero(x) || arb_contains_zero(x));
        if (dt_exact_is_rational(&a))
            CU_ASSERT(fmpq_equal(a.rational, b.rational));
        arb_clear(x);
        arb_clear(y);
    }
    dt_exact_clear(&a);
    dt_exact_clear(&b);
}

/* Rows agree within their bounds, and exact payoffs of some of their profiles. */
static void same_row(const both *g, size_t player, unsigned *seed) {
    const dt_game *game = g->built;
    uint32_t profile[DT_MAX_PLAYERS], lanes = game->player[player].strategies;
    for (size_t i = 0; i < game->players; i++)
        profile[i] =
            (uint32_t)((*seed = *seed * 1103515245u + 12345u) >> 8) % game->player[i].strategies;
    double *room = malloc(4 * lanes * sizeof *room), *vb = room, *bb = room + lanes,
           *vf = room + 2 * lanes, *bf = room + 3 * lanes;
    CU_ASSERT_PTR_NOT_NULL_FATAL(room);
    CU_ASSERT_EQUAL(dt_game_row(game, g->wb, player, player, profile, vb, bb), DT_OK);
    CU_ASSERT_EQUAL(dt_game_row(g->folded, g->wf, player, player, profile, vf, bf), DT_OK);
    for (uint32_t s = 0; s < lanes; s++)
        if (isfinite(bb[s]) && isfinite(bf[s]))
            CU_ASSERT(fabs(vb[s] - vf[s]) <= bb[s] + bf[s]);
    same_exact(g, player, profile);
    free(room);
}

static void compare(const dt_scenario *scenario, const dt_game *open, dt_substitute *substitute,
                    const fmpq *value, unsigned *seed) {
    both g = {0};
    for (size_t a = 0; a < AXES; a++)
        substitute[a].value = &value[a];
    CU_ASSERT_EQUAL_FATAL(dt_game_build_with(scenario, substitute, AXES, NULL, &g.built), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_game_refold(open, value, &g.folded), DT_OK);
    CU_ASSERT_EQUAL(g.built->profiles, g.folded->profiles);
    CU_ASSERT_EQUAL(g.built->model->rational(g.built->self),
                    g.folded->model->rational(g.folded->self));
    g.wb = dt_workspace_new(g.built);
    g.wf = dt_workspace_new(g.folded);
    CU_ASSERT_FATAL(g.wb && g.wf);
    for (size_t p = 0; p < g.built->players; p++) {
        CU_ASSERT_EQUAL(g.built->model->total(g.built->self, p),
                        g.folded->model->total(g.folded->self, p));
        for (int k = 0; k < ROWS; k++)
            same_row(&g, p, seed);
    }
    dt_workspace_free(g.built, g.wb);
    dt_workspace_free(g.folded, g.wf);
    dt_game_free(g.folded);
    dt_game_free(g.built);
}

static void agrees(const char *path, const char *const *name) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(dt_config_read(path, NULL, diag, &scenario), DT_OK);
    dt_substitute substitute[AXES] = {{0}};
    fmpq value[AXES];
    for (size_t a = 0; a < AXES; a++) {
        fmpq_init(&value[a]);
        substitute[a].parameter = dt_scenario_parameter(scenario, name[a], DT_NOWHERE, diag);
        CU_ASSERT_PTR_NOT_NULL_FATAL(substitute[a].parameter);
    }
    dt_game *open;
    CU_ASSERT_EQUAL_FATAL(dt_game_build_with(scenario, substitute, AXES, diag, &open), DT_OK);
    unsigned seed = 77;
    for (int i = 0; i < POINTS; i++) {
        for (size_t a = 0; a < AXES; a++) {
            const dt_parameter *p = substitute[a].parameter;
            seed = seed * 1103515245u + 12345u;
            /* ends of the range too: 0 and whole exponents fold away */
            fmpq_set_si(&value[a], (slong)(seed >> 16) % 5, 4);
            fmpq_t width;
            fmpq_init(width);
            fmpq_sub(width, &p->high, &p->low);
            fmpq_mul(&value[a], &value[a], width);
            fmpq_add(&value[a], &value[a], &p->low);
            fmpq_clear(width);
        }
        compare(scenario, open, substitute, value, &seed);
    }
    dt_game_free(open);
    for (size_t a = 0; a < AXES; a++)
        fmpq_clear(&value[a]);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
}

static void rare_earth(void) {
    static const char *const names[AXES] = {"eta", "idle", "resolve", "carry", "funds"};
    agrees(DETERRA_ROOT "/configs/rare_earth/coarse.cfg", names);
    agrees(DETERRA_ROOT "/configs/rare_earth/baseline.cfg", names);
}

/* Conditions, powers, quotients and faults that hang on parameters. */
static void awkward(void) {
    static const char text[] =
        "parameters = { a = { value = 1; range = (0, 4); }; b = { value = 1; range = (0, 4); };\n"
        " c = { value = 1; range = (-2, 2); }; d = { value = 1; range = (0, 1); };\n"
        " e = { value = 2; range = (-3, 3); }; };\n"
        "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"0\", \"1\", \"2\"]; } "
        "); "
        "},\n { name = \"B\"; moves = ( { name = \"y\"; levels = [\"0\", \"1\", \"2\"]; } ); } );\n"
        "payoffs = { kind = \"formula\"; define = ( \"p = (1 + A.x)^e\", \"q = a > 2 ? B.y / c : "
        "B.y * b\" );\n"
        " A = \"p * d - A.x / (a + B.y) + max(b, A.x * c)\";\n"
        " B = \"q + (d == 0 ? 1 / a : log(1 + a * B.y)) - sqrt(b) * B.y^2\"; };\n";
    FILE *out = fopen("/tmp/deterra-test-refold.cfg", "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs(text, out);
    fclose(out);
    static const char *const names[AXES] = {"a", "b", "c", "d", "e"};
    agrees("/tmp/deterra-test-refold.cfg", names);
    remove("/tmp/deterra-test-refold.cfg");
}

/* What has no open parameters, or no formulas, cannot be folded anew. */
static void refused(void) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario;
    dt_game *game, *out;
    const char *path = DETERRA_ROOT "/configs/classics/chicken.cfg";
    CU_ASSERT_EQUAL_FATAL(dt_config_read(path, NULL, diag, &scenario), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_game_build(scenario, diag, &game), DT_OK);
    CU_ASSERT_EQUAL(dt_game_refold(game, NULL, &out), DT_ERR_USAGE);
    CU_ASSERT_PTR_NULL(out);
    dt_game_free(game);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
}

int main(void) {
    static const dt_case cases[] = {
        {"the rare-earth games", rare_earth},
        {"conditions, powers, faults", awkward},
        {"games without open parameters", refused},
    };
    return DT_RUN_SUITE("refold", cases);
}
