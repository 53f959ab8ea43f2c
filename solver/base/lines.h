/* Lines of a file that may not be text. */
#ifndef DT_BASE_LINES_H
#define DT_BASE_LINES_H

#include "deterra/diag.h"

/* Whether the line is UTF-8 without NUL bytes. */
bool dt_line_is_text(const char *line, size_t length);

/* Appends a line that is not text to the source, its bytes that no terminal should see as question
 * marks. *place is the first of them and *why says in words what it is. DT_OK or DT_ERR_MEMORY. */
dt_status dt_line_append_broken(dt_source *source, const char *file, size_t number,
                                const char *line, size_t length, dt_place *place, const char **why);

#endif
