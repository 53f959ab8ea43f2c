/* The parameters of a pivot table: see reader.h. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sweep/pivot/reader.h"

/* --- the values --- */

/* The statement's numbers, ascending. */
static dt_status read_values(const dt_pivot_reader *r, dt_pivot_axis *axis) {
    char *count = sqlite3_mprintf("SELECT count(DISTINCT \"%w\") FROM points WHERE %s",
                                  axis->column, r->where),
         *values = sqlite3_mprintf("SELECT DISTINCT \"%w\" FROM points WHERE %s ORDER BY 1",
                                   axis->column, r->where);
    sqlite3_stmt *select = NULL;
    dt_status status = count && values ? dt_pivot_prepare(r, &select, count, NULL) : DT_ERR_MEMORY;
    size_t room = 0;
    if (status == DT_OK && sqlite3_step(select) == SQLITE_ROW)
        room = (size_t)sqlite3_column_int64(select, 0);
    sqlite3_finalize(select);
    select = NULL;
    if (status == DT_OK && room > DT_PIVOT_CELLS) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` has %zu values: --bins cuts its range into intervals", axis->name, room);
        status = DT_ERR_INPUT;
    }
    if (status == DT_OK) {
        axis->value = dt_arena_array(r->pivot->arena, room, sizeof *axis->value);
        status = axis->value ? dt_pivot_prepare(r, &select, values, NULL) : DT_ERR_MEMORY;
    }
    while (status == DT_OK && axis->count < room && sqlite3_step(select) == SQLITE_ROW)
        axis->value[axis->count++] = sqlite3_column_double(select, 0);
    if (status == DT_OK && axis->count < room)
        status = dt_pivot_complain(r);
    sqlite3_finalize(select);
    sqlite3_free(count);
    sqlite3_free(values);
    return status;
}

/* The range of a list is that of its points. */
static dt_status read_range(const dt_pivot_reader *r, dt_pivot_parameter *p) {
    char *sql =
        sqlite3_mprintf("SELECT min(\"%w\"), max(\"%w\") FROM points", p->column, p->column);
    sqlite3_stmt *select = NULL;
    dt_status status = sql ? dt_pivot_prepare(r, &select, sql, NULL) : DT_ERR_MEMORY;
    if (status == DT_OK && sqlite3_step(select) == SQLITE_ROW) {
        p->low = sqlite3_column_double(select, 0);
        p->high = sqlite3_column_double(select, 1);
    } else if (status == DT_OK) {
        status = dt_pivot_complain(r);
    }
    sqlite3_finalize(select);
    sqlite3_free(sql);
    return status;
}

/* Intervals of the same length, in the logarithm where that is the scale. */
static dt_status cut(const dt_pivot_reader *r, dt_pivot_parameter *p, dt_pivot_axis *axis) {
    dt_status status = isnan(p->low) || isnan(p->high) ? read_range(r, p) : DT_OK;
    size_t bins = r->request->bins ? r->request->bins : DT_PIVOT_BINS;
    if (p->low == p->high)
        bins = 1;
    if (!isfinite(p->low) || !isfinite(p->high) || p->low > p->high || (p->log && p->low <= 0))
        status = status == DT_OK ? dt_pivot_damaged(r, p->name) : status;
    axis->value = dt_arena_array(r->pivot->arena, bins + 1, sizeof *axis->value);
    if (!axis->value)
        status = DT_ERR_MEMORY;
    for (size_t i = 0; status == DT_OK && i <= bins; i++) {
        /* wider than doubles, as ranges may go from one end of them to the other */
        long double share = (long double)i / (long double)bins, low = p->low, high = p->high;
        axis->value[i] = i == bins ? p->high
                         : p->log  ? (double)(low * powl(high / low, share))
                                   : (double)(low + (high - low) * share);
    }
    axis->count = bins;
    axis->binned = true;
    axis->log = p->log;
    return status;
}

/* Has every point a number there? */
static dt_status check_numbers(const dt_pivot_reader *r, const dt_pivot_axis *axis) {
    char *sql = sqlite3_mprintf("SELECT 1 FROM points WHERE typeof(\"%w\") NOT IN ('real', "
                                "'integer') OR abs(\"%w\") > 1.7976931348623157e308 LIMIT 1",
                                axis->column, axis->column);
    sqlite3_stmt *select = NULL;
    dt_status status = sql ? dt_pivot_prepare(r, &select, sql, NULL) : DT_ERR_MEMORY;
    int code = status == DT_OK ? sqlite3_step(select) : SQLITE_DONE;
    if (code == SQLITE_ROW)
        status = dt_pivot_damaged(r, axis->name);
    else if (code != SQLITE_DONE)
        status = dt_pivot_complain(r);
    sqlite3_finalize(select);
    sqlite3_free(sql);
    return status;
}

static dt_status fill(const dt_pivot_reader *r, const dt_pivot_parameter *found,
                      dt_pivot_axis *axis) {
    dt_pivot_parameter p = *found;
    axis->name = p.name;
    axis->column = p.column;
    axis->unit = p.unit;
    dt_status status = check_numbers(r, axis);
    if (status != DT_OK)
        return status;
    return p.sampled || r->request->bins ? cut(r, &p, axis) : read_values(r, axis);
}

size_t dt_pivot_place(const dt_pivot_axis *axis, double x) {
    size_t low = 0, high = axis->count; /* value[low] <= x < value[high], or high is the end */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (axis->value[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- rows and columns --- */

static const dt_pivot_parameter *first_but(const dt_pivot_parameters *list,
                                           const dt_pivot_parameter *taken) {
    for (size_t i = 0; i < list->count; i++)
        if (&list->item[i] != taken && !list->item[i].fixed)
            return &list->item[i];
    return NULL;
}

/* Unless there is a parameter of that name. */
static bool is_none(const dt_pivot_parameters *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].name, "none") == 0)
            return false;
    return strcmp(name, "none") == 0;
}

static bool is_fixed(const dt_pivot_reader *r, const dt_pivot_parameter *p) {
    if (p && p->fixed)
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` has one value by --where: take another parameter for rows and columns",
                    p->name);
    return p && p->fixed;
}

/* The parameters that were asked for, or those in their place. */
static dt_status choose(const dt_pivot_reader *r, const dt_pivot_parameters *list,
                        const dt_pivot_parameter **row, const dt_pivot_parameter **column) {
    const dt_pivot_request *q = r->request;
    bool none = q->columns && is_none(list, q->columns);
    if (q->rows && is_none(list, q->rows)) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "the rows need a parameter: `none` is for --columns alone");
        return DT_ERR_INPUT;
    }
    *row = q->rows ? dt_pivot_parameter_find(r, list, q->rows, false) : NULL;
    *column = q->columns && !none ? dt_pivot_parameter_find(r, list, q->columns, true) : NULL;
    if ((q->rows && !*row) || (q->columns && !none && !*column))
        return DT_ERR_INPUT;
    if (is_fixed(r, *row) || is_fixed(r, *column))
        return DT_ERR_INPUT;
    if (*row && *row == *column) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` cannot be both rows and columns",
                    (*row)->name);
        return DT_ERR_INPUT;
    }
    if (!*row)
        *row = first_but(list, *column);
    if (!*column && !none)
        *column = first_but(list, *row);
    if (*row)
        return DT_OK;
    if (*column)
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is the only parameter %s: take it for the rows", (*column)->name,
                    list->count > 1 ? "that --where leaves" : "of this sweep");
    else if (list->count)
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "--where leaves no parameter for the rows");
    else
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` has no parameters", r->path);
    return DT_ERR_INPUT;
}

static dt_status check_size(const dt_pivot_reader *r) {
    const dt_pivot *p = r->pivot;
    if (p->column.count <= DT_PIVOT_COLUMNS &&
        p->row.count * p->column.count <= (size_t)DT_PIVOT_CELLS)
        return DT_OK;
    dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                "a table of %zu × %zu cells is too large: --bins cuts ranges into intervals",
                p->row.count, p->column.count);
    return DT_ERR_INPUT;
}

dt_status dt_pivot_axes(dt_pivot_reader *r) {
    dt_pivot *p = r->pivot;
    dt_pivot_parameters list = {0};
    const dt_pivot_parameter *row, *column;
    dt_status status = dt_pivot_parameters_read(r, &list);
    if (status == DT_OK)
        status = dt_pivot_where(r, &list);
    if (status == DT_OK)
        status = choose(r, &list, &row, &column);
    if (status != DT_OK)
        return status;
    p->column.count = 1;
    status = fill(r, row, &p->row);
    if (status == DT_OK && column) {
        p->column.count = 0;
        status = fill(r, column, &p->column);
    }
    p->others = dt_arena_array(p->arena, list.count, sizeof *p->others);
    if (!p->others)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < list.count; i++)
        if (&list.item[i] != row && &list.item[i] != column && !list.item[i].fixed)
            p->others[p->other_count++] = list.item[i].name;
    return status == DT_OK ? check_size(r) : status;
}
