/* Runs the concept `inverse` on a config in memory. SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_INVERSE_RUN_H
#define DT_TESTS_INVERSE_RUN_H

#include <flint/fmpq.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/concept.h"
#include "deterra/config.h"
#include "harness.h"

typedef struct inverse_run {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
    dt_result_list *list;
    dt_status status;
    const dt_result *result; /* NULL after an error */
} inverse_run;

/* `spec` as on the command line: "inverse:profile=…". */
static inline inverse_run inverse_solve_text(const char *config, const char *spec) {
    inverse_run r = {.diag = dt_diag_new(), .list = dt_result_list_new()};
    dt_config_options options = {.concepts = 1, .concept_spec = &spec};
    r.status = dt_config_read_text("t.cfg", config, strlen(config), &options, r.diag, &r.scenario);
    if (r.status == DT_OK)
        r.status = dt_game_build(r.scenario, r.diag, &r.game);
    dt_control control = {.threads = 1};
    if (r.status == DT_OK)
        r.status = dt_solve(&(dt_solve_call){.game = r.game,
                                             .request = r.scenario->concept_request,
                                             .control = &control,
                                             .diag = r.diag,
                                             .results = r.list});
    r.result = r.status == DT_OK && r.list->count ? r.list->result[0] : NULL;
    return r;
}

static inline void inverse_close(inverse_run *r) {
    dt_game_free(r->game);
    dt_scenario_free(r->scenario);
    dt_result_list_free(r->list);
    dt_diag_free(r->diag);
}

/* The first error, or NULL. */
static inline const dt_diag_entry *inverse_fault(const inverse_run *r) {
    for (size_t i = 0; i < dt_diag_count(r->diag); i++)
        if (dt_diag_get(r->diag, i)->severity == DT_ERROR)
            return dt_diag_get(r->diag, i);
    return NULL;
}

static inline const char *inverse_error(const inverse_run *r) {
    const dt_diag_entry *e = inverse_fault(r);
    return e ? e->message : "";
}

/* Does one of the messages hold this text? */
static inline int inverse_says(const inverse_run *r, const char *text) {
    for (size_t i = 0; i < dt_diag_count(r->diag); i++)
        if (strstr(dt_diag_get(r->diag, i)->message, text))
            return 1;
    return 0;
}

static inline dt_entry inverse_value(const dt_result *result, const char *name) {
    for (size_t i = 0; i < result->named_values; i++)
        if (strcmp(result->named_value[i].name, name) == 0)
            return result->named_value[i].entry;
    return (dt_entry){.kind = DT_ENTRY_NONE};
}

static inline const dt_named_table *inverse_table(const dt_result *result, const char *name) {
    for (size_t i = 0; i < result->named_tables; i++)
        if (strcmp(result->named_table[i]->name, name) == 0)
            return result->named_table[i];
    return NULL;
}

/* The fraction of a number, 0 where it has none. */
static inline void inverse_read(fmpq_t q, dt_number number) {
    fmpq_zero(q);
    CU_ASSERT_PTR_NOT_NULL(number.exact);
    if (number.exact)
        CU_ASSERT_EQUAL(fmpq_set_str(q, number.exact, 10), 0);
}

static inline int inverse_is(const dt_result *result, const char *name, const char *fraction) {
    dt_entry e = inverse_value(result, name);
    return e.kind == DT_ENTRY_NUMBER && e.number.exact && strcmp(e.number.exact, fraction) == 0;
}

#endif
