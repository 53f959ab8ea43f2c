/* Commitment of a leader: what stackelberg.c and its two searches share. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_STACKELBERG_H
#define DT_EQUILIBRIUM_STACKELBERG_H

#include "deterra/concept.h"

/* What the leader believes of followers who are indifferent, or who have several equilibria. */
typedef enum dt_ties {
    DT_TIES_STRONG, /* they do what is best for him */
    DT_TIES_WEAK,   /* they do what is worst for him */
} dt_ties;

/* Pure commitment: for each strategy of the leader all pure equilibria of the others among
 * themselves, by the search of pure-nash in the game in which he is committed; of these the best or
 * the worst for him, decided in exact numbers; of the commitments the best. Commitments after which
 * the others have no pure equilibrium promise nothing and are listed. Adds the outcomes, all that
 * are optimal, to `result`.
 * Time: a search for pure equilibria for each strategy of the leader. */
dt_status dt_commit_pure(const dt_solve_call *call, size_t leader, dt_ties ties, dt_result *result);

/* Mixed commitment against one follower. */
dt_status dt_commit_mixed(const dt_solve_call *call, size_t leader, size_t follower, dt_ties ties,
                          dt_result *result);

#endif
