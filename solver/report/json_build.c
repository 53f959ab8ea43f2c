/* JSON written as it is said. SPDX: GPL-3.0-or-later */
#include "report/json_build.h"

#include <string.h>

/* A string in quotes: what JSON wants escaped is, and UTF-8 stays as it is. */
static void quoted(dt_buffer *out, const char *text) {
    dt_buffer_char(out, '"');
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
            plain++;
        dt_buffer_bytes(out, text, plain);
        text += plain;
        if (!*text)
            break;
        static const char letters[] = "\"\\\b\f\n\r\t", escaped[] = "\"\\bfnrt",
                          hex[] = "0123456789abcdef";
        const char *found = strchr(letters, *text);
        unsigned char c = (unsigned char)*text++;
        if (found) {
            char two[] = {'\\', escaped[found - letters]};
            dt_buffer_bytes(out, two, sizeof two);
        } else {
            char six[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            dt_buffer_bytes(out, six, sizeof six);
        }
    }
    dt_buffer_char(out, '"');
}

static void new_line(dt_json *json, uint32_t tabs) {
    static const char some[] = "\n\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
    dt_buffer_bytes(&json->out, some, tabs < sizeof some - 1 ? tabs + 1 : sizeof some - 1);
}

static void end(dt_json *json) {
    json->depth--;
    if (json->open[json->depth].array) {
        dt_buffer_char(&json->out, ']');
    } else {
        new_line(json, json->depth);
        dt_buffer_char(&json->out, '}');
    }
}

/* Ends what is open inside `parent`, and writes all of a member but its value. */
static void member(dt_json *json, dt_json_at parent, const char *key) {
    bool open = parent.depth < json->depth && json->open[parent.depth].serial == parent.serial;
    if (!open || json->open[parent.depth].array != !key)
        json->out.failed = true;
    if (json->out.failed)
        return;
    while (json->depth > parent.depth + 1)
        end(json);
    bool some = json->open[parent.depth].some;
    json->open[parent.depth].some = true;
    if (!key) {
        if (some)
            dt_buffer_bytes(&json->out, ", ", 2);
        return;
    }
    if (some)
        dt_buffer_char(&json->out, ',');
    new_line(json, json->depth);
    quoted(&json->out, key);
    dt_buffer_bytes(&json->out, ":\t", 2);
}

static dt_json_at begin(dt_json *json, bool array) {
    if (json->depth == DT_JSON_DEPTH)
        json->out.failed = true;
    if (json->out.failed)
        return (dt_json_at){0, 0};
    dt_json_at at = {json->depth++, ++json->serial};
    json->open[at.depth].serial = at.serial;
    json->open[at.depth].array = array;
    json->open[at.depth].some = false;
    dt_buffer_char(&json->out, array ? '[' : '{');
    return at;
}

dt_json_at dt_json_root(dt_json *json) {
    return begin(json, false);
}

dt_json_at dt_json_object(dt_json *json, dt_json_at parent, const char *key) {
    member(json, parent, key);
    return begin(json, false);
}

dt_json_at dt_json_array(dt_json *json, dt_json_at parent, const char *key) {
    member(json, parent, key);
    return begin(json, true);
}

void dt_json_text(dt_json *json, dt_json_at parent, const char *key, const char *text) {
    member(json, parent, key);
    if (text)
        quoted(&json->out, text);
    else
        dt_buffer_bytes(&json->out, "null", 4);
}

void dt_json_double(dt_json *json, dt_json_at parent, const char *key, double value) {
    char text[32];
    member(json, parent, key);
    dt_buffer_add(&json->out, dt_format_double(value, text));
}

void dt_json_count(dt_json *json, dt_json_at parent, const char *key, uint64_t count) {
    char text[24], *first = text + sizeof text;
    do
        *--first = (char)('0' + count % 10);
    while (count /= 10);
    member(json, parent, key);
    dt_buffer_bytes(&json->out, first, (size_t)(text + sizeof text - first));
}

void dt_json_truth(dt_json *json, dt_json_at parent, const char *key, dt_truth value) {
    member(json, parent, key);
    dt_buffer_add(&json->out, value == DT_UNKNOWN ? "null" : value == DT_TRUE ? "true" : "false");
}

void dt_json_number(dt_json *json, dt_json_at parent, const char *key, const char *radius_key,
                    const dt_number *number) {
    dt_json_double(json, parent, key, number->value);
    if (number->exact) {
        char exact_key[128];
        size_t length = strlen(key);
        if (length + sizeof "_exact" > sizeof exact_key)
            length = sizeof exact_key - sizeof "_exact";
        memcpy(exact_key, key, length);
        memcpy(exact_key + length, "_exact", sizeof "_exact");
        dt_json_text(json, parent, exact_key, number->exact);
    } else {
        dt_json_double(json, parent, radius_key, number->radius);
    }
}

dt_status dt_json_finish(dt_json *json, char **text, size_t *length) {
    while (json->depth)
        end(json);
    dt_buffer_char(&json->out, '\n');
    return dt_buffer_finish(&json->out, text, length);
}
