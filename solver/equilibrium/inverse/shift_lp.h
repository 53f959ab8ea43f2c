/* The linear program of the smallest shift, in rationals.
 *
 * Moves x_j >= 0 (a parameter upwards, or downwards), at most a cap where there is one; for each
 * deviation r a row  sum_j coefficient[r][j] x_j >= need[r].  What is least:
 *   SHORTFALL  the largest part of a need that is left open: 0 exactly where there is a solution;
 *   SUM        sum_j weight_j x_j;
 *   MOST       max_j weight_j x_j.
 * GLPK proposes a basis; solved in fractions it proves the optimum (lp/proof.h), with exact pivots
 * where it does not. The dual values of the rows prove it: of SHORTFALL they are a Farkas
 * certificate (weights that add up to 1). SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_SHIFT_LP_H
#define DT_EQUILIBRIUM_SHIFT_LP_H

#include "lp/proof.h"

typedef enum dt_shift_goal { DT_SHIFT_SHORTFALL, DT_SHIFT_SUM, DT_SHIFT_MOST } dt_shift_goal;

typedef struct dt_shift_lp {
    size_t rows, moves;
    const fmpq *coefficient; /* rows × moves */
    const fmpq *need;        /* rows */
    const fmpq *cap;         /* moves */
    const bool *capped;      /* moves: has it a cap? */
    const fmpq *weight;      /* moves: positive */
} dt_shift_lp;

/* proof->x[j] for j < moves are the moves, proof->y[r] for r < rows the dual values. The proof is
 * to be cleared also after errors. Size of the system solved in fractions: at most 2 × moves + 1.
 */
dt_status dt_shift_solve(const dt_shift_lp *lp, dt_shift_goal goal,
                         const volatile sig_atomic_t *stop, dt_lp_proof *proof);

#endif
