/* Every profile that may be an equilibrium: the complete list of candidates. */
#ifndef DT_EQUILIBRIUM_NEAR_H
#define DT_EQUILIBRIUM_NEAR_H

#include "deterra/concept.h"

typedef struct dt_candidates {
    size_t count, room;
    uint64_t *profile; /* indices, ascending */
    bool cut;          /* there are more than `most`: the list is not complete */
} dt_candidates;

/* Finds all profiles at which no player gains more than `slack` plus the proven error of the fast
 * evaluation by deviating: everything left out is proven no equilibrium of that slack.
 *
 * First, strategies that are never that near to a best reply to what is left are struck out, round
 * by round; then what is left is scanned. Cost: at worst players × profiles payoffs; memory: a byte
 * for each profile left, at most 64 MB at a time. The same list for any number of threads. */
dt_status dt_near_equilibria(const dt_game *game, double slack, size_t most,
                             const dt_control *control, dt_diag *diag, dt_candidates *out);
void dt_candidates_clear(dt_candidates *c);

#endif
