/* Pure equilibria with a given slack: what pure-nash and epsilon-nash share. */
#ifndef DT_EQUILIBRIUM_PURE_H
#define DT_EQUILIBRIUM_PURE_H

#include "deterra/concept.h"

/* Fills `result` (of shape DT_SHAPE_EQUILIBRIA) with every profile at which nobody gains more than
 * `slack`: candidates by dt_near_equilibria, each decided exactly, payoffs split by term. Where
 * more than DT_MOST_ITEMS are found, the first are kept and the result is not complete. */
dt_status dt_pure_equilibria(const dt_solve_call *call, const fmpq_t slack, dt_result *result);

enum { DT_MOST_ITEMS = 100000 };

/* What dt_pure_equilibria takes, for a concept's `expect`, `work` and `memory`. */
dt_status dt_pure_forecast(const dt_solve_call *call, const fmpq_t slack, double patience,
                           dt_forecast *forecast);
double dt_pure_work(const dt_game *game);
double dt_pure_memory(const dt_game *game);

/* A margin above the slack that covers its rounding to a double. */
double dt_slack_above(const fmpq_t slack);

#endif
