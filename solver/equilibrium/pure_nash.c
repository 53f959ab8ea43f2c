/* pure-nash: all pure Nash equilibria (Nash 1951), each strict or weak, efficient or not. */
#include <stdlib.h>

#include "equilibrium/concepts.h"
#include "equilibrium/pure/pareto.h"
#include "equilibrium/pure/pure.h"

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

static dt_status solve(const dt_solve_call *call) {
    dt_result *result = dt_result_add(call->results, "pure-nash", DT_SHAPE_EQUILIBRIA);
    if (!result)
        return DT_ERR_MEMORY;
    fmpq_t zero;
    fmpq_init(zero);
    dt_status status = dt_pure_equilibria(call, zero, result);
    fmpq_clear(zero);
    return status == DT_OK ? mark_efficient(call, result) : status;
}

static double work(const dt_game *game) {
    return (double)game->profiles * (double)(game->players + 1);
}

static double memory(const dt_game *game) {
    return game->profiles < 1 << 26 ? (double)game->profiles : 1 << 26;
}

const dt_concept dt_concept_pure_nash = {
    .name = "pure-nash",
    .summary = "all pure Nash equilibria: strict or weak, Pareto-efficient or not",
    .keys = (const dt_key[]){{0}},
    .solve = solve,
    .work = work,
    .memory = memory,
};
