/* A growing string that remembers a failed allocation until the end. */
#ifndef DT_REPORT_BUFFER_H
#define DT_REPORT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "deterra/status.h"

/* Starts zeroed. After a failure every call does nothing and dt_buffer_finish tells. */
typedef struct dt_buffer {
    char *text;
    size_t length, room;
    bool failed;
} dt_buffer;

void dt_buffer_bytes(dt_buffer *buffer, const char *data, size_t length);
void dt_buffer_add(dt_buffer *buffer, const char *text);
void dt_buffer_char(dt_buffer *buffer, char c);
void dt_buffer_repeat(dt_buffer *buffer, const char *text, size_t times);
/* The text with control characters as blanks: nothing a config holds moves a terminal's cursor or
 * breaks a line of a table. */
void dt_buffer_plain(dt_buffer *buffer, const char *text);
/* Hands the text over, NUL-terminated, or frees it and says DT_ERR_MEMORY. */
dt_status dt_buffer_finish(dt_buffer *buffer, char **text, size_t *length);

#endif
