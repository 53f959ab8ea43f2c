/* Config files to scenarios: the entry points, and the order of the steps. */
#include "deterra/config.h"

#include "base/digest.h"
#include "base/source.h"
#include "config/build.h"
#include "config/reader.h"
#include "config/tree.h"
#include "scenario/validate.h"

/* The joined text to the scenario that owns it. */
static dt_status build(dt_scenario *scenario, const dt_config_options *options,
                       dt_complaints *complaints, bool *parsed) {
    dt_tree tree;
    dt_status status = dt_tree_parse(&tree, scenario->source, complaints);
    *parsed = status == DT_OK;
    if (status == DT_OK) {
        dt_builder b = {.scenario = scenario, .source = scenario->source, .complaints = complaints};
        size_t wrong = dt_build_scenario(&b, config_root_setting(&tree.config));
        size_t before = complaints->errors;
        status = b.no_memory ? DT_ERR_MEMORY : dt_validate(scenario, complaints);
        scenario->declared = !wrong && complaints->errors == before;
        if (status == DT_OK && options)
            dt_build_options(&b, options);
        if (b.no_memory)
            status = DT_ERR_MEMORY;
        dt_digest(scenario->source, options ? options->sets : 0, options ? options->set : NULL,
                  scenario->sha256);
    }
    dt_tree_free(&tree);
    return status;
}

/* Reads from memory where `text` is given, else the file. */
static dt_status read_any(const char *name, const char *text, size_t length,
                          const dt_config_options *options, dt_diag *diag, dt_scenario **out) {
    *out = NULL;
    if (options && options->partial)
        *options->partial = NULL;
    dt_complaints complaints = {diag, 0, 0};
    dt_scenario *scenario = dt_scenario_new();
    if (!scenario)
        return DT_ERR_MEMORY;
    dt_status status = DT_ERR_MEMORY;
    bool parsed = false;
    scenario->source = dt_source_new();
    if (scenario->source) {
        status = text ? dt_reader_text(name, text, length, scenario->source, &complaints)
                      : dt_reader_file(name, scenario->source, &complaints);
        if (status == DT_OK)
            status = build(scenario, options, &complaints, &parsed);
    }
    dt_complaints_end(&complaints);
    if (status == DT_OK && complaints.errors)
        status = DT_ERR_INPUT;
    if (status == DT_OK)
        *out = scenario;
    else if (status == DT_ERR_INPUT && parsed && options && options->partial)
        *options->partial = scenario;
    else
        dt_scenario_free(scenario);
    return status;
}

dt_status dt_config_apply(const dt_config_options *options, dt_scenario *scenario, dt_diag *diag) {
    dt_complaints complaints = {diag, 0, 0};
    dt_builder b = {.scenario = scenario, .source = scenario->source, .complaints = &complaints};
    dt_build_options(&b, options);
    dt_complaints_end(&complaints);
    return b.no_memory ? DT_ERR_MEMORY : complaints.errors ? DT_ERR_INPUT : DT_OK;
}

dt_status dt_config_read(const char *path, const dt_config_options *options, dt_diag *diag,
                         dt_scenario **out) {
    return read_any(path, NULL, 0, options, diag, out);
}

dt_status dt_config_read_text(const char *name, const char *text, size_t length,
                              const dt_config_options *options, dt_diag *diag, dt_scenario **out) {
    return read_any(name, text ? text : "", text ? length : 0, options, diag, out);
}
