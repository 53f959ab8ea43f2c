/* Runners: one thread's evaluation of a plan, box by box. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/kernels.h"
#include "formula/layout.h"

/* The instructions that a change of some moves touches, in order; kept, since a walk repeats few
 * changes. */
typedef struct recipe {
    uint64_t changed;
    uint32_t *place;
    size_t length;
} recipe;

enum { RECIPES = 24, MEMORIES = DT_PART_MEMORY };

/* A part's result for some levels of its fixed moves. */
typedef struct memory {
    bool filled;
    uint64_t key; /* the levels, in mixed radix */
    dt_lanes value;
} memory;

/* One part of the payoff. */
typedef struct part_runner {
    const dt_part_plan *plan;
    dt_layout layout;
    double *memory_room;
    uint64_t fixed; /* the part's moves that are not free in this shape */
    bool started, countable;
    uint16_t level[DT_MAX_MOVES]; /* for which the layout's vectors were computed */
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
    dt_groups groups;
    uint16_t level[DT_MAX_MOVES];
    bool started;
    part_runner *part;
};

dt_runner *dt_runner_new(const dt_plan *plan) {
    dt_runner *r = malloc(sizeof *r);
    part_runner *part = malloc(plan->parts * sizeof *part);
    if (!r || !part) {
        free(r);
        free(part);
        return NULL;
    }
    *r = (dt_runner){.plan = plan, .part = part};
    for (size_t k = 0; k < plan->parts; k++)
        part[k] = (part_runner){.plan = &plan->part[k]};
    return r;
}

static void clear_part(part_runner *p) {
    for (size_t i = 0; i < RECIPES; i++) {
        free(p->recipe[i].place);
        p->recipe[i] = (recipe){0};
    }
    dt_layout_clear(&p->layout);
    free(p->memory_room);
    p->memory_room = NULL;
    p->current = NULL;
    p->started = false;
}

static void clear_shape(dt_runner *r) {
    for (size_t k = 0; k < r->plan->parts; k++)
        clear_part(&r->part[k]);
    dt_groups_clear(&r->groups);
    r->shape = 0;
    r->started = false;
}

void dt_runner_free(dt_runner *r) {
    if (!r)
        return;
    clear_shape(r);
    free(r->part);
    free(r);
}

/* --- laying out --- */

static const dt_instruction *last_of(const part_runner *p) {
    return &p->layout.code[p->layout.length - 1];
}

/* A place for each remembered result; and can the levels of the fixed moves be numbered? */
static dt_status make_memories(const dt_plan *plan, part_runner *p) {
    const dt_instruction *last = last_of(p);
    size_t wide = dt_padded(last->n), vectors = last->keeps_error ? 2 : 1;
    p->memory_room = aligned_alloc(64, MEMORIES * vectors * wide * sizeof *p->memory_room);
    if (!p->memory_room)
        return DT_ERR_MEMORY;
    double *next = p->memory_room;
    for (size_t m = 0; m < MEMORIES; m++, next += vectors * wide) {
        dt_lanes value = {next, last->keeps_error ? next + wide : p->layout.zeros, !last->group};
        p->memory[m] = (memory){.value = value};
    }
    uint64_t combinations = 1;
    p->countable = true;
    for (uint64_t rest = p->fixed; rest; rest &= rest - 1)
        p->countable = p->countable &&
                       !__builtin_mul_overflow(combinations,
                                               (uint64_t)plan->slot[__builtin_ctzll(rest)].levels,
                                               &combinations);
    return DT_OK;
}

static dt_status lay_out(dt_runner *r, const dt_lane_moves *moves) {
    clear_shape(r);
    dt_status status = dt_groups_init(&r->groups, r->plan, moves);
    for (size_t k = 0; k < r->plan->parts && status == DT_OK; k++) {
        part_runner *p = &r->part[k];
        p->fixed = p->plan->moves & ~r->groups.free;
        status = dt_layout_init(&p->layout, p->plan, &r->groups);
        if (status == DT_OK)
            status = make_memories(r->plan, p);
    }
    if (status == DT_OK) {
        r->shape = moves->shape;
        r->lanes = moves->lanes;
    }
    return status;
}

/* --- running --- */

static void load_leaf(const dt_plan *plan, const dt_lane_moves *moves, const dt_instruction *c,
                      dt_lanes z) {
    const dt_step *s = c->step;
    if (s->op == DT_OP_CONST) {
        z.x[0] = s->constant;
        if (c->keeps_error)
            z.y[0] = s->constant_error;
        return;
    }
    const dt_slot_doubles *slot = &plan->slot[s->a];
    for (size_t i = 0; i < c->n; i++) {
        uint16_t level = c->group ? moves->lane_level[s->a][c->group->lane[i]] : moves->level[s->a];
        z.x[i] = s->op == DT_OP_LEVEL ? level == s->b : slot->value[level];
        if (c->keeps_error)
            z.y[i] = slot->error[level];
    }
}

/* Stands for the first run, when even instructions without moves are to be done. */
static const uint64_t EVERYTHING = UINT64_MAX;

/* The recipe for a change, made when it is new. NULL when out of memory. */
static const recipe *recipe_for(part_runner *p, uint64_t changed) {
    for (size_t i = 0; i < RECIPES; i++)
        if (p->recipe[i].place && p->recipe[i].changed == changed)
            return &p->recipe[i];
    const dt_layout *l = &p->layout;
    recipe fresh = {.changed = changed, .place = malloc(l->length * sizeof *fresh.place)};
    if (!fresh.place)
        return NULL;
    for (size_t i = 0; i < l->length; i++)
        if (changed == EVERYTHING || l->code[i].moves & changed)
            fresh.place[fresh.length++] = (uint32_t)i;
    recipe *slot = &p->recipe[p->next_recipe++ % RECIPES];
    free(slot->place);
    *slot = fresh;
    return slot;
}

static void spread(const dt_instruction *c, dt_lanes z) {
    for (size_t i = 0; i < c->n; i++)
        z.x[i] = c->a.x[c->from[i]];
    for (size_t i = 0; i < c->n && c->keeps_error; i++)
        z.y[i] = c->a.y[c->from[i]];
}

/* Computes what the changed moves touch; the last instruction's result goes to `result`. */
static dt_status redo(const dt_runner *r, part_runner *p, const dt_lane_moves *moves,
                      uint64_t changed, dt_lanes result) {
    const recipe *todo = recipe_for(p, changed);
    if (!todo)
        return DT_ERR_MEMORY;
    const dt_instruction *code = p->layout.code, *last = last_of(p);
    for (size_t k = 0; k < todo->length; k++) {
        const dt_instruction *c = &code[todo->place[k]];
        dt_lanes z = c == last ? result : c->z;
        if (!c->step)
            spread(c, z);
        else if (c->step->op <= DT_OP_LEVEL)
            load_leaf(r->plan, moves, c, z);
        else {
            if (!c->keeps_error)
                z.y = NULL; /* nothing to keep: users read zeros */
            dt_kernel(c->step->op, c->n, &z, &c->a, &c->b, &c->c);
        }
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
static dt_status update(const dt_runner *r, part_runner *p, const dt_lane_moves *moves) {
    uint64_t key = p->countable ? key_of(r->plan, p, moves->level) : 0;
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
    /* the result must be computed even where no move changed: it lives in the memories */
    dt_status status = redo(r, p, moves, p->started ? changed : EVERYTHING, slot->value);
    p->started = status == DT_OK;
    slot->filled = status == DT_OK;
    slot->key = key;
    p->current = slot;
    return status;
}

/* --- adding up --- */

/* to[i] += the part's value in lane i */
static void add_lanes(size_t lanes, double *restrict to, const double *from,
                      const dt_group *group) {
    if (!group)
        for (size_t i = 0; i < lanes; i++)
            to[i] += from[0];
    else if (group->all)
        for (size_t i = 0; i < lanes; i++)
            to[i] += from[i];
    else
        for (size_t i = 0; i < lanes; i++)
            to[i] += from[group->class_of[i]];
}

static void add_up(const dt_runner *r, double *value, double *bound) {
    const dt_plan *plan = r->plan;
    memset(value, 0, r->lanes * sizeof *value);
    for (size_t k = 0; k < plan->parts; k++)
        add_lanes(r->lanes, value, r->part[k].current->value.x, last_of(&r->part[k])->group);
    if (plan->uniform || plan->exact) {
        for (size_t i = 0; i < r->lanes; i++)
            bound[i] = plan->exact ? 0 : plan->error;
        return;
    }
    for (size_t i = 0; i < r->lanes; i++) {
        double error = 0, size = 0;
        for (size_t k = 0; k < plan->parts; k++) {
            const part_runner *p = &r->part[k];
            const dt_group *group = last_of(p)->group;
            size_t at = group ? group->class_of[i] : 0;
            error += p->plan->uniform ? p->plan->error : p->current->value.y[at];
            size += fabs(p->current->value.x[at]);
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
        dt_status status = update(r, p, moves);
        if (status != DT_OK) {
            r->shape = 0; /* start afresh next time */
            return status;
        }
    }
    r->started = true;
    add_up(r, value, bound);
    return DT_OK;
}
