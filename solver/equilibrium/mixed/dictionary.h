/* Exact dictionaries of a polytope {z >= 0 : M z <= 1} in integers, pivoted without fractions
 * (Edmonds 1967; Bareiss 1968) and perturbed lexicographically (Dantzig, Orden and Wolfe 1955).
 *
 * Variables: z_0 … z_(columns-1), then the slacks of the rows. The row of a basic variable reads
 *     basic + sum over columns of entry/det × nonbasic = right-hand side/det.
 * The right-hand side of row i is perturbed by e^(i+1), e tiny, so that every vertex of the
 * perturbed polytope has one basis; a vertex of the polytope itself has one or more of these
 * ("lex-positive") bases, and they are connected by lexicographic pivots. A basis is named by the
 * key of its nonbasic variables. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_DICTIONARY_H
#define DT_EQUILIBRIUM_DICTIONARY_H

#include <flint/fmpz.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

typedef struct dt_dictionary {
    size_t rows, columns;
    fmpz *matrix;              /* M: rows × columns */
    fmpz *entry;               /* rows × (columns + 1): the right-hand side is last */
    fmpz det;                  /* at least 1 */
    uint32_t *basic;           /* rows: the variable of a row */
    uint32_t *nonbasic;        /* columns */
    uint32_t *place;           /* of a variable: its row, or rows + its column */
    fmpz_t one, other, former; /* scratch */
} dt_dictionary;

/* Of M: its rows × columns given in `matrix` row by row, of which those columns are taken that
 * `column` lists (NULL: all, in order). At the origin, where all slacks are basic. */
dt_status dt_dictionary_init(dt_dictionary *d, size_t rows, size_t columns, const fmpz *matrix,
                             size_t stride, const uint32_t *column);
void dt_dictionary_clear(dt_dictionary *d);

static inline fmpz *dt_dictionary_entry(const dt_dictionary *d, size_t row, size_t column) {
    return d->entry + row * (d->columns + 1) + column;
}
static inline const fmpz *dt_dictionary_right(const dt_dictionary *d, size_t row) {
    return dt_dictionary_entry(d, row, d->columns);
}
/* The value of a variable times det; NULL: it is nonbasic, so 0. */
static inline const fmpz *dt_dictionary_value(const dt_dictionary *d, uint32_t variable) {
    return d->place[variable] < d->rows ? dt_dictionary_right(d, d->place[variable]) : NULL;
}

/* Exchanges the variables of a row and a column; the entry there is not 0. rows × columns
 * multiplications and divisions of minors of M. */
void dt_dictionary_pivot(dt_dictionary *d, size_t row, size_t column);
/* From anywhere to the basis of a key, which must be one: a pivot for each basic z. */
void dt_dictionary_go(dt_dictionary *d, const uint64_t *key);
/* The row whose variable leaves when a column's enters: least ratio, ties by the perturbation.
 * false: none, the polytope is unbounded. */
bool dt_dictionary_leaving(dt_dictionary *d, size_t column, size_t *row);
/* The key of the nonbasic variables; that of all variables whose value is 0. Both are zeroed before
 * and have dt_key_words(rows + columns). */
void dt_dictionary_key(const dt_dictionary *d, uint64_t *key);
void dt_dictionary_tight(const dt_dictionary *d, uint64_t *key);

#endif
