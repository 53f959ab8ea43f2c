/* The extreme equilibria that a search finds. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_PAIRS_H
#define DT_EQUILIBRIUM_PAIRS_H

#include <flint/fmpz.h>
#include <stddef.h>

#include "deterra/status.h"

/* Pairs of mixed strategies, each as the whole numbers without a common divisor that its
 * probabilities are proportional to: equal strategies have equal numbers. */
typedef struct dt_pairs {
    size_t size[2];
    size_t count, room;
    fmpz *weight; /* count × (size[0] + size[1]) */
} dt_pairs;

static inline const fmpz *dt_pairs_strategy(const dt_pairs *pairs, size_t k, size_t player) {
    return pairs->weight + k * (pairs->size[0] + pairs->size[1]) + (player ? pairs->size[0] : 0);
}

/* Adds a pair; x and y are any whole numbers in proportion. */
dt_status dt_pairs_add(dt_pairs *pairs, const fmpz *x, const fmpz *y);
/* Moves all of `from` behind `into`. */
dt_status dt_pairs_join(dt_pairs *into, dt_pairs *from);
/* Sorts by the first player's probabilities, the larger first, then the second's. */
dt_status dt_pairs_sort(dt_pairs *pairs);
void dt_pairs_clear(dt_pairs *pairs);
/* How two strategies of `size` weights stand in that order: less than, equal to or above 0. */
int dt_strategy_compare(const fmpz *a, const fmpz *b, size_t size);

#endif
