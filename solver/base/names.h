/* A map from names to numbers. */
#ifndef DT_BASE_NAMES_H
#define DT_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

/* Zero it to start; keys are kept by pointer and must outlive the map. */
typedef struct dt_names {
    struct dt_name_slot *slot;
    size_t size, used;
} dt_names;

void dt_names_clear(dt_names *names);
/* Adds or replaces. DT_OK or DT_ERR_MEMORY. */
dt_status dt_names_put(dt_names *names, const char *key, uint32_t value);
bool dt_names_get(const dt_names *names, const char *key, uint32_t *value);

#endif
