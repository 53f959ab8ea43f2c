/* Concept "inverse": the smallest change of payoffs, or of parameters in which they are linear,
 * that makes a given pure profile an equilibrium. How large a subsidy, how strong a threat would
 * deter? SPDX: GPL-3.0-or-later */
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/inverse/inverse.h"

static const dt_key inverse_keys[] = {
    {"profile", DT_KEY_WORD, NULL, true, "the profile, \"CN.export_control=none,US.subsidy=on\""},
    {"change", DT_KEY_WORD, "payoffs|parameters", false,
     "what may move: payoffs, or parameters of formulas"},
    {"norm", DT_KEY_WORD, "l1|max", false, "the sum of the changes is least, or the largest one"},
    {"margin", DT_KEY_AMOUNT, NULL, false, "by how much every deviation is to lose at least"},
    {"by", DT_KEY_WORD, "any|reward|threat", false,
     "payoffs: raised at the profile, lowered elsewhere, or both"},
    {"parameters", DT_KEY_WORD, NULL, false, "which may move, \"pain,stake.US\": all with a range"},
    {"ranges", DT_KEY_WORD, "keep|ignore", false, "are the parameters' ranges to be kept?"},
    {"scale", DT_KEY_WORD, "none|range|value", false,
     "parameters: changes as they are, by width of range, or by value"},
    {0},
};

static const char *word_of(const dt_concept_request *request, const char *key, const char *none) {
    const dt_setting *setting = dt_request_setting(request, key);
    return setting ? setting->text : none;
}

/* Settings of the other kind of change would do nothing: they are errors. */
static bool fits(const dt_solve_call *call, bool parameters) {
    static const char *const OF_PAYOFFS[] = {"by", NULL};
    static const char *const OF_PARAMETERS[] = {"parameters", "ranges", "scale", NULL};
    bool good = true;
    for (const char *const *key = parameters ? OF_PAYOFFS : OF_PARAMETERS; *key; key++) {
        const dt_setting *setting = dt_request_setting(call->request, *key);
        if (!setting)
            continue;
        dt_diag_add(call->diag, DT_ERROR, setting->place, "inverse: `%s` is for change=%s", *key,
                    parameters ? "payoffs" : "parameters");
        good = false;
    }
    if (parameters && !dt_game_has_parameters(call->game)) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "inverse: change=parameters is for payoffs that are formulas; a table's "
                    "payoffs move with change=payoffs");
        good = false;
    }
    return good;
}

static dt_status read_settings(dt_inverse *q, bool parameters) {
    const dt_solve_call *call = q->call;
    const dt_concept_request *request = call->request;
    const dt_setting *profile = dt_request_setting(request, "profile");
    const dt_setting *margin = dt_request_setting(request, "margin");
    bool good = fits(call, parameters), all_named = true;
    q->most = strcmp(word_of(request, "norm", "l1"), "max") == 0;
    if (margin)
        fmpq_set(q->margin, &margin->number);
    dt_status status = dt_profile_parse_at(q->game, profile->text, "inverse, profile",
                                           profile->place, call->diag, q->profile, &all_named);
    if (status == DT_OK && !good)
        status = DT_ERR_INPUT;
    if (status != DT_OK)
        return status;
    q->result = dt_result_add(call->results, "inverse", DT_SHAPE_NAMED);
    if (!q->result)
        return DT_ERR_MEMORY;
    if (!all_named)
        status = dt_result_note(call->results, q->result,
                                "Moves that the profile does not name stand at their first "
                                "feasible level.");
    return status;
}

/* The settings, with those that were not given, and the profile. */
static dt_status print_settings(dt_inverse *q, bool parameters) {
    const dt_concept_request *request = q->call->request;
    dt_result_list *list = q->call->results;
    const char *const shown[] = {
        "change", parameters ? "parameters" : "by", "norm",
        "margin", parameters ? "ranges" : NULL,     parameters ? "scale" : NULL};
    const char *const none[] = {parameters ? "parameters" : "payoffs",
                                parameters ? "all with a range" : "any",
                                "l1",
                                "0",
                                "keep",
                                "none"};
    q->result->heading =
        parameters ? "the smallest change of parameters" : "the smallest change of payoffs";
    dt_status status = DT_OK;
    for (size_t i = 0; i < sizeof shown / sizeof *shown && status == DT_OK; i++)
        if (shown[i])
            status = dt_result_setting(list, q->result, shown[i], "%s",
                                       word_of(request, shown[i], none[i]));
    uint32_t *profile = dt_arena_array(list->arena, q->game->players, sizeof *profile);
    if (!profile)
        return DT_ERR_MEMORY;
    memcpy(profile, q->profile, q->game->players * sizeof *profile);
    return status == DT_OK ? dt_result_value(list, q->result, "profile", dt_entry_profile(profile))
                           : status;
}

static dt_inverse_by by_of(const dt_concept_request *request) {
    const char *by = word_of(request, "by", "any");
    return strcmp(by, "reward") == 0   ? DT_BY_REWARD
           : strcmp(by, "threat") == 0 ? DT_BY_THREAT
                                       : DT_BY_ANY;
}

static dt_status inverse_solve(const dt_solve_call *call) {
    const dt_concept_request *request = call->request;
    bool parameters = dt_request_setting(request, "parameters") != NULL;
    parameters = strcmp(word_of(request, "change", parameters ? "parameters" : "payoffs"),
                        "parameters") == 0;
    dt_inverse q = {.call = call, .game = call->game};
    for (size_t i = 0; i < call->game->players; i++)
        q.deviations += call->game->player[i].strategies - 1;
    fmpq_init(q.margin);
    dt_status status = read_settings(&q, parameters);
    if (status == DT_OK)
        status = print_settings(&q, parameters);
    if (status == DT_OK)
        status = parameters ? dt_inverse_parameters(&q) : dt_inverse_payoffs(&q, by_of(request));
    fmpq_clear(q.margin);
    return status;
}

static double strategies_of(const dt_game *game) {
    double strategies = 0;
    for (size_t i = 0; i < game->players; i++)
        strategies += game->player[i].strategies;
    return strategies;
}

/* Read once and certified once, all without rounding. */
static double inverse_work(const dt_game *game) {
    return 2 * strategies_of(game);
}

static double inverse_memory(const dt_game *game) {
    return strategies_of(game) * 1024;
}

const dt_concept dt_concept_inverse = {
    .name = "inverse",
    .summary = "the smallest change of payoffs or parameters that makes a profile an equilibrium",
    .keys = inverse_keys,
    .solve = inverse_solve,
    .work = inverse_work,
    .memory = inverse_memory,
};
