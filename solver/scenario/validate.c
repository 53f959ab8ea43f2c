/* The checks of a scenario that no file format makes: names, repeats, ranges. */
#include "scenario/validate.h"

#include <string.h>

#include "base/source.h"
#include "scenario/names.h"
#include "scenario/range.h"

/* What a name of the one namespace stands for. */
typedef enum kind { NEW_NAME, PLAYER, PARAMETER, SET, DEFINITION, ELEMENT } kind;

static const char *const KIND_TEXT[] = {"",      "a player",     "a parameter",
                                        "a set", "a definition", "an element of a set or table"};

typedef struct checker {
    const dt_scenario *scenario;
    dt_complaints *complaints;
    dt_names *names;
    size_t mark; /* counts sets and table levels, so that a name knows the last one it was in */
    bool no_memory;
} checker;

static const char *const RESERVED[] = {"in",  "where", "sum",  "min", "max",   "abs",
                                       "exp", "log",   "sqrt", "pow", "clamp", NULL};
static const char *const NOT_ELEMENTS[] = {"value", "range", "unit", "source", "note", NULL};
static const char *const NOT_PLAYERS[] = {"kind", "define", "values", "file", NULL};

static bool is_one_of(const char *const *list, const char *text, size_t length) {
    for (; *list; list++)
        if (strlen(*list) == length && memcmp(*list, text, length) == 0)
            return true;
    return false;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t name_length(const char *text, size_t length) {
    size_t i = 0;
    while (i < length && (is_letter(text[i]) || (i > 0 && text[i] >= '0' && text[i] <= '9')))
        i++;
    return i;
}

static bool well_formed(checker *c, const char *text, size_t length, dt_place place,
                        const char *what) {
    if (length > 0 && name_length(text, length) == length)
        return true;
    dt_complain(c->complaints, DT_ERROR, place,
                "`%s` cannot name %s: a name is letters, digits and _, and begins with no digit",
                dt_show_bytes(text, length).text, what);
    return false;
}

/* Whether the text may be a name of that kind at all. */
static bool allowed(checker *c, const char *text, size_t length, dt_place place, kind as) {
    if (!well_formed(c, text, length, place, KIND_TEXT[as]))
        return false;
    dt_shown shown = dt_show_bytes(text, length);
    const char *why = NULL;
    if (is_one_of(RESERVED, text, length))
        why = "it is a word of the formula language";
    else if (length == 7 && memcmp(text, "players", 7) == 0)
        why = "it is the set of all players";
    else if ((as == PLAYER || as == ELEMENT) && is_one_of(NOT_ELEMENTS, text, length))
        why = "it is a setting of parameters";
    else if (as == PLAYER && is_one_of(NOT_PLAYERS, text, length))
        why = "it is a setting of payoffs";
    if (why)
        dt_complain(c->complaints, DT_ERROR, place, "`%s` cannot name %s: %s", shown.text,
                    KIND_TEXT[as], why);
    return !why;
}

/* " (line 12)" or " (common.cfg:12)" of the first use, for messages about the second. */
static dt_shown first_seen(dt_place first, dt_place again) {
    dt_shown shown = {""};
    if (!first.source)
        return shown;
    const char *file, *file_again = NULL;
    size_t line, column, line_again;
    dt_source_locate(first.source, first.offset, &file, &line, &column);
    if (again.source)
        dt_source_locate(again.source, again.offset, &file_again, &line_again, &column);
    if (!file || line == 0)
        return shown;
    if (file_again && strcmp(file, file_again) == 0)
        snprintf(shown.text, sizeof shown.text, " (line %zu)", line);
    else
        snprintf(shown.text, sizeof shown.text, " (%.30s:%zu)", file, line);
    return shown;
}

/* Declares a name that must be new. */
static void declare(checker *c, const char *text, size_t length, dt_place place, kind as) {
    if (!allowed(c, text, length, place, as))
        return;
    dt_name *name = dt_names_add(c->names, text, length);
    if (!name) {
        c->no_memory = true;
    } else if (name->kind == NEW_NAME) {
        name->kind = (int)as;
        name->place = place;
    } else {
        dt_shown shown = dt_show_bytes(text, length), seen = first_seen(name->place, place);
        if (name->kind == (int)as)
            dt_complain(c->complaints, DT_ERROR, place, "`%s` is already %s%s", shown.text,
                        KIND_TEXT[as], seen.text);
        else
            dt_complain(c->complaints, DT_ERROR, place,
                        "`%s` cannot name %s: it already names %s%s", shown.text, KIND_TEXT[as],
                        KIND_TEXT[name->kind], seen.text);
    }
}

/* An element may be met in many sets and tables, and may be a player, but once in each. */
static void declare_element(checker *c, const char *text, dt_place place, const char *in,
                            const char *what) {
    size_t length = strlen(text);
    if (!allowed(c, text, length, place, ELEMENT))
        return;
    dt_name *name = dt_names_add(c->names, text, length);
    if (!name) {
        c->no_memory = true;
        return;
    }
    if (name->kind == NEW_NAME) {
        name->kind = ELEMENT;
        name->place = place;
    }
    if (name->kind != ELEMENT && name->kind != PLAYER)
        dt_complain(c->complaints, DT_ERROR, place,
                    "`%s` cannot be an element of %s `%s`: it already names %s%s",
                    dt_show(text).text, what, dt_show(in).text, KIND_TEXT[name->kind],
                    first_seen(name->place, place).text);
    else if (name->mark == c->mark)
        dt_complain(c->complaints, DT_ERROR, place, "`%s` stands twice in %s `%s`",
                    dt_show(text).text, what, dt_show(in).text);
    name->mark = c->mark;
}

/* Whether there is a name at all. */
static bool named(checker *c, const char *name, dt_place place, const char *what) {
    if (name && *name)
        return true;
    dt_complain(c->complaints, DT_ERROR, place, "%s needs a `name`", what);
    return false;
}

/* Repeats among the moves of a player, or the levels of a move. */
static void check_repeats(checker *c, dt_names *seen, const char *text, dt_place place,
                          const char *what, const char *owner) {
    dt_name *name = dt_names_add(seen, text, strlen(text));
    if (!name)
        c->no_memory = true;
    else if (name->kind == NEW_NAME)
        name->kind = ELEMENT;
    else
        dt_complain(c->complaints, DT_ERROR, place, "%s `%s` stands twice in `%s`", what,
                    dt_show(text).text, dt_show(owner).text);
}

static bool has_control(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static void check_levels(checker *c, const dt_move_spec *move) {
    if (move->levels == 0)
        dt_complain(c->complaints, DT_ERROR, move->place, "move `%s` has no `levels`",
                    dt_show(move->name).text);
    dt_names *seen = dt_names_new();
    if (!seen)
        c->no_memory = true;
    for (size_t l = 0; seen && l < move->levels && !c->no_memory; l++) {
        const dt_level_spec *level = &move->level[l];
        if (!level->label || !*level->label)
            dt_complain(c->complaints, DT_ERROR, level->place, "a level of `%s` has an empty label",
                        dt_show(move->name).text);
        else if (has_control(level->label)) /* it would reach the terminal as a command */
            dt_complain(c->complaints, DT_ERROR, level->place,
                        "a level of `%s` has a label with a control character",
                        dt_show(move->name).text);
        else
            check_repeats(c, seen, level->label, level->place, "level", move->name);
    }
    dt_names_free(seen);
}

static void check_player(checker *c, const dt_player_spec *player) {
    if (!named(c, player->name, player->place, "a player"))
        return;
    declare(c, player->name, strlen(player->name), player->place, PLAYER);
    if (player->moves == 0)
        dt_complain(c->complaints, DT_ERROR, player->place, "player `%s` has no `moves`",
                    dt_show(player->name).text);
    dt_names *seen = dt_names_new();
    if (!seen)
        c->no_memory = true;
    for (size_t m = 0; seen && m < player->moves && !c->no_memory; m++) {
        const dt_move_spec *move = &player->move[m];
        if (!named(c, move->name, move->place, "a move"))
            continue;
        if (well_formed(c, move->name, strlen(move->name), move->place, "a move"))
            check_repeats(c, seen, move->name, move->place, "move", player->name);
        check_levels(c, move);
    }
    dt_names_free(seen);
}

/* The name of a definition as far as '[' or '='; what follows is the formula parser's to judge. */
static void check_definition(checker *c, const dt_definition_spec *definition) {
    const char *data = definition->text.data;
    size_t from = strspn(data, " \t\r\n"), length = strcspn(data + from, "[=");
    while (length > 0 && strchr(" \t\r\n", data[from + length - 1]))
        length--;
    dt_place place = dt_text_place(&definition->text, from, length);
    if (length == 0)
        dt_complain(c->complaints, DT_ERROR, definition->text.place,
                    "a definition begins with its name, as in \"pain = 2 * CN.embargo\"");
    else
        declare(c, data + from, length, place, DEFINITION);
}

static void check_leaf(checker *c, const dt_parameter *leaf, const char *path) {
    if (leaf->has_range && fmpq_cmp(&leaf->low, &leaf->high) > 0)
        dt_complain(c->complaints, DT_ERROR, leaf->place,
                    "the range of `%s` is reversed: %.10g is above %.10g", dt_show(path).text,
                    fmpq_get_d(&leaf->low), fmpq_get_d(&leaf->high));
    else
        dt_range_check(leaf, path, leaf->place, c->complaints);
}

/* `path` is how messages name it: "share.US.CN". */
static void check_parameter(checker *c, const dt_parameter *parameter, const char *path) {
    if (!parameter->children) {
        check_leaf(c, parameter, path);
        return;
    }
    c->mark++; /* all keys of this level before those below, which mark anew */
    for (size_t i = 0; i < parameter->children; i++)
        declare_element(c, parameter->child[i].name, parameter->child[i].place, path, "table");
    for (size_t i = 0; i < parameter->children; i++) {
        char below[128];
        snprintf(below, sizeof below, "%.60s.%.60s", path, parameter->child[i].name);
        check_parameter(c, &parameter->child[i], below);
    }
}

static void check_set(checker *c, const dt_set_spec *set) {
    c->mark++;
    for (size_t i = 0; i < set->elements; i++)
        declare_element(c, set->element[i], set->element_place ? set->element_place[i] : set->place,
                        set->name, "set");
}

/* Names that must be new come first, so that an element that clashes is the one complained of. */
static void check_all(checker *c) {
    const dt_scenario *s = c->scenario;
    for (size_t i = 0; i < s->players; i++)
        check_player(c, &s->player[i]);
    for (size_t i = 0; i < s->parameters; i++)
        declare(c, s->parameter[i].name, strlen(s->parameter[i].name), s->parameter[i].place,
                PARAMETER);
    for (size_t i = 0; i < s->sets; i++)
        declare(c, s->set[i].name, strlen(s->set[i].name), s->set[i].place, SET);
    for (size_t i = 0; i < s->payoff.definitions; i++)
        check_definition(c, &s->payoff.definition[i]);
    for (size_t i = 0; i < s->sets; i++)
        check_set(c, &s->set[i]);
    for (size_t i = 0; i < s->parameters; i++)
        check_parameter(c, &s->parameter[i], s->parameter[i].name);
}

dt_status dt_validate(const dt_scenario *scenario, dt_complaints *complaints) {
    checker c = {scenario, complaints, dt_names_new(), 0, false};
    if (!c.names)
        return DT_ERR_MEMORY;
    check_all(&c);
    dt_names_free(c.names);
    if (!complaints->errors) /* players that could not be read would seem to be missing */
        dt_validate_blocs(scenario, complaints);
    return c.no_memory ? DT_ERR_MEMORY : DT_OK;
}

dt_status dt_scenario_validate(const dt_scenario *scenario, dt_diag *diag) {
    dt_complaints complaints = {diag, 0, 0};
    dt_status status = dt_validate(scenario, &complaints);
    dt_complaints_end(&complaints);
    return status != DT_OK ? status : complaints.errors ? DT_ERR_INPUT : DT_OK;
}
