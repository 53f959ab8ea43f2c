/* Which of some profiles are Pareto-efficient. */
#ifndef DT_EQUILIBRIUM_PARETO_H
#define DT_EQUILIBRIUM_PARETO_H

#include "equilibrium/pure/targets.h"

#define DT_PARETO_WHAT "profiles searched for Pareto dominance"

/* efficient[k] of profile[k]: false where some profile is at least as good for everyone and better
 * for someone, true where none is, unknown where a comparison cannot be decided. The same answer
 * for any number of threads.
 *
 * Payoffs that stand in memory are looked through; those of formulas are bounded over boxes of
 * profiles, and only what these bounds leave is looked at; else all rows are visited. At worst a
 * search sees all players' payoffs at all profiles, and there is one for every DT_TARGETS_AT_ONCE
 * different payoff vectors of which none dominates another. */
dt_status dt_pareto_efficient(const dt_game *game, const uint64_t *profile, size_t count,
                              const dt_control *control, dt_diag *diag, dt_truth *efficient);

/* The three searches, for the targets in hand: each notes all that are dominated. */
dt_status dt_pareto_rows(dt_targets *targets, const dt_control *control, dt_diag *diag);
/* For a game whose payoffs all have a view. */
bool dt_pareto_views_apply(const dt_game *game);
dt_status dt_pareto_views(dt_targets *targets, const dt_control *control);
/* For a game with ranges over boxes. */
bool dt_pareto_boxes_apply(const dt_game *game);
dt_status dt_pareto_boxes(dt_targets *targets, const dt_control *control);

#endif
