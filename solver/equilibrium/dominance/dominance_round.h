/* One player's part of a round of elimination: shared by dominance*.c. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_DOMINANCE_ROUND_H
#define DT_EQUILIBRIUM_DOMINANCE_ROUND_H

#include "equilibrium/dominance.h"
#include "equilibrium/shared/smallest.h"

/* "Place" is a position among the player's strategies that are left. Filled by the pure scan, used
 * and completed by the mixed one. */
typedef struct dt_part_round {
    const dt_game *game;
    const dt_restriction *left;
    size_t player;
    const dt_control *control;
    dt_diag *diag;
    uint32_t count;       /* places */
    const uint32_t *name; /* count: strategy of a place */
    size_t words;         /* of a bit set of places */
    uint64_t *rival;      /* count × words: may dominate the place purely */
    uint64_t *doubt;      /* count × words: but not by error bounds alone */
    bool *best;           /* count: certainly a best reply somewhere */
    dt_ranked *near;      /* count: least regret and its row */
    bool *gone;           /* count: dominated */
    uint32_t *by_pure;    /* count: place of the dominator, or UINT32_MAX: by_mixed */
    fmpq **by_mixed;      /* count: NULL, or the weights of all places */
    bool *open;           /* count: whether it is dominated could not be decided */
} dt_part_round;

dt_status dt_part_init(dt_part_round *part, const dt_game *game, const dt_restriction *left,
                       size_t player, const dt_control *control, dt_diag *diag);
void dt_part_clear(dt_part_round *part);
/* Finds all pure dominations, and who is a best reply for certain. */
dt_status dt_part_pure(dt_part_round *part);
/* Finds the mixed dominations among the rest. */
dt_status dt_part_mixed(dt_part_round *part);

static inline bool dt_bit(const uint64_t *set, size_t i) {
    return set[i / 64] >> (i % 64) & 1;
}
static inline void dt_bit_set(uint64_t *set, size_t i) {
    set[i / 64] |= (uint64_t)1 << (i % 64);
}
static inline void dt_bit_drop(uint64_t *set, size_t i) {
    set[i / 64] &= ~((uint64_t)1 << (i % 64));
}
/* The first `count` bits. */
static inline void dt_bits_fill(uint64_t *set, size_t count) {
    for (size_t w = 0; w < count / 64; w++)
        set[w] = UINT64_MAX;
    if (count % 64)
        set[count / 64] |= ((uint64_t)1 << (count % 64)) - 1;
}

#endif
