/* What teams can guarantee, against all rows and all columns of the game; the visit of a mixture's
 * payoffs. SPDX: GPL-3.0-or-later */
#include <math.h>

#include "equilibrium/security/answers.h"
#include "equilibrium/security/guarantee.h"
#include "formula_game.h"
#include "game/mixture.h"
#include "game/team.h"
#include "lp/lp.h"
#include "lp_games.h"

/* --- a visit --- */

typedef struct seen {
    const dt_game *game;
    const dt_mixture_play *play;
    const fmpq *weight;
    uint32_t *times; /* of each joint strategy of the others */
    double *value;
    size_t wrong;
} seen;

static dt_status see(void *shared, void *local, const dt_mixture_row *row) {
    seen *s = shared;
    (void)local;
    dt_exact sum;
    dt_exact_init(&sum);
    arb_t ball, here;
    arb_init(ball);
    arb_init(here);
#pragma omp critical(test_security)
    for (uint32_t k = 0; k < row->lanes; k++) {
        uint64_t index = row->index + k * row->stride;
        uint32_t profile[DT_MAX_PLAYERS] = {0};
        s->times[index]++;
        s->value[index] = row->value[k];
        dt_team_decode(s->game, dt_team_all(s->game) & ~s->play->team, index, profile);
        CU_ASSERT_EQUAL(
            dt_mixture_exact(s->game, row->workspace, s->play, s->weight, profile, &sum), DT_OK);
        dt_exact_enclose(dt_game_context(s->game, row->workspace), ball, &sum, 200);
        arb_set_d(here, row->value[k]);
        mag_t radius;
        mag_init(radius);
        mag_set_d(radius, row->bound[k]);
        mag_add(arb_radref(here), arb_radref(here), radius);
        mag_clear(radius);
        s->wrong +=
            !arb_overlaps(here, ball) || !(row->bound[k] <= 1e-9 * (1 + fabs(row->value[k])));
    }
    arb_clear(ball);
    arb_clear(here);
    dt_exact_clear(&sum);
    return DT_OK;
}

/* Every joint strategy of the others once, within its bound; the same doubles for any threads. */
static void check_visit(const dt_game *game, uint64_t team, uint64_t paid, bool negative,
                        size_t support, uint64_t *state) {
    size_t n = game->players;
    uint64_t others = dt_team_all(game) & ~team, count = dt_team_strategies(game, others);
    uint32_t *profile = calloc(support * n, sizeof *profile);
    double *weight = malloc(support * sizeof *weight), *before = malloc(count * sizeof *before);
    fmpq *exact = _fmpq_vec_init((slong)support);
    for (size_t k = 0; k < support; k++) {
        dt_team_decode(game, team,
                       (uint64_t)lp_draw(state, 0, 1 << 30) % dt_team_strategies(game, team),
                       profile + k * n);
        fmpq_set_si(exact + k, (slong)(2 * k + 1), (ulong)(support * support));
        weight[k] = (double)(2 * k + 1) / (double)(support * support);
    }
    dt_mixture_play play = {team, support, profile, weight, paid, negative};
    for (int threads = 1; threads <= 3; threads++) {
        seen s = {
            game, &play, exact, calloc(count, sizeof *s.times), malloc(count * sizeof *s.value), 0};
        dt_control control = {.threads = threads};
        dt_mixture_visitor visitor = {.shared = &s, .row = see};
        CU_ASSERT_EQUAL(dt_mixture_visit(game, &play, &control, "test", &visitor), DT_OK);
        for (uint64_t i = 0; i < count; i++)
            s.wrong += s.times[i] != 1;
        CU_ASSERT_EQUAL(s.wrong, 0);
        CU_ASSERT(threads == 1 || memcmp(s.value, before, count * sizeof *before) == 0);
        memcpy(before, s.value, count * sizeof *before);
        free(s.times);
        free(s.value);
    }
    volatile sig_atomic_t stop = 1;
    dt_control stopped = {.threads = 2, .stop = &stop};
    seen s = {game, &play, exact, calloc(count, sizeof *s.times), before, 0};
    dt_mixture_visitor visitor = {.shared = &s, .row = see};
    CU_ASSERT_EQUAL(dt_mixture_visit(game, &play, &stopped, "test", &visitor), DT_ERR_INTERRUPTED);
    free(s.times);
    free(profile);
    free(weight);
    free(before);
    _fmpq_vec_clear(exact, (slong)support);
}

static void visits(void) {
    uint64_t state = 4;
    static const char *const config =
        "players = ({ name = \"A\"; moves = ({ name = \"x\"; levels = [\"a\", \"b\", \"c\"]; "
        "values "
        "= (1, 2, 4); }, { name = \"y\"; levels = [\"d\", \"e\"]; values = (0, 0.3); }); },\n"
        "{ name = \"B\"; moves = ({ name = \"z\"; levels = [\"f\", \"g\", \"h\", \"i\"]; values = "
        "(1, 3, 5, 0.1); }); },\n"
        "{ name = \"C\"; moves = ({ name = \"u\"; levels = [\"j\", \"k\"]; values = (2, 7); }, { "
        "name = \"v\"; levels = [\"l\", \"m\", \"n\"]; values = (0.1, 0.2, 0.7); }); });\n"
        "payoffs = { kind = \"formula\"; A = \"(A.x + B.z)^0.7 * C.u - exp(A.y * C.v) * B.z\"; B = "
        "\"B.z / (A.x + C.v) - sqrt(C.u)\"; C = \"log(1 + A.x * C.u) - C.v * B.z\"; };\n";
    formula_game g = build_game(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    for (uint64_t team = 0; team < 8; team++)
        for (uint64_t paid = 1; paid < 8; paid++)
            check_visit(g.game, team, paid, paid & 1, team ? (size_t)lp_draw(&state, 1, 4) : 1,
                        &state);
    free_game(&g);
}

/* What is below a limit, folded so that a missing or doubled answer shows. */
typedef struct below {
    double limit;
    uint64_t count, sum, mixed, seen;
    double least;
} below;

static dt_status note_below(void *shared, void *local, const dt_mixture_row *row) {
    below *l = local;
    l->limit = ((below *)shared)->limit;
    for (uint32_t k = 0; k < row->lanes; k++) {
        uint64_t index = row->index + k * row->stride;
        l->seen++;
        if (row->value[k] - row->bound[k] >= l->limit)
            continue;
        l->count++;
        l->sum += index;
        l->mixed += (index + 1) * 0x9E3779B97F4A7C15u;
        l->least = fmin(l->least, row->value[k]);
    }
    return DT_OK;
}

static void fold_below(void *shared, void *local) {
    below *b = shared, *l = local;
    b->count += l->count;
    b->sum += l->sum;
    b->mixed += l->mixed;
    b->seen += l->seen;
    b->least = fmin(b->least, l->least);
}

static void forget_below(void *shared) {
    *(below *)shared = (below){.limit = ((below *)shared)->limit};
}

/* Boxes against a visit of all 1.95 million answers; ties where C does not matter. */
static void boxes(void) {
    static const char *const moves =
        "moves = ({ name = \"x\"; levels = [\"a\", \"b\", \"c\", \"d\", \"e\"]; values = (0, 1, 2, "
        "3.5, 5); }, { name = \"y\"; levels = [\"a\", \"b\", \"c\", \"d\", \"e\"]; values = (0.3, "
        "1, "
        "2, 3, 4); }, { name = \"z\"; levels = [\"a\", \"b\", \"c\", \"d\", \"e\"]; values = (1, "
        "2, 3, "
        "4, 7); });";
    char *config = malloc(4096);
    snprintf(
        config, 4096,
        "players = ({ name = \"A\"; moves = ({ name = \"t\"; levels = [\"a\", \"b\", \"c\"]; "
        "values = (-1, 0, 1); }); }, { name = \"B\"; %s }, { name = \"C\"; %s }, { name = "
        "\"D\"; %s });\n"
        "payoffs = { kind = \"formula\"; A = \"A.t * B.x * C.x - (B.y - 2)^2 + D.z * (C.y - D.x) "
        "+ A.t * D.y\"; B = \"B.z^0.5 * D.x - C.z * (A.t + 1)\"; C = \"0\"; D = \"0\"; };\n",
        moves, moves, moves);
    formula_game g = build_game(config);
    free(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    static const uint32_t profile[] = {0, 0, 0, 0, 2, 0, 0, 0};
    static const double weight[] = {0.25, 0.75}, share[] = {0, 1e-6, 0.01};
    int left_out = 0;
    for (uint64_t paid = 1; paid < 4; paid++)
        for (int negative = 0; negative < 2; negative++) {
            dt_mixture_play play = {1, 2, profile, weight, paid, negative};
            below all = {.limit = 1e300};
            dt_mixture_visitor visitor = {
                .size = sizeof(below), .shared = &all, .row = note_below, .close = fold_below};
            dt_control control = {.threads = 2};
            CU_ASSERT_EQUAL(dt_mixture_visit(g.game, &play, &control, "test", &visitor), DT_OK);
            CU_ASSERT_EQUAL(all.count, 1953125);
            for (size_t k = 0; k < 3; k++) {
                double limit = all.least + share[k] * fabs(all.least) + (k == 0 ? 1e-9 : 0);
                below plain = {.limit = limit}, pruned = {.limit = limit};
                visitor.shared = &plain;
                CU_ASSERT_EQUAL(dt_mixture_visit(g.game, &play, &control, "test", &visitor), DT_OK);
                visitor.shared = &pruned;
                dt_answers a = {.game = g.game,
                                .play = &play,
                                .limit = limit,
                                .control = &control,
                                .what = "test",
                                .visitor = &visitor,
                                .reset = forget_below};
                CU_ASSERT_EQUAL(dt_answers_visit(&a), DT_OK);
                CU_ASSERT(plain.count > 0 && pruned.count == plain.count);
                CU_ASSERT(pruned.sum == plain.sum && pruned.mixed == plain.mixed);
                left_out += pruned.seen < 200000;
                bool too_many = false;
                a.too_many = &too_many;
                a.most = 4;
                forget_below(&pruned);
                CU_ASSERT_EQUAL(dt_answers_visit(&a), DT_OK);
                CU_ASSERT(!too_many || (pruned.seen == 0 && plain.count > 0));
                CU_ASSERT(too_many || pruned.count == plain.count);
                CU_ASSERT(plain.count <= 4 || too_many);
            }
        }
    CU_ASSERT(left_out >= 8); /* most searches need few boxes; masses of ties need them all */
    volatile sig_atomic_t stop = 1;
    dt_control stopped = {.threads = 2, .stop = &stop};
    for (size_t p = 0; p < 4; p++) { /* the largest sum of all, too */
        dt_guarantee guarantee;
        CU_ASSERT_EQUAL(
            dt_guarantee_find(g.game, p ? UINT64_C(1) << p : 15, &stopped, NULL, &guarantee),
            DT_ERR_INTERRUPTED);
        dt_guarantee_clear(&guarantee);
    }
    free_game(&g);
}

/* --- guarantees --- */

/* Is the team sure of `value` with the guarantee's strategy, in every row? In rationals. */
static bool secured(const dt_game *game, uint64_t team, const dt_guarantee *g, const fmpq_t value) {
    uint64_t others = dt_team_all(game) & ~team, rows = dt_team_strategies(game, others);
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    dt_workspace *w = dt_workspace_new(game);
    dt_exact payoff;
    dt_exact_init(&payoff);
    fmpq_t sum, total;
    fmpq_init(sum);
    fmpq_init(total);
    for (size_t k = 0; k < g->support; k++)
        fmpq_add(total, total, g->weight + k);
    bool sure = fmpq_is_one(total);
    for (uint64_t r = 0; r < rows && sure; r++) {
        dt_team_decode(game, others, r, profile);
        fmpq_zero(sum);
        for (size_t k = 0; k < g->support; k++) {
            dt_team_decode(game, team, g->strategy[k], profile);
            for (size_t p = 0; p < game->players; p++)
                if (dt_team_has(team, p)) {
                    sure = sure && dt_game_exact(game, w, p, profile, &payoff, NULL) == DT_OK;
                    fmpq_addmul(sum, payoff.rational, g->weight + k);
                }
            sure = sure && fmpq_sgn(g->weight + k) > 0;
        }
        sure = sure && fmpq_cmp(sum, value) >= 0;
    }
    fmpq_clear(sum);
    fmpq_clear(total);
    dt_exact_clear(&payoff);
    dt_workspace_free(game, w);
    return sure;
}

/* A game in which the others, all together, get what the team loses: so what they are sure of is
 * what the team is held to, and both being sure of as much proves both values (weak duality). */
static void check_guarantee(size_t players, const uint32_t *size, uint64_t team, long least,
                            long most, long divisor, uint64_t *state) {
    size_t profiles = 1, scapegoat = 0;
    for (size_t i = 0; i < players; i++)
        profiles *= size[i];
    while (team >> scapegoat & 1)
        scapegoat++;
    long *payoff = calloc(profiles * players, sizeof *payoff);
    for (size_t k = 0; k < profiles; k++)
        for (size_t i = 0; i < players; i++)
            if (team >> i & 1) {
                payoff[k * players + i] = lp_draw(state, least, most);
                payoff[k * players + scapegoat] -= payoff[k * players + i];
            }
    dt_game *game = lp_table(players, size, payoff, divisor);
    dt_control control = {.threads = 2};
    dt_guarantee mine, theirs;
    fmpq_t sum;
    fmpq_init(sum);
    uint64_t others = dt_team_all(game) & ~team;
    CU_ASSERT_EQUAL_FATAL(dt_guarantee_find(game, team, &control, NULL, &mine), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_guarantee_find(game, others, &control, NULL, &theirs), DT_OK);
    CU_ASSERT(mine.exact && theirs.exact);
    CU_ASSERT(secured(game, team, &mine, mine.value));
    CU_ASSERT(secured(game, others, &theirs, theirs.value));
    fmpq_add(sum, mine.value, theirs.value);
    CU_ASSERT(fmpq_is_zero(sum));
    control.threads = 1; /* the same strategy for any threads */
    dt_guarantee again;
    CU_ASSERT_EQUAL_FATAL(dt_guarantee_find(game, team, &control, NULL, &again), DT_OK);
    CU_ASSERT_EQUAL_FATAL(again.support, mine.support);
    for (size_t k = 0; k < mine.support; k++)
        CU_ASSERT(again.strategy[k] == mine.strategy[k] &&
                  fmpq_equal(again.weight + k, mine.weight + k));
    dt_guarantee_clear(&again);
    dt_guarantee_clear(&mine);
    dt_guarantee_clear(&theirs);
    fmpq_clear(sum);
    dt_game_free(game);
    free(payoff);
}

static void small_games(void) {
    uint64_t state = 11;
    for (int round = 0; round < 150; round++) {
        size_t n = (size_t)lp_draw(&state, 2, 4);
        uint32_t size[4];
        for (size_t i = 0; i < n; i++)
            size[i] = (uint32_t)lp_draw(&state, 1, n == 2 ? 9 : 4);
        uint64_t team = (uint64_t)lp_draw(&state, 1, (1 << n) - 2);
        long most = round % 3 == 0 ? 1 : round % 3 == 1 ? 50 : 1000000000000000;
        check_guarantee(n, size, team, -most, most, lp_draw(&state, 1, 9), &state);
    }
}

/* Sides of more joint strategies than the linear program starts with. */
static void generated(void) {
    static const struct {
        size_t players;
        uint32_t size[4];
        uint64_t team;
    } shape[] = {{4, {6, 7, 7, 6}, 1},   {4, {17, 17, 17, 17}, 3}, {4, {17, 17, 17, 17}, 10},
                 {4, {3, 20, 15, 6}, 7}, {2, {300, 40}, 1},        {2, {40, 300}, 1},
                 {2, {270, 270}, 1},     {3, {1, 900, 2}, 2},      {3, {1, 30, 30}, 1},
                 {3, {33, 33, 1}, 3},    {4, {1, 1, 600, 1}, 5}};
    uint64_t state = 12;
    for (size_t k = 0; k < sizeof shape / sizeof *shape; k++) {
        bool square = shape[k].size[0] == 270; /* a support of a hundred: small numbers only */
        check_guarantee(shape[k].players, shape[k].size, shape[k].team, 0, 1, 1, &state);
        if (!square)
            check_guarantee(shape[k].players, shape[k].size, shape[k].team, -9, 100, 7, &state);
    }
    uint32_t size[] = {20, 20, 20};
    check_guarantee(3, size, 1, 7, 7, 3, &state); /* nothing but ties */
    check_guarantee(3, size, 6, 7, 7, 3, &state);
    check_guarantee(3, size, 1, -1000000000000000, 1000000000000000, 1, &state);
    check_guarantee(3, size, 5, 999999999999990, 1000000000000000, 1, &state);
}

/* The payoffs that the first linear program sees are 0 and 1; the others go to 10^12, so it is
 * built anew in other units. */
static void larger_than_seen(void) {
    enum { K = 300 };
    long *payoff = calloc(2 * K * K, sizeof *payoff);
    uint64_t state = 5;
    for (size_t k = 0; k < K * K; k++) {
        long size = k / K < 2 || k % K < 2 ? 1 : 1000000000000;
        payoff[2 * k] = lp_draw(&state, 0, size);
        payoff[2 * k + 1] = -payoff[2 * k];
    }
    for (size_t r = 0; r < K; r++) { /* keeps the supports small */
        payoff[2 * (50 * K + r)] = r == 60 ? 3000000000 : 1000000000000;
        payoff[2 * (50 * K + r) + 1] = -payoff[2 * (50 * K + r)];
        payoff[2 * (r * K + 60)] = r == 50 ? 3000000000 : 7;
        payoff[2 * (r * K + 60) + 1] = -payoff[2 * (r * K + 60)];
    }
    dt_game *game = lp_table(2, (uint32_t[]){K, K}, payoff, 1);
    dt_guarantee g;
    fmpq_t want;
    fmpq_init(want);
    fmpq_set_si(want, 3000000000, 1);
    CU_ASSERT_EQUAL_FATAL(dt_guarantee_find(game, 1, NULL, NULL, &g), DT_OK);
    CU_ASSERT(g.exact && fmpq_equal(g.value, want));
    CU_ASSERT(g.support == 1 && g.strategy[0] == 50);
    dt_guarantee_clear(&g);
    fmpq_clear(want);
    dt_game_free(game);
    free(payoff);
}

/* All players together: the largest sum of payoffs, wherever it is. */
static void everybody(void) {
    uint64_t state = 6;
    for (int round = 0; round < 20; round++) {
        uint32_t size[] = {(uint32_t)lp_draw(&state, 1, 20), (uint32_t)lp_draw(&state, 1, 20),
                           (uint32_t)lp_draw(&state, 1, 20)};
        size_t profiles = size[0] * size[1] * size[2];
        long *payoff = malloc(3 * profiles * sizeof *payoff), most = -1000;
        for (size_t k = 0; k < profiles; k++) {
            for (size_t i = 0; i < 3; i++)
                payoff[3 * k + i] = lp_draw(&state, -99, round % 2 ? 99 : -97);
            long sum = payoff[3 * k] + payoff[3 * k + 1] + payoff[3 * k + 2];
            most = sum > most ? sum : most;
        }
        dt_game *game = lp_table(3, size, payoff, 1);
        dt_guarantee g;
        CU_ASSERT_EQUAL_FATAL(dt_guarantee_find(game, 7, NULL, NULL, &g), DT_OK);
        CU_ASSERT(g.exact && fmpz_is_one(fmpq_denref(g.value)) &&
                  fmpz_equal_si(fmpq_numref(g.value), most));
        CU_ASSERT(secured(game, 7, &g, g.value));
        dt_guarantee_clear(&g);
        dt_game_free(game);
        free(payoff);
    }
}

static void stops(void) {
    uint32_t size[] = {20, 20, 20};
    long *payoff = calloc(3 * 8000, sizeof *payoff);
    dt_game *game = lp_table(3, size, payoff, 1);
    volatile sig_atomic_t stop = 1;
    dt_control control = {.threads = 2, .stop = &stop};
    dt_guarantee g;
    CU_ASSERT_EQUAL(dt_guarantee_find(game, 3, &control, NULL, &g), DT_ERR_INTERRUPTED);
    dt_guarantee_clear(&g);
    dt_game_free(game);
    free(payoff);
}

static void teams(void) {
    static const long payoff[3 * 24] = {0};
    dt_game *game = lp_table(3, (uint32_t[]){2, 3, 4}, payoff, 1);
    char name[9];
    CU_ASSERT_STRING_EQUAL(dt_team_name(game, 3, name, sizeof name), "P1+…");
    CU_ASSERT_STRING_EQUAL(dt_team_name(game, 4, name, sizeof name), "P3");
    CU_ASSERT_STRING_EQUAL(dt_team_name(game, 0, name, sizeof name), "");
    CU_ASSERT(dt_team_all(game) == 7 && dt_team_strategies(game, 0) == 1);
    CU_ASSERT(dt_team_strategies(game, 5) == 8 && dt_team_stride(game, 5, 0) == 4);
    CU_ASSERT(dt_team_largest(game, 3) == 1 && dt_team_largest(game, 0) == 3);
    for (uint64_t team = 0; team < 8; team++)
        for (uint64_t k = 0; k < dt_team_strategies(game, team); k++) {
            uint32_t profile[3] = {9, 9, 9};
            dt_team_decode(game, team, k, profile);
            CU_ASSERT_EQUAL(dt_team_encode(game, team, profile), k);
            for (size_t i = 0; i < 3; i++)
                CU_ASSERT_EQUAL(profile[i] == 9, !dt_team_has(team, i));
        }
    dt_game_free(game);
}

int main(void) {
    static const dt_case cases[] = {
        {"teams", teams},
        {"mixtures against all others' profiles", visits},
        {"boxes against all answers", boxes},
        {"small games, by duality", small_games},
        {"rows and columns generated, by duality", generated},
        {"payoffs larger than those seen first", larger_than_seen},
        {"all players together", everybody},
        {"Ctrl-C", stops},
    };
    int status = DT_RUN_SUITE("security", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
