/* The parameters that may move: which, how far, and what a unit of it counts.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_MOVABLE_H
#define DT_EQUILIBRIUM_MOVABLE_H

#include "equilibrium/inverse/inverse.h"

typedef struct dt_movable {
    const dt_parameter *parameter;
    const char *path; /* "stake.US" */
    bool bounded[2];  /* downwards, upwards */
    fmpq room[2];     /* how far, where bounded; not negative */
    fmpq weight;      /* of a unit of change; positive */
} dt_movable;

typedef struct dt_movables {
    size_t count;
    dt_movable *list; /* in the arena of the results; the fractions are to be cleared */
} dt_movables;

/* By the settings `parameters`, `ranges` and `scale`. DT_ERR_INPUT with a message for names that
 * are no parameters or are given twice, and for a scale that a parameter does not have. To be
 * cleared also after errors. */
dt_status dt_movables_choose(dt_inverse *q, dt_movables *out);
void dt_movables_clear(dt_movables *m);

#endif
