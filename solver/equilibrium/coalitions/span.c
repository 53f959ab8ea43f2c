/* The linear span of some coalitions: see span.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/span.h"

#include <string.h>

static int64_t gcd(int64_t a, int64_t b) {
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Reduces the coalition by the rows; the place of its first entry that is left, or `players`. */
static size_t reduce(const dt_span *span, uint32_t coalition, int64_t *left) {
    size_t n = span->players;
    for (size_t i = 0; i < n; i++)
        left[i] = coalition >> i & 1;
    for (size_t r = 0; r < span->rank; r++) {
        const int64_t *row = span->row[r];
        int64_t mine = left[span->pivot[r]], its = row[span->pivot[r]], common = 0;
        if (mine == 0)
            continue;
        for (size_t i = 0; i < n; i++) {
            left[i] = left[i] * its - row[i] * mine;
            common = gcd(common, left[i]);
        }
        for (size_t i = 0; i < n && common > 1; i++)
            left[i] /= common;
    }
    size_t first = 0;
    while (first < n && left[first] == 0)
        first++;
    return first;
}

bool dt_span_holds(const dt_span *span, uint32_t coalition) {
    int64_t left[DT_MOST_COALITION_PLAYERS];
    return reduce(span, coalition, left) == span->players;
}

bool dt_span_add(dt_span *span, uint32_t coalition) {
    int64_t left[DT_MOST_COALITION_PLAYERS];
    size_t pivot = reduce(span, coalition, left);
    if (pivot == span->players)
        return false;
    memcpy(span->row[span->rank], left, span->players * sizeof *left);
    span->pivot[span->rank++] = pivot;
    return true;
}
