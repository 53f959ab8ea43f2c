/* The linear span of some coalitions, as vectors of 0 and 1. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_SPAN_H
#define DT_EQUILIBRIUM_SPAN_H

#include "deterra/coalition.h"

/* Zero it but for `players` to start. Rows are in echelon form, of integers without a common
 * divisor: up to a factor these are minors of matrices of 0 and 1 of order 12 at most, so below
 * 13^6.5 / 2^12 < 5000 (Hadamard), and the products that reduction forms are far from overflow. */
typedef struct dt_span {
    size_t players, rank;
    int64_t row[DT_MOST_COALITION_PLAYERS][DT_MOST_COALITION_PLAYERS];
    size_t pivot[DT_MOST_COALITION_PLAYERS];
} dt_span;

/* O(players²). */
bool dt_span_holds(const dt_span *span, uint32_t coalition);
/* Adds the coalition; false where the span holds it already. */
bool dt_span_add(dt_span *span, uint32_t coalition);

#endif
