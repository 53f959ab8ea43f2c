/* Do all payoffs exist? */
#include "game/rows.h"
#include "game/stages.h"

static dt_status look(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)shared, (void)local, (void)row, (void)enough;
    return DT_OK; /* the visit itself finds what does not exist */
}

dt_status dt_game_verify(const dt_game *game, const dt_control *control, dt_diag *diag) {
    size_t open = 0;
    for (size_t i = 0; i < game->players; i++)
        open += !game->model->total(game->self, i);
    if (open == 0)
        return DT_OK;
    dt_restriction all;
    dt_status status = dt_restriction_init(&all, game);
    dt_stages stages = {control, "profiles checked for payoffs that do not exist", game->profiles,
                        0, 0};
    for (size_t i = 0; i < game->players && status == DT_OK; i++)
        if (!game->model->total(game->self, i)) {
            dt_control part = dt_stages_next(&stages, (double)game->profiles / (double)open);
            status = dt_rows_visit(game, &all, i, game->players - 1, &part, stages.what, diag,
                                   &(dt_row_visitor){.row = look});
        }
    dt_restriction_clear(&all);
    return status;
}
