/* What a name in a formula means: parameter, definition, set, element. */
#ifndef DT_FORMULA_SYMBOLS_H
#define DT_FORMULA_SYMBOLS_H

#include "base/names.h"
#include "deterra/scenario.h"
#include "formula/ast.h"

typedef enum dt_symbol_kind {
    DT_SYMBOL_NONE,
    DT_SYMBOL_PARAMETER,
    DT_SYMBOL_DEFINITION,
    DT_SYMBOL_SET,
    DT_SYMBOL_ELEMENT, /* players are elements too: element i < players is player i */
} dt_symbol_kind;

typedef struct dt_symbol {
    dt_symbol_kind kind;
    uint32_t index;
} dt_symbol;

typedef struct dt_set {
    const char *name;
    uint32_t count;
    uint32_t *element;
} dt_set;

typedef struct dt_symbols {
    const dt_scenario *scenario;
    dt_arena *arena;
    dt_names names; /* name -> place in `symbol` */
    dt_symbol *symbol;
    size_t symbols, room;
    const char **element; /* their names */
    uint32_t elements, elements_room;
    dt_set *set; /* the scenario's, then `players` */
    uint32_t sets;
    const char **definition; /* names, by the scenario's order; NULL where the head was wrong */
} dt_symbols;

/* Enters the scenario's players, sets, parameters and table keys; definitions are entered by
 * dt_symbols_define. */
dt_status dt_symbols_init(dt_symbols *s, const dt_scenario *scenario);
void dt_symbols_clear(dt_symbols *s);
dt_status dt_symbols_define(dt_symbols *s, uint32_t definition, const char *name);

dt_symbol dt_symbols_find(const dt_symbols *s, const char *name);
/* The nearest known name of these kinds (a bit each, 1 << kind), or NULL. */
const char *dt_symbols_nearest(const dt_symbols *s, const char *name, unsigned kinds);
bool dt_is_reserved(const char *name);

#endif
