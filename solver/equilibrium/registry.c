/* The registry of solution concepts, and the checks of a request that they share. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "equilibrium/concepts.h"
#include "game/pace.h"

static const dt_concept *const CONCEPTS[] = {
    &dt_concept_pure_nash,         //
    &dt_concept_epsilon_nash,      //
    &dt_concept_mixed_nash,        //
    &dt_concept_strong_nash,       //
    &dt_concept_coalition_proof,   //
    &dt_concept_dominance,         //
    &dt_concept_maximin,           //
    &dt_concept_minimax,           //
    &dt_concept_stackelberg,       //
    &dt_concept_correlated,        //
    &dt_concept_coarse_correlated, //
    &dt_concept_payoff_polygon,    //
    &dt_concept_coalitions,        //
    &dt_concept_inverse,           //
};

size_t dt_concept_count(void) {
    return sizeof CONCEPTS / sizeof *CONCEPTS;
}

const dt_concept *dt_concept_at(size_t i) {
    return CONCEPTS[i];
}

const dt_concept *dt_concept_find(const char *name) {
    for (size_t i = 0; i < dt_concept_count(); i++)
        if (strcmp(CONCEPTS[i]->name, name) == 0)
            return CONCEPTS[i];
    return NULL;
}

const dt_setting *dt_request_setting(const dt_concept_request *request, const char *key) {
    for (size_t i = 0; i < request->settings; i++)
        if (strcmp(request->setting[i].key, key) == 0)
            return &request->setting[i];
    return NULL;
}

/* Is `word` one of "max|min"? */
static bool one_of(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *w = words; *w;) {
        size_t n = strcspn(w, "|");
        if (n == length && memcmp(w, word, n) == 0)
            return true;
        w += n + (w[n] == '|');
    }
    return false;
}

static bool check_setting(const dt_concept *concept, const dt_setting *setting, dt_diag *diag) {
    dt_nearest search = {setting->key, NULL, 0};
    for (const dt_key *k = concept->keys; k->name; k++) {
        dt_nearest_offer(&search, k->name);
        if (strcmp(k->name, setting->key) != 0)
            continue;
        if (k->kind != DT_KEY_WORD && !setting->is_number)
            dt_diag_add(diag, DT_ERROR, setting->place, "`%s` of %s takes a number, not `%s`",
                        k->name, concept->name, setting->text);
        else if (k->kind == DT_KEY_AMOUNT && fmpq_sgn(&setting->number) < 0)
            dt_diag_add(diag, DT_ERROR, setting->place, "%s of %s must not be negative", k->name,
                        concept->name);
        else if (k->kind == DT_KEY_WORD && k->words && !one_of(k->words, setting->text))
            dt_diag_add(diag, DT_ERROR, setting->place, "`%s` of %s takes one of %s, not `%s`",
                        k->name, concept->name, k->words, setting->text);
        else
            return true;
        return false;
    }
    dt_diag_add(diag, DT_ERROR, setting->place, "%s has no setting `%s`%s%s%s", concept->name,
                setting->key, search.best ? "; did you mean `" : "", search.best ? search.best : "",
                search.best ? "`?" : "");
    return false;
}

dt_status dt_concept_check(const dt_concept_request *request, dt_diag *diag) {
    const dt_concept *concept = dt_concept_find(request->name);
    if (!concept) {
        dt_nearest search = {request->name, NULL, 0};
        char known[512] = "";
        size_t used = 0;
        for (size_t i = 0; i < dt_concept_count(); i++) {
            dt_nearest_offer(&search, CONCEPTS[i]->name);
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                                     CONCEPTS[i]->name);
        }
        if (search.best)
            dt_diag_add(diag, DT_ERROR, request->place, "unknown concept `%s`; did you mean `%s`?",
                        request->name, search.best);
        else
            dt_diag_add(diag, DT_ERROR, request->place, "unknown concept `%s`; there are %s",
                        request->name, known);
        return DT_ERR_INPUT;
    }
    bool good = true;
    for (size_t i = 0; i < request->settings; i++)
        good = check_setting(concept, &request->setting[i], diag) && good;
    for (const dt_key *k = concept->keys; k->name; k++)
        if (k->required && !dt_request_setting(request, k->name)) {
            dt_diag_add(diag, DT_ERROR, request->place, "%s needs `%s`: %s", concept->name, k->name,
                        k->summary);
            good = false;
        }
    return good ? DT_OK : DT_ERR_INPUT;
}

/* What is not proven is said aloud, not only printed beside the numbers. */
static void warn_of_numeric(const dt_solve_call *call, size_t first) {
    for (size_t i = first; i < call->results->count; i++) {
        const dt_result *r = call->results->result[i];
        if (r->certificate == DT_CERT_NUMERIC)
            dt_diag_add(call->diag, DT_WARNING, DT_NOWHERE,
                        "%s%s%s%s%s is numeric: computed, not proven", r->concept_name,
                        r->objective ? ", " : "", r->objective ? r->sense : "",
                        r->objective ? " " : "", r->objective ? r->objective : "");
    }
}

/* Linear programs are made of doubles: of sums and differences of payoffs. */
static void explain(const dt_solve_call *call, dt_status status) {
    if (status == DT_ERR_INPUT)
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "%s takes sums and differences of payoffs that are beyond the range of a "
                    "double: give the payoffs in larger units",
                    call->request->name);
    if (status == DT_ERR_SOLVER)
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "%s: a linear program has no answer: where payoffs differ by too many orders "
                    "of magnitude the simplex method fails",
                    call->request->name);
}

dt_status dt_solve(const dt_solve_call *call) {
    size_t errors = dt_diag_errors(call->diag);
    dt_status status = dt_concept_check(call->request, call->diag);
    size_t before = call->results->count;
    if (status == DT_OK)
        status = dt_concept_find(call->request->name)->solve(call);
    if (status == DT_OK)
        warn_of_numeric(call, before);
    else if (dt_diag_errors(call->diag) == errors) /* no message goes with it */
        explain(call, status);
    return status;
}

dt_status dt_solve_expect(const dt_solve_call *call, double patience, dt_forecast *forecast) {
    *forecast = (dt_forecast){0};
    dt_status status = dt_concept_check(call->request, call->diag);
    if (status != DT_OK)
        return status;
    const dt_concept *concept = dt_concept_find(call->request->name);
    if (concept->expect)
    return concept->expect(call, patience, forecast);
    double pace;
    status = dt_rows_pace(call->game, call->control, patience, call->diag, &pace);
    forecast->seconds = concept->work ? concept->work(call->game) * pace : 0;
    snprintf(forecast->how, sizeof forecast->how, "%.2g s of payoffs", patience);
    return status;
}
