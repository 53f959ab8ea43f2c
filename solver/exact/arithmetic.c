/* Sums and products of exact numbers, as sparse polynomials over atoms. */
#include <stdlib.h>

#include "exact/context.h"

const char *dt_exact_fault_text(dt_exact_fault fault) {
    switch (fault) {
    case DT_EXACT_OK: return "no fault";
    case DT_EXACT_DIVISION_BY_ZERO: return "division by zero";
    case DT_EXACT_ZERO_TO_NEGATIVE: return "0 to a negative power";
    case DT_EXACT_NEGATIVE_BASE: return "a negative number to a power that is not an integer";
    case DT_EXACT_LOG_NOT_POSITIVE: return "log of a number that is not positive";
    case DT_EXACT_SQRT_NEGATIVE: return "sqrt of a negative number";
    case DT_EXACT_SIGN_UNDECIDED: return "a sign that 4096 bits cannot tell from zero";
    case DT_EXACT_TOO_LARGE: return "a number beyond the range of a double, or of too many digits";
    case DT_EXACT_TOO_DEEP: return "irrational functions nested more than 1000 deep";
    case DT_EXACT_MEMORY: return "out of memory";
    }
    return "unknown fault";
}

void dt_exact_init(dt_exact *x) {
    fmpq_init(x->rational);
    x->terms = 0;
    x->term = NULL;
}

static void clear_terms(dt_exact *x) {
    for (size_t i = 0; i < x->terms; i++)
        fmpq_clear(x->term[i].coefficient);
    free(x->term);
    x->term = NULL;
    x->terms = 0;
}

void dt_exact_clear(dt_exact *x) {
    clear_terms(x);
    fmpq_clear(x->rational);
}

dt_exact *dt_exact_array_new(size_t count) {
    dt_exact *x = malloc((count ? count : 1) * sizeof *x);
    for (size_t i = 0; x && i < count; i++)
        dt_exact_init(&x[i]);
    return x;
}

void dt_exact_array_free(dt_exact *x, size_t count) {
    for (size_t i = 0; x && i < count; i++)
        dt_exact_clear(&x[i]);
    free(x);
}

dt_exact_fault dt_exact_reserve(dt_exact *z, size_t terms) {
    clear_terms(z);
    if (!terms)
        return DT_EXACT_OK;
    z->term = malloc(terms * sizeof *z->term);
    if (!z->term)
        return DT_EXACT_MEMORY;
    for (size_t i = 0; i < terms; i++)
        fmpq_init(z->term[i].coefficient);
    z->terms = terms;
    return DT_EXACT_OK;
}

dt_status dt_exact_set(dt_exact *x, const dt_exact *y) {
    if (x == y)
        return DT_OK;
    if (dt_exact_reserve(x, y->terms) != DT_EXACT_OK)
        return DT_ERR_MEMORY;
    fmpq_set(x->rational, y->rational);
    for (size_t i = 0; i < y->terms; i++) {
        x->term[i].monomial = y->term[i].monomial;
        fmpq_set(x->term[i].coefficient, y->term[i].coefficient);
    }
    return DT_OK;
}

void dt_exact_set_fmpq(dt_exact *x, const fmpq_t q) {
    clear_terms(x);
    fmpq_set(x->rational, q);
}

void dt_exact_set_si(dt_exact *x, slong value) {
    clear_terms(x);
    fmpq_set_si(x->rational, value, 1);
}

static bool too_long(const fmpq_t q) {
    return fmpz_bits(fmpq_numref(q)) > DT_MAX_BITS || fmpz_bits(fmpq_denref(q)) > DT_MAX_BITS;
}

dt_exact_fault dt_exact_check_size(const dt_exact *z) {
    bool bad = too_long(z->rational);
    for (size_t i = 0; i < z->terms; i++)
        bad = bad || too_long(z->term[i].coefficient);
    return bad ? DT_EXACT_TOO_LARGE : DT_EXACT_OK;
}

/* Takes over the result and releases what z held before. */
static dt_exact_fault deliver(dt_exact *z, dt_exact *result, dt_exact_fault fault) {
    if (fault == DT_EXACT_OK)
        fault = dt_exact_check_size(result);
    if (fault == DT_EXACT_OK) {
        dt_exact old = *z;
        *z = *result;
        *result = old;
    }
    dt_exact_clear(result);
    return fault;
}

/* x + sign × y by merging the sorted terms. */
static dt_exact_fault merge(dt_exact *z, const dt_exact *x, const dt_exact *y, int sign) {
    if (!x->terms && !y->terms) {
        if (sign > 0)
            fmpq_add(z->rational, x->rational, y->rational);
        else
            fmpq_sub(z->rational, x->rational, y->rational);
        clear_terms(z);
        return dt_exact_check_size(z);
    }
    dt_exact r;
    dt_exact_init(&r);
    dt_exact_fault fault = dt_exact_reserve(&r, x->terms + y->terms);
    if (fault != DT_EXACT_OK)
        return deliver(z, &r, fault);
    if (sign > 0)
        fmpq_add(r.rational, x->rational, y->rational);
    else
        fmpq_sub(r.rational, x->rational, y->rational);
    size_t n = 0, i = 0, j = 0;
    while (i < x->terms || j < y->terms) {
        bool from_x = j == y->terms || (i < x->terms && x->term[i].monomial <= y->term[j].monomial);
        bool from_y = i == x->terms || (j < y->terms && y->term[j].monomial <= x->term[i].monomial);
        dt_exact_term *t = &r.term[n];
        t->monomial = from_x ? x->term[i].monomial : y->term[j].monomial;
        if (from_x && from_y && sign > 0)
            fmpq_add(t->coefficient, x->term[i].coefficient, y->term[j].coefficient);
        else if (from_x && from_y)
            fmpq_sub(t->coefficient, x->term[i].coefficient, y->term[j].coefficient);
        else if (from_x)
            fmpq_set(t->coefficient, x->term[i].coefficient);
        else if (sign > 0)
            fmpq_set(t->coefficient, y->term[j].coefficient);
        else
            fmpq_neg(t->coefficient, y->term[j].coefficient);
        i += from_x;
        j += from_y;
        n += !fmpq_is_zero(t->coefficient);
    }
    for (size_t k = n; k < r.terms; k++)
        fmpq_clear(r.term[k].coefficient);
    r.terms = n;
    if (!n) {
        free(r.term);
        r.term = NULL;
    }
    return deliver(z, &r, DT_EXACT_OK);
}

dt_exact_fault dt_exact_add(dt_exact *z, const dt_exact *x, const dt_exact *y) {
    return merge(z, x, y, 1);
}

dt_exact_fault dt_exact_sub(dt_exact *z, const dt_exact *x, const dt_exact *y) {
    return merge(z, x, y, -1);
}

dt_exact_fault dt_exact_scale(dt_exact *z, const dt_exact *x, const fmpq_t coefficient) {
    dt_exact r;
    dt_exact_init(&r);
    dt_exact_fault fault = DT_EXACT_OK;
    if (!fmpq_is_zero(coefficient)) {
        fault = dt_exact_reserve(&r, x->terms);
        fmpq_mul(r.rational, x->rational, coefficient);
        for (size_t i = 0; fault == DT_EXACT_OK && i < x->terms; i++) {
            r.term[i].monomial = x->term[i].monomial;
            fmpq_mul(r.term[i].coefficient, x->term[i].coefficient, coefficient);
        }
    }
    return deliver(z, &r, fault);
}

dt_exact_fault dt_exact_from_atom(dt_exact_context *c, dt_exact *z, uint32_t atom, int32_t power) {
    dt_exact r;
    dt_exact_init(&r);
    dt_exact_fault fault = dt_exact_reserve(&r, 1);
    if (fault == DT_EXACT_OK)
        fault = dt_context_monomial(c, &(dt_factor){atom, power}, 1, &r.term[0].monomial);
    if (fault == DT_EXACT_OK)
        fmpq_one(r.term[0].coefficient);
    return deliver(z, &r, fault);
}

/* z += coefficient × monomial, where monomial 0 is 1. */
static dt_exact_fault add_term(dt_exact *z, uint32_t monomial, const fmpq_t coefficient) {
    if (monomial == 0) {
        fmpq_add(z->rational, z->rational, coefficient);
        return DT_EXACT_OK;
    }
    dt_exact one;
    dt_exact_init(&one);
    dt_exact_fault fault = dt_exact_reserve(&one, 1);
    if (fault == DT_EXACT_OK) {
        one.term[0].monomial = monomial;
        fmpq_set(one.term[0].coefficient, coefficient);
        fault = merge(z, z, &one, 1);
    }
    dt_exact_clear(&one);
    return fault;
}

/* Is this atom a root x^(1/q) of a rational, with q small enough to count with? */
static bool is_root(const dt_exact_context *c, uint32_t atom, slong *degree) {
    const dt_exact_atom *a = &c->atom[atom];
    if (a->kind != DT_ATOM_POW || a->x.terms || a->y.terms ||
        !fmpz_is_one(fmpq_numref(a->y.rational)) || !fmpz_fits_si(fmpq_denref(a->y.rational)))
        return false;
    *degree = fmpz_get_si(fmpq_denref(a->y.rational));
    return *degree < INT32_MAX / 2;
}

/* Gathers the roots of one rational base in `factor` (from place `at` on) into one power
 * base^whole × root^power, 0 <= power < degree: the root stays in place, the whole part goes to
 * *coefficient, the others become powers of 0. */
static dt_exact_fault gather_roots(dt_exact_context *c, dt_factor *factor, size_t count, size_t at,
                                   fmpq_t coefficient) {
    slong degree, other;
    if (!factor[at].power || !is_root(c, factor[at].atom, &degree))
        return DT_EXACT_OK;
    fmpq_t exponent, part, base;
    fmpz_t whole;
    fmpq_init(exponent);
    fmpq_init(part);
    fmpq_init(base);
    fmpz_init(whole);
    fmpq_set(base, c->atom[factor[at].atom].x.rational);
    fmpq_set_si(exponent, factor[at].power, (ulong)degree);
    for (size_t k = at + 1; k < count; k++)
        if (factor[k].power && is_root(c, factor[k].atom, &other) &&
            fmpq_equal(c->atom[factor[k].atom].x.rational, base)) {
            fmpq_set_si(part, factor[k].power, (ulong)other);
            fmpq_add(exponent, exponent, part);
            factor[k].power = 0;
        }
    fmpz_fdiv_q(whole, fmpq_numref(exponent), fmpq_denref(exponent));
    fmpq_sub_fmpz(exponent, exponent, whole);
    dt_exact_fault fault = DT_EXACT_OK;
    slong bits = (slong)(fmpz_bits(fmpq_numref(base)) + fmpz_bits(fmpq_denref(base)));
    if (!fmpz_fits_si(whole) || labs(fmpz_get_si(whole)) > DT_MAX_BITS / bits ||
        fmpz_cmp_si(fmpq_denref(exponent), INT32_MAX / 2) >= 0) {
        fault = DT_EXACT_TOO_LARGE;
    } else {
        fmpq_pow_si(part, base, fmpz_get_si(whole));
        fmpq_mul(coefficient, coefficient, part);
        factor[at].power = (int32_t)fmpz_get_si(fmpq_numref(exponent));
    }
    if (fault == DT_EXACT_OK && factor[at].power) {
        dt_exact x, y;
        dt_exact_init(&x);
        dt_exact_init(&y);
        fmpq_set(x.rational, base);
        fmpz_one(fmpq_numref(y.rational));
        fmpz_set(fmpq_denref(y.rational), fmpq_denref(exponent));
        fault = dt_context_atom(c, DT_ATOM_POW, &x, &y, &factor[at].atom);
        dt_exact_clear(&x);
        dt_exact_clear(&y);
    }
    fmpq_clear(exponent);
    fmpq_clear(part);
    fmpq_clear(base);
    fmpz_clear(whole);
    return fault;
}

static int by_atom(const void *a, const void *b) {
    const dt_factor *x = a, *y = b;
    return x->atom < y->atom ? -1 : x->atom > y->atom;
}

/* The monomial of a product of factors: roots of one base gathered, so that 2^0.5 × 2^0.5 is 2 and
 * 1/2^0.5 is 2^0.5 / 2. */
static dt_exact_fault monomial_of(dt_exact_context *c, dt_factor *factor, size_t count,
                                  uint32_t *product, fmpq_t coefficient) {
    fmpq_one(coefficient);
    dt_exact_fault fault = DT_EXACT_OK;
    for (size_t k = 0; k < count && fault == DT_EXACT_OK; k++)
        fault = gather_roots(c, factor, count, k, coefficient);
    size_t kept = 0;
    for (size_t k = 0; k < count; k++)
        if (factor[k].power)
            factor[kept++] = factor[k];
    qsort(factor, kept, sizeof *factor, by_atom);
    return fault == DT_EXACT_OK ? dt_context_monomial(c, factor, kept, product) : fault;
}

static dt_exact_fault multiply_monomials(dt_exact_context *c, uint32_t a, uint32_t b,
                                         uint32_t *product, fmpq_t coefficient) {
    const dt_monomial *m = &c->monomial[a], *n = &c->monomial[b];
    dt_factor *factor = malloc((m->factors + n->factors + 1) * sizeof *factor);
    if (!factor)
        return DT_EXACT_MEMORY;
    size_t count = 0, i = 0, j = 0;
    dt_exact_fault fault = DT_EXACT_OK;
    while (i < m->factors || j < n->factors) {
        bool from_m = j == n->factors || (i < m->factors && m->factor[i].atom <= n->factor[j].atom);
        bool from_n = i == m->factors || (j < n->factors && n->factor[j].atom <= m->factor[i].atom);
        dt_factor f = {from_m ? m->factor[i].atom : n->factor[j].atom, 0};
        if (from_m)
            f.power += m->factor[i++].power;
        if (from_n && __builtin_add_overflow(f.power, n->factor[j++].power, &f.power))
            fault = DT_EXACT_TOO_LARGE;
        if (f.power)
            factor[count++] = f;
    }
    if (fault == DT_EXACT_OK)
        fault = monomial_of(c, factor, count, product, coefficient);
    free(factor);
    return fault;
}

dt_exact_fault dt_exact_invert_monomial(dt_exact_context *c, dt_exact *z, uint32_t monomial) {
    const dt_monomial *m = &c->monomial[monomial];
    size_t count = m->factors;
    dt_factor *factor = malloc((count + 1) * sizeof *factor);
    if (!factor)
        return DT_EXACT_MEMORY;
    for (size_t i = 0; i < count; i++)
        factor[i] = (dt_factor){m->factor[i].atom, -m->factor[i].power};
    fmpq_t coefficient;
    fmpq_init(coefficient);
    uint32_t inverse = 0;
    dt_exact one;
    dt_exact_init(&one);
    dt_exact_fault fault = monomial_of(c, factor, count, &inverse, coefficient);
    if (fault == DT_EXACT_OK)
        fault = add_term(&one, inverse, coefficient);
    free(factor);
    fmpq_clear(coefficient);
    return deliver(z, &one, fault);
}

static dt_exact_fault multiply(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                               const dt_exact *y) {
    if (!y->terms)
        return dt_exact_scale(z, x, y->rational);
    if (!x->terms)
        return dt_exact_scale(z, y, x->rational);
    dt_exact r, part;
    fmpq_t coefficient;
    dt_exact_init(&r);
    dt_exact_init(&part);
    fmpq_init(coefficient);
    dt_exact_fault fault = DT_EXACT_OK;
    if (x->terms * y->terms >
        DT_MAX_TERMS) { /* too long to expand: the longer one becomes an atom */
        const dt_exact *longer = x->terms >= y->terms ? x : y;
        uint32_t atom;
        fault = dt_context_atom(c, DT_ATOM_VALUE, longer, NULL, &atom);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_from_atom(c, &part, atom, 1);
        if (fault == DT_EXACT_OK)
            fault = multiply(c, &r, &part, longer == x ? y : x);
    } else {
        fault = dt_exact_scale(&r, y, x->rational); /* x0 × y, then the terms of x × y */
        for (size_t i = 0; fault == DT_EXACT_OK && i < x->terms; i++) {
            fmpq_mul(coefficient, x->term[i].coefficient, y->rational);
            if (!fmpq_is_zero(coefficient))
                fault = add_term(&r, x->term[i].monomial, coefficient);
            for (size_t j = 0; fault == DT_EXACT_OK && j < y->terms; j++) {
                uint32_t product = 0;
                fault = multiply_monomials(c, x->term[i].monomial, y->term[j].monomial, &product,
                                           coefficient);
                fmpq_mul(coefficient, coefficient, x->term[i].coefficient);
                fmpq_mul(coefficient, coefficient, y->term[j].coefficient);
                if (fault == DT_EXACT_OK)
                    fault = add_term(&r, product, coefficient);
            }
        }
    }
    fmpq_clear(coefficient);
    dt_exact_clear(&part);
    return deliver(z, &r, fault);
}

/* x and y as atoms of their own, multiplied: for products with too many digits to write out. */
static dt_exact_fault multiply_opaque(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                                      const dt_exact *y) {
    uint32_t a = 0, b = 0;
    dt_exact left, right;
    dt_exact_init(&left);
    dt_exact_init(&right);
    dt_exact_fault fault = dt_context_atom(c, DT_ATOM_VALUE, x, NULL, &a);
    if (fault == DT_EXACT_OK)
        fault = dt_context_atom(c, DT_ATOM_VALUE, y, NULL, &b);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_from_atom(c, &left, a, 1);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_from_atom(c, &right, b, 1);
    if (fault == DT_EXACT_OK)
        fault = multiply(c, z, &left, &right);
    dt_exact_clear(&left);
    dt_exact_clear(&right);
    return fault;
}

dt_exact_fault dt_exact_mul(dt_exact_context *c, dt_exact *z, const dt_exact *x,
                            const dt_exact *y) {
    dt_exact_fault fault = multiply(c, z, x, y);
    return fault == DT_EXACT_TOO_LARGE ? multiply_opaque(c, z, x, y) : fault;
}
