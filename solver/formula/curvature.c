/* Slopes and bends of one operation. */
#include "formula/curvature.h"

#include <string.h>

#include "base/clones.h"
#include "formula/hull.h"

enum { W = DT_WIDE };

size_t dt_curve_room(uint64_t moves, bool scalar) {
    return (size_t)__builtin_popcountll(moves) * (scalar ? 2 : 4 * W);
}

void dt_curve_rank(uint64_t moves, unsigned char *rank) {
    unsigned char before = 0;
    for (int move = 0; move < 64; move++) {
        rank[move] = before;
        before = (unsigned char)(before + (moves >> move & 1));
    }
}

double *dt_curve_by(const dt_curve *curve, int move) {
    return curve->by_move + (size_t)curve->rank[move] * (curve->trace.scalar ? 2 : 4 * W);
}

/* DT_WIDE hulls (lows, then highs), or as many balls (middles, then radii). */
typedef double lanes[2 * W];

#define AT(X)   ((hull){(X)[i], (X)[W + i]})
#define BALL(X) ((ball){(X)[i], (X)[W + i]})
#define SET(X, H)                                                                                  \
    do {                                                                                           \
        hull set = H;                                                                              \
        (X)[i] = set.low;                                                                          \
        (X)[W + i] = set.high;                                                                     \
    } while (0)
#define SET_BALL(X, B)                                                                             \
    do {                                                                                           \
        ball set = B;                                                                              \
        (X)[i] = set.m;                                                                            \
        (X)[W + i] = set.r;                                                                        \
    } while (0)
#define EACH_LANE _Pragma("omp simd") for (size_t i = 0; i < W; i++)

static const lanes ZERO;

static void fill(double *to, double first, double second) {
    for (size_t i = 0; i < W; i++) {
        to[i] = first;
        to[W + i] = second;
    }
}

/* Slopes and bends are balls: their products take a quarter of what those of hulls take, for radii
 * that are at most half too large (Rump 1999). Errors follow the standard model: every operation
 * is off by half an ulp of its result at most, all together by far less than UP and ULPS below
 * allow. NaN and infinities stay such. */
typedef struct ball {
    double m, r;
} ball;

#define UP   (1 + 32 * DBL_EPSILON)
#define ULPS (8 * DBL_EPSILON)

#define BALL_OF static inline __attribute__((always_inline)) ball

BALL_OF ball_of(hull h) {
    double m = 0.5 * h.low + 0.5 * h.high;
    double r = greater(h.high - m, m - h.low), lost = h.low + h.high;
    return (ball){m, isnan(lost) ? NAN : r * UP + fabs(m) * ULPS};
}

static inline hull hull_of(ball b) {
    return (hull){b.m - b.r * UP - fabs(b.m) * ULPS, b.m + b.r * UP + fabs(b.m) * ULPS};
}

/* The radius of a product, but for rounding. */
static inline double radius(ball a, ball b) {
    return fabs(a.m) * b.r + a.r * (fabs(b.m) + b.r);
}

/* m, with the radius r of exact operations and a size that bounds all terms; exact zeros (`some` is
 * 0) stay such. */
BALL_OF rounded_ball(double m, double r, double size, double some) {
    return (ball){m, (r + ULPS * size) * UP + (some == 0 ? 0 : HULL_TINY)};
}

/* The operand's hulls before and after the change and of the difference, lane by lane. */
typedef struct values {
    lanes before, after, gain, all;
} values;

CLONES static void load_values(values *v, dt_trace t) {
    if (t.scalar) {
        fill(v->before, t.v[0], t.v[1]);
        fill(v->gain, 0, 0);
        memcpy(v->after, v->before, sizeof v->after);
        memcpy(v->all, v->before, sizeof v->all);
        return;
    }
    const double *from = t.v;
    EACH_LANE {
        hull before = {from[i], from[W + i]}, after = {from[2 * W + i], from[3 * W + i]};
        SET(v->before, before);
        SET(v->after, after);
        SET(v->gain, ((hull){from[4 * W + i], from[5 * W + i]}));
        SET(v->all, either_of(before, after));
    }
}

/* An operand's slope and bend by a move, lane by lane: its own vectors, or `room` filled. */
typedef struct pair {
    const double *slope, *bend;
} pair;

static pair operand(const dt_curve *x, int move, double *room) {
    if (!(x->moves >> move & 1))
        return (pair){ZERO, ZERO};
    const double *own = dt_curve_by(x, move);
    if (!x->trace.scalar)
        return (pair){own, own + 2 * W};
    fill(room, own[0], own[1]);
    return (pair){room, ZERO};
}

/* All balls: slopes of a result are p × slope(a) + q × slope(b); its bends r × bend(a) + s ×
 * bend(b) + x × slope(a) + y × slope(b) + w × slope of the result. */
typedef struct rule {
    lanes p, q, r, s, x, y, w;
} rule;

/* a b: what ΔΔ(ab) = a' ΔΔb + Δa ∂b + ∂a Δb + ΔΔa b says. */
CLONES static void product_rule(rule *u, const values *a, const values *b) {
    EACH_LANE {
        SET_BALL(u->p, ball_of(AT(b->all)));
        SET_BALL(u->q, ball_of(AT(a->all)));
        SET_BALL(u->r, ball_of(AT(b->before)));
        SET_BALL(u->s, ball_of(AT(a->after)));
        SET_BALL(u->x, ball_of(AT(b->gain)));
        SET_BALL(u->y, ball_of(AT(a->gain)));
    }
}

/* z = a / b, from the product a = z b. */
CLONES static void quotient_rule(rule *u, const values *z, const values *b) {
    const hull one = {1, 1};
    EACH_LANE {
        hull over_all = quotient(one, AT(b->all), ROUNDED);
        hull over = quotient(one, AT(b->before), ROUNDED);
        SET_BALL(u->p, ball_of(over_all));
        SET_BALL(u->q, ball_of(negative(mul(AT(z->all), over_all, ROUNDED), one, ROUNDED)));
        SET_BALL(u->r, ball_of(over));
        SET_BALL(u->s, ball_of(negative(mul(AT(z->after), over, ROUNDED), one, ROUNDED)));
        SET_BALL(u->y, ball_of(negative(mul(AT(z->gain), over, ROUNDED), one, ROUNDED)));
        SET_BALL(u->w, ball_of(negative(mul(AT(b->gain), over, ROUNDED), one, ROUNDED)));
    }
}

/* h(a): slopes go by h', bends by h' and h'' Δa. */
#define SMOOTH_RULE(NAME, FIRST, SECOND)                                                           \
    CLONES static void NAME##_rule(rule *u, const values *a, const values *b) {                    \
        const hull one = {1, 1};                                                                   \
        EACH_LANE {                                                                                \
            hull v = AT(a->all), c = AT(b->all), first = FIRST;                                    \
            (void)c;                                                                               \
            (void)one;                                                                             \
            SET_BALL(u->p, ball_of(first));                                                        \
            SET_BALL(u->r, ball_of(first));                                                        \
            SET_BALL(u->x, ball_of(mul(SECOND, AT(a->gain), ROUNDED)));                            \
        }                                                                                          \
    }

/* The exponent c - 1 may be off by an ulp or two of c, at most STEEPEST: see power_slack in
 * difference_kernels.c. */
#define STEEPEST    1000
#define POWER_SLACK ((slack){1e-9, HULL_TINY})

SMOOTH_RULE(power, mul(c, fixed_power(v, sub(c, one, ROUNDED), POWER_SLACK), ROUNDED),
            quotient(mul(first, sub(c, one, ROUNDED), ROUNDED), v, ROUNDED))
SMOOTH_RULE(root, quotient((hull){0.5, 0.5}, root(v, v, ROUNDED), ROUNDED),
            quotient(mul(first, (hull){-0.5, -0.5}, ROUNDED), v, ROUNDED))
SMOOTH_RULE(exponential, exponential(v, v, BY_LIBM), first)
SMOOTH_RULE(logarithm, quotient(one, v, ROUNDED),
            negative(mul(first, first, ROUNDED), one, ROUNDED))

/* --- by each open move --- */

CLONES static void combine_product(double *out, const rule *u, pair a, pair b) {
    double *slope = out, *bend = out + 2 * W;
    const double *slope_a = a.slope, *slope_b = b.slope, *bend_a = a.bend, *bend_b = b.bend;
    EACH_LANE {
        ball sa = BALL(slope_a), sb = BALL(slope_b), ba = BALL(bend_a), bb = BALL(bend_b);
        ball p = BALL(u->p), q = BALL(u->q), r = BALL(u->r), s = BALL(u->s), x = BALL(u->x),
             y = BALL(u->y);
        double some = fabs(sa.m) + sa.r + fabs(sb.m) + sb.r;
        double pa = p.m * sa.m, qb = q.m * sb.m;
        SET_BALL(slope,
                 rounded_ball(pa + qb, radius(p, sa) + radius(q, sb), fabs(pa) + fabs(qb), some));
        double t1 = r.m * ba.m, t2 = s.m * bb.m, t3 = x.m * sa.m, t4 = y.m * sb.m;
        SET_BALL(bend,
                 rounded_ball((t1 + t2) + (t3 + t4),
                              (radius(r, ba) + radius(s, bb)) + (radius(x, sa) + radius(y, sb)),
                              (fabs(t1) + fabs(t2)) + (fabs(t3) + fabs(t4)), some));
    }
}

CLONES static void combine_quotient(double *out, const rule *u, pair a, pair b) {
    double *slope = out, *bend = out + 2 * W;
    const double *slope_a = a.slope, *slope_b = b.slope, *bend_a = a.bend, *bend_b = b.bend;
    EACH_LANE {
        ball sa = BALL(slope_a), sb = BALL(slope_b), ba = BALL(bend_a), bb = BALL(bend_b);
        ball p = BALL(u->p), q = BALL(u->q), r = BALL(u->r), s = BALL(u->s), w = BALL(u->w),
             y = BALL(u->y);
        double some = fabs(sa.m) + sa.r + fabs(sb.m) + sb.r;
        double pa = p.m * sa.m, qb = q.m * sb.m;
        ball z = rounded_ball(pa + qb, radius(p, sa) + radius(q, sb), fabs(pa) + fabs(qb), some);
        SET_BALL(slope, z);
        double t1 = r.m * ba.m, t2 = s.m * bb.m, t3 = w.m * z.m, t4 = y.m * sb.m;
        SET_BALL(bend,
                 rounded_ball((t1 + t2) + (t3 + t4),
                              (radius(r, ba) + radius(s, bb)) + (radius(w, z) + radius(y, sb)),
                              (fabs(t1) + fabs(t2)) + (fabs(t3) + fabs(t4)), some));
    }
}

/* The same where the other operand does not depend on the move, and of functions of one. */
CLONES static void combine_one(double *out, const double *by_p, const double *by_r,
                               const double *by_x, pair a) {
    double *slope = out, *bend = out + 2 * W;
    const double *slope_a = a.slope, *bend_a = a.bend;
    EACH_LANE {
        ball sa = BALL(slope_a), ba = BALL(bend_a), p = BALL(by_p), r = BALL(by_r), x = BALL(by_x);
        double some = fabs(sa.m) + sa.r, pa = p.m * sa.m;
        SET_BALL(slope, rounded_ball(pa, radius(p, sa), fabs(pa), some));
        double t1 = r.m * ba.m, t2 = x.m * sa.m;
        SET_BALL(bend,
                 rounded_ball(t1 + t2, radius(r, ba) + radius(x, sa), fabs(t1) + fabs(t2), some));
    }
}

/* a + b, or a - b; sums do not underflow. */
CLONES static void combine_sum(double *out, pair a, pair b, double sign) {
    double *slope = out, *bend = out + 2 * W;
    const double *slope_a = a.slope, *slope_b = b.slope, *bend_a = a.bend, *bend_b = b.bend;
    EACH_LANE {
        ball sa = BALL(slope_a), sb = BALL(slope_b), ba = BALL(bend_a), bb = BALL(bend_b);
        double m = sa.m + sign * sb.m, t = ba.m + sign * bb.m;
        SET_BALL(slope, rounded_ball(m, sa.r + sb.r, fabs(m), 0));
        SET_BALL(bend, rounded_ball(t, ba.r + bb.r, fabs(t), 0));
    }
}

/* Where an operation has a kink or a jump in reach, the slope is only known to lie in a hull, and
 * the bend, a difference of two slopes, in that hull less itself. */
static void set_unsure(double *out, size_t i, hull slope) {
    ball b = ball_of(slope);
    out[i] = b.m;
    out[W + i] = b.r;
    out[2 * W + i] = 0 * b.m;
    out[3 * W + i] = 2 * b.r * UP;
}

static void copy_lane(double *out, size_t i, pair from, double sign) {
    out[i] = sign * from.slope[i];
    out[W + i] = from.slope[W + i];
    out[2 * W + i] = sign * from.bend[i];
    out[3 * W + i] = from.bend[W + i];
}

static hull lane_of(const double *x, size_t i) {
    return (hull){x[i], x[W + i]};
}

static hull slope_of(pair p, size_t i) {
    return hull_of((ball){p.slope[i], p.slope[W + i]});
}

static void combine_least(double *out, const values *a, const values *b, pair pa, pair pb,
                          bool least) {
    for (size_t i = 0; i < W; i++) {
        hull x = lane_of(least ? a->all : b->all, i), y = lane_of(least ? b->all : a->all, i);
        if (x.high <= y.low)
            copy_lane(out, i, pa, 1);
        else if (y.high <= x.low)
            copy_lane(out, i, pb, 1);
        else
            set_unsure(out, i, either_of(slope_of(pa, i), slope_of(pb, i)));
    }
}

static void combine_absolute(double *out, const values *a, pair pa) {
    for (size_t i = 0; i < W; i++) {
        hull x = lane_of(a->all, i), slope = slope_of(pa, i);
        double size = greater(fabs(slope.low), fabs(slope.high));
        if (x.low >= 0 || x.high <= 0)
            copy_lane(out, i, pa, x.low >= 0 ? 1 : -1);
        else
            set_unsure(out, i, (hull){-size, size});
    }
}

/* Anything else: a move changes the value by no more than its hull is wide. */
static void combine_jump(double *out, const values *z, double spacing) {
    for (size_t i = 0; i < W; i++) {
        hull all = lane_of(z->all, i);
        double steep = all.low == all.high ? 0 : (all.high - all.low) / spacing * (1 + 1e-9);
        set_unsure(out, i, (hull){-steep, steep});
    }
}

static void combine_conditional(double *out, const values *t, const values *z, pair yes, pair no,
                                double spacing) {
    combine_jump(out, z, spacing);
    for (size_t i = 0; i < W; i++) {
        hull truth_value = lane_of(t->all, i);
        if (is_true(truth_value))
            copy_lane(out, i, yes, 1);
        else if (is_false(truth_value))
            copy_lane(out, i, no, 1);
    }
}

/* A scalar's slopes: worked out as a vector's, in `room`, and the first lane kept. */
static void keep_first(const dt_curve *z, int move, const double *room) {
    double *to = dt_curve_by(z, move);
    to[0] = room[0];
    to[1] = room[W];
}

void dt_curve_step(dt_op op, uint64_t open, const double *spacing, const dt_curve *z,
                   const dt_curve *a, const dt_curve *b, const dt_curve *c) {
    uint64_t moves = z->moves & open;
    if (!moves)
        return;
    values va, vb, vz;
    rule u;
    bool smooth = false;
    switch (op) {
    case DT_OP_MUL:
        load_values(&va, a->trace);
        load_values(&vb, b->trace);
        product_rule(&u, &va, &vb);
        break;
    case DT_OP_DIV:
        load_values(&vz, z->trace);
        load_values(&vb, b->trace);
        quotient_rule(&u, &vz, &vb);
        break;
    case DT_OP_POW:
    case DT_OP_SQRT:
    case DT_OP_EXP:
    case DT_OP_LOG:
        smooth =
            op != DT_OP_POW || (dt_trace_is_constant(b->trace) && fabs(b->trace.v[0]) <= STEEPEST);
        load_values(&va, a->trace);
        load_values(&vb, b->trace);
        load_values(&vz, z->trace);
        if (op == DT_OP_POW && smooth)
            power_rule(&u, &va, &vb);
        else if (op == DT_OP_SQRT)
            root_rule(&u, &va, &va);
        else if (op == DT_OP_EXP)
            exponential_rule(&u, &va, &va);
        else if (op == DT_OP_LOG)
            logarithm_rule(&u, &va, &va);
        break;
    case DT_OP_MIN:
    case DT_OP_MAX:
    case DT_OP_ABS:
    case DT_OP_COND:
        load_values(&va, a->trace);
        load_values(&vb, b->trace);
        load_values(&vz, z->trace);
        break;
    case DT_OP_ADD:
    case DT_OP_SUB:
    case DT_OP_NEG: break;
    default: load_values(&vz, z->trace); break;
    }
    for (uint64_t rest = moves; rest; rest &= rest - 1) {
        int k = __builtin_ctzll(rest);
        double room[4 * W], room_a[2 * W], room_b[2 * W], room_c[2 * W];
        double *out = z->trace.scalar ? room : dt_curve_by(z, k);
        pair pa = operand(a, k, room_a), pb = operand(b, k, room_b);
        switch (op) {
        case DT_OP_ADD: combine_sum(out, pa, pb, 1); break;
        case DT_OP_SUB: combine_sum(out, pa, pb, -1); break;
        case DT_OP_NEG: combine_sum(out, (pair){ZERO, ZERO}, pa, -1); break;
        case DT_OP_MUL:
            if (!(b->moves >> k & 1))
                combine_one(out, u.p, u.r, u.x, pa);
            else if (!(a->moves >> k & 1))
                combine_one(out, u.q, u.s, u.y, pb);
            else
                combine_product(out, &u, pa, pb);
            break;
        case DT_OP_DIV: combine_quotient(out, &u, pa, pb); break;
        case DT_OP_MIN:
        case DT_OP_MAX: combine_least(out, &va, &vb, pa, pb, op == DT_OP_MIN); break;
        case DT_OP_ABS: combine_absolute(out, &va, pa); break;
        case DT_OP_COND:
            combine_conditional(out, &va, &vz, pb, operand(c, k, room_c), spacing[k]);
            break;
        default:
            if (smooth)
                combine_one(out, u.p, u.r, u.x, pa);
            else
                combine_jump(out, &vz, spacing[k]);
        }
        if (z->trace.scalar)
            keep_first(z, k, room);
    }
}
