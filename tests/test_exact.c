/* Exact numbers: the rules of "What is exact" in docs/language.md, one by one, with values worked
 * out by hand or enclosed by Arb apart from the code under test. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exact_value.h"
#include "harness.h"

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
    return sign == DT_UNDECIDED  ? "undecided"
           : sign == DT_ZERO     ? "equal"
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

/* Squaring again and again is refused, or goes on as a ball, in time and with no gigabytes taken.
 */
static void squares(const char *start, int times) {
    dt_exact_context *c = dt_exact_context_new();
    dt_exact x;
    dt_exact_init(&x);
    CU_ASSERT_EQUAL(value(c, &x, start), DT_EXACT_OK);
    dt_exact_fault fault = DT_EXACT_OK;
    alarm(200); /* a hang, not a slow machine */
    for (int i = 0; i < times && fault == DT_EXACT_OK; i++)
        fault = dt_exact_mul(c, &x, &x, &x);
    alarm(0);
    dt_exact_clear(&x);
    dt_exact_context_free(c);
}

static void repeated_squaring(void) {
    squares("3", 64);
    squares("-7/5", 64);
    squares("2 s 1 +", 64);
    squares("2 s 3 s + 1/7 +", 40);
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

/* Towers of powers are answered or refused, never waited for. */
static void towers(void) {
    static const char *const tower[] = {
        "2 1000000000000000000 ^", "1/2 1000000000000000000 ^", "3 2 s 1000000000000 * ^",
        "2 2 s e e e ^",           "10 s 1000 ^ 1000 ^",        "2 l 1/1000000000000000001 ^",
        "-3 1000000000000001 ^",   "1000000000000 0 1 - * e",
    };
    for (size_t i = 0; i < sizeof tower / sizeof *tower; i++) {
        dt_exact_context *c = dt_exact_context_new();
        dt_exact x;
        dt_exact_init(&x);
        alarm(100); /* a hang, not a slow machine */
        dt_exact_fault fault = value(c, &x, tower[i]);
        if (fault == DT_EXACT_OK) {
            double radius, d = dt_exact_double(c, &x, &radius);
            CU_ASSERT(!isfinite(d) || fabs(d) < 1e-300 || !isnan(d));
        } else {
            note(fault == DT_EXACT_TOO_LARGE || fault == DT_EXACT_SIGN_UNDECIDED, tower[i],
                 dt_exact_fault_text(fault));
        }
        alarm(0);
        dt_exact_clear(&x);
        dt_exact_context_free(c);
    }
}

/* The double nearest to a fraction, small or large, against a division by Arb that rounds once. */
static void nearest_doubles(void) {
    flint_rand_t state;
    flint_randinit(state);
    fmpq_t q;
    arf_t above, below, quotient;
    fmpq_init(q);
    arf_init(above);
    arf_init(below);
    arf_init(quotient);
    for (int round = 0; round < 20000; round++) {
        fmpq_randbits(q, state, 1 + (flint_bitcnt_t)n_randint(state, 80));
        if (round % 4 == 0) /* dyadic, about where doubles end being exact */
            fmpq_set_si(q, (slong)((UINT64_C(1) << 53) + n_randint(state, 7) - 3),
                        UINT64_C(1) << n_randint(state, 60));
        arf_set_fmpz(above, fmpq_numref(q));
        arf_set_fmpz(below, fmpq_denref(q));
        int inexact = arf_div(quotient, above, below, 53, ARF_RND_NEAR), same;
        CU_ASSERT_EQUAL(dt_fmpq_double(q, &same), arf_get_d(quotient, ARF_RND_NEAR));
        CU_ASSERT_EQUAL(same != 0, inexact == 0);
    }
    arf_clear(quotient);
    arf_clear(below);
    arf_clear(above);
    fmpq_clear(q);
    flint_randclear(state);
}

static const dt_case cases[] = {
    {"nearest doubles", nearest_doubles},
    {"powers that are rational", powers_that_are_rational},
    {"perfect powers", perfect_powers},
    {"sqrt, exp(0), log(1)", square_roots_exp_log},
    {"integer powers up to 1024", integer_powers_up_to_1024},
    {"faults", faults},
    {"equal by structure", equal_by_structure},
    {"powers of one base", powers_of_one_base},
    {"undecided", undecided},
    {"near ties", near_ties},
    {"repeated squaring", repeated_squaring},
    {"high powers of an atom", high_powers_of_an_atom},
    {"towers", towers},
};

int main(void) {
    return DT_RUN_SUITE("exact", cases);
}
