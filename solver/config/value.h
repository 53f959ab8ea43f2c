/* Values: typed reading of libconfig settings, each complaint at its place. */
#ifndef DT_CONFIG_VALUE_H
#define DT_CONFIG_VALUE_H

#include "config/tree.h"
#include "deterra/scenario.h"

/* What all builders share. They go on after an error, to find the next; a lost allocation is
 * remembered and ends the run with DT_ERR_MEMORY. */
typedef struct dt_builder {
    dt_scenario *scenario;
    const dt_source *source;
    dt_complaints *complaints;
    bool no_memory;
    bool players_known; /* every player was read: a name that is none of them is wrong */
} dt_builder;

/* Places: of a setting's name (of its value where it has none), of its value (of the opening
 * bracket where it has one), of both. */
dt_place dt_name_place(const dt_builder *b, const config_setting_t *setting);
dt_place dt_value_place(const dt_builder *b, const config_setting_t *setting);
dt_place dt_setting_place(const dt_builder *b, const config_setting_t *setting);
/* The literal as written. */
const char *dt_literal(const dt_builder *b, const config_setting_t *setting, size_t *length);

/* Zeroed, in the scenario's arena; NULL when out of memory, which is remembered. */
void *dt_build_array(dt_builder *b, size_t count, size_t size);
char *dt_build_copy(dt_builder *b, const char *data, size_t length);

/* "expected WHAT, found a number" at the value. */
void dt_complain_type(dt_builder *b, const config_setting_t *setting, const char *what);

/* Each returns false (NULL) after a complaint. A number is a decimal or a string that holds one,
 * or a fraction; see dt_number_parse. */
bool dt_get_text(dt_builder *b, const config_setting_t *setting, dt_text *text);
const char *dt_get_string(dt_builder *b, const config_setting_t *setting);
bool dt_get_number(dt_builder *b, const config_setting_t *setting, fmpq_t value);

/* Whether it is a list or an array; complains that it is not WHAT. */
bool dt_is_sequence(dt_builder *b, const config_setting_t *setting, const char *what);
bool dt_is_group(dt_builder *b, const config_setting_t *setting, const char *what);
size_t dt_length(const config_setting_t *setting);
config_setting_t *dt_element(const config_setting_t *setting, size_t i);

/* The member of a group, or NULL; the second form complains where OWNER lacks it. */
config_setting_t *dt_member(const config_setting_t *group, const char *name);
config_setting_t *dt_required(dt_builder *b, const config_setting_t *group, const char *name,
                              const char *owner);
/* The string at an optional member; NULL where it is missing or wrong. */
const char *dt_optional_string(dt_builder *b, const config_setting_t *group, const char *name);

/* Complains of every member of the group that is not in the NULL-terminated list. */
void dt_check_known(dt_builder *b, const config_setting_t *group, const char *const *known,
                    const char *owner);
/* Complains of one unknown setting of OWNER, with the nearest of two lists (the second may be
 * NULL). */
void dt_complain_unknown(dt_builder *b, dt_place place, const char *word, const char *owner,
                         const char *const *known, const char *const *more);

#endif
