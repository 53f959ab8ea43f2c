/* What the ranks of deterra-mpi say to each other. SPDX: GPL-3.0-or-later
 *
 * Rank 0, the lead, owns the store and hands out points; the others follow. The lead pushes points
 * before they are asked for, so that no follower waits for a message while there is work. Only a
 * rank's main thread calls MPI (MPI_THREAD_FUNNELED); it looks for messages and sleeps, while the
 * threads of its crew solve. Nobody waits inside MPI, where Open MPI would keep a core busy. */
#ifndef DT_MPI_WIRE_H
#define DT_MPI_WIRE_H

#include <mpi.h>

#include "cli/sweep.h"

/* Tags of messages. */
enum {
    WIRE_POINTS = 1, /* to a follower: indices to solve, uint64_t each */
    WIRE_ROWS,       /* to the lead: a batch and a wire_rows, the answer to one WIRE_POINTS */
    WIRE_ASKED,      /* both ways: a wire_wish. Signals may reach any rank, or only one */
    WIRE_END,        /* to a follower: nothing more will come; int, the exit status */
};

/* Behind a batch. */
typedef struct wire_rows {
    double seconds;  /* that the points took */
    uint64_t points; /* that it answers for */
    dt_status status;
} wire_rows;

/* What a signal asked for. */
typedef enum wire_wish { WISH_NOTHING, WISH_FINISH, WISH_STOP } wire_wish;

/* The strongest wish of this rank's signals so far. */
wire_wish wire_wish_here(void);
/* Makes a wish that came in a message this rank's own. */
void wire_wish_hear(wire_wish wish);
/* Sleeps until there may be a message. */
void wire_sleep(void);

/* Collective: a text of rank 0 to all. malloc'ed in `*text` of the others, with a NUL behind;
 * rank 0's stays as it is. False where some rank is out of memory. */
bool wire_share(char **text, size_t *length);
/* Collective: the highest exit status of all ranks. */
int wire_worst(int exit_status);
/* Collective: how many threads this rank's crew gets: --threads, OMP_NUM_THREADS, or this node's
 * cores that were given to us, evenly to its ranks. */
int wire_threads(const cli_options *options);

/* The two sides. `threads` are this rank's. lead_run is dt_sweep_run with the others' help;
 * *failed, exit statuses and messages as there. */
dt_status lead_run(const dt_sweep_job *job, int ranks);
/* Tells the followers that it is over, and how. */
void lead_end(int ranks, int exit_status);
/* Solves what rank 0 hands out; returns the exit status that it says at the end. */
int follow_run(const dt_frame *frame, int threads, dt_sweep_split split, uint64_t points);

#endif
