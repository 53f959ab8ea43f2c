/* Proving that a payoff exists everywhere, by interval arithmetic (Moore 1966).
 *
 * Ends are moved outward by a few ulp after each operation, more than kernels.c charges libm. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "formula/plan.h"

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

static interval step_interval(const dt_plan *plan, const dt_step *s, const interval *known) {
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
        const dt_slot_doubles *slot = &plan->slot[s->a];
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
bool dt_plan_prove_total(const dt_plan *plan) {
    interval *known = calloc(plan->steps, sizeof *known);
    if (!known)
        return false;
    for (size_t i = 0; i < plan->steps; i++)
        known[i] = step_interval(plan, &plan->step[i], known);
    bool total = known[plan->steps - 1].total;
    free(known);
    return total;
}
