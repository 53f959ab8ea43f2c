/* A restriction of a game: for each player the strategies that are left. */
#include "game/restriction.h"

#include <stdlib.h>

dt_status dt_restriction_init(dt_restriction *r, const dt_game *game) {
    *r = (dt_restriction){.players = game->players};
    r->count = calloc(game->players, sizeof *r->count);
    r->strategy = calloc(game->players, sizeof *r->strategy);
    for (size_t i = 0; r->count && r->strategy && i < game->players; i++) {
        r->count[i] = game->player[i].strategies;
        r->strategy[i] = malloc(r->count[i] * sizeof **r->strategy);
        if (!r->strategy[i]) {
            dt_restriction_clear(r);
            return DT_ERR_MEMORY;
        }
        for (uint32_t s = 0; s < r->count[i]; s++)
            r->strategy[i][s] = s;
    }
    if (r->count && r->strategy)
        return DT_OK;
    dt_restriction_clear(r);
    return DT_ERR_MEMORY;
}

void dt_restriction_clear(dt_restriction *r) {
    for (size_t i = 0; r->strategy && i < r->players; i++)
        free(r->strategy[i]);
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
