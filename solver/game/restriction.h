/* A restriction of a game: for each player the strategies that are left. */
#ifndef DT_GAME_RESTRICTION_H
#define DT_GAME_RESTRICTION_H

#include "deterra/game.h"

typedef struct dt_restriction {
    size_t players;
    uint32_t *count;     /* how many are left */
    uint32_t **strategy; /* which, ascending; all in one piece of memory */
} dt_restriction;

/* Everything is left. DT_OK or DT_ERR_MEMORY. */
dt_status dt_restriction_init(dt_restriction *r, const dt_game *game);
void dt_restriction_clear(dt_restriction *r);
/* Keeps those of player's left strategies whose keep[] is true, by place in strategy[player]. */
void dt_restriction_keep(dt_restriction *r, size_t player, const bool *keep);
/* Products of the counts: of all players, of all but one. */
uint64_t dt_restriction_profiles(const dt_restriction *r);
uint64_t dt_restriction_others(const dt_restriction *r, size_t player);

#endif
