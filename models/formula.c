/* Payoffs from formulas: a shared graph, evaluated in blocks or exactly, never stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formula/collect.h"
#include "formulas.h"
#include "game/players.h"

static void formulas_free(void *self) {
    dt_formulas *f = self;
    dt_formulas_spare_free(f);
    for (size_t i = 0; f->payoff && i < f->game->players; i++) {
        free(f->payoff[i].term);
        dt_plan_free(f->payoff[i].plan);
        dt_plan_free(f->payoff[i].box_plan);
    }
    free(f->payoff);
    free(f->definition);
    free(f->slot);
    dt_dag_clear(&f->dag);
    free(f);
}

static dt_exact_context *context(dt_workspace *w) {
    dt_exact_evaluator *e = dt_formulas_exact(w);
    return e ? dt_exact_evaluator_context(e) : NULL;
}

dt_status dt_formulas_evaluate(const dt_formulas *f, dt_workspace *w, const uint32_t *profile,
                               uint32_t node, const dt_exact **value, dt_payoff_fault *fault) {
    dt_exact_evaluator *e = dt_formulas_exact(w);
    if (!e)
        return DT_ERR_MEMORY;
    uint16_t level[DT_MAX_MOVES];
    dt_formulas_levels(f, profile, level);
    dt_exact_evaluator_at(e, level);
    uint32_t at;
    dt_exact_fault why = dt_exact_evaluate(e, node, value, &at);
    if (why == DT_EXACT_OK)
        return DT_OK;
    if (why == DT_EXACT_MEMORY)
        return DT_ERR_MEMORY;
    snprintf(fault->message, sizeof fault->message, "%s", dt_exact_fault_text(why));
    fault->place = f->dag.node[at].place;
    return DT_ERR_INPUT;
}

static dt_status exact(const void *self, dt_workspace *w, size_t player, const uint32_t *profile,
                       dt_exact *out, dt_payoff_fault *fault) {
    const dt_formulas *f = self;
    const dt_exact *value;
    fault->place = f->payoff[player].place;
    dt_status status = dt_formulas_evaluate(f, w, profile, f->payoff[player].root, &value, fault);
    return status == DT_OK ? dt_exact_set(out, value) : status;
}

/* The values of some nodes at a profile, by `list[i]` where wanted (NULL: all). */
static dt_status list_parts(const dt_formulas *f, dt_workspace *w, const uint32_t *profile,
                            const dt_summand *list, size_t count, const bool *wanted,
                            dt_parts *parts, dt_payoff_fault *fault) {
    *parts = (dt_parts){0};
    parts->part = malloc((count + 1) * sizeof *parts->part);
    dt_status status = parts->part ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        if (wanted && !wanted[list[i].node])
            continue;
        const dt_exact *value;
        status = dt_formulas_evaluate(f, w, profile, list[i].node, &value, fault);
        if (status == DT_ERR_INPUT && wanted) { /* a definition in a branch not taken */
            status = DT_OK;
            continue;
        }
        if (status != DT_OK)
            break;
        dt_part *part = &parts->part[parts->count++];
        *part = (dt_part){.label = list[i].label, .unit = list[i].unit, .note = list[i].note};
        dt_exact_init(&part->value);
        status = dt_exact_set(&part->value, value);
    }
    if (status != DT_OK)
        dt_parts_clear(parts);
    return status;
}

static dt_status terms(const void *self, dt_workspace *w, size_t player, const uint32_t *profile,
                       dt_parts *parts, dt_payoff_fault *fault) {
    const dt_formulas *f = self;
    return list_parts(f, w, profile, f->payoff[player].term, f->payoff[player].terms, NULL, parts,
                      fault);
}

bool *dt_formulas_used(const dt_formulas *f, size_t player) {
    uint32_t root = f->payoff[player].root;
    bool *used = calloc(f->dag.nodes, sizeof *used);
    if (!used)
        return NULL;
    used[root] = true;
    for (uint32_t i = root + 1; i-- > 0;) {
        const dt_node *n = &f->dag.node[i];
        int operands = used[i] ? dt_op_operands(n->op) : 0;
        if (operands > 0)
            used[n->a] = true;
        if (operands > 1)
            used[n->b] = true;
        if (operands > 2)
            used[n->c] = true;
    }
    return used;
}

static dt_status definitions(const void *self, dt_workspace *w, size_t player,
                             const uint32_t *profile, dt_parts *parts) {
    const dt_formulas *f = self;
    bool *used = dt_formulas_used(f, player);
    if (!used)
        return DT_ERR_MEMORY;
    dt_payoff_fault fault;
    dt_status status =
        list_parts(f, w, profile, f->definition, f->definitions, used, parts, &fault);
    free(used);
    return status;
}

static bool rational(const void *self) {
    return ((const dt_formulas *)self)->rational;
}

static bool total(const void *self, size_t player) {
    return dt_plan_is_total(((const dt_formulas *)self)->payoff[player].plan);
}

static bool boxes(const void *self) {
    const dt_formulas *f = self;
    bool all = true;
    for (size_t i = 0; i < f->game->players; i++)
        all = all && f->payoff[i].box_plan;
    return all;
}

static const dt_model_ops OPS = {
    .kind = "formula",
    .free = formulas_free,
    .workspace_new = dt_formulas_workspace_new,
    .workspace_free = dt_formulas_workspace_free,
    .block = dt_formulas_block,
    .boxes = boxes,
    .gains = dt_formulas_gains,
    .range = dt_formulas_range,
    .exact = exact,
    .terms = terms,
    .definitions = definitions,
    .context = context,
    .walk = dt_formulas_walk,
    .evaluation = dt_formulas_evaluation,
    .memory = dt_formulas_memory,
    .rational = rational,
    .total = total,
    .incentive = dt_formulas_incentive,
};

/* With open parameters there are no plans. */
static const dt_model_ops OPEN_OPS = {
    .kind = "formula",
    .free = formulas_free,
    .workspace_new = dt_formulas_workspace_new,
    .workspace_free = dt_formulas_workspace_free,
    .exact = exact,
    .context = context,
    .incentive = dt_formulas_incentive,
    .refold = dt_formulas_refold,
};

/* Is the summand a definition, and nothing but it? */
static bool is_definition(const dt_compiler *c, const dt_ast *ast) {
    return ast->kind == DT_AST_NAME &&
           dt_symbols_find(&c->symbols, ast->name).kind == DT_SYMBOL_DEFINITION;
}

static const char *copy_label(dt_game *game, const char *from, size_t length) {
    return dt_arena_copy(game->arena, from, length);
}

/* Units and notes are the scenario's own: they outlive the game, as places do. */
static void describe(const dt_compiler *c, const dt_ast *name, dt_summand *t) {
    dt_symbol symbol = dt_symbols_find(&c->symbols, name->name);
    const dt_definition_spec *spec = c->definition[symbol.index].spec;
    t->unit = spec->unit;
    t->note = spec->note;
}

static dt_status add_term(dt_compiler *c, dt_game *game, const dt_text *text, const dt_ast *ast,
                          bool minus, dt_formula_payoff *p) {
    dt_summand *grown = realloc(p->term, (p->terms + 1) * sizeof *grown);
    if (!grown)
        return DT_ERR_MEMORY;
    p->term = grown;
    dt_summand *t = &p->term[p->terms++];
    *t = (dt_summand){0};
    dt_status status = dt_expand_all(c, text, ast, &t->node);
    if (status != DT_OK)
        return status;
    if (minus)
        t->node = dt_dag_make(&c->dag, DT_OP_NEG, t->node, 0, 0, dt_ast_place(text, ast));
    t->label = copy_label(game, text->data + ast->from, ast->length);
    if (is_definition(c, ast))
        describe(c, ast, t);
    return t->node > DT_NODE_LAST || !t->label ? DT_ERR_MEMORY : DT_OK;
}

/* The top-level summands of a payoff, with their signs. */
static dt_status split(dt_compiler *c, dt_game *game, const dt_text *text, const dt_ast *ast,
                       bool minus, dt_formula_payoff *p) {
    if (ast->kind == DT_AST_UNARY && (ast->op == '-' || ast->op == '+'))
        return split(c, game, text, ast->child, minus != (ast->op == '-'), p);
    bool sum = ast->kind == DT_AST_CHAIN && ast->child->next &&
               (ast->child->next->join == '+' || ast->child->next->join == '-');
    if (!sum)
        return add_term(c, game, text, ast, minus, p);
    dt_status status = DT_OK;
    for (const dt_ast *child = ast->child; child && status == DT_OK; child = child->next)
        status =
            split(c, game, text, child, minus != (child != ast->child && child->join == '-'), p);
    return status;
}

static dt_status list_definitions(dt_compiler *c, dt_game *game, dt_formulas *f) {
    f->definition = calloc(c->instances ? c->instances : 1, sizeof *f->definition);
    if (!f->definition)
        return DT_ERR_MEMORY;
    for (size_t d = 0; d < c->definitions; d++) {
        const dt_definition *def = &c->definition[d];
        for (uint32_t i = def->first; i < def->first + def->count; i++) {
            const char *label = dt_instance_label(c, i);
            dt_summand *t = &f->definition[f->definitions++];
            t->node = c->instance[i].node;
            t->label = label ? copy_label(game, label, strlen(label)) : NULL;
            t->unit = def->spec->unit;
            t->note = def->spec->note;
            if (!t->label)
                return DT_ERR_MEMORY;
        }
    }
    return DT_OK;
}

static dt_status compile_payoffs(const dt_scenario *scenario, dt_compiler *c, dt_game *game,
                                 dt_formulas *f) {
    bool wrong = false;
    for (size_t k = 0; k < scenario->payoff.formulas; k++) {
        const dt_formula_spec *spec = &scenario->payoff.formula[k];
        uint32_t root;
        dt_ast *ast;
        dt_status status = dt_compile_formula(c, &spec->text, &root, &ast);
        if (status != DT_OK && status != DT_ERR_INPUT)
            return status;
        wrong |= status != DT_OK;
        for (size_t i = 0; game && !wrong && i < game->players; i++) {
            if (strcmp(game->player[i].name, spec->player) != 0)
                continue;
            f->payoff[i].root = root;
            f->payoff[i].place = dt_ast_place(&spec->text, ast);
            status = split(c, game, &spec->text, ast, false, &f->payoff[i]);
            if (status != DT_OK)
                return status;
        }
    }
    return wrong ? DT_ERR_INPUT : DT_OK;
}

/* Rational whatever the profile: no root, power, exp or log is left in any payoff. */
static bool all_rational(const dt_dag *dag) {
    for (size_t i = 0; i < dag->nodes; i++)
        switch (dag->node[i].op) {
        case DT_OP_POW:
        case DT_OP_SQRT:
        case DT_OP_EXP:
        case DT_OP_LOG: return false;
        default: break;
        }
    return true;
}

/* Boxes take some kilobytes a step and thread. */
enum { MOST_BOX_STEPS = 20000 };

/* The plan of blocks and, where the payoff is known to exist everywhere, one of its own for boxes.
 */
static dt_status make_plans(dt_formulas *f, size_t player, bool boxes) {
    dt_formula_payoff *p = &f->payoff[player];
    uint64_t own = dt_formulas_own_moves(f, player);
    p->plan = dt_plan_new(&f->dag, f->value, f->slots, p->root, own);
    if (!p->plan)
        return DT_ERR_MEMORY;
    if (!boxes || !dt_plan_is_total(p->plan) || dt_plan_steps(p->plan) > MOST_BOX_STEPS)
        return DT_OK;
    uint32_t collected;
    dt_status status = dt_collect(&f->dag, p->root, &collected);
    if (status != DT_OK)
        return status;
    p->box_plan = dt_plan_whole(&f->dag, f->value, f->slots, collected);
    return p->box_plan ? DT_OK : DT_ERR_MEMORY;
}

dt_status dt_formulas_plan(dt_formulas *f, bool with_boxes) {
    f->rational = all_rational(&f->dag);
    dt_status status = DT_OK;
    for (size_t i = 0; i < f->game->players && status == DT_OK; i++)
        status = make_plans(f, i, with_boxes);
    return status;
}

void dt_formulas_open(dt_formulas *f, dt_game *game) {
    f->game = game;
    game->self = f;
    game->model = &OPS;
}

/* Keeps what messages call the open parameters. */
static dt_status name_open(const dt_compiler *c, dt_game *game, dt_formulas *f) {
    const char **name = dt_arena_array(game->arena, c->substitutes, sizeof *name);
    if (!name)
        return DT_ERR_MEMORY;
    f->open_name = name;
    for (size_t i = 0; i < c->substitutes; i++) {
        if (c->substitute[i].value)
            continue;
        name[f->opens] = dt_scenario_path(c->scenario, c->substitute[i].parameter, game->arena);
        if (!name[f->opens++])
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

static dt_status build(const dt_scenario *scenario, dt_compiler *c, dt_game *game, dt_diag *diag) {
    (void)diag;
    if (!game) /* other errors were found: look for those of the payoffs only */
        return compile_payoffs(scenario, c, NULL, NULL);
    dt_formulas *f = calloc(1, sizeof *f);
    if (!f)
        return DT_ERR_MEMORY;
    dt_formulas_open(f, game);
    f->payoff = calloc(game->players, sizeof *f->payoff);
    f->slot = calloc(c->slots ? c->slots : 1, sizeof *f->slot);
    f->value = dt_slot_values_of(c, game);
    if (!f->payoff || !f->slot || !f->value)
        return DT_ERR_MEMORY;
    memcpy(f->slot, c->slot, c->slots * sizeof *f->slot);
    f->slots = c->slots;
    dt_status status = compile_payoffs(scenario, c, game, f);
    if (status == DT_OK)
        status = list_definitions(c, game, f);
    if (status != DT_OK)
        return status;
    f->dag = c->dag; /* the graph is ours now */
    c->dag = (dt_dag){0};
    if (c->open) {
        game->model = &OPEN_OPS;
        return name_open(c, game, f);
    }
    return dt_formulas_plan(f, true);
}

const dt_model_kind dt_model_formula = {"formula", "payoffs as formulas of the moves", build};
