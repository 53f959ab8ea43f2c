/* deterra export: a game in the format of another program. */
#include <stdlib.h>

#include "cli/cli.h"

static int run(const cli_options *options) {
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

static const char *const FORMATS[] = {"nfg", NULL};

const cli_command cli_export = {
    .name = "export",
    .summary = "write a game in the format of another program",
    .operand = "CONFIG|GAME.nfg",
    .help = "Writes the game as Gambit's strategic form (.nfg), all payoffs as exact decimals or\n"
            "fractions. A player's moves become the labels of its strategies.\n\n"
            "example: deterra export configs/classics/chicken.cfg --format nfg -o chicken.nfg\n",
    .options = CLI_SET | CLI_FORMAT | CLI_DECIMALS | CLI_OUTPUT,
    .formats = FORMATS,
    .run = run,
};
