/* The kernels of changes. */
#include "formula/difference_kernels.h"

#include "base/clones.h"
#include "formula/change.h"

#define CHANGE static inline __attribute__((always_inline)) change

/* A change whose difference is known to lie in `gain`, if anything is known of that, and, of
 * course, in after - before. */
CHANGE with(hull before, hull after, hull gain) {
    hull wide = sub(after, before, ROUNDED);
    double low = gain.low > wide.low ? gain.low : wide.low; /* wide where gain is NaN */
    double high = gain.high < wide.high ? gain.high : wide.high;
    return (change){before, after, {low, high}};
}

/* Nothing but the ends is known of it. */
CHANGE jump(hull before, hull after, slack s) {
    return (change){before, after, sub(after, before, s)};
}

CHANGE c_add(change a, change b, slack s) {
    return (change){add(a.before, b.before, s), add(a.after, b.after, s), add(a.gain, b.gain, s)};
}

CHANGE c_sub(change a, change b, slack s) {
    return (change){sub(a.before, b.before, s), sub(a.after, b.after, s), sub(a.gain, b.gain, s)};
}

/* a' b' - a b = a' (b' - b) + (a' - a) b */
CHANGE c_mul(change a, change b, slack s) {
    hull gain = add(mul(a.after, b.gain, s), mul(a.gain, b.before, s), s);
    return with(mul(a.before, b.before, s), mul(a.after, b.after, s), gain);
}

CHANGE c_square(change a, change b, slack s) {
    (void)b;
    hull gain = mul(add(a.before, a.after, s), a.gain, s);
    return with(square(a.before, a.before, s), square(a.after, a.after, s), gain);
}

/* a'/b' - a/b = ((a' - a) - (a/b) (b' - b)) / b' */
CHANGE c_quotient(change a, change b, slack s) {
    hull before = quotient(a.before, b.before, s), after = quotient(a.after, b.after, s);
    hull gain = quotient(sub(a.gain, mul(before, b.gain, s), s), b.after, s);
    return with(before, after, gain);
}

/* x'^c - x^c = c y^(c - 1) (x' - x) for some y between x and x' */
CHANGE c_fixed_power(change a, change b, slack s) {
    hull c = b.before;
    /* the exponent's low end stands for all of it, and s leaves room for the rest */
    hull before = fixed_power(a.before, c, s), after = fixed_power(a.after, c, s);
    hull slope = either_of(power_less_one(before, a.before, c.low < 0, s.part),
                           power_less_one(after, a.after, c.low < 0, s.part));
    return with(before, after, mul(mul(c, slope, s), a.gain, s));
}

CHANGE c_power(change a, change b, slack s) {
    return jump(power(a.before, b.before, s), power(a.after, b.after, s), s);
}

/* max(a', b') - max(a, b) lies between a' - a and b' - b; likewise for min. */
HULL chosen_gain(bool first, bool second, change a, change b) {
    hull both = either_of(a.gain, b.gain);
    return (hull){first    ? a.gain.low
                  : second ? b.gain.low
                           : both.low,
                  first    ? a.gain.high
                  : second ? b.gain.high
                           : both.high};
}

CHANGE c_least(change a, change b, slack s) {
    bool first = a.before.high <= b.before.low && a.after.high <= b.after.low;
    bool second = b.before.high <= a.before.low && b.after.high <= a.after.low;
    return with(least(a.before, b.before, s), least(a.after, b.after, s),
                chosen_gain(first, second, a, b));
}

CHANGE c_greatest(change a, change b, slack s) {
    bool first = a.before.low >= b.before.high && a.after.low >= b.after.high;
    bool second = b.before.low >= a.before.high && b.after.low >= a.after.high;
    return with(greatest(a.before, b.before, s), greatest(a.after, b.after, s),
                chosen_gain(first, second, a, b));
}

CHANGE c_negative(change a, change b, slack s) {
    (void)b;
    return (change){negative(a.before, a.before, s), negative(a.after, a.after, s),
                    negative(a.gain, a.gain, s)};
}

CHANGE c_absolute(change a, change b, slack s) {
    (void)b;
    bool up = a.before.low >= 0 && a.after.low >= 0;
    bool down = a.before.high <= 0 && a.after.high <= 0;
    double size = greater(fabs(a.gain.low), fabs(a.gain.high));
    hull gain = {up     ? a.gain.low
                 : down ? -a.gain.high
                        : -size,
                 up     ? a.gain.high
                 : down ? -a.gain.low
                        : size};
    return with(absolute(a.before, a.before, s), absolute(a.after, a.after, s), gain);
}

/* sqrt(x') - sqrt(x) = (x' - x) / (sqrt(x') + sqrt(x)) */
CHANGE c_root(change a, change b, slack s) {
    (void)b;
    hull before = root(a.before, a.before, s), after = root(a.after, a.after, s);
    hull total = add(before, after, s), gain = quotient(a.gain, total, s);
    hull wide = sub(after, before, s);
    bool good = total.low > 0;
    return with(before, after, (hull){good ? gain.low : wide.low, good ? gain.high : wide.high});
}

CHANGE c_exponential(change a, change b, slack s) {
    (void)b;
    hull slope = exponential(either_of(a.before, a.after), a.before, s);
    return with(exponential(a.before, a.before, s), exponential(a.after, a.after, s),
                mul(slope, a.gain, s));
}

CHANGE c_logarithm(change a, change b, slack s) {
    (void)b;
    hull gain = quotient(a.gain, either_of(a.before, a.after), s);
    return with(logarithm(a.before, a.before, s), logarithm(a.after, a.after, s), gain);
}

#define TRUTH(F)                                                                                   \
    CHANGE c_##F(change a, change b, slack s) {                                                    \
        return jump(F(a.before, b.before, s), F(a.after, b.after, s), s);                          \
    }

TRUTH(below)
TRUTH(at_most)
TRUTH(equal)
TRUTH(not_of)
TRUTH(both)
TRUTH(either)

CHANGE c_conditional(change t, change yes, change no) {
    bool first = is_true(t.before) && is_true(t.after);
    bool second = is_false(t.before) && is_false(t.after);
    hull before = conditional(t.before, yes.before, no.before);
    hull after = conditional(t.after, yes.after, no.after), wide = sub(after, before, ROUNDED);
    return (change){before,
                    after,
                    {first    ? yes.gain.low
                     : second ? no.gain.low
                              : wide.low,
                     first    ? yes.gain.high
                     : second ? no.gain.high
                              : wide.high}};
}

/* --- loops --- */

#define VECTOR(A) DT_VECTOR_LANE(A, wide, i)
#define SCALAR(A) DT_SCALAR_LANE(A)

#define LOOP(VALUE)                                                                                \
    do {                                                                                           \
        double *restrict out = z.v;                                                                \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            change r = VALUE;                                                                      \
            out[i] = r.before.low;                                                                 \
            out[wide + i] = r.before.high;                                                         \
            out[2 * wide + i] = r.after.low;                                                       \
            out[3 * wide + i] = r.after.high;                                                      \
            out[4 * wide + i] = r.gain.low;                                                        \
            out[5 * wide + i] = r.gain.high;                                                       \
        }                                                                                          \
    } while (0)

#define LANES(F)                                                                                   \
    CLONES static void F##_lanes(slack s, size_t wide, size_t n, dt_trace z, dt_trace a,           \
                                 dt_trace b) {                                                     \
        if (a.scalar)                                                                              \
            LOOP(F(SCALAR(a), VECTOR(b), s));                                                      \
        else if (b.scalar)                                                                         \
            LOOP(F(VECTOR(a), SCALAR(b), s));                                                      \
        else                                                                                       \
            LOOP(F(VECTOR(a), VECTOR(b), s));                                                      \
    }

LANES(c_add)
LANES(c_sub)
LANES(c_mul)
LANES(c_square)
LANES(c_quotient)
LANES(c_fixed_power)
LANES(c_power)
LANES(c_least)
LANES(c_greatest)
LANES(c_negative)
LANES(c_absolute)
LANES(c_root)
LANES(c_exponential)
LANES(c_logarithm)
LANES(c_below)
LANES(c_at_most)
LANES(c_equal)
LANES(c_not_of)
LANES(c_both)
LANES(c_either)

static change lane(dt_trace a, size_t wide, size_t i) {
    return a.scalar ? SCALAR(a) : VECTOR(a);
}

static void conditional_lanes(size_t wide, size_t n, dt_trace z, dt_trace a, dt_trace b,
                              dt_trace c) {
    LOOP(c_conditional(lane(a, wide, i), lane(b, wide, i), lane(c, wide, i)));
}

bool dt_trace_is_constant(dt_trace a) {
    return a.scalar && a.v[1] - a.v[0] <= 1e-15 * fabs(a.v[0]);
}

static hull of(dt_trace a) {
    return (hull){a.v[0], a.v[1]};
}

/* Room for the rounding of a constant exponent: one that is off by d moves a power by |log x| d <
 * 800 d of itself. */
static slack power_slack(dt_trace exponent) {
    slack s = BY_LIBM;
    s.part += 1600 * (exponent.v[1] - exponent.v[0]);
    return s;
}

/* What no change touches needs one hull only. */
static hull scalar_value(dt_op op, slack s, dt_trace ta, dt_trace tb, dt_trace tc) {
    hull a = of(ta), b = of(tb);
    switch (op) {
    case DT_OP_ADD: return add(a, b, s);
    case DT_OP_SUB: return sub(a, b, s);
    case DT_OP_MUL: return ta.v == tb.v ? square(a, a, s) : mul(a, b, s);
    case DT_OP_DIV: return quotient(a, b, s);
    case DT_OP_POW:
        return dt_trace_is_constant(tb) ? fixed_power(a, b, power_slack(tb)) : power(a, b, BY_LIBM);
    case DT_OP_MIN: return least(a, b, s);
    case DT_OP_MAX: return greatest(a, b, s);
    case DT_OP_NEG: return negative(a, a, s);
    case DT_OP_ABS: return absolute(a, a, s);
    case DT_OP_SQRT: return root(a, a, s);
    case DT_OP_EXP: return exponential(a, a, BY_LIBM);
    case DT_OP_LOG: return logarithm(a, a, BY_LIBM);
    case DT_OP_NOT: return not_of(a, a, s);
    case DT_OP_LT: return below(a, b, s);
    case DT_OP_LE: return at_most(a, b, s);
    case DT_OP_EQ: return equal(a, b, s);
    case DT_OP_AND: return both(a, b, s);
    case DT_OP_OR: return either(a, b, s);
    case DT_OP_COND: return conditional(a, b, of(tc));
    case DT_OP_CONST:
    case DT_OP_OPEN:
    case DT_OP_MOVE:
    case DT_OP_LEVEL: break;
    }
    return (hull){NAN, NAN};
}

/* A unary operation sees its operand as the second one too. */
void dt_difference_kernel(dt_op op, bool exact, size_t wide, size_t n, dt_trace z, dt_trace a,
                          dt_trace b, dt_trace c) {
    slack s = exact ? EXACT : ROUNDED;
    if (z.scalar) {
        hull value = scalar_value(op, s, a, b, c);
        z.v[0] = value.low;
        z.v[1] = value.high;
        return;
    }
    switch (op) {
    case DT_OP_ADD: c_add_lanes(s, wide, n, z, a, b); break;
    case DT_OP_SUB: c_sub_lanes(s, wide, n, z, a, b); break;
    case DT_OP_MUL:
        if (a.v == b.v)
            c_square_lanes(s, wide, n, z, a, a);
        else
            c_mul_lanes(s, wide, n, z, a, b);
        break;
    case DT_OP_DIV: c_quotient_lanes(s, wide, n, z, a, b); break;
    case DT_OP_POW:
        if (dt_trace_is_constant(b))
            c_fixed_power_lanes(power_slack(b), wide, n, z, a, b);
        else
            c_power_lanes(BY_LIBM, wide, n, z, a, b);
        break;
    case DT_OP_MIN: c_least_lanes(s, wide, n, z, a, b); break;
    case DT_OP_MAX: c_greatest_lanes(s, wide, n, z, a, b); break;
    case DT_OP_NEG: c_negative_lanes(s, wide, n, z, a, a); break;
    case DT_OP_ABS: c_absolute_lanes(s, wide, n, z, a, a); break;
    case DT_OP_SQRT: c_root_lanes(s, wide, n, z, a, a); break;
    case DT_OP_EXP: c_exponential_lanes(BY_LIBM, wide, n, z, a, a); break;
    case DT_OP_LOG: c_logarithm_lanes(BY_LIBM, wide, n, z, a, a); break;
    case DT_OP_NOT: c_not_of_lanes(s, wide, n, z, a, a); break;
    case DT_OP_LT: c_below_lanes(s, wide, n, z, a, b); break;
    case DT_OP_LE: c_at_most_lanes(s, wide, n, z, a, b); break;
    case DT_OP_EQ: c_equal_lanes(s, wide, n, z, a, b); break;
    case DT_OP_AND: c_both_lanes(s, wide, n, z, a, b); break;
    case DT_OP_OR: c_either_lanes(s, wide, n, z, a, b); break;
    case DT_OP_COND: conditional_lanes(wide, n, z, a, b, c); break;
    case DT_OP_CONST:
    case DT_OP_OPEN:
    case DT_OP_MOVE:
    case DT_OP_LEVEL: break;
    }
}
