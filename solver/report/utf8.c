/* UTF-8: code points and the columns they take in a terminal. */
#include "report/utf8.h"

uint32_t dt_utf8_next(const char **text) {
    const unsigned char *p = (const unsigned char *)*text;
    if (!*p)
        return 0;
    uint32_t code = *p++;
    int more = code < 0x80 ? 0 : code >= 0xF0 ? 3 : code >= 0xE0 ? 2 : code >= 0xC0 ? 1 : -1;
    if (more > 0)
        code &= 0x3Fu >> more;
    for (int i = 0; i < more; i++) {
        if ((*p & 0xC0) != 0x80) {
            more = -1;
            break;
        }
        code = code << 6 | (*p++ & 0x3F);
    }
    *text = (const char *)p;
    return more < 0 ? 0xFFFD : code;
}

/* The ranges of Unicode's EastAsianWidth.txt that are wide, joined where only unassigned code
 * points lie between. */
static int is_wide(uint32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

size_t dt_utf8_width(const char *text) {
    size_t width = 0;
    for (uint32_t c; (c = dt_utf8_next(&text));)
        width += (c >= 0x300 && c <= 0x36F) ? 0 : is_wide(c) ? 2 : 1;
    return width;
}
