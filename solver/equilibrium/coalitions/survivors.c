/* Pure Nash equilibria, of which some fall to a coalition: see survivors.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/survivors.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/coalitions/worth.h"
#include "equilibrium/pure/pure.h"
#include "game/team.h"

/* Rows of the table of what is broken. */
enum { MOST_BROKEN = 1000 };

dt_status dt_survivors_init(dt_survivors *s, const dt_solve_call *call, const char *concept_name) {
    *s = (dt_survivors){.call = call};
    dt_status status =
        dt_coalition_players(call->game, concept_name, call->request->place, call->diag);
    if (status != DT_OK)
        return status;
    s->result = dt_result_add(call->results, concept_name, DT_SHAPE_EQUILIBRIA);
    if (!s->result)
        return DT_ERR_MEMORY;
    fmpq_t zero;
    fmpq_init(zero);
    status = dt_pure_equilibria(call, zero, s->result);
    fmpq_clear(zero);
    if (status != DT_OK)
        return status;
    s->count = s->result->items;
    s->item = s->result->item;
    s->stands = malloc((s->count + 1) * sizeof *s->stands);
    s->breaker = calloc(s->count + 1, sizeof *s->breaker);
    s->deviation = calloc(s->count + 1, sizeof *s->deviation);
    if (!s->stands || !s->breaker || !s->deviation)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < s->count; k++)
        s->stands[k] = s->item[k].certificate == DT_CERT_NUMERIC ? DT_UNKNOWN : DT_TRUE;
    return DT_OK;
}

void dt_survivors_clear(dt_survivors *s) {
    free(s->stands);
    free(s->breaker);
    free(s->deviation);
}

dt_status dt_survivors_weigh(dt_survivors *s, size_t k, uint64_t coalition, const dt_joint *joint) {
    if (joint->found == DT_UNKNOWN && s->stands[k] == DT_TRUE)
        s->stands[k] = DT_UNKNOWN;
    if (joint->found != DT_TRUE)
        return DT_OK;
    size_t bytes = s->call->game->players * sizeof *joint->profile;
    uint32_t *kept = dt_arena_alloc(s->call->results->arena, bytes);
    if (!kept)
        return DT_ERR_MEMORY;
    memcpy(kept, joint->profile, bytes);
    s->stands[k] = DT_FALSE;
    s->breaker[k] = coalition;
    s->deviation[k] = kept;
    return DT_OK;
}

static dt_status list_broken(dt_survivors *s, const char *title) {
    static const char *const column[] = {"equilibrium", "coalition", "deviation"};
    dt_result_list *list = s->call->results;
    dt_named_table *table = dt_result_table(list, s->result, "broken", title, 3, column);
    if (!table)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < s->count && table->rows < MOST_BROKEN; k++) {
        if (s->stands[k] != DT_FALSE)
            continue;
        char name[1024];
        dt_team_name(s->call->game, s->breaker[k], name, sizeof name);
        const char *kept = dt_arena_copy(list->arena, name, strlen(name));
        dt_entry *row = dt_result_row(list, table);
        if (!row || !kept)
            return DT_ERR_MEMORY;
        row[0] = dt_entry_profile(s->item[k].profile);
        row[1] = dt_entry_text(kept);
        row[2] = dt_entry_profile(s->deviation[k]);
    }
    return DT_OK;
}

dt_status dt_survivors_report(dt_survivors *s, const char *broken) {
    dt_result *result = s->result;
    dt_result_list *list = s->call->results;
    dt_item *left = dt_arena_array(list->arena, s->count + 1, sizeof *left);
    if (!left)
        return DT_ERR_MEMORY;
    /* Payoffs of deviations were compared too, which may be irrational where the item's are not. */
    dt_certificate best =
        s->call->game->model->rational(s->call->game->self) ? DT_CERT_EXACT : DT_CERT_BALL;
    size_t fallen = 0, unsure = 0;
    result->items = 0;
    for (size_t k = 0; k < s->count; k++) {
        dt_item *item = &left[result->items];
        if (s->stands[k] == DT_FALSE) {
            fallen++;
            continue;
        }
        *item = s->item[k];
        item->certificate = s->stands[k] == DT_UNKNOWN           ? DT_CERT_NUMERIC
                            : item->certificate == DT_CERT_EXACT ? best
                                                                 : item->certificate;
        unsure += s->stands[k] == DT_UNKNOWN;
        result->items++;
    }
    result->item = left;
    if (result->items == 0)
        result->certificate = best;
    dt_status status = DT_OK;
    if (fallen)
        status = list_broken(s, broken);
    if (status == DT_OK && fallen && result->items == 0) {
        result->searched = 0; /* else it is said that single players gain */
        status = dt_result_note(list, result, "There %s %zu pure Nash equilibri%s.",
                                fallen == 1 ? "is" : "are", fallen, fallen == 1 ? "um" : "a");
    }
    if (status == DT_OK && fallen > MOST_BROKEN)
        status = dt_result_note(list, result, "Of %zu that are broken the first %d are listed.",
                                fallen, MOST_BROKEN);
    if (status == DT_OK && unsure)
        status = dt_result_note(list, result, "%zu of those listed could not be decided: numeric.",
                                unsure);
    if (unsure)
        dt_diag_add(s->call->diag, DT_WARNING, DT_NOWHERE,
                    "%s: %zu profile%s could not be decided with balls of 4096 bits and %s listed "
                    "as numeric",
                    result->concept_name, unsure, unsure == 1 ? "" : "s",
                    unsure == 1 ? "is" : "are");
    return status;
}

double dt_survivors_work(const dt_game *game) {
    double joint = 1;
    for (size_t i = 0; i < game->players; i++)
        joint *= 1.0 + game->player[i].strategies;
    return dt_pure_work(game) + joint;
}

double dt_survivors_memory(const dt_game *game) {
    double most = 0;
    for (size_t i = 0; i < game->players; i++)
        if (game->player[i].strategies > most)
            most = game->player[i].strategies;
    return dt_pure_memory(game) + most * (double)game->players * 17;
}
