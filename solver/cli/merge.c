/* deterra merge: the parts that shards of a sweep made, joined. */
#include "sweep/merge.h"
#include "cli/cli.h"

static int run(const cli_options *options) {
    if (!options->output) {
        fprintf(stderr, "deterra merge: -o is missing: the file that will hold all points\n"
                        "Try `deterra merge --help`.\n");
        return DT_EXIT_USAGE;
    }
    cli_game g = {.diag = dt_diag_new()};
    if (!g.diag)
        return DT_EXIT_FAILED;
    dt_merge_settings settings = {options->force, options->gaps, options->overlaps};
    dt_status status = dt_merge(options->output, (const char *const *)options->operands,
                                options->operand_count, &settings, g.diag);
    int exit_status = cli_report(&g, status);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_merge = {
    .name = "merge",
    .summary = "join the parts that shards of a sweep made",
    .operand = "PART…",
    .several = true,
    .help = "Writes the points of all parts into one store, as if one run had made it. Parts of\n"
            "other sweeps are refused, and missing points or such as stand in two parts, too.\n\n"
            "example: deterra merge -o pain.sqlite pain-1.sqlite pain-2.sqlite\n",
    .options = CLI_OUTPUT | CLI_FORCE | CLI_MERGE,
    .run = run,
};
