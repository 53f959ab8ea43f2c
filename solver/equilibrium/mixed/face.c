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

/* A step of the walk over bases: how it is undone, and the next column to try. */
typedef struct step {
    size_t row, column, next;
} step;

typedef struct walk {
    face *f;
    dt_key_set seen, met; /* bases; vertices */
    uint64_t *key;
    size_t depth, room;
    step *step;
} walk;

/* The first column from step->next on whose pivot leads to a new basis of the face; *row as well.
 * The number of columns: none. */
static dt_status next_pivot(walk *w, size_t *column, size_t *row) {
    face *f = w->f;
    dt_dictionary *d = &f->d;
    sum_is_zero(f); /* fills the slopes */
    memset(w->key, 0, w->seen.words * sizeof *w->key);
    dt_dictionary_key(d, w->key);
    for (; *column < d->columns; ++*column) {
        if (!dt_dictionary_leaving(d, *column, row))
            return DT_ERR_SOLVER;
        if (!fmpz_is_zero(f->slope + *column) && !fmpz_is_zero(dt_dictionary_right(d, *row)))
            continue; /* a step out of the face */
        uint32_t entering = d->nonbasic[*column], leaving = d->basic[*row];
        bool fresh;
        dt_key_drop(w->key, entering);
        dt_key_put(w->key, leaving);
        dt_status status = dt_key_set_add(&w->seen, w->key, &fresh);
        dt_key_drop(w->key, leaving);
        dt_key_put(w->key, entering);
        if (status != DT_OK || fresh)
            return status;
    }
    return DT_OK;
}

static dt_status push(walk *w, size_t row, size_t column) {
    if (w->depth == w->room) {
        size_t room = w->room ? 2 * w->room : 64;
        step *larger = realloc(w->step, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        w->step = larger;
        w->room = room;
    }
    w->step[w->depth++] = (step){row, column, 0};
    return DT_OK;
}

/* Depth first, a pivot for each step there and back. */
static dt_status all_bases(face *f, size_t columns, dt_status (*visit)(void *self, const fmpz *y),
                           void *self) {
    size_t words = dt_key_words(f->d.rows + f->d.columns);
    walk w = {.f = f, .seen.words = words, .met.words = words};
    fmpz *y = _fmpz_vec_init((slong)columns);
    bool fresh;
    w.key = calloc(words, sizeof *w.key);
    dt_status status = w.key ? push(&w, 0, 0) : DT_ERR_MEMORY;
    if (status == DT_OK) {
        dt_dictionary_key(&f->d, w.key);
        status = dt_key_set_add(&w.seen, w.key, &fresh);
    }
    if (status == DT_OK)
        status = tell(f, &w.met, w.key, columns, y, visit, self);
    while (status == DT_OK && w.depth) {
        step *top = &w.step[w.depth - 1];
        size_t row = 0;
        status = stopped(f) ? DT_ERR_INTERRUPTED : next_pivot(&w, &top->next, &row);
        if (status != DT_OK)
            break;
        size_t column = top->next++;
        if (column < f->d.columns) {
            dt_dictionary_pivot(&f->d, row, column);
            status = push(&w, row, column);
            if (status == DT_OK)
                status = tell(f, &w.met, w.key, columns, y, visit, self);
        } else if (--w.depth) {
            dt_dictionary_pivot(&f->d, top->row, top->column);
        }
    }
    _fmpz_vec_clear(y, (slong)columns);
    free(w.key);
    free(w.step);
    dt_key_set_clear(&w.seen);
    dt_key_set_clear(&w.met);
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
