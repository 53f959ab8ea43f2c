/* A store of a sweep as tidy CSV: see store_csv.h. SPDX: GPL-3.0-or-later */
#include "report/store_csv.h"

#include <string.h>

#include "deterra/report.h"
#include "sweep/reading.h"

static void put_quoted(FILE *out, const char *text) {
    size_t length = strlen(text);
    if (!strpbrk(text, "\",\r\n") && *text != ' ' && (!length || text[length - 1] != ' ')) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_cell(FILE *out, sqlite3_stmt *select, int i) {
    char number[32];
    switch (sqlite3_column_type(select, i)) {
    case SQLITE_NULL: break;
    case SQLITE_FLOAT:
        fputs(dt_format_double(sqlite3_column_double(select, i), number), out);
        break;
    default: put_quoted(out, (const char *)sqlite3_column_text(select, i));
    }
}

/* The statement that gives the rows; NULL when out of memory or where the store is damaged. */
static char *rows_of(sqlite3 *db, bool records) {
    if (!records)
        return sqlite3_mprintf("SELECT * FROM points LEFT JOIN equilibria USING (point) "
                               "ORDER BY point, concept, result, item");
    sqlite3_stmt *select = NULL;
    sqlite3_str *sql = sqlite3_str_new(db);
    sqlite3_str_appendall(sql, "SELECT point");
    if (sqlite3_prepare_v2(db, "SELECT column_name FROM parameters ORDER BY parameter", -1, &select,
                           NULL) == SQLITE_OK)
        while (sqlite3_step(select) == SQLITE_ROW)
            sqlite3_str_appendf(sql, ", points.\"%w\"", sqlite3_column_text(select, 0));
    sqlite3_finalize(select);
    sqlite3_str_appendall(
        sql, ", points.status AS status, points.message AS message, r.concept AS concept, r.result "
             "AS result, r.record AS record, r.equilibria AS equilibria, r.least AS least, "
             "r.greatest AS greatest FROM points LEFT JOIN records AS r USING (point) ORDER BY "
             "point, r.concept, r.result, r.record");
    return sqlite3_str_finish(sql);
}

dt_status dt_store_csv(const char *path, bool records, FILE *out, dt_diag *diag) {
    sqlite3 *db;
    dt_status status = dt_reading_open(path, diag, &db);
    if (status != DT_OK)
        return status;
    sqlite3_stmt *select = NULL;
    char *sql = rows_of(db, records);
    int code = sql ? sqlite3_prepare_v2(db, sql, -1, &select, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    if (code == SQLITE_OK) {
        int columns = sqlite3_column_count(select);
        for (int i = 0; i < columns; i++) {
            fputs(i ? "," : "", out);
            put_quoted(out, sqlite3_column_name(select, i));
        }
        fputc('\n', out);
        while ((code = sqlite3_step(select)) == SQLITE_ROW && !ferror(out)) {
            for (int i = 0; i < columns; i++) {
                fputs(i ? "," : "", out);
                put_cell(out, select, i);
            }
            fputc('\n', out);
        }
    }
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        status = dt_reading_complain(db, path, diag);
    sqlite3_finalize(select);
    sqlite3_close(db);
    return status;
}
