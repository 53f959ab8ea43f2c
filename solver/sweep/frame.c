/* What all points of a sweep share: see point.h. SPDX: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "game/observables.h"
#include "sweep/point.h"

/* "name:key=value,key=value" */
static const char *label_of(const dt_concept_request *request, dt_arena *arena) {
    const char *text = dt_arena_copy(arena, request->name, strlen(request->name));
    for (size_t i = 0; text && i < request->settings; i++)
        text = dt_arena_format(arena, "%s%c%s=%s", text, i ? ',' : ':', request->setting[i].key,
                               request->setting[i].text);
    return text;
}

static dt_status check_formulas(const dt_frame *frame, dt_diag *diag) {
    const dt_sweep *sweep = frame->sweep;
    const dt_text **text = dt_arena_array(sweep->arena, sweep->keep.formulas, sizeof *text);
    if (!text)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < sweep->keep.formulas; i++)
        text[i] = &sweep->keep.formula[i]->text;
    dt_observables *observables;
    dt_status status = dt_observables_new(sweep->scenario, NULL, 0, frame->game, text,
                                          sweep->keep.formulas, diag, &observables);
    dt_observables_free(observables);
    return status;
}

dt_status dt_frame_init(dt_frame *frame, const dt_sweep *sweep, dt_diag *diag) {
    *frame = (dt_frame){.sweep = sweep};
    dt_status status = dt_game_build(sweep->scenario, diag, &frame->game);
    if (status != DT_OK)
        return status;
    frame->concept_label =
        dt_arena_array(sweep->arena, sweep->concepts, sizeof *frame->concept_label);
    if (!frame->concept_label)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < sweep->concepts; i++) {
        frame->concept_label[i] = label_of(&sweep->concept_request[i], sweep->arena);
        if (!frame->concept_label[i])
            return DT_ERR_MEMORY;
    }
    for (size_t p = 0; p < frame->game->players; p++)
        for (size_t m = 0; m < frame->game->player[p].moves; m++)
            frame->moves += frame->game->player[p].move[m].levels > 1;
    status = dt_columns_init(&frame->columns, frame);
    return status == DT_OK && sweep->keep.formulas ? check_formulas(frame, diag) : status;
}

void dt_frame_clear(dt_frame *frame) {
    dt_game_free(frame->game);
    *frame = (dt_frame){0};
}
