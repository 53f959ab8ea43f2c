/* Config files: libconfig text to scenario. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_CONFIG_H
#define DETERRA_CONFIG_H

#include "deterra/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the command line adds to a file. */
typedef struct dt_config_options {
    size_t sets;
    const char *const *set; /* "name=value" */
    size_t concepts;
    const char *const *concept_spec; /* "name" or "name:key=value,key=value"; replaces the file's */
    /* Where not NULL: receives, after wrong settings in a file of right syntax, what could be read,
     * so that dt_game_check and dt_concept_check can find further errors; to be freed. */
    dt_scenario **partial;
} dt_config_options;

/* Reads `path` ("-" is standard input), joins its includes, and builds the scenario in *out.
 * Every error of the file is added to `diag` in one run, with file, line and column; libconfig's
 * own syntax error is reported alone. On failure *out is NULL. Limits: 64 MB in all, 64 kB a
 * string, 4096 settings a group and 262144 in all, nesting 256, includes 16 deep and 1024 in all.
 * Time and memory grow linearly with the text. `options` may be NULL. */
dt_status dt_config_read(const char *path, const dt_config_options *options, dt_diag *diag,
                         dt_scenario **out);

/* The same from memory; `name` stands for the file in messages, includes are relative to it. */
dt_status dt_config_read_text(const char *name, const char *text, size_t length,
                              const dt_config_options *options, dt_diag *diag, dt_scenario **out);

/* Adds the --set values and concepts to a scenario that was not read from a config. Errors go to
 * diag: DT_ERR_INPUT when there was one. The scenario's sha256 stays as it is. To be called once.
 */
dt_status dt_config_apply(const dt_config_options *options, dt_scenario *scenario, dt_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
