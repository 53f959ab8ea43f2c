/* Progress on a terminal, and the stop flag of Ctrl-C. */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

static volatile sig_atomic_t stop_flag;

/* Why the solvers are to stop. */
enum { GO_ON, ASKED, TIME_IS_OVER };

/* The first Ctrl-C asks the solvers to stop; a second one ends the process. */
static void on_interrupt(int signal_number) {
    stop_flag = ASKED;
    signal(signal_number, SIG_DFL);
}

static void on_alarm(int signal_number) {
    (void)signal_number;
    if (stop_flag == GO_ON)
        stop_flag = TIME_IS_OVER;
}

static void handle(int signal_number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

void cli_alarm(double seconds) {
    struct itimerval timer = {
        .it_value = {(time_t)seconds, (suseconds_t)(1e6 * (seconds - floor(seconds)))}};
    setitimer(ITIMER_REAL, &timer, NULL);
    if (stop_flag == TIME_IS_OVER)
        stop_flag = GO_ON;
}

bool cli_stop_asked(void) {
    return stop_flag == ASKED;
}

/* What was last said of the work in hand: one process has one. */
static struct {
    const char *what; /* NULL: nothing yet */
    uint64_t done, total;
    double started, shown;
    bool terminal; /* show it there? */
    bool on_line;  /* something stands on the terminal's line */
} work;

double cli_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

const char *cli_duration(double seconds, char *buffer, size_t size) {
    static const struct {
        double below, unit;
        const char *name;
    } scales[] = {{90, 1, "s"},
                  {5400, 60, "min"},
                  {129600, 3600, "h"},
                  {6e7, 86400, "days"},
                  {INFINITY, 31557600, "years"}};
    size_t k = 0;
    while (k + 1 < sizeof scales / sizeof *scales && !(seconds < scales[k].below))
        k++;
    bool little = seconds > 0 && seconds < 0.1;
    double count = little ? seconds * 1e3 : seconds / scales[k].unit;
    const char *name = little ? "ms" : scales[k].name;
    if (count < 10 || count >= 1e4)
        snprintf(buffer, size, "%.2g %s", count, name);
    else
        snprintf(buffer, size, "%.0f %s", count, name);
    return buffer;
}

/* "6561", or "1.5e+11" where that is shorter. */
static const char *count_text(uint64_t count, char *buffer, size_t size) {
    if (count < 1000000)
        snprintf(buffer, size, "%" PRIu64, count);
    else
        snprintf(buffer, size, "%.2g", (double)count);
    return buffer;
}

static double percent(uint64_t done, uint64_t total) {
    return total ? floor(100 * ((double)done / (double)total)) : 100;
}

/* "profiles searched: 42 %, 3.1e+09 profiles/s, 4 s left" */
static void show(double seconds) {
    fprintf(stderr, "\r\033[K%s: %.0f %%", work.what, percent(work.done, work.total));
    if (work.done && seconds > 0) {
        double rate = (double)work.done / seconds;
        char left[32];
        fprintf(stderr, ", %.2g %.*s/s, %s left", rate, (int)strcspn(work.what, " "), work.what,
                cli_duration(ceil((double)(work.total - work.done) / rate), left, sizeof left));
    }
    fflush(stderr);
    work.on_line = true;
}

static void note(void *user, const char *what, uint64_t done, uint64_t total) {
    (void)user;
    if (!what)
        return;
    double t = cli_now();
    bool other = work.what != what || done < work.done; /* another piece of work has begun */
    work.what = what;
    work.done = done < total ? done : total;
    work.total = total;
    if (other)
        work.started = t;
    if (!work.terminal || (work.on_line && t - work.shown < 0.1))
        return;
    work.shown = t;
    show(t - work.started);
}

void cli_progress_end(void) {
    if (work.on_line)
        fputs("\r\033[K", stderr);
    work.on_line = false;
    work.what = NULL;
}

void cli_interrupted(double seconds) {
    char time[32], done[32], total[32];
    const char *what = work.what;
    cli_progress_end();
    fprintf(stderr, "deterra: interrupted after %s", cli_duration(seconds, time, sizeof time));
    if (what)
        fprintf(stderr, ": %s: %s of %s (%.0f %%)", what, count_text(work.done, done, sizeof done),
                count_text(work.total, total, sizeof total), percent(work.done, work.total));
    fputs("; nothing was written\n", stderr);
}

dt_control cli_control(const cli_options *options) {
    handle(SIGINT, on_interrupt);
    handle(SIGTERM, on_interrupt);
    handle(SIGALRM, on_alarm);
    work.terminal = !options->quiet && isatty(STDERR_FILENO);
    return (dt_control){.threads = options->threads, .stop = &stop_flag, .progress = note};
}
