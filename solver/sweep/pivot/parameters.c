/* The parameters of a sweep, and the points that --where picks: see reader.h.
 * SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "deterra/report.h"
#include "sweep/pivot/reader.h"

static double number_at(sqlite3_stmt *select, int i) {
    return sqlite3_column_type(select, i) == SQLITE_NULL ? NAN : sqlite3_column_double(select, i);
}

static const char *text_at(const dt_pivot_reader *r, sqlite3_stmt *select, int i) {
    const char *text = (const char *)sqlite3_column_text(select, i);
    return text ? dt_arena_copy(r->pivot->arena, text, strlen(text)) : NULL;
}

dt_status dt_pivot_parameters_read(const dt_pivot_reader *r, dt_pivot_parameters *list) {
    sqlite3_stmt *select = NULL;
    dt_status status = dt_pivot_prepare(
        r, &select,
        "SELECT name, column_name, low, high, scale = 'log', design NOT IN "
        "('grid', 'list'), (SELECT count(*) FROM parameters), coalesce(unit, '') FROM parameters, "
        "runs WHERE run = 1 ORDER BY parameter",
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
        dt_pivot_parameter *p = &list->item[list->count++];
        *p = (dt_pivot_parameter){.name = text_at(r, select, 0),
                                  .column = text_at(r, select, 1),
                                  .unit = text_at(r, select, 7),
                                  .low = number_at(select, 2),
                                  .high = number_at(select, 3),
                                  .log = sqlite3_column_int(select, 4) == 1,
                                  .sampled = sqlite3_column_int(select, 5) == 1};
        if (sqlite3_column_type(select, 0) == SQLITE_NULL ||
            sqlite3_column_type(select, 1) == SQLITE_NULL)
            status = dt_pivot_damaged(r, "parameters");
        else if (!p->name || !p->column || !p->unit)
            status = DT_ERR_MEMORY;
    }
    if (status == DT_OK && code != SQLITE_DONE)
        status = dt_pivot_complain(r);
    sqlite3_finalize(select);
    return status;
}

dt_pivot_parameter *dt_pivot_parameter_find(const dt_pivot_reader *r,
                                            const dt_pivot_parameters *list, const char *name,
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

/* --- points with a given value --- */

enum { MOST_SHOWN = 6 };

/* The values of the parameter that come nearest to x: "0.5, 1, 1.5"; NULL: an error. */
static const char *nearest_values(const dt_pivot_reader *r, const dt_pivot_parameter *p, double x) {
    char *sql = sqlite3_mprintf("SELECT v FROM (SELECT DISTINCT \"%w\" AS v FROM points ORDER BY "
                                "abs(\"%w\" - %!.17g) LIMIT %d) ORDER BY v",
                                p->column, p->column, x, MOST_SHOWN);
    sqlite3_stmt *select = NULL;
    const char *text = sql && dt_pivot_prepare(r, &select, sql, NULL) == DT_OK ? "" : NULL;
    while (text && sqlite3_step(select) == SQLITE_ROW) {
        char number[32];
        dt_format_double(sqlite3_column_double(select, 0), number);
        text = dt_arena_format(r->pivot->arena, "%s%s%s", text, *text ? ", " : "", number);
    }
    sqlite3_finalize(select);
    sqlite3_free(sql);
    return text;
}

/* The number of a point that has the value, or, as the last place of a double may differ, one
 * beside it; -1: none has. */
static dt_status find_point(const dt_pivot_reader *r, const dt_pivot_parameter *p, double *x,
                            int64_t *point) {
    char *sql = sqlite3_mprintf("SELECT \"%w\", point FROM points WHERE \"%w\" BETWEEN ?1 AND ?2 "
                                "ORDER BY abs(\"%w\" - ?3), point LIMIT 1",
                                p->column, p->column, p->column);
    sqlite3_stmt *select = NULL;
    dt_status status = sql ? dt_pivot_prepare(r, &select, sql, NULL) : DT_ERR_MEMORY;
    *point = -1;
    if (status == DT_OK) {
        sqlite3_bind_double(select, 1, nextafter(*x, -INFINITY));
        sqlite3_bind_double(select, 2, nextafter(*x, INFINITY));
        sqlite3_bind_double(select, 3, *x);
        int code = sqlite3_step(select);
        if (code == SQLITE_ROW) {
            *x = sqlite3_column_double(select, 0);
            *point = sqlite3_column_int64(select, 1);
        } else if (code != SQLITE_DONE) {
            status = dt_pivot_complain(r);
        }
    }
    sqlite3_finalize(select);
    sqlite3_free(sql);
    return status;
}

/* Keeps the points with that value; compares with a stored double and no decimal. */
static dt_status pick(dt_pivot_reader *r, dt_pivot_parameter *p, double x) {
    dt_arena *arena = r->pivot->arena;
    int64_t point;
    dt_status status = find_point(r, p, &x, &point);
    if (status != DT_OK)
        return status;
    if (point < 0) {
        char number[32];
        const char *list = nearest_values(r, p, x);
        if (!list)
            return DT_ERR_MEMORY;
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "no point has `%s` = %s%s%s", p->name,
                    dt_format_double(x, number), *list ? "; the nearest values are " : "", list);
        return DT_ERR_INPUT;
    }
    char *condition =
        sqlite3_mprintf("%s AND \"%w\" = (SELECT o.\"%w\" FROM points AS o WHERE o.point = %lld)",
                        r->where, p->column, p->column, (long long)point);
    r->where = condition ? dt_arena_copy(arena, condition, strlen(condition)) : NULL;
    sqlite3_free(condition);
    p->fixed = true;
    r->pivot->fixed[r->pivot->fixed_count++] = (dt_pivot_fixed){p->name, p->unit, x};
    return r->where ? DT_OK : DT_ERR_MEMORY;
}

/* "gain=6". */
static dt_status pick_one(dt_pivot_reader *r, const dt_pivot_parameters *list, const char *text) {
    const char *equal = strchr(text, '=');
    char *end = NULL;
    double x = equal ? strtod(equal + 1, &end) : 0;
    if (!equal || equal == text || end == equal + 1 || *end || !isfinite(x)) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "--where takes NAME=NUMBER, not `%s`", text);
        return DT_ERR_INPUT;
    }
    const char *name = dt_arena_format(r->pivot->arena, "%.*s", (int)(equal - text), text);
    if (!name)
        return DT_ERR_MEMORY;
    dt_pivot_parameter *p = dt_pivot_parameter_find(r, list, name, false);
    if (!p)
        return DT_ERR_INPUT;
    if (p->fixed) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "--where has `%s` twice", name);
        return DT_ERR_INPUT;
    }
    return pick(r, p, x);
}

dt_status dt_pivot_where(dt_pivot_reader *r, const dt_pivot_parameters *list) {
    r->where = "1";
    r->pivot->fixed = dt_arena_array(r->pivot->arena, list->count + 1, sizeof *r->pivot->fixed);
    dt_status status = r->pivot->fixed ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < r->request->wheres && status == DT_OK; i++)
        status = pick_one(r, list, r->request->where[i]);
    return status;
}
