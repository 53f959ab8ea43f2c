/* Pivot tables of a store: a quantity of each point, over one or two of the parameters.
 *
 * A quantity has at each point a least and a greatest value over the point's equilibria, or none.
 * Points that share a cell are put together by a statistic. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_PIVOT_H
#define DT_SWEEP_PIVOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "deterra/diag.h"
#include "deterra/status.h"

/* How the points of a cell become one number or two. */
typedef enum dt_statistic {
    DT_STATISTIC_MEAN,  /* over points, of the middle between a point's least and greatest value */
    DT_STATISTIC_MIN,   /* the least of all */
    DT_STATISTIC_MAX,   /* the greatest of all */
    DT_STATISTIC_RANGE, /* both */
    DT_STATISTIC_SHARE, /* of points at which it is above 0: in all equilibria, and in some */
    DT_STATISTICS
} dt_statistic;
const char *dt_statistic_name(dt_statistic statistic); /* "mean" */

enum { DT_PIVOT_BINS = 5, DT_PIVOT_COLUMNS = 1000, DT_PIVOT_CELLS = 1000000 };

typedef struct dt_pivot_request {
    const char *rows;    /* a parameter's name; NULL: the first, or the first that is left */
    const char *columns; /* likewise; "none": one column */
    const char *value;   /* NULL: "equilibria" */
    const char *concept; /* NULL: the first that can have the value */
    int64_t result;      /* of a concept with several, from 1; 0: the first */
    dt_statistic statistic;
    const char *const *where; /* "gain=6": only points at which the parameter has the value */
    size_t wheres;
    size_t bins; /* cut the ranges of parameters into so many; 0: only those of sampled designs */
} dt_pivot_request;

/* A parameter down or across: its values in ascending order, or intervals. */
typedef struct dt_pivot_axis {
    const char *name;   /* NULL: one column for all points */
    const char *column; /* in the table points */
    const char *unit;   /* "" where it has none */
    size_t count;
    bool binned, log;
    double *value; /* count; of intervals count + 1 ends, the last one included */
} dt_pivot_axis;

/* A parameter whose value was asked for. */
typedef struct dt_pivot_fixed {
    const char *name, *unit;
    double value; /* as stored */
} dt_pivot_fixed;

typedef struct dt_pivot_cell {
    uint64_t points;  /* that have the value; where 0, the numbers are 0 */
    double low, high; /* the same but for DT_STATISTIC_RANGE and _SHARE */
    long double sum;  /* while points are read: a mean of large doubles is no infinity */
} dt_pivot_cell;

typedef struct dt_pivot {
    const char *title, *config_sha256;
    const char *value;   /* the quantity's name */
    const char *concept; /* or NULL where it is of none */
    int64_t result, results;
    size_t concepts;     /* that can have it */
    const char **others; /* parameters that are neither rows nor columns */
    size_t other_count;
    size_t fixed_count;
    dt_pivot_fixed *fixed;
    dt_pivot_axis row, column;
    dt_pivot_cell *cell;      /* rows × columns */
    uint64_t planned, points; /* of the whole sweep */
    uint64_t failed;          /* like the following, of the points that are looked at */
    uint64_t without;  /* points that were solved and have no value, for want of an equilibrium */
    uint64_t several;  /* points whose equilibria differ in it */
    uint64_t mixed;    /* equilibria left out because several levels of the move are played */
    bool all_concepts; /* the equilibria of all concepts were counted together */
    dt_arena *arena;
} dt_pivot;

/* Reads the store at `path`. Errors go to diag: DT_ERR_INPUT where it is no store, or a name is
 * unknown, with the nearest known one; DT_ERR_IO. The numbers do not depend on how the store came
 * about: sums run by point. Time: a scan of the points and, by index, of what they have; memory:
 * the cells. */
dt_status dt_pivot_new(const char *path, const dt_pivot_request *request, dt_diag *diag,
                       dt_pivot **out);
void dt_pivot_free(dt_pivot *pivot);

#endif
