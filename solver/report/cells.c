/* Cells as strings: how many decimals a column shows, and how wide a table gets. */
#include "report/cells.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/utf8.h"

enum { EXACT_DECIMALS = 4, DIGITS = 5, MOST_DECIMALS = 6 };
enum { LONGEST_EXACT = 18, LONGEST_FRACTION = 24 }; /* bytes of a number's exact text */

/* How one column shows its numbers. */
typedef struct style {
    int decimals;
    bool rounded, scientific;
} style;

/* Decimals that show the number exactly, or -1 where no more than EXACT_DECIMALS do. */
static int decimals_of(const dt_number *number) {
    if (number->exact) {
        if (strlen(number->exact) > LONGEST_EXACT)
            return -1;
        const char *slash = strchr(number->exact, '/');
        unsigned long below = slash ? strtoul(slash + 1, NULL, 10) : 1;
        unsigned long power = 1;
        for (int d = 0; d <= EXACT_DECIMALS; d++, power *= 10)
            if (power % below == 0)
                return d;
        return -1;
    }
    if (number->radius != 0)
        return -1;
    char text[32];
    dt_format_double(number->value, text);
    if (strchr(text, 'e'))
        return -1;
    const char *point = strchr(text, '.');
    size_t decimals = point ? strlen(point + 1) : 0;
    return decimals <= EXACT_DECIMALS ? (int)decimals : -1;
}

/* The style of a column, or of several that shall look alike: from `first`, before `end`. */
static style columns_style(const dt_table *table, size_t first, size_t end) {
    style s = {0};
    double largest = 0;
    size_t wide = end - first;
    for (size_t i = 0; i < table->rows * wide; i++) {
        const dt_cell *cell = &table->cell[i / wide * table->columns + first + i % wide];
        if (!cell->is_number)
            continue;
        assert(isfinite(cell->number.value));
        int decimals = decimals_of(&cell->number);
        s.rounded |= decimals < 0;
        s.decimals = decimals > s.decimals ? decimals : s.decimals;
        largest = fmax(largest, fabs(cell->number.value));
    }
    if (!s.rounded)
        return s;
    s.scientific = largest > 0 && (largest < 1e-3 || largest >= 1e15);
    int before = largest > 0 ? (int)floor(log10(largest)) + 1 : 1;
    s.decimals = DIGITS - before;
    s.decimals = s.decimals < 0 ? 0 : s.decimals > MOST_DECIMALS ? MOST_DECIMALS : s.decimals;
    return s;
}

static const char *number_text(dt_page *page, const dt_number *number, style s) {
    if (number->value == 0 && s.rounded && number->radius == 0)
        return "0";
    if (s.scientific)
        return dt_page_format(page, "%.*e", DIGITS - 1, number->value);
    bool whole = number->exact && !strchr(number->exact, '/');
    if (whole && strlen(number->exact) <= LONGEST_EXACT) /* beyond 2^53 a double would not do */
        return s.decimals ? dt_page_format(page, "%s.%0*d", number->exact, s.decimals, 0)
                          : number->exact;
    const char *text = dt_page_format(page, "%.*f", s.decimals, number->value);
    if (*text == '-' && strspn(text + 1, "0.") == strlen(text + 1))
        text++; /* -0.0 */
    return text;
}

const char **dt_cells(dt_page *page, const dt_table *table) {
    const char **text = dt_page_array(page, table->rows * table->columns, sizeof *text);
    style s = {0};
    for (size_t c = 0; text && c < table->columns; c++) {
        if (c < 2 || !table->uniform)
            s = columns_style(table, c, c && table->uniform ? table->columns : c + 1);
        for (size_t r = 0; r < table->rows; r++) {
            const dt_cell *cell = &table->cell[r * table->columns + c];
            text[r * table->columns + c] = cell->repeated    ? ""
                                           : cell->is_number ? number_text(page, &cell->number, s)
                                           : cell->text      ? cell->text
                                                             : "";
        }
    }
    return page->failed ? NULL : text;
}

const char *dt_cells_fraction(const dt_number *number) {
    bool fraction = number->exact && strchr(number->exact, '/') && decimals_of(number) < 0;
    return fraction && strlen(number->exact) <= LONGEST_FRACTION ? number->exact : NULL;
}

size_t dt_cells_point(const char *text) {
    return strcspn(text, ".e");
}

static bool same_group(const dt_column *a, const dt_column *b) {
    return a->group && b->group && strcmp(a->group, b->group) == 0;
}

size_t dt_cells_gap(const dt_table *table, size_t column) {
    const dt_column *c = &table->column[column];
    if (column == 0)
        return 0;
    return (c->group || c[-1].group) && !same_group(c - 1, c) ? 3 : 2;
}

size_t dt_cells_group_end(const dt_table *table, size_t column) {
    while (column + 1 < table->columns &&
           same_group(&table->column[column], &table->column[column + 1]))
        column++;
    return column;
}

bool dt_cells_grouped(const dt_table *table) {
    for (size_t c = 0; c < table->columns; c++)
        if (table->column[c].group)
            return true;
    return false;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static bool is_number_like(const dt_table *table, const char *text, size_t r, size_t c) {
    return table->cell[r * table->columns + c].is_number ||
           strspn(text, "+-.0123456789e") == strlen(text);
}

bool dt_cells_measure(dt_page *page, const dt_table *table, const char **cell, dt_measure *out) {
    *out = (dt_measure){dt_page_array(page, table->columns, sizeof(size_t)),
                        dt_page_array(page, table->columns, sizeof(size_t)), 0};
    if (page->failed || !cell)
        return false;
    for (size_t c = 0; c < table->columns; c++) {
        size_t left = 0, right = 0, widest = dt_utf8_width(table->column[c].head);
        for (size_t r = 0; r < table->rows; r++) {
            const char *text = cell[r * table->columns + c];
            size_t width = dt_utf8_width(text);
            widest = larger(widest, width);
            if (table->column[c].align == DT_DECIMAL && is_number_like(table, text, r, c)) {
                size_t point = dt_cells_point(text); /* digits and signs: bytes are columns */
                left = larger(left, point);
                right = larger(right, width - point);
            }
        }
        out->width[c] = larger(widest, left + right);
        out->left[c] = out->width[c] - right;
    }
    /* a group's name may be wider than its columns, which then share what is missing */
    for (size_t c = 0; c < table->columns; c++) {
        size_t end = dt_cells_group_end(table, c), width = 0;
        for (size_t i = c; i <= end; i++)
            width += out->width[i] + (i > c ? 2 : 0);
        size_t name = table->column[c].group ? dt_utf8_width(table->column[c].group) : 0;
        for (size_t i = end; name > width; i = i > c ? i - 1 : end, width++) {
            out->width[i]++;
            out->left[i]++;
        }
        c = end;
    }
    for (size_t c = 0; c < table->columns; c++)
        out->total += dt_cells_gap(table, c) + out->width[c];
    return true;
}
