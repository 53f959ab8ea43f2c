/* Labels made fit to tell things apart. */
#ifndef DT_NFG_LABELS_H
#define DT_NFG_LABELS_H

#include <stddef.h>

#include "base/arena.h"
#include "deterra/status.h"

/* Makes `count` labels distinct and none empty. An empty one becomes `prefix` and its number from
 * 1. Where several are the same, each gets _1, _2, … behind it, as in Gambit; what is already a
 * label is passed over. New labels are in the arena. *repeated is the first that repeats another
 * one, else `count`. Expected linear time. DT_OK or DT_ERR_MEMORY. */
dt_status dt_labels_distinct(dt_arena *arena, const char **label, size_t count, const char *prefix,
                             size_t *repeated);

#endif
