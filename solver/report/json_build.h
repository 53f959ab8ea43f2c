/* JSON building blocks over cJSON: numbers as their shortest decimals, failures remembered. */
#ifndef DT_REPORT_JSON_BUILD_H
#define DT_REPORT_JSON_BUILD_H

#include <cjson/cJSON.h>

#include "deterra/report.h"

/* Every call accepts a NULL parent and remembers a failed allocation in `failed`. */
typedef struct dt_json {
    bool failed;
} dt_json;

/* Puts `item` (owned) under `key`, or behind an array's last entry where key is NULL. Returns the
 * item, or NULL on failure. */
cJSON *dt_json_put(dt_json *json, cJSON *parent, const char *key, cJSON *item);
cJSON *dt_json_object(dt_json *json, cJSON *parent, const char *key);
cJSON *dt_json_array(dt_json *json, cJSON *parent, const char *key);
void dt_json_text(dt_json *json, cJSON *parent, const char *key, const char *text); /* NULL: null */
void dt_json_double(dt_json *json, cJSON *parent, const char *key, double value);
void dt_json_count(dt_json *json, cJSON *parent, const char *key, uint64_t count);
void dt_json_truth(dt_json *json, cJSON *parent, const char *key, dt_truth value);
/* `key` and either `key`_exact or, for what is not rational, `radius_key`. */
void dt_json_number(dt_json *json, cJSON *parent, const char *key, const char *radius_key,
                    const dt_number *number);
/* Prints the tree, a newline behind it, and frees it. */
dt_status dt_json_finish(dt_json *json, cJSON *root, char **text, size_t *length);

#endif
