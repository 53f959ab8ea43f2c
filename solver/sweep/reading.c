/* Reading stores: see reading.h. SPDX: GPL-3.0-or-later */
#include "sweep/reading.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Milliseconds that a writer may keep readers waiting. */
enum { WRITER_WAIT = 10000 };

int64_t dt_sql_number(sqlite3 *db, const char *sql, int64_t otherwise) {
    sqlite3_stmt *statement = NULL;
    int64_t number = otherwise;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

char *dt_sql_path(const char *path) {
    size_t size = strlen(path) + 3;
    char *out = malloc(size);
    if (out)
        snprintf(out, size, "%s%s", *path == '/' ? "" : "./", path);
    return out;
}

dt_status dt_reading_complain(sqlite3 *db, const char *path, dt_diag *diag) {
    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_NOMEM: return DT_ERR_MEMORY;
    case SQLITE_BUSY:
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "another process is using `%s`: wait for its end, or end it", path);
        return DT_ERR_INPUT;
    case SQLITE_ERROR: /* a table or a column is missing */
    case SQLITE_CORRUPT:
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is damaged: %s", path, sqlite3_errmsg(db));
        return DT_ERR_INPUT;
    default:
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot read `%s`: %s", path, sqlite3_errmsg(db));
        return DT_ERR_IO;
    }
}

/* Can the file's head be read? What is no database at all is said elsewhere. */
static dt_status check_head(sqlite3 *db, const char *path, dt_diag *diag) {
    if (sqlite3_exec(db, "PRAGMA user_version", NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(db, "SELECT 1 FROM sqlite_master", NULL, NULL, NULL) == SQLITE_OK)
        return DT_OK;
    if ((sqlite3_errcode(db) & 0xff) == SQLITE_NOTADB)
        return DT_OK;
    return dt_reading_complain(db, path, diag);
}

dt_status dt_reading_kind(sqlite3 *db, const char *path, dt_diag *diag) {
    dt_status status = check_head(db, path, diag);
    if (status != DT_OK)
        return status;
    int64_t kind = dt_sql_number(db, "PRAGMA application_id", -1),
            schema = dt_sql_number(db, "PRAGMA user_version", -1);
    if (kind != DT_STORE_APPLICATION) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is not a store of deterra sweep; it was left as it is", path);
        return DT_ERR_INPUT;
    }
    if (schema > DT_STORE_SCHEMA) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "`%s` was made by a newer deterra (schema %lld, this one knows %d)", path,
                    (long long)schema, DT_STORE_SCHEMA);
        return DT_ERR_INPUT;
    }
    return DT_OK;
}

dt_status dt_reading_open(const char *path, dt_diag *diag, sqlite3 **db) {
    *db = NULL;
    if (access(path, R_OK) != 0) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot read `%s`: %s", path, strerror(errno));
        return DT_ERR_INPUT;
    }
    /* for writing, too, where that is possible: a killed run may have left a journal to roll back
     */
    int flags = access(path, W_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    char *file = dt_sql_path(path);
    if (!file)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    if (sqlite3_open_v2(file, db, flags, NULL) != SQLITE_OK)
        status = *db ? DT_ERR_INPUT : DT_ERR_MEMORY;
    free(file);
    if (status == DT_OK) {
        sqlite3_busy_timeout(*db,
                             WRITER_WAIT); /* a sweep that is being filled commits now and then */
        status = dt_reading_kind(*db, path, diag);
    } else if (*db) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot read `%s`: %s", path, sqlite3_errmsg(*db));
    }
    if (status != DT_OK) {
        sqlite3_close(*db);
        *db = NULL;
    }
    return status;
}

dt_status dt_reading_check(const char *path, dt_diag *diag) {
    sqlite3 *db;
    dt_status status = dt_reading_open(path, diag, &db);
    sqlite3_close(db);
    return status;
}
