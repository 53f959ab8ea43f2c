/* The reporters, one a file. */
#ifndef DT_REPORT_REPORTERS_H
#define DT_REPORT_REPORTERS_H

#include "deterra/report.h"

extern const dt_reporter dt_reporter_text;
extern const dt_reporter dt_reporter_csv;
extern const dt_reporter dt_reporter_json;
extern const dt_reporter dt_reporter_latex;
extern const dt_reporter dt_reporter_markdown;

#endif
