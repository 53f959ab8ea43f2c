/* Layout: from results to the page that text, Markdown and LaTeX render. */
#include "report/layout.h"

#include <string.h>

bool dt_layout_varies(const dt_move *move) {
    return move->levels > 1;
}

const char *dt_layout_strategy(dt_layout *layout, size_t player, uint32_t strategy) {
    const dt_player *p = &layout->game->player[player];
    const char *text = "";
    size_t varying = 0;
    for (size_t m = 0; m < p->moves; m++) {
        if (!dt_layout_varies(&p->move[m]))
            continue;
        const char *label = dt_strategy_label(layout->game, player, strategy, m);
        text = varying ? dt_page_format(layout->page, "%s, %s", text, label) : label;
        varying++;
    }
    if (varying > 1)
        layout->tuples_used = true;
    return varying == 0 ? "–" : varying > 1 ? dt_page_format(layout->page, "(%s)", text) : text;
}

const char *dt_layout_short(dt_layout *layout, const dt_number *number) {
    if (number->exact && strlen(number->exact) <= 11)
        return number->exact;
    return dt_page_format(layout->page, "%.6g", number->value + 0.0);
}

const char *dt_layout_mixture(dt_layout *layout, size_t player, const dt_mixture *mixture) {
    const char *text = "";
    for (size_t i = 0; i < mixture->count; i++) {
        const dt_weight *w = &mixture->weight[i];
        const char *strategy = dt_layout_strategy(layout, player, w->strategy);
        if (mixture->count == 1)
            return strategy;
        text = dt_page_format(layout->page, "%s%s%s %s", text, i ? " + " : "",
                              dt_layout_short(layout, &w->probability), strategy);
    }
    return text;
}

const char *dt_layout_proof(dt_certificate certificate) {
    switch (certificate) {
    case DT_CERT_EXACT: return "certified in exact arithmetic";
    case DT_CERT_BALL: return "certified by ball arithmetic";
    case DT_CERT_NUMERIC: return "numeric: computed, not proven";
    case DT_CERT_NONE: break;
    }
    return "";
}

void dt_layout_proof_note(dt_layout *layout, dt_section *section, const dt_result *result,
                          const char *what) {
    const char *proof = dt_layout_proof(result->certificate);
    if (*proof)
        dt_section_note(layout->page, section, dt_page_format(layout->page, "%s %s.", what, proof));
}

/* "Prisoner's dilemma: A 2 × B 2 = 4 profiles" */
static void describe_game(dt_layout *layout, const dt_report_input *input) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    const char *text = "Strategies: ";
    for (size_t i = 0; i < game->players; i++)
        text = dt_page_format(page, "%s%s%s %s", text, i ? " × " : "", game->player[i].name,
                              dt_page_count(page, game->player[i].strategies));
    text = dt_page_format(page, "%s = %s profile%s", text, dt_page_count(page, game->profiles),
                          game->profiles == 1 ? "" : "s");
    if (input->config_sha256)
        text = dt_page_format(page, "%s; config %.12s", text, input->config_sha256);
    page->subtitle = dt_page_format(page, "%s", text);
}

/* Which moves a tuple lists: once for all players whose moves have the same names. */
static void describe_tuples(dt_layout *layout, dt_section *section) {
    dt_page *page = layout->page;
    const dt_game *game = layout->game;
    const char *sentence = "Strategies are written as", *last = "";
    for (size_t i = 0; i < game->players; i++) {
        const char *moves = "";
        size_t varying = 0;
        for (size_t m = 0; m < game->player[i].moves; m++)
            if (dt_layout_varies(&game->player[i].move[m]))
                moves = dt_page_format(page, "%s%s%s", moves, varying++ ? ", " : "",
                                       game->player[i].move[m].name);
        if (varying < 2)
            continue;
        if (strcmp(last, moves) == 0) {
            sentence = dt_page_format(page, "%s and %s", sentence, game->player[i].name);
        } else {
            sentence = dt_page_format(page, "%s%s (%s) for %s", sentence, *last ? "," : "", moves,
                                      game->player[i].name);
            last = moves;
        }
    }
    dt_section_note(page, section, dt_page_format(page, "%s.", sentence));
}

/* "epsilon-nash (regret = 0.5)" */
static const char *concept_title(dt_page *page, const dt_result *result) {
    const char *text = result->concept_name;
    for (size_t i = 0; i < result->settings; i++)
        text = dt_page_format(page, "%s%s%s = %s", text, i ? ", " : " (", result->setting[i].key,
                              result->setting[i].text);
    return result->settings ? dt_page_format(page, "%s)", text) : text;
}

static const char *equilibria_heading(dt_page *page, const dt_result *result) {
    const char *title = concept_title(page, result);
    if (!result->items)
        return dt_page_format(page, "%s: no equilibrium%s", title,
                              result->complete == DT_TRUE ? "" : " found");
    return dt_page_format(page, "%s: %s %s%s", title, dt_page_count(page, result->items),
                          result->items == 1 ? "equilibrium" : "equilibria",
                          result->complete == DT_TRUE ? "" : " found");
}

static const char *elimination_heading(dt_page *page, const dt_result *result) {
    const char *title = concept_title(page, result);
    size_t n = result->eliminations, rounds = n ? result->elimination[n - 1].round : 0;
    if (!n)
        return dt_page_format(page, "%s: no strategy is dominated", title);
    return dt_page_format(page, "%s: %s strateg%s eliminated in %zu round%s", title,
                          dt_page_count(page, n), n == 1 ? "y" : "ies", rounds,
                          rounds == 1 ? "" : "s");
}

/* How many results from `first` share a section: optima of one concept. */
static size_t run_length(const dt_result_list *list, size_t first) {
    size_t n = 1;
    const dt_result *r = list->result[first];
    if (r->shape == DT_SHAPE_DISTRIBUTION && r->objective)
        while (first + n < list->count && list->result[first + n]->shape == DT_SHAPE_DISTRIBUTION &&
               list->result[first + n]->objective &&
               strcmp(list->result[first + n]->concept_name, r->concept_name) == 0)
            n++;
    return n;
}

static void lay_out(dt_layout *layout, const dt_report_input *input, size_t first, size_t count) {
    dt_page *page = layout->page;
    dt_result *const *result = &input->results->result[first];
    const dt_result *r = *result;
    dt_section *section = NULL;
    layout->tuples_used = false;
    switch (r->shape) {
    case DT_SHAPE_NAMED:
        section = dt_page_section(
            page, r->heading ? dt_page_format(page, "%s: %s", concept_title(page, r), r->heading)
                             : concept_title(page, r));
        break;
    case DT_SHAPE_EQUILIBRIA:
        section = dt_page_section(page, equilibria_heading(page, r));
        dt_layout_equilibria(layout, section, r);
        break;
    case DT_SHAPE_SECURITY:
        section = dt_page_section(
            page, dt_page_format(page, "%s: %s", concept_title(page, r),
                                 r->heading ? r->heading : "what each player can secure"));
        dt_layout_security(layout, section, r);
        break;
    case DT_SHAPE_ELIMINATION:
        section = dt_page_section(page, elimination_heading(page, r));
        dt_layout_elimination(layout, section, r);
        break;
    case DT_SHAPE_DISTRIBUTION:
        section = dt_page_section(
            page, count > 1      ? dt_page_format(page, "%s: %zu optima", r->concept_name, count)
                  : r->objective ? dt_page_format(page, "%s: 1 optimum", r->concept_name)
                                 : concept_title(page, r));
        dt_layout_distributions(layout, section, result, count);
        break;
    }
    for (size_t i = 0; i < count; i++)
        dt_layout_named(layout, section, result[i]);
    if (layout->tuples_used)
        describe_tuples(layout, section);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < result[i]->notes; n++)
            dt_section_note(page, section, result[i]->note[n]);
        if (first + i < input->timings)
            dt_section_note(page, section,
                            dt_page_format(page, "Time: %.3g s.", input->seconds[first + i]));
    }
}

dt_page *dt_page_of_results(const dt_report_input *input, size_t width) {
    dt_page *page = dt_page_new(input->title);
    if (!page)
        return NULL;
    dt_layout layout = {page, input->game, width, false};
    describe_game(&layout, input);
    for (size_t i = 0; i < input->results->count;) {
        size_t n = run_length(input->results, i);
        lay_out(&layout, input, i, n);
        i += n;
    }
    return page;
}
