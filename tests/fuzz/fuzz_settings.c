/* Fuzz harness of concepts and their settings (libFuzzer): the bytes are what stands behind
 * --concept, applied to a small game of three players, and solved where it is accepted. A refusal
 * has a message. With DETERRA_FUZZ_STANDALONE a main runs it over the files named on the command
 * line, so that the seeds are tests without clang too.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined … tests/fuzz/fuzz_settings.c
 *     ./fuzz_settings -max_len=256 -timeout=20 -rss_limit_mb=2048 DIRECTORY
 */
#include <stdlib.h>
#include <string.h>

#include "deterra/concept.h"
#include "deterra/config.h"
#include "deterra/nfg.h"
#include "standalone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char GAME[] = "NFG 1 R \"t\" { \"A\" \"B b\" \"C\" } { { \"x\" \"y\" } { \"1\" \"2\" "
                           "} { \"1\" \"2\" } } \"\"\n"
                           "4 4 1 3 0 1/2 0 3 0.1 2 2 -1 0 0 0 1 5 -3 7 1 1 1 1 1\n";

/* Solves for one concept: what is refused is said. */
static void solve(const dt_game *game, const dt_concept_request *request, dt_diag *diag) {
    dt_result_list *results = dt_result_list_new();
    if (!results)
        abort();
    size_t before = dt_diag_errors(diag);
    dt_control control = {.threads = 1};
    dt_solve_call call = {game, request, &control, diag, results};
    dt_status status = dt_solve(&call);
    if ((status == DT_OK) != (dt_diag_errors(diag) == before))
        abort();
    dt_result_list_free(results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (memchr(data, '\0', size))
        return 0; /* no argument can hold it */
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario = NULL;
    dt_game *game = NULL;
    if (dt_nfg_read_text("fuzz.nfg", GAME, sizeof GAME - 1, diag, &scenario) != DT_OK)
        abort();
    const char *spec = text;
    dt_config_options options = {0, NULL, 1, &spec, NULL};
    dt_status status = dt_config_apply(&options, scenario, diag);
    if ((status == DT_OK) == (dt_diag_errors(diag) > 0))
        abort();
    if (status == DT_OK && dt_game_build(scenario, diag, &game) != DT_OK)
        abort();
    for (size_t i = 0; game && i < scenario->concepts; i++)
        solve(game, &scenario->concept_request[i], diag);
    dt_game_free(game);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
    free(text);
    return 0;
}
