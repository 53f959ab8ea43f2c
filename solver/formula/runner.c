/* Runners: one thread's evaluation of a plan, box by box. */
#include <stdlib.h>
#include <string.h>

#include "formula/kernels.h"
#include "formula/plan.h"

/* The steps that a change of some moves touches, in order; kept, since a walk repeats few changes.
 */
typedef struct recipe {
    uint64_t changed;
    uint32_t *step;
    size_t steps;
} recipe;

enum { RECIPES = 16 };

struct dt_runner {
    const dt_plan *plan;
    uint64_t shape; /* of the vectors held */
    size_t lanes;
    uint64_t free_moves;
    uint16_t level[DT_MAX_MOVES];
    bool started;
    dt_lanes *held; /* a step each */
    double *memory;
    double *zeros;
    recipe recipe[RECIPES];
    size_t next_recipe; /* the one to replace next */
};

dt_runner *dt_runner_new(const dt_plan *plan) {
    dt_runner *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->plan = plan;
    r->held = calloc(plan->steps, sizeof *r->held);
    if (!r->held) {
        free(r);
        return NULL;
    }
    return r;
}

void dt_runner_free(dt_runner *r) {
    if (!r)
        return;
    for (size_t i = 0; i < RECIPES; i++)
        free(r->recipe[i].step);
    free(r->held);
    free(r->memory);
    free(r->zeros);
    free(r);
}

static size_t padded(size_t lanes) {
    return (lanes + 7) / 8 * 8; /* vectors start on 64-byte lines */
}

/* Is a bound kept for each value of this step? */
static bool keeps_bound(const dt_plan *plan, const dt_step *s) {
    return !plan->uniform && !s->exact;
}

/* Lays out the memory for a shape: scalars take one place, vectors `lanes`. */
static dt_status lay_out(dt_runner *r, const dt_lane_moves *moves) {
    const dt_plan *plan = r->plan;
    uint64_t free_moves = 0;
    for (uint32_t i = 0; i < plan->slots; i++)
        if (moves->lane_level[i])
            free_moves |= UINT64_C(1) << i;
    size_t wide = padded(moves->lanes), total = 0;
    for (size_t i = 0; i < plan->steps; i++) {
        size_t place = plan->step[i].moves & free_moves ? wide : 8;
        total += keeps_bound(plan, &plan->step[i]) ? 2 * place : place;
    }
    free(r->memory);
    free(r->zeros);
    r->memory = aligned_alloc(64, total * sizeof *r->memory);
    r->zeros = aligned_alloc(64, (wide ? wide : 8) * sizeof *r->zeros);
    r->shape = 0;
    r->started = false;
    if (!r->memory || !r->zeros)
        return DT_ERR_MEMORY;
    memset(r->zeros, 0, (wide ? wide : 8) * sizeof *r->zeros);
    double *next = r->memory;
    for (size_t i = 0; i < plan->steps; i++) {
        dt_lanes *h = &r->held[i];
        h->scalar = !(plan->step[i].moves & free_moves);
        size_t place = h->scalar ? 8 : wide;
        h->mid = next;
        next += place;
        h->rad = r->zeros;
        if (keeps_bound(plan, &plan->step[i])) {
            h->rad = next;
            next += place;
        }
    }
    r->shape = moves->shape;
    r->lanes = moves->lanes;
    r->free_moves = free_moves;
    return DT_OK;
}

static void load_leaf(const dt_runner *r, const dt_lane_moves *moves, const dt_step *s,
                      dt_lanes z) {
    if (s->op == DT_OP_CONST) {
        z.mid[0] = s->constant;
        if (keeps_bound(r->plan, s))
            z.rad[0] = s->constant_error;
        return;
    }
    const dt_slot_doubles *slot = &r->plan->slot[s->a];
    const uint16_t *fixed = &moves->level[s->a];
    const uint16_t *level = z.scalar ? fixed : moves->lane_level[s->a];
    size_t n = z.scalar ? 1 : r->lanes;
    for (size_t i = 0; i < n; i++)
        z.mid[i] = s->op == DT_OP_LEVEL ? level[i] == s->b : slot->value[level[i]];
    for (size_t i = 0; i < n && keeps_bound(r->plan, s); i++)
        z.rad[i] = slot->error[level[i]];
}

/* Stands for the first run, when even steps without moves are to be done. */
static const uint64_t EVERYTHING = UINT64_MAX;

/* The recipe for a change, made when it is new. NULL when out of memory. */
static const recipe *recipe_for(dt_runner *r, uint64_t changed) {
    for (size_t i = 0; i < RECIPES; i++)
        if (r->recipe[i].step && r->recipe[i].changed == changed)
            return &r->recipe[i];
    const dt_plan *plan = r->plan;
    recipe fresh = {.changed = changed};
    for (size_t i = 0; i < plan->steps; i++)
        fresh.steps += changed == EVERYTHING || plan->step[i].moves & changed;
    fresh.step = malloc((fresh.steps + 1) * sizeof *fresh.step);
    if (!fresh.step)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < plan->steps; i++)
        if (changed == EVERYTHING || plan->step[i].moves & changed)
            fresh.step[at++] = (uint32_t)i;
    recipe *slot = &r->recipe[r->next_recipe++ % RECIPES];
    free(slot->step);
    *slot = fresh;
    return slot;
}

/* Computes again what the changed moves touch. */
static dt_status redo(dt_runner *r, const dt_lane_moves *moves, uint64_t changed) {
    if (!changed)
        return DT_OK;
    const recipe *todo = recipe_for(r, changed);
    if (!todo)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < todo->steps; k++) {
        const dt_step *s = &r->plan->step[todo->step[k]];
        dt_lanes z = r->held[todo->step[k]];
        if (s->op <= DT_OP_LEVEL) {
            load_leaf(r, moves, s, z);
            continue;
        }
        if (!keeps_bound(r->plan, s))
            z.rad = NULL; /* nothing to keep: users read zeros */
        dt_kernel(s->op, z.scalar ? 1 : r->lanes, z, r->held[s->a], r->held[s->b], r->held[s->c]);
    }
    return DT_OK;
}

dt_status dt_runner_run(dt_runner *r, const dt_lane_moves *moves, double *value, double *bound) {
    const dt_plan *plan = r->plan;
    if (!moves->shape || r->shape != moves->shape) {
        dt_status status = lay_out(r, moves);
        if (status != DT_OK)
            return status;
    }
    uint64_t changed = 0;
    for (uint32_t i = 0; i < plan->slots; i++)
        if (!moves->lane_level[i] && r->level[i] != moves->level[i]) {
            changed |= UINT64_C(1) << i;
            r->level[i] = moves->level[i];
        }
    dt_status status = r->started ? redo(r, moves, changed) : redo(r, moves, EVERYTHING);
    if (status != DT_OK)
        return status;
    r->started = true;
    dt_lanes root = r->held[plan->steps - 1];
    for (size_t i = 0; i < r->lanes; i++) {
        value[i] = root.mid[root.scalar ? 0 : i];
        bound[i] = plan->uniform ? plan->error : root.rad[root.scalar ? 0 : i];
    }
    return DT_OK;
}
