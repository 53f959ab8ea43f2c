/* The symbol table of a scenario's formulas. */
#include "formula/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

bool dt_is_reserved(const char *name) {
    static const char *const words[] = {"in",  "where", "sum",  "min", "max",  "abs",
                                        "exp", "log",   "sqrt", "pow", "clamp"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}

/* Enters a name; the first meaning stays (clashes are the scenario's errors). */
static dt_status enter(dt_symbols *s, const char *name, dt_symbol_kind kind, uint32_t index) {
    uint32_t at;
    if (dt_names_get(&s->names, name, &at))
        return DT_OK;
    if (s->symbols == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        dt_symbol *grown = realloc(s->symbol, room * sizeof *grown);
        if (!grown)
            return DT_ERR_MEMORY;
        s->symbol = grown;
        s->room = room;
    }
    s->symbol[s->symbols] = (dt_symbol){kind, index};
    return dt_names_put(&s->names, name, (uint32_t)s->symbols++);
}

/* The element's number, entered when new; UINT32_MAX when out of memory or when the name means
 * something else. */
static uint32_t enter_element(dt_symbols *s, const char *name) {
    dt_symbol known = dt_symbols_find(s, name);
    if (known.kind == DT_SYMBOL_ELEMENT)
        return known.index;
    if (known.kind != DT_SYMBOL_NONE)
        return UINT32_MAX;
    if (s->elements == s->elements_room) {
        uint32_t room = s->elements_room ? 2 * s->elements_room : 32;
        const char **grown = realloc(s->element, room * sizeof *grown);
        if (!grown)
            return UINT32_MAX;
        s->element = grown;
        s->elements_room = room;
    }
    if (enter(s, name, DT_SYMBOL_ELEMENT, s->elements) != DT_OK)
        return UINT32_MAX;
    s->element[s->elements] = name;
    return s->elements++;
}

static dt_status enter_keys(dt_symbols *s, const dt_parameter *table) {
    for (size_t i = 0; i < table->children; i++) {
        enter_element(s, table->child[i].name);
        dt_status status = enter_keys(s, &table->child[i]);
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

dt_status dt_symbols_init(dt_symbols *s, const dt_scenario *scenario) {
    *s = (dt_symbols){.scenario = scenario, .arena = dt_arena_new()};
    s->sets = (uint32_t)scenario->sets + 1;
    s->set = s->arena ? dt_arena_array(s->arena, s->sets, sizeof *s->set) : NULL;
    s->definition =
        s->set ? dt_arena_array(s->arena, scenario->payoff.definitions, sizeof *s->definition)
               : NULL;
    if (!s->definition)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < scenario->players; i++)
        if (enter_element(s, scenario->player[i].name) == UINT32_MAX)
            return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t i = 0; i < scenario->parameters && status == DT_OK; i++)
        status = enter(s, scenario->parameter[i].name, DT_SYMBOL_PARAMETER, (uint32_t)i);
    for (uint32_t i = 0; i + 1 < s->sets && status == DT_OK; i++)
        status = enter(s, scenario->set[i].name, DT_SYMBOL_SET, i);
    if (status == DT_OK)
        status = enter(s, "players", DT_SYMBOL_SET, s->sets - 1);
    for (uint32_t i = 0; i < s->sets && status == DT_OK; i++) {
        bool given = i + 1 < s->sets;
        size_t count = given ? scenario->set[i].elements : scenario->players;
        dt_set *set = &s->set[i];
        set->name = given ? scenario->set[i].name : "players";
        set->element = dt_arena_array(s->arena, count, sizeof *set->element);
        if (!set->element)
            return DT_ERR_MEMORY;
        for (size_t j = 0; j < count; j++) {
            uint32_t e = given ? enter_element(s, scenario->set[i].element[j]) : (uint32_t)j;
            if (e != UINT32_MAX)
                set->element[set->count++] = e;
        }
    }
    for (size_t i = 0; i < scenario->parameters && status == DT_OK; i++)
        status = enter_keys(s, &scenario->parameter[i]);
    return status;
}

void dt_symbols_clear(dt_symbols *s) {
    dt_names_clear(&s->names);
    free(s->symbol);
    free(s->element);
    dt_arena_free(s->arena);
    *s = (dt_symbols){0};
}

dt_status dt_symbols_define(dt_symbols *s, uint32_t definition, const char *name) {
    s->definition[definition] = name;
    return enter(s, name, DT_SYMBOL_DEFINITION, definition);
}

dt_symbol dt_symbols_find(const dt_symbols *s, const char *name) {
    uint32_t at;
    if (!dt_names_get(&s->names, name, &at))
        return (dt_symbol){DT_SYMBOL_NONE, 0};
    return s->symbol[at];
}

const char *dt_symbols_nearest(const dt_symbols *s, const char *name, unsigned kinds) {
    dt_nearest search = {name, NULL, 0};
    if (kinds & 1u << DT_SYMBOL_PARAMETER)
        for (size_t i = 0; i < s->scenario->parameters; i++)
            dt_nearest_offer(&search, s->scenario->parameter[i].name);
    if (kinds & 1u << DT_SYMBOL_DEFINITION)
        for (size_t i = 0; i < s->scenario->payoff.definitions; i++)
            if (s->definition[i])
                dt_nearest_offer(&search, s->definition[i]);
    if (kinds & 1u << DT_SYMBOL_SET)
        for (uint32_t i = 0; i < s->sets; i++)
            dt_nearest_offer(&search, s->set[i].name);
    if (kinds & 1u << DT_SYMBOL_ELEMENT)
        for (uint32_t i = 0; i < s->elements; i++)
            dt_nearest_offer(&search, s->element[i]);
    return search.best;
}
