/* The linear program of one stage of the nucleolus: see excess_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/excess_lp.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>

#include "deterra/exact.h"
#include "lp/lp.h"
#include "lp/proof.h"

/* Columns: the open coalitions, the fixed ones, the floors. Rows: the players, the sum of y. */
typedef struct program {
    const dt_excess_lp *lp;
    size_t rows, columns;
    fmpq zero, one;
} program;

static uint32_t members(const dt_excess_lp *lp, size_t column) {
    if (column < lp->opens)
        return lp->open[column];
    column -= lp->opens;
    return column < lp->fixeds ? lp->fixed[column] : UINT32_C(1) << (column - lp->fixeds);
}

/* NULL: 0. */
static const fmpq *value_of(const dt_excess_lp *lp, size_t column) {
    if (column < lp->opens)
        return lp->worth + lp->open[column];
    return column < lp->opens + lp->fixeds ? lp->share + (column - lp->opens) : NULL;
}

static bool is_free(const dt_excess_lp *lp, size_t column) {
    return column >= lp->opens && column < lp->opens + lp->fixeds;
}

static size_t exact_column(void *self, size_t j, size_t *row, fmpq *value) {
    const program *p = self;
    size_t at = 0;
    for (size_t i = 0; i < p->lp->players; i++)
        if (members(p->lp, j) >> i & 1)
            row[at++] = i;
    if (j < p->lp->opens)
        row[at++] = p->lp->players;
    for (size_t k = 0; k < at; k++)
        fmpq_one(value + k);
    return at;
}

static void exact_cost(void *self, size_t j, fmpq_t cost) {
    const fmpq *value = value_of(((program *)self)->lp, j);
    if (value)
        fmpq_set(cost, value);
    else
        fmpq_zero(cost);
}

static dt_lp_range exact_row_range(void *self, size_t i) {
    program *p = self;
    const fmpq *right = i < p->lp->players ? &p->zero : &p->one;
    return (dt_lp_range){right, right};
}

static dt_lp_range exact_column_range(void *self, size_t j) {
    program *p = self;
    return (dt_lp_range){is_free(p->lp, j) ? NULL : &p->zero, NULL};
}

static double largest(const dt_excess_lp *lp) {
    double most = 0;
    for (size_t j = 0; j < lp->opens + lp->fixeds; j++)
        most = fmax(most, fabs(dt_fmpq_double(value_of(lp, j), NULL)));
    return most > 0 ? most : 1;
}

/* Worths go in divided by the largest, through fractions: they may be near the end of the doubles.
 */
static dt_status build(const program *p, dt_lp *lp) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < p->rows && status == DT_OK; i++) {
        double right = i < p->lp->players ? 0 : 1;
        status = dt_lp_add_row(lp, right, right, 0, NULL, NULL);
    }
    double scale = largest(p->lp);
    size_t row[DT_MOST_COALITION_PLAYERS + 1];
    double one[DT_MOST_COALITION_PLAYERS + 1];
    for (size_t i = 0; i <= DT_MOST_COALITION_PLAYERS; i++)
        one[i] = 1;
    fmpq *scratch = _fmpq_vec_init(DT_MOST_COALITION_PLAYERS + 1);
    for (size_t j = 0; j < p->columns && status == DT_OK; j++) {
        size_t entries = exact_column((void *)p, j, row, scratch);
        const fmpq *value = value_of(p->lp, j);
        double cost = value ? dt_fmpq_double(value, NULL) / scale : 0;
        status = dt_lp_add_column(lp, is_free(p->lp, j) ? -INFINITY : 0, INFINITY, cost, entries,
                                  row, one);
    }
    _fmpq_vec_clear(scratch, DT_MOST_COALITION_PLAYERS + 1);
    return status;
}

static dt_status prove(program *p, const dt_lp *lp, const volatile sig_atomic_t *stop,
                       dt_lp_proof *proof) {
    dt_lp_place *row_place = calloc(p->rows, sizeof *row_place);
    dt_lp_place *column_place = calloc(p->columns, sizeof *column_place);
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = p->rows,
                       .columns = p->columns,
                       .entries = p->rows,
                       .self = p,
                       .column = exact_column,
                       .cost = exact_cost,
                       .row_range = exact_row_range,
                       .column_range = exact_column_range};
    dt_status status = row_place && column_place ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < p->rows && status == DT_OK; i++)
        row_place[i] = dt_lp_row_place(lp, i);
    for (size_t j = 0; j < p->columns && status == DT_OK; j++)
        column_place[j] = dt_lp_column_place(lp, j);
    *proof = (dt_lp_proof){.verdict = DT_LP_BAD_BASIS};
    fmpq_init(proof->value);
    if (status == DT_OK)
        status = dt_lp_prove(&data, row_place, column_place, 0, stop, proof);
    free(row_place);
    free(column_place);
    return status;
}

dt_status dt_excess_lp_solve(const dt_excess_lp *what, const volatile sig_atomic_t *stop,
                             dt_diag *diag, fmpq_t e, fmpq *x, fmpq *weight) {
    program p = {.lp = what,
                 .rows = what->players + 1,
                 .columns = what->opens + what->fixeds + (what->floors ? what->players : 0)};
    fmpq_init(&p.zero);
    fmpq_init(&p.one);
    fmpq_one(&p.one);
    dt_lp *lp = NULL;
    dt_lp_outcome outcome = DT_LP_FAILED;
    dt_status status = dt_lp_new(DT_LP_MAX, &lp);
    if (status == DT_OK)
        status = build(&p, lp);
    if (status == DT_OK)
        status = dt_lp_solve(lp, DT_LP_PRIMAL, stop, &outcome);
    if (status == DT_OK && outcome == DT_LP_OPTIMAL) {
        dt_lp_proof proof;
        status = prove(&p, lp, stop, &proof);
        if (status == DT_OK && proof.verdict == DT_LP_PROVED) {
            for (size_t i = 0; i < what->players; i++)
                fmpq_set(x + i, proof.y + i);
            fmpq_set(e, proof.y + what->players);
            for (size_t j = 0; j < what->opens; j++)
                fmpq_set(weight + j, proof.x + j);
        } else if (status == DT_OK) {
            dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                        "a linear program of the nucleolus could not be proven: %s",
                        dt_lp_verdict_text(proof.verdict));
            status = DT_ERR_SOLVER;
        }
        dt_lp_proof_clear(&proof);
    } else if (status == DT_OK || status == DT_ERR_SOLVER) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "a linear program of the nucleolus has no answer (GLPK: %s)",
                    lp && *dt_lp_message(lp) ? dt_lp_message(lp) : "no optimum found");
        status = DT_ERR_SOLVER;
    }
    dt_lp_free(lp);
    fmpq_clear(&p.zero);
    fmpq_clear(&p.one);
    return status;
}
