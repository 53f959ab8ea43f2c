/* The threads that solve points: see crew.h. SPDX: GPL-3.0-or-later */
#include "sweep/crew.h"

#include <flint/fmpq_vec.h>
#include <omp.h>
#include <stdlib.h>

/* Games that take longer are tried with all threads inside. */
static const double LONG_GAME = 5;

/* Solves the points in hand. Those that were not solved because of a stop are simply not there. */
static dt_status solve(const dt_crew *crew, dt_chunk *c, int threads) {
    dt_control control = {.threads = threads, .stop = crew->stop};
    size_t axes = crew->frame->sweep->axes;
    c->batch.length = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool failed;
        dt_status status = dt_point_solve(crew->frame, c->index[i], c->value + i * axes, &control,
                                          &c->batch, &failed);
        if (status == DT_ERR_INTERRUPTED)
            return DT_OK;
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

/* Points until there are no more, or a single one; the seconds that the last ones took. */
static double work(const dt_crew *crew, int threads_inside, bool single) {
    dt_chunk *c = calloc(1, sizeof *c);
    if (!c) {
        dt_chunk nothing = {.count = 0};
        crew->keep(crew->user, &nothing, DT_ERR_MEMORY);
        return 0;
    }
    slong values = (slong)(DT_CHUNK_POINTS * crew->frame->sweep->axes);
    c->value = _fmpq_vec_init(values);
    do {
        crew->take(crew->user, c, single ? 1 : DT_CHUNK_POINTS);
        c->seconds = 0;
        if (c->count == 0)
            break;
        double began = omp_get_wtime();
        dt_status status = solve(crew, c, threads_inside);
        c->seconds = omp_get_wtime() - began;
        crew->keep(crew->user, c, status);
    } while (!single);
    double seconds = c->seconds;
    _fmpq_vec_clear(c->value, values);
    dt_batch_clear(&c->batch);
    free(c);
    return seconds;
}

/* Do all threads inside a game get through more points than a thread for each? Measured where games
 * are long; where they are not, or few are left, the answer is plain. */
static bool split_games(const dt_crew *crew) {
    if (crew->split != DT_SPLIT_AUTO)
        return crew->split == DT_SPLIT_GAMES;
    if (crew->threads == 1)
        return false;
    if (crew->points < (uint64_t)crew->threads)
        return true;
    double alone = work(crew, 1, true);
    return alone >= LONG_GAME && work(crew, crew->threads, true) < alone / crew->threads * 1.1;
}

void dt_crew_run(const dt_crew *crew) {
    if (split_games(crew)) {
        work(crew, crew->threads, false);
        return;
    }
#pragma omp parallel num_threads(crew->threads)
    {
        work(crew, 1, false);
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
}
