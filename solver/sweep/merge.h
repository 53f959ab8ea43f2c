/* Joins the parts of a sweep that shards made. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_MERGE_H
#define DT_SWEEP_MERGE_H

#include <signal.h>
#include <stdint.h>

#include "deterra/diag.h"
#include "deterra/status.h"

typedef struct dt_merge_settings {
    bool force;                        /* replace a store that is there */
    bool gaps;                         /* points may be missing */
    bool overlaps;                     /* points may be in several parts: the first one's counts */
    const volatile sig_atomic_t *stop; /* not 0: leave everything as it was; or NULL */
} dt_merge_settings;

/* What a merged store holds. */
typedef struct dt_merged {
    uint64_t points, failed, wanted; /* `wanted`: of the whole sweep */
} dt_merged;

/* Writes the points of the `count` parts into the store `path`, as one run of one shard: the same
 * content as if it had been made at once. The file appears whole or not at all. Errors go to diag:
 * DT_ERR_INPUT where a part is no store, is of another sweep, or where points are missing or stand
 * in two parts and that is not allowed; DT_ERR_IO; DT_ERR_INTERRUPTED. Time: linear in the rows. */
dt_status dt_merge(const char *path, const char *const *part, size_t count,
                   const dt_merge_settings *settings, dt_diag *diag, dt_merged *merged);

#endif
