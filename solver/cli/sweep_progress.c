/* How far a sweep has come, on stderr: a bar on a terminal, else a line now and then. */
#include <inttypes.h>
#include <math.h>

#include "cli/sweep.h"

enum { BAR = 24 };
static const double LINE_SECONDS = 5, TERMINAL_SECONDS = 0.1;

static void put_bar(double share) {
    int full = (int)(share * BAR);
    fputc('[', stderr);
    for (int i = 0; i < BAR; i++)
        fputc(i < full ? '#' : '.', stderr);
    fputs("] ", stderr);
}

static void show(const cli_sweep_progress *p, uint64_t done, uint64_t failed, uint64_t total) {
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
    if (p->ranks > 1)
        fprintf(stderr, ", %d ranks", p->ranks);
    if (!p->terminal)
        fputc('\n', stderr);
    fflush(stderr);
}

void cli_sweep_note(void *user, uint64_t done, uint64_t failed, uint64_t total) {
    cli_sweep_progress *p = user;
    double t = cli_now();
    if (!p->begun) {
        p->started = p->shown = t;
        p->before = done;
        p->begun = true;
        return;
    }
    if (p->quiet || t - p->shown < (p->terminal ? TERMINAL_SECONDS : LINE_SECONDS))
        return;
    p->shown = t;
    show(p, done, failed, total);
}

/* What was done, in a line or two. */
void cli_sweep_conclude(const cli_sweep_progress *p, const dt_store *store, uint64_t total) {
    uint64_t done = dt_store_points(store), failed = dt_store_failed(store), now = done - p->before;
    double seconds = cli_now() - p->started;
    char time[32], ranks[32] = "";
    if (p->terminal)
        fputs("\r\033[K", stderr);
    if (p->ranks > 1)
        snprintf(ranks, sizeof ranks, " on %d ranks", p->ranks);
    if (!p->quiet)
        fprintf(stderr, "deterra: %" PRIu64 " points in %s%s (%.3g points/s)\n", now,
                cli_duration(seconds, time, sizeof time), ranks,
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
