/* The parts of deterra check. */
#ifndef DT_CLI_CHECK_H
#define DT_CLI_CHECK_H

#include "cli/cli.h"
#include "cli/document.h"
#include "sweep/point.h"

/* Tables of how payoffs are computed; a message where they are not. */
void cli_list_plan(cli_document *d, const dt_game *game);
/* Says on stderr how long solving will take: an exit status. */
int cli_print_time(const cli_options *options, const cli_game *g);
/* Tables of a sweep's design, parameters and records. */
void cli_list_sweep(cli_document *d, const dt_frame *frame);
/* Says on stderr how long the sweep will take, from a few of its points: an exit status. */
int cli_print_sweep_time(const cli_options *options, const dt_frame *frame);

#endif
