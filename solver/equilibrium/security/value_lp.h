/* The LP of a matrix game: max v with sum_j x_j a[r][j] >= v for all rows r, x >= 0, sum x = 1.
 * Column 0 is v and column 1 + j is x_j; LP row 0 is the sum and LP row 1 + r is row r. Both sides
 * may grow. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_VALUE_LP_H
#define DT_EQUILIBRIUM_VALUE_LP_H

#include "lp/proof.h"

/* Without rows and columns yet. */
dt_status dt_value_lp_new(dt_lp **out);
/* Adds a row of as many payoffs as there are columns x. */
dt_status dt_value_lp_add_row(dt_lp *lp, const double *payoff);
/* Adds a column of as many payoffs as there are rows r. */
dt_status dt_value_lp_add_column(dt_lp *lp, const double *payoff);
/* Solves; new rows alone leave the old basis dual feasible, new columns alone primal. DT_ERR_SOLVER
 * where GLPK found no optimum (there is one as soon as there are a row and a column). */
dt_status dt_value_lp_solve(dt_lp *lp, dt_lp_method method, const volatile sig_atomic_t *stop);
/* Proves a basis (row_place of rows + 1, column_place of columns + 1) with the exact payoffs
 * a[row][column]; a repair changes the places. */
dt_status dt_value_lp_prove(fmpq *const *a, size_t rows, size_t columns, dt_lp_place *row_place,
                            dt_lp_place *column_place, const volatile sig_atomic_t *stop,
                            dt_lp_proof *proof);

#endif
