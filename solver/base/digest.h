/* The SHA-256 that identifies what was read. */
#ifndef DT_BASE_DIGEST_H
#define DT_BASE_DIGEST_H

#include "deterra/diag.h"

/* Of the joined text, then of each --set value behind a NUL byte, which neither the text nor a
 * value can hold: so no two inputs run together. In hex. */
void dt_digest(const dt_source *source, size_t sets, const char *const *set, char out[65]);

#endif
