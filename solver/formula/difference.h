/* What a change of one move does to a payoff, over a whole box of profiles at once.
 *
 * Every step of the payoff carries three hulls: its value before the change, its value after, and
 * the difference of the two with all other moves equal. Differences go through products, quotients
 * and powers by their mean value forms, so that what the change does not touch cancels: this is
 * interval slope arithmetic (Krawczyk and Neumaier 1985) for a pair of points. Where it proves a
 * gain positive, no profile of the box is an equilibrium in which the move is as before. Where the
 * sign stays open, point.h and adjoint.h bound the gain to second order.
 *
 * Cost: a pass over the payoff's steps, about twenty operations each and change; to second order
 * some forty more. */
#ifndef DT_FORMULA_DIFFERENCE_H
#define DT_FORMULA_DIFFERENCE_H

#include "deterra/game.h"
#include "formula/block_eval.h"

typedef struct dt_difference dt_difference;

/* For changes among the moves `own`; with own = 0, for values only. The plan, of one part, must
 * outlive it. NULL when out of memory. */
dt_difference *dt_difference_new(const dt_plan *plan, uint64_t own);
void dt_difference_free(dt_difference *d);

/* The box: set[slot] has a bit for each level that a move may have. Ends of payoff(after) -
 * payoff(before) for each of count <= DT_MOST_CHANGES changes; NaN and infinities say that nothing
 * is known; unless `every` change is to be bounded, that is so as well where a change cannot strike
 * out a level (deterra/game.h). blur tells for each change and each move (count × slots) how much
 * the move, being open in the box, widens the ends. */
void dt_difference_run(dt_difference *d, const uint64_t *set, const dt_change *change, size_t count,
                       bool every, double *low, double *high, double *blur);
/* Ends of the payoff over the box; made with own = 0. */
void dt_difference_range(dt_difference *d, const uint64_t *set, double *low, double *high);

#endif
