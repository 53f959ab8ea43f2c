/* From a scenario's formulas to one shared graph. */
#ifndef DT_FORMULA_COMPILER_H
#define DT_FORMULA_COMPILER_H

#include "deterra/game.h"
#include "formula/dag.h"
#include "formula/symbols.h"

/* A move as formulas see it: moves with one level are constants and have no number. */
typedef struct dt_move_slot {
    uint32_t player, move; /* in the scenario */
} dt_move_slot;

/* An index variable and the element it stands for; the innermost first. */
typedef struct dt_binding {
    const char *name;
    uint32_t element;
    const struct dt_binding *outer;
} dt_binding;

typedef enum dt_instance_state {
    DT_INSTANCE_NEW,
    DT_INSTANCE_OPEN, /* being expanded: meeting it again is a cycle */
    DT_INSTANCE_DONE,
    DT_INSTANCE_FAILED,
} dt_instance_state;

/* A definition with its indices bound: hurt[US]. */
typedef struct dt_instance {
    uint32_t node;
    dt_instance_state state;
} dt_instance;

typedef struct dt_definition {
    const dt_definition_spec *spec;
    const dt_text *text; /* of the body */
    dt_ast_head head;
    dt_ast *body;
    size_t indices;
    uint32_t *set;  /* per index: the set it runs over */
    uint32_t first; /* number of its first instance */
    uint32_t count; /* instances: the product of the sets' sizes */
    bool good;      /* head and body parsed */
} dt_definition;

typedef struct dt_compiler {
    const dt_scenario *scenario;
    const dt_substitute *substitute; /* parameters with other values than the scenario's */
    size_t substitutes;
    bool open; /* one of them is */
    dt_symbols symbols;
    dt_arena *arena;
    dt_diag *diag;
    dt_dag dag;
    dt_move_slot slot[DT_MAX_MOVES];
    uint32_t slots;
    uint32_t **slot_of; /* player, move -> number, or UINT32_MAX for single levels */
    size_t definitions;
    dt_definition *definition;
    dt_instance *instance;
    uint32_t instances;
    uint32_t *need; /* the instances that an expansion found not ready */
    size_t needs, needs_room;
    uint64_t combinations; /* that sums have run over, against DT_MAX_COMBINATIONS */
} dt_compiler;

/* Reads names and moves; definitions are parsed and all their instances expanded. Errors go to
 * diag, all of them; the compiler can still be used to find errors in further formulas. */
dt_status dt_compiler_init(dt_compiler *c, const dt_scenario *scenario,
                           const dt_substitute *substitute, size_t substitutes, dt_diag *diag);
void dt_compiler_clear(dt_compiler *c);

/* Parses and expands one formula to a node. */
dt_status dt_compile_formula(dt_compiler *c, const dt_text *text, uint32_t *node, dt_ast **ast);

/* Sums over sets in sets could run for years without making a node. */
enum { DT_MAX_COMBINATIONS = 10000000 };

/* Beside the node numbers of dag.h: */
#define DT_NODE_FAILED (UINT32_MAX - 2) /* reported */
#define DT_NODE_NEEDS  (UINT32_MAX - 3) /* an instance that is not ready: c->need */

/* Notes an instance that is not ready; false when out of memory. */
bool dt_compiler_need(dt_compiler *c, uint32_t instance);

/* One expansion step, in expand.c: the node of a tree under bindings. */
uint32_t dt_expand(dt_compiler *c, const dt_text *text, const dt_ast *ast,
                   const dt_binding *bindings);
/* Expands instances, and what they need, until `instance` is done or failed. */
dt_status dt_expand_instance(dt_compiler *c, uint32_t instance);
/* "hurt[US]", in the compiler's arena. */
const char *dt_instance_label(dt_compiler *c, uint32_t instance);
/* Expands a tree with everything it needs. DT_NODE_FAILED where an error was reported. */
dt_status dt_expand_all(dt_compiler *c, const dt_text *text, const dt_ast *ast, uint32_t *node);

#endif
