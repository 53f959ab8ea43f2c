/* A batch: rows of typed cells in one stretch of bytes, as the store and the network take them.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_BATCH_H
#define DT_SWEEP_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

/* The tables of the store that a point has rows in. */
typedef enum dt_sheet {
    DT_SHEET_POINTS,
    DT_SHEET_EQUILIBRIA,
    DT_SHEET_RECORDS,
    DT_SHEET_TIMINGS,
    DT_SHEETS
} dt_sheet;

typedef enum dt_cell_kind { DT_CELL_NULL, DT_CELL_COUNT, DT_CELL_REAL, DT_CELL_TEXT } dt_cell_kind;

/* Bytes are those of this machine: batches travel between processes of one job, and are not kept.
 */
typedef struct dt_batch {
    unsigned char *data;
    size_t length, room;
    bool no_memory; /* something was lost: the batch is worth nothing */
} dt_batch;

void dt_batch_clear(dt_batch *batch);
/* Begins a row; the cells that follow are its own. */
void dt_batch_row(dt_batch *batch, dt_sheet sheet);
void dt_batch_null(dt_batch *batch);
void dt_batch_count(dt_batch *batch, int64_t count);
void dt_batch_real(dt_batch *batch, double real);
void dt_batch_text(dt_batch *batch, const char *text); /* NULL: a null */

/* Reads a batch from its start. */
typedef struct dt_batch_reader {
    const unsigned char *data;
    size_t length, at;
} dt_batch_reader;

typedef struct dt_batch_cell {
    dt_cell_kind kind;
    int64_t count;
    double real;
    const char *text; /* points into the batch; NUL-terminated */
    size_t length;
} dt_batch_cell;

/* The next row's sheet; false at the end, or where the bytes are no batch. */
bool dt_batch_next_row(dt_batch_reader *reader, dt_sheet *sheet);
/* The next cell of the row; false at its end. */
bool dt_batch_next_cell(dt_batch_reader *reader, dt_batch_cell *cell);

#endif
