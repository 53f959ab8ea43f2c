/* Pages: the headings, tables and notes that text, Markdown and LaTeX each render. */
#include "report/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

dt_page *dt_page_new(const char *title) {
    dt_page *page = calloc(1, sizeof *page);
    if (page && !(page->arena = dt_arena_new())) {
        free(page);
        return NULL;
    }
    if (page)
        page->title = title ? title : "";
    return page;
}

void dt_page_free(dt_page *page) {
    if (!page)
        return;
    dt_arena_free(page->arena);
    free(page);
}

void *dt_page_array(dt_page *page, size_t count, size_t size) {
    void *array = page->failed ? NULL : dt_arena_array(page->arena, count, size);
    if (!array)
        page->failed = true;
    return array;
}

/* Doubles whenever the count is a power of two; see solver/result/result.c. */
static void *room_for_one(dt_page *page, void *array, size_t count, size_t size) {
    if (count & (count - 1))
        return array;
    void *grown = dt_page_array(page, count ? 2 * count : 1, size);
    if (grown && count)
        memcpy(grown, array, count * size);
    return grown;
}

const char *dt_page_format(dt_page *page, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = page->failed ? NULL : dt_arena_vformat(page->arena, format, args);
    va_end(args);
    page->failed |= !text;
    return text ? text : "";
}

const char *dt_page_count(dt_page *page, uint64_t count) {
    char digits[24], spaced[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    if (length <= 4)
        return dt_page_format(page, "%s", digits);
    char *out = spaced;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            *out++ = ' ';
        *out++ = digits[i];
    }
    *out = '\0';
    return dt_page_format(page, "%s", spaced);
}

/* Puts `pointer` behind an array of pointers. */
static void *push(dt_page *page, void *array, size_t *count, void *pointer) {
    void **grown = room_for_one(page, array, *count, sizeof *grown);
    if (!grown)
        return array;
    memcpy(&grown[(*count)++], &pointer, sizeof pointer);
    return grown;
}

dt_section *dt_page_section(dt_page *page, const char *heading) {
    dt_section *section = dt_page_array(page, 1, sizeof *section);
    if (!section)
        return NULL;
    section->heading = heading;
    page->section = push(page, page->section, &page->sections, section);
    return section;
}

void dt_section_note(dt_page *page, dt_section *section, const char *note) {
    if (section)
        section->note = push(page, section->note, &section->notes, (void *)(uintptr_t)note);
}

void dt_section_attach(dt_page *page, dt_section *section, dt_block *block) {
    if (section && block)
        section->block = push(page, section->block, &section->blocks, block);
}

dt_block *dt_block_new(dt_page *page, const char *name, const char *title) {
    dt_block *block = dt_page_array(page, 1, sizeof *block);
    if (block) {
        block->table.name = name;
        block->table.title = title;
    }
    return block;
}

void dt_block_column(dt_page *page, dt_block *block, const char *head, const char *group,
                     dt_align align) {
    if (!block)
        return;
    dt_table *table = &block->table;
    dt_column *grown = room_for_one(page, table->column, table->columns, sizeof *grown);
    if (!grown)
        return;
    table->column = grown;
    table->column[table->columns++] = (dt_column){head, group, align};
}

dt_cell *dt_block_row(dt_page *page, dt_block *block, bool gap) {
    if (!block || page->failed)
        return NULL;
    dt_table *table = &block->table;
    dt_cell *cells = room_for_one(page, table->cell, table->rows, table->columns * sizeof(dt_cell));
    bool *gaps = room_for_one(page, block->gap, table->rows, sizeof *gaps);
    if (!cells || !gaps)
        return NULL;
    table->cell = cells;
    block->gap = gaps;
    gaps[table->rows] = gap;
    return &cells[table->columns * table->rows++];
}

void dt_block_note(dt_page *page, dt_block *block, const char *note) {
    if (block)
        block->table.note =
            push(page, block->table.note, &block->table.notes, (void *)(uintptr_t)note);
}

void dt_put_text(dt_cell *row, size_t column, const char *text) {
    if (row)
        row[column] = (dt_cell){.text = text};
}

void dt_put_number(dt_cell *row, size_t column, const dt_number *number) {
    if (row && number)
        row[column] = (dt_cell){.is_number = true, .number = *number};
}

void dt_put_count(dt_cell *row, size_t column, uint64_t count) {
    dt_number number = {.value = (double)count};
    dt_put_number(row, column, &number);
}

dt_page *dt_page_of_document(const dt_document *document) {
    dt_page *page = dt_page_new(document->title);
    if (!page)
        return NULL;
    dt_section *section = dt_page_section(page, NULL);
    for (size_t i = 0; i < document->tables; i++) {
        dt_block *block = dt_block_new(page, document->table[i].name, NULL);
        if (block)
            block->table = document->table[i];
        dt_section_attach(page, section, block);
    }
    for (size_t i = 0; i < document->notes; i++)
        dt_section_note(page, section, document->note[i]);
    return page;
}
