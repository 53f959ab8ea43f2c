/* Diagnostics: what went wrong and where, collected in a list and never printed by the library.
 *
 * A `dt_source` is the text of a config after its includes were joined, and knows for each byte
 * the file and line it came from. A `dt_place` is a stretch of a source; a `dt_text` is a string
 * value together with the place of each of its characters, so that an error inside a formula
 * points at the very column of the file. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_DIAG_H
#define DETERRA_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "deterra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dt_source dt_source;
typedef struct dt_diag dt_diag;

/* `length` bytes from `offset` of `source`; source NULL means "nowhere in a file". */
typedef struct dt_place {
    const dt_source *source;
    size_t offset;
    size_t length;
} dt_place;

/* A string and its place. `data` is NUL-terminated, `length` bytes, valid UTF-8. Byte i of it
 * stands at place.offset + lead + i, or at offsets[i] where offsets is not NULL (strings with
 * escapes, or joined from several pieces). */
typedef struct dt_text {
    const char *data;
    size_t length;
    dt_place place;
    size_t lead;
    const uint32_t *offsets;
} dt_text;

#define DT_NOWHERE ((dt_place){NULL, 0, 0})

/* A text that stands in no file: API callers' formulas. */
dt_text dt_text_from(const char *data);
/* The place of `length` bytes from byte `from` of a text. */
dt_place dt_text_place(const dt_text *text, size_t from, size_t length);

typedef enum dt_severity { DT_WARNING, DT_ERROR } dt_severity;

typedef struct dt_diag_entry {
    dt_severity severity;
    const char *file;    /* NULL when nowhere; then line and column are 0 */
    size_t line, column; /* from 1; the column counts characters, not bytes */
    const char *message;
    const char *excerpt; /* the source line, or NULL */
    size_t caret_width;  /* characters to underline from `column`, at least 1 */
} dt_diag_entry;

/* NULL when out of memory. */
dt_diag *dt_diag_new(void);
void dt_diag_free(dt_diag *diag);

/* Adds an entry; the same message at the same place is kept once. When memory runs out, the entry
 * is lost but the error count still grows. A NULL diag is allowed and ignores the entry. */
void dt_diag_add(dt_diag *diag, dt_severity severity, dt_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void dt_diag_vadd(dt_diag *diag, dt_severity severity, dt_place place, const char *format,
                  va_list args);

size_t dt_diag_count(const dt_diag *diag);
size_t dt_diag_errors(const dt_diag *diag);
/* Entry i in order of place: entries without a place last, else in order of arrival. */
const dt_diag_entry *dt_diag_get(const dt_diag *diag, size_t i);

/* Writes all entries: `file:line:column: error: message`, the source line, the caret. */
void dt_diag_write(const dt_diag *diag, FILE *out, bool colour);

#ifdef __cplusplus
}
#endif
#endif
