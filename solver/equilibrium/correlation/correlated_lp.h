/* Optimal correlated equilibria by column generation, and their proofs. SPDX: GPL-3.0-or-later
 *
 * The LP over all profiles is never built: a master holds some columns, pricing over all profiles
 * finds those that enter (Gilmore and Gomory 1961). All objectives share the constraints, so the
 * master is kept and only its costs change. */
#ifndef DT_EQUILIBRIUM_CORRELATED_LP_H
#define DT_EQUILIBRIUM_CORRELATED_LP_H

#include "deterra/result.h"
#include "equilibrium/correlation/obedience.h"
#include "lp/lp.h"

/* What is to be optimised: max of sign × sum of weight[i] u_i. */
typedef struct dt_goal {
    int sign; /* 1 max, -1 min */
    bool weight[DT_MAX_PLAYERS];
} dt_goal;

typedef struct dt_master {
    const dt_obedience *o;
    const dt_control *control;
    dt_diag *diag;
    dt_lp *lp; /* NULL at first */
    const dt_goal *goal;
    double goal_scale;
    size_t columns, room;
    size_t
        *profile; /* columns: which profile; elastic columns come first and hold SIZE_MAX - row */
    bool *in_master; /* profiles */
    double *reduced; /* profiles: the last pricing */
    double *cost;    /* profiles: of the goal, scaled */
    bool feasible;   /* the elastic columns are fixed at 0 */
} dt_master;

/* The answer to a goal. Balls where the payoffs are not rational. */
typedef struct dt_correlated {
    dt_certificate certificate;
    bool rational; /* fractions below, else balls */
    size_t count;  /* profiles of positive probability, ascending */
    size_t *profile;
    fmpq *probability; /* count, where rational */
    arb_ptr ball;      /* count, else */
    fmpq_t value;      /* of the goal, sign taken off */
    arb_t value_ball;  /* numeric: middle ± the gap between the solution and the dual bound */
    fmpq *payoff;      /* players */
    arb_ptr payoff_ball;
    const char *why; /* why it is numeric, or NULL */
} dt_correlated;

dt_status dt_master_init(dt_master *m, const dt_obedience *o, const dt_control *control,
                         dt_diag *diag);
void dt_master_clear(dt_master *m);
/* Solves to optimality in doubles; the master keeps the final basis. */
dt_status dt_master_solve(dt_master *m, const dt_goal *goal);
/* reduced[s] = cost[s] - y_0 - sum of y[row] × (column s as the master has it), for all profiles.
 */
void dt_master_price(dt_master *m, const double *y);
/* The final basis over all profiles: row_place[rows], column_place[profiles]. */
void dt_master_basis(const dt_master *m, dt_lp_place *row_place, dt_lp_place *column_place);

/* Proves the final basis: in rationals where the payoffs are, else in balls. To be cleared also
 * after errors. */
dt_status dt_correlated_prove(dt_master *m, dt_correlated *out);
dt_status dt_correlated_enclose(dt_master *m, dt_correlated *out);
void dt_correlated_clear(dt_correlated *c, size_t players);

#endif
