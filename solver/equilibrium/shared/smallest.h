/* The n smallest (value, index) pairs of a stream: the same set whatever the order of the stream.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_SMALLEST_H
#define DT_EQUILIBRIUM_SMALLEST_H

#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

typedef struct dt_ranked {
    double value;
    uint64_t index;
} dt_ranked;

/* A heap with the largest pair kept at the root. */
typedef struct dt_smallest {
    size_t limit, count;
    dt_ranked *entry;
} dt_smallest;

dt_status dt_smallest_init(dt_smallest *s, size_t limit);
void dt_smallest_clear(dt_smallest *s);
/* Time logarithmic in the limit, constant where the pair is too large. */
void dt_smallest_offer(dt_smallest *s, double value, uint64_t index);
void dt_smallest_merge(dt_smallest *into, const dt_smallest *from);
/* Sorts ascending; nothing may be offered afterwards. */
void dt_smallest_sort(dt_smallest *s);

#endif
