/* payoffs: a kind, and what that kind of payoff is made of. */
#include <string.h>

#include "config/build.h"
#include "scenario/names.h"

/* So many players are tried as suggestions for a misspelt one. */
enum { SUGGESTIONS = 4096 };

static const char *const FORMULA_KEYS[] = {"kind", "define", NULL};
static const char *const TABLE_KEYS[] = {"kind", "values", NULL};
static const char *const DEFINE_KEYS[] = {"name", "value", "unit", "note", NULL};

static bool build_definition(dt_builder *b, const config_setting_t *setting,
                             dt_definition_spec *definition) {
    if (config_setting_type(setting) == CONFIG_TYPE_STRING)
        return dt_get_text(b, setting, &definition->text);
    if (!dt_is_group(b, setting, "a definition: \"name = formula\" or { name; value; }"))
        return false;
    dt_check_known(b, setting, DEFINE_KEYS, "a definition");
    const config_setting_t *name = dt_required(b, setting, "name", "a definition");
    const config_setting_t *value = dt_required(b, setting, "value", "a definition");
    definition->unit = dt_optional_string(b, setting, "unit");
    definition->note = dt_optional_string(b, setting, "note");
    definition->has_body = true;
    bool named = name && dt_get_text(b, name, &definition->text);
    return value && dt_get_text(b, value, &definition->body) && named;
}

static void build_definitions(dt_builder *b, const config_setting_t *list) {
    dt_payoff_spec *payoff = &b->scenario->payoff;
    if (!dt_is_sequence(b, list, "a list of definitions"))
        return;
    payoff->definition = dt_build_array(b, dt_length(list), sizeof *payoff->definition);
    for (size_t i = 0; payoff->definition && i < dt_length(list); i++) {
        dt_definition_spec *definition = &payoff->definition[payoff->definitions];
        if (build_definition(b, dt_element(list, i), definition))
            payoff->definitions++;
        else
            *definition = (dt_definition_spec){.has_body = false};
    }
}

/* Player names by index in `mark`; NULL when out of memory. */
static dt_names *index_players(dt_builder *b) {
    dt_names *names = dt_names_new();
    for (size_t i = 0; names && i < b->scenario->players; i++) {
        const char *text = b->scenario->player[i].name;
        dt_name *name = dt_names_add(names, text, strlen(text));
        if (!name) {
            dt_names_free(names);
            names = NULL;
        } else if (!name->kind) { /* a second player of that name is complained of elsewhere */
            name->kind = 1;
            name->mark = i;
        }
    }
    b->no_memory |= !names;
    return names;
}

static void complain_stranger(dt_builder *b, const config_setting_t *member) {
    bool read = b->complaints->errors < DT_COMPLAINT_CAP;
    size_t count = !read                                ? 0
                   : b->scenario->players < SUGGESTIONS ? b->scenario->players
                                                        : SUGGESTIONS;
    const char **known = dt_build_array(b, count + 1, sizeof *known);
    for (size_t i = 0; known && i < count; i++)
        known[i] = b->scenario->player[i].name;
    if (known)
        dt_complain_unknown(b, dt_name_place(b, member), config_setting_name(member),
                            "payoffs (no player has that name)", known, FORMULA_KEYS);
}

/* A formula for each player, kept in the order of the players. */
static void build_formulas(dt_builder *b, const config_setting_t *group, const dt_names *players) {
    dt_payoff_spec *payoff = &b->scenario->payoff;
    size_t count = b->scenario->players;
    payoff->formula = dt_build_array(b, count, sizeof *payoff->formula);
    bool *given = dt_build_array(b, count, sizeof *given);
    if (!payoff->formula || !given)
        return;
    for (size_t i = 0; i < dt_length(group); i++) {
        const config_setting_t *member = dt_element(group, i);
        const char *name = config_setting_name(member);
        if (strcmp(name, "kind") == 0 || strcmp(name, "define") == 0)
            continue;
        const dt_name *player = dt_names_find(players, name, strlen(name));
        dt_formula_spec spec = {.place = dt_name_place(b, member)};
        bool good = dt_get_text(b, member, &spec.text);
        if (player) {
            spec.player = b->scenario->player[player->mark].name;
            given[player->mark] = true;
            if (good)
                payoff->formula[player->mark] = spec;
        } else if (b->players_known) {
            complain_stranger(b, member);
        }
    }
    for (size_t p = 0; p < count; p++) {
        const dt_name *player = dt_names_find(players, b->scenario->player[p].name,
                                              strlen(b->scenario->player[p].name));
        if (!given[p] && b->players_known && player && player->mark == p)
            dt_complain(b->complaints, DT_ERROR, dt_name_place(b, group),
                        "payoffs have no formula for player `%s`",
                        dt_show(b->scenario->player[p].name).text);
    }
    payoff->formulas = count;
}

static void build_formula(dt_builder *b, const config_setting_t *group) {
    const config_setting_t *define = dt_member(group, "define");
    if (define)
        build_definitions(b, define);
    dt_names *players = index_players(b);
    if (players)
        build_formulas(b, group, players);
    dt_names_free(players);
}

static bool is_row(const config_setting_t *setting) {
    return config_setting_is_list(setting) || config_setting_is_array(setting);
}

/* Appends one payoff; the array has room for all of them. */
static void add_value(dt_builder *b, const config_setting_t *setting) {
    fmpq *value = &b->scenario->payoff.value[b->scenario->payoff.values++];
    fmpq_init(value);
    dt_get_number(b, setting, value);
}

static void build_row(dt_builder *b, const config_setting_t *row) {
    size_t players = b->scenario->players;
    if (!is_row(row)) {
        dt_complain_type(b, row, "the payoffs of a profile, one for each player, as in (3, 3)");
        return;
    }
    if (b->players_known && dt_length(row) != players)
        dt_complain(b->complaints, DT_ERROR, dt_value_place(b, row),
                    "%zu payoff%s for %zu player%s", dt_length(row), dt_length(row) == 1 ? "" : "s",
                    players, players == 1 ? "" : "s");
    for (size_t i = 0; i < dt_length(row); i++)
        add_value(b, dt_element(row, i));
}

/* `values`: a row for each profile, or all numbers in one row; the first element tells which. */
static void build_table(dt_builder *b, const config_setting_t *group) {
    dt_check_known(b, group, TABLE_KEYS, "payoffs of kind \"table\"");
    const config_setting_t *values = dt_required(b, group, "values", "payoffs of kind \"table\"");
    if (!values || !dt_is_sequence(b, values, "a list of payoffs"))
        return;
    dt_payoff_spec *payoff = &b->scenario->payoff;
    payoff->values_place = dt_name_place(b, values);
    size_t count = dt_length(values), total = 0;
    bool rows = count > 0 && is_row(dt_element(values, 0));
    for (size_t i = 0; i < count; i++)
        total += rows && is_row(dt_element(values, i)) ? dt_length(dt_element(values, i)) : 1;
    payoff->value = dt_build_array(b, total, sizeof *payoff->value);
    for (size_t i = 0; payoff->value && i < count; i++)
        if (rows)
            build_row(b, dt_element(values, i));
        else
            add_value(b, dt_element(values, i));
}

static const struct {
    const char *name;
    void (*build)(dt_builder *b, const config_setting_t *group);
} KINDS[] = {
    {"formula", build_formula},
    {"table", build_table},
};

void dt_build_payoffs(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_group(b, setting, "a group { kind = …; }"))
        return;
    const config_setting_t *kind = dt_member(setting, "kind");
    if (!kind) {
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, setting),
                    "payoffs need `kind`: \"formula\" or \"table\"");
        return;
    }
    dt_payoff_spec *payoff = &b->scenario->payoff;
    payoff->kind = dt_get_string(b, kind);
    payoff->place = dt_value_place(b, kind);
    for (size_t i = 0; payoff->kind && i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(payoff->kind, KINDS[i].name) == 0) {
            KINDS[i].build(b, setting);
            return;
        }
    if (payoff->kind)
        dt_complain(b->complaints, DT_ERROR, payoff->place,
                    "unknown kind of payoffs `%s`: it is \"formula\" or \"table\"",
                    dt_show(payoff->kind).text);
}
