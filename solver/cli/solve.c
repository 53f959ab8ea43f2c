/* deterra solve: equilibria of a config. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* The times of a run: one a result, for --timings; the first of a concept's results holds all. */
typedef struct timing {
    double *seconds;
    size_t count;
} timing;

static dt_status add_times(timing *t, size_t results, double seconds) {
    double *grown = realloc(t->seconds, (results ? results : 1) * sizeof *grown);
    if (!grown)
        return DT_ERR_MEMORY;
    t->seconds = grown;
    for (size_t first = t->count; t->count < results; t->count++)
        grown[t->count] = t->count == first ? seconds : 0;
    return DT_OK;
}

/* --- --pareto --- */

static bool knows_pareto(const dt_concept_request *request) {
    const dt_key *key = dt_concept_find(request->name)->keys;
    while (key->name && strcmp(key->name, "pareto") != 0)
        key++;
    return key->name != NULL;
}

/* Solves with pareto=yes, whatever the request says itself. */
static dt_status solve_with_pareto(dt_solve_call call) {
    dt_concept_request request = *call.request;
    dt_setting *setting = calloc(request.settings + 1, sizeof *setting);
    if (!setting)
        return DT_ERR_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i < request.settings; i++)
        if (strcmp(request.setting[i].key, "pareto") != 0)
            setting[count++] = request.setting[i];
    setting[count++] = (dt_setting){.key = "pareto", .text = "yes"};
    request.setting = setting;
    request.settings = count;
    call.request = &request;
    dt_status status = dt_solve(&call);
    free(setting);
    return status;
}

/* --- solving --- */

static dt_status solve_all(const cli_options *options, const cli_game *g, dt_result_list *results,
                           timing *times) {
    dt_control control = cli_control(options);
    double began = cli_now(), started = began;
    dt_status status = dt_game_verify(g->game, &control, g->diag);
    if (status != DT_ERR_INTERRUPTED)
        cli_progress_end();
    if (!options->quiet && status == DT_OK && cli_now() - started > 0.1)
        fprintf(stderr, "deterra: all payoffs exist (checked in %.2f s)\n", cli_now() - started);
    bool pareto = false;
    for (size_t i = 0; i < g->scenario->concepts && status == DT_OK; i++) {
        const dt_concept_request *request = &g->scenario->concept_request[i];
        dt_solve_call call = {g->game, request, &control, g->diag, results};
        started = cli_now();
        bool with_pareto = options->pareto && knows_pareto(request);
        pareto = pareto || with_pareto;
        status = with_pareto ? solve_with_pareto(call) : dt_solve(&call);
        if (status != DT_ERR_INTERRUPTED)
            cli_progress_end();
        double seconds = round((cli_now() - started) * 1e6) * 1e-6;
        if (status == DT_OK)
            status = add_times(times, results->count, seconds);
        if (status == DT_OK && !options->quiet)
            fprintf(stderr, "deterra: %s in %.2f s\n", request->name, seconds);
    }
    if (status == DT_OK && options->pareto && !pareto)
        dt_diag_add(g->diag, DT_WARNING, DT_NOWHERE,
                    "--pareto changes nothing: pure-nash is not solved for");
    if (status == DT_ERR_INTERRUPTED)
        cli_interrupted(cli_now() - began);
    return status;
}

static int write_results(const cli_options *options, cli_game *g, const dt_result_list *results,
                         const timing *times) {
    dt_report_input input = {
        .title = g->scenario->title,
        .config_sha256 = g->scenario->sha256,
        .game = g->game,
        .results = results,
        .timings = options->timings ? times->count : 0,
        .seconds = times->seconds,
        .colour = !options->output && cli_colour(stdout),
    };
    char *text;
    size_t length;
    dt_status status = dt_reporter_find(options->format)->results(&input, &text, &length);
    if (status != DT_OK)
        return cli_report(g, status);
    int exit_status = cli_write(options, text, length);
    free(text);
    return exit_status;
}

static int run(const cli_options *options) {
    cli_game g;
    int exit_status = cli_open(options, &g);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    if (g.scenario->concepts == 0) {
        dt_diag_add(g.diag, DT_ERROR, DT_NOWHERE,
                    "nothing to solve for: give solve.concepts in the config, or --concept "
                    "(deterra list concepts)");
        exit_status = DT_EXIT_INPUT;
    }
    dt_result_list *results = dt_result_list_new();
    timing times = {0};
    if (exit_status == DT_EXIT_OK) {
        dt_status status = results ? solve_all(options, &g, results, &times) : DT_ERR_MEMORY;
        if (status == DT_ERR_INTERRUPTED) {
            exit_status = DT_EXIT_INTERRUPTED;
        } else if (status != DT_OK) {
            exit_status = cli_report(&g, status);
        } else {
            exit_status = write_results(options, &g, results, &times);
        }
    }
    free(times.seconds);
    dt_result_list_free(results);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_solve = {
    .name = "solve",
    .summary = "find the equilibria of a config and print them",
    .operand = "CONFIG|GAME.nfg",
    .help =
        "Builds the game of CONFIG (- is standard input), solves it for the config's concepts,\n"
        "and prints the results. Times and warnings go to stderr. GAME.nfg is a strategic-form\n"
        "file of Gambit; it is solved for pure-nash and dominance.\n\n"
        "example: deterra solve configs/rare_earth/coarse.cfg --set harm=3000 \\\n"
        "             --concept pure-nash --concept epsilon-nash:regret=5 --format json\n"
        "         deterra solve game.nfg --concept pure-nash --concept maximin\n",
    .options =
        CLI_SET | CLI_CONCEPT | CLI_FORMAT | CLI_OUTPUT | CLI_THREADS | CLI_TIMINGS | CLI_PARETO,
    .run = run,
};
