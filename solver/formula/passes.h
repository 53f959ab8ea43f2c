/* How often a pass over all rows computes what a plan consists of: the walk of walk.c, with the
 * memories of runner.c, counted instead of run. */
#ifndef DT_FORMULA_PASSES_H
#define DT_FORMULA_PASSES_H

#include "formula/plan.h"

/* The loops of a walk over the rows in which the moves `own` vary by lane. */
typedef struct dt_pass {
    const dt_plan *plan;
    uint64_t own;
    int loops;
    uint32_t loop[DT_MAX_MOVES]; /* the others' moves, the outermost first */
} dt_pass;

void dt_pass_init(dt_pass *pass, const dt_plan *plan, uint64_t own);
/* Rows of the walk. */
double dt_pass_rows(const dt_pass *pass);
/* How often a step of `part` that depends on the moves `moves` is computed, and *loop, the
 * innermost loop that turns one of them, or -1. */
double dt_pass_times(const dt_pass *pass, const dt_part_plan *part, uint64_t moves, int *loop);

#endif
