/* Pivot tables of a store: see pivot.h. SPDX: GPL-3.0-or-later */
#include "sweep/pivot/pivot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/pivot/reader.h"
#include "sweep/reading.h"

const char *dt_statistic_name(dt_statistic statistic) {
    static const char *const name[] = {"mean", "min", "max", "range", "share"};
    return name[statistic];
}

dt_status dt_pivot_complain(const dt_pivot_reader *r) {
    return dt_reading_complain(r->db, r->path, r->diag);
}

dt_status dt_pivot_damaged(const dt_pivot_reader *r, const char *what) {
    dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` is damaged: not all of `%s` are numbers",
                r->path, what);
    return DT_ERR_INPUT;
}

dt_status dt_pivot_prepare(const dt_pivot_reader *r, sqlite3_stmt **statement, const char *sql,
                           const char *const *text) {
    if (sqlite3_prepare_v2(r->db, sql, -1, statement, NULL) != SQLITE_OK)
        return dt_pivot_complain(r);
    for (int i = 0; text && text[i]; i++)
        if (sqlite3_bind_text(*statement, i + 1, text[i], -1, SQLITE_TRANSIENT) != SQLITE_OK)
            return dt_pivot_complain(r);
    return DT_OK;
}

/* Adds a point's least and greatest value to its cell. */
static void add(dt_pivot_cell *cell, dt_statistic statistic, double low, double high) {
    bool first = cell->points++ == 0;
    switch (statistic) {
    case DT_STATISTIC_MEAN: cell->sum += ((long double)low + high) / 2; break;
    case DT_STATISTIC_SHARE:
        cell->low += low > 0;
        cell->high += high > 0;
        break;
    default:
        cell->low = first ? low : fmin(cell->low, low);
        cell->high = first ? high : fmax(cell->high, high);
    }
}

/* What was added up becomes the statistic. */
static void finish(dt_pivot_cell *cell, dt_statistic statistic) {
    if (cell->points == 0)
        return;
    double points = (double)cell->points;
    switch (statistic) {
    case DT_STATISTIC_MEAN:
        cell->low = cell->high = (double)(cell->sum / (long double)points);
        break;
    case DT_STATISTIC_SHARE:
        cell->low /= points;
        cell->high /= points;
        break;
    case DT_STATISTIC_MIN: cell->high = cell->low; break;
    case DT_STATISTIC_MAX: cell->low = cell->high; break;
    default: break;
    }
}

/* False where a value is no number. */
static bool take_row(dt_pivot *p, dt_statistic statistic, sqlite3_stmt *select, bool of_failures) {
    const char *word = (const char *)sqlite3_column_text(select, 2);
    bool failed = word && strcmp(word, "failed") == 0;
    p->failed += failed;
    if (failed && !of_failures)
        return true;
    p->mixed += (uint64_t)sqlite3_column_int64(select, 5);
    if (sqlite3_column_type(select, 3) == SQLITE_NULL) {
        p->without++;
        return true;
    }
    double low = sqlite3_column_double(select, 3), high = sqlite3_column_double(select, 4);
    if (!isfinite(low) || !isfinite(high) || sqlite3_column_type(select, 3) == SQLITE_TEXT)
        return false;
    p->several += low < high;
    size_t row = dt_pivot_place(&p->row, sqlite3_column_double(select, 0));
    size_t column =
        p->column.name ? dt_pivot_place(&p->column, sqlite3_column_double(select, 1)) : 0;
    add(&p->cell[row * p->column.count + column], statistic, low, high);
    return true;
}

static dt_status read_points(dt_pivot_reader *r, sqlite3_stmt *select) {
    dt_pivot *p = r->pivot;
    size_t cells = p->row.count * p->column.count;
    p->cell = dt_arena_array(p->arena, cells, sizeof *p->cell);
    if (!p->cell)
        return DT_ERR_MEMORY;
    bool of_failures = strcmp(p->value, "failed") == 0 && !p->concept;
    int code;
    while ((code = sqlite3_step(select)) == SQLITE_ROW)
        if (!take_row(p, r->request->statistic, select, of_failures))
            return dt_pivot_damaged(r, p->value);
    for (size_t i = 0; i < cells; i++)
        finish(&p->cell[i], r->request->statistic);
    return code == SQLITE_DONE ? DT_OK : dt_pivot_complain(r);
}

static dt_status read_run(const dt_pivot_reader *r) {
    dt_pivot *p = r->pivot;
    sqlite3_stmt *select = NULL;
    dt_status status =
        dt_pivot_prepare(r, &select,
                         "SELECT title, config_sha256, (points - shard + shards) / "
                         "shards, (SELECT count(*) FROM points) FROM runs WHERE run = 1",
                         NULL);
    int code = status == DT_OK ? sqlite3_step(select) : SQLITE_DONE;
    if (code == SQLITE_ROW) {
        const char *title = (const char *)sqlite3_column_text(select, 0),
                   *sha = (const char *)sqlite3_column_text(select, 1);
        p->title = dt_arena_format(p->arena, "%s", title ? title : "");
        p->config_sha256 = dt_arena_format(p->arena, "%s", sha ? sha : "");
        p->planned = (uint64_t)sqlite3_column_int64(select, 2);
        p->points = (uint64_t)sqlite3_column_int64(select, 3);
        status = p->title && p->config_sha256 ? DT_OK : DT_ERR_MEMORY;
    } else if (status == DT_OK && code != SQLITE_DONE) {
        status = dt_pivot_complain(r);
    } else if (status == DT_OK) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` holds no run", r->path);
        status = DT_ERR_INPUT;
    }
    sqlite3_finalize(select);
    return status;
}

dt_status dt_pivot_new(const char *path, const dt_pivot_request *request, dt_diag *diag,
                       dt_pivot **out) {
    *out = NULL;
    dt_pivot_reader r = {.path = path, .request = request, .diag = diag};
    dt_status status = dt_reading_open(path, diag, &r.db);
    if (status != DT_OK)
        return status;
    r.pivot = calloc(1, sizeof *r.pivot);
    if (r.pivot)
        r.pivot->arena = dt_arena_new();
    sqlite3_stmt *select = NULL;
    status = r.pivot && r.pivot->arena ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = read_run(&r);
    if (status == DT_OK)
        status = dt_pivot_axes(&r);
    if (status == DT_OK)
        status = dt_pivot_quantity(&r, &select);
    if (status == DT_OK)
        status = read_points(&r, select);
    sqlite3_finalize(select);
    sqlite3_close(r.db);
    if (status == DT_OK)
        *out = r.pivot;
    else
        dt_pivot_free(r.pivot);
    return status;
}

void dt_pivot_free(dt_pivot *pivot) {
    if (!pivot)
        return;
    if (pivot->arena)
        dt_arena_free(pivot->arena);
    free(pivot);
}
