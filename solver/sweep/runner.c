/* Runs the points of a sweep: see runner.h. SPDX: GPL-3.0-or-later */
#include "sweep/runner.h"

#include <omp.h>

#include "sweep/desk.h"

uint64_t dt_shard_points(const dt_sweep *sweep, dt_shard shard) {
    return sweep->points / shard.count + (sweep->points % shard.count >= shard.number);
}

uint64_t dt_sweep_missing(const dt_sweep_job *job) {
    return dt_shard_points(job->frame->sweep, job->shard) - dt_store_points(job->store);
}

static void take(void *user, dt_chunk *chunk, size_t most) {
    dt_desk_take(user, chunk, most);
}

static void keep(void *user, dt_chunk *chunk, dt_status status) {
    dt_desk_keep(user, chunk, status);
}

void dt_sweep_work(const dt_sweep_job *job, dt_desk *desk, uint64_t points) {
    dt_crew_run(&(dt_crew){.frame = job->frame,
                           .threads = job->threads,
                           .split = job->split,
                           .points = points,
                           .stop = job->stop,
                           .take = take,
                           .keep = keep,
                           .user = desk});
}

dt_status dt_sweep_run(const dt_sweep_job *given) {
    dt_sweep_job job = *given;
    job.threads = job.threads > 0 ? job.threads : omp_get_max_threads();
    dt_desk *desk = dt_desk_new(&job, job.threads);
    if (!desk)
        return DT_ERR_MEMORY;
    dt_sweep_work(&job, desk, dt_sweep_missing(&job));
    return dt_desk_close(desk);
}
