/* Candidates of a game whose payoffs stand in memory, in about one pass over them. */
#ifndef DT_EQUILIBRIUM_DENSE_H
#define DT_EQUILIBRIUM_DENSE_H

#include "equilibrium/pure/near.h"

/* Does the model have a view of all payoffs? */
bool dt_dense_applies(const dt_game *game);

/* What dt_near_equilibria finds, for a game to which it applies. Cost: every payoff is read about
 * once, fewer where equilibria are rare; memory: a bit a profile, at most two for short lines. */
dt_status dt_dense_equilibria(const dt_game *game, double slack, size_t most,
                              const dt_control *control, dt_candidates *out);

/* The bytes that it takes. */
double dt_dense_memory(const dt_game *game);

#endif
