/* Equilibria for people: the table, payoffs by term, and what is proven. */
#include "report/cells.h"
#include "report/layout.h"

enum { SPLIT_ITEMS = 20, SUBSET_ITEMS = 24, SUBSETS = 200 };

static bool any_fraction(const dt_layout *layout, const dt_result *result) {
    for (size_t i = 0; i < result->items; i++)
        for (size_t p = 0; p < layout->game->players; p++)
            if (dt_cells_fraction(&result->item[i].payoff[p]))
                return true;
    return false;
}

/* Mixed equilibria: a row for each strategy that is played. */
static dt_block *mixed(dt_layout *layout, const dt_result *result) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    bool numbered = result->items > 1, regrets = result->item[0].regret != NULL;
    bool fractions = any_fraction(layout, result);
    dt_flags flags = dt_layout_flags(result->item, result->items);
    dt_block *block = dt_block_new(page, result->concept_name, NULL);
    if (numbered)
        dt_block_column(page, block, "#", NULL, DT_RIGHT);
    dt_block_column(page, block, "player", NULL, DT_LEFT);
    dt_block_column(page, block, "payoff", NULL, DT_DECIMAL);
    if (fractions)
        dt_block_column(page, block, "exact", NULL, DT_RIGHT);
    if (regrets)
        dt_block_column(page, block, "regret", NULL, DT_DECIMAL);
    dt_block_column(page, block, "probability", NULL, DT_RIGHT);
    dt_block_column(page, block, "strategy", NULL, DT_LEFT);
    dt_layout_flag_columns(layout, block, flags);
    bool components = result->components && result->components < result->items;
    size_t last = block ? block->table.columns : 0;
    if (components)
        dt_block_column(page, block, "component", NULL, DT_RIGHT);

    for (size_t i = 0; i < result->items; i++) {
        const dt_item *item = &result->item[i];
        for (size_t p = 0; p < game->players; p++) {
            dt_weight sure = {item->profile ? item->profile[p] : 0, {1, 0, "1"}};
            dt_mixture pure = {1, &sure};
            const dt_mixture *mixture = item->mixture ? &item->mixture[p] : &pure;
            for (size_t k = 0; k < mixture->count; k++) {
                const dt_weight *w = &mixture->weight[k];
                dt_cell *row = dt_block_row(page, block, p == 0 && k == 0);
                size_t c = numbered;
                if (numbered && p == 0 && k == 0)
                    dt_put_count(row, 0, i + 1);
                if (k == 0) {
                    dt_put_text(row, c, game->player[p].name);
                    dt_put_number(row, c + 1, &item->payoff[p]);
                    if (fractions)
                        dt_put_text(row, c + 2, dt_cells_fraction(&item->payoff[p]));
                    if (regrets && item->regret)
                        dt_put_number(row, c + 2 + fractions, &item->regret[p]);
                }
                c += (size_t)2 + fractions + regrets;
                dt_put_text(row, c, dt_layout_short(layout, &w->probability));
                dt_put_text(row, c + 1, dt_layout_strategy(layout, p, w->strategy));
                if (p == 0 && k == 0)
                    dt_layout_flag_cells(row, c + 2, flags, item);
                if (p == 0 && k == 0 && components)
                    dt_put_count(row, last, item->component);
            }
        }
    }
    return block;
}

/* The maximal Nash subsets of more than one equilibrium. */
static dt_block *subsets(dt_layout *layout, const dt_result *result) {
    dt_page *page = layout->page;
    dt_block *block = dt_block_new(page, "nash-subsets", "Maximal Nash subsets");
    dt_block_column(page, block, "component", NULL, DT_RIGHT);
    dt_block_column(page, block, "equilibria", NULL, DT_LEFT);
    size_t last = 0, shown = 0;
    for (size_t k = 0; k < result->subsets; k++) {
        const dt_nash_subset *subset = &result->subset[k];
        if (subset->count < 2 || shown++ >= SUBSETS)
            continue;
        dt_cell *row = dt_block_row(page, block, false);
        const char *text = "";
        for (size_t i = 0; i < subset->count && i < SUBSET_ITEMS; i++)
            text = dt_page_format(page, "%s%s%zu", text, i ? ", " : "", subset->item[i] + 1);
        if (subset->count > SUBSET_ITEMS)
            text = dt_page_format(page, "%s, … (%s)", text, dt_page_count(page, subset->count));
        if (subset->component != last)
            dt_put_count(row, 0, subset->component);
        dt_put_text(row, 1, text);
        last = subset->component;
    }
    dt_block_note(page, block,
                  "Whatever one player mixes of his strategies in a subset, with whatever the "
                  "other mixes of his, is an equilibrium, too.");
    if (shown > SUBSETS)
        dt_block_note(page, block,
                      dt_page_format(page, "The first %d of %s; --format json has all.", SUBSETS,
                                     dt_page_count(page, shown)));
    return block;
}

static bool any_mixed(const dt_result *result) {
    for (size_t i = 0; i < result->items; i++)
        if (result->item[i].mixture)
            return true;
    return false;
}

/* "every equilibrium is certified by ball arithmetic": how many of each kind. */
static const char *proof(dt_page *page, const dt_result *result) {
    size_t n = result->items, of[4] = {0};
    for (size_t i = 0; i < n; i++)
        of[result->item[i].certificate]++;
    const char *each = n == 1 ? "the equilibrium" : "every equilibrium";
    const char *decided = "(all comparisons decided)";
    if (of[DT_CERT_EXACT] == n)
        return dt_page_format(page, "%s is certified in exact arithmetic", each);
    if (of[DT_CERT_BALL] == n)
        return dt_page_format(page, "%s is certified by ball arithmetic %s", each, decided);
    if (of[DT_CERT_EXACT] + of[DT_CERT_BALL] == n)
        return dt_page_format(page, "%s is certified, %zu in exact and %zu by ball arithmetic %s",
                              each, of[DT_CERT_EXACT], of[DT_CERT_BALL], decided);
    if (of[DT_CERT_NUMERIC])
        return dt_page_format(page, "%s of %s %s numeric: computed, not proven",
                              dt_page_count(page, of[DT_CERT_NUMERIC]), dt_page_count(page, n),
                              of[DT_CERT_NUMERIC] == 1 ? "is" : "are");
    return "";
}

static void footer(dt_layout *layout, dt_section *section, const dt_result *result) {
    dt_page *page = layout->page;
    const char *searched = dt_page_count(page, result->searched), *text = "";
    const char *profiles = result->searched == 1 ? "profile" : "profiles";
    bool complete = result->complete == DT_TRUE;
    if (!result->items) {
        const char *basis = dt_layout_proof(result->certificate);
        text =
            !complete && !result->searched ? "The search found none; there may be some."
            : !complete                    ? dt_page_format(page,
                                                            "None among the %s %s searched; the search is "
                                                                               "not complete, there may be some.",
                                                            searched, profiles)
            : !result->searched
                ? dt_page_format(page, "There is none%s%s.", *basis ? ", " : "", basis)
                : dt_page_format(page, "At each of the %s %s some player gains by deviating%s%s.",
                                 searched, profiles, *basis ? "; " : "", basis);
        dt_section_note(page, section, text);
        return;
    }
    if (result->searched)
        text = dt_page_format(page, "%s %s searched; ", searched, profiles);
    text = dt_page_format(page, "%s%s list is %scomplete", text, result->searched ? "the" : "The",
                          complete ? "" : "not proven ");
    const char *certified = proof(page, result);
    dt_section_note(page, section,
                    *certified ? dt_page_format(page, "%s; %s.", text, certified)
                               : dt_page_format(page, "%s.", text));
}

void dt_layout_equilibria(dt_layout *layout, dt_section *section, const dt_result *result) {
    dt_page *page = layout->page;
    if (result->items && any_mixed(result)) {
        dt_section_attach(page, section, mixed(layout, result));
        if (result->subsets && result->components < result->items)
            dt_section_attach(page, section, subsets(layout, result));
    } else if (result->items) {
        const uint32_t **profile = dt_page_array(page, result->items, sizeof *profile);
        for (size_t i = 0; profile && i < result->items; i++)
            profile[i] = result->item[i].profile;
        dt_profile_rows rows = {.name = result->concept_name,
                                .count = profile ? result->items : 0,
                                .profile = profile,
                                .item = result->item};
        dt_section_attach(page, section, dt_layout_profiles(layout, &rows));
    }
    dt_layout_splits(layout, section, result);
    footer(layout, section, result);
}

static bool is_zero(const dt_number *number) {
    return number->value == 0 && number->radius == 0;
}

/* One player's terms that are not 0, then the payoff they add up to. */
static void player_terms(dt_layout *layout, dt_block *block, const dt_item *item, size_t player,
                         bool units, const char **zeros) {
    dt_page *page = layout->page;
    const char *name = layout->game->player[player].name, *left_out = "";
    const dt_split *split = &item->split[player];
    bool first = true;
    for (size_t t = 0; t < split->count; t++) {
        const dt_term *term = &split->term[t];
        if (is_zero(&term->value)) {
            left_out = dt_page_format(page, "%s%s%s", left_out, *left_out ? ", " : "", term->label);
            continue;
        }
        dt_cell *row = dt_block_row(page, block, first);
        dt_put_text(row, 0, first ? name : "");
        dt_put_text(row, 1, term->label);
        dt_put_number(row, 2, &term->value);
        if (units)
            dt_put_text(row, 3, term->unit);
        first = false;
    }
    dt_cell *row = dt_block_row(page, block, first);
    dt_put_text(row, 0, first ? name : "");
    dt_put_text(row, 1, "= payoff");
    dt_put_number(row, 2, &item->payoff[player]);
    if (*left_out)
        *zeros = dt_page_format(page, "%s%s%s: %s", *zeros, **zeros ? "; " : "", name, left_out);
}

static dt_block *terms(dt_layout *layout, const dt_result *result, size_t i) {
    dt_page *page = layout->page;
    const dt_item *item = &result->item[i];
    bool units = false;
    for (size_t p = 0; p < layout->game->players; p++)
        for (size_t t = 0; t < item->split[p].count; t++)
            units |= item->split[p].term[t].unit != NULL;
    dt_block *block = dt_block_new(
        page, "terms",
        result->items == 1 ? "Payoffs by term"
                           : dt_page_format(page, "Payoffs by term, equilibrium %zu", i + 1));
    dt_block_column(page, block, "player", NULL, DT_LEFT);
    dt_block_column(page, block, "term", NULL, DT_LEFT);
    dt_block_column(page, block, "value", NULL, DT_DECIMAL);
    if (units)
        dt_block_column(page, block, "unit", NULL, DT_LEFT);
    const char *zeros = "";
    for (size_t p = 0; p < layout->game->players; p++)
        player_terms(layout, block, item, p, units, &zeros);
    if (*zeros)
        dt_block_note(page, block, dt_page_format(page, "Terms that are 0 – %s.", zeros));
    return block;
}

void dt_layout_splits(dt_layout *layout, dt_section *section, const dt_result *result) {
    size_t shown = 0;
    for (size_t i = 0; i < result->items; i++)
        if (result->item[i].split && shown++ < SPLIT_ITEMS)
            dt_section_attach(layout->page, section, terms(layout, result, i));
    if (shown > SPLIT_ITEMS)
        dt_section_note(layout->page, section,
                        dt_page_format(layout->page,
                                       "Payoffs by term are shown for the first %d equilibria; "
                                       "--format json has them for all.",
                                       SPLIT_ITEMS));
}
