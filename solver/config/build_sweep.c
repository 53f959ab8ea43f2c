/* sweep: at which parameter points the game is solved, and what is kept of each. */
#include <string.h>

#include "config/build.h"

static const char *const SWEEP_KEYS[] = {"design",   "points", "seed", "over",
                                         "concepts", "record", NULL};
static const char *const AXIS_KEYS[] = {"parameter", "range", "steps", "scale", NULL};
static const char *const RECORD_KEYS[] = {"name", "value", NULL};

/* A number with its place; `has` tells. */
static void get_number(dt_builder *b, const config_setting_t *setting, bool *has, fmpq *value,
                       dt_place *place) {
    *has = dt_get_number(b, setting, value);
    *place = dt_value_place(b, setting);
}

static void get_word(dt_builder *b, const config_setting_t *setting, const char **word,
                     dt_place *place) {
    *word = dt_get_string(b, setting);
    *place = dt_value_place(b, setting);
}

static void build_range(dt_builder *b, const config_setting_t *range, dt_axis_spec *axis) {
    axis->range_place = dt_name_place(b, range);
    if (!dt_is_sequence(b, range, "a range [low, high]"))
        return;
    if (dt_length(range) != 2) {
        dt_complain(b->complaints, DT_ERROR, axis->range_place,
                    "a range is two numbers, [low, high]");
        return;
    }
    bool low = dt_get_number(b, dt_element(range, 0), &axis->low);
    bool high = dt_get_number(b, dt_element(range, 1), &axis->high);
    axis->has_range = low && high;
}

/* "gain", or { parameter = "gain"; range = [1, 9]; steps = 9; scale = "log"; } */
static bool build_axis(dt_builder *b, const config_setting_t *setting, dt_axis_spec *axis) {
    fmpq_init(&axis->low);
    fmpq_init(&axis->high);
    fmpq_init(&axis->steps);
    axis->place = dt_value_place(b, setting);
    if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
        axis->parameter = dt_get_string(b, setting);
        return true;
    }
    if (!dt_is_group(b, setting, "a parameter: its name, or { parameter = \"name\"; … }"))
        return true;
    dt_check_known(b, setting, AXIS_KEYS, "an entry of `over`");
    const config_setting_t *name = dt_required(b, setting, "parameter", "an entry of `over`");
    const config_setting_t *range = dt_member(setting, "range"),
                           *steps = dt_member(setting, "steps"),
                           *scale = dt_member(setting, "scale");
    if (name)
        get_word(b, name, &axis->parameter, &axis->place);
    if (range)
        build_range(b, range, axis);
    if (steps)
        get_number(b, steps, &axis->has_steps, &axis->steps, &axis->steps_place);
    if (scale)
        get_word(b, scale, &axis->scale, &axis->scale_place);
    return true;
}

static void build_over(dt_builder *b, const config_setting_t *list, dt_sweep_spec *sweep) {
    if (!dt_is_sequence(b, list, "a list of parameters"))
        return;
    sweep->over_place = dt_name_place(b, list);
    sweep->axis = dt_build_array(b, dt_length(list), sizeof *sweep->axis);
    for (size_t i = 0; sweep->axis && i < dt_length(list); i++)
        sweep->axes += build_axis(b, dt_element(list, i), &sweep->axis[sweep->axes]);
}

static bool is_row(const config_setting_t *setting) {
    return config_setting_is_list(setting) || config_setting_is_array(setting);
}

static void add_value(dt_builder *b, const config_setting_t *setting, dt_sweep_spec *sweep) {
    fmpq *value = &sweep->value[sweep->values++];
    fmpq_init(value);
    dt_get_number(b, setting, value);
}

/* A row of numbers for each point; of one parameter a number will do. */
static void build_list(dt_builder *b, const config_setting_t *list, dt_sweep_spec *sweep) {
    size_t rows = dt_length(list), total = 0;
    for (size_t i = 0; i < rows; i++)
        total += is_row(dt_element(list, i)) ? dt_length(dt_element(list, i)) : 1;
    sweep->row_length = dt_build_array(b, rows, sizeof *sweep->row_length);
    sweep->row_place = dt_build_array(b, rows, sizeof *sweep->row_place);
    sweep->value = dt_build_array(b, total, sizeof *sweep->value);
    if (!sweep->row_length || !sweep->row_place || !sweep->value)
        return;
    for (size_t i = 0; i < rows; i++) {
        const config_setting_t *row = dt_element(list, i);
        size_t before = sweep->values;
        if (is_row(row))
            for (size_t k = 0; k < dt_length(row); k++)
                add_value(b, dt_element(row, k), sweep);
        else
            add_value(b, row, sweep);
        sweep->row_place[i] = dt_value_place(b, row);
        sweep->row_length[i] = sweep->values - before;
        sweep->rows++;
    }
}

static void build_points(dt_builder *b, const config_setting_t *setting, dt_sweep_spec *sweep) {
    sweep->points_place = dt_name_place(b, setting);
    if (is_row(setting))
        build_list(b, setting, sweep);
    else
        get_number(b, setting, &sweep->has_points, &sweep->points, &sweep->points_place);
}

/* "equilibria", "US.subsidy:on", or { name = "deterred"; value = "CN.export_control:none"; } */
static bool build_record(dt_builder *b, const config_setting_t *setting, dt_record_spec *record) {
    if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
        record->name = dt_get_string(b, setting);
        return dt_get_text(b, setting, &record->text) && record->name;
    }
    if (!dt_is_group(b, setting, "a record: a word, a formula, or { name; value; }"))
        return false;
    dt_check_known(b, setting, RECORD_KEYS, "a record");
    const config_setting_t *name = dt_required(b, setting, "name", "a record");
    const config_setting_t *value = dt_required(b, setting, "value", "a record");
    record->name = name ? dt_get_string(b, name) : NULL;
    return value && dt_get_text(b, value, &record->text) && record->name;
}

static void build_records(dt_builder *b, const config_setting_t *list, dt_sweep_spec *sweep) {
    if (!dt_is_sequence(b, list, "a list of records"))
        return;
    if (dt_length(list) == 0)
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, list),
                    "there is nothing in `record`: leave it out to keep equilibria and payoffs");
    sweep->record = dt_build_array(b, dt_length(list), sizeof *sweep->record);
    for (size_t i = 0; sweep->record && i < dt_length(list); i++)
        if (build_record(b, dt_element(list, i), &sweep->record[sweep->records]))
            sweep->records++;
}

void dt_build_sweep(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_group(b, setting, "a group { design = …; over = …; }"))
        return;
    dt_check_known(b, setting, SWEEP_KEYS, "sweep");
    dt_sweep_spec *sweep = &b->scenario->sweep;
    sweep->given = true;
    sweep->place = dt_name_place(b, setting);
    const config_setting_t *design = dt_required(b, setting, "design", "sweep");
    const config_setting_t *over = dt_required(b, setting, "over", "sweep");
    const config_setting_t *points = dt_member(setting, "points"),
                           *seed = dt_member(setting, "seed"),
                           *concepts = dt_member(setting, "concepts"),
                           *record = dt_member(setting, "record");
    if (design)
        get_word(b, design, &sweep->design, &sweep->design_place);
    if (over)
        build_over(b, over, sweep);
    if (points)
        build_points(b, points, sweep);
    if (seed)
        get_number(b, seed, &sweep->has_seed, &sweep->seed, &sweep->seed_place);
    if (concepts)
        dt_build_concepts(b, concepts, &sweep->concept_request, &sweep->concepts);
    if (record)
        build_records(b, record, sweep);
}
