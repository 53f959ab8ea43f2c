/* What is optimised over correlated equilibria: a weighted sum of payoffs, or the payoff of the
 * worst-off player. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_CORRELATION_GOAL_H
#define DT_EQUILIBRIUM_CORRELATION_GOAL_H

#include <flint/fmpz.h>

#include "deterra/concept.h"

/* max of sign × unit × sum of weight[i] u_i. Where `worst`: max of the least expected payoff
 * (sign is 1 then; the least of it is a goal of its own for each player). Weights are coprime
 * integers, not all 0; `rough` are they in doubles, the largest brought to 1 in size. */
typedef struct dt_goal {
    int sign; /* 1 max, -1 min */
    bool worst;
    size_t players;
    fmpz weight[DT_MAX_PLAYERS];
    fmpz_t most; /* the largest weight in size */
    fmpq_t unit; /* > 0 */
    double rough[DT_MAX_PLAYERS];
} dt_goal;

/* No weights yet: one of the calls below gives them. To be cleared. */
void dt_goal_init(dt_goal *goal, size_t players);
void dt_goal_clear(dt_goal *goal);
/* One player's payoff. */
void dt_goal_player(dt_goal *goal, size_t player);
void dt_goal_welfare(dt_goal *goal);
void dt_goal_worst_off(dt_goal *goal);
/* Any weights; false where all are 0. */
bool dt_goal_weights(dt_goal *goal, const fmpq *weight);

/* Reads an objective: "welfare", "worst-off", a player's name, or a weighted sum of players such as
 * "US - 1/2 CN + 0.3*JP". Weights are decimals or fractions. A player is named by the name as a
 * whole first, so that any name works alone; in sums a name ends at a space or a sign. DT_ERR_INPUT
 * with an error that begins with `who`. */
dt_status dt_goal_parse(dt_goal *goal, const dt_game *game, const dt_setting *setting,
                        const char *who, dt_diag *diag);

#endif
