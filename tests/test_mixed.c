/* All equilibria of two-player games. SPDX: GPL-3.0-or-later */
#include "lp_games.h"
#include "mixed_brute.h"

#include <math.h>
#include <stdio.h>

#include "equilibrium/mixed/search.h"

static dt_game *table_of(const mb_game *g, long divisor) {
    long payoff[2 * MB_SIZE * MB_SIZE];
    uint32_t size[2] = {(uint32_t)g->size[0], (uint32_t)g->size[1]};
    for (size_t i = 0; i < g->size[0]; i++)
        for (size_t j = 0; j < g->size[1]; j++) {
            payoff[2 * (i * g->size[1] + j)] = g->u[0][i][j];
            payoff[2 * (i * g->size[1] + j) + 1] = g->u[1][j][i];
        }
    return lp_table(2, size, payoff, divisor);
}

static void fill(mb_game *g, size_t m, size_t n, const long *a, const long *b) {
    *g = (mb_game){.size = {m, n}};
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            g->u[0][i][j] = a[i * n + j];
            g->u[1][j][i] = b[i * n + j];
        }
}

/* Is item k the pair of these two strategies, written "1/2 0 1/2"? */
static bool is_pair(const dt_result *r, size_t k, const char *x, const char *y) {
    const char *want[2] = {x, y};
    for (size_t p = 0; p < 2; p++) {
        const dt_mixture *m = &r->item[k].mixture[p];
        char text[512];
        strcpy(text, want[p]);
        uint32_t strategy = 0;
        size_t seen = 0;
        for (char *word = strtok(text, " "); word; word = strtok(NULL, " "), strategy++) {
            if (strcmp(word, "0") == 0)
                continue;
            if (seen == m->count || m->weight[seen].strategy != strategy ||
                !lp_is(m->weight[seen].probability, word))
                return false;
            seen++;
        }
        if (seen != m->count)
            return false;
    }
    return true;
}

static lp_run solve(const mb_game *g, int threads) {
    dt_game *game = table_of(g, 1);
    lp_run run = lp_solve(&dt_concept_mixed_nash, game, threads, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
    dt_game_free(game);
    return run;
}

/* von Neumann and Morgenstern 1944, section 18; Luce and Raiffa 1957, section 5.3. */
static void small_classics(void) {
    mb_game g;
    fill(&g, 2, 2, (long[]){1, -1, -1, 1}, (long[]){-1, 1, 1, -1});
    lp_run run = solve(&g, 1);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    CU_ASSERT(is_pair(run.result, 0, "1/2 1/2", "1/2 1/2"));
    CU_ASSERT(lp_is(run.result->item[0].payoff[0], "0"));
    CU_ASSERT_EQUAL(run.result->item[0].certificate, DT_CERT_EXACT);
    lp_close(&run);

    fill(&g, 2, 2, (long[]){2, 0, 0, 1}, (long[]){1, 0, 0, 2});
    run = solve(&g, 1);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 3);
    CU_ASSERT(is_pair(run.result, 0, "1 0", "1 0"));
    CU_ASSERT(is_pair(run.result, 1, "2/3 1/3", "1/3 2/3"));
    CU_ASSERT(is_pair(run.result, 2, "0 1", "0 1"));
    CU_ASSERT(lp_is(run.result->item[1].payoff[0], "2/3"));
    CU_ASSERT(lp_is(run.result->item[1].payoff[1], "2/3"));
    CU_ASSERT_EQUAL(run.result->components, 3);
    CU_ASSERT_EQUAL(run.result->subsets, 3);
    lp_close(&run);

    fill(&g, 2, 2, (long[]){-1, -3, 0, -2}, (long[]){-1, 0, -3, -2}); /* prisoner's dilemma */
    run = solve(&g, 1);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    CU_ASSERT(is_pair(run.result, 0, "0 1", "0 1"));
    lp_close(&run);
}

/* Shapley 1964: fictitious play cycles, and the one equilibrium mixes all alike. */
static void shapley(void) {
    mb_game g;
    fill(&g, 3, 3, (long[]){1, 0, 0, 0, 1, 0, 0, 0, 1}, (long[]){0, 1, 0, 0, 0, 1, 1, 0, 0});
    lp_run run = solve(&g, 2);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    CU_ASSERT(is_pair(run.result, 0, "1/3 1/3 1/3", "1/3 1/3 1/3"));
    CU_ASSERT(lp_is(run.result->item[0].payoff[1], "1/3"));
    lp_close(&run);
}

/* The coordination game of n strategies: one equilibrium for each support (Quint and Shubik 1997,
 * whose bound 2^n - 1 it reaches). */
static void coordination(void) {
    for (size_t n = 1; n <= 10; n++) {
        mb_game g = {.size = {n, n}};
        for (size_t i = 0; i < n; i++)
            g.u[0][i][i] = g.u[1][i][i] = 1;
        lp_run run = solve(&g, 2);
        CU_ASSERT_EQUAL(run.result->items, (1U << n) - 1);
        CU_ASSERT_EQUAL(run.result->components, run.result->items);
        for (size_t k = 0; k < run.result->items; k++) { /* uniform, the same for both */
            const dt_mixture *m = run.result->item[k].mixture;
            CU_ASSERT_EQUAL_FATAL(m[0].count, m[1].count);
            char each[16];
            snprintf(each, sizeof each, m[0].count > 1 ? "1/%zu" : "%zu", m[0].count);
            CU_ASSERT(lp_is(run.result->item[k].payoff[0], each));
            for (size_t i = 0; i < m[0].count; i++) {
                CU_ASSERT(m[0].weight[i].strategy == m[1].weight[i].strategy);
                CU_ASSERT(lp_is(m[1].weight[i].probability, each));
            }
        }
        lp_close(&run);
    }
}

/* von Stengel 2007 (Algorithmic Game Theory, chapter 3): the game (3.3) has three equilibria; the
 * degenerate (3.7) has a segment of them, between the first two of these. */
static void von_stengel(void) {
    mb_game g;
    long a[] = {3, 3, 2, 5, 0, 6}, b[] = {3, 2, 2, 6, 3, 1};
    fill(&g, 3, 2, a, b);
    lp_run run = solve(&g, 1);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 3);
    CU_ASSERT(is_pair(run.result, 0, "1 0 0", "1 0"));
    CU_ASSERT(is_pair(run.result, 1, "4/5 1/5 0", "2/3 1/3"));
    CU_ASSERT(is_pair(run.result, 2, "0 1/3 2/3", "1/3 2/3"));
    CU_ASSERT_EQUAL(run.result->components, 3);
    lp_close(&run);
    b[1] = 3;
    fill(&g, 3, 2, a, b);
    run = solve(&g, 1);
    const dt_result *r = run.result;
    CU_ASSERT_EQUAL_FATAL(r->items, 3);
    CU_ASSERT(is_pair(r, 0, "1 0 0", "1 0"));
    CU_ASSERT(is_pair(r, 1, "1 0 0", "2/3 1/3"));
    CU_ASSERT(is_pair(r, 2, "0 1/3 2/3", "1/3 2/3"));
    CU_ASSERT_EQUAL(r->components, 2);
    CU_ASSERT_EQUAL_FATAL(r->subsets, 2);
    CU_ASSERT(r->subset[0].component == 1 && r->subset[0].count == 2);
    CU_ASSERT(r->subset[0].item[0] == 0 && r->subset[0].item[1] == 1);
    CU_ASSERT(r->subset[1].component == 2 && r->subset[1].count == 1);
    CU_ASSERT(r->item[0].component == 1 && r->item[1].component == 1);
    CU_ASSERT_EQUAL(r->item[2].component, 2);
    lp_close(&run);
}

/* Both are paid 1 but for the last corner: the equilibria are two edges of the square with a common
 * end, two maximal Nash subsets (Jansen 1981) in one component. And all alike: everything is one.
 */
static void subsets(void) {
    mb_game g;
    fill(&g, 2, 2, (long[]){1, 1, 1, 0}, (long[]){1, 1, 1, 0});
    lp_run run = solve(&g, 1);
    const dt_result *r = run.result;
    CU_ASSERT_EQUAL_FATAL(r->items, 3);
    CU_ASSERT(is_pair(r, 0, "1 0", "1 0") && is_pair(r, 1, "1 0", "0 1") &&
              is_pair(r, 2, "0 1", "1 0"));
    CU_ASSERT_EQUAL(r->components, 1);
    CU_ASSERT_EQUAL_FATAL(r->subsets, 2);
    for (size_t k = 0; k < 2; k++) {
        CU_ASSERT(r->subset[k].count == 2 && r->subset[k].item[0] == 0);
        CU_ASSERT(r->subset[k].item[1] == 1 || r->subset[k].item[1] == 2);
    }
    CU_ASSERT(r->subset[0].item[1] != r->subset[1].item[1]);
    lp_close(&run);
    g = (mb_game){.size = {3, 4}};
    run = solve(&g, 1);
    CU_ASSERT_EQUAL(run.result->items, 12);
    CU_ASSERT_EQUAL_FATAL(run.result->subsets, 1);
    CU_ASSERT_EQUAL(run.result->subset[0].count, 12);
    lp_close(&run);
}

/* Where the item's strategies stand among the vertices, or their count. */
static size_t index_of(const dt_result *r, size_t k, size_t p, const mb_vertices *all, size_t n) {
    fmpq *x = lp_weights(&r->item[k].mixture[p], (uint32_t)n);
    size_t at = 0;
    while (at < all->count && !mb_equal(all->x[at], x, n))
        at++;
    _fmpq_vec_clear(x, (slong)n);
    return at;
}

enum { NODES = 14 };

/* All maximal products within the edges, by trying every set of left nodes; each is to be among the
 * result's subsets, and there are to be no others. */
static void check_subsets(const dt_result *r, const size_t (*at)[2]) {
    size_t left[MB_MOST], lefts = 0, found = 0;
    for (size_t k = 0; k < r->items; k++) {
        size_t i = 0;
        while (i < lefts && left[i] != at[k][0])
            i++;
        if (i == lefts)
            left[lefts++] = at[k][0];
    }
    if (lefts > NODES)
        return;
    for (unsigned set = 1; set < 1U << lefts; set++) {
        bool in[MB_MOST] = {false}, maximal = true;
        size_t count = 0;
        for (size_t k = 0; k < r->items; k++) { /* right nodes joined with all of the set */
            size_t joined = 0;
            for (size_t l = 0; l < r->items; l++)
                for (size_t i = 0; i < lefts; i++)
                    joined += (set >> i & 1) && at[l][1] == at[k][1] && at[l][0] == left[i];
            in[k] = joined == (size_t)__builtin_popcount(set);
        }
        size_t rights[MB_MOST], right = 0;
        for (size_t k = 0; k < r->items; k++) {
            bool seen = !in[k];
            for (size_t i = 0; i < right; i++)
                seen = seen || rights[i] == at[k][1];
            if (!seen)
                rights[right++] = at[k][1];
        }
        for (size_t i = 0; i < lefts; i++) { /* is a node outside joined with all of these? */
            size_t joined = 0;
            for (size_t k = 0; k < r->items; k++)
                joined += in[k] && at[k][0] == left[i];
            maximal = maximal && ((set >> i & 1) || joined < right);
        }
        if (!right || !maximal)
            continue;
        for (size_t k = 0; k < r->items; k++) {
            bool of_set = false;
            for (size_t i = 0; i < lefts; i++)
                of_set = of_set || ((set >> i & 1) && at[k][0] == left[i]);
            in[k] = in[k] && of_set;
            count += in[k];
        }
        size_t same = 0;
        for (size_t s = 0; s < r->subsets; s++) {
            bool equal = r->subset[s].count == count;
            for (size_t i = 0; i < r->subset[s].count && equal; i++)
                equal = in[r->subset[s].item[i]];
            same += equal;
        }
        CU_ASSERT_EQUAL(same, 1);
        found++;
    }
    CU_ASSERT_EQUAL(found, r->subsets);
}

/* Components as the finest partition that keeps items with a common strategy together. */
static void check_components(const dt_result *r, const size_t (*at)[2]) {
    size_t of[MB_MOST];
    for (size_t k = 0; k < r->items; k++)
        of[k] = k;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t k = 0; k < r->items; k++)
            for (size_t l = 0; l < r->items; l++)
                if ((at[k][0] == at[l][0] || at[k][1] == at[l][1]) && of[l] > of[k]) {
                    of[l] = of[k];
                    changed = true;
                }
    }
    for (size_t k = 0; k < r->items; k++)
        for (size_t l = 0; l < r->items; l++)
            CU_ASSERT((of[k] == of[l]) == (r->item[k].component == r->item[l].component));
}

static void check_game(const mb_game *g, int threads) {
    mb_vertices *all[2] = {mb_all_vertices(g, 0), mb_all_vertices(g, 1)};
    lp_run run = solve(g, threads);
    size_t expected = 0;
    size_t(*at)[2] = calloc(run.result->items + 1, sizeof *at);
    for (size_t i = 0; i < all[0]->count; i++)
        for (size_t j = 0; j < all[1]->count; j++)
            expected += mb_best(g, 0, all[0]->x[i], all[1]->x[j]) &&
                        mb_best(g, 1, all[1]->x[j], all[0]->x[i]);
    CU_ASSERT_EQUAL(run.result->items, expected);
    fmpq_t paid, told;
    fmpq_init(paid);
    fmpq_init(told);
    for (size_t k = 0; k < run.result->items; k++) {
        for (size_t p = 0; p < 2; p++) {
            at[k][p] = index_of(run.result, k, p, all[p], g->size[p]);
            CU_ASSERT_FATAL(at[k][p] < all[p]->count);
        }
        const fmpq *x[2] = {all[0]->x[at[k][0]], all[1]->x[at[k][1]]};
        for (size_t p = 0; p < 2; p++) {
            CU_ASSERT(mb_best(g, p, x[p], x[1 - p]));
            size_t i = 0;
            while (fmpq_is_zero(x[p] + i))
                i++;
            mb_payoff(g, 1 - p, x[1 - p], i, paid);
            lp_read(told, run.result->item[k].payoff[p]);
            CU_ASSERT(fmpq_equal(paid, told));
        }
        for (size_t l = 0; l < k; l++)
            CU_ASSERT(at[k][0] != at[l][0] || at[k][1] != at[l][1]);
    }
    fmpq_clear(paid);
    fmpq_clear(told);
    check_components(run.result, (const size_t(*)[2])at);
    check_subsets(run.result, (const size_t(*)[2])at);
    free(at);
    lp_close(&run);
    for (size_t p = 0; p < 2; p++)
        mb_vertices_free(all[p], g->size[p]);
}

/* Random games of all shapes: few values, so that most are degenerate; many; and huge ones whose
 * gaps doubles cannot see. */
static void random_games(void) {
    uint64_t state = 20260611;
    for (int round = 0; round < 400; round++) {
        mb_game g = {.size = {(size_t)lp_draw(&state, 1, 5), (size_t)lp_draw(&state, 1, 5)}};
        long range = round % 4 == 0 ? 1 : round % 4 == 1 ? 2 : round % 4 == 2 ? 5 : 1000;
        long base = round % 5 == 4 ? 1000000000000000000 : 0; /* ulps of 128 */
        for (size_t p = 0; p < 2; p++)
            for (size_t i = 0; i < g.size[p]; i++)
                for (size_t j = 0; j < g.size[1 - p]; j++)
                    g.u[p][i][j] = lp_draw(&state, -range, range) + base * lp_draw(&state, -1, 1);
        check_game(&g, 1 + round % 3);
    }
}

static dt_bimatrix bimatrix(size_t m, size_t n, uint64_t *state, long low, long high) {
    dt_bimatrix b = {.size = {m, n}};
    for (size_t p = 0; p < 2; p++) {
        b.entry[p] = _fmpz_vec_init((slong)(m * n));
        fmpq_init(&b.low[p]);
        fmpq_init(&b.unit[p]);
        for (size_t k = 0; k < m * n; k++)
            fmpz_set_si(b.entry[p] + k, lp_draw(state, low, high));
    }
    return b;
}

/* Payoffs of one kind of structure, which has more or less of ties. */
static mb_game of_family(int family, uint64_t *state) {
    mb_game g = {.size = {(size_t)lp_draw(state, 1, 5), (size_t)lp_draw(state, 1, 5)}};
    long left[MB_SIZE], right[MB_SIZE], top = family == 1 ? 2 : 1;
    for (size_t i = 0; i < MB_SIZE; i++) {
        left[i] = lp_draw(state, -2, 2);
        right[i] = lp_draw(state, -2, 2);
    }
    for (size_t i = 0; i < g.size[0]; i++)
        for (size_t j = 0; j < g.size[1]; j++) {
            long a = lp_draw(state, 0, top), b = lp_draw(state, 0, top);
            switch (family) {
            case 2: b = -a; break; /* zero-sum with ties */
            case 3: b = a; break;
            case 4: a = left[i] * right[j], b = left[j] * right[i]; break; /* of rank 1 */
            case 5: b = left[i] * right[j] - a; break;                     /* their sum is */
            case 6: a = (long)(i == j), b = a; break;                      /* coordination */
            case 7:
                a = 100 * a + 10 * (long)(i / 2) + 7, b = (long)((i ^ j) % 3);
                break; /* graded */
            case 8: a = b = 3; break;
            case 9: b = 5; break; /* one does not care */
            default: break;       /* 0 and 1; 0, 1 and 2 */
            }
            g.u[0][i][j] = a;
            g.u[1][j][i] = b;
        }
    if (family >= 10) { /* rows and columns twice */
        mb_game h = g;
        for (size_t i = 0; i < g.size[0]; i++)
            for (size_t j = 0; j < g.size[1]; j++) {
                g.u[0][i][j] = h.u[0][i / 2][j / 2];
                g.u[1][j][i] = h.u[1][j / 2][i / 2];
            }
    }
    return g;
}

static void families(void) {
    uint64_t state = 4;
    for (int round = 0; round < 440; round++) {
        mb_game g = of_family(round % 11, &state);
        check_game(&g, 1 + round % 2);
    }
}

/* The same game in other units, whatever their size, has the same equilibria: times 10^40 less 7,
 * and beyond what doubles take. */
static void any_magnitude(void) {
    uint64_t state = 12;
    fmpz_t unit;
    fmpz_init(unit);
    for (int round = 0; round < 30; round++) {
        size_t m = (size_t)lp_draw(&state, 2, 6), n = (size_t)lp_draw(&state, 2, 6);
        dt_bimatrix b = bimatrix(m, n, &state, 1, round % 2 ? 3 : 1000);
        dt_mixed_search small = {.game = &b, .most_bytes = UINT64_MAX}, large = small;
        CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&small), DT_OK);
        fmpz_ui_pow_ui(unit, 10, round % 3 ? 40 : 90);
        for (size_t p = 0; p < 2; p++)
            for (size_t k = 0; k < m * n; k++) {
                fmpz_mul(b.entry[p] + k, b.entry[p] + k, unit);
                fmpz_sub_ui(b.entry[p] + k, b.entry[p] + k, 7);
            }
        CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&large), DT_OK);
        CU_ASSERT_EQUAL_FATAL(large.pairs.count, small.pairs.count);
        for (size_t i = 0; i < small.pairs.count; i++)
            for (size_t p = 0; p < 2; p++)
                CU_ASSERT(_fmpz_vec_equal(dt_pairs_strategy(&large.pairs, i, p),
                                          dt_pairs_strategy(&small.pairs, i, p), (slong)b.size[p]));
        dt_mixed_search_clear(&small);
        dt_mixed_search_clear(&large);
        dt_bimatrix_clear(&b);
    }
    fmpz_clear(unit);
}

/* Long and narrow games, and their transposes; 60 strategies a side, all alike, are not too many.
 */
static void shapes(void) {
    static const size_t size[][2] = {{1, 1}, {1, 40}, {3, 20}, {2, 200}};
    uint64_t state = 21;
    for (size_t k = 0; k < sizeof size / sizeof *size; k++) {
        size_t m = size[k][0], n = size[k][1];
        dt_bimatrix b = bimatrix(m, n, &state, 1, 30), t = {.size = {n, m}};
        for (size_t p = 0; p < 2; p++) {
            t.entry[p] = _fmpz_vec_init((slong)(m * n));
            _fmpz_vec_set(t.entry[p], b.entry[1 - p], (slong)(m * n));
            fmpq_init(&t.low[p]);
            fmpq_init(&t.unit[p]);
        }
        dt_mixed_search one = {.game = &b, .most_bytes = UINT64_MAX},
                        exact = {.game = &b, .exact_only = true, .most_bytes = UINT64_MAX},
                        other = {.game = &t, .most_bytes = UINT64_MAX};
        CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&one), DT_OK);
        CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&exact), DT_OK);
        CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&other), DT_OK);
        CU_ASSERT(one.pairs.count > 0);
        CU_ASSERT_EQUAL(one.pairs.count, exact.pairs.count);
        CU_ASSERT_EQUAL_FATAL(one.pairs.count, other.pairs.count);
        for (size_t i = 0; i < one.pairs.count; i++) { /* sorted otherwise */
            bool there = false;
            for (size_t l = 0; l < other.pairs.count; l++)
                there =
                    there || (_fmpz_vec_equal(dt_pairs_strategy(&one.pairs, i, 0),
                                              dt_pairs_strategy(&other.pairs, l, 1), (slong)m) &&
                              _fmpz_vec_equal(dt_pairs_strategy(&one.pairs, i, 1),
                                              dt_pairs_strategy(&other.pairs, l, 0), (slong)n));
            CU_ASSERT(there);
        }
        dt_mixed_search_clear(&one);
        dt_mixed_search_clear(&exact);
        dt_mixed_search_clear(&other);
        dt_bimatrix_clear(&b);
        dt_bimatrix_clear(&t);
    }
    enum { K = 60 };
    long *alike = calloc(2 * K * K, sizeof *alike);
    dt_game *game = lp_table(2, (uint32_t[]){K, K}, alike, 1);
    lp_run run = lp_solve(&dt_concept_mixed_nash, game, 2, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->items, K * K);
    CU_ASSERT_EQUAL(run.result->subsets, 1);
    lp_close(&run);
    dt_game_free(game);
    free(alike);
}

/* A strategy twice, and one that is the mean of two others: degenerate whatever the numbers. */
static void repeated_strategies(void) {
    uint64_t state = 77;
    for (int round = 0; round < 60; round++) {
        mb_game g = {.size = {5, 4}};
        for (size_t p = 0; p < 2; p++)
            for (size_t i = 0; i < g.size[p]; i++)
                for (size_t j = 0; j < g.size[1 - p]; j++)
                    g.u[p][i][j] = 2 * lp_draw(&state, 0, 400);
        for (size_t j = 0; j < 4; j++) {
            g.u[0][4][j] = g.u[0][0][j];
            g.u[0][3][j] = (g.u[0][1][j] + g.u[0][2][j]) / 2;
            if (round % 2)
                g.u[1][j][4] = g.u[1][j][0];
        }
        check_game(&g, 2);
    }
}

/* With estimates or by integers alone, with one thread or three: the same pairs, the same bases.
 * Nearly equal payoffs make the estimates doubt; and keys of more than a word. */
static void estimates_against_integers(void) {
    uint64_t state = 5;
    uint64_t doubts = 0;
    for (int round = 0; round < 60; round++) {
        static const long high[] = {2, 3, 10, 100, 1000, 4000000000000000};
        size_t m = (size_t)lp_draw(&state, 2, 8), n = (size_t)lp_draw(&state, 2, 8);
        if (round % 10 == 9)
            m = 3, n = 90;
        long top = high[round % 6], low = round % 12 == 5 ? top - 3 : 1;
        dt_bimatrix b = bimatrix(m, n, &state, low, top);
        dt_mixed_search all[3];
        for (int k = 0; k < 3; k++) {
            dt_control control = {.threads = k == 2 ? 3 : 1};
            all[k] = (dt_mixed_search){
                .game = &b, .control = &control, .exact_only = k == 0, .most_bytes = UINT64_MAX};
            CU_ASSERT_EQUAL_FATAL(dt_mixed_search_run(&all[k]), DT_OK);
            CU_ASSERT_EQUAL(all[k].bases, all[0].bases);
            CU_ASSERT_EQUAL_FATAL(all[k].pairs.count, all[0].pairs.count);
            for (size_t i = 0; i < all[0].pairs.count; i++)
                for (size_t p = 0; p < 2; p++)
                    CU_ASSERT(_fmpz_vec_equal(dt_pairs_strategy(&all[k].pairs, i, p),
                                              dt_pairs_strategy(&all[0].pairs, i, p),
                                              (slong)b.size[p]));
        }
        doubts += all[1].by_integers;
        CU_ASSERT_EQUAL(all[0].by_integers, all[0].bases);
        CU_ASSERT_EQUAL(all[1].by_integers, all[2].by_integers);
        for (int k = 0; k < 3; k++)
            dt_mixed_search_clear(&all[k]);
        dt_bimatrix_clear(&b);
    }
    CU_ASSERT(doubts > 0);
}

/* Memory that does not do, and a stop. */
static void limits(void) {
    uint64_t state = 9;
    dt_bimatrix b = bimatrix(14, 14, &state, 0, 999);
    for (size_t p = 0; p < 2; p++)
        for (size_t k = 0; k < 196; k++)
            fmpz_add_ui(b.entry[p] + k, b.entry[p] + k, 1);
    dt_mixed_search small = {.game = &b, .most_bytes = 10000};
    CU_ASSERT_EQUAL(dt_mixed_search_run(&small), DT_ERR_INPUT);
    CU_ASSERT(small.too_large);
    dt_mixed_search_clear(&small);
    dt_bimatrix alike = bimatrix(40, 40, &state, 1, 1); /* 1600 equilibria */
    dt_mixed_search many = {.game = &alike, .most_bytes = 300000};
    CU_ASSERT_EQUAL(dt_mixed_search_run(&many), DT_ERR_INPUT);
    CU_ASSERT(many.too_large);
    dt_mixed_search_clear(&many);
    dt_bimatrix_clear(&alike);
    volatile sig_atomic_t stop = 1;
    dt_control control = {.threads = 2, .stop = &stop};
    dt_mixed_search stopped = {.game = &b, .control = &control, .most_bytes = UINT64_MAX};
    CU_ASSERT_EQUAL(dt_mixed_search_run(&stopped), DT_ERR_INTERRUPTED);
    dt_mixed_search_clear(&stopped);
    dt_bimatrix_clear(&b);
}

static void expect_error(const dt_game *game, const char *part) {
    lp_run run = lp_solve(&dt_concept_mixed_nash, game, 1, 0, NULL);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(dt_diag_get(run.diag, 0)->message, part));
    CU_ASSERT_PTR_NULL(run.result);
    lp_close(&run);
}

static void errors(void) {
    long payoff[24] = {0};
    dt_game *three = lp_table(3, (uint32_t[]){2, 2, 2}, payoff, 1);
    expect_error(three, "two players, and this game has 3: pure-nash");
    dt_game_free(three);

    static const long a[] = {0, 0, -1, 1, -1, 1, 0, 0}, c[] = {1, -1, 0, 0, 0, 0, 1, -1};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, a, c);
    expect_error(&g.game, "mixed-nash needs payoffs that are rational numbers, and that of `A`");

    /* but where dominance leaves one strategy each, they are the equilibrium: second + sqrt(2) */
    static const long b[] = {0, 0, 0, 3, 1, 0, 1, 3}, d[] = {0, 0, 0, 1, 1, 0, 1, 1};
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, b, d);
    lp_run run = lp_solve(&dt_concept_mixed_nash, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    CU_ASSERT(is_pair(run.result, 0, "0 1", "0 1"));
    CU_ASSERT_EQUAL(run.result->item[0].certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(run.result->item[0].payoff[1].value, 3 + sqrt(2), 1e-15);
    lp_close(&run);

    enum { K = 64 };
    uint64_t state = 3;
    long *large = malloc(2 * K * K * sizeof *large);
    for (size_t i = 0; i < 2 * K * K; i++)
        large[i] = lp_draw(&state, 0, 999);
    dt_game *game = lp_table(2, (uint32_t[]){K, K}, large, 1);
    expect_error(game, "64 × 64 strategies are left after dominance, too many");
    dt_game_free(game);
    free(large);
}

int main(void) {
    static const dt_case cases[] = {
        {"matching pennies, battle of the sexes, prisoner's dilemma", small_classics},
        {"Shapley's game", shapley},
        {"coordination: 2^n - 1", coordination},
        {"von Stengel's games", von_stengel},
        {"maximal Nash subsets", subsets},
        {"random games against all systems of equations", random_games},
        {"families of degenerate games", families},
        {"payoffs of any magnitude", any_magnitude},
        {"long and narrow games", shapes},
        {"repeated strategies", repeated_strategies},
        {"estimates against integers", estimates_against_integers},
        {"limits", limits},
        {"errors", errors},
    };
    return DT_RUN_SUITE("mixed equilibria", cases);
}
