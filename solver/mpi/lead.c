/* Rank 0: hands out points and owns the store, while its crew solves points, too.
 * SPDX: GPL-3.0-or-later */
#include <flint/flint.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mpi/wire.h"
#include "sweep/desk.h"

/* Points that take longer are not handed out ahead of time: at the end of the sweep one rank would
 * have them waiting while another has nothing to do. */
static const double LONG_POINT = 0.1;
/* What a thread has ahead of time is to last for so long: the way of a message there and back. */
static const double AHEAD_SECONDS = 0.02;
enum { MOST_AHEAD = 8 };

/* A follower. */
typedef struct follower {
    int threads;
    int held; /* messages of points that it has not answered yet */
} follower;

typedef struct lead {
    const dt_sweep_job *job;
    dt_desk *desk;
    int ranks;
    follower *follower; /* of each rank; 0 is not used */
    int held;           /* by all */
    int told;           /* the wish that the followers know of */
    uint64_t crew_points;
    pthread_mutex_t mutex;
    bool crew_done; /* under the mutex */
} lead;

/* --- rank 0's own crew --- */

static void *crew_main(void *user) {
    lead *l = user;
    dt_sweep_work(l->job, l->desk, l->crew_points);
    flint_cleanup();
    pthread_mutex_lock(&l->mutex);
    l->crew_done = true;
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

static bool crew_done(lead *l) {
    pthread_mutex_lock(&l->mutex);
    bool done = l->crew_done;
    pthread_mutex_unlock(&l->mutex);
    return done;
}

/* --- messages --- */

static void receive_rows(lead *l, int from, int bytes) {
    unsigned char *data = malloc((size_t)bytes);
    if (!data) {
        dt_desk_commit(l->desk);
        MPI_Abort(MPI_COMM_WORLD, DT_EXIT_FAILED);
        return;
    }
    MPI_Recv(data, bytes, MPI_BYTE, from, WIRE_ROWS, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    wire_rows tail;
    size_t rows = (size_t)bytes - sizeof tail;
    memcpy(&tail, data + rows, sizeof tail);
    dt_chunk chunk = {.count = (size_t)tail.points,
                      .seconds = tail.seconds,
                      .batch = {.data = data, .length = rows, .room = (size_t)bytes}};
    dt_desk_keep(l->desk, &chunk, tail.status);
    dt_batch_clear(&chunk.batch);
    l->follower[from].held--;
    l->held--;
}

/* All messages that are there; was there one? */
static bool receive(lead *l) {
    bool any = false;
    for (;;) {
        int there;
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
        if (!there)
            return any;
        any = true;
        if (status.MPI_TAG == WIRE_ROWS) {
            int bytes;
            MPI_Get_count(&status, MPI_BYTE, &bytes);
            receive_rows(l, status.MPI_SOURCE, bytes);
        } else {
            int wish;
            MPI_Recv(&wish, 1, MPI_INT, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
            wire_wish_hear((wire_wish)wish);
        }
    }
}

/* Passes on what a signal asked for, here or elsewhere; after an error all are to stop. What there
 * is is committed at once: those who asked may not wait for what is in hand. */
static void pass_on(lead *l) {
    int wish = dt_desk_failed(l->desk) ? (int)WISH_STOP : (int)wire_wish_here();
    if (wish <= l->told)
        return;
    for (int r = 1; r < l->ranks; r++)
        MPI_Send(&wish, 1, MPI_INT, r, WIRE_ASKED, MPI_COMM_WORLD);
    l->told = wish;
    dt_desk_commit(l->desk);
}

/* How many messages of points a thread should have, the one in its hands included. */
static int wanted(lead *l) {
    double seconds = dt_desk_seconds(l->desk);
    if (seconds <= 0 || seconds > LONG_POINT)
        return 1;
    double ahead = AHEAD_SECONDS / (seconds * DT_CHUNK_POINTS);
    return 1 + (ahead < 1 ? 1 : ahead > MOST_AHEAD ? MOST_AHEAD : (int)ahead);
}

/* Gives points to those who have few; did anyone get some? */
static bool hand_out(lead *l) {
    bool any = false;
    int each = wanted(l);
    for (int r = 1; r < l->ranks; r++) {
        follower *f = &l->follower[r];
        while (f->held < each * f->threads) {
            dt_chunk chunk;
            chunk.value = NULL;
            dt_desk_take(l->desk, &chunk, DT_CHUNK_POINTS);
            if (chunk.count == 0)
                return any;
            MPI_Send(chunk.index, (int)chunk.count, MPI_UINT64_T, r, WIRE_POINTS, MPI_COMM_WORLD);
            f->held++;
            l->held++;
            any = true;
        }
    }
    return any;
}

static void serve(lead *l) {
    for (;;) {
        bool busy = receive(l);
        pass_on(l);
        busy = hand_out(l) || busy;
        if (busy)
            continue;
        if (l->held == 0 && crew_done(l))
            return;
        wire_sleep();
    }
}

/* --- the run --- */

static dt_status work(lead *l) {
    pthread_t crew;
    if (pthread_mutex_init(&l->mutex, NULL) != 0)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    if (pthread_create(&crew, NULL, crew_main, l) == 0) {
        serve(l);
        pthread_join(crew, NULL);
    } else {
        status = DT_ERR_MEMORY;
    }
    pthread_mutex_destroy(&l->mutex);
    return status;
}

dt_status lead_run(const dt_sweep_job *job, int ranks) {
    lead l = {.job = job, .ranks = ranks};
    int *threads = calloc((size_t)ranks, sizeof *threads);
    l.follower = calloc((size_t)ranks, sizeof *l.follower);
    if (!threads || !l.follower) {
        MPI_Abort(MPI_COMM_WORLD, DT_EXIT_FAILED);
        abort(); /* not reached */
    }
    int own = job->split == DT_SPLIT_GAMES ? 1 : job->threads; /* games at a time */
    MPI_Gather(&own, 1, MPI_INT, threads, 1, MPI_INT, 0, MPI_COMM_WORLD);
    int all = 0;
    for (int r = 0; r < ranks; r++) {
        l.follower[r].threads = threads[r];
        all += threads[r];
    }
    l.crew_points = dt_sweep_missing(job) / (uint64_t)ranks + 1;
    l.desk = dt_desk_new(job, all);
    dt_status status = l.desk ? work(&l) : DT_ERR_MEMORY;
    dt_status closed = l.desk ? dt_desk_close(l.desk) : status;
    free(threads);
    free(l.follower);
    return status == DT_OK ? closed : status;
}

void lead_end(int ranks, int exit_status) {
    for (int r = 1; r < ranks; r++)
        MPI_Send(&exit_status, 1, MPI_INT, r, WIRE_END, MPI_COMM_WORLD);
}
