/* Named values and named tables for people. SPDX: GPL-3.0-or-later */
#include <string.h>

#include "report/cells.h"
#include "report/layout.h"

enum { MOST_ROWS = 100 }; /* of a table for people */

/* "leader_payoff" as people read it. */
static const char *words(dt_page *page, const char *name) {
    const char *text = "";
    for (size_t n; *name; name += n + (name[n] != '\0')) {
        n = strcspn(name, "_");
        text = dt_page_format(page, "%s%s%.*s", text, *text ? " " : "", (int)n, name);
    }
    return text;
}

/* How a column of entries is laid out. */
typedef struct shape {
    bool numbers;   /* aligned at the point */
    bool fractions; /* a column of fractions behind it */
    bool profiles;  /* a column for each player */
} shape;

static shape shape_of(const dt_entry *cell, size_t rows, size_t stride, bool tall) {
    shape s = {false, false, false};
    for (size_t r = 0; r < rows; r++) {
        const dt_entry *e = &cell[r * stride];
        s.numbers |= e->kind == DT_ENTRY_NUMBER || e->kind == DT_ENTRY_COUNT;
        s.fractions |= e->kind == DT_ENTRY_NUMBER && dt_cells_fraction(&e->number);
        s.profiles |= e->kind == DT_ENTRY_PROFILE && !tall;
    }
    return s;
}

static void columns_of(dt_layout *layout, dt_block *block, const char *head, shape s) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    if (s.profiles) {
        for (size_t p = 0; p < game->players; p++)
            dt_block_column(page, block, game->player[p].name, head, DT_LEFT);
        return;
    }
    dt_block_column(page, block, head, NULL, s.numbers ? DT_DECIMAL : DT_LEFT);
    if (s.fractions)
        dt_block_column(page, block, "exact", NULL, DT_RIGHT);
}

/* How many rows an entry takes: a mixed strategy, or in a narrow table a profile, takes several. */
static size_t height(const dt_layout *layout, const dt_entry *e, shape s) {
    if (e->kind == DT_ENTRY_STRATEGY && e->mixture.count)
        return e->mixture.count;
    return e->kind == DT_ENTRY_PROFILE && !s.profiles ? layout->game->players : 1;
}

/* Line k of an entry from column c on; the column behind it. */
static size_t put(dt_layout *layout, dt_cell *row, size_t c, const dt_entry *e, shape s, size_t k) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    size_t end = c + (s.profiles ? game->players : (size_t)1 + s.fractions);
    if (k >= height(layout, e, s))
        return end;
    switch (e->kind) {
    case DT_ENTRY_NONE: break;
    case DT_ENTRY_TEXT: dt_put_text(row, c, e->text); break;
    case DT_ENTRY_NUMBER:
        dt_put_number(row, c, &e->number);
        if (s.fractions)
            dt_put_text(row, c + 1, dt_cells_fraction(&e->number));
        break;
    case DT_ENTRY_COUNT: dt_put_count(row, c, e->count); break;
    case DT_ENTRY_TRUTH:
        dt_put_text(row, c, e->truth == DT_UNKNOWN ? "–" : e->truth == DT_TRUE ? "yes" : "no");
        break;
    case DT_ENTRY_PLAYER: dt_put_text(row, c, game->player[e->player].name); break;
    case DT_ENTRY_STRATEGY: {
        if (!e->mixture.count)
            break;
        const dt_weight *w = &e->mixture.weight[k];
        const char *text = dt_layout_strategy(layout, e->player, w->strategy);
        if (e->mixture.count > 1)
            text = dt_page_format(page, "%s %s", dt_layout_short(layout, &w->probability), text);
        dt_put_text(row, c, text);
        break;
    }
    case DT_ENTRY_PROFILE:
        if (!s.profiles)
            dt_put_text(row, c,
                        dt_page_format(page, "%s %s", game->player[k].name,
                                       dt_layout_strategy(layout, k, e->profile[k])));
        for (size_t p = 0; s.profiles && p < game->players; p++)
            dt_put_text(row, c + p, dt_layout_strategy(layout, p, e->profile[p]));
        break;
    }
    return end;
}

static dt_block *tabulate(dt_layout *layout, const dt_named_table *table, bool tall) {
    dt_page *page = layout->page;
    dt_block *block = dt_block_new(page, table->name, table->title);
    size_t rows = table->rows < MOST_ROWS ? table->rows : MOST_ROWS;
    shape *s = dt_page_array(page, table->columns, sizeof *s);
    for (size_t c = 0; s && c < table->columns; c++) {
        s[c] = shape_of(table->cell + c, rows, table->columns, tall);
        columns_of(layout, block, words(page, table->column[c]), s[c]);
    }
    for (size_t r = 0; s && r < rows; r++) {
        const dt_entry *cell = &table->cell[r * table->columns];
        size_t lines = 1;
        for (size_t c = 0; c < table->columns; c++) {
            size_t h = height(layout, &cell[c], s[c]);
            lines = h > lines ? h : lines;
        }
        for (size_t k = 0; k < lines; k++) {
            dt_cell *row = dt_block_row(page, block, k == 0 && lines > 1);
            for (size_t c = 0, at = 0; c < table->columns; c++)
                at = put(layout, row, at, &cell[c], s[c], k);
        }
    }
    if (rows < table->rows)
        dt_block_note(page, block,
                      dt_page_format(page,
                                     "The first %zu of %s rows; --format csv and json have all.",
                                     rows, dt_page_count(page, table->rows)));
    return block;
}

static dt_block *values(dt_layout *layout, const dt_result *result) {
    dt_page *page = layout->page;
    dt_block *block = dt_block_new(page, "values", NULL);
    shape s = {false, false, false};
    for (size_t i = 0; i < result->named_values; i++) {
        shape own = shape_of(&result->named_value[i].entry, 1, 1, true);
        s.numbers |= own.numbers;
        s.fractions |= own.fractions;
    }
    dt_block_column(page, block, "name", NULL, DT_LEFT);
    columns_of(layout, block, "value", s);
    for (size_t i = 0; i < result->named_values; i++) {
        const dt_named_value *v = &result->named_value[i];
        size_t lines = height(layout, &v->entry, s);
        for (size_t k = 0; k < lines; k++) {
            dt_cell *row = dt_block_row(page, block, false);
            if (k == 0)
                dt_put_text(row, 0, words(page, v->name));
            put(layout, row, 1, &v->entry, s, k);
        }
    }
    return block;
}

void dt_layout_named(dt_layout *layout, dt_section *section, const dt_result *result) {
    if (result->named_values)
        dt_section_attach(layout->page, section, values(layout, result));
    for (size_t i = 0; i < result->named_tables; i++) {
        const dt_named_table *table = result->named_table[i];
        dt_block *block = tabulate(layout, table, false);
        if (!dt_layout_fits(layout, block)) /* narrower: profiles downwards */
            block = tabulate(layout, table, true);
        dt_section_attach(layout->page, section, block);
    }
    if (result->shape == DT_SHAPE_NAMED)
        dt_layout_proof_note(layout, section, result, "This is");
}
