/* Exact numbers as balls and doubles: enclosures against Arb apart from the code under test, the
 * nearest doubles against their neighbours, identities of random polynomials. */
#include <math.h>
#include <stdlib.h>

#include "exact_value.h"
#include "harness.h"

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

static const dt_case cases[] = {
    {"nearest doubles of rationals", nearest_doubles_of_rationals},
    {"nearest doubles of irrationals", nearest_doubles_of_irrationals},
    {"polynomial identities", polynomial_identities},
    {"answers do not depend on the past", answers_do_not_depend_on_the_past},
};

int main(void) {
    return DT_RUN_SUITE("exact balls", cases);
}
