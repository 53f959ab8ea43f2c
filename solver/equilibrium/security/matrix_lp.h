/* The LP of a matrix game's row of rivals: max v with sum_j x_j a[r][j] >= v for all r, x >= 0,
 * sum x = 1. Column j < columns is x_j, column `columns` is v; LP row 0 is the sum, LP row 1 + r
 * is row r. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_MATRIX_LP_H
#define DT_EQUILIBRIUM_MATRIX_LP_H

#include "lp/proof.h"

/* Without rows yet. */
dt_status dt_matrix_lp_new(size_t columns, dt_lp **out);
/* Adds a row of `columns` payoffs. */
dt_status dt_matrix_lp_add(dt_lp *lp, const double *payoff);
/* Solves; DT_ERR_SOLVER where GLPK found no optimum (there is one as soon as there is a row). */
dt_status dt_matrix_lp_solve(dt_lp *lp, const volatile sig_atomic_t *stop);
/* Proves the final basis with the exact payoffs a[rows × columns]. */
dt_status dt_matrix_lp_prove(const dt_lp *lp, const fmpq *a, size_t rows, size_t columns,
                             const volatile sig_atomic_t *stop, dt_lp_proof *proof);

#endif
