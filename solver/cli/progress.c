/* Progress on a terminal, and the stop flag of Ctrl-C. */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

static volatile sig_atomic_t stop_flag;

/* The first Ctrl-C asks the solvers to stop; a second one ends the process. */
static void on_interrupt(int signal_number) {
    stop_flag = 1;
    signal(signal_number, SIG_DFL);
}

/* What is on the terminal's line: one process has one. */
static struct {
    const char *what;
    double started, shown;
    bool on_line;
} line;

double cli_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void show(void *user, const char *what, uint64_t done, uint64_t total) {
    (void)user;
    if (!what)
        return;
    double t = cli_now();
    if (what != line.what) {
        line.what = what;
        line.started = t;
    }
    if (t - line.shown < 0.1)
        return;
    line.shown = t;
    double seconds = t - line.started, rate = seconds > 0 ? (double)done / seconds : 0;
    double left = rate > 0 ? (double)(total - done) / rate : 0;
    fprintf(stderr, "\r\033[K%s: %.0f %%, %.3g rows/s, %.0f s left", what,
            100 * (double)done / (double)total, rate, left);
    fflush(stderr);
    line.on_line = true;
}

void cli_progress_end(void) {
    if (line.on_line)
        fputs("\r\033[K", stderr);
    line.on_line = false;
    line.what = NULL;
}

dt_control cli_control(const cli_options *options) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    dt_control control = {.threads = options->threads, .stop = &stop_flag};
    if (!options->quiet && isatty(STDERR_FILENO))
        control.progress = show;
    return control;
}
