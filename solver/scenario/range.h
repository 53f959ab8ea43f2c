/* A parameter's range: a value outside it is worth a warning. */
#ifndef DT_SCENARIO_RANGE_H
#define DT_SCENARIO_RANGE_H

#include "deterra/scenario.h"
#include "scenario/complaint.h"

/* Warns where the leaf's value is outside its range; `path` is how the message names it. */
void dt_range_check(const dt_parameter *parameter, const char *path, dt_place place,
                    dt_complaints *complaints);

#endif
