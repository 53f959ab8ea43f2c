/* Fuzz harness of the config reader and of the sweep section (libFuzzer). With
 * DETERRA_FUZZ_STANDALONE a main runs it over the files named on the command line, so that the
 * seeds are tests without clang too.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined … tests/fuzz/fuzz_config.c
 *     ./fuzz_config -max_len=4096 -dict=config.dict DIRECTORY
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "deterra/config.h"
#include "deterra/sweep.h"
#include "standalone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Messages that must not be: libconfig and the locator disagree about the syntax. */
static const char *const DISAGREE[] = {
    "syntax error",
    "mismatched element type in array",
    "duplicate setting name",
    "syntax error: libconfig reads this differently from deterra",
    "libconfig reads this string differently from deterra",
};

static void check_entry(const dt_diag_entry *entry) {
    for (size_t i = 0; i < sizeof DISAGREE / sizeof *DISAGREE; i++)
        if (strcmp(entry->message, DISAGREE[i]) == 0)
            abort();
}

/* Are the values within the range of their parameters' axes? Powers are rounded: a little beyond.
 */
static void check_point(const dt_sweep *sweep, const fmpq *value) {
    for (size_t a = 0; a < sweep->axes && sweep->design != DT_DESIGN_LIST; a++) {
        double low = fmpq_get_d(&sweep->axis[a].low), high = fmpq_get_d(&sweep->axis[a].high),
               x = fmpq_get_d(value + a), slack = 1e-9 * (fabs(low) + fabs(high));
        if (x < low - slack || x > high + slack)
            abort();
    }
}

/* A sweep that is read has points; one that is not says why. */
static void check_sweep(const dt_scenario *scenario) {
    dt_diag *diag = dt_diag_new();
    dt_sweep *sweep;
    dt_status status = dt_sweep_new(scenario, diag, &sweep);
    if ((status == DT_OK) != (sweep != NULL) || (status == DT_OK) == (dt_diag_errors(diag) > 0))
        abort();
    bool small = sweep && (sweep->points < 1000000 || sweep->design == DT_DESIGN_GRID);
    dt_cursor *cursor = small ? dt_cursor_new(sweep) : NULL;
    fmpq *value = sweep ? calloc(sweep->axes, sizeof *value) : NULL;
    for (size_t a = 0; sweep && a < sweep->axes; a++)
        fmpq_init(value + a);
    for (uint64_t i = 0; cursor && i < 4 && i < sweep->points; i++) {
        dt_cursor_point(cursor, i % 2 ? sweep->points - 1 - i / 2 : i / 2, value);
        check_point(sweep, value);
    }
    for (size_t a = 0; sweep && a < sweep->axes; a++)
        fmpq_clear(value + a);
    free(value);
    dt_cursor_free(cursor);
    dt_sweep_free(sweep);
    dt_diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const SETS[] = {"gain=2", "share.US.CN=1/2"};
    static const char *const CONCEPTS[] = {"epsilon-nash:regret=0.5"};
    static const dt_config_options OPTIONS = {2, SETS, 1, CONCEPTS, NULL};
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario = NULL;
    /* relative includes have no folder to be found in; absolute ones can only be read */
    dt_status status = dt_config_read_text("/nonexistent/fuzz.cfg", (const char *)data, size,
                                           size % 2 ? &OPTIONS : NULL, diag, &scenario);
    if ((status == DT_OK) != (scenario != NULL) || (status == DT_OK) == (dt_diag_errors(diag) > 0))
        abort();
    for (size_t i = 0; i < dt_diag_count(diag); i++)
        check_entry(dt_diag_get(diag, i));
    gsl_set_error_handler_off(); /* designs are checked before GSL sees them */
    if (scenario && scenario->sweep.given)
        check_sweep(scenario);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
    return 0;
}
