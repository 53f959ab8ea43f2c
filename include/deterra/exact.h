/* Exact numbers: rationals where a formula is rational, else polynomials with rational
 * coefficients over irrational atoms, enclosed by Arb balls of any precision.
 *
 * An atom is a number such as (31/29)^(7/10), exp(1/3) or log(2), shared by structure: the same
 * function of the same operands is the same atom. So two numbers are *equal* when their
 * polynomials are, *different* when a ball of their difference excludes 0 (64 to 4096 bits), and
 * otherwise *undecided*, which a caller must pass on honestly. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_EXACT_H
#define DETERRA_EXACT_H

#include <arb.h>
#include <flint/fmpq.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Owns the atoms; numbers made with one context live and are compared in it alone. One per
 * thread; memory grows with the number of different atoms met. */
typedef struct dt_exact_context dt_exact_context;

dt_exact_context *dt_exact_context_new(void); /* NULL when out of memory */
void dt_exact_context_free(dt_exact_context *context);

typedef struct dt_exact_term {
    uint32_t monomial; /* a product of atoms, numbered by the context; never 0 */
    fmpq_t coefficient;
} dt_exact_term;

/* rational + sum of coefficient × monomial, monomials ascending, no coefficient 0. */
typedef struct dt_exact {
    fmpq_t rational;
    size_t terms;
    dt_exact_term *term;
} dt_exact;

void dt_exact_init(dt_exact *x); /* 0 */
void dt_exact_clear(dt_exact *x);
/* An array of `count` zeros; NULL when out of memory. NULL may be freed. */
dt_exact *dt_exact_array_new(size_t count);
void dt_exact_array_free(dt_exact *x, size_t count);
dt_status dt_exact_set(dt_exact *x, const dt_exact *y);
void dt_exact_set_fmpq(dt_exact *x, const fmpq_t q);
void dt_exact_set_si(dt_exact *x, slong value);
static inline int dt_exact_is_rational(const dt_exact *x) {
    return x->terms == 0;
}

/* Why an operation has no value. */
typedef enum dt_exact_fault {
    DT_EXACT_OK = 0,
    DT_EXACT_DIVISION_BY_ZERO,
    DT_EXACT_ZERO_TO_NEGATIVE,
    DT_EXACT_NEGATIVE_BASE,
    DT_EXACT_LOG_NOT_POSITIVE,
    DT_EXACT_SQRT_NEGATIVE,
    DT_EXACT_SIGN_UNDECIDED, /* needs a sign that 4096 bits cannot tell */
    DT_EXACT_TOO_LARGE,      /* beyond a double's range, or more digits than are kept */
    DT_EXACT_TOO_DEEP,       /* irrational functions of irrational functions, more than 1000 deep */
    DT_EXACT_MEMORY,
} dt_exact_fault;
const char *dt_exact_fault_text(dt_exact_fault fault);

/* z may be x or y. */
dt_exact_fault dt_exact_add(dt_exact *z, const dt_exact *x, const dt_exact *y);
dt_exact_fault dt_exact_sub(dt_exact *z, const dt_exact *x, const dt_exact *y);
dt_exact_fault dt_exact_mul(dt_exact_context *c, dt_exact *z, const dt_exact *x, const dt_exact *y);
dt_exact_fault dt_exact_div(dt_exact_context *c, dt_exact *z, const dt_exact *x, const dt_exact *y);
/* x^y: rational when y is an integer of size at most 1024, when x is 1, when y is 0 (0^0 = 1), or
 * when x is a perfect power of the root; else an atom. */
dt_exact_fault dt_exact_pow(dt_exact_context *c, dt_exact *z, const dt_exact *x, const dt_exact *y);
dt_exact_fault dt_exact_exp(dt_exact_context *c, dt_exact *z, const dt_exact *x);
dt_exact_fault dt_exact_log(dt_exact_context *c, dt_exact *z, const dt_exact *x);
/* z = coefficient × x. */
dt_exact_fault dt_exact_scale(dt_exact *z, const dt_exact *x, const fmpq_t coefficient);

/* Open numbers: indeterminates, numbered from 0, that may be worth anything. What is computed from
 * them is a polynomial in them and in atoms such as log(open number), which exist where it does. A
 * sign that rests on one is undecided unless its structure tells. */
dt_exact_fault dt_exact_open(dt_exact_context *c, dt_exact *z, uint32_t number);
int dt_exact_is_open(const dt_exact_context *c, const dt_exact *x);
/* Is x = constant + sum over k < count of slope[k] × open number k, with a constant and slopes that
 * rest on none? If so *bad is 0, else the monomial of a term that is not linear. Numbers are to be
 * initialised. Linear in terms × count. */
dt_exact_fault dt_exact_affine(dt_exact_context *c, const dt_exact *x, uint32_t count,
                               dt_exact *constant, dt_exact *slope, uint32_t *bad);
/* rests[k], k < count, becomes 1 where the monomial rests on open number k. */
dt_status dt_exact_rests_on(const dt_exact_context *c, uint32_t monomial, uint32_t count,
                            unsigned char *rests);
/* Has x a term that is not linear in the open numbers and whose monomial divides this one? */
int dt_exact_bears(const dt_exact_context *c, const dt_exact *x, uint32_t monomial);

/* The sign of a number, or of a difference. */
typedef enum dt_sign { DT_NEGATIVE = -1, DT_ZERO = 0, DT_POSITIVE = 1, DT_UNDECIDED = 2 } dt_sign;
dt_sign dt_exact_sign(dt_exact_context *c, const dt_exact *x);
dt_sign dt_exact_compare(dt_exact_context *c, const dt_exact *x, const dt_exact *y);

/* The 0-or-1 value of an undecided "x > 0": an atom enclosed by [0, 1]. A number that holds one is
 * reported by dt_exact_is_undecided. */
dt_exact_fault dt_exact_undecided_positive(dt_exact_context *c, dt_exact *z, const dt_exact *x);
int dt_exact_is_undecided(const dt_exact_context *c, const dt_exact *x);

/* An enclosure computed at `precision` bits. */
void dt_exact_enclose(dt_exact_context *c, arb_t ball, const dt_exact *x, slong precision);
/* The double nearest to x (of the ball's middle where 4096 bits cannot tell which). *radius bounds
 * |x - that double|: 0 for rationals, whose fraction says all. */
double dt_exact_double(dt_exact_context *c, const dt_exact *x, double *radius);

/* The double nearest to q, ties to even, never -0; infinite beyond a double's range. Where `same`
 * is not NULL it says whether the double is q itself. */
double dt_fmpq_double(const fmpq_t q, int *same);
/* The other way: q becomes the finite double x itself. */
void dt_fmpq_from_double(fmpq_t q, double x);
/* The least decimal of one digit that is not below r: a radius says how large, not exactly how
 * large. */
double dt_radius_up(double r);

#ifdef __cplusplus
}
#endif
#endif
