/* A table of names: what each stands for and where it was first seen. */
#ifndef DT_SCENARIO_NAMES_H
#define DT_SCENARIO_NAMES_H

#include "deterra/diag.h"

typedef struct dt_name {
    const char *text; /* not copied, `length` bytes */
    size_t length;
    int kind;
    size_t mark; /* for the caller: the last group it was seen in */
    dt_place place;
} dt_name;

typedef struct dt_names dt_names;

dt_names *dt_names_new(void); /* NULL when out of memory */
void dt_names_free(dt_names *names);
/* The entry, or NULL; expected constant time. */
dt_name *dt_names_find(const dt_names *names, const char *text, size_t length);
/* The entry with that text: the one there, or a fresh one with kind 0. NULL when out of memory.
 * Valid until the next call; expected constant time, amortised. */
dt_name *dt_names_add(dt_names *names, const char *text, size_t length);

#endif
