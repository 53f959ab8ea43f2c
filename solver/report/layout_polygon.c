/* A polygon of payoffs for people: its corners. */
#include "report/cells.h"
#include "report/layout.h"

static bool any_fraction(const dt_result *result) {
    for (size_t i = 0; i < result->vertices; i++)
        for (int k = 0; k < 2; k++)
            if (dt_cells_fraction(&result->vertex[i].payoff[result->axis[k]]))
                return true;
    return false;
}

void dt_layout_polygon(dt_layout *layout, dt_section *section, const dt_result *result) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    bool fractions = any_fraction(result);
    dt_block *block = dt_block_new(page, result->concept_name, NULL);
    dt_block_column(page, block, "#", NULL, DT_RIGHT);
    for (int k = 0; k < 2; k++) {
        dt_block_column(page, block, game->player[result->axis[k]].name, NULL, DT_DECIMAL);
        if (fractions)
            dt_block_column(page, block, "exact", NULL, DT_RIGHT);
    }
    dt_block_column(page, block, "profiles", NULL, DT_RIGHT);
    dt_block_column(page, block, "certificate", NULL, DT_LEFT);
    for (size_t i = 0; i < result->vertices; i++) {
        const dt_vertex *vertex = &result->vertex[i];
        dt_cell *row = dt_block_row(page, block, false);
        size_t c = 0;
        dt_put_count(row, c++, i + 1);
        for (int k = 0; k < 2; k++) {
            const dt_number *payoff = &vertex->payoff[result->axis[k]];
            dt_put_number(row, c++, payoff);
            if (fractions)
                dt_put_text(row, c++, dt_cells_fraction(payoff));
        }
        dt_put_count(row, c++, vertex->atoms);
        dt_put_text(row, c, dt_certificate_name(vertex->certificate));
    }
    dt_section_attach(page, section, block);
    dt_section_note(page, section,
                    "Corners are in order, against the clock. Formats json and csv have the "
                    "distribution behind each.");
    const char *proof = dt_layout_proof(result->certificate);
    if (*proof && result->certificate != DT_CERT_NUMERIC)
        dt_section_note(
            page, section,
            dt_page_format(page, "The corners, and that there are no others, are %s.", proof));
}
