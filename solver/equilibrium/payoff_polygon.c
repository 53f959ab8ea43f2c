/* Concept "payoff-polygon": the expected payoffs of two players that correlated equilibria attain.
 * SPDX: GPL-3.0-or-later */
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/correlation/polygon.h"

static const dt_key polygon_keys[] = {
    {"x", DT_KEY_WORD, NULL, false, "a player; the first one if left out"},
    {"y", DT_KEY_WORD, NULL, false, "another player; the second one if left out"},
    {"of", DT_KEY_WORD, "correlated|coarse-correlated", false, "which equilibria"},
    {0},
};

static dt_status choose(const dt_solve_call *call, const char *key, size_t otherwise,
                        size_t *player) {
    const dt_game *game = call->game;
    const dt_setting *setting = dt_request_setting(call->request, key);
    *player = otherwise;
    if (!setting)
        return DT_OK;
    for (size_t p = 0; p < game->players; p++)
        if (strcmp(game->player[p].name, setting->text) == 0) {
            *player = p;
            return DT_OK;
        }
    dt_diag_add(call->diag, DT_ERROR, setting->place, "payoff-polygon: there is no player '%s'",
                setting->text);
    return DT_ERR_INPUT;
}

static dt_status choose_both(const dt_solve_call *call, size_t *x, size_t *y) {
    if (call->game->players < 2) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "payoff-polygon: a polygon takes two players, and the game has one; use "
                    "correlated");
        return DT_ERR_INPUT;
    }
    dt_status status = choose(call, "x", 0, x);
    if (status == DT_OK)
        status = choose(call, "y", *x == 1 ? 0 : 1, y);
    if (status == DT_OK && !dt_request_setting(call->request, "x") && *y == 0)
        *x = 1;
    if (status == DT_OK && *x == *y) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "payoff-polygon: x and y are two different players, not both '%s'",
                    call->game->player[*x].name);
        status = DT_ERR_INPUT;
    }
    return status;
}

static dt_status report(const dt_solve_call *call, const dt_correlation *c,
                        const dt_polygon *polygon, const char *of) {
    dt_result *result = dt_result_add(call->results, "payoff-polygon", DT_SHAPE_POLYGON);
    if (!result)
        return DT_ERR_MEMORY;
    static const char *const key[2] = {"x", "y"};
    dt_status status = DT_OK;
    for (int i = 0; i < 2 && status == DT_OK; i++) {
        result->axis[i] = polygon->axis[i];
        status = dt_result_setting(call->results, result, key[i], "%s",
                                   call->game->player[polygon->axis[i]].name);
    }
    if (status == DT_OK)
        status = dt_result_setting(call->results, result, "of", "%s", of);
    result->searched = call->game->profiles;
    result->vertex = dt_arena_array(call->results->arena, polygon->count, sizeof *result->vertex);
    if (!result->vertex)
        return DT_ERR_MEMORY;
    result->certificate = DT_CERT_EXACT;
    for (size_t i = 0; i < polygon->count && status == DT_OK; i++) {
        dt_vertex *vertex = &result->vertex[i];
        const dt_correlated *answer = &polygon->corner[i]->answer;
        vertex->certificate = answer->certificate;
        status = dt_correlation_atoms(c, answer, &vertex->atoms, &vertex->atom, &vertex->payoff);
        if (answer->certificate != DT_CERT_EXACT)
            result->certificate = answer->certificate;
        result->vertices = i + 1;
    }
    /* Of balls it is not proven that no edge can be moved, unless there is but one profile. */
    if (!polygon->complete || (!polygon->exact && c->o.profiles > 1))
        result->certificate = DT_CERT_NUMERIC;
    if (status == DT_OK && result->certificate == DT_CERT_NUMERIC)
        status = dt_result_note(call->results, result, "%s",
                                polygon->complete
                                    ? "That there are no other corners is not proven."
                                    : "There are more corners, which were not looked for.");
    return status;
}

static dt_status polygon_solve(const dt_solve_call *call) {
    size_t x, y;
    const dt_setting *of = dt_request_setting(call->request, "of");
    bool coarse = of && strcmp(of->text, "coarse-correlated") == 0;
    dt_status status = choose_both(call, &x, &y);
    if (status != DT_OK)
        return status;
    dt_correlation c;
    dt_polygon polygon = {.count = 0};
    status = dt_correlation_open(&c, call, "payoff-polygon", coarse, DT_KEEP_AS_FITS);
    if (status == DT_OK)
        status = dt_polygon_find(&c, x, y, &polygon);
    if (status == DT_OK)
        status = report(call, &c, &polygon, coarse ? "coarse-correlated" : "correlated");
    dt_polygon_clear(&polygon);
    dt_correlation_close(&c);
    return status;
}

const dt_concept dt_concept_payoff_polygon = {
    .name = "payoff-polygon",
    .summary = "the payoffs of two players that correlated equilibria attain: the corners",
    .keys = polygon_keys,
    .has_equilibria = true,
    .solve = polygon_solve,
    .work = dt_correlation_work,
    .memory = dt_correlation_memory,
};
