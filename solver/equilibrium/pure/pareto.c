/* Pareto efficiency of some profiles: which search is best for the game. */
#include "equilibrium/pure/pareto.h"

dt_status dt_pareto_efficient(const dt_game *game, const uint64_t *profile, size_t count,
                              const dt_control *control, dt_diag *diag, dt_truth *efficient) {
    dt_targets targets;
    dt_status status = dt_targets_open(&targets, game, profile, count, control, diag);
    while (status == DT_OK && dt_targets_next(&targets)) {
        if (dt_pareto_views_apply(game))
            status = dt_pareto_views(&targets, control);
        else if (game->profiles > DT_FEW_PROFILES && dt_pareto_boxes_apply(game))
            status = dt_pareto_boxes(&targets, control);
        else
            status = dt_pareto_rows(&targets, control, diag);
    }
    for (size_t k = 0; k < count && status == DT_OK; k++)
        efficient[k] = dt_target_efficient(&targets.target[k]);
    dt_targets_close(&targets);
    return status;
}
