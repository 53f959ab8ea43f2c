/* Optimal correlated equilibria by column generation, and their proofs. SPDX: GPL-3.0-or-later
 *
 * The LP over all profiles is never built: a master holds some columns, pricing over all profiles
 * finds those that enter (Gilmore and Gomory 1961). All objectives share the constraints, so the
 * master is kept and only its costs change. For the payoff of the worst-off player there are a row
 * for each player, his expected payoff - t >= 0, and a free column t, which is maximised; the
 * master is built anew for it.
 *
 * Rows of the master: those of obedience, then the players'. Columns: an elastic slack for each
 * row of obedience, t where it is there, and profiles. */
#ifndef DT_EQUILIBRIUM_CORRELATED_LP_H
#define DT_EQUILIBRIUM_CORRELATED_LP_H

#include "deterra/result.h"
#include "equilibrium/correlation/goal.h"
#include "equilibrium/correlation/obedience.h"
#include "equilibrium/shared/smallest.h"
#include "lp/lp.h"

/* The column t, where columns are named by their profiles. */
#define DT_WORST_OFF SIZE_MAX

typedef struct dt_master {
    const dt_obedience *o;
    const dt_control *control;
    dt_diag *diag;
    dt_lp *lp; /* NULL at first */
    const dt_goal *goal;
    bool worst;   /* the LP has the players' rows and t */
    size_t rows;  /* of the LP */
    double shift; /* the cost of profile s is sign × (sum rough_i u_i - shift) / unit; */
    double unit;  /* t, and payoffs in the players' rows, likewise */
    double weight[DT_MAX_PLAYERS]; /* that cost: sum weight_i (u_i - centre_i); worst: 0 */
    size_t columns, room;
    /* columns: which profile; DT_WORST_OFF; elastic ones come first and hold SIZE_MAX - row */
    size_t *profile;
    uint64_t *in_master; /* profiles: a bit each */
    double *reduced;     /* profiles: the last pricing */
    bool feasible;       /* the elastic columns are fixed at 0 */
    double first_gap;    /* the largest reduced cost at first, for progress */
    double *best_y;      /* rows: multipliers that gave the best bound on the goal so far */
    double best_bound;   /* that bound, or infinity */
    double budget;       /* of the exact step: the sum of cubes of the systems that may be solved */
} dt_master;

/* The answer to a goal. Balls where the payoffs are not rational. */
typedef struct dt_correlated {
    dt_certificate certificate;
    bool rational; /* fractions below, else balls */
    size_t players;
    size_t count; /* profiles of positive probability, ascending */
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
/* Goes on from a basis: places of the LP's rows, and of its columns without the elastic ones. */
dt_status dt_master_resume(dt_master *m, const dt_lp_place *row_place,
                           const dt_lp_place *column_place);
/* Adds profiles to the master, which are not basic. */
dt_status dt_master_add(dt_master *m, const size_t *profile, size_t count);
dt_status dt_master_add_list(dt_master *m, dt_smallest *list, size_t *added); /* best first */
/* Notes that the LP has one more column, of that name. */
dt_status dt_master_note(dt_master *m, size_t profile);
/* The goal's costs of the profiles that are there. */
dt_status dt_master_set_costs(dt_master *m);

/* columns.c: a profile's column and cost as the master has them, payoffs over their scales. */
typedef struct dt_drawing {
    size_t entries;
    size_t *row;
    double *value, *line; /* line: the longest of a player's */
    double cost;
} dt_drawing;
dt_status dt_drawing_init(dt_drawing *d, const dt_master *m); /* to be cleared also after errors */
void dt_drawing_clear(dt_drawing *d);
dt_status dt_drawing_make(dt_drawing *d, const dt_master *m, size_t profile);

/* entering.c: prices all profiles with the duals of the LP just solved, and adds those that enter
 * best, of a reduced cost above the threshold. None are added only where none enter. The threshold
 * DT_ENTER_FINE is that of the end, where no detours are made. */
#define DT_ENTER_FINE 1e-9
dt_status dt_master_enter(dt_master *m, double threshold, size_t *added);

/* How many columns are elastic. */
size_t dt_master_elastics(const dt_master *m);
static inline bool dt_master_has(const dt_master *m, size_t profile) {
    return m->in_master[profile / 64] >> profile % 64 & 1;
}

/* pricing.c: reduced[s] = cost - sum of y[row] × (column s as the master has it), for all profiles;
 * y has m->rows entries. Time: profiles × those of a player's y[row] that are not 0, and coarse
 * profiles × players; payoffs that are not kept are computed, but for players whose payoffs the
 * multipliers do not ask for. */
dt_status dt_master_price(dt_master *m, const double *y);
/* The multipliers y, given for the rows in the units of the payoffs and for a goal of weights
 * `rough`, in the master's units (in place). *error bounds |reduced - true reduced cost| after
 * pricing with them, errors of payoffs and a relative error of 2^-50 of each y included; in the
 * master's units, too. */
void dt_master_multipliers(const dt_master *m, double *y, double *error);
/* Shift, unit and weights of the goal, which comes to at most 1 in size at any profile. */
void dt_master_costs(dt_master *m);
/* reduced[s]: what a profile is worth as one to start with, the less the better: twice the sum of
 * what the players would gain by deviating, each over his scale, less its cost; where `worst`, less
 * what the worst-off player gets. */
dt_status dt_master_rank(dt_master *m);

/* The basis: profiles (and DT_WORST_OFF) that are basic, ascending, and rows that are not. Elastic
 * columns that are basic at 0 give way to their rows. Arrays are malloc'ed; also after errors. */
typedef struct dt_basis {
    size_t columns, rows;
    size_t *column, *row;
} dt_basis;
dt_status dt_master_basis(const dt_master *m, dt_basis *basis);
void dt_basis_clear(dt_basis *basis);

/* Proves the final basis: in rationals where the payoffs are, else in balls. To be cleared also
 * after errors. */
dt_status dt_correlated_prove(dt_master *m, dt_correlated *out);
dt_status dt_correlated_enclose(dt_master *m, const dt_basis *basis, dt_correlated *out);
void dt_correlated_clear(dt_correlated *c);

#endif
