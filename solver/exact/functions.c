/* Division, powers, exp and log of exact numbers: rational where they can be, else atoms. */
#include <stdlib.h>

#include "exact/context.h"

static dt_exact_fault atom_of(dt_exact_context *c, dt_exact *z, dt_atom_kind kind,
                              const dt_exact *x, const dt_exact *y) {
    uint32_t atom = 0;
    dt_exact_fault fault = dt_context_atom(c, kind, x, y, &atom);
    return fault == DT_EXACT_OK ? dt_exact_from_atom(c, z, atom, 1) : fault;
}

/* Is x = ratio × y? Both have terms. */
static bool proportional(const dt_exact *x, const dt_exact *y, fmpq_t ratio) {
    if (x->terms != y->terms)
        return false;
    fmpq_div(ratio, x->term[0].coefficient, y->term[0].coefficient);
    fmpq_t scaled;
    fmpq_init(scaled);
    fmpq_mul(scaled, ratio, y->rational);
    bool same = fmpq_equal(scaled, x->rational);
    for (size_t i = 0; same && i < x->terms; i++) {
        fmpq_mul(scaled, ratio, y->term[i].coefficient);
        same = x->term[i].monomial == y->term[i].monomial &&
               fmpq_equal(scaled, x->term[i].coefficient);
    }
    fmpq_clear(scaled);
    return same;
}

/* z = 1/y for y with terms and known not to be 0: the inverse monomial, or an atom of y divided by
 * its first coefficient (so that 1/(2a + 2b) and 1/(a + b) share). */
static dt_exact_fault invert(dt_exact_context *c, dt_exact *z, const dt_exact *y) {
    fmpq_t lead;
    fmpq_init(lead);
    fmpq_inv(lead, y->term[0].coefficient);
    dt_exact_fault fault = DT_EXACT_OK;
    if (y->terms == 1 && fmpq_is_zero(y->rational)) {
        fault = dt_exact_invert_monomial(c, z, y->term[0].monomial);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_scale(z, z, lead);
    } else {
        dt_exact monic;
        uint32_t atom = 0;
        dt_exact_init(&monic);
        fault = dt_exact_scale(&monic, y, lead);
        if (fault == DT_EXACT_OK)
            fault = dt_context_atom(c, DT_ATOM_INV, &monic, NULL, &atom);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_from_atom(c, z, atom, 1);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_scale(z, z, lead);
        dt_exact_clear(&monic);
    }
    fmpq_clear(lead);
    return fault;
}

/* y may be 0 for some value of an open number: 1/y is an atom, which no y cancels. */
static dt_exact_fault divide_by_open(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                                     const dt_exact *y) {
    dt_exact inverse;
    dt_exact_init(&inverse);
    dt_exact_fault fault = atom_of(c, &inverse, DT_ATOM_INV, y, NULL);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_mul(c, z, x, &inverse);
    dt_exact_clear(&inverse);
    return fault;
}

dt_exact_fault dt_exact_div(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                            const dt_exact *y) {
    fmpq_t ratio;
    fmpq_init(ratio);
    dt_exact_fault fault = DT_EXACT_OK;
    if (!y->terms) {
        if (fmpq_is_zero(y->rational)) {
            fault = DT_EXACT_DIVISION_BY_ZERO;
        } else {
            fmpq_inv(ratio, y->rational);
            fault = dt_exact_scale(z, x, ratio);
        }
        fmpq_clear(ratio);
        return fault;
    }
    if (dt_exact_sign(c, y) == DT_UNDECIDED) {
        fault = dt_exact_is_open(c, y) ? divide_by_open(c, z, x, y) : DT_EXACT_SIGN_UNDECIDED;
    } else if (x->terms && proportional(x, y, ratio)) {
        dt_exact_set_fmpq(z, ratio);
    } else {
        dt_exact inverse;
        dt_exact_init(&inverse);
        fault = invert(c, &inverse, y);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_mul(c, z, x, &inverse);
        dt_exact_clear(&inverse);
    }
    fmpq_clear(ratio);
    return fault;
}

/* DT_EXACT_TOO_LARGE where the digits would be too many: the caller keeps the power as an atom.
 * base^n for an integer n of size at most 1024, base rational and not 0 where n < 0. */
static dt_exact_fault rational_power(dt_exact *z, const fmpq_t base, slong n) {
    slong bits = (slong)(fmpz_bits(fmpq_numref(base)) + fmpz_bits(fmpq_denref(base)));
    if (bits > 2 && bits * labs(n) > 2 * (slong)DT_MAX_BITS)
        return DT_EXACT_TOO_LARGE;
    fmpq_t power;
    fmpq_init(power);
    fmpq_pow_si(power, base, n);
    dt_exact_set_fmpq(z, power);
    fmpq_clear(power);
    return DT_EXACT_OK;
}

/* x^n for x with terms, by squaring where the product stays short, else an atom. */
static dt_exact_fault polynomial_power(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                                       slong n) {
    bool monomial = x->terms == 1 && fmpq_is_zero(x->rational);
    if (!monomial && !(n >= 0 && n <= 4 && x->terms <= 4)) {
        dt_exact y;
        uint32_t atom = 0;
        dt_exact_init(&y);
        if (n < 0) { /* 1/x is an atom already: take its power */
            dt_exact inverse;
            dt_exact_init(&inverse);
            dt_exact_fault f = invert(c, &inverse, x);
            if (f == DT_EXACT_OK)
                f = polynomial_power(c, z, &inverse, -n);
            dt_exact_clear(&inverse);
            dt_exact_clear(&y);
            return f;
        }
        fmpq_set_si(y.rational, n, 1);
        dt_exact_fault fault = dt_context_atom(c, DT_ATOM_POW, x, &y, &atom);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_from_atom(c, z, atom, 1);
        dt_exact_clear(&y);
        return fault;
    }
    dt_exact base, product;
    dt_exact_init(&base);
    dt_exact_init(&product);
    fmpq_one(product.rational);
    dt_exact_fault fault = DT_EXACT_OK;
    if (n < 0)
        fault = invert(c, &base, x);
    else if (dt_exact_set(&base, x) != DT_OK)
        fault = DT_EXACT_MEMORY;
    for (slong k = labs(n); k && fault == DT_EXACT_OK; k >>= 1) {
        if (k & 1)
            fault = dt_exact_mul(c, &product, &product, &base);
        if (fault == DT_EXACT_OK && k > 1)
            fault = dt_exact_mul(c, &base, &base, &base);
    }
    if (fault == DT_EXACT_OK && dt_exact_set(z, &product) != DT_OK)
        fault = DT_EXACT_MEMORY;
    dt_exact_clear(&base);
    dt_exact_clear(&product);
    return fault;
}

/* Takes roots of x = r^k as long as numerator and denominator are perfect powers together; *k is
 * the product of the degrees. */
static void perfect_power(fmpq_t x, fmpz_t k) {
    fmpz_t top, bottom;
    fmpz_init(top);
    fmpz_init(bottom);
    fmpz_one(k);
    for (;;) {
        int a = fmpz_is_one(fmpq_numref(x)) ? 0 : fmpz_is_perfect_power(top, fmpq_numref(x));
        if (!a && !fmpz_is_one(fmpq_numref(x)))
            break;
        int b = fmpz_is_one(fmpq_denref(x)) ? 0 : fmpz_is_perfect_power(bottom, fmpq_denref(x));
        if (!b && !fmpz_is_one(fmpq_denref(x)))
            break;
        slong degree = (slong)n_gcd((ulong)a, (ulong)b); /* of 0 and b: b, where the other is 1 */
        if (degree < 2)
            break;
        fmpz_root(fmpq_numref(x), fmpq_numref(x), degree);
        fmpz_root(fmpq_denref(x), fmpq_denref(x), degree);
        fmpz_mul_si(k, k, degree);
    }
    fmpz_clear(top);
    fmpz_clear(bottom);
}

/* x^(p/q) of a positive rational x: with x = r^k and k as large as can be, the whole part of k p/q
 * is rational and the rest a power of the atom r^(1/q'), 0 < power < q'. So equal powers of
 * rationals are the same number however they were written. */
static dt_exact_fault root_power(dt_exact_context *c, dt_exact *z, const fmpq_t x,
                                 const fmpq_t exponent) {
    fmpq_t base, e;
    fmpz_t whole, k;
    fmpq_init(base);
    fmpq_init(e);
    fmpz_init(whole);
    fmpz_init(k);
    fmpq_set(base, x);
    perfect_power(base, k);
    fmpq_mul_fmpz(e, exponent, k);
    fmpz_fdiv_q(whole, fmpq_numref(e), fmpq_denref(e));
    dt_exact coefficient, by;
    dt_exact_init(&coefficient);
    dt_exact_init(&by);
    dt_exact_fault fault = DT_EXACT_OK;
    bool is_short = fmpz_cmpabs(whole, (fmpz[]){DT_MAX_INT_POWER * 64}) <= 0 &&
                    fmpz_cmp_si(fmpq_denref(e), INT32_MAX / 2) < 0;
    if (is_short && rational_power(&coefficient, base, fmpz_get_si(whole)) == DT_EXACT_OK) {
        fmpq_sub_fmpz(e, e, whole);
    } else { /* too large a whole part or degree: keep the power in one piece */
        is_short = false;
        fmpq_one(coefficient.rational);
    }
    if (fault == DT_EXACT_OK && fmpq_is_zero(e)) {
        dt_exact_set_fmpq(z, coefficient.rational);
    } else if (fault == DT_EXACT_OK) {
        dt_exact bx;
        uint32_t atom = 0;
        int32_t power = 1;
        dt_exact_init(&bx);
        fmpq_set(bx.rational, base);
        if (is_short) {
            power = (int32_t)fmpz_get_si(fmpq_numref(e));
            fmpz_one(fmpq_numref(e));
        }
        fmpq_set(by.rational, e);
        fault = dt_context_atom(c, DT_ATOM_POW, &bx, &by, &atom);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_from_atom(c, z, atom, power);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_scale(z, z, coefficient.rational);
        dt_exact_clear(&bx);
    }
    dt_exact_clear(&by);
    dt_exact_clear(&coefficient);
    fmpq_clear(base);
    fmpq_clear(e);
    fmpz_clear(whole);
    fmpz_clear(k);
    return fault;
}

dt_exact_fault dt_exact_pow(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                            const dt_exact *y) {
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    bool base_is_one = !x->terms && fmpq_is_one(x->rational);
    bool exponent_is_zero = !y->terms && fmpq_is_zero(y->rational);
    if (base_is_one || exponent_is_zero) {
        dt_exact_set_fmpq(z, one);
        fmpq_clear(one);
        return DT_EXACT_OK;
    }
    fmpq_clear(one);
    dt_sign sign = dt_exact_sign(c, x);
    bool integer = !y->terms && fmpz_is_one(fmpq_denref(y->rational));
    if (sign == DT_UNDECIDED && !(integer && fmpq_sgn(y->rational) > 0))
        return dt_exact_is_open(c, x) ? atom_of(c, z, DT_ATOM_POW, x, y) : DT_EXACT_SIGN_UNDECIDED;
    if (sign == DT_ZERO) {
        dt_sign s = dt_exact_sign(c, y);
        if (s == DT_UNDECIDED)
            return dt_exact_is_open(c, y) ? atom_of(c, z, DT_ATOM_POW, x, y)
                                          : DT_EXACT_SIGN_UNDECIDED;
        if (s == DT_NEGATIVE)
            return DT_EXACT_ZERO_TO_NEGATIVE;
        dt_exact_scale(z, x, x->rational); /* 0 */
        return DT_EXACT_OK;
    }
    if (sign == DT_NEGATIVE && !integer)
        return DT_EXACT_NEGATIVE_BASE;
    if (integer && fmpz_cmpabs(fmpq_numref(y->rational), (fmpz[]){DT_MAX_INT_POWER}) <= 0) {
        slong n = fmpz_get_si(fmpq_numref(y->rational));
        if (x->terms)
            return polynomial_power(c, z, x, n);
        dt_exact_fault fault = rational_power(z, x->rational, n);
        return fault == DT_EXACT_TOO_LARGE ? atom_of(c, z, DT_ATOM_POW, x, y) : fault;
    }
    if (!x->terms && !y->terms && !integer)
        return root_power(c, z, x->rational, y->rational);
    return atom_of(c, z, DT_ATOM_POW, x, y);
}

dt_exact_fault dt_exact_exp(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    if (!x->terms && fmpq_is_zero(x->rational)) {
        fmpq_t one;
        fmpq_init(one);
        fmpq_one(one);
        dt_exact_set_fmpq(z, one);
        fmpq_clear(one);
        return DT_EXACT_OK;
    }
    /* exp(1e300) has no ball that a double could hold: refuse before Arb tries */
    arb_t ball;
    arb_init(ball);
    dt_exact_enclose(c, ball, x, DT_FIRST_PRECISION);
    bool large = arf_cmpabs_2exp_si(arb_midref(ball), 20) > 0;
    arb_clear(ball);
    return large ? DT_EXACT_TOO_LARGE : atom_of(c, z, DT_ATOM_EXP, x, NULL);
}

dt_exact_fault dt_exact_log(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    switch (dt_exact_sign(c, x)) {
    case DT_UNDECIDED:
        return dt_exact_is_open(c, x) ? atom_of(c, z, DT_ATOM_LOG, x, NULL)
                                      : DT_EXACT_SIGN_UNDECIDED;
    case DT_ZERO:
    case DT_NEGATIVE: return DT_EXACT_LOG_NOT_POSITIVE;
    case DT_POSITIVE: break;
    }
    if (!x->terms && fmpq_is_one(x->rational)) {
        fmpq_t zero;
        fmpq_init(zero);
        dt_exact_set_fmpq(z, zero);
        fmpq_clear(zero);
        return DT_EXACT_OK;
    }
    return atom_of(c, z, DT_ATOM_LOG, x, NULL);
}

dt_exact_fault dt_exact_undecided_positive(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    return atom_of(c, z, DT_ATOM_POSITIVE, x, NULL);
}
