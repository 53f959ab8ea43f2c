/* A store of a sweep as tidy CSV. SPDX: GPL-3.0-or-later */
#ifndef DT_REPORT_STORE_CSV_H
#define DT_REPORT_STORE_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "deterra/diag.h"
#include "deterra/status.h"

/* Writes a row for each point and equilibrium, by point; a point without one has a row in which the
 * columns of equilibria are empty; with `records` a row for each point and record. Quoted as RFC
 * 4180 says, lines end in LF; numbers are the shortest that read back as the same double.
 * DT_ERR_INPUT with a message where `path` is no store; what goes wrong with `out` is its own to
 * tell. Memory does not grow with the store. */
dt_status dt_store_csv(const char *path, bool records, FILE *out, dt_diag *diag);

#endif
