/* Strings: libconfig's escapes undone, with the place of every byte. */
#ifndef DT_CONFIG_DECODE_H
#define DT_CONFIG_DECODE_H

#include "config/locate.h"

/* Decodes the string literal (one or more pieces) at `mark` of `text`, NUL-terminated, into
 * `data`, and into `offsets` where in `text` each byte, the NUL included, stands. Both have
 * mark->value_length entries. Returns the length. */
size_t dt_decode(const char *text, const dt_mark *mark, char *data, uint32_t *offsets);

#endif
