/* Pure Nash equilibria, of which some fall to a coalition: what strong-nash and coalition-proof
 * share. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_SURVIVORS_H
#define DT_EQUILIBRIUM_SURVIVORS_H

#include "equilibrium/coalitions/joint.h"

typedef struct dt_survivors {
    const dt_solve_call *call;
    dt_result *result;
    size_t count;
    dt_item *item;     /* count: the pure Nash equilibria */
    dt_truth *stands;  /* count: DT_TRUE at first */
    uint64_t *breaker; /* count: of those that do not stand, the coalition that breaks it … */
    const uint32_t **deviation; /* … and the profile it goes to */
} dt_survivors;

/* Adds the result and finds all pure Nash equilibria, the candidates. DT_ERR_INPUT with a message
 * for too many players. To be cleared also after errors. */
dt_status dt_survivors_init(dt_survivors *s, const dt_solve_call *call, const char *concept_name);
void dt_survivors_clear(dt_survivors *s);
/* Takes what a search from candidate k found into account. */
dt_status dt_survivors_weigh(dt_survivors *s, size_t k, uint64_t coalition, const dt_joint *joint);
/* Leaves those in the result that stand, and lists what broke the others. A comparison that was not
 * decided leaves its candidate in, as numeric. `broken` says what the table of the others is. */
dt_status dt_survivors_report(dt_survivors *s, const char *broken);

/* What it takes, for a concept's work, memory and forecast: the search for candidates, and of one
 * of them all joint deviations. */
double dt_survivors_work(const dt_game *game);
double dt_survivors_memory(const dt_game *game);

#endif
