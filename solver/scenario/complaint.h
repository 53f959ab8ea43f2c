/* Complaints: diagnostics of one run, capped, so that a huge broken file is not a huge report. */
#ifndef DT_SCENARIO_COMPLAINT_H
#define DT_SCENARIO_COMPLAINT_H

#include "deterra/diag.h"

/* So many errors, and so many warnings, are written out; the rest is counted. dt_diag compares a
 * new entry with all before it: without a cap a file of errors would take quadratic time. */
enum { DT_COMPLAINT_CAP = 100 };

typedef struct dt_complaints {
    dt_diag *diag;
    size_t errors, warnings;
} dt_complaints;

void dt_complain(dt_complaints *complaints, dt_severity severity, dt_place place,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Adds the "and N more" lines where the cap cut. */
void dt_complaints_end(const dt_complaints *complaints);

/* A user's word made fit for a message: cut to a few dozen characters, control characters
 * replaced. A value, so that several fit in one call: dt_show(name).text. */
typedef struct dt_shown {
    char text[64];
} dt_shown;
dt_shown dt_show(const char *word);
dt_shown dt_show_bytes(const char *word, size_t length);

#endif
