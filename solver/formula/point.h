/* What changes of one move do to a payoff at one profile. */
#ifndef DT_FORMULA_POINT_H
#define DT_FORMULA_POINT_H

#include "deterra/game.h"
#include "formula/block_eval.h"

typedef struct dt_point dt_point;

/* For changes among the moves `own`. The plan must outlive it. NULL when out of memory. */
dt_point *dt_point_new(const dt_plan *plan, uint64_t own);
void dt_point_free(dt_point *point);

/* Ends of payoff(after) - payoff(before) for each change, at the profile in which each other move
 * has the level of the one bit of base[slot]; infinite or NaN where nothing is known. Cost: two
 * lanes a change and step; steps without own moves are kept while their levels stay. */
void dt_point_gains(dt_point *point, const uint64_t *base, const dt_change *change, size_t count,
                    double *low, double *high);

#endif
