/* parameters and sets: numbers by name, alone or in tables, and named lists of elements. */
#include <string.h>

#include "config/build.h"
#include "config/limits.h"

static const char *const LEAF_KEYS[] = {"value", "range", "unit", "source", "note", NULL};

/* What a table says of its leaves, unless they say it themselves. */
typedef struct common {
    const char *unit, *source, *note;
    bool has_range;
    fmpq low, high;
} common;

static bool is_leaf_key(const char *name) {
    for (const char *const *key = LEAF_KEYS; *key; key++)
        if (strcmp(*key, name) == 0)
            return true;
    return false;
}

static void read_range(dt_builder *b, const config_setting_t *range, common *c) {
    c->has_range = false;
    if (!dt_is_sequence(b, range, "a range (low, high)"))
        return;
    if (dt_length(range) != 2) {
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, range),
                    "a range is two numbers, (low, high)");
        return;
    }
    bool low = dt_get_number(b, dt_element(range, 0), &c->low);
    bool high = dt_get_number(b, dt_element(range, 1), &c->high);
    c->has_range = low && high;
    if (c->has_range && fmpq_cmp(&c->low, &c->high) > 0) {
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, range),
                    "the range is reversed: %.10g is above %.10g", fmpq_get_d(&c->low),
                    fmpq_get_d(&c->high));
        c->has_range = false;
    }
}

/* Starts with what the level above says, then reads what this group says. */
static void read_common(dt_builder *b, const config_setting_t *group, const common *above,
                        common *c) {
    *c = (common){.unit = above->unit,
                  .source = above->source,
                  .note = above->note,
                  .has_range = above->has_range};
    fmpq_init(&c->low);
    fmpq_init(&c->high);
    fmpq_set(&c->low, &above->low);
    fmpq_set(&c->high, &above->high);
    const char *unit = dt_optional_string(b, group, "unit");
    const char *source = dt_optional_string(b, group, "source");
    const char *note = dt_optional_string(b, group, "note");
    c->unit = unit ? unit : c->unit;
    c->source = source ? source : c->source;
    c->note = note ? note : c->note;
    const config_setting_t *range = dt_member(group, "range");
    if (range)
        read_range(b, range, c);
}

static void clear_common(common *c) {
    fmpq_clear(&c->low);
    fmpq_clear(&c->high);
}

/* A wrong value stays 0 and loses its range, so that it is complained of only once. */
static void fill_leaf(dt_builder *b, const config_setting_t *value, const common *c,
                      dt_parameter *leaf) {
    bool good = dt_get_number(b, value, &leaf->value);
    leaf->unit = c->unit;
    leaf->source = c->source;
    leaf->note = c->note;
    leaf->has_range = good && c->has_range;
    fmpq_set(&leaf->low, &c->low);
    fmpq_set(&leaf->high, &c->high);
}

static void build_entry(dt_builder *b, const config_setting_t *setting, const common *above,
                        size_t depth, dt_parameter *out);

static void build_entries(dt_builder *b, const config_setting_t *group, const common *c,
                          size_t depth, dt_parameter *table) {
    size_t count = 0;
    for (size_t i = 0; i < dt_length(group); i++)
        count += !is_leaf_key(config_setting_name(dt_element(group, i)));
    if (count == 0) {
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, group),
                    "`%s` has neither a `value` nor entries",
                    dt_show(config_setting_name(group)).text);
        return;
    }
    table->child = dt_build_array(b, count, sizeof *table->child);
    for (size_t i = 0; table->child && i < dt_length(group); i++) {
        const config_setting_t *member = dt_element(group, i);
        if (!is_leaf_key(config_setting_name(member)))
            build_entry(b, member, c, depth + 1, &table->child[table->children++]);
    }
}

static void build_group(dt_builder *b, const config_setting_t *group, const common *above,
                        size_t depth, dt_parameter *out) {
    common c;
    read_common(b, group, above, &c);
    const config_setting_t *value = dt_member(group, "value");
    if (value) {
        dt_check_known(b, group, LEAF_KEYS, "a parameter");
        fill_leaf(b, value, &c, out);
    } else if (depth == DT_LIMIT_TABLE_DEPTH) {
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, group),
                    "a table has at most %d indices", (int)DT_LIMIT_TABLE_DEPTH);
    } else {
        out->unit = c.unit;
        out->source = c.source;
        out->note = c.note;
        build_entries(b, group, &c, depth, out);
    }
    clear_common(&c);
}

/* A parameter (depth 0) or a table's entry: a number, or a group of either kind. */
static void build_entry(dt_builder *b, const config_setting_t *setting, const common *above,
                        size_t depth, dt_parameter *out) {
    const char *name = config_setting_name(setting);
    fmpq_init(&out->value);
    fmpq_init(&out->low);
    fmpq_init(&out->high);
    out->place = dt_name_place(b, setting);
    out->name = dt_build_copy(b, name, strlen(name));
    if (config_setting_is_group(setting))
        build_group(b, setting, above, depth, out);
    else if (config_setting_is_aggregate(setting))
        dt_complain_type(b, setting, "a number, or a group { }");
    else
        fill_leaf(b, setting, above, out);
}

void dt_build_parameters(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_group(b, setting, "a group of parameters"))
        return;
    common none = {.has_range = false};
    fmpq_init(&none.low);
    fmpq_init(&none.high);
    dt_scenario *s = b->scenario;
    s->parameter = dt_build_array(b, dt_length(setting), sizeof *s->parameter);
    for (size_t i = 0; s->parameter && i < dt_length(setting); i++)
        build_entry(b, dt_element(setting, i), &none, 0, &s->parameter[s->parameters++]);
    clear_common(&none);
}

static void build_set(dt_builder *b, const config_setting_t *setting, dt_set_spec *set) {
    const char *name = config_setting_name(setting);
    set->name = dt_build_copy(b, name, strlen(name));
    set->place = dt_name_place(b, setting);
    if (!dt_is_sequence(b, setting, "a list of element names"))
        return;
    size_t count = dt_length(setting);
    set->element = dt_build_array(b, count, sizeof *set->element);
    set->element_place = dt_build_array(b, count, sizeof *set->element_place);
    for (size_t i = 0; set->element && set->element_place && i < count; i++) {
        const char *element = dt_get_string(b, dt_element(setting, i));
        if (!element)
            continue;
        set->element[set->elements] = element;
        set->element_place[set->elements++] = dt_value_place(b, dt_element(setting, i));
    }
}

void dt_build_sets(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_group(b, setting, "a group of sets"))
        return;
    dt_scenario *s = b->scenario;
    s->set = dt_build_array(b, dt_length(setting), sizeof *s->set);
    for (size_t i = 0; s->set && i < dt_length(setting); i++)
        build_set(b, dt_element(setting, i), &s->set[s->sets++]);
}
