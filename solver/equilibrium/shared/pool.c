/* A pool of payoff rows: see pool.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/shared/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "game/finite.h"
const volatile sig_atomic_t *dt_control_stop(const dt_control *control) {
    return control ? control->stop : NULL;
}

dt_status dt_pool_init(dt_pool *pool, const dt_game *game, const dt_restriction *restriction,
                       size_t player, dt_diag *diag) {
    *pool = (dt_pool){.game = game,
                      .restriction = restriction,
                      .player = player,
                      .lanes = game->player[player].strategies,
                      .diag = diag};
    pool->workspace = dt_workspace_new(game);
    return pool->workspace ? DT_OK : DT_ERR_MEMORY;
}

void dt_pool_clear(dt_pool *pool) {
    if (pool->workspace)
        dt_workspace_free(pool->game, pool->workspace);
    free(pool->index);
    free(pool->profile);
    free(pool->value);
    free(pool->bound);
    free(pool->sorted);
    *pool = (dt_pool){0};
}

/* The first place in sorted[] whose index is not below. */
static size_t place(const dt_pool *pool, uint64_t index) {
    size_t low = 0, high = pool->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pool->sorted[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dt_pool_has(const dt_pool *pool, uint64_t index) {
    size_t at = place(pool, index);
    return at < pool->count && pool->sorted[at] == index;
}

static void *larger(void *old, size_t room, size_t size, bool *ok) {
    void *array = room > SIZE_MAX / size ? NULL : realloc(old, room * size);
    if (!array)
        *ok = false;
    return array ? array : old;
}

static dt_status grow(dt_pool *pool) {
    size_t room = pool->room ? 2 * pool->room : 64, lanes = pool->lanes;
    bool ok = true;
    pool->index = larger(pool->index, room, sizeof *pool->index, &ok);
    pool->sorted = larger(pool->sorted, room, sizeof *pool->sorted, &ok);
    pool->profile = larger(pool->profile, room, pool->game->players * sizeof *pool->profile, &ok);
    pool->value = larger(pool->value, room, lanes * sizeof *pool->value, &ok);
    pool->bound = larger(pool->bound, room, lanes * sizeof *pool->bound, &ok);
    if (ok)
        pool->room = room;
    return ok ? DT_OK : DT_ERR_MEMORY;
}

/* Mixed radix over the others' strategies left, the last fastest. */
static void decode(const dt_pool *pool, uint64_t index, uint32_t *profile) {
    const dt_restriction *r = pool->restriction;
    for (size_t p = r->players; p-- > 0;) {
        profile[p] = 0;
        if (p == pool->player)
            continue;
        profile[p] = r->strategy[p][index % r->count[p]];
        index /= r->count[p];
    }
}

/* Where the fast evaluation fails, the exact payoff stands in. */
static dt_status mend(dt_pool *pool, const uint32_t *others, double *value, double *bound) {
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, others, pool->game->players * sizeof *profile);
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    for (uint32_t s = 0; s < pool->lanes && status == DT_OK; s++) {
        if (isfinite(value[s]) && isfinite(bound[s]))
            continue;
        profile[pool->player] = s;
        status =
            dt_game_exact(pool->game, pool->workspace, pool->player, profile, &payoff, pool->diag);
        if (status != DT_OK)
            break;
        value[s] =
            dt_exact_double(dt_game_context(pool->game, pool->workspace), &payoff, &bound[s]);
        bound[s] += fabs(value[s]) * 0x1p-52; /* the rounding to a double */
    }
    dt_exact_clear(&payoff);
    return status;
}

dt_status dt_pool_add(dt_pool *pool, uint64_t index, bool *added) {
    if (added)
        *added = false;
    size_t at = place(pool, index);
    if (at < pool->count && pool->sorted[at] == index)
        return DT_OK;
    if (pool->count == pool->room && grow(pool) != DT_OK)
        return DT_ERR_MEMORY;
    size_t row = pool->count;
    uint32_t *profile = pool->profile + row * pool->game->players;
    double *value = pool->value + row * pool->lanes, *bound = pool->bound + row * pool->lanes;
    decode(pool, index, profile);
    dt_status status = dt_finite_row(pool->game, pool->workspace, pool->player, pool->player,
                                     profile, value, bound);
    if (status == DT_OK)
        status = mend(pool, profile, value, bound);
    if (status != DT_OK)
        return status;
    pool->index[row] = index;
    memmove(pool->sorted + at + 1, pool->sorted + at, (row - at) * sizeof *pool->sorted);
    pool->sorted[at] = index;
    pool->count++;
    if (added)
        *added = true;
    return DT_OK;
}

dt_status dt_pool_exact(dt_pool *pool, size_t row, uint32_t strategy, dt_exact *payoff) {
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, pool->profile + row * pool->game->players,
           pool->game->players * sizeof *profile);
    profile[pool->player] = strategy;
    return dt_game_exact(pool->game, pool->workspace, pool->player, profile, payoff, pool->diag);
}
