/* Runs the points of a sweep on the threads of one process. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_RUNNER_H
#define DT_SWEEP_RUNNER_H

#include "sweep/crew.h"
#include "sweep/store.h"

typedef struct dt_sweep_job {
    const dt_frame *frame;
    dt_store *store;
    dt_shard shard;
    dt_sweep_split split;
    int threads; /* 0: OpenMP's default */
    /* Not 0: hand out no more points and finish those in hand. */
    const volatile sig_atomic_t *finish;
    /* Not 0: leave those in hand, too; they will be solved again. */
    const volatile sig_atomic_t *stop;
    /* Called by one thread at a time, at the beginning and after points were stored: `done` of the
     * shard's `total`, of which `failed` failed. May be NULL. */
    void (*progress)(void *user, uint64_t done, uint64_t failed, uint64_t total);
    void *user;
    dt_diag *diag;
} dt_sweep_job;

/* How many points a shard has. */
uint64_t dt_shard_points(const dt_sweep *sweep, dt_shard shard);

/* Solves the points that the store lacks, in any order, and commits. DT_OK also where it was asked
 * to finish or to stop: dt_store_points tells. Points are handed out dynamically; what is stored
 * does not depend on how. Memory does not grow with their number. */
dt_status dt_sweep_run(const dt_sweep_job *job);

/* Its parts, for those that also have points solved elsewhere: how many points the store lacks; and
 * job->threads (not 0) at work for a desk that hands them about `points`. */
struct dt_desk;
uint64_t dt_sweep_missing(const dt_sweep_job *job);
void dt_sweep_work(const dt_sweep_job *job, struct dt_desk *desk, uint64_t points);

#endif
