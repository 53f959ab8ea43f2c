/* Vertices of a complementary face. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/face.h"

#include <flint/fmpz_vec.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/dictionary.h"

typedef struct face {
    dt_dictionary d;
    const uint64_t *tight;
    uint32_t *column; /* of the dictionary: the matrix's column */
    fmpz *slope;      /* how fast the tight slacks' sum grows with each nonbasic variable */
    const volatile sig_atomic_t *stop;
} face;

static bool is_tight_slack(const face *f, uint32_t variable) {
    return variable >= f->d.columns && dt_key_has(f->tight, variable - f->d.columns);
}

/* The sum of the tight rows' slacks times det, and its slopes. */
static bool sum_is_zero(face *f) {
    const dt_dictionary *d = &f->d;
    bool zero = true;
    for (size_t j = 0; j < d->columns; j++)
        if (is_tight_slack(f, d->nonbasic[j]))
            fmpz_set(f->slope + j, &d->det);
        else
            fmpz_zero(f->slope + j);
    for (size_t i = 0; i < d->rows; i++) {
        if (!is_tight_slack(f, d->basic[i]))
            continue;
        zero = zero && fmpz_is_zero(dt_dictionary_right(d, i));
        _fmpz_vec_sub(f->slope, f->slope, dt_dictionary_entry(d, i, 0), (slong)d->columns);
    }
    return zero;
}

static bool stopped(const face *f) {
    return f->stop && *f->stop;
}

/* Bland's choice of the column is as good as any: the perturbation keeps the simplex method from
 * cycling. *some: the face has a point. */
static dt_status first_basis(face *f, bool *some) {
    for (;;) {
        *some = sum_is_zero(f);
        if (*some)
            return DT_OK;
        size_t column = 0, row;
        while (column < f->d.columns && fmpz_sgn(f->slope + column) >= 0)
            column++;
        if (column == f->d.columns)
            return DT_OK;
        if (!dt_dictionary_leaving(&f->d, column, &row))
            return DT_ERR_SOLVER;
        dt_dictionary_pivot(&f->d, row, column);
        if (stopped(f))
            return DT_ERR_INTERRUPTED;
    }
}

/* The vertex of the basis, unless it was met before. */
static dt_status tell(face *f, dt_key_set *met, uint64_t *key, size_t columns, fmpz *y,
                      dt_status (*visit)(void *self, const fmpz *y), void *self) {
    memset(key, 0, met->words * sizeof *key);
    dt_dictionary_tight(&f->d, key);
    bool fresh;
    dt_status status = dt_key_set_add(met, key, &fresh);
    if (status != DT_OK || !fresh)
        return status;
    _fmpz_vec_zero(y, (slong)columns);
    for (uint32_t j = 0; j < f->d.columns; j++) {
        const fmpz *value = dt_dictionary_value(&f->d, j);
        if (value)
            fmpz_set(y + f->column[j], value);
    }
    return visit(self, y);
}

/* Bases next to the one in hand that are in the face. */
static dt_status go_on(face *f, dt_key_set *seen, dt_key_list *todo, uint64_t *key) {
    sum_is_zero(f); /* fills the slopes */
    memset(key, 0, seen->words * sizeof *key);
    dt_dictionary_key(&f->d, key);
    for (size_t j = 0; j < f->d.columns; j++) {
        size_t row;
        if (!dt_dictionary_leaving(&f->d, j, &row))
            return DT_ERR_SOLVER;
        if (!fmpz_is_zero(f->slope + j) && !fmpz_is_zero(dt_dictionary_right(&f->d, row)))
            continue; /* a step out of the face */
        bool fresh;
        dt_key_drop(key, f->d.nonbasic[j]);
        dt_key_put(key, f->d.basic[row]);
        dt_status status = dt_key_set_add(seen, key, &fresh);
        if (status == DT_OK && fresh)
            status = dt_key_list_add(todo, key);
        dt_key_drop(key, f->d.basic[row]);
        dt_key_put(key, f->d.nonbasic[j]);
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

static dt_status all_bases(face *f, size_t columns, dt_status (*visit)(void *self, const fmpz *y),
                           void *self) {
    size_t words = dt_key_words(f->d.rows + f->d.columns);
    dt_key_set seen = {.words = words}, met = {.words = words};
    dt_key_list todo = {.words = words};
    uint64_t *key = calloc(words, sizeof *key);
    fmpz *y = _fmpz_vec_init((slong)columns);
    bool fresh;
    dt_status status = key ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        dt_dictionary_key(&f->d, key);
        status = dt_key_set_add(&seen, key, &fresh);
    }
    while (status == DT_OK) {
        status = tell(f, &met, key, columns, y, visit, self);
        if (status == DT_OK)
            status = go_on(f, &seen, &todo, key);
        if (status == DT_OK && stopped(f))
            status = DT_ERR_INTERRUPTED;
        if (status != DT_OK || todo.count == 0)
            break;
        dt_dictionary_go(&f->d, todo.key + --todo.count * words);
    }
    _fmpz_vec_clear(y, (slong)columns);
    free(key);
    dt_key_set_clear(&seen);
    dt_key_set_clear(&met);
    dt_key_list_clear(&todo);
    return status;
}

dt_status dt_face_vertices(const fmpz *matrix, size_t rows, size_t columns,
                           const uint64_t *rows_tight, const uint64_t *allowed,
                           const volatile sig_atomic_t *stop,
                           dt_status (*visit)(void *self, const fmpz *y), void *self) {
    face f = {.tight = rows_tight, .stop = stop};
    size_t count = 0;
    f.column = calloc(columns, sizeof *f.column);
    if (!f.column)
        return DT_ERR_MEMORY;
    for (size_t j = 0; j < columns; j++)
        if (dt_key_has(allowed, j))
            f.column[count++] = (uint32_t)j;
    dt_status status = dt_dictionary_init(&f.d, rows, count, matrix, columns, f.column);
    if (status == DT_OK) {
        f.slope = _fmpz_vec_init((slong)count);
        bool some;
        status = first_basis(&f, &some);
        if (status == DT_OK && some)
            status = all_bases(&f, columns, visit, self);
        _fmpz_vec_clear(f.slope, (slong)count);
    }
    dt_dictionary_clear(&f.d);
    free(f.column);
    return status;
}
