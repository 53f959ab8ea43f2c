/* The desk of a sweep: see desk.h. SPDX: GPL-3.0-or-later */
#include "sweep/desk.h"

#include <pthread.h>
#include <stdlib.h>

/* Points that are handed out at a time take about so long. */
static const double CHUNK_SECONDS = 0.02;

/* Batches that may wait for the writer; who brings more waits, too. */
enum { QUEUE = 16 };

/* The store is written by one thread at a time, which has claimed it: whoever brings rows while
 * nobody does, until none are left. The others leave theirs in the queue and go on. */
struct dt_desk {
    const dt_sweep_job *job;
    pthread_mutex_t mutex; /* over all that follows; never held while the store is written */
    pthread_cond_t freed;  /* the store is, or there is room in the queue */
    bool claimed;          /* the store is */
    dt_batch queue[QUEUE]; /* `queued` of them from `first`, in a ring */
    size_t first, queued;
    dt_batch spare[QUEUE]; /* empty ones, for their memory */
    size_t spares;
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
    if (pthread_cond_init(&d->freed, NULL) != 0) {
        pthread_mutex_destroy(&d->mutex);
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
    for (size_t i = 0; i < d->spares; i++)
        dt_batch_clear(&d->spare[i]);
    pthread_cond_destroy(&d->freed);
    pthread_mutex_destroy(&d->mutex);
    free(d);
    return status;
}

/* --- the store; all with the mutex held --- */

static void claim(dt_desk *d) {
    while (d->claimed)
        pthread_cond_wait(&d->freed, &d->mutex);
    d->claimed = true;
}

static void release(dt_desk *d) {
    d->claimed = false;
    pthread_cond_broadcast(&d->freed);
}

/* Writes what waits; by whom has claimed the store. */
static void drain(dt_desk *d) {
    while (d->queued) {
        dt_batch batch = d->queue[d->first];
        d->first = (d->first + 1) % QUEUE;
        d->queued--;
        bool good = d->status == DT_OK;
        pthread_cond_broadcast(&d->freed);
        pthread_mutex_unlock(&d->mutex);
        dt_status status = good ? dt_store_write(d->job->store, &batch, d->job->diag) : DT_OK;
        if (good)
            report(d);
        pthread_mutex_lock(&d->mutex);
        if (d->status == DT_OK)
            d->status = status;
        batch.length = 0;
        if (d->spares < QUEUE)
            d->spare[d->spares++] = batch;
        else
            dt_batch_clear(&batch);
    }
}

/* --- points --- */

static size_t chunk_size(const dt_desk *d, size_t most) {
    if (d->solved == 0)
        return 1;
    double size = CHUNK_SECONDS * (double)d->solved / d->seconds;
    double share = (double)(d->total - d->next) / (2.0 * d->workers); /* an end for all at once */
    size = size < share ? size : share;
    return size < 1 ? 1 : size > (double)most ? most : (size_t)size;
}

static uint64_t index_of(const dt_desk *d, uint64_t position) {
    return position * d->job->shard.count + d->job->shard.number - 1;
}

void dt_desk_take(dt_desk *d, dt_chunk *c, size_t most) {
    const dt_sweep_job *job = d->job;
    size_t axes = job->frame->sweep->axes;
    c->count = 0;
    pthread_mutex_lock(&d->mutex);
    /* only at the beginning of a store that is resumed; for points ascend */
    bool look = dt_store_may_have(job->store, index_of(d, d->next));
    if (look)
        claim(d);
    most = chunk_size(d, most);
    while (c->count < most && d->next < d->total && d->status == DT_OK && !asked(job->finish) &&
           !asked(job->stop)) {
        uint64_t index = index_of(d, d->next++);
        if (look && dt_store_has(job->store, index))
            continue;
        if (c->value)
            dt_cursor_point(d->cursor, index, c->value + c->count * axes);
        c->index[c->count++] = index;
    }
    if (look) {
        drain(d);
        release(d);
    }
    pthread_mutex_unlock(&d->mutex);
}

void dt_desk_keep(dt_desk *d, dt_chunk *c, dt_status status) {
    pthread_mutex_lock(&d->mutex);
    if (status == DT_OK && c->batch.no_memory)
        status = DT_ERR_MEMORY;
    if (d->status == DT_OK)
        d->status = status;
    d->solved += c->count;
    d->seconds += c->seconds;
    while (d->queued == QUEUE)
        pthread_cond_wait(&d->freed, &d->mutex);
    d->queue[(d->first + d->queued++) % QUEUE] = c->batch;
    c->batch = d->spares ? d->spare[--d->spares] : (dt_batch){0};
    if (!d->claimed) {
        d->claimed = true;
        drain(d);
        release(d);
    }
    pthread_mutex_unlock(&d->mutex);
}

void dt_desk_commit(dt_desk *d) {
    pthread_mutex_lock(&d->mutex);
    claim(d);
    drain(d);
    pthread_mutex_unlock(&d->mutex);
    dt_status status = dt_store_commit(d->job->store, d->job->diag);
    pthread_mutex_lock(&d->mutex);
    if (d->status == DT_OK)
        d->status = status;
    drain(d);
    release(d);
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
