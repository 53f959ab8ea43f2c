/* Correlated equilibria: best and worst, exact. SPDX: GPL-3.0-or-later */
#include "lp_games.h"

#include <flint/fmpq_mat.h>
#include <math.h>

#include "lp/lp.h"

/* The result for an objective and sense, or NULL. */
static const dt_result *find(const lp_run *run, const char *objective, const char *sense) {
    for (size_t i = 0; i < run->list->count; i++)
        if (strcmp(run->list->result[i]->objective, objective) == 0 &&
            strcmp(run->list->result[i]->sense, sense) == 0)
            return run->list->result[i];
    return NULL;
}

/* Checks by the definition, in rationals: a distribution that everyone obeys, paying what is said.
 */
static void check_equilibrium(const dt_game *game, const long *payoff, long divisor,
                              const dt_result *r) {
    size_t n = game->players;
    fmpq *p = _fmpq_vec_init((slong)game->profiles);
    fmpq_t sum, entry, total;
    fmpq_init(sum);
    fmpq_init(entry);
    fmpq_init(total);
    uint64_t before = 0;
    for (size_t a = 0; a < r->atoms; a++) {
        uint64_t at = dt_profile_index(game, r->atom[a].profile);
        CU_ASSERT(a == 0 || at > before);
        before = at;
        lp_read(p + at, r->atom[a].probability);
        CU_ASSERT(fmpq_sgn(p + at) > 0);
        fmpq_add(total, total, p + at);
    }
    CU_ASSERT(fmpq_is_one(total));
    fmpq_zero(total);
    for (size_t i = 0; i < n; i++) {
        fmpq_zero(sum);
        for (uint64_t s = 0; s < game->profiles; s++) {
            fmpq_set_si(entry, payoff[s * n + i], (ulong)divisor);
            fmpq_addmul(sum, entry, p + s);
        }
        lp_read(entry, r->payoff[i]);
        CU_ASSERT(fmpq_equal(entry, sum));
        if (strcmp(r->objective, "welfare") == 0 || strcmp(r->objective, game->player[i].name) == 0)
            fmpq_add(total, total, sum);
        for (uint32_t a = 0; a < game->player[i].strategies; a++)
            for (uint32_t b = 0; b < game->player[i].strategies; b++) {
                fmpq_zero(sum);
                for (uint64_t s = 0; s < game->profiles; s++) {
                    uint32_t profile[DT_MAX_PLAYERS];
                    dt_profile_decode(game, s, profile);
                    if (profile[i] != a)
                        continue;
                    profile[i] = b;
                    uint64_t t = dt_profile_index(game, profile);
                    fmpq_set_si(entry, payoff[s * n + i] - payoff[t * n + i], 1);
                    fmpq_addmul(sum, entry, p + s);
                }
                CU_ASSERT(fmpq_sgn(sum) >= 0);
            }
    }
    lp_read(entry, r->value);
    CU_ASSERT(fmpq_equal(entry, total));
    fmpq_clear(sum);
    fmpq_clear(entry);
    fmpq_clear(total);
    _fmpq_vec_clear(p, (slong)game->profiles);
}

/* Aumann 1974: chicken. Half (6, 6), a quarter each (2, 7) and (7, 2). */
static void chicken(void) {
    static const long payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_correlated, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.list->count, 6);
    const dt_result *best = find(&run, "welfare", "max");
    CU_ASSERT_PTR_NOT_NULL_FATAL(best);
    CU_ASSERT(lp_is(best->value, "21/2"));
    CU_ASSERT_EQUAL(best->certificate, DT_CERT_EXACT);
    CU_ASSERT_EQUAL_FATAL(best->atoms, 3);
    CU_ASSERT(lp_is(best->atom[0].probability, "1/2"));
    CU_ASSERT(lp_is(best->atom[1].probability, "1/4"));
    CU_ASSERT(lp_is(best->payoff[0], "21/4") && lp_is(best->payoff[1], "21/4"));
    CU_ASSERT(lp_is(find(&run, "P1", "max")->value, "7")); /* the pure equilibrium (7, 2) */
    CU_ASSERT(lp_is(find(&run, "P2", "min")->value, "2"));
    for (size_t i = 0; i < run.list->count; i++)
        check_equilibrium(game, payoff, 1, run.list->result[i]);
    lp_close(&run);
    dt_setting two[] = {{.key = "objective", .text = "P2"}, {.key = "sense", .text = "max"}};
    run = lp_solve(&dt_concept_correlated, game, 1, 2, two);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(run.list->count == 1 && lp_is(run.result->value, "7"));
    lp_close(&run);
    dt_setting wrong = {.key = "objective", .text = "wealth"};
    run = lp_solve(&dt_concept_correlated, game, 1, 1, &wrong);
    CU_ASSERT(run.status == DT_ERR_INPUT && run.list->count == 0);
    lp_close(&run);
    dt_game_free(game);
}

/* Moulin and Vial 1978: the Nash equilibrium pays 1 each, correlation off the diagonal 3/2 each. */
static void moulin_vial(void) {
    static const long payoff[] = {0, 0, 1, 2, 2, 1, 2, 1, 0, 0, 1, 2, 1, 2, 2, 1, 0, 0};
    dt_game *game = lp_table(2, (uint32_t[]){3, 3}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_correlated, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(find(&run, "welfare", "max")->value, "3"));
    CU_ASSERT(lp_is(find(&run, "welfare", "min")->value, "2"));
    for (size_t i = 0; i < run.list->count; i++)
        check_equilibrium(game, payoff, 1, run.list->result[i]);
    lp_close(&run);
    dt_game_free(game);
}

/* In a zero-sum game every correlated equilibrium pays the value (Aumann 1974); a
 * dominance-solvable game has one. */
static void forced(void) {
    static const long pennies[] = {1, -1, -1, 1, -1, 1, 1, -1};
    static const long dilemma[] = {3, 3, 0, 4, 4, 0, 1, 1};
    const long *payoff[] = {pennies, dilemma};
    for (size_t g = 0; g < 2; g++) {
        dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff[g], 1);
        lp_run run = lp_solve(&dt_concept_correlated, game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        for (size_t i = 0; i < run.list->count; i++) {
            const dt_result *r = run.list->result[i];
            check_equilibrium(game, payoff[g], 1, r);
            CU_ASSERT(lp_is(r->payoff[0], g ? "1" : "0") && lp_is(r->payoff[1], g ? "1" : "0"));
            CU_ASSERT_EQUAL(r->atoms, g ? 1 : 4);
        }
        lp_close(&run);
        dt_game_free(game);
    }
}

enum { MOST_PROFILES = 8, MOST_ROWS = 16 };

/* The best of sum c p over all vertices of the correlated equilibria, in rationals. */
static void brute_force(const dt_game *game, const long *payoff, const long *cost, fmpq_t best) {
    size_t n = (size_t)game->profiles, rows = 0, players = game->players;
    long a[MOST_ROWS][MOST_PROFILES] = {{0}};
    for (size_t i = 0; i < players; i++)
        for (uint32_t from = 0; from < game->player[i].strategies; from++)
            for (uint32_t to = 0; to < game->player[i].strategies; to++) {
                if (from == to)
                    continue;
                for (size_t s = 0; s < n; s++) {
                    uint32_t profile[DT_MAX_PLAYERS];
                    dt_profile_decode(game, s, profile);
                    if (profile[i] != from)
                        continue;
                    profile[i] = to;
                    a[rows][s] = payoff[s * players + i] -
                                 payoff[dt_profile_index(game, profile) * players + i];
                }
                rows++;
            }
    fmpq_mat_t m, b, x;
    fmpq_mat_init(m, (slong)n, (slong)n);
    fmpq_mat_init(b, (slong)n, 1);
    fmpq_mat_init(x, (slong)n, 1);
    fmpq_one(fmpq_mat_entry(b, 0, 0));
    fmpq_t sum, entry;
    fmpq_init(sum);
    fmpq_init(entry);
    bool found = false;
    for (unsigned set = 0; set < 1u << (rows + n); set++) {
        if (__builtin_popcount(set) != (int)n - 1)
            continue;
        for (size_t s = 0; s < n; s++)
            fmpq_one(fmpq_mat_entry(m, 0, (slong)s));
        slong at = 1;
        for (size_t l = 0; l < rows + n; l++) {
            if (!(set >> l & 1))
                continue;
            for (size_t s = 0; s < n; s++)
                fmpq_set_si(fmpq_mat_entry(m, at, (slong)s), l < rows ? a[l][s] : l - rows == s, 1);
            at++;
        }
        if (!fmpq_mat_solve_fraction_free(x, m, b))
            continue;
        bool feasible = true;
        for (size_t s = 0; s < n && feasible; s++)
            feasible = fmpq_sgn(fmpq_mat_entry(x, (slong)s, 0)) >= 0;
        for (size_t r = 0; r < rows && feasible; r++) {
            fmpq_zero(sum);
            for (size_t s = 0; s < n; s++) {
                fmpq_set_si(entry, a[r][s], 1);
                fmpq_addmul(sum, entry, fmpq_mat_entry(x, (slong)s, 0));
            }
            feasible = fmpq_sgn(sum) >= 0;
        }
        if (!feasible)
            continue;
        fmpq_zero(sum);
        for (size_t s = 0; s < n; s++) {
            fmpq_set_si(entry, cost[s], 1);
            fmpq_addmul(sum, entry, fmpq_mat_entry(x, (slong)s, 0));
        }
        if (!found || fmpq_cmp(sum, best) > 0)
            fmpq_set(best, sum);
        found = true;
    }
    CU_ASSERT(found);
    fmpq_clear(sum);
    fmpq_clear(entry);
    fmpq_mat_clear(m);
    fmpq_mat_clear(b);
    fmpq_mat_clear(x);
}

static void random_against_vertices(void) {
    static const uint32_t sizes[][3] = {{2, 2, 1}, {2, 3, 1}, {2, 2, 2}};
    uint64_t state = 77;
    fmpq_t best, value;
    fmpq_init(best);
    fmpq_init(value);
    for (int round = 0; round < 24; round++) {
        const uint32_t *size = sizes[round % 3];
        size_t players = round % 3 == 2 ? 3 : 2;
        long payoff[24], cost[MOST_PROFILES], range = round < 12 ? 3 : 20;
        dt_game *game;
        size_t n = size[0] * size[1] * size[2];
        for (size_t i = 0; i < n * players; i++)
            payoff[i] = lp_draw(&state, -range, range);
        game = lp_table(players, size, payoff, 1);
        lp_run run = lp_solve(&dt_concept_correlated, game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.list->count, 2 + 2 * players);
        for (size_t i = 0; i < run.list->count; i++) {
            const dt_result *r = run.list->result[i];
            int sign = i % 2 ? -1 : 1;
            CU_ASSERT_EQUAL(r->certificate, DT_CERT_EXACT);
            check_equilibrium(game, payoff, 1, r);
            for (size_t s = 0; s < n; s++) {
                cost[s] = 0;
                for (size_t p = 0; p < players; p++)
                    if (i / 2 == 0 || i / 2 == p + 1)
                        cost[s] += sign * payoff[s * players + p];
            }
            brute_force(game, payoff, cost, best);
            lp_read(value, r->value);
            if (sign < 0)
                fmpq_neg(value, value);
            CU_ASSERT(fmpq_equal(value, best));
        }
        lp_close(&run);
        dt_game_free(game);
    }
    fmpq_clear(best);
    fmpq_clear(value);
}

/* The whole LP at once, in doubles, against the generated columns. */
static double whole_lp(const dt_game *game, const long *payoff, bool least) {
    size_t n = game->players, rows = 1, first[4];
    dt_lp *lp;
    dt_lp_outcome outcome;
    for (size_t i = 0; i < n; i++) {
        first[i] = rows;
        rows += game->player[i].strategies * game->player[i].strategies;
    }
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(least ? DT_LP_MIN : DT_LP_MAX, &lp), DT_OK);
    for (size_t r = 0; r < rows; r++)
        dt_lp_add_row(lp, r == 0, r == 0 ? 1 : INFINITY, 0, NULL, NULL);
    for (uint64_t s = 0; s < game->profiles; s++) {
        size_t row[64], entries = 1;
        double value[64] = {1}, cost = 0;
        uint32_t profile[4];
        row[0] = 0;
        for (size_t i = 0; i < n; i++) {
            dt_profile_decode(game, s, profile);
            uint32_t a = profile[i];
            cost += (double)payoff[s * n + i];
            for (uint32_t b = 0; b < game->player[i].strategies; b++) {
                profile[i] = b;
                row[entries] = first[i] + a * game->player[i].strategies + b;
                value[entries++] =
                    (double)(payoff[s * n + i] - payoff[dt_profile_index(game, profile) * n + i]);
            }
        }
        dt_lp_add_column(lp, 0, INFINITY, cost, entries, row, value);
    }
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    double best = dt_lp_value(lp);
    dt_lp_free(lp);
    return best;
}

static void generated_columns(void) {
    static const uint32_t sizes[][4] = {{4, 4, 4, 1}, {3, 3, 3, 3}, {9, 9, 1, 1}};
    static const size_t players[] = {3, 4, 2};
    uint64_t state = 4242;
    for (int round = 0; round < 6; round++) {
        const uint32_t *size = sizes[round % 3];
        size_t n = players[round % 3], profiles = 1;
        for (size_t i = 0; i < n; i++)
            profiles *= size[i];
        long payoff[4 * 256];
        long range = round < 3 ? 100 : 2; /* few ties, or many */
        for (size_t i = 0; i < profiles * n; i++)
            payoff[i] = lp_draw(&state, 0, range);
        dt_game *game = lp_table(n, size, payoff, 1);
        char *first = NULL;
        for (int threads = 1; threads <= 4; threads *= 2) {
            lp_run run = lp_solve(&dt_concept_correlated, game, threads, 0, NULL);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            char text[20000] = "";
            for (size_t i = 0; i < run.list->count; i++) {
                const dt_result *r = run.list->result[i];
                CU_ASSERT_EQUAL(r->certificate, DT_CERT_EXACT);
                if (threads == 1)
                    check_equilibrium(game, payoff, 1, r);
                for (size_t a = 0; a < r->atoms && strlen(text) < 19000; a++)
                    strncat(text, r->atom[a].probability.exact, 500);
            }
            if (threads == 1) {
                CU_ASSERT_DOUBLE_EQUAL(find(&run, "welfare", "max")->value.value,
                                       whole_lp(game, payoff, false), 1e-6);
                CU_ASSERT_DOUBLE_EQUAL(find(&run, "welfare", "min")->value.value,
                                       whole_lp(game, payoff, true), 1e-6);
                first = strdup(text);
            }
            CU_ASSERT_STRING_EQUAL(first, text);
            lp_close(&run);
        }
        free(first);
        dt_game_free(game);
    }
}

/* Chicken times sqrt(2), and chicken with (7, 2) raised to (5 sqrt(2), 2): balls. */
static void irrational(void) {
    static const long zero[8] = {0}, payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    static const long a[] = {6, 6, 2, 0, 0, 2, 0, 0}, b[] = {0, 0, 0, 5, 5, 0, 0, 0};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, zero, payoff);
    lp_run run = lp_solve(&dt_concept_correlated, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    const dt_result *r = find(&run, "welfare", "max");
    CU_ASSERT_EQUAL(r->certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(r->value.value, 10.5 * sqrt(2), 1e-14);
    CU_ASSERT(r->value.radius < 1e-14 && !r->value.exact);
    CU_ASSERT(r->atoms == 3 && fabs(r->atom[0].probability.value - 0.5) < 1e-15);
    for (size_t i = 0; i < run.list->count; i++)
        CU_ASSERT_EQUAL(run.list->result[i]->certificate, DT_CERT_BALL);
    lp_close(&run);
    /* p(CC) : p(CD) with (c - 6) p(CC) = 2 p(CD), c = 5 sqrt(2) */
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, a, b);
    run = lp_solve(&dt_concept_correlated, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    r = find(&run, "welfare", "max");
    double c = 5 * sqrt(2), cd = (c - 6) / 2, truth = (12 + 2 * cd * (2 + c)) / (1 + 2 * cd);
    CU_ASSERT_EQUAL(r->certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(r->value.value, truth, 1e-13);
    lp_close(&run);
}

static void too_large(void) {
    enum { K = 250 };
    long *payoff = calloc(2 * K * K, sizeof *payoff);
    dt_game *game = lp_table(2, (uint32_t[]){K, K}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_correlated, game, 2, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "62500 profiles") != NULL);
    lp_close(&run);
    dt_game_free(game);
    free(payoff);
}

int main(void) {
    static const dt_case cases[] = {
        {"Aumann's chicken", chicken},
        {"Moulin and Vial", moulin_vial},
        {"zero-sum and dominance-solvable", forced},
        {"random games against all vertices", random_against_vertices},
        {"generated columns, any threads", generated_columns},
        {"irrational payoffs", irrational},
        {"refused when too large", too_large},
    };
    int status = DT_RUN_SUITE("correlated", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
