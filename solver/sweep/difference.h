/* How the config of a store differs from the one at hand. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_DIFFERENCE_H
#define DT_SWEEP_DIFFERENCE_H

#include "sweep/point.h"

/* What a store was made from; NULL: not known. */
typedef struct dt_difference_stored {
    const char *config;
    const char *sets, *concepts; /* the --set values, and what is solved for, a line each */
} dt_difference_stored;

/* Adds an error that shows the lines in which what is stored differs from the frame's own. */
void dt_difference_report(const dt_difference_stored *stored, const dt_frame *frame,
                          const char *path, dt_diag *diag);

#endif
