/* Which of some profiles are Pareto-efficient. */
#ifndef DT_EQUILIBRIUM_PARETO_H
#define DT_EQUILIBRIUM_PARETO_H

#include "deterra/concept.h"

/* efficient[k] of profile[k]: false where some profile is at least as good for everyone and better
 * for someone, true where none is, unknown where the game is too large to look (2^28 profiles, or
 * 2^36 pairs) or a comparison cannot be decided. Visits every profile at worst; player after
 * player, so that most profiles cost one payoff. */
dt_status dt_pareto_efficient(const dt_game *game, const uint64_t *profile, size_t count,
                              const dt_control *control, dt_diag *diag, dt_truth *efficient);

#endif
