/* UTF-8: where a text stops being it. */
#include "base/utf8.h"

/* Bytes of the character at `p`, 0 where it is malformed. Table 3-7 of the Unicode standard. */
static size_t character(const unsigned char *p, size_t left) {
    unsigned low = 0x80, high = 0xBF;
    size_t size;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        size = 2;
    else if (p[0] >= 0xE0 && p[0] <= 0xEF)
        size = 3;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        size = 4;
    else
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (left < size || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

size_t dt_utf8_valid(const char *text, size_t length) {
    size_t i = 0;
    while (i < length) {
        size_t size = character((const unsigned char *)text + i, length - i);
        if (size == 0)
            return i;
        i += size;
    }
    return length;
}
