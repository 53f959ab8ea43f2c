/* deterra export: a game in the format of another program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "report/store_csv.h"
#include "sweep/reading.h"

typedef struct store_export {
    const char *path;
    bool records;
    dt_diag *diag;
    dt_status status;
} store_export;

static bool write_store(void *user, FILE *out) {
    store_export *e = user;
    e->status = dt_store_csv(e->path, e->records, out, e->diag);
    if (e->status != DT_OK)
        errno = ECANCELED; /* the diagnostics tell */
    return e->status == DT_OK;
}

/* The points of a sweep. */
static int run_store(const cli_options *options) {
    if (cli_same_file(options->config, options->output)) {
        fprintf(stderr, "deterra export: -o names the file that is read: `%s`\n", options->output);
        return DT_EXIT_USAGE;
    }
    cli_game g = {.diag = dt_diag_new()};
    if (!g.diag)
        return DT_EXIT_FAILED;
    store_export e = {options->config, options->records, g.diag, DT_OK};
    e.status = dt_reading_check(e.path, g.diag); /* before anything is written */
    int exit_status = DT_EXIT_OK;
    if (e.status == DT_OK)
        exit_status = cli_write_with(options, &(cli_writer){write_store, &e});
    if (e.status != DT_OK)
        exit_status = cli_report(&g, e.status);
    cli_close(&g);
    return exit_status;
}

static const char *const FORMATS[] = {"nfg", "csv", NULL};

static int run(const cli_options *options) {
    bool chosen = options->format != FORMATS[0]; /* else it is the very word that stands there */
    if (options->records || strcmp(options->format, "csv") == 0 ||
        (!chosen && cli_is_database(options->config)))
        return run_store(options);
    cli_game g;
    int exit_status = cli_open(options, &g);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    dt_control control = cli_control(options);
    dt_nfg_settings settings = {g.scenario->title, g.scenario->note, options->decimals, &control};
    char *text;
    size_t length;
    double started = cli_now();
    dt_status status = dt_nfg_write(g.game, &settings, g.diag, &text, &length);
    if (status == DT_ERR_INTERRUPTED) {
        cli_interrupted(cli_now() - started);
        exit_status = DT_EXIT_INTERRUPTED;
    } else {
        cli_progress_end();
        exit_status = status == DT_OK ? cli_write(options, text, length) : cli_report(&g, status);
    }
    free(text);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_export = {
    .name = "export",
    .summary = "write a game, or a sweep's results, in the format of another program",
    .operand = "CONFIG|GAME.nfg|RESULTS.sqlite",
    .help = "Writes the game as Gambit's strategic form (.nfg), all payoffs as exact decimals or\n"
            "fractions. A player's moves become the labels of its strategies. Of the store of a\n"
            "sweep it writes tidy CSV, its only format: a row for each point and equilibrium,\n"
            "or with --records for each point and record.\n\n"
            "example: deterra export configs/classics/chicken.cfg --format nfg -o chicken.nfg\n"
            "         deterra export pain.sqlite --format csv -o pain.csv\n",
    .options = CLI_SET | CLI_FORMAT | CLI_DECIMALS | CLI_RECORDS | CLI_OUTPUT,
    .formats = FORMATS,
    .run = run,
};
