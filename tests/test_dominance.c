/* Iterated strict dominance, pure and mixed. SPDX: GPL-3.0-or-later */
#include "lp_games.h"

#include <flint/fmpq_mat.h>

#include "equilibrium/dominance.h"
#include "lp/lp.h"
#include "random_formulas.h"

/* Each strategy one of two dominates in the prisoner's dilemma (Tucker 1950), in one round. */
static void prisoners(void) {
    static const long payoff[] = {3, 3, 0, 4, 4, 0, 1, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_dominance, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    CU_ASSERT_EQUAL_FATAL(run.result->eliminations, 2);
    for (size_t p = 0; p < 2; p++) {
        const dt_elimination *e = &run.result->elimination[p];
        CU_ASSERT(e->round == 1 && e->player == p && e->strategy == 0);
        CU_ASSERT(e->by.count == 1 && e->by.weight[0].strategy == 1);
        CU_ASSERT(lp_is(e->by.weight[0].probability, "1"));
        CU_ASSERT(run.result->remaining[p] == 1 && run.result->remaining_strategy[p][0] == 1);
    }
    lp_close(&run);
    dt_game_free(game);
}

/* Fudenberg and Tirole 1991, section 1.1: no pure strategy dominates M, half U and half D does. */
static void only_a_mixture(void) {
    static const long payoff[] = {2, 0, -1, 0, 0, 0, 0, 0, -1, 0, 2, 0};
    dt_game *game = lp_table(2, (uint32_t[]){3, 2}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_dominance, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->eliminations, 1);
    const dt_elimination *e = &run.result->elimination[0];
    CU_ASSERT(e->player == 0 && e->strategy == 1 && e->by.count == 2);
    CU_ASSERT(e->by.weight[0].strategy == 0 && lp_is(e->by.weight[0].probability, "1/2"));
    CU_ASSERT(e->by.weight[1].strategy == 2 && lp_is(e->by.weight[1].probability, "1/2"));
    lp_close(&run);
    dt_game_free(game);
}

/* Gibbons 1992, figure 1.1.1: right, then down, then left. */
static void three_rounds(void) {
    static const long payoff[] = {1, 0, 1, 2, 0, 1, 0, 3, 0, 1, 2, 0};
    static const size_t player[] = {1, 0, 1};
    static const uint32_t strategy[] = {2, 1, 0}, by[] = {1, 0, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 3}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_dominance, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->eliminations, 3);
    for (size_t i = 0; i < 3; i++) {
        const dt_elimination *e = &run.result->elimination[i];
        CU_ASSERT(e->round == i + 1 && e->player == player[i] && e->strategy == strategy[i]);
        CU_ASSERT(e->by.count == 1 && e->by.weight[0].strategy == by[i]);
    }
    lp_close(&run);
    dt_game_free(game);
}

/* Weak dominance eliminates nothing, nor does a mixture that only ties. */
static void ties_stay(void) {
    static const long weak[] = {1, 0, 1, 0, 1, 0, 0, 0};
    static const long tied[] = {2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 2, 0};
    static const long thirds[] = {
        3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0,
        0, 0, 0, 0, 3, 0, 1, 0, 1, 0, 1, 0}; /* the fourth ties a third each */
    dt_game *games[] = {lp_table(2, (uint32_t[]){2, 2}, weak, 1),
                        lp_table(2, (uint32_t[]){3, 2}, tied, 3),
                        lp_table(2, (uint32_t[]){4, 3}, thirds, 7)};
    for (size_t g = 0; g < 3; g++) {
        lp_run run = lp_solve(&dt_concept_dominance, games[g], 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->eliminations, 0);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        lp_close(&run);
        dt_game_free(games[g]);
    }
}

/* A hair below the tie it goes: the LP's doubles cannot see it, the rationals do. */
static void a_hair(void) {
    long payoff[24] = {0};
    const long unit = 1000000000000; /* payoffs 3, 0 and 1 - 1e-12 */
    for (size_t i = 0; i < 3; i++) {
        payoff[2 * (3 * i + i)] = 3 * unit;
        payoff[2 * (9 + i)] = unit - 1;
    }
    dt_game *game = lp_table(2, (uint32_t[]){4, 3}, payoff, unit);
    lp_run run = lp_solve(&dt_concept_dominance, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->eliminations, 1);
    CU_ASSERT_EQUAL(run.result->elimination[0].strategy, 3);
    CU_ASSERT_EQUAL_FATAL(run.result->elimination[0].by.count, 3);
    CU_ASSERT(lp_is(run.result->elimination[0].by.weight[1].probability, "1/3"));
    lp_close(&run);
    dt_game_free(game);
}

enum { SIZE = 4 };

/* Is the first of n strategies strictly dominated by a mixture of the others? The largest e over
 * all vertices of { x >= 0, sum x = 1, gain(r) x >= e }, in rationals. gain[others][rows] */
static bool dominated(const long gain[SIZE][SIZE * SIZE], size_t others, size_t rows) {
    size_t limits = rows + others, n = others + 1; /* unknowns: x and e */
    bool found = false;
    fmpq_mat_t a, b, z;
    fmpq_mat_init(a, (slong)n, (slong)n);
    fmpq_mat_init(b, (slong)n, 1);
    fmpq_mat_init(z, (slong)n, 1);
    fmpq_t sum, entry;
    fmpq_init(sum);
    fmpq_init(entry);
    for (unsigned set = 0; set < 1u << limits && !found; set++) {
        if (__builtin_popcount(set) != (int)others)
            continue;
        fmpq_mat_zero(a);
        fmpq_mat_zero(b);
        slong at = 1;
        for (size_t t = 0; t < others; t++)
            fmpq_one(fmpq_mat_entry(a, 0, (slong)t));
        fmpq_one(fmpq_mat_entry(b, 0, 0));
        for (size_t l = 0; l < limits; l++) {
            if (!(set >> l & 1))
                continue;
            for (size_t t = 0; t < others; t++)
                fmpq_set_si(fmpq_mat_entry(a, at, (slong)t), l < rows ? gain[t][l] : l - rows == t,
                            1);
            fmpq_set_si(fmpq_mat_entry(a, at, (slong)others), l < rows ? -1 : 0, 1);
            at++;
        }
        if (!fmpq_mat_solve_fraction_free(z, a, b))
            continue;
        bool feasible = fmpq_sgn(fmpq_mat_entry(z, (slong)others, 0)) > 0;
        for (size_t t = 0; t < others; t++)
            feasible = feasible && fmpq_sgn(fmpq_mat_entry(z, (slong)t, 0)) >= 0;
        for (size_t r = 0; r < rows && feasible; r++) {
            fmpq_zero(sum);
            for (size_t t = 0; t < others; t++) {
                fmpq_set_si(entry, gain[t][r], 1);
                fmpq_addmul(sum, entry, fmpq_mat_entry(z, (slong)t, 0));
            }
            feasible = fmpq_cmp(sum, fmpq_mat_entry(z, (slong)others, 0)) >= 0;
        }
        found = feasible;
    }
    fmpq_clear(sum);
    fmpq_clear(entry);
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
    fmpq_mat_clear(z);
    return found;
}

/* The first of the others that is better in all rows; `others` if none is. */
static size_t first_pure(const long gain[SIZE][SIZE * SIZE], size_t others, size_t rows) {
    for (size_t t = 0; t < others; t++) {
        bool better = true;
        for (size_t r = 0; r < rows; r++)
            better = better && gain[t][r] > 0;
        if (better)
            return t;
    }
    return others;
}

/* The lowest-numbered pure dominator must be named, and a mixture only where there is none. */
static void check_named(const dt_mixture *by, size_t first, uint32_t s, const bool *left) {
    size_t other = 0, others = 0;
    for (uint32_t t = 0; t < SIZE; t++) {
        if (t == s || !left[t])
            continue;
        others++;
        if (other++ == first)
            CU_ASSERT(by->count == 1 && by->weight[0].strategy == t);
    }
    CU_ASSERT(first < others || by->count > 1);
}

/* Are two eliminations the same but for the mixture named? */
static bool alike(const dt_eliminated *a, const dt_elimination *b) {
    return a->round == b->round && a->player == b->player && a->strategy == b->strategy &&
           (a->count == 1) == (b->by.count == 1) &&
           (a->count > 1 || a->by[0] == b->by.weight[0].strategy);
}

/* With one row known, everything rests on claims that are broken or hold: the same is found. */
static void same_whatever_is_known(const dt_game *game, const dt_result *result, int threads) {
    dt_dominance d;
    dt_control control = {.threads = threads};
    CU_ASSERT_EQUAL_FATAL(
        dt_dominance_reduce_within(game, DT_DOMINANCE_ROUNDS, 0, &control, NULL, &d), DT_OK);
    CU_ASSERT_EQUAL_FATAL(d.count, result->eliminations);
    for (size_t i = 0; i < d.count; i++)
        CU_ASSERT(alike(&d.eliminated[i], &result->elimination[i]));
    for (size_t p = 0; p < game->players; p++)
        CU_ASSERT_EQUAL(d.left.count[p], result->remaining[p]);
    dt_dominance_clear(&d);
}

/* Random games of two and three players, payoffs 0..5, against the definition. */
static void random_against_definition(void) {
    uint64_t seed = 5;
    size_t eliminated = 0, by_mixture = 0;
    for (int round = 0; round < 150; round++) {
        size_t players = round % 3 ? 2 : 3;
        uint32_t size[3] = {1, 1, 1};
        size_t profiles = 1;
        for (size_t p = 0; p < players; p++) {
            size[p] = (uint32_t)lp_draw(&seed, 1, players == 2 ? SIZE : 3);
            profiles *= size[p];
        }
        long payoff[3 * SIZE * SIZE * SIZE];
        for (size_t i = 0; i < profiles * players; i++)
            payoff[i] = lp_draw(&seed, 0, 5);
        dt_game *game = lp_table(players, size, payoff, 4);
        lp_run run = lp_solve(&dt_concept_dominance, game, 1 + round % 2, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        bool left[3][SIZE] = {{false}};
        for (size_t p = 0; p < players; p++)
            for (size_t s = 0; s < size[p]; s++)
                left[p][s] = true;
        size_t next = 0;
        for (size_t turn = 1, changed = 1; changed; turn++) {
            bool goes[3][SIZE] = {{false}};
            changed = 0;
            for (size_t p = 0; p < players; p++)
                for (uint32_t s = 0; s < size[p]; s++) {
                    long gain[SIZE][SIZE * SIZE];
                    size_t others = 0, rows = 0;
                    if (!left[p][s])
                        continue;
                    for (uint32_t t = 0; t < size[p]; t++) {
                        if (t == s || !left[p][t])
                            continue;
                        rows = 0;
                        for (size_t i = 0; i < profiles; i++) {
                            uint32_t profile[3];
                            dt_profile_decode(game, i, profile);
                            bool in = profile[p] == s;
                            for (size_t o = 0; o < players; o++)
                                in = in && left[o][profile[o]];
                            if (!in)
                                continue;
                            profile[p] = t;
                            gain[others][rows++] =
                                payoff[dt_profile_index(game, profile) * players + p] -
                                payoff[i * players + p];
                        }
                        others++;
                    }
                    if (!others || !dominated(gain, others, rows))
                        continue;
                    goes[p][s] = true;
                    changed = 1;
                    CU_ASSERT_FATAL(next < run.result->eliminations);
                    const dt_elimination *e = &run.result->elimination[next++];
                    CU_ASSERT(e->round == turn && e->player == p && e->strategy == s);
                    eliminated++;
                    by_mixture += e->by.count > 1;
                    check_named(&e->by, first_pure(gain, others, rows), s, left[p]);
                    /* What is said to dominate does, with what was left. */
                    fmpq *x = lp_weights(&e->by, size[p]);
                    fmpq_t sum, entry, total;
                    fmpq_init(sum);
                    fmpq_init(entry);
                    fmpq_init(total);
                    for (size_t r = 0; r < rows; r++) {
                        size_t o = 0;
                        fmpq_zero(sum);
                        fmpq_zero(total);
                        for (uint32_t t = 0; t < size[p]; t++) {
                            fmpq_add(total, total, x + t);
                            if (t == s || !left[p][t])
                                continue;
                            fmpq_set_si(entry, gain[o++][r], 1);
                            fmpq_addmul(sum, entry, x + t);
                        }
                        CU_ASSERT(fmpq_sgn(sum) > 0 && fmpq_is_one(total));
                    }
                    fmpq_clear(sum);
                    fmpq_clear(entry);
                    fmpq_clear(total);
                    _fmpq_vec_clear(x, (slong)size[p]);
                }
            for (size_t p = 0; p < players; p++)
                for (size_t s = 0; s < size[p]; s++)
                    left[p][s] = left[p][s] && !goes[p][s];
        }
        CU_ASSERT_EQUAL(next, run.result->eliminations);
        same_whatever_is_known(game, run.result, 1 + round % 3);
        dt_dominance any; /* the order does not matter for what is left */
        CU_ASSERT_EQUAL(dt_dominance_reduce(game, DT_DOMINANCE_ANY, NULL, NULL, &any), DT_OK);
        for (size_t p = 0; p < players; p++) {
            CU_ASSERT_EQUAL(any.left.count[p], run.result->remaining[p]);
            for (uint32_t k = 0; k < any.left.count[p]; k++)
                CU_ASSERT(left[p][any.left.strategy[p][k]]);
        }
        dt_dominance_clear(&any);
        lp_close(&run);
        dt_game_free(game);
    }
    CU_ASSERT(eliminated > 100 && by_mixture > 5);
}

/* The lowest-numbered pure dominator is named, also behind many strategies (sorted rows, several
 * words of bits) and whatever the threads. */
static void many_strategies(void) {
    enum { N = 150, R = 40 };
    uint64_t seed = 31;
    long *payoff = malloc(2 * N * R * sizeof *payoff);
    for (size_t s = 0; s < N; s++)
        for (size_t r = 0; r < R; r++) {
            payoff[2 * (s * R + r)] = lp_draw(&seed, 0, 9);
            payoff[2 * (s * R + r) + 1] = 0;
        }
    for (size_t r = 0; r < R; r++) /* 70 and 140 beat 10, 140 and 149 beat 70 */
        for (size_t k = 0; k < 4; k++) {
            static const size_t who[] = {10, 70, 140, 149};
            payoff[2 * (who[k] * R + r)] = 2 + (long)k * 3 + (long)(r % 2) * (k == 3 ? -2 : 0);
        }
    dt_game *game = lp_table(2, (uint32_t[]){N, R}, payoff, 10);
    for (int threads = 1; threads <= 4; threads *= 2) {
        dt_dominance d;
        dt_control control = {.threads = threads};
        CU_ASSERT_EQUAL_FATAL(dt_dominance_reduce(game, DT_DOMINANCE_ROUNDS, &control, NULL, &d),
                              DT_OK);
        bool ten = false, seventy = false;
        for (size_t i = 0; i < d.count; i++) {
            const dt_eliminated *e = &d.eliminated[i];
            if (e->strategy == 10) {
                ten = true;
                CU_ASSERT(e->count == 1 && e->by[0] == 70);
            }
            if (e->strategy == 70) {
                seventy = true;
                CU_ASSERT(e->count == 1 && e->by[0] == 140);
            }
        }
        CU_ASSERT(ten && seventy && !d.undecided);
        CU_ASSERT_EQUAL(d.left.count[0] + d.count, N);
        dt_dominance_clear(&d);
    }
    dt_game_free(game);
    free(payoff);
}

/* Formula games: claims are decided by boxes where there are bounds over them, also among the
 * strategies that earlier rounds have left; and the answer, mixtures included, does not depend on
 * the number of threads. */
static void formulas_by_boxes(void) {
    size_t eliminated = 0, boxes = 0;
    for (int k = 0; k < 60; k++) {
        formula_game g = random_game(k % 2, 2);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        if (g.game->model->boxes(g.game->self)) { /* the payoffs are known to exist */
            lp_run run = lp_solve(&dt_concept_dominance, g.game, 1, 0, NULL);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            if (run.result->certificate != DT_CERT_NUMERIC)
                same_whatever_is_known(g.game, run.result, 1 + k % 3);
            dt_dominance one, three;
            dt_control single = {.threads = 1}, many = {.threads = 3};
            CU_ASSERT_EQUAL_FATAL(
                dt_dominance_reduce_within(g.game, DT_DOMINANCE_ROUNDS, 0, &single, NULL, &one),
                DT_OK);
            CU_ASSERT_EQUAL_FATAL(
                dt_dominance_reduce_within(g.game, DT_DOMINANCE_ROUNDS, 0, &many, NULL, &three),
                DT_OK);
            CU_ASSERT_EQUAL_FATAL(one.count, three.count);
            for (size_t i = 0; i < one.count; i++) {
                const dt_eliminated *a = &one.eliminated[i], *b = &three.eliminated[i];
                CU_ASSERT_EQUAL_FATAL(a->count, b->count);
                for (size_t j = 0; j < a->count; j++)
                    CU_ASSERT(a->by[j] == b->by[j] && fmpq_equal(a->weight + j, b->weight + j));
            }
            eliminated += one.count;
            boxes++;
            dt_dominance_clear(&one);
            dt_dominance_clear(&three);
            lp_close(&run);
        }
        free_game(&g);
    }
    CU_ASSERT(eliminated > 20 && boxes > 20);
}

/* Of more rows than are sampled, one decides: where s and t tie nothing goes, where s pays more by
 * one nothing goes, else s does. */
static void a_needle(void) {
    enum { R = 60011, N = 6 };
    uint32_t size[2] = {N, R};
    for (long gain = -1; gain <= 1; gain++) {
        dt_payoff_table *table;
        CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(2, size, NULL, &table), DT_OK);
        double *mine = dt_payoff_table_of(table, 0), *yours = dt_payoff_table_of(table, 1);
        for (size_t s = 0; s < N; s++)
            for (size_t r = 0; r < R; r++) {
                mine[s * R + r] = s < 2 ? (double)s : r % (N - 2) + 2 == s ? 2.5 : -1;
                yours[s * R + r] = 1;
            }
        for (size_t s = 1; s < N; s++)
            mine[s * R + 41234] = s == 1 ? (double)gain : -1;
        dt_game *game;
        CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &game), DT_OK);
        for (int threads = 1; threads <= 2; threads++) {
            dt_dominance d;
            dt_control control = {.threads = threads};
            CU_ASSERT_EQUAL_FATAL(
                dt_dominance_reduce(game, DT_DOMINANCE_ROUNDS, &control, NULL, &d), DT_OK);
            CU_ASSERT_EQUAL_FATAL(d.count, gain > 0 ? 1 : 0);
            if (d.count)
                CU_ASSERT(d.eliminated[0].strategy == 0 && d.eliminated[0].by[0] == 1);
            dt_dominance_clear(&d);
        }
        dt_game_free(game);
    }
}

/* sqrt(2) against 1.414 and 1.415: decided by balls; equal surds tie by structure. */
static void irrational(void) {
    /* rows r, 2 columns; u = a + b sqrt(2), scaled by 1000 */
    static const long a[] = {0, 0, 0, 0, 1414, 0, 1414, 0, 1415, 0, 0, 0};
    static const long b[] = {1000, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 1000, 0};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){3, 2}, a, b);
    lp_run run = lp_solve(&dt_concept_dominance, &g.game, 2, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_BALL);
    CU_ASSERT_EQUAL_FATAL(run.result->eliminations, 1); /* the third only weakly beats the first */
    CU_ASSERT_EQUAL(run.result->elimination[0].strategy, 1);
    CU_ASSERT_EQUAL(run.result->elimination[0].by.weight[0].strategy, 0);
    lp_close(&run);
}

int main(void) {
    static const dt_case cases[] = {
        {"prisoner's dilemma", prisoners},
        {"only a mixture dominates", only_a_mixture},
        {"three rounds", three_rounds},
        {"ties stay", ties_stay},
        {"a hair below the tie goes", a_hair},
        {"random games against the definition", random_against_definition},
        {"many strategies, any threads", many_strategies},
        {"formulas, by boxes", formulas_by_boxes},
        {"a needle in many rows", a_needle},
        {"irrational payoffs", irrational},
    };
    int status = DT_RUN_SUITE("dominance", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
