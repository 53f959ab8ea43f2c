/* How long pure equilibria take to find. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "equilibrium/pure/boxes.h"
#include "equilibrium/pure/dense.h"
#include "equilibrium/pure/near.h"
#include "equilibrium/pure/pure.h"
#include "game/pace.h"

/* A search that is watched, and stopped when its time is over. */
typedef struct watch {
    const dt_control *control; /* the caller's, or NULL */
    double started, until, passed;
    uint64_t done, total;
    volatile sig_atomic_t stop;
} watch;

static bool stop_asked(const dt_control *control) {
    return control && control->stop && *control->stop;
}

static void look(void *user, const char *what, uint64_t done, uint64_t total) {
    watch *w = user;
    double now = omp_get_wtime();
    (void)what;
    w->passed = now - w->started;
    w->done = done;
    w->total = total;
    if (now > w->until || stop_asked(w->control))
        w->stop = 1;
}

/* The first part of a search of all payoffs tells how long the rest takes. */
static dt_status forecast_dense(const dt_solve_call *call, double slack, double patience,
                                dt_forecast *out) {
    watch w = {.control = call->control, .started = omp_get_wtime()};
    w.until = w.started + patience;
    dt_control control = {.threads = call->control ? call->control->threads : 0,
                          .stop = &w.stop,
                          .progress = look,
                          .user = &w};
    dt_candidates found;
    dt_status status = dt_dense_equilibria(call->game, slack, DT_MOST_ITEMS, &control, &found);
    dt_candidates_clear(&found);
    if (stop_asked(call->control))
        return DT_ERR_INTERRUPTED;
    if (status == DT_ERR_INTERRUPTED) {
        double part = w.total ? (double)w.done / (double)w.total : 0;
        out->seconds = part > 0 ? w.passed / part : w.passed;
        snprintf(out->how, sizeof out->how, "%.2g %% of the search", 100 * part);
        return DT_OK;
    }
    out->seconds = omp_get_wtime() - w.started;
    snprintf(out->how, sizeof out->how, "a search");
    return status;
}

/* A scan, or a pass or two that strike strategies out before it. */
static dt_status forecast_rows(const dt_solve_call *call, double patience, dt_forecast *out) {
    double pace;
    dt_status status = dt_rows_pace(call->game, call->control, patience, call->diag, &pace);
    double shares = 0;
    for (size_t i = 0; i < call->game->players; i++)
        shares += dt_scan_share(call->game, i);
    out->seconds = fmax(shares, 2) * pace * (double)call->game->profiles;
    snprintf(out->how, sizeof out->how, "%.2g s of payoffs", patience);
    return status;
}

dt_status dt_pure_forecast(const dt_solve_call *call, const fmpq_t slack, double patience,
                           dt_forecast *out) {
    const dt_control *control = call->control;
    double above = dt_slack_above(slack);
    *out = (dt_forecast){0};
    dt_way way = dt_near_way(call->game);
    if (way == DT_WAY_DENSE)
        return forecast_dense(call, above, patience, out);
    if (way == DT_WAY_ROWS)
        return forecast_rows(call, patience, out);
    dt_box_forecast boxes;
    dt_status status = dt_boxes_forecast(call->game, above, patience, control, &boxes);
    if (status == DT_OK && !boxes.finishes)
        status = forecast_rows(call, patience / 2, out);
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    out->seconds += boxes.seconds / threads;
    size_t used = boxes.finishes ? 0 : strlen(out->how);
    snprintf(out->how + used, sizeof out->how - used, "%s%d probes of the search",
             used ? " and " : "", boxes.probes);
    return status;
}

double dt_pure_work(const dt_game *game) {
    double payoffs = (double)game->profiles * (double)game->players;
    return dt_near_way(game) == DT_WAY_DENSE ? payoffs : 2 * payoffs;
}

double dt_pure_memory(const dt_game *game) {
    if (dt_near_way(game) == DT_WAY_DENSE)
        return dt_dense_memory(game);
    return game->profiles < DT_SLAB_BYTES ? (double)game->profiles : DT_SLAB_BYTES;
}
