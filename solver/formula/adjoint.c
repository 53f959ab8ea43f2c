/* The sweep backwards over a part's steps. */
#include "formula/adjoint.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/adjoint_kernels.h"

enum { W = DT_WIDE };

struct dt_adjoint {
    const dt_plan *plan;
    const dt_part_plan *part;
    const dt_trace *trace;
    double **of;                 /* of a vector step dt_adjoints, of a scalar the difference only */
    double *room;                /* of all */
    size_t size;                 /* of room */
    dt_scalar_partials *partial; /* of scalar steps */
    bool started;
    uint32_t *leaf; /* steps that are leaves of moves, by move */
    uint32_t first_leaf[DT_MAX_MOVES + 1];
};

void dt_adjoint_free(dt_adjoint *a) {
    if (!a)
        return;
    free(a->of);
    free(a->room);
    free(a->partial);
    free(a->leaf);
    free(a);
}

static bool is_leaf_of(const dt_step *s, uint32_t move) {
    return (s->op == DT_OP_MOVE || s->op == DT_OP_LEVEL) && s->a == move;
}

static void list_leaves(dt_adjoint *a) {
    uint32_t count = 0;
    for (uint32_t move = 0; move < a->plan->slots; move++) {
        a->first_leaf[move] = count;
        for (uint32_t i = 0; i < a->part->steps; i++)
            if (is_leaf_of(&a->part->step[i], move))
                a->leaf[count++] = i;
    }
    a->first_leaf[a->plan->slots] = count;
}

dt_adjoint *dt_adjoint_new(const dt_plan *plan, const dt_part_plan *part, const dt_trace *trace,
                           uint64_t own) {
    dt_adjoint *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->plan = plan;
    a->part = part;
    a->trace = trace;
    const size_t scalar = sizeof(dt_balls) / sizeof(double), vector = 2 * scalar;
    for (size_t i = 0; i < part->steps; i++)
        a->size += part->step[i].moves & own ? vector : scalar;
    a->of = calloc(part->steps, sizeof *a->of);
    a->room = aligned_alloc(64, a->size * sizeof *a->room);
    a->partial = calloc(part->steps, sizeof *a->partial);
    a->leaf = calloc(part->steps, sizeof *a->leaf);
    if (!a->of || !a->room || !a->partial || !a->leaf) {
        dt_adjoint_free(a);
        return NULL;
    }
    double *next = a->room;
    for (size_t i = 0; i < part->steps; i++) {
        a->of[i] = next;
        next += part->step[i].moves & own ? vector : scalar;
    }
    list_leaves(a);
    return a;
}

/* --- the sweep --- */

/* What jumps may add to each lane's gain, in all and by each move. */
typedef struct reach {
    double all[W];
    double *const *blur;
    size_t count;
} reach;

static void note_jump(reach *r, const double *before, uint64_t moves) {
    for (size_t i = 0; i < r->count; i++)
        for (uint64_t rest = moves; rest; rest &= rest - 1)
            r->blur[i][__builtin_ctzll(rest)] += 2 * (r->all[i] - before[i]);
}

/* To a step, scalar or vector, by a derivative that no change touches. */
static void give(dt_adjoint *a, uint32_t to, const dt_adjoints *from, double m, double r) {
    if (a->trace[to].scalar)
        dt_pull_scalar(from->gain, m, r, a->of[to]);
    else
        dt_pull_constant(from, m, r, (dt_adjoints *)a->of[to]);
}

/* To a step by any derivative. */
static void give_by(dt_adjoint *a, uint32_t to, const dt_adjoints *from, const dt_partial *by) {
    if (a->trace[to].scalar)
        dt_pull_to_scalar(from, by, a->of[to]);
    else
        dt_pull(from, by, (dt_adjoints *)a->of[to]);
}

static void give_factor(dt_adjoint *a, uint32_t to, const dt_adjoints *from, uint32_t factor) {
    if (a->trace[factor].scalar) {
        double m, r;
        dt_scalar_ball(a->trace[factor], &m, &r);
        give(a, to, from, m, r);
        return;
    }
    dt_partial by;
    dt_partial_itself(a->trace[factor], &by);
    give_by(a, to, from, &by);
}

/* z = a / b: by 1/b to a, and by -z/b to b */
static void pull_quotient(dt_adjoint *a, uint32_t z, const dt_adjoints *from, const bool *want) {
    const dt_step *s = &a->part->step[z];
    dt_trace b = a->trace[s->b];
    dt_adjoints over = {{0}, {0}};
    if (b.scalar) {
        dt_scalar_partials by;
        dt_scalar_partials_of(DT_OP_DIV, true, b, b, b, &by);
        dt_pull_constant(from, by.m[0], by.r[0], &over);
    } else {
        dt_partial by;
        dt_partial_reciprocal(b, &by);
        dt_pull(from, &by, &over);
    }
    if (want[0])
        give(a, s->a, &over, 1, 0);
    dt_negate(&over);
    if (want[1])
        give_factor(a, s->b, &over, z);
}

static void pull_any(dt_adjoint *a, uint32_t z, const dt_adjoints *from, const uint32_t *operand,
                     const bool *want, uint64_t open, reach *r) {
    const dt_step *s = &a->part->step[z];
    const dt_trace *t = a->trace;
    dt_partial by[3];
    dt_jump jump;
    bool steady = a->part->step[s->b].moves == 0;
    if (dt_partials(s->op, steady, t[z], t[s->a], t[s->b], by, &jump)) {
        double before[W];
        memcpy(before, r->all, sizeof before);
        dt_add_jump(from, &jump, r->all);
        note_jump(r, before, s->moves & open);
    }
    for (int k = 0; k < 3; k++)
        if (want[k])
            give_by(a, operand[k], from, &by[k]);
}

static void pull_vector(dt_adjoint *a, uint32_t z, const uint32_t *operand, int operands,
                        uint64_t open, reach *r) {
    const dt_step *s = &a->part->step[z];
    const dt_adjoints *from = (const dt_adjoints *)a->of[z];
    bool want[3] = {false};
    for (int k = 0; k < operands; k++)
        want[k] = a->part->step[operand[k]].moves & open;
    switch (s->op) {
    case DT_OP_ADD:
    case DT_OP_SUB:
    case DT_OP_NEG:
        if (want[0])
            give(a, s->a, from, s->op == DT_OP_NEG ? -1 : 1, 0);
        if (want[1])
            give(a, s->b, from, s->op == DT_OP_SUB ? -1 : 1, 0);
        return;
    case DT_OP_MUL:
        if (want[0])
            give_factor(a, s->a, from, s->b);
        if (want[1])
            give_factor(a, s->b, from, s->a);
        return;
    case DT_OP_DIV: pull_quotient(a, z, from, want); return;
    default: pull_any(a, z, from, operand, want, open, r);
    }
}

static void pull_scalar(dt_adjoint *a, uint32_t i, const uint32_t *operand, int operands,
                        uint64_t open, reach *r) {
    const dt_step *s = &a->part->step[i];
    const dt_scalar_partials *by = &a->partial[i];
    for (int k = 0; k < operands; k++)
        if (a->part->step[operand[k]].moves & open && (by->m[k] != 0 || by->r[k] != 0))
            dt_pull_scalar(a->of[i], by->m[k], by->r[k], a->of[operand[k]]);
    if (by->jump != 0) {
        double before[W];
        memcpy(before, r->all, sizeof before);
        dt_add_scalar_jump(a->of[i], by->jump, r->all);
        note_jump(r, before, s->moves & open);
    }
}

static void sweep(dt_adjoint *a, uint64_t open, uint64_t changed, reach *r) {
    const dt_part_plan *part = a->part;
    const dt_trace *t = a->trace;
    memset(a->room, 0, a->size * sizeof *a->room);
    if (t[part->steps - 1].scalar)
        return; /* no change touches the part */
    dt_adjoints *root = (dt_adjoints *)a->of[part->steps - 1];
    for (size_t i = 0; i < W; i++)
        root->after[i] = 1;
    for (uint32_t i = (uint32_t)part->steps; i-- > 0;) {
        const dt_step *s = &part->step[i];
        int operands = dt_op_operands(s->op);
        const uint32_t operand[3] = {s->a, s->b, s->c};
        if (operands == 0)
            continue;
        if (t[i].scalar && (!a->started || s->moves & changed))
            dt_scalar_partials_of(s->op, part->step[s->b].moves == 0, t[i], t[s->a], t[s->b],
                                  &a->partial[i]);
        if (!(s->moves & open))
            continue;
        if (t[i].scalar)
            pull_scalar(a, i, operand, operands, open, r);
        else
            pull_vector(a, i, operand, operands, open, r);
    }
    a->started = true;
}

/* --- the ways that moves go --- */

/* A leaf's value at a level, less that at the base level. */
static double way(const dt_plan *plan, const dt_step *s, uint32_t level, uint32_t base,
                  double *error) {
    const dt_slot_doubles *slot = &plan->slot[s->a];
    *error = 0;
    if (s->op == DT_OP_LEVEL)
        return (double)(level == s->b) - (double)(base == s->b);
    double far = slot->value[level] - slot->value[base];
    *error = (slot->error[level] + slot->error[base] + fabs(far) * DBL_EPSILON) * (1 + 1e-15);
    return far;
}

/* Ends of what a move's levels may add to the gain in each lane. */
static void move_ends(const dt_adjoint *a, uint32_t move, uint64_t set, uint32_t base, double *low,
                      double *high) {
    memset(low, 0, W * sizeof *low);
    memset(high, 0, W * sizeof *high);
    for (uint64_t rest = set & ~(UINT64_C(1) << base); rest; rest &= rest - 1) {
        double sum[2 * W] = {0};
        for (uint32_t k = a->first_leaf[move]; k < a->first_leaf[move + 1]; k++) {
            uint32_t step = a->leaf[k];
            double error, far = way(a->plan, &a->part->step[step], (uint32_t)__builtin_ctzll(rest),
                                    base, &error);
            if (far != 0 || error != 0)
                dt_pull_scalar(a->trace[step].scalar ? a->of[step]
                                                     : ((dt_adjoints *)a->of[step])->gain,
                               far, error, sum);
        }
        for (size_t i = 0; i < W; i++) {
            double room = sum[W + i] + (fabs(sum[i]) + sum[W + i]) * 4 * DBL_EPSILON;
            double from = sum[i] - room, to = sum[i] + room;
            low[i] = from < low[i] || isnan(from) ? from : low[i];
            high[i] = to > high[i] || isnan(to) ? to : high[i];
        }
    }
}

static void add_outward(double *low, double *high, double from, double to) {
    *low += from;
    *low -= (fabs(*low) + fabs(from)) * DBL_EPSILON;
    *high += to;
    *high += (fabs(*high) + fabs(to)) * DBL_EPSILON;
}

void dt_adjoint_widen(dt_adjoint *a, const uint64_t *set, const uint64_t *base, uint64_t open,
                      uint64_t changed, const dt_change *change, size_t count, double *low,
                      double *high, double *const *blur) {
    reach r = {.blur = blur, .count = count};
    sweep(a, open, changed, &r);
    for (uint64_t rest = open & a->part->moves; rest; rest &= rest - 1) {
        uint32_t move = (uint32_t)__builtin_ctzll(rest);
        double from[W], to[W];
        move_ends(a, move, set[move], (uint32_t)__builtin_ctzll(base[move]), from, to);
        for (size_t i = 0; i < count; i++) {
            if (change[i].move == move)
                continue;
            add_outward(&low[i], &high[i], from[i], to[i]);
            blur[i][move] += to[i] - from[i];
        }
    }
    for (size_t i = 0; i < count; i++)
        add_outward(&low[i], &high[i], -r.all[i], r.all[i]);
}
