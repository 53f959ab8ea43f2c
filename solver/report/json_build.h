/* JSON written as it is said, without a tree: a list of 20 000 equilibria is 40 MB of text, and a
 * tree of it would be ten times that. Numbers are their shortest decimals; failures are remembered.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_REPORT_JSON_BUILD_H
#define DT_REPORT_JSON_BUILD_H

#include "deterra/report.h"
#include "report/buffer.h"

enum { DT_JSON_DEPTH = 32 };

/* An object or an array that is being written. What is put into it ends all that were opened inside
 * it, and must come before it is ended itself: anything else, and more than DT_JSON_DEPTH levels,
 * is a failure. */
typedef struct dt_json_at {
    uint32_t depth, serial;
} dt_json_at;

/* Starts zeroed. */
typedef struct dt_json {
    dt_buffer out;
    uint32_t depth, serial; /* of what is open; objects and arrays so far */
    struct {
        uint32_t serial;
        bool array, some;
    } open[DT_JSON_DEPTH];
} dt_json;

/* The outermost object. */
dt_json_at dt_json_root(dt_json *json);
/* Each puts a member under `key`, or, into an array, behind the last entry: key is NULL there. */
dt_json_at dt_json_object(dt_json *json, dt_json_at parent, const char *key);
dt_json_at dt_json_array(dt_json *json, dt_json_at parent, const char *key);
/* NULL: null */
void dt_json_text(dt_json *json, dt_json_at parent, const char *key, const char *text);
void dt_json_double(dt_json *json, dt_json_at parent, const char *key, double value);
void dt_json_count(dt_json *json, dt_json_at parent, const char *key, uint64_t count);
void dt_json_truth(dt_json *json, dt_json_at parent, const char *key, dt_truth value);
/* `key` and either `key`_exact or, for what is not rational, `radius_key`. */
void dt_json_number(dt_json *json, dt_json_at parent, const char *key, const char *radius_key,
                    const dt_number *number);
/* Ends all that is open, with a newline, and hands the text over. */
dt_status dt_json_finish(dt_json *json, char **text, size_t *length);

#endif
