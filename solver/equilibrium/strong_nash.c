/* Concept "strong-nash": pure equilibria from which no coalition gains by a joint deviation (Aumann
 * 1959). SPDX: GPL-3.0-or-later */
#include <string.h>

#include "equilibrium/coalitions/survivors.h"
#include "equilibrium/concepts.h"

static const dt_key strong_keys[] = {
    {"deviation", DT_KEY_WORD, "strict|weak", false,
     "strict (the default): every member gains; weak: some gain and none loses"},
    {0},
};

static dt_status solve_one(const dt_solve_call *call, dt_survivors *s, dt_joint_kind kind,
                           const uint32_t *coalition, size_t count) {
    dt_status status = DT_OK;
    for (size_t k = 0; k < s->count && status == DT_OK; k++)
        for (size_t c = 0; c < count && status == DT_OK && s->stands[k] != DT_FALSE; c++) {
            dt_joint joint;
            status = dt_joint_find(call->game, coalition[c], s->item[k].profile, kind,
                                   call->control, call->diag, &joint);
            if (status == DT_OK)
                status = dt_survivors_weigh(s, k, coalition[c], &joint);
        }
    return status;
}

static dt_status strong_solve(const dt_solve_call *call) {
    const dt_setting *setting = dt_request_setting(call->request, "deviation");
    bool weak = setting && strcmp(setting->text, "weak") == 0;
    uint32_t coalition[1 << DT_MOST_COALITION_PLAYERS];
    dt_survivors s;
    dt_status status = dt_survivors_init(&s, call, "strong-nash");
    if (status == DT_OK && setting)
        status = dt_result_setting(call->results, s.result, "deviation", "%s", setting->text);
    if (status == DT_OK) {
        size_t players = call->game->players;
        size_t count = dt_coalitions_by_size(players, 2, players, coalition);
        status = solve_one(call, &s, weak ? DT_JOINT_WEAK : DT_JOINT_STRICT, coalition, count);
    }
    /* A deviation of all that hurts none and helps one is a profile that dominates. */
    for (size_t k = 0; status == DT_OK && weak && k < s.count; k++)
        if (s.stands[k] == DT_TRUE)
            s.item[k].pareto_efficient = DT_TRUE;
    if (status == DT_OK)
        status = dt_survivors_report(
            &s, weak ? "Pure Nash equilibria that a coalition leaves, some gaining and none losing"
                     : "Pure Nash equilibria that a coalition leaves, all its members gaining");
    dt_survivors_clear(&s);
    return status;
}

const dt_concept dt_concept_strong_nash = {
    .name = "strong-nash",
    .summary = "pure equilibria from which no coalition gains by a joint deviation",
    .keys = strong_keys,
    .has_equilibria = true,
    .solve = strong_solve,
    .work = dt_survivors_work,
    .memory = dt_survivors_memory,
};
