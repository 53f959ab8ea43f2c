/* Formulas beside a game's payoffs: see observables.h. */
#include "game/observables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formula/compiler.h"
#include "formula/exact_eval.h"
#include "formula/refold.h"

/* Where the game has the move of a number: a bloc has the moves of its members. */
typedef struct seat {
    size_t player, move;
} seat;

struct dt_observables {
    const dt_game *game;
    dt_compiler compiler; /* where they were compiled, else zeroed */
    dt_dag dag;
    size_t count;
    uint32_t *node;  /* count */
    dt_place *place; /* count */
    uint32_t slots;
    seat *seat;           /* slots: moves of several levels */
    dt_slot_values *slot; /* likewise */
    dt_exact_evaluator *evaluator;
};

/* The move `move` of `player`, in a bloc "player.move". */
static bool find_seat(const dt_game *game, const char *player, const char *move, seat *out) {
    for (size_t p = 0; p < game->players; p++)
        for (size_t m = 0; m < game->player[p].moves; m++) {
            const char *name = game->player[p].move[m].name;
            size_t length = strlen(player);
            bool own = strcmp(game->player[p].name, player) == 0 && strcmp(name, move) == 0;
            bool member = strncmp(name, player, length) == 0 && name[length] == '.' &&
                          strcmp(name + length + 1, move) == 0;
            if (own || member) {
                *out = (seat){p, m};
                return true;
            }
        }
    return false;
}

static dt_status find_seats(dt_observables *o, const dt_scenario *scenario) {
    const dt_compiler *c = &o->compiler;
    o->seat = calloc(c->slots + 1u, sizeof *o->seat);
    o->slot = calloc(c->slots + 1u, sizeof *o->slot);
    if (!o->seat || !o->slot)
        return DT_ERR_MEMORY;
    o->slots = c->slots;
    for (uint32_t k = 0; k < c->slots; k++) {
        const dt_player_spec *player = &scenario->player[c->slot[k].player];
        seat *at = &o->seat[k];
        if (!find_seat(o->game, player->name, player->move[c->slot[k].move].name, at))
            return DT_ERR_USAGE; /* the game of another scenario */
        const dt_move *move = &o->game->player[at->player].move[at->move];
        o->slot[k] = (dt_slot_values){move->levels, move->value};
    }
    return DT_OK;
}

static dt_status compile(dt_observables *o, const dt_text *const *text, size_t count) {
    bool wrong = false;
    o->node = calloc(count + 1, sizeof *o->node);
    o->place = calloc(count + 1, sizeof *o->place);
    if (!o->node || !o->place)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < count; k++) {
        dt_ast *ast;
        dt_status status = dt_compile_formula(&o->compiler, text[k], &o->node[k], &ast);
        if (status != DT_OK && status != DT_ERR_INPUT)
            return status;
        o->place[k] = text[k]->place;
        wrong |= status != DT_OK;
    }
    o->count = count;
    return wrong ? DT_ERR_INPUT : DT_OK;
}

static dt_status evaluate(dt_observables *o) {
    o->evaluator = dt_exact_evaluator_new(&o->dag, o->slot, o->slots);
    return o->evaluator ? DT_OK : DT_ERR_MEMORY;
}

dt_status dt_observables_new(const dt_scenario *scenario, const dt_substitute *substitute,
                             size_t substitutes, const dt_game *game, const dt_text *const *text,
                             size_t count, dt_diag *diag, dt_observables **out) {
    *out = NULL;
    dt_observables *o = calloc(1, sizeof *o);
    if (!o)
        return DT_ERR_MEMORY;
    o->game = game;
    dt_status status = dt_compiler_init(&o->compiler, scenario, substitute, substitutes, diag);
    if (status == DT_OK)
        status = compile(o, text, count);
    if (status == DT_OK)
        status = find_seats(o, scenario);
    if (status == DT_OK) {
        o->dag = o->compiler.dag; /* the graph is ours now */
        o->compiler.dag = (dt_dag){0};
        status = evaluate(o);
    }
    dt_compiler_clear(&o->compiler);
    if (status == DT_OK)
        *out = o;
    else
        dt_observables_free(o);
    return status;
}

/* A copy of an array; NULL when out of memory. */
static void *copy_of(const void *from, size_t size) {
    void *copy = malloc(size ? size : 1);
    if (copy && size)
        memcpy(copy, from, size);
    return copy;
}

dt_status dt_observables_refold(const dt_observables *open, const dt_game *game, const fmpq *value,
                                dt_observables **out) {
    *out = NULL;
    dt_observables *o = calloc(1, sizeof *o);
    uint32_t *map = malloc((open->dag.nodes + 1) * sizeof *map);
    dt_status status = o && map ? dt_dag_init(&o->dag) : DT_ERR_MEMORY;
    if (status == DT_OK) {
        o->game = game;
        o->count = open->count;
        o->slots = open->slots;
        o->node = copy_of(open->node, open->count * sizeof *o->node);
        o->place = copy_of(open->place, open->count * sizeof *o->place);
        o->seat = copy_of(open->seat, open->slots * sizeof *o->seat);
        o->slot = copy_of(open->slot, open->slots * sizeof *o->slot);
        status = o->node && o->place && o->seat && o->slot
                     ? dt_dag_refold(&open->dag, value, &o->dag, map)
                     : DT_ERR_MEMORY;
    }
    for (size_t k = 0; status == DT_OK && k < o->count; k++)
        o->node[k] = map[open->node[k]];
    if (status == DT_OK)
        status = evaluate(o);
    free(map);
    if (status == DT_OK)
        *out = o;
    else
        dt_observables_free(o);
    return status;
}

void dt_observables_free(dt_observables *o) {
    if (!o)
        return;
    dt_exact_evaluator_free(o->evaluator);
    dt_dag_clear(&o->dag);
    free(o->node);
    free(o->place);
    free(o->seat);
    free(o->slot);
    free(o);
}

dt_status dt_observables_at(dt_observables *o, size_t k, const uint32_t *profile, dt_exact *value,
                            dt_payoff_fault *fault) {
    uint16_t level[DT_MAX_MOVES];
    for (uint32_t m = 0; m < o->slots; m++) {
        const dt_player *p = &o->game->player[o->seat[m].player];
        level[m] = p->level[(size_t)profile[o->seat[m].player] * p->moves + o->seat[m].move];
    }
    dt_exact_evaluator_at(o->evaluator, level);
    const dt_exact *found;
    uint32_t at;
    dt_exact_fault why = dt_exact_evaluate(o->evaluator, o->node[k], &found, &at);
    if (why == DT_EXACT_OK)
        return dt_exact_set(value, found);
    if (why == DT_EXACT_MEMORY)
        return DT_ERR_MEMORY;
    snprintf(fault->message, sizeof fault->message, "%s", dt_exact_fault_text(why));
    fault->place = o->place[k];
    return DT_ERR_INPUT;
}

dt_exact_context *dt_observables_context(dt_observables *o) {
    return dt_exact_evaluator_context(o->evaluator);
}
