/* Extreme equilibria of small bimatrix games from their definition, written apart from the solver:
 * every square system of every pair of supports is solved in rationals, what is a vertex of a
 * best-reply polytope is kept, and all pairs of vertices are checked for complementarity
 * (Mangasarian 1964). Maximal Nash subsets by trying all sets of strategies. Nothing here pivots,
 * and nothing calls the library. SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_MIXED_BRUTE_H
#define DT_TESTS_MIXED_BRUTE_H

#include <flint/fmpq_mat.h>
#include <flint/fmpq_vec.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { MB_MOST = 4096, MB_SIZE = 12 };

/* u[p][i][j]: player p's payoff, i his strategy, j the other's. */
typedef struct mb_game {
    size_t size[2];
    long u[2][MB_SIZE][MB_SIZE];
} mb_game;

typedef struct mb_vertices {
    size_t count;
    fmpq *x[MB_MOST]; /* probabilities */
} mb_vertices;

static inline bool mb_equal(const fmpq *x, const fmpq *y, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!fmpq_equal(x + i, y + i))
            return false;
    return true;
}

static inline void mb_keep(mb_vertices *all, const fmpq *x, size_t n) {
    for (size_t k = 0; k < all->count; k++)
        if (mb_equal(all->x[k], x, n))
            return;
    if (all->count == MB_MOST)
        abort();
    all->x[all->count] = _fmpq_vec_init((slong)n);
    for (size_t i = 0; i < n; i++)
        fmpq_set(all->x[all->count] + i, x + i);
    all->count++;
}

/* The other's payoff from j against x. */
static inline void mb_payoff(const mb_game *g, size_t p, const fmpq *x, size_t j, fmpq_t out) {
    fmpq_t u;
    fmpq_init(u);
    fmpq_zero(out);
    for (size_t i = 0; i < g->size[p]; i++) {
        fmpq_set_si(u, g->u[1 - p][j][i], 1);
        fmpq_addmul(out, u, x + i);
    }
    fmpq_clear(u);
}

/* sum_i x_i u(j, i) = v for j in `replies`, sum x = 1, x = 0 outside `support`: where it has one
 * solution, x >= 0, and no reply pays above v, x is a vertex. */
static inline void mb_try(const mb_game *g, size_t p, unsigned support, unsigned replies,
                          mb_vertices *all) {
    size_t n = g->size[p], k = (size_t)__builtin_popcount(support);
    fmpq_mat_t a, b, s;
    fmpq_mat_init(a, (slong)k + 1, (slong)k + 1);
    fmpq_mat_init(b, (slong)k + 1, 1);
    fmpq_mat_init(s, (slong)k + 1, 1);
    size_t row = 0;
    for (size_t j = 0; j < g->size[1 - p]; j++) {
        if (!(replies >> j & 1))
            continue;
        size_t column = 0;
        for (size_t i = 0; i < n; i++)
            if (support >> i & 1)
                fmpq_set_si(fmpq_mat_entry(a, (slong)row, (slong)column++), g->u[1 - p][j][i], 1);
        fmpq_set_si(fmpq_mat_entry(a, (slong)row, (slong)k), -1, 1); /* v */
        row++;
    }
    for (size_t i = 0; i < k; i++)
        fmpq_one(fmpq_mat_entry(a, (slong)k, (slong)i));
    fmpq_one(fmpq_mat_entry(b, (slong)k, 0));
    if (fmpq_mat_solve(s, a, b)) {
        fmpq *x = _fmpq_vec_init((slong)n), v, value;
        fmpq_init(&v);
        fmpq_init(&value);
        bool good = true;
        for (size_t i = 0, c = 0; i < n; i++)
            if (support >> i & 1) {
                fmpq_set(x + i, fmpq_mat_entry(s, (slong)c++, 0));
                good = good && fmpq_sgn(x + i) >= 0;
            }
        fmpq_set(&v, fmpq_mat_entry(s, (slong)k, 0));
        for (size_t j = 0; j < g->size[1 - p] && good; j++) {
            mb_payoff(g, p, x, j, &value);
            good = fmpq_cmp(&value, &v) <= 0;
        }
        if (good)
            mb_keep(all, x, n);
        _fmpq_vec_clear(x, (slong)n);
        fmpq_clear(&v);
        fmpq_clear(&value);
    }
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
    fmpq_mat_clear(s);
}

static inline mb_vertices *mb_all_vertices(const mb_game *g, size_t p) {
    mb_vertices *all = calloc(1, sizeof *all);
    for (unsigned support = 1; support < 1U << g->size[p]; support++)
        for (unsigned replies = 1; replies < 1U << g->size[1 - p]; replies++)
            if (__builtin_popcount(support) == __builtin_popcount(replies))
                mb_try(g, p, support, replies, all);
    return all;
}

static inline void mb_vertices_free(mb_vertices *all, size_t n) {
    for (size_t k = 0; k < all->count; k++)
        _fmpq_vec_clear(all->x[k], (slong)n);
    free(all);
}

/* Does every strategy in x's support pay player p the most there is against y? */
static inline bool mb_best(const mb_game *g, size_t p, const fmpq *x, const fmpq *y) {
    fmpq_t most, value;
    fmpq_init(most);
    fmpq_init(value);
    bool good = true;
    for (size_t i = 0; i < g->size[p]; i++) {
        mb_payoff(g, 1 - p, y, i, value);
        if (i == 0 || fmpq_cmp(value, most) > 0)
            fmpq_set(most, value);
    }
    for (size_t i = 0; i < g->size[p] && good; i++) {
        mb_payoff(g, 1 - p, y, i, value);
        good = fmpq_is_zero(x + i) || fmpq_equal(value, most);
    }
    fmpq_clear(most);
    fmpq_clear(value);
    return good;
}

#endif
