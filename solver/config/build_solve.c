/* solve: which solution concepts are asked for, with which settings. */
#include <string.h>

#include "config/build.h"
#include "scenario/number.h"

static const char *const SOLVE_KEYS[] = {"concepts", NULL};

void dt_fill_setting(dt_setting *setting, const char *text, size_t length) {
    setting->text = text;
    fmpq_init(&setting->number);
    setting->is_number = dt_number_read(text, length, &setting->number) == DT_NUMBER_OK;
}

/* A number or a string; a string that reads as a number is one. */
static bool build_setting(dt_builder *b, const config_setting_t *member, dt_setting *setting) {
    const char *key = config_setting_name(member), *text;
    size_t length;
    setting->key = dt_build_copy(b, key, strlen(key));
    setting->place = dt_setting_place(b, member);
    if (config_setting_type(member) == CONFIG_TYPE_STRING) {
        text = dt_get_string(b, member);
        length = text ? strlen(text) : 0;
    } else if (config_setting_is_number(member)) {
        fmpq_t checked;
        fmpq_init(checked);
        bool good = dt_get_number(b, member, checked);
        fmpq_clear(checked);
        const char *literal = dt_literal(b, member, &length);
        text = good ? dt_build_copy(b, literal, length) : NULL;
    } else {
        dt_complain_type(b, member, "a number or a string");
        text = NULL;
    }
    if (!text || !setting->key)
        return false;
    dt_fill_setting(setting, text, length);
    return true;
}

static bool build_group(dt_builder *b, const config_setting_t *group, dt_concept_request *request) {
    const config_setting_t *name = dt_required(b, group, "concept", "a concept in a group");
    request->setting = dt_build_array(b, dt_length(group), sizeof *request->setting);
    if (!name || !request->setting)
        return false;
    request->name = dt_get_string(b, name);
    request->place = dt_value_place(b, name);
    for (size_t i = 0; i < dt_length(group); i++) {
        const config_setting_t *member = dt_element(group, i);
        if (member != name && build_setting(b, member, &request->setting[request->settings]))
            request->settings++;
    }
    return true; /* even without a name: its settings are to be freed */
}

static bool build_concept(dt_builder *b, const config_setting_t *setting,
                          dt_concept_request *request) {
    if (config_setting_is_group(setting))
        return build_group(b, setting, request);
    if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
        dt_complain_type(b, setting,
                         "a concept: its name, or { concept = \"name\"; key = value; }");
        return false;
    }
    request->name = dt_get_string(b, setting);
    request->place = dt_value_place(b, setting);
    return request->name != NULL;
}

void dt_build_concepts(dt_builder *b, const config_setting_t *list, dt_concept_request **request,
                       size_t *count) {
    if (!dt_is_sequence(b, list, "a list of concepts"))
        return;
    *request = dt_build_array(b, dt_length(list), sizeof **request);
    for (size_t i = 0; *request && i < dt_length(list); i++)
        if (build_concept(b, dt_element(list, i), &(*request)[*count]))
            ++*count;
}

void dt_build_solve(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_group(b, setting, "a group { concepts = …; }"))
        return;
    dt_check_known(b, setting, SOLVE_KEYS, "solve");
    const config_setting_t *list = dt_required(b, setting, "concepts", "solve");
    if (list)
        dt_build_concepts(b, list, &b->scenario->concept_request, &b->scenario->concepts);
}
