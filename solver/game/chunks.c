/* A long loop in chunks: threads, Ctrl-C and progress. */
#include "game/chunks.h"

#include <omp.h>

static bool stop_asked(const dt_control *control) {
    return control && control->stop && *control->stop;
}

static void report(const dt_chunks *c, uint64_t done) {
    if (!c->control || !c->control->progress)
        return;
    double share = c->units ? (double)done / (double)c->units : 0;
    double parts = (double)c->before + (double)c->share * share;
    c->control->progress(c->control->user, c->what,
                         (uint64_t)((double)c->total * (parts / (double)c->parts)), c->total);
}

dt_status dt_chunks_run(const dt_chunks *c) {
    uint64_t chunks = c->units / c->chunk + (c->units % c->chunk != 0), next = 0, done = 0;
    int threads =
        c->control && c->control->threads > 0 ? c->control->threads : omp_get_max_threads();
    if ((uint64_t)threads > chunks)
        threads = chunks ? (int)chunks : 1;
    bool stopped = false;
    report(c, 0);
#pragma omp parallel num_threads(threads)
    {
        for (;;) {
            uint64_t chunk, here;
#pragma omp atomic capture
            chunk = next++;
            if (chunk >= chunks)
                break;
            if (stop_asked(c->control)) {
#pragma omp atomic write
                stopped = true;
                break;
            }
            uint64_t from = chunk * c->chunk, left = c->units - from;
            uint64_t count = left < c->chunk ? left : c->chunk;
            c->run(c->shared, from, from + count);
#pragma omp atomic capture
            here = done += count;
            if (omp_get_thread_num() == 0)
                report(c, here);
        }
        if (c->leave)
            c->leave(c->shared);
    }
    return stopped ? DT_ERR_INTERRUPTED : DT_OK;
}
