/* Optimal commitments of small games by exhaustion, written apart from the solver: plain rationals,
 * every vertex of an arrangement of hyperplanes. Nothing here calls the library.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_COMMITMENT_BRUTE_H
#define DT_TESTS_COMMITMENT_BRUTE_H

#include <flint/fmpq_mat.h>
#include <flint/fmpq_vec.h>
#include <stdbool.h>
#include <stdlib.h>

/* a is the leader's payoff, b the follower's, m × n whole numbers. */
typedef struct bimatrix {
    size_t m, n;
    const long *a, *b;
} bimatrix;

/* Points of the simplex, `m` numbers each. */
typedef struct points {
    size_t m, count, room;
    fmpq *at;
} points;

static inline void points_clear(points *p) {
    if (p->at)
        _fmpq_vec_clear(p->at, (slong)(p->room * p->m));
}

static inline void points_add(points *p, const fmpq *x) {
    for (size_t k = 0; k < p->count; k++) {
        bool same = true;
        for (size_t i = 0; i < p->m && same; i++)
            same = fmpq_equal(p->at + k * p->m + i, x + i);
        if (same)
            return;
    }
    if (p->count == p->room) {
        size_t room = 2 * p->room + 16;
        fmpq *grown = _fmpq_vec_init((slong)(room * p->m));
        for (size_t i = 0; i < p->count * p->m; i++)
            fmpq_swap(grown + i, p->at + i);
        points_clear(p);
        p->at = grown;
        p->room = room;
    }
    for (size_t i = 0; i < p->m; i++)
        fmpq_set(p->at + p->count * p->m + i, x + i);
    p->count++;
}

static inline void expect(const bimatrix *g, const long *payoff, const fmpq *x, size_t j,
                          fmpq_t out) {
    fmpq_t term;
    fmpq_init(term);
    fmpq_zero(out);
    for (size_t i = 0; i < g->m; i++) {
        fmpq_set_si(term, payoff[i * g->n + j], 1);
        fmpq_addmul(out, term, x + i);
    }
    fmpq_clear(term);
}

/* Marks the best replies to x. */
static inline void best_replies(const bimatrix *g, const fmpq *x, bool *best) {
    fmpq_t most, here;
    fmpq_init(most);
    fmpq_init(here);
    for (size_t j = 0; j < g->n; j++) {
        expect(g, g->b, x, j, here);
        if (j == 0 || fmpq_cmp(here, most) > 0) {
            fmpq_set(most, here);
            for (size_t k = 0; k < j; k++)
                best[k] = false;
        }
        best[j] = fmpq_equal(here, most);
    }
    fmpq_clear(most);
    fmpq_clear(here);
}

/* What the leader gets at x, when indifference is resolved for him or against him. */
static inline void commitment_value(const bimatrix *g, const fmpq *x, bool for_leader, fmpq_t out) {
    bool best[16], first = true;
    fmpq_t here;
    fmpq_init(here);
    best_replies(g, x, best);
    for (size_t j = 0; j < g->n; j++) {
        if (!best[j])
            continue;
        expect(g, g->a, x, j, here);
        int order = first ? 0 : fmpq_cmp(here, out);
        if (first || (for_leader ? order > 0 : order < 0))
            fmpq_set(out, here);
        first = false;
    }
    fmpq_clear(here);
}

/* A hyperplane sum h_i x_i = 0 (constants go in by sum x = 1). */
typedef struct planes {
    size_t count;
    fmpq h[200][4];
} planes;

static inline void planes_add(planes *p, const fmpq *h, size_t m) {
    for (size_t i = 0; i < 4; i++) {
        fmpq_init(&p->h[p->count][i]);
        if (i < m)
            fmpq_set(&p->h[p->count][i], h + i);
    }
    p->count++;
}

static inline void planes_clear(planes *p) {
    for (size_t k = 0; k < p->count; k++)
        for (size_t i = 0; i < 4; i++)
            fmpq_clear(&p->h[k][i]);
}

/* All vertices in the simplex of the arrangement: m - 1 planes with sum x = 1. */
static inline void vertices(const planes *p, size_t m, size_t from, size_t chosen, size_t *choice,
                            points *out) {
    if (chosen < 3 && chosen + 1 < m) {
        for (size_t k = from; k < p->count; k++) {
            choice[chosen] = k;
            vertices(p, m, k + 1, chosen + 1, choice, out);
        }
        return;
    }
    fmpq_mat_t a, b, x;
    fmpq_mat_init(a, (slong)m, (slong)m);
    fmpq_mat_init(b, (slong)m, 1);
    fmpq_mat_init(x, (slong)m, 1);
    for (size_t i = 0; i < m; i++) {
        fmpq_one(fmpq_mat_entry(a, (slong)m - 1, (slong)i));
        for (size_t r = 0; r + 1 < m; r++)
            fmpq_set(fmpq_mat_entry(a, (slong)r, (slong)i), &p->h[choice[r]][i]);
    }
    fmpq_one(fmpq_mat_entry(b, (slong)m - 1, 0));
    if (fmpq_mat_solve_fraction_free(x, a, b)) {
        fmpq *point = _fmpq_vec_init((slong)m);
        bool inside = true;
        for (size_t i = 0; i < m; i++) {
            fmpq_set(point + i, fmpq_mat_entry(x, (slong)i, 0));
            inside = inside && fmpq_sgn(point + i) >= 0;
        }
        if (inside)
            points_add(out, point);
        _fmpq_vec_clear(point, (slong)m);
    }
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
    fmpq_mat_clear(x);
}

/* The planes x_i = 0, b_j = b_k and a_j = a_k; and a_j = level where that is not NULL. */
static inline void arrangement(const bimatrix *g, const fmpq *level, planes *out) {
    fmpq *h = _fmpq_vec_init((slong)g->m);
    out->count = 0;
    for (size_t i = 0; i < g->m; i++) {
        for (size_t k = 0; k < g->m; k++)
            fmpq_set_si(h + k, k == i, 1);
        planes_add(out, h, g->m);
    }
    for (size_t j = 0; j < g->n; j++)
        for (size_t k = 0; k < j; k++)
            for (int side = 0; side < 2; side++) {
                const long *payoff = side ? g->a : g->b;
                for (size_t i = 0; i < g->m; i++)
                    fmpq_set_si(h + i, payoff[i * g->n + j] - payoff[i * g->n + k], 1);
                planes_add(out, h, g->m);
            }
    for (size_t j = 0; level && j < g->n; j++) {
        for (size_t i = 0; i < g->m; i++) {
            fmpq_set_si(h + i, g->a[i * g->n + j], 1);
            fmpq_sub(h + i, h + i, level);
        }
        planes_add(out, h, g->m);
    }
    _fmpq_vec_clear(h, (slong)g->m);
}

/* Visits the barycentre of every choice of at most m points. */
static inline void barycentres(const points *p, size_t from, size_t chosen, fmpq *sum,
                               void (*visit)(void *user, const fmpq *x), void *user) {
    if (chosen > 0) {
        fmpq *x = _fmpq_vec_init((slong)p->m);
        fmpq_t weight;
        fmpq_init(weight);
        fmpq_set_si(weight, 1, chosen);
        for (size_t i = 0; i < p->m; i++)
            fmpq_mul(x + i, sum + i, weight);
        visit(user, x);
        fmpq_clear(weight);
        _fmpq_vec_clear(x, (slong)p->m);
    }
    for (size_t k = from; k < p->count && chosen < p->m; k++) {
        for (size_t i = 0; i < p->m; i++)
            fmpq_add(sum + i, sum + i, p->at + k * p->m + i);
        barycentres(p, k + 1, chosen + 1, sum, visit, user);
        for (size_t i = 0; i < p->m; i++)
            fmpq_sub(sum + i, sum + i, p->at + k * p->m + i);
    }
}

typedef struct reach_search {
    const bimatrix *g;
    const fmpq *level;
    bool reached;
} reach_search;

static inline void visit_reach(void *user, const fmpq *x) {
    reach_search *s = user;
    fmpq_t here;
    fmpq_init(here);
    commitment_value(s->g, x, false, here);
    s->reached = s->reached || fmpq_cmp(here, s->level) >= 0;
    fmpq_clear(here);
}

/* The strong value: the optimum is at a vertex. */
static inline void brute_strong(const bimatrix *g, fmpq_t out) {
    planes p;
    points v = {.m = g->m};
    size_t choice[4];
    arrangement(g, NULL, &p);
    vertices(&p, g->m, 0, 0, choice, &v);
    fmpq_t here;
    fmpq_init(here);
    for (size_t k = 0; k < v.count; k++) {
        commitment_value(g, v.at + k * g->m, true, here);
        if (k == 0 || fmpq_cmp(here, out) > 0)
            fmpq_set(out, here);
    }
    fmpq_clear(here);
    points_clear(&v);
    planes_clear(&p);
}

/* The best replies as bits. */
static inline unsigned reply_bits(const bimatrix *g, const fmpq *x) {
    bool best[16];
    unsigned bits = 0;
    best_replies(g, x, best);
    for (size_t j = 0; j < g->n; j++)
        bits |= (unsigned)best[j] << j;
    return bits;
}

/* The supremum of the pessimistic value is a limit of its values. From a point c towards a vertex v
 * at which all best replies to c are best too, the best replies stay those to c, so the value tends
 * to the least of a_j(v) over them; and on each face of the arrangement the value is linear. */
typedef struct limit_search {
    const bimatrix *g;
    const points *v;
    unsigned *bits; /* of each vertex */
    fmpq best;
    bool any;
} limit_search;

static inline void visit_limit(void *user, const fmpq *x) {
    limit_search *s = user;
    const bimatrix *g = s->g;
    fmpq_t here, least;
    fmpq_init(here);
    fmpq_init(least);
    unsigned best = reply_bits(g, x);
    for (size_t k = 0; k < s->v->count; k++) {
        bool first = true;
        if (best & ~s->bits[k])
            continue;
        for (size_t j = 0; j < g->n; j++) {
            if (!(best >> j & 1))
                continue;
            expect(g, g->a, s->v->at + k * g->m, j, here);
            if (first || fmpq_cmp(here, least) < 0)
                fmpq_set(least, here);
            first = false;
        }
        if (!s->any || fmpq_cmp(least, &s->best) > 0) {
            s->any = true;
            fmpq_set(&s->best, least);
        }
    }
    fmpq_clear(here);
    fmpq_clear(least);
}

/* The supremum, and whether some commitment attains it: every face of the arrangement has the
 * barycentre of some of its vertices in its relative interior, and the value at a face's points is
 * told by one of them once the planes a_j = supremum are in the arrangement. */
static inline bool brute_weak(const bimatrix *g, fmpq_t out) {
    planes p;
    points v = {.m = g->m};
    size_t choice[4];
    arrangement(g, NULL, &p);
    vertices(&p, g->m, 0, 0, choice, &v);
    limit_search limit = {.g = g, .v = &v, .bits = calloc(v.count, sizeof(unsigned))};
    for (size_t k = 0; k < v.count && limit.bits; k++)
        limit.bits[k] = reply_bits(g, v.at + k * g->m);
    fmpq_init(&limit.best);
    fmpq *sum = _fmpq_vec_init((slong)g->m);
    if (limit.bits)
        barycentres(&v, 0, 0, sum, visit_limit, &limit);
    fmpq_set(out, &limit.best);
    free(limit.bits);
    fmpq_clear(&limit.best);
    points_clear(&v);
    planes_clear(&p);

    points w = {.m = g->m};
    arrangement(g, out, &p);
    vertices(&p, g->m, 0, 0, choice, &w);
    reach_search s = {.g = g, .level = out};
    barycentres(&w, 0, 0, sum, visit_reach, &s);
    _fmpq_vec_clear(sum, (slong)g->m);
    points_clear(&w);
    planes_clear(&p);
    return s.reached;
}

#endif
