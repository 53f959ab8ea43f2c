/* The answers to a mixed strategy that may be below a limit: by branch and bound over boxes of
 * profiles where a game has them, else by a visit of all. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_ANSWERS_H
#define DT_EQUILIBRIUM_ANSWERS_H

#include "game/mixture.h"

typedef struct dt_answers {
    const dt_game *game;
    const dt_mixture_play *play;
    double limit; /* answers that are proven to be no less need not be seen; infinite: all are */
    const dt_control *control;
    const char *what;
    const dt_mixture_visitor *visitor;
    void (*reset)(void *shared); /* forgets what was folded: the visit starts again */
    uint64_t most; /* where too_many is not NULL: a search of boxes that would show more than that,
                      or take too long, ends with *too_many and nothing shown */
    bool *too_many;
} dt_answers;

/* Shows the visitor each answer that may be below the limit once, and any of the others. What it
 * sees does not depend on the threads.
 *
 * A box is left out where the ranges of the payoffs (dt_model_ops) prove the limit, weighted and
 * summed over the support and the paid; else it is split along the move that blurs the sum most,
 * down to a few profiles (Land and Doig 1960). Where that takes more than a two-hundredth as many
 * looks as there are answers, rows are as fast, and all are visited. */
dt_status dt_answers_visit(const dt_answers *answers);

/* As many visited answers to a play of `team` as that takes about the time of. */
double dt_answers_work(const dt_game *game, uint64_t team);

#endif
