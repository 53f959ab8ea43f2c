/* Layout: from results to the page that text, Markdown and LaTeX render. */
#ifndef DT_REPORT_LAYOUT_H
#define DT_REPORT_LAYOUT_H

#include "report/page.h"

/* What the layouts of all shapes share. */
typedef struct dt_layout {
    dt_page *page;
    const dt_game *game;
    size_t width;     /* widest table that should be made, in characters */
    bool tuples_used; /* a strategy was written as a tuple: its moves need a note */
} dt_layout;

/* The whole page of a result list; NULL when out of memory. Tables wider than `width` characters
 * are laid out with the players below each other. */
dt_page *dt_page_of_results(const dt_report_input *input, size_t width);

/* The shapes, one a file: each adds its tables and notes to the section. */
void dt_layout_equilibria(dt_layout *layout, dt_section *section, const dt_result *result);
void dt_layout_security(dt_layout *layout, dt_section *section, const dt_result *result);
void dt_layout_elimination(dt_layout *layout, dt_section *section, const dt_result *result);
/* Named values and named tables, of any shape. */
void dt_layout_named(dt_layout *layout, dt_section *section, const dt_result *result);
/* `count` optima of one concept share a section. */
void dt_layout_distributions(dt_layout *layout, dt_section *section, dt_result *const *result,
                             size_t count);

/* Profiles as a table, a row each where that fits, else a row for each player of each. Arrays are
 * one entry a profile; those that are NULL have no column. */
typedef struct dt_profile_rows {
    const char *name, *title;
    size_t count;
    const uint32_t *const *profile;
    const dt_number *const *probability;
    const dt_item *item; /* payoffs, regrets, flags and certificates */
} dt_profile_rows;
dt_block *dt_layout_profiles(dt_layout *layout, const dt_profile_rows *rows);
/* Columns for what is known of equilibria: kind, Pareto, certificate. */
typedef struct dt_flags {
    bool kind, pareto, certificate;
} dt_flags;
dt_flags dt_layout_flags(const dt_item *item, size_t count);
void dt_layout_flag_columns(dt_layout *layout, dt_block *block, dt_flags flags);
void dt_layout_flag_cells(dt_cell *row, size_t column, dt_flags flags, const dt_item *item);

/* Payoffs by term of the items that have them. */
void dt_layout_splits(dt_layout *layout, dt_section *section, const dt_result *result);

/* Whether a move has a choice; one with a single level is left out of tables. */
bool dt_layout_varies(const dt_move *move);
/* "licence" for a player with one move, "(licence, on)" for several, "–" for none. */
const char *dt_layout_strategy(dt_layout *layout, size_t player, uint32_t strategy);
/* "1/2 (licence, on) + 1/2 (none, on)"; without the probability where it is 1. */
const char *dt_layout_mixture(dt_layout *layout, size_t player, const dt_mixture *mixture);
/* The fraction where it is short, else a decimal. */
const char *dt_layout_short(dt_layout *layout, const dt_number *number);
/* What stands behind a claim, as the end of a sentence. */
const char *dt_layout_proof(dt_certificate certificate);
/* The certificate of a whole result as a sentence: "Values are certified in exact arithmetic." */
void dt_layout_proof_note(dt_layout *layout, dt_section *section, const dt_result *result,
                          const char *what);
/* Does the table fit into the layout's width? */
bool dt_layout_fits(dt_layout *layout, const dt_block *block);

#endif
