/* How the config of a store differs from the one at hand. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_DIFFERENCE_H
#define DT_SWEEP_DIFFERENCE_H

#include "deterra/scenario.h"

/* Adds an error that shows the lines in which the stored config and --set values, a line each,
 * differ from the scenario's. */
void dt_difference_report(const char *config, const char *sets, const dt_scenario *scenario,
                          const char *path, dt_diag *diag);

#endif
