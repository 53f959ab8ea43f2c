/* What both sides need: see wire.h. SPDX: GPL-3.0-or-later */
#define _GNU_SOURCE /* sched_getaffinity */
#include "mpi/wire.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

wire_wish wire_wish_here(void) {
    return cli_sweep_signals.stop     ? WISH_STOP
           : cli_sweep_signals.finish ? WISH_FINISH
                                      : WISH_NOTHING;
}

void wire_wish_hear(wire_wish wish) {
    if (wish == WISH_STOP)
        cli_sweep_signals.stop = 1;
    else if (wish == WISH_FINISH)
        cli_sweep_signals.finish = 1;
}

void wire_sleep(void) {
    nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
}

bool wire_share(char **text, size_t *length) {
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    uint64_t bytes = *length;
    MPI_Bcast(&bytes, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    if (rank != 0) {
        *length = (size_t)bytes;
        *text = calloc(1, *length + 1);
    }
    int good = *text != NULL;
    MPI_Allreduce(MPI_IN_PLACE, &good, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (good) /* at most 64 MB: dt_config_read */
        MPI_Bcast(*text, (int)*length, MPI_CHAR, 0, MPI_COMM_WORLD);
    return good;
}

int wire_worst(int exit_status) {
    MPI_Allreduce(MPI_IN_PLACE, &exit_status, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return exit_status;
}

int wire_threads(const cli_options *options) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    int ranks = 1;
    MPI_Comm node;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &ranks);
    bool known = sched_getaffinity(0, sizeof cores, &cores) == 0;
    int own = known ? CPU_COUNT(&cores) : 1;
    MPI_Allreduce(MPI_IN_PLACE, &cores, (int)sizeof cores, MPI_BYTE, MPI_BOR, node);
    int share = CPU_COUNT(&cores) / ranks;
    MPI_Comm_free(&node);
    if (options->threads > 0)
        return options->threads;
    if (getenv("OMP_NUM_THREADS"))
        return omp_get_max_threads();
    share = share < own ? share : own;
    return share > 1 ? share : 1;
}
