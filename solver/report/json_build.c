/* JSON building blocks over cJSON: numbers as their shortest decimals, failures remembered. */
#include "report/json_build.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/buffer.h"

cJSON *dt_json_put(dt_json *json, cJSON *parent, const char *key, cJSON *item) {
    bool put =
        item && parent &&
        (key ? cJSON_AddItemToObject(parent, key, item) : cJSON_AddItemToArray(parent, item));
    if (put)
        return item;
    json->failed = true;
    cJSON_Delete(item);
    return NULL;
}

cJSON *dt_json_object(dt_json *json, cJSON *parent, const char *key) {
    return dt_json_put(json, parent, key, cJSON_CreateObject());
}

cJSON *dt_json_array(dt_json *json, cJSON *parent, const char *key) {
    return dt_json_put(json, parent, key, cJSON_CreateArray());
}

void dt_json_text(dt_json *json, cJSON *parent, const char *key, const char *text) {
    dt_json_put(json, parent, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

/* Raw, because cJSON's own printing drops digits of 0.30000000000000004. */
void dt_json_double(dt_json *json, cJSON *parent, const char *key, double value) {
    char text[32];
    dt_json_put(json, parent, key, cJSON_CreateRaw(dt_format_double(value, text)));
}

void dt_json_count(dt_json *json, cJSON *parent, const char *key, uint64_t count) {
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    dt_json_put(json, parent, key, cJSON_CreateRaw(text));
}

void dt_json_truth(dt_json *json, cJSON *parent, const char *key, dt_truth value) {
    dt_json_put(json, parent, key,
                value == DT_UNKNOWN ? cJSON_CreateNull() : cJSON_CreateBool(value == DT_TRUE));
}

void dt_json_number(dt_json *json, cJSON *parent, const char *key, const char *radius_key,
                    const dt_number *number) {
    char exact_key[128];
    dt_json_double(json, parent, key, number->value);
    if (number->exact) {
        snprintf(exact_key, sizeof exact_key, "%s_exact", key);
        dt_json_text(json, parent, exact_key, number->exact);
    } else {
        dt_json_double(json, parent, radius_key, number->radius);
    }
}

dt_status dt_json_finish(dt_json *json, cJSON *root, char **text, size_t *length) {
    dt_buffer out = {0};
    char *printed = json->failed ? NULL : cJSON_Print(root);
    cJSON_Delete(root);
    if (printed) {
        dt_buffer_add(&out, printed);
        dt_buffer_char(&out, '\n');
        cJSON_free(printed);
    }
    out.failed |= !printed;
    return dt_buffer_finish(&out, text, length);
}
