/* One player's part of a round of elimination: shared by the files of this folder.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_DOMINANCE_ROUND_H
#define DT_EQUILIBRIUM_DOMINANCE_ROUND_H

#include "equilibrium/dominance.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"

/* "Place" is a position among the player's strategies that are left; rows are the profiles of the
 * others that are left. Filled by the pure part, used and completed by the mixed one. */
typedef struct dt_part_round {
    const dt_game *game;
    const dt_restriction *left;
    size_t player;
    const dt_control *control;
    dt_diag *diag;
    uint32_t count;       /* places */
    const uint32_t *name; /* count: strategy of a place */
    uint64_t rows;        /* of the game left */
    /* Some rows, so that few questions need all of them: known.c. */
    dt_pool pool;
    bool complete;      /* the pool has all rows */
    size_t ends, room;  /* rows of the pool that low and high have */
    double *low, *high; /* count × room: ends of a place's payoffs, row by row */
    bool *best;         /* count: certainly a best reply somewhere */
    dt_ranked *near;    /* count: least regret seen and its row */
    bool *gone;         /* count: dominated */
    uint32_t *by_pure;  /* count: place of the dominator, or UINT32_MAX: by_mixed */
    fmpq **by_mixed;    /* count: NULL, or a weight for each place */
    bool *open;         /* count: whether it is dominated could not be decided */
} dt_part_round;

dt_status dt_part_init(dt_part_round *part, const dt_game *game, const dt_restriction *left,
                       size_t player, const dt_control *control, dt_diag *diag);
void dt_part_clear(dt_part_round *part);
/* Finds all pure dominations, and who is a best reply for certain. */
dt_status dt_part_pure(dt_part_round *part);
/* Finds the mixed dominations among the rest. */
dt_status dt_part_mixed(dt_part_round *part);

/* Threads to use. */
int dt_part_threads(const dt_part_round *part);
bool dt_part_stopped(const dt_part_round *part);

/* --- rows that are known --- */

/* Puts rows into the pool: all where there are few, else a sample that depends on the game only. */
dt_status dt_known_sample(dt_part_round *part);
/* Takes in what was put into the pool since: ends, best replies, least regrets. */
dt_status dt_known_update(dt_part_round *part);

#endif
