/* Concept "maximin": each player's security level (von Neumann and Morgenstern 1944): the most
 * that a mixed strategy guarantees against all others acting as one. SPDX: GPL-3.0-or-later */
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/security/guarantee.h"
#include "lp/lp.h"

static const dt_key maximin_keys[] = {
    {"player", DT_KEY_WORD, NULL, false, "one player only"},
    {0},
};

static dt_status choose(const dt_solve_call *call, size_t *first, size_t *end) {
    const dt_game *game = call->game;
    const dt_setting *setting = dt_request_setting(call->request, "player");
    *first = 0;
    *end = game->players;
    if (!setting)
        return DT_OK;
    for (size_t p = 0; p < game->players; p++)
        if (strcmp(game->player[p].name, setting->text) == 0) {
            *first = p;
            *end = p + 1;
            return DT_OK;
        }
    dt_diag_add(call->diag, DT_ERROR, setting->place, "maximin: there is no player '%s'",
                setting->text);
    return DT_ERR_INPUT;
}

static dt_status maximin_solve(const dt_solve_call *call) {
    size_t first, end;
    dt_status status = choose(call, &first, &end);
    if (status != DT_OK)
        return status;
    dt_result *result = dt_result_add(call->results, "maximin", DT_SHAPE_SECURITY);
    if (!result)
        return DT_ERR_MEMORY;
    if (end - first < call->game->players)
        status = dt_result_setting(call->results, result, "player", "%s",
                                   call->game->player[first].name);
    return dt_guarantee_results(call, first, end, result);
}

static double maximin_work(const dt_game *game) {
    double sum = 0;
    for (size_t p = 0; p < game->players; p++)
        sum += dt_guarantee_work(game, UINT64_C(1) << p);
    return sum;
}

static double maximin_memory(const dt_game *game) {
    double most = 0;
    for (size_t p = 0; p < game->players; p++) {
        double bytes = dt_guarantee_memory(game, UINT64_C(1) << p);
        most = bytes > most ? bytes : most;
    }
    return most;
}

const dt_concept dt_concept_maximin = {
    .name = "maximin",
    .summary = "each player's security level and a mixed strategy that guarantees it",
    .keys = maximin_keys,
    .solve = maximin_solve,
    .work = maximin_work,
    .memory = maximin_memory,
};
