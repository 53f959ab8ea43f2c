/* CSV: tidy, one header for all concepts, one row per item and player. Quoted as RFC 4180 says,
 * with lines ending in LF. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/buffer.h"
#include "report/reporters.h"

/* The columns in their order; a row fills the ones it has. */
typedef enum field {
    CONCEPT,
    ITEM,
    PLAYER,
    STRATEGY,
    PROBABILITY,
    PROBABILITY_EXACT,
    PROBABILITY_RADIUS,
    PAYOFF,
    PAYOFF_EXACT,
    PAYOFF_RADIUS,
    REGRET,
    REGRET_EXACT,
    REGRET_RADIUS,
    STRICT,
    PARETO,
    COMPLETE,
    CERTIFICATE,
    OBJECTIVE,
    SENSE,
    VALUE,
    VALUE_EXACT,
    VALUE_RADIUS,
    ROUND,
    BY,
    REMAINING,
    TABLE,
    NAME,
    TEXT,
    COMPONENT,
    SETTINGS,
    SECONDS,
    FIELDS
} field;

static const char *const NAMES[FIELDS] = {
    [CONCEPT] = "concept",
    [ITEM] = "item",
    [PLAYER] = "player",
    [STRATEGY] = "strategy",
    [PROBABILITY] = "probability",
    [PROBABILITY_EXACT] = "probability_exact",
    [PROBABILITY_RADIUS] = "probability_radius",
    [PAYOFF] = "payoff",
    [PAYOFF_EXACT] = "payoff_exact",
    [PAYOFF_RADIUS] = "payoff_radius",
    [REGRET] = "regret",
    [REGRET_EXACT] = "regret_exact",
    [REGRET_RADIUS] = "regret_radius",
    [STRICT] = "strict",
    [PARETO] = "pareto_efficient",
    [COMPLETE] = "complete",
    [CERTIFICATE] = "certificate",
    [OBJECTIVE] = "objective",
    [SENSE] = "sense",
    [VALUE] = "value",
    [VALUE_EXACT] = "value_exact",
    [VALUE_RADIUS] = "value_radius",
    [ROUND] = "round",
    [BY] = "by",
    [REMAINING] = "remaining",
    [TABLE] = "table",
    [NAME] = "name",
    [TEXT] = "text",
    [COMPONENT] = "component",
    [SETTINGS] = "settings",
    [SECONDS] = "seconds",
};

typedef struct writer {
    dt_buffer *out;
    const dt_game *game;
    bool seconds;       /* the last column is there */
    const double *time; /* of the current result, or NULL */
    dt_buffer cell[FIELDS];
} writer;

static void quoted(dt_buffer *out, const char *text) {
    bool plain =
        !strpbrk(text, "\",\r\n") && *text != ' ' && (!*text || text[strlen(text) - 1] != ' ');
    if (plain) {
        dt_buffer_add(out, text);
        return;
    }
    dt_buffer_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            dt_buffer_char(out, '"');
        dt_buffer_char(out, *text);
    }
    dt_buffer_char(out, '"');
}

static void set(writer *w, field f, const char *text) {
    w->cell[f].length = 0;
    dt_buffer_add(&w->cell[f], text ? text : "");
}

static void set_count(writer *w, field f, uint64_t count) {
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    set(w, f, text);
}

static void set_double(writer *w, field f, double value) {
    char text[32];
    set(w, f, dt_format_double(value, text));
}

/* The value and, in the two columns behind it, the fraction or the radius. */
static void set_number(writer *w, field f, const dt_number *number) {
    set_double(w, f, number->value);
    if (number->exact)
        set(w, f + 1, number->exact);
    else
        set_double(w, f + 2, number->radius);
}

static void set_truth(writer *w, field f, dt_truth value) {
    set(w, f, value == DT_UNKNOWN ? "" : value == DT_TRUE ? "true" : "false");
}

/* Empties what belongs to one row; the concept and its settings stay. */
static void clear_row(writer *w) {
    for (size_t f = 0; f < FIELDS; f++)
        if (f != CONCEPT && f != SETTINGS)
            w->cell[f].length = 0;
}

static void end_row(writer *w) {
    size_t fields = w->seconds ? FIELDS : SECONDS;
    if (w->time)
        set_double(w, SECONDS, *w->time);
    for (size_t f = 0; f < fields; f++) {
        dt_buffer_bytes(&w->cell[f], "", 0); /* terminates */
        if (f)
            dt_buffer_char(w->out, ',');
        if (!w->cell[f].failed)
            quoted(w->out, w->cell[f].text);
    }
    dt_buffer_char(w->out, '\n');
}

/* "export_control=none;subsidy=on": every move, also those with a single level. */
static void add_strategy(dt_buffer *out, const dt_game *game, size_t player, uint32_t strategy) {
    for (size_t m = 0; m < game->player[player].moves; m++) {
        dt_buffer_add(out, m ? ";" : "");
        dt_buffer_add(out, game->player[player].move[m].name);
        dt_buffer_char(out, '=');
        dt_buffer_add(out, dt_strategy_label(game, player, strategy, m));
    }
}

static void set_player(writer *w, size_t player, uint32_t strategy) {
    set(w, PLAYER, w->game->player[player].name);
    w->cell[STRATEGY].length = 0;
    add_strategy(&w->cell[STRATEGY], w->game, player, strategy);
}

static void equilibria(writer *w, const dt_result *r) {
    for (size_t i = 0; i < r->items; i++) {
        const dt_item *item = &r->item[i];
        for (size_t p = 0; p < w->game->players; p++) {
            size_t support = item->mixture ? item->mixture[p].count : 1;
            for (size_t k = 0; k < support; k++) {
                clear_row(w);
                set_count(w, ITEM, i + 1);
                set_player(w, p,
                           item->mixture ? item->mixture[p].weight[k].strategy : item->profile[p]);
                if (item->mixture)
                    set_number(w, PROBABILITY, &item->mixture[p].weight[k].probability);
                set_number(w, PAYOFF, &item->payoff[p]);
                if (item->regret)
                    set_number(w, REGRET, &item->regret[p]);
                set_truth(w, STRICT, item->strict);
                set_truth(w, PARETO, item->pareto_efficient);
                set_truth(w, COMPLETE, r->complete);
                set(w, CERTIFICATE, dt_certificate_name(item->certificate));
                if (item->component)
                    set_count(w, COMPONENT, item->component);
                end_row(w);
            }
        }
    }
}

static void distribution(writer *w, const dt_result *r) {
    for (size_t i = 0; i < r->atoms; i++)
        for (size_t p = 0; p < w->game->players; p++) {
            clear_row(w);
            set_count(w, ITEM, i + 1);
            set_player(w, p, r->atom[i].profile[p]);
            set_number(w, PROBABILITY, &r->atom[i].probability);
            if (r->payoff)
                set_number(w, PAYOFF, &r->payoff[p]);
            set(w, CERTIFICATE, dt_certificate_name(r->certificate));
            if (r->objective) {
                set(w, OBJECTIVE, r->objective);
                set(w, SENSE, r->sense);
                set_number(w, VALUE, &r->value);
            }
            end_row(w);
        }
}

/* A row for each corner, profile of its distribution, and player. */
static void polygon(writer *w, const dt_result *r) {
    for (size_t v = 0; v < r->vertices; v++) {
        const dt_vertex *vertex = &r->vertex[v];
        for (size_t i = 0; i < vertex->atoms; i++)
            for (size_t p = 0; p < w->game->players; p++) {
                clear_row(w);
                set_count(w, ITEM, v + 1);
                set_player(w, p, vertex->atom[i].profile[p]);
                set_number(w, PROBABILITY, &vertex->atom[i].probability);
                set_number(w, PAYOFF, &vertex->payoff[p]);
                set(w, CERTIFICATE, dt_certificate_name(vertex->certificate));
                end_row(w);
            }
    }
}

static void security(writer *w, const dt_result *r) {
    for (size_t i = 0; i < r->securities; i++) {
        const dt_security *s = &r->security[i];
        for (size_t k = 0; k < s->strategy.count; k++) {
            clear_row(w);
            set_count(w, ITEM, i + 1);
            set_player(w, s->player, s->strategy.weight[k].strategy);
            set_number(w, PROBABILITY, &s->strategy.weight[k].probability);
            set(w, CERTIFICATE, dt_certificate_name(r->certificate));
            set_number(w, VALUE, &s->value);
            end_row(w);
        }
    }
}

static void set_by(writer *w, const dt_elimination *e) {
    dt_buffer *out = &w->cell[BY];
    for (size_t k = 0; k < e->by.count; k++) {
        const dt_weight *weight = &e->by.weight[k];
        char text[32];
        dt_buffer_add(out, k ? " + " : "");
        if (e->by.count > 1) {
            dt_buffer_add(out, weight->probability.exact
                                   ? weight->probability.exact
                                   : dt_format_double(weight->probability.value, text));
            dt_buffer_char(out, ' ');
        }
        add_strategy(out, w->game, e->player, weight->strategy);
    }
}

static void elimination(writer *w, const dt_result *r) {
    for (size_t i = 0; i < r->eliminations; i++) {
        const dt_elimination *e = &r->elimination[i];
        clear_row(w);
        set_count(w, ITEM, i + 1);
        set_player(w, e->player, e->strategy);
        set(w, CERTIFICATE, dt_certificate_name(r->certificate));
        set_count(w, ROUND, e->round);
        set_by(w, e);
        end_row(w);
    }
    for (size_t p = 0; r->remaining && p < w->game->players; p++) {
        clear_row(w);
        set(w, PLAYER, w->game->player[p].name);
        set(w, CERTIFICATE, dt_certificate_name(r->certificate));
        set_count(w, REMAINING, r->remaining[p]);
        end_row(w);
    }
}

/* A named value (table NULL), or a cell of a named table: a row, or one for each strategy played or
 * each player of a profile. */
static void entry(writer *w, const dt_result *r, const char *table, size_t item, const char *name,
                  const dt_entry *e) {
    size_t rows = e->kind == DT_ENTRY_STRATEGY  ? e->mixture.count
                  : e->kind == DT_ENTRY_PROFILE ? w->game->players
                                                : 1;
    for (size_t k = 0; k < rows && e->kind != DT_ENTRY_NONE; k++) {
        clear_row(w);
        if (table)
            set_count(w, ITEM, item);
        set(w, TABLE, table);
        set(w, NAME, name);
        set(w, CERTIFICATE, dt_certificate_name(r->certificate));
        switch (e->kind) {
        case DT_ENTRY_NONE: break;
        case DT_ENTRY_TEXT: set(w, TEXT, e->text); break;
        case DT_ENTRY_NUMBER: set_number(w, VALUE, &e->number); break;
        case DT_ENTRY_COUNT: set_count(w, VALUE, e->count); break;
        case DT_ENTRY_TRUTH: set_truth(w, TEXT, e->truth); break;
        case DT_ENTRY_PLAYER: set(w, PLAYER, w->game->player[e->player].name); break;
        case DT_ENTRY_STRATEGY:
            set_player(w, e->player, e->mixture.weight[k].strategy);
            set_number(w, PROBABILITY, &e->mixture.weight[k].probability);
            break;
        case DT_ENTRY_PROFILE: set_player(w, k, e->profile[k]); break;
        }
        end_row(w);
    }
}

static void named(writer *w, const dt_result *r) {
    for (size_t i = 0; i < r->named_values; i++)
        entry(w, r, NULL, 0, r->named_value[i].name, &r->named_value[i].entry);
    for (size_t i = 0; i < r->named_tables; i++) {
        const dt_named_table *t = r->named_table[i];
        for (size_t k = 0; k < t->rows * t->columns; k++)
            entry(w, r, t->name, k / t->columns + 1, t->column[k % t->columns], &t->cell[k]);
    }
}

static void set_result(writer *w, const dt_result *r) {
    clear_row(w);
    w->cell[SETTINGS].length = 0;
    set(w, CONCEPT, r->concept_name);
    for (size_t i = 0; i < r->settings; i++) {
        dt_buffer *out = &w->cell[SETTINGS];
        dt_buffer_add(out, i ? ";" : "");
        dt_buffer_add(out, r->setting[i].key);
        dt_buffer_char(out, '=');
        dt_buffer_add(out, r->setting[i].text);
    }
}

static dt_status csv_results(const dt_report_input *input, char **text, size_t *length) {
    dt_buffer out = {0};
    writer w = {.out = &out, .game = input->game, .seconds = input->timings > 0};
    for (size_t f = 0; f < (w.seconds ? FIELDS : SECONDS); f++) {
        dt_buffer_add(&out, f ? "," : "");
        dt_buffer_add(&out, NAMES[f]);
    }
    dt_buffer_char(&out, '\n');
    for (size_t i = 0; i < input->results->count; i++) {
        const dt_result *r = input->results->result[i];
        set_result(&w, r);
        w.time = i < input->timings ? &input->seconds[i] : NULL;
        switch (r->shape) {
        case DT_SHAPE_EQUILIBRIA: equilibria(&w, r); break;
        case DT_SHAPE_DISTRIBUTION: distribution(&w, r); break;
        case DT_SHAPE_SECURITY: security(&w, r); break;
        case DT_SHAPE_ELIMINATION: elimination(&w, r); break;
        case DT_SHAPE_NAMED: break;
        case DT_SHAPE_POLYGON: polygon(&w, r); break;
        }
        named(&w, r);
    }
    for (size_t f = 0; f < FIELDS; f++) {
        char *cell = NULL;
        size_t bytes = 0;
        out.failed |= dt_buffer_finish(&w.cell[f], &cell, &bytes) != DT_OK;
        free(cell);
    }
    return dt_buffer_finish(&out, text, length);
}

/* A document's tables one after the other; the first column holds a table's name. */
static dt_status csv_document(const dt_document *document, bool colour, char **text,
                              size_t *length) {
    (void)colour;
    dt_buffer out = {0};
    for (size_t i = 0; i < document->tables; i++) {
        const dt_table *table = &document->table[i];
        dt_buffer_add(&out, i ? "\ntable" : "table");
        for (size_t c = 0; c < table->columns; c++) {
            dt_buffer name = {0};
            if (table->column[c].group) {
                dt_buffer_add(&name, table->column[c].group);
                dt_buffer_char(&name, '.');
            }
            dt_buffer_add(&name, table->column[c].head);
            char *head = NULL;
            size_t bytes = 0;
            out.failed |= dt_buffer_finish(&name, &head, &bytes) != DT_OK;
            dt_buffer_char(&out, ',');
            if (head)
                quoted(&out, head);
            free(head);
        }
        dt_buffer_char(&out, '\n');
        for (size_t k = 0; k < table->rows * table->columns; k++) {
            const dt_cell *cell = &table->cell[k];
            char number[32];
            if (k % table->columns == 0)
                quoted(&out, table->name ? table->name : "");
            dt_buffer_char(&out, ',');
            if (cell->is_number)
                dt_buffer_add(&out, dt_format_double(cell->number.value, number));
            else
                quoted(&out, cell->text ? cell->text : "");
            if (k % table->columns == table->columns - 1)
                dt_buffer_char(&out, '\n');
        }
    }
    return dt_buffer_finish(&out, text, length);
}

const dt_reporter dt_reporter_csv = {"csv", "tidy rows, one per item and player, for R and pandas",
                                     csv_results, csv_document};
