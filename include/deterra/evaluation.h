/* How a model computes a player's payoffs, for people to read: which quantities, on which moves
 * each depends, and how often it is computed. Moves are numbered as in dt_change. SPDX:
 * GPL-3.0-or-later */
#ifndef DETERRA_EVALUATION_H
#define DETERRA_EVALUATION_H

#include "deterra/game.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A quantity, in one pass over all rows: all strategies of the player against each profile of the
 * others. Counts are exact for one thread that finds every combination of levels feasible. */
typedef struct dt_quantity {
    const char *label; /* a definition's, owned by the model; else NULL */
    uint64_t moves;    /* on which it depends, a bit each */
    bool whole;        /* false: its summands went to several parts, and what follows is 0 */
    int32_t loop;      /* the loop that computes it anew in each turn; -1: computed once */
    uint32_t values;   /* at once: one for each distinct combination of the player's own moves */
    double times;
} dt_quantity;

/* A summand of the payoff. */
typedef struct dt_payoff_part {
    dt_quantity sum;
    size_t steps;
    size_t slow; /* of these, powers, exponentials, logarithms and roots */
} dt_payoff_part;

typedef struct dt_evaluation {
    uint64_t own; /* the player's moves, which vary within a row */
    size_t loops; /* the others' moves, the outermost first */
    uint32_t *loop;
    size_t definitions; /* those that the payoff rests on */
    dt_quantity *definition;
    dt_quantity payoff; /* the sum of the parts */
    size_t parts;
    dt_payoff_part *part;
    size_t box_steps;   /* to bound a gain over a box of profiles; 0: the model does not */
    size_t box_changes; /* of these, such as a change of the player's moves touches */
} dt_evaluation;

/* DT_OK, DT_ERR_MEMORY, or DT_ERR_USAGE where the model has nothing to compute. */
dt_status dt_game_evaluation(const dt_game *game, size_t player, dt_evaluation *evaluation);
void dt_evaluation_clear(dt_evaluation *evaluation);

#ifdef __cplusplus
}
#endif
#endif
