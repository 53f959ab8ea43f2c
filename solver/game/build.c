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

/* The errors of syntax in all formulas: names are not looked at. */
static dt_status check_syntax(const dt_scenario *s, dt_diag *diag) {
    dt_arena *arena = dt_arena_new();
    dt_status status = arena ? DT_OK : DT_ERR_MEMORY;
    size_t errors = dt_diag_errors(diag);
    for (size_t i = 0; i < s->payoff.definitions && status != DT_ERR_MEMORY; i++) {
        const dt_definition_spec *d = &s->payoff.definition[i];
        dt_ast_head head;
        size_t end = 0;
        if (!d->text.data || (d->has_body && !d->body.data))
            continue;
        status = dt_parse_head(&d->text, !d->has_body, arena, diag, &head, &end);
        if (status == DT_OK)
            dt_parse_formula(d->has_body ? &d->body : &d->text, d->has_body ? 0 : end, arena, diag,
                             &status);
    }
    for (size_t i = 0; i < s->payoff.formulas && status != DT_ERR_MEMORY; i++)
        if (s->payoff.formula[i].text.data)
            dt_parse_formula(&s->payoff.formula[i].text, 0, arena, diag, &status);
    for (size_t i = 0; i < s->players && status != DT_ERR_MEMORY; i++)
        for (size_t k = 0; k < s->player[i].feasibles && status != DT_ERR_MEMORY; k++)
            if (s->player[i].feasible[k].data)
                dt_parse_formula(&s->player[i].feasible[k], 0, arena, diag, &status);
    dt_arena_free(arena);
    if (status == DT_ERR_MEMORY)
        return status;
    return dt_diag_errors(diag) > errors ? DT_ERR_INPUT : DT_OK;
}

dt_status dt_game_check(const dt_scenario *scenario, dt_diag *diag) {
    if (!scenario->declared)
        return check_syntax(scenario, diag);
    dt_game *game;
    dt_status status = dt_game_build(scenario, diag, &game);
    dt_game_free(game);
    return status;
}

dt_status dt_game_build(const dt_scenario *scenario, dt_diag *diag, dt_game **out) {
    return dt_game_build_with(scenario, NULL, 0, diag, out);
}

dt_status dt_game_refold(const dt_game *open, const fmpq *value, dt_game **out) {
    *out = NULL;
    if (!open->model->refold)
        return DT_ERR_USAGE;
    dt_game *game = calloc(1, sizeof *game);
    if (!game || !(game->arena = dt_arena_new())) {
        free(game);
        return DT_ERR_MEMORY;
    }
    game->borrows = true;
    game->players = open->players;
    game->player = open->player;
    game->profiles = open->profiles;
    game->scenario = open->scenario;
    dt_status status = open->model->refold(open->self, value, game);
    if (status == DT_OK)
        *out = game;
    else
        dt_game_free(game);
    return status;
}

bool dt_game_has_parameters(const dt_game *game) {
    return game->scenario && game->model->incentive;
}

dt_status dt_game_build_with(const dt_scenario *scenario, const dt_substitute *substitute,
                             size_t substitutes, dt_diag *diag, dt_game **out) {
    *out = NULL;
    const dt_model_kind *kind = find_kind(&scenario->payoff, diag);
    if (!kind)
        return DT_ERR_INPUT;
    dt_game *game = calloc(1, sizeof *game);
    if (!game || !(game->arena = dt_arena_new())) {
        free(game);
        return DT_ERR_MEMORY;
    }
    game->scenario = scenario;
    dt_compiler compiler;
    dt_status status = dt_compiler_init(&compiler, scenario, substitute, substitutes, diag);
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
    dt_game *blocs = game;
    if (status == DT_OK && scenario->blocs)
        status = dt_bloc_game(scenario, game, diag, &blocs);
    if (status != DT_OK)
        dt_game_free(game);
    else
        *out = blocs;
    return status;
}
