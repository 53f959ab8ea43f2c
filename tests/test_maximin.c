/* Security levels, and values of constant-sum games. SPDX: GPL-3.0-or-later */
#include "lp_games.h"

#include <math.h>

#include "lp/lp.h"

/* von Neumann and Morgenstern 1944, section 18: matching pennies. */
static void matching_pennies(void) {
    static const long payoff[] = {1, -1, -1, 1, -1, 1, 1, -1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    const dt_concept *both[] = {&dt_concept_maximin, &dt_concept_minimax};
    for (int c = 0; c < 2; c++) {
        lp_run run = lp_solve(both[c], game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        CU_ASSERT_EQUAL_FATAL(run.result->securities, 2);
        for (size_t p = 0; p < 2; p++) {
            const dt_security *s = &run.result->security[p];
            CU_ASSERT(s->player == p && lp_is(s->value, "0"));
            CU_ASSERT_EQUAL_FATAL(s->strategy.count, 2);
            CU_ASSERT(lp_is(s->strategy.weight[0].probability, "1/2"));
            CU_ASSERT(lp_is(s->strategy.weight[1].probability, "1/2"));
        }
        lp_close(&run);
    }
    dt_game_free(game);
}

/* Rock-paper-scissors where paper wins 2 over rock, rock 3 over scissors, scissors 5 over paper:
 * the unique optimum plays each in proportion to the stake of the other two, (5, 3, 2)/10. */
static void weighted_rock_paper_scissors(void) {
    static const long a[3][3] = {{0, -2, 3}, {2, 0, -5}, {-3, 5, 0}};
    long payoff[18];
    for (size_t i = 0; i < 9; i++) {
        payoff[2 * i] = a[i / 3][i % 3];
        payoff[2 * i + 1] = 1 - a[i / 3][i % 3]; /* constant sum 1 */
    }
    dt_game *game = lp_table(2, (uint32_t[]){3, 3}, payoff, 7);
    lp_run run = lp_solve(&dt_concept_minimax, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(run.result->security[0].value, "0"));
    CU_ASSERT(lp_is(run.result->security[1].value, "1/7"));
    for (size_t p = 0; p < 2; p++) {
        const dt_mixture *x = &run.result->security[p].strategy;
        CU_ASSERT_EQUAL_FATAL(x->count, 3);
        CU_ASSERT(lp_is(x->weight[0].probability, "1/2"));
        CU_ASSERT(lp_is(x->weight[1].probability, "3/10"));
        CU_ASSERT(lp_is(x->weight[2].probability, "1/5"));
    }
    lp_close(&run);
    dt_game_free(game);
}

/* Constant-sum games: x guarantees v to one, y holds him to v, so both are optimal: checked here in
 * rationals, entry by entry. */
static void random_duality(void) {
    uint64_t state = 20240607;
    fmpq_t sum, entry, v, w, c;
    fmpq_init(sum);
    fmpq_init(entry);
    fmpq_init(v);
    fmpq_init(w);
    fmpq_init(c);
    for (int round = 0; round < 60; round++) {
        uint32_t size[2] = {(uint32_t)lp_draw(&state, 1, 7), (uint32_t)lp_draw(&state, 1, 7)};
        long payoff[98], divisor = lp_draw(&state, 1, 9);
        long range = round % 3 == 0 ? 2 : 100; /* many ties, or few */
        for (size_t i = 0; i < size[0] * size[1]; i++) {
            payoff[2 * i] = lp_draw(&state, -range, range);
            payoff[2 * i + 1] = 17 - payoff[2 * i];
        }
        dt_game *game = lp_table(2, size, payoff, divisor);
        lp_run run = lp_solve(&dt_concept_minimax, game, 2, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        fmpq *x = lp_weights(&run.result->security[0].strategy, size[0]);
        fmpq *y = lp_weights(&run.result->security[1].strategy, size[1]);
        lp_read(v, run.result->security[0].value);
        lp_read(w, run.result->security[1].value);
        fmpq_set_si(c, 17, (ulong)divisor);
        fmpq_add(w, w, v);
        CU_ASSERT(fmpq_equal(w, c));
        for (size_t j = 0; j < size[1]; j++) {
            fmpq_zero(sum);
            for (size_t i = 0; i < size[0]; i++) {
                fmpq_set_si(entry, payoff[2 * (i * size[1] + j)], (ulong)divisor);
                fmpq_addmul(sum, entry, x + i);
            }
            CU_ASSERT(fmpq_cmp(sum, v) >= 0);
        }
        for (size_t i = 0; i < size[0]; i++) {
            fmpq_zero(sum);
            for (size_t j = 0; j < size[1]; j++) {
                fmpq_set_si(entry, payoff[2 * (i * size[1] + j)], (ulong)divisor);
                fmpq_addmul(sum, entry, y + j);
            }
            CU_ASSERT(fmpq_cmp(sum, v) <= 0);
        }
        _fmpq_vec_clear(x, (slong)size[0]);
        _fmpq_vec_clear(y, (slong)size[1]);
        lp_close(&run);
        dt_game_free(game);
    }
    fmpq_clear(sum);
    fmpq_clear(entry);
    fmpq_clear(v);
    fmpq_clear(w);
    fmpq_clear(c);
}

/* Three players: the others act as one, so the level is the value of the two-player game against
 * their joint profiles. 900 rows, so rows are generated; the same answer for any threads. */
static void others_as_one(void) {
    uint64_t state = 99;
    enum { K = 8, O = 30 };
    long *payoff = malloc(3 * K * O * O * sizeof *payoff);
    long *joint = malloc(2 * K * O * O * sizeof *joint);
    for (int round = 0; round < 4; round++) {
        long range = round == 0 ? 1 : 1000;
        for (size_t i = 0; i < K * O * O; i++) {
            payoff[3 * i] = joint[2 * i] = lp_draw(&state, -range, range);
            joint[2 * i + 1] = -joint[2 * i];
            payoff[3 * i + 1] = payoff[3 * i + 2] = lp_draw(&state, -5, 5);
        }
        dt_game *three = lp_table(3, (uint32_t[]){K, O, O}, payoff, 3);
        dt_game *two = lp_table(2, (uint32_t[]){K, O * O}, joint, 3);
        dt_setting only = {.key = "player", .text = "P1"};
        lp_run big = lp_solve(&dt_concept_minimax, two, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(big.status, DT_OK);
        char *first = NULL;
        for (int threads = 1; threads <= 4; threads *= 2) {
            lp_run run = lp_solve(&dt_concept_maximin, three, threads, 1, &only);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL_FATAL(run.result->securities, 1);
            CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
            const dt_security *s = &run.result->security[0];
            CU_ASSERT(lp_is(s->value, big.result->security[0].value.exact));
            char text[4096] = "";
            for (size_t i = 0; i < s->strategy.count; i++) {
                strcat(text, s->strategy.weight[i].probability.exact);
                strcat(text, " ");
            }
            if (first)
                CU_ASSERT_STRING_EQUAL(first, text)
            else
                first = strdup(text);
            lp_close(&run);
        }
        free(first);
        lp_close(&big);
        dt_game_free(three);
        dt_game_free(two);
    }
    free(payoff);
    free(joint);
}

/* [[r, -1], [-1, r]] with r = sqrt(2): (1/2, 1/2), value (r - 1)/2; and a game with a saddle. */
static void irrational(void) {
    static const long a[] = {0, 0, -1, 1, -1, 1, 0, 0}, b[] = {1, -1, 0, 0, 0, 0, 1, -1};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, a, b);
    const dt_concept *both[] = {&dt_concept_maximin, &dt_concept_minimax};
    for (int c = 0; c < 2; c++) {
        lp_run run = lp_solve(both[c], &g.game, 2, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_BALL);
        double truth = (sqrt(2) - 1) / 2;
        for (size_t p = 0; p < 2; p++) {
            dt_number value = run.result->security[p].value;
            CU_ASSERT(fabs(value.value - (p ? -truth : truth)) <= value.radius + 1e-16);
            CU_ASSERT(value.radius < 1e-15 && !value.exact);
            CU_ASSERT_DOUBLE_EQUAL(run.result->security[p].strategy.weight[0].probability.value,
                                   0.5, 1e-15);
        }
        lp_close(&run);
    }
    static const long p[] = {3, -3, 1, -1, 2, -2, 0, 0}, q[] = {0, 0, 1, -1, 0, 0, 0, 0};
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, p, q); /* [[3, 1 + r], [2, 0]]: saddle at 1 + r */
    lp_run run = lp_solve(&dt_concept_maximin, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_DOUBLE_EQUAL(run.result->security[0].value.value, 1 + sqrt(2), 1e-15);
    CU_ASSERT_EQUAL_FATAL(run.result->security[0].strategy.count, 1);
    CU_ASSERT(lp_is(run.result->security[0].strategy.weight[0].probability, "1"));
    lp_close(&run);
}

/* Random payoffs times sqrt(2), against the rational game: 400 rows, so rows are generated, and the
 * enclosure holds sqrt(2) × the exact value. */
static void irrational_rows(void) {
    enum { K = 6, O = 20 };
    static const long zero[3 * K * O * O] = {0};
    long payoff[3 * K * O * O];
    uint64_t state = 7;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 3 * K * O * O; i++)
            payoff[i] = lp_draw(&state, -20, round == 0 ? -18 : 20);
        lp_surd g;
        uint32_t size[] = {K, O, O};
        lp_surd_init(&g, 3, size, zero, payoff);
        dt_game *rational = lp_table(3, size, payoff, 1);
        dt_setting only[] = {{.key = "player", .text = "P1"}, {.key = "player", .text = "A"}};
        lp_run exact = lp_solve(&dt_concept_maximin, rational, 2, 1, &only[0]);
        CU_ASSERT_EQUAL_FATAL(exact.status, DT_OK);
        double truth = exact.result->security[0].value.value * sqrt(2), before = NAN;
        for (int threads = 1; threads <= 4; threads *= 2) {
            lp_run run = lp_solve(&dt_concept_maximin, &g.game, threads, 1, &only[1]);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_BALL);
            dt_number value = run.result->security[0].value;
            CU_ASSERT(fabs(value.value - truth) <= value.radius + 1e-14 * fabs(truth));
            CU_ASSERT(value.radius <= 1e-14 * fabs(truth));
            CU_ASSERT(threads == 1 || value.value == before);
            before = value.value;
            lp_close(&run);
        }
        lp_close(&exact);
        dt_game_free(rational);
    }
}

/* Two payoffs that are the same number, and doubles an ulp apart: what is left of the second after
 * the first, the best pure guarantee, was taken off once led GLPK to no answer. */
static void an_ulp_apart(void) {
    static const double a[4][3] = {{5.6568542494923832, -9.8994949366116671, -21.213203435596427},
                                   {-2.8284271247461916, 38.183766184073569, -2.8284271247461907},
                                   {42.426406871192853, -60.811183182043095, 46.669047558312137},
                                   {48.083261120685236, 1.4142135623730951, 38.183766184073569}};
    dt_payoff_table *table;
    CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(2, (uint32_t[]){3, 4}, NULL, &table), DT_OK);
    for (size_t k = 0; k < 12; k++)
        dt_payoff_table_of(table, 0)[k] = a[k % 4][k / 4], dt_payoff_table_of(table, 1)[k] = 0;
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &game), DT_OK);
    dt_setting only = {.key = "player", .text = "P1"};
    lp_run run = lp_solve(&dt_concept_maximin, game, 1, 1, &only);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    /* rows 1 and 2 of the table above hold P1 down to a mixture of strategies 1 and 2 */
    double p = (38.183766184073569 + 9.8994949366116671) /
               (38.183766184073569 + 9.8994949366116671 + 5.6568542494923832 + 2.8284271247461916);
    double v = p * 5.6568542494923832 - (1 - p) * 9.8994949366116671;
    CU_ASSERT_DOUBLE_EQUAL(run.result->security[0].value.value, v, 1e-12);
    lp_close(&run);
    dt_game_free(game);
}

/* The same game from 1e-9 to 1e9, and with a large constant added. */
static void scales(void) {
    static const long base[] = {3, 1, 0, 2};
    static const long divisors[] = {1, 1000000000};
    static const long factors[] = {1, 1000000000};
    static const long shifts[] = {0, 1000000007};
    for (int k = 0; k < 8; k++) {
        long f = factors[k & 1], d = divisors[k >> 1 & 1], s = shifts[k >> 2];
        long payoff[8];
        for (int i = 0; i < 4; i++) {
            payoff[2 * i] = base[i] * f + s;
            payoff[2 * i + 1] = -payoff[2 * i];
        }
        dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, d);
        lp_run run = lp_solve(&dt_concept_minimax, game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        fmpq_t v, want;
        fmpq_init(v);
        fmpq_init(want);
        lp_read(v, run.result->security[0].value);
        fmpq_set_si(want, 3 * f + 2 * s, (ulong)(2 * d)); /* (3/2 f + s) / d */
        CU_ASSERT(fmpq_equal(v, want));
        CU_ASSERT(lp_is(run.result->security[0].strategy.weight[0].probability, "1/2"));
        CU_ASSERT(lp_is(run.result->security[1].strategy.weight[0].probability, "1/4"));
        fmpq_clear(v);
        fmpq_clear(want);
        lp_close(&run);
        dt_game_free(game);
    }
}

/* Two rows share a double and differ by 1e-17, relatively: the exact check sees the lesser one, and
 * that such a pair of payoffs is not constant-sum. */
static void below_the_doubles(void) {
    enum { ROWS = 400 };
    const long third = 100000000000000000, divisor = 3 * third;
    long payoff[2 * ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        payoff[2 * i] = i == 10 ? third : i == 200 ? third - 1 : 5 * third;
        payoff[2 * i + 1] = i == 200 ? -third : -payoff[2 * i];
    }
    dt_game *game = lp_table(2, (uint32_t[]){1, ROWS}, payoff, divisor);
    dt_setting only = {.key = "player", .text = "P1"};
    lp_run run = lp_solve(&dt_concept_maximin, game, 2, 1, &only);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    CU_ASSERT(lp_is(run.result->security[0].value, "33333333333333333/100000000000000000"));
    lp_close(&run);
    run = lp_solve(&dt_concept_minimax, game, 2, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    lp_close(&run);
    dt_game_free(game);
}

static void does_not_apply(void) {
    static const long chicken[] = {6, 6, 2, 7, 7, 2, 0, 0};
    static const long three[16] = {0};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, chicken, 1);
    dt_game *more = lp_table(3, (uint32_t[]){2, 2, 1}, three, 1);
    lp_run run = lp_solve(&dt_concept_minimax, game, 1, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "constant-sum") != NULL);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "maximin") != NULL);
    lp_close(&run);
    run = lp_solve(&dt_concept_minimax, more, 1, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "3 players") != NULL);
    lp_close(&run);
    dt_setting nobody = {.key = "player", .text = "nobody"};
    run = lp_solve(&dt_concept_maximin, more, 1, 1, &nobody);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "nobody") != NULL);
    lp_close(&run);
    dt_game_free(game);
    dt_game_free(more);
}

int main(void) {
    static const dt_case cases[] = {
        {"matching pennies", matching_pennies},
        {"weighted rock-paper-scissors", weighted_rock_paper_scissors},
        {"random games: exact duality", random_duality},
        {"others act as one; threads", others_as_one},
        {"irrational payoffs", irrational},
        {"irrational payoffs, rows generated", irrational_rows},
        {"payoffs an ulp apart", an_ulp_apart},
        {"payoffs from 1e-9 to 1e9", scales},
        {"differences below the doubles", below_the_doubles},
        {"where it does not apply", does_not_apply},
    };
    int status = DT_RUN_SUITE("maximin", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
