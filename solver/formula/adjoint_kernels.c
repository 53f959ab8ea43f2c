/* Adjoints and derivatives, lane by lane. */
#include "formula/adjoint_kernels.h"

#include <string.h>

#include "base/clones.h"
#include "formula/change.h"

enum { W = DT_WIDE };

/* Adjoints and derivatives are balls: their products take a quarter of what those of hulls take,
 * for radii that are at most half too large (Rump 1999). Errors follow the standard model: every
 * operation is off by half an ulp of its result at most, all together by far less than UP and ULPS
 * below allow. NaN and infinities stay such. */
typedef struct ball {
    double m, r;
} ball;

#define UP   (1 + 32 * DBL_EPSILON)
#define ULPS (8 * DBL_EPSILON)

#define BALL_OF static inline __attribute__((always_inline)) ball

#define BALL(X) ((ball){(X)[i], (X)[W + i]})
#define SET(X, B)                                                                                  \
    do {                                                                                           \
        ball set = B;                                                                              \
        (X)[i] = set.m;                                                                            \
        (X)[W + i] = set.r;                                                                        \
    } while (0)
#define EACH_LANE _Pragma("omp simd") for (size_t i = 0; i < W; i++)

BALL_OF ball_of(hull h) {
    double m = 0.5 * h.low + 0.5 * h.high;
    double r = greater(h.high - m, m - h.low), lost = h.low + h.high;
    return (ball){m, isnan(lost) ? NAN : r * UP + fabs(m) * ULPS};
}

/* to + p s; an adjoint that is exactly zero adds nothing, whatever the derivative. */
BALL_OF plus_product(ball to, ball p, ball s) {
    double t = p.m * s.m, m = to.m + t;
    double r = to.r + (fabs(p.m) * s.r + p.r * (fabs(s.m) + s.r));
    bool none = fabs(s.m) + s.r == 0;
    r = (r + ULPS * (fabs(t) + fabs(m))) * UP + HULL_TINY;
    return (ball){none ? to.m : m, none ? to.r : r};
}

/* --- pulling back --- */

void dt_negate(dt_adjoints *adjoints) {
    for (size_t i = 0; i < W; i++) {
        adjoints->after[i] = -adjoints->after[i];
        adjoints->gain[i] = -adjoints->gain[i];
    }
}

/* (A P)' - A P = A' (P' - P) + (A' - A) P, with A' the adjoint after the change. */
CLONES void dt_pull(const dt_adjoints *from, const dt_partial *by, dt_adjoints *to) {
    EACH_LANE {
        ball after = BALL(from->after), gain = BALL(from->gain);
        SET(to->after, plus_product(BALL(to->after), BALL(by->after), after));
        ball sum = plus_product(BALL(to->gain), BALL(by->before), gain);
        SET(to->gain, plus_product(sum, BALL(by->gain), after));
    }
}

CLONES void dt_pull_to_scalar(const dt_adjoints *from, const dt_partial *by, double *to) {
    EACH_LANE {
        ball sum = plus_product(BALL(to), BALL(by->before), BALL(from->gain));
        SET(to, plus_product(sum, BALL(by->gain), BALL(from->after)));
    }
}

CLONES void dt_pull_constant(const dt_adjoints *from, double m, double r, dt_adjoints *to) {
    const ball p = {m, r};
    EACH_LANE {
        SET(to->after, plus_product(BALL(to->after), p, BALL(from->after)));
        SET(to->gain, plus_product(BALL(to->gain), p, BALL(from->gain)));
    }
}

CLONES void dt_pull_scalar(const double *from, double m, double r, double *to) {
    const ball p = {m, r};
    EACH_LANE SET(to, plus_product(BALL(to), p, BALL(from)));
}

/* A' v' - A v = A' (v' - v) + (A' - A) v for what v, the value less that at the base profile, may
 * be before and after the change. */
CLONES void dt_add_jump(const dt_adjoints *from, const dt_jump *jump, double *reach) {
    EACH_LANE {
        double after = fabs(from->after[i]) + from->after[W + i];
        double gain = fabs(from->gain[i]) + from->gain[W + i];
        double by_after = jump->gain[i] == 0 || after == 0 ? 0 : after * jump->gain[i];
        double by_gain = jump->before[i] == 0 || gain == 0 ? 0 : gain * jump->before[i];
        reach[i] = (reach[i] + (by_after + by_gain)) * UP;
    }
}

CLONES void dt_add_scalar_jump(const double *from, double jump, double *reach) {
    EACH_LANE {
        double gain = fabs(from[i]) + from[W + i];
        reach[i] = (reach[i] + (jump == 0 || gain == 0 ? 0 : gain * jump)) * UP;
    }
}

/* --- derivatives --- */

#define CHANGE static inline __attribute__((always_inline)) change

/* What both hulls hold; NaN where one of them knows nothing. */
HULL common(hull a, hull b) {
    return guarded(greater(a.low, b.low), lesser(a.high, b.high), a.low + b.low + a.high + b.high);
}

/* 1/b' - 1/b = -(b' - b) / (b b') */
CHANGE reciprocal(change b) {
    const hull one = {1, 1};
    hull before = quotient(one, b.before, ROUNDED), after = quotient(one, b.after, ROUNDED);
    hull gain = mul(mul(before, after, ROUNDED), negative(b.gain, b.gain, EXACT), ROUNDED);
    return (change){before, after, gain};
}

/* h'(a') - h'(a) = h''(y) (a' - a) for some y between a and a'; and it is what it is. */
CHANGE smooth(hull before, hull after, hull second, hull gain) {
    return (change){before, after, common(mul(second, gain, ROUNDED), sub(after, before, ROUNDED))};
}

/* A steeper power is left alone: see power_slack in difference_kernels.c. */
#define STEEPEST    1000
#define POWER_SLACK 1e-9

/* z = a^c with a constant c: c a^(c - 1), and c (c - 1) a^(c - 2) */
CHANGE power_by_a(change z, change a, change b) {
    const hull one = {1, 1};
    hull c = b.before, less = sub(c, one, ROUNDED), all = either_of(a.before, a.after);
    hull before = mul(c, power_less_one(z.before, a.before, c.low < 0, POWER_SLACK), ROUNDED);
    hull after = mul(c, power_less_one(z.after, a.after, c.low < 0, POWER_SLACK), ROUNDED);
    hull second = quotient(mul(either_of(before, after), less, ROUNDED), all, ROUNDED);
    return smooth(before, after, second, a.gain);
}

CHANGE root_by_a(change z, change a, change b) {
    (void)b;
    const hull half = {0.5, 0.5};
    hull before = quotient(half, z.before, ROUNDED), after = quotient(half, z.after, ROUNDED);
    hull second = quotient(negative(mul(half, either_of(before, after), ROUNDED), half, EXACT),
                           either_of(a.before, a.after), ROUNDED);
    return smooth(before, after, second, a.gain);
}

CHANGE exponential_by_a(change z, change a, change b) {
    (void)a;
    (void)b;
    return z;
}

CHANGE logarithm_by_a(change z, change a, change b) {
    (void)z;
    (void)b;
    return reciprocal(a);
}

/* How much of the first operand there is in min(a, b) or max(a, b): 1, 0, or between where it
 * depends. */
HULL share(hull a, hull b, bool least) {
    bool first = least ? a.high <= b.low : a.low >= b.high;
    bool second = least ? b.high <= a.low : b.low >= a.high;
    return guarded(first ? 1 : 0, second && !first ? 0 : 1, a.low + a.high + b.low + b.high);
}

CHANGE choice(hull before, hull after) {
    return (change){before, after, sub(after, before, EXACT)};
}

CHANGE least_by_a(change z, change a, change b) {
    (void)z;
    return choice(share(a.before, b.before, true), share(a.after, b.after, true));
}
CHANGE least_by_b(change z, change a, change b) {
    return least_by_a(z, b, a);
}
CHANGE greatest_by_a(change z, change a, change b) {
    (void)z;
    return choice(share(a.before, b.before, false), share(a.after, b.after, false));
}
CHANGE greatest_by_b(change z, change a, change b) {
    return greatest_by_a(z, b, a);
}

HULL sign_of(hull a) {
    return guarded(a.low >= 0 ? 1 : -1, a.high <= 0 && a.low < 0 ? -1 : 1, a.low + a.high);
}

CHANGE absolute_by_a(change z, change a, change b) {
    (void)z;
    (void)b;
    return choice(sign_of(a.before), sign_of(a.after));
}

/* --- loops --- */

/* All lanes of a trace. */
typedef struct lanes {
    double v[6 * W];
} lanes;

static dt_trace spread(dt_trace t, lanes *room) {
    if (!t.scalar)
        return t;
    for (size_t i = 0; i < W; i++) {
        room->v[i] = room->v[2 * W + i] = t.v[0];
        room->v[W + i] = room->v[3 * W + i] = t.v[1];
        room->v[4 * W + i] = room->v[5 * W + i] = 0;
    }
    return (dt_trace){room->v, false};
}

#define PARTIAL(F)                                                                                 \
    CLONES static void F##_lanes(dt_partial *by, dt_trace z, dt_trace a, dt_trace b) {             \
        EACH_LANE {                                                                                \
            change p =                                                                             \
                F(DT_VECTOR_LANE(z, W, i), DT_VECTOR_LANE(a, W, i), DT_VECTOR_LANE(b, W, i));      \
            SET(by->before, ball_of(p.before));                                                    \
            SET(by->after, ball_of(p.after));                                                      \
            SET(by->gain, ball_of(p.gain));                                                        \
        }                                                                                          \
    }

CHANGE itself(change z, change a, change b) {
    (void)z;
    (void)b;
    return a;
}

CHANGE reciprocal_of(change z, change a, change b) {
    (void)z;
    (void)b;
    return reciprocal(a);
}

PARTIAL(itself)
PARTIAL(reciprocal_of)
PARTIAL(power_by_a)
PARTIAL(root_by_a)
PARTIAL(exponential_by_a)
PARTIAL(logarithm_by_a)
PARTIAL(least_by_a)
PARTIAL(greatest_by_a)
PARTIAL(absolute_by_a)

static bool has_slope(dt_trace exponent, bool steady) {
    return steady && dt_trace_is_constant(exponent) && fabs(exponent.v[0]) <= STEEPEST;
}

static void set_jump(dt_jump *jump, dt_trace z, size_t i) {
    change c = DT_VECTOR_LANE(z, W, i);
    jump->before[i] = (c.before.high - c.before.low) * UP;
    jump->gain[i] = (c.gain.high - c.gain.low) * UP;
}

static void set_lane(dt_balls balls, size_t i, double m) {
    balls[i] = m;
    balls[W + i] = 0;
}

/* A condition that the box decides picks a branch; another one jumps. */
static bool conditional_partials(dt_trace z, dt_trace test, dt_partial *by, dt_jump *jump) {
    bool jumps = false;
    for (size_t i = 0; i < W; i++) {
        change t = DT_VECTOR_LANE(test, W, i);
        bool known =
            (is_true(t.before) || is_false(t.before)) && (is_true(t.after) || is_false(t.after));
        double before = is_true(t.before), after = is_true(t.after);
        for (int k = 1; k <= 2; k++) {
            set_lane(by[k].before, i, known ? (k == 1 ? before : 1 - before) : 0);
            set_lane(by[k].after, i, known ? (k == 1 ? after : 1 - after) : 0);
            set_lane(by[k].gain, i, by[k].after[i] - by[k].before[i]);
        }
        jump->before[i] = jump->gain[i] = 0;
        if (!known)
            set_jump(jump, z, i);
        jumps = jumps || !known;
    }
    memset(&by[0], 0, sizeof by[0]);
    return jumps;
}

static bool jump_all(dt_trace z, dt_partial *by, dt_jump *jump) {
    memset(by, 0, 3 * sizeof *by);
    for (size_t i = 0; i < W; i++)
        set_jump(jump, z, i);
    return true;
}

void dt_partial_itself(dt_trace a, dt_partial *by) {
    itself_lanes(by, a, a, a);
}

void dt_partial_reciprocal(dt_trace a, dt_partial *by) {
    reciprocal_of_lanes(by, a, a, a);
}

bool dt_partials(dt_op op, bool steady, dt_trace z, dt_trace a, dt_trace b, dt_partial *by,
                 dt_jump *jump) {
    lanes room[2];
    bool two = op == DT_OP_MIN || op == DT_OP_MAX || (op == DT_OP_POW && has_slope(b, steady));
    dt_trace va = spread(a, &room[0]), vb = two ? spread(b, &room[1]) : va;
    switch (op) {
    case DT_OP_POW:
        if (!two)
            return jump_all(z, by, jump);
        power_by_a_lanes(&by[0], z, va, vb);
        return false;
    case DT_OP_SQRT: root_by_a_lanes(&by[0], z, va, vb); return false;
    case DT_OP_EXP: exponential_by_a_lanes(&by[0], z, va, vb); return false;
    case DT_OP_LOG: logarithm_by_a_lanes(&by[0], z, va, vb); return false;
    case DT_OP_MIN:
        least_by_a_lanes(&by[0], z, va, vb);
        least_by_a_lanes(&by[1], z, vb, va);
        return false;
    case DT_OP_MAX:
        greatest_by_a_lanes(&by[0], z, va, vb);
        greatest_by_a_lanes(&by[1], z, vb, va);
        return false;
    case DT_OP_ABS: absolute_by_a_lanes(&by[0], z, va, vb); return false;
    case DT_OP_COND: return conditional_partials(z, va, by, jump);
    default: return jump_all(z, by, jump);
    }
}

/* --- scalars --- */

void dt_scalar_ball(dt_trace a, double *m, double *r) {
    ball b = ball_of((hull){a.v[0], a.v[1]});
    *m = b.m;
    *r = b.r;
}

static void set_scalar(dt_scalar_partials *by, int k, hull h) {
    ball b = ball_of(h);
    by->m[k] = b.m;
    by->r[k] = b.r;
}

void dt_scalar_partials_of(dt_op op, bool steady, dt_trace tz, dt_trace ta, dt_trace tb,
                           dt_scalar_partials *by) {
    change z = DT_SCALAR_LANE(tz), a = DT_SCALAR_LANE(ta), b = DT_SCALAR_LANE(tb);
    hull over;
    *by = (dt_scalar_partials){.jump = 0};
    switch (op) {
    case DT_OP_ADD: by->m[0] = by->m[1] = 1; return;
    case DT_OP_SUB:
        by->m[0] = 1;
        by->m[1] = -1;
        return;
    case DT_OP_NEG: by->m[0] = -1; return;
    case DT_OP_MUL:
        set_scalar(by, 0, b.before);
        set_scalar(by, 1, a.before);
        return;
    case DT_OP_DIV:
        over = reciprocal(b).before;
        set_scalar(by, 0, over);
        set_scalar(by, 1, negative(mul(z.before, over, ROUNDED), over, EXACT));
        return;
    case DT_OP_POW:
        if (!has_slope(tb, steady))
            break;
        set_scalar(by, 0, power_by_a(z, a, b).before);
        return;
    case DT_OP_SQRT: set_scalar(by, 0, root_by_a(z, a, b).before); return;
    case DT_OP_EXP: set_scalar(by, 0, z.before); return;
    case DT_OP_LOG: set_scalar(by, 0, logarithm_by_a(z, a, b).before); return;
    case DT_OP_MIN:
        set_scalar(by, 0, least_by_a(z, a, b).before);
        set_scalar(by, 1, least_by_b(z, a, b).before);
        return;
    case DT_OP_MAX:
        set_scalar(by, 0, greatest_by_a(z, a, b).before);
        set_scalar(by, 1, greatest_by_b(z, a, b).before);
        return;
    case DT_OP_ABS: set_scalar(by, 0, absolute_by_a(z, a, b).before); return;
    case DT_OP_COND:
        if (!is_true(a.before) && !is_false(a.before))
            break;
        by->m[1] = is_true(a.before);
        by->m[2] = is_false(a.before);
        return;
    default: break;
    }
    by->jump = (z.before.high - z.before.low) * UP;
}
