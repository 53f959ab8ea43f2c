/* Payoffs from formulas: a shared graph, evaluated in blocks or exactly, never stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formula/block_eval.h"
#include "game/model.h"
#include "game/players.h"

/* A summand of a payoff: its sign is in the node. */
typedef struct term {
    uint32_t node;
    const char *label, *unit, *note;
} term;

typedef struct payoff {
    uint32_t root;
    dt_place place; /* of the formula */
    size_t terms;
    term *term;
    dt_plan *plan;
} payoff;

typedef struct formulas {
    const dt_game *game;
    dt_dag dag;
    uint32_t slots;
    dt_move_slot *slot;          /* which player's move a number is */
    const dt_slot_values *value; /* in the game's arena */
    payoff *payoff;              /* a player each */
    size_t definitions;
    term *definition;
    bool rational;
} formulas;

/* What a thread keeps for one player's payoff: the box shape it was laid out for. */
typedef struct block_state {
    dt_runner *runner;
    uint64_t shape;
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    uint16_t *lane_memory;
    const uint16_t *lane_level[DT_MAX_MOVES];
} block_state;

struct dt_workspace {
    const formulas *f;
    dt_exact_evaluator *exact; /* made when first asked for */
    block_state *state;        /* a player each */
    uint64_t shapes;
};

static void formulas_free(void *self) {
    formulas *f = self;
    for (size_t i = 0; f->payoff && i < f->game->players; i++) {
        free(f->payoff[i].term);
        dt_plan_free(f->payoff[i].plan);
    }
    free(f->payoff);
    free(f->definition);
    free(f->slot);
    dt_dag_clear(&f->dag);
    free(f);
}

static void workspace_free(dt_workspace *w) {
    for (size_t i = 0; w->state && i < w->f->game->players; i++) {
        dt_runner_free(w->state[i].runner);
        free(w->state[i].lane_memory);
    }
    free(w->state);
    dt_exact_evaluator_free(w->exact);
    free(w);
}

static dt_workspace *workspace_new(const void *self) {
    dt_workspace *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->f = self;
    w->state = calloc(w->f->game->players, sizeof *w->state);
    for (size_t i = 0; w->state && i < w->f->game->players; i++)
        if (!(w->state[i].runner = dt_runner_new(w->f->payoff[i].plan))) {
            workspace_free(w);
            return NULL;
        }
    if (!w->state) {
        free(w);
        return NULL;
    }
    return w;
}

/* The evaluator of exact numbers, which many workspaces never need. */
static dt_exact_evaluator *evaluator(dt_workspace *w) {
    if (!w->exact)
        w->exact = dt_exact_evaluator_new(&w->f->dag, w->f->value, w->f->slots);
    return w->exact;
}

static dt_exact_context *context(dt_workspace *w) {
    dt_exact_evaluator *e = evaluator(w);
    return e ? dt_exact_evaluator_context(e) : NULL;
}

/* Is this box of the shape that the state was laid out for? Free players must start and end alike;
 * the others may stand anywhere. */
static bool same_shape(const block_state *s, const dt_box *box, size_t players) {
    if (!s->shape)
        return false;
    for (size_t i = 0; i < players; i++)
        if (box->count[i] != s->count[i] || (box->count[i] > 1 && box->first[i] != s->first[i]))
            return false;
    return true;
}

/* Lists the level of each free player's moves lane by lane. */
static dt_status lay_out(dt_workspace *w, block_state *s, const dt_box *box, size_t lanes) {
    const formulas *f = w->f;
    const dt_game *game = f->game;
    s->shape = 0;
    size_t free_slots = 0;
    for (uint32_t k = 0; k < f->slots; k++)
        free_slots += box->count[f->slot[k].player] > 1;
    free(s->lane_memory);
    s->lane_memory = malloc((free_slots * lanes + 1) * sizeof *s->lane_memory);
    if (!s->lane_memory)
        return DT_ERR_MEMORY;
    uint16_t *next = s->lane_memory;
    for (uint32_t k = 0; k < f->slots; k++) {
        size_t i = f->slot[k].player, inner = 1;
        s->lane_level[k] = NULL;
        if (box->count[i] < 2)
            continue;
        const dt_player *p = &game->player[i];
        for (size_t j = i + 1; j < game->players; j++)
            inner *= box->count[j];
        for (size_t lane = 0; lane < lanes; lane++) {
            size_t strategy = box->first[i] + lane / inner % box->count[i];
            next[lane] = p->level[strategy * p->moves + f->slot[k].move];
        }
        s->lane_level[k] = next;
        next += lanes;
    }
    memcpy(s->first, box->first, game->players * sizeof *s->first);
    memcpy(s->count, box->count, game->players * sizeof *s->count);
    s->shape = ++w->shapes;
    return DT_OK;
}

static void levels_at(const formulas *f, const uint32_t *profile, uint16_t *level) {
    for (uint32_t k = 0; k < f->slots; k++) {
        const dt_player *p = &f->game->player[f->slot[k].player];
        level[k] = p->level[(size_t)profile[f->slot[k].player] * p->moves + f->slot[k].move];
    }
}

static dt_status block(const void *self, dt_workspace *w, size_t player, const dt_box *box,
                       double *value, double *bound) {
    const formulas *f = self;
    block_state *s = &w->state[player];
    size_t lanes = (size_t)dt_box_lanes(f->game, box);
    if (!same_shape(s, box, f->game->players)) {
        dt_status status = lay_out(w, s, box, lanes);
        if (status != DT_OK)
            return status;
    }
    uint16_t level[DT_MAX_MOVES];
    levels_at(f, box->first, level);
    dt_lane_moves moves = {lanes, s->shape, level, s->lane_level};
    return dt_runner_run(s->runner, &moves, value, bound);
}

/* Evaluates a node at a profile; *value belongs to the evaluator. */
static dt_status evaluate(const formulas *f, dt_workspace *w, const uint32_t *profile,
                          uint32_t node, const dt_exact **value, dt_payoff_fault *fault) {
    dt_exact_evaluator *e = evaluator(w);
    if (!e)
        return DT_ERR_MEMORY;
    uint16_t level[DT_MAX_MOVES];
    levels_at(f, profile, level);
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
    const formulas *f = self;
    const dt_exact *value;
    fault->place = f->payoff[player].place;
    dt_status status = evaluate(f, w, profile, f->payoff[player].root, &value, fault);
    return status == DT_OK ? dt_exact_set(out, value) : status;
}

/* The values of some nodes at a profile, by `list[i]` where wanted (NULL: all). */
static dt_status list_parts(const formulas *f, dt_workspace *w, const uint32_t *profile,
                            const term *list, size_t count, const bool *wanted, dt_parts *parts,
                            dt_payoff_fault *fault) {
    *parts = (dt_parts){0};
    parts->part = calloc(count ? count : 1, sizeof *parts->part);
    dt_status status = parts->part ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        if (wanted && !wanted[list[i].node])
            continue;
        const dt_exact *value;
        status = evaluate(f, w, profile, list[i].node, &value, fault);
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
    const formulas *f = self;
    return list_parts(f, w, profile, f->payoff[player].term, f->payoff[player].terms, NULL, parts,
                      fault);
}

static dt_status definitions(const void *self, dt_workspace *w, size_t player,
                             const uint32_t *profile, dt_parts *parts) {
    const formulas *f = self;
    uint32_t root = f->payoff[player].root;
    bool *used = calloc(f->dag.nodes, sizeof *used); /* does the payoff rest on this node? */
    if (!used)
        return DT_ERR_MEMORY;
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
    dt_payoff_fault fault;
    dt_status status =
        list_parts(f, w, profile, f->definition, f->definitions, used, parts, &fault);
    free(used);
    return status;
}

static void walk(const void *self, size_t player, size_t over, bool *const *inner) {
    const formulas *f = self;
    uint64_t free_moves = 0, others = 0;
    for (uint32_t k = 0; k < f->slots; k++)
        *(f->slot[k].player == over ? &free_moves : &others) |= UINT64_C(1) << k;
    uint64_t fastest = dt_plan_inner_moves(f->payoff[player].plan, free_moves, others);
    for (uint32_t k = 0; k < f->slots; k++)
        if (fastest >> k & 1)
            inner[f->slot[k].player][f->slot[k].move] = true;
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const formulas *f = self;
    *shared = f->dag.nodes * (sizeof(dt_node) + 16);
    *workspace = 0;
    for (size_t i = 0; i < f->game->players; i++)
        *workspace += dt_plan_steps(f->payoff[i].plan) * lanes * 2 * sizeof(double);
}

static bool rational(const void *self) {
    return ((const formulas *)self)->rational;
}

static bool total(const void *self, size_t player) {
    return dt_plan_is_total(((const formulas *)self)->payoff[player].plan);
}

static const dt_model_ops OPS = {
    .kind = "formula",
    .free = formulas_free,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .block = block,
    .exact = exact,
    .terms = terms,
    .definitions = definitions,
    .context = context,
    .walk = walk,
    .memory = memory,
    .rational = rational,
    .total = total,
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
static void describe(const dt_compiler *c, const dt_ast *name, term *t) {
    dt_symbol symbol = dt_symbols_find(&c->symbols, name->name);
    const dt_definition_spec *spec = c->definition[symbol.index].spec;
    t->unit = spec->unit;
    t->note = spec->note;
}

static dt_status add_term(dt_compiler *c, dt_game *game, const dt_text *text, const dt_ast *ast,
                          bool minus, payoff *p) {
    term *grown = realloc(p->term, (p->terms + 1) * sizeof *grown);
    if (!grown)
        return DT_ERR_MEMORY;
    p->term = grown;
    term *t = &p->term[p->terms++];
    *t = (term){0};
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
                       bool minus, payoff *p) {
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

static dt_status list_definitions(dt_compiler *c, dt_game *game, formulas *f) {
    f->definition = calloc(c->instances ? c->instances : 1, sizeof *f->definition);
    if (!f->definition)
        return DT_ERR_MEMORY;
    for (size_t d = 0; d < c->definitions; d++) {
        const dt_definition *def = &c->definition[d];
        for (uint32_t i = def->first; i < def->first + def->count; i++) {
            const char *label = dt_instance_label(c, i);
            term *t = &f->definition[f->definitions++];
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
                                 formulas *f) {
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

static dt_status build(const dt_scenario *scenario, dt_compiler *c, dt_game *game, dt_diag *diag) {
    (void)diag;
    if (!game) /* other errors were found: look for those of the payoffs only */
        return compile_payoffs(scenario, c, NULL, NULL);
    formulas *f = calloc(1, sizeof *f);
    if (!f)
        return DT_ERR_MEMORY;
    f->game = game;
    game->self = f;
    game->model = &OPS;
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
    f->rational = all_rational(&f->dag);
    for (size_t i = 0; i < game->players; i++) {
        f->payoff[i].plan = dt_plan_new(&f->dag, f->value, f->slots, f->payoff[i].root);
        if (!f->payoff[i].plan)
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

const dt_model_kind dt_model_formula = {"formula", "payoffs as formulas of the moves", build};
