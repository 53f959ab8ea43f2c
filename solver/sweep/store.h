/* The store of a sweep: one SQLite file with everything that a reader needs (docs/sweeps.md).
 *
 * Rows go in through one writer, in transactions of about a second, so that a process may be
 * killed at any moment: what was committed is whole, and the rest is solved again. Content (runs,
 * parameters, levels, points, equilibria, records) does not depend on when and how it was made; the
 * tables sessions and timings hold what does. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_STORE_H
#define DT_SWEEP_STORE_H

#include "sweep/batch.h"
#include "sweep/point.h"

/* Of the tables; a store of a higher one is refused. */
enum { DT_STORE_SCHEMA = 1 };

typedef struct dt_shard {
    uint64_t number, count; /* from 1: the points whose index % count is number - 1 */
} dt_shard;

typedef enum dt_store_mode {
    DT_STORE_NEW,     /* the file is not there, or empty */
    DT_STORE_RESUME,  /* goes on with the points that it lacks; new where there is no file */
    DT_STORE_REPLACE, /* what is there is deleted */
} dt_store_mode;

typedef struct dt_store dt_store;

/* Opens `path` for the frame's sweep. Errors go to diag and leave the file as it was:
 * DT_ERR_INPUT where it is there already, is no store, is of a newer schema, or of another config,
 * design or shard (the message shows the difference); DT_ERR_IO where SQLite cannot write. */
dt_status dt_store_open(const char *path, dt_store_mode mode, const dt_frame *frame, dt_shard shard,
                        dt_diag *diag, dt_store **out);
/* Commits and closes; the status of that. */
dt_status dt_store_close(dt_store *store, dt_diag *diag);

/* How many of its points are there, and how many of them failed. */
uint64_t dt_store_points(const dt_store *store);
uint64_t dt_store_failed(const dt_store *store);
/* The failed point of the least index, and why: "point 3: …"; malloc'ed, or NULL. */
char *dt_store_first_failure(const dt_store *store);
/* May this point be there? To be asked by any thread, also while another one writes. */
bool dt_store_may_have(const dt_store *store, uint64_t point);
/* Was this point there when the store was opened? */
bool dt_store_has(dt_store *store, uint64_t point);
/* Adds the rows of whole points. Commits now and then: soon at first, each second later. DT_ERR_IO
 * with a message where the disk is full or gone: what was committed stays. */
dt_status dt_store_write(dt_store *store, const dt_batch *batch, dt_diag *diag);
dt_status dt_store_commit(dt_store *store, dt_diag *diag);

#endif
