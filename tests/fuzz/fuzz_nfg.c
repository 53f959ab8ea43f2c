/* Fuzz harness of the strategic-form reader and writer (libFuzzer). What is read and is small is
 * built, written, read again and written again: the two texts must be the same. With
 * DETERRA_FUZZ_STANDALONE a main runs it over the files named on the command line, so that the
 * seeds are tests without clang too.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined … tests/fuzz/fuzz_nfg.c
 *     ./fuzz_nfg -max_len=2048 -rss_limit_mb=2048 DIRECTORY
 */
#include <stdlib.h>
#include <string.h>

#include "deterra/nfg.h"
#include "standalone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SMALL = 4096 }; /* profiles */

static dt_scenario *read_again(const char *text, size_t length) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario = NULL;
    dt_status status = dt_nfg_read_text("fuzz.nfg", text, length, diag, &scenario);
    if ((status == DT_OK) != (scenario != NULL) || (status == DT_OK) == (dt_diag_errors(diag) > 0))
        abort();
    for (size_t i = 0; i < dt_diag_count(diag); i++) { /* every message has a place */
        const dt_diag_entry *e = dt_diag_get(diag, i);
        if (e->line == 0 && strncmp(e->message, "and ", 4) != 0)
            abort();
    }
    dt_diag_free(diag);
    return scenario;
}

/* The game's text, or NULL where it is too large to be tried. */
static char *write_of(const dt_scenario *scenario, size_t *length) {
    dt_diag *diag = dt_diag_new();
    dt_game *game;
    char *text = NULL;
    if (dt_game_build(scenario, diag, &game) != DT_OK)
        abort();
    dt_nfg_settings settings = {scenario->title, scenario->note, -1, NULL};
    if (game->profiles <= SMALL && dt_nfg_write(game, &settings, diag, &text, length) != DT_OK)
        abort();
    dt_game_free(game);
    dt_diag_free(diag);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    dt_nfg_begins((const char *)data, size);
    dt_scenario *first = read_again((const char *)data, size);
    size_t length, again_length;
    char *text = first ? write_of(first, &length) : NULL;
    if (text) {
        dt_scenario *second = read_again(text, length);
        char *again = second ? write_of(second, &again_length) : NULL;
        if (!again || again_length != length || memcmp(text, again, length) != 0)
            abort();
        free(again);
        dt_scenario_free(second);
    }
    free(text);
    dt_scenario_free(first);
    return 0;
}
