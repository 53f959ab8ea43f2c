/* Exact proof of an LP's optimum from its final basis.
 *
 * A basis says which variables (columns, and the activities of rows) are basic and at which bound
 * the others stand; that fixes one primal and one dual solution. Solved in rationals, with every
 * bound, row and reduced cost checked, they prove the optimum, whatever the arithmetic that found
 * the basis (Applegate, Cook, Dash and Espinoza 2007). Basic row activities are dropped first, so
 * the dense system has as many equations as there are basic columns. A basis that is not exactly
 * optimal is repaired by exact simplex pivots. SPDX: GPL-3.0-or-later */
#ifndef DT_LP_PROOF_H
#define DT_LP_PROOF_H

#include <flint/fmpq.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lp/lp.h"

/* Bounds; NULL where there is none. */
typedef struct dt_lp_range {
    const fmpq *lower, *upper;
} dt_lp_range;

/* An LP in rationals, by columns and never held as a whole. A row, with its bounds, may be scaled
 * by a positive number against the LP that found the basis, and so may a column and the cost: a
 * basis does not change by that. Entries that are integers are the fast case. */
typedef struct dt_lp_data {
    dt_lp_sense sense;
    size_t rows, columns;
    size_t entries; /* the most a column has */
    void *self;
    /* Writes column j's entries, at most `entries`, and returns how many. */
    size_t (*column)(void *self, size_t j, size_t *row, fmpq *value);
    void (*cost)(void *self, size_t j, fmpq_t cost);
    dt_lp_range (*row_range)(void *self, size_t i);
    dt_lp_range (*column_range)(void *self, size_t j);
} dt_lp_data;

typedef enum dt_lp_verdict {
    DT_LP_PROVED,
    DT_LP_BAD_BASIS,    /* not a basis: wrong size, or singular */
    DT_LP_PRIMAL_WRONG, /* a bound is violated and no pivot mends it */
    DT_LP_DUAL_WRONG,   /* a reduced cost has the wrong sign and no pivot mends it */
    DT_LP_TOO_LARGE,    /* the budget is used up */
} dt_lp_verdict;
const char *dt_lp_verdict_text(dt_lp_verdict verdict);

typedef struct dt_lp_proof {
    dt_lp_verdict verdict;
    size_t rows, columns;
    size_t support; /* basic columns: the size of the dense system */
    size_t pivots;  /* that the repair took */
    fmpq *x;        /* columns */
    fmpq *y;        /* rows: dual values, c - A'y are the reduced costs */
    fmpq_t value;
} dt_lp_proof;

/* Proves the basis row_place, column_place (which a repair changes). `budget` bounds the sum of
 * cubes of the sizes of the systems solved, so the answer does not depend on the clock; 0 means
 * the default of 2e9 (a few seconds; systems of long numbers take longer). The proof is to be
 * cleared also after errors. DT_OK whatever the verdict; DT_ERR_MEMORY, DT_ERR_INTERRUPTED. Time: a
 * dense solve of the support and two passes over all entries, for each pivot + 1. */
dt_status dt_lp_prove(const dt_lp_data *data, dt_lp_place *row_place, dt_lp_place *column_place,
                      double budget, const volatile sig_atomic_t *stop, dt_lp_proof *proof);
void dt_lp_proof_clear(dt_lp_proof *proof);

#endif
