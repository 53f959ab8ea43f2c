/* A pure profile as an item of a result. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_OUTCOME_H
#define DT_EQUILIBRIUM_OUTCOME_H

#include "deterra/result.h"

/* The payoffs split by term, where the model has terms. Writes into the list's arena: one thread
 * at a time. */
dt_status dt_outcome_split(dt_result_list *list, const dt_game *game, dt_workspace *workspace,
                           const uint32_t *profile, dt_item *item);
/* The whole item: profile, payoffs and split, nothing known of strictness and efficiency; exact
 * where all payoffs are rational, else ball. One thread at a time. */
dt_status dt_outcome_fill(dt_result_list *list, const dt_game *game, dt_workspace *workspace,
                          const uint32_t *profile, dt_diag *diag, dt_item *item);

#endif
