/* The extreme equilibria that a search finds. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_PAIRS_H
#define DT_EQUILIBRIUM_PAIRS_H

#include "equilibrium/mixed/strategies.h"

/* Pairs of mixed strategies. There may be many more pairs than strategies, each of which is kept,
 * compared and printed into numbers once. */
typedef struct dt_pairs {
    dt_strategies strategy[2]; /* the first player's, the second's */
    size_t count, room;
    uint32_t (*pair)[2]; /* which of the strategies */
} dt_pairs;

static inline const fmpz *dt_pairs_strategy(const dt_pairs *pairs, size_t k, size_t player) {
    return dt_strategies_get(&pairs->strategy[player], pairs->pair[k][player]);
}

/* Empty, of players with m and n strategies. */
dt_pairs dt_pairs_of(size_t m, size_t n);
/* Adds a pair of strategies that are there. */
dt_status dt_pairs_add(dt_pairs *pairs, uint32_t first, uint32_t second);
/* Moves all of `from` behind `into`. */
dt_status dt_pairs_join(dt_pairs *into, dt_pairs *from);
/* Sorts both players' strategies by their probabilities, the larger first, and the pairs by the
 * first's, then the second's. */
dt_status dt_pairs_sort(dt_pairs *pairs);
void dt_pairs_clear(dt_pairs *pairs);

#endif
