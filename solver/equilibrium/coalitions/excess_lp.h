/* The linear program of one stage of the nucleolus, by its dual: which coalitions' excess is the
 * largest that cannot be made smaller. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_EXCESS_LP_H
#define DT_EQUILIBRIUM_EXCESS_LP_H

#include "deterra/coalition.h"

/* The primal program is
 *     min e   with   x(S) + e >= worth(S)   for the open coalitions,
 *                    x(S) = share(S)        for the fixed ones,
 *                    x_i >= 0               where `floors`,
 * x and e free; solved is its dual
 *     max sum y_S worth(S) + sum z_S share(S)
 *     with sum over S with i of y_S + z_S (+ m_i) = 0 for each player, sum y_S = 1, y, m >= 0. */
typedef struct dt_excess_lp {
    size_t players;
    bool floors;
    size_t opens;
    const uint32_t *open; /* opens: coalitions */
    const fmpq *worth;    /* by coalition */
    size_t fixeds;
    const uint32_t *fixed;
    const fmpq *share; /* fixeds */
} dt_excess_lp;

/* Solves and proves. e; x[players] and weight[opens] (y) are initialised by the caller. */
dt_status dt_excess_lp_solve(const dt_excess_lp *lp, const volatile sig_atomic_t *stop,
                             dt_diag *diag, fmpq_t e, fmpq *x, fmpq *weight);

#endif
