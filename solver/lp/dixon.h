/* Linear systems of small whole numbers, solved exactly by p-adic lifting (Dixon 1982).
 *
 * The matrix is inverted once modulo a prime of some 30 bits; each further digit of a solution
 * takes two products of a matrix with a vector in machine words, which vectorise. Digits are added
 * until the solution is found; it is then proven by its size: A N = D b holds modulo p^k and both
 * sides are less than p^k apart. The same inverse serves the transposed system. An order of
 * magnitude less work than arithmetic with long numbers. SPDX: GPL-3.0-or-later */
#ifndef DT_LP_DIXON_H
#define DT_LP_DIXON_H

#include <flint/fmpq_mat.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct dt_dixon {
    size_t n;
    fmpz *scale;                        /* n: row i of the matrix times this is whole */
    int32_t *a, *a_turned;              /* n × n: the whole matrix, and transposed */
    uint32_t *inverse, *inverse_turned; /* modulo prime */
    uint32_t prime;
    uint64_t most; /* of the entries' sizes */
} dt_dixon;

typedef enum dt_dixon_result {
    DT_DIXON_SOLVED,
    DT_DIXON_UNFIT, /* entries are too large, memory is short, or the matrix seems singular: solve
                       it in another way */
    DT_DIXON_STOPPED,
} dt_dixon_result;

/* Prepares a square matrix. UNFIT where it does not suit. O(n^3). To be cleared either way. */
dt_dixon_result dt_dixon_init(dt_dixon *d, const fmpq_mat_t matrix,
                              const volatile sig_atomic_t *stop);
void dt_dixon_clear(dt_dixon *d);

/* matrix × z = right, or its transpose; both are n × 1. `stop` (may be NULL) is looked at for every
 * digit. O(n^2) for each 30 bits of the solution's common denominator and numerators. */
dt_dixon_result dt_dixon_solve(const dt_dixon *d, bool transposed, fmpq_mat_t z,
                               const fmpq_mat_t right, const volatile sig_atomic_t *stop);

#endif
