/* Expanding a syntax tree: names and indices are resolved, families unrolled, and the result built
 * as nodes of the shared graph. Conditions on indices alone are decided here, and the branch not
 * taken is not looked at. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "formula/compiler.h"
#include "formula/lexer.h"

typedef struct scope {
    dt_compiler *c;
    const dt_text *text;
    const dt_binding *bindings;
} scope;

static uint32_t expand(const scope *s, const dt_ast *ast);

static uint32_t fail(const scope *s, const dt_ast *ast, const char *message) {
    dt_diag_add(s->c->diag, DT_ERROR, dt_ast_place(s->text, ast), "%s", message);
    return DT_NODE_FAILED;
}

/* Reports `<what> "<name>"` with a suggestion. */
static uint32_t unknown(const scope *s, const dt_ast *ast, const char *what, const char *name,
                        const char *nearest) {
    dt_place place = dt_ast_place(s->text, ast);
    if (nearest)
        dt_diag_add(s->c->diag, DT_ERROR, place, "%s `%s`; did you mean `%s`?", what, name,
                    nearest);
    else
        dt_diag_add(s->c->diag, DT_ERROR, place, "%s `%s`", what, name);
    return DT_NODE_FAILED;
}

/* A result that ends the expansion of what holds it. */
static bool is_bad(uint32_t node) {
    return node > DT_NODE_LAST;
}

/* The graver of two bad results: running out, then needing, then failing. */
static uint32_t worse(uint32_t a, uint32_t b) {
    if (a == DT_NODE_MEMORY || b == DT_NODE_MEMORY)
        return DT_NODE_MEMORY;
    if (a == DT_NODE_LIMIT || b == DT_NODE_LIMIT)
        return DT_NODE_LIMIT;
    if (a == DT_NODE_NEEDS || b == DT_NODE_NEEDS)
        return DT_NODE_NEEDS;
    return DT_NODE_FAILED;
}

static uint32_t make(const scope *s, const dt_ast *ast, dt_op op, uint32_t a, uint32_t b,
                     uint32_t c) {
    return dt_dag_make(&s->c->dag, op, a, b, c, dt_ast_place(s->text, ast));
}

static const dt_binding *binding_of(const scope *s, const char *name) {
    for (const dt_binding *b = s->bindings; b; b = b->outer)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}

/* The element that a bare name stands for; false where it stands for something else. */
static bool element_of(const scope *s, const dt_ast *ast, uint32_t *element) {
    if (ast->kind != DT_AST_NAME || ast->child)
        return false;
    const dt_binding *b = binding_of(s, ast->name);
    dt_symbol symbol = dt_symbols_find(&s->c->symbols, ast->name);
    if (b)
        *element = b->element;
    else if (symbol.kind == DT_SYMBOL_ELEMENT)
        *element = symbol.index;
    return b || symbol.kind == DT_SYMBOL_ELEMENT;
}

/* Is this a condition on indices alone? If so, *truth is its value. */
static bool index_condition(const scope *s, const dt_ast *ast, bool *truth) {
    bool right;
    uint32_t a, b;
    switch (ast->kind) {
    case DT_AST_UNARY:
        if (ast->op != '!' || !index_condition(s, ast->child, truth))
            return false;
        *truth = !*truth;
        return true;
    case DT_AST_CHAIN: {
        const dt_ast *first = ast->child, *second = first->next;
        int op = second->join;
        if (op == DT_PUNCT('=', '=') || op == DT_PUNCT('!', '=')) {
            if (second->next || !element_of(s, first, &a) || !element_of(s, second, &b))
                return false;
            *truth = (a == b) == (op == DT_PUNCT('=', '='));
            return true;
        }
        if (op != DT_PUNCT('&', '&') && op != DT_PUNCT('|', '|'))
            return false;
        if (!index_condition(s, first, truth))
            return false;
        for (; second; second = second->next) {
            if (!index_condition(s, second, &right))
                return false;
            *truth = op == DT_PUNCT('&', '&') ? *truth && right : *truth || right;
        }
        return true;
    }
    default: return false;
    }
}

/* The elements that a name's indices stand for; false where one is wrong (reported). */
static bool indices_of(const scope *s, const dt_ast *ast, uint32_t *element, size_t most,
                       size_t *count) {
    bool good = true;
    *count = 0;
    for (const dt_ast *i = ast->child; i; i = i->next) {
        uint32_t e = 0;
        if (!element_of(s, i, &e)) {
            unknown(s, i, "no such element or index variable:", i->name,
                    dt_symbols_nearest(&s->c->symbols, i->name, 1u << DT_SYMBOL_ELEMENT));
            good = false;
        } else if (*count < most) {
            element[*count] = e;
        }
        ++*count;
    }
    return good;
}

enum { MAX_INDICES = 16 };

/* " `share` has 2 indices, 1 given" */
static uint32_t wrong_indices(const scope *s, const dt_ast *ast, size_t wanted, size_t given) {
    dt_diag_add(s->c->diag, DT_ERROR, dt_ast_place(s->text, ast),
                "`%s` takes %zu %s, but %zu %s given", ast->name, wanted,
                wanted == 1 ? "index" : "indices", given, given == 1 ? "is" : "are");
    return DT_NODE_FAILED;
}

/* Open parameters are numbered in the order of the substitutes. */
static uint32_t value_of(const scope *s, const dt_ast *ast, const dt_parameter *p) {
    const dt_compiler *c = s->c;
    uint32_t open = 0;
    for (size_t i = 0; i < c->substitutes; i++) {
        const dt_substitute *other = &c->substitute[i];
        if (other->parameter == p)
            return other->value ? dt_dag_const(&s->c->dag, other->value)
                                : dt_dag_open(&s->c->dag, open, dt_ast_place(s->text, ast));
        open += !other->value;
    }
    return dt_dag_const(&s->c->dag, &p->value);
}

static uint32_t expand_parameter(const scope *s, const dt_ast *ast, const dt_parameter *p) {
    uint32_t element[MAX_INDICES];
    size_t count;
    if (!indices_of(s, ast, element, MAX_INDICES, &count))
        return DT_NODE_FAILED;
    for (size_t i = 0; i < count; i++) {
        if (!p->children || i >= MAX_INDICES)
            return wrong_indices(s, ast, i, count);
        const char *key = s->c->symbols.element[element[i]];
        const dt_parameter *child = NULL;
        for (size_t j = 0; j < p->children && !child; j++)
            if (strcmp(p->child[j].name, key) == 0)
                child = &p->child[j];
        if (!child) {
            char entry[256];
            size_t used = (size_t)snprintf(entry, sizeof entry, "%s", ast->name);
            for (size_t j = 0; j <= i && used < sizeof entry; j++)
                used += (size_t)snprintf(entry + used, sizeof entry - used, "[%s]",
                                         s->c->symbols.element[element[j]]);
            return unknown(s, ast, "the table has no entry", entry, NULL);
        }
        p = child;
    }
    if (p->children) {
        size_t wanted = count;
        for (const dt_parameter *q = p; q->children; q = q->child)
            wanted++;
        return wrong_indices(s, ast, wanted, count);
    }
    return value_of(s, ast, p);
}

static uint32_t expand_definition(const scope *s, const dt_ast *ast, const dt_definition *d) {
    dt_compiler *c = s->c;
    uint32_t element[MAX_INDICES];
    size_t count;
    if (!indices_of(s, ast, element, MAX_INDICES, &count))
        return DT_NODE_FAILED;
    if (!d->good)
        return DT_NODE_FAILED; /* reported at the definition */
    if (count != d->indices)
        return wrong_indices(s, ast, d->indices, count);
    uint32_t instance = 0;
    for (size_t i = 0; i < count; i++) {
        const dt_set *set = &c->symbols.set[d->set[i]];
        uint32_t at = 0;
        while (at < set->count && set->element[at] != element[i])
            at++;
        if (at == set->count) {
            dt_diag_add(c->diag, DT_ERROR, dt_ast_place(s->text, ast),
                        "`%s` is defined over the set `%s`, which does not hold `%s`", ast->name,
                        set->name, c->symbols.element[element[i]]);
            return DT_NODE_FAILED;
        }
        instance = instance * set->count + at;
    }
    instance += d->first;
    switch (c->instance[instance].state) {
    case DT_INSTANCE_DONE: return c->instance[instance].node;
    case DT_INSTANCE_FAILED: return DT_NODE_FAILED;
    default: return dt_compiler_need(c, instance) ? DT_NODE_NEEDS : DT_NODE_MEMORY;
    }
}

static uint32_t expand_name(const scope *s, const dt_ast *ast) {
    dt_compiler *c = s->c;
    uint32_t element;
    if (binding_of(s, ast->name) || (element_of(s, ast, &element)))
        return fail(s, ast,
                    "an element or index variable has no value of its own: compare it with "
                    "== or !=, or use it as an index");
    dt_symbol symbol = dt_symbols_find(&c->symbols, ast->name);
    switch (symbol.kind) {
    case DT_SYMBOL_PARAMETER:
        return expand_parameter(s, ast, &c->scenario->parameter[symbol.index]);
    case DT_SYMBOL_DEFINITION: return expand_definition(s, ast, &c->definition[symbol.index]);
    case DT_SYMBOL_SET: return fail(s, ast, "a set has no value: sum, min or max run over it");
    case DT_SYMBOL_ELEMENT: return fail(s, ast, "an element has no indices");
    case DT_SYMBOL_NONE: break;
    }
    if (dt_is_reserved(ast->name))
        return fail(s, ast, "this word is reserved: a function needs its arguments in parentheses");
    return unknown(s, ast, "unknown name", ast->name,
                   dt_symbols_nearest(&c->symbols, ast->name,
                                      1u << DT_SYMBOL_PARAMETER | 1u << DT_SYMBOL_DEFINITION));
}

/* player.move, where the player may be an index variable */
static bool resolve_move(const scope *s, const dt_ast *ast, uint32_t *player, uint32_t *move) {
    dt_compiler *c = s->c;
    const dt_scenario *sc = c->scenario;
    const dt_binding *b = binding_of(s, ast->name);
    dt_symbol symbol = dt_symbols_find(&c->symbols, ast->name);
    if (b)
        *player = b->element;
    else if (symbol.kind == DT_SYMBOL_ELEMENT)
        *player = symbol.index;
    else {
        dt_nearest search = {ast->name, NULL, 0};
        for (size_t i = 0; i < sc->players; i++)
            dt_nearest_offer(&search, sc->player[i].name);
        unknown(s, ast, "no such player or index variable:", ast->name, search.best);
        return false;
    }
    if (*player >= sc->players) {
        dt_diag_add(c->diag, DT_ERROR, dt_ast_place(s->text, ast),
                    "`%s` is not a player and has no moves", c->symbols.element[*player]);
        return false;
    }
    const dt_player_spec *p = &sc->player[*player];
    dt_nearest search = {ast->member, NULL, 0};
    for (*move = 0; *move < p->moves; ++*move) {
        if (strcmp(p->move[*move].name, ast->member) == 0)
            return true;
        dt_nearest_offer(&search, p->move[*move].name);
    }
    char what[160];
    snprintf(what, sizeof what, "`%s` has no move", p->name);
    unknown(s, ast, what, ast->member, search.best);
    return false;
}

static uint32_t expand_move(const scope *s, const dt_ast *ast) {
    dt_compiler *c = s->c;
    uint32_t player, move;
    if (!resolve_move(s, ast, &player, &move))
        return DT_NODE_FAILED;
    uint32_t slot = c->slot_of[player][move];
    if (slot == UINT32_MAX)
        return dt_dag_const(&c->dag, &c->scenario->player[player].move[move].level[0].value);
    return dt_dag_move(&c->dag, slot, dt_ast_place(s->text, ast));
}

static uint32_t expand_level(const scope *s, const dt_ast *ast) {
    dt_compiler *c = s->c;
    uint32_t player, move;
    if (!resolve_move(s, ast, &player, &move))
        return DT_NODE_FAILED;
    const dt_move_spec *m = &c->scenario->player[player].move[move];
    dt_nearest search = {ast->label, NULL, 0};
    for (uint32_t level = 0; level < m->levels; level++) {
        if (strcmp(m->level[level].label, ast->label) == 0) {
            uint32_t slot = c->slot_of[player][move];
            return slot == UINT32_MAX
                       ? dt_dag_si(&c->dag, 1)
                       : dt_dag_level(&c->dag, slot, level, dt_ast_place(s->text, ast));
        }
        dt_nearest_offer(&search, m->level[level].label);
    }
    char what[256];
    snprintf(what, sizeof what, "`%s.%s` has no level", c->scenario->player[player].name, m->name);
    if (search.best)
        return unknown(s, ast, what, ast->label, search.best);
    dt_diag_add(c->diag, DT_ERROR, dt_ast_place(s->text, ast),
                "%s `%s` (if this ':' belongs to '?:', put a blank before it)", what, ast->label);
    return DT_NODE_FAILED;
}

static uint32_t combine(const scope *s, const dt_ast *ast, int join, uint32_t a, uint32_t b) {
    uint32_t equal;
    switch (join) {
    case '+': return make(s, ast, DT_OP_ADD, a, b, 0);
    case '-': return make(s, ast, DT_OP_SUB, a, b, 0);
    case '*': return make(s, ast, DT_OP_MUL, a, b, 0);
    case '/': return make(s, ast, DT_OP_DIV, a, b, 0);
    case '<': return make(s, ast, DT_OP_LT, a, b, 0);
    case '>': return make(s, ast, DT_OP_LT, b, a, 0);
    case DT_PUNCT('<', '='): return make(s, ast, DT_OP_LE, a, b, 0);
    case DT_PUNCT('>', '='): return make(s, ast, DT_OP_LE, b, a, 0);
    case DT_PUNCT('=', '='): return make(s, ast, DT_OP_EQ, a, b, 0);
    case DT_PUNCT('&', '&'): return make(s, ast, DT_OP_AND, a, b, 0);
    case DT_PUNCT('|', '|'): return make(s, ast, DT_OP_OR, a, b, 0);
    default: /* != */
        equal = make(s, ast, DT_OP_EQ, a, b, 0);
        return is_bad(equal) ? equal : make(s, ast, DT_OP_NOT, equal, 0, 0);
    }
}

static uint32_t expand_chain(const scope *s, const dt_ast *ast) {
    bool truth;
    if (index_condition(s, ast, &truth))
        return dt_dag_si(&s->c->dag, truth);
    uint32_t result = 0;
    for (const dt_ast *o = ast->child; o; o = o->next) {
        uint32_t operand = expand(s, o);
        if (o == ast->child)
            result = operand;
        else if (is_bad(result) || is_bad(operand))
            result = is_bad(result) && is_bad(operand) ? worse(result, operand)
                     : is_bad(result)                  ? result
                                                       : operand;
        else
            result = combine(s, ast, o->join, result, operand);
        /* a condition on indices that decides && or || leaves what follows unresolved */
        int join = o->next ? o->next->join : 0;
        if ((join == DT_PUNCT('&', '&') || join == DT_PUNCT('|', '|')) &&
            index_condition(s, o, &truth) && truth == (join == DT_PUNCT('|', '|')))
            return result;
    }
    return result;
}

static uint32_t expand_cond(const scope *s, const dt_ast *ast) {
    const dt_ast *condition = ast->child, *yes = condition->next, *no = yes->next;
    bool truth;
    if (index_condition(s, condition, &truth))
        return expand(s, truth ? yes : no);
    uint32_t a = expand(s, condition), b = expand(s, yes), c = expand(s, no);
    if (is_bad(a) || is_bad(b) || is_bad(c)) {
        uint32_t result = is_bad(a) ? a : is_bad(b) ? b : c;
        if (is_bad(b))
            result = worse(result, b);
        return is_bad(c) ? worse(result, c) : result;
    }
    return make(s, ast, DT_OP_COND, a, b, c);
}

typedef struct function {
    const char *name;
    dt_op op;
    size_t least, most; /* arguments */
} function;

static const function FUNCTIONS[] = {
    {"min", DT_OP_MIN, 1, 1000000}, {"max", DT_OP_MAX, 1, 1000000}, {"abs", DT_OP_ABS, 1, 1},
    {"exp", DT_OP_EXP, 1, 1},       {"log", DT_OP_LOG, 1, 1},       {"sqrt", DT_OP_SQRT, 1, 1},
    {"pow", DT_OP_POW, 2, 2},       {"clamp", DT_OP_MIN, 3, 3},
};

static uint32_t expand_call(const scope *s, const dt_ast *ast) {
    const function *f = NULL;
    dt_nearest search = {ast->name, NULL, 0};
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
        if (strcmp(ast->name, FUNCTIONS[i].name) == 0)
            f = &FUNCTIONS[i];
        dt_nearest_offer(&search, FUNCTIONS[i].name);
    }
    if (strcmp(ast->name, "sum") == 0)
        return fail(s, ast, "sum runs over a set: sum(j in set: …)");
    if (!f)
        return unknown(s, ast, "unknown function", ast->name, search.best);
    size_t count = 0;
    for (const dt_ast *a = ast->child; a; a = a->next)
        count++;
    if (count < f->least || count > f->most) {
        dt_diag_add(s->c->diag, DT_ERROR, dt_ast_place(s->text, ast),
                    "`%s` takes %zu argument%s, but %zu %s given", f->name, f->least,
                    f->least == 1 ? "" : "s", count, count == 1 ? "is" : "are");
        return DT_NODE_FAILED;
    }
    uint32_t first[3] = {0, 0, 0}, result = 0, bad = 0;
    size_t i = 0;
    for (const dt_ast *a = ast->child; a; a = a->next, i++) {
        uint32_t argument = expand(s, a);
        if (is_bad(argument))
            bad = bad ? worse(bad, argument) : argument;
        if (bad)
            continue;
        if (i < 3)
            first[i] = argument;
        if (f->most > 3) {
            result = i ? make(s, ast, f->op, result, argument, 0) : argument;
            if (is_bad(result))
                return result;
        }
    }
    if (bad)
        return bad;
    if (f->most > 3)
        return result;
    if (f->most == 3) { /* clamp(x, low, high) */
        uint32_t raised = make(s, ast, DT_OP_MAX, first[0], first[1], 0);
        return is_bad(raised) ? raised : make(s, ast, DT_OP_MIN, raised, first[2], 0);
    }
    return make(s, ast, f->op, first[0], first[1], 0);
}

/* After an error or a need the rest is still looked at: for more errors, and more needs. */
static bool goes_on(uint32_t bad) {
    return !bad || bad == DT_NODE_FAILED || bad == DT_NODE_NEEDS;
}

/* A sum, min or max in progress. */
typedef struct folding {
    const dt_ast *fold, *body;
    dt_op op;
    uint32_t result; /* so far */
    uint32_t bad;    /* the gravest bad result, or 0 */
    bool any;
    bool stopped; /* too many combinations: do not go on, not even for more errors */
} folding;

static void fold_body(const scope *s, folding *f) {
    if (s->c->combinations++ == DT_MAX_COMBINATIONS)
        dt_diag_add(s->c->diag, DT_ERROR, dt_ast_place(s->text, f->fold),
                    "the sums over sets run over more than %d combinations", DT_MAX_COMBINATIONS);
    if (s->c->combinations > DT_MAX_COMBINATIONS) {
        f->bad = DT_NODE_FAILED;
        f->stopped = true;
        return;
    }
    if (f->fold->where) {
        bool truth;
        if (!index_condition(s, f->fold->where, &truth)) {
            uint32_t node = expand(s, f->fold->where);
            if (!is_bad(node) && !dt_dag_is_const(&s->c->dag, node))
                node = fail(s, f->fold->where,
                            s->c->open ? "`where` must be decided by indices and parameters that "
                                         "do not move"
                                       : "`where` must be decided by indices and parameters");
            if (is_bad(node)) {
                f->bad = f->bad ? worse(f->bad, node) : node;
                return;
            }
            truth = !fmpq_is_zero(dt_dag_const_value(&s->c->dag, node));
        }
        if (!truth)
            return;
    }
    uint32_t node = expand(s, f->body);
    if (!is_bad(node) && !f->bad)
        node = f->any ? make(s, f->fold, f->op, f->result, node, 0) : node;
    if (is_bad(node))
        f->bad = f->bad ? worse(f->bad, node) : node;
    f->result = node;
    f->any = true;
}

/* Runs the bind and those after it over their sets. */
static void fold_bind(const scope *s, const dt_ast *bind, folding *f) {
    if (bind == f->body) {
        fold_body(s, f);
        return;
    }
    dt_compiler *c = s->c;
    dt_symbol symbol = dt_symbols_find(&c->symbols, bind->member);
    if (symbol.kind != DT_SYMBOL_SET) {
        f->bad = unknown(s, bind, "no such set:", bind->member,
                         dt_symbols_nearest(&c->symbols, bind->member, 1u << DT_SYMBOL_SET));
        return;
    }
    if (binding_of(s, bind->name) || dt_is_reserved(bind->name) ||
        dt_symbols_find(&c->symbols, bind->name).kind != DT_SYMBOL_NONE) {
        f->bad = unknown(s, bind, "an index variable needs a name that means nothing else, unlike",
                         bind->name, NULL);
        return;
    }
    const dt_set *set = &c->symbols.set[symbol.index];
    for (uint32_t i = 0; i < set->count && goes_on(f->bad) && !f->stopped; i++) {
        dt_binding binding = {bind->name, set->element[i], s->bindings};
        scope inner = {c, s->text, &binding};
        fold_bind(&inner, bind->next, f);
    }
}

static uint32_t expand_fold(const scope *s, const dt_ast *ast) {
    const dt_ast *body = ast->child;
    while (body->next)
        body = body->next;
    folding f = {.fold = ast, .body = body};
    f.op = ast->name[1] == 'u' ? DT_OP_ADD : ast->name[1] == 'i' ? DT_OP_MIN : DT_OP_MAX;
    fold_bind(s, ast->child, &f);
    if (f.bad)
        return f.bad;
    if (f.any)
        return f.result;
    if (f.op == DT_OP_ADD)
        return dt_dag_si(&s->c->dag, 0);
    return fail(s, ast, "min and max need at least one element");
}

static uint32_t expand(const scope *s, const dt_ast *ast) {
    uint32_t a, b;
    bool truth;
    fmpq_t q;
    switch (ast->kind) {
    case DT_AST_NUMBER:
        fmpq_init(q);
        a = dt_number_parse(ast->name, q) ? dt_dag_const(&s->c->dag, q)
                                          : fail(s, ast, "this number is beyond a double's range");
        fmpq_clear(q);
        return a;
    case DT_AST_NAME: return expand_name(s, ast);
    case DT_AST_MOVE: return expand_move(s, ast);
    case DT_AST_LEVEL: return expand_level(s, ast);
    case DT_AST_UNARY:
        if (index_condition(s, ast, &truth))
            return dt_dag_si(&s->c->dag, truth);
        a = expand(s, ast->child);
        if (is_bad(a) || ast->op == '+')
            return a;
        return make(s, ast, ast->op == '-' ? DT_OP_NEG : DT_OP_NOT, a, 0, 0);
    case DT_AST_CHAIN: return expand_chain(s, ast);
    case DT_AST_POWER:
        a = expand(s, ast->child);
        b = expand(s, ast->child->next);
        if (is_bad(a) || is_bad(b))
            return is_bad(a) && is_bad(b) ? worse(a, b) : is_bad(a) ? a : b;
        return make(s, ast, DT_OP_POW, a, b, 0);
    case DT_AST_COND: return expand_cond(s, ast);
    case DT_AST_CALL: return expand_call(s, ast);
    case DT_AST_FOLD: return expand_fold(s, ast);
    case DT_AST_BIND: break;
    }
    return DT_NODE_FAILED;
}

uint32_t dt_expand(dt_compiler *c, const dt_text *text, const dt_ast *ast,
                   const dt_binding *bindings) {
    return expand(&(scope){c, text, bindings}, ast);
}
