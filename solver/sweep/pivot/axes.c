/* The parameters of a pivot table: see reader.h. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "sweep/pivot/reader.h"

/* A row of the table parameters. */
typedef struct parameter {
    const char *name, *column;
    double low, high; /* NAN: not given */
    bool log, sampled;
} parameter;

typedef struct parameters {
    size_t count;
    parameter *item;
} parameters;

static double number_at(sqlite3_stmt *select, int i) {
    return sqlite3_column_type(select, i) == SQLITE_NULL ? NAN : sqlite3_column_double(select, i);
}

static const char *text_at(const dt_pivot_reader *r, sqlite3_stmt *select, int i) {
    const char *text = (const char *)sqlite3_column_text(select, i);
    return text ? dt_arena_copy(r->pivot->arena, text, strlen(text)) : NULL;
}

static dt_status read_parameters(const dt_pivot_reader *r, parameters *list) {
    sqlite3_stmt *select = NULL;
    dt_status status =
        dt_pivot_prepare(r, &select,
                         "SELECT name, column_name, low, high, scale = 'log', design NOT IN "
                         "('grid', 'list'), (SELECT count(*) FROM parameters) FROM parameters, "
                         "runs ORDER BY parameter",
                         NULL);
    int code = SQLITE_DONE;
    while (status == DT_OK && (code = sqlite3_step(select)) == SQLITE_ROW) {
        if (!list->item)
            list->item = dt_arena_array(r->pivot->arena, (size_t)sqlite3_column_int64(select, 6),
                                        sizeof *list->item);
        if (!list->item) {
            status = DT_ERR_MEMORY;
            break;
        }
        parameter *p = &list->item[list->count++];
        *p = (parameter){text_at(r, select, 0),
                         text_at(r, select, 1),
                         number_at(select, 2),
                         number_at(select, 3),
                         sqlite3_column_int(select, 4) == 1,
                         sqlite3_column_int(select, 5) == 1};
        if (!p->name || !p->column)
            status = DT_ERR_MEMORY;
    }
    if (status == DT_OK && code != SQLITE_DONE)
        status = dt_pivot_complain(r);
    sqlite3_finalize(select);
    return status;
}

static const parameter *find(const dt_pivot_reader *r, const parameters *list, const char *name,
                             bool none) {
    dt_nearest near = {name, NULL, 0};
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->item[i].name, name) == 0 || strcmp(list->item[i].column, name) == 0)
            return &list->item[i];
        dt_nearest_offer(&near, list->item[i].name);
    }
    if (none)
        dt_nearest_offer(&near, "none");
    dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` is no parameter of this sweep%s%s%s", name,
                near.best ? "; did you mean `" : "", near.best ? near.best : "",
                near.best ? "`?" : "");
    return NULL;
}

/* --- the values --- */

/* The statement's numbers, ascending. */
static dt_status read_values(const dt_pivot_reader *r, dt_pivot_axis *axis) {
    char *count = sqlite3_mprintf("SELECT count(DISTINCT \"%w\") FROM points", axis->column),
         *values = sqlite3_mprintf("SELECT DISTINCT \"%w\" FROM points ORDER BY 1", axis->column);
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
static dt_status read_range(const dt_pivot_reader *r, parameter *p) {
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
static dt_status cut(const dt_pivot_reader *r, parameter *p, dt_pivot_axis *axis) {
    dt_status status = isnan(p->low) || isnan(p->high) ? read_range(r, p) : DT_OK;
    size_t bins = r->request->bins ? r->request->bins : DT_PIVOT_BINS;
    if (p->low == p->high)
        bins = 1;
    axis->value = dt_arena_array(r->pivot->arena, bins + 1, sizeof *axis->value);
    if (!axis->value)
        status = DT_ERR_MEMORY;
    for (size_t i = 0; status == DT_OK && i <= bins; i++) {
        double share = (double)i / (double)bins;
        axis->value[i] = i == bins ? p->high
                         : p->log  ? p->low * pow(p->high / p->low, share)
                                   : p->low + (p->high - p->low) * share;
    }
    axis->count = bins;
    axis->binned = true;
    axis->log = p->log;
    return status;
}

static dt_status fill(const dt_pivot_reader *r, const parameter *found, dt_pivot_axis *axis) {
    parameter p = *found;
    axis->name = p.name;
    axis->column = p.column;
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

static const parameter *first_but(const parameters *list, const parameter *taken) {
    for (size_t i = 0; i < list->count; i++)
        if (&list->item[i] != taken)
            return &list->item[i];
    return NULL;
}

/* The parameters that were asked for, or those in their place. */
static dt_status choose(const dt_pivot_reader *r, const parameters *list, const parameter **row,
                        const parameter **column) {
    const dt_pivot_request *q = r->request;
    bool none = q->columns && strcmp(q->columns, "none") == 0;
    for (size_t i = 0; i < list->count; i++) /* unless there is one of that name */
        none = none && strcmp(list->item[i].name, "none") != 0;
    *row = q->rows ? find(r, list, q->rows, false) : NULL;
    *column = q->columns && !none ? find(r, list, q->columns, true) : NULL;
    if ((q->rows && !*row) || (q->columns && !none && !*column))
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
    if (list->count)
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is the only parameter of this sweep: take it for the rows",
                    list->item[0].name);
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
    parameters list = {0};
    const parameter *row, *column;
    dt_status status = read_parameters(r, &list);
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
        if (&list.item[i] != row && &list.item[i] != column)
            p->others[p->other_count++] = list.item[i].name;
    return status == DT_OK ? check_size(r) : status;
}
