/* Pareto dominance by a visit of all payoff rows: for any game. */
#include <stdlib.h>

#include "equilibrium/pure/pareto.h"
#include "equilibrium/pure/strip.h"
#include "game/rows.h"

typedef struct search {
    dt_targets *targets;
    size_t over;
} search;

static dt_status open_strip(void *shared, void *local) {
    const search *s = shared;
    return dt_strip_open(local, s->targets, s->targets->game->player[s->over].strategies);
}

static dt_status close_strip(void *shared, void *local) {
    (void)shared;
    dt_strip_close(local);
    return DT_OK;
}

static dt_status test_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const search *s = shared;
    dt_strip *strip = local;
    strip->workspace = row->workspace;
    dt_strip_move(strip, s->over, row->profile, row->lanes, NULL);
    dt_strip_give(strip, 0, row->value, row->bound);
    dt_status status = dt_strip_test(strip);
    *enough = dt_targets_left(s->targets) == 0;
    return status;
}

dt_status dt_pareto_rows(dt_targets *targets, const dt_control *control, dt_diag *diag) {
    const dt_game *game = targets->game;
    search s = {targets, game->players - 1};
    dt_restriction all;
    dt_status status = dt_restriction_init(&all, game);
    dt_row_visitor visitor = {.size = sizeof(dt_strip),
                              .shared = &s,
                              .open = open_strip,
                              .row = test_row,
                              .close = close_strip};
    if (status == DT_OK)
        status = dt_rows_visit(game, &all, 0, s.over, control, DT_PARETO_WHAT, diag, &visitor);
    dt_restriction_clear(&all);
    return status;
}
