/* The builders: libconfig's tree to a scenario, one file for each top-level setting. */
#ifndef DT_CONFIG_BUILD_H
#define DT_CONFIG_BUILD_H

#include "config/value.h"
#include "deterra/config.h"

/* Fills b->scenario from the root; complaints say what was wrong. Returns how many errors there
 * were outside `solve`: they leave something undeclared. */
size_t dt_build_scenario(dt_builder *b, const config_setting_t *root);

/* What the command line adds, each with a source of its own in scenario->extra. */
void dt_build_options(dt_builder *b, const dt_config_options *options);

/* One top-level setting each. Payoffs come after players. */
void dt_build_players(dt_builder *b, const config_setting_t *setting);
void dt_build_parameters(dt_builder *b, const config_setting_t *setting);
void dt_build_sets(dt_builder *b, const config_setting_t *setting);
void dt_build_payoffs(dt_builder *b, const config_setting_t *setting);
void dt_build_blocs(dt_builder *b, const config_setting_t *setting);
void dt_build_sweep(dt_builder *b, const config_setting_t *setting);
void dt_build_solve(dt_builder *b, const config_setting_t *setting);

/* A list of concepts with their settings. */
void dt_build_concepts(dt_builder *b, const config_setting_t *list, dt_concept_request **request,
                       size_t *count);

/* Fills a concept's setting from its text: a number where it reads as one. */
void dt_fill_setting(dt_setting *setting, const char *text, size_t length);

#endif
