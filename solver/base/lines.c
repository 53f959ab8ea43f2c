/* Lines of a file that may not be text. */
#include "base/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "base/utf8.h"

bool dt_line_is_text(const char *line, size_t length) {
    return dt_utf8_valid(line, length) == length && !memchr(line, 0, length);
}

dt_status dt_line_append_broken(dt_source *source, const char *file, size_t number,
                                const char *line, size_t length, dt_place *place,
                                const char **why) {
    size_t start;
    dt_source_text(source, &start);
    char *clean = malloc(length ? length : 1);
    if (!clean)
        return DT_ERR_MEMORY;
    memcpy(clean, line, length);
    size_t first = length, i = 0;
    while (i < length) {
        size_t good = dt_utf8_valid(clean + i, length - i);
        const char *nul = memchr(clean + i, 0, good);
        i = nul ? (size_t)(nul - clean) : i + good;
        if (i < length) {
            first = first < i ? first : i;
            clean[i] = '?';
        }
    }
    dt_status status = dt_source_append(source, file, number, clean, length);
    free(clean);
    *place = (dt_place){source, start + first, 1};
    *why = first < length && line[first] ? "this byte is not UTF-8 text: save the file as UTF-8"
                                         : "a NUL byte: this is not a text file";
    return status;
}
