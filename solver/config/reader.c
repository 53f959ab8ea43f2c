/* The reader: a config and its includes joined into one source. */
#include "config/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lines.h"
#include "base/source.h"
#include "config/limits.h"

typedef struct reader {
    dt_source *source;
    dt_complaints *complaints;
    size_t bytes, includes;
    bool stop; /* the limit is reached: nothing more is read */
} reader;

/* A file that is being read, and the one that included it. */
typedef struct frame {
    const char *path;
    const dt_file *file; /* NULL for a text in memory */
    const struct frame *up;
    size_t depth;
} frame;

/* A line that asks for an include, from byte `from` on. */
typedef struct request {
    const frame *at;
    size_t number;
    const char *line;
    size_t length, from;
} request;

/* What the end of a line stands in. */
typedef enum inside { PLAIN, COMMENT, STRING } inside;

static dt_status read_text(reader *r, const frame *at, const char *text, size_t length);

/* Advances over a line; `*opened` is where the comment or string it ends in was opened. */
static inside skim(inside now, const char *line, size_t length, size_t start, size_t *opened) {
    for (size_t i = 0; i < length; i++) {
        bool more = i + 1 < length;
        if (now == STRING) {
            if (line[i] == '\\')
                i++;
            else if (line[i] == '"')
                now = PLAIN;
        } else if (now == COMMENT) {
            if (line[i] == '*' && more && line[i + 1] == '/') {
                now = PLAIN;
                i++;
            }
        } else if (line[i] == '#' || (line[i] == '/' && more && line[i + 1] == '/')) {
            return PLAIN;
        } else if (line[i] == '"' || (line[i] == '/' && more && line[i + 1] == '*')) {
            now = line[i] == '"' ? STRING : COMMENT;
            *opened = start + i;
            i += now == COMMENT;
        }
    }
    return now;
}

/* Appends a line that is not text. */
static dt_status append_broken(reader *r, const char *file, size_t number, const char *line,
                               size_t length) {
    dt_place place;
    const char *why;
    dt_status status = dt_line_append_broken(r->source, file, number, line, length, &place, &why);
    if (status == DT_OK)
        dt_complain(r->complaints, DT_ERROR, place, "%s", why);
    return status;
}

static size_t blanks(const char *line, size_t length, size_t from) {
    while (from < length && (line[from] == ' ' || line[from] == '\t'))
        from++;
    return from;
}

/* Where "@include" begins in a line that asks for it, else `length`. */
static size_t directive(const char *line, size_t length) {
    static const char WORD[] = "@include";
    size_t at = blanks(line, length, 0), size = sizeof WORD - 1;
    return length - at >= size && memcmp(line + at, WORD, size) == 0 ? at : length;
}

/* The file named by an include line, unescaped; NULL where the line is malformed. */
static char *directive_file(const char *line, size_t length, size_t at) {
    size_t i = blanks(line, length, at + strlen("@include"));
    if (i == at + strlen("@include") || i == length || line[i] != '"')
        return NULL;
    char *name = malloc(length - i);
    size_t used = 0;
    for (i++; name && i < length && line[i] != '"'; i++) {
        if (line[i] == '\\' && i + 1 < length && (line[i + 1] == '\\' || line[i + 1] == '"'))
            i++;
        name[used++] = line[i];
    }
    if (!name || i == length)
        goto malformed;
    i = blanks(line, length, i + 1);
    bool comment =
        i < length && (line[i] == '#' || (line[i] == '/' && i + 1 < length && line[i + 1] == '/'));
    if (used == 0 || (i < length && !comment))
        goto malformed;
    name[used] = '\0';
    return name;
malformed:
    free(name);
    return NULL;
}

/* The path as the user would write it: the includer's folder and the name. */
static char *join(const char *includer, const char *name) {
    const char *slash = name[0] == '/' ? NULL : strrchr(includer, '/');
    size_t folder = slash ? (size_t)(slash - includer) + 1 : 0, size = strlen(name) + 1;
    char *path = malloc(folder + size);
    if (path) {
        memcpy(path, includer, folder);
        memcpy(path + folder, name, size);
    }
    return path;
}

static bool is_being_read(const frame *at, const dt_file *file) {
    for (; at; at = at->up)
        if (at->file && at->file->device == file->device && at->file->inode == file->inode)
            return true;
    return false;
}

/* The place of a request that failed. Such a line reaches the source only now, to be shown: what
 * goes to libconfig never holds one. */
static dt_place failed_line(reader *r, const request *q) {
    size_t start;
    dt_source_text(r->source, &start);
    if (dt_source_append(r->source, q->at->path, q->number, q->line, q->length) != DT_OK)
        return DT_NOWHERE;
    return (dt_place){r->source, start + q->from, q->length - q->from};
}

/* Says why a file was not read; `error` is the errno of the failure. */
static dt_status refuse(reader *r, const char *path, dt_load why, int error, dt_place place) {
    if (why == DT_LOAD_OK || why == DT_LOAD_MEMORY)
        return why == DT_LOAD_OK ? DT_OK : DT_ERR_MEMORY;
    char reason[128];
    if (why == DT_LOAD_TOO_LARGE) {
        dt_complain(r->complaints, DT_ERROR, place,
                    "`%s` is too large: a config and its includes hold at most 64 MB", path);
        r->stop = true;
    } else {
        dt_complain(r->complaints, DT_ERROR, place, "cannot read `%s`: %s", path,
                    dt_load_reason(why, error, reason, sizeof reason));
    }
    return DT_ERR_INPUT;
}

/* Reads the file at `path` in place of the line. DT_ERR_INPUT: complained of, go on. */
static dt_status include_path(reader *r, const request *q, const char *path) {
    dt_file file;
    dt_load loaded = dt_file_load(path, false, DT_LIMIT_BYTES - r->bytes, &file);
    int error = errno;
    if (loaded != DT_LOAD_OK)
        return refuse(r, path, loaded, error, failed_line(r, q));
    dt_status status = DT_ERR_INPUT;
    if (is_being_read(q->at, &file)) {
        dt_complain(r->complaints, DT_ERROR, failed_line(r, q),
                    "include loop: `%s` is already being read", path);
    } else {
        frame below = {path, &file, q->at, q->at->depth + 1};
        status = read_text(r, &below, file.data, file.length);
    }
    free(file.data);
    return status;
}

static dt_status include(reader *r, const request *q) {
    if (q->at->depth == DT_LIMIT_INCLUDE_DEPTH) {
        dt_complain(r->complaints, DT_ERROR, failed_line(r, q),
                    "includes are nested more than %d deep", (int)DT_LIMIT_INCLUDE_DEPTH);
        return DT_ERR_INPUT;
    }
    if (r->includes++ == DT_LIMIT_INCLUDES) {
        dt_complain(r->complaints, DT_ERROR, failed_line(r, q), "more than %d includes in all",
                    (int)DT_LIMIT_INCLUDES);
        r->stop = true;
        return DT_ERR_INPUT;
    }
    char *name = directive_file(q->line, q->length, q->from);
    if (!name) {
        dt_complain(r->complaints, DT_ERROR, failed_line(r, q),
                    "expected @include \"file\", alone on its line");
        return DT_ERR_INPUT;
    }
    char *path = join(q->at->path, name);
    free(name);
    dt_status status = path ? include_path(r, q, path) : DT_ERR_MEMORY;
    free(path);
    return status;
}

static dt_status read_line(reader *r, const frame *at, size_t number, const char *line,
                           size_t length, inside *now, size_t *opened) {
    if (!dt_line_is_text(line, length))
        return append_broken(r, at->path, number, line, length);
    size_t from = *now == PLAIN ? directive(line, length) : length;
    if (from < length) {
        request asked = {at, number, line, length, from};
        dt_status status = include(r, &asked);
        return status == DT_ERR_INPUT ? DT_OK : status;
    }
    size_t start;
    dt_source_text(r->source, &start);
    *now = skim(*now, line, length, start, opened);
    return dt_source_append(r->source, at->path, number, line, length);
}

static dt_status read_text(reader *r, const frame *at, const char *text, size_t length) {
    r->bytes += length;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    inside now = PLAIN;
    size_t opened = 0, number = 1;
    for (size_t i = 0; i < length && !r->stop; number++) {
        const char *end = memchr(text + i, '\n', length - i);
        size_t size = end ? (size_t)(end - text) - i : length - i, keep = size;
        if (keep > 0 && text[i + keep - 1] == '\r')
            keep--;
        dt_status status = read_line(r, at, number, text + i, keep, &now, &opened);
        if (status != DT_OK)
            return status;
        i += size + 1;
    }
    /* the locator finds what the first file leaves open, and often an earlier cause of it */
    if (now != PLAIN && !r->stop && at->depth > 0)
        dt_complain(r->complaints, DT_ERROR, (dt_place){r->source, opened, 1},
                    "syntax error: this %s is never closed", now == STRING ? "string" : "comment");
    return DT_OK;
}

static dt_status finish(reader *r, const frame *top, dt_status status) {
    size_t length;
    dt_source_text(r->source, &length);
    if (status == DT_OK && length == 0) /* so that a message about an empty file names it */
        status = dt_source_append(r->source, top->path, 1, "", 0);
    return status == DT_OK && r->complaints->errors ? DT_ERR_INPUT : status;
}

dt_status dt_reader_file(const char *path, dt_source *source, dt_complaints *complaints) {
    reader r = {source, complaints, 0, 0, false};
    dt_file file;
    dt_load loaded = dt_file_load(path, true, DT_LIMIT_BYTES, &file);
    if (loaded != DT_LOAD_OK)
        return refuse(&r, path, loaded, errno, DT_NOWHERE);
    frame top = {path, &file, NULL, 0};
    dt_status status = read_text(&r, &top, file.data, file.length);
    free(file.data);
    return finish(&r, &top, status);
}

dt_status dt_reader_text(const char *name, const char *text, size_t length, dt_source *source,
                         dt_complaints *complaints) {
    reader r = {source, complaints, 0, 0, false};
    frame top = {name, NULL, NULL, 0};
    if (length > DT_LIMIT_BYTES)
        return refuse(&r, name, DT_LOAD_TOO_LARGE, 0, DT_NOWHERE);
    return finish(&r, &top, read_text(&r, &top, text, length));
}
