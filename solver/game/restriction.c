/* A restriction of a game: for each player the strategies that are left. */
#include "game/restriction.h"

#include <stdlib.h>

dt_status dt_restriction_init(dt_restriction *r, const dt_game *game) {
    *r = (dt_restriction){.players = game->players};
    size_t all = 0;
    for (size_t i = 0; i < game->players; i++)
        all += game->player[i].strategies;
    uint32_t *next = malloc(all * sizeof *next);
    r->count = malloc(game->players * sizeof *r->count);
    r->strategy = malloc(game->players * sizeof *r->strategy);
    if (!next || !r->count || !r->strategy) {
        free(next);
        free(r->count);
        free(r->strategy);
        *r = (dt_restriction){0};
        return DT_ERR_MEMORY;
    }
    for (size_t i = 0; i < game->players; i++) {
        r->count[i] = game->player[i].strategies;
        r->strategy[i] = next;
        for (uint32_t s = 0; s < r->count[i]; s++)
            *next++ = s;
    }
    return DT_OK;
}

void dt_restriction_clear(dt_restriction *r) {
    if (r->strategy)
        free(r->strategy[0]);
    free(r->strategy);
    free(r->count);
    *r = (dt_restriction){0};
}

void dt_restriction_keep(dt_restriction *r, size_t player, const bool *keep) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->count[player]; i++)
        if (keep[i])
            r->strategy[player][kept++] = r->strategy[player][i];
    r->count[player] = kept;
}

uint64_t dt_restriction_profiles(const dt_restriction *r) {
    uint64_t product = 1;
    for (size_t i = 0; i < r->players; i++)
        product *= r->count[i];
    return product;
}

uint64_t dt_restriction_others(const dt_restriction *r, size_t player) {
    uint64_t product = 1;
    for (size_t i = 0; i < r->players; i++)
        if (i != player)
            product *= r->count[i];
    return product;
}
