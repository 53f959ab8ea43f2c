/* Every profile that may be an equilibrium: the complete list of candidates. */
#ifndef DT_EQUILIBRIUM_NEAR_H
#define DT_EQUILIBRIUM_NEAR_H

#include "deterra/concept.h"

typedef struct dt_candidates {
    size_t count, room;
    uint64_t *profile; /* indices, ascending */
    bool cut;          /* there are more than `most`: the list is not complete */
} dt_candidates;

/* How the candidates of a game are searched for. */
typedef enum dt_way {
    DT_WAY_DENSE, /* its payoffs stand in memory and are searched as a whole: dense.h */
    DT_WAY_BOXES, /* many profiles, and a model that bounds gains over boxes of them: boxes.h */
    DT_WAY_ROWS,
} dt_way;
dt_way dt_near_way(const dt_game *game);

enum { DT_SLAB_BYTES = 1 << 25 };

/* Finds all profiles at which no player gains more than `slack` plus the proven error of the fast
 * evaluation by deviating: everything left out is proven no equilibrium of that slack.
 *
 * By rows, strategies that are never that near to a best reply to what is left are struck out
 * first, round by round; then what is left is scanned; so it goes too where the search by boxes
 * gives way. Cost: at worst 2 × players × profiles payoffs; memory: a byte for each profile left,
 * at most DT_SLAB_BYTES at a time. The same list for any number of threads. */
dt_status dt_near_equilibria(const dt_game *game, double slack, size_t most,
                             const dt_control *control, dt_diag *diag, dt_candidates *out);
/* How much of the game's profiles a scan by rows is expected to see for a player, the last first: a
 * row is looked at while one of its profiles is left, and each player leaves about one in his
 * number of strategies. */
double dt_scan_share(const dt_game *game, size_t player);
void dt_candidates_clear(dt_candidates *c);
/* Adds a profile at the end, or says that the list is cut where it has `most` already. */
dt_status dt_candidates_add(dt_candidates *c, uint64_t profile, size_t most);

#endif
