/* Fast evaluation of one payoff over boxes of profiles. */
#include "formula/block_eval.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formula/kernels.h"

/* A node of the plan; operands are numbers of earlier steps. */
typedef struct step {
    dt_op op;
    uint32_t a, b, c;
    uint64_t moves;
    bool exact; /* computed without any rounding: see mark_exact */
    /* where exact: the value is an integer of size at most `most`, times 2^scale */
    int scale;
    double most;
    double constant, constant_error;
} step;

/* The doubles nearest to a move's level values, and their errors. */
typedef struct slot_doubles {
    uint32_t levels;
    double *value, *error;
    bool exact;
    int scale;
    double most;
} slot_doubles;

struct dt_plan {
    step *step;
    size_t steps;
    slot_doubles *slot;
    uint32_t slots;
    bool total;
};

struct dt_runner {
    const dt_plan *plan;
    uint64_t shape; /* of the vectors held */
    size_t lanes;
    uint64_t free_moves;
    uint16_t level[DT_MAX_MOVES];
    bool started;
    dt_lanes *held;  /* a step each */
    double *memory;
    double *zeros;
};

/* The nearest double of a rational and a bound on its error; infinite beyond a double's range. */
static double nearest(const fmpq *q, double *error) {
    arb_t ball, back;
    arb_init(ball);
    arb_init(back);
    arb_set_fmpq(ball, q, 128);
    double d = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_set_d(back, d);
    arb_sub(back, ball, back, 128);
    mag_t bound;
    mag_init(bound);
    arb_get_mag(bound, back);
    *error = isfinite(d) ? mag_get_d(bound) * (1 + 4 * DBL_EPSILON) : INFINITY;
    mag_clear(bound);
    arb_clear(ball);
    arb_clear(back);
    return d;
}

/* Is q = integer × 2^scale with an integer that a double holds? */
static bool dyadic(const fmpq *q, int *scale, double *most) {
    slong bits = (slong)fmpz_val2(fmpq_denref(q));
    fmpz_t odd;
    fmpz_init(odd);
    fmpz_tdiv_q_2exp(odd, fmpq_denref(q), (ulong)bits);
    bool is = fmpz_is_one(odd) && bits < 500 && fmpz_bits(fmpq_numref(q)) <= 53;
    fmpz_clear(odd);
    if (is) {
        *scale = (int)-bits;
        *most = fabs(fmpz_get_d(fmpq_numref(q)));
    }
    return is;
}

static const double INTEGERS = 9007199254740992.0; /* 2^53 */

/* Sums, products and choices of integers times a power of 2 are not rounded while they stay below
 * 2^53: then comparisons are certain too, and no bounds need be kept. */
static void mark_exact(const dt_plan *plan, step *s) {
    const step *a = &plan->step[s->a], *b = &plan->step[s->b], *c = &plan->step[s->c];
    int operands = dt_op_operands(s->op);
    if (!a->exact || (operands > 1 && !b->exact) || (operands > 2 && !c->exact))
        return;
    switch (s->op) {
    case DT_OP_ADD:
    case DT_OP_SUB:
    case DT_OP_MIN:
    case DT_OP_MAX:
        s->scale = a->scale < b->scale ? a->scale : b->scale;
        s->most = ldexp(a->most, a->scale - s->scale) + ldexp(b->most, b->scale - s->scale);
        break;
    case DT_OP_MUL:
        s->scale = a->scale + b->scale;
        s->most = a->most * b->most;
        break;
    case DT_OP_NEG:
    case DT_OP_ABS:
        s->scale = a->scale;
        s->most = a->most;
        break;
    case DT_OP_COND:
        s->scale = b->scale < c->scale ? b->scale : c->scale;
        s->most = ldexp(b->most, b->scale - s->scale) + ldexp(c->most, c->scale - s->scale);
        break;
    case DT_OP_NOT:
    case DT_OP_LT:
    case DT_OP_LE:
    case DT_OP_EQ:
    case DT_OP_AND:
    case DT_OP_OR:
        s->scale = 0;
        s->most = 1;
        break;
    default: return;
    }
    s->exact = s->most <= INTEGERS && s->scale > -900;
}

/* Interval arithmetic over all levels of all moves: where it shows that no operation can fail and
 * nothing overflows, the payoff exists everywhere (Moore 1966). Ends are moved outward by a few
 * ulp after each operation, libm calls by more than they are charged in kernels.c. */
typedef struct interval {
    double low, high;
    bool total;
} interval;

static interval outward(double low, double high, bool total) {
    double slack = 64 * DBL_EPSILON;
    interval z = {low - fabs(low) * slack - DBL_MIN, high + fabs(high) * slack + DBL_MIN, total};
    z.total = z.total && z.low >= -DBL_MAX && z.high <= DBL_MAX; /* false for NaN too */
    return z;
}

static interval products(interval a, double b_low, double b_high, bool total) {
    double p[4] = {a.low * b_low, a.low * b_high, a.high * b_low, a.high * b_high};
    double low = p[0], high = p[0];
    for (int i = 1; i < 4; i++) {
        low = fmin(low, p[i]);
        high = fmax(high, p[i]);
    }
    return outward(low, high, total);
}

static interval power_interval(interval a, interval b, bool total) {
    if (!(a.low > 0))
        return (interval){-INFINITY, INFINITY, false};
    interval e = products((interval){log(a.low), log(a.high), true}, b.low, b.high, true);
    return outward(exp(e.low), exp(e.high), total);
}

static interval step_interval(const dt_plan *plan, const step *s, const interval *known) {
    int operands = dt_op_operands(s->op);
    interval none = {0, 0, true};
    interval a = operands > 0 ? known[s->a] : none, b = operands > 1 ? known[s->b] : none;
    interval c = operands > 2 ? known[s->c] : none;
    bool total = a.total && b.total && c.total;
    switch (s->op) {
    case DT_OP_CONST:
        return outward(s->constant - s->constant_error, s->constant + s->constant_error, true);
    case DT_OP_MOVE: {
        double low = INFINITY, high = -INFINITY;
        const slot_doubles *slot = &plan->slot[s->a];
        for (uint32_t i = 0; i < slot->levels; i++) {
            low = fmin(low, slot->value[i]);
            high = fmax(high, slot->value[i]);
        }
        return outward(low, high, true);
    }
    case DT_OP_ADD: return outward(a.low + b.low, a.high + b.high, total);
    case DT_OP_SUB: return outward(a.low - b.high, a.high - b.low, total);
    case DT_OP_MUL:
        if (s->a == s->b) { /* a square is not negative */
            double low = a.low > 0 ? a.low * a.low : a.high < 0 ? a.high * a.high : 0;
            interval z = outward(low, fmax(a.low * a.low, a.high * a.high), total);
            z.low = fmax(z.low, 0);
            return z;
        }
        return products(a, b.low, b.high, total);
    case DT_OP_DIV:
        if (!(b.low > DBL_MIN || b.high < -DBL_MIN))
            return (interval){-INFINITY, INFINITY, false};
        return products(a, 1 / b.high, 1 / b.low, total);
    case DT_OP_POW: return power_interval(a, b, total);
    case DT_OP_MIN: return outward(fmin(a.low, b.low), fmin(a.high, b.high), total);
    case DT_OP_MAX: return (interval){fmax(a.low, b.low), fmax(a.high, b.high), total};
    case DT_OP_NEG: return (interval){-a.high, -a.low, total};
    case DT_OP_ABS: return (interval){fmax(fmax(a.low, -a.high), 0), fmax(-a.low, a.high), total};
    case DT_OP_SQRT:
        if (!(a.low >= 0))
            return (interval){-INFINITY, INFINITY, false};
        return outward(sqrt(a.low), sqrt(a.high), total);
    case DT_OP_EXP: return outward(exp(a.low), exp(a.high), total);
    case DT_OP_LOG:
        if (!(a.low > 0))
            return (interval){-INFINITY, INFINITY, false};
        return outward(log(a.low), log(a.high), total);
    case DT_OP_COND: return (interval){fmin(b.low, c.low), fmax(b.high, c.high), total};
    case DT_OP_LEVEL:
    case DT_OP_NOT:
    case DT_OP_LT:
    case DT_OP_LE:
    case DT_OP_EQ:
    case DT_OP_AND:
    case DT_OP_OR: return (interval){0, 1, total};
    }
    return (interval){-INFINITY, INFINITY, false};
}

/* Whether every step is shown to have a finite value at every profile. */
static bool prove_total(dt_plan *plan) {
    interval *known = calloc(plan->steps, sizeof *known);
    if (!known)
        return false;
    for (size_t i = 0; i < plan->steps; i++)
        known[i] = step_interval(plan, &plan->step[i], known);
    bool total = known[plan->steps - 1].total;
    free(known);
    return total;
}

static bool fill_slot(slot_doubles *to, const dt_slot_values *from) {
    to->value = calloc(from->levels, sizeof *to->value);
    to->error = calloc(from->levels, sizeof *to->error);
    if (!to->value || !to->error)
        return false;
    to->levels = from->levels;
    to->exact = true;
    to->scale = 0;
    for (uint32_t i = 0; i < from->levels; i++) {
        to->value[i] = nearest(&from->value[i], &to->error[i]);
        int scale = 0;
        double most = 0;
        to->exact = to->exact && dyadic(&from->value[i], &scale, &most);
        to->scale = scale < to->scale ? scale : to->scale;
    }
    for (uint32_t i = 0; i < from->levels && to->exact; i++)
        to->most = fmax(to->most, ldexp(fabs(to->value[i]), -to->scale));
    to->exact = to->exact && to->most <= INTEGERS;
    return true;
}

dt_plan *dt_plan_new(const dt_dag *dag, const dt_slot_values *slot, uint32_t slots,
                     uint32_t root) {
    dt_plan *plan = calloc(1, sizeof *plan);
    uint32_t *number = calloc((size_t)root + 1, sizeof *number); /* 0: not needed */
    if (!plan || !number)
        goto failed;
    plan->slot = calloc(slots ? slots : 1, sizeof *plan->slot);
    if (!plan->slot)
        goto failed;
    plan->slots = slots;
    for (uint32_t i = 0; i < slots; i++)
        if (!fill_slot(&plan->slot[i], &slot[i]))
            goto failed;
    number[root] = 1;
    for (uint32_t i = root + 1; i-- > 0;) {
        if (!number[i])
            continue;
        plan->steps++;
        const dt_node *n = &dag->node[i];
        int operands = dt_op_operands(n->op);
        if (operands > 0)
            number[n->a] = 1;
        if (operands > 1)
            number[n->b] = 1;
        if (operands > 2)
            number[n->c] = 1;
    }
    plan->step = calloc(plan->steps, sizeof *plan->step);
    if (!plan->step)
        goto failed;
    uint32_t at = 0;
    for (uint32_t i = 0; i <= root; i++) {
        if (!number[i])
            continue;
        const dt_node *n = &dag->node[i];
        step *s = &plan->step[at];
        number[i] = at++;
        *s = (step){.op = n->op, .moves = n->moves};
        int operands = dt_op_operands(n->op);
        if (n->op == DT_OP_CONST) {
            s->constant = nearest(&dag->constant[n->a], &s->constant_error);
            s->exact = dyadic(&dag->constant[n->a], &s->scale, &s->most);
        } else if (n->op == DT_OP_MOVE || n->op == DT_OP_LEVEL) {
            s->a = n->a;
            s->b = n->b;
            s->exact = n->op == DT_OP_LEVEL || plan->slot[n->a].exact;
            s->scale = n->op == DT_OP_LEVEL ? 0 : plan->slot[n->a].scale;
            s->most = n->op == DT_OP_LEVEL ? 1 : plan->slot[n->a].most;
        } else {
            s->a = number[n->a];
            s->b = operands > 1 ? number[n->b] : 0;
            s->c = operands > 2 ? number[n->c] : 0;
            mark_exact(plan, s);
        }
    }
    free(number);
    plan->total = prove_total(plan);
    return plan;
failed:
    free(number);
    dt_plan_free(plan);
    return NULL;
}

void dt_plan_free(dt_plan *plan) {
    if (!plan)
        return;
    for (uint32_t i = 0; plan->slot && i < plan->slots; i++) {
        free(plan->slot[i].value);
        free(plan->slot[i].error);
    }
    free(plan->slot);
    free(plan->step);
    free(plan);
}

size_t dt_plan_steps(const dt_plan *plan) {
    return plan->steps;
}

bool dt_plan_is_total(const dt_plan *plan) {
    return plan->total;
}

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

static void load_leaf(const dt_runner *r, const dt_lane_moves *moves, const step *s, dt_lanes z) {
    if (s->op == DT_OP_CONST) {
        z.mid[0] = s->constant;
        if (!s->exact)
            z.rad[0] = s->constant_error;
        return;
    }
    const slot_doubles *slot = &r->plan->slot[s->a];
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
        const step *s = &plan->step[i];
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
