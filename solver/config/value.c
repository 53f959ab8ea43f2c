/* Values: typed reading of libconfig settings, each complaint at its place. */
#include "config/value.h"

#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "base/source.h"
#include "base/utf8.h"
#include "config/decode.h"
#include "scenario/number.h"

static const dt_mark *mark_of(const config_setting_t *setting) {
    return config_setting_get_hook(setting);
}

dt_place dt_value_place(const dt_builder *b, const config_setting_t *setting) {
    const dt_mark *mark = mark_of(setting);
    if (!mark) /* the root */
        return (dt_place){b->source, 0, 1};
    bool bracket = config_setting_is_aggregate(setting);
    return (dt_place){b->source, mark->value, bracket ? 1 : mark->value_length};
}

dt_place dt_name_place(const dt_builder *b, const config_setting_t *setting) {
    const dt_mark *mark = mark_of(setting);
    if (!mark || !mark->name_length)
        return dt_value_place(b, setting);
    return (dt_place){b->source, mark->name, mark->name_length};
}

dt_place dt_setting_place(const dt_builder *b, const config_setting_t *setting) {
    dt_place place = dt_name_place(b, setting), value = dt_value_place(b, setting);
    place.length = value.offset + value.length - place.offset;
    return place;
}

const char *dt_literal(const dt_builder *b, const config_setting_t *setting, size_t *length) {
    const dt_mark *mark = mark_of(setting);
    *length = mark->value_length;
    return dt_source_text(b->source, NULL) + mark->value;
}

void *dt_build_array(dt_builder *b, size_t count, size_t size) {
    void *array = dt_arena_array(b->scenario->arena, count, size);
    b->no_memory |= !array;
    return array;
}

char *dt_build_copy(dt_builder *b, const char *data, size_t length) {
    char *copy = dt_arena_copy(b->scenario->arena, data, length);
    b->no_memory |= !copy;
    return copy;
}

static const char *type_text(const config_setting_t *setting) {
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_GROUP: return "a group { }";
    case CONFIG_TYPE_ARRAY: return "an array [ ]";
    case CONFIG_TYPE_LIST: return "a list ( )";
    case CONFIG_TYPE_STRING: return "a string";
    case CONFIG_TYPE_BOOL: return "true or false";
    default: return "a number";
    }
}

void dt_complain_type(dt_builder *b, const config_setting_t *setting, const char *what) {
    dt_complain(b->complaints, DT_ERROR, dt_value_place(b, setting), "expected %s, found %s", what,
                type_text(setting));
}

/* Decodes a string that has escapes or several pieces, with the place of each byte. */
static bool decode(dt_builder *b, const config_setting_t *setting, dt_text *text) {
    const dt_mark *mark = mark_of(setting);
    char *data = dt_build_array(b, mark->value_length, 1);
    uint32_t *offsets = dt_build_array(b, mark->value_length, sizeof *offsets);
    if (!data || !offsets)
        return false;
    text->length = dt_decode(dt_source_text(b->source, NULL), mark, data, offsets);
    text->data = data;
    text->offsets = offsets;
    size_t good = dt_utf8_valid(data, text->length);
    const char *nul = memchr(data, 0, text->length);
    if (nul || good < text->length) {
        dt_complain(
            b->complaints, DT_ERROR, dt_text_place(text, nul ? (size_t)(nul - data) : good, 4),
            nul ? "a string cannot hold a NUL character" : "this escape does not make UTF-8 text");
        return false;
    }
    return true;
}

bool dt_get_text(dt_builder *b, const config_setting_t *setting, dt_text *text) {
    if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
        dt_complain_type(b, setting, "a string");
        return false;
    }
    const char *value = config_setting_get_string(setting);
    value = value ? value : "";
    *text = (dt_text){.length = strlen(value), .place = dt_value_place(b, setting), .lead = 1};
    if (!mark_of(setting)->plain) {
        if (!decode(b, setting, text))
            return false;
        if (strcmp(text->data, value) == 0)
            return true;
        dt_complain(b->complaints, DT_ERROR, text->place,
                    "libconfig reads this string differently from deterra");
        return false;
    }
    return (text->data = dt_build_copy(b, value, text->length)) != NULL;
}

const char *dt_get_string(dt_builder *b, const config_setting_t *setting) {
    dt_text text;
    return dt_get_text(b, setting, &text) ? text.data : NULL;
}

static void complain_number(dt_builder *b, const config_setting_t *setting, const char *digits,
                            size_t length, dt_number_result result) {
    dt_shown shown = dt_show_bytes(digits, length);
    dt_place place = dt_value_place(b, setting);
    if (result == DT_NUMBER_RANGE)
        dt_complain(b->complaints, DT_ERROR, place, "`%s` is beyond the range of a double",
                    shown.text);
    else
        dt_complain(b->complaints, DT_ERROR, place,
                    "`%s` is not a number: expected a decimal such as 0.25, or \"p/q\"",
                    shown.text);
}

/* A number's literal. Integers libconfig could not hold are refused though we could hold them:
 * any other reader of the file would see another number. */
static bool literal_number(dt_builder *b, const config_setting_t *setting, fmpq_t value) {
    size_t length;
    const char *literal = dt_literal(b, setting, &length);
    uint8_t kind = mark_of(setting)->kind;
    if (kind == DT_TOKEN_HEX || kind == DT_TOKEN_HEX64) {
        dt_complain(b->complaints, DT_ERROR, dt_value_place(b, setting),
                    "`%s` is hexadecimal: write it as a decimal",
                    dt_show_bytes(literal, length).text);
        return false;
    }
    bool integer = kind == DT_TOKEN_INTEGER || kind == DT_TOKEN_INTEGER64;
    fmpq_t read;
    fmpq_init(read);
    dt_number_result result = dt_number_read(literal, length, read);
    bool good = result == DT_NUMBER_OK && (!integer || fmpz_fits_si(fmpq_numref(read)));
    if (good)
        fmpq_set(value, read);
    else if (integer)
        dt_complain(b->complaints, DT_ERROR, dt_value_place(b, setting),
                    "the integer `%s` does not fit in 64 bits: write it with a point, or in quotes",
                    dt_show_bytes(literal, length).text);
    else
        complain_number(b, setting, literal, length, result);
    fmpq_clear(read);
    return good;
}

bool dt_get_number(dt_builder *b, const config_setting_t *setting, fmpq_t value) {
    if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
        dt_text text;
        if (!dt_get_text(b, setting, &text))
            return false;
        dt_number_result result = dt_number_read(text.data, text.length, value);
        if (result != DT_NUMBER_OK)
            complain_number(b, setting, text.data, text.length, result);
        return result == DT_NUMBER_OK;
    }
    if (!config_setting_is_number(setting)) {
        dt_complain_type(b, setting, "a number");
        return false;
    }
    return literal_number(b, setting, value);
}

bool dt_is_sequence(dt_builder *b, const config_setting_t *setting, const char *what) {
    if (config_setting_is_list(setting) || config_setting_is_array(setting))
        return true;
    dt_complain_type(b, setting, what);
    return false;
}

bool dt_is_group(dt_builder *b, const config_setting_t *setting, const char *what) {
    if (config_setting_is_group(setting))
        return true;
    dt_complain_type(b, setting, what);
    return false;
}

size_t dt_length(const config_setting_t *setting) {
    return (size_t)config_setting_length(setting);
}

config_setting_t *dt_element(const config_setting_t *setting, size_t i) {
    return config_setting_get_elem(setting, (unsigned)i);
}

config_setting_t *dt_member(const config_setting_t *group, const char *name) {
    return config_setting_get_member(group, name);
}

config_setting_t *dt_required(dt_builder *b, const config_setting_t *group, const char *name,
                              const char *owner) {
    config_setting_t *member = dt_member(group, name);
    if (!member)
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, group), "%s needs `%s`", owner, name);
    return member;
}

const char *dt_optional_string(dt_builder *b, const config_setting_t *group, const char *name) {
    const config_setting_t *member = dt_member(group, name);
    return member ? dt_get_string(b, member) : NULL;
}

void dt_complain_unknown(dt_builder *b, dt_place place, const char *word, const char *owner,
                         const char *const *known, const char *const *more) {
    dt_nearest near = {word, NULL, 0};
    bool read = b->complaints->errors < DT_COMPLAINT_CAP; /* else the message is only counted */
    for (; read && known && *known; known++)
        dt_nearest_offer(&near, *known);
    for (; read && more && *more; more++)
        dt_nearest_offer(&near, *more);
    dt_complain(b->complaints, DT_ERROR, place, "unknown setting `%s` in %s%s%s%s",
                dt_show(word).text, owner, near.best ? "; did you mean `" : "",
                near.best ? dt_show(near.best).text : "", near.best ? "`?" : "");
}

static bool is_known(const char *const *known, const char *name) {
    for (; *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

void dt_check_known(dt_builder *b, const config_setting_t *group, const char *const *known,
                    const char *owner) {
    for (size_t i = 0; i < dt_length(group); i++) {
        const config_setting_t *member = dt_element(group, i);
        const char *name = config_setting_name(member);
        if (!is_known(known, name))
            dt_complain_unknown(b, dt_name_place(b, member), name, owner, known, NULL);
    }
}
