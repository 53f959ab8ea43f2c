/* How a game's payoffs are computed, as the model tells it. */
#include "deterra/evaluation.h"

#include <stdlib.h>

dt_status dt_game_evaluation(const dt_game *game, size_t player, dt_evaluation *evaluation) {
    *evaluation = (dt_evaluation){0};
    if (!game->model->evaluation)
        return DT_ERR_USAGE;
    dt_status status = game->model->evaluation(game->self, player, evaluation);
    if (status != DT_OK)
        dt_evaluation_clear(evaluation);
    return status;
}

void dt_evaluation_clear(dt_evaluation *evaluation) {
    free(evaluation->loop);
    free(evaluation->definition);
    free(evaluation->part);
    *evaluation = (dt_evaluation){0};
}
