/* One player's part of a round of elimination: shared by the files of this folder.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_DOMINANCE_ROUND_H
#define DT_EQUILIBRIUM_DOMINANCE_ROUND_H

#include "equilibrium/dominance.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"

/* Who is tried as the pure dominator of a place. */
typedef struct dt_trial {
    uint32_t by;    /* a place; count: none is left */
    size_t rows;    /* of the known ones, in which it pays more */
    bool undecided; /* or may do so */
    bool open;      /* somebody might dominate the place */
    bool done;
} dt_trial;

/* "Place" is a position among the player's strategies that are left; rows are the profiles of the
 * others that are left. Filled by the pure part, used and completed by the mixed one. */
typedef struct dt_part_round {
    const dt_game *game;
    const dt_restriction *left;
    size_t player;
    const dt_control *control;
    dt_diag *diag;
    uint32_t count;       /* places */
    const uint32_t *name; /* count: strategy of a place */
    uint64_t rows;        /* of the game left */
    uint64_t few;         /* payoffs that are looked at without much thought, all of them */
    /* Some rows, so that few questions need all of them: known.c. */
    dt_pool pool;
    bool complete;      /* the pool has all rows */
    size_t ends, room;  /* rows of the pool that low and high have */
    double *low, *high; /* count × room: ends of a place's payoffs, row by row */
    bool *best;         /* count: certainly a best reply somewhere */
    dt_ranked *near;    /* count: least regret seen and its row */
    dt_trial *trial;    /* count: who may dominate it purely */
    bool *gone;         /* count: dominated, unless a claim is broken yet */
    bool *stays;        /* count: proven not to be dominated by a mixture of those not gone */
    uint32_t *by_pure;  /* count: place of the dominator, or UINT32_MAX: by_mixed */
    fmpq **by_mixed;    /* count: NULL, or a weight for each place */
    bool *open;         /* count: whether it is dominated could not be decided */
} dt_part_round;

dt_status dt_part_init(dt_part_round *part, const dt_game *game, const dt_restriction *left,
                       size_t player, const dt_control *control, dt_diag *diag);
void dt_part_clear(dt_part_round *part);
/* Finds all dominations by pure strategies and, if wanted, among the rest by mixed ones. Both are
 * claimed from the rows that are known, and decided together over all rows of the game; rows that
 * break a claim become known, until none is broken. */
dt_status dt_part_run(dt_part_round *part, bool mixed);

/* Threads to use. */
int dt_part_threads(const dt_part_round *part);
bool dt_part_stopped(const dt_part_round *part);

/* --- pure dominators --- */

struct dt_claim;
/* Tries dominators until each place has one in all known rows, or none. */
dt_status dt_pure_advance(dt_part_round *part);
/* What is not yet decided over all rows, into claim[count]; *claims: how many. */
dt_status dt_pure_claims(dt_part_round *part, struct dt_claim *claim, size_t *claims);
/* Takes in an answer; *changed: another is to be tried. */
dt_status dt_pure_conclude(dt_part_round *part, struct dt_claim *claim, bool *changed);

/* --- mixed ones --- */

typedef struct dt_mixed dt_mixed;
/* Asks for mixtures that are better than a place in all known rows, or proves that it stays. *out
 * is to be freed, also after errors. */
dt_status dt_mixed_ask(dt_part_round *part, dt_mixed **out);
dt_status dt_mixed_claims(dt_mixed *mixed, struct dt_claim *claim, size_t *claims);
dt_status dt_mixed_conclude(dt_mixed *mixed, struct dt_claim *claim, bool *changed);
void dt_mixed_free(dt_mixed *mixed);

/* --- rows that are known --- */

/* Puts rows into the pool: all where there are few, else a sample that depends on the game only. */
dt_status dt_known_sample(dt_part_round *part);
/* Takes in what was put into the pool since: ends, best replies, least regrets. */
dt_status dt_known_update(dt_part_round *part);

#endif
