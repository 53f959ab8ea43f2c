/* A sweep from its options to its exit status: what comes before the points are solved, and after.
 */
#include <gsl/gsl_errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/sweep.h"

/* --- signals --- */

cli_sweep_asked cli_sweep_signals;

static void on_finish(int signal_number) {
    (void)signal_number;
    cli_sweep_signals.finish = cli_sweep_signals.any = 1;
}

static void on_stop(int signal_number) {
    cli_sweep_signals.stop = cli_sweep_signals.any = 1;
    signal(signal_number, SIG_DFL);
}

static void handle(int signal_number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

void cli_sweep_handle_signals(void) {
    handle(SIGTERM, on_finish);
    handle(SIGUSR1, on_finish);
    handle(SIGINT, on_stop);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of writing */
}

/* --- options --- */

static bool read_shard(const char *text, dt_shard *shard) {
    char *end;
    *shard = (dt_shard){1, 1};
    if (!text)
        return true;
    if (*text < '0' || *text > '9')
        return false;
    shard->number = strtoull(text, &end, 10);
    if (*end != '/' || end[1] < '0' || end[1] > '9')
        return false;
    shard->count = strtoull(end + 1, &end, 10);
    return !*end && shard->number >= 1 && shard->number <= shard->count &&
           shard->count <= INT64_MAX;
}

static int usage(const char *message) {
    fprintf(stderr, "deterra sweep: %s\nTry `deterra sweep --help`.\n", message);
    return DT_EXIT_USAGE;
}

int cli_sweep_usage(const cli_options *options, dt_shard *shard) {
    if (!options->output)
        return usage("-o is missing: the file that holds the results");
    if (options->resume && options->force)
        return usage("--resume goes on with a store and --force replaces it: take one");
    if (!read_shard(options->shard, shard))
        return usage("--shard takes I/N, I from 1 to N, as in --shard 3/8");
    return DT_EXIT_OK;
}

dt_sweep_split cli_sweep_split(const cli_options *options) {
    if (!options->split)
        return DT_SPLIT_AUTO;
    return strcmp(options->split, "points") == 0 ? DT_SPLIT_POINTS : DT_SPLIT_GAMES;
}

/* --- before and after --- */

/* Points come and go by the thousand a second: keep their memory instead of giving it back to the
 * kernel and asking again, which takes half of the time of small games. */
void cli_sweep_prepare(void) {
    gsl_set_error_handler_off(); /* designs are checked before GSL sees them */
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
#endif
}

static void release(cli_sweep_run *run) {
    dt_frame_clear(&run->frame);
    dt_sweep_free(run->sweep);
    cli_close(&run->game);
}

int cli_sweep_open(const cli_options *options, int ranks, cli_sweep_run *run) {
    dt_shard shard;
    *run = (cli_sweep_run){.options = options};
    int exit_status = cli_sweep_usage(options, &shard);
    if (exit_status == DT_EXIT_OK)
        exit_status = cli_open(options, &run->game);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    dt_status status = dt_sweep_new(run->game.scenario, run->game.diag, &run->sweep);
    if (status == DT_OK)
        status = dt_frame_init(&run->frame, run->sweep, run->game.diag);
    dt_store_mode mode = options->resume  ? DT_STORE_RESUME
                         : options->force ? DT_STORE_REPLACE
                                          : DT_STORE_NEW;
    dt_store *store = NULL;
    cli_sweep_handle_signals(); /* opening may wait for another process */
    if (status == DT_OK)
        status = dt_store_open(options->output, mode, &run->frame, shard, run->game.diag, &store);
    if (status != DT_OK) {
        exit_status = cli_report(&run->game, status);
        release(run);
        return exit_status;
    }
    run->progress = (cli_sweep_progress){.quiet = options->quiet,
                                         .terminal = !options->quiet && isatty(STDERR_FILENO),
                                         .ranks = ranks};
    run->job = (dt_sweep_job){.frame = &run->frame,
                              .store = store,
                              .shard = shard,
                              .split = cli_sweep_split(options),
                              .threads = options->threads,
                              .finish = &cli_sweep_signals.finish,
                              .stop = &cli_sweep_signals.stop,
                              .progress = cli_sweep_note,
                              .user = &run->progress,
                              .diag = run->game.diag};
    return DT_EXIT_OK;
}

int cli_sweep_close(cli_sweep_run *run, dt_status status) {
    dt_store *store = run->job.store;
    uint64_t total = dt_shard_points(run->sweep, run->job.shard);
    bool all = dt_store_points(store) == total;
    if (status == DT_OK)
        cli_sweep_conclude(&run->progress, store, total);
    else if (run->progress.terminal)
        fputs("\r\033[K", stderr);
    dt_status closed = dt_store_close(store, run->game.diag);
    status = status == DT_OK ? closed : status;
    int exit_status = status != DT_OK          ? cli_report(&run->game, status)
                      : all                    ? DT_EXIT_OK
                      : cli_sweep_signals.stop ? DT_EXIT_INTERRUPTED
                                               : DT_EXIT_RESUMABLE;
    release(run);
    return exit_status;
}
