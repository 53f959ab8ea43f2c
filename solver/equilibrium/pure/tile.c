/* Which payoffs are near the best of their player's: the kernels of the dense search.
 *
 * A tile is all strategies of a player (rows) against some neighbouring profiles of the others
 * (columns). Where few of its bits are set each is tested by itself, and most fail after a look or
 * two at another row, so that most of the tile is never read. Otherwise the best of every column is
 * found first, row by row in vectors, and then compared. */
#include "equilibrium/pure/tile.h"

#include <math.h>
#include <stdbool.h>

#include "base/clones.h"

enum { TILE = 128, WORD = 64, FEW = 3 };

#define INLINE static inline __attribute__((always_inline))

/* What a payoff must reach. Without slack the doubles are compared as they are: a payoff below
 * another has no double above the other's. With slack s, payoffs are off by at most
 * e(x) = |x| 2^-53 + 2^-1075, and all v with v + e(v) >= best - e(best) - s are to be kept: these
 * are not below best - s by more than (|best| + s) 2^-51 + 2^-1073, to which the roundings of this
 * line add less than that again. */
INLINE double threshold(double best, double slack) {
    return slack == 0 ? best : best - slack - (fabs(best) * 0x1p-49 + slack * 0x1p-49 + 0x1p-1070);
}

/* --- bits --- */

INLINE uint64_t low_bits(size_t n) {
    return n < WORD ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

/* n bits, at most 64, that may straddle two words. */
INLINE uint64_t get_bits(const uint64_t *mask, uint64_t bit, size_t n) {
    const uint64_t *word = mask + bit / WORD;
    size_t shift = bit % WORD;
    uint64_t bits = word[0] >> shift;
    if (shift + n > WORD)
        bits |= word[1] << (WORD - shift);
    return bits & low_bits(n);
}

INLINE void clear_bits(uint64_t *mask, uint64_t bit, uint64_t clear) {
    uint64_t *word = mask + bit / WORD;
    size_t shift = bit % WORD;
    word[0] &= ~(clear << shift);
    if (shift && clear >> (WORD - shift))
        word[1] &= ~(clear >> (WORD - shift));
}

/* --- comparisons --- */

INLINE uint64_t compare_some(const double *value, const double *least, size_t n) {
    uint64_t bits = 0;
#pragma omp simd reduction(| : bits)
    for (size_t j = 0; j < n; j++)
        bits |= (uint64_t)(value[j] >= least[j]) << j;
    return bits;
}

/* Bit j: value[j] >= least[j]. At most 64. */
INLINE uint64_t compare(const double *value, const double *least, size_t n) {
    return n == WORD ? compare_some(value, least, WORD) : compare_some(value, least, n);
}

/* Tests each of the bits by itself; cheaper than a pass of vectors where they are few. */
INLINE uint64_t compare_few(const double *value, const double *least, uint64_t bits) {
    uint64_t kept = 0;
    for (uint64_t rest = bits; rest; rest &= rest - 1) {
        int j = __builtin_ctzll(rest);
        kept |= (uint64_t)(value[j] >= least[j]) << j;
    }
    return kept;
}

/* --- tiles --- */

typedef struct tile {
    const double *value;
    uint64_t *mask;
    size_t rows, columns; /* at most TILE columns */
    uint64_t stride;      /* of values */
    uint64_t bit, bits;   /* the first bit, and from a row to the next */
    const double *next;   /* the tile that follows, to be fetched while this one is compared */
} tile;

/* Are more than `limit` bits set? */
INLINE bool many_bits(const tile *t, size_t limit) {
    size_t count = 0;
    for (size_t r = 0; r < t->rows && count <= limit; r++)
        for (size_t c = 0; c < t->columns; c += WORD) {
            size_t n = t->columns - c < WORD ? t->columns - c : WORD;
            count += (size_t)__builtin_popcountll(get_bits(t->mask, t->bit + r * t->bits + c, n));
        }
    return count > limit;
}

/* Does another strategy beat this one by more than the slack? */
INLINE bool beaten(const double *column, size_t rows, uint64_t stride, double v, double slack) {
    for (size_t r = 0; r < rows; r++) {
        double other = column[r * stride];
        if (other > v && threshold(other, slack) > v)
            return true;
    }
    return false;
}

INLINE void sparse_tile(const tile *t, double slack) {
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c += WORD) {
            size_t n = t->columns - c < WORD ? t->columns - c : WORD;
            uint64_t bit = t->bit + r * t->bits + c, clear = 0;
            for (uint64_t rest = get_bits(t->mask, bit, n); rest; rest &= rest - 1) {
                int j = __builtin_ctzll(rest);
                const double *column = t->value + c + j;
                if (beaten(column, t->rows, t->stride, column[r * t->stride], slack))
                    clear |= UINT64_C(1) << j;
            }
            if (clear)
                clear_bits(t->mask, bit, clear);
        }
}

INLINE void dense_tile(const tile *t, double slack) {
    double least[TILE];
    size_t columns = t->columns;
    for (size_t j = 0; j < columns; j++)
        least[j] = t->value[j];
    for (size_t r = 1; r < t->rows; r++) {
        const double *v = t->value + r * t->stride;
#pragma omp simd
        for (size_t j = 0; j < columns; j++)
            least[j] = v[j] > least[j] ? v[j] : least[j];
    }
    if (slack > 0)
        for (size_t j = 0; j < columns; j++)
            least[j] = threshold(least[j], slack);
    for (size_t r = 0; r < t->rows; r++) {
        const double *v = t->value + r * t->stride;
        for (size_t c = 0; t->next && c < columns; c += 8)
            __builtin_prefetch(t->next + r * t->stride + c);
        for (size_t c = 0; c < columns; c += WORD) {
            size_t n = columns - c < WORD ? columns - c : WORD;
            uint64_t bit = t->bit + r * t->bits + c, bits = get_bits(t->mask, bit, n);
            if (!bits)
                continue;
            uint64_t kept = __builtin_popcountll(bits) <= FEW ? compare_few(v + c, least + c, bits)
                                                              : compare(v + c, least + c, n);
            clear_bits(t->mask, bit, bits & ~kept);
        }
    }
}

INLINE void filter(const tile *t, double slack) {
    if (many_bits(t, t->rows / 2))
        dense_tile(t, slack);
    else
        sparse_tile(t, slack);
}

/* All strategies of the last player, next to each other. */
INLINE void filter_row(const double *value, size_t n, uint64_t *mask, uint64_t bit, double slack) {
    double best = value[0];
#pragma omp simd reduction(max : best)
    for (size_t j = 0; j < n; j++)
        best = value[j] > best ? value[j] : best;
    double least = threshold(best, slack);
    for (size_t c = 0; c < n; c += WORD) {
        size_t some = n - c < WORD ? n - c : WORD;
        uint64_t clear = 0;
#pragma omp simd reduction(| : clear)
        for (size_t j = 0; j < some; j++)
            clear |= (uint64_t)(value[c + j] < least) << j;
        clear_bits(mask, bit + c, clear);
    }
}

uint64_t dt_tiles_in(uint64_t line) {
    return (line - 1) / TILE + 1;
}

CLONES void dt_tiles_within(const dt_tiling *t, uint64_t from, uint64_t to) {
    uint64_t block = t->rows * t->stride;
    for (uint64_t line = from; line < to; line++)
        for (uint64_t at = 0; at < t->line; at += block) {
            const double *value = t->value + line * t->line + at;
            uint64_t bit = line * t->words * WORD + at;
            if (t->stride == 1)
                filter_row(value, t->rows, t->mask, bit, t->slack);
            else
                for (uint64_t c = 0; c < t->stride; c += TILE) {
                    size_t n = t->stride - c < TILE ? t->stride - c : TILE;
                    filter(&(tile){value + c, t->mask, t->rows, n, t->stride, bit + c, t->stride,
                                   NULL},
                           t->slack);
                }
        }
}

CLONES void dt_tiles_across(const dt_tiling *t, uint64_t from, uint64_t to) {
    uint64_t pieces = dt_tiles_in(t->line);
    for (uint64_t k = from; k < to; k++) {
        uint64_t column = k / pieces, first = column % t->stride, c = k % pieces * TILE;
        uint64_t line = (column - first) * t->rows + first;
        const double *value = t->value + line * t->line + c;
        size_t n = t->line - c < TILE ? t->line - c : TILE;
        bool ahead = first * t->line + c + n < t->stride * t->line;
        filter(&(tile){value, t->mask, t->rows, n, t->stride * t->line, line * t->words * WORD + c,
                       t->stride * t->words * WORD, ahead ? value + n : NULL},
               t->slack);
    }
}
