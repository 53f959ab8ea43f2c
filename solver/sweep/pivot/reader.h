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
    const char *where; /* SQL: the points that are looked at */
} dt_pivot_reader;

/* A row of the table parameters. */
typedef struct dt_pivot_parameter {
    const char *name, *column, *unit;
    double low, high; /* NAN: not given */
    bool log, sampled;
    bool fixed; /* by --where */
} dt_pivot_parameter;

typedef struct dt_pivot_parameters {
    size_t count;
    dt_pivot_parameter *item;
} dt_pivot_parameters;

/* What SQLite says, as an error of reading. */
dt_status dt_pivot_complain(const dt_pivot_reader *r);
/* Says that the store has something else where numbers of `what` should stand: DT_ERR_INPUT. */
dt_status dt_pivot_damaged(const dt_pivot_reader *r, const char *what);
/* A statement with its text parameters from 1 on bound, as many as there are before NULL. */
dt_status dt_pivot_prepare(const dt_pivot_reader *r, sqlite3_stmt **statement, const char *sql,
                           const char *const *text);
dt_status dt_pivot_parameters_read(const dt_pivot_reader *r, dt_pivot_parameters *list);
/* The parameter of that name or column; NULL after an error, which may suggest "none". */
dt_pivot_parameter *dt_pivot_parameter_find(const dt_pivot_reader *r,
                                            const dt_pivot_parameters *list, const char *name,
                                            bool none);
/* Reads the request's values of parameters into `where` and the pivot's `fixed`. */
dt_status dt_pivot_where(dt_pivot_reader *r, const dt_pivot_parameters *list);
/* Finds out which parameters stand in rows and columns, and their values. */
dt_status dt_pivot_axes(dt_pivot_reader *r);
/* The place of a number on an axis; the axis has it. */
size_t dt_pivot_place(const dt_pivot_axis *axis, double x);
/* Finds out what the value is: a statement that gives for each point, by number, the row's and the
 * column's parameter, the status, the least and the greatest value, and how many equilibria were
 * left out. */
dt_status dt_pivot_quantity(dt_pivot_reader *r, sqlite3_stmt **statement);

#endif
