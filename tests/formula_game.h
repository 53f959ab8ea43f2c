/* What the suites of formulas share: a game built from a config in memory, and one fixed cast of
 * players, parameters and sets around a formula. */
#ifndef DT_TESTS_FORMULA_GAME_H
#define DT_TESTS_FORMULA_GAME_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/config.h"
#include "deterra/game.h"

/* Adds to a string in a buffer of `room` bytes. */
__attribute__((format(printf, 3, 4))) static inline void append(char *buffer, size_t room,
                                                                const char *format, ...) {
    size_t used = strlen(buffer);
    va_list args;
    va_start(args, format);
    vsnprintf(buffer + used, room - used, format, args);
    va_end(args);
}

typedef struct formula_game {
    dt_scenario *scenario;
    dt_game *game; /* NULL after an error */
    dt_workspace *workspace;
    dt_diag *diag;
} formula_game;

static inline formula_game build_game(const char *config) {
    formula_game g = {.diag = dt_diag_new()};
    if (dt_config_read_text("t.cfg", config, strlen(config), NULL, g.diag, &g.scenario) == DT_OK &&
        dt_game_build(g.scenario, g.diag, &g.game) == DT_OK)
        g.workspace = dt_workspace_new(g.game);
    return g;
}

static inline void free_game(formula_game *g) {
    if (g->game)
        dt_workspace_free(g->game, g->workspace);
    dt_game_free(g->game);
    dt_scenario_free(g->scenario);
    dt_diag_free(g->diag);
}

/* One line each, so that columns are easy to count. A: m (0, 1, 2) and n (0, 1/2); B: k (-1, 3) and
 * the single level `only`, worth 7. Profiles: A.m, A.n, B.k with B.k fastest: 12 of them. */
#define CAST                                                                                       \
    "parameters = { p = 3.0; half = 0.5; share = { A = { x = 0.25; y = 4.0; }; B = { x = 10.0; "   \
    "}; }; w = { x = 1.0; y = 2.0; z = 5.0; }; };\n"                                               \
    "sets = { s = [\"x\", \"y\", \"z\"]; xy = [\"x\", \"y\"]; both = [\"A\", \"B\"]; };\n"         \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"lo\", \"mid\", \"hi\"]; "   \
    "}, { name = \"n\"; levels = [\"off\", \"on\"]; values = (0, 0.5); } ); }, { name = \"B\"; "   \
    "moves = ( { name = \"k\"; levels = [\"a\", \"b\"]; values = (-1, 3); }, { name = \"one\"; "   \
    "levels = [\"only\"]; values = (7); } ); } );\n"
#define CAST_LINES 3

/* The cast with definitions (`"a = 1", "b = 2"`, may be "") and A's payoff; B's is 0. */
static inline char *cast_config(const char *definitions, const char *formula) {
    size_t room = strlen(CAST) + strlen(definitions) + strlen(formula) + 200;
    char *config = malloc(room);
    if (!config)
        abort();
    snprintf(config, room,
             CAST "payoffs = { kind = \"formula\";\ndefine = ( %s );\nA = \"%s\";\n"
                  "B = \"0\"; };\n",
             definitions, formula);
    return config;
}

static inline formula_game cast_game(const char *definitions, const char *formula) {
    char *config = cast_config(definitions, formula);
    formula_game g = build_game(config);
    free(config);
    return g;
}

#endif
