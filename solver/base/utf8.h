/* UTF-8: where a text stops being it. */
#ifndef DT_BASE_UTF8_H
#define DT_BASE_UTF8_H

#include <stddef.h>

/* The offset of the first byte that is no part of well-formed UTF-8 (RFC 3629: no overlong forms,
 * no surrogates, nothing above U+10FFFF), or `length`. */
size_t dt_utf8_valid(const char *text, size_t length);

#endif
