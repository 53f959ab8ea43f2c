/* Profiles of which is asked whether another one dominates them, and what is known of that. */
#ifndef DT_EQUILIBRIUM_TARGETS_H
#define DT_EQUILIBRIUM_TARGETS_H

#include "deterra/concept.h"

enum { DT_TARGETS_AT_ONCE = 4096 };

typedef struct dt_target {
    uint64_t profile;
    size_t players;
    double *low, *high; /* players: an interval around each payoff; low = high: exactly that */
    const struct dt_target *same; /* one of equal payoffs, which decides this one too, or NULL */
    int dominated, undecided;     /* flags that threads set */
} dt_target;

/* The targets in hand are search[0] … search[searched - 1], the best for player 0 first. */
typedef struct dt_targets {
    const dt_game *game;
    size_t count;
    dt_target *target;
    double *ends;        /* memory of low and high, one behind the other */
    dt_target **ordered; /* those that no other one settles */
    size_t left;         /* of them, not yet in hand */
    dt_target **search;
    size_t searched;
    size_t open; /* of these, not yet dominated */
} dt_targets;

/* Measures the payoffs of the profiles, and settles what can be told from these alone: equal
 * payoffs share an answer, and a target may dominate another. Cost: a payoff for each target and
 * player, and at most count × DT_TARGETS_AT_ONCE comparisons. */
dt_status dt_targets_open(dt_targets *t, const dt_game *game, const uint64_t *profile, size_t count,
                          const dt_control *control, dt_diag *diag);
void dt_targets_close(dt_targets *t);
/* Takes the next ones in hand; false where all have been. */
bool dt_targets_next(dt_targets *t);

/* Is it not known to be dominated? From any thread. */
bool dt_target_open(const dt_target *target);
size_t dt_targets_left(const dt_targets *t);
void dt_target_found(dt_targets *t, dt_target *target, dt_truth dominated);
/* Decides in exact numbers whether the profile dominates the target, and notes it. */
dt_status dt_target_decide(dt_targets *t, dt_target *target, dt_workspace *workspace,
                           const uint32_t *profile);
/* The answer, when the search is over. */
dt_truth dt_target_efficient(const dt_target *target);

#endif
