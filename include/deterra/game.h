/* A game: players, their strategies, and a model that gives payoffs in blocks.
 *
 * A strategy is one level for each of a player's moves that `feasible` leaves, numbered with the
 * last move fastest. A profile is one strategy per player; profiles are numbered in mixed radix,
 * 64-bit, the last player fastest. The primitive that every solver stands on is the payoff block:
 * one player's payoffs over a box of profiles, with a bound on their error. A model computes
 * blocks (table lookup, formulas); a large game is never stored as a table.
 * SPDX: GPL-3.0-or-later */
#ifndef DETERRA_GAME_H
#define DETERRA_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "deterra/diag.h"
#include "deterra/exact.h"
#include "deterra/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DT_MAX_PLAYERS = 64, DT_MOST_CHANGES = 64 };
/* Games of no more profiles are through sooner row by row than boxes of profiles are set up. */
enum { DT_FEW_PROFILES = 20000 };

typedef struct dt_move {
    const char *name;
    uint32_t levels;
    const char *const *label; /* levels */
    const fmpq *value;        /* levels */
} dt_move;

typedef struct dt_player {
    const char *name;
    size_t moves;
    const dt_move *move;
    uint32_t strategies;   /* at least 1 */
    const uint16_t *level; /* strategies × moves: the level of each move */
} dt_player;

/* A box of profiles: for player i the strategies first[i] … first[i] + count[i] - 1. Lanes run over
 * it in profile order. A row is the box in which one player's count is all his strategies and
 * every other count is 1. */
typedef struct dt_box {
    const uint32_t *first;
    const uint32_t *count;
} dt_box;

/* A change of one move, of the number `move` among the moves of several levels (players in order).
 */
typedef struct dt_change {
    uint32_t move;
    uint16_t from, to; /* levels */
} dt_change;

/* A summand of a payoff, or a definition, at a profile. */
typedef struct dt_part {
    const char *label; /* owned by the model */
    const char *unit;  /* or NULL */
    const char *note;  /* or NULL */
    dt_exact value;
} dt_part;

typedef struct dt_parts {
    size_t count;
    dt_part *part;
} dt_parts;
void dt_parts_clear(dt_parts *parts);

/* Why a payoff could not be computed at a profile: the message names the fault, the place the
 * formula's part. */
typedef struct dt_payoff_fault {
    char message[256];
    dt_place place;
} dt_payoff_fault;

/* Per-thread scratch memory of a model; never shared. */
typedef struct dt_workspace dt_workspace;

/* A parameter with another value than the scenario's, or with none. */
typedef struct dt_substitute {
    const dt_parameter *parameter; /* a single number of the scenario, no table */
    const fmpq *value;             /* NULL: open (deterra/exact.h) */
} dt_substitute;

struct dt_evaluation;
struct dt_game;
/* What a model implements. `self` is the model's own data. */
typedef struct dt_model_ops {
    const char *kind;
    void (*free)(void *self);
    /* A fresh workspace; NULL when out of memory. */
    dt_workspace *(*workspace_new)(const void *self);
    void (*workspace_free)(dt_workspace *workspace);
    /* Payoffs of `player` over `box` into value[lanes], and for each a bound on |value - true
     * payoff| into bound[lanes] (may be infinite or NaN where the fast evaluation fails; then ask
     * `exact`). DT_OK or DT_ERR_MEMORY. */
    dt_status (*block)(const void *self, dt_workspace *workspace, size_t player, const dt_box *box,
                       double *value, double *bound);
    /* Boxes of profiles given by sets of levels, for searches that need not look at every profile:
     * set[] has for every move of several levels (players in order) a bit for each that it may
     * have. `boxes` says whether the two others may be called (may be NULL: no); they serve only
     * games in which no move has more than 64 levels. NaN and infinities say that nothing is known.
     * DT_OK or DT_ERR_MEMORY.
     *
     * `gains`: low[k] <= u(after) - u(before) <= high[k] for `player`'s payoff, whichever of his
     * moves change[k] changes, at all profiles of the box in which that move is as before and where
     * both payoffs exist; count is at most DT_MOST_CHANGES. Ends are infinite where a profile shows
     * that a change cannot strike out any level: its gain is not of one sign, or it is a loss and
     * the box does not have the level gone to. blur has, for each change and each of the moves
     * above (count × moves), how much wider these ends are for that move being open. */
    bool (*boxes)(const void *self);
    dt_status (*gains)(const void *self, dt_workspace *workspace, size_t player,
                       const uint64_t *set, const dt_change *change, size_t count, double *low,
                       double *high, double *blur);
    /* Ends of the payoff in the box. */
    dt_status (*range)(const void *self, dt_workspace *workspace, size_t player,
                       const uint64_t *set, double *low, double *high);
    /* The payoff at one profile, exactly. DT_ERR_INPUT with *fault where it has none. */
    dt_status (*exact)(const void *self, dt_workspace *workspace, size_t player,
                       const uint32_t *profile, dt_exact *payoff, dt_payoff_fault *fault);
    /* What `player` gains at a profile by turning to `strategy`, u(after) - u(before), in a game
     * built with open parameters: *constant + sum of slope[k] × the k-th open one. DT_ERR_INPUT
     * where it is not of that form, for whatever values of these: *fault names the parameter and
     * the place. NULL where the model knows no parameters. */
    dt_status (*incentive)(const void *self, dt_workspace *workspace, size_t player,
                           const uint32_t *profile, uint32_t strategy, dt_exact *constant,
                           dt_exact *slope, dt_payoff_fault *fault);
    /* Makes `game`, whose players are those of this game with open parameters, the game in which
     * the k-th of them is value[k]: sets its model and self. NULL where the model knows none. */
    dt_status (*refold)(const void *self, const fmpq *value, struct dt_game *game);
    /* The double nearest to each payoff of `player`, in profile order, where the model stores these
     * and all are finite; else NULL. Where two of them differ the payoffs differ the same way;
     * *exact: each is the payoff itself, so that equal ones tie. May be NULL: none are stored. */
    const double *(*view)(const void *self, size_t player, bool *exact);
    /* The summands of the payoff, which add up to it; may be NULL (then a payoff has no split). */
    dt_status (*terms)(const void *self, dt_workspace *workspace, size_t player,
                       const uint32_t *profile, dt_parts *parts, dt_payoff_fault *fault);
    /* The named definitions that the payoff of `player` rests on, at a profile; may be NULL. Those
     * without a value there are left out. */
    dt_status (*definitions)(const void *self, dt_workspace *workspace, size_t player,
                             const uint32_t *profile, dt_parts *parts);
    /* The context in which the workspace's exact numbers live. */
    dt_exact_context *(*context)(dt_workspace *workspace);
    /* Which moves of the others a walk over rows of `player`'s payoffs over all strategies of
     * `over` should turn fastest: sets inner[i][move] for players i other than `over`. May be NULL:
     * any order is as good. */
    void (*walk)(const void *self, size_t player, size_t over, bool *const *inner);
    /* Bytes the model holds, and bytes of one workspace for blocks of `lanes` lanes. */
    void (*memory)(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace);
    /* How the payoffs of `player` are computed (deterra/evaluation.h); may be NULL: they are not.
     */
    dt_status (*evaluation)(const void *self, size_t player, struct dt_evaluation *evaluation);
    /* true when every payoff is rational by construction */
    bool (*rational)(const void *self);
    /* true when the payoff is proven to exist, as a finite double, at every profile */
    bool (*total)(const void *self, size_t player);
} dt_model_ops;

typedef struct dt_game {
    bool borrows; /* the players are those of another game, which lives longer */
    size_t players;
    const dt_player *player;
    uint64_t profiles; /* product of the strategies, below 2^63 */
    const dt_model_ops *model;
    void *self;
    struct dt_arena *arena;
    const dt_scenario *scenario; /* that it was built from, or NULL */
} dt_game;

/* Builds the game of a scenario: strategies after `feasible`, then the model named by
 * payoff.kind. All errors go to `diag`; *out is NULL on failure. The scenario must outlive the
 * game (places point into it). */
dt_status dt_game_build(const dt_scenario *scenario, dt_diag *diag, dt_game **out);
/* The same with other values of some parameters. Where one is open, all that the game can do is
 * `exact` and `incentive` of its model; DT_ERR_INPUT with a message where an open one decides what
 * is feasible or what a sum runs over. `substitute` must outlive the call only. */
dt_status dt_game_build_with(const dt_scenario *scenario, const dt_substitute *substitute,
                             size_t substitutes, dt_diag *diag, dt_game **out);
/* The game of values for the parameters that are open in `open`, in the order of its substitutes,
 * without compiling it again. Games of few profiles have no boxes (dt_model_ops) then. `open` must
 * outlive it, and any number of threads may make games of it. DT_ERR_USAGE where it has no open
 * parameters or is a game of blocs. */
dt_status dt_game_refold(const dt_game *open, const fmpq *value, dt_game **out);
/* Can the payoffs of a game rest on parameters? */
bool dt_game_has_parameters(const dt_game *game);

/* Looks for errors in a scenario's formulas without building anything: all of them where the
 * scenario is `declared`, else those of syntax, which no missing declaration can cause.
 * DT_ERR_INPUT when there was one. */
dt_status dt_game_check(const dt_scenario *scenario, dt_diag *diag);
/* A table game from rationals for API users: names are P1, P2, … and s1, s2, …;
 * payoff[profile * players + player]. The numbers are copied. DT_ERR_USAGE for no players or more
 * than DT_MAX_PLAYERS, no strategies or more than 65535; DT_ERR_INPUT where the table would be
 * larger than the memory. O(players × profiles). */
dt_status dt_game_from_table(size_t players, const uint32_t *strategies, const fmpq *payoff,
                             dt_game **out);

/* A table game from doubles, without a copy, for large tables: make a table, fill it, turn it into
 * a game.
 *
 *     dt_payoff_table *table;
 *     dt_payoff_table_new(players, strategies, diag, &table);
 *     for each player i: write profiles doubles at dt_payoff_table_of(table, i)
 *     dt_game_from_doubles(table, NULL, diag, &game);
 *
 * Names are as above. Each double is the payoff itself, exactly, and not a number near it. */
typedef struct dt_payoff_table dt_payoff_table;
struct dt_control;
/* An uninitialised table of 8 bytes a player and profile. DT_ERR_USAGE as above. DT_ERR_INPUT with
 * a message where the number of profiles reaches 2^63 or the bytes exceed the memory that the
 * process may have: nothing of it is allocated then. O(sum of strategies). */
dt_status dt_payoff_table_new(size_t players, const uint32_t *strategies, dt_diag *diag,
                              dt_payoff_table **out);
/* The payoffs of a player, `profiles` doubles in profile order, the last player fastest. Threads
 * that will read a part do well to write it. */
double *dt_payoff_table_of(dt_payoff_table *table, size_t player);
void dt_payoff_table_free(dt_payoff_table *table);
/* The game of a filled table, which then belongs to the game. DT_ERR_INPUT where a payoff is NaN or
 * infinite, with a message that names the first such profile; on any error the table is still the
 * caller's. `control` may be NULL. Reads every payoff once: O(players × profiles). */
dt_status dt_game_from_doubles(dt_payoff_table *table, const struct dt_control *control,
                               dt_diag *diag, dt_game **out);
void dt_game_free(dt_game *game);

/* Makes sure that every payoff of every player exists: at once where the model proves it, else by
 * visiting all rows (players × profiles payoffs). An error names the first profile without one.
 * Call it once before solving: the solvers rely on it. `control` may be NULL. */
dt_status dt_game_verify(const dt_game *game, const struct dt_control *control, dt_diag *diag);

/* The kinds of payoffs that configs may name. */
size_t dt_model_kind_count(void);
const char *dt_model_kind_name(size_t i);
const char *dt_model_kind_summary(size_t i);

dt_workspace *dt_workspace_new(const dt_game *game);
void dt_workspace_free(const dt_game *game, dt_workspace *workspace);

/* Number of lanes of a box. */
uint64_t dt_box_lanes(const dt_game *game, const dt_box *box);
dt_status dt_game_block(const dt_game *game, dt_workspace *workspace, size_t player,
                        const dt_box *box, double *value, double *bound);
/* The payoffs of `player` over all strategies of `over`, the others fixed at `profile` (whose entry
 * for `over` is ignored): strategies(over) lanes. */
dt_status dt_game_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                      const uint32_t *profile, double *value, double *bound);
/* The exact payoff; a fault becomes an error in `diag` that names the profile. */
dt_status dt_game_exact(const dt_game *game, dt_workspace *workspace, size_t player,
                        const uint32_t *profile, dt_exact *payoff, dt_diag *diag);
/* The model's view of all payoffs of a player (see dt_model_ops), or NULL. */
const double *dt_game_view(const dt_game *game, size_t player, bool *exact);
dt_exact_context *dt_game_context(const dt_game *game, dt_workspace *workspace);

/* Index to profile and back. */
void dt_profile_decode(const dt_game *game, uint64_t index, uint32_t *profile);
uint64_t dt_profile_index(const dt_game *game, const uint32_t *profile);
/* "CN.export_control=licence, US.subsidy=on" into buffer, cut with … if it does not fit. Moves with
 * one level are left out. Returns buffer. */
char *dt_profile_text(const dt_game *game, const uint32_t *profile, char *buffer, size_t size);
/* The label of a move's level in a strategy. */
const char *dt_strategy_label(const dt_game *game, size_t player, uint32_t strategy, size_t move);

/* Parses "CN.export_control=licence,US.subsidy=on". Moves not named take the player's first
 * feasible strategy's level; *named is false for some move with several levels then. Errors go to
 * diag (unknown player, move or label with the nearest name; an infeasible combination), at `place`
 * and behind `what`: "--profile". */
dt_status dt_profile_parse_at(const dt_game *game, const char *text, const char *what,
                              dt_place place, dt_diag *diag, uint32_t *profile, bool *all_named);
/* The same of the option --profile. */
dt_status dt_profile_parse(const dt_game *game, const char *text, dt_diag *diag, uint32_t *profile,
                           bool *all_named);

#ifdef __cplusplus
}
#endif
#endif
