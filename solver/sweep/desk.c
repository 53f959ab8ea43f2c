/* The desk of a sweep: see desk.h. SPDX: GPL-3.0-or-later */
#include "sweep/desk.h"

#include <pthread.h>
#include <stdlib.h>

/* Points that are handed out at a time take about so long. */
static const double CHUNK_SECONDS = 0.02;

struct dt_desk {
    const dt_sweep_job *job;
    pthread_mutex_t mutex; /* over all that follows, and the store */
    dt_cursor *cursor;
    int workers;
    uint64_t next, total; /* of the shard */
    double seconds;       /* that `solved` points took */
    uint64_t solved;
    dt_status status;
};

static bool asked(const volatile sig_atomic_t *flag) {
    return flag && *flag;
}

static void report(const dt_desk *d) {
    if (d->job->progress)
        d->job->progress(d->job->user, dt_store_points(d->job->store),
                         dt_store_failed(d->job->store), d->total);
}

dt_desk *dt_desk_new(const dt_sweep_job *job, int workers) {
    dt_desk *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->job = job;
    d->workers = workers;
    d->total = dt_shard_points(job->frame->sweep, job->shard);
    d->cursor = dt_cursor_new(job->frame->sweep);
    if (!d->cursor || pthread_mutex_init(&d->mutex, NULL) != 0) {
        dt_cursor_free(d->cursor);
        free(d);
        return NULL;
    }
    report(d);
    return d;
}

dt_status dt_desk_close(dt_desk *d) {
    dt_desk_commit(d);
    dt_status status = d->status;
    dt_cursor_free(d->cursor);
    pthread_mutex_destroy(&d->mutex);
    free(d);
    return status;
}

static size_t chunk_size(const dt_desk *d, size_t most) {
    if (d->solved == 0)
        return 1;
    double size = CHUNK_SECONDS * (double)d->solved / d->seconds;
    double share = (double)(d->total - d->next) / (2.0 * d->workers); /* an end for all at once */
    size = size < share ? size : share;
    return size < 1 ? 1 : size > (double)most ? most : (size_t)size;
}

void dt_desk_take(dt_desk *d, dt_chunk *c, size_t most) {
    const dt_sweep_job *job = d->job;
    size_t axes = job->frame->sweep->axes;
    c->count = 0;
    pthread_mutex_lock(&d->mutex);
    most = chunk_size(d, most);
    while (c->count < most && d->next < d->total && d->status == DT_OK && !asked(job->finish) &&
           !asked(job->stop)) {
        uint64_t index = d->next++ * job->shard.count + job->shard.number - 1;
        if (dt_store_has(job->store, index))
            continue;
        if (c->value)
            dt_cursor_point(d->cursor, index, c->value + c->count * axes);
        c->index[c->count++] = index;
    }
    pthread_mutex_unlock(&d->mutex);
}

void dt_desk_keep(dt_desk *d, dt_chunk *c, dt_status status) {
    pthread_mutex_lock(&d->mutex);
    if (status == DT_OK && d->status == DT_OK)
        status = dt_store_write(d->job->store, &c->batch, d->job->diag);
    if (d->status == DT_OK)
        d->status = status;
    d->solved += c->count;
    d->seconds += c->seconds;
    report(d);
    pthread_mutex_unlock(&d->mutex);
}

void dt_desk_commit(dt_desk *d) {
    pthread_mutex_lock(&d->mutex);
    dt_status status = dt_store_commit(d->job->store, d->job->diag);
    if (d->status == DT_OK)
        d->status = status;
    pthread_mutex_unlock(&d->mutex);
}

bool dt_desk_failed(dt_desk *d) {
    pthread_mutex_lock(&d->mutex);
    bool failed = d->status != DT_OK;
    pthread_mutex_unlock(&d->mutex);
    return failed;
}

double dt_desk_seconds(dt_desk *d) {
    pthread_mutex_lock(&d->mutex);
    double seconds = d->solved ? d->seconds / (double)d->solved : 0;
    pthread_mutex_unlock(&d->mutex);
    return seconds;
}
