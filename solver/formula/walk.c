/* Which moves a walk over many boxes should turn fastest. */
#include "formula/plan.h"

enum { LONGEST_STATION = 1024 };

/* The work of a walk whose inner moves are `inner`: for each combination of the outer moves, a part
 * is computed once per combination of those inner moves that it depends on, if it can remember as
 * many; else at every step. */
static double work_of(const dt_plan *plan, uint64_t free, uint64_t others, uint64_t inner) {
    double outer = 1, all = 1, work = 0;
    for (uint64_t rest = others; rest; rest &= rest - 1) {
        double levels = plan->slot[__builtin_ctzll(rest)].levels;
        all *= levels;
        if (!(inner & rest & -rest))
            outer *= levels;
    }
    for (size_t k = 0; k < plan->parts; k++) {
        const dt_part_plan *p = &plan->part[k];
        double steps = 1, remembered = 1;
        for (size_t i = 0; i < p->steps; i++)
            steps += (p->step[i].moves & free) != 0;
        for (uint64_t rest = inner & p->moves; rest; rest &= rest - 1)
            remembered *= plan->slot[__builtin_ctzll(rest)].levels;
        work += steps * (remembered <= DT_PART_MEMORY ? outer * remembered : all);
    }
    return work;
}

/* Greedily: the move that saves most joins the inner ones, until none saves anything. A station of
 * the walk stays short, so that there is work for all threads and a walk can be stopped. */
uint64_t dt_plan_inner_moves(const dt_plan *plan, uint64_t free, uint64_t others) {
    uint64_t inner = 0, rows = 1;
    double least = work_of(plan, free, others, 0);
    for (;;) {
        uint64_t best = 0;
        for (uint64_t rest = others & ~inner; rest; rest &= rest - 1) {
            uint64_t move = rest & -rest;
            if (rows * plan->slot[__builtin_ctzll(move)].levels > LONGEST_STATION)
                continue;
            double work = work_of(plan, free, others, inner | move);
            if (work < least) {
                least = work;
                best = move;
            }
        }
        if (!best)
            return inner;
        inner |= best;
        rows *= plan->slot[__builtin_ctzll(best)].levels;
    }
}
