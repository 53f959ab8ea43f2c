/* Payoff rows whose values and bounds are all finite. */
#include "game/finite.h"

#include <math.h>
#include <string.h>

static bool all_finite(const double *value, const double *bound, uint32_t lanes) {
    double sum = 0; /* anything infinite or NaN makes x × 0 a NaN */
    for (uint32_t i = 0; i < lanes; i++)
        sum += value[i] * 0 + bound[i] * 0;
    return sum == 0;
}

dt_status dt_finite_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                        const uint32_t *profile, double *value, double *bound) {
    dt_status status = dt_game_row(game, workspace, player, over, profile, value, bound);
    uint32_t lanes = game->player[over].strategies;
    if (status != DT_OK || all_finite(value, bound, lanes))
        return status;
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, profile, game->players * sizeof *at);
    dt_exact exact;
    dt_exact_init(&exact);
    for (uint32_t i = 0; i < lanes && status == DT_OK; i++) {
        if (isfinite(value[i]) && isfinite(bound[i]))
            continue;
        at[over] = i;
        status = dt_game_exact(game, workspace, player, at, &exact, NULL);
        if (status != DT_OK)
            break;
        double radius;
        value[i] = dt_exact_double(dt_game_context(game, workspace), &exact, &radius);
        /* the radius is 0 for rationals, which may still have been rounded */
        bound[i] = fmax(radius, fabs(value[i]) * 0x1p-52) + 0x1p-1074;
    }
    dt_exact_clear(&exact);
    return status;
}
