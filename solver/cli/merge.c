/* deterra merge: the parts that shards of a sweep made, joined. */
#include "sweep/merge.h"

#include <inttypes.h>

#include "cli/sweep.h"

static int run(const cli_options *options) {
    if (!options->output) {
        fprintf(stderr, "deterra merge: -o is missing: the file that will hold all points\n"
                        "Try `deterra merge --help`.\n");
        return DT_EXIT_USAGE;
    }
    cli_game g = {.diag = dt_diag_new()};
    if (!g.diag)
        return DT_EXIT_FAILED;
    cli_sweep_handle_signals();
    dt_merge_settings settings = {options->force, options->gaps, options->overlaps,
                                  &cli_sweep_signals.any};
    dt_merged merged;
    dt_status status = dt_merge(options->output, (const char *const *)options->operands,
                                options->operand_count, &settings, g.diag, &merged);
    int exit_status;
    if (status == DT_ERR_INTERRUPTED) {
        fprintf(stderr, "deterra: stopped; nothing was written\n");
        exit_status = DT_EXIT_INTERRUPTED;
    } else {
        exit_status = cli_report(&g, status);
    }
    if (status == DT_OK && !options->quiet)
        fprintf(stderr,
                "deterra: %" PRIu64 " of %" PRIu64 " points of %zu part%s in %s, %" PRIu64
                " failed\n",
                merged.points, merged.wanted, options->operand_count,
                options->operand_count == 1 ? "" : "s", options->output, merged.failed);
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
