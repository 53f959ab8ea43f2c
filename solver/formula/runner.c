/* Runners: one thread's evaluation of a plan, box by box. */
#include <stdlib.h>
#include <string.h>

#include "formula/kernels.h"
#include "formula/plan.h"

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
    free(r->held);
    free(r->memory);
    free(r->zeros);
    free(r);
}

static size_t padded(size_t lanes) {
    return (lanes + 7) / 8 * 8; /* vectors start on 64-byte lines */
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
        total += plan->step[i].exact ? place : 2 * place;
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
        h->rad = plan->step[i].exact ? r->zeros : next;
        if (!plan->step[i].exact)
            next += place;
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
        if (!s->exact)
            z.rad[0] = s->constant_error;
        return;
    }
    const dt_slot_doubles *slot = &r->plan->slot[s->a];
    const uint16_t *fixed = &moves->level[s->a];
    const uint16_t *level = z.scalar ? fixed : moves->lane_level[s->a];
    size_t n = z.scalar ? 1 : r->lanes;
    for (size_t i = 0; i < n; i++)
        z.mid[i] = s->op == DT_OP_LEVEL ? level[i] == s->b : slot->value[level[i]];
    for (size_t i = 0; i < n && !s->exact; i++)
        z.rad[i] = slot->error[level[i]];
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
    for (size_t i = 0; i < plan->steps; i++) {
        const dt_step *s = &plan->step[i];
        if (r->started && !(s->moves & changed))
            continue;
        dt_lanes z = r->held[i];
        if (s->op <= DT_OP_LEVEL) {
            load_leaf(r, moves, s, z);
            continue;
        }
        if (s->exact)
            z.rad = NULL; /* nothing to keep: users read zeros */
        dt_kernel(s->op, z.scalar ? 1 : r->lanes, z, r->held[s->a], r->held[s->b], r->held[s->c]);
    }
    r->started = true;
    dt_lanes root = r->held[plan->steps - 1];
    for (size_t i = 0; i < r->lanes; i++) {
        value[i] = root.mid[root.scalar ? 0 : i];
        bound[i] = root.rad[root.scalar ? 0 : i];
    }
    return DT_OK;
}
