/* A game in which some players are merged into one, and that one's payoff is the sum of payoffs of
 * a coalition, or minus that sum. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_BLOC_H
#define DT_EQUILIBRIUM_BLOC_H

#include "deterra/game.h"

/* Its first player is the merged one, whose strategies are the joint strategies of the merged
 * players in mixed radix, the last of them fastest; the others follow as they are. Only the first
 * has payoffs. */
typedef struct dt_bloc {
    dt_game game;
    const dt_game *base;
    uint64_t merged; /* players, a bit each */
    uint64_t paid;   /* the coalition whose payoffs are summed */
    bool negative;
    dt_player player[DT_MAX_PLAYERS + 1];
    char name[256]; /* "US+CN", cut where it does not fit */
} dt_bloc;

/* The joint strategies of some players; UINT64_MAX where they are beyond 64 bits. */
uint64_t dt_bloc_strategies(const dt_game *game, uint64_t players);
/* "US+CN" into buffer, cut with … where it does not fit. Returns buffer. */
char *dt_bloc_name(const dt_game *game, uint64_t players, char *buffer, size_t size);

/* The merged players' joint strategies must fit into 32 bits. The bloc must stay where it is, and
 * needs no clearing; the base game must outlive it. Payoffs cost as many as the coalition has
 * members. */
void dt_bloc_init(dt_bloc *bloc, const dt_game *base, uint64_t merged, uint64_t paid,
                  bool negative);

#endif
