/* The checks of a scenario that no file format makes. */
#ifndef DT_SCENARIO_VALIDATE_H
#define DT_SCENARIO_VALIDATE_H

#include "deterra/scenario.h"
#include "scenario/complaint.h"

/* dt_scenario_validate into a list of complaints. DT_OK or DT_ERR_MEMORY: whether there were
 * errors is in the list. Expected linear time. */
dt_status dt_validate(const dt_scenario *scenario, dt_complaints *complaints);

/* Blocs: there are two or more, every player is in one of them, weights are 0 or more and one of a
 * bloc is above 0, and names are new. Time: blocs × players. */
void dt_validate_blocs(const dt_scenario *scenario, dt_complaints *complaints);

#endif
