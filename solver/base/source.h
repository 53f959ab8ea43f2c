/* A source: joined config text that knows the file and line of each of its lines. */
#ifndef DT_BASE_SOURCE_H
#define DT_BASE_SOURCE_H

#include "deterra/diag.h"

/* An empty source; NULL when out of memory. */
dt_source *dt_source_new(void);
void dt_source_free(dt_source *source);
/* Appends one line (without its newline; one is added) that came from `file`, line `line`.
 * A NULL file marks a line that the reader put in itself. DT_OK or DT_ERR_MEMORY. */
dt_status dt_source_append(dt_source *source, const char *file, size_t line, const char *text,
                           size_t length);
/* The joined text, NUL-terminated, and its length. */
const char *dt_source_text(const dt_source *source, size_t *length);
/* Where a byte came from: file, line from 1, column from 1 in characters. */
void dt_source_locate(const dt_source *source, size_t offset, const char **file, size_t *line,
                      size_t *column);
/* The start and length of the line that holds `offset`. */
const char *dt_source_line(const dt_source *source, size_t offset, size_t *length);
/* The offset where joined line `line` (from 1) starts: libconfig speaks in joined lines. */
size_t dt_source_line_start(const dt_source *source, size_t line);
/* A source of one line, for a value from the command line; `name` stands as its file. */
dt_source *dt_source_single(const char *name, const char *text);

#endif
