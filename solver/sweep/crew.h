/* The threads that solve points, wherever these come from and their rows go.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_CREW_H
#define DT_SWEEP_CREW_H

#include "sweep/point.h"

/* Where the threads work. */
typedef enum dt_sweep_split {
    DT_SPLIT_AUTO,   /* as a measurement of the first points says */
    DT_SPLIT_POINTS, /* a point a thread */
    DT_SPLIT_GAMES,  /* one point after the other, all threads inside its game */
} dt_sweep_split;

/* The most points that are handed out at a time. */
enum { DT_CHUNK_POINTS = 256 };

/* Points handed out together. */
typedef struct dt_chunk {
    size_t count;
    uint64_t index[DT_CHUNK_POINTS];
    fmpq *value;    /* DT_CHUNK_POINTS × axes */
    dt_batch batch; /* the rows of those that were solved */
    double seconds; /* that they took */
} dt_chunk;

typedef struct dt_crew {
    const dt_frame *frame;
    int threads; /* at least 1 */
    dt_sweep_split split;
    uint64_t points;                   /* about as many will come */
    const volatile sig_atomic_t *stop; /* not 0: leave the points in hand; or NULL */
    /* Both are called by any thread at any time. `take` sets count to at most `most` points and
     * their index and value; 0: there are no more. `keep` may swap the batch for another
     * one. A
     * status other than DT_OK is that of a point that could be neither solved nor recorded. */
    void (*take)(void *user, dt_chunk *chunk, size_t most);
    void (*keep)(void *user, dt_chunk *chunk, dt_status status);
    void *user;
} dt_crew;

/* Takes, solves and keeps until there are no more. */
void dt_crew_run(const dt_crew *crew);

#endif
