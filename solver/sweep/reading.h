/* Reading stores: what all who read one need. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_READING_H
#define DT_SWEEP_READING_H

#include <sqlite3.h>
#include <stdint.h>

#include "deterra/diag.h"
#include "deterra/status.h"
#include "sweep/schema.h"

/* The one number that a statement gives; `otherwise` where it gives none. */
int64_t dt_sql_number(sqlite3 *db, const char *sql, int64_t otherwise);
/* The path as SQLite takes it for a file's, whatever it looks like: `file:x` and `:memory:` would
 * be something else. malloc'ed; NULL when out of memory. */
char *dt_sql_path(const char *path);
/* Is an open database a store that this version can read? DT_ERR_INPUT with a message, also
 * where it is damaged or another process keeps it to itself. */
dt_status dt_reading_kind(sqlite3 *db, const char *path, dt_diag *diag);
/* Why SQLite could not read: DT_ERR_INPUT where the store is damaged or in use, DT_ERR_IO, or
 * DT_ERR_MEMORY. */
dt_status dt_reading_complain(sqlite3 *db, const char *path, dt_diag *diag);
/* Opens a store for reading; *db is NULL after errors. DT_ERR_INPUT where it is missing or none. */
dt_status dt_reading_open(const char *path, dt_diag *diag, sqlite3 **db);
/* Only looks whether it could be opened. */
dt_status dt_reading_check(const char *path, dt_diag *diag);

#endif
