/* Joint deviations of coalitions from a profile. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_JOINT_H
#define DT_EQUILIBRIUM_JOINT_H

#include "deterra/coalition.h"
#include "deterra/concept.h"

/* Which joint deviations count. */
typedef enum dt_joint_kind {
    DT_JOINT_STRICT,   /* every member is better off */
    DT_JOINT_WEAK,     /* no member is worse off, one is better off */
    DT_JOINT_CREDIBLE, /* every member is better off, and no smaller coalition of members has a
                          credible deviation of its own from there */
} dt_joint_kind;

/* What a search found. */
typedef struct dt_joint {
    dt_truth found; /* unknown: none is proven, but some comparison could not be decided */
    uint32_t profile[DT_MAX_PLAYERS]; /* the deviation, where found is true */
} dt_joint;

/* Looks for a deviation of the coalition (a bit a player) from `profile`, while the others stay;
 * the one found is the first in the order of the search. Payoffs are compared by doubles with
 * bounds on their error, then without rounding. The same for any number of threads. Time: the
 * members' joint strategies, for each at most as many payoffs as there are members, mostly little
 * more than one; for credible deviations those of the smaller coalitions too, from each deviation
 * that makes all members better off and that none of them would leave alone. */
dt_status dt_joint_find(const dt_game *game, uint64_t coalition, const uint32_t *profile,
                        dt_joint_kind kind, const dt_control *control, dt_diag *diag,
                        dt_joint *out);

/* Is every member of the coalition better off at `after` than at `before`? */
dt_status dt_joint_better(const dt_game *game, uint64_t coalition, const uint32_t *before,
                          const uint32_t *after, dt_truth *better);

/* All coalitions of `least` to `most` of the game's players, smaller ones first, then those whose
 * first members come first, into list (room for 2^players); their number. At most
 * DT_MOST_COALITION_PLAYERS players. */
size_t dt_coalitions_by_size(size_t players, size_t least, size_t most, uint32_t *list);

#endif
