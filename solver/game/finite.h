/* Are payoffs finite? Rows whose values and bounds all are, and tables. */
#ifndef DT_GAME_FINITE_H
#define DT_GAME_FINITE_H

#include "deterra/concept.h"

/* Like dt_game_row, but where the fast evaluation fails the exact payoff stands in: every value and
 * bound is finite. DT_ERR_INPUT where a payoff does not exist. */
dt_status dt_finite_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                        const uint32_t *profile, double *value, double *bound);

/* The first profile, and there the first player, at which the view of a payoff is NaN or infinite;
 * game->profiles where there is none. Players without a view are passed over. Every payoff is read
 * once; the answer does not depend on the threads. DT_OK or DT_ERR_INTERRUPTED. */
dt_status dt_first_not_finite(const dt_game *game, const dt_control *control, size_t *player,
                              uint64_t *profile);

#endif
