/* What can be said of a payoff over the whole space, by interval arithmetic (Moore 1966): that it
 * exists everywhere, and one bound on the error of its fast evaluation (Higham 2002, ch. 2).
 *
 * Ends are moved outward by a few ulp after each operation, more than kernels.c charges libm. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "formula/plan.h"

/* What is known of a step over the whole space: its values, whether they all exist, and a bound on
 * the error of the fast evaluation that holds at every profile. */
typedef struct interval {
    double low, high;
    bool total;
    double error;
} interval;

static const interval ANYTHING = {-INFINITY, INFINITY, false, INFINITY};
static const double U = DBL_EPSILON / 2, UP = 1 + 32 * DBL_EPSILON, LIBM = 32 * (DBL_EPSILON / 2);

static double size_of(interval a) {
    return fmax(fabs(a.low), fabs(a.high));
}

static interval outward(double low, double high, bool total) {
    double slack = 64 * DBL_EPSILON;
    interval z = {low - fabs(low) * slack - DBL_MIN, high + fabs(high) * slack + DBL_MIN, total, 0};
    z.total = z.total && z.low >= -DBL_MAX && z.high <= DBL_MAX; /* false for NaN too */
    return z;
}

/* The error that the operands' errors make, plus half an ulp of the result's size. */
static interval rounded(interval z, double error) {
    z.error = (error + U * size_of(z)) * UP + DBL_MIN;
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

static interval product(interval a, interval b, bool square, bool total) {
    interval z = products(a, b.low, b.high, total);
    if (square) { /* not negative */
        double low = a.low > 0 ? a.low * a.low : a.high < 0 ? a.high * a.high : 0;
        z = outward(low, fmax(a.low * a.low, a.high * a.high), total);
        z.low = fmax(z.low, 0);
    }
    return rounded(z, size_of(a) * b.error + size_of(b) * a.error + a.error * b.error);
}

static interval quotient(interval a, interval b, bool total) {
    double least = b.low > 0 ? b.low : -b.high; /* the least size of the divisor */
    if (!(least > DBL_MIN) || !(least > b.error))
        return ANYTHING;
    interval z = products(a, 1 / b.high, 1 / b.low, total);
    return rounded(z, (a.error + size_of(z) * b.error) / (least - b.error));
}

/* The relative error of a power or root of something known to `error` and at least `least`. */
static double relative(double least, double error) {
    return least > error ? error / (least - error) : INFINITY;
}

/* e^d - 1 <= d (1 + d) for d <= 1/2 */
static double grown(double d) {
    return d <= 0.5 ? d * (1 + d) : INFINITY;
}

static interval power(interval a, interval b, bool total) {
    if (!(a.low > 0))
        return ANYTHING;
    interval e = products((interval){log(a.low), log(a.high), true, 0}, b.low, b.high, true);
    interval z = outward(exp(e.low), exp(e.high), total);
    double rho = relative(a.low, a.error), logs = fmax(fabs(log(a.low)), fabs(log(a.high)));
    double d = size_of(b) * rho + (logs * (1 + LIBM) + rho) * b.error;
    return rounded(z, size_of(z) * (grown(d * UP) + LIBM));
}

/* The hull of what a choice may give; its error covers both where the choice may be wrong. */
static interval chosen(interval a, interval b, double low, double high, bool certain, bool total) {
    interval z = {low, high, total, fmax(a.error, b.error)};
    if (!certain)
        z.error = (z.error + (high - low)) * UP;
    return z;
}

/* 0 or 1; certain where the operands have no error. */
static interval truth(bool certain, bool total) {
    return (interval){0, 1, total, certain ? 0 : 1};
}

static interval moves_interval(const dt_slot_doubles *slot) {
    interval z = {INFINITY, -INFINITY, true, 0};
    double error = 0;
    for (uint32_t i = 0; i < slot->levels; i++) {
        z.low = fmin(z.low, slot->value[i]);
        z.high = fmax(z.high, slot->value[i]);
        error = fmax(error, slot->error[i]);
    }
    z = outward(z.low, z.high, true);
    z.error = error;
    return z;
}

static interval step_interval(const dt_plan *plan, const dt_step *s, const interval *known) {
    int operands = dt_op_operands(s->op);
    interval none = {0, 0, true, 0}, z;
    interval a = operands > 0 ? known[s->a] : none, b = operands > 1 ? known[s->b] : none;
    interval c = operands > 2 ? known[s->c] : none;
    bool total = a.total && b.total && c.total;
    bool certain = a.error == 0 && b.error == 0;
    switch (s->op) {
    case DT_OP_CONST:
        z = outward(s->constant - s->constant_error, s->constant + s->constant_error, true);
        z.error = s->constant_error;
        return z;
    case DT_OP_OPEN: return ANYTHING;
    case DT_OP_MOVE: return moves_interval(&plan->slot[s->a]);
    case DT_OP_ADD:
        return rounded(outward(a.low + b.low, a.high + b.high, total), a.error + b.error);
    case DT_OP_SUB:
        return rounded(outward(a.low - b.high, a.high - b.low, total), a.error + b.error);
    case DT_OP_MUL: return product(a, b, s->a == s->b, total);
    case DT_OP_DIV: return quotient(a, b, total);
    case DT_OP_POW: return power(a, b, total);
    case DT_OP_MIN: return chosen(a, b, fmin(a.low, b.low), fmin(a.high, b.high), true, total);
    case DT_OP_MAX: return chosen(a, b, fmax(a.low, b.low), fmax(a.high, b.high), true, total);
    case DT_OP_NEG: return (interval){-a.high, -a.low, total, a.error};
    case DT_OP_ABS: return (interval){fmax(fmax(a.low, -a.high), 0), size_of(a), total, a.error};
    case DT_OP_SQRT:
        if (!(a.low > 0))
            return (interval){0, sqrt(fmax(a.high, 0)), total && a.low >= 0, INFINITY};
        z = outward(sqrt(a.low), sqrt(a.high), total);
        return rounded(z, size_of(z) * relative(a.low, a.error));
    case DT_OP_EXP:
        z = outward(exp(a.low), exp(a.high), total);
        return rounded(z, size_of(z) * (grown(a.error) + LIBM));
    case DT_OP_LOG:
        if (!(a.low > 0))
            return ANYTHING;
        z = outward(log(a.low), log(a.high), total);
        return rounded(z, relative(a.low, a.error) + size_of(z) * LIBM);
    case DT_OP_COND:
        return chosen(b, c, fmin(b.low, c.low), fmax(b.high, c.high), a.error == 0, total);
    case DT_OP_LEVEL:
    case DT_OP_NOT:
    case DT_OP_LT:
    case DT_OP_LE:
    case DT_OP_EQ:
    case DT_OP_AND:
    case DT_OP_OR: return truth(certain, total);
    }
    return ANYTHING;
}

/* One bound serves where it is small against the range of values: then few comparisons fall within
 * it. Elsewhere each value carries its own. */
static const double SMALL = 1e-9;

bool dt_part_prove(const dt_plan *plan, dt_part_plan *part) {
    interval *known = malloc(part->steps * sizeof *known);
    if (!known)
        return false;
    for (size_t i = 0; i < part->steps; i++) {
        known[i] = step_interval(plan, &part->step[i], known);
        if (part->step[i].exact)
            known[i].error = 0;
    }
    interval root = known[part->steps - 1];
    part->total = root.total;
    part->error = root.error;
    part->size = root.total ? size_of(root) : INFINITY;
    part->uniform = root.total && root.error <= SMALL * (root.high - root.low);
    free(known);
    return true;
}
