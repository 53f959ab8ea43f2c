/* The top level of a config: which settings there are, and who builds each. */
#include "config/build.h"

#include <string.h>

#include "base/nearest.h"

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
    {"payoffs", true, dt_build_payoffs}, {"blocs", false, dt_build_blocs},
    {"solve", false, dt_build_solve},    {"sweep", false, dt_build_sweep},
};

/* What is wrong in the last two sections, solve and sweep, declares nothing. */
enum { SECTION_COUNT = sizeof SECTIONS / sizeof *SECTIONS, DECLARING = SECTION_COUNT - 2 };

/* How many unknown settings look like a section that declares something. */
static size_t misspelt_sections(const config_setting_t *root, const char *const *known) {
    size_t count = 0;
    for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
        const char *name = config_setting_name(config_setting_get_elem(root, i));
        dt_nearest search = {name, NULL, 0};
        bool is_known = false;
        for (size_t k = 0; known[k]; k++) {
            dt_nearest_offer(&search, known[k]);
            is_known = is_known || strcmp(known[k], name) == 0;
        }
        count += !is_known && search.best && strcmp(search.best, "title") != 0 &&
                 strcmp(search.best, "solve") != 0 && strcmp(search.best, "sweep") != 0;
    }
    return count;
}

size_t dt_build_scenario(dt_builder *b, const config_setting_t *root) {
    const char *known[SECTION_COUNT + 1] = {NULL};
    for (size_t i = 0; i < SECTION_COUNT; i++)
        known[i] = SECTIONS[i].name;
    dt_check_known(b, root, known, "a config");
    size_t misspelt = misspelt_sections(root, known);
    size_t before = b->complaints->errors, errors = 0;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (i == DECLARING)
            errors = b->complaints->errors - before + misspelt;
        const config_setting_t *setting = SECTIONS[i].required
                                              ? dt_required(b, root, SECTIONS[i].name, "a config")
                                              : dt_member(root, SECTIONS[i].name);
        if (setting)
            SECTIONS[i].build(b, setting);
    }
    return errors;
}
