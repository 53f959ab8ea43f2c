/* The nearest known name: optimal string alignment distance (Damerau 1964), three rows. */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Twice the distance, so that a change of case can cost half. */
static size_t distance(const char *a, size_t m, const char *b, size_t n) {
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++)
        last[j] = 2 * j;
    for (size_t i = 1; i <= m; i++) {
        row[0] = 2 * i;
        for (size_t j = 1; j <= n; j++) {
            int x = (unsigned char)a[i - 1], y = (unsigned char)b[j - 1];
            size_t change = x == y ? 0 : tolower(x) == tolower(y) ? 1 : 2;
            row[j] = least(least(last[j] + 2, row[j - 1] + 2), last[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 2);
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[n];
}

void dt_nearest_offer(dt_nearest *search, const char *candidate) {
    size_t m = strlen(search->word), n = strlen(candidate);
    if (m > LONGEST || n > LONGEST || m == 0)
        return;
    size_t d = distance(search->word, m, candidate, n);
    if (d > 2 * (m / 3 + 1) || d >= 2 * (m > n ? m : n))
        return;
    if (!search->best || d < search->distance) {
        search->best = candidate;
        search->distance = d;
    }
}
