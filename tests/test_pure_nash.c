/* pure-nash and epsilon-nash of tables against exhaustion: ties, near ties, large and small. */
#include "brute.h"
#include "pure_checks.h"

/* --- numbers that bite --- */

enum {
    SMALL_INTEGERS,
    TENTHS,
    THIRDS,      /* 1/3 and decimals around it */
    SEVENTEENTH, /* equal up to the 17th digit */
    CONSTANT,
    HUGE_NUMBERS, /* near the end of the doubles' range */
    TINY_NUMBERS, /* subnormal doubles and what lies between them */
    WIDE,         /* large and small in one game */
    BEYOND,       /* integers beyond 2^53 that differ by 1 */
    KINDS
};

static void scaled(fmpq_t q, long n, const char *scale) {
    fmpq_t s;
    fmpq_init(s);
    CU_ASSERT_EQUAL(fmpq_set_str(s, scale, 10), 0);
    fmpq_set_si(q, n, 1);
    fmpq_mul(q, q, s);
    fmpq_clear(s);
}

static void power_of_two(fmpq_t q, long n, long power) {
    fmpz_t two;
    fmpz_init(two);
    fmpz_one(two);
    fmpz_mul_2exp(two, two, (ulong)labs(power));
    fmpq_set_si(q, n, 1);
    if (power < 0)
        fmpq_div_fmpz(q, q, two);
    else
        fmpq_mul_fmpz(q, q, two);
    fmpz_clear(two);
}

static void draw_payoff(brute_random *r, int kind, fmpq_t q) {
    static const char *const thirds[] = {"1/3", "3333333333333333/10000000000000000",
                                         "33333333333333331/100000000000000000",
                                         "33333333333333334/100000000000000000", "2/6"};
    fmpq_t add;
    fmpq_init(add);
    switch (kind) {
    case SMALL_INTEGERS: fmpq_set_si(q, brute_draw(r, -2, 2), 1); break;
    case TENTHS: fmpq_set_si(q, brute_draw(r, -9, 9), 10); break;
    case THIRDS:
        fmpq_set_str(q, thirds[brute_draw(r, 0, 4)], 10);
        fmpq_canonicalise(q);
        break;
    case SEVENTEENTH:
        scaled(q, brute_draw(r, -2, 2), "1/100000000000000000");
        fmpq_set_si(add, 1, 1);
        fmpq_add(q, q, add);
        break;
    case CONSTANT: fmpq_set_si(q, 7, 3); break;
    case HUGE_NUMBERS:
        power_of_two(q, brute_draw(r, -15, 15), 1019);
        fmpq_set_si(add, brute_draw(r, 0, 1), 3);
        fmpq_add(q, q, add);
        break;
    case TINY_NUMBERS:
        power_of_two(q, brute_draw(r, -9, 9), -1074);
        fmpq_set_si(add, 1, 3);
        fmpq_mul(q, q, add);
        break;
    case WIDE:
        power_of_two(q, brute_draw(r, -1, 1), brute_draw(r, 0, 1) ? 1000 : -1000);
        fmpq_set_si(add, brute_draw(r, -1, 1), 7);
        fmpq_add(q, q, add);
        break;
    default:
        power_of_two(q, 1, 60);
        fmpq_set_si(add, brute_draw(r, -1, 1), 1);
        fmpq_add(q, q, add);
        break;
    }
    fmpq_clear(add);
}

static brute draw_game(brute_random *r, int kind, size_t players, const uint32_t *strategies) {
    brute b = brute_new(players, strategies);
    for (uint64_t k = 0; k < b.profiles * players; k++)
        draw_payoff(r, kind, &b.payoff[k]);
    return b;
}

static brute draw_small(brute_random *r, int kind) {
    size_t players = (size_t)brute_draw(r, 2, 4);
    uint32_t strategies[4];
    for (size_t i = 0; i < players; i++)
        strategies[i] = (uint32_t)brute_draw(r, 1, players == 4 ? 4 : 6);
    return draw_game(r, kind, players, strategies);
}

/* Slacks at which ties happen in games of the kind, and beside them. */
static const char *const SLACKS[KINDS][3] = {
    {"1", "1/2", "999999999999999999999/1000000000000000000000"},
    {"1/10", "3/10", "29999999999999999/100000000000000000"},
    {"1/30000000000000000", "1/300000000000000000", "1/100000000000000000"},
    {"1/100000000000000000", "1/50000000000000000", "1/200000000000000000"},
    {"1", "1/1000", "5"},
    {"1/3", "1/4", "1"},
    {"1", "1/1000000000000000000000000000000", "2/3"},
    {"1/7", "2/7", "1/8"},
    {"1", "2", "3/2"},
};

/* --- tests --- */

static void random_kind(int kind, int games) {
    brute_random r = {UINT64_C(20231017) + (uint64_t)kind};
    for (int k = 0; k < games; k++) {
        brute b = draw_small(&r, kind);
        dt_game *game = game_of(&b);
        check_pure(&b, game, 1 + k % 4);
        for (int s = 0; s < 3; s++)
            check_epsilon(&b, game, 1, SLACKS[kind][s]);
        check_epsilon(&b, game, 2, "0");
        dt_game_free(game);
        brute_free(&b);
    }
}

static void small_integers(void) {
    random_kind(SMALL_INTEGERS, 150);
}
static void tenths(void) {
    random_kind(TENTHS, 100);
}
static void thirds(void) {
    random_kind(THIRDS, 100);
}
static void seventeenth_digit(void) {
    random_kind(SEVENTEENTH, 100);
}
static void all_equal(void) {
    random_kind(CONSTANT, 10);
}
static void huge_numbers(void) {
    random_kind(HUGE_NUMBERS, 60);
}
static void tiny_numbers(void) {
    random_kind(TINY_NUMBERS, 60);
}
static void wide_numbers(void) {
    random_kind(WIDE, 60);
}
static void beyond_doubles(void) {
    random_kind(BEYOND, 60);
}

/* More than 4096 profiles: strategies are struck out before the scan. Ten in twenty of each player
 * are made bad, or none, so that both ways are gone. */
static void large_game(size_t players, uint32_t each, int kind, bool bad, uint64_t seed) {
    brute_random r = {seed};
    uint32_t strategies[4] = {each, each, each, each};
    brute b = draw_game(&r, kind, players, strategies);
    fmpq_t loss;
    fmpq_init(loss);
    fmpq_set_si(loss, 1000, 1);
    for (uint64_t k = 0; k < b.profiles && bad; k++)
        for (size_t i = 0; i < players; i++)
            if (brute_strategy(&b, k, i) % 2 == i % 2) {
                fmpq *u = brute_payoff(&b, k, i);
                fmpq_sub(u, u, loss);
            }
    fmpq_clear(loss);
    dt_game *game = game_of(&b);
    for (int threads = 1; threads <= 4; threads *= 2) {
        check_pure(&b, game, threads);
        check_epsilon(&b, game, threads, SLACKS[kind][0]);
    }
    dt_game_free(game);
    brute_free(&b);
}

static void large_games(void) {
    large_game(3, 20, TENTHS, false, 1);
    large_game(3, 20, TENTHS, true, 2);
    large_game(3, 20, SMALL_INTEGERS, true, 3);
    large_game(4, 9, TENTHS, true, 4);
    large_game(4, 9, SEVENTEENTH, false, 5);
    large_game(4, 9, TENTHS, false, 6);
    large_game(2, 90, TENTHS, true, 7);
}

/* Equilibria of strategies that are best replies at one profile of the others and bad everywhere
 * else: a search that looks at a part of the rows only strikes them out. */
static void hidden(void) {
    brute_random r = {1984};
    for (int k = 0; k < 6; k++) {
        size_t players = k % 2 ? 4 : 3;
        uint32_t each = players == 4 ? 9 : 20, strategies[4] = {each, each, each, each};
        brute b = brute_new(players, strategies);
        for (uint64_t at = 0; at < b.profiles; at++)
            for (size_t i = 0; i < players; i++) {
                bool good = brute_strategy(&b, at, i) < 2;
                fmpq_set_si(brute_payoff(&b, at, i), good ? brute_draw(&r, 0, 3) : -5, 1);
            }
        for (int h = 0; h < 6; h++) {
            uint64_t at = 0;
            for (size_t i = 0; i < players; i++)
                at = at * each + (uint64_t)brute_draw(&r, 2, (long)each - 1);
            for (size_t i = 0; i < players; i++)
                fmpq_set_si(brute_payoff(&b, at, i), 10 + h, 1);
        }
        dt_game *game = game_of(&b);
        check_pure(&b, game, 1 + k % 2);
        dt_game_free(game);
        brute_free(&b);
    }
}

/* Rounds of elimination that open up only after another: a guessing game in which the best reply
 * is half of what the others choose (Moulin 1986); all end at 0. */
static void guessing(void) {
    uint32_t strategies[3] = {24, 24, 24};
    brute b = brute_new(3, strategies);
    for (uint64_t k = 0; k < b.profiles; k++)
        for (size_t i = 0; i < 3; i++) {
            long mine = brute_strategy(&b, k, i);
            long others = brute_strategy(&b, k, (i + 1) % 3) + brute_strategy(&b, k, (i + 2) % 3);
            fmpq_set_si(brute_payoff(&b, k, i), -labs(4 * mine - others), 3);
        }
    dt_game *game = game_of(&b);
    check_pure(&b, game, 1);
    check_pure(&b, game, 4);
    check_epsilon(&b, game, 2, "2/3");
    dt_game_free(game);
    brute_free(&b);
}

/* One player alone, and players without a choice. */
static void degenerate(void) {
    brute_random r = {99};
    for (int k = 0; k < 40; k++) {
        uint32_t strategies[3] = {(uint32_t)brute_draw(&r, 1, 8), 1, 1};
        brute b = draw_game(&r, SMALL_INTEGERS, k % 2 ? 1 : 3, strategies);
        dt_game *game = game_of(&b);
        check_pure(&b, game, 1);
        check_epsilon(&b, game, 1, "1");
        dt_game_free(game);
        brute_free(&b);
    }
}

/* The certifier by itself, at every profile of random games. */
static void certify(void) {
    brute_random r = {4711};
    fmpq_t slack, regret;
    fmpq_init(slack);
    fmpq_init(regret);
    for (int k = 0; k < 60; k++) {
        int kind = k % KINDS;
        brute b = draw_small(&r, kind);
        dt_game *game = game_of(&b);
        dt_workspace *w = dt_workspace_new(game);
        dt_verdict v;
        CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, game), DT_OK);
        fmpq_set_str(slack, k % 3 ? SLACKS[kind][k % 3] : "0", 10);
        for (uint64_t at = 0; at < b.profiles; at++) {
            uint32_t profile[4];
            for (size_t i = 0; i < b.players; i++)
                profile[i] = brute_strategy(&b, at, i);
            CU_ASSERT_EQUAL_FATAL(dt_certify_profile(game, w, profile, slack, NULL, NULL, &v),
                                  DT_OK);
            bool is = brute_is_equilibrium(&b, at, slack);
            CU_ASSERT_EQUAL(v.equilibrium, is ? DT_TRUE : DT_FALSE);
            if (!is)
                continue;
            CU_ASSERT_EQUAL(v.strict, brute_is_strict(&b, at) ? DT_TRUE : DT_FALSE);
            CU_ASSERT_EQUAL(v.certificate, DT_CERT_EXACT);
            for (size_t i = 0; i < b.players; i++) {
                brute_regret(&b, at, i, regret);
                CU_ASSERT(dt_exact_is_rational(&v.regret[i]));
                CU_ASSERT(fmpq_equal(v.regret[i].rational, regret));
                CU_ASSERT(fmpq_equal(v.payoff[i].rational, brute_payoff(&b, at, i)));
            }
        }
        dt_verdict_clear(&v, game);
        dt_workspace_free(game, w);
        dt_game_free(game);
        brute_free(&b);
    }
    fmpq_clear(slack);
    fmpq_clear(regret);
}

/* The same table through a config file: the order of its numbers, and numbers as written. */
static void config_tables(void) {
    brute_random r = {31};
    for (int k = 0; k < 40; k++) {
        brute b = draw_small(&r, k % 3);
        char *text = table_text(&b, k % 2);
        pure_config c = open_text(text);
        check_pure(&b, c.game, 2);
        check_epsilon(&b, c.game, 1, SLACKS[k % 3][0]);
        close_config(&c);
        free(text);
        brute_free(&b);
    }
}

static void interrupted(void) {
    brute_random r = {5};
    uint32_t strategies[3] = {20, 20, 20};
    brute b = draw_game(&r, TENTHS, 3, strategies);
    dt_game *game = game_of(&b);
    volatile sig_atomic_t stop = 1;
    dt_control control = {.threads = 2, .stop = &stop};
    pure_run run = run_concept(game, "pure-nash", NULL, &control);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INTERRUPTED);
    close_run(&run);
    uint32_t profile[3] = {0};
    dt_workspace *w = dt_workspace_new(game);
    dt_verdict v;
    fmpq_t slack;
    fmpq_init(slack);
    fmpq_set_si(slack, 1000, 1); /* so much that every deviation is looked at */
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, game), DT_OK);
    CU_ASSERT_EQUAL(dt_certify_profile(game, w, profile, slack, &control, NULL, &v),
                    DT_ERR_INTERRUPTED);
    stop = 0;
    CU_ASSERT_EQUAL(dt_certify_profile(game, w, profile, slack, &control, NULL, &v), DT_OK);
    CU_ASSERT_EQUAL(v.equilibrium, DT_TRUE);
    fmpq_clear(slack);
    dt_verdict_clear(&v, game);
    dt_workspace_free(game, w);
    dt_game_free(game);
    brute_free(&b);
}

static void bad_regret(void) {
    uint32_t strategies[2] = {2, 2};
    brute b = brute_new(2, strategies);
    dt_game *game = game_of(&b);
    pure_run run = run_concept(game, "epsilon-nash", "-1/2", NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_diag_errors(run.diag), 1);
    close_run(&run);
    run = run_concept(game, "epsilon-nash", NULL, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    close_run(&run);
    dt_game_free(game);
    brute_free(&b);
}

static const dt_case cases[] = {
    {"small integers, many ties", small_integers},
    {"tenths", tenths},
    {"1/3 and decimals near it", thirds},
    {"ties up to the 17th digit", seventeenth_digit},
    {"all payoffs equal", all_equal},
    {"huge payoffs", huge_numbers},
    {"subnormal payoffs", tiny_numbers},
    {"large and small payoffs", wide_numbers},
    {"integers beyond doubles", beyond_doubles},
    {"large games, 1, 2 and 4 threads", large_games},
    {"equilibria that a sample misses", hidden},
    {"rounds of elimination", guessing},
    {"one player, no choice", degenerate},
    {"the certifier alone", certify},
    {"tables in configs", config_tables},
    {"interrupted", interrupted},
    {"bad regrets", bad_regret},
};

int main(void) {
    return DT_RUN_SUITE("pure-nash", cases);
}
