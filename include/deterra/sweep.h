/* Sweeps: the same game at many parameter points.
 *
 * A sweep is read from a scenario's `sweep` section: a design says at which points, `over` which
 * parameters, and `record` what is kept of each. A point is a pure function of the design and its
 * index, so nothing need be stored to resume, and a shard is a set of indices.
 * SPDX: GPL-3.0-or-later */
#ifndef DETERRA_SWEEP_H
#define DETERRA_SWEEP_H

#include "deterra/concept.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dt_design {
    DT_DESIGN_GRID,            /* all combinations of steps, the last parameter fastest */
    DT_DESIGN_LATIN_HYPERCUBE, /* McKay, Beckman and Conover 1979 */
    DT_DESIGN_SOBOL,           /* Sobol' 1967, by Bratley and Fox 1988 in GSL */
    DT_DESIGN_RANDOM,          /* independent and uniform */
    DT_DESIGN_LIST,            /* as written */
} dt_design;
const char *dt_design_name(dt_design design); /* "latin-hypercube" */

/* The most parameters of a Sobol sequence, and the most points. */
enum { DT_SOBOL_AXES = 40, DT_SOBOL_POINTS = (1 << 30) - 1 };

/* A parameter that is varied. */
typedef struct dt_axis {
    const char *path; /* "share.US.CN" */
    const dt_parameter *parameter;
    fmpq low, high; /* of all designs but the list */
    uint64_t steps; /* of the grid */
    bool log;       /* evenly spaced in the logarithm */
} dt_axis;

/* What is kept of a point beside its parameters. */
typedef struct dt_keep {
    bool equilibria; /* a row each */
    bool payoffs;    /* of each equilibrium */
    bool reduced;    /* strategies that iterated dominance leaves */
    bool timings;    /* seconds a point */
    size_t formulas; /* over play in equilibrium */
    const dt_record_spec **formula;
} dt_keep;

typedef struct dt_sweep {
    const dt_scenario *scenario;
    dt_design design;
    uint64_t points;
    uint32_t seed;
    size_t axes;
    dt_axis *axis;
    size_t concepts;
    const dt_concept_request *concept_request;
    dt_keep keep;
    struct dt_arena *arena;
} dt_sweep;

/* Reads the scenario's sweep. Every error goes to `diag` at its place: DT_ERR_INPUT. The scenario
 * must outlive the sweep. */
dt_status dt_sweep_new(const dt_scenario *scenario, dt_diag *diag, dt_sweep **out);
void dt_sweep_free(dt_sweep *sweep);

/* Walks the points of a design. Ascending indices cost O(axes) each, a step back begins again from
 * point 0. A latin hypercube holds 4 bytes a point and parameter. One thread's own. */
typedef struct dt_cursor dt_cursor;
dt_cursor *dt_cursor_new(const dt_sweep *sweep); /* NULL when out of memory */
void dt_cursor_free(dt_cursor *cursor);
/* The parameters' values at point `index` < sweep->points into value[axes], initialised. Those of
 * lists are as written, those of a grid's steps exact, but for roots on logarithmic scales that are
 * no decimals of few digits: these, and what a generator draws, are doubles exactly. */
void dt_cursor_point(dt_cursor *cursor, uint64_t index, fmpq *value);

#ifdef __cplusplus
}
#endif
#endif
