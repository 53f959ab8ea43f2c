/* Building documents of tables in an arena, for check, explain, list and table. */
#ifndef DT_CLI_DOCUMENT_H
#define DT_CLI_DOCUMENT_H

#include "base/arena.h"
#include "deterra/report.h"

/* A document under construction; `failed` latches the first lack of memory. */
typedef struct cli_document {
    dt_arena *arena;
    dt_document document;
    size_t rows, columns; /* room of the table that is being filled */
    bool failed;
} cli_document;

bool cli_document_open(cli_document *d, const char *title, const char *config_sha256);
void cli_document_close(cli_document *d);
/* A table with room for `rows` rows; NULL when out of memory. The last one added is being filled.
 */
dt_table *cli_table_add(cli_document *d, const char *name, const char *title, size_t rows);
/* Adds a column before the first row; `group` is a heading over neighbours that have it, too. */
void cli_column(cli_document *d, dt_table *t, const char *head, dt_align align);
void cli_grouped_column(cli_document *d, dt_table *t, const char *group, const char *head,
                        dt_align align);
/* Starts a row; cells follow from the left. NULL when the rows are full. */
dt_cell *cli_row(cli_document *d, dt_table *t);
void cli_note(cli_document *d, dt_table *t, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Cells: text is copied. */
dt_cell cli_text(cli_document *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
dt_cell cli_number(double value);
/* The nearest double, and the fraction where the number is rational. */
dt_cell cli_exact(cli_document *d, dt_exact_context *c, const dt_exact *x);
dt_cell cli_rational(cli_document *d, const fmpq *q);

#endif
