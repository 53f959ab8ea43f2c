/* Blocs: settings, names, payoffs against those of the players. SPDX: GPL-3.0-or-later */
#include "harness.h"

#include <math.h>

#include "config_checks.h"
#include "deterra/deterra.h"
#include "lp_games.h"

#define FOUR                                                                                       \
    "players = (\n"                                                                                \
    "  { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); },\n"               \
    "  { name = \"B\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\", \"z\"]; },\n"             \
    "                            { name = \"n\"; levels = [\"u\", \"v\"]; } );\n"                  \
    "    feasible = [\"B.m < 2 || B.n == 0\"]; },\n"                                               \
    "  { name = \"C\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); },\n"               \
    "  { name = \"D\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\", \"z\"]; } ); } );\n"      \
    "payoffs = { kind = \"formula\";\n"                                                            \
    "  A = \"A.m * B.m - 0.1 * C.m + D.m\"; B = \"B.n * 3 - B.m * D.m / 7 + A.m\";\n"              \
    "  C = \"C.m * (1 + D.m) - A.m\"; D = \"D.m * B.m - C.m * D.m ^ 2\"; };\n"

static dt_game *build(const char *text, dt_scenario **scenario) {
    dt_diag *diag = dt_diag_new();
    dt_game *game = NULL;
    *scenario = accepts(text);
    CU_ASSERT_EQUAL_FATAL(dt_game_build(*scenario, diag, &game), DT_OK);
    dt_diag_free(diag);
    return game;
}

/* A's payoffs at the inner profile of an outer one, by hand: A and D are one bloc, C and B, given
 * in that order, the other; members stand in the order of the players. */
static void by_hand(const uint32_t *profile, int wide, double *payoff) {
    static const double bm[] = {0, 0, 1, 1, 2}, bn[] = {0, 1, 0, 1, 0};
    double a = profile[0] / 3, d = profile[0] % 3;
    uint32_t s = profile[1] / 2;
    double b = bm[s], n = bn[s], c = profile[1] % 2;
    double u[4] = {a * b - 0.1 * c + d, n * 3 - b * d / 7 + a, c * (1 + d) - a, d * b - c * d * d};
    payoff[0] = wide ? u[0] + 0.5 * u[3] : u[0] + u[3];
    payoff[1] = wide ? 2.0 / 3 * u[2] + 3 * u[1] : u[1] + u[2];
}

static void check_box(const dt_game *game, dt_workspace *w, int wide, const uint32_t *first,
                      const uint32_t *count) {
    dt_box box = {first, count};
    uint64_t lanes = dt_box_lanes(game, &box);
    double *value = malloc(lanes * sizeof *value), *bound = malloc(lanes * sizeof *bound);
    dt_exact payoff;
    dt_exact_init(&payoff);
    for (size_t p = 0; p < 2; p++) {
        CU_ASSERT_EQUAL_FATAL(dt_game_block(game, w, p, &box, value, bound), DT_OK);
        for (uint64_t lane = 0; lane < lanes; lane++) {
            uint32_t profile[2] = {first[0] + (uint32_t)(lane / count[1]),
                                   first[1] + (uint32_t)(lane % count[1])};
            double hand[2], radius;
            by_hand(profile, wide, hand);
            CU_ASSERT_DOUBLE_EQUAL(value[lane], hand[p], 1e-12);
            CU_ASSERT(bound[lane] < 1e-13);
            CU_ASSERT_EQUAL_FATAL(dt_game_exact(game, w, p, profile, &payoff, NULL), DT_OK);
            CU_ASSERT(dt_exact_is_rational(&payoff));
            double d = dt_exact_double(dt_game_context(game, w), &payoff, &radius);
            CU_ASSERT_DOUBLE_EQUAL(d, hand[p], 1e-13);
            CU_ASSERT(fabs(value[lane] - d) <= bound[lane] + fabs(d) * 0x1p-53);
        }
    }
    dt_exact_clear(&payoff);
    free(value);
    free(bound);
}

static void payoffs(void) {
    static const char *const blocs[] = {
        "blocs = ( [\"A\", \"D\"], [\"C\", \"B\"] );",
        "blocs = ( { name = \"West\"; members = [\"A\", \"D\"]; weights = (1, 0.5); },\n"
        "          { members = [\"C\", \"B\"]; weights = (\"2/3\", 3); } );"};
    for (int wide = 0; wide < 2; wide++) {
        char text[4096];
        snprintf(text, sizeof text, "%s%s", FOUR, blocs[wide]);
        dt_scenario *scenario;
        dt_game *game = build(text, &scenario);
        CU_ASSERT_EQUAL_FATAL(game->players, 2);
        CU_ASSERT_STRING_EQUAL(game->player[0].name, wide ? "West" : "A+D");
        CU_ASSERT_STRING_EQUAL(game->player[1].name, "C+B");
        CU_ASSERT(game->player[0].strategies == 6 && game->player[1].strategies == 10);
        CU_ASSERT_EQUAL(game->profiles, 60);
        char where[256];
        dt_profile_text(game, (uint32_t[]){5, 3}, where, sizeof where);
        CU_ASSERT_STRING_EQUAL(where, wide ? "West.A.m=y, West.D.m=z, C+B.B.m=x, C+B.B.n=v, "
                                             "C+B.C.m=y"
                                           : "A+D.A.m=y, A+D.D.m=z, C+B.B.m=x, C+B.B.n=v, "
                                             "C+B.C.m=y");
        uint32_t profile[2];
        bool named;
        CU_ASSERT_EQUAL(dt_profile_parse(game, where, NULL, profile, &named), DT_OK);
        CU_ASSERT(named && profile[0] == 5 && profile[1] == 3);
        dt_workspace *w = dt_workspace_new(game);
        CU_ASSERT_PTR_NOT_NULL_FATAL(w);
        check_box(game, w, wide, (uint32_t[]){0, 0}, (uint32_t[]){6, 10});
        check_box(game, w, wide, (uint32_t[]){4, 0}, (uint32_t[]){1, 10});
        check_box(game, w, wide, (uint32_t[]){0, 7}, (uint32_t[]){6, 1});
        check_box(game, w, wide, (uint32_t[]){1, 3}, (uint32_t[]){4, 5});
        dt_workspace_free(game, w);
        dt_game_free(game);
        dt_scenario_free(scenario);
    }
}

/* The prisoner's dilemma of two pairs who trust each other: who are one have no dilemma. */
static void solved(void) {
    dt_scenario *scenario;
    dt_game *game = build(
        "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"c\", \"d\"]; } ); },\n"
        "            { name = \"B\"; moves = ( { name = \"m\"; levels = [\"c\", \"d\"]; } ); },\n"
        "            { name = \"C\"; moves = ( { name = \"stay\"; levels = [\"no\", \"yes\"]; } ); "
        "} );\n"
        "payoffs = { kind = \"formula\"; A = \"A.m - 2 * B.m\"; B = \"B.m - 2 * A.m\"; C = "
        "\"C.stay\"; };\n"
        "blocs = ( [\"A\", \"B\"], [\"C\"] );",
        &scenario);
    lp_run run = lp_solve(&dt_concept_mixed_nash, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    const dt_mixture *m = run.result->item[0].mixture;
    CU_ASSERT(m[0].count == 1 && m[0].weight[0].strategy == 0);
    CU_ASSERT(m[1].count == 1 && m[1].weight[0].strategy == 1);
    CU_ASSERT_STRING_EQUAL(game->player[1].name, "C");
    CU_ASSERT_STRING_EQUAL(game->player[1].move[0].name, "stay");
    lp_close(&run);
    dt_game_free(game);
    dt_scenario_free(scenario);
}

static void with(const char *blocs, const char *wanted) {
    char text[4096];
    snprintf(text, sizeof text, "%s%s", FOUR, blocs);
    complains(text, wanted);
}

static void errors(void) {
    with("blocs = ( [\"A\", \"D\"], [\"B\", \"E\", \"C\"] );",
         "t.cfg:11:29: there is no player `E` for a bloc");
    complains(GAME "blocs = ( [\"Ab\"], [\"A\"] );",
              "t.cfg:2:12: there is no player `Ab` for a bloc; did you mean `A`?");
    with("blocs = ( [\"A\", \"D\"], [\"B\", \"A\", \"C\"] );",
         "t.cfg:11:29: player `A` is in a bloc already");
    with("blocs = ( [\"A\", \"D\"], [\"B\"] );",
         "t.cfg:11:1: player `C` is in no bloc: who stands alone is a bloc of one, [\"C\"]");
    with("blocs = ( [\"A\", \"B\", \"C\", \"D\"] );",
         "t.cfg:11:1: a game needs two blocs or more: a player who stands alone is a bloc of one");
    with("blocs = ( );", "t.cfg:11:1: there is no bloc in `blocs`");
    with("blocs = ( [\"A\", \"B\", \"C\", \"D\"], ( ) );", "t.cfg:11:33: a bloc needs a member");
    with("blocs = ( { members = [\"A\", \"B\"]; weights = [1]; }, [\"C\", \"D\"] );",
         "t.cfg:11:35: 1 weight for 2 members");
    with("blocs = ( { members = [\"A\", \"B\"]; weights = [1, -1]; }, [\"C\", \"D\"] );",
         "t.cfg:11:11: the weight of `B` in a bloc is below 0: -1");
    with("blocs = ( { members = [\"A\", \"B\"]; weights = [0, 0]; }, [\"C\", \"D\"] );",
         "t.cfg:11:11: a bloc needs a member whose weight is above 0");
    with("blocs = ( { members = [\"A\", \"B\"]; name = \"C\"; }, [\"C\", \"D\"] );",
         "t.cfg:11:11: `C` cannot name a bloc: it already names a player or a bloc");
    with("blocs = ( { members = [\"A\", \"B\"]; weight = [1, 1]; }, [\"C\", \"D\"] );",
         "t.cfg:11:35: unknown setting `weight` in a bloc; did you mean `weights`?");
    with("blocs = ( { name = \"x\"; }, [\"A\", \"B\", \"C\", \"D\"] );",
         "t.cfg:11:11: a bloc needs `members`");
    with("blocs = ( 3, [\"A\", \"B\", \"C\", \"D\"] );",
         "t.cfg:11:11: expected a bloc: [\"A\", \"B\"] or { members = […]; }, found a number");
    with("blocs = 3;", "t.cfg:11:9: expected a list of blocs, found a number");
}

/* 3000 × 3000 combinations are more than are numbered. */
static void too_many(void) {
    static char text[200000];
    size_t used = (size_t)sprintf(text, "players = (");
    for (int p = 0; p < 3; p++) {
        used +=
            (size_t)sprintf(text + used, "%s { name = \"%c\"; moves = ( { name = \"m\"; levels = [",
                            p ? "," : "", 'A' + p);
        for (int l = 0; l < (p < 2 ? 3000 : 2); l++)
            used += (size_t)sprintf(text + used, "%s\"l%d\"", l ? "," : "", l);
        used += (size_t)sprintf(text + used, "]; } ); }");
    }
    sprintf(text + used, ");\npayoffs = { kind = \"formula\"; A = \"0\"; B = \"0\"; C = \"0\"; };\n"
                         "blocs = ( [\"C\"], [\"A\", \"B\"] );\n");
    dt_scenario *scenario = accepts(text);
    dt_diag *diag = dt_diag_new();
    dt_game *game;
    CU_ASSERT_EQUAL(dt_game_build(scenario, diag, &game), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(game);
    CU_ASSERT_EQUAL_FATAL(dt_diag_count(diag), 1);
    same(diag, 0,
         "t.cfg:3:18: a bloc has more than 4194304 combinations of its members' strategies: use "
         "fewer levels");
    dt_diag_free(diag);
    dt_scenario_free(scenario);
}

int main(void) {
    static const dt_case cases[] = {
        {"payoffs, names and strategies", payoffs},
        {"a dilemma dissolved", solved},
        {"wrong settings", errors},
        {"too many strategies", too_many},
    };
    return DT_RUN_SUITE("blocs", cases);
}
