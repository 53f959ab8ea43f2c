/* A page: the headings, tables and notes that text, Markdown and LaTeX each render.
 *
 * A page remembers a failed allocation: its builders then return NULL or "", all of them accept
 * that NULL, and the one who renders asks `failed`. All memory lives in the page's arena. */
#ifndef DT_REPORT_PAGE_H
#define DT_REPORT_PAGE_H

#include "deterra/report.h"

/* A table and which of its rows stand apart from the row above. */
typedef struct dt_block {
    dt_table table;
    bool *gap; /* rows, or NULL: none */
} dt_block;

typedef struct dt_section {
    const char *heading; /* or NULL */
    size_t blocks;
    dt_block **block;
    size_t notes;
    const char **note;
} dt_section;

typedef struct dt_page {
    const char *title;    /* "" when there is none */
    const char *subtitle; /* or NULL */
    size_t sections;
    dt_section **section;
    bool failed;
    struct dt_arena *arena;
} dt_page;

dt_page *dt_page_new(const char *title); /* NULL when out of memory */
void dt_page_free(dt_page *page);
/* The page of a document: one section with its tables. NULL when out of memory. */
dt_page *dt_page_of_document(const dt_document *document);

/* Never NULL. */
const char *dt_page_format(dt_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "43 046 721"; four digits stay together. */
const char *dt_page_count(dt_page *page, uint64_t count);
void *dt_page_array(dt_page *page, size_t count, size_t size);

dt_section *dt_page_section(dt_page *page, const char *heading);
void dt_section_note(dt_page *page, dt_section *section, const char *note);
void dt_section_attach(dt_page *page, dt_section *section, dt_block *block);

/* A block that stands nowhere yet. First its columns, then its rows, then its notes. */
dt_block *dt_block_new(dt_page *page, const char *name, const char *title);
void dt_block_column(dt_page *page, dt_block *block, const char *head, const char *group,
                     dt_align align);
/* A row of empty cells to fill. */
dt_cell *dt_block_row(dt_page *page, dt_block *block, bool gap);
void dt_block_note(dt_page *page, dt_block *block, const char *note);

void dt_put_text(dt_cell *row, size_t column, const char *text);
void dt_put_number(dt_cell *row, size_t column, const dt_number *number);
void dt_put_count(dt_cell *row, size_t column, uint64_t count);

#endif
