/* A scenario: who can do what and what it is worth, before any payoff is computed. It knows no
 * file format; solver/config fills it from a libconfig file, an API user may fill it by hand.
 * All memory but the rationals lives in the scenario's arena. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_SCENARIO_H
#define DETERRA_SCENARIO_H

#include <flint/fmpq.h>

#include "deterra/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One level of a move: its label and the number formulas see. */
typedef struct dt_level_spec {
    const char *label;
    dt_place place;
    fmpq value;
} dt_level_spec;

typedef struct dt_move_spec {
    const char *name;
    dt_place place;
    const char *note; /* NULL when not given; likewise every unit, source, note below */
    size_t levels;    /* at least 1 */
    dt_level_spec *level;
} dt_move_spec;

typedef struct dt_player_spec {
    const char *name;
    dt_place place;
    const char *note;
    size_t moves;
    dt_move_spec *move;
    size_t feasibles;
    dt_text *feasible; /* expressions that must all be true of a strategy */
} dt_player_spec;

/* A parameter, or a table of them: `children` > 0 makes it a table whose keys are element names.
 * Values and ranges are the decimals as written, as rationals. */
typedef struct dt_parameter {
    const char *name;
    dt_place place;
    size_t children;
    struct dt_parameter *child;
    fmpq value, low, high; /* of a leaf; low and high where has_range */
    bool has_range;
    const char *unit, *source, *note;
} dt_parameter;

typedef struct dt_set_spec {
    const char *name;
    dt_place place;
    size_t elements;
    const char **element;
    dt_place *element_place;
} dt_set_spec;

/* "hurt[j in importers]" and its formula. In the short form `text` holds "head = body" and
 * `has_body` is false; in the group form `text` is the head and `body` the formula. */
typedef struct dt_definition_spec {
    dt_text text;
    bool has_body;
    dt_text body;
    const char *unit, *note;
} dt_definition_spec;

/* One player's payoff formula. */
typedef struct dt_formula_spec {
    const char *player;
    dt_place place; /* of the player's name */
    dt_text text;
} dt_formula_spec;

typedef struct dt_payoff_spec {
    const char *kind; /* a model's name: "table", "formula" */
    dt_place place;
    size_t definitions;
    dt_definition_spec *definition;
    size_t formulas;
    dt_formula_spec *formula;
    size_t values; /* of a table: profile by profile (last player fastest), a payoff per player */
    fmpq *value;
    dt_place values_place;
} dt_payoff_spec;

/* A setting of a concept: `number` where is_number, else `text`. Both are filled for numbers. */
typedef struct dt_setting {
    const char *key;
    dt_place place;
    const char *text;
    bool is_number;
    fmpq number;
} dt_setting;

typedef struct dt_concept_request {
    const char *name;
    dt_place place;
    size_t settings;
    dt_setting *setting;
} dt_concept_request;

/* Players who act as one: the bloc's payoff is the sum of weight × payoff of its members. */
typedef struct dt_bloc_spec {
    const char *name; /* or NULL: the members' names joined by + */
    dt_place place;
    size_t members;
    const char **member;
    dt_place *member_place;
    fmpq *weight; /* members */
} dt_bloc_spec;

/* One parameter that a sweep varies. */
typedef struct dt_axis_spec {
    const char *parameter; /* its path, "share.US.CN" */
    dt_place place;
    bool has_range;
    fmpq low, high; /* where has_range; else the parameter's own range counts */
    dt_place range_place;
    bool has_steps;
    fmpq steps;
    dt_place steps_place;
    const char *scale; /* "linear" or "log", or NULL: linear */
    dt_place scale_place;
} dt_axis_spec;

/* What a sweep keeps of each point: one of the words that solver/sweep knows, or a formula over
 * play in equilibrium, under a name. */
typedef struct dt_record_spec {
    const char *name; /* as given, else the formula itself */
    dt_text text;
} dt_record_spec;

/* A sweep: the same game at many parameter points. */
typedef struct dt_sweep_spec {
    bool given;
    dt_place place;
    const char *design;
    dt_place design_place;
    bool has_points; /* how many, of designs that are told */
    fmpq points;
    dt_place points_place;
    size_t rows; /* of a list: points, each `row_length` numbers */
    size_t *row_length;
    dt_place *row_place;
    fmpq *value; /* of all rows, one after the other */
    size_t values;
    bool has_seed;
    fmpq seed;
    dt_place seed_place;
    size_t axes;
    dt_axis_spec *axis;
    dt_place over_place;
    size_t concepts; /* 0: those of the scenario */
    dt_concept_request *concept_request;
    size_t records; /* 0: equilibria and payoffs */
    dt_record_spec *record;
} dt_sweep_spec;

typedef struct dt_scenario {
    const char *title; /* "" when not given */
    const char *note;  /* what a game file says beside its title, or NULL */
    size_t players;
    dt_player_spec *player;
    size_t parameters;
    dt_parameter *parameter;
    size_t sets;
    dt_set_spec *set;
    dt_payoff_spec payoff;
    size_t blocs; /* 0: every player acts for himself */
    dt_bloc_spec *bloc;
    dt_place blocs_place;
    size_t concepts;
    dt_concept_request *concept_request;
    dt_sweep_spec sweep;
    bool declared;   /* players, parameters, sets and payoffs were read without an error */
    char sha256[65]; /* of the joined text and the --set values, in hex */
    struct dt_arena *arena;
    struct dt_source *source; /* owned; places point into it */
    struct dt_source **extra; /* owned: the sources of --set and --concept values */
    size_t extras;
} dt_scenario;

/* Creates an empty scenario with an arena; NULL when out of memory. */
dt_scenario *dt_scenario_new(void);
void dt_scenario_free(dt_scenario *scenario);

/* Checks what no file format can: names are well formed, unique in the one namespace and not
 * reserved, moves and levels unique, ranges in order (a value outside its range is a warning),
 * sets without repeats. Adds every error to `diag`; DT_ERR_INPUT when there was one. */
dt_status dt_scenario_validate(const dt_scenario *scenario, dt_diag *diag);

/* Sets the parameter named by `path` ("gain", "share.US.CN" or "share[US][CN]") to `value`.
 * Unknown names are errors with the nearest known one; a value outside the range is a warning. */
dt_status dt_scenario_set(dt_scenario *scenario, const char *path, const fmpq_t value,
                          dt_place place, dt_diag *diag);

/* The parameter of that path, a single number; else NULL and an error, as above. */
const dt_parameter *dt_scenario_parameter(const dt_scenario *scenario, const char *path,
                                          dt_place place, dt_diag *diag);
/* The path of a parameter, "share.US.CN", in the arena; NULL when out of memory. */
const char *dt_scenario_path(const dt_scenario *scenario, const dt_parameter *parameter,
                             struct dt_arena *arena);

/* Parses a decimal ("-1.5e3", any number of digits, an optional L or LL suffix on integers) or a
 * fraction "p/q". Returns false where `text` is neither, or is beyond a double's range. */
bool dt_number_parse(const char *text, fmpq_t value);

#ifdef __cplusplus
}
#endif
#endif
