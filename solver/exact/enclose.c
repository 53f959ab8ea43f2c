/* Balls around exact numbers: enclosures, signs, nearest doubles. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact/context.h"

static void enclose(dt_exact_context *c, arb_t ball, const dt_exact *x, slong precision);

static void compute_atom(dt_exact_context *c, const dt_exact_atom *a, arb_t ball, slong precision) {
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    enclose(c, x, &a->x, precision);
    switch (a->kind) {
    case DT_ATOM_POW:
        if (dt_exact_is_rational(&a->y)) {
            arb_pow_fmpq(ball, x, a->y.rational, precision);
        } else {
            enclose(c, y, &a->y, precision);
            arb_pow(ball, x, y, precision);
        }
        break;
    case DT_ATOM_EXP: arb_exp(ball, x, precision); break;
    case DT_ATOM_LOG: arb_log(ball, x, precision); break;
    case DT_ATOM_INV: arb_inv(ball, x, precision); break;
    case DT_ATOM_VALUE: arb_set(ball, x); break;
    case DT_ATOM_POSITIVE: /* [0, 1] */
        arb_one(ball);
        arb_mul_2exp_si(ball, ball, -1);
        mag_set_d(arb_radref(ball), 0.5);
        break;
    case DT_ATOM_OPEN: arb_zero_pm_inf(ball); break;
    }
    arb_clear(x);
    arb_clear(y);
}

/* The cached ball serves only at its own precision: a better one left over from an earlier question
 * would make what is printed depend on what a thread was asked before. */
static void enclose_atom(dt_exact_context *c, uint32_t atom, arb_t ball, slong precision) {
    dt_exact_atom *a = &c->atom[atom]; /* enclosing makes no atoms: it does not move */
    if (a->precision != precision) {
        arb_t fresh;
        arb_init(fresh);
        compute_atom(c, a, fresh, precision);
        arb_swap(a->ball, fresh);
        a->precision = precision;
        arb_clear(fresh);
    }
    arb_set(ball, a->ball);
}

static void enclose(dt_exact_context *c, arb_t ball, const dt_exact *x, slong precision) {
    arb_t sum, product, factor;
    arb_init(sum);
    arb_init(product);
    arb_init(factor);
    arb_set_fmpq(sum, x->rational, precision);
    for (size_t i = 0; i < x->terms; i++) {
        const dt_monomial *m = &c->monomial[x->term[i].monomial];
        arb_set_fmpq(product, x->term[i].coefficient, precision);
        for (size_t j = 0; j < m->factors; j++) {
            enclose_atom(c, m->factor[j].atom, factor, precision);
            fmpz_t power;
            fmpz_init_set_si(power, m->factor[j].power);
            arb_pow_fmpz(factor, factor, power, precision);
            fmpz_clear(power);
            arb_mul(product, product, factor, precision);
        }
        arb_add(sum, sum, product, precision);
    }
    arb_set(ball, sum);
    arb_clear(sum);
    arb_clear(product);
    arb_clear(factor);
}

enum { GUARD_BITS = 48 }; /* for what sums and nested functions lose */

void dt_exact_enclose(dt_exact_context *c, arb_t ball, const dt_exact *x, slong precision) {
    enclose(c, ball, x, precision + GUARD_BITS);
}

/* A sum of positive monomials has the sign of its coefficients, where they agree. */
static dt_sign sign_by_structure(const dt_exact_context *c, const dt_exact *x) {
    int sign = fmpq_sgn(x->rational);
    for (size_t i = 0; i < x->terms; i++) {
        const dt_monomial *m = &c->monomial[x->term[i].monomial];
        int s = fmpq_sgn(x->term[i].coefficient);
        if (!m->positive || (sign && s != sign))
            return DT_UNDECIDED;
        sign = s;
    }
    return sign < 0 ? DT_NEGATIVE : sign > 0 ? DT_POSITIVE : DT_UNDECIDED;
}

dt_sign dt_exact_sign(dt_exact_context *c, const dt_exact *x) {
    if (!x->terms) {
        int s = fmpq_sgn(x->rational);
        return s < 0 ? DT_NEGATIVE : s > 0 ? DT_POSITIVE : DT_ZERO;
    }
    dt_sign sign = sign_by_structure(c, x);
    if (sign != DT_UNDECIDED || dt_exact_is_open(c, x))
        return sign;
    arb_t ball;
    arb_init(ball);
    for (slong p = DT_FIRST_PRECISION; p <= DT_LAST_PRECISION && sign == DT_UNDECIDED; p *= 2) {
        dt_exact_enclose(c, ball, x, p);
        if (arb_is_positive(ball))
            sign = DT_POSITIVE;
        else if (arb_is_negative(ball))
            sign = DT_NEGATIVE;
        else if (dt_exact_is_undecided(c, x))
            break; /* more bits do not shrink an undecided 0 or 1 */
    }
    arb_clear(ball);
    return sign;
}

dt_sign dt_exact_compare(dt_exact_context *c, const dt_exact *x, const dt_exact *y) {
    if (!x->terms && !y->terms) {
        int s = fmpq_cmp(x->rational, y->rational);
        return s < 0 ? DT_NEGATIVE : s > 0 ? DT_POSITIVE : DT_ZERO;
    }
    dt_exact d;
    dt_exact_init(&d);
    dt_sign sign = dt_exact_sub(&d, x, y) == DT_EXACT_OK ? dt_exact_sign(c, &d) : DT_UNDECIDED;
    dt_exact_clear(&d);
    return sign;
}

double dt_radius_up(double r) {
    if (!(r > 0) || !isfinite(r))
        return r;
    char text[32], next[32];
    snprintf(text, sizeof text, "%.0e", r);
    double rounded = strtod(text, NULL);
    if (rounded >= r)
        return rounded;
    snprintf(next, sizeof next, "%d%s", text[0] - '0' + 1, strchr(text, 'e'));
    return strtod(next, NULL);
}

/* An upper bound of |x - d| as a double of one decimal digit. */
static double distance_bound(const arb_t ball, double d) {
    arb_t gap;
    arf_t upper;
    arb_init(gap);
    arf_init(upper);
    arb_set_d(gap, d);
    arb_sub(gap, ball, gap, DT_LAST_PRECISION);
    arb_get_abs_ubound_arf(upper, gap, 53);
    double bound = dt_radius_up(arf_get_d(upper, ARF_RND_UP));
    arb_clear(gap);
    arf_clear(upper);
    return bound;
}

/* Both sides of the fraction as doubles without rounding: dividing them rounds once, to nearest. */
static bool double_by_division(const fmpq_t q, double *d, int *same) {
    static const slong MOST = WORD(1) << 53;
    if (COEFF_IS_MPZ(*fmpq_numref(q)) || COEFF_IS_MPZ(*fmpq_denref(q)))
        return false;
    slong above = *fmpq_numref(q), below = *fmpq_denref(q);
    if (above < -MOST || above > MOST || below > MOST)
        return false;
    *d = (double)above / (double)below;
    if (same)
        *same = (below & (below - 1)) == 0;
    return true;
}

void dt_fmpq_from_double(fmpq_t q, double x) {
    arf_t a;
    arf_init(a);
    arf_set_d(a, x);
    arf_get_fmpq(q, a);
    arf_clear(a);
}

/* The precision rises until both ends of q's ball round to the same double. That ends: a tie is
 * dyadic, so its ball is exact once it holds all its bits, and any other q lies off the ties by a
 * positive distance. */
double dt_fmpq_double(const fmpq_t q, int *same) {
    double d = 0;
    if (double_by_division(q, &d, same))
        return d;
    arb_t ball;
    arf_t low, high;
    arb_init(ball);
    arf_init(low);
    arf_init(high);
    for (slong precision = 128;; precision *= 2) {
        arb_set_fmpq(ball, q, precision);
        arb_get_lbound_arf(low, ball, precision);
        arb_get_ubound_arf(high, ball, precision);
        d = arf_get_d(low, ARF_RND_NEAR);
        if (d == arf_get_d(high, ARF_RND_NEAR))
            break;
    }
    if (same) {
        fmpq_t back;
        fmpq_init(back);
        arf_set_d(low, isfinite(d) ? d : 0);
        arf_get_fmpq(back, low);
        *same = isfinite(d) && fmpq_equal(back, q);
        fmpq_clear(back);
    }
    arf_clear(high);
    arf_clear(low);
    arb_clear(ball);
    return d + 0.0; /* never -0 */
}

double dt_exact_double(dt_exact_context *c, const dt_exact *x, double *radius) {
    if (!x->terms) {
        if (radius)
            *radius = 0;
        return dt_fmpq_double(x->rational, NULL);
    }
    arb_t ball;
    arf_t low, high;
    arb_init(ball);
    arf_init(low);
    arf_init(high);
    double d = 0;
    for (slong p = 128; p <= DT_LAST_PRECISION; p *= 2) {
        dt_exact_enclose(c, ball, x, p);
        arb_get_lbound_arf(low, ball, p + 8);
        arb_get_ubound_arf(high, ball, p + 8);
        double a = arf_get_d(low, ARF_RND_NEAR), b = arf_get_d(high, ARF_RND_NEAR);
        d = a;
        if (a == b)
            break;
        d = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
        if (dt_exact_is_undecided(c, x))
            break;
    }
    if (radius)
        *radius = distance_bound(ball, d);
    arb_clear(ball);
    arf_clear(low);
    arf_clear(high);
    return d == 0 ? 0 : d; /* no -0 */
}
