/* The names that a store knows: concepts, records, and columns of equilibria.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_PIVOT_NAMES_H
#define DT_SWEEP_PIVOT_NAMES_H

#include "base/nearest.h"
#include "sweep/pivot/reader.h"

/* A concept, and how many results of it there are: 0 where it has no rows. */
typedef struct dt_pivot_source {
    const char *concept;
    int64_t results;
} dt_pivot_source;

typedef struct dt_pivot_names {
    bool keeps_equilibria, keeps_payoffs, keeps_timings;
    size_t sources; /* concepts in the order of the config */
    dt_pivot_source *source;
    size_t payoffs, moves;
    const char **payoff; /* "payoff.US" */
    const char **move;   /* "US.subsidy" */
} dt_pivot_names;

/* Reads them; the sources are those of equilibria. */
dt_status dt_pivot_read_names(const dt_pivot_reader *r, dt_pivot_names *names);
/* The concepts that have a record: `sources` is 0 where none has. */
dt_status dt_pivot_record_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                  const char *record, dt_pivot_names *of_record);
/* Offers every name of a value. */
dt_status dt_pivot_offer_values(const dt_pivot_reader *r, const dt_pivot_names *names,
                                dt_nearest *near);
/* Is it one of the labels of this move? Offers them, with the move in front of them. */
dt_status dt_pivot_label(const dt_pivot_reader *r, const char *move, const char *label,
                         dt_nearest *near, bool *known);

#endif
