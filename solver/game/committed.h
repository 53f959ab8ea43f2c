/* A game in which one player is committed to a strategy: the others play, he is a bystander.
 *
 * The players, their names and numbers are those of the game behind; the committed one has a single
 * strategy (number 0) and a single level of each move. Payoffs, rows, boxes and gains are those of
 * the game behind, so every solver works on it. SPDX: GPL-3.0-or-later */
#ifndef DT_GAME_COMMITTED_H
#define DT_GAME_COMMITTED_H

#include "deterra/game.h"

typedef struct dt_committed {
    dt_game game; /* what solvers see; valid where this struct stands: it must not be moved */
    const dt_game *behind;
    size_t leader;
    uint32_t strategy;
    dt_player *player;
    dt_move *move; /* of the leader */
    uint16_t *level;
    uint64_t leader_set[64];
    size_t first, moves; /* the leader's moves of several levels (at most 64 of them), and where
                            they stand among those of all players */
} dt_committed;

/* `behind` must outlive it. O(players + moves). DT_OK or DT_ERR_MEMORY; to be cleared either way.
 */
dt_status dt_committed_init(dt_committed *c, const dt_game *behind, size_t leader,
                            uint32_t strategy);
void dt_committed_clear(dt_committed *c);
/* A profile of it as one of the game behind: the same but for the leader's strategy. */
void dt_committed_profile(const dt_committed *c, const uint32_t *profile, uint32_t *behind);

#endif
