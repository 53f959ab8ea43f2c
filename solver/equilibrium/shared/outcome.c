/* A pure profile as an item of a result: see outcome.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/shared/outcome.h"

#include <string.h>

#include "base/arena.h"

dt_status dt_outcome_split(dt_result_list *list, const dt_game *game, dt_workspace *w,
                           const uint32_t *profile, dt_item *item) {
    if (list->brief || !game->model->terms)
        return DT_OK;
    item->split = dt_arena_array(list->arena, game->players, sizeof *item->split);
    dt_status status = item->split ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        dt_parts parts;
        dt_payoff_fault fault;
        status = game->model->terms(game->self, w, i, profile, &parts, &fault);
        if (status != DT_OK)
            break;
        dt_split *split = &item->split[i];
        split->term = dt_arena_array(list->arena, parts.count, sizeof *split->term);
        status = split->term ? DT_OK : DT_ERR_MEMORY;
        for (size_t k = 0; k < parts.count && status == DT_OK; k++) {
            const dt_part *part = &parts.part[k];
            dt_term *term = &split->term[split->count++];
            term->label = dt_arena_copy(list->arena, part->label, strlen(part->label));
            term->unit = part->unit;
            if (!term->label)
                status = DT_ERR_MEMORY;
            else
                status = dt_number_from_exact(list, dt_game_context(game, w), &part->value,
                                              &term->value);
        }
        dt_parts_clear(&parts);
    }
    return status;
}

dt_status dt_outcome_fill(dt_result_list *list, const dt_game *game, dt_workspace *w,
                          const uint32_t *profile, dt_diag *diag, dt_item *item) {
    uint32_t *kept = dt_arena_array(list->arena, game->players, sizeof *kept);
    *item = (dt_item){.profile = kept,
                      .strict = DT_UNKNOWN,
                      .pareto_efficient = DT_UNKNOWN,
                      .certificate = DT_CERT_EXACT};
    item->payoff = dt_arena_array(list->arena, game->players, sizeof *item->payoff);
    if (!kept || !item->payoff)
        return DT_ERR_MEMORY;
    memcpy(kept, profile, game->players * sizeof *kept);
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        status = dt_game_exact(game, w, i, profile, &payoff, diag);
        if (status == DT_OK)
            status =
                dt_number_from_exact(list, dt_game_context(game, w), &payoff, &item->payoff[i]);
        if (!dt_exact_is_rational(&payoff))
            item->certificate = DT_CERT_BALL;
    }
    dt_exact_clear(&payoff);
    return status == DT_OK ? dt_outcome_split(list, game, w, profile, item) : status;
}
