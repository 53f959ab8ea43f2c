/* The fast evaluator's bounds: every operation against Arb over perturbed operands, and libm's
 * vector functions against the error they are charged. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "formula/kernels.h"
#include "harness.h"

enum { LANES = 61, PRECISION = 256 };

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double uniform(void) {
    return (double)(next_random() >> 11) * 0x1p-53;
}

typedef struct operand {
    double m, r;
} operand;

static const dt_op OPS[] = {DT_OP_ADD, DT_OP_SUB, DT_OP_MUL, DT_OP_DIV, DT_OP_POW,
                            DT_OP_MIN, DT_OP_MAX, DT_OP_NEG, DT_OP_ABS, DT_OP_SQRT,
                            DT_OP_EXP, DT_OP_LOG, DT_OP_NOT, DT_OP_LT,  DT_OP_LE,
                            DT_OP_EQ,  DT_OP_AND, DT_OP_OR,  DT_OP_COND};
static const char *const NAMES[] = {"add", "sub", "mul",  "div", "pow", "min", "max",
                                    "neg", "abs", "sqrt", "exp", "log", "not", "lt",
                                    "le",  "eq",  "and",  "or",  "cond"};
enum { OP_COUNT = sizeof OPS / sizeof *OPS };

/* m + t × r for t in [-1, 1], without rounding. */
static void perturbed(arb_t x, operand a, double t) {
    arf_t move, r;
    arf_init(move);
    arf_init(r);
    arf_set_d(move, t);
    arf_set_d(r, a.r);
    arf_mul(move, move, r, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_set_d(r, a.m);
    arf_add(move, move, r, ARF_PREC_EXACT, ARF_RND_DOWN);
    arb_set_arf(x, move);
    arf_clear(move);
    arf_clear(r);
}

/* z = op(x) for exact points x; false where it has no value. */
static bool truth(dt_op op, arb_t z, arb_t x[3]) {
    const arf_struct *a = arb_midref(x[0]), *b = arb_midref(x[1]);
    int order = arf_cmp(a, b);
    switch (op) {
    case DT_OP_ADD: arb_add(z, x[0], x[1], ARF_PREC_EXACT); return true;
    case DT_OP_SUB: arb_sub(z, x[0], x[1], ARF_PREC_EXACT); return true;
    case DT_OP_MUL: arb_mul(z, x[0], x[1], ARF_PREC_EXACT); return true;
    case DT_OP_DIV: arb_div(z, x[0], x[1], PRECISION); return !arf_is_zero(b);
    case DT_OP_POW:
        if (arf_sgn(b) == 0) {
            arb_one(z);
            return true;
        }
        if (arf_sgn(a) == 0) {
            arb_zero(z);
            return arf_sgn(b) > 0;
        }
        if (arf_sgn(a) < 0 && !arf_is_int(b))
            return false;
        arb_pow(z, x[0], x[1], PRECISION);
        return true;
    case DT_OP_MIN: arb_set(z, order < 0 ? x[0] : x[1]); return true;
    case DT_OP_MAX: arb_set(z, order > 0 ? x[0] : x[1]); return true;
    case DT_OP_NEG: arb_neg(z, x[0]); return true;
    case DT_OP_ABS: arb_abs(z, x[0]); return true;
    case DT_OP_SQRT: arb_sqrt(z, x[0], PRECISION); return arf_sgn(a) >= 0;
    case DT_OP_EXP: arb_exp(z, x[0], PRECISION); return true;
    case DT_OP_LOG: arb_log(z, x[0], PRECISION); return arf_sgn(a) > 0;
    case DT_OP_NOT: arb_set_si(z, arf_is_zero(a)); return true;
    case DT_OP_LT: arb_set_si(z, order < 0); return true;
    case DT_OP_LE: arb_set_si(z, order <= 0); return true;
    case DT_OP_EQ: arb_set_si(z, order == 0); return true;
    case DT_OP_AND: arb_set_si(z, !arf_is_zero(a) && !arf_is_zero(b)); return true;
    case DT_OP_OR: arb_set_si(z, !arf_is_zero(a) || !arf_is_zero(b)); return true;
    default: arb_set(z, arf_is_zero(a) ? x[2] : x[1]); return true;
    }
}

static bool known(operand a) {
    return isfinite(a.m) && isfinite(a.r);
}

/* Must the result be without a finite bound, as an operand it looks at is unknown? */
static bool must_be_unknown(dt_op op, const operand *v) {
    int operands = dt_op_operands(op);
    bool all = true;
    for (int i = 0; i < operands; i++)
        all = all && known(v[i]);
    if (all)
        return false;
    bool is_true = known(v[0]) && fabs(v[0].m) > v[0].r;
    bool is_false = known(v[0]) && v[0].m == 0 && v[0].r == 0;
    if (op == DT_OP_AND && is_false)
        return false;
    if (op == DT_OP_OR && is_true)
        return false;
    if (op == DT_OP_COND && (is_true || is_false))
        return !known(is_true ? v[1] : v[2]);
    return true;
}

static unsigned complaints;

static void complain(int k, const operand *v, operand z, const char *why) {
    if (complaints++ % 997 < 2) /* some of them */
        fprintf(stderr, "\n    %s(%g±%g, %g±%g, %g±%g) = %.17g±%g: %s", NAMES[k], v[0].m, v[0].r,
                v[1].m, v[1].r, v[2].m, v[2].r, z.m, z.r, why);
}

/* One lane's result against the truth at the ends, the middle and inside of the operands. */
static void check_lane(int k, const operand *v, operand z) {
    if (must_be_unknown(OPS[k], v)) {
        if (isfinite(z.r))
            complain(k, v, z, "an unknown operand gives a finite bound");
        return;
    }
    if (!isfinite(z.r))
        return;
    if (!isfinite(z.m) || z.r < 0) {
        complain(k, v, z, "no number with a finite bound");
        return;
    }
    arb_t x[3], t, m, r;
    for (int i = 0; i < 3; i++)
        arb_init(x[i]);
    arb_init(t);
    arb_init(m);
    arb_init(r);
    int operands = dt_op_operands(OPS[k]);
    for (int trial = 0; trial < 9; trial++) {
        for (int i = 0; i < operands; i++) {
            double at = trial < 4    ? ((trial >> (i & 1)) & 1 ? 1 : -1)
                        : trial == 4 ? 0
                                     : 2 * uniform() - 1;
            bool usable = known(v[i]);
            perturbed(x[i], usable ? v[i] : (operand){0, 0}, at);
        }
        if (!truth(OPS[k], t, x)) {
            complain(k, v, z, "has no value, yet a finite bound");
            break;
        }
        arb_set_d(m, z.m);
        arb_sub(m, m, t, 8192);
        arb_abs(m, m);
        arb_set_d(r, z.r);
        if (arb_gt(m, r)) {
            complain(k, v, z, "the bound is too small");
            break;
        }
    }
    for (int i = 0; i < 3; i++)
        arb_clear(x[i]);
    arb_clear(t);
    arb_clear(m);
    arb_clear(r);
}

/* Runs an operation over lanes; `mix` says which operands are scalars (their lane 0 counts). */
static void run_lanes(int k, const operand (*v)[3], size_t n, unsigned mix) {
    static double mid[4][LANES + 8], rad[4][LANES + 8];
    dt_lanes lanes[4];
    bool any_vector = false;
    int operands = dt_op_operands(OPS[k]);
    for (int i = 0; i < 3; i++) {
        bool scalar = i >= operands || mix >> i & 1;
        any_vector = any_vector || !scalar;
        lanes[i] = (dt_lanes){mid[i], rad[i], scalar};
        for (size_t l = 0; l < n; l++) {
            mid[i][l] = v[l][i].m;
            rad[i][l] = v[l][i].r;
        }
    }
    lanes[3] = (dt_lanes){mid[3], rad[3], !any_vector};
    size_t wide = any_vector ? n : 1;
    dt_kernel(OPS[k], wide, &lanes[3], &lanes[0], &lanes[1], &lanes[2]);
    for (size_t l = 0; l < wide; l++) {
        operand used[3];
        for (int i = 0; i < 3; i++)
            used[i] = i >= operands ? (operand){0, 0} : v[lanes[i].scalar ? 0 : l][i];
        check_lane(k, used, (operand){mid[3][l], rad[3][l]});
    }
}

static double random_value(void) {
    static const double some[] = {0, 1, -1, 0.5, 0.1, 0.2, 0.3, 2, 3, -0.0, 1e-9, 700, -40};
    switch (next_random() % 4) {
    case 0: return some[next_random() % (sizeof some / sizeof *some)];
    case 1: return 4 * uniform() - 2;
    case 2: return uniform() * 20;
    default: return ldexp(uniform() - 0.5, (int)(next_random() % 60) - 30);
    }
}

static double random_radius(double m) {
    switch (next_random() % 5) {
    case 0: return 0;
    case 1: return fabs(m) * 0x1p-52;
    case 2: return fabs(m) * uniform() * 1e-10;
    case 3: return fabs(m) * uniform() * 1.2;
    default: return uniform() * 1e-12;
    }
}

static void random_operands(void) {
    complaints = 0;
    static operand v[LANES][3];
    for (int k = 0; k < OP_COUNT; k++)
        for (int round = 0; round < 60; round++) {
            for (size_t l = 0; l < LANES; l++)
                for (int i = 0; i < 3; i++) {
                    double m = random_value();
                    v[l][i] = (operand){m, random_radius(m)};
                    if (i && next_random() % 8 == 0) /* near ties */
                        v[l][i].m = nextafter(v[l][0].m, (double)(next_random() % 3) - 1);
                }
            run_lanes(k, (const operand(*)[3])v, LANES, (unsigned)round % 8);
        }
    CU_ASSERT_EQUAL(complaints, 0);
}

/* No finite bound stands beside what is no number: kernels and leaves see to that. */
static operand special(double m, double r) {
    return (operand){m, isfinite(m) || !isfinite(r) ? r : INFINITY};
}

/* Zeros, negative, huge, subnormal, infinite, NaN, with radii of all sizes, in all pairs. */
static void special_values(void) {
    static const double mid[] = {0,      -0.0,   1,      -1,      2,        0.5,       1e308,
                                 -1e308, 5e-324, 1e-310, -3e-320, DBL_MIN,  1e-300,    710,
                                 -745,   1e-17,  1e155,  1e-160,  INFINITY, -INFINITY, NAN};
    static const double rad[] = {0, 5e-324, 1e-310, 1e-300, 1e-17, 0.5, 1, 1e300, INFINITY, NAN};
    enum { MIDS = sizeof mid / sizeof *mid, RADS = sizeof rad / sizeof *rad };
    enum { ALL = MIDS * RADS };
    complaints = 0;
    static operand v[LANES][3];
    for (int k = 0; k < OP_COUNT; k++) {
        int operands = dt_op_operands(OPS[k]);
        size_t used = 0;
        unsigned before = complaints;
        for (int i = 0; i < ALL; i++)
            for (int j = 0; j < (operands > 1 ? ALL : 1); j++) {
                int third = (i * 31 + j * 17) % ALL;
                v[used][0] = special(mid[i / RADS], rad[i % RADS]);
                v[used][1] = special(mid[j / RADS], rad[j % RADS]);
                v[used][2] = special(mid[third / RADS], rad[third % RADS]);
                if (++used == LANES) {
                    run_lanes(k, (const operand(*)[3])v, used, 0);
                    used = 0;
                }
            }
        if (used)
            run_lanes(k, (const operand(*)[3])v, used, 0);
        if (complaints > before)
            fprintf(stderr, "\n    %s: %u wrong lanes", NAMES[k], complaints - before);
    }
    CU_ASSERT_EQUAL(complaints, 0);
}

/* An undecided ?: whose branch not shown is unknown cannot be bounded. */
static void undecided_branches(void) {
    static const operand none[] = {{1, NAN}, {NAN, 0}, {1, INFINITY}, {INFINITY, INFINITY}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        for (int side = 0; side < 4; side++) {
            operand t = {side & 1, 1}, z = {0, 0};
            operand yes = side & 2 ? none[i] : (operand){0, 0};
            operand no = side & 2 ? (operand){0, 0} : none[i];
            dt_kernel(DT_OP_COND, 1, &(dt_lanes){&z.m, &z.r, true}, &(dt_lanes){&t.m, &t.r, true},
                      &(dt_lanes){&yes.m, &yes.r, true}, &(dt_lanes){&no.m, &no.r, true});
            if (isfinite(z.r))
                fprintf(stderr, "\n    0 or 1 ? %g±%g : %g±%g gives %g±%g\n", yes.m, yes.r, no.m,
                        no.r, z.m, z.r);
            CU_ASSERT_FALSE(isfinite(z.r));
        }
}

/* The error of libm's vector functions, in units of |true value| × 2^-52. */
static double worst_of(dt_op op, double (*x)(void), double (*y)(void)) {
    enum { MANY = 4096 };
    static double a[MANY], b[MANY], z[MANY], rad[MANY], zero[MANY];
    for (int i = 0; i < MANY; i++) {
        a[i] = x();
        b[i] = y ? y() : 0;
    }
    dt_kernel(op, MANY, &(dt_lanes){z, rad, false}, &(dt_lanes){a, zero, false},
              &(dt_lanes){b, zero, false}, &(dt_lanes){b, zero, false});
    arb_t p[3], t, m;
    double worst = 0;
    for (int i = 0; i < 3; i++)
        arb_init(p[i]);
    arb_init(t);
    arb_init(m);
    for (int i = 0; i < MANY; i++) {
        arb_set_d(p[0], a[i]);
        arb_set_d(p[1], b[i]);
        if (!truth(op, t, p) || !isfinite(z[i]) || fabs(z[i]) < 1e-290)
            continue;
        arb_set_d(m, z[i]);
        arb_sub(m, m, t, PRECISION);
        if (!arb_is_zero(t))
            arb_div(m, m, t, PRECISION);
        worst = fmax(worst, fabs(arf_get_d(arb_midref(m), ARF_RND_UP)) / DBL_EPSILON);
    }
    for (int i = 0; i < 3; i++)
        arb_clear(p[i]);
    arb_clear(t);
    arb_clear(m);
    return worst;
}

static double wide(void) {
    return ldexp(1 + uniform(), (int)(next_random() % 2000) - 1000);
}
static double near_one(void) {
    return 1 + (uniform() - 0.5) * ldexp(1, -(int)(next_random() % 52));
}
static double for_exp(void) {
    return 1400 * uniform() - 700;
}
static double small(void) {
    return (uniform() - 0.5) * ldexp(1, -(int)(next_random() % 60));
}
static double exponent(void) {
    return 6 * uniform() - 3;
}
static double positive(void) {
    return 10 * uniform() + 1e-6;
}
static double big_exponent(void) {
    return 600 * uniform() - 300;
}

static void libm_is_within_its_charge(void) {
    const double charged = 16;
    double worst = 0;
    for (int round = 0; round < 12; round++) {
        worst = fmax(worst, worst_of(DT_OP_LOG, wide, NULL));
        worst = fmax(worst, worst_of(DT_OP_LOG, near_one, NULL));
        worst = fmax(worst, worst_of(DT_OP_EXP, for_exp, NULL));
        worst = fmax(worst, worst_of(DT_OP_EXP, small, NULL));
        worst = fmax(worst, worst_of(DT_OP_POW, positive, exponent));
        worst = fmax(worst, worst_of(DT_OP_POW, near_one, big_exponent));
        worst = fmax(worst, worst_of(DT_OP_POW, wide, small));
    }
    printf("(worst %.2f ulp) ", worst);
    CU_ASSERT(worst <= charged);
}

static const dt_case cases[] = {
    {"random operands", random_operands},
    {"special values", special_values},
    {"undecided branches", undecided_branches},
    {"libm is within its charge", libm_is_within_its_charge},
};

int main(void) {
    return DT_RUN_SUITE("kernels", cases);
}
