/* What deterra sweep and deterra-mpi share. */
#ifndef DT_CLI_SWEEP_H
#define DT_CLI_SWEEP_H

#include "cli/cli.h"
#include "sweep/runner.h"

/* What signals asked for: SIGTERM and SIGUSR1 (Slurm's warning) to finish the points in hand,
 * Ctrl-C to leave them; a second Ctrl-C ends the process. */
typedef struct cli_sweep_asked {
    volatile sig_atomic_t finish, stop, any; /* `any`: one of both */
} cli_sweep_asked;
extern cli_sweep_asked cli_sweep_signals;
void cli_sweep_handle_signals(void);
/* Memory and libraries as sweeps want them. */
void cli_sweep_prepare(void);

/* --- progress --- */

typedef struct cli_sweep_progress {
    bool quiet, terminal;
    int ranks; /* named where there are several */
    double started, shown;
    uint64_t before; /* done when it began */
    bool begun;
} cli_sweep_progress;

/* dt_sweep_job's progress. */
void cli_sweep_note(void *progress, uint64_t done, uint64_t failed, uint64_t total);
/* What was done, in a line or two. */
void cli_sweep_conclude(const cli_sweep_progress *p, const dt_store *store, uint64_t total);

/* --- a run --- */

typedef struct cli_sweep_run {
    const cli_options *options;
    cli_game game;
    dt_sweep *sweep;
    dt_frame frame;
    cli_sweep_progress progress;
    dt_sweep_job job;
} cli_sweep_run;

/* Wrong usage is complained of, and an exit status. */
int cli_sweep_usage(const cli_options *options, dt_shard *shard);
/* How threads are to be used. */
dt_sweep_split cli_sweep_split(const cli_options *options);
/* Reads the config, opens the store, heeds signals, and fills in the job; or complains, frees
 * everything, and returns the exit status. */
int cli_sweep_open(const cli_options *options, int ranks, cli_sweep_run *run);
/* To be called after a run that ended with this status: says what was done, closes the store and
 * frees everything. The exit status. */
int cli_sweep_close(cli_sweep_run *run, dt_status status);

#endif
