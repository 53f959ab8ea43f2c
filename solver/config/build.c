/* The top level of a config: which settings there are, and who builds each. */
#include "config/build.h"

#include <string.h>

static void build_title(dt_builder *b, const config_setting_t *setting) {
    const char *title = dt_get_string(b, setting);
    if (title)
        b->scenario->title = title;
}

/* In the order of building, whatever their order in the file. */
static const struct {
    const char *name;
    bool required;
    void (*build)(dt_builder *b, const config_setting_t *setting);
} SECTIONS[] = {
    {"title", false, build_title},       {"parameters", false, dt_build_parameters},
    {"sets", false, dt_build_sets},      {"players", true, dt_build_players},
    {"payoffs", true, dt_build_payoffs}, {"solve", false, dt_build_solve}, /* the last one */
};

enum { SECTION_COUNT = sizeof SECTIONS / sizeof *SECTIONS };

size_t dt_build_scenario(dt_builder *b, const config_setting_t *root) {
    const char *known[SECTION_COUNT + 1] = {NULL};
    for (size_t i = 0; i < SECTION_COUNT; i++)
        known[i] = SECTIONS[i].name;
    dt_check_known(b, root, known, "a config");
    size_t errors = 0;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (i == SECTION_COUNT - 1) /* what is wrong in `solve` declares nothing */
            errors = b->complaints->errors;
        const config_setting_t *setting = SECTIONS[i].required
                                              ? dt_required(b, root, SECTIONS[i].name, "a config")
                                              : dt_member(root, SECTIONS[i].name);
        if (setting)
            SECTIONS[i].build(b, setting);
    }
    return errors;
}
