/* What a model is given to build itself, and the registry of models. */
#ifndef DT_GAME_MODEL_H
#define DT_GAME_MODEL_H

#include "deterra/game.h"
#include "formula/compiler.h"

/* A kind of payoffs: one file in models/, one line in the registry of solver/game/build.c. */
typedef struct dt_model_kind {
    const char *name;
    const char *summary; /* one line for `deterra list models` */
    /* Sets game->model and game->self from the scenario; players are there already. The compiler
     * holds the names, moves and definitions. Errors go to diag. */
    dt_status (*build)(const dt_scenario *scenario, dt_compiler *compiler, dt_game *game,
                       dt_diag *diag);
} dt_model_kind;

extern const dt_model_kind dt_model_table;
extern const dt_model_kind dt_model_formula;

/* The game of the scenario's blocs on top of the game of its players, which then belongs to it. A
 * bloc's strategies are all combinations of its members', the last member fastest; a bloc of one
 * keeps his moves' names, others have "US.subsidy". On an error `inner` is still the caller's. */
dt_status dt_bloc_game(const dt_scenario *scenario, dt_game *inner, dt_diag *diag, dt_game **out);

#endif
