/* Do all payoffs exist? */
#include "game/rows.h"

static dt_status look(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)shared, (void)local, (void)row, (void)enough;
    return DT_OK; /* the visit itself finds what does not exist */
}

dt_status dt_game_verify(const dt_game *game, const dt_control *control, dt_diag *diag) {
    dt_restriction all;
    dt_status status = dt_restriction_init(&all, game);
    for (size_t i = 0; i < game->players && status == DT_OK; i++)
        if (!game->model->total(game->self, i))
            status = dt_rows_visit(game, &all, i, game->players - 1, control, "payoffs checked",
                                   diag, &(dt_row_visitor){.row = look});
    dt_restriction_clear(&all);
    return status;
}
