/* The reporters: a new format is one file and one line here. */
#include <string.h>

#include "report/reporters.h"

static const dt_reporter *const REPORTERS[] = {
    &dt_reporter_text,  &dt_reporter_csv,      &dt_reporter_json,
    &dt_reporter_latex, &dt_reporter_markdown,
};

size_t dt_reporter_count(void) {
    return sizeof REPORTERS / sizeof *REPORTERS;
}

const dt_reporter *dt_reporter_at(size_t i) {
    return i < dt_reporter_count() ? REPORTERS[i] : NULL;
}

const dt_reporter *dt_reporter_find(const char *name) {
    for (size_t i = 0; i < dt_reporter_count(); i++)
        if (strcmp(REPORTERS[i]->name, name) == 0)
            return REPORTERS[i];
    return NULL;
}
