/* How fast payoff rows are computed. */
#include "game/pace.h"

#include <math.h>
#include <omp.h>

#include "game/rows.h"

static const double LEAST_SECONDS = 0.02; /* a player: other work on the machine blurs less */

typedef struct sample {
    double until;
    uint64_t payoffs;
} sample;

static dt_status count_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const sample *s = shared;
    *(uint64_t *)local += row->lanes;
    *enough = omp_get_wtime() > s->until;
    return DT_OK;
}

static dt_status add_up(void *shared, void *local) {
    sample *s = shared;
    s->payoffs += *(const uint64_t *)local;
    return DT_OK;
}

dt_status dt_rows_pace(const dt_game *game, const dt_control *control, double seconds,
                       dt_diag *diag, double *pace) {
    dt_restriction all;
    dt_status status = dt_restriction_init(&all, game);
    double each = fmax(seconds / (double)game->players, LEAST_SECONDS);
    *pace = 0;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        double started = omp_get_wtime();
        sample s = {.until = started + each};
        dt_row_visitor visitor = {
            .size = sizeof(uint64_t), .shared = &s, .row = count_row, .close = add_up};
        status = dt_rows_visit(game, &all, i, i, control, NULL, diag, &visitor);
        double passed = omp_get_wtime() - started;
        *pace += passed / (double)(s.payoffs ? s.payoffs : 1) / (double)game->players;
    }
    dt_restriction_clear(&all);
    return status;
}
