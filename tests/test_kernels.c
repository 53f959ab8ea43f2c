/* The fast evaluator's bounds: every operation against Arb over perturbed operands, libm's vector
 * functions against the error they are charged, and random formula games against exact payoffs. */
#include <float.h>
#include <math.h>

#include "formula/kernels.h"
#include "formula_game.h"
#include "game/rows.h"
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

static const dt_op OPS[] = {DT_OP_ADD, DT_OP_SUB, DT_OP_MUL, DT_OP_DIV, DT_OP_POW, DT_OP_MIN,
                            DT_OP_MAX, DT_OP_NEG, DT_OP_ABS, DT_OP_SQRT, DT_OP_EXP, DT_OP_LOG,
                            DT_OP_NOT, DT_OP_LT, DT_OP_LE, DT_OP_EQ, DT_OP_AND, DT_OP_OR,
                            DT_OP_COND};
static const char *const NAMES[] = {"add", "sub", "mul", "div", "pow", "min", "max",
                                    "neg", "abs", "sqrt", "exp", "log", "not", "lt",
                                    "le", "eq", "and", "or", "cond"};
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
            double at = trial < 4 ? ((trial >> (i & 1)) & 1 ? 1 : -1)
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
    dt_kernel(OPS[k], wide, lanes[3], lanes[0], lanes[1], lanes[2]);
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
    static const double mid[] = {0,       -0.0,   1,      -1,      2,        0.5,    1e308,
                                 -1e308,  5e-324, 1e-310, -3e-320, DBL_MIN,  1e-300, 710,
                                 -745,    1e-17,  1e155,  1e-160,  INFINITY, -INFINITY, NAN};
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
            dt_kernel(DT_OP_COND, 1, (dt_lanes){&z.m, &z.r, true}, (dt_lanes){&t.m, &t.r, true},
                      (dt_lanes){&yes.m, &yes.r, true}, (dt_lanes){&no.m, &no.r, true});
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
    dt_kernel(op, MANY, (dt_lanes){z, rad, false}, (dt_lanes){a, zero, false},
              (dt_lanes){b, zero, false}, (dt_lanes){b, zero, false});
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

static double wide(void) { return ldexp(1 + uniform(), (int)(next_random() % 2000) - 1000); }
static double near_one(void) { return 1 + (uniform() - 0.5) * ldexp(1, -(int)(next_random() % 52)); }
static double for_exp(void) { return 1400 * uniform() - 700; }
static double small(void) { return (uniform() - 0.5) * ldexp(1, -(int)(next_random() % 60)); }
static double exponent(void) { return 6 * uniform() - 3; }
static double positive(void) { return 10 * uniform() + 1e-6; }
static double big_exponent(void) { return 600 * uniform() - 300; }

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

/* ---- random formula games ---- */

typedef struct writer {
    char text[1 << 14];
    size_t used;
    bool integers; /* only what keeps integers integers */
} writer;

static void put(writer *w, const char *text) {
    size_t n = strlen(text);
    if (w->used + n + 1 < sizeof w->text) {
        memcpy(w->text + w->used, text, n + 1);
        w->used += n;
    }
}

static void write_leaf(writer *w) {
    static const char *const leaf[] = {"A.x",   "A.y", "B.z",   "C.u",   "C.v", "A.x:q", "B.z:s",
                                       "C.u:p", "0.3", "(1/3)", "0.1",   "2",   "p",     "0"};
    static const char *const whole[] = {"A.i", "B.j", "C.k", "A.i:p", "C.k:q", "2", "0", "-3", "1"};
    put(w, w->integers ? whole[next_random() % 9] : leaf[next_random() % 14]);
}

static void write_formula(writer *w, int depth) {
    static const char *const binary[] = {" + ", " - ", " * ", " + ", " < ", " <= ", " == ", " && ",
                                         " || ", " / "};
    static const char *const power[] = {"2", "3", "0.5", "1.7", "-1", "0.7", "0", "-0.5", "5"};
    static const char *const call[] = {"min(", "max(", "abs(", "sqrt(abs(", "exp(", "log(1 + abs("};
    if (depth <= 0 || next_random() % 8 == 0) {
        write_leaf(w);
        return;
    }
    uint64_t kind = next_random() % 12;
    if (kind < 6) {
        put(w, "(");
        write_formula(w, depth - 1);
        put(w, binary[next_random() % (w->integers ? 9 : 10)]);
        write_formula(w, depth - 1);
        put(w, ")");
    } else if (kind < 8) {
        put(w, "(");
        write_formula(w, depth - 1);
        put(w, " ? ");
        write_formula(w, depth - 1);
        put(w, " : ");
        write_formula(w, depth - 1);
        put(w, ")");
    } else if (kind < 10) {
        size_t f = next_random() % (w->integers ? 3 : 6);
        put(w, call[f]);
        write_formula(w, depth - 1);
        if (f < 2) {
            put(w, ", ");
            write_formula(w, depth - 1);
        }
        put(w, f == 3 || f == 5 ? "))" : ")");
    } else if (kind == 10) {
        put(w, next_random() % 2 ? "(!" : "(-");
        write_formula(w, depth - 1);
        put(w, ")");
    } else {
        put(w, "(");
        write_formula(w, depth - 2);
        put(w, ")^");
        put(w, power[next_random() % (w->integers ? 2 : 9)]);
    }
}

static formula_game random_game(bool integers, int depth) {
    static writer w;
    char *config = malloc(4 * sizeof w.text), *p = config;
    if (!p)
        abort();
    p += sprintf(p, "%s",
                 integers
                     ? "players = ( { name = \"A\"; moves = ( { name = \"i\"; levels = [\"p\", "
                       "\"q\", \"r\"]; values = (-2, 0, 5); } ); }, { name = \"B\"; moves = ( { "
                       "name = \"j\"; levels = [\"p\", \"q\"]; values = (1, 0.25); } ); }, { name "
                       "= \"C\"; moves = ( { name = \"k\"; levels = [\"p\", \"q\", \"r\"]; } ); } "
                       ");\n"
                     : "parameters = { p = 1.3; };\nplayers = ( { name = \"A\"; moves = ( { name = "
                       "\"x\"; levels = [\"p\", \"q\"]; values = (0.1, 0.2); }, { name = \"y\"; "
                       "levels = [\"p\", \"q\"]; values = (0.3, -1); } ); }, { name = \"B\"; moves "
                       "= ( { name = \"z\"; levels = [\"p\", \"q\", \"s\"]; values = (0, 0.2, 0.3); "
                       "} ); }, { name = \"C\"; moves = ( { name = \"u\"; levels = [\"p\", \"q\"]; "
                       "}, { name = \"v\"; levels = [\"p\", \"q\"]; values = (-0.1, 2); } ); } );\n");
    p += sprintf(p, "payoffs = { kind = \"formula\";");
    for (int i = 0; i < 3; i++) {
        w = (writer){.integers = integers};
        write_formula(&w, depth);
        p += sprintf(p, " %c = \"%s\";", 'A' + i, w.text);
    }
    sprintf(p, " };\n");
    formula_game g = build_game(config);
    if (!g.game) {
        dt_diag_write(g.diag, stderr, false);
        fprintf(stderr, "%s", config);
    }
    free(config);
    return g;
}

/* The exact payoffs of all players at all profiles, as balls; `none` where there is none. */
typedef struct answer {
    arb_t ball;
    bool none, undecided, rational;
} answer;

static answer *all_answers(const formula_game *g) {
    size_t count = (size_t)g->game->profiles * g->game->players;
    answer *list = calloc(count, sizeof *list);
    dt_exact x;
    dt_exact_init(&x);
    dt_exact_context *c = dt_game_context(g->game, g->workspace);
    for (size_t k = 0; list && k < count; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(g->game, k / g->game->players, profile);
        arb_init(list[k].ball);
        list[k].none = dt_game_exact(g->game, g->workspace, k % g->game->players, profile, &x,
                                     NULL) != DT_OK;
        if (list[k].none)
            continue;
        list[k].undecided = dt_exact_is_undecided(c, &x);
        list[k].rational = dt_exact_is_rational(&x);
        dt_exact_enclose(c, list[k].ball, &x, PRECISION);
    }
    dt_exact_clear(&x);
    return list;
}

static bool holds(const answer *a, double value, double bound) {
    if (!isfinite(bound))
        return true;
    if (a->none)
        return false;
    if (a->undecided)
        return true;
    arb_t gap, limit;
    arb_init(gap);
    arb_init(limit);
    arb_set_d(gap, value);
    arb_sub(gap, gap, a->ball, PRECISION);
    arb_abs(gap, gap);
    arb_set_d(limit, bound);
    bool good = !arb_gt(gap, limit);
    arb_clear(gap);
    arb_clear(limit);
    return good;
}

/* Walks a box in profile order and checks each lane; a workspace that has seen other boxes gives
 * the same bytes as a fresh one. */
static void check_box(const formula_game *g, const answer *list, size_t player,
                      const uint32_t *first, const uint32_t *count) {
    enum { MOST = 64 };
    double value[MOST], bound[MOST], fresh_value[MOST], fresh_bound[MOST];
    dt_box box = {first, count};
    size_t lanes = (size_t)dt_box_lanes(g->game, &box), players = g->game->players;
    CU_ASSERT_FATAL(lanes <= MOST);
    CU_ASSERT_EQUAL(dt_game_block(g->game, g->workspace, player, &box, value, bound), DT_OK);
    dt_workspace *fresh = dt_workspace_new(g->game);
    CU_ASSERT_EQUAL(dt_game_block(g->game, fresh, player, &box, fresh_value, fresh_bound), DT_OK);
    dt_workspace_free(g->game, fresh);
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, first, players * sizeof *at);
    for (size_t lane = 0; lane < lanes; lane++) {
        const answer *a = &list[dt_profile_index(g->game, at) * players + player];
        bool good = holds(a, value[lane], bound[lane]);
        bool same = memcmp(&value[lane], &fresh_value[lane], sizeof(double)) == 0 ||
                    (isnan(value[lane]) && isnan(fresh_value[lane]));
        same = same && (bound[lane] == fresh_bound[lane] ||
                        (isnan(bound[lane]) && isnan(fresh_bound[lane])));
        if (!good || !same) {
            if (complaints++ < 6) {
                char text[256];
                const dt_text *f = &g->scenario->payoff.formula[player].text;
                fprintf(stderr, "\n    %s at %s: %.17g±%g%s, fresh %.17g, true %.17g\n",
                        f->length < 400 ? f->data : "(a long formula)",
                        dt_profile_text(g->game, at, text, sizeof text), value[lane], bound[lane],
                        a->none ? " though there is no payoff" : "", fresh_value[lane],
                        arf_get_d(arb_midref(a->ball), ARF_RND_NEAR));
            }
        }
        for (size_t i = players; i-- > 0;) {
            if (++at[i] < first[i] + count[i])
                break;
            at[i] = first[i];
        }
    }
}

static void check_boxes(const formula_game *g) {
    answer *list = all_answers(g);
    size_t players = g->game->players;
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    for (int round = 0; round < 120; round++) {
        uint64_t start = next_random() % g->game->profiles;
        dt_profile_decode(g->game, start, first);
        uint64_t shape = next_random();
        for (size_t i = 0; i < players; i++) {
            uint32_t s = g->game->player[i].strategies;
            count[i] = 1;
            if (shape >> i & 1) { /* all of a player's strategies, or some */
                first[i] = shape >> (i + 8) & 1 ? 0 : first[i];
                count[i] = shape >> (i + 8) & 1 ? s : 1 + (uint32_t)(next_random() % (s - first[i]));
            }
        }
        check_box(g, list, next_random() % players, first, count);
        if (round % 3 == 0) /* neighbours of the same shape: the incremental path */
            for (int step = 0; step < 4; step++) {
                size_t i = next_random() % players;
                if (count[i] == 1)
                    first[i] = (uint32_t)(next_random() % g->game->player[i].strategies);
                check_box(g, list, 0, first, count);
            }
    }
    for (size_t k = 0; list && k < g->game->profiles * players; k++)
        arb_clear(list[k].ball);
    free(list);
}

static void random_formula_games(void) {
    complaints = 0;
    for (int game = 0; game < 150; game++) {
        formula_game g = random_game(false, 2 + game % 5);
        CU_ASSERT_PTR_NOT_NULL(g.game);
        if (g.game)
            check_boxes(&g);
        free_game(&g);
    }
    if (complaints)
        fprintf(stderr, "\n    %u wrong lanes\n", complaints);
    CU_ASSERT_EQUAL(complaints, 0);
}

/* What a visit of rows is checked against. */
typedef struct visited {
    const formula_game *g;
    const answer *list;
    const dt_restriction *r;
    size_t player, over;
    unsigned seen[64], wrong;
} visited;

static dt_status check_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)local, (void)enough;
    visited *v = shared;
    size_t players = v->g->game->players;
    uint32_t at[DT_MAX_PLAYERS];
    unsigned wrong = row->lanes != v->g->game->player[v->over].strategies || row->index >= 64;
    uint64_t rest = row->index; /* the others among those left, the last player fastest */
    for (size_t i = players; i-- > 0;) {
        at[i] = row->profile[i];
        if (i == v->over)
            continue;
        wrong += at[i] != v->r->strategy[i][rest % v->r->count[i]];
        rest /= v->r->count[i];
    }
    for (uint32_t lane = 0; lane < row->lanes; lane++) {
        at[v->over] = lane;
        const answer *a = &v->list[dt_profile_index(v->g->game, at) * players + v->player];
        wrong += !isfinite(row->bound[lane]) || !holds(a, row->value[lane], row->bound[lane]);
    }
#pragma omp critical(test_rows)
    {
        v->wrong += wrong;
        if (row->index < 64)
            v->seen[row->index]++;
    }
    return DT_OK;
}

/* Every row of what is left is seen once, whatever the order of the walk and the threads, and its
 * values hold the exact payoffs; a payoff that does not exist is an error. */
static void rows_of_random_games(void) {
    unsigned visits = 0, refused = 0;
    for (int game = 0; game < 120; game++) {
        formula_game g = random_game(game % 4 == 0, 2 + game % 4);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        answer *list = all_answers(&g);
        dt_restriction r;
        CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
        for (size_t i = 0; i < g.game->players; i++) {
            bool keep[8], any = false;
            for (uint32_t k = 0; k < r.count[i]; k++)
                any |= keep[k] = next_random() % 3 != 0;
            keep[0] |= !any;
            dt_restriction_keep(&r, i, keep);
        }
        for (size_t player = 0; player < 3; player++)
            for (size_t over = 0; over < 3; over++) {
                visited v = {.g = &g, .list = list, .r = &r, .player = player, .over = over};
                dt_control control = {.threads = 1 + (int)((player + over) % 3)};
                dt_status status =
                    dt_rows_visit(g.game, &r, player, over, &control, "test", NULL,
                                  &(dt_row_visitor){.shared = &v, .row = check_row});
                visits++;
                if (status != DT_OK) {
                    refused++;
                    CU_ASSERT_EQUAL(status, DT_ERR_INPUT);
                    bool none = false;
                    for (uint64_t k = 0; k < g.game->profiles; k++)
                        none |= list[k * 3 + player].none;
                    CU_ASSERT(none);
                    continue;
                }
                for (uint64_t i = 0; i < dt_restriction_others(&r, over); i++)
                    v.wrong += v.seen[i] != 1;
                CU_ASSERT_EQUAL(v.wrong, 0);
            }
        dt_restriction_clear(&r);
        for (size_t k = 0; k < g.game->profiles * 3; k++)
            arb_clear(list[k].ball);
        free(list);
        free_game(&g);
    }
    CU_ASSERT(refused > 0 && refused * 2 < visits); /* both kinds were seen */
}

/* Formulas of integers and quarters: the bound is 0 and the double is the payoff, or the bound
 * tells. Where the size of the numbers allows, no bound may be charged. */
static void integer_games_are_exact(void) {
    complaints = 0;
    size_t exact = 0, all = 0;
    for (int game = 0; game < 150; game++) {
        formula_game g = random_game(true, 2 + game % 3);
        CU_ASSERT_PTR_NOT_NULL(g.game);
        if (g.game) {
            check_boxes(&g);
            answer *list = all_answers(&g);
            for (uint64_t k = 0; k < g.game->profiles; k++) {
                uint32_t first[3], one[3] = {1, 1, 1};
                double value, bound;
                dt_profile_decode(g.game, k, first);
                dt_game_block(g.game, g.workspace, 0, &(dt_box){first, one}, &value, &bound);
                all++;
                exact += bound == 0;
            }
            for (size_t k = 0; k < g.game->profiles * 3; k++)
                arb_clear(list[k].ball);
            free(list);
        }
        free_game(&g);
    }
    CU_ASSERT_EQUAL(complaints, 0);
    CU_ASSERT(exact * 10 > all * 9); /* the marking is of use: nearly all such games are exact */
}

/* Integers beyond 2^53, or many powers of 2 apart, are not marked exact. */
static void exactness_ends(void) {
    static const char *const formula[] = {
        "A.m * 9007199254740993 + 1",
        "A.m * 4503599627370497 * 3",
        "(A.m + 1e-15) * 1e15",
        "A.m * 94906267 * 94906267 + A.n",
        "A.m * 4503599627370495 + A.m * 3002399751580331 + B.k",
        "abs(A.m * 4503599627370495 + A.m * 3002399751580331 + B.k)",
        "max(A.m * 4503599627370495 - B.k * -3002399751580331, 1)",
        "(A.m + 0.0000152587890625)^2 * (A.m + 0.0000152587890625)^2 * 1048577 + A.n",
        "(A.m ? 9007199254740992 : 0.5) + B.k",
        "max(A.m * 9007199254740991, 0.5) + B.k",
        "A.n * A.n * A.n * A.n * A.n * A.n * 9007199254740991 + A.m",
    };
    for (size_t i = 0; i < sizeof formula / sizeof *formula; i++) {
        formula_game g = cast_game("", formula[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        complaints = 0;
        check_boxes(&g);
        if (complaints)
            fprintf(stderr, "\n    %s\n", formula[i]);
        CU_ASSERT_EQUAL(complaints, 0);
        free_game(&g);
    }
}

/* The comparison is within its error: the bound covers both branches. */
static void near_ties_cover_both_branches(void) {
    static const char *const formula[] = {
        "A.n * 0.2 + 0.2 <= 0.3 ? 1000 : -1000",   "A.n * 0.2 + 0.2 < 0.3 ? 1000 : -1000",
        "A.n * 0.2 + 0.2 == 0.3 ? A.m : B.k * 50", "(A.n * 0.2 + 0.2 - 0.3) ? 5 : 7",
        "!(A.n * 0.2 + 0.2 - 0.3)",                "A.n * 0.2 + 0.2 == 0.3 && A.m",
        "A.n * 0.2 + 0.2 != 0.3 || A.m",           "max(A.n * 0.2 + 0.2, 0.3) == 0.3 ? 1 : 9",
    };
    for (size_t i = 0; i < sizeof formula / sizeof *formula; i++) {
        formula_game g = cast_game("", formula[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        complaints = 0;
        check_boxes(&g);
        CU_ASSERT_EQUAL(complaints, 0);
        free_game(&g);
    }
}

static const dt_case cases[] = {
    {"random operands", random_operands},
    {"special values", special_values},
    {"undecided branches", undecided_branches},
    {"libm is within its charge", libm_is_within_its_charge},
    {"random formula games", random_formula_games},
    {"rows of random games", rows_of_random_games},
    {"integer games are exact", integer_games_are_exact},
    {"exactness ends", exactness_ends},
    {"near ties cover both branches", near_ties_cover_both_branches},
};

int main(void) {
    return DT_RUN_SUITE("kernels", cases);
}
