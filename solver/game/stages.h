/* The progress of a long work in several loops, told as one. */
#ifndef DT_GAME_STAGES_H
#define DT_GAME_STAGES_H

#include "deterra/concept.h"

typedef struct dt_stages {
    const dt_control *control; /* the caller's, or NULL */
    const char *what;
    uint64_t total; /* units of the whole work */
    double before;  /* units that the stages before came to */
    double share;   /* units that the stage in hand comes to */
} dt_stages;

/* A control for the next stage, which comes to `share` units. It points into `stages`. */
dt_control dt_stages_next(dt_stages *stages, double share);

#endif
