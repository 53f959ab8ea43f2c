/* How far a sweep has come, on stderr: a bar on a terminal, else a line now and then. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

static void put_words(FILE *out, const cli_sweep_progress *p, uint64_t done, uint64_t failed,
                      uint64_t total) {
    double seconds = cli_now() - p->started, share = total ? (double)done / (double)total : 1;
    fprintf(out, "%" PRIu64 " of %" PRIu64 " points (%.0f %%)", done, total, floor(100 * share));
    if (done > p->before && seconds > 0) {
        double rate = (double)(done - p->before) / seconds;
        char left[32];
        fprintf(out, rate < 100 ? ", %.2g points/s" : ", %.0f points/s", rate);
        if (done < total)
            fprintf(out, ", %s left",
                    cli_duration(ceil((double)(total - done) / rate), left, sizeof left));
    }
    if (failed)
        fprintf(out, ", %" PRIu64 " failed", failed);
    if (p->ranks > 1)
        fprintf(out, ", %d ranks", p->ranks);
}

/* The columns that a line may take without going on in the next, where \r does not lead back. */
static int columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
}

static void show(const cli_sweep_progress *p, uint64_t done, uint64_t failed, uint64_t total) {
    char words[200] = "";
    FILE *out = fmemopen(words, sizeof words, "w");
    if (!out)
        return;
    put_words(out, p, done, failed, total);
    fclose(out);
    if (!p->terminal) {
        fprintf(stderr, "deterra sweep: %s\n", words);
        return;
    }
    int room = columns();
    fputs("\r\033[K", stderr);
    if (room >= BAR + 3 + (int)strlen(words))
        put_bar(total ? (double)done / (double)total : 1);
    fprintf(stderr, "%.*s", room, words);
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
    if (!p->quiet && p->before == total)
        fprintf(stderr, "deterra: all %" PRIu64 " points are there already\n", total);
    else if (!p->quiet)
        fprintf(stderr, "deterra: %" PRIu64 " points in %s%s (%.3g points/s)%s\n", now,
                cli_duration(seconds, time, sizeof time), ranks,
                seconds > 0 ? (double)now / seconds : 0.0,
                p->before && done == total ? ", and the others were there" : "");
    if (failed) {
        char *first = dt_store_first_failure(store);
        fprintf(stderr,
                "deterra: %" PRIu64 " of %" PRIu64 " points failed (messages are in the table "
                "points); %s\n",
                failed, done, first ? first : "");
        free(first);
    }
    if (done < total)
        fprintf(stderr,
                "deterra: stopped after %" PRIu64 " of %" PRIu64 " points; go on with --resume\n",
                done, total);
}
