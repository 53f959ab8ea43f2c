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

dt_status dt_store_csv(const char *path, FILE *out, dt_diag *diag) {
    sqlite3 *db;
    dt_status status = dt_reading_open(path, diag, &db);
    if (status != DT_OK)
        return status;
    sqlite3_stmt *select = NULL;
    int code = sqlite3_prepare_v2(db,
                                  "SELECT * FROM points LEFT JOIN equilibria USING (point) "
                                  "ORDER BY point, concept, result, item",
                                  -1, &select, NULL);
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
