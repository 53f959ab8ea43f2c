/* LaTeX: booktabs tables that compile as they are, in any article with \usepackage{booktabs}. */
#include <stdlib.h>
#include <string.h>

#include "report/buffer.h"
#include "report/cells.h"
#include "report/latex_escape.h"
#include "report/layout.h"
#include "report/reporters.h"
#include "report/utf8.h"

/* Characters of a table that fit an article's line at a font size; a page holds so many rows. */
enum { LATEX_WIDTH = 104, NORMAL = 66, SMALL = 74, FOOTNOTE = 84, ROWS = 40 };
/* LaTeX stops with "Too many unprocessed floats" unless they are let out now and then. */
enum { FLOATS = 12 };

typedef struct writer {
    dt_buffer *out;
    dt_page *page;
    size_t tables;      /* written so far, for labels */
    const char *prefix; /* of labels: the config's hash, so that outputs can be joined; or NULL */
} writer;

static void number_cell(const writer *w, const char *text, size_t decimals) {
    size_t length = strlen(text), point = strcspn(text, ".");
    size_t own = point < length && !strchr(text, 'e') ? length - point - 1 : 0;
    dt_latex_number(w->out, text);
    if (own < decimals &&
        !strchr(text, 'e')) { /* blank decimals keep the points below each other */
        dt_buffer_add(w->out, own ? "\\phantom{" : "\\phantom{.");
        dt_buffer_repeat(w->out, "0", decimals - own);
        dt_buffer_char(w->out, '}');
    }
}

static void head_lines(const writer *w, const dt_table *table) {
    dt_buffer *out = w->out;
    if (dt_cells_grouped(table)) {
        for (size_t c = 0; c < table->columns; c++) {
            size_t end = dt_cells_group_end(table, c);
            dt_buffer_add(out, c ? " & " : "");
            if (table->column[c].group) {
                dt_buffer_add(out, dt_page_format(w->page, "\\multicolumn{%zu}{c}{", end - c + 1));
                dt_latex_escape(out, table->column[c].group);
                dt_buffer_add(out, "}");
            }
            c = end;
        }
        dt_buffer_add(out, " \\\\\n");
        for (size_t c = 0; c < table->columns; c++) {
            size_t end = dt_cells_group_end(table, c);
            if (table->column[c].group)
                dt_buffer_add(out,
                              dt_page_format(w->page, "\\cmidrule(lr){%zu-%zu}", c + 1, end + 1));
            c = end;
        }
        dt_buffer_char(out, '\n');
    }
    for (size_t c = 0; c < table->columns; c++) {
        dt_buffer_add(out, c ? " & " : "");
        dt_latex_escape(out, table->column[c].head);
    }
    dt_buffer_add(out, " \\\\\n\\midrule\n");
}

static void row_line(const writer *w, const dt_table *table, size_t row, const char **cell,
                     const size_t *decimals) {
    for (size_t c = 0; c < table->columns; c++) {
        size_t i = row * table->columns + c;
        dt_buffer_add(w->out, c ? " & " : "");
        if (table->cell[i].is_number)
            number_cell(w, cell[i], decimals[c]);
        else if (table->column[c].align != DT_LEFT && *cell[i] &&
                 strspn(cell[i], "-0123456789./") == strlen(cell[i]))
            dt_latex_number(w->out, cell[i]); /* a fraction */
        else
            dt_latex_escape(w->out, cell[i]);
    }
    dt_buffer_add(w->out, " \\\\\n");
}

/* Unlike any other of the output; of a table with a label of its own, of the paper. */
static void label(writer *w, const dt_table *table, size_t piece) {
    dt_buffer_add(w->out, "\\label{tab:");
    if (w->prefix)
        dt_buffer_add(w->out, dt_page_format(w->page, "%.6s-", w->prefix));
    w->tables++;
    if (table->label) {
        dt_buffer_add(w->out, table->label);
        if (piece)
            dt_buffer_add(w->out, dt_page_format(w->page, "-part%zu", piece + 1));
    } else {
        for (const char *p = table->name ? table->name : "table"; *p; p++)
            dt_buffer_char(w->out,
                           strchr("_%&#${}~^\\ ,", *p) || (unsigned char)*p >= 0x80 ? '-' : *p);
        dt_buffer_add(w->out, dt_page_format(w->page, "-%zu", w->tables));
    }
    dt_buffer_add(w->out, "}\n");
}

static void caption(writer *w, const dt_section *section, const dt_table *table, size_t piece) {
    const char *part[] = {w->page->title, section->heading, table->title};
    dt_buffer_add(w->out, "\\caption{");
    bool some = false;
    for (size_t i = 0; i < 3; i++) {
        if (!part[i] || !*part[i])
            continue;
        dt_buffer_add(w->out, some ? ". " : "");
        dt_latex_escape(w->out, part[i]);
        some = true;
    }
    if (!some)
        dt_latex_escape(w->out, table->name ? table->name : "");
    if (piece)
        dt_buffer_add(w->out, " (continued)");
    dt_buffer_add(w->out, "}\n");
    label(w, table, piece);
    dt_buffer_add(w->out, "\\smallskip\n");
}

static void notes(const writer *w, const char *const *note, size_t count) {
    if (!count)
        return;
    dt_buffer_add(w->out, "\\par\\medskip\n\\begin{minipage}{\\linewidth}\\footnotesize\n");
    for (size_t i = 0; i < count; i++) {
        dt_latex_escape(w->out, note[i]);
        dt_buffer_add(w->out, i + 1 < count ? "\n\n" : "\n");
    }
    dt_buffer_add(w->out, "\\end{minipage}\n");
}

/* Past about ROWS rows a float would leave the page: where the next piece starts, at a gap if
 * there is one soon. */
static size_t piece_end(const dt_block *block, size_t start) {
    size_t rows = block->table.rows, end = start + ROWS;
    if (rows - start <= ROWS + ROWS / 8)
        return rows;
    for (size_t r = end; block->gap && r > start + ROWS / 2; r--)
        if (block->gap[r])
            return r;
    return end;
}

static void table_lines(writer *w, const dt_section *section, const dt_block *block, bool last) {
    const dt_table *table = &block->table;
    const char **cell = dt_cells(w->page, table);
    size_t *decimals = dt_page_array(w->page, table->columns, sizeof *decimals);
    dt_measure m;
    if (!dt_cells_measure(w->page, table, cell, &m) || !decimals || !table->columns)
        return;
    for (size_t i = 0; i < table->rows * table->columns; i++) {
        const char *point = table->cell[i].is_number ? strchr(cell[i], '.') : NULL;
        size_t own = point && !strchr(point, 'e') ? strlen(point + 1) : 0, c = i % table->columns;
        decimals[c] = own > decimals[c] ? own : decimals[c];
    }
    size_t start = 0, piece = 0;
    do {
        size_t end = piece_end(block, start);
        dt_buffer_add(w->out, "\n\\begin{table}[htbp]\n\\centering\n");
        caption(w, section, table, piece++);
        dt_buffer_add(w->out, m.total <= NORMAL     ? ""
                              : m.total <= SMALL    ? "\\small\n"
                              : m.total <= FOOTNOTE ? "\\footnotesize\n"
                                                    : "\\scriptsize\n");
        if (m.total > NORMAL)
            dt_buffer_add(w->out, m.total > FOOTNOTE ? "\\setlength{\\tabcolsep}{2pt}\n"
                                                     : "\\setlength{\\tabcolsep}{3pt}\n");
        dt_buffer_add(w->out, "\\begin{tabular}{");
        for (size_t c = 0; c < table->columns; c++)
            dt_buffer_char(w->out, table->column[c].align == DT_LEFT ? 'l' : 'r');
        dt_buffer_add(w->out, "}\n\\toprule\n");
        head_lines(w, table);
        for (size_t r = start; r < end; r++) {
            if (r > start && block->gap && block->gap[r])
                dt_buffer_add(w->out, "\\addlinespace\n");
            row_line(w, table, r, cell, decimals);
        }
        dt_buffer_add(w->out, "\\bottomrule\n\\end{tabular}\n");
        if (end == table->rows) {
            notes(w, table->note, table->notes);
            if (last)
                notes(w, section->note, section->notes);
        }
        dt_buffer_add(w->out, "\\end{table}\n");
        if (w->tables % FLOATS == 0)
            dt_buffer_add(w->out, "\\clearpage\n");
        start = end;
    } while (start < table->rows);
}

static void section_lines(writer *w, const dt_section *section) {
    for (size_t i = 0; i < section->blocks; i++)
        table_lines(w, section, section->block[i], i + 1 == section->blocks);
    if (section->blocks)
        return;
    dt_buffer_add(w->out, "\n\\paragraph{");
    dt_latex_escape(w->out, section->heading ? section->heading : w->page->title);
    dt_buffer_add(w->out, ".}\n");
    for (size_t i = 0; i < section->notes; i++) {
        dt_latex_escape(w->out, section->note[i]);
        dt_buffer_char(w->out, '\n');
    }
}

/* Renders the page and frees it. */
static dt_status render(dt_page *page, const char *prefix, char **text, size_t *length) {
    dt_buffer body = {0}, out = {0};
    *text = NULL;
    *length = 0;
    if (!page)
        return DT_ERR_MEMORY;
    writer w = {&body, page, 0, prefix};
    for (size_t s = 0; s < page->sections; s++)
        section_lines(&w, page->section[s]);
    char *tables = NULL;
    size_t bytes = 0;
    dt_status status = page->failed ? DT_ERR_MEMORY : DT_OK;
    if (dt_buffer_finish(&body, &tables, &bytes) != DT_OK)
        status = DT_ERR_MEMORY;
    if (status == DT_OK) {
        if (page->subtitle) {
            dt_buffer_add(&out, "% ");
            dt_buffer_plain(&out, page->subtitle);
            dt_buffer_char(&out, '\n');
        }
        dt_buffer_add(&out, "% needs \\usepackage{booktabs}\n");
        if (dt_latex_needs_unicode(tables))
            dt_buffer_add(&out, "% compile with xelatex or lualatex and a font that holds them: "
                                "there are characters beyond pdflatex's\n");
        dt_buffer_bytes(&out, tables, bytes);
    }
    free(tables);
    dt_page_free(page);
    return status == DT_OK ? dt_buffer_finish(&out, text, length) : status;
}

static dt_status latex_results(const dt_report_input *input, char **text, size_t *length) {
    return render(dt_page_of_results(input, LATEX_WIDTH), input->config_sha256, text, length);
}

static dt_status latex_document(const dt_document *document, bool colour, char **text,
                                size_t *length) {
    (void)colour;
    return render(dt_page_of_document(document), document->config_sha256, text, length);
}

const dt_reporter dt_reporter_latex = {"latex", "booktabs tables for a paper", latex_results,
                                       latex_document};
