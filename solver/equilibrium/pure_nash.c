/* pure-nash: all pure Nash equilibria (Nash 1951), each strict or weak, efficient or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/concepts.h"
#include "equilibrium/pure/pareto.h"
#include "equilibrium/pure/pure.h"

enum { FEW_PROFILES = 100000 }; /* of which Pareto efficiency costs next to nothing */

/* Marks the equilibria that nobody could improve upon without hurting someone. */
static dt_status mark_efficient(const dt_solve_call *call, dt_result *result) {
    size_t count = result->items;
    uint64_t *profile = malloc((count + 1) * sizeof *profile);
    dt_truth *efficient = malloc((count + 1) * sizeof *efficient);
    dt_status status = profile && efficient ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++)
        profile[k] = dt_profile_index(call->game, result->item[k].profile);
    if (status == DT_OK)
        status =
            dt_pareto_efficient(call->game, profile, count, call->control, call->diag, efficient);
    for (size_t k = 0; k < count && status == DT_OK; k++)
        result->item[k].pareto_efficient = efficient[k];
    free(profile);
    free(efficient);
    return status;
}

/* Is the efficiency of equilibria to be decided? */
static bool wants_efficiency(const dt_solve_call *call) {
    const dt_setting *pareto = dt_request_setting(call->request, "pareto");
    return pareto ? strcmp(pareto->text, "yes") == 0 : call->game->profiles <= FEW_PROFILES;
}

static dt_status judge_efficiency(const dt_solve_call *call, dt_result *result) {
    if (result->items == 0)
        return DT_OK;
    if (wants_efficiency(call))
        return mark_efficient(call, result);
    return dt_request_setting(call->request, "pareto")
               ? DT_OK
               : dt_result_note(call->results, result,
                                "Pareto efficiency was not decided: --pareto asks for it.");
}

static dt_status solve(const dt_solve_call *call) {
    dt_result *result = dt_result_add(call->results, "pure-nash", DT_SHAPE_EQUILIBRIA);
    if (!result)
        return DT_ERR_MEMORY;
    fmpq_t zero;
    fmpq_init(zero);
    dt_status status = dt_pure_equilibria(call, zero, result);
    fmpq_clear(zero);
    return status == DT_OK ? judge_efficiency(call, result) : status;
}

static double work(const dt_game *game) {
    double payoffs = (double)game->profiles * (double)game->players;
    return dt_pure_work(game) + (game->profiles <= FEW_PROFILES ? payoffs : 0);
}

static dt_status expect(const dt_solve_call *call, double patience, dt_forecast *forecast) {
    fmpq_t zero;
    fmpq_init(zero);
    dt_status status = dt_pure_forecast(call, zero, patience, forecast);
    fmpq_clear(zero);
    if (status == DT_OK && wants_efficiency(call)) {
        size_t used = strlen(forecast->how);
        snprintf(forecast->how + used, sizeof forecast->how - used,
                 ", Pareto efficiency not counted");
    }
    return status;
}

const dt_concept dt_concept_pure_nash = {
    .name = "pure-nash",
    .summary = "all pure Nash equilibria: strict or weak, Pareto-efficient or not",
    .keys = (const dt_key[]){{"pareto", DT_KEY_WORD, "yes|no", false,
                              "say which are Pareto-efficient; by default up to 100000 profiles"},
                             {0}},
    .has_equilibria = true,
    .solve = solve,
    .work = work,
    .memory = dt_pure_memory,
    .expect = expect,
};
