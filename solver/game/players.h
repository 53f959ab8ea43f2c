/* Players and their strategies from a scenario. */
#ifndef DT_GAME_PLAYERS_H
#define DT_GAME_PLAYERS_H

#include "formula/compiler.h"
#include "formula/exact_eval.h"
#include "game/model.h"

/* Fills game->player from the scenario: moves, and the strategies that `feasible` leaves. */
dt_status dt_players_build(const dt_scenario *scenario, dt_compiler *compiler, dt_game *game,
                           dt_diag *diag);
/* The values of every move number of the compiler's graph, in the game's arena. */
dt_slot_values *dt_slot_values_of(const dt_compiler *compiler, const dt_game *game);
/* Product of the strategies into game->profiles; false where it is 2^63 or more. */
bool dt_count_profiles(dt_game *game);

#endif
