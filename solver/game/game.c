/* Games: asking the model for blocks, rows and exact payoffs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/game.h"

void dt_parts_clear(dt_parts *parts) {
    for (size_t i = 0; i < parts->count; i++)
        dt_exact_clear(&parts->part[i].value);
    free(parts->part);
    *parts = (dt_parts){0};
}

void dt_game_free(dt_game *game) {
    if (!game)
        return;
    if (game->model)
        game->model->free(game->self);
    for (size_t i = 0; i < game->players && !game->borrows; i++)
        for (size_t m = 0; m < game->player[i].moves; m++) {
            const dt_move *move = &game->player[i].move[m];
            for (uint32_t l = 0; l < move->levels; l++)
                fmpq_clear((fmpq *)&move->value[l]);
        }
    dt_arena_free(game->arena);
    free(game);
}

dt_workspace *dt_workspace_new(const dt_game *game) {
    return game->model->workspace_new(game->self);
}

void dt_workspace_free(const dt_game *game, dt_workspace *workspace) {
    if (workspace)
        game->model->workspace_free(workspace);
}

uint64_t dt_box_lanes(const dt_game *game, const dt_box *box) {
    uint64_t lanes = 1;
    for (size_t i = 0; i < game->players; i++)
        if (__builtin_mul_overflow(lanes, (uint64_t)box->count[i], &lanes))
            return UINT64_MAX;
    return lanes;
}

dt_status dt_game_block(const dt_game *game, dt_workspace *workspace, size_t player,
                        const dt_box *box, double *value, double *bound) {
    return game->model->block(game->self, workspace, player, box, value, bound);
}

dt_status dt_game_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                      const uint32_t *profile, double *value, double *bound) {
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    for (size_t i = 0; i < game->players; i++) {
        first[i] = i == over ? 0 : profile[i];
        count[i] = i == over ? game->player[i].strategies : 1;
    }
    return dt_game_block(game, workspace, player, &(dt_box){first, count}, value, bound);
}

const double *dt_game_view(const dt_game *game, size_t player, bool *exact) {
    *exact = false;
    return game->model->view ? game->model->view(game->self, player, exact) : NULL;
}

dt_exact_context *dt_game_context(const dt_game *game, dt_workspace *workspace) {
    return game->model->context(workspace);
}

dt_status dt_game_exact(const dt_game *game, dt_workspace *workspace, size_t player,
                        const uint32_t *profile, dt_exact *payoff, dt_diag *diag) {
    dt_payoff_fault fault = {.place = DT_NOWHERE};
    dt_status status = game->model->exact(game->self, workspace, player, profile, payoff, &fault);
    if (status == DT_OK) {
        double radius, d = dt_exact_double(dt_game_context(game, workspace), payoff, &radius);
        if (isfinite(d) && isfinite(radius))
            return DT_OK;
        strcpy(fault.message, "a number beyond the range of a double");
        status = DT_ERR_INPUT;
    }
    if (status == DT_ERR_INPUT) {
        char where[512];
        dt_profile_text(game, profile, where, sizeof where);
        if (!*where)
            strcpy(where, "the only profile");
        dt_diag_add(diag, DT_ERROR, fault.place, "the payoff of `%s` does not exist: %s, at %s",
                    game->player[player].name, fault.message, where);
    }
    return status;
}
