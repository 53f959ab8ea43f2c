/* What a change of one move does to a payoff, over a box of profiles. */
#include "formula/difference.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/adjoint.h"
#include "formula/plan.h"
#include "formula/point.h"

enum { WIDE = DT_WIDE };

struct dt_difference {
    const dt_plan *plan;
    const dt_part_plan *part; /* the only one */
    uint64_t own;
    dt_trace *step; /* hulls over the box */
    double *room;
    dt_adjoint *adjoint;
    dt_point *base; /* at one profile of the box */
    bool started, swept;
    uint64_t set[DT_MAX_MOVES];  /* for which the scalars were computed */
    uint64_t last[DT_MAX_MOVES]; /* of the last sweep backwards */
};

void dt_difference_free(dt_difference *d) {
    if (!d)
        return;
    free(d->step);
    free(d->room);
    dt_adjoint_free(d->adjoint);
    dt_point_free(d->base);
    free(d);
}

static bool lay_out(dt_difference *d) {
    const dt_part_plan *part = d->part;
    size_t total = 8;
    for (size_t i = 0; i < part->steps; i++)
        total += part->step[i].moves & d->own ? 6 * WIDE : 8;
    d->step = calloc(part->steps, sizeof *d->step);
    d->room = aligned_alloc(64, total * sizeof *d->room);
    if (!d->step || !d->room)
        return false;
    memset(d->room, 0, total * sizeof *d->room);
    double *next = d->room;
    for (size_t i = 0; i < part->steps; i++) {
        bool scalar = !(part->step[i].moves & d->own);
        d->step[i] = (dt_trace){next, scalar};
        next += scalar ? 8 : 6 * WIDE;
    }
    return true;
}

dt_difference *dt_difference_new(const dt_plan *plan, uint64_t own) {
    dt_difference *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    assert(plan->parts == 1);
    d->plan = plan;
    d->part = &plan->part[0];
    d->own = own;
    bool good = lay_out(d);
    if (good && own) {
        d->adjoint = dt_adjoint_new(plan, d->part, d->step, own);
        d->base = dt_point_new(plan, own);
        good = d->adjoint && d->base;
    }
    if (good)
        return d;
    dt_difference_free(d);
    return NULL;
}

/* --- leaves --- */

/* value - error and value + error, rounded outward. */
static double below(double value, double error) {
    return error == 0 ? value : nextafter(value - error, -INFINITY);
}

static double above(double value, double error) {
    return error == 0 ? value : nextafter(value + error, INFINITY);
}

/* The hull of a leaf over some levels. */
static void leaf_hull(const dt_plan *plan, const dt_step *s, uint64_t set, double *low,
                      double *high) {
    *low = INFINITY;
    *high = -INFINITY;
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        uint32_t level = (uint32_t)__builtin_ctzll(rest);
        bool truth = s->op == DT_OP_LEVEL;
        double value = truth ? level == s->b : plan->slot[s->a].value[level];
        double error = truth ? 0 : plan->slot[s->a].error[level];
        *low = fmin(*low, below(value, error));
        *high = fmax(*high, above(value, error));
    }
}

static void load_scalar(const dt_plan *plan, const dt_step *s, const uint64_t *set, dt_trace z) {
    if (s->op == DT_OP_CONST) {
        z.v[0] = below(s->constant, s->constant_error);
        z.v[1] = above(s->constant, s->constant_error);
    } else {
        leaf_hull(plan, s, set[s->a], &z.v[0], &z.v[1]);
    }
}

/* A leaf of the player's own moves: another one's change leaves it alone. */
static void load_vector(const dt_plan *plan, const dt_step *s, const uint64_t *set,
                        const dt_change *change, size_t count, dt_trace z) {
    double still[2];
    leaf_hull(plan, s, set[s->a], &still[0], &still[1]);
    for (size_t i = 0; i < count; i++) {
        double v[6] = {still[0], still[1], still[0], still[1], 0, 0};
        if (change[i].move == s->a) {
            leaf_hull(plan, s, UINT64_C(1) << change[i].from, &v[0], &v[1]);
            leaf_hull(plan, s, UINT64_C(1) << change[i].to, &v[2], &v[3]);
            bool rounded = !s->exact;
            v[4] = v[2] - v[1];
            v[5] = v[3] - v[0];
            v[4] -= rounded ? fabs(v[4]) * DBL_EPSILON + DBL_MIN : 0;
            v[5] += rounded ? fabs(v[5]) * DBL_EPSILON + DBL_MIN : 0;
        }
        for (size_t k = 0; k < 6; k++)
            z.v[k * WIDE + i] = v[k];
    }
}

/* --- running --- */

/* The moves whose sets are not the `known` ones, which become the new ones. */
static uint64_t changed_sets(uint64_t *known, bool started, uint32_t slots, const uint64_t *set) {
    uint64_t changed = started ? 0 : UINT64_MAX;
    for (uint32_t i = 0; i < slots; i++) {
        changed |= (uint64_t)(known[i] != set[i]) << i;
        known[i] = set[i];
    }
    return changed;
}

/* Scalars are kept while the box's sets they depend on are; vectors are new every time. */
static void run(dt_difference *d, const uint64_t *set, const dt_change *change, size_t count) {
    uint64_t changed = changed_sets(d->set, d->started, d->plan->slots, set);
    for (size_t i = 0; i < d->part->steps; i++) {
        const dt_step *s = &d->part->step[i];
        dt_trace z = d->step[i];
        if (z.scalar && d->started && !(s->moves & changed))
            continue;
        if (s->op > DT_OP_LEVEL)
            dt_difference_kernel(s->op, s->exact, WIDE, count, z, d->step[s->a], d->step[s->b],
                                 d->step[s->c]);
        else if (z.scalar)
            load_scalar(d->plan, s, set, z);
        else
            load_vector(d->plan, s, set, change, count, z);
    }
    d->started = true;
}

static dt_trace root_of(const dt_difference *d) {
    return d->step[d->part->steps - 1];
}

/* The box's open moves, and one profile of it: the level nearest to the middle of each. */
static uint64_t choose_base(const dt_plan *plan, const uint64_t *set, uint64_t *base) {
    uint64_t open = 0;
    for (uint32_t i = 0; i < plan->slots; i++) {
        base[i] = set[i];
        if (!(set[i] & (set[i] - 1)))
            continue;
        open |= UINT64_C(1) << i;
        double low = INFINITY, high = -INFINITY, nearest = INFINITY;
        for (uint64_t rest = set[i]; rest; rest &= rest - 1) {
            double x = plan->slot[i].value[__builtin_ctzll(rest)];
            low = fmin(low, x);
            high = fmax(high, x);
        }
        for (uint64_t rest = set[i]; rest; rest &= rest - 1) {
            double far = fabs(plan->slot[i].value[__builtin_ctzll(rest)] - (low + high) / 2);
            if (far < nearest) {
                nearest = far;
                base[i] = rest & -rest;
            }
        }
    }
    return open;
}

/* Some changes at a time: their gains at the base profile and what is known of them in the box. */
typedef struct batch {
    size_t count, of[WIDE]; /* which changes of the caller's */
    dt_change change[WIDE];
    double at_low[WIDE], at_high[WIDE];
    double low[WIDE], high[WIDE];
} batch;

/* Takes better ends; NaN is none. */
static void improve(batch *some, size_t i, double low, double high) {
    if (low > some->low[i] || isnan(some->low[i]))
        some->low[i] = low;
    if (high < some->high[i] || isnan(some->high[i]))
        some->high[i] = high;
}

static bool is_open(const batch *some, size_t i) {
    return !(some->low[i] > 0 || some->high[i] < 0);
}

/* Bounds of second order. */
static void expand(dt_difference *d, const uint64_t *set, const uint64_t *base, uint64_t open,
                   batch *some, double *blur) {
    double *row[WIDE], low[WIDE], high[WIDE];
    for (size_t i = 0; i < some->count; i++) {
        row[i] = blur + some->of[i] * d->plan->slots;
        low[i] = some->at_low[i];
        high[i] = some->at_high[i];
    }
    uint64_t changed = changed_sets(d->last, d->swept, d->plan->slots, set);
    dt_adjoint_widen(d->adjoint, set, base, open, changed, some->change, some->count, low, high,
                     row);
    d->swept = true;
    for (size_t i = 0; i < some->count; i++)
        improve(some, i, low[i], high[i]);
}

static void run_batch(dt_difference *d, const uint64_t *set, const uint64_t *base, uint64_t open,
                      batch *some, double *low, double *high, double *blur) {
    run(d, set, some->change, some->count);
    const double *gain = root_of(d).v + 4 * WIDE;
    bool any_open = false;
    for (size_t i = 0; i < some->count; i++) {
        some->low[i] = gain[i];
        some->high[i] = gain[WIDE + i];
        any_open = any_open || is_open(some, i);
    }
    if (any_open)
        expand(d, set, base, open, some, blur);
    for (size_t i = 0; i < some->count; i++) {
        low[some->of[i]] = some->low[i];
        high[some->of[i]] = some->high[i];
    }
    some->count = 0;
}

/* Could knowing more of a change serve, seeing its gain at one profile of the box? */
static bool is_useful(const dt_change *c, const uint64_t *set, double low, double high) {
    return !(low <= 0 && high >= 0) && !(high < 0 && !(set[c->move] >> c->to & 1));
}

void dt_difference_run(dt_difference *d, const uint64_t *set, const dt_change *change, size_t count,
                       bool every, double *low, double *high, double *blur) {
    uint64_t base[DT_MAX_MOVES] = {0}, open = choose_base(d->plan, set, base);
    memset(blur, 0, count * d->plan->slots * sizeof *blur);
    dt_point_gains(d->base, base, change, count, low, high);
    batch some = {.count = 0};
    for (size_t i = 0; i < count && open && !root_of(d).scalar; i++) {
        if (every || is_useful(&change[i], set, low[i], high[i])) {
            some.of[some.count] = i;
            some.change[some.count] = change[i];
            some.at_low[some.count] = low[i];
            some.at_high[some.count++] = high[i];
        } else {
            low[i] = -INFINITY;
            high[i] = INFINITY;
        }
        if (some.count == WIDE)
            run_batch(d, set, base, open, &some, low, high, blur);
    }
    if (some.count)
        run_batch(d, set, base, open, &some, low, high, blur);
}

void dt_difference_range(dt_difference *d, const uint64_t *set, double *low, double *high) {
    run(d, set, NULL, 0);
    *low = root_of(d).v[0];
    *high = root_of(d).v[1];
}
