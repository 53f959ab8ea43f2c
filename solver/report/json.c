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
static void put_moves(writer *w, cJSON *parent, const char *key, size_t player, uint32_t strategy) {
    const dt_player *p = &w->game->player[player];
    cJSON *moves = dt_json_object(&w->json, parent, key);
    for (size_t m = 0; m < p->moves; m++)
        dt_json_text(&w->json, moves, p->move[m].name,
                     dt_strategy_label(w->game, player, strategy, m));
}

static void put_profile(writer *w, cJSON *parent, const char *key, const uint32_t *profile) {
    cJSON *object = dt_json_object(&w->json, parent, key);
    for (size_t p = 0; p < w->game->players; p++)
        put_moves(w, object, player_name(w, p), p, profile[p]);
}

/* [ { "moves": {…}, "probability": …, "probability_exact": … } ] */
static void put_mixture(writer *w, cJSON *parent, const char *key, size_t player,
                        const dt_mixture *mixture) {
    cJSON *array = dt_json_array(&w->json, parent, key);
    for (size_t i = 0; i < mixture->count; i++) {
        cJSON *entry = dt_json_object(&w->json, array, NULL);
        put_moves(w, entry, "moves", player, mixture->weight[i].strategy);
        dt_json_number(&w->json, entry, "probability", "radius", &mixture->weight[i].probability);
    }
}

/* The numbers of all players under `key`, the fractions of those that are rational under
 * `exact_key`, the radii of the others under `radius_key`; an object that would be empty is left
 * out. */
static void put_players(writer *w, cJSON *parent, const char *key, const char *exact_key,
                        const char *radius_key, const dt_number *number) {
    cJSON *values = dt_json_object(&w->json, parent, key), *exact = NULL, *radius = NULL;
    for (size_t p = 0; p < w->game->players; p++)
        dt_json_double(&w->json, values, player_name(w, p), number[p].value);
    for (size_t p = 0; p < w->game->players; p++) {
        if (!number[p].exact)
            continue;
        if (!exact)
            exact = dt_json_object(&w->json, parent, exact_key);
        dt_json_text(&w->json, exact, player_name(w, p), number[p].exact);
    }
    for (size_t p = 0; p < w->game->players; p++) {
        if (number[p].exact)
            continue;
        if (!radius)
            radius = dt_json_object(&w->json, parent, radius_key);
        dt_json_double(&w->json, radius, player_name(w, p), number[p].radius);
    }
}

static void put_split(writer *w, cJSON *parent, const dt_split *split) {
    cJSON *terms = dt_json_object(&w->json, parent, "terms");
    for (size_t p = 0; p < w->game->players; p++) {
        cJSON *array = dt_json_array(&w->json, terms, player_name(w, p));
        for (size_t t = 0; t < split[p].count; t++) {
            const dt_term *term = &split[p].term[t];
            cJSON *entry = dt_json_object(&w->json, array, NULL);
            dt_json_text(&w->json, entry, "term", term->label);
            if (term->unit)
                dt_json_text(&w->json, entry, "unit", term->unit);
            dt_json_number(&w->json, entry, "value", "radius", &term->value);
        }
    }
}

static void put_certificate(writer *w, cJSON *parent, dt_certificate certificate) {
    if (certificate != DT_CERT_NONE)
        dt_json_text(&w->json, parent, "certificate", dt_certificate_name(certificate));
}

static void put_item(writer *w, cJSON *parent, const dt_item *item) {
    cJSON *object = dt_json_object(&w->json, parent, NULL);
    if (item->profile)
        put_profile(w, object, "profile", item->profile);
    if (item->mixture) {
        cJSON *strategies = dt_json_object(&w->json, object, "strategies");
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
static void put_components(writer *w, cJSON *object, const dt_result *r) {
    cJSON *array = dt_json_array(&w->json, object, "components"), *subsets = NULL;
    size_t last = 0;
    for (size_t k = 0; k < r->subsets; k++) {
        const dt_nash_subset *subset = &r->subset[k];
        if (subset->component != last) {
            cJSON *entry = dt_json_object(&w->json, array, NULL);
            dt_json_count(&w->json, entry, "component", subset->component);
            subsets = dt_json_array(&w->json, entry, "nash_subsets");
            last = subset->component;
        }
        cJSON *items = dt_json_array(&w->json, subsets, NULL);
        for (size_t i = 0; i < subset->count; i++)
            dt_json_put(&w->json, items, NULL, cJSON_CreateNumber((double)subset->item[i] + 1));
    }
}

static void put_equilibria(writer *w, cJSON *object, const dt_result *r) {
    dt_json_truth(&w->json, object, "complete", r->complete);
    cJSON *array = dt_json_array(&w->json, object, "equilibria");
    for (size_t i = 0; i < r->items; i++)
        put_item(w, array, &r->item[i]);
    if (r->subsets)
        put_components(w, object, r);
}

static void put_atoms(writer *w, cJSON *object, const dt_atom *atom, size_t atoms) {
    cJSON *array = dt_json_array(&w->json, object, "distribution");
    for (size_t i = 0; i < atoms; i++) {
        cJSON *entry = dt_json_object(&w->json, array, NULL);
        put_profile(w, entry, "profile", atom[i].profile);
        dt_json_number(&w->json, entry, "probability", "radius", &atom[i].probability);
    }
}

static void put_polygon(writer *w, cJSON *object, const dt_result *r) {
    cJSON *array = dt_json_array(&w->json, object, "vertices");
    for (size_t i = 0; i < r->vertices; i++) {
        const dt_vertex *vertex = &r->vertex[i];
        cJSON *entry = dt_json_object(&w->json, array, NULL);
        put_players(w, entry, "payoffs", "payoffs_exact", "payoffs_radius", vertex->payoff);
        put_atoms(w, entry, vertex->atom, vertex->atoms);
        put_certificate(w, entry, vertex->certificate);
    }
}

static void put_distribution(writer *w, cJSON *object, const dt_result *r) {
    if (r->objective) {
        dt_json_text(&w->json, object, "objective", r->objective);
        dt_json_text(&w->json, object, "sense", r->sense);
        dt_json_number(&w->json, object, "value", "radius", &r->value);
    }
    put_atoms(w, object, r->atom, r->atoms);
    if (r->payoff) /* "radius" is the value's here */
        put_players(w, object, "payoffs", "payoffs_exact", "payoffs_radius", r->payoff);
}

static void put_security(writer *w, cJSON *object, const dt_result *r) {
    cJSON *players = dt_json_object(&w->json, object, "players");
    for (size_t i = 0; i < r->securities; i++) {
        const dt_security *s = &r->security[i];
        cJSON *entry = dt_json_object(&w->json, players, player_name(w, s->player));
        dt_json_number(&w->json, entry, "value", "radius", &s->value);
        put_mixture(w, entry, "strategy", s->player, &s->strategy);
    }
}

static void put_elimination(writer *w, cJSON *object, const dt_result *r) {
    cJSON *rounds = dt_json_array(&w->json, object, "rounds");
    for (size_t i = 0; i < r->eliminations; i++) {
        const dt_elimination *e = &r->elimination[i];
        cJSON *entry = dt_json_object(&w->json, rounds, NULL);
        dt_json_count(&w->json, entry, "round", e->round);
        dt_json_text(&w->json, entry, "player", player_name(w, e->player));
        put_moves(w, entry, "moves", e->player, e->strategy);
        put_mixture(w, entry, "by", e->player, &e->by);
        dt_json_text(&w->json, entry, "kind", "strict");
    }
    if (r->remaining) {
        cJSON *remaining = dt_json_object(&w->json, object, "remaining");
        for (size_t p = 0; p < w->game->players; p++)
            dt_json_count(&w->json, remaining, player_name(w, p), r->remaining[p]);
    }
    if (r->remaining && r->remaining_strategy) {
        cJSON *left = dt_json_object(&w->json, object, "remaining_strategies");
        for (size_t p = 0; p < w->game->players; p++) {
            cJSON *array = dt_json_array(&w->json, left, player_name(w, p));
            for (uint32_t k = 0; k < r->remaining[p]; k++)
                put_moves(w, array, NULL, p, r->remaining_strategy[p][k]);
        }
    }
}

/* A named entry: a number with its fraction under NAME_exact or its radius under NAME_radius; a
 * player's name; a strategy's list of moves and probabilities; a profile by players. */
static void put_entry(writer *w, cJSON *parent, const char *name, const dt_entry *entry) {
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

static void put_named(writer *w, cJSON *object, const dt_result *r) {
    if (r->named_values) {
        cJSON *values = dt_json_object(&w->json, object, "values");
        for (size_t i = 0; i < r->named_values; i++)
            put_entry(w, values, r->named_value[i].name, &r->named_value[i].entry);
    }
    cJSON *tables = r->named_tables ? dt_json_object(&w->json, object, "tables") : NULL;
    for (size_t i = 0; i < r->named_tables; i++) {
        const dt_named_table *table = r->named_table[i];
        cJSON *rows = dt_json_array(&w->json, tables, table->name);
        for (size_t k = 0; k < table->rows; k++) {
            cJSON *row = dt_json_object(&w->json, rows, NULL);
            for (size_t c = 0; c < table->columns; c++)
                put_entry(w, row, table->column[c], &table->cell[k * table->columns + c]);
        }
    }
}

static void put_result(writer *w, cJSON *parent, const dt_result *r, const double *seconds) {
    cJSON *object = dt_json_object(&w->json, parent, NULL);
    dt_json_text(&w->json, object, "concept", r->concept_name);
    if (r->settings) {
        cJSON *settings = dt_json_object(&w->json, object, "settings");
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
        cJSON *notes = dt_json_array(&w->json, object, "notes");
        for (size_t i = 0; i < r->notes; i++)
            dt_json_text(&w->json, notes, NULL, r->note[i]);
    }
    if (seconds)
        dt_json_double(&w->json, object, "seconds", *seconds);
}

static void put_game(writer *w, cJSON *root) {
    cJSON *players = dt_json_array(&w->json, root, "players");
    for (size_t p = 0; p < w->game->players; p++) {
        const dt_player *player = &w->game->player[p];
        cJSON *entry = dt_json_object(&w->json, players, NULL);
        dt_json_text(&w->json, entry, "name", player->name);
        cJSON *moves = dt_json_array(&w->json, entry, "moves");
        for (size_t m = 0; m < player->moves; m++)
            dt_json_text(&w->json, moves, NULL, player->move[m].name);
        dt_json_count(&w->json, entry, "strategies", player->strategies);
    }
    dt_json_count(&w->json, root, "profiles", w->game->profiles);
}

static dt_status json_results(const dt_report_input *input, char **text, size_t *length) {
    writer w = {{false}, input->game};
    cJSON *root = cJSON_CreateObject();
    dt_json_text(&w.json, root, "deterra", dt_version());
    dt_json_text(&w.json, root, "title", input->title ? input->title : "");
    dt_json_text(&w.json, root, "config_sha256", input->config_sha256);
    put_game(&w, root);
    cJSON *results = dt_json_array(&w.json, root, "results");
    for (size_t i = 0; i < input->results->count; i++)
        put_result(&w, results, input->results->result[i],
                   i < input->timings ? &input->seconds[i] : NULL);
    return dt_json_finish(&w.json, root, text, length);
}

/* { column: value }; a column in a group is "group.column", so that names stay apart. */
static void put_cell(dt_json *json, cJSON *row, const dt_column *column, const dt_cell *cell) {
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

/* { "axis": "rows", "parameter": …, "values": [ … ] }, or "intervals": [ [ low, high ], … ]. */
static void put_axis(dt_json *json, cJSON *parent, const dt_table_axis *axis) {
    cJSON *object = dt_json_object(json, parent, NULL);
    dt_json_text(json, object, "axis", axis->role);
    dt_json_text(json, object, "parameter", axis->parameter);
    if (axis->unit && *axis->unit)
        dt_json_text(json, object, "unit", axis->unit);
    if (axis->intervals)
        dt_json_text(json, object, "scale", axis->log ? "log" : "linear");
    cJSON *list = dt_json_array(json, object, axis->intervals ? "intervals" : "values");
    for (size_t i = 0; i < axis->count; i++) {
        cJSON *place = axis->intervals ? dt_json_array(json, list, NULL) : list;
        for (size_t k = 0; k < 1u + axis->intervals; k++)
            dt_json_double(json, place, NULL, axis->value[i + k]);
    }
}

/* What is shown and how, of documents that say so. */
static void put_settings(dt_json *json, cJSON *root, const dt_document *document) {
    cJSON *settings = document->settings ? dt_json_object(json, root, "settings") : NULL;
    for (size_t i = 0; i < document->settings; i++)
        dt_json_text(json, settings, document->setting[i].key, document->setting[i].text);
    cJSON *axes = document->axes ? dt_json_array(json, root, "axes") : NULL;
    for (size_t i = 0; i < document->axes; i++)
        put_axis(json, axes, &document->axis[i]);
}

static dt_status json_document(const dt_document *document, bool colour, char **text,
                               size_t *length) {
    (void)colour;
    dt_json json = {false};
    cJSON *root = cJSON_CreateObject();
    dt_json_text(&json, root, "title", document->title ? document->title : "");
    if (document->config_sha256)
        dt_json_text(&json, root, "config_sha256", document->config_sha256);
    put_settings(&json, root, document);
    cJSON *tables = dt_json_object(&json, root, "tables");
    for (size_t i = 0; i < document->tables; i++) {
        const dt_table *table = &document->table[i];
        cJSON *rows = dt_json_array(&json, tables, table->name ? table->name : "");
        for (size_t r = 0; r < table->rows; r++) {
            cJSON *row = dt_json_object(&json, rows, NULL);
            for (size_t c = 0; c < table->columns; c++)
                put_cell(&json, row, &table->column[c], &table->cell[r * table->columns + c]);
        }
    }
    cJSON *notes = dt_json_array(&json, root, "notes");
    for (size_t i = 0; i < document->tables; i++)
        for (size_t n = 0; n < document->table[i].notes; n++)
            dt_json_text(&json, notes, NULL, document->table[i].note[n]);
    for (size_t i = 0; i < document->notes; i++)
        dt_json_text(&json, notes, NULL, document->note[i]);
    return dt_json_finish(&json, root, text, length);
}

const dt_reporter dt_reporter_json = {"json", "one object with everything, for programs",
                                      json_results, json_document};
