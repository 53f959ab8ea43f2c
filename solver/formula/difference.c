/* What a change of one move does to a payoff, over a box of profiles. */
#include "formula/difference.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/curvature.h"
#include "formula/plan.h"

enum { WIDE = DT_WIDE };

/* One part of the payoff. */
typedef struct part_trace {
    const dt_part_plan *plan;
    dt_curve *step;
    double *room;
    unsigned char (*rank)[64]; /* of each step */
} part_trace;

/* The hulls of all steps over one box. */
typedef struct traces {
    bool started, curved;
    uint64_t set[DT_MAX_MOVES];    /* for which the scalars were computed */
    uint64_t curves[DT_MAX_MOVES]; /* for which the scalars' slopes were */
    part_trace *part;
} traces;

struct dt_difference {
    const dt_plan *plan;
    uint64_t own;
    traces box;
    traces base;                  /* at one profile of the box; values and gains only */
    double spacing[DT_MAX_MOVES]; /* least distance between levels of a move */
    double blur[DT_WIDE * DT_MAX_MOVES];
};

static void clear_traces(traces *t, size_t parts) {
    for (size_t k = 0; t->part && k < parts; k++) {
        free(t->part[k].step);
        free(t->part[k].room);
        free(t->part[k].rank);
    }
    free(t->part);
}

void dt_difference_free(dt_difference *d) {
    if (!d)
        return;
    clear_traces(&d->box, d->plan->parts);
    clear_traces(&d->base, d->plan->parts);
    free(d);
}

/* Does a change reach this part, or are all parts wanted? */
static bool is_used(const dt_difference *d, const dt_part_plan *part) {
    return d->own == 0 || part->moves & d->own;
}

static bool lay_out(const dt_difference *d, part_trace *t, bool curved) {
    const dt_part_plan *plan = t->plan;
    size_t total = 8;
    for (size_t i = 0; i < plan->steps; i++) {
        bool scalar = !(plan->step[i].moves & d->own);
        total += scalar ? 8 : 6 * WIDE;
        total += curved ? (dt_curve_room(plan->step[i].moves, scalar) + 7) / 8 * 8 : 0;
    }
    t->step = calloc(plan->steps, sizeof *t->step);
    t->room = aligned_alloc(64, total * sizeof *t->room);
    t->rank = calloc(plan->steps, sizeof *t->rank);
    if (!t->step || !t->room || !t->rank)
        return false;
    memset(t->room, 0, total * sizeof *t->room);
    double *next = t->room;
    for (size_t i = 0; i < plan->steps; i++) {
        bool scalar = !(plan->step[i].moves & d->own);
        t->step[i] =
            (dt_curve){.trace = {next, scalar}, .moves = plan->step[i].moves, .rank = t->rank[i]};
        dt_curve_rank(plan->step[i].moves, t->rank[i]);
        next += scalar ? 8 : 6 * WIDE;
        t->step[i].by_move = next;
        next += curved ? (dt_curve_room(plan->step[i].moves, scalar) + 7) / 8 * 8 : 0;
    }
    return true;
}

static bool lay_out_all(const dt_difference *d, traces *t, bool curved) {
    const dt_plan *plan = d->plan;
    t->part = calloc(plan->parts, sizeof *t->part);
    bool good = t->part != NULL;
    for (size_t k = 0; good && k < plan->parts; k++) {
        t->part[k].plan = &plan->part[k];
        good = !is_used(d, &plan->part[k]) || lay_out(d, &t->part[k], curved);
    }
    return good;
}

static double least_distance(const dt_slot_doubles *slot) {
    double least = INFINITY;
    for (uint32_t i = 0; i < slot->levels; i++)
        for (uint32_t j = 0; j < i; j++) {
            double error = slot->error[i] + slot->error[j];
            least = fmin(least, fabs(slot->value[i] - slot->value[j]) - error);
        }
    return least;
}

dt_difference *dt_difference_new(const dt_plan *plan, uint64_t own) {
    dt_difference *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->plan = plan;
    d->own = own;
    for (uint32_t i = 0; i < plan->slots; i++)
        d->spacing[i] = least_distance(&plan->slot[i]);
    if (lay_out_all(d, &d->box, own != 0) && lay_out_all(d, &d->base, false))
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

/* The slope of a leaf by its own move: the differences of its values to that at the base level,
 * over the distances of the levels. */
static void leaf_slope(const dt_plan *plan, const dt_step *s, uint64_t set, uint32_t base,
                       double spacing, double *low, double *high) {
    const dt_slot_doubles *slot = &plan->slot[s->a];
    if (s->op == DT_OP_MOVE) {
        double error = 0;
        for (uint32_t i = 0; i < slot->levels; i++)
            error = fmax(error, slot->error[i]);
        *low = 1 - (4 * error / spacing + 4 * DBL_EPSILON);
        *high = 1 + (4 * error / spacing + 4 * DBL_EPSILON);
        return;
    }
    *low = INFINITY;
    *high = -INFINITY;
    for (uint64_t rest = set & ~(UINT64_C(1) << base); rest; rest &= rest - 1) {
        uint32_t level = (uint32_t)__builtin_ctzll(rest);
        double rise = (double)(level == s->b) - (double)(base == s->b);
        double slope = rise / (slot->value[level] - slot->value[base]);
        double room = fabs(slope) * (4 * slot->error[level] + 4 * slot->error[base]) / spacing;
        *low = fmin(*low, slope - room - fabs(slope) * 4 * DBL_EPSILON);
        *high = fmax(*high, slope + room + fabs(slope) * 4 * DBL_EPSILON);
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
static void run_part(const dt_plan *plan, const traces *t, const part_trace *p, uint64_t changed,
                     const dt_change *change, size_t count) {
    for (size_t i = 0; i < p->plan->steps; i++) {
        const dt_step *s = &p->plan->step[i];
        dt_trace z = p->step[i].trace;
        if (z.scalar && t->started && !(s->moves & changed))
            continue;
        if (s->op > DT_OP_LEVEL)
            dt_difference_kernel(s->op, s->exact, WIDE, count, z, p->step[s->a].trace,
                                 p->step[s->b].trace, p->step[s->c].trace);
        else if (z.scalar)
            load_scalar(plan, s, t->set, z);
        else
            load_vector(plan, s, t->set, change, count, z);
    }
}

/* to += from, each end rounded outward. */
static void add_ends(double *low, double *high, double from_low, double from_high) {
    *low += from_low;
    *low -= fabs(*low) * DBL_EPSILON;
    *high += from_high;
    *high += fabs(*high) * DBL_EPSILON;
}

/* Gains over a box, first order. */
static void run_gains(const dt_difference *d, traces *t, const uint64_t *set,
                      const dt_change *change, size_t count, double *low, double *high) {
    uint64_t changed = changed_sets(t->set, t->started, d->plan->slots, set);
    for (size_t i = 0; i < count; i++)
        low[i] = high[i] = 0;
    for (size_t k = 0; k < d->plan->parts; k++) {
        const part_trace *p = &t->part[k];
        if (!is_used(d, p->plan))
            continue;
        run_part(d->plan, t, p, changed, change, count);
        const double *gain = p->step[p->plan->steps - 1].trace.v + 4 * WIDE;
        for (size_t i = 0; i < count; i++)
            add_ends(&low[i], &high[i], gain[i], gain[WIDE + i]);
    }
    t->started = true;
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

static void load_slopes(const dt_difference *d, const dt_step *s, const uint64_t *set,
                        const uint64_t *base, const dt_change *change, size_t count,
                        const dt_curve *z) {
    double low, high, *to = dt_curve_by(z, (int)s->a);
    leaf_slope(d->plan, s, set[s->a], (uint32_t)__builtin_ctzll(base[s->a]), d->spacing[s->a], &low,
               &high);
    double middle = 0.5 * low + 0.5 * high;
    double slope[2] = {middle, (high - middle) * (1 + 1e-9) + fabs(middle) * 1e-15};
    if (z->trace.scalar) {
        memcpy(to, slope, sizeof slope);
        return;
    }
    memset(to, 0, 4 * WIDE * sizeof *to);
    for (size_t i = 0; i < count; i++)
        if (change[i].move != s->a) {
            to[i] = slope[0];
            to[WIDE + i] = slope[1];
        }
}

static void run_curves(const dt_difference *d, const part_trace *p, uint64_t changed, uint64_t open,
                       const uint64_t *base, const dt_change *change, size_t count) {
    for (size_t i = 0; i < p->plan->steps; i++) {
        const dt_step *s = &p->plan->step[i];
        const dt_curve *z = &p->step[i];
        if (!(z->moves & open) || (z->trace.scalar && d->box.curved && !(z->moves & changed)))
            continue;
        if (s->op > DT_OP_LEVEL)
            dt_curve_step(s->op, open, d->spacing, z, &p->step[s->a], &p->step[s->b],
                          &p->step[s->c]);
        else
            load_slopes(d, s, d->box.set, base, change, count, z);
    }
}

/* How far the levels in `set` lie from the base level, outward. */
static void distances(const dt_slot_doubles *slot, uint64_t set, uint64_t base, double *low,
                      double *high) {
    uint32_t from = (uint32_t)__builtin_ctzll(base);
    *low = *high = 0;
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        uint32_t level = (uint32_t)__builtin_ctzll(rest);
        double far = slot->value[level] - slot->value[from];
        double room = fabs(far) * DBL_EPSILON + slot->error[level] + slot->error[from];
        *low = fmin(*low, far - room);
        *high = fmax(*high, far + room);
    }
}

/* Ends of bend × distance. */
static void bend_range(double b_low, double b_high, double d_low, double d_high, double *low,
                       double *high) {
    double p[4] = {b_low * d_low, b_low * d_high, b_high * d_low, b_high * d_high};
    *low = *high = p[0];
    for (int i = 1; i < 4; i++) {
        *low = p[i] < *low ? p[i] : *low;
        *high = p[i] > *high ? p[i] : *high;
    }
    double sum = p[0] + p[1] + p[2] + p[3];
    *low = isnan(sum) ? NAN : *low - fabs(*low) * DBL_EPSILON - DBL_MIN;
    *high = isnan(sum) ? NAN : *high + fabs(*high) * DBL_EPSILON + DBL_MIN;
}

/* The expansion around one profile: gain(base) + sum of bend × distance. Takes the better ends. */
static void expand(dt_difference *d, const uint64_t *set, const dt_change *change, size_t count,
                   double *low, double *high, double *blur) {
    uint64_t base[DT_MAX_MOVES], open = choose_base(d->plan, set, base);
    double at_low[WIDE], at_high[WIDE];
    memset(blur, 0, count * d->plan->slots * sizeof *blur);
    if (!open)
        return;
    run_gains(d, &d->base, base, change, count, at_low, at_high);
    uint64_t changed = changed_sets(d->box.curves, d->box.curved, d->plan->slots, set);
    for (size_t k = 0; k < d->plan->parts; k++)
        if (is_used(d, d->box.part[k].plan))
            run_curves(d, &d->box.part[k], changed, open, base, change, count);
    d->box.curved = true;
    for (uint64_t rest = open; rest; rest &= rest - 1) {
        int move = __builtin_ctzll(rest);
        double d_low, d_high;
        distances(&d->plan->slot[move], set[move], base[move], &d_low, &d_high);
        for (size_t i = 0; i < count; i++) {
            double b_low = 0, b_high = 0, from, to;
            for (size_t k = 0; k < d->plan->parts; k++) {
                const part_trace *p = &d->box.part[k];
                const dt_curve *root = &p->step[p->plan->steps - 1];
                if (!is_used(d, p->plan) || !(root->moves >> move & 1))
                    continue;
                const double *bend = dt_curve_by(root, move) + 2 * WIDE;
                double room = bend[WIDE + i] * (1 + 1e-15) + fabs(bend[i]) * 1e-15;
                add_ends(&b_low, &b_high, bend[i] - room, bend[i] + room);
            }
            if (change[i].move == (uint32_t)move)
                b_low = b_high = 0;
            bend_range(b_low, b_high, d_low, d_high, &from, &to);
            add_ends(&at_low[i], &at_high[i], from, to);
            blur[i * d->plan->slots + (size_t)move] = to - from;
        }
    }
    for (size_t i = 0; i < count; i++) {
        low[i] = at_low[i] > low[i] || isnan(low[i]) ? at_low[i] : low[i];
        high[i] = at_high[i] < high[i] || isnan(high[i]) ? at_high[i] : high[i];
    }
}

static bool any_open(const double *low, const double *high, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || !(low[i] > 0 || high[i] < 0);
    return any;
}

void dt_difference_run(dt_difference *d, const uint64_t *set, const dt_change *change, size_t count,
                       double *low, double *high, double *blur) {
    memset(blur, 0, count * d->plan->slots * sizeof *blur);
    for (size_t from = 0; from < count; from += WIDE) {
        size_t some = count - from < WIDE ? count - from : WIDE;
        run_gains(d, &d->box, set, change + from, some, low + from, high + from);
        if (any_open(low + from, high + from, some))
            expand(d, set, change + from, some, low + from, high + from,
                   blur + from * d->plan->slots);
    }
}

void dt_difference_range(dt_difference *d, const uint64_t *set, double *low, double *high) {
    uint64_t changed = changed_sets(d->box.set, d->box.started, d->plan->slots, set);
    *low = *high = 0;
    for (size_t k = 0; k < d->plan->parts; k++) {
        const part_trace *p = &d->box.part[k];
        run_part(d->plan, &d->box, p, changed, NULL, 0);
        const double *value = p->step[p->plan->steps - 1].trace.v;
        add_ends(low, high, value[0], value[1]);
    }
    d->box.started = true;
}
