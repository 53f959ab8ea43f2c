/* A basis of an exact LP and what follows from it: shared by proof.c and pivot.c.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_LP_BASIS_H
#define DT_LP_BASIS_H

#include <flint/fmpq_mat.h>

#include "lp/dixon.h"
#include "lp/proof.h"

#define DT_LP_NO_SLOT SIZE_MAX

/* A variable: a column, or the activity of a row. */
typedef struct dt_lp_variable {
    bool is_row;
    size_t index;
} dt_lp_variable;

/* The worst violation met. */
typedef struct dt_lp_fault {
    bool found;
    dt_lp_variable variable;
    int direction; /* in which the variable has to move */
    double size;
} dt_lp_fault;

typedef struct dt_lp_basis {
    const dt_lp_data *data;
    dt_lp_place *row_place, *column_place;
    size_t size;       /* basic columns = rows that are not basic */
    size_t *basic;     /* size: columns */
    size_t *tight;     /* size: rows */
    size_t *row_slot;  /* rows: place in tight */
    fmpq_mat_t matrix; /* tight rows × basic columns */
    bool has_matrix;
    dt_dixon dixon; /* of the matrix, as soon as a large system was solved */
    bool has_dixon, unfit;
    const volatile sig_atomic_t *stop;
    bool stopped;
    fmpq *x;        /* columns */
    fmpq *activity; /* rows */
    fmpq *y;        /* rows */
    fmpz *cleared;  /* rows: y × y_denominator */
    fmpz_t y_denominator;
    double *y_double;  /* rows */
    size_t *entry_row; /* scratch: entries */
    fmpq *entry;
    bool lowest; /* take the lowest fault and not the worst: Bland 1977, no cycling */
    dt_lp_fault primal, dual;
} dt_lp_basis;

/* The range of a variable. */
dt_lp_range dt_lp_basis_range(const dt_lp_basis *b, dt_lp_variable v);
dt_lp_place *dt_lp_basis_place(const dt_lp_basis *b, dt_lp_variable v);
/* Solves matrix × z = right (or its transpose); false when singular, or `stopped`. Both are size
 * × 1.
 */
bool dt_lp_basis_solve(dt_lp_basis *b, bool transposed, fmpq_mat_t z, const fmpq_mat_t right);
/* out[rows] += sum over basic columns of weight (size × 1) × column. */
void dt_lp_basis_combine(dt_lp_basis *b, const fmpq_mat_t weight, fmpq *out);
/* Reduced costs with the basis's y. */
void dt_lp_basis_reduced_cost(dt_lp_basis *b, dt_lp_variable v, fmpq_t out);
double dt_lp_double(const fmpq_t q); /* within 2^-50 of it, relatively */

/* One exact pivot; false when there is none. */
bool dt_lp_pivot_primal(dt_lp_basis *b);
bool dt_lp_pivot_dual(dt_lp_basis *b);

#endif
