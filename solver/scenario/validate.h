/* The checks of a scenario that no file format makes. */
#ifndef DT_SCENARIO_VALIDATE_H
#define DT_SCENARIO_VALIDATE_H

#include "deterra/scenario.h"
#include "scenario/complaint.h"

/* dt_scenario_validate into a list of complaints. DT_OK or DT_ERR_MEMORY: whether there were
 * errors is in the list. Expected linear time. */
dt_status dt_validate(const dt_scenario *scenario, dt_complaints *complaints);

#endif
