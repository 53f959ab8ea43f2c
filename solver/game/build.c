/* From a scenario to a game: names and formulas, players, then the model. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "game/players.h"

static const dt_model_kind *const KINDS[] = {&dt_model_formula, &dt_model_table};

size_t dt_model_kind_count(void) {
    return sizeof KINDS / sizeof *KINDS;
}

const char *dt_model_kind_name(size_t i) {
    return KINDS[i]->name;
}

const char *dt_model_kind_summary(size_t i) {
    return KINDS[i]->summary;
}

static const dt_model_kind *find_kind(const dt_payoff_spec *payoff, dt_diag *diag) {
    dt_nearest search = {payoff->kind, NULL, 0};
    for (size_t i = 0; i < dt_model_kind_count(); i++) {
        if (strcmp(KINDS[i]->name, payoff->kind) == 0)
            return KINDS[i];
        dt_nearest_offer(&search, KINDS[i]->name);
    }
    dt_diag_add(diag, DT_ERROR, payoff->place, "unknown kind of payoffs `%s`%s%s%s", payoff->kind,
                search.best ? "; did you mean `" : "", search.best ? search.best : "",
                search.best ? "`?" : "");
    return NULL;
}

dt_status dt_game_build(const dt_scenario *scenario, dt_diag *diag, dt_game **out) {
    *out = NULL;
    const dt_model_kind *kind = find_kind(&scenario->payoff, diag);
    if (!kind)
        return DT_ERR_INPUT;
    dt_game *game = calloc(1, sizeof *game);
    if (!game || !(game->arena = dt_arena_new())) {
        free(game);
        return DT_ERR_MEMORY;
    }
    dt_compiler compiler;
    dt_status status = dt_compiler_init(&compiler, scenario, diag);
    /* after wrong definitions, go on to find the errors of the rest: all in one run */
    bool wrong = status == DT_ERR_INPUT && compiler.slot_of && compiler.instance;
    if (status == DT_OK || wrong) {
        status = dt_players_build(scenario, &compiler, game, diag);
        wrong |= status == DT_ERR_INPUT;
        if (status == DT_OK || status == DT_ERR_INPUT) {
            dt_status built = kind->build(scenario, &compiler, wrong ? NULL : game, diag);
            status = built == DT_OK && wrong ? DT_ERR_INPUT : built;
        }
    }
    dt_compiler_clear(&compiler);
    if (status != DT_OK)
        dt_game_free(game);
    else
        *out = game;
    return status;
}
