/* epsilon-nash: all pure profiles at which nobody gains more than a given regret (Radner 1980). */
#include "equilibrium/concepts.h"
#include "equilibrium/pure/pure.h"

static dt_status solve(const dt_solve_call *call) {
    const dt_setting *regret = dt_request_setting(call->request, "regret");
    dt_result *result = dt_result_add(call->results, "epsilon-nash", DT_SHAPE_EQUILIBRIA);
    if (!result)
        return DT_ERR_MEMORY;
    fmpq_t slack;
    fmpq_init(slack);
    fmpq_set(slack, &regret->number);
    dt_status status = dt_result_setting(call->results, result, "regret", "%s", regret->text);
    if (status == DT_OK)
        status = dt_pure_equilibria(call, slack, result);
    fmpq_clear(slack);
    return status;
}

static dt_status expect(const dt_solve_call *call, double patience, dt_forecast *forecast) {
    const dt_setting *regret = dt_request_setting(call->request, "regret");
    return dt_pure_forecast(call, &regret->number, patience, forecast);
}

const dt_concept dt_concept_epsilon_nash = {
    .name = "epsilon-nash",
    .summary = "all pure profiles at which no deviation gains more than `regret`",
    .keys = (const dt_key[]){{"regret", DT_KEY_AMOUNT, NULL, true,
                              "the largest gain of a deviation that is allowed, at least 0"},
                             {0}},
    .has_equilibria = true,
    .solve = solve,
    .work = dt_pure_work,
    .memory = dt_pure_memory,
    .expect = expect,
};
