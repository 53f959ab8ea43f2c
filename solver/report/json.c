/* JSON of results: a stable shape that other programs read, see docs; additions are allowed. */
#include <stdio.h>
#include <string.h>

#include "report/json_build.h"
#include "report/reporters.h"

typedef struct writer {
    dt_json json;
    const dt_game *game;
} writer;

static const char *player_name(const writer *w, size_t player) {
    return w->game->player[player].name;
}

/* { move: label }: every move, also those with a single level. */
static void put_moves(writer *w, dt_json_at parent, const char *key, size_t player,
                      uint32_t strategy) {
    const dt_player *p = &w->game->player[player];
    dt_json_at moves = dt_json_object(&w->json, parent, key);
    for (size_t m = 0; m < p->moves; m++)
        dt_json_text(&w->json, moves, p->move[m].name,
                     dt_strategy_label(w->game, player, strategy, m));
}

static void put_profile(writer *w, dt_json_at parent, const char *key, const uint32_t *profile) {
    dt_json_at object = dt_json_object(&w->json, parent, key);
    for (size_t p = 0; p < w->game->players; p++)
        put_moves(w, object, player_name(w, p), p, profile[p]);
}

/* [ { "moves": {…}, "probability": …, "probability_exact": … } ] */
static void put_mixture(writer *w, dt_json_at parent, const char *key, size_t player,
                        const dt_mixture *mixture) {
    dt_json_at array = dt_json_array(&w->json, parent, key);
    for (size_t i = 0; i < mixture->count; i++) {
        dt_json_at entry = dt_json_object(&w->json, array, NULL);
        put_moves(w, entry, "moves", player, mixture->weight[i].strategy);
        dt_json_number(&w->json, entry, "probability", "radius", &mixture->weight[i].probability);
    }
}

/* The numbers of all players under `key`, the fractions of those that are rational under
 * `exact_key`, the radii of the others under `radius_key`; an object that would be empty is left
 * out. */
static void put_players(writer *w, dt_json_at parent, const char *key, const char *exact_key,
                        const char *radius_key, const dt_number *number) {
    size_t players = w->game->players, exact = 0;
    dt_json_at object = dt_json_object(&w->json, parent, key);
    for (size_t p = 0; p < players; p++) {
        dt_json_double(&w->json, object, player_name(w, p), number[p].value);
        exact += number[p].exact != NULL;
    }
    if (exact)
        object = dt_json_object(&w->json, parent, exact_key);
    for (size_t p = 0; p < players; p++)
        if (number[p].exact)
            dt_json_text(&w->json, object, player_name(w, p), number[p].exact);
    if (exact < players)
        object = dt_json_object(&w->json, parent, radius_key);
    for (size_t p = 0; p < players; p++)
        if (!number[p].exact)
            dt_json_double(&w->json, object, player_name(w, p), number[p].radius);
}

static void put_split(writer *w, dt_json_at parent, const dt_split *split) {
    dt_json_at terms = dt_json_object(&w->json, parent, "terms");
    for (size_t p = 0; p < w->game->players; p++) {
        dt_json_at array = dt_json_array(&w->json, terms, player_name(w, p));
        for (size_t t = 0; t < split[p].count; t++) {
            const dt_term *term = &split[p].term[t];
            dt_json_at entry = dt_json_object(&w->json, array, NULL);
            dt_json_text(&w->json, entry, "term", term->label);
            if (term->unit)
                dt_json_text(&w->json, entry, "unit", term->unit);
            dt_json_number(&w->json, entry, "value", "radius", &term->value);
        }
    }
}

static void put_certificate(writer *w, dt_json_at parent, dt_certificate certificate) {
    if (certificate != DT_CERT_NONE)
        dt_json_text(&w->json, parent, "certificate", dt_certificate_name(certificate));
}

static void put_item(writer *w, dt_json_at parent, const dt_item *item) {
    dt_json_at object = dt_json_object(&w->json, parent, NULL);
    if (item->profile)
        put_profile(w, object, "profile", item->profile);
    if (item->mixture) {
        dt_json_at strategies = dt_json_object(&w->json, object, "strategies");
        for (size_t p = 0; p < w->game->players; p++)
            put_mixture(w, strategies, player_name(w, p), p, &item->mixture[p]);
    }
    put_players(w, object, "payoffs", "payoffs_exact", "radius", item->payoff);
    if (item->regret)
        put_players(w, object, "regret", "regret_exact", "regret_radius", item->regret);
    if (item->profile || item->strict != DT_UNKNOWN)
        dt_json_truth(&w->json, object, "strict", item->strict);
    if (item->profile || item->pareto_efficient != DT_UNKNOWN)
        dt_json_truth(&w->json, object, "pareto_efficient", item->pareto_efficient);
    put_certificate(w, object, item->certificate);
    if (item->component)
        dt_json_count(&w->json, object, "component", item->component);
    if (item->split)
        put_split(w, object, item->split);
}

/* [ { "component": 1, "nash_subsets": [ [ 1, 2 ], … ] } ]: equilibria are numbered from 1. */
static void put_components(writer *w, dt_json_at object, const dt_result *r) {
    dt_json_at array = dt_json_array(&w->json, object, "components"), subsets = {0};
    size_t last = 0;
    for (size_t k = 0; k < r->subsets; k++) {
        const dt_nash_subset *subset = &r->subset[k];
        if (subset->component != last) {
            dt_json_at entry = dt_json_object(&w->json, array, NULL);
            dt_json_count(&w->json, entry, "component", subset->component);
            subsets = dt_json_array(&w->json, entry, "nash_subsets");
            last = subset->component;
        }
        dt_json_at items = dt_json_array(&w->json, subsets, NULL);
        for (size_t i = 0; i < subset->count; i++)
            dt_json_count(&w->json, items, NULL, subset->item[i] + 1);
    }
}

static void put_equilibria(writer *w, dt_json_at object, const dt_result *r) {
    dt_json_truth(&w->json, object, "complete", r->complete);
    dt_json_at array = dt_json_array(&w->json, object, "equilibria");
    for (size_t i = 0; i < r->items; i++)
        put_item(w, array, &r->item[i]);
    if (r->subsets)
        put_components(w, object, r);
}

static void put_atoms(writer *w, dt_json_at object, const dt_atom *atom, size_t atoms) {
    dt_json_at array = dt_json_array(&w->json, object, "distribution");
    for (size_t i = 0; i < atoms; i++) {
        dt_json_at entry = dt_json_object(&w->json, array, NULL);
        put_profile(w, entry, "profile", atom[i].profile);
        dt_json_number(&w->json, entry, "probability", "radius", &atom[i].probability);
    }
}

static void put_polygon(writer *w, dt_json_at object, const dt_result *r) {
    dt_json_at array = dt_json_array(&w->json, object, "vertices");
    for (size_t i = 0; i < r->vertices; i++) {
        const dt_vertex *vertex = &r->vertex[i];
        dt_json_at entry = dt_json_object(&w->json, array, NULL);
        put_players(w, entry, "payoffs", "payoffs_exact", "payoffs_radius", vertex->payoff);
        put_atoms(w, entry, vertex->atom, vertex->atoms);
        put_certificate(w, entry, vertex->certificate);
    }
}

static void put_distribution(writer *w, dt_json_at object, const dt_result *r) {
    if (r->objective) {
        dt_json_text(&w->json, object, "objective", r->objective);
        dt_json_text(&w->json, object, "sense", r->sense);
        dt_json_number(&w->json, object, "value", "radius", &r->value);
    }
    put_atoms(w, object, r->atom, r->atoms);
    if (r->payoff) /* "radius" is the value's here */
        put_players(w, object, "payoffs", "payoffs_exact", "payoffs_radius", r->payoff);
}

static void put_security(writer *w, dt_json_at object, const dt_result *r) {
    dt_json_at players = dt_json_object(&w->json, object, "players");
    for (size_t i = 0; i < r->securities; i++) {
        const dt_security *s = &r->security[i];
        dt_json_at entry = dt_json_object(&w->json, players, player_name(w, s->player));
        dt_json_number(&w->json, entry, "value", "radius", &s->value);
        put_mixture(w, entry, "strategy", s->player, &s->strategy);
    }
}

static void put_elimination(writer *w, dt_json_at object, const dt_result *r) {
    dt_json_at rounds = dt_json_array(&w->json, object, "rounds");
    for (size_t i = 0; i < r->eliminations; i++) {
        const dt_elimination *e = &r->elimination[i];
        dt_json_at entry = dt_json_object(&w->json, rounds, NULL);
        dt_json_count(&w->json, entry, "round", e->round);
        dt_json_text(&w->json, entry, "player", player_name(w, e->player));
        put_moves(w, entry, "moves", e->player, e->strategy);
        put_mixture(w, entry, "by", e->player, &e->by);
        dt_json_text(&w->json, entry, "kind", "strict");
    }
    if (r->remaining) {
        dt_json_at remaining = dt_json_object(&w->json, object, "remaining");
        for (size_t p = 0; p < w->game->players; p++)
            dt_json_count(&w->json, remaining, player_name(w, p), r->remaining[p]);
    }
    if (r->remaining && r->remaining_strategy) {
        dt_json_at left = dt_json_object(&w->json, object, "remaining_strategies");
        for (size_t p = 0; p < w->game->players; p++) {
            dt_json_at array = dt_json_array(&w->json, left, player_name(w, p));
            for (uint32_t k = 0; k < r->remaining[p]; k++)
                put_moves(w, array, NULL, p, r->remaining_strategy[p][k]);
        }
    }
}

/* A named entry: a number with its fraction under NAME_exact or its radius under NAME_radius; a
 * player's name; a strategy's list of moves and probabilities; a profile by players. */
static void put_entry(writer *w, dt_json_at parent, const char *name, const dt_entry *entry) {
    char radius[128];
    switch (entry->kind) {
    case DT_ENTRY_NONE: dt_json_text(&w->json, parent, name, NULL); break;
    case DT_ENTRY_TEXT: dt_json_text(&w->json, parent, name, entry->text); break;
    case DT_ENTRY_NUMBER:
        snprintf(radius, sizeof radius, "%s_radius", name);
        dt_json_number(&w->json, parent, name, radius, &entry->number);
        break;
    case DT_ENTRY_COUNT: dt_json_count(&w->json, parent, name, entry->count); break;
    case DT_ENTRY_TRUTH: dt_json_truth(&w->json, parent, name, entry->truth); break;
    case DT_ENTRY_PLAYER:
        dt_json_text(&w->json, parent, name, player_name(w, entry->player));
        break;
    case DT_ENTRY_STRATEGY: put_mixture(w, parent, name, entry->player, &entry->mixture); break;
    case DT_ENTRY_PROFILE: put_profile(w, parent, name, entry->profile); break;
    }
}

static void put_named(writer *w, dt_json_at object, const dt_result *r) {
    if (r->named_values) {
        dt_json_at values = dt_json_object(&w->json, object, "values");
        for (size_t i = 0; i < r->named_values; i++)
            put_entry(w, values, r->named_value[i].name, &r->named_value[i].entry);
    }
    dt_json_at tables = {0};
    if (r->named_tables)
        tables = dt_json_object(&w->json, object, "tables");
    for (size_t i = 0; i < r->named_tables; i++) {
        const dt_named_table *table = r->named_table[i];
        dt_json_at rows = dt_json_array(&w->json, tables, table->name);
        for (size_t k = 0; k < table->rows; k++) {
            dt_json_at row = dt_json_object(&w->json, rows, NULL);
            for (size_t c = 0; c < table->columns; c++)
                put_entry(w, row, table->column[c], &table->cell[k * table->columns + c]);
        }
    }
}

static void put_result(writer *w, dt_json_at parent, const dt_result *r, const double *seconds) {
    dt_json_at object = dt_json_object(&w->json, parent, NULL);
    dt_json_text(&w->json, object, "concept", r->concept_name);
    if (r->settings) {
        dt_json_at settings = dt_json_object(&w->json, object, "settings");
        for (size_t i = 0; i < r->settings; i++)
            dt_json_text(&w->json, settings, r->setting[i].key, r->setting[i].text);
    }
    switch (r->shape) {
    case DT_SHAPE_EQUILIBRIA: put_equilibria(w, object, r); break;
    case DT_SHAPE_DISTRIBUTION: put_distribution(w, object, r); break;
    case DT_SHAPE_SECURITY: put_security(w, object, r); break;
    case DT_SHAPE_ELIMINATION: put_elimination(w, object, r); break;
    case DT_SHAPE_NAMED: break;
    case DT_SHAPE_POLYGON: put_polygon(w, object, r); break;
    }
    put_named(w, object, r);
    put_certificate(w, object, r->certificate);
    if (r->searched)
        dt_json_count(&w->json, object, "searched", r->searched);
    if (r->notes) {
        dt_json_at notes = dt_json_array(&w->json, object, "notes");
        for (size_t i = 0; i < r->notes; i++)
            dt_json_text(&w->json, notes, NULL, r->note[i]);
    }
    if (seconds)
        dt_json_double(&w->json, object, "seconds", *seconds);
}

static void put_game(writer *w, dt_json_at root) {
    dt_json_at players = dt_json_array(&w->json, root, "players");
    for (size_t p = 0; p < w->game->players; p++) {
        const dt_player *player = &w->game->player[p];
        dt_json_at entry = dt_json_object(&w->json, players, NULL);
        dt_json_text(&w->json, entry, "name", player->name);
        dt_json_at moves = dt_json_array(&w->json, entry, "moves");
        for (size_t m = 0; m < player->moves; m++)
            dt_json_text(&w->json, moves, NULL, player->move[m].name);
        dt_json_count(&w->json, entry, "strategies", player->strategies);
    }
    dt_json_count(&w->json, root, "profiles", w->game->profiles);
}

static dt_status json_results(const dt_report_input *input, char **text, size_t *length) {
    writer w = {.game = input->game};
    dt_json_at root = dt_json_root(&w.json);
    dt_json_text(&w.json, root, "deterra", dt_version());
    dt_json_text(&w.json, root, "title", input->title ? input->title : "");
    dt_json_text(&w.json, root, "config_sha256", input->config_sha256);
    put_game(&w, root);
    dt_json_at results = dt_json_array(&w.json, root, "results");
    for (size_t i = 0; i < input->results->count; i++)
        put_result(&w, results, input->results->result[i],
                   i < input->timings ? &input->seconds[i] : NULL);
    return dt_json_finish(&w.json, text, length);
}

/* { column: value }; a column in a group is "group.column", so that names stay apart. */
static void put_cell(dt_json *json, dt_json_at row, const dt_column *column, const dt_cell *cell) {
    char key[256];
    snprintf(key, sizeof key, "%s%s%s", column->group ? column->group : "",
             column->group ? "." : "", column->head);
    if (!cell->is_number) {
        dt_json_text(json, row, key, cell->text);
        return;
    }
    dt_json_double(json, row, key, cell->number.value);
    size_t used = strlen(key);
    if (cell->number.exact) {
        snprintf(key + used, sizeof key - used, "_exact");
        dt_json_text(json, row, key, cell->number.exact);
    } else if (cell->number.radius > 0) {
        snprintf(key + used, sizeof key - used, "_radius");
        dt_json_double(json, row, key, cell->number.radius);
    }
}

static dt_status json_document(const dt_document *document, bool colour, char **text,
                               size_t *length) {
    (void)colour;
    dt_json json = {0};
    dt_json_at root = dt_json_root(&json);
    dt_json_text(&json, root, "title", document->title ? document->title : "");
    if (document->config_sha256)
        dt_json_text(&json, root, "config_sha256", document->config_sha256);
    dt_json_at tables = dt_json_object(&json, root, "tables");
    for (size_t i = 0; i < document->tables; i++) {
        const dt_table *table = &document->table[i];
        dt_json_at rows = dt_json_array(&json, tables, table->name ? table->name : "");
        for (size_t r = 0; r < table->rows; r++) {
            dt_json_at row = dt_json_object(&json, rows, NULL);
            for (size_t c = 0; c < table->columns; c++)
                put_cell(&json, row, &table->column[c], &table->cell[r * table->columns + c]);
        }
    }
    dt_json_at notes = dt_json_array(&json, root, "notes");
    for (size_t i = 0; i < document->tables; i++)
        for (size_t n = 0; n < document->table[i].notes; n++)
            dt_json_text(&json, notes, NULL, document->table[i].note[n]);
    for (size_t i = 0; i < document->notes; i++)
        dt_json_text(&json, notes, NULL, document->note[i]);
    return dt_json_finish(&json, text, length);
}

const dt_reporter dt_reporter_json = {"json", "one object with everything, for programs",
                                      json_results, json_document};
