/* A long loop in chunks: threads, Ctrl-C and progress. */
#ifndef DT_GAME_CHUNKS_H
#define DT_GAME_CHUNKS_H

#include "deterra/concept.h"

typedef struct dt_chunks {
    uint64_t units; /* the loop runs over 0 … units - 1 */
    uint64_t chunk; /* units taken at once: a millisecond's work or so */
    /* Does units from … to - 1, in any thread, at the same time as others. */
    void (*run)(void *shared, uint64_t from, uint64_t to);
    /* Called by each thread when it has done its last chunk, also when stopped. May be NULL. */
    void (*leave)(void *shared);
    void *shared;
    const dt_control *control; /* or NULL */
    /* What progress says: this loop is `share` of `parts` equal parts of `total` units of `what`,
     * after `before` parts. */
    const char *what;
    uint64_t total;
    size_t before, share, parts;
} dt_chunks;

/* DT_OK or DT_ERR_INTERRUPTED. */
dt_status dt_chunks_run(const dt_chunks *c);

#endif
