/* Exact lexicographic pivoting. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/dictionary.h"

#include <flint/fmpz_vec.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/keys.h"

static void to_origin(dt_dictionary *d) {
    for (size_t i = 0; i < d->rows; i++) {
        _fmpz_vec_set(dt_dictionary_entry(d, i, 0), d->matrix + i * d->columns, (slong)d->columns);
        fmpz_one(dt_dictionary_entry(d, i, d->columns));
        d->basic[i] = (uint32_t)(d->columns + i);
        d->place[d->columns + i] = (uint32_t)i;
    }
    for (size_t j = 0; j < d->columns; j++) {
        d->nonbasic[j] = (uint32_t)j;
        d->place[j] = (uint32_t)(d->rows + j);
    }
    fmpz_one(&d->det);
}

dt_status dt_dictionary_init(dt_dictionary *d, size_t rows, size_t columns, const fmpz *matrix,
                             size_t stride, const uint32_t *column) {
    *d = (dt_dictionary){.rows = rows, .columns = columns};
    d->basic = calloc(rows, sizeof *d->basic);
    d->nonbasic = calloc(columns, sizeof *d->nonbasic);
    d->place = calloc(rows + columns, sizeof *d->place);
    fmpz_init(&d->det);
    fmpz_init(d->one);
    fmpz_init(d->other);
    fmpz_init(d->former);
    if (!d->basic || !d->nonbasic || !d->place)
        return DT_ERR_MEMORY;
    d->matrix = _fmpz_vec_init((slong)(rows * columns));
    d->entry = _fmpz_vec_init((slong)(rows * (columns + 1)));
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            fmpz_set(d->matrix + i * columns + j, matrix + i * stride + (column ? column[j] : j));
    to_origin(d);
    return DT_OK;
}

void dt_dictionary_clear(dt_dictionary *d) {
    if (d->matrix)
        _fmpz_vec_clear(d->matrix, (slong)(d->rows * d->columns));
    if (d->entry)
        _fmpz_vec_clear(d->entry, (slong)(d->rows * (d->columns + 1)));
    fmpz_clear(&d->det);
    fmpz_clear(d->one);
    fmpz_clear(d->other);
    fmpz_clear(d->former);
    free(d->basic);
    free(d->nonbasic);
    free(d->place);
    *d = (dt_dictionary){0};
}

/* A divisor in a word: exact quotients of two words by one multiplication modulo 2^64 (Jebelean
 * 1993), where they fit. */
typedef struct divisor {
    bool word;
    int shift;        /* twos in it */
    uint64_t inverse; /* of the odd part, modulo 2^64 */
    __int128 most;    /* quotients of less than this fit an fmpz's word */
} divisor;

static divisor divide_by(const fmpz *by) {
    divisor d = {.word = !COEFF_IS_MPZ(*by)};
    if (!d.word)
        return d;
    d.shift = __builtin_ctzll((uint64_t)*by);
    uint64_t odd = (uint64_t)*by >> d.shift;
    d.inverse = odd * 3 ^ 2; /* 5 bits right, and twice as many each time */
    for (int k = 0; k < 4; k++)
        d.inverse *= 2 - odd * d.inverse;
    d.most = (__int128)*by * COEFF_MAX;
    return d;
}

/* x = (x p - f r) / former, which is whole: in 128 bits where all fit in a word. */
static inline void update(fmpz *x, const fmpz *p, const fmpz *f, const fmpz *r, const fmpz *former,
                          const divisor *d) {
    if (d->word && !COEFF_IS_MPZ(*x) && !COEFF_IS_MPZ(*p) && !COEFF_IS_MPZ(*f) &&
        !COEFF_IS_MPZ(*r)) {
        __int128 value = (__int128)*x * *p - (__int128)*f * *r;
        if (value <= d->most && value >= -d->most) {
            *x = (fmpz)((uint64_t)(value >> d->shift) * d->inverse);
            return;
        }
    }
    if (fmpz_is_zero(x) && (fmpz_is_zero(f) || fmpz_is_zero(r)))
        return;
    fmpz_mul(x, x, p);
    fmpz_submul(x, f, r);
    fmpz_divexact(x, x, former);
}

/* With pivot p at (r, c): an entry (i, j) of another row becomes (T_ij p - T_ic T_rj) / det, which
 * is a minor of M and so whole; column c changes its sign, the place of the pivot takes det. */
void dt_dictionary_pivot(dt_dictionary *d, size_t row, size_t column) {
    size_t width = d->columns + 1;
    fmpz *pivot_row = dt_dictionary_entry(d, row, 0);
    fmpz_set(d->former, &d->det);
    fmpz_set(&d->det, pivot_row + column);
    divisor by = divide_by(d->former);
    bool same = fmpz_equal(&d->det, d->former);
    for (size_t i = 0; i < d->rows; i++) {
        fmpz *here = dt_dictionary_entry(d, i, 0);
        if (i == row || (same && fmpz_is_zero(here + column)))
            continue;
        for (size_t j = 0; j < width; j++)
            if (j != column)
                update(here + j, &d->det, here + column, pivot_row + j, d->former, &by);
        fmpz_neg(here + column, here + column);
    }
    fmpz_set(pivot_row + column, d->former);
    if (fmpz_sgn(&d->det) < 0) {
        fmpz_neg(&d->det, &d->det);
        _fmpz_vec_neg(d->entry, d->entry, (slong)(d->rows * width));
    }
    uint32_t leaving = d->basic[row], entering = d->nonbasic[column];
    d->basic[row] = entering;
    d->nonbasic[column] = leaving;
    d->place[entering] = (uint32_t)row;
    d->place[leaving] = (uint32_t)(d->rows + column);
}

void dt_dictionary_go(dt_dictionary *d, const uint64_t *key) {
    to_origin(d);
    for (size_t j = 0; j < d->columns; j++) {
        if (dt_key_has(key, j))
            continue;
        /* a row whose slack is to leave: what is left of them is regular, so one serves */
        for (size_t i = 0; i < d->rows; i++)
            if (d->basic[i] >= d->columns && dt_key_has(key, d->basic[i]) &&
                !fmpz_is_zero(dt_dictionary_entry(d, i, j))) {
                dt_dictionary_pivot(d, i, j);
                break;
            }
    }
}

/* Compares x/t with y/u for positive t and u. */
static int compare(dt_dictionary *d, const fmpz *x, const fmpz *t, const fmpz *y, const fmpz *u) {
    if (fmpz_sgn(x) != fmpz_sgn(y))
        return fmpz_sgn(x) < fmpz_sgn(y) ? -1 : 1;
    fmpz_mul(d->one, x, u);
    fmpz_mul(d->other, y, t);
    return fmpz_cmp(d->one, d->other);
}

/* Is the perturbed ratio of row i below that of row r? Their unperturbed ones are equal. The
 * coefficient of e^(k+1) in a row is its entry in the column of slack k, or the unit vector's. */
static bool lex_less(dt_dictionary *d, size_t i, size_t r, size_t column) {
    const fmpz *t = dt_dictionary_entry(d, i, column), *u = dt_dictionary_entry(d, r, column);
    for (size_t k = 0; k < d->rows; k++) {
        uint32_t place = d->place[d->columns + k];
        if (place == i || place == r)
            return place == r; /* that row alone has e^(k+1), and more is later */
        if (place < d->rows)
            continue;
        int c = compare(d, dt_dictionary_entry(d, i, place - d->rows), t,
                        dt_dictionary_entry(d, r, place - d->rows), u);
        if (c != 0)
            return c < 0;
    }
    return false; /* not reached: rows of a regular matrix differ */
}

bool dt_dictionary_leaving(dt_dictionary *d, size_t column, size_t *row) {
    bool some = false;
    for (size_t i = 0; i < d->rows; i++) {
        const fmpz *t = dt_dictionary_entry(d, i, column);
        if (fmpz_sgn(t) <= 0)
            continue;
        int c = some ? compare(d, dt_dictionary_right(d, i), t, dt_dictionary_right(d, *row),
                               dt_dictionary_entry(d, *row, column))
                     : -1;
        if (c < 0 || (c == 0 && lex_less(d, i, *row, column)))
            *row = i;
        some = true;
    }
    return some;
}

void dt_dictionary_key(const dt_dictionary *d, uint64_t *key) {
    for (size_t j = 0; j < d->columns; j++)
        dt_key_put(key, d->nonbasic[j]);
}

void dt_dictionary_tight(const dt_dictionary *d, uint64_t *key) {
    dt_dictionary_key(d, key);
    for (size_t i = 0; i < d->rows; i++)
        if (fmpz_is_zero(dt_dictionary_right(d, i)))
            dt_key_put(key, d->basic[i]);
}
