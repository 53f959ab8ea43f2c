/* A set of mixed strategies, each kept once. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_STRATEGIES_H
#define DT_EQUILIBRIUM_STRATEGIES_H

#include <flint/fmpz.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

/* Each as the whole numbers without a common divisor that its probabilities are proportional to:
 * equal strategies have equal numbers. Zeroed but for `size` it is the empty set. */
typedef struct dt_strategies {
    size_t size; /* weights of a strategy */
    size_t count, room;
    fmpz *weight;   /* room × size */
    size_t slots;   /* 0 or a power of two */
    uint32_t *slot; /* open addressing, at most half full: 1 + the strategy; 0: free */
} dt_strategies;

static inline const fmpz *dt_strategies_get(const dt_strategies *set, size_t k) {
    return set->weight + k * set->size;
}

/* *index: where the strategy of any whole numbers in proportion stands, which is added where it is
 * new. */
dt_status dt_strategies_add(dt_strategies *set, const fmpz *weight, uint32_t *index);
/* Sorts by the probabilities, the larger first. *rank: of each, by its former index; to be freed.
 */
dt_status dt_strategies_sort(dt_strategies *set, uint32_t **rank);
void dt_strategies_clear(dt_strategies *set);

#endif
