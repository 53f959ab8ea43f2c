/* What the concepts of correlated equilibrium share: the game reduced, its master, answers to
 * goals, and results. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_CORRELATION_H
#define DT_EQUILIBRIUM_CORRELATION_H

#include "equilibrium/correlation/correlated_lp.h"
#include "equilibrium/dominance.h"

typedef struct dt_correlation {
    const dt_solve_call *call;
    const char *concept_name; /* for messages */
    dt_dominance reduced;
    dt_restriction all; /* coarse: nothing is removed */
    dt_obedience o;
    dt_master master;
} dt_correlation;

/* Correlated: reduces the game by iterated strict dominance, which no correlated equilibrium gives
 * weight to (Aumann 1987; Osborne and Rubinstein 1994, section 4.2). A coarse one may give weight
 * to such strategies, so the game stays whole. Then reads the payoffs. DT_ERR_INPUT with an error
 * where the program is too large. To be closed also after errors. */
dt_status dt_correlation_open(dt_correlation *c, const dt_solve_call *call,
                              const char *concept_name, bool coarse, dt_keeping keeping);
void dt_correlation_close(dt_correlation *c);

/* The optimum of a goal, proven as far as can be. To be cleared also after errors, by
 * dt_correlated_clear. */
dt_status dt_correlation_answer(dt_correlation *c, const dt_goal *goal, dt_correlated *out);
/* The least that the worst-off player may get: the least of all players' least payoffs. */
dt_status dt_correlation_poorest(dt_correlation *c, dt_correlated *out);

/* The distribution of an answer, and expected payoffs, in the arena of the results. */
dt_status dt_correlation_atoms(const dt_correlation *c, const dt_correlated *answer, size_t *atoms,
                               dt_atom **atom, dt_number **payoff);

/* Concepts correlated and coarse-correlated: reads objective and sense, solves, adds results. */
dt_status dt_correlation_optima(const dt_solve_call *call, const char *concept_name, bool coarse);
/* About how many payoffs are evaluated, and bytes used, where nothing is dominated. */
double dt_correlation_work(const dt_game *game);
double dt_correlation_memory(const dt_game *game);

#endif
