/* What the suites of the config room share: texts that must be accepted, or give one message. */
#ifndef DT_TESTS_CONFIG_CHECKS_H
#define DT_TESTS_CONFIG_CHECKS_H

#include <CUnit/CUnit.h>
#include <string.h>

#include "deterra/config.h"

/* A game around what a test is about. */
#define PLAYERS                                                                                    \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); } );"
#define GAME PLAYERS " payoffs = { kind = \"formula\"; A = \"A.m\"; };\n"

static inline dt_scenario *read_text(const char *text, const dt_config_options *options,
                                     dt_diag **diag) {
    dt_scenario *scenario = NULL;
    *diag = dt_diag_new();
    dt_status status = dt_config_read_text("t.cfg", text, strlen(text), options, *diag, &scenario);
    CU_ASSERT_EQUAL(status == DT_OK, scenario != NULL);
    return scenario;
}

/* Entry i as "file:line:column: message". */
static inline const char *entry(const dt_diag *diag, size_t i, char *buffer, size_t room) {
    const dt_diag_entry *e = dt_diag_get(diag, i);
    if (!e)
        return "nothing";
    if (e->file)
        snprintf(buffer, room, "%s:%zu:%zu: %s", e->file, e->line, e->column, e->message);
    else
        snprintf(buffer, room, "%s", e->message);
    return buffer;
}

static inline void same(const dt_diag *diag, size_t i, const char *wanted) {
    char buffer[1024];
    const char *found = entry(diag, i, buffer, sizeof buffer);
    if (strcmp(found, wanted) != 0)
        fprintf(stderr, "\nwanted: %s\nfound:  %s\n", wanted, found);
    CU_ASSERT(strcmp(found, wanted) == 0);
}

/* The text, with options, must give exactly this one message. */
static inline void complains_with(const char *text, const dt_config_options *options,
                                  const char *wanted) {
    dt_diag *diag;
    dt_scenario *scenario = read_text(text, options, &diag);
    CU_ASSERT_PTR_NULL(scenario);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
    same(diag, 0, wanted);
    if (dt_diag_count(diag) != 1)
        dt_diag_write(diag, stderr, false);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
}

static inline void complains(const char *text, const char *wanted) {
    complains_with(text, NULL, wanted);
}

/* The text must be accepted without a word. */
static inline dt_scenario *accepts(const char *text) {
    dt_diag *diag;
    dt_scenario *scenario = read_text(text, NULL, &diag);
    if (dt_diag_count(diag))
        dt_diag_write(diag, stderr, false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 0);
    dt_diag_free(diag);
    return scenario;
}

#endif
