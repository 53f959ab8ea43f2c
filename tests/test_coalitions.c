/* What coalitions can secure, and how their worth is divided: the concept.
 * SPDX: GPL-3.0-or-later */
#include <math.h>

#include "brute.h"
#include "equilibrium/coalitions/span.h"
#include "game/team.h"
#include "lp/lp.h"
#include "lp_games.h"

static const dt_named_table *table(const dt_result *result, const char *name) {
    for (size_t t = 0; t < result->named_tables; t++)
        if (strcmp(result->named_table[t]->name, name) == 0)
            return result->named_table[t];
    return NULL;
}

static const dt_entry *value(const dt_result *result, const char *name) {
    for (size_t i = 0; i < result->named_values; i++)
        if (strcmp(result->named_value[i].name, name) == 0)
            return &result->named_value[i].entry;
    return NULL;
}

/* The worth of the coalition of that name. */
static dt_number worth(const dt_result *result, const char *name) {
    const dt_named_table *t = table(result, "worths");
    for (size_t r = 0; t && r < t->rows; r++)
        if (strcmp(t->cell[2 * r].text, name) == 0)
            return t->cell[2 * r + 1].number;
    CU_FAIL("no such coalition");
    return (dt_number){0};
}

static bool core_is(const dt_result *result, const char *text) {
    const dt_entry *core = value(result, "core");
    return core && core->kind == DT_ENTRY_TEXT && strcmp(core->text, text) == 0;
}

/* Three players of one strategy, with worths as given. */
static lp_run solve_given(size_t players, const char *text) {
    uint32_t size[] = {1, 1, 1, 1};
    long payoff[4] = {0};
    dt_game *game = lp_table(players, size, payoff, 1);
    dt_setting setting = {.key = "worth", .text = text};
    lp_run run = lp_solve(&dt_concept_coalitions, game, 1, 1, &setting);
    dt_game_free(game);
    return run;
}

static void given(void) {
    lp_run run = solve_given(3, "P1=0;P2 = 0; P3=0; P1+P2=1;P3 + P1=1; P2+P3=1;\n P1+P3+P2=1.2;");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "empty"));
    CU_ASSERT(lp_is(value(run.result, "least_core")->number, "1/5"));
    CU_ASSERT_EQUAL(value(run.result, "shapley_value_in_core")->truth, DT_FALSE);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    CU_ASSERT(lp_is(worth(run.result, "P1+P2+P3"), "6/5"));
    const dt_named_table *t = table(run.result, "divisions");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT(t->rows == 3 && t->columns == 4); /* no point in the core */
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT(t->cell[4 * i].player == i && lp_is(t->cell[4 * i + 1].number, "0"));
        CU_ASSERT(lp_is(t->cell[4 * i + 2].number, "2/5"));
        CU_ASSERT(lp_is(t->cell[4 * i + 3].number, "2/5"));
    }
    t = table(run.result, "balanced_collection");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT_EQUAL_FATAL(t->rows, 3);
    CU_ASSERT_STRING_EQUAL(t->cell[2].text, "P1+P3");
    CU_ASSERT(lp_is(t->cell[3].number, "1/2"));
    lp_close(&run);
    /* gloves: the core is the point (1, 0, 0) */
    run = solve_given(3, "P1=0;P2=0;P3=0;P1+P2=1;P1+P3=1;P2+P3=0;P1+P2+P3=1");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "not empty"));
    t = table(run.result, "divisions");
    CU_ASSERT_EQUAL_FATAL(t->columns, 5);
    CU_ASSERT(lp_is(t->cell[2].number, "2/3") && lp_is(t->cell[4].number, "1"));
    CU_ASSERT(lp_is(t->cell[9].number, "0"));
    CU_ASSERT_PTR_NULL(table(run.result, "balanced_collection"));
    lp_close(&run);
    /* more alone than together */
    run = solve_given(2, "P1=1;P2=2;P1+P2=1");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->notes, 2);
    CU_ASSERT(strstr(run.result->note[1], "prenucleolus") != NULL);
    CU_ASSERT(lp_is(table(run.result, "divisions")->cell[3].number, "0"));
    lp_close(&run);
    run = solve_given(1, "P1=7/2");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "not empty") && !value(run.result, "least_core"));
    CU_ASSERT(lp_is(table(run.result, "divisions")->cell[4].number, "7/2"));
    lp_close(&run);
}

/* Coalitions of k are worth k², but for the last digits of 200: so the denominators have nothing in
 * common. The Shapley value is then printed as rounded; all else stays exact. */
static void long_fractions(void) {
    static const char *const name[] = {"P1", "P2", "P1+P2", "P3", "P1+P3", "P2+P3", "P1+P2+P3"};
    char text[16384] = "", zeros[200];
    memset(zeros, '0', sizeof zeros - 1);
    zeros[sizeof zeros - 1] = '\0';
    size_t used = 0;
    for (uint32_t c = 1; c < 16; c++) {
        const char *members = c == 8 ? "P4" : name[c % 8 - 1];
        int size = __builtin_popcount(c);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s=%d%s01/1%s%02u;", members,
                                 c > 8 ? "+P4" : "", size * size, zeros, zeros, 2 * c + 1);
    }
    lp_run run = solve_given(4, text);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    const dt_named_table *t = table(run.result, "divisions");
    CU_ASSERT_EQUAL_FATAL(t->columns, 5);
    for (size_t i = 0; i < 4; i++) {
        const dt_number shapley = t->cell[5 * i + 2].number, nucleolus = t->cell[5 * i + 3].number;
        CU_ASSERT(!shapley.exact && fabs(shapley.value - 4) <= 1e-15 && shapley.radius < 1e-14);
        CU_ASSERT(nucleolus.exact && strlen(nucleolus.exact) > 200);
    }
    CU_ASSERT_EQUAL(value(run.result, "shapley_value_in_core")->truth, DT_TRUE);
    CU_ASSERT_EQUAL_FATAL(run.result->notes, 2);
    CU_ASSERT(strstr(run.result->note[1], "too long to be of use") != NULL);
    lp_close(&run);
}

static void given_wrong(void) {
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"", "worth: 3 of the 3 coalitions have no worth, the first is P1"},
        {"P1=1; P2=2", "worth: 1 of the 3 coalitions have no worth, the first is P1+P2"},
        {"P1=1; P2=2; P1+P2=3; P2+P1=4", "worth: the coalition `P2+P1` has two worths"},
        {"P1=1; P2=2; P1+P2", "worth: `P1+P2` is not of the form \"A+B = number\"; entries are "
                              "parted by `;`"},
        {"P1=1; P2=2; P1+P3=3", "worth: there is no player `P3`; did you mean `P1`?"},
        {"P1=1; P2=2; P1+=3", "worth: there is no player ``"},
        {"P1=1; =2; P1+P2=3", "worth: there is no player ``"},
        {"P1=1; P2=2; P1+P1=3", "worth: `P1+P1` names P1 twice"},
        {"P1=1; P2=x; P1+P2=3", "worth: `x` of `P2` is not a decimal or a fraction p/q"},
        {"P1=1; P2=1/0; P1+P2=3", "worth: `1/0` of `P2` is not a decimal or a fraction p/q"},
        {"P1=1; P2=; P1+P2=3", "worth: `` of `P2` is not a decimal or a fraction p/q"},
        {"P1=1; P2=1e400; P1+P2=3", "worth: `1e400` of `P2` is beyond the range of a double"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        lp_run run = solve_given(2, wrong[k].text);
        CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
        CU_ASSERT_FATAL(dt_diag_errors(run.diag) > 0);
        CU_ASSERT_STRING_EQUAL(dt_diag_get(run.diag, 0)->message, wrong[k].message);
        CU_ASSERT_EQUAL(run.list->count, 0);
        lp_close(&run);
    }
    lp_run run = solve_given(2, "P1=1; P2=2; P1+P2=-1.7e308; ");
    CU_ASSERT_EQUAL(run.status, DT_OK);
    lp_close(&run);
    run = solve_given(3, "P1=1.7e308; P2=1.7e308; P3=-1.7e308; P1+P2=0; P1+P3=0; P2+P3=0; "
                         "P1+P2+P3=-1.7e308");
    if (run.status == DT_ERR_INPUT) {
        CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
        CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "beyond the range") != NULL);
    }
    lp_close(&run);
}

/* The game of a coalition against the rest, made here from the table: P1 is the coalition. */
static dt_game *merged(size_t players, const uint32_t *size, const long *payoff, uint32_t coalition,
                       long divisor) {
    uint32_t side[2] = {1, 1};
    size_t profiles = 1;
    for (size_t i = 0; i < players; i++) {
        side[!(coalition >> i & 1)] *= size[i];
        profiles *= size[i];
    }
    long *sum = calloc(2 * profiles, sizeof *sum);
    for (size_t k = 0; k < profiles; k++) {
        size_t at[2] = {0, 0}, scale[2] = {1, 1}, rest = k;
        long total = 0;
        for (size_t i = players; i-- > 0; rest /= size[i]) {
            size_t where = !(coalition >> i & 1);
            at[where] += rest % size[i] * scale[where];
            scale[where] *= size[i];
            total += where == 0 ? payoff[k * players + i] : 0;
        }
        sum[2 * (at[0] * side[1] + at[1])] = total;
        sum[2 * (at[0] * side[1] + at[1]) + 1] = -total;
    }
    dt_game *game = lp_table(2, side, sum, divisor);
    free(sum);
    return game;
}

static void random_games(void) {
    uint64_t state = 31;
    int mixed = 0;
    for (int round = 0; round < 60; round++) {
        size_t n = (size_t)lp_draw(&state, 1, 4), count = n;
        uint32_t size[4];
        for (size_t i = 0; i < n; i++)
            count *= size[i] = (uint32_t)lp_draw(&state, 1, round % 10 == 9 ? 6 : 3);
        long *payoff = malloc(count * sizeof *payoff);
        long range = round % 3 ? 100 : 2, divisor = lp_draw(&state, 1, 7);
        for (size_t k = 0; k < count; k++)
            payoff[k] = lp_draw(&state, -range, range);
        dt_game *game = lp_table(n, size, payoff, divisor);
        lp_run run = lp_solve(&dt_concept_coalitions, game, 1 + round % 3, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        const dt_named_table *t = table(run.result, "worths");
        CU_ASSERT_EQUAL_FATAL(t->rows, ((size_t)1 << n) - 1);
        for (uint32_t c = 1; c < UINT32_C(1) << n; c++) {
            char name[32];
            dt_game *two = merged(n, size, payoff, c, divisor);
            lp_run other = lp_solve(&dt_concept_minimax, two, 1, 0, NULL);
            CU_ASSERT_EQUAL_FATAL(other.status, DT_OK);
            dt_number here = worth(run.result, dt_team_name(game, c, name, sizeof name));
            CU_ASSERT(lp_is(here, other.result->security[0].value.exact));
            mixed += other.result->security[0].strategy.count > 1;
            lp_close(&other);
            dt_game_free(two);
        }
        lp_close(&run);
        dt_game_free(game);
        free(payoff);
    }
    CU_ASSERT(mixed > 50);
}

/* A game too large for a coalition a thread: the same worths, found by rows, for any threads. */
static void large(void) {
    enum { K = 18 };
    uint64_t state = 8;
    uint32_t size[] = {K, K, K, K};
    size_t count = 4 * (size_t)K * K * K * K;
    long *payoff = malloc(count * sizeof *payoff);
    for (size_t k = 0; k < count; k++)
        payoff[k] = lp_draw(&state, 0, 9);
    /* saddles: everyone's first strategy is worth 100 more, whatever the others do */
    for (size_t k = 0; k < count / 4; k++) {
        size_t rest = k;
        for (size_t i = 4; i-- > 0; rest /= K)
            payoff[4 * k + i] = rest % K == 0 ? 100 : 0;
    }
    dt_game *game = lp_table(4, size, payoff, 3);
    for (int threads = 1; threads <= 2; threads++) {
        lp_run run = lp_solve(&dt_concept_coalitions, game, threads, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT(lp_is(worth(run.result, "P2"), "100/3"));
        CU_ASSERT(lp_is(worth(run.result, "P2+P4"), "200/3"));
        CU_ASSERT(lp_is(worth(run.result, "P1+P2+P3"), "100"));
        CU_ASSERT(lp_is(worth(run.result, "P1+P2+P3+P4"), "400/3"));
        CU_ASSERT(core_is(run.result, "not empty"));
        lp_close(&run);
    }
    dt_game_free(game);
    free(payoff);
}

/* Payoffs times sqrt(2): every number is the rational game's times sqrt(2), within its radius. */
static void irrational(void) {
    static const long zero[3 * 27] = {0};
    uint64_t state = 3;
    int full = 0;
    for (int round = 0; round < 12; round++) {
        long payoff[3 * 27];
        uint32_t size[] = {2, 3, 2};
        for (size_t k = 0; k < 36; k++)
            payoff[k] = lp_draw(&state, -30, 30);
        dt_game *rational = lp_table(3, size, payoff, 1);
        lp_surd g;
        lp_surd_init(&g, 3, size, zero, payoff);
        lp_run exact = lp_solve(&dt_concept_coalitions, rational, 1, 0, NULL);
        lp_run run = lp_solve(&dt_concept_coalitions, &g.game, 2, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(exact.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_BALL);
        bool has = core_is(exact.result, "not empty");
        CU_ASSERT(core_is(run.result, has ? "not empty" : "empty"));
        CU_ASSERT_EQUAL(value(run.result, "shapley_value_in_core")->truth,
                        value(exact.result, "shapley_value_in_core")->truth);
        full += has;
        const dt_named_table *a = table(exact.result, "divisions");
        const dt_named_table *b = table(run.result, "divisions");
        CU_ASSERT_EQUAL_FATAL(a->columns, b->columns);
        for (size_t k = 0; k < a->rows * a->columns; k++) {
            if (a->cell[k].kind != DT_ENTRY_NUMBER)
                continue;
            double want = a->cell[k].number.value * sqrt(2);
            dt_number n = b->cell[k].number;
            CU_ASSERT(fabs(n.value - want) <= n.radius + 1e-14 * fabs(want));
            CU_ASSERT(n.radius <= 1e-14 * (1 + fabs(want)));
        }
        dt_number e = value(run.result, "least_core")->number;
        double want = value(exact.result, "least_core")->number.value * sqrt(2);
        CU_ASSERT(fabs(e.value - want) <= e.radius + 1e-13 && e.radius < 1e-13);
        lp_close(&run);
        lp_close(&exact);
        dt_game_free(rational);
    }
    CU_ASSERT(full > 0);
}

/* Each names one of the two others; two who name each other get 1, or sqrt(2), each. Any two can
 * secure 2, and all together no more: simple majority, whose core is empty (von Neumann and
 * Morgenstern 1944, section 21). */
static void majority(void) {
    static const size_t named[3][2] = {{1, 2}, {0, 2}, {0, 1}};
    static const long zero[24] = {0};
    long payoff[24] = {0};
    for (size_t k = 0; k < 8; k++) {
        size_t choice[3] = {named[0][k / 4], named[1][k / 2 % 2], named[2][k % 2]};
        for (size_t i = 0; i < 3; i++)
            payoff[3 * k + i] = choice[choice[i]] == i;
    }
    uint32_t size[] = {2, 2, 2};
    dt_game *game = lp_table(3, size, payoff, 1);
    lp_run run = lp_solve(&dt_concept_coalitions, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "empty"));
    CU_ASSERT(lp_is(worth(run.result, "P1"), "0") && lp_is(worth(run.result, "P1+P3"), "2"));
    CU_ASSERT(lp_is(worth(run.result, "P1+P2+P3"), "2"));
    CU_ASSERT(lp_is(value(run.result, "least_core")->number, "2/3"));
    CU_ASSERT(lp_is(table(run.result, "divisions")->cell[3].number, "2/3"));
    CU_ASSERT_EQUAL(table(run.result, "balanced_collection")->rows, 3);
    lp_close(&run);
    dt_game_free(game);
    lp_surd g;
    lp_surd_init(&g, 3, size, zero, payoff);
    run = lp_solve(&dt_concept_coalitions, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "empty") && run.result->certificate == DT_CERT_BALL);
    CU_ASSERT_EQUAL_FATAL(table(run.result, "balanced_collection")->rows, 3);
    CU_ASSERT(lp_is(table(run.result, "balanced_collection")->cell[1].number, "1/2"));
    dt_number e = value(run.result, "least_core")->number;
    CU_ASSERT(fabs(e.value - sqrt(2) * 2 / 3) <= e.radius + 1e-15 && e.radius < 1e-14);
    lp_close(&run);
}

/* An additive game in balls: the core is a point, and no ball can say whether it is empty. */
static void undecided(void) {
    static const long zero[8] = {0}, payoff[] = {1, 2, 1, 2, 1, 2, 1, 2};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, zero, payoff);
    lp_run run = lp_solve(&dt_concept_coalitions, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(core_is(run.result, "undecided"));
    CU_ASSERT_EQUAL(value(run.result, "shapley_value_in_core")->truth, DT_UNKNOWN);
    CU_ASSERT_EQUAL_FATAL(run.result->notes, 2);
    CU_ASSERT(strstr(run.result->note[1], "undecided") != NULL);
    dt_number n = table(run.result, "divisions")->cell[7].number;
    CU_ASSERT(fabs(n.value - 2 * sqrt(2)) <= n.radius + 1e-15 && n.radius < 1e-14);
    lp_close(&run);
}

/* Two players of more strategies than a linear program could hold: a saddle, and ties all around.
 */
static void many_strategies(void) {
    enum { K = 2049 };
    uint32_t size[] = {K, K};
    long *payoff = calloc(2 * K * K, sizeof *payoff);
    for (size_t r = 0; r < K; r++) {
        payoff[2 * (K * 1000 + r)] = r == 700 ? 5 : 6;  /* strategy 1001 of P1 secures 5 */
        payoff[2 * (K * r + 700) + 1] = r == 0 ? 2 : 3; /* strategy 701 of P2 secures 2 */
    }
    dt_game *game = lp_table(2, size, payoff, 1);
    lp_run run = lp_solve(&dt_concept_coalitions, game, 2, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(worth(run.result, "P1"), "5"));
    CU_ASSERT(lp_is(worth(run.result, "P2"), "2"));
    CU_ASSERT(lp_is(worth(run.result, "P1+P2"), "8"));
    lp_close(&run);
    dt_game_free(game);
    free(payoff);
}

/* A sum of payoffs beyond the doubles, found in threads and told by one. */
static void overflow(void) {
    fmpq *payoff = _fmpq_vec_init(8);
    fmpz_t most;
    fmpz_init(most);
    fmpz_set_ui(most, 10);
    fmpz_pow_ui(most, most, 308);
    for (size_t k = 0; k < 8; k++)
        fmpq_set_fmpz(payoff + k, most);
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_table(2, (uint32_t[]){2, 2}, payoff, &game), DT_OK);
    lp_run run = lp_solve(&dt_concept_coalitions, game, 2, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_FATAL(dt_diag_errors(run.diag) > 0);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "P1+P2") != NULL);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "beyond the range") != NULL);
    lp_close(&run);
    dt_game_free(game);
    _fmpq_vec_clear(payoff, 8);
    fmpz_clear(most);
}

static void spans(void) {
    dt_span span = {.players = 3};
    CU_ASSERT(!dt_span_holds(&span, 1) && dt_span_add(&span, 3) && dt_span_add(&span, 6));
    CU_ASSERT(dt_span_holds(&span, 3) && !dt_span_holds(&span, 5) && !dt_span_add(&span, 6));
    CU_ASSERT(dt_span_add(&span, 5) && dt_span_holds(&span, 1) && dt_span_holds(&span, 7));
}

int main(void) {
    static const dt_case cases[] = {
        {"worths that are given", given},
        {"fractions too long to print", long_fractions},
        {"worths that are given wrongly", given_wrong},
        {"random games against merged ones", random_games},
        {"a large game", large},
        {"irrational payoffs", irrational},
        {"majority", majority},
        {"a core that cannot be decided", undecided},
        {"many strategies", many_strategies},
        {"sums beyond the doubles", overflow},
        {"spans", spans},
    };
    int status = DT_RUN_SUITE("coalitions", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
