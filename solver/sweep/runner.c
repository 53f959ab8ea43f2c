/* Runs the points of a sweep: see runner.h. SPDX: GPL-3.0-or-later */
#include "sweep/runner.h"

#include <flint/fmpq_vec.h>
#include <omp.h>
#include <stdlib.h>

/* Points that a thread takes at a time: as many as take about CHUNK_SECONDS. */
enum { MOST_CHUNK = 64 };
static const double CHUNK_SECONDS = 0.02;
/* Games that take longer are tried with all threads inside. */
static const double LONG_GAME = 5;

/* What the threads share. */
typedef struct runner {
    const dt_sweep_job *job;
    dt_cursor *cursor;
    uint64_t next, total; /* of the shard */
    double seconds;       /* that `solved` points took */
    uint64_t solved;
    dt_status status;
} runner;

/* The points a thread has in hand. */
typedef struct chunk {
    size_t count;
    uint64_t index[MOST_CHUNK];
    fmpq *value; /* MOST_CHUNK × axes */
    dt_batch batch;
} chunk;

uint64_t dt_shard_points(const dt_sweep *sweep, dt_shard shard) {
    return sweep->points / shard.count + (sweep->points % shard.count >= shard.number);
}

static bool asked(const volatile sig_atomic_t *flag) {
    return flag && *flag;
}

static void report(const runner *r) {
    if (r->job->progress)
        r->job->progress(r->job->user, dt_store_points(r->job->store),
                         dt_store_failed(r->job->store), r->total);
}

/* Takes up to `most` points that the store lacks. To be called by one thread at a time. */
static void take(runner *r, chunk *c, size_t most) {
    const dt_sweep_job *job = r->job;
    size_t axes = job->frame->sweep->axes;
    c->count = 0;
    while (c->count < most && r->next < r->total && r->status == DT_OK && !asked(job->finish) &&
           !asked(job->stop)) {
        uint64_t index = r->next++ * job->shard.count + job->shard.number - 1;
        if (dt_store_has(job->store, index))
            continue;
        dt_cursor_point(r->cursor, index, c->value + c->count * axes);
        c->index[c->count++] = index;
    }
}

static size_t chunk_size(const runner *r, int threads) {
    if (r->solved == 0)
        return 1;
    double size = CHUNK_SECONDS * (double)r->solved / r->seconds;
    double share = (double)(r->total - r->next) / (2.0 * threads); /* an end for all at once */
    size = size < share ? size : share;
    return size < 1 ? 1 : size > MOST_CHUNK ? MOST_CHUNK : (size_t)size;
}

/* Solves the points in hand. Those that were not solved because of a stop are simply not there. */
static dt_status solve(const runner *r, chunk *c, int threads) {
    const dt_sweep_job *job = r->job;
    dt_control control = {.threads = threads, .stop = job->stop};
    c->batch.length = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool failed;
        dt_status status =
            dt_point_solve(job->frame, c->index[i], c->value + i * job->frame->sweep->axes,
                           &control, &c->batch, &failed);
        if (status == DT_ERR_INTERRUPTED)
            return DT_OK;
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

static void keep(runner *r, chunk *c, dt_status status, double seconds) {
    if (status == DT_OK && r->status == DT_OK)
        status = dt_store_write(r->job->store, &c->batch, r->job->diag);
    if (r->status == DT_OK)
        r->status = status;
    r->solved += c->count;
    r->seconds += seconds;
    report(r);
}

/* Points until there are no more; `most` of them at the most. */
static void work(runner *r, int threads, int threads_inside, uint64_t most) {
    chunk *c = calloc(1, sizeof *c);
    size_t axes = r->job->frame->sweep->axes;
    if (!c) {
#pragma omp critical(dt_sweep_shared)
        r->status = DT_ERR_MEMORY;
        return;
    }
    c->value = _fmpq_vec_init((slong)(MOST_CHUNK * axes));
    for (uint64_t done = 0; done < most; done += c->count) {
#pragma omp critical(dt_sweep_shared)
        take(r, c, most == UINT64_MAX ? chunk_size(r, threads) : 1);
        if (c->count == 0)
            break;
        double began = omp_get_wtime();
        dt_status status = solve(r, c, threads_inside);
        double seconds = omp_get_wtime() - began;
#pragma omp critical(dt_sweep_shared)
        keep(r, c, status, seconds);
    }
    _fmpq_vec_clear(c->value, (slong)(MOST_CHUNK * axes));
    dt_batch_clear(&c->batch);
    free(c);
}

/* Do all threads inside a game get through more points than a thread for each? Measured where games
 * are long; where they are not, or few are left, the answer is plain. */
static bool split_games(runner *r, int threads) {
    if (threads == 1)
        return false;
    if (r->total - r->next < (uint64_t)threads)
        return true;
    work(r, 1, 1, 1);
    double alone = r->seconds;
    if (alone < LONG_GAME || r->solved == 0)
        return false;
    work(r, 1, threads, 1);
    return r->seconds - alone < alone / threads * 1.1;
}

dt_status dt_sweep_run(const dt_sweep_job *job) {
    runner r = {.job = job, .total = dt_shard_points(job->frame->sweep, job->shard)};
    int threads = job->threads > 0 ? job->threads : omp_get_max_threads();
    r.cursor = dt_cursor_new(job->frame->sweep);
    if (!r.cursor)
        return DT_ERR_MEMORY;
    report(&r);
    bool inside =
        job->split == DT_SPLIT_GAMES || (job->split == DT_SPLIT_AUTO && split_games(&r, threads));
    if (inside) {
        work(&r, 1, threads, UINT64_MAX);
    } else {
#pragma omp parallel num_threads(threads)
        {
            work(&r, threads, 1, UINT64_MAX);
            if (omp_get_thread_num() != 0)
                flint_cleanup();
        }
    }
    dt_cursor_free(r.cursor);
    dt_status status = dt_store_commit(job->store, job->diag);
    return r.status != DT_OK ? r.status : status;
}
