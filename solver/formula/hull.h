/* Interval arithmetic on single hulls (Moore 1966), inlined into the loops that need it.
 *
 * A hull holds every value that something may take. Ends are computed to nearest and moved outward
 * by more than their rounding; TINY covers underflow. NaN stands for "nothing is known", and must
 * survive each operation. Functions of libm are charged 16 ulp, as in kernels.h. */
#ifndef DT_FORMULA_HULL_H
#define DT_FORMULA_HULL_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "formula/libmvec.h"

/* How far ends move outward: relative to their size, and at least. */
typedef struct slack {
    double part, least;
} slack;

#define HULL_TINY 1e-300
#define EXACT     ((slack){0, 0})
#define ROUNDED   ((slack){DBL_EPSILON, HULL_TINY})
#define BY_LIBM   ((slack){32 * DBL_EPSILON, HULL_TINY})

typedef struct hull {
    double low, high;
} hull;

#define HULL static inline __attribute__((always_inline)) hull

HULL outward(double low, double high, slack s) {
    return (hull){low - (fabs(low) * s.part + s.least), high + (fabs(high) * s.part + s.least)};
}

/* Sums do not underflow: where they are tiny they are exact. */
HULL outward_sum(double low, double high, slack s) {
    return (hull){low - fabs(low) * s.part, high + fabs(high) * s.part};
}

static inline bool is_zero(hull a) {
    return a.low == 0 && a.high == 0;
}

/* Zero for an exact zero, else more or NaN. */
static inline double size_of(hull a) {
    return fabs(a.low) + fabs(a.high);
}

static inline double lesser(double x, double y) {
    return x < y ? x : y;
}

static inline double greater(double x, double y) {
    return x > y ? x : y;
}

/* The hull of two or more ends; NaN where one of them is, which `sum` of them all would show. */
HULL guarded(double low, double high, double sum) {
    bool lost = isnan(sum);
    return (hull){lost ? NAN : low, lost ? NAN : high};
}

HULL either_of(hull a, hull b) {
    return guarded(lesser(a.low, b.low), greater(a.high, b.high), a.low + b.low + a.high + b.high);
}

HULL add(hull a, hull b, slack s) {
    return outward_sum(a.low + b.low, a.high + b.high, s);
}

HULL sub(hull a, hull b, slack s) {
    return outward_sum(a.low - b.high, a.high - b.low, s);
}

HULL mul(hull a, hull b, slack s) {
    double p = a.low * b.low, q = a.low * b.high, r = a.high * b.low, t = a.high * b.high;
    hull z = guarded(lesser(lesser(p, q), lesser(r, t)), greater(greater(p, q), greater(r, t)),
                     p + q + r + t);
    /* an exact zero stays one: differences that nothing touches, and no denormal numbers */
    s.least = lesser(size_of(a), size_of(b)) == 0 ? 0 : s.least;
    return outward(z.low, z.high, s);
}

HULL square(hull a, hull b, slack s) {
    (void)b;
    double p = a.low * a.low, q = a.high * a.high;
    bool around = a.low <= 0 && a.high >= 0;
    hull z = guarded(around ? 0 : lesser(p, q), greater(p, q), p + q);
    z = outward(z.low, z.high, s);
    return (hull){around ? 0 + (z.low - z.low) : z.low, z.high};
}

/* With a positive divisor each end of the dividend chooses its own; a negative one is turned round
 * first. */
HULL quotient(hull a, hull b, slack s) {
    double turn = b.high < 0 ? -1 : 1;
    double x = turn * a.low, y = turn * a.high, v = turn * b.low, w = turn * b.high;
    double from = lesser(x, y), to = greater(x, y), least = lesser(v, w), most = greater(v, w);
    double p_by = from >= 0 ? most : least, q_by = to >= 0 ? least : most;
    double p = from / p_by, q = to / q_by, sum = p + q;
    s.least = size_of(a) == 0 ? 0 : s.least;
    hull z = outward(p, q, s);
    return guarded(z.low, z.high, least > 0 ? sum : NAN);
}

/* x^y with x > 0 is monotone in x and in y, so its ends are at corners. */
HULL power(hull a, hull b, slack s) {
    double p = pow(a.low, b.low), q = pow(a.low, b.high), r = pow(a.high, b.low),
           t = pow(a.high, b.high);
    hull z = guarded(lesser(lesser(p, q), lesser(r, t)), greater(greater(p, q), greater(r, t)),
                     p + q + r + t);
    z = outward(z.low, z.high, s);
    bool good = a.low > 0;
    return (hull){good ? z.low : NAN, good ? z.high : NAN};
}

/* The same with a constant exponent: half the work. */
HULL fixed_power(hull a, hull b, slack s) {
    double p = pow(a.low, b.low), r = pow(a.high, b.low);
    hull z = guarded(lesser(p, r), greater(p, r), p + r);
    z = outward(z.low, z.high, s);
    bool good = a.low > 0;
    return (hull){good ? z.low : NAN, good ? z.high : NAN};
}

/* Ends of z / a = x^(c - 1) for x in a, where z = x^c there came from fixed_power with room for
 * `part` of its size: that quotient is monotone too, so its ends come from theirs, without another
 * power. NaN where z is so small that its room counts. */
HULL power_less_one(hull z, hull a, bool falls, double part) {
    double p = (falls ? z.high : z.low) / a.low, q = (falls ? z.low : z.high) / a.high;
    double sum = a.low > 0 ? p + q : NAN;
    hull r = outward(lesser(p, q), greater(p, q), (slack){4 * part + 8 * DBL_EPSILON, HULL_TINY});
    return guarded(r.low, r.high, z.low > 1e-250 ? sum : NAN);
}

HULL least(hull a, hull b, slack s) {
    (void)s;
    return guarded(lesser(a.low, b.low), lesser(a.high, b.high), a.low + b.low + a.high + b.high);
}

HULL greatest(hull a, hull b, slack s) {
    (void)s;
    return guarded(greater(a.low, b.low), greater(a.high, b.high), a.low + b.low + a.high + b.high);
}

HULL negative(hull a, hull b, slack s) {
    (void)b;
    (void)s;
    return (hull){-a.high, -a.low};
}

HULL absolute(hull a, hull b, slack s) {
    (void)b;
    (void)s;
    double p = fabs(a.low), q = fabs(a.high);
    bool around = a.low <= 0 && a.high >= 0;
    return guarded(around ? 0 : lesser(p, q), greater(p, q), p + q);
}

HULL root(hull a, hull b, slack s) {
    (void)b;
    hull z = outward(sqrt(a.low), sqrt(a.high), s);
    bool good = a.low >= 0;
    return (hull){good ? (z.low < 0 ? 0 : z.low) : NAN, good ? z.high : NAN};
}

HULL exponential(hull a, hull b, slack s) {
    (void)b;
    return outward(exp(a.low), exp(a.high), s);
}

HULL logarithm(hull a, hull b, slack s) {
    (void)b;
    hull z = outward(log(a.low), log(a.high), s);
    bool good = a.low > 0;
    return (hull){good ? z.low : NAN, good ? z.high : NAN};
}

/* 0, 1 or both; nothing where an operand is NaN. */
HULL truth(bool surely, bool surely_not, double sum) {
    return guarded(surely ? 1 : 0, surely_not ? 0 : 1, sum);
}

HULL below(hull a, hull b, slack s) {
    (void)s;
    return truth(a.high < b.low, a.low >= b.high, a.low + a.high + b.low + b.high);
}

HULL at_most(hull a, hull b, slack s) {
    (void)s;
    return truth(a.high <= b.low, a.low > b.high, a.low + a.high + b.low + b.high);
}

HULL equal(hull a, hull b, slack s) {
    (void)s;
    return truth(a.low == b.high && a.high == b.low, a.low > b.high || a.high < b.low,
                 a.low + a.high + b.low + b.high);
}

static inline bool is_true(hull a) {
    return a.low > 0 || a.high < 0;
}

static inline bool is_false(hull a) {
    return is_zero(a);
}

HULL not_of(hull a, hull b, slack s) {
    (void)b;
    (void)s;
    return truth(is_false(a), is_true(a), a.low + a.high);
}

/* The left operand decides first: 0 && (no value) is 0. */
HULL both(hull a, hull b, slack s) {
    (void)s;
    bool no = is_false(a), sure = is_true(a);
    double sum = a.low + a.high + (no ? 0 : b.low + b.high);
    return truth(sure && is_true(b), no || (sure && is_false(b)), sum);
}

HULL either(hull a, hull b, slack s) {
    (void)s;
    bool no = is_false(a), sure = is_true(a);
    double sum = a.low + a.high + (sure ? 0 : b.low + b.high);
    return truth(sure || (no && is_true(b)), no && is_false(b), sum);
}

HULL conditional(hull t, hull yes, hull no) {
    hull open = guarded(lesser(yes.low, no.low), greater(yes.high, no.high),
                        yes.low + yes.high + no.low + no.high + t.low + t.high);
    bool first = is_true(t), second = is_false(t);
    return (hull){first    ? yes.low
                  : second ? no.low
                           : open.low,
                  first    ? yes.high
                  : second ? no.high
                           : open.high};
}

#endif
