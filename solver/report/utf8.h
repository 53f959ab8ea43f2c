/* UTF-8: code points and the columns they take in a terminal. */
#ifndef DT_REPORT_UTF8_H
#define DT_REPORT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point at *text, which moves past it; 0 at the end. A stray byte is U+FFFD. */
uint32_t dt_utf8_next(const char **text);
/* Columns of the text: CJK counts two, combining marks none. Needs no locale. */
size_t dt_utf8_width(const char *text);

#endif
