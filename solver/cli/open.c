/* Opening a config or a game file: read, check the concepts, build the game. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#include <stdlib.h>

bool cli_colour(FILE *stream) {
    const char *no = getenv("NO_COLOR");
    return !(no && *no) && isatty(fileno(stream));
}

int cli_report(cli_game *g, dt_status status) {
    g->reported = true;
    dt_diag_write(g->diag, stderr, cli_colour(stderr));
    bool explained = dt_diag_errors(g->diag) > 0;
    if (status != DT_OK && !explained)
        fprintf(stderr, "deterra: %s\n", dt_status_text(status));
    switch (status) {
    case DT_OK: return DT_EXIT_OK;
    case DT_ERR_INPUT: return DT_EXIT_INPUT;
    case DT_ERR_USAGE: return DT_EXIT_USAGE;
    case DT_ERR_INTERRUPTED: return DT_EXIT_INTERRUPTED;
    default: return DT_EXIT_FAILED;
    }
}

/* All concepts' names and settings at once; an unknown one given with --concept is a usage error.
 */
static dt_status check_concepts(const cli_options *options, const cli_game *g) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < g->scenario->concepts; i++) {
        const dt_concept_request *request = &g->scenario->concept_request[i];
        bool named = request->name && *request->name; /* else it was complained of already */
        if (named && dt_concept_check(request, g->diag) == DT_OK)
            continue;
        bool usage = options->concepts && !(named && dt_concept_find(request->name));
        if (status != DT_ERR_USAGE)
            status = usage ? DT_ERR_USAGE : DT_ERR_INPUT;
    }
    return status;
}

/* What else is wrong, where something is: the rest of a config whose settings were. */
static bool check_rest(const cli_options *options, const cli_game *g) {
    dt_game_check(g->scenario, g->diag);
    return check_concepts(options, g) == DT_ERR_USAGE;
}

static void check_sweep(const cli_game *g) {
    dt_sweep *sweep;
    /* without its parameters a sweep can only be misunderstood */
    if (g->scenario && g->scenario->sweep.given && g->scenario->declared &&
        dt_sweep_new(g->scenario, g->diag, &sweep) == DT_OK)
        dt_sweep_free(sweep);
}

static int open_game(const cli_options *options, cli_game *g, bool with_sweep) {
    *g = (cli_game){.diag = dt_diag_new()};
    if (!g->diag)
        return DT_EXIT_FAILED;
    if (!cli_can_write(options)) { /* better now than after the work */
        dt_diag_free(g->diag);
        return DT_EXIT_FAILED;
    }
    dt_scenario *partial = NULL;
    dt_status status = cli_read(options, g->diag, &partial, &g->scenario);
    if (partial) { /* settings were wrong: find what else is, all in one run */
        g->scenario = partial;
        if (check_rest(options, g))
            status = DT_ERR_USAGE;
    } else if (status == DT_OK) {
        dt_status checked = check_concepts(options, g);
        status = dt_game_build(g->scenario, g->diag, &g->game);
        status = status == DT_OK ? checked : status;
    }
    if (status == DT_OK)
        return DT_EXIT_OK;
    if (with_sweep)
        check_sweep(g);
    int exit_status = cli_report(g, status);
    cli_close(g);
    return exit_status;
}

int cli_open(const cli_options *options, cli_game *g) {
    return open_game(options, g, false);
}

int cli_open_all(const cli_options *options, cli_game *g) {
    return open_game(options, g, true);
}

void cli_close(cli_game *g) {
    if (g->diag && !g->reported)
        dt_diag_write(g->diag, stderr, cli_colour(stderr));
    dt_game_free(g->game);
    dt_scenario_free(g->scenario);
    dt_diag_free(g->diag);
    *g = (cli_game){0};
}
