/* Queues of keys between threads. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/frontier.h"

#include <string.h>

void dt_frontier_init(dt_frontier *f, const size_t words[DT_WORK_KINDS], size_t workers) {
    *f = (dt_frontier){.workers = workers};
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->more, NULL);
    for (int k = 0; k < DT_WORK_KINDS; k++)
        f->queue[k].in.words = f->queue[k].out.words = words[k];
}

void dt_frontier_clear(dt_frontier *f) {
    for (int k = 0; k < DT_WORK_KINDS; k++) {
        dt_key_list_clear(&f->queue[k].in);
        dt_key_list_clear(&f->queue[k].out);
    }
    pthread_cond_destroy(&f->more);
    pthread_mutex_destroy(&f->lock);
}

dt_status dt_frontier_put(dt_frontier *f, dt_work kind, dt_key_list *keys) {
    if (!keys->count)
        return DT_OK;
    pthread_mutex_lock(&f->lock);
    dt_status status = dt_key_list_join(&f->queue[kind].in, keys);
    if (f->waiting)
        pthread_cond_broadcast(&f->more);
    pthread_mutex_unlock(&f->lock);
    return status;
}

static size_t left(const struct dt_queue *q) {
    return q->in.count + q->out.count - q->taken;
}

static dt_status take(struct dt_queue *q, size_t most, dt_key_list *keys) {
    if (q->taken == q->out.count) {
        dt_key_list empty = q->out;
        empty.count = q->taken = 0;
        q->out = q->in;
        q->in = empty;
    }
    size_t count = q->out.count - q->taken;
    count = count < most ? count : most;
    dt_key_list part = {.words = q->out.words,
                        .count = count,
                        .room = count,
                        .key = q->out.key + q->taken * q->out.words};
    q->taken += count;
    keys->words = part.words;
    return dt_key_list_join(keys, &part);
}

dt_work dt_frontier_take(dt_frontier *f, const size_t most[DT_WORK_KINDS], dt_key_list *keys,
                         dt_status *status) {
    static const dt_work order[] = {DT_WORK_VERTICES, DT_WORK_BASES};
    dt_work found = DT_WORK_NONE;
    keys->count = 0;
    pthread_mutex_lock(&f->lock);
    while (!f->over && found == DT_WORK_NONE) {
        for (size_t i = 0; i < 2 && found == DT_WORK_NONE; i++)
            if (left(&f->queue[order[i]]))
                found = order[i];
        if (found != DT_WORK_NONE)
            break;
        if (++f->waiting == f->workers) {
            f->over = true;
            pthread_cond_broadcast(&f->more);
        } else {
            pthread_cond_wait(&f->more, &f->lock);
        }
        f->waiting--;
    }
    if (found != DT_WORK_NONE) {
        size_t share = left(&f->queue[found]) / (2 * f->workers) + 1;
        *status = take(&f->queue[found], share < most[found] ? share : most[found], keys);
    }
    pthread_mutex_unlock(&f->lock);
    return found;
}

void dt_frontier_end(dt_frontier *f) {
    pthread_mutex_lock(&f->lock);
    f->over = true;
    pthread_cond_broadcast(&f->more);
    pthread_mutex_unlock(&f->lock);
}

size_t dt_frontier_count(dt_frontier *f, dt_work kind) {
    pthread_mutex_lock(&f->lock);
    size_t count = left(&f->queue[kind]);
    pthread_mutex_unlock(&f->lock);
    return count;
}

uint64_t dt_frontier_bytes(dt_frontier *f) {
    uint64_t bytes = 0;
    pthread_mutex_lock(&f->lock);
    for (int k = 0; k < DT_WORK_KINDS; k++)
        bytes += (f->queue[k].in.room + f->queue[k].out.room) * f->queue[k].in.words;
    pthread_mutex_unlock(&f->lock);
    return bytes * sizeof(uint64_t);
}
