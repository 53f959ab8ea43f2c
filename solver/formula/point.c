/* Changes of one move at one profile, by the kernels of rows. */
#include "formula/point.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/kernels.h"
#include "formula/plan.h"

enum { CHANGES = 16, WIDE = 2 * CHANGES };

typedef struct part_point {
    const dt_part_plan *plan;
    dt_lanes *step;
    double *room;
} part_point;

struct dt_point {
    const dt_plan *plan;
    uint64_t own;
    bool started;
    uint32_t level[DT_MAX_MOVES]; /* for which the scalars were computed */
    part_point *part;
};

void dt_point_free(dt_point *p) {
    if (!p)
        return;
    for (size_t k = 0; p->part && k < p->plan->parts; k++) {
        free(p->part[k].step);
        free(p->part[k].room);
    }
    free(p->part);
    free(p);
}

/* Errors are kept where neither the step nor the whole part is known to have a bound of its own. */
static bool keeps_error(const dt_part_plan *plan, const dt_step *s) {
    return !plan->uniform && !s->exact;
}

static bool lay_out(const dt_point *p, part_point *t) {
    const dt_part_plan *plan = t->plan;
    size_t total = WIDE, count; /* zeros, for steps without errors */
    for (size_t i = 0; i < plan->steps; i++) {
        count = plan->step[i].moves & p->own ? WIDE : 8;
        total += keeps_error(plan, &plan->step[i]) ? 2 * count : count;
    }
    t->step = calloc(plan->steps, sizeof *t->step);
    t->room = aligned_alloc(64, total * sizeof *t->room);
    if (!t->step || !t->room)
        return false;
    memset(t->room, 0, total * sizeof *t->room);
    double *next = t->room + WIDE;
    for (size_t i = 0; i < plan->steps; i++) {
        bool scalar = !(plan->step[i].moves & p->own), error = keeps_error(plan, &plan->step[i]);
        count = scalar ? 8 : WIDE;
        t->step[i] = (dt_lanes){next, error ? next + count : t->room, scalar};
        next += error ? 2 * count : count;
    }
    return true;
}

dt_point *dt_point_new(const dt_plan *plan, uint64_t own) {
    dt_point *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->plan = plan;
    p->own = own;
    p->part = calloc(plan->parts, sizeof *p->part);
    bool good = p->part != NULL;
    for (size_t k = 0; good && k < plan->parts; k++) {
        p->part[k].plan = &plan->part[k];
        good = lay_out(p, &p->part[k]);
    }
    if (good)
        return p;
    dt_point_free(p);
    return NULL;
}

/* The first `count` lanes are before the changes, the others after. */
static void load(const dt_point *p, const dt_step *s, bool error, const dt_change *change,
                 size_t count, const dt_lanes *z) {
    if (s->op == DT_OP_CONST) {
        z->x[0] = s->constant;
        if (error)
            z->y[0] = s->constant_error;
        return;
    }
    const dt_slot_doubles *slot = &p->plan->slot[s->a];
    for (size_t i = 0; i < (z->scalar ? 1 : 2 * count); i++) {
        size_t k = i < count ? i : i - count;
        uint32_t level = p->level[s->a];
        if (!z->scalar && change[k].move == s->a)
            level = i < count ? change[k].from : change[k].to;
        z->x[i] = s->op == DT_OP_LEVEL ? level == s->b : slot->value[level];
        if (error)
            z->y[i] = slot->error[level];
    }
}

static void run(const dt_point *p, const part_point *t, uint64_t changed, const dt_change *change,
                size_t count) {
    for (size_t i = 0; i < t->plan->steps; i++) {
        const dt_step *s = &t->plan->step[i];
        dt_lanes z = t->step[i];
        if (z.scalar && p->started && !(s->moves & changed))
            continue;
        bool error = keeps_error(t->plan, s);
        if (s->op <= DT_OP_LEVEL) {
            load(p, s, error, change, count, &z);
            continue;
        }
        if (!error)
            z.y = NULL;
        dt_kernel(s->op, z.scalar ? 1 : 2 * count, &z, &t->step[s->a], &t->step[s->b],
                  &t->step[s->c]);
    }
}

/* Adds the part's gain in each lane, outward. */
static void add_gains(const part_point *t, size_t count, double *low, double *high) {
    const dt_lanes *root = &t->step[t->plan->steps - 1];
    for (size_t i = 0; i < count && !root->scalar; i++) {
        double gain = root->x[count + i] - root->x[i];
        double error = t->plan->uniform ? 2 * t->plan->error : root->y[count + i] + root->y[i];
        error = (error + fabs(gain) * DBL_EPSILON) * (1 + 4 * DBL_EPSILON);
        low[i] += gain - error;
        low[i] -= fabs(low[i]) * 2 * DBL_EPSILON + fabs(gain - error) * DBL_EPSILON;
        high[i] += gain + error;
        high[i] += fabs(high[i]) * 2 * DBL_EPSILON + fabs(gain + error) * DBL_EPSILON;
    }
}

void dt_point_gains(dt_point *p, const uint64_t *base, const dt_change *change, size_t count,
                    double *low, double *high) {
    uint64_t changed = p->started ? 0 : UINT64_MAX;
    for (uint32_t i = 0; i < p->plan->slots; i++) {
        uint32_t level = (uint32_t)__builtin_ctzll(base[i]);
        changed |= (uint64_t)(p->level[i] != level) << i;
        p->level[i] = level;
    }
    memset(low, 0, count * sizeof *low);
    memset(high, 0, count * sizeof *high);
    for (size_t from = 0; from < count; from += CHANGES) {
        size_t some = count - from < CHANGES ? count - from : CHANGES;
        for (size_t k = 0; k < p->plan->parts; k++) {
            run(p, &p->part[k], changed, change + from, some);
            add_gains(&p->part[k], some, low + from, high + from);
        }
        p->started = true;
        changed = 0;
    }
}
