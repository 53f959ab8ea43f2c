/* blocs: which players act as one. */
#include <string.h>

#include "config/build.h"

static const char *const BLOC_KEYS[] = {"name", "members", "weights", NULL};

static void build_members(dt_builder *b, const config_setting_t *list, dt_bloc_spec *bloc) {
    size_t count = dt_length(list);
    bloc->member = dt_build_array(b, count, sizeof *bloc->member);
    bloc->member_place = dt_build_array(b, count, sizeof *bloc->member_place);
    bloc->weight = dt_build_array(b, count, sizeof *bloc->weight);
    if (!bloc->member || !bloc->member_place || !bloc->weight)
        return;
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *element = dt_element(list, i);
        const char *name = dt_get_string(b, element);
        if (!name)
            continue;
        bloc->member[bloc->members] = name;
        bloc->member_place[bloc->members] = dt_value_place(b, element);
        fmpq_init(&bloc->weight[bloc->members]);
        fmpq_one(&bloc->weight[bloc->members++]);
    }
}

static void build_weights(dt_builder *b, const config_setting_t *list, size_t members,
                          dt_bloc_spec *bloc) {
    if (!dt_is_sequence(b, list, "a list of weights"))
        return;
    size_t count = dt_length(list);
    if (count != members)
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, list),
                    "%zu weight%s for %zu member%s", count, count == 1 ? "" : "s", members,
                    members == 1 ? "" : "s");
    for (size_t i = 0; i < count && i < bloc->members; i++)
        dt_get_number(b, dt_element(list, i), &bloc->weight[i]);
}

/* ["US", "JP"], or { name = "West"; members = ["US", "JP"]; weights = (1, 0.5); } */
static bool build_bloc(dt_builder *b, const config_setting_t *setting, dt_bloc_spec *bloc) {
    bloc->place = dt_value_place(b, setting);
    if (!config_setting_is_group(setting)) {
        if (!dt_is_sequence(b, setting, "a bloc: [\"A\", \"B\"] or { members = […]; }"))
            return false;
        build_members(b, setting, bloc);
        return true;
    }
    dt_check_known(b, setting, BLOC_KEYS, "a bloc");
    bloc->name = dt_optional_string(b, setting, "name");
    const config_setting_t *members = dt_required(b, setting, "members", "a bloc");
    const config_setting_t *weights = dt_member(setting, "weights");
    if (!members || !dt_is_sequence(b, members, "a list of players"))
        return false;
    build_members(b, members, bloc);
    if (weights)
        build_weights(b, weights, dt_length(members), bloc);
    return true;
}

void dt_build_blocs(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_sequence(b, setting, "a list of blocs"))
        return;
    dt_scenario *s = b->scenario;
    s->blocs_place = dt_name_place(b, setting);
    if (dt_length(setting) == 0)
        dt_complain(b->complaints, DT_ERROR, s->blocs_place, "there is no bloc in `blocs`");
    s->bloc = dt_build_array(b, dt_length(setting), sizeof *s->bloc);
    for (size_t i = 0; s->bloc && i < dt_length(setting); i++)
        if (build_bloc(b, dt_element(setting, i), &s->bloc[s->blocs]))
            s->blocs++;
}
