/* The desk of a sweep: hands out the points that the store lacks, and takes in their rows. Any
 * thread may come to it at any time. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_DESK_H
#define DT_SWEEP_DESK_H

#include "sweep/runner.h"

typedef struct dt_desk dt_desk;

/* For `workers` threads in all. NULL when out of memory. */
dt_desk *dt_desk_new(const dt_sweep_job *job, int workers);
/* Commits and frees: the status of that, or of what failed before. Errors go to job->diag. */
dt_status dt_desk_close(dt_desk *desk);

/* Up to `most` points: as many as take some hundredths of a second, and fewer towards the end.
 * Where chunk->value is NULL there are only indices. None when all are handed out, when the job was
 * asked to finish or to stop, and after errors. */
void dt_desk_take(dt_desk *desk, dt_chunk *chunk, size_t most);
/* Takes the chunk's batch to be stored, soon, and leaves it an empty one; an error ends the sweep.
 */
void dt_desk_keep(dt_desk *desk, dt_chunk *chunk, dt_status status);
/* Commits what is there. */
void dt_desk_commit(dt_desk *desk);

/* Did something fail that ends the sweep? */
bool dt_desk_failed(dt_desk *desk);
/* The mean seconds of a point; 0 before there was one. */
double dt_desk_seconds(dt_desk *desk);

#endif
