/* deterra sweep: the same game at many parameter points, into one SQLite file. */
#include "cli/sweep.h"

static int run(const cli_options *options) {
    cli_sweep_run r;
    cli_sweep_prepare();
    int exit_status = cli_sweep_open(options, 1, &r);
    return exit_status == DT_EXIT_OK ? cli_sweep_close(&r, dt_sweep_run(&r.job)) : exit_status;
}

const cli_command cli_sweep = {
    .name = "sweep",
    .summary = "solve a game at many parameter points, into one SQLite file",
    .operand = "CONFIG",
    .help =
        "Solves the game of CONFIG at the points of its `sweep` section and stores what that asks\n"
        "for in one SQLite file (docs/sweeps.md). It may be killed at any moment: --resume goes\n"
        "on. SIGTERM and SIGUSR1 finish the points in hand; the exit status is then 75.\n\n"
        "example: deterra sweep configs/sweeps/pain.cfg -o pain.sqlite\n"
        "         deterra sweep configs/sweeps/pain.cfg -o pain.sqlite --resume\n",
    .options = CLI_SET | CLI_CONCEPT | CLI_STORE | CLI_THREADS | CLI_SWEEP | CLI_FORCE,
    .run = run,
};
