/* Runners: one thread's evaluation of a plan, box by box. */
#include <float.h>
#include <math.h>
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

enum { RECIPES = 16, MEMORIES = DT_PART_MEMORY };

/* A part's result for some levels of its fixed moves. */
typedef struct memory {
    bool filled;
    uint64_t key; /* the levels, in mixed radix */
    double *mid, *rad;
} memory;

/* One part of the payoff. */
typedef struct part_runner {
    const dt_part_plan *plan;
    dt_lanes *held; /* a step each; the root's values stand in the current memory */
    double *room, *zeros, *memory_room;
    uint64_t fixed; /* the part's moves that are not free in this shape */
    bool started, countable;
    uint16_t level[DT_MAX_MOVES]; /* for which `held` was computed */
    recipe recipe[RECIPES];
    size_t next_recipe;
    memory memory[MEMORIES];
    size_t next_memory;
    const memory *current;
} part_runner;

struct dt_runner {
    const dt_plan *plan;
    uint64_t shape; /* of the vectors held */
    size_t lanes;
    uint16_t level[DT_MAX_MOVES];
    bool started;
    part_runner *part;
};

dt_runner *dt_runner_new(const dt_plan *plan) {
    dt_runner *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->plan = plan;
    r->part = calloc(plan->parts, sizeof *r->part);
    bool good = r->part != NULL;
    for (size_t k = 0; good && k < plan->parts; k++) {
        r->part[k].plan = &plan->part[k];
        r->part[k].held = calloc(plan->part[k].steps, sizeof *r->part[k].held);
        good = r->part[k].held != NULL;
    }
    if (!good) {
        dt_runner_free(r);
        return NULL;
    }
    return r;
}

static void forget_recipes(part_runner *p) {
    for (size_t i = 0; i < RECIPES; i++) {
        free(p->recipe[i].step);
        p->recipe[i] = (recipe){0};
    }
}

static void free_vectors(part_runner *p) {
    free(p->room);
    free(p->zeros);
    free(p->memory_room);
    p->room = p->zeros = p->memory_room = NULL;
}

void dt_runner_free(dt_runner *r) {
    if (!r)
        return;
    for (size_t k = 0; r->part && k < r->plan->parts; k++) {
        forget_recipes(&r->part[k]);
        free_vectors(&r->part[k]);
        free(r->part[k].held);
    }
    free(r->part);
    free(r);
}

static size_t padded(size_t lanes) {
    return (lanes + 7) / 8 * 8; /* vectors start on 64-byte lines */
}

/* Is a bound kept for each value of this step? */
static bool keeps_bound(const dt_part_plan *plan, const dt_step *s) {
    return !plan->uniform && !s->exact;
}

/* Lays out one part for a shape: scalars take one place, vectors `lanes`. */
static dt_status lay_out_part(const dt_plan *plan, part_runner *p, uint64_t free_moves,
                              size_t lanes) {
    const dt_part_plan *part = p->plan;
    size_t wide = padded(lanes), total = 0;
    for (size_t i = 0; i < part->steps; i++) {
        size_t place = part->step[i].moves & free_moves ? wide : 8;
        total += keeps_bound(part, &part->step[i]) ? 2 * place : place;
    }
    const dt_step *root = &part->step[part->steps - 1];
    size_t result = part->moves & free_moves ? wide : 8;
    free_vectors(p);
    p->room = aligned_alloc(64, total * sizeof *p->room);
    p->zeros = aligned_alloc(64, wide * sizeof *p->zeros);
    p->memory_room = aligned_alloc(64, 2 * MEMORIES * result * sizeof *p->memory_room);
    if (!p->room || !p->zeros || !p->memory_room)
        return DT_ERR_MEMORY;
    memset(p->zeros, 0, wide * sizeof *p->zeros);
    double *next = p->room;
    for (size_t i = 0; i < part->steps; i++) {
        dt_lanes *h = &p->held[i];
        h->scalar = !(part->step[i].moves & free_moves);
        size_t place = h->scalar ? 8 : wide;
        h->mid = next;
        next += place;
        h->rad = p->zeros;
        if (keeps_bound(part, &part->step[i])) {
            h->rad = next;
            next += place;
        }
    }
    for (size_t m = 0; m < MEMORIES; m++) {
        p->memory[m].filled = false;
        p->memory[m].mid = p->memory_room + 2 * m * result;
        p->memory[m].rad =
            keeps_bound(part, root) ? p->memory_room + (2 * m + 1) * result : p->zeros;
    }
    p->fixed = part->moves & ~free_moves;
    p->started = false;
    p->current = NULL;
    uint64_t combinations = 1;
    p->countable = true;
    for (uint32_t i = 0; i < plan->slots; i++)
        if (p->fixed >> i & 1)
            p->countable = p->countable &&
                           !__builtin_mul_overflow(combinations, (uint64_t)plan->slot[i].levels,
                                                   &combinations);
    return DT_OK;
}

static dt_status lay_out(dt_runner *r, const dt_lane_moves *moves) {
    uint64_t free_moves = 0;
    for (uint32_t i = 0; i < r->plan->slots; i++)
        if (moves->lane_level[i])
            free_moves |= UINT64_C(1) << i;
    r->shape = 0;
    r->started = false;
    dt_status status = DT_OK;
    for (size_t k = 0; k < r->plan->parts && status == DT_OK; k++)
        status = lay_out_part(r->plan, &r->part[k], free_moves, moves->lanes);
    if (status == DT_OK) {
        r->shape = moves->shape;
        r->lanes = moves->lanes;
    }
    return status;
}

static void load_leaf(const dt_plan *plan, const part_runner *p, const dt_lane_moves *moves,
                      const dt_step *s, dt_lanes z) {
    bool bounds = keeps_bound(p->plan, s);
    if (s->op == DT_OP_CONST) {
        z.mid[0] = s->constant;
        if (bounds)
            z.rad[0] = s->constant_error;
        return;
    }
    const dt_slot_doubles *slot = &plan->slot[s->a];
    const uint16_t *fixed = &moves->level[s->a];
    const uint16_t *level = z.scalar ? fixed : moves->lane_level[s->a];
    size_t n = z.scalar ? 1 : moves->lanes;
    for (size_t i = 0; i < n; i++)
        z.mid[i] = s->op == DT_OP_LEVEL ? level[i] == s->b : slot->value[level[i]];
    for (size_t i = 0; i < n && bounds; i++)
        z.rad[i] = slot->error[level[i]];
}

/* Stands for the first run, when even steps without moves are to be done. */
static const uint64_t EVERYTHING = UINT64_MAX;

/* The recipe for a change, made when it is new. NULL when out of memory. */
static const recipe *recipe_for(part_runner *p, uint64_t changed) {
    for (size_t i = 0; i < RECIPES; i++)
        if (p->recipe[i].step && p->recipe[i].changed == changed)
            return &p->recipe[i];
    const dt_part_plan *plan = p->plan;
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
    recipe *slot = &p->recipe[p->next_recipe++ % RECIPES];
    free(slot->step);
    *slot = fresh;
    return slot;
}

/* Computes the steps that the changed moves touch; the root's values go to `result`. */
static dt_status redo(const dt_plan *plan, part_runner *p, const dt_lane_moves *moves,
                      uint64_t changed, memory *result) {
    const recipe *todo = recipe_for(p, changed);
    if (!todo)
        return DT_ERR_MEMORY;
    const dt_part_plan *part = p->plan;
    for (size_t k = 0; k < todo->steps; k++) {
        size_t i = todo->step[k];
        const dt_step *s = &part->step[i];
        dt_lanes z = p->held[i];
        if (i == part->steps - 1) {
            z.mid = result->mid;
            z.rad = result->rad;
        }
        if (s->op <= DT_OP_LEVEL) {
            load_leaf(plan, p, moves, s, z);
            continue;
        }
        if (!keeps_bound(part, s))
            z.rad = NULL; /* nothing to keep: users read zeros */
        dt_kernel(s->op, z.scalar ? 1 : moves->lanes, &z, &p->held[s->a], &p->held[s->b],
                  &p->held[s->c]);
    }
    return DT_OK;
}

static uint64_t key_of(const dt_plan *plan, const part_runner *p, const uint16_t *level) {
    uint64_t key = 0;
    for (uint64_t rest = p->fixed; rest; rest &= rest - 1) {
        int i = __builtin_ctzll(rest);
        key = key * plan->slot[i].levels + level[i];
    }
    return key;
}

/* Makes p->current the part's values at these levels: remembered, or computed. */
static dt_status update(const dt_plan *plan, part_runner *p, const dt_lane_moves *moves) {
    uint64_t key = p->countable ? key_of(plan, p, moves->level) : 0;
    for (size_t m = 0; m < MEMORIES && p->countable; m++)
        if (p->memory[m].filled && p->memory[m].key == key) {
            p->current = &p->memory[m];
            return DT_OK;
        }
    uint64_t changed = 0;
    for (uint64_t rest = p->fixed; rest; rest &= rest - 1) {
        int i = __builtin_ctzll(rest);
        changed |= (uint64_t)(p->level[i] != moves->level[i]) << i;
        p->level[i] = moves->level[i];
    }
    memory *slot = &p->memory[p->next_memory++ % MEMORIES];
    slot->filled = false;
    /* the root must be computed even where no move changed: its values live in the memories */
    dt_status status = redo(plan, p, moves, p->started ? changed : EVERYTHING, slot);
    p->started = status == DT_OK;
    slot->filled = status == DT_OK;
    slot->key = key;
    p->current = slot;
    return status;
}

/* Adds up the parts. */
static void add_up(const dt_runner *r, double *value, double *bound) {
    const dt_plan *plan = r->plan;
    for (size_t k = 0; k < plan->parts; k++) {
        const part_runner *p = &r->part[k];
        const double *mid = p->current->mid;
        bool scalar = p->held[p->plan->steps - 1].scalar;
        if (k == 0)
            for (size_t i = 0; i < r->lanes; i++)
                value[i] = mid[scalar ? 0 : i];
        else if (scalar)
            for (size_t i = 0; i < r->lanes; i++)
                value[i] += mid[0];
        else
            for (size_t i = 0; i < r->lanes; i++)
                value[i] += mid[i];
    }
    if (plan->uniform || plan->exact) {
        double error = plan->exact ? 0 : plan->error;
        for (size_t i = 0; i < r->lanes; i++)
            bound[i] = error;
        return;
    }
    for (size_t i = 0; i < r->lanes; i++) {
        double error = 0, size = 0;
        for (size_t k = 0; k < plan->parts; k++) {
            const part_runner *p = &r->part[k];
            size_t lane = p->held[p->plan->steps - 1].scalar ? 0 : i;
            error += p->plan->uniform ? p->plan->error : p->current->rad[lane];
            size += fabs(p->current->mid[lane]);
        }
        if (plan->parts > 1) /* each addition rounds a partial sum of at most `size` */
            error += size * (double)plan->parts * DBL_EPSILON;
        bound[i] = error * (1 + 64 * DBL_EPSILON);
    }
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
    for (size_t k = 0; k < plan->parts; k++) {
        part_runner *p = &r->part[k];
        if (r->started && !(p->fixed & changed))
            continue;
        dt_status status = update(plan, p, moves);
        if (status != DT_OK) {
            r->shape = 0; /* start afresh next time */
            return status;
        }
    }
    r->started = true;
    add_up(r, value, bound);
    return DT_OK;
}
