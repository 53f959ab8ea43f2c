/* Reporters: a result list to text, CSV, JSON, Markdown or LaTeX. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_REPORT_H
#define DETERRA_REPORT_H

#include "deterra/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A table for people: explain, check and list make them, and the reporters make them of results. */
typedef enum dt_align { DT_LEFT, DT_RIGHT, DT_DECIMAL } dt_align;

typedef struct dt_column {
    const char *head;
    const char *group; /* a heading over neighbouring columns with the same one, or NULL */
    dt_align align;    /* DT_DECIMAL: numbers, aligned at the point */
} dt_column;

/* A cell is a text or a number. Empty: text NULL and is_number false. */
typedef struct dt_cell {
    const char *text;
    bool is_number;
    dt_number number;
    bool repeated; /* the same as above: left blank in tables for people, not in data */
} dt_cell;

typedef struct dt_table {
    const char *name;  /* a word for CSV and JSON: "deviations" */
    const char *title; /* a line above, or NULL */
    size_t columns;
    dt_column *column;
    size_t rows;
    dt_cell *cell; /* rows × columns */
    size_t notes;  /* lines below */
    const char **note;
    const char *label; /* of LaTeX, of a-z, 0-9 and -; NULL: the name and a number */
    bool uniform;      /* numbers look alike in all columns but the first: one kind of quantity */
} dt_table;

/* A parameter of a table, for JSON: the rows or columns that stand for it, or its one value. */
typedef struct dt_table_axis {
    const char *role; /* "rows", "columns", "where" */
    const char *parameter, *unit;
    bool intervals, log;
    size_t count;
    const double *value; /* count; of intervals count + 1 ends */
} dt_table_axis;

typedef struct dt_document {
    const char *title;
    const char *config_sha256; /* or NULL */
    size_t tables;
    dt_table *table;
    size_t notes; /* lines below all tables */
    const char **note;
    size_t settings; /* what is shown and how, for JSON */
    dt_setting_used *setting;
    size_t axes; /* likewise */
    dt_table_axis *axis;
} dt_document;

/* Writes to *text (malloc'd, NUL-terminated, *length bytes). DT_OK, DT_ERR_MEMORY, or DT_ERR_USAGE
 * for a format that does not exist. Byte for byte the same for the same input. */
typedef struct dt_report_input {
    const char *title;
    const char *config_sha256; /* or NULL */
    const dt_game *game;
    const dt_result_list *results;
    size_t timings; /* of results with --timings, else 0 */
    const double *seconds;
    bool colour; /* text only: for terminals */
} dt_report_input;

typedef struct dt_reporter {
    const char *name;    /* "text", "csv", "json", "latex", "markdown" */
    const char *summary; /* one line for --help */
    dt_status (*results)(const dt_report_input *input, char **text, size_t *length);
    dt_status (*document)(const dt_document *document, bool colour, char **text, size_t *length);
} dt_reporter;

/* The registry. */
size_t dt_reporter_count(void);
const dt_reporter *dt_reporter_at(size_t i);
const dt_reporter *dt_reporter_find(const char *name); /* NULL when unknown */

/* The shortest decimal that reads back as the same double ("0.1", "-4", "1e+300"); -0 is "0";
 * "inf", "-inf" and "nan" of what is no number. At most 32 bytes with the NUL. Returns buffer. */
char *dt_format_double(double value, char *buffer);

#ifdef __cplusplus
}
#endif
#endif
