/* The exact proof of an optimal correlated equilibrium of a rational game.
 * SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <stdlib.h>

#include "equilibrium/correlation/correlated_lp.h"
#include "equilibrium/shared/pool.h"
#include "lp/proof.h"

/* The LP over all profiles in integers: each row of obedience and the goal times the payoffs'
 * common denominator. */
typedef struct exact_lp {
    const dt_obedience *o;
    const dt_goal *goal;
    fmpq zero, one;
} exact_lp;

static size_t exact_column(void *self, size_t j, size_t *row, fmpq *value) {
    const dt_obedience *o = ((exact_lp *)self)->o;
    size_t n = 0;
    row[n] = 0;
    fmpq_one(value + n++);
    for (size_t p = 0; p < o->players; p++) {
        const fmpz *u = o->integer + p * o->profiles;
        size_t a = dt_obedience_place(o, j, p);
        for (size_t b = 0; b < o->left->count[p]; b++) {
            if (b == a)
                continue;
            row[n] = dt_obedience_row(o, p, a, b);
            fmpz_sub(fmpq_numref(value + n), u + j, u + dt_obedience_deviation(o, j, p, b));
            fmpz_one(fmpq_denref(value + n));
            n++;
        }
    }
    return n;
}

static void exact_cost(void *self, size_t j, fmpq_t cost) {
    const exact_lp *e = self;
    fmpq_zero(cost);
    for (size_t p = 0; p < e->o->players; p++)
        if (e->goal->weight[p])
            fmpz_add(fmpq_numref(cost), fmpq_numref(cost), e->o->integer + p * e->o->profiles + j);
    if (e->goal->sign < 0)
        fmpq_neg(cost, cost);
}

static dt_lp_range exact_row_range(void *self, size_t i) {
    exact_lp *e = self;
    return i == 0 ? (dt_lp_range){&e->one, &e->one} : (dt_lp_range){&e->zero, NULL};
}

static dt_lp_range exact_column_range(void *self, size_t j) {
    (void)j;
    return (dt_lp_range){&((exact_lp *)self)->zero, NULL};
}

/* The distribution, and what it pays each player. */
static dt_status read_solution(const dt_master *m, const dt_lp_proof *proof, dt_correlated *out) {
    const dt_obedience *o = m->o;
    for (size_t s = 0; s < o->profiles; s++)
        out->count += !fmpq_is_zero(proof->x + s);
    out->profile = calloc(out->count, sizeof *out->profile);
    if (!out->profile) {
        out->count = 0;
        return DT_ERR_MEMORY;
    }
    out->rational = true;
    out->certificate = DT_CERT_EXACT;
    out->probability = _fmpq_vec_init((slong)out->count);
    out->payoff = _fmpq_vec_init((slong)o->players);
    fmpq_t u;
    fmpq_init(u);
    size_t next = 0;
    for (size_t s = 0; s < o->profiles; s++) {
        if (fmpq_is_zero(proof->x + s))
            continue;
        out->profile[next] = s;
        fmpq_set(out->probability + next++, proof->x + s);
        for (size_t p = 0; p < o->players; p++) {
            fmpq_set_fmpz_frac(u, o->integer + p * o->profiles + s, o->denominator);
            fmpq_addmul(out->payoff + p, u, proof->x + s);
        }
    }
    fmpq_clear(u);
    fmpq_div_fmpz(out->value, proof->value, o->denominator);
    if (m->goal->sign < 0)
        fmpq_neg(out->value, out->value);
    return DT_OK;
}

dt_status dt_correlated_prove(dt_master *m, dt_correlated *out) {
    const dt_obedience *o = m->o;
    *out = (dt_correlated){.certificate = DT_CERT_NUMERIC};
    fmpq_init(out->value);
    arb_init(out->value_ball);
    if (!o->integer)
        return dt_correlated_enclose(m, out);
    dt_lp_place *row_place = calloc(o->rows, sizeof *row_place);
    dt_lp_place *column_place = calloc(o->profiles, sizeof *column_place);
    dt_status status = DT_ERR_MEMORY;
    if (row_place && column_place) {
        exact_lp e = {.o = o, .goal = m->goal};
        dt_lp_data data = {.sense = DT_LP_MAX,
                           .rows = o->rows,
                           .columns = o->profiles,
                           .entries = o->entries,
                           .self = &e,
                           .column = exact_column,
                           .cost = exact_cost,
                           .row_range = exact_row_range,
                           .column_range = exact_column_range};
        fmpq_init(&e.zero);
        fmpq_init(&e.one);
        fmpq_one(&e.one);
        dt_master_basis(m, row_place, column_place);
        dt_lp_proof proof;
        status =
            dt_lp_prove(&data, row_place, column_place, 0, dt_control_stop(m->control), &proof);
        if (status == DT_OK && proof.verdict == DT_LP_PROVED)
            status = read_solution(m, &proof, out);
        else if (status == DT_OK)
            out->why = dt_lp_verdict_text(proof.verdict);
        dt_lp_proof_clear(&proof);
        fmpq_clear(&e.zero);
        fmpq_clear(&e.one);
    }
    free(row_place);
    free(column_place);
    if (status == DT_OK && !out->rational) { /* no exact answer: an enclosure */
        const char *why = out->why;
        status = dt_correlated_enclose(m, out);
        if (out->certificate == DT_CERT_NUMERIC)
            out->why = why;
    }
    return status;
}

void dt_correlated_clear(dt_correlated *c, size_t players) {
    if (c->probability)
        _fmpq_vec_clear(c->probability, (slong)c->count);
    if (c->ball)
        _arb_vec_clear(c->ball, (slong)c->count);
    if (c->payoff)
        _fmpq_vec_clear(c->payoff, (slong)players);
    if (c->payoff_ball)
        _arb_vec_clear(c->payoff_ball, (slong)players);
    free(c->profile);
    fmpq_clear(c->value);
    arb_clear(c->value_ball);
}
