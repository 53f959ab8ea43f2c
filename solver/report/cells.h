/* Cells as strings: how many decimals a column shows, and how wide a table gets. */
#ifndef DT_REPORT_CELLS_H
#define DT_REPORT_CELLS_H

#include "report/page.h"

/* rows × columns strings in the page's arena; NULL on failure (also of an empty table). A column
 * whose numbers are all known exactly to at most 4 decimals shows them so; else it shows about five
 * digits of its largest number, at most 6 decimals, and an exact 0 as "0". Below 0.001 and from
 * 1e15 the numbers are scientific. */
const char **dt_cells(dt_page *page, const dt_table *table);

/* What text needs to align a table, in terminal columns. */
typedef struct dt_measure {
    size_t *width; /* columns: the whole column's */
    size_t *left;  /* columns: of DT_DECIMAL ones the part before the point */
    size_t total;  /* with the gaps between columns */
} dt_measure;
/* Gaps of 2 columns, of 3 where the group changes. False on failure. */
bool dt_cells_measure(dt_page *page, const dt_table *table, const char **cell, dt_measure *out);
size_t dt_cells_gap(const dt_table *table, size_t column); /* before that column */
/* Bytes of a number before its point or, without one, before its exponent or its end. */
size_t dt_cells_point(const char *text);
/* The fraction of a rational that no short decimal shows exactly, or NULL: worth a column. */
const char *dt_cells_fraction(const dt_number *number);
/* The last column of the run with the same group as `column`. */
size_t dt_cells_group_end(const dt_table *table, size_t column);
bool dt_cells_grouped(const dt_table *table); /* some column has a group */

#endif
