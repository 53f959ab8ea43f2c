/* Reading stores: see reading.h. SPDX: GPL-3.0-or-later */
#include "sweep/reading.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int64_t dt_sql_number(sqlite3 *db, const char *sql, int64_t otherwise) {
    sqlite3_stmt *statement = NULL;
    int64_t number = otherwise;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

dt_status dt_reading_kind(sqlite3 *db, const char *path, dt_diag *diag) {
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
    dt_status status = DT_OK;
    if (sqlite3_open_v2(path, db, flags, NULL) != SQLITE_OK)
        status = *db ? DT_ERR_INPUT : DT_ERR_MEMORY;
    if (status == DT_OK) {
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
