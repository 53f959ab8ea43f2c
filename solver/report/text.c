/* Text for terminals: aligned tables with rules. */
#include <string.h>

#include "report/buffer.h"
#include "report/cells.h"
#include "report/layout.h"
#include "report/reporters.h"
#include "report/utf8.h"

enum { TEXT_WIDTH = 110, PROSE_WIDTH = 96 };

typedef struct writer {
    dt_buffer *out;
    dt_page *page;
    bool colour;
} writer;

static void styled(const writer *w, const char *code, const char *text) {
    if (w->colour)
        dt_buffer_add(w->out, code);
    dt_buffer_plain(w->out, text);
    if (w->colour)
        dt_buffer_add(w->out, "\033[0m");
}

static void rule(const writer *w, size_t width) {
    if (w->colour)
        dt_buffer_add(w->out, "\033[2m");
    dt_buffer_repeat(w->out, "─", width);
    if (w->colour)
        dt_buffer_add(w->out, "\033[0m");
}

/* A sentence, broken between words. */
static void prose(const writer *w, const char *text) {
    size_t column = 0;
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, " \n");
        const char *word = dt_page_format(w->page, "%.*s", (int)length, p);
        size_t width = dt_utf8_width(word);
        if (column && column + 1 + width > PROSE_WIDTH) {
            dt_buffer_char(w->out, '\n');
            column = 0;
        } else if (column) {
            dt_buffer_char(w->out, ' ');
            column++;
        }
        dt_buffer_plain(w->out, word);
        column += width;
        p += length + strspn(p + length, " \n");
    }
    dt_buffer_char(w->out, '\n');
}

/* Ends a line without the blanks that alignment left at its end. */
static void end_line(dt_buffer *out) {
    while (out->length && out->text[out->length - 1] == ' ')
        out->length--;
    dt_buffer_char(out, '\n');
}

static void group_lines(const writer *w, const dt_table *table, const dt_measure *m) {
    for (int line = 0; line < 2; line++) {
        for (size_t c = 0; c < table->columns; c++) {
            size_t end = dt_cells_group_end(table, c);
            size_t width = m->width[c];
            dt_buffer_repeat(w->out, " ", dt_cells_gap(table, c));
            for (size_t i = c + 1; i <= end; i++)
                width += dt_cells_gap(table, i) + m->width[i];
            const char *group = table->column[c].group;
            if (!group) {
                dt_buffer_repeat(w->out, " ", width);
            } else if (line == 0) {
                styled(w, "\033[1m", group);
                dt_buffer_repeat(w->out, " ", width - dt_utf8_width(group));
            } else {
                rule(w, width);
            }
            c = end;
        }
        end_line(w->out);
    }
}

static void head_line(const writer *w, const dt_table *table, const dt_measure *m) {
    for (size_t c = 0; c < table->columns; c++) {
        const dt_column *column = &table->column[c];
        size_t pad = m->width[c] - dt_utf8_width(column->head);
        dt_buffer_repeat(w->out, " ",
                         dt_cells_gap(table, c) + (column->align != DT_LEFT ? pad : 0));
        dt_buffer_plain(w->out, column->head);
        dt_buffer_repeat(w->out, " ", column->align == DT_LEFT ? pad : 0);
    }
    end_line(w->out);
}

static void row_line(const writer *w, const dt_table *table, const dt_measure *m, size_t row,
                     const char **cell) {
    for (size_t c = 0; c < table->columns; c++) {
        const char *text = cell[row * table->columns + c];
        size_t width = dt_utf8_width(text), before = 0;
        if (table->column[c].align == DT_RIGHT)
            before = m->width[c] - width;
        else if (table->column[c].align == DT_DECIMAL)
            before = table->cell[row * table->columns + c].is_number
                         ? m->left[c] - dt_cells_point(text)
                         : m->width[c] - width;
        dt_buffer_repeat(w->out, " ", dt_cells_gap(table, c) + before);
        dt_buffer_plain(w->out, text);
        dt_buffer_repeat(w->out, " ", m->width[c] - width - before);
    }
    end_line(w->out);
}

static void table_lines(const writer *w, const dt_block *block) {
    const dt_table *table = &block->table;
    if (table->title && *table->title) {
        styled(w, "\033[1m", table->title);
        dt_buffer_char(w->out, '\n');
    }
    const char **cell = dt_cells(w->page, table);
    dt_measure m;
    if (!dt_cells_measure(w->page, table, cell, &m))
        return;
    if (dt_cells_grouped(table))
        group_lines(w, table, &m);
    head_line(w, table, &m);
    rule(w, m.total);
    dt_buffer_char(w->out, '\n');
    for (size_t r = 0; r < table->rows; r++) {
        if (block->gap && block->gap[r] && r)
            dt_buffer_char(w->out, '\n');
        row_line(w, table, &m, r, cell);
    }
    for (size_t i = 0; i < table->notes; i++)
        prose(w, table->note[i]);
}

static void section_lines(const writer *w, const dt_section *section) {
    if (section->heading) {
        dt_buffer_char(w->out, '\n');
        styled(w, "\033[1;36m", section->heading);
        dt_buffer_char(w->out, '\n');
    }
    for (size_t i = 0; i < section->blocks; i++) {
        dt_buffer_char(w->out, '\n');
        table_lines(w, section->block[i]);
    }
    if (section->notes)
        dt_buffer_char(w->out, '\n');
    for (size_t i = 0; i < section->notes; i++)
        prose(w, section->note[i]);
}

/* Renders the page and frees it. */
static dt_status render(dt_page *page, bool colour, char **text, size_t *length) {
    dt_buffer out = {0};
    writer w = {&out, page, colour};
    *text = NULL;
    *length = 0;
    if (!page)
        return DT_ERR_MEMORY;
    if (*page->title) {
        styled(&w, "\033[1m", page->title);
        dt_buffer_char(&out, '\n');
        size_t width = dt_utf8_width(page->title);
        dt_buffer_repeat(&out, "═", width < PROSE_WIDTH ? width : PROSE_WIDTH);
        dt_buffer_char(&out, '\n');
    }
    if (page->subtitle)
        prose(&w, page->subtitle);
    for (size_t i = 0; i < page->sections; i++)
        section_lines(&w, page->section[i]);
    out.failed |= page->failed;
    dt_page_free(page);
    return dt_buffer_finish(&out, text, length);
}

static dt_status text_results(const dt_report_input *input, char **text, size_t *length) {
    return render(dt_page_of_results(input, TEXT_WIDTH), input->colour, text, length);
}

static dt_status text_document(const dt_document *document, bool colour, char **text,
                               size_t *length) {
    return render(dt_page_of_document(document), colour, text, length);
}

const dt_reporter dt_reporter_text = {"text", "aligned tables for people (the default)",
                                      text_results, text_document};
