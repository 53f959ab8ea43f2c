/* Strings: libconfig 1.5's escapes undone, with the place of every byte. */
#include "config/decode.h"

/* The value of a hexadecimal digit, -1 of anything else. */
static int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character an escape stands for; *used is its length in the text. A backslash before
 * anything else is itself. */
static char escape(const char *p, size_t left, size_t *used) {
    *used = 2;
    switch (left > 1 ? p[1] : '\0') {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'f': return '\f';
    case '\\': return '\\';
    case '"': return '"';
    case 'x':
    case 'X':
        if (left > 3 && hex(p[2]) >= 0 && hex(p[3]) >= 0) {
            *used = 4;
            return (char)(16 * hex(p[2]) + hex(p[3]));
        }
        break;
    default: break;
    }
    *used = 1;
    return '\\';
}

/* Decodes one piece, from behind its opening quote to its closing one; advances `*used`. */
static void decode_piece(const char *text, size_t from, size_t to, char *data, uint32_t *offsets,
                         size_t *used) {
    while (from < to) {
        size_t size = 1;
        offsets[*used] = (uint32_t)from;
        data[(*used)++] = text[from] == '\\' ? escape(text + from, to - from, &size) : text[from];
        from += size;
    }
}

size_t dt_decode(const char *text, const dt_mark *mark, char *data, uint32_t *offsets) {
    size_t used = 0, end = (size_t)mark->value + mark->value_length, at = mark->value;
    while (at < end) {
        dt_token piece = dt_scan(text, end, at);
        if (piece.kind != DT_TOKEN_STRING)
            break;
        at = piece.offset + piece.length;
        decode_piece(text, piece.offset + 1, at - 1, data, offsets, &used);
    }
    data[used] = '\0';
    offsets[used] = (uint32_t)(end - 1); /* the closing quote */
    return used;
}
