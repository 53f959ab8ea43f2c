/* A source: joined config text that knows the file and line of each of its lines. */
#include "base/source.h"

#include <stdlib.h>
#include <string.h>

typedef struct origin {
    size_t offset; /* of the line's first byte in the joined text */
    const char *file;
    size_t line;
} origin;

typedef struct file_name {
    struct file_name *next;
    char name[];
} file_name;

struct dt_source {
    char *text;
    size_t length, room;
    origin *origin;
    size_t lines, origins_room;
    file_name *names;
};

dt_source *dt_source_new(void) {
    dt_source *source = calloc(1, sizeof *source);
    if (source && !(source->text = calloc(1, 1))) {
        free(source);
        source = NULL;
    }
    return source;
}

void dt_source_free(dt_source *source) {
    if (!source)
        return;
    for (file_name *n = source->names; n;) {
        file_name *next = n->next;
        free(n);
        n = next;
    }
    free(source->origin);
    free(source->text);
    free(source);
}

/* The kept copy of a file name, so that origins may outlive the caller's string. */
static const char *keep_name(dt_source *source, const char *name) {
    if (!name)
        return NULL;
    const char *last = source->lines ? source->origin[source->lines - 1].file : NULL;
    if (last && strcmp(last, name) == 0) /* most lines follow one of the same file */
        return last;
    for (file_name *n = source->names; n; n = n->next)
        if (strcmp(n->name, name) == 0)
            return n->name;
    size_t bytes = strlen(name) + 1;
    file_name *fresh = malloc(sizeof *fresh + bytes);
    if (!fresh)
        return NULL;
    memcpy(fresh->name, name, bytes);
    fresh->next = source->names;
    source->names = fresh;
    return fresh->name;
}

dt_status dt_source_append(dt_source *source, const char *file, size_t line, const char *text,
                           size_t length) {
    size_t need = source->length + length + 2;
    if (need > source->room) {
        size_t room = need + need / 2;
        char *grown = realloc(source->text, room);
        if (!grown)
            return DT_ERR_MEMORY;
        source->text = grown;
        source->room = room;
    }
    if (source->lines == source->origins_room) {
        size_t room = source->origins_room ? 2 * source->origins_room : 64;
        origin *grown = realloc(source->origin, room * sizeof *grown);
        if (!grown)
            return DT_ERR_MEMORY;
        source->origin = grown;
        source->origins_room = room;
    }
    const char *kept = keep_name(source, file);
    if (file && !kept)
        return DT_ERR_MEMORY;
    source->origin[source->lines++] = (origin){source->length, kept, line};
    if (length)
        memcpy(source->text + source->length, text, length);
    source->length += length;
    source->text[source->length++] = '\n';
    source->text[source->length] = '\0';
    return DT_OK;
}

const char *dt_source_text(const dt_source *source, size_t *length) {
    if (length)
        *length = source->length;
    return source->text;
}

static const origin *origin_of(const dt_source *source, size_t offset) {
    if (!source->lines)
        return NULL;
    size_t low = 0, high = source->lines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->origin[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return &source->origin[low];
}

void dt_source_locate(const dt_source *source, size_t offset, const char **file, size_t *line,
                      size_t *column) {
    const origin *o = origin_of(source, offset);
    *file = o ? o->file : NULL;
    *line = o ? o->line : 0;
    *column = 1;
    if (!o)
        return;
    for (size_t i = o->offset; i < offset && i < source->length; i++)
        if (((unsigned char)source->text[i] & 0xC0) != 0x80)
            ++*column;
}

const char *dt_source_line(const dt_source *source, size_t offset, size_t *length) {
    const origin *o = origin_of(source, offset);
    size_t start = o ? o->offset : 0;
    const char *text = source->text + start;
    *length = strcspn(text, "\r\n");
    return text;
}

size_t dt_source_line_start(const dt_source *source, size_t line) {
    if (line == 0 || !source->lines)
        return 0;
    if (line > source->lines)
        line = source->lines;
    return source->origin[line - 1].offset;
}

dt_source *dt_source_single(const char *name, const char *text) {
    dt_source *source = dt_source_new();
    if (source && dt_source_append(source, name, 1, text, strlen(text)) != DT_OK) {
        dt_source_free(source);
        source = NULL;
    }
    return source;
}
