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
    fmpq_init(&scenario->sweep.points);
    fmpq_init(&scenario->sweep.seed);
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

static void clear_concepts(dt_concept_request *request, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < request[i].settings; k++)
            fmpq_clear(&request[i].setting[k].number);
}

static void clear_sweep(dt_sweep_spec *sweep) {
    fmpq_clear(&sweep->points);
    fmpq_clear(&sweep->seed);
    for (size_t i = 0; i < sweep->axes; i++) {
        fmpq_clear(&sweep->axis[i].low);
        fmpq_clear(&sweep->axis[i].high);
        fmpq_clear(&sweep->axis[i].steps);
    }
    for (size_t i = 0; i < sweep->values; i++)
        fmpq_clear(&sweep->value[i]);
    clear_concepts(sweep->concept_request, sweep->concepts);
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
    clear_concepts(scenario->concept_request, scenario->concepts);
    clear_sweep(&scenario->sweep);
    for (size_t i = 0; i < scenario->extras; i++)
        dt_source_free(scenario->extra[i]);
    dt_source_free(scenario->source);
    dt_arena_free(scenario->arena);
    free(scenario);
}
