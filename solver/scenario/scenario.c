/* A scenario's life: it owns an arena, its sources, and the rationals in them. */
#include "deterra/scenario.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/source.h"

dt_scenario *dt_scenario_new(void) {
    dt_scenario *scenario = calloc(1, sizeof *scenario);
    if (!scenario)
        return NULL;
    scenario->arena = dt_arena_new();
    if (!scenario->arena) {
        free(scenario);
        return NULL;
    }
    scenario->title = "";
    return scenario;
}

static void clear_parameters(dt_parameter *parameter, size_t count) {
    for (size_t i = 0; i < count; i++) {
        fmpq_clear(&parameter[i].value);
        fmpq_clear(&parameter[i].low);
        fmpq_clear(&parameter[i].high);
        clear_parameters(parameter[i].child, parameter[i].children);
    }
}

void dt_scenario_free(dt_scenario *scenario) {
    if (!scenario)
        return;
    for (size_t p = 0; p < scenario->players; p++)
        for (size_t m = 0; m < scenario->player[p].moves; m++) {
            const dt_move_spec *move = &scenario->player[p].move[m];
            for (size_t l = 0; l < move->levels; l++)
                fmpq_clear(&move->level[l].value);
        }
    clear_parameters(scenario->parameter, scenario->parameters);
    for (size_t i = 0; i < scenario->payoff.values; i++)
        fmpq_clear(&scenario->payoff.value[i]);
    for (size_t i = 0; i < scenario->blocs; i++)
        for (size_t m = 0; m < scenario->bloc[i].members; m++)
            fmpq_clear(&scenario->bloc[i].weight[m]);
    for (size_t i = 0; i < scenario->concepts; i++)
        for (size_t k = 0; k < scenario->concept_request[i].settings; k++)
            fmpq_clear(&scenario->concept_request[i].setting[k].number);
    for (size_t i = 0; i < scenario->extras; i++)
        dt_source_free(scenario->extra[i]);
    dt_source_free(scenario->source);
    dt_arena_free(scenario->arena);
    free(scenario);
}
