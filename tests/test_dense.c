/* Tables of doubles: making them, what is refused, and the dense search against exhaustion. */
#include <float.h>
#include <string.h>
#include <sys/resource.h>

#include "brute.h"
#include "equilibrium/pure/dense.h"
#include "pure_checks.h"

enum { MOST = 1 << 22 };

/* --- tables --- */

typedef struct shape {
    size_t players;
    uint32_t strategies[DT_MAX_PLAYERS];
} shape;

static uint64_t profiles_of(const shape *s) {
    uint64_t profiles = 1;
    for (size_t i = 0; i < s->players; i++)
        profiles *= s->strategies[i];
    return profiles;
}

enum {
    UNIFORM,
    BINARY,
    EQUAL,
    FEW_ULP, /* 1 and the next doubles */
    ZEROS,   /* 0 and -0 */
    SUBNORMAL,
    HUGE_DOUBLES, /* up to the largest */
    WIDE,         /* all magnitudes, both signs */
    CLUSTERED,    /* a quarter of the profiles full of ties, few elsewhere */
    KINDS
};

static double draw_double(brute_random *r, int kind, uint64_t profile) {
    switch (kind) {
    case UNIFORM: return (double)brute_draw(r, 0, 1L << 50) * 0x1p-50;
    case BINARY: return (double)brute_draw(r, 0, 1);
    case EQUAL: return -0.1;
    case FEW_ULP: return 1 + (double)brute_draw(r, 0, 3) * DBL_EPSILON;
    case ZEROS: return brute_draw(r, 0, 1) ? 0.0 : -0.0;
    case SUBNORMAL: return (double)brute_draw(r, -3, 3) * 0x1p-1074;
    case HUGE_DOUBLES: return brute_draw(r, 0, 2) ? DBL_MAX : -DBL_MAX / 3;
    case WIDE: return ldexp((double)brute_draw(r, -9, 9), (int)brute_draw(r, -1074, 1019));
    default: return profile & 192 ? (double)brute_draw(r, 0, 1L << 30) : 1e12;
    }
}

static dt_payoff_table *table_new(const shape *s) {
    dt_diag *diag = dt_diag_new();
    dt_payoff_table *table;
    CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(s->players, s->strategies, diag, &table), DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 0);
    dt_diag_free(diag);
    return table;
}

static dt_payoff_table *table_of(const shape *s, int kind, brute_random *r) {
    dt_payoff_table *table = table_new(s);
    uint64_t profiles = profiles_of(s);
    for (size_t i = 0; i < s->players; i++)
        for (uint64_t k = 0; k < profiles; k++)
            dt_payoff_table_of(table, i)[k] = draw_double(r, kind, k);
    return table;
}

static dt_game *game_from(dt_payoff_table *table) {
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &game), DT_OK);
    return game;
}

static const char *message(const dt_diag *diag) {
    CU_ASSERT_EQUAL_FATAL(dt_diag_count(diag), 1);
    return dt_diag_get(diag, 0)->message;
}

/* --- the dense search, without slack: exactly the equilibria of the doubles --- */

/* Does a strategy of the player reach more? By his payoffs in profile order alone. */
static bool gains(const double *value, uint64_t profile, uint64_t stride, uint32_t rows) {
    uint64_t first = profile - profile / stride % rows * stride;
    for (uint32_t s = 0; s < rows; s++)
        if (value[first + s * stride] > value[profile])
            return true;
    return false;
}

static bool is_equilibrium(const shape *s, dt_payoff_table *table, uint64_t profile) {
    uint64_t stride = 1;
    for (size_t i = s->players; i-- > 0; stride *= s->strategies[i])
        if (gains(dt_payoff_table_of(table, i), profile, stride, s->strategies[i]))
            return false;
    return true;
}

static void check_candidates(const shape *s, dt_payoff_table *table, const dt_game *game) {
    bool *is = malloc(game->profiles * sizeof *is);
    uint64_t count = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(is);
    for (uint64_t k = 0; k < game->profiles; k++)
        count += is[k] = is_equilibrium(s, table, k);
    for (int threads = 1; threads <= 4; threads *= 2) {
        dt_candidates c;
        dt_control control = {.threads = threads};
        CU_ASSERT_EQUAL_FATAL(dt_dense_equilibria(game, 0, MOST, &control, &c), DT_OK);
        CU_ASSERT_EQUAL(c.count, count);
        CU_ASSERT_FALSE(c.cut);
        bool good = true; /* one assertion: there are millions of profiles */
        for (size_t k = 0; k < c.count && good; k++)
            good = is[c.profile[k]] && (k == 0 || c.profile[k - 1] < c.profile[k]);
        CU_ASSERT(good);
        dt_candidates_clear(&c);
    }
    free(is);
}

static void check_shape(const shape *s, uint64_t seed) {
    for (int kind = 0; kind < KINDS; kind++) {
        brute_random r = {seed + (uint64_t)kind};
        dt_payoff_table *table = table_of(s, kind, &r);
        dt_game *game = game_from(table);
        CU_ASSERT(dt_dense_applies(game));
        check_candidates(s, table, game);
        dt_game_free(game);
    }
}

/* Around the sizes of words, tiles and lines; players without a choice at every place. */
static void named_shapes(void) {
    static const shape shapes[] = {
        {1, {1}},
        {1, {2}},
        {1, {63}},
        {1, {64}},
        {1, {65}},
        {1, {130}},
        {1, {5000}},
        {2, {1, 1}},
        {2, {3, 1}},
        {2, {1, 3}},
        {2, {130, 130}},
        {2, {2, 129}},
        {2, {129, 2}},
        {2, {97, 3}},
        {2, {3, 97}},
        {2, {64, 64}},
        {2, {5, 63}},
        {2, {5, 65}},
        {2, {65, 5}},
        {2, {2000, 3}},
        {2, {3, 2000}},
        {3, {1, 1, 1}},
        {3, {1, 130, 1}},
        {3, {7, 1, 66}},
        {3, {66, 7, 1}},
        {3, {20, 64, 7}},
        {3, {13, 14, 15}},
        {3, {2, 128, 2}},
        {4, {7, 1, 66, 1}},
        {4, {9, 9, 9, 9}},
        {4, {8, 8, 8, 8}},
        {4, {3, 17, 5, 11}},
        {4, {11, 5, 17, 3}},
        {4, {16, 16, 16, 16}},
        {5, {5, 4, 3, 4, 5}},
        {5, {1, 2, 1, 2, 1}},
        {6, {2, 2, 2, 2, 2, 2}},
        {6, {3, 2, 4, 5, 3, 2}},
        {12, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
    };
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
        check_shape(&shapes[k], 100 * k);
}

static void random_shapes(void) {
    brute_random r = {77};
    for (uint64_t k = 0; k < 120; k++) {
        shape s = {.players = (size_t)brute_draw(&r, 1, 6)};
        uint64_t left = 6000; /* profiles at most */
        for (size_t i = 0; i < s.players; i++) {
            s.strategies[i] = (uint32_t)brute_draw(&r, 1, left < 130 ? (long)left : 130);
            left /= s.strategies[i];
        }
        for (size_t i = 0; i < s.players; i++) { /* the large ones at any place */
            size_t j = (size_t)brute_draw(&r, 0, (long)s.players - 1);
            uint32_t t = s.strategies[i];
            s.strategies[i] = s.strategies[j];
            s.strategies[j] = t;
        }
        check_shape(&s, 7000 + k);
    }
}

/* As many players as there may be: some with two strategies among many with one. */
static void most_players(void) {
    shape s = {.players = DT_MAX_PLAYERS};
    for (size_t i = 0; i < s.players; i++)
        s.strategies[i] = i % 7 == 3 ? 2 : 1;
    check_shape(&s, 1);
}

/* Several chunks of work for the threads. */
static void large_shapes(void) {
    check_shape(&(shape){3, {70, 71, 72}}, 11);
    check_shape(&(shape){4, {27, 27, 27, 27}}, 12);
    check_shape(&(shape){2, {700, 701}}, 13);
}

/* --- slack --- */

static brute exact_copy(const shape *s, dt_payoff_table *table) {
    brute b = brute_new(s->players, s->strategies);
    for (uint64_t k = 0; k < b.profiles; k++)
        for (size_t i = 0; i < b.players; i++)
            brute_from_double(brute_payoff(&b, k, i), dt_payoff_table_of(table, i)[k]);
    return b;
}

/* Every profile that is an equilibrium of that slack must be a candidate; one that is none of a
 * little more slack, and of some ulp of the payoffs at hand, must not. */
static void check_slack(const brute *b, const dt_game *game, double slack, double scale) {
    fmpq_t exact, more;
    fmpq_init(exact);
    fmpq_init(more);
    brute_from_double(exact, slack);
    brute_from_double(more, slack + (scale + slack) * 0x1p-46 + 0x1p-1060);
    dt_candidates c;
    CU_ASSERT_EQUAL_FATAL(dt_dense_equilibria(game, slack, MOST, NULL, &c), DT_OK);
    size_t at = 0;
    for (uint64_t k = 0; k < b->profiles; k++) {
        bool listed = at < c.count && c.profile[at] == k;
        at += listed;
        CU_ASSERT(listed ? brute_is_equilibrium(b, k, more) : !brute_is_equilibrium(b, k, exact));
    }
    CU_ASSERT_EQUAL(at, c.count);
    dt_candidates_clear(&c);
    fmpq_clear(exact);
    fmpq_clear(more);
}

static void slacks(void) {
    static const shape shapes[] = {{2, {20, 21}}, {3, {9, 8, 7}}, {4, {4, 4, 4, 4}}, {2, {3, 70}}};
    static const double slack[KINDS][3] = {
        [UNIFORM] = {0.01, 0.25, 0x1p-50},    [BINARY] = {1, 0.9999999999999999, 1e-300},
        [EQUAL] = {0.1, 1e300, 0x1p-1074},    [FEW_ULP] = {DBL_EPSILON, 2 * DBL_EPSILON, 0x1p-1074},
        [ZEROS] = {0x1p-1074, 1, 1e308},      [SUBNORMAL] = {0x1p-1074, 0x1p-1073, 1e-320},
        [HUGE_DOUBLES] = {1e300, DBL_MAX, 1}, [WIDE] = {0x1p-1074, 1, 1e300},
        [CLUSTERED] = {1, 1e9, 1e12},
    };
    static const double scale[KINDS] = {
        [UNIFORM] = 1,          [BINARY] = 1,   [EQUAL] = 1,       [FEW_ULP] = 2,
        [HUGE_DOUBLES] = 1e300, [WIDE] = 1e300, [CLUSTERED] = 1e12};
    for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++)
        for (int kind = 0; kind < KINDS; kind++) {
            brute_random r = {n};
            dt_payoff_table *table = table_of(&shapes[n], kind, &r);
            dt_game *game = game_from(table);
            brute b = exact_copy(&shapes[n], table);
            for (int k = 0; k < 3; k++)
                if (slack[kind][k] < DBL_MAX / 2) /* or "a little more" is beyond the doubles */
                    check_slack(&b, game, slack[kind][k], kind == WIDE ? 1e308 : scale[kind]);
            dt_candidates c; /* with slack beyond all differences everything is listed */
            CU_ASSERT_EQUAL_FATAL(dt_dense_equilibria(game, INFINITY, MOST, NULL, &c), DT_OK);
            CU_ASSERT_EQUAL(c.count, game->profiles);
            dt_candidates_clear(&c);
            CU_ASSERT_EQUAL_FATAL(dt_dense_equilibria(game, DBL_MAX, MOST, NULL, &c), DT_OK);
            CU_ASSERT(kind == HUGE_DOUBLES || c.count == game->profiles);
            dt_candidates_clear(&c);
            dt_game_free(game);
            brute_free(&b);
        }
}

/* --- through the concepts: certified, exact payoffs --- */

static void concepts(void) {
    static const shape shapes[] = {{1, {40}}, {2, {12, 13}}, {3, {6, 5, 7}}, {4, {3, 4, 3, 4}}};
    for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++)
        for (int kind = 0; kind < KINDS; kind++) {
            brute_random r = {n + 50};
            dt_payoff_table *table = table_of(&shapes[n], kind, &r);
            dt_game *game = game_from(table);
            brute b = exact_copy(&shapes[n], table);
            check_pure(&b, game, 1);
            check_pure(&b, game, 2);
            check_epsilon(&b, game, 2, "1/3");
            check_epsilon(&b, game, 1, "1/4503599627370496");
            dt_game_free(game);
            brute_free(&b);
        }
}

/* Rationals that are not doubles, some of which share one. */
static void shared_doubles(void) {
    static const char *const near[] = {"1/3", "3333333333333333/10000000000000000",
                                       "33333333333333331/100000000000000000", "1/2"};
    uint32_t strategies[3] = {17, 16,
                              18}; /* more than the elimination of other games leaves alone */
    brute_random r = {3};
    brute b = brute_new(3, strategies);
    for (uint64_t k = 0; k < b.profiles * 3; k++) {
        fmpq_set_str(&b.payoff[k], near[brute_draw(&r, 0, k % 5 ? 2 : 3)], 10);
        fmpq_canonicalise(&b.payoff[k]);
    }
    dt_game *game = game_of(&b);
    bool exact = true;
    CU_ASSERT_PTR_NOT_NULL(dt_game_view(game, 0, &exact));
    CU_ASSERT_FALSE(exact);
    for (int threads = 1; threads <= 4; threads *= 2) {
        check_pure(&b, game, threads);
        check_epsilon(&b, game, threads, "1/30000000000000000");
        check_epsilon(&b, game, threads, "1/100000000000000000");
    }
    dt_game_free(game);
    brute_free(&b);
}

/* Tenths are rounded to doubles: 8.3 - 0.2 is 8.1, but in doubles it is more. */
static void rounded_slack(void) {
    static const char *const slack[] = {"1/10", "1/5", "3/10", "2/5"};
    uint32_t strategies[3] = {9, 10, 11};
    brute_random r = {6};
    for (int n = 0; n < 4; n++) {
        brute b = brute_new(3, strategies);
        for (uint64_t k = 0; k < b.profiles * 3; k++) {
            fmpq_set_si(&b.payoff[k], brute_draw(&r, 78, 84), 10);
            fmpq_canonicalise(&b.payoff[k]);
        }
        dt_game *game = game_of(&b);
        check_epsilon(&b, game, 1 + n % 2, slack[n]);
        dt_game_free(game);
        brute_free(&b);
    }
}

/* A rational beyond the doubles: no view, and an error that names it. */
static void beyond_doubles(void) {
    uint32_t strategies[2] = {2, 2};
    brute b = brute_new(2, strategies);
    fmpz_ui_pow_ui(fmpq_numref(brute_payoff(&b, 2, 1)), 10, 400);
    dt_game *game = game_of(&b);
    CU_ASSERT_FALSE(dt_dense_applies(game));
    pure_run run = run_concept(game, "pure-nash", NULL, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_diag_errors(run.diag), 1);
    CU_ASSERT_EQUAL(dt_game_verify(game, NULL, run.diag), DT_ERR_INPUT);
    CU_ASSERT_STRING_EQUAL(message(run.diag),
                           "the payoff of `P2` does not exist: a number beyond the range of a "
                           "double, at P1.strategy=s2, P2.strategy=s1");
    close_run(&run);
    dt_game_free(game);
    brute_free(&b);
}

static void cut(void) {
    brute_random r = {1};
    shape s = {2, {30, 41}};
    dt_game *game = game_from(table_of(&s, EQUAL, &r));
    static const size_t most[] = {0, 1, 10, 64, 1229, 1230, 1231};
    for (size_t n = 0; n < sizeof most / sizeof *most; n++) {
        dt_candidates c;
        CU_ASSERT_EQUAL_FATAL(dt_dense_equilibria(game, 0, most[n], NULL, &c), DT_OK);
        CU_ASSERT_EQUAL(c.count, most[n] < 1230 ? most[n] : 1230);
        CU_ASSERT_EQUAL(c.cut, most[n] < 1230);
        for (size_t k = 0; k < c.count; k++)
            CU_ASSERT_EQUAL(c.profile[k], k);
        dt_candidates_clear(&c);
    }
    dt_game_free(game);
}

/* --- what is no payoff --- */

static void expect_refused(dt_payoff_table *table, int threads, const char *expected) {
    dt_diag *diag = dt_diag_new();
    dt_game *game;
    dt_control control = {.threads = threads};
    CU_ASSERT_EQUAL(dt_game_from_doubles(table, &control, diag, &game), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(game);
    CU_ASSERT_STRING_EQUAL(message(diag), expected);
    dt_diag_free(diag);
}

/* Every place of tables of many sizes, so every lane and tail. */
static void not_finite(void) {
    static const double bad[] = {NAN, -NAN, INFINITY, -INFINITY};
    brute_random r = {8};
    for (uint32_t k = 1; k <= 70; k++) {
        shape s = {2, {k, 3}};
        dt_payoff_table *table = table_of(&s, WIDE, &r);
        for (uint64_t at = 0; at < 3 * (uint64_t)k; at++) {
            size_t player = at % 2, n = at / 2 % 4;
            double *value = &dt_payoff_table_of(table, player)[at], good = *value;
            char expected[256], first[64] = "";
            if (k > 1)
                snprintf(first, sizeof first, "P1.strategy=s%u, ", (unsigned)(at / 3 + 1));
            snprintf(expected, sizeof expected, "the payoff of `P%zu` is %s, at %sP2.strategy=s%u",
                     player + 1, n < 2 ? "NaN" : "infinite", first, (unsigned)(at % 3 + 1));
            *value = bad[n];
            expect_refused(table, 1, expected);
            *value = good;
        }
        dt_game_free(game_from(table)); /* mended, it is accepted */
    }
    shape one = {1, {1}};
    dt_payoff_table *table = table_new(&one);
    *dt_payoff_table_of(table, 0) = NAN;
    expect_refused(table, 2, "the payoff of `P1` is NaN, at the only profile");
    dt_payoff_table_free(table);
    dt_payoff_table_free(NULL);
}

/* The first in profile order is named, not the first that a thread meets. */
static void first_not_finite(void) {
    brute_random r = {9};
    shape s = {3, {70, 70, 70}};
    dt_payoff_table *table = table_of(&s, UNIFORM, &r);
    static const struct {
        size_t player;
        uint64_t at;
        double value;
        const char *expected;
    } steps[] = {
        {0, 342999, NAN,
         "the payoff of `P1` is NaN, at P1.strategy=s70, P2.strategy=s70, P3.strategy=s70"},
        {2, 342999, INFINITY,
         "the payoff of `P1` is NaN, at P1.strategy=s70, P2.strategy=s70, P3.strategy=s70"},
        {2, 300000, INFINITY,
         "the payoff of `P3` is infinite, at P1.strategy=s62, P2.strategy=s16, P3.strategy=s51"},
        {1, 300000, NAN,
         "the payoff of `P2` is NaN, at P1.strategy=s62, P2.strategy=s16, P3.strategy=s51"},
        {0, 300001, NAN,
         "the payoff of `P2` is NaN, at P1.strategy=s62, P2.strategy=s16, P3.strategy=s51"},
        {1, 131071, -INFINITY,
         "the payoff of `P2` is infinite, at P1.strategy=s27, P2.strategy=s53, P3.strategy=s32"},
        {0, 0, NAN, "the payoff of `P1` is NaN, at P1.strategy=s1, P2.strategy=s1, P3.strategy=s1"},
    };
    for (size_t n = 0; n < sizeof steps / sizeof *steps; n++) {
        dt_payoff_table_of(table, steps[n].player)[steps[n].at] = steps[n].value;
        for (int threads = 1; threads <= 4; threads *= 2)
            for (int again = 0; again < 5; again++)
                expect_refused(table, threads, steps[n].expected);
    }
    dt_payoff_table_free(table);
}

/* --- what is too large --- */

static void expect_too_large(size_t players, const uint32_t *strategies, const char *expected) {
    dt_diag *diag = dt_diag_new();
    dt_payoff_table *table;
    CU_ASSERT_EQUAL(dt_payoff_table_new(players, strategies, diag, &table), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(table);
    CU_ASSERT_NSTRING_EQUAL(message(diag), expected, strlen(expected));
    const char *advice = ": give the payoffs as formulas, which need no table";
    const char *end = message(diag) + strlen(message(diag)) - strlen(advice);
    CU_ASSERT_STRING_EQUAL(end, advice);
    dt_diag_free(diag);
}

static void too_large(void) {
    uint32_t strategies[DT_MAX_PLAYERS];
    for (size_t i = 0; i < DT_MAX_PLAYERS; i++)
        strategies[i] = 65535;
    expect_too_large(
        3, strategies,
        "a table of 281462092005375 profiles of 3 players takes 6.76 PB, and there are ");
    expect_too_large(DT_MAX_PLAYERS, strategies, "a table of 2^63 profiles or more: ");
    for (size_t i = 0; i < DT_MAX_PLAYERS; i++)
        strategies[i] = 2;
    expect_too_large(63, strategies, "a table of 2^63 profiles or more: ");
    expect_too_large(64, strategies, "a table of 2^63 profiles or more: ");
    /* the number of profiles fits into 64 bits, the number of bytes does not */
    expect_too_large(62, strategies,
                     "a table of 4611686018427387904 profiles of 62 players takes 2.29 ZB, and ");
    expect_too_large(61, strategies,
                     "a table of 2305843009213693952 profiles of 61 players takes 1.13 ZB, and ");
    fmpq payoff;
    dt_game *game;
    fmpq_init(&payoff);
    CU_ASSERT_EQUAL(dt_game_from_table(62, strategies, &payoff, &game), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_game_from_table(64, strategies, &payoff, &game), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(game);
    fmpq_clear(&payoff);
}

static void wrong_calls(void) {
    uint32_t strategies[DT_MAX_PLAYERS + 1] = {3, 0, 65536};
    dt_payoff_table *table;
    CU_ASSERT_EQUAL(dt_payoff_table_new(0, strategies, NULL, &table), DT_ERR_USAGE);
    CU_ASSERT_EQUAL(dt_payoff_table_new(2, strategies, NULL, &table), DT_ERR_USAGE);
    CU_ASSERT_EQUAL(dt_payoff_table_new(1, strategies + 2, NULL, &table), DT_ERR_USAGE);
    for (size_t i = 0; i <= DT_MAX_PLAYERS; i++)
        strategies[i] = 1;
    CU_ASSERT_EQUAL(dt_payoff_table_new(DT_MAX_PLAYERS + 1, strategies, NULL, &table),
                    DT_ERR_USAGE);
    CU_ASSERT_PTR_NULL(table);
}

/* A config's table is refused for its size before its numbers are counted. */
static void too_large_config(void) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    write_players(out, 6, (const uint32_t[]){900, 900, 900, 900, 900, 900});
    fputs("payoffs = { kind = \"table\"; values = (1, 2); };\n", out);
    fclose(out);
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario = NULL;
    dt_game *game = NULL;
    dt_status status = dt_config_read_text("t.cfg", text, length, NULL, diag, &scenario);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    CU_ASSERT_EQUAL(dt_game_build(scenario, diag, &game), DT_ERR_INPUT);
    static const char expected[] =
        "a table of 531441000000000000 profiles of 6 players takes 76.5 EB, and there are ";
    CU_ASSERT_NSTRING_EQUAL(message(diag), expected, sizeof expected - 1);
    dt_game_free(game);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
    free(text);
}

/* What a process may have is less than what the machine has. */
static void limited_space(void) {
#ifndef __SANITIZE_ADDRESS__ /* which has all address space to itself */
    struct rlimit before, less;
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_AS, &before), 0);
    less = before;
    less.rlim_cur = 512000000;
    CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_AS, &less), 0);
    uint32_t strategies[2] = {6000, 6000};
    expect_too_large(
        2, strategies,
        "a table of 36000000 profiles of 2 players takes 576 MB, and there are 512 MB");
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_AS, &before), 0);
#endif
}

/* --- watching and stopping --- */

typedef struct watch {
    volatile sig_atomic_t stop;
    uint64_t calls, last, total;
    uint64_t stop_after; /* calls; 0: never */
    const char *what;
} watch;

static void on_progress(void *user, const char *what, uint64_t done, uint64_t total) {
    watch *w = user;
    CU_ASSERT(done >= w->last);
    CU_ASSERT(done <= total);
    w->last = done;
    w->total = total;
    w->what = what;
    if (++w->calls == w->stop_after)
        w->stop = 1;
}

static void watched(void) {
    brute_random r = {4};
    shape s = {3, {70, 70, 70}};
    dt_payoff_table *table = table_of(&s, UNIFORM, &r);
    dt_game *game;
    dt_candidates c;
    watch w = {.stop = 1};
    dt_control control = {.threads = 2, .stop = &w.stop, .progress = on_progress, .user = &w};
    CU_ASSERT_EQUAL(dt_game_from_doubles(table, &control, NULL, &game), DT_ERR_INTERRUPTED);
    CU_ASSERT_PTR_NULL(game);
    game = game_from(table);
    CU_ASSERT_EQUAL(dt_dense_equilibria(game, 0, MOST, &control, &c), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(c.count, 0);
    pure_run run = run_concept(game, "pure-nash", NULL, &control);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INTERRUPTED);
    close_run(&run);
    CU_ASSERT_EQUAL(w.last, 0);
    control.threads = 1;
    w = (watch){.stop_after = 2};
    CU_ASSERT_EQUAL(dt_dense_equilibria(game, 0, MOST, &control, &c), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(w.calls, 2);
    w = (watch){0};
    CU_ASSERT_EQUAL(dt_dense_equilibria(game, 0, MOST, &control, &c), DT_OK);
    CU_ASSERT(w.calls > 3);
    CU_ASSERT_EQUAL(w.last, 343000);
    CU_ASSERT_EQUAL(w.total, 343000);
    CU_ASSERT_STRING_EQUAL(w.what, "profiles searched");
    dt_candidates_clear(&c);
    dt_game_free(game);
}

static const dt_case cases[] = {
    {"shapes around words, tiles and lines", named_shapes},
    {"random shapes", random_shapes},
    {"64 players", most_players},
    {"large tables", large_shapes},
    {"slack", slacks},
    {"pure-nash and epsilon-nash of doubles", concepts},
    {"rationals that share a double", shared_doubles},
    {"slack between rounded payoffs", rounded_slack},
    {"rationals beyond the doubles", beyond_doubles},
    {"a list that is cut", cut},
    {"NaN and infinity at every place", not_finite},
    {"the first NaN is named", first_not_finite},
    {"tables too large", too_large},
    {"wrong calls", wrong_calls},
    {"a config's table too large", too_large_config},
    {"limited address space", limited_space},
    {"progress and stop", watched},
};

int main(void) {
    return DT_RUN_SUITE("tables of doubles", cases);
}
