/* Work that threads hand to each other: bases still to be expanded and degenerate vertices still to
 * be tested. SPDX: GPL-3.0-or-later
 *
 * Who has nothing to do sleeps: threads that wait for each other at barriers, level by level, took
 * longer than one alone where the cores were not all theirs. */
#ifndef DT_EQUILIBRIUM_FRONTIER_H
#define DT_EQUILIBRIUM_FRONTIER_H

#include <pthread.h>

#include "equilibrium/mixed/keys.h"

typedef enum dt_work { DT_WORK_BASES, DT_WORK_VERTICES, DT_WORK_KINDS, DT_WORK_NONE } dt_work;

typedef struct dt_frontier {
    pthread_mutex_t lock;
    pthread_cond_t more;
    size_t workers, waiting;
    bool over;
    struct dt_queue {
        dt_key_list in, out; /* first in, first out: `out` is taken from `taken` on */
        size_t taken;
    } queue[DT_WORK_KINDS];
} dt_frontier;

/* `words` of a key of each kind. */
void dt_frontier_init(dt_frontier *f, const size_t words[DT_WORK_KINDS], size_t workers);
void dt_frontier_clear(dt_frontier *f);
/* Adds all of the list, which is emptied. */
dt_status dt_frontier_put(dt_frontier *f, dt_work kind, dt_key_list *keys);
/* Replaces `keys` by up to most[kind] that were put first, fewer where others would get none:
 * vertices before bases. Waits while there are none and others may still put some; DT_WORK_NONE:
 * there will be no more. */
dt_work dt_frontier_take(dt_frontier *f, const size_t most[DT_WORK_KINDS], dt_key_list *keys,
                         dt_status *status);
/* Sends everybody home. */
void dt_frontier_end(dt_frontier *f);
/* How many of a kind wait to be taken; bytes of all. */
size_t dt_frontier_count(dt_frontier *f, dt_work kind);
uint64_t dt_frontier_bytes(dt_frontier *f);

#endif
