/* Pareto efficiency of profiles: the three searches against exhaustion and each other, ties,
 * limits, and when pure-nash decides it. */
#include "brute.h"
#include "equilibrium/pure/pareto.h"
#include "formula_trees.h"
#include "pure_checks.h"

typedef dt_status (*search)(dt_targets *targets, const dt_control *control);

static dt_status by_rows(dt_targets *targets, const dt_control *control) {
    return dt_pareto_rows(targets, control, NULL);
}

/* What dt_pareto_efficient does, by a search of the test's choice. */
static dt_status decide(search run, const dt_game *game, const uint64_t *profile, size_t count,
                        int threads, dt_truth *efficient) {
    dt_control control = {.threads = threads};
    dt_targets targets;
    dt_status status = dt_targets_open(&targets, game, profile, count, &control, NULL);
    while (status == DT_OK && dt_targets_next(&targets))
        status = run(&targets, &control);
    for (size_t k = 0; k < count; k++)
        efficient[k] = dt_target_efficient(&targets.target[k]);
    dt_targets_close(&targets);
    return status;
}

/* All profiles at once, one by one, and in an order that is not theirs. */
static void check_search(const brute *b, const dt_game *game, search run, int threads) {
    size_t count = (size_t)b->profiles;
    uint64_t *profile = malloc(count * sizeof *profile);
    dt_truth *efficient = malloc(count * sizeof *efficient), one;
    CU_ASSERT_FATAL(profile && efficient);
    for (size_t k = 0; k < count; k++)
        profile[k] = count - 1 - k;
    CU_ASSERT_EQUAL_FATAL(decide(run, game, profile, count, threads, efficient), DT_OK);
    for (size_t k = 0; k < count; k++) {
        dt_truth wanted = brute_is_efficient(b, profile[k]) ? DT_TRUE : DT_FALSE;
        CU_ASSERT_EQUAL(efficient[k], wanted);
        if (k % 5 == 0) { /* by itself, without the others' help */
            CU_ASSERT_EQUAL(decide(run, game, &profile[k], 1, threads, &one), DT_OK);
            CU_ASSERT_EQUAL(one, wanted);
        }
    }
    free(profile);
    free(efficient);
}

static void check_all(const brute *b, const dt_game *game, int threads) {
    check_search(b, game, by_rows, threads);
    if (dt_pareto_views_apply(game))
        check_search(b, game, dt_pareto_views, threads);
    if (dt_pareto_boxes_apply(game))
        check_search(b, game, dt_pareto_boxes, threads);
}

/* --- formulas --- */

static void random_formula_games(void) {
    brute_random r = {1906};
    for (int k = 0; k < 150; k++) {
        brute b;
        char *text = draw_config(&r, &b, "", "");
        pure_config c = open_text(text);
        check_all(&b, c.game, 1 + k % 4);
        close_config(&c);
        free(text);
        brute_free(&b);
    }
}

/* Increasing functions of a rational keep the order, and the ties, of payoffs. */
static void irrational_formula_games(void) {
    static const char *const wraps[][2] = {{"sqrt(2) * (", ")"},
                                           {"sqrt(2) + 1e-17 * (", ")"},
                                           {"exp((", ") / 100)"},
                                           {"sqrt(3) * 1000000 + 1e-18 * (", ")"}};
    brute_random r = {1935};
    for (int k = 0; k < 60; k++) {
        brute b;
        char *text = draw_config(&r, &b, wraps[k % 4][0], wraps[k % 4][1]);
        pure_config c = open_text(text);
        check_all(&b, c.game, 1 + k % 2);
        close_config(&c);
        free(text);
        brute_free(&b);
    }
}

#define TWO(a, b)                                                                                  \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); },"       \
    " { name = \"B\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); } );\n"              \
    "payoffs = { kind = \"formula\"; A = \"" a "\"; B = \"" b "\"; };\n"

/* What balls cannot tell is unknown, unless another profile dominates for certain. */
static void undecided(void) {
    static const struct {
        const char *text;
        dt_truth efficient[4];
    } games[] = {
        {TWO("A.m == 1 ? sqrt(2) * sqrt(3) : sqrt(6)", "0"),
         {DT_UNKNOWN, DT_UNKNOWN, DT_UNKNOWN, DT_UNKNOWN}},
        {TWO("A.m == 1 ? sqrt(2) * sqrt(3) : sqrt(6)", "B.m"),
         {DT_FALSE, DT_UNKNOWN, DT_FALSE, DT_UNKNOWN}},
        {TWO("A.m == 1 ? sqrt(2) * sqrt(3) : sqrt(6)", "B.m + A.m"),
         {DT_FALSE, DT_UNKNOWN, DT_FALSE, DT_TRUE}},
    };
    static const uint64_t profile[4] = {0, 1, 2, 3};
    for (size_t g = 0; g < sizeof games / sizeof *games; g++) {
        pure_config c = open_text(games[g].text);
        dt_truth efficient[4];
        CU_ASSERT_EQUAL(decide(by_rows, c.game, profile, 4, 1, efficient), DT_OK);
        for (size_t k = 0; k < 4; k++)
            CU_ASSERT_EQUAL(efficient[k], games[g].efficient[k]);
        CU_ASSERT_EQUAL(decide(dt_pareto_boxes, c.game, profile, 4, 2, efficient), DT_OK);
        for (size_t k = 0; k < 4; k++)
            CU_ASSERT_EQUAL(efficient[k], games[g].efficient[k]);
        close_config(&c);
    }
}

/* Several moves a player, some of a single level: boxes; `feasible`: rows only. */
static void several_moves(void) {
    static const char *const feasible[] = {"", "feasible = [\"A.m + A.n <= 3\"];"};
    for (int k = 0; k < 2; k++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "players = ( { name = \"A\"; %s moves = ("
                 " { name = \"m\"; levels = [\"a\", \"b\", \"c\"]; },"
                 " { name = \"one\"; levels = [\"only\"]; values = (7); },"
                 " { name = \"n\"; levels = [\"a\", \"b\", \"c\"]; } ); },"
                 " { name = \"B\"; moves = ("
                 " { name = \"m\"; levels = [\"x\", \"y\", \"z\"]; },"
                 " { name = \"n\"; levels = [\"x\", \"y\"]; } ); } );\n"
                 "payoffs = { kind = \"formula\"; A = \"A.m * B.m - A.n + A.one * B.n\";"
                 " B = \"(A.m - 1) * (2 - B.m) + A.n * B.n - B.n\"; };\n",
                 feasible[k]);
        pure_config c = open_text(text);
        CU_ASSERT_EQUAL(dt_pareto_boxes_apply(c.game), k == 0);
        uint32_t strategies[2] = {c.game->player[0].strategies, 6};
        CU_ASSERT_EQUAL(strategies[0], k ? 8 : 9);
        brute b = brute_new(2, strategies);
        for (uint64_t p = 0; p < b.profiles; p++) { /* of A's 9 strategies the last goes */
            long am = (long)(p / 6) / 3, an = (long)(p / 6) % 3;
            long bm = (long)(p % 6) / 2, bn = (long)(p % 2);
            fmpq_set_si(brute_payoff(&b, p, 0), am * bm - an + 7 * bn, 1);
            fmpq_set_si(brute_payoff(&b, p, 1), (am - 1) * (2 - bm) + an * bn - bn, 1);
        }
        check_all(&b, c.game, 2);
        brute_free(&b);
        close_config(&c);
    }
}

/* --- tables --- */

enum { INTEGERS, TENTHS, NEAR_TIES, EQUAL, HUGE_NUMBERS, KINDS };

static void draw_payoff(brute_random *r, int kind, fmpq_t q) {
    switch (kind) {
    case INTEGERS: fmpq_set_si(q, brute_draw(r, -2, 2), 1); break;
    case TENTHS: fmpq_set_si(q, brute_draw(r, -9, 9), 10); break;
    case NEAR_TIES: /* thirds that share a double */
        fmpq_set_si(q, brute_draw(r, 0, 2), 100000000000000000);
        fmpq_add_si(q, q, brute_draw(r, 0, 2));
        fmpq_div_fmpz(q, q, &(fmpz){3});
        break;
    case EQUAL: fmpq_set_si(q, 7, 3); break;
    default: /* near the end of the doubles */
        fmpq_set_si(q, brute_draw(r, -2, 2), 1);
        fmpz_mul_2exp(fmpq_numref(q), fmpq_numref(q), 1022);
        break;
    }
}

static void random_tables(void) {
    brute_random r = {1896};
    for (int k = 0; k < 40 * KINDS; k++) {
        size_t players = (size_t)brute_draw(&r, 1, 4);
        uint32_t strategies[4];
        for (size_t i = 0; i < players; i++)
            strategies[i] = (uint32_t)brute_draw(&r, 1, players == 4 ? 3 : 5);
        brute b = brute_new(players, strategies);
        for (uint64_t p = 0; p < b.profiles * players; p++)
            draw_payoff(&r, k % KINDS, &b.payoff[p]);
        dt_game *game = game_of(&b);
        check_all(&b, game, 1 + k % 4);
        dt_game_free(game);
        brute_free(&b);
    }
}

/* A table of doubles; each is the payoff itself. */
static dt_game *doubles(uint32_t each, double (*payoff)(uint64_t profile, size_t player)) {
    uint32_t strategies[2] = {each, each};
    dt_payoff_table *table;
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(2, strategies, NULL, &table), DT_OK);
    for (size_t i = 0; i < 2; i++)
        for (uint64_t k = 0; k < (uint64_t)each * each; k++)
            dt_payoff_table_of(table, i)[k] = payoff(k, i);
    CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &game), DT_OK);
    return game;
}

/* Every profile its own payoffs, all on a line on which nobody gains but at another's cost. */
static double on_a_line(uint64_t profile, size_t player) {
    return player ? -(double)profile : (double)profile;
}

/* The same, but every tenth profile below the one after it. */
static double with_gaps(uint64_t profile, size_t player) {
    return on_a_line(profile, player) - (profile % 10 == 3 ? 1.5 : 0);
}

/* More different payoffs, none dominating another, than are searched for at once. */
static void many_targets(void) {
    enum { EACH = 100, COUNT = EACH * EACH };
    static uint64_t profile[COUNT];
    static dt_truth efficient[COUNT];
    for (size_t k = 0; k < COUNT; k++)
        profile[k] = k;
    for (int gaps = 0; gaps < 2; gaps++) {
        dt_game *game = doubles(EACH, gaps ? with_gaps : on_a_line);
        for (int k = 0; k < 2; k++) {
            search run = k ? by_rows : dt_pareto_views;
            CU_ASSERT_EQUAL(decide(run, game, profile, COUNT, 2, efficient), DT_OK);
            size_t wrong = 0;
            for (size_t p = 0; p < COUNT;
                 p++) /* 3 less 1.5 each is below 4, and -3 - 1.5 as well */
                wrong += efficient[p] != (gaps && p % 10 == 3 ? DT_FALSE : DT_TRUE);
            CU_ASSERT_EQUAL(wrong, 0);
        }
        dt_game_free(game);
    }
}

/* 64 × 64 × 2 profiles of different payoffs, by boxes: half of them dominated. */
static void many_targets_of_formulas(void) {
    enum { COUNT = 64 * 64 * 2 };
    static uint64_t profile[COUNT];
    static dt_truth efficient[2][COUNT];
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    uint32_t strategies[3] = {64, 64, 2};
    write_players(out, 3, strategies);
    fputs("payoffs = { kind = \"formula\"; A = \"64 * A.m + B.m + C.m / 4\";"
          " B = \"-(64 * A.m + B.m) + C.m / 4\"; C = \"0\"; };\n",
          out);
    fclose(out);
    pure_config c = open_text(text);
    for (size_t k = 0; k < COUNT; k++)
        profile[k] = k;
    for (int k = 0; k < 2; k++)
        CU_ASSERT_EQUAL(
            decide(k ? dt_pareto_boxes : by_rows, c.game, profile, COUNT, 2, efficient[k]), DT_OK);
    size_t wrong = 0;
    for (size_t k = 0; k < COUNT; k++)
        wrong +=
            efficient[0][k] != (k % 2 ? DT_TRUE : DT_FALSE) || efficient[1][k] != efficient[0][k];
    CU_ASSERT_EQUAL(wrong, 0);
    close_config(&c);
    free(text);
}

/* --- large games --- */

/* Three players of 48 and 64 levels, more than 100 000 profiles. All play their highest level;
 * whether less of it is better for all depends on `c`. The move of one level stands before the
 * others. */
static char *large_text(const char *c) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    uint32_t strategies[4] = {1, 48, 48, 64};
    write_players(out, 4, strategies);
    fprintf(out,
            "payoffs = { kind = \"formula\"; A = \"0\"; B = \"B.m - %s * (B.m + C.m + D.m)\";"
            " C = \"C.m - %s * (B.m + C.m + D.m)\"; D = \"D.m - %s * (B.m + C.m + D.m)\"; };\n",
            c, c, c);
    fclose(out);
    return text;
}

static void by_default(void) {
    static const struct {
        const char *cost, *setting;
        dt_truth efficient;
        size_t notes;
    } cases[] = {
        {"0.5", NULL, DT_UNKNOWN, 1}, {"0.5", "no", DT_UNKNOWN, 0}, {"0.5", "yes", DT_FALSE, 0},
        {"0.3", "yes", DT_TRUE, 0}, /* 0.3 (48 + 48 + 64) is above all but sums decide nothing */
        {"0.34", "yes", DT_FALSE, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *text = large_text(cases[k].cost);
        pure_config c = open_text(text);
        CU_ASSERT(c.game->profiles > 100000);
        for (int threads = 1; threads <= 4; threads *= 2) {
            dt_control control = {.threads = threads};
            pure_run run = run_setting(c.game, "pure-nash", "pareto", cases[k].setting, &control);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
            CU_ASSERT_EQUAL(run.result->item[0].profile[1], 47);
            CU_ASSERT_EQUAL(run.result->item[0].profile[2], 47);
            CU_ASSERT_EQUAL(run.result->item[0].profile[3], 63);
            CU_ASSERT_EQUAL(run.result->item[0].pareto_efficient, cases[k].efficient);
            CU_ASSERT_EQUAL_FATAL(run.result->notes, cases[k].notes);
            if (cases[k].notes)
                CU_ASSERT_PTR_NOT_NULL(strstr(run.result->note[0], "--pareto"));
            close_run(&run);
        }
        close_config(&c);
        free(text);
    }
}

/* A table of more than 100 000 profiles; below, `no` keeps the search out. */
static void tables_by_default(void) {
    static const struct {
        uint32_t each;
        const char *setting;
        dt_truth efficient;
    } cases[] = {{330, NULL, DT_UNKNOWN},
                 {330, "yes", DT_TRUE},
                 {330, "no", DT_UNKNOWN},
                 {300, NULL, DT_TRUE},
                 {300, "no", DT_UNKNOWN}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        dt_game *game = doubles(cases[k].each, on_a_line);
        pure_run run = run_setting(game, "pure-nash", "pareto", cases[k].setting, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
        CU_ASSERT_EQUAL(run.result->item[0].pareto_efficient, cases[k].efficient);
        close_run(&run);
        dt_game_free(game);
    }
}

static void bad_settings(void) {
    static const char *const bad[] = {"maybe", "1", "YES", "true", ""};
    dt_game *game = doubles(2, on_a_line);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        pure_run run = run_setting(game, "pure-nash", "pareto", bad[k], NULL);
        CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
        CU_ASSERT_EQUAL_FATAL(dt_diag_count(run.diag), 1);
        char message[128];
        snprintf(message, sizeof message, "`pareto` of pure-nash takes one of yes|no, not `%s`",
                 bad[k]);
        CU_ASSERT_STRING_EQUAL(dt_diag_get(run.diag, 0)->message, message);
        close_run(&run);
    }
    pure_run run = run_setting(game, "pure-nash", "paretto", "yes", NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(dt_diag_get(run.diag, 0)->message, "did you mean `pareto`?"));
    close_run(&run);
    dt_game_free(game);
}

/* --- watching and stopping --- */

typedef struct watch {
    volatile sig_atomic_t stop;
    int calls, stop_after;
    uint64_t last, total;
    const char *what;
} watch;

static void on_progress(void *user, const char *what, uint64_t done, uint64_t total) {
    watch *w = user;
    w->last = done;
    w->total = total;
    w->what = what;
    if (++w->calls == w->stop_after)
        w->stop = 1;
}

static void watch_game(const dt_game *game, uint64_t profile) {
    dt_truth efficient;
    watch w = {.stop = 1};
    dt_control control = {.threads = 2, .stop = &w.stop, .progress = on_progress, .user = &w};
    CU_ASSERT_EQUAL(dt_pareto_efficient(game, &profile, 1, &control, NULL, &efficient),
                    DT_ERR_INTERRUPTED);
    w = (watch){.stop_after = 2};
    control.threads = 1;
    CU_ASSERT_EQUAL(dt_pareto_efficient(game, &profile, 1, &control, NULL, &efficient),
                    DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(w.calls, 2);
    w = (watch){0};
    CU_ASSERT_EQUAL(dt_pareto_efficient(game, &profile, 1, &control, NULL, &efficient), DT_OK);
    CU_ASSERT_EQUAL(efficient, DT_TRUE);
    CU_ASSERT(w.calls >= 2);
    CU_ASSERT(w.last <= w.total);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w.what);
    CU_ASSERT_STRING_EQUAL(w.what, "profiles searched for Pareto dominance");
}

static void watched(void) {
    char *text = large_text("0.3");
    pure_config c = open_text(text);
    watch_game(c.game, c.game->profiles - 1);
    close_config(&c);
    free(text);
    dt_game *game = doubles(400, on_a_line);
    watch_game(game, 5);
    dt_game_free(game);
}

static const dt_case cases[] = {
    {"random formulas", random_formula_games},
    {"irrational payoffs of known order", irrational_formula_games},
    {"what balls cannot tell", undecided},
    {"several moves, restricted moves", several_moves},
    {"random tables", random_tables},
    {"more targets than are searched for at once", many_targets},
    {"many targets of formulas", many_targets_of_formulas},
    {"when formulas are searched", by_default},
    {"when tables are searched", tables_by_default},
    {"bad settings", bad_settings},
    {"progress and stop", watched},
};

int main(void) {
    return DT_RUN_SUITE("Pareto efficiency", cases);
}
