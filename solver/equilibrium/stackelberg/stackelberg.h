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

/* Mixed commitment against one follower; the players beside the two have one strategy. Exact where
 * payoffs are rational; else the value is enclosed by two programs whose payoffs are a little too
 * small and too large. `budget` bounds each exact proof as dt_lp_prove's does, 0 is the default;
 * beyond it the answer is numeric, with its residual in a note. Adds to `result` the optimal
 * commitments that are certified, and the value by name.
 * Time: n linear programs of m columns and n rows, and an exact solution of some of them. */
dt_status dt_commit_mixed(const dt_solve_call *call, size_t leader, size_t follower, dt_ties ties,
                          double budget, dt_result *result);

#endif
