/* Payoff rows whose values and bounds are all finite. */
#ifndef DT_GAME_FINITE_H
#define DT_GAME_FINITE_H

#include "deterra/game.h"

/* Like dt_game_row, but where the fast evaluation fails the exact payoff stands in: every value and
 * bound is finite. DT_ERR_INPUT where a payoff does not exist. */
dt_status dt_finite_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                        const uint32_t *profile, double *value, double *bound);

#endif
