/* Mixed commitment against one follower: one linear program a reply. See stackelberg.h.
 *
 * GLPK solves the programs of all replies, in parallel. The best of them is solved again exactly;
 * any other reply either has a bound below that, from its dual prices, or is solved exactly too. So
 * the value is proven, and so is the list of replies that reach it. Replies whose program has no
 * solution are proven dominated in the same way (prices below 0), or by the exact basis.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/stackelberg/mixed_commitment.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "equilibrium/shared/pool.h"
#include "lp/basis.h"

static dt_status candidate_init(dt_candidate_reply *r, const dt_commitment *c, uint32_t reply,
                                dt_ties ties) {
    *r = (dt_candidate_reply){.bound = INFINITY, .x = _fmpq_vec_init((slong)c->m), .m = c->m};
    fmpq_init(r->lower);
    fmpq_init(r->upper);
    return dt_reply_lp_init(&r->lp, c, reply, DT_REPLY_BEST, ties == DT_TIES_WEAK);
}

static void candidate_clear(dt_candidate_reply *r) {
    if (r->x)
        _fmpq_vec_clear(r->x, (slong)r->m);
    fmpq_clear(r->lower);
    fmpq_clear(r->upper);
    dt_reply_lp_clear(&r->lp);
    dt_reply_answer_clear(&r->answer);
}

/* --- in doubles --- */

/* No commitment makes this reply best, says GLPK: is it so? Prices that mix the other replies into
 * one that is always better prove it. */
static dt_status rule_out(dt_candidate_reply *r, const dt_commitment *c,
                          const volatile sig_atomic_t *stop) {
    dt_reply_lp interior;
    dt_reply_answer answer = {0};
    dt_status status = dt_reply_lp_init(&interior, c, r->lp.reply, DT_REPLY_INTERIOR, false);
    if (status == DT_OK)
        status = dt_reply_lp_solve(&interior, stop, &answer);
    if (status == DT_OK)
        r->out = dt_reply_lp_bound(&interior, answer.price) < 0;
    dt_reply_answer_clear(&answer);
    dt_reply_lp_clear(&interior);
    return status;
}

static dt_status estimate(dt_candidate_reply *r, const dt_commitment *c,
                          const volatile sig_atomic_t *stop) {
    dt_status status = dt_reply_lp_solve(&r->lp, stop, &r->answer);
    if (status != DT_OK)
        return status;
    if (r->answer.outcome == DT_LP_OPTIMAL) {
        r->bound = dt_reply_lp_bound(&r->lp, r->answer.price);
        return DT_OK;
    }
    r->answer.value = -INFINITY; /* to be looked at last */
    return rule_out(r, c, stop);
}

/* --- exactly --- */

/* A basis that is one whatever the payoffs: a pure strategy, and the first row that v is in. */
static void plain_basis(dt_candidate_reply *r) {
    size_t tight = 0;
    while (r->lp.c->twin[r->lp.other[tight]] != r->lp.c->twin[r->lp.reply])
        tight++;
    for (size_t i = 0; i <= r->m; i++)
        r->answer.column_place[i] = i == 0 || i == r->m ? DT_LP_BASIC : DT_LP_LOWER;
    for (size_t k = 0; k <= r->lp.rows; k++)
        r->answer.row_place[k] = k == 0 || k == tight + 1 ? DT_LP_LOWER : DT_LP_BASIC;
}

static dt_status prove(dt_candidate_reply *r, int lean, const volatile sig_atomic_t *stop,
                       dt_lp_verdict *verdict, fmpq_t value, fmpq *x) {
    dt_status status = dt_reply_lp_prove(&r->lp, &r->answer, lean, stop, verdict, value, x);
    if (status == DT_OK && *verdict == DT_LP_BAD_BASIS) {
        plain_basis(r);
        status = dt_reply_lp_prove(&r->lp, &r->answer, lean, stop, verdict, value, x);
    }
    return status;
}

/* Do the commitments to which the reply is best have an interior? The program of the interior,
 * exactly. *decided is false where it could not be proved. */
static dt_status has_interior(const dt_candidate_reply *r, const volatile sig_atomic_t *stop,
                              bool *decided, bool *interior, fmpq *inner) {
    const dt_commitment *c = r->lp.c;
    dt_reply_lp lp;
    dt_reply_answer answer = {0};
    dt_lp_verdict verdict = DT_LP_PROVED;
    fmpq_t value;
    fmpq_init(value);
    fmpq_one(value);
    dt_status status = dt_reply_lp_init(&lp, c, r->lp.reply, DT_REPLY_INTERIOR, false);
    if (status == DT_OK && lp.rows == 0) { /* all replies are twins */
        for (uint32_t i = 0; i < c->m; i++)
            fmpq_set_si(inner + i, 1, c->m);
    } else if (status == DT_OK) {
        status = dt_reply_lp_solve(&lp, stop, &answer);
        if (status == DT_OK)
            status = dt_reply_lp_prove(&lp, &answer, 0, stop, &verdict, value, inner);
    }
    *decided = verdict == DT_LP_PROVED;
    *interior = *decided && fmpq_sgn(value) > 0;
    fmpq_clear(value);
    dt_reply_answer_clear(&answer);
    dt_reply_lp_clear(&lp);
    return status;
}

/* The reply's value, or what surely holds it. */
static dt_status settle(dt_candidate_reply *r, dt_ties ties, const volatile sig_atomic_t *stop) {
    const dt_commitment *c = r->lp.c;
    dt_lp_verdict verdict;
    r->settled = true;
    dt_status status = DT_OK;
    if (c->rational && ties == DT_TIES_WEAK) {
        bool decided, interior;
        fmpq *inner = _fmpq_vec_init((slong)c->m);
        status = has_interior(r, stop, &decided, &interior, inner);
        _fmpq_vec_clear(inner, (slong)c->m);
        r->out = status == DT_OK && decided && !interior;
        r->open = !decided;
        if (status != DT_OK || r->out || r->open)
            return status;
    }
    if (c->rational) {
        status = prove(r, 0, stop, &verdict, r->lower, r->x);
        fmpq_set(r->upper, r->lower);
        r->has_lower = r->has_upper = verdict == DT_LP_PROVED;
        r->out = verdict == DT_LP_PRIMAL_WRONG;
        r->open = !r->has_lower && !r->out;
        return status;
    }
    fmpq *x = _fmpq_vec_init((slong)c->m);
    status = prove(r, -1, stop, &verdict, r->lower, r->x);
    r->has_lower = verdict == DT_LP_PROVED;
    if (status == DT_OK)
        status = prove(r, 1, stop, &verdict, r->upper, x);
    r->has_upper = verdict == DT_LP_PROVED;
    r->out = verdict == DT_LP_PRIMAL_WRONG;
    r->open = !r->has_upper && !r->out;
    _fmpq_vec_clear(x, (slong)c->m);
    return status;
}

/* --- all replies --- */

typedef struct pass {
    dt_commitment_search *s;
    bool exactly;
    size_t next, done;
    dt_status status;
} pass;

static bool wanted(const pass *p, const dt_candidate_reply *r) {
    if (!p->exactly)
        return true;
    /* The least double that is surely not above the best value known. */
    double floor = p->s->has_lower ? dt_lp_double(p->s->lower) : -INFINITY;
    floor -= fabs(floor) * 0x1p-49;
    return !r->settled && !r->out && !(r->bound < floor);
}

static dt_status take_some(pass *p) {
    const dt_control *control = p->s->control;
    const volatile sig_atomic_t *stop = dt_control_stop(control);
    dt_status status = DT_OK;
    while (status == DT_OK) {
        size_t k;
#pragma omp atomic capture
        k = p->next++;
        if (k >= p->s->replies)
            break;
        dt_candidate_reply *r = &p->s->reply[k];
        if (stop && *stop)
            status = DT_ERR_INTERRUPTED;
        else if (wanted(p, r))
            status = p->exactly ? settle(r, p->s->ties, stop) : estimate(r, r->lp.c, stop);
        if (omp_get_thread_num() == 0 && control && control->progress)
            control->progress(control->user, p->exactly ? "replies proven" : "replies tried", k,
                              p->s->replies);
    }
    return status;
}

static dt_status for_all(dt_commitment_search *s, bool exactly) {
    pass p = {.s = s, .exactly = exactly};
    int threads =
        s->control && s->control->threads > 0 ? s->control->threads : omp_get_max_threads();
    threads = (size_t)threads > s->replies ? (int)s->replies : threads;
#pragma omp parallel num_threads(threads)
    {
        dt_status status = take_some(&p);
#pragma omp critical(dt_stackelberg_status)
        if (status != DT_OK && (p.status == DT_OK || status == DT_ERR_INTERRUPTED))
            p.status = status;
        dt_lp_thread_end();
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
    return p.status;
}

static void raise_lower(dt_commitment_search *s, const dt_candidate_reply *r) {
    if (!r->has_lower || (s->has_lower && fmpq_cmp(r->lower, s->lower) <= 0))
        return;
    s->has_lower = true;
    s->best = r;
    fmpq_set(s->lower, r->lower);
}

/* The reply that promises most and is not settled, the lowest of equals; NULL when none promises
 * anything. */
static dt_candidate_reply *most_promising(dt_commitment_search *s) {
    dt_candidate_reply *best = NULL;
    for (size_t k = 0; k < s->replies; k++) {
        dt_candidate_reply *r = &s->reply[k];
        if (!r->out && !r->settled && r->answer.outcome == DT_LP_OPTIMAL &&
            (!best || r->answer.value > best->answer.value))
            best = r;
    }
    return best;
}

static void conclude(dt_commitment_search *s) {
    for (size_t k = 0; k < s->replies; k++)
        raise_lower(s, &s->reply[k]);
    bool first = !s->has_lower;
    s->has_upper = true;
    if (s->has_lower)
        fmpq_set(s->upper, s->lower);
    fmpq_t bound;
    fmpq_init(bound);
    for (size_t k = 0; k < s->replies; k++) {
        const dt_candidate_reply *r = &s->reply[k];
        if (!r->settled || r->out)
            continue; /* the bound is below the best value */
        fmpq_set(bound, r->upper);
        if (!r->has_upper && isfinite(r->bound)) {
            dt_fmpq_from_double(bound, r->bound);
        } else if (!r->has_upper) {
            s->has_upper = false;
        }
        if (first || fmpq_cmp(bound, s->upper) > 0)
            fmpq_set(s->upper, bound);
        first = false;
    }
    fmpq_clear(bound);
}

dt_status dt_commitment_search_run(dt_commitment_search *s, const dt_commitment *c, dt_ties ties,
                                   const dt_control *control) {
    *s = (dt_commitment_search){.c = c, .ties = ties, .control = control};
    fmpq_init(s->lower);
    fmpq_init(s->upper);
    s->reply = calloc(c->n, sizeof *s->reply);
    dt_status status = s->reply ? DT_OK : DT_ERR_MEMORY;
    for (uint32_t j = 0; j < c->n && status == DT_OK; j++)
        if (ties == DT_TIES_STRONG || c->twin[j] == j)
            status = candidate_init(&s->reply[s->replies++], c, j, ties);
    if (status == DT_OK)
        status = for_all(s, false);
    while (status == DT_OK && !s->has_lower) {
        dt_candidate_reply *r = most_promising(s);
        if (!r)
            break;
        status = settle(r, ties, dt_control_stop(control));
        raise_lower(s, r);
    }
    if (status == DT_OK)
        status = for_all(s, true);
    if (status == DT_OK)
        conclude(s);
    return status;
}

void dt_commitment_search_clear(dt_commitment_search *s) {
    for (size_t k = 0; k < s->replies; k++)
        candidate_clear(&s->reply[k]);
    free(s->reply);
    fmpq_clear(s->lower);
    fmpq_clear(s->upper);
    s->reply = NULL;
}

dt_status dt_mixed_inner(const dt_candidate_reply *r, const volatile sig_atomic_t *stop,
                         bool *found, fmpq *inner) {
    bool decided;
    return has_interior(r, stop, &decided, found, inner);
}
