/* Exact linear systems by p-adic lifting: see dixon.h. SPDX: GPL-3.0-or-later */
#include "lp/dixon.h"

#include <flint/fmpz_vec.h>
#include <flint/ulong_extras.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"

enum {
    MOST_PRIME_BITS = 30,
    LEAST_PRIME_BITS = 16,
    PRIMES = 3,     /* tried before the matrix is taken for singular */
    SURE_BITS = 40, /* a fraction so much shorter than its modulus is not a chance */
    FIRST_DIGITS = 6,
    MIX_BITS = 18, /* with digits of 30 bits a sum of 2^16 fits into 64 */
};

static bool stop_asked(const volatile sig_atomic_t *stop) {
    return stop && *stop;
}

/* --- machine words --- */

/* out = m × v modulo p, m and v below p < 2^30. */
CLONES static void multiply_mod(const uint32_t *restrict m, const uint32_t *restrict v, size_t n,
                                uint32_t p, uint32_t *restrict out) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t *row = m + i * n;
        uint64_t low = 0, high = 0;
        for (size_t j = 0; j < n; j++) {
            uint64_t product = (uint64_t)row[j] * v[j];
            low += product & UINT32_MAX;
            high += product >> 32;
        }
        /* low and high are below n 2^32; the sum is taken modulo p piece by piece */
        uint64_t two32 = (UINT64_C(1) << 32) % p;
        out[i] = (uint32_t)((low % p + high % p * two32) % p);
    }
}

/* to = to + factor × from modulo p, all below p < 2^30. The quotient of a product by p is found
 * from factor / p in 32 bits (Shoup), one too small at most. */
CLONES static void add_multiple(uint32_t *restrict to, const uint32_t *restrict from, size_t n,
                                uint32_t factor, uint32_t p) {
    uint32_t share = (uint32_t)(((uint64_t)factor << 32) / p);
    for (size_t j = 0; j < n; j++) {
        uint32_t x = from[j], quotient = (uint32_t)((uint64_t)x * share >> 32);
        uint32_t sum = x * factor - quotient * p; /* below 2 p */
        sum = sum < p ? sum : sum - p;
        sum += to[j];
        to[j] = sum < p ? sum : sum - p;
    }
}

/* r = (r - m × v) / p, which is whole. */
CLONES static void lift(const int32_t *restrict m, const uint32_t *restrict v, size_t n, uint32_t p,
                        int64_t *restrict r) {
    for (size_t i = 0; i < n; i++) {
        const int32_t *row = m + i * n;
        int64_t sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += (int64_t)row[j] * (int32_t)v[j];
        r[i] = (r[i] - sum) / (int64_t)p;
    }
}

static void reduce(const int64_t *r, size_t n, uint32_t p, uint32_t *out) {
    for (size_t i = 0; i < n; i++) {
        int64_t rest = r[i] % (int64_t)p;
        out[i] = (uint32_t)(rest < 0 ? rest + (int64_t)p : rest);
    }
}

/* --- the matrix --- */

static bool read_whole(dt_dixon *d, const fmpq_mat_t matrix) {
    size_t n = d->n;
    fmpz_t whole;
    fmpz_init(whole);
    bool fits = true;
    for (size_t i = 0; i < n && fits; i++) {
        fmpz_one(d->scale + i);
        for (size_t j = 0; j < n; j++)
            fmpz_lcm(d->scale + i, d->scale + i, fmpq_mat_entry_den(matrix, (slong)i, (slong)j));
        for (size_t j = 0; j < n && fits; j++) {
            fmpz_divexact(whole, d->scale + i, fmpq_mat_entry_den(matrix, (slong)i, (slong)j));
            fmpz_mul(whole, whole, fmpq_mat_entry_num(matrix, (slong)i, (slong)j));
            fits = fmpz_bits(whole) < 31;
            if (!fits)
                break;
            int32_t entry = (int32_t)fmpz_get_si(whole);
            uint64_t size = (uint64_t)(entry < 0 ? -(int64_t)entry : entry);
            d->most = size > d->most ? size : d->most;
            d->a[i * n + j] = d->a_turned[j * n + i] = entry;
        }
    }
    fmpz_clear(whole);
    return fits;
}

/* The bits a digit may have, so that a product of a row and the digits stays below 2^62. */
static int digit_bits(const dt_dixon *d) {
    int bits = 62 - (int)FLINT_BIT_COUNT(d->most) - (int)FLINT_BIT_COUNT(d->n);
    return bits > MOST_PRIME_BITS ? MOST_PRIME_BITS : bits;
}

/* Gauss and Jordan's elimination in place; rows change places where a pivot is 0, and the inverse's
 * columns accordingly. DT_DIXON_UNFIT: singular modulo the prime. */
static dt_dixon_result invert(dt_dixon *d, uint32_t p, const volatile sig_atomic_t *stop) {
    size_t n = d->n, *swapped = malloc(n * sizeof *swapped);
    uint32_t *m = d->inverse, *row = d->inverse_turned; /* the latter as room to swap rows in */
    dt_dixon_result result = swapped ? DT_DIXON_SOLVED : DT_DIXON_UNFIT;
    for (size_t k = 0; k < n * n; k++) {
        int64_t entry = d->a[k] % (int64_t)p;
        m[k] = (uint32_t)(entry < 0 ? entry + p : entry);
    }
    for (size_t k = 0; k < n && result == DT_DIXON_SOLVED; k++) {
        size_t r = k;
        while (r < n && m[r * n + k] == 0)
            r++;
        if (r == n || stop_asked(stop)) {
            result = r == n ? DT_DIXON_UNFIT : DT_DIXON_STOPPED;
            break;
        }
        swapped[k] = r;
        memcpy(row, m + r * n, n * sizeof *row);
        memcpy(m + r * n, m + k * n, n * sizeof *row);
        uint32_t pivot = (uint32_t)n_invmod(row[k], p);
        row[k] = 1;
        memset(m + k * n, 0, n * sizeof *row);
        add_multiple(m + k * n, row, n, pivot, p);
        for (size_t i = 0; i < n; i++) {
            uint32_t factor = m[i * n + k];
            if (i == k || factor == 0)
                continue;
            m[i * n + k] = 0;
            add_multiple(m + i * n, m + k * n, n, p - factor, p);
        }
    }
    for (size_t k = n; k-- > 0 && result == DT_DIXON_SOLVED;)
        for (size_t i = 0; i < n && swapped[k] != k; i++) {
            uint32_t entry = m[i * n + k];
            m[i * n + k] = m[i * n + swapped[k]];
            m[i * n + swapped[k]] = entry;
        }
    for (size_t i = 0; i < n && result == DT_DIXON_SOLVED; i++)
        for (size_t j = 0; j < n; j++)
            d->inverse_turned[j * n + i] = m[i * n + j];
    d->prime = p;
    free(swapped);
    return result;
}

dt_dixon_result dt_dixon_init(dt_dixon *d, const fmpq_mat_t matrix,
                              const volatile sig_atomic_t *stop) {
    size_t n = (size_t)fmpq_mat_nrows(matrix), cells = n * n;
    *d = (dt_dixon){.n = n, .scale = _fmpz_vec_init((slong)n)};
    d->a = malloc(cells * sizeof *d->a);
    d->a_turned = malloc(cells * sizeof *d->a_turned);
    d->inverse = malloc(cells * sizeof *d->inverse);
    d->inverse_turned = malloc(cells * sizeof *d->inverse_turned);
    if (!d->a || !d->a_turned || !d->inverse || !d->inverse_turned || !read_whole(d, matrix))
        return DT_DIXON_UNFIT;
    int bits = digit_bits(d);
    if (bits < LEAST_PRIME_BITS || n > UINT16_MAX)
        return DT_DIXON_UNFIT;
    mp_limb_t prime = UINT64_C(1) << (bits - 1); /* primes above this have `bits` bits */
    for (int k = 0; k < PRIMES; k++) {
        prime = n_nextprime(prime, 1);
        dt_dixon_result result = invert(d, (uint32_t)prime, stop);
        if (result != DT_DIXON_UNFIT)
            return result;
    }
    return DT_DIXON_UNFIT;
}

void dt_dixon_clear(dt_dixon *d) {
    if (d->scale)
        _fmpz_vec_clear(d->scale, (slong)d->n);
    free(d->a);
    free(d->a_turned);
    free(d->inverse);
    free(d->inverse_turned);
    *d = (dt_dixon){0};
}

/* --- solving --- */

typedef struct lifting {
    const dt_dixon *d;
    const int32_t *a;
    const uint32_t *inverse;
    int64_t *rest;     /* n: the right side that is left, over p^digits */
    uint32_t *reduced; /* n */
    size_t digits, room;
    uint32_t *digit; /* room × n */
    fmpz *right;     /* n: whole */
    fmpz_t right_scale;
    fmpz_t power, most; /* p^digits; the largest of right in size */
    fmpz *power_of;     /* p^(2^k) */
    slong powers;
    fmpz *value; /* n */
} lifting;

/* The right side over one denominator, as words. */
static bool read_right(lifting *l, bool transposed, const fmpq_mat_t right) {
    size_t n = l->d->n;
    fmpq_t q;
    fmpq_init(q);
    fmpz_one(l->right_scale);
    for (size_t i = 0; i < n; i++)
        fmpz_lcm(l->right_scale, l->right_scale, fmpq_mat_entry_den(right, (slong)i, 0));
    bool fits = true;
    for (size_t i = 0; i < n && fits; i++) {
        fmpq_mul_fmpz(q, fmpq_mat_entry(right, (slong)i, 0), l->right_scale);
        if (!transposed) /* the matrix's rows were scaled */
            fmpq_mul_fmpz(q, q, l->d->scale + i);
        fmpz_set(l->right + i, fmpq_numref(q));
        fits = fmpz_bits(l->right + i) < 61;
        l->rest[i] = fits ? fmpz_get_si(l->right + i) : 0;
        if (fmpz_cmpabs(l->right + i, l->most) > 0)
            fmpz_abs(l->most, l->right + i);
    }
    fmpq_clear(q);
    return fits;
}

static bool grow(lifting *l) {
    size_t room = l->room ? 2 * l->room : 16;
    uint32_t *digit = realloc(l->digit, room * l->d->n * sizeof *digit);
    if (!digit)
        return false;
    l->digit = digit;
    l->room = room;
    return true;
}

static bool add_digit(lifting *l) {
    const dt_dixon *d = l->d;
    if (l->digits == l->room && !grow(l))
        return false;
    uint32_t *x = l->digit + l->digits++ * d->n;
    reduce(l->rest, d->n, d->prime, l->reduced);
    multiply_mod(l->inverse, l->reduced, d->n, d->prime, x);
    lift(l->a, x, d->n, d->prime, l->rest);
    fmpz_mul_ui(l->power, l->power, d->prime);
    return true;
}

/* The number with these digits, count <= 2^level of them. */
static void combine(const lifting *l, const uint64_t *digit, size_t count, slong level,
                    fmpz_t out) {
    if (count == 0) {
        fmpz_zero(out);
    } else if (level == 0) {
        fmpz_set_ui(out, *digit);
    } else {
        size_t half = (size_t)1 << (level - 1);
        size_t lower = count < half ? count : half;
        fmpz_t upper;
        fmpz_init(upper);
        combine(l, digit, lower, level - 1, out);
        combine(l, digit + lower, count - lower, level - 1, upper);
        fmpz_addmul(out, upper, l->power_of + level - 1);
        fmpz_clear(upper);
    }
}

/* How many levels the digits need; the powers of the prime for them. */
static slong prepare_powers(lifting *l) {
    slong levels = 0;
    while ((size_t)1 << levels < l->digits)
        levels++;
    if (levels > l->powers) {
        if (l->power_of)
            _fmpz_vec_clear(l->power_of, l->powers);
        l->power_of = _fmpz_vec_init(levels);
        l->powers = levels;
        fmpz_set_ui(l->power_of, l->d->prime);
        for (slong k = 1; k < levels; k++)
            fmpz_mul(l->power_of + k, l->power_of + k - 1, l->power_of + k - 1);
    }
    return levels;
}

/* Nearly a denominator for all entries: that of a sum of them with random weights below 2^MIX_BITS,
 * which may miss small factors. False where the digits are surely too few. */
static bool guess_denominator(const lifting *l, slong levels, uint64_t *mixed, fmpz_t denominator) {
    size_t n = l->d->n;
    for (size_t k = 0; k < l->digits; k++) {
        uint32_t weight = 1;
        mixed[k] = 0;
        for (size_t i = 0; i < n; i++) {
            weight = weight * 1664525u + 1013904223u; /* Numerical Recipes' generator */
            mixed[k] += (uint64_t)(weight >> (32 - MIX_BITS)) * l->digit[k * n + i];
        }
    }
    fmpz_t sum;
    fmpq_t q;
    fmpz_init(sum);
    fmpq_init(q);
    combine(l, mixed, l->digits, levels, sum);
    fmpz_mod(sum, sum, l->power);
    bool found =
        fmpq_reconstruct_fmpz(q, sum, l->power) != 0 &&
        fmpz_bits(fmpq_numref(q)) + fmpz_bits(fmpq_denref(q)) + SURE_BITS < fmpz_bits(l->power);
    fmpz_set(denominator, fmpq_denref(q));
    fmpq_clear(q);
    fmpz_clear(sum);
    return found;
}

static void combine_all(lifting *l, slong levels, uint64_t *digits) {
    for (size_t i = 0; i < l->d->n; i++) {
        for (size_t k = 0; k < l->digits; k++)
            digits[k] = l->digit[k * l->d->n + i];
        combine(l, digits, l->digits, levels, l->value + i);
    }
}

/* Entry i times the denominator, between -half and half. */
static void times(const lifting *l, const fmpz_t half, size_t i, const fmpz_t denominator,
                  fmpz_t out) {
    fmpz_mul(out, l->value + i, denominator);
    fmpz_mod(out, out, l->power);
    if (fmpz_cmp(out, half) > 0)
        fmpz_sub(out, out, l->power);
}

/* Puts the factors into the denominator that entry i needs; false where it seems to have none. */
static bool complete_denominator(const lifting *l, const fmpz_t half, size_t i,
                                 fmpz_t denominator) {
    fmpz_t rest;
    fmpq_t q;
    fmpz_init(rest);
    fmpq_init(q);
    times(l, half, i, denominator, rest);
    bool found = fmpz_bits(rest) + fmpz_bits(denominator) + SURE_BITS < fmpz_bits(l->power);
    if (!found) {
        fmpz_mod(rest, rest, l->power);
        found =
            fmpq_reconstruct_fmpz(q, rest, l->power) != 0 &&
            fmpz_bits(fmpq_numref(q)) + fmpz_bits(fmpq_denref(q)) + SURE_BITS < fmpz_bits(l->power);
        fmpz_mul(denominator, denominator, fmpq_denref(q));
    }
    fmpq_clear(q);
    fmpz_clear(rest);
    return found;
}

/* Tries to read the solution off the digits and to prove it by its size. */
static bool finish(lifting *l, bool transposed, fmpq_mat_t z) {
    const dt_dixon *d = l->d;
    fmpz_t denominator, numerator, most, half, size;
    fmpz_init(denominator);
    fmpz_init(numerator);
    fmpz_init(most);
    fmpz_init(half);
    fmpz_init(size);
    uint64_t *digits = malloc(l->digits * sizeof *digits);
    slong levels = prepare_powers(l);
    bool found = digits && guess_denominator(l, levels, digits, denominator);
    if (found)
        combine_all(l, levels, digits);
    free(digits);
    fmpz_fdiv_q_2exp(half, l->power, 1);
    for (size_t i = 0; i < d->n && found; i++)
        found = complete_denominator(l, half, i, denominator);
    for (size_t i = 0; i < d->n && found; i++) {
        times(l, half, i, denominator, numerator);
        if (fmpz_cmpabs(numerator, most) > 0)
            fmpz_abs(most, numerator);
        fmpz_swap(l->value + i, numerator);
    }
    /* |A N - D b| <= n max |A| max |N| + D max |b| < p^digits: then it is 0. */
    fmpz_mul_ui(size, most, d->most);
    fmpz_mul_ui(size, size, d->n);
    fmpz_addmul(size, denominator, l->most);
    found = found && fmpz_cmp(size, l->power) < 0;
    fmpz_mul(denominator, denominator, l->right_scale);
    for (size_t i = 0; i < d->n && found; i++) {
        fmpq *to = fmpq_mat_entry(z, (slong)i, 0);
        fmpq_set_fmpz_frac(to, l->value + i, denominator);
        if (transposed)
            fmpq_mul_fmpz(to, to, d->scale + i);
    }
    fmpz_clear(denominator);
    fmpz_clear(numerator);
    fmpz_clear(most);
    fmpz_clear(half);
    fmpz_clear(size);
    return found;
}

/* More digits than any solution has: Hadamard's bound on numerators and denominator, doubled. */
static size_t most_digits(const lifting *l) {
    const dt_dixon *d = l->d;
    size_t bits = FLINT_BIT_COUNT(d->most) + FLINT_BIT_COUNT(d->n) / 2 + 2;
    return (2 * d->n * bits + 2 * fmpz_bits(l->most) + 2 * SURE_BITS) /
               (FLINT_BIT_COUNT(d->prime) - 1) +
           2 * FIRST_DIGITS;
}

static dt_dixon_result run(lifting *l, bool transposed, fmpq_mat_t z,
                           const volatile sig_atomic_t *stop) {
    size_t most = most_digits(l), next = FIRST_DIGITS;
    for (;;) {
        while (l->digits < next) {
            if (stop_asked(stop))
                return DT_DIXON_STOPPED;
            if (!add_digit(l))
                return DT_DIXON_UNFIT;
        }
        if (finish(l, transposed, z))
            return DT_DIXON_SOLVED;
        if (l->digits >= most)
            return DT_DIXON_UNFIT;
        next += next / 4 + 1;
    }
}

dt_dixon_result dt_dixon_solve(const dt_dixon *d, bool transposed, fmpq_mat_t z,
                               const fmpq_mat_t right, const volatile sig_atomic_t *stop) {
    lifting l = {.d = d,
                 .a = transposed ? d->a_turned : d->a,
                 .inverse = transposed ? d->inverse_turned : d->inverse};
    l.rest = malloc(d->n * sizeof *l.rest);
    l.reduced = malloc(d->n * sizeof *l.reduced);
    l.right = _fmpz_vec_init((slong)d->n);
    l.value = _fmpz_vec_init((slong)d->n);
    fmpz_init(l.right_scale);
    fmpz_init(l.most);
    fmpz_init_set_ui(l.power, 1);
    dt_dixon_result result = DT_DIXON_UNFIT;
    if (l.rest && l.reduced && read_right(&l, transposed, right))
        result = run(&l, transposed, z, stop);
    if (l.power_of)
        _fmpz_vec_clear(l.power_of, l.powers);
    _fmpz_vec_clear(l.right, (slong)d->n);
    _fmpz_vec_clear(l.value, (slong)d->n);
    fmpz_clear(l.right_scale);
    fmpz_clear(l.most);
    fmpz_clear(l.power);
    free(l.rest);
    free(l.reduced);
    free(l.digit);
    return result;
}
