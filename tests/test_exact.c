/* Exact numbers: the rules of "What is exact" in docs/language.md, one by one, with values worked
 * out by hand or enclosed by Arb apart from the code under test. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "deterra/exact.h"
#include "harness.h"

enum { DEPTH = 16 };

/* Applies an operator to the top of the stack; the number of operands it took. */
static dt_exact_fault apply(dt_exact_context *c, char op, dt_exact *stack, int *depth) {
    dt_exact *y = &stack[*depth - 1], *x = *depth > 1 ? &stack[*depth - 2] : y;
    dt_exact half;
    dt_exact_fault fault;
    switch (op) {
    case 'e': return dt_exact_exp(c, y, y);
    case 'l': return dt_exact_log(c, y, y);
    case 's': /* square root, as a power */
        dt_exact_init(&half);
        fmpq_set_si(half.rational, 1, 2);
        fault = dt_exact_pow(c, y, y, &half);
        dt_exact_clear(&half);
        return fault;
    default: break;
    }
    --*depth;
    switch (op) {
    case '+': return dt_exact_add(x, x, y);
    case '-': return dt_exact_sub(x, x, y);
    case '*': return dt_exact_mul(c, x, x, y);
    case '/': return dt_exact_div(c, x, x, y);
    case '^': return dt_exact_pow(c, x, x, y);
    default: CU_FAIL_FATAL("unknown operator"); return DT_EXACT_MEMORY;
    }
}

/* z = the value of an expression in postfix: rationals, + - * / ^, e(xp), l(og), s(qrt). */
static dt_exact_fault value(dt_exact_context *c, dt_exact *z, const char *postfix) {
    dt_exact stack[DEPTH];
    for (int i = 0; i < DEPTH; i++)
        dt_exact_init(&stack[i]);
    int depth = 0;
    dt_exact_fault fault = DT_EXACT_OK;
    char copy[512], *rest = copy;
    snprintf(copy, sizeof copy, "%s", postfix);
    for (char *token; fault == DT_EXACT_OK && (token = strtok_r(rest, " ", &rest));) {
        bool number = strchr("0123456789", token[0]) || (token[0] == '-' && token[1]);
        if (number) {
            fmpq_t q;
            fmpq_init(q);
            CU_ASSERT_EQUAL(fmpq_set_str(q, token, 10), 0);
            dt_exact_set_fmpq(&stack[depth++], q);
            fmpq_clear(q);
        } else {
            fault = apply(c, token[0], stack, &depth);
        }
    }
    if (fault == DT_EXACT_OK) {
        CU_ASSERT_EQUAL(depth, 1);
        CU_ASSERT_EQUAL(dt_exact_set(z, &stack[0]), DT_OK);
    }
    for (int i = 0; i < DEPTH; i++)
        dt_exact_clear(&stack[i]);
    return fault;
}

static void note(bool good, const char *what, const char *detail) {
    if (!good)
        fprintf(stderr, "\n    failed: %s %s\n", what, detail);
    CU_ASSERT(good);
}

static void is_rational(const char *postfix, const char *wanted) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    fmpq_t q;
    dt_exact_init(&x);
    fmpq_init(q);
    fmpq_set_str(q, wanted, 10);
    dt_exact_fault fault = value(c, &x, postfix);
    note(fault == DT_EXACT_OK && dt_exact_is_rational(&x) && fmpq_equal(x.rational, q), postfix,
         wanted);
    fmpq_clear(q);
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

static void powers_that_are_rational(void) {
    is_rational("2 10 ^", "1024");
    is_rational("-3/2 3 ^", "-27/8");
    is_rational("-3/2 -3 ^", "-8/27");
    is_rational("2/3 -2 ^", "9/4");
    is_rational("0 0 ^", "1");
    is_rational("0 3 ^", "0");
    is_rational("0 7/10 ^", "0");
    is_rational("7 0 ^", "1");
    is_rational("2 s 0 ^", "1");
    is_rational("-7/3 0 ^", "1");
    is_rational("1 7/10 ^", "1");
    is_rational("1 1000000 ^", "1");
    is_rational("1 2 s ^", "1");
    is_rational("1 0 2 s - ^", "1");
    is_rational("0 2 s ^", "0"); /* 0 to a positive irrational */
    is_rational("-1 1023 ^", "-1");
    is_rational("-1 1024 ^", "1");
}

static void perfect_powers(void) {
    is_rational("4 1/2 ^", "2");
    is_rational("4 -1/2 ^", "1/2");
    is_rational("8 1/3 ^", "2");
    is_rational("8/27 2/3 ^", "4/9");
    is_rational("8/27 -2/3 ^", "9/4");
    is_rational("16/81 3/4 ^", "8/27");
    is_rational("16/81 -5/4 ^", "243/32");
    is_rational("1/1024 7/10 ^", "1/128");
    is_rational("1024 3/10 ^", "8");
}

static void square_roots_exp_log(void) {
    is_rational("9/16 s", "3/4");
    is_rational("0 s", "0");
    is_rational("1 s", "1");
    is_rational("0 e", "1");
    is_rational("1 l", "0");
    is_rational("2 s 2 s - e", "1"); /* exp of an irrational difference that is 0 */
}

/* The edges of the rule "an integer of at most 1024 in size". */
static void integer_powers_up_to_1024(void) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    fmpq_t power;
    fmpz_t n;
    dt_exact_init(&x);
    fmpq_init(power);
    fmpz_init(n);
    fmpz_one(n);
    fmpz_mul_2exp(n, n, 1024);
    CU_ASSERT_EQUAL(value(c, &x, "2 1024 ^"), DT_EXACT_OK);
    CU_ASSERT(dt_exact_is_rational(&x));
    fmpq_set_fmpz(power, n);
    CU_ASSERT(fmpq_equal(x.rational, power));
    CU_ASSERT_EQUAL(value(c, &x, "2 -1024 ^"), DT_EXACT_OK);
    fmpq_inv(power, power);
    CU_ASSERT(dt_exact_is_rational(&x) && fmpq_equal(x.rational, power));
    CU_ASSERT_EQUAL(value(c, &x, "3 -1025 ^"), DT_EXACT_OK);
    CU_ASSERT_FALSE(dt_exact_is_rational(&x));
    CU_ASSERT_EQUAL(dt_exact_sign(c, &x), DT_POSITIVE);
    CU_ASSERT_EQUAL(value(c, &x, "-101/100 1025 ^"), DT_EXACT_OK);
    CU_ASSERT_FALSE(dt_exact_is_rational(&x));
    CU_ASSERT_EQUAL(dt_exact_sign(c, &x), DT_NEGATIVE);
    double radius, d = dt_exact_double(c, &x, &radius);
    CU_ASSERT_DOUBLE_EQUAL(d, -pow(1.01, 1025), 1e-9 * pow(1.01, 1025));
    fmpz_clear(n);
    fmpq_clear(power);
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

static void faults_with(const char *postfix, dt_exact_fault wanted) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    dt_exact_init(&x);
    dt_exact_fault fault = value(c, &x, postfix);
    note(fault == wanted, postfix, dt_exact_fault_text(fault));
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

static void faults(void) {
    faults_with("1 0 /", DT_EXACT_DIVISION_BY_ZERO);
    faults_with("0 0 /", DT_EXACT_DIVISION_BY_ZERO);
    faults_with("2 s 0 /", DT_EXACT_DIVISION_BY_ZERO);
    faults_with("2 s 2 s 2 s - /", DT_EXACT_DIVISION_BY_ZERO);
    faults_with("0 -1 ^", DT_EXACT_ZERO_TO_NEGATIVE);
    faults_with("0 -1/2 ^", DT_EXACT_ZERO_TO_NEGATIVE);
    faults_with("0 0 2 s - ^", DT_EXACT_ZERO_TO_NEGATIVE);
    faults_with("-2 1/2 ^", DT_EXACT_NEGATIVE_BASE);
    faults_with("-8 1/3 ^", DT_EXACT_NEGATIVE_BASE);
    faults_with("-2 2 s ^", DT_EXACT_NEGATIVE_BASE);
    faults_with("1 2 s - 1/2 ^", DT_EXACT_NEGATIVE_BASE);
    faults_with("0 l", DT_EXACT_LOG_NOT_POSITIVE);
    faults_with("-1 l", DT_EXACT_LOG_NOT_POSITIVE);
    faults_with("1 2 s - l", DT_EXACT_LOG_NOT_POSITIVE);
    faults_with("1 2 s 3 s * 6 s - /", DT_EXACT_SIGN_UNDECIDED);
    faults_with("2 s 3 s * 6 s - l", DT_EXACT_SIGN_UNDECIDED);
    faults_with("2 s 3 s * 6 s - 1/2 ^", DT_EXACT_SIGN_UNDECIDED);
    faults_with("1000000000000 e", DT_EXACT_TOO_LARGE);
    for (int f = DT_EXACT_OK; f <= DT_EXACT_MEMORY; f++)
        CU_ASSERT(strlen(dt_exact_fault_text((dt_exact_fault)f)) > 3);
}

static const char *sign_name(dt_sign sign) {
    return sign == DT_UNDECIDED ? "undecided"
           : sign == DT_ZERO    ? "equal"
           : sign == DT_NEGATIVE ? "less"
                                 : "greater";
}

static void compares(const char *left, const char *right, dt_sign wanted) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x, y;
    dt_exact_init(&x);
    dt_exact_init(&y);
    CU_ASSERT_EQUAL(value(c, &x, left), DT_EXACT_OK);
    CU_ASSERT_EQUAL(value(c, &y, right), DT_EXACT_OK);
    dt_sign sign = dt_exact_compare(c, &x, &y), back = dt_exact_compare(c, &y, &x);
    char detail[256];
    snprintf(detail, sizeof detail, "against %s is %s", right, sign_name(sign));
    note(sign == wanted, left, detail);
    CU_ASSERT_EQUAL(back, wanted == DT_NEGATIVE   ? DT_POSITIVE
                          : wanted == DT_POSITIVE ? DT_NEGATIVE
                                                  : wanted);
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    dt_exact_context_free(c);
}

static void equal_by_structure(void) {
    compares("29/31 17/10 ^", "29/31 29/31 7/10 ^ *", DT_ZERO); /* P^1.7 and P P^0.7 */
    compares("2 s 2 ^", "2", DT_ZERO);
    compares("2 1/3 ^ 3 ^", "2", DT_ZERO);
    compares("3 2/3 ^ 3 ^", "9", DT_ZERO);
    compares("2 7/3 ^", "4 2 1/3 ^ *", DT_ZERO);
    compares("4 1/4 ^", "2 s", DT_ZERO);
    compares("2 s 3 s +", "3 s 2 s +", DT_ZERO);
    compares("2 s 3 s + 5 s +", "5 s 2 s + 3 s +", DT_ZERO);
    compares("2 s 3 s *", "3 s 2 s *", DT_ZERO);
    compares("6 2 s * 4 2 s * /", "3/2", DT_ZERO);
    compares("2 s 3 s * 2 s /", "3 s", DT_ZERO);
    compares("2 s 1 + 3 *  7 2 s * 7 + /", "3/7", DT_ZERO);
    compares("3 2 s 1 + /", "6 2 s 2 * 2 + /", DT_ZERO);
    compares("1/3 e 2 l *", "2 l 1/3 e *", DT_ZERO);
    compares("2 s 1 + 2 ^", "3 2 2 s * +", DT_ZERO);
    compares("2 s 3 s + 2 s 3 s - *", "-1", DT_ZERO);
    compares("2 s 1 + e 1 +", "1 1 2 s + e +", DT_ZERO); /* exp of equal operands */
    compares("2 -1/2 ^", "2 s 2 /", DT_ZERO);
}

/* Equal numbers that one normal form of powers of one base would make equal: a power of a root is
 * a root, also below the bar. Where this fails, ties of payoffs are reported as `numeric`. */
static void powers_of_one_base(void) {
    compares("2 7/10 ^ 2 ^", "2 2 2/5 ^ *", DT_ZERO); /* (P^0.7)^2 and P P^0.4 */
    compares("1 2 s /", "2 s 2 /", DT_ZERO);          /* 1/√2 and √2/2 */
    compares("1 2 s /", "2 -1/2 ^", DT_ZERO);
    compares("2 3/10 ^ 2 7/10 ^ *", "2", DT_ZERO); /* P^0.3 P^0.7 */
}

static void undecided(void) {
    compares("2 s 3 s *", "6 s", DT_UNDECIDED);
    compares("8 s", "2 2 s *", DT_ZERO); /* roots of one base are gathered */
    compares("2 l 2 *", "4 l", DT_UNDECIDED);
    compares("2 e", "1 e 2 ^", DT_UNDECIDED);
    compares("2 l e", "2", DT_UNDECIDED);
    compares("5 2 6 s * + s", "2 s 3 s +", DT_UNDECIDED); /* √(5+2√6) = √2+√3 */
}

/* Differences that 64 bits cannot see. */
static void near_ties(void) {
    /* (1+h)^(1/2) < 1 + h/2 by h²/8: at h = 1e-30 that is 1.25e-61 */
    compares("1000000000000000000000000000001/1000000000000000000000000000000 s",
             "2000000000000000000000000000001/2000000000000000000000000000000", DT_NEGATIVE);
    compares("2 s", "14142135623730950488/10000000000000000000", DT_POSITIVE);
    compares("2 s", "14142135623730950489/10000000000000000000", DT_NEGATIVE);
    compares("1 e", "325368125/119696244", DT_POSITIVE); /* a convergent of e, off by 2e-16 */
    /* (√2-1)^k is positive however small: 1e-115 at k = 300 */
    compares("2 s 1 - 300 ^", "0", DT_POSITIVE);
    /* √2 + √3 against its first 60 decimals, cut off and raised by one */
#define DECIMALS_60 "000000000000000000000000000000000000000000000000000000000000"
    compares("2 s 3 s +",
             "3146264369941972342329135065715570445512477129187328701232486/1" DECIMALS_60,
             DT_POSITIVE);
    compares("2 s 3 s +",
             "3146264369941972342329135065715570445512477129187328701232487/1" DECIMALS_60,
             DT_NEGATIVE);
}

/* Is d the double nearest to q, ties to even? Checked against its two neighbours. */
static bool is_nearest(const fmpq_t q, double d) {
    if (!isfinite(d))
        return false;
    fmpq_t near, gap, other;
    arf_t a;
    fmpq_init(near);
    fmpq_init(gap);
    fmpq_init(other);
    arf_init(a);
    arf_set_d(a, d);
    arf_get_fmpq(near, a);
    fmpq_sub(gap, q, near);
    fmpq_abs(gap, gap);
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    bool good = true, even = bits % 2 == 0;
    for (int side = 0; side < 2; side++) {
        double next = nextafter(d, side ? INFINITY : -INFINITY);
        if (!isfinite(next))
            continue;
        arf_set_d(a, next);
        arf_get_fmpq(near, a);
        fmpq_sub(other, q, near);
        fmpq_abs(other, other);
        int order = fmpq_cmp(gap, other);
        good = good && (order < 0 || (order == 0 && even));
    }
    arf_clear(a);
    fmpq_clear(near);
    fmpq_clear(gap);
    fmpq_clear(other);
    return good;
}

static void check_double(dt_exact_context *c, const fmpq_t q) {
    dt_exact x;
    dt_exact_init(&x);
    dt_exact_set_fmpq(&x, q);
    double radius = 1, d = dt_exact_double(c, &x, &radius);
    if (!is_nearest(q, d)) {
        char *text = fmpq_get_str(NULL, 10, q);
        fprintf(stderr, "\n    %.60s is not %a\n", text, d);
        flint_free(text);
        CU_FAIL("not the nearest double");
    }
    CU_ASSERT_EQUAL(radius, 0);
    CU_ASSERT(d != 0 || !signbit(d));
    dt_exact_clear(&x);
}

static void nearest_doubles_of_rationals(void) {
    dt_exact_context *c = dt_exact_context_new();
    flint_rand_t random;
    flint_randinit(random);
    fmpq_t q, tiny;
    fmpz_t n;
    fmpq_init(q);
    fmpq_init(tiny);
    fmpz_init(n);
    for (int i = 0; i < 2000; i++) {
        fmpz_randbits(fmpq_numref(q), random, (ulong)(1 + (i * 7) % 190));
        fmpz_randbits(n, random, (ulong)(1 + (i * 13) % 150));
        fmpz_set_si(fmpq_denref(q), 1);
        fmpq_div_fmpz(q, q, n);
        check_double(c, q);
        fmpq_div_2exp(q, q, 950 + (ulong)(i % 150)); /* down into the subnormals, and to 0 */
        check_double(c, q);
    }
    /* ties, and ties missed by 2^-5000 */
    for (int i = 0; i < 200; i++) {
        fmpz_randbits(n, random, 53);
        fmpz_abs(n, n);
        fmpz_mul_2exp(n, n, 1);
        fmpz_add_ui(n, n, 1);
        fmpq_set_fmpz(q, n);
        fmpq_div_2exp(q, q, (ulong)(i % 4 * 365)); /* the last is subnormal */
        check_double(c, q);
        fmpq_set_si(tiny, i % 2 ? 1 : -1, 1);
        fmpq_div_2exp(tiny, tiny, 5000);
        fmpq_add(q, q, tiny);
        check_double(c, q);
    }
    fmpz_clear(n);
    fmpq_clear(tiny);
    fmpq_clear(q);
    flint_randclear(random);
    dt_exact_context_free(c);
}

/* x = a^(p/q), exp(p/q) or log(a): Arb at 400 bits, apart from dt_exact, says where it lies. */
static void nearest_doubles_of_irrationals(void) {
    dt_exact_context *c = dt_exact_context_new();
    unsigned seed = 12345;
    arb_t truth, gap, other;
    fmpq_t a, b;
    arb_init(truth);
    arb_init(gap);
    arb_init(other);
    fmpq_init(a);
    fmpq_init(b);
    for (int i = 0; i < 600; i++) {
        seed = seed * 1664525u + 1013904223u;
        fmpq_set_si(a, (slong)(seed >> 8) % 1000 + 2, (seed >> 20) % 97 + 1);
        fmpq_set_si(b, (slong)(seed >> 12) % 41 - 20, (seed >> 4) % 13 + 1);
        char postfix[96], sa[32], sb[32];
        fmpq_get_str(sa, 10, a);
        fmpq_get_str(sb, 10, b);
        const char *form = i % 3 == 0 ? "%s %s ^" : i % 3 == 1 ? "%2$s e" : "%1$s l";
        snprintf(postfix, sizeof postfix, form, sa, sb);
        arb_set_fmpq(truth, a, 400);
        if (i % 3 == 0)
            arb_pow_fmpq(truth, truth, b, 400);
        else if (i % 3 == 2)
            arb_log(truth, truth, 400);
        else {
            arb_set_fmpq(truth, b, 400);
            arb_exp(truth, truth, 400);
        }
        dt_exact x;
        dt_exact_init(&x);
        CU_ASSERT_EQUAL(value(c, &x, postfix), DT_EXACT_OK);
        double radius, d = dt_exact_double(c, &x, &radius);
        arb_set_d(gap, d);
        arb_sub(gap, truth, gap, 400);
        arb_abs(gap, gap);
        for (int side = 0; side < 2; side++) {
            arb_set_d(other, nextafter(d, side ? INFINITY : -INFINITY));
            arb_sub(other, truth, other, 400);
            arb_abs(other, other);
            note(arb_le(gap, other) || arb_overlaps(gap, other), "nearest", postfix);
        }
        if (dt_exact_is_rational(&x)) {
            CU_ASSERT_EQUAL(radius, 0);
        } else {
            arb_set_d(other, radius);
            note(arb_le(gap, other), "radius too small", postfix);
            CU_ASSERT(radius <= fabs(d) * 0x1p-51); /* and not wasteful */
        }
        dt_exact_clear(&x);
    }
    fmpq_clear(a);
    fmpq_clear(b);
    arb_clear(truth);
    arb_clear(gap);
    arb_clear(other);
    dt_exact_context_free(c);
}

/* Squaring again and again is refused in time, with no gigabytes taken. */
static void squares(const char *start, int times, bool must_refuse) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    dt_exact_init(&x);
    CU_ASSERT_EQUAL(value(c, &x, start), DT_EXACT_OK);
    dt_exact_fault fault = DT_EXACT_OK;
    clock_t begin = clock();
    for (int i = 0; i < times && fault == DT_EXACT_OK; i++)
        fault = dt_exact_mul(c, &x, &x, &x);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    note(seconds < 60, "slow to square:", start);
    if (must_refuse)
        note(fault == DT_EXACT_TOO_LARGE, "not refused:", start);
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

static void repeated_squaring(void) {
    squares("3", 64, true);
    squares("-7/5", 64, true);
    squares("2 s 1 +", 64, true);
    squares("2 s 3 s + 1/7 +", 40, false);
}

/* exp(1e-10) squared 33 times is exp(0.8589934592), whatever its powers are counted in. */
static void high_powers_of_an_atom(void) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    dt_exact_init(&x);
    CU_ASSERT_EQUAL(value(c, &x, "1/10000000000 e"), DT_EXACT_OK);
    dt_exact_fault fault = DT_EXACT_OK;
    for (int i = 1; i <= 33 && fault == DT_EXACT_OK; i++) {
        fault = dt_exact_mul(c, &x, &x, &x);
        double wanted = exp(ldexp(1e-10, i)), got = dt_exact_double(c, &x, NULL);
        if (fault == DT_EXACT_OK)
            note(fabs(got - wanted) < 1e-9, "exp(1e-10)^(2^33)", "is wrong");
    }
    CU_ASSERT(fault == DT_EXACT_OK || fault == DT_EXACT_TOO_LARGE); /* honest either way */
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

enum { ATOMS = 5, PARTS = 4 };
static const char *const ATOM[ATOMS] = {"2 s", "31/29 7/10 ^", "1/3 e", "2 l", "3 1/3 ^"};

static void atom_ball(arb_t z, int i) {
    fmpq_t q;
    fmpq_init(q);
    slong p = 512;
    arb_set_si(z, i == 0 || i == 3 ? 2 : i == 4 ? 3 : 31);
    switch (i) {
    case 0: arb_sqrt(z, z, p); break;
    case 1:
        arb_div_ui(z, z, 29, p);
        fmpq_set_si(q, 7, 10);
        arb_pow_fmpq(z, z, q, p);
        break;
    case 2:
        arb_one(z);
        arb_div_ui(z, z, 3, p);
        arb_exp(z, z, p);
        break;
    case 3: arb_log(z, z, p); break;
    default: arb_root_ui(z, z, 3, p); break;
    }
    fmpq_clear(q);
}

/* A random sum of products of atoms, exactly in x and as a ball. */
static void random_polynomial(dt_exact_context *c, unsigned *seed, dt_exact *x, arb_t ball) {
    dt_exact product, atom;
    arb_t part, factor;
    fmpq_t q;
    dt_exact_init(&product);
    dt_exact_init(&atom);
    arb_init(part);
    arb_init(factor);
    fmpq_init(q);
    dt_exact_set_fmpq(x, q);
    arb_zero(ball);
    for (int i = 0; i < PARTS; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        fmpq_set_si(q, (slong)(*seed >> 10) % 21 - 10, (*seed >> 20) % 6 + 1);
        dt_exact_set_fmpq(&product, q);
        arb_set_fmpq(part, q, 512);
        for (int k = 0; k < 3; k++) {
            int a = (int)((*seed >> (3 * k + 5)) % (ATOMS + 1));
            if (a == ATOMS)
                continue;
            CU_ASSERT_EQUAL(value(c, &atom, ATOM[a]), DT_EXACT_OK);
            CU_ASSERT_EQUAL(dt_exact_mul(c, &product, &product, &atom), DT_EXACT_OK);
            atom_ball(factor, a);
            arb_mul(part, part, factor, 512);
        }
        CU_ASSERT_EQUAL(dt_exact_add(x, x, &product), DT_EXACT_OK);
        arb_add(ball, ball, part, 512);
    }
    fmpq_clear(q);
    arb_clear(part);
    arb_clear(factor);
    dt_exact_clear(&product);
    dt_exact_clear(&atom);
}

/* The enclosure overlaps the true ball, and is as fine as was asked. */
static void check_ball(dt_exact_context *c, const dt_exact *x, const arb_t truth) {
    arb_t found;
    arb_init(found);
    dt_exact_enclose(c, found, x, 300);
    CU_ASSERT(arb_overlaps(found, truth));
    CU_ASSERT(mag_cmp_2exp_si(arb_radref(found), -200) < 0);
    arb_clear(found);
}

static void polynomial_identities(void) {
    dt_exact_context *c = dt_exact_context_new();
    unsigned seed = 2024;
    for (int round = 0; round < 150; round++) {
        dt_exact x[3], left, right, part;
        arb_t ball[3], truth;
        arb_init(truth);
        dt_exact_init(&left);
        dt_exact_init(&right);
        dt_exact_init(&part);
        for (int i = 0; i < 3; i++) {
            dt_exact_init(&x[i]);
            arb_init(ball[i]);
            random_polynomial(c, &seed, &x[i], ball[i]);
            check_ball(c, &x[i], ball[i]);
        }
        /* (x + y) z = x z + y z, and both are where Arb puts them */
        CU_ASSERT_EQUAL(dt_exact_add(&left, &x[0], &x[1]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &left, &left, &x[2]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &right, &x[2], &x[0]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &part, &x[1], &x[2]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_add(&right, &right, &part), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_compare(c, &left, &right), DT_ZERO);
        arb_add(truth, ball[0], ball[1], 512);
        arb_mul(truth, truth, ball[2], 512);
        check_ball(c, &left, truth);
        /* (x - y)(x + y) = x² - y² */
        CU_ASSERT_EQUAL(dt_exact_sub(&left, &x[0], &x[1]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_add(&right, &x[0], &x[1]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &left, &left, &right), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &right, &x[0], &x[0]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_mul(c, &part, &x[1], &x[1]), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_sub(&right, &right, &part), DT_EXACT_OK);
        CU_ASSERT_EQUAL(dt_exact_compare(c, &left, &right), DT_ZERO);
        /* the sign is the ball's, for what is not 0 */
        if (!arb_contains_zero(truth))
            CU_ASSERT_EQUAL(dt_exact_sign(c, &left) == DT_UNDECIDED, 0);
        for (int i = 0; i < 3; i++) {
            dt_sign sign = dt_exact_sign(c, &x[i]);
            CU_ASSERT(arb_is_positive(ball[i])   ? sign == DT_POSITIVE
                      : arb_is_negative(ball[i]) ? sign == DT_NEGATIVE
                                                 : sign == DT_ZERO);
            dt_exact_clear(&x[i]);
            arb_clear(ball[i]);
        }
        arb_clear(truth);
        dt_exact_clear(&left);
        dt_exact_clear(&right);
        dt_exact_clear(&part);
    }
    dt_exact_context_free(c);
}

/* What was asked before does not change an answer: a fresh context gives the same bytes. */
static void answers_do_not_depend_on_the_past(void) {
    dt_exact_context *used = dt_exact_context_new(), *fresh = dt_exact_context_new();
    dt_exact x, y, tie;
    dt_exact_init(&x);
    dt_exact_init(&y);
    dt_exact_init(&tie);
    const char *what = "2 s 3 s * 6 s - 1/3 +";
    CU_ASSERT_EQUAL(value(used, &tie, "2 s 3 s * 6 s -"), DT_EXACT_OK);
    CU_ASSERT_EQUAL(dt_exact_sign(used, &tie), DT_UNDECIDED); /* fills caches at 4096 bits */
    CU_ASSERT_EQUAL(value(used, &x, what), DT_EXACT_OK);
    CU_ASSERT_EQUAL(value(fresh, &y, what), DT_EXACT_OK);
    double rx, ry, dx = dt_exact_double(used, &x, &rx), dy = dt_exact_double(fresh, &y, &ry);
    CU_ASSERT_EQUAL(dx, dy);
    CU_ASSERT_EQUAL(rx, ry);
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    dt_exact_clear(&tie);
    dt_exact_context_free(used);
    dt_exact_context_free(fresh);
}

/* Towers of powers are answered or refused, never waited for. */
static void towers(void) {
    static const char *const tower[] = {
        "2 1000000000000000000 ^", "1/2 1000000000000000000 ^",  "3 2 s 1000000000000 * ^",
        "2 2 s e e e ^",           "10 s 1000 ^ 1000 ^",         "2 l 1/1000000000000000001 ^",
        "-3 1000000000000001 ^",   "1000000000000 0 1 - * e",
    };
    for (size_t i = 0; i < sizeof tower / sizeof *tower; i++) {
        dt_exact_context *c = dt_exact_context_new();
        dt_exact x;
        dt_exact_init(&x);
        clock_t begin = clock();
        dt_exact_fault fault = value(c, &x, tower[i]);
        if (fault == DT_EXACT_OK) {
            double radius, d = dt_exact_double(c, &x, &radius);
            CU_ASSERT(!isfinite(d) || fabs(d) < 1e-300 || !isnan(d));
        } else {
            note(fault == DT_EXACT_TOO_LARGE || fault == DT_EXACT_SIGN_UNDECIDED, tower[i],
                 dt_exact_fault_text(fault));
        }
        note((double)(clock() - begin) / CLOCKS_PER_SEC < 20, "slow:", tower[i]);
        dt_exact_clear(&x);
        dt_exact_context_free(c);
    }
}

static const dt_case cases[] = {
    {"powers that are rational", powers_that_are_rational},
    {"perfect powers", perfect_powers},
    {"sqrt, exp(0), log(1)", square_roots_exp_log},
    {"integer powers up to 1024", integer_powers_up_to_1024},
    {"faults", faults},
    {"equal by structure", equal_by_structure},
    {"powers of one base", powers_of_one_base},
    {"undecided", undecided},
    {"near ties", near_ties},
    {"nearest doubles of rationals", nearest_doubles_of_rationals},
    {"nearest doubles of irrationals", nearest_doubles_of_irrationals},
    {"repeated squaring", repeated_squaring},
    {"high powers of an atom", high_powers_of_an_atom},
    {"polynomial identities", polynomial_identities},
    {"answers do not depend on the past", answers_do_not_depend_on_the_past},
    {"towers", towers},
};

int main(void) {
    return DT_RUN_SUITE("exact", cases);
}
