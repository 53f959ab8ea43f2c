/* The LP of a matrix game that grows on both sides: see value_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/security/value_lp.h"

#include <math.h>
#include <stdlib.h>

dt_status dt_value_lp_new(dt_lp **out) {
    dt_lp *lp = NULL;
    dt_status status = dt_lp_new(DT_LP_MAX, &lp);
    if (status == DT_OK)
        status = dt_lp_add_row(lp, 1, 1, 0, NULL, NULL);
    if (status == DT_OK)
        status = dt_lp_add_column(lp, -INFINITY, INFINITY, 1, 0, NULL, NULL);
    if (status != DT_OK) {
        dt_lp_free(lp);
        lp = NULL;
    }
    *out = lp;
    return status;
}

/* A row with what is at v, or a column with what is in the sum: first, then the payoffs. */
static dt_status add(dt_lp *lp, bool row, double first, const double *payoff, size_t count) {
    size_t *place = malloc((count + 1) * sizeof *place);
    double *value = malloc((count + 1) * sizeof *value);
    dt_status status = place && value ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k <= count && status == DT_OK; k++) {
        place[k] = k;
        value[k] = k == 0 ? first : payoff[k - 1];
    }
    if (status == DT_OK)
        status = row ? dt_lp_add_row(lp, 0, INFINITY, count + 1, place, value)
                     : dt_lp_add_column(lp, 0, INFINITY, 0, count + 1, place, value);
    free(place);
    free(value);
    return status;
}

dt_status dt_value_lp_add_row(dt_lp *lp, const double *payoff) {
    return add(lp, true, -1, payoff, dt_lp_columns(lp) - 1);
}

dt_status dt_value_lp_add_column(dt_lp *lp, const double *payoff) {
    return add(lp, false, 1, payoff, dt_lp_rows(lp) - 1);
}

dt_status dt_value_lp_solve(dt_lp *lp, dt_lp_method method, const volatile sig_atomic_t *stop) {
    dt_lp_outcome outcome;
    dt_status status = dt_lp_solve(lp, method, stop, &outcome);
    return status == DT_OK && outcome != DT_LP_OPTIMAL ? DT_ERR_SOLVER : status;
}

typedef struct exact_matrix {
    fmpq *const *a;
    size_t rows, columns;
    fmpq zero, one;
} exact_matrix;

static size_t exact_column(void *self, size_t j, size_t *row, fmpq *value) {
    const exact_matrix *m = self;
    size_t at = 0;
    if (j > 0) {
        row[at] = 0;
        fmpq_one(value + at++);
    }
    for (size_t r = 0; r < m->rows; r++) {
        row[at] = 1 + r;
        if (j > 0)
            fmpq_set(value + at++, m->a[r] + j - 1);
        else
            fmpq_set_si(value + at++, -1, 1);
    }
    return at;
}

static void exact_cost(void *self, size_t j, fmpq_t cost) {
    (void)self;
    fmpq_set_si(cost, j == 0, 1);
}

static dt_lp_range exact_row_range(void *self, size_t i) {
    exact_matrix *m = self;
    return i == 0 ? (dt_lp_range){&m->one, &m->one} : (dt_lp_range){&m->zero, NULL};
}

static dt_lp_range exact_column_range(void *self, size_t j) {
    exact_matrix *m = self;
    return (dt_lp_range){j > 0 ? &m->zero : NULL, NULL};
}

dt_status dt_value_lp_prove(fmpq *const *a, size_t rows, size_t columns, dt_lp_place *row_place,
                            dt_lp_place *column_place, const volatile sig_atomic_t *stop,
                            dt_lp_proof *proof) {
    exact_matrix m = {.a = a, .rows = rows, .columns = columns};
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = rows + 1,
                       .columns = columns + 1,
                       .entries = rows + 1,
                       .self = &m,
                       .column = exact_column,
                       .cost = exact_cost,
                       .row_range = exact_row_range,
                       .column_range = exact_column_range};
    *proof = (dt_lp_proof){.verdict = DT_LP_BAD_BASIS};
    fmpq_init(proof->value);
    fmpq_init(&m.zero);
    fmpq_init(&m.one);
    fmpq_one(&m.one);
    dt_status status = dt_lp_prove(&data, row_place, column_place, 0, stop, proof);
    fmpq_clear(&m.zero);
    fmpq_clear(&m.one);
    return status;
}
