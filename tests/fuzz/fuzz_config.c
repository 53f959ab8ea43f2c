/* Fuzz harness of the config reader (libFuzzer). With DETERRA_FUZZ_STANDALONE a main runs it over
 * the files named on the command line, so that the seeds are tests without clang too.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined … tests/fuzz/fuzz_config.c
 *     ./fuzz_config -max_len=4096 -dict=config.dict DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/config.h"
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
    dt_scenario_free(scenario);
    dt_diag_free(diag);
    return 0;
}
