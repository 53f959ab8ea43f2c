/* Best and worst correlated equilibria for the objectives asked for: the body of the concepts
 * correlated and coarse-correlated. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/correlation/correlation.h"
#include "equilibrium/shared/ball_number.h"

/* What is asked for. */
typedef struct asking {
    const dt_solve_call *call;
    const char *who;
    bool wanted[2]; /* max, min */
    dt_correlation c;
} asking;

static dt_status read_sense(asking *a) {
    const dt_setting *sense = dt_request_setting(a->call->request, "sense");
    a->wanted[0] = !sense || strcmp(sense->text, "max") == 0;
    a->wanted[1] = !sense || strcmp(sense->text, "min") == 0;
    if (a->wanted[0] || a->wanted[1])
        return DT_OK;
    dt_diag_add(a->call->diag, DT_ERROR, sense->place, "%s: sense is \"max\" or \"min\", not '%s'",
                a->who, sense->text);
    return DT_ERR_INPUT;
}

static dt_status report(asking *a, const dt_correlated *answer, const char *name, bool least) {
    const dt_solve_call *call = a->call;
    dt_result *result = dt_result_add(call->results, a->who, DT_SHAPE_DISTRIBUTION);
    char *kept = dt_arena_copy(call->results->arena, name, strlen(name));
    if (!result || !kept)
        return DT_ERR_MEMORY;
    result->objective = kept;
    result->sense = least ? "min" : "max";
    result->certificate = answer->certificate;
    result->searched = call->game->profiles;
    dt_status status = DT_OK;
    if (answer->rational)
        status = dt_number_from_fmpq(call->results, answer->value, &result->value);
    else
        result->value = dt_number_from_ball(answer->value_ball);
    if (status == DT_OK && !isfinite(result->value.value))
        status = DT_ERR_INPUT;
    if (status == DT_ERR_INPUT)
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "%s: the value of the objective '%s' is beyond a double's range", a->who, name);
    if (status == DT_OK)
        status =
            dt_correlation_atoms(&a->c, answer, &result->atoms, &result->atom, &result->payoff);
    if (status == DT_OK && answer->certificate == DT_CERT_NUMERIC)
        status = dt_result_note(call->results, result, "Not proven: %s.",
                                answer->why ? answer->why : "the exact step failed");
    return status;
}

/* One objective, best and worst as wanted. */
static dt_status solve_goal(asking *a, dt_goal *goal, const char *name) {
    dt_status status = DT_OK;
    for (int least = 0; least < 2 && status == DT_OK; least++) {
        if (!a->wanted[least])
            continue;
        dt_correlated answer;
        goal->sign = least ? -1 : 1;
        status = least && goal->worst ? dt_correlation_poorest(&a->c, &answer)
                                      : dt_correlation_answer(&a->c, goal, &answer);
        if (status == DT_OK)
            status = report(a, &answer, name, least == 1);
        dt_correlated_clear(&answer);
    }
    return status;
}

/* Welfare, then each player's payoff. */
static dt_status solve_all(asking *a, dt_goal *goal) {
    dt_goal_welfare(goal);
    dt_status status = solve_goal(a, goal, "welfare");
    for (size_t p = 0; p < a->call->game->players && status == DT_OK; p++) {
        dt_goal_player(goal, p);
        status = solve_goal(a, goal, a->call->game->player[p].name);
    }
    return status;
}

dt_status dt_correlation_optima(const dt_solve_call *call, const char *concept_name, bool coarse) {
    asking a = {.call = call, .who = concept_name};
    const dt_setting *objective = dt_request_setting(call->request, "objective");
    dt_goal goal;
    dt_goal_init(&goal, call->game->players);
    dt_status status = read_sense(&a);
    if (status == DT_OK && objective)
        status = dt_goal_parse(&goal, call->game, objective, concept_name, call->diag);
    if (status == DT_OK) {
        status = dt_correlation_open(&a.c, call, concept_name, coarse, DT_KEEP_AS_FITS);
        if (status == DT_OK)
            status = objective ? solve_goal(&a, &goal, objective->text) : solve_all(&a, &goal);
        dt_correlation_close(&a.c);
    }
    dt_goal_clear(&goal);
    return status;
}
