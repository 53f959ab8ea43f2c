/* The compiler: definitions in any order, each instance expanded once, cycles named. */
#include "formula/compiler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dt_status number_moves(dt_compiler *c) {
    const dt_scenario *s = c->scenario;
    c->slot_of = dt_arena_array(c->arena, s->players, sizeof *c->slot_of);
    if (!c->slot_of)
        return DT_ERR_MEMORY;
    for (uint32_t i = 0; i < s->players; i++) {
        const dt_player_spec *p = &s->player[i];
        c->slot_of[i] = dt_arena_array(c->arena, p->moves, sizeof **c->slot_of);
        if (!c->slot_of[i])
            return DT_ERR_MEMORY;
        for (uint32_t m = 0; m < p->moves; m++) {
            c->slot_of[i][m] = UINT32_MAX;
            if (p->move[m].levels < 2)
                continue;
            if (c->slots == DT_MAX_MOVES) {
                dt_diag_add(c->diag, DT_ERROR, p->move[m].place,
                            "more than %d moves with several levels: the profiles cannot be "
                            "counted in 63 bits",
                            DT_MAX_MOVES);
                return DT_ERR_INPUT;
            }
            c->slot[c->slots] = (dt_move_slot){i, m};
            c->slot_of[i][m] = c->slots++;
        }
    }
    return DT_OK;
}

/* Parses a definition and finds the sets of its indices. */
static dt_status read_definition(dt_compiler *c, uint32_t number) {
    dt_definition *d = &c->definition[number];
    const dt_definition_spec *spec = d->spec = &c->scenario->payoff.definition[number];
    d->text = spec->has_body ? &spec->body : &spec->text;
    size_t end;
    dt_status status =
        dt_parse_head(&spec->text, !spec->has_body, c->arena, c->diag, &d->head, &end);
    if (d->head.name) {
        dt_status defined = dt_symbols_define(&c->symbols, number, d->head.name);
        if (defined != DT_OK)
            return defined;
    }
    if (status != DT_OK)
        return status == DT_ERR_INPUT ? DT_OK : status;
    d->body = dt_parse_formula(d->text, spec->has_body ? 0 : end, c->arena, c->diag, &status);
    if (status == DT_ERR_MEMORY)
        return status;
    d->good = d->body != NULL;
    for (const dt_ast *b = d->head.binds; b; b = b->next)
        d->indices++;
    d->set = dt_arena_array(c->arena, d->indices, sizeof *d->set);
    return d->set ? DT_OK : DT_ERR_MEMORY;
}

/* Checks a head's index variables against the symbols, which are all known by now, and counts the
 * instances. */
static dt_status count_instances(dt_compiler *c, dt_definition *d) {
    uint64_t count = 1;
    size_t i = 0;
    for (const dt_ast *b = d->head.binds; b; b = b->next, i++) {
        dt_place place = dt_ast_place(&d->spec->text, b);
        dt_symbol symbol = dt_symbols_find(&c->symbols, b->member);
        bool twice = false;
        for (const dt_ast *o = d->head.binds; o != b; o = o->next)
            twice |= strcmp(o->name, b->name) == 0;
        if (symbol.kind != DT_SYMBOL_SET) {
            const char *near = dt_symbols_nearest(&c->symbols, b->member, 1u << DT_SYMBOL_SET);
            dt_diag_add(c->diag, DT_ERROR, place, "no such set: `%s`%s%s%s", b->member,
                        near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
            d->good = false;
        } else {
            d->set[i] = symbol.index;
            count *= c->symbols.set[symbol.index].count;
        }
        if (twice || dt_is_reserved(b->name) ||
            dt_symbols_find(&c->symbols, b->name).kind != DT_SYMBOL_NONE) {
            dt_diag_add(c->diag, DT_ERROR, place,
                        "an index variable needs a name that means nothing else, unlike `%s`",
                        b->name);
            d->good = false;
        }
        if (count > DT_MAX_NODES) {
            dt_diag_add(c->diag, DT_ERROR, place, "`%s` stands for more than %d definitions",
                        d->head.name, DT_MAX_NODES);
            d->good = false;
            count = 1;
        }
    }
    if (!d->good)
        count = 0;
    if (c->instances + count > DT_MAX_NODES) {
        dt_diag_add(c->diag, DT_ERROR, dt_text_place(&d->spec->text, d->head.from, d->head.length),
                    "more than %d definitions after expansion", DT_MAX_NODES);
        d->good = false;
        count = 0;
    }
    d->first = c->instances;
    d->count = (uint32_t)count;
    c->instances += d->count;
    return DT_OK;
}

static dt_definition *definition_of(dt_compiler *c, uint32_t instance) {
    size_t low = 0, high = c->definitions;
    while (high - low > 1) { /* the last one whose first is not beyond (empty ones share a first) */
        size_t middle = low + (high - low) / 2;
        if (c->definition[middle].first <= instance)
            low = middle;
        else
            high = middle;
    }
    while (low > 0 && (c->definition[low].count == 0 ||
                       instance >= c->definition[low].first + c->definition[low].count))
        low--;
    return &c->definition[low];
}

enum { MAX_HEAD_INDICES = 16 };

/* The elements an instance's indices stand for. */
static void instance_elements(dt_compiler *c, const dt_definition *d, uint32_t instance,
                              uint32_t *element) {
    uint32_t rest = instance - d->first;
    for (size_t i = d->indices; i-- > 0;) {
        const dt_set *set = &c->symbols.set[d->set[i]];
        element[i] = set->element[rest % set->count];
        rest /= set->count;
    }
}

const char *dt_instance_label(dt_compiler *c, uint32_t instance) {
    const dt_definition *d = definition_of(c, instance);
    uint32_t element[MAX_HEAD_INDICES];
    instance_elements(c, d, instance, element);
    const char *label = d->head.name;
    for (size_t i = 0; label && i < d->indices; i++)
        label = dt_arena_format(c->arena, "%s[%s]", label, c->symbols.element[element[i]]);
    return label;
}

static uint32_t expand_once(dt_compiler *c, uint32_t instance) {
    const dt_definition *d = definition_of(c, instance);
    uint32_t element[MAX_HEAD_INDICES];
    dt_binding binding[MAX_HEAD_INDICES];
    instance_elements(c, d, instance, element);
    const dt_binding *inner = NULL;
    size_t i = 0;
    for (const dt_ast *b = d->head.binds; b; b = b->next, i++) {
        binding[i] = (dt_binding){b->name, element[i], inner};
        inner = &binding[i];
    }
    return dt_expand(c, d->text, d->body, inner);
}

static dt_status too_many_nodes(dt_compiler *c, dt_place place) {
    dt_diag_add(c->diag, DT_ERROR, place, "the formulas have more than %d nodes after expansion",
                DT_MAX_NODES);
    return DT_ERR_INPUT;
}

bool dt_compiler_need(dt_compiler *c, uint32_t instance) {
    if (c->needs == c->needs_room) {
        size_t room = c->needs_room ? 2 * c->needs_room : 64;
        uint32_t *grown = realloc(c->need, room * sizeof *grown);
        if (!grown)
            return false;
        c->need = grown;
        c->needs_room = room;
    }
    c->need[c->needs++] = instance;
    return true;
}

/* Names the cycle that closes at `again`: the open ones on the stack from there on. */
static void report_cycle(dt_compiler *c, const uint32_t *stack, size_t depth, uint32_t again) {
    size_t from = depth;
    while (from > 0 && stack[from - 1] != again)
        from--;
    char path[512];
    size_t used = 0;
    for (size_t i = from ? from - 1 : 0; i < depth && used < sizeof path; i++)
        if (c->instance[stack[i]].state == DT_INSTANCE_OPEN)
            used += (size_t)snprintf(path + used, sizeof path - used, "%s -> ",
                                     dt_instance_label(c, stack[i]));
    if (used < sizeof path)
        snprintf(path + used, sizeof path - used, "%s", dt_instance_label(c, again));
    const dt_definition *d = definition_of(c, again);
    dt_diag_add(c->diag, DT_ERROR, dt_text_place(&d->spec->text, d->head.from, d->head.length),
                "definitions in a cycle: %s%s", path, used >= sizeof path ? "…" : "");
}

/* A stack of instances. */
typedef struct pile {
    uint32_t *instance;
    size_t count, room;
} pile;

static bool push(pile *p, uint32_t instance) {
    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        uint32_t *grown = realloc(p->instance, room * sizeof *grown);
        if (!grown)
            return false;
        p->instance = grown;
        p->room = room;
    }
    p->instance[p->count++] = instance;
    return true;
}

/* Puts what an instance needs on the pile; an open one among them closes a cycle. */
static dt_status push_needs(dt_compiler *c, pile *p, uint32_t *node) {
    size_t below = p->count;
    for (size_t i = 0; i < c->needs; i++) {
        if (c->instance[c->need[i]].state == DT_INSTANCE_OPEN) {
            report_cycle(c, p->instance, below, c->need[i]);
            *node = DT_NODE_FAILED;
            p->count = below;
            return DT_OK;
        }
        if (!push(p, c->need[i]))
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

/* Depth first with a stack of its own: a chain of definitions may be longer than C's stack. An
 * instance is expanded until nothing it needs is missing: twice, as a rule. */
dt_status dt_expand_instance(dt_compiler *c, uint32_t instance) {
    pile p = {0};
    dt_status status = push(&p, instance) ? DT_OK : DT_ERR_MEMORY;
    while (p.count && status == DT_OK) {
        uint32_t top = p.instance[p.count - 1];
        dt_instance *i = &c->instance[top];
        if (i->state == DT_INSTANCE_DONE || i->state == DT_INSTANCE_FAILED) {
            p.count--; /* needed by several: done for the first */
            continue;
        }
        i->state = DT_INSTANCE_OPEN;
        c->needs = 0;
        uint32_t node = expand_once(c, top);
        if (node == DT_NODE_NEEDS)
            status = push_needs(c, &p, &node);
        if (node == DT_NODE_NEEDS)
            continue;
        if (node == DT_NODE_MEMORY) {
            status = DT_ERR_MEMORY;
        } else if (node == DT_NODE_LIMIT) {
            const dt_definition *d = definition_of(c, top);
            status = too_many_nodes(c, dt_text_place(&d->spec->text, d->head.from, d->head.length));
        } else {
            i->state = node == DT_NODE_FAILED ? DT_INSTANCE_FAILED : DT_INSTANCE_DONE;
            i->node = node;
            p.count--;
        }
    }
    free(p.instance);
    return status;
}

dt_status dt_expand_all(dt_compiler *c, const dt_text *text, const dt_ast *ast, uint32_t *node) {
    for (;;) {
        c->needs = 0;
        *node = dt_expand(c, text, ast, NULL);
        if (*node == DT_NODE_MEMORY)
            return DT_ERR_MEMORY;
        if (*node == DT_NODE_LIMIT)
            return too_many_nodes(c, dt_ast_place(text, ast));
        if (*node != DT_NODE_NEEDS)
            return DT_OK;
        dt_status status = dt_expand_instance(c, c->need[0]);
        if (status != DT_OK)
            return status;
    }
}

dt_status dt_compile_formula(dt_compiler *c, const dt_text *text, uint32_t *node, dt_ast **ast) {
    dt_status status;
    *node = DT_NODE_FAILED;
    *ast = dt_parse_formula(text, 0, c->arena, c->diag, &status);
    if (!*ast)
        return status;
    status = dt_expand_all(c, text, *ast, node);
    if (status == DT_OK && *node == DT_NODE_FAILED)
        status = DT_ERR_INPUT;
    return status;
}

dt_status dt_compiler_init(dt_compiler *c, const dt_scenario *scenario,
                           const dt_substitute *substitute, size_t substitutes, dt_diag *diag) {
    *c = (dt_compiler){.scenario = scenario,
                       .substitute = substitute,
                       .substitutes = substitutes,
                       .diag = diag,
                       .arena = dt_arena_new()};
    for (size_t i = 0; i < substitutes; i++)
        c->open |= !substitute[i].value;
    c->definitions = scenario->payoff.definitions;
    dt_status status = c->arena ? dt_dag_init(&c->dag) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = dt_symbols_init(&c->symbols, scenario);
    if (status == DT_OK)
        status = number_moves(c);
    if (status == DT_OK) {
        c->definition = dt_arena_array(c->arena, c->definitions, sizeof *c->definition);
        status = c->definition ? DT_OK : DT_ERR_MEMORY;
    }
    size_t errors = diag ? dt_diag_errors(diag) : 0;
    for (uint32_t i = 0; i < c->definitions && status == DT_OK; i++)
        status = read_definition(c, i);
    for (uint32_t i = 0; i < c->definitions && status == DT_OK; i++) {
        dt_definition *d = &c->definition[i];
        if (d->indices > MAX_HEAD_INDICES) {
            dt_diag_add(diag, DT_ERROR, dt_text_place(&d->spec->text, d->head.from, d->head.length),
                        "a definition takes at most %d indices", MAX_HEAD_INDICES);
            d->good = false;
            d->indices = 0;
            d->head.binds = NULL;
        }
        status = count_instances(c, d);
    }
    if (status == DT_OK) {
        c->instance = dt_arena_array(c->arena, c->instances, sizeof *c->instance);
        status = c->instance ? DT_OK : DT_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < c->instances && status == DT_OK; i++)
        status = dt_expand_instance(c, i);
    if (status == DT_OK && diag && dt_diag_errors(diag) > errors)
        status = DT_ERR_INPUT;
    return status;
}

void dt_compiler_clear(dt_compiler *c) {
    dt_symbols_clear(&c->symbols);
    dt_dag_clear(&c->dag);
    free(c->need);
    dt_arena_free(c->arena);
    *c = (dt_compiler){0};
}
