/* What each coalition is worth: what it can secure against all others acting as one.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_WORTH_H
#define DT_EQUILIBRIUM_WORTH_H

#include "deterra/coalition.h"
#include "deterra/concept.h"

typedef struct dt_worth {
    dt_coalition_game game; /* the worths; the middle where they are balls */
    bool *ball;             /* 2^players: the worth is within its radius of the middle */
    fmpq *radius;           /* 2^players: 0 where the worth is exact */
    fmpq_t most;            /* the largest radius; 0: all worths are exact */
} dt_worth;

/* The worth of a coalition S is the most that a mixed joint strategy of S guarantees to the sum of
 * its members' payoffs, whatever the others do together (von Neumann and Morgenstern 1944); that of
 * all players is the largest sum of payoffs.
 *
 * The game has DT_MOST_COALITION_PLAYERS players at most; how many joint strategies a coalition has
 * is not limited, since the linear program holds those that matter only. Deterministic for any
 * number of threads. Time: 2^players - 1 times that of dt_guarantee_find. To be cleared also after
 * errors. */
dt_status dt_worth_find(const dt_solve_call *call, dt_worth *out);
/* Worths that are given, from text such as "A = 0; B = 0; A+B = 1/2": every coalition once. Errors
 * go to diag at `place`. */
dt_status dt_worth_read(const dt_game *game, const char *text, dt_place place, dt_diag *diag,
                        dt_worth *out);
/* Exact worths of 0 for that many players. */
dt_status dt_worth_init(dt_worth *out, size_t players);
void dt_worth_clear(dt_worth *worth);

/* DT_ERR_INPUT with a message at `place` where a game has too many players for coalitions. */
dt_status dt_coalition_players(const dt_game *game, const char *concept_name, dt_place place,
                               dt_diag *diag);

#endif
