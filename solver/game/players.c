/* Players and their strategies: the product of the levels, less what `feasible` strikes out. */
#include "game/players.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_COMBINATIONS = 1 << 22, MAX_LEVELS = 65535 };

static dt_status copy_moves(const dt_player_spec *spec, dt_player *player, dt_arena *arena) {
    dt_move *move = dt_arena_array(arena, spec->moves, sizeof *move);
    if (!move)
        return DT_ERR_MEMORY;
    player->name = dt_arena_copy(arena, spec->name, strlen(spec->name));
    player->move = move;
    for (size_t m = 0; m < spec->moves; m++) {
        const dt_move_spec *from = &spec->move[m];
        const char **label = dt_arena_array(arena, from->levels, sizeof *label);
        fmpq *value = dt_arena_array(arena, from->levels, sizeof *value);
        move[m].name = dt_arena_copy(arena, from->name, strlen(from->name));
        if (!label || !value || !move[m].name || !player->name)
            return DT_ERR_MEMORY;
        for (size_t l = 0; l < from->levels; l++) {
            label[l] = dt_arena_copy(arena, from->level[l].label, strlen(from->level[l].label));
            if (!label[l])
                return DT_ERR_MEMORY;
            fmpq_init(&value[l]);
            fmpq_set(&value[l], &from->level[l].value);
        }
        move[m].label = label;
        move[m].value = value;
        move[m].levels = (uint32_t)from->levels;
        player->moves = m + 1; /* dt_game_free clears the values of counted moves */
    }
    return DT_OK;
}

dt_slot_values *dt_slot_values_of(const dt_compiler *compiler, const dt_game *game) {
    dt_slot_values *slot = dt_arena_array(game->arena, compiler->slots, sizeof *slot);
    for (uint32_t i = 0; slot && i < compiler->slots; i++) {
        const dt_move *move = &game->player[compiler->slot[i].player].move[compiler->slot[i].move];
        slot[i] = (dt_slot_values){move->levels, move->value};
    }
    return slot;
}

/* The feasibility conditions of one player, compiled. */
typedef struct conditions {
    const dt_player_spec *spec;
    size_t count;
    uint32_t *node;
} conditions;

/* A condition may look at the player's own moves only. */
static dt_status compile_conditions(dt_compiler *c, size_t player, conditions *f, dt_arena *arena) {
    const dt_player_spec *spec = &c->scenario->player[player];
    dt_status status = DT_OK;
    uint64_t own = 0;
    for (uint32_t i = 0; i < c->slots; i++)
        if (c->slot[i].player == player)
            own |= UINT64_C(1) << i;
    *f = (conditions){.spec = spec};
    f->node = dt_arena_array(arena, spec->feasibles, sizeof *f->node);
    if (!f->node)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < spec->feasibles; i++) {
        dt_ast *ast;
        dt_status s = dt_compile_formula(c, &spec->feasible[i], &f->node[i], &ast);
        if (s != DT_OK && s != DT_ERR_INPUT)
            return s;
        if (s == DT_OK && c->dag.node[f->node[i]].moves & ~own) {
            dt_diag_add(c->diag, DT_ERROR, dt_ast_place(&spec->feasible[i], ast),
                        "what is feasible for `%s` may depend on its own moves only", spec->name);
            s = DT_ERR_INPUT;
        }
        if (s != DT_OK)
            status = s;
        f->count = i + 1;
    }
    return status;
}

/* Are all conditions true at these levels? */
static dt_status feasible_at(dt_exact_evaluator *e, const conditions *f, const uint16_t *level,
                             dt_diag *diag, bool *feasible) {
    dt_exact_evaluator_at(e, level);
    *feasible = true;
    for (size_t i = 0; i < f->count && *feasible; i++) {
        const dt_exact *value;
        uint32_t at;
        dt_exact_fault fault = dt_exact_evaluate(e, f->node[i], &value, &at);
        dt_sign sign = fault == DT_EXACT_OK ? dt_exact_sign(dt_exact_evaluator_context(e), value)
                                            : DT_UNDECIDED;
        if (fault == DT_EXACT_MEMORY)
            return DT_ERR_MEMORY;
        if (fault == DT_EXACT_OK && dt_exact_is_open(dt_exact_evaluator_context(e), value)) {
            dt_diag_add(diag, DT_ERROR, dt_text_place(&f->spec->feasible[i], 0, 1),
                        "what is feasible must not rest on a parameter that moves");
            return DT_ERR_INPUT;
        }
        if (fault != DT_EXACT_OK || sign == DT_UNDECIDED) {
            dt_diag_add(diag, DT_ERROR, dt_text_place(&f->spec->feasible[i], 0, 1),
                        "this condition cannot be decided: %s",
                        fault != DT_EXACT_OK ? dt_exact_fault_text(fault)
                                             : dt_exact_fault_text(DT_EXACT_SIGN_UNDECIDED));
            return DT_ERR_INPUT;
        }
        *feasible = sign != DT_ZERO;
    }
    return DT_OK;
}

/* Lists the feasible combinations of levels, the last move fastest. */
static dt_status list_strategies(dt_compiler *c, size_t index, dt_player *player,
                                 const dt_slot_values *slot, const conditions *f, dt_arena *arena) {
    const dt_player_spec *spec = &c->scenario->player[index];
    uint64_t combinations = 1;
    for (size_t m = 0; m < player->moves; m++) {
        combinations *= player->move[m].levels;
        if (combinations > MAX_COMBINATIONS) {
            dt_diag_add(c->diag, DT_ERROR, spec->place,
                        "`%s` has more than %d combinations of levels", spec->name,
                        MAX_COMBINATIONS);
            return DT_ERR_INPUT;
        }
    }
    dt_exact_evaluator *e = f->count ? dt_exact_evaluator_new(&c->dag, slot, c->slots) : NULL;
    if (f->count && !e)
        return DT_ERR_MEMORY;
    uint16_t *level = dt_arena_array(arena, combinations * player->moves, sizeof *level);
    uint16_t at[DT_MAX_MOVES] = {0};
    dt_status status = level ? DT_OK : DT_ERR_MEMORY;
    for (uint64_t k = 0; k < combinations && status == DT_OK; k++) {
        uint16_t *here = level + (size_t)player->strategies * player->moves;
        uint64_t rest = k;
        for (size_t m = player->moves; m-- > 0;) {
            here[m] = (uint16_t)(rest % player->move[m].levels);
            rest /= player->move[m].levels;
            if (c->slot_of[index][m] != UINT32_MAX)
                at[c->slot_of[index][m]] = here[m];
        }
        bool feasible = true;
        if (e)
            status = feasible_at(e, f, at, c->diag, &feasible);
        player->strategies += feasible;
    }
    dt_exact_evaluator_free(e);
    player->level = level;
    if (status == DT_OK && player->strategies == 0) {
        dt_diag_add(c->diag, DT_ERROR, spec->place, "`feasible` leaves `%s` without any strategy",
                    spec->name);
        status = DT_ERR_INPUT;
    }
    return status;
}

bool dt_count_profiles(dt_game *game) {
    game->profiles = 1;
    for (size_t i = 0; i < game->players; i++)
        if (__builtin_mul_overflow(game->profiles, (uint64_t)game->player[i].strategies,
                                   &game->profiles) ||
            game->profiles > INT64_MAX)
            return false;
    return true;
}

dt_status dt_players_build(const dt_scenario *scenario, dt_compiler *compiler, dt_game *game,
                           dt_diag *diag) {
    if (scenario->players > DT_MAX_PLAYERS) {
        dt_diag_add(diag, DT_ERROR, scenario->player[DT_MAX_PLAYERS].place, "more than %d players",
                    DT_MAX_PLAYERS);
        return DT_ERR_INPUT;
    }
    dt_player *player = dt_arena_array(game->arena, scenario->players, sizeof *player);
    conditions *f = dt_arena_array(game->arena, scenario->players, sizeof *f);
    if (!player || !f)
        return DT_ERR_MEMORY;
    game->player = player;
    dt_status status = DT_OK;
    for (size_t i = 0; i < scenario->players && status == DT_OK; i++) {
        for (size_t m = 0; m < scenario->player[i].moves; m++)
            if (scenario->player[i].move[m].levels > MAX_LEVELS) {
                dt_diag_add(diag, DT_ERROR, scenario->player[i].move[m].place,
                            "a move has at most %d levels", MAX_LEVELS);
                return DT_ERR_INPUT;
            }
        status = copy_moves(&scenario->player[i], &player[i], game->arena);
        game->players = i + 1;
    }
    const dt_slot_values *slot = status == DT_OK ? dt_slot_values_of(compiler, game) : NULL;
    if (status == DT_OK && !slot)
        status = DT_ERR_MEMORY;
    bool wrong = false;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        status = compile_conditions(compiler, i, &f[i], game->arena);
        wrong |= status == DT_ERR_INPUT;
        status = status == DT_ERR_INPUT ? DT_OK : status;
    }
    for (size_t i = 0; i < game->players && status == DT_OK && !wrong; i++)
        status = list_strategies(compiler, i, &player[i], slot, &f[i], game->arena);
    if (wrong && status == DT_OK)
        status = DT_ERR_INPUT;
    if (status == DT_OK && !dt_count_profiles(game)) {
        dt_diag_add(diag, DT_ERROR, scenario->player[0].place,
                    "the game has 2^63 profiles or more: fewer moves or levels are needed");
        status = DT_ERR_INPUT;
    }
    return status;
}
