/* What the parts of deterra table share. */
#ifndef DT_CLI_TABLE_H
#define DT_CLI_TABLE_H

#include "cli/cli.h"
#include "cli/document.h"
#include "sweep/pivot/pivot.h"

/* A table under construction. */
typedef struct cli_sheet {
    const dt_pivot *pivot;
    dt_statistic statistic;
    bool data; /* for programs: numbers in full, nothing in empty cells */
    cli_document d;
    dt_table *table;
} cli_sheet;

/* Puts below the table what its reader must know: facts that may stand in a paper. */
void cli_sheet_notes(cli_sheet *s);
/* Says on stderr what other options would show, and, where `title` is not NULL as the format has no
 * room for it, the title and the notes. */
void cli_sheet_advise(const cli_sheet *s, const cli_options *options, const char *title);

#endif
