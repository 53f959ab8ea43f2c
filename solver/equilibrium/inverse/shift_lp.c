/* The linear program of the smallest shift: see shift_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/inverse/shift_lp.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>

#include "lp/basis.h"

/* Columns: the moves, then one more: what is left open, or the largest change. Rows: deviations;
 * of MOST one more for each move, extra - weight_j x_j >= 0. */
typedef struct program {
    const dt_shift_lp *lp;
    dt_shift_goal goal;
    fmpq zero;
} program;

static size_t column(void *self, size_t j, size_t *row, fmpq *value) {
    const program *p = self;
    const dt_shift_lp *lp = p->lp;
    size_t n = 0;
    if (j < lp->moves) {
        for (size_t r = 0; r < lp->rows; r++) {
            const fmpq *c = lp->coefficient + r * lp->moves + j;
            if (fmpq_is_zero(c))
                continue;
            row[n] = r;
            fmpq_set(value + n++, c);
        }
        if (p->goal == DT_SHIFT_MOST) {
            row[n] = lp->rows + j;
            fmpq_neg(value + n++, lp->weight + j);
        }
        return n;
    }
    size_t first = p->goal == DT_SHIFT_MOST ? lp->rows : 0;
    size_t end = p->goal == DT_SHIFT_MOST ? lp->rows + lp->moves : lp->rows;
    for (size_t r = first; r < end && p->goal != DT_SHIFT_SUM; r++) {
        row[n] = r;
        fmpq_one(value + n++);
    }
    return n;
}

static void cost(void *self, size_t j, fmpq_t out) {
    const program *p = self;
    fmpq_set_si(out, j == p->lp->moves, 1);
    if (p->goal == DT_SHIFT_SUM && j < p->lp->moves)
        fmpq_set(out, p->lp->weight + j);
}

static dt_lp_range row_range(void *self, size_t i) {
    program *p = self;
    return (dt_lp_range){i < p->lp->rows ? p->lp->need + i : &p->zero, NULL};
}

static dt_lp_range column_range(void *self, size_t j) {
    program *p = self;
    if (j == p->lp->moves)
        return (dt_lp_range){&p->zero, p->goal == DT_SHIFT_SUM ? &p->zero : NULL};
    return (dt_lp_range){&p->zero, p->lp->capped[j] ? p->lp->cap + j : NULL};
}

static double end_of(const fmpq *bound, double none) {
    return bound ? dt_lp_double(bound) : none;
}

static dt_status fill(dt_lp *lp, const dt_lp_data *data) {
    size_t *row = calloc(data->entries + 1, sizeof *row);
    double *rounded = calloc(data->entries + 1, sizeof *rounded);
    fmpq *value = _fmpq_vec_init((slong)data->entries + 1);
    fmpq_t c;
    fmpq_init(c);
    dt_status status = row && rounded ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < data->rows && status == DT_OK; i++) {
        dt_lp_range range = data->row_range(data->self, i);
        status = dt_lp_add_row(lp, end_of(range.lower, -INFINITY), end_of(range.upper, INFINITY), 0,
                               NULL, NULL);
    }
    for (size_t j = 0; j < data->columns && status == DT_OK; j++) {
        dt_lp_range range = data->column_range(data->self, j);
        size_t n = data->column(data->self, j, row, value);
        for (size_t e = 0; e < n; e++)
            rounded[e] = dt_lp_double(value + e);
        data->cost(data->self, j, c);
        status = dt_lp_add_column(lp, end_of(range.lower, -INFINITY), end_of(range.upper, INFINITY),
                                  dt_lp_double(c), n, row, rounded);
    }
    fmpq_clear(c);
    _fmpq_vec_clear(value, (slong)data->entries + 1);
    free(rounded);
    free(row);
    return status;
}

/* The basis at which no move is made: no cost is negative, so dual pivots lead on from it. */
static void rest(const dt_lp_data *data, dt_lp_place *row_place, dt_lp_place *column_place) {
    for (size_t i = 0; i < data->rows; i++)
        row_place[i] = DT_LP_BASIC;
    for (size_t j = 0; j < data->columns; j++)
        column_place[j] = DT_LP_LOWER;
}

/* GLPK's final basis, or the one at rest where it finds none. */
static dt_status propose(const dt_lp_data *data, const volatile sig_atomic_t *stop,
                         dt_lp_place *row_place, dt_lp_place *column_place) {
    dt_lp *lp = NULL;
    dt_lp_outcome outcome = DT_LP_FAILED;
    dt_status status = dt_lp_new(DT_LP_MIN, &lp);
    if (status == DT_OK)
        status = fill(lp, data);
    if (status == DT_OK)
        status = dt_lp_solve(lp, DT_LP_DUAL, stop, &outcome);
    rest(data, row_place, column_place);
    if (status == DT_OK && outcome == DT_LP_OPTIMAL) {
        for (size_t i = 0; i < data->rows; i++)
            row_place[i] = dt_lp_row_place(lp, i);
        for (size_t j = 0; j < data->columns; j++)
            column_place[j] = dt_lp_column_place(lp, j);
    }
    dt_lp_free(lp);
    return status == DT_ERR_MEMORY || status == DT_ERR_INTERRUPTED ? status : DT_OK;
}

dt_status dt_shift_solve(const dt_shift_lp *lp, dt_shift_goal goal,
                         const volatile sig_atomic_t *stop, dt_lp_proof *proof) {
    program p = {.lp = lp, .goal = goal};
    dt_lp_data data = {.sense = DT_LP_MIN,
                       .rows = lp->rows + (goal == DT_SHIFT_MOST ? lp->moves : 0),
                       .columns = lp->moves + 1,
                       .entries = lp->rows + lp->moves + 1,
                       .self = &p,
                       .column = column,
                       .cost = cost,
                       .row_range = row_range,
                       .column_range = column_range};
    dt_lp_place *row_place = calloc(data.rows + 1, sizeof *row_place);
    dt_lp_place *column_place = calloc(data.columns, sizeof *column_place);
    *proof = (dt_lp_proof){.verdict = DT_LP_BAD_BASIS};
    fmpq_init(proof->value);
    fmpq_init(&p.zero);
    dt_status status = row_place && column_place ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = propose(&data, stop, row_place, column_place);
    for (int attempt = 0; attempt < 2 && status == DT_OK && proof->verdict != DT_LP_PROVED;
         attempt++) {
        if (attempt) /* GLPK's basis led nowhere: by exact pivots alone */
            rest(&data, row_place, column_place);
        dt_lp_proof_clear(proof);
        status = dt_lp_prove(&data, row_place, column_place, 0, stop, proof);
    }
    fmpq_clear(&p.zero);
    free(row_place);
    free(column_place);
    return status;
}
