/* The columns of a store's tables. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_COLUMNS_H
#define DT_SWEEP_COLUMNS_H

#include "sweep/batch.h"

/* Columns of equilibria in front of those of the moves. */
enum { DT_COLUMNS_BEFORE_MOVES = 5 };

/* A column of a store. */
typedef struct dt_sheet_column {
    const char *name; /* as it is; unlike all others of points and equilibria, whatever the case */
    const char *type; /* in SQL */
} dt_sheet_column;

typedef struct dt_columns {
    size_t count[DT_SHEETS];
    dt_sheet_column *column[DT_SHEETS];
} dt_columns;

struct dt_frame;
/* Names the columns in the order of a batch's cells, in the sweep's arena. A parameter's column has
 * its path, "share.US.CN", a move's "US.subsidy", a payoff's "payoff.US"; where SQL would take a
 * name for another one it has _2 behind it. */
dt_status dt_columns_init(dt_columns *columns, const struct dt_frame *frame);

#endif
