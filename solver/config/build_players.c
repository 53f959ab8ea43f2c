/* players: who there is, their moves and what of them is feasible. What is missing is left empty:
 * dt_validate complains of players without moves, moves without levels, and missing names. */
#include <string.h>

#include "config/build.h"

static const char *const PLAYER_KEYS[] = {"name", "moves", "feasible", "note", NULL};
static const char *const MOVE_KEYS[] = {"name", "levels", "values", "note", NULL};

/* The level's value: as given, else its number from 0. */
static void build_value(dt_builder *b, fmpq_t value, size_t i, const config_setting_t *values) {
    if (!values)
        fmpq_set_si(value, (slong)i, 1);
    else if (i < dt_length(values))
        dt_get_number(b, dt_element(values, i), value);
}

static void build_levels(dt_builder *b, const config_setting_t *group, dt_move_spec *move) {
    const config_setting_t *levels = dt_member(group, "levels");
    const config_setting_t *values = dt_member(group, "values");
    if (values && !dt_is_sequence(b, values, "a list of numbers"))
        values = NULL;
    if (!levels || !dt_is_sequence(b, levels, "a list of level names"))
        return;
    size_t count = dt_length(levels), given = values ? dt_length(values) : count;
    if (given != count)
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, values),
                    "%zu value%s for %zu level%s", given, given == 1 ? "" : "s", count,
                    count == 1 ? "" : "s");
    move->level = dt_build_array(b, count, sizeof *move->level);
    for (size_t i = 0; move->level && i < count; i++) {
        dt_level_spec *level = &move->level[move->levels];
        const config_setting_t *label = dt_element(levels, i);
        level->label = dt_get_string(b, label);
        level->place = dt_value_place(b, label);
        fmpq_init(&level->value);
        build_value(b, &level->value, i, values);
        if (level->label)
            move->levels++;
        else
            fmpq_clear(&level->value);
    }
}

/* The name of a player or move, "" where there is none, and where it stands. */
static const char *build_name(dt_builder *b, const config_setting_t *group, dt_place *place) {
    const config_setting_t *setting = dt_member(group, "name");
    const char *name = setting ? dt_get_string(b, setting) : NULL;
    *place = dt_value_place(b, setting ? setting : group);
    return name ? name : "";
}

static bool build_move(dt_builder *b, const config_setting_t *group, dt_move_spec *move) {
    if (!dt_is_group(b, group, "a move { name = \"…\"; levels = […]; }"))
        return false;
    dt_check_known(b, group, MOVE_KEYS, "a move");
    move->name = build_name(b, group, &move->place);
    move->note = dt_optional_string(b, group, "note");
    build_levels(b, group, move);
    return true;
}

static void build_moves(dt_builder *b, const config_setting_t *group, dt_player_spec *player) {
    const config_setting_t *moves = dt_member(group, "moves");
    if (!moves || !dt_is_sequence(b, moves, "a list of moves"))
        return;
    player->move = dt_build_array(b, dt_length(moves), sizeof *player->move);
    for (size_t i = 0; player->move && i < dt_length(moves); i++)
        if (build_move(b, dt_element(moves, i), &player->move[player->moves]))
            player->moves++;
}

static void build_feasible(dt_builder *b, const config_setting_t *group, dt_player_spec *player) {
    const config_setting_t *list = dt_member(group, "feasible");
    if (!list || !dt_is_sequence(b, list, "a list of expressions in quotes"))
        return;
    player->feasible = dt_build_array(b, dt_length(list), sizeof *player->feasible);
    for (size_t i = 0; player->feasible && i < dt_length(list); i++)
        if (dt_get_text(b, dt_element(list, i), &player->feasible[player->feasibles]))
            player->feasibles++;
}

static bool build_player(dt_builder *b, const config_setting_t *group, dt_player_spec *player) {
    if (!dt_is_group(b, group, "a player { name = \"…\"; moves = (…); }"))
        return false;
    dt_check_known(b, group, PLAYER_KEYS, "a player");
    player->name = build_name(b, group, &player->place);
    player->note = dt_optional_string(b, group, "note");
    build_moves(b, group, player);
    build_feasible(b, group, player);
    return true;
}

void dt_build_players(dt_builder *b, const config_setting_t *setting) {
    if (!dt_is_sequence(b, setting, "a list of players"))
        return;
    dt_scenario *s = b->scenario;
    size_t count = dt_length(setting), named = 0;
    if (count == 0)
        dt_complain(b->complaints, DT_ERROR, dt_name_place(b, setting),
                    "a game needs at least one player");
    s->player = dt_build_array(b, count, sizeof *s->player);
    for (size_t i = 0; s->player && i < count; i++)
        if (build_player(b, dt_element(setting, i), &s->player[s->players])) {
            named += *s->player[s->players].name != '\0';
            s->players++;
        }
    b->players_known = count > 0 && named == count;
}
