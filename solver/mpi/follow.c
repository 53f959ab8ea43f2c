/* A rank other than 0: its crew solves what rank 0 hands out. SPDX: GPL-3.0-or-later */
#include <flint/flint.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mpi/wire.h"

/* A message, in one of two queues: points that came in, rows that are to go out. */
typedef struct parcel {
    struct parcel *next;
    uint64_t points;
    uint64_t index[DT_CHUNK_POINTS];
    unsigned char *data; /* what goes out */
    size_t length;
    MPI_Request request;
} parcel;

typedef struct queue {
    parcel *first, *last;
} queue;

typedef struct follow {
    const dt_frame *frame;
    dt_crew crew;
    dt_cursor *cursor;
    pthread_mutex_t mutex; /* over all that follows */
    pthread_cond_t came;   /* points, or the end */
    queue in, out;
    bool end; /* no more points */
    bool crew_done;
    int exit_status; /* the main thread's, as `wish` */
    int told;        /* the wish that rank 0 knows of */
} follow;

static void append(queue *q, parcel *p) {
    p->next = NULL;
    if (q->last)
        q->last->next = p;
    else
        q->first = p;
    q->last = p;
}

static parcel *pop(queue *q) {
    parcel *p = q->first;
    if (p) {
        q->first = p->next;
        if (!q->first)
            q->last = NULL;
    }
    return p;
}

/* There is no way on for a rank without memory for its messages; the store is rank 0's, and whole.
 */
static void *need(void *memory) {
    if (!memory)
        MPI_Abort(MPI_COMM_WORLD, DT_EXIT_FAILED);
    return memory;
}

/* --- the crew --- */

static void take(void *user, dt_chunk *chunk, size_t most) {
    follow *f = user;
    size_t axes = f->frame->sweep->axes;
    pthread_mutex_lock(&f->mutex);
    while (!f->in.first && !f->end)
        pthread_cond_wait(&f->came, &f->mutex);
    parcel *p = pop(&f->in);
    chunk->count = p ? (size_t)p->points : 0;
    for (size_t i = 0; i < chunk->count; i++) {
        chunk->index[i] = p->index[i];
        dt_cursor_point(f->cursor, p->index[i], chunk->value + i * axes);
    }
    pthread_mutex_unlock(&f->mutex);
    (void)most; /* rank 0 hands out single points where they are long */
    free(p);
}

/* Puts an answer to one message of points into the queue of those that go out. */
static void answer(follow *f, uint64_t points, double seconds, const dt_batch *batch,
                   dt_status status) {
    wire_rows tail = {.seconds = seconds, .points = points, .status = status};
    if (batch && batch->no_memory)
        tail.status = DT_ERR_MEMORY;
    size_t rows = tail.status == DT_OK && batch ? batch->length : 0;
    parcel *p = calloc(1, sizeof *p);
    if (p) {
        p->length = rows + sizeof tail;
        p->data = malloc(p->length);
        p->request = MPI_REQUEST_NULL;
    }
    if (!p || !p->data) {
        free(p);
        abort(); /* mpirun ends the job; the store is rank 0's, and whole */
    }
    if (rows)
        memcpy(p->data, batch->data, rows);
    memcpy(p->data + rows, &tail, sizeof tail);
    pthread_mutex_lock(&f->mutex);
    append(&f->out, p);
    pthread_mutex_unlock(&f->mutex);
}

static void keep(void *user, dt_chunk *chunk, dt_status status) {
    if (chunk->count == 0) /* no memory for a thread's points */
        abort();
    answer(user, chunk->count, chunk->seconds, &chunk->batch, status);
}

static void *crew_main(void *user) {
    follow *f = user;
    dt_crew_run(&f->crew);
    flint_cleanup();
    pthread_mutex_lock(&f->mutex);
    f->crew_done = true;
    pthread_mutex_unlock(&f->mutex);
    return NULL;
}

/* --- messages --- */

static void receive_points(follow *f, int bytes) {
    parcel *p = need(calloc(1, sizeof *p));
    p->points = (uint64_t)bytes / sizeof *p->index;
    MPI_Recv(p->index, (int)p->points, MPI_UINT64_T, 0, WIRE_POINTS, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    pthread_mutex_lock(&f->mutex);
    append(&f->in, p);
    pthread_cond_signal(&f->came);
    pthread_mutex_unlock(&f->mutex);
}

static void receive_end(follow *f) {
    MPI_Recv(&f->exit_status, 1, MPI_INT, 0, WIRE_END, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    pthread_mutex_lock(&f->mutex);
    f->end = true;
    pthread_cond_broadcast(&f->came);
    pthread_mutex_unlock(&f->mutex);
}

/* The next message, if there is one. */
static bool receive(follow *f) {
    int there, bytes, wish;
    MPI_Status status;
    MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    switch (status.MPI_TAG) {
    case WIRE_POINTS: receive_points(f, bytes); break;
    case WIRE_ASKED:
        MPI_Recv(&wish, 1, MPI_INT, 0, WIRE_ASKED, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        wire_wish_hear((wire_wish)wish);
        f->told = wish > f->told ? wish : f->told;
        break;
    default: receive_end(f); break;
    }
    return true;
}

/* Tells rank 0 what a signal asked for. Points not begun are given back. */
static void heed(follow *f) {
    int wish = (int)wire_wish_here();
    if (wish == (int)WISH_NOTHING)
        return;
    if (wish > f->told)
        MPI_Send(&wish, 1, MPI_INT, 0, WIRE_ASKED, MPI_COMM_WORLD);
    f->told = wish > f->told ? wish : f->told;
    parcel *p;
    do {
        pthread_mutex_lock(&f->mutex);
        p = pop(&f->in);
        pthread_mutex_unlock(&f->mutex);
        if (p)
            answer(f, 0, 0, NULL, DT_OK);
        free(p);
    } while (p);
}

/* Sends what waits, without waiting for it to arrive: rank 0 may be sending, too. */
static bool send(follow *f, parcel **going) {
    if (*going) {
        int gone;
        MPI_Test(&(*going)->request, &gone, MPI_STATUS_IGNORE);
        if (!gone)
            return false;
        free((*going)->data);
        free(*going);
    }
    pthread_mutex_lock(&f->mutex);
    *going = pop(&f->out);
    pthread_mutex_unlock(&f->mutex);
    if (*going)
        MPI_Isend((*going)->data, (int)(*going)->length, MPI_BYTE, 0, WIRE_ROWS, MPI_COMM_WORLD,
                  &(*going)->request);
    return *going != NULL;
}

static void serve(follow *f) {
    parcel *going = NULL;
    for (;;) {
        bool busy = receive(f);
        heed(f);
        busy = send(f, &going) || busy;
        pthread_mutex_lock(&f->mutex);
        bool over = f->end && f->crew_done && !f->out.first && !going;
        pthread_mutex_unlock(&f->mutex);
        if (over)
            return;
        if (!busy)
            wire_sleep();
    }
}

int follow_run(const dt_frame *frame, int threads, dt_sweep_split split, uint64_t points) {
    follow f = {.frame = frame,
                .crew = {.frame = frame,
                         .threads = threads,
                         .split = split,
                         .points = points,
                         .stop = &cli_sweep_signals.stop,
                         .take = take,
                         .keep = keep},
                .mutex = PTHREAD_MUTEX_INITIALIZER,
                .came = PTHREAD_COND_INITIALIZER};
    int hands = split == DT_SPLIT_GAMES ? 1 : threads; /* games at a time */
    pthread_t crew;
    f.crew.user = &f;
    f.cursor = need(dt_cursor_new(frame->sweep));
    MPI_Gather(&hands, 1, MPI_INT, NULL, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (pthread_create(&crew, NULL, crew_main, &f) != 0)
        MPI_Abort(MPI_COMM_WORLD, DT_EXIT_FAILED);
    serve(&f);
    pthread_join(crew, NULL);
    dt_cursor_free(f.cursor);
    return f.exit_status;
}
