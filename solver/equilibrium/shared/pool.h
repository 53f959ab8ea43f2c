/* A pool of payoff rows of one player: those that an LP with generated rows holds.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_POOL_H
#define DT_EQUILIBRIUM_POOL_H

#include "deterra/concept.h"
#include "game/restriction.h"

typedef struct dt_pool {
    const dt_game *game;
    const dt_restriction *restriction;
    size_t player;
    uint32_t lanes; /* the player's strategies, all of them */
    dt_diag *diag;
    dt_workspace *workspace;
    size_t count, room;
    uint64_t *index;   /* count: of the others' profile among those left, as dt_row has it */
    uint32_t *profile; /* count × players */
    double *value;     /* count × lanes; finite */
    double *bound;     /* count × lanes; finite */
    uint64_t *sorted;  /* count: index, ascending */
} dt_pool;

/* The restriction must outlive the pool. */
dt_status dt_pool_init(dt_pool *pool, const dt_game *game, const dt_restriction *restriction,
                       size_t player, dt_diag *diag);
void dt_pool_clear(dt_pool *pool);
bool dt_pool_has(const dt_pool *pool, uint64_t index);
/* Adds the row unless it is there; *added (may be NULL) tells. */
dt_status dt_pool_add(dt_pool *pool, uint64_t index, bool *added);
/* The exact payoff of a strategy in a row of the pool. */
dt_status dt_pool_exact(dt_pool *pool, size_t row, uint32_t strategy, dt_exact *payoff);

/* The control's stop flag, or NULL. */
const volatile sig_atomic_t *dt_control_stop(const dt_control *control);

#endif
