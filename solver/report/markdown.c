/* Markdown: pipe tables, padded so that the source reads well too. */
#include <string.h>

#include "report/buffer.h"
#include "report/cells.h"
#include "report/layout.h"
#include "report/reporters.h"
#include "report/utf8.h"

enum { MARKDOWN_WIDTH = 130 };

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           ((unsigned char)c & 0x80);
}

/* Characters with a meaning are escaped; an underscore inside a word has none. */
static const char *escaped(dt_page *page, const char *text) {
    char *out = dt_page_array(page, 2 * strlen(text) + 1, 1), *to = out;
    if (!out)
        return "";
    for (const char *p = text; *p; p++) {
        bool inside = *p == '_' && p > text && is_word(p[-1]) && is_word(p[1]);
        if (strchr("\\`*_<>[]|~$&", *p) && !inside)
            *to++ = '\\';
        *to++ = (unsigned char)*p < 0x20 || *p == 0x7F ? ' ' : *p;
    }
    *to = '\0';
    return out;
}

/* Markdown has no headings over groups of columns: the group goes before the head. */
static const char *head_of(dt_page *page, const dt_column *column) {
    return escaped(page, column->group ? dt_page_format(page, "%s %s", column->group, column->head)
                                       : column->head);
}

static void padded(dt_buffer *out, const char *text, size_t width, dt_align align) {
    size_t pad = width - dt_utf8_width(text);
    dt_buffer_add(out, " ");
    dt_buffer_repeat(out, " ", align == DT_LEFT ? 0 : pad);
    dt_buffer_add(out, text);
    dt_buffer_repeat(out, " ", align == DT_LEFT ? pad : 0);
    dt_buffer_add(out, " |");
}

static void table_lines(dt_buffer *out, dt_page *page, const dt_table *table) {
    const char **cell = dt_cells(page, table);
    size_t columns = table->columns;
    const char **head = dt_page_array(page, columns, sizeof *head);
    size_t *width = dt_page_array(page, columns, sizeof *width);
    if (!cell || !head || !width || !columns)
        return;
    for (size_t c = 0; c < columns; c++) {
        head[c] = head_of(page, &table->column[c]);
        width[c] = dt_utf8_width(head[c]) > 3 ? dt_utf8_width(head[c]) : 3;
    }
    for (size_t i = 0; i < table->rows * columns; i++) {
        cell[i] = table->cell[i].is_number ? cell[i] : escaped(page, cell[i]);
        if (dt_utf8_width(cell[i]) > width[i % columns])
            width[i % columns] = dt_utf8_width(cell[i]);
    }
    if (table->title && *table->title) {
        dt_buffer_add(out, "\n**");
        dt_buffer_add(out, escaped(page, table->title));
        dt_buffer_add(out, "**\n");
    }
    dt_buffer_add(out, "\n|");
    for (size_t c = 0; c < columns; c++)
        padded(out, head[c], width[c], table->column[c].align);
    dt_buffer_add(out, "\n|");
    for (size_t c = 0; c < columns; c++) {
        bool left = table->column[c].align == DT_LEFT;
        dt_buffer_add(out, left ? " :" : " ");
        dt_buffer_repeat(out, "-", width[c] - 1);
        dt_buffer_add(out, left ? " |" : ": |");
    }
    for (size_t r = 0; r < table->rows; r++) {
        dt_buffer_add(out, "\n|");
        for (size_t c = 0; c < columns; c++)
            padded(out, cell[r * columns + c], width[c], table->column[c].align);
    }
    dt_buffer_add(out, "\n");
    for (size_t i = 0; i < table->notes; i++) {
        dt_buffer_add(out, "\n");
        dt_buffer_add(out, escaped(page, table->note[i]));
        dt_buffer_add(out, "\n");
    }
}

/* Renders the page and frees it. */
static dt_status render(dt_page *page, char **text, size_t *length) {
    dt_buffer out = {0};
    *text = NULL;
    *length = 0;
    if (!page)
        return DT_ERR_MEMORY;
    if (*page->title) {
        dt_buffer_add(&out, "# ");
        dt_buffer_add(&out, escaped(page, page->title));
        dt_buffer_add(&out, "\n");
    }
    if (page->subtitle) {
        dt_buffer_add(&out, *page->title ? "\n" : "");
        dt_buffer_add(&out, escaped(page, page->subtitle));
        dt_buffer_add(&out, "\n");
    }
    for (size_t s = 0; s < page->sections; s++) {
        const dt_section *section = page->section[s];
        if (section->heading) {
            dt_buffer_add(&out, "\n## ");
            dt_buffer_add(&out, escaped(page, section->heading));
            dt_buffer_add(&out, "\n");
        }
        for (size_t i = 0; i < section->blocks; i++)
            table_lines(&out, page, &section->block[i]->table);
        for (size_t i = 0; i < section->notes; i++) {
            dt_buffer_add(&out, "\n");
            dt_buffer_add(&out, escaped(page, section->note[i]));
            dt_buffer_add(&out, "\n");
        }
    }
    out.failed |= page->failed;
    dt_page_free(page);
    return dt_buffer_finish(&out, text, length);
}

static dt_status markdown_results(const dt_report_input *input, char **text, size_t *length) {
    return render(dt_page_of_results(input, MARKDOWN_WIDTH), text, length);
}

static dt_status markdown_document(const dt_document *document, bool colour, char **text,
                                   size_t *length) {
    (void)colour;
    return render(dt_page_of_document(document), text, length);
}

const dt_reporter dt_reporter_markdown = {"markdown", "pipe tables for README files and web pages",
                                          markdown_results, markdown_document};
