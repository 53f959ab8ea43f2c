/* The reader: a config and its includes joined into one source. */
#ifndef DT_CONFIG_READER_H
#define DT_CONFIG_READER_H

#include "deterra/diag.h"
#include "scenario/complaint.h"

/* Appends the file and what it includes to `source`. A byte order mark is skipped, CRLF becomes a
 * newline; text that is not UTF-8 and NUL bytes are errors. Errors of the includes are collected;
 * DT_ERR_INPUT when there was one: the source then still holds the @include lines and is no good
 * for libconfig. Linear in the bytes read. */
dt_status dt_reader_file(const char *path, dt_source *source, dt_complaints *complaints);
/* The same for a text in memory; `name` stands for its file. */
dt_status dt_reader_text(const char *name, const char *text, size_t length, dt_source *source,
                         dt_complaints *complaints);

#endif
