/* The lane kernels. Bounds follow the standard model of rounding (Higham 2002, ch. 2): a result is
 * off by at most half an ulp of itself, U × |m|, plus what its operands' errors make of it. Bounds
 * are themselves computed in doubles and inflated by UP for that; TINY covers underflow. */
#include "formula/kernels.h"

#include <float.h>
#include <math.h>

#include "base/clones.h"
#include "formula/libmvec.h"

#define U    (DBL_EPSILON / 2)
#define UP   (1 + 16 * DBL_EPSILON)
#define TINY 1e-300
#define LIBM (32 * U) /* 16 ulp */

/* A value and a bound on its error. */
typedef struct ball {
    double m, r;
} ball;

#define BALL static inline __attribute__((always_inline)) ball

BALL add(ball a, ball b) {
    double m = a.m + b.m;
    return (ball){m, (a.r + b.r + U * fabs(m)) * UP};
}

BALL sub(ball a, ball b) {
    double m = a.m - b.m;
    return (ball){m, (a.r + b.r + U * fabs(m)) * UP};
}

BALL mul(ball a, ball b) {
    double m = a.m * b.m;
    return (ball){m, (fabs(a.m) * b.r + fabs(b.m) * a.r + a.r * b.r + U * fabs(m)) * UP + TINY};
}

/* |a/b - a'/b'| <= (ra + |a/b| rb) / (|b| - rb), where |b| > rb */
BALL quotient(ball a, ball b) {
    double m = a.m / b.m, room = fabs(b.m) - b.r * UP;
    /* each error by itself through the division: |m| × rb may underflow where |m| × (rb / room)
     * counts */
    double r = (a.r / room + fabs(m) * (b.r / room) * UP + U * fabs(m)) * UP + TINY;
    return (ball){m, room > 0 ? r : INFINITY};
}

BALL least(ball a, ball b) {
    double m = a.m < b.m ? a.m : b.m, r = a.r > b.r ? a.r : b.r;
    return (ball){m, isnan(a.m + b.m + a.r + b.r) ? NAN : r};
}

BALL greatest(ball a, ball b) {
    double m = a.m > b.m ? a.m : b.m, r = a.r > b.r ? a.r : b.r;
    return (ball){m, isnan(a.m + b.m + a.r + b.r) ? NAN : r};
}

/* Is nothing known of the value, or has it none? Then an infinite or NaN error, or a NaN value,
 * says so, and what is made of it must say so too: a comparison with no value has none. */
static inline bool is_lost(ball a) {
    return !(a.r <= DBL_MAX) || isnan(a.m);
}

/* A comparison whose outcome is `truth`: certain where the difference is beyond its error or there
 * is no error, else "0 or 1". */
BALL compared(bool truth, ball a, ball b) {
    double error = a.r + b.r, gap = fabs(a.m - b.m);
    double r = gap > error * UP + TINY || error == 0 ? 0 : 1;
    return (ball){truth, is_lost(a) || is_lost(b) ? NAN : r};
}

BALL below(ball a, ball b) {
    return compared(a.m < b.m, a, b);
}

BALL at_most(ball a, ball b) {
    return compared(a.m <= b.m, a, b);
}

BALL equal(ball a, ball b) {
    return compared(a.m == b.m, a, b);
}

/* Truth is certain where 0 is outside the ball, or the ball is exactly 0. */
static inline bool is_true(ball a) {
    return fabs(a.m) > a.r;
}

static inline bool is_false(ball a) {
    return a.m == 0 && a.r == 0;
}

/* The left operand decides first: 0 && (no value) is 0, (no value) && 0 has no value. */
BALL both(ball a, ball b) {
    bool certain = is_false(a) || (is_true(a) && (is_true(b) || is_false(b)));
    bool lost = is_lost(a) || (!is_false(a) && is_lost(b));
    return (ball){a.m != 0 && b.m != 0, lost ? NAN : certain ? 0 : 1};
}

BALL either(ball a, ball b) {
    bool certain = is_true(a) || (is_false(a) && (is_true(b) || is_false(b)));
    bool lost = is_lost(a) || (!is_true(a) && is_lost(b));
    return (ball){a.m != 0 || b.m != 0, lost ? NAN : certain ? 0 : 1};
}

/* x^y with x > 0: x is known to a relative rho, and so the logarithm of the power to
 * d = |y| rho + |log x| ry, and the power to a relative e^d - 1 <= d (1 + d), for d <= 1/2. */
BALL power(ball a, ball b) {
    double m = pow(a.m, b.m), rho = a.r / (a.m - a.r) * UP;
    double d = fabs(b.m) * rho + (fabs(log(a.m)) * (1 + LIBM) + rho) * b.r;
    double r = m * (d * (1 + d) * UP + LIBM) * UP + TINY;
    return (ball){m, a.m > a.r && d <= 0.5 ? r : INFINITY};
}

BALL negative(ball a) {
    return (ball){-a.m, a.r};
}

BALL absolute(ball a) {
    return (ball){fabs(a.m), a.r};
}

BALL not_of(ball a) {
    double r = is_true(a) || is_false(a) ? 0 : 1;
    return (ball){a.m == 0, is_lost(a) ? NAN : r};
}

/* |sqrt(a) - sqrt(a')| <= |a - a'| / sqrt(a) */
BALL root(ball a) {
    double m = sqrt(a.m), r = (a.r / m + U * m) * UP + TINY;
    return (ball){m, is_false(a) ? 0 : a.m > a.r ? r : INFINITY};
}

BALL exponential(ball a) {
    double m = exp(a.m), r = m * (a.r * (1 + a.r) + LIBM) * UP + TINY;
    return (ball){m, a.r <= 0.5 ? r : INFINITY};
}

BALL logarithm(ball a) {
    double m = log(a.m), r = (a.r / (a.m - a.r) + LIBM * fabs(m)) * UP + TINY;
    return (ball){m, a.m > a.r ? r : INFINITY};
}

BALL conditional(ball t, ball yes, ball no) {
    ball chosen = t.m != 0 ? yes : no;
    bool certain = is_true(t) || is_false(t);
    /* a sum, not the larger: an error that is NaN must stay one */
    double either_way = (fabs(yes.m - no.m) + yes.r + no.r) * UP;
    bool lost = is_lost(t) || isnan(chosen.m);
    return (ball){chosen.m, lost ? NAN : certain ? chosen.r : either_way};
}

/* Lane i of an operand; `stride` is 0 for a scalar. The literal strides of the calls below let the
 * compiler make a loop for each mix of vectors and scalars. */
#define LANE(X, STRIDE) ((ball){X->x[i * (STRIDE)], X->y[i * (STRIDE)]})

#define LOOP(BALL_VALUE)                                                                           \
    do {                                                                                           \
        double *restrict zm = z->x, *restrict zr = z->y;                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            ball result = BALL_VALUE;                                                              \
            zm[i] = result.m;                                                                      \
            zr[i] = result.r;                                                                      \
        }                                                                                          \
    } while (0)

#define UNARY_LANES(F)                                                                             \
    CLONES static void F##_lanes(size_t n, const dt_lanes *z, const dt_lanes *a) {                 \
        LOOP(F(LANE(a, 1)));                                                                       \
    }

#define BINARY_LANES(F)                                                                            \
    CLONES static void F##_lanes(size_t n, const dt_lanes *z, const dt_lanes *a,                   \
                                 const dt_lanes *b) {                                              \
        if (a->scalar)                                                                             \
            LOOP(F(LANE(a, 0), LANE(b, 1)));                                                       \
        else if (b->scalar)                                                                        \
            LOOP(F(LANE(a, 1), LANE(b, 0)));                                                       \
        else                                                                                       \
            LOOP(F(LANE(a, 1), LANE(b, 1)));                                                       \
    }

BINARY_LANES(add)
BINARY_LANES(sub)
BINARY_LANES(mul)
BINARY_LANES(quotient)
BINARY_LANES(power)
BINARY_LANES(least)
BINARY_LANES(greatest)
BINARY_LANES(below)
BINARY_LANES(at_most)
BINARY_LANES(equal)
BINARY_LANES(both)
BINARY_LANES(either)
UNARY_LANES(negative)
UNARY_LANES(absolute)
UNARY_LANES(not_of)
UNARY_LANES(root)
UNARY_LANES(exponential)
UNARY_LANES(logarithm)

CLONES static void conditional_lanes(size_t n, const dt_lanes *z, const dt_lanes *a,
                                     const dt_lanes *b, const dt_lanes *c) {
    size_t sa = !a->scalar, sb = !b->scalar, sc = !c->scalar;
    LOOP(conditional(LANE(a, sa), LANE(b, sb), LANE(c, sc)));
}

/* The same operations without bounds: where nothing is rounded, or the plan has one bound for all.
 */
#define PLAIN_LOOP(EXPRESSION, SA, SB)                                                             \
    do {                                                                                           \
        double *restrict zm = z->x;                                                                \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            double x = a->x[i * (SA)], y = b->x[i * (SB)];                                         \
            (void)y;                                                                               \
            zm[i] = (EXPRESSION);                                                                  \
        }                                                                                          \
    } while (0)

#define PLAIN(NAME, EXPRESSION)                                                                    \
    CLONES static void plain_##NAME(size_t n, const dt_lanes *z, const dt_lanes *a,                \
                                    const dt_lanes *b) {                                           \
        if (a->scalar)                                                                             \
            PLAIN_LOOP(EXPRESSION, 0, 1);                                                          \
        else if (b->scalar)                                                                        \
            PLAIN_LOOP(EXPRESSION, 1, 0);                                                          \
        else                                                                                       \
            PLAIN_LOOP(EXPRESSION, 1, 1);                                                          \
    }

PLAIN(add, x + y)
PLAIN(sub, x - y)
PLAIN(mul, x *y)
PLAIN(quotient, x / y)
PLAIN(power, pow(x, y))
PLAIN(least, x < y ? x : y)
PLAIN(greatest, x > y ? x : y)
PLAIN(negative, -x)
PLAIN(absolute, fabs(x))
PLAIN(root, sqrt(x))
PLAIN(exponential, exp(x))
PLAIN(logarithm, log(x))
PLAIN(not_of, x == 0)
PLAIN(below, x < y)
PLAIN(at_most, x <= y)
PLAIN(equal, x == y)
PLAIN(both, x != 0 && y != 0)
PLAIN(either, x != 0 || y != 0)

CLONES static void plain_conditional(size_t n, const dt_lanes *z, const dt_lanes *a,
                                     const dt_lanes *b, const dt_lanes *c) {
    size_t sa = !a->scalar, sb = !b->scalar, sc = !c->scalar;
    for (size_t i = 0; i < n; i++)
        z->x[i] = a->x[i * sa] != 0 ? b->x[i * sb] : c->x[i * sc];
}

/* A unary operation sees its operand as the second one too. */
static void plain_kernel(dt_op op, size_t n, const dt_lanes *z, const dt_lanes *a,
                         const dt_lanes *b, const dt_lanes *c) {
    switch (op) {
    case DT_OP_ADD: plain_add(n, z, a, b); break;
    case DT_OP_SUB: plain_sub(n, z, a, b); break;
    case DT_OP_MUL: plain_mul(n, z, a, b); break;
    case DT_OP_DIV: plain_quotient(n, z, a, b); break;
    case DT_OP_POW: plain_power(n, z, a, b); break;
    case DT_OP_MIN: plain_least(n, z, a, b); break;
    case DT_OP_MAX: plain_greatest(n, z, a, b); break;
    case DT_OP_NEG: plain_negative(n, z, a, a); break;
    case DT_OP_ABS: plain_absolute(n, z, a, a); break;
    case DT_OP_SQRT: plain_root(n, z, a, a); break;
    case DT_OP_EXP: plain_exponential(n, z, a, a); break;
    case DT_OP_LOG: plain_logarithm(n, z, a, a); break;
    case DT_OP_NOT: plain_not_of(n, z, a, a); break;
    case DT_OP_LT: plain_below(n, z, a, b); break;
    case DT_OP_LE: plain_at_most(n, z, a, b); break;
    case DT_OP_EQ: plain_equal(n, z, a, b); break;
    case DT_OP_AND: plain_both(n, z, a, b); break;
    case DT_OP_OR: plain_either(n, z, a, b); break;
    case DT_OP_COND: plain_conditional(n, z, a, b, c); break;
    case DT_OP_CONST:
    case DT_OP_OPEN:
    case DT_OP_MOVE:
    case DT_OP_LEVEL: break;
    }
}

void dt_kernel(dt_op op, size_t n, const dt_lanes *z, const dt_lanes *a, const dt_lanes *b,
               const dt_lanes *c) {
    if (!z->y) {
        plain_kernel(op, n, z, a, b, c);
        return;
    }
    switch (op) {
    case DT_OP_ADD: add_lanes(n, z, a, b); break;
    case DT_OP_SUB: sub_lanes(n, z, a, b); break;
    case DT_OP_MUL: mul_lanes(n, z, a, b); break;
    case DT_OP_DIV: quotient_lanes(n, z, a, b); break;
    case DT_OP_POW: power_lanes(n, z, a, b); break;
    case DT_OP_MIN: least_lanes(n, z, a, b); break;
    case DT_OP_MAX: greatest_lanes(n, z, a, b); break;
    case DT_OP_NEG: negative_lanes(n, z, a); break;
    case DT_OP_ABS: absolute_lanes(n, z, a); break;
    case DT_OP_SQRT: root_lanes(n, z, a); break;
    case DT_OP_EXP: exponential_lanes(n, z, a); break;
    case DT_OP_LOG: logarithm_lanes(n, z, a); break;
    case DT_OP_NOT: not_of_lanes(n, z, a); break;
    case DT_OP_LT: below_lanes(n, z, a, b); break;
    case DT_OP_LE: at_most_lanes(n, z, a, b); break;
    case DT_OP_EQ: equal_lanes(n, z, a, b); break;
    case DT_OP_AND: both_lanes(n, z, a, b); break;
    case DT_OP_OR: either_lanes(n, z, a, b); break;
    case DT_OP_COND: conditional_lanes(n, z, a, b, c); break;
    case DT_OP_CONST:
    case DT_OP_OPEN:
    case DT_OP_MOVE:
    case DT_OP_LEVEL: break;
    }
}
