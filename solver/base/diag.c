/* The list of diagnostics, ordered by place when read. */
#include "deterra/diag.h"

#include <stdlib.h>
#include <string.h>

#include "base/source.h"

typedef struct record {
    dt_diag_entry entry;
    const dt_source *source;
    size_t offset;
    char *message, *excerpt, *file;
} record;

struct dt_diag {
    record *record;
    size_t count, room, errors;
};

enum { EXCERPT_BYTES = 512 };

dt_text dt_text_from(const char *data) {
    return (dt_text){data, strlen(data), DT_NOWHERE, 0, NULL};
}

dt_place dt_text_place(const dt_text *text, size_t from, size_t length) {
    if (!text->place.source)
        return DT_NOWHERE;
    size_t start = text->offsets ? text->offsets[from] : text->place.offset + text->lead + from;
    return (dt_place){text->place.source, start, length};
}

dt_diag *dt_diag_new(void) {
    return calloc(1, sizeof(dt_diag));
}

void dt_diag_free(dt_diag *diag) {
    if (!diag)
        return;
    for (size_t i = 0; i < diag->count; i++) {
        free(diag->record[i].message);
        free(diag->record[i].excerpt);
        free(diag->record[i].file);
    }
    free(diag->record);
    free(diag);
}

static char *format_message(const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

static char *copy_bytes(const char *data, size_t length) {
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, data, length);
        copy[length] = '\0';
    }
    return copy;
}

/* Fills file, line, column and excerpt; they are copied, so that the source may go first. */
static void locate(record *r, dt_place place) {
    if (!place.source)
        return;
    const char *file;
    dt_source_locate(place.source, place.offset, &file, &r->entry.line, &r->entry.column);
    if (file)
        r->file = copy_bytes(file, strlen(file));
    size_t length;
    const char *line = dt_source_line(place.source, place.offset, &length);
    if (length <= EXCERPT_BYTES)
        r->excerpt = copy_bytes(line, length);
    size_t width = 0, start = place.offset - (size_t)(line - dt_source_text(place.source, NULL));
    for (size_t i = start; i < length && i < start + place.length; i++)
        if (((unsigned char)line[i] & 0xC0) != 0x80)
            width++;
    r->entry.caret_width = width ? width : 1;
    r->entry.file = r->file;
    r->entry.excerpt = r->excerpt;
}

void dt_diag_vadd(dt_diag *diag, dt_severity severity, dt_place place, const char *format,
                  va_list args) {
    if (!diag)
        return;
    char *message = format_message(format, args);
    for (size_t i = 0; message && i < diag->count; i++) {
        const record *r = &diag->record[i];
        if (r->source == place.source && r->offset == place.offset &&
            strcmp(r->message, message) == 0) {
            free(message);
            return;
        }
    }
    if (severity == DT_ERROR)
        diag->errors++;
    if (diag->count == diag->room) {
        size_t room = diag->room ? 2 * diag->room : 8;
        record *grown = realloc(diag->record, room * sizeof *grown);
        if (!grown) {
            free(message);
            return;
        }
        diag->record = grown;
        diag->room = room;
    }
    if (!message)
        return;
    /* keep the order of places: insert before the first entry that stands later in the source */
    size_t at = diag->count;
    while (at > 0 && place.source &&
           (!diag->record[at - 1].source || (diag->record[at - 1].source == place.source &&
                                             diag->record[at - 1].offset > place.offset)))
        at--;
    memmove(&diag->record[at + 1], &diag->record[at], (diag->count - at) * sizeof(record));
    record *r = &diag->record[at];
    *r = (record){.source = place.source, .offset = place.offset, .message = message};
    r->entry.severity = severity;
    r->entry.message = message;
    locate(r, place);
    diag->count++;
}

void dt_diag_add(dt_diag *diag, dt_severity severity, dt_place place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    dt_diag_vadd(diag, severity, place, format, args);
    va_end(args);
}

size_t dt_diag_count(const dt_diag *diag) {
    return diag->count;
}

size_t dt_diag_errors(const dt_diag *diag) {
    return diag->errors;
}

const dt_diag_entry *dt_diag_get(const dt_diag *diag, size_t i) {
    return i < diag->count ? &diag->record[i].entry : NULL;
}

/* The caret line: tabs stay tabs, so that it stands under the right column of any terminal. */
static void write_caret(const dt_diag_entry *e, FILE *out, bool colour) {
    fprintf(out, "    ");
    size_t column = 1;
    for (const char *p = e->excerpt; *p && column < e->column; p++) {
        if (((unsigned char)*p & 0xC0) == 0x80)
            continue;
        fputc(*p == '\t' ? '\t' : ' ', out);
        column++;
    }
    fputs(colour ? "\033[32m^" : "^", out);
    for (size_t i = 1; i < e->caret_width; i++)
        fputc('~', out);
    fputs(colour ? "\033[0m\n" : "\n", out);
}

void dt_diag_write(const dt_diag *diag, FILE *out, bool colour) {
    for (size_t i = 0; i < diag->count; i++) {
        const dt_diag_entry *e = &diag->record[i].entry;
        bool error = e->severity == DT_ERROR;
        const char *on = !colour ? "" : error ? "\033[1;31m" : "\033[1;33m";
        const char *off = colour ? "\033[0m" : "";
        if (e->file)
            fprintf(out, "%s:%zu:%zu: ", e->file, e->line, e->column);
        else
            fprintf(out, "deterra: ");
        fprintf(out, "%s%s:%s %s\n", on, error ? "error" : "warning", off, e->message);
        if (e->excerpt) {
            fprintf(out, "    %s\n", e->excerpt);
            write_caret(e, out, colour);
        }
    }
}
