/* Some of a game's players taken together: their joint strategies, as numbers.
 *
 * A team is a set of players, a bit each. Its joint strategies are numbered in mixed radix over its
 * members, the last of them fastest; the empty team has one. */
#ifndef DT_GAME_TEAM_H
#define DT_GAME_TEAM_H

#include "deterra/game.h"

/* All players of a game. */
uint64_t dt_team_all(const dt_game *game);
static inline bool dt_team_has(uint64_t team, size_t player) {
    return team >> player & 1;
}
/* How many joint strategies: below 2^63 as the game's profiles are. */
uint64_t dt_team_strategies(const dt_game *game, uint64_t team);
/* How many joint strategies differ from one to the next of `player`, who is of the team. */
uint64_t dt_team_stride(const dt_game *game, uint64_t team, size_t player);
/* Writes the members' entries of a profile. */
void dt_team_decode(const dt_game *game, uint64_t team, uint64_t index, uint32_t *profile);
/* The number of the members' joint strategy in a profile. */
uint64_t dt_team_encode(const dt_game *game, uint64_t team, const uint32_t *profile);
/* The member with the most strategies, the last of several; the game's players for no members. */
size_t dt_team_largest(const dt_game *game, uint64_t team);
/* "US+CN" into buffer, cut with … where it does not fit. Returns buffer. */
char *dt_team_name(const dt_game *game, uint64_t team, char *buffer, size_t size);

#endif
