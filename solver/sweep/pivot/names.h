/* The names that a store knows: concepts, records, and columns of equilibria.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_PIVOT_NAMES_H
#define DT_SWEEP_PIVOT_NAMES_H

#include "base/nearest.h"
#include "sweep/pivot/reader.h"

/* A concept, and how many results of it there are: 0 where it has no rows yet. */
typedef struct dt_pivot_source {
    const char *concept;
    int64_t results;
    bool plays; /* its results have equilibria, or say that there is none */
} dt_pivot_source;

typedef struct dt_pivot_names {
    bool keeps_equilibria, keeps_payoffs, keeps_timings;
    size_t sources; /* concepts in the order of the config */
    dt_pivot_source *source;
    size_t payoffs, moves;
    size_t formulas;
    const char **formula; /* the names of recorded formulas */
    const char **payoff;  /* "payoff.US" */
    const char **move;    /* "US.subsidy" */
} dt_pivot_names;

/* Reads them; the sources are all concepts, with their results that have equilibria. */
dt_status dt_pivot_read_names(const dt_pivot_reader *r, dt_pivot_names *names);
/* The concepts that can have equilibria, whether there are any at the points or not. */
dt_status dt_pivot_playing_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                   dt_pivot_names *playing);
/* The concepts that can have a record, whatever its values: of a formula those that can have
 * equilibria, of a number those with rows. `sources` is 0 where none can. */
dt_status dt_pivot_record_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                  const char *record, dt_pivot_names *of_record);
/* Offers the name of every value that was kept; *list names the first of them: "a, b, c". */
dt_status dt_pivot_offer_values(const dt_pivot_reader *r, const dt_pivot_names *names,
                                dt_nearest *near, const char **list);
/* Is it one of the labels of this move? */
dt_status dt_pivot_label(const dt_pivot_reader *r, const char *move, const char *label,
                         bool *known);

#endif
