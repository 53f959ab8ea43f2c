/* What the parts of a pivot share. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_PIVOT_READER_H
#define DT_SWEEP_PIVOT_READER_H

#include <sqlite3.h>

#include "sweep/pivot/pivot.h"

/* A pivot in the making. */
typedef struct dt_pivot_reader {
    const char *path;
    sqlite3 *db;
    const dt_pivot_request *request;
    dt_pivot *pivot;
    dt_diag *diag;
} dt_pivot_reader;

/* What SQLite says, as an error of reading. */
dt_status dt_pivot_complain(const dt_pivot_reader *r);
/* A statement with its text parameters from 1 on bound, as many as there are before NULL. */
dt_status dt_pivot_prepare(const dt_pivot_reader *r, sqlite3_stmt **statement, const char *sql,
                           const char *const *text);
/* Finds out which parameters stand in rows and columns, and their values. */
dt_status dt_pivot_axes(dt_pivot_reader *r);
/* The place of a number on an axis; the axis has it. */
size_t dt_pivot_place(const dt_pivot_axis *axis, double x);
/* Finds out what the value is: a statement that gives for each point, by number, the row's and the
 * column's parameter, the status, the least and the greatest value, and how many equilibria were
 * left out. */
dt_status dt_pivot_quantity(dt_pivot_reader *r, sqlite3_stmt **statement);

#endif
