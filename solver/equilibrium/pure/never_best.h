/* Round by round elimination of strategies that are never near a best reply to what is left. They
 * cannot be played in a pure equilibrium, and striking them out changes no player's best payoff
 * against what is left (Pearce 1984 for the mixed case; here beliefs are single profiles). */
#ifndef DT_EQUILIBRIUM_NEVER_BEST_H
#define DT_EQUILIBRIUM_NEVER_BEST_H

#include "deterra/concept.h"
#include "game/restriction.h"

/* Strikes out of `left` what is never within `slack` of a best reply, starting with the player
 * whose sample promises most, until nothing changes or little is left. Comparisons leave room for
 * the error bounds, so that what is near within them stays; what does stay beyond that may depend
 * on the threads, but no profile that is an equilibrium within the slack is ever lost.
 *
 * Cost: at most (rounds × profiles) payoffs. */
dt_status dt_eliminate_never_best(const dt_game *game, double slack, const dt_control *control,
                                  dt_diag *diag, dt_restriction *left);

#endif
