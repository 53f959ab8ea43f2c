/* How often a pass over all rows computes what a plan consists of. */
#include "formula/passes.h"

static double levels(const dt_pass *pass, int loop) {
    return pass->plan->slot[pass->loop[loop]].levels;
}

void dt_pass_init(dt_pass *pass, const dt_plan *plan, uint64_t own) {
    *pass = (dt_pass){.plan = plan, .own = own};
    uint64_t others = 0;
    for (uint32_t i = 0; i < plan->slots; i++)
        others |= (UINT64_C(1) << i) & ~own;
    uint64_t inner = dt_plan_inner_moves(plan, own, others);
    for (int fast = 0; fast < 2; fast++)
        for (uint32_t i = 0; i < plan->slots; i++)
            if (others >> i & 1 && (inner >> i & 1) == (uint64_t)fast)
                pass->loop[pass->loops++] = i;
}

double dt_pass_rows(const dt_pass *pass) {
    double rows = 1;
    for (int k = 0; k < pass->loops; k++)
        rows *= levels(pass, k);
    return rows;
}

/* The innermost loops whose combinations, as far as the part depends on them, it can remember: from
 * this loop on, each is computed once however often the loops come back to it. */
static int remembered_from(const dt_pass *pass, const dt_part_plan *part) {
    double combinations = 1;
    int k = pass->loops;
    for (; k > 0; k--) {
        if (part->moves >> pass->loop[k - 1] & 1)
            combinations *= levels(pass, k - 1);
        if (combinations > DT_PART_MEMORY)
            break;
    }
    return k;
}

double dt_pass_times(const dt_pass *pass, const dt_part_plan *part, uint64_t moves, int *loop) {
    *loop = -1;
    for (int k = 0; k < pass->loops; k++)
        if (moves >> pass->loop[k] & 1)
            *loop = k;
    /* Outside the remembered loops every turn brings new levels; so do those loops of the part
     * inside that come before the step's own innermost one. */
    int remembered = remembered_from(pass, part);
    double times = 1;
    for (int k = 0; k <= *loop; k++)
        if (k < remembered || part->moves >> pass->loop[k] & 1)
            times *= levels(pass, k);
    return times;
}
