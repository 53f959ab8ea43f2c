/* Iterated strict dominance. SPDX: GPL-3.0-or-later
 *
 * In each round all strategies of all players that are strictly dominated, by a pure or a mixed
 * strategy, in the game that the round begins with are removed together. What is left in the end
 * does not depend on the order (Gilboa, Kalai and Zemel 1990; Osborne and Rubinstein 1994,
 * section 4.2); the rounds are made unique by removing all at once. */
#ifndef DT_EQUILIBRIUM_DOMINANCE_H
#define DT_EQUILIBRIUM_DOMINANCE_H

#include "deterra/concept.h"
#include "game/restriction.h"

/* An elimination: the strategy and what dominates it, lowest-numbered first. */
typedef struct dt_eliminated {
    size_t round, player;
    uint32_t strategy;
    size_t count;
    uint32_t *by;
    fmpq *weight; /* count; sums to 1 */
} dt_eliminated;

typedef struct dt_dominance {
    size_t players;
    dt_restriction left;
    size_t count, room;
    dt_eliminated *eliminated; /* by round, player, strategy */
    size_t rounds;
    /* Whether a strategy is dominated could not be decided, and it was kept: for one that is left
     * in the end, so that more might go; for one that went in a later round, so that only its round
     * may be too late. */
    bool undecided, late;
    bool **open;  /* players × strategies: undecided when last asked */
    uint64_t few; /* see dt_dominance_reduce_within */
} dt_dominance;

/* ROUNDS: as above. ANY: whatever leads to the same end fastest, pure dominance first; the rounds
 * then mean nothing. */
typedef enum dt_dominance_order { DT_DOMINANCE_ROUNDS, DT_DOMINANCE_ANY } dt_dominance_order;

/* Reduces `game`. A strategy that one other strategy dominates is reported with the lowest-numbered
 * such; else with a mixture of small denominators. Every elimination is proven, by error bounds or
 * exactly. To be cleared also after errors.
 * Time: for each round and player one visit of the rows left, or a few where those that a sample of
 * them suggests do not dominate; and one LP for each strategy that is neither dominated by a pure
 * one nor seen to be a best reply. Memory: some rows of the game, 128 MB at most as a rule. */
dt_status dt_dominance_reduce(const dt_game *game, dt_dominance_order order,
                              const dt_control *control, dt_diag *diag, dt_dominance *out);
/* The same, with another limit up to which all payoffs of a player are kept at once, where fewer
 * are the answer of claims; what is found does not depend on it, except which mixtures are named.
 * 0: as little as can be is kept. */
dt_status dt_dominance_reduce_within(const dt_game *game, dt_dominance_order order, uint64_t few,
                                     const dt_control *control, dt_diag *diag, dt_dominance *out);
void dt_dominance_clear(dt_dominance *dominance);

#endif
