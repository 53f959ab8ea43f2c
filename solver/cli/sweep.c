/* deterra sweep: the same game at many parameter points, into one SQLite file. */
#include <gsl/gsl_errno.h>
#include <inttypes.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "sweep/runner.h"

/* --- signals --- */

static volatile sig_atomic_t finish_flag, stop_flag;

/* SIGTERM, and Slurm's warning SIGUSR1: what is in hand is finished. */
static void on_finish(int signal_number) {
    (void)signal_number;
    finish_flag = 1;
}

/* Ctrl-C: what is in hand is left; a second one ends the process. */
static void on_stop(int signal_number) {
    stop_flag = 1;
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

/* --- progress --- */

enum { BAR = 24 };
static const double LINE_SECONDS = 5, TERMINAL_SECONDS = 0.1;

typedef struct progress {
    bool quiet, terminal;
    double started, shown;
    uint64_t before; /* done when it began */
    bool begun;
} progress;

static void put_bar(double share) {
    int full = (int)(share * BAR);
    fputc('[', stderr);
    for (int i = 0; i < BAR; i++)
        fputc(i < full ? '#' : '.', stderr);
    fputs("] ", stderr);
}

static void show(const progress *p, uint64_t done, uint64_t failed, uint64_t total) {
    double seconds = cli_now() - p->started, share = total ? (double)done / (double)total : 1;
    if (p->terminal) {
        fputs("\r\033[K", stderr);
        put_bar(share);
    } else {
        fputs("deterra sweep: ", stderr);
    }
    fprintf(stderr, "%" PRIu64 " of %" PRIu64 " points (%.0f %%)", done, total, floor(100 * share));
    if (done > p->before && seconds > 0) {
        double rate = (double)(done - p->before) / seconds;
        char left[32];
        fprintf(stderr, rate < 100 ? ", %.2g points/s" : ", %.0f points/s", rate);
        if (done < total)
            fprintf(stderr, ", %s left",
                    cli_duration(ceil((double)(total - done) / rate), left, sizeof left));
    }
    if (failed)
        fprintf(stderr, ", %" PRIu64 " failed", failed);
    if (!p->terminal)
        fputc('\n', stderr);
    fflush(stderr);
}

static void note(void *user, uint64_t done, uint64_t failed, uint64_t total) {
    progress *p = user;
    double t = cli_now();
    if (!p->begun) {
        *p = (progress){p->quiet, p->terminal, t, t, done, true};
        return;
    }
    if (p->quiet || t - p->shown < (p->terminal ? TERMINAL_SECONDS : LINE_SECONDS))
        return;
    p->shown = t;
    show(p, done, failed, total);
}

/* --- the run --- */

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

static int check_usage(const cli_options *options, dt_shard *shard) {
    if (!options->output)
        return usage("-o is missing: the file that holds the results");
    if (options->resume && options->force)
        return usage("--resume goes on with a store and --force replaces it: take one");
    if (!read_shard(options->shard, shard))
        return usage("--shard takes I/N, I from 1 to N, as in --shard 3/8");
    return DT_EXIT_OK;
}

/* What was done, in a line or two. */
static void conclude(const cli_options *options, const dt_store *store, uint64_t before,
                     uint64_t total, double seconds) {
    uint64_t done = dt_store_points(store), failed = dt_store_failed(store), now = done - before;
    char time[32];
    if (!options->quiet)
        fprintf(stderr, "deterra: %" PRIu64 " points in %s (%.3g points/s)\n", now,
                cli_duration(seconds, time, sizeof time),
                seconds > 0 ? (double)now / seconds : 0.0);
    if (failed)
        fprintf(stderr,
                "deterra: %" PRIu64 " of %" PRIu64 " points failed; their messages are in the "
                "table points\n",
                failed, done);
    if (done < total)
        fprintf(stderr,
                "deterra: stopped after %" PRIu64 " of %" PRIu64 " points; go on with --resume\n",
                done, total);
}

static int run_points(const cli_options *options, cli_game *g, const dt_frame *frame,
                      dt_shard shard) {
    dt_store_mode mode = options->resume  ? DT_STORE_RESUME
                         : options->force ? DT_STORE_REPLACE
                                          : DT_STORE_NEW;
    dt_store *store;
    dt_status status = dt_store_open(options->output, mode, frame, shard, g->diag, &store);
    if (status != DT_OK)
        return cli_report(g, status);
    progress shown = {.quiet = options->quiet,
                      .terminal = !options->quiet && isatty(STDERR_FILENO)};
    dt_sweep_job job = {
        .frame = frame,
        .store = store,
        .shard = shard,
        .split = !options->split                         ? DT_SPLIT_AUTO
                 : strcmp(options->split, "points") == 0 ? DT_SPLIT_POINTS
                                                         : DT_SPLIT_GAMES,
        .threads = options->threads,
        .finish = &finish_flag,
        .stop = &stop_flag,
        .progress = note,
        .user = &shown,
        .diag = g->diag,
    };
    handle(SIGTERM, on_finish);
    handle(SIGUSR1, on_finish);
    handle(SIGINT, on_stop);
    uint64_t before = dt_store_points(store), total = dt_shard_points(frame->sweep, shard);
    double began = cli_now();
    status = dt_sweep_run(&job);
    if (shown.terminal)
        fputs("\r\033[K", stderr);
    bool all = dt_store_points(store) == total;
    if (status == DT_OK)
        conclude(options, store, before, total, cli_now() - began);
    dt_status closed = dt_store_close(store, g->diag);
    status = status == DT_OK ? closed : status;
    if (status != DT_OK)
        return cli_report(g, status);
    return all ? DT_EXIT_OK : stop_flag ? DT_EXIT_INTERRUPTED : DT_EXIT_RESUMABLE;
}

/* Points come and go by the thousand a second: keep their memory instead of giving it back to the
 * kernel and asking again, which takes half of the time of small games. */
static void keep_memory(void) {
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
#endif
}

static int run(const cli_options *options) {
    dt_shard shard;
    int exit_status = check_usage(options, &shard);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    keep_memory();
    gsl_set_error_handler_off(); /* designs are checked before GSL sees them */
    cli_game g;
    exit_status = cli_open(options, &g);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    dt_sweep *sweep;
    dt_frame frame = {0};
    dt_status status = dt_sweep_new(g.scenario, g.diag, &sweep);
    if (status == DT_OK)
        status = dt_frame_init(&frame, sweep, g.diag);
    exit_status = status == DT_OK ? run_points(options, &g, &frame, shard) : cli_report(&g, status);
    dt_frame_clear(&frame);
    dt_sweep_free(sweep);
    cli_close(&g);
    return exit_status;
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
    .options = CLI_SET | CLI_CONCEPT | CLI_OUTPUT | CLI_THREADS | CLI_SWEEP | CLI_FORCE,
    .run = run,
};
