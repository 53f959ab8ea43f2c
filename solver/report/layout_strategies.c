/* Security levels and eliminated strategies for people. */
#include "report/cells.h"
#include "report/layout.h"

enum { LISTED = 4 };

void dt_layout_security(dt_layout *layout, dt_section *section, const dt_result *result) {
    dt_page *page = layout->page;
    bool fractions = false;
    for (size_t i = 0; i < result->securities; i++)
        fractions |= dt_cells_fraction(&result->security[i].value) != NULL;
    dt_block *block = dt_block_new(page, result->concept_name, NULL);
    dt_block_column(page, block, "player", NULL, DT_LEFT);
    dt_block_column(page, block, "value", NULL, DT_DECIMAL);
    if (fractions)
        dt_block_column(page, block, "exact", NULL, DT_RIGHT);
    dt_block_column(page, block, "probability", NULL, DT_RIGHT);
    dt_block_column(page, block, "strategy", NULL, DT_LEFT);
    for (size_t i = 0; i < result->securities; i++) {
        const dt_security *s = &result->security[i];
        for (size_t k = 0; k < s->strategy.count; k++) {
            const dt_weight *w = &s->strategy.weight[k];
            dt_cell *row = dt_block_row(page, block, k == 0 && s->strategy.count > 1);
            if (k == 0) {
                dt_put_text(row, 0, layout->game->player[s->player].name);
                dt_put_number(row, 1, &s->value);
                if (fractions)
                    dt_put_text(row, 2, dt_cells_fraction(&s->value));
            }
            dt_put_text(row, 2 + fractions, dt_layout_short(layout, &w->probability));
            dt_put_text(row, 3 + fractions, dt_layout_strategy(layout, s->player, w->strategy));
        }
    }
    dt_section_attach(page, section, block);
    dt_layout_proof_note(layout, section, result, "Values are");
}

static dt_block *eliminated(dt_layout *layout, const dt_result *result) {
    dt_page *page = layout->page;
    dt_block *block = dt_block_new(page, result->concept_name, NULL);
    dt_block_column(page, block, "round", NULL, DT_RIGHT);
    dt_block_column(page, block, "player", NULL, DT_LEFT);
    dt_block_column(page, block, "strategy", NULL, DT_LEFT);
    dt_block_column(page, block, "strictly dominated by", NULL, DT_LEFT);
    size_t last = 0;
    for (size_t i = 0; i < result->eliminations; i++) {
        const dt_elimination *e = &result->elimination[i];
        dt_cell *row = dt_block_row(page, block, false);
        if (e->round != last)
            dt_put_count(row, 0, e->round);
        last = e->round;
        dt_put_text(row, 1, layout->game->player[e->player].name);
        dt_put_text(row, 2, dt_layout_strategy(layout, e->player, e->strategy));
        dt_put_text(row, 3, dt_layout_mixture(layout, e->player, &e->by));
    }
    return block;
}

static dt_block *remaining(dt_layout *layout, const dt_result *result) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    dt_block *block = dt_block_new(page, "remaining", "What remains");
    dt_block_column(page, block, "player", NULL, DT_LEFT);
    dt_block_column(page, block, "left", NULL, DT_RIGHT);
    dt_block_column(page, block, "of", NULL, DT_RIGHT);
    if (result->remaining_strategy)
        dt_block_column(page, block, "strategies", NULL, DT_LEFT);
    for (size_t p = 0; p < game->players; p++) {
        dt_cell *row = dt_block_row(page, block, false);
        dt_put_text(row, 0, game->player[p].name);
        dt_put_count(row, 1, result->remaining[p]);
        dt_put_count(row, 2, game->player[p].strategies);
        const char *text = "";
        for (uint32_t k = 0; result->remaining_strategy && k < result->remaining[p]; k++) {
            if (k == LISTED) {
                text = dt_page_format(page, "%s, …", text);
                break;
            }
            text = dt_page_format(page, "%s%s%s", text, k ? ", " : "",
                                  dt_layout_strategy(layout, p, result->remaining_strategy[p][k]));
        }
        if (result->remaining_strategy)
            dt_put_text(row, 3, text);
    }
    return block;
}

void dt_layout_elimination(dt_layout *layout, dt_section *section, const dt_result *result) {
    dt_page *page = layout->page;
    if (!result->eliminations) {
        dt_section_note(page, section, "Every strategy of every player remains.");
        dt_layout_proof_note(layout, section, result, "This is");
        return;
    }
    dt_section_attach(page, section, eliminated(layout, result));
    bool one = true;
    for (size_t p = 0; result->remaining && p < layout->game->players; p++)
        one &= result->remaining[p] == 1;
    if (result->remaining) {
        dt_section_attach(page, section, remaining(layout, result));
        if (one)
            dt_section_note(page, section, "One profile remains: the game is dominance-solvable.");
    }
    dt_layout_proof_note(layout, section, result, "Each elimination is");
}
