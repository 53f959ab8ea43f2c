/* Distributions over profiles for people: a table of optima, then the profiles of each. */
#include <string.h>

#include "report/cells.h"
#include "report/layout.h"

/* "max welfare", "min payoff of US" */
static const char *optimum_name(dt_layout *layout, const dt_result *result) {
    for (size_t p = 0; p < layout->game->players; p++)
        if (strcmp(layout->game->player[p].name, result->objective) == 0)
            return dt_page_format(layout->page, "%s payoff of %s",
                                  result->sense ? result->sense : "", result->objective);
    return dt_page_format(layout->page, "%s %s", result->sense ? result->sense : "",
                          result->objective);
}

/* What the distribution is called in a heading. */
static const char *name_of(dt_layout *layout, const dt_result *result) {
    return result->objective ? optimum_name(layout, result) : "distribution";
}

static dt_block *optima(dt_layout *layout, dt_result *const *result, size_t count) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    bool fractions = false, certificates = false, named = result[0]->objective != NULL;
    for (size_t i = 0; i < count; i++) {
        fractions |= named && dt_cells_fraction(&result[i]->value) != NULL;
        certificates |= result[i]->certificate != DT_CERT_NONE;
    }
    dt_block *block = dt_block_new(page, result[0]->concept_name, NULL);
    if (named) {
        dt_block_column(page, block, "optimum", NULL, DT_LEFT);
        dt_block_column(page, block, "value", NULL, DT_DECIMAL);
    }
    if (fractions)
        dt_block_column(page, block, "exact", NULL, DT_RIGHT);
    for (size_t p = 0; p < game->players; p++)
        dt_block_column(page, block, game->player[p].name, "expected payoff", DT_DECIMAL);
    if (certificates)
        dt_block_column(page, block, "certificate", NULL, DT_LEFT);
    for (size_t i = 0; i < count; i++) {
        const dt_result *r = result[i];
        dt_cell *row = dt_block_row(page, block, false);
        size_t c = 0;
        if (named) {
            dt_put_text(row, c++, optimum_name(layout, r));
            dt_put_number(row, c++, &r->value);
        }
        if (fractions)
            dt_put_text(row, c++, dt_cells_fraction(&r->value));
        for (size_t p = 0; p < game->players; p++)
            dt_put_number(row, c++, r->payoff ? &r->payoff[p] : NULL);
        if (certificates)
            dt_put_text(row, c, dt_certificate_name(r->certificate));
    }
    return block;
}

void dt_layout_distributions(dt_layout *layout, dt_section *section, dt_result *const *result,
                             size_t count) {
    dt_page *page = layout->page;
    dt_section_attach(page, section, optima(layout, result, count));
    for (size_t i = 0; i < count; i++) {
        const dt_result *r = result[i];
        const uint32_t **profile = dt_page_array(page, r->atoms, sizeof *profile);
        const dt_number **probability = dt_page_array(page, r->atoms, sizeof *probability);
        if (!profile || !probability)
            return;
        for (size_t k = 0; k < r->atoms; k++) {
            profile[k] = r->atom[k].profile;
            probability[k] = &r->atom[k].probability;
        }
        dt_profile_rows rows = {
            .name = "distribution",
            .title = dt_page_format(page, "%s: %s profile%s", name_of(layout, r),
                                    dt_page_count(page, r->atoms), r->atoms == 1 ? "" : "s"),
            .count = r->atoms,
            .profile = profile,
            .probability = probability,
        };
        dt_section_attach(page, section, dt_layout_profiles(layout, &rows));
    }
}
