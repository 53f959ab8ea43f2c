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

dt_status dt_frame_records(const dt_frame *frame, const dt_game *game,
                           const dt_substitute *substitute, dt_diag *diag, dt_observables **out) {
    const dt_sweep *sweep = frame->sweep;
    return dt_observables_new(sweep->scenario, substitute, substitute ? sweep->axes : 0, game,
                              frame->record_text, sweep->keep.formulas, diag, out);
}

/* Finds the errors of the records' formulas. */
static dt_status check_records(dt_frame *frame, dt_diag *diag) {
    const dt_keep *keep = &frame->sweep->keep;
    frame->record_text =
        dt_arena_array(frame->sweep->arena, keep->formulas, sizeof *frame->record_text);
    if (!frame->record_text)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < keep->formulas; i++)
        frame->record_text[i] = &keep->formula[i]->text;
    dt_observables *records = NULL;
    dt_status status =
        keep->formulas ? dt_frame_records(frame, frame->game, NULL, diag, &records) : DT_OK;
    dt_observables_free(records);
    return status;
}

/* Compiles the game and the records once for all points, if that is possible. */
static dt_status open_game(dt_frame *frame) {
    const dt_sweep *sweep = frame->sweep;
    dt_substitute *substitute = dt_arena_array(sweep->arena, sweep->axes, sizeof *substitute);
    if (!substitute)
        return DT_ERR_MEMORY;
    for (size_t a = 0; a < sweep->axes; a++)
        substitute[a].parameter = sweep->axis[a].parameter;
    dt_status status = sweep->keep.formulas
                           ? dt_frame_records(frame, frame->game, substitute, NULL, &frame->records)
                           : DT_OK;
    if (status == DT_ERR_MEMORY)
        return status;
    status = dt_game_build_with(sweep->scenario, substitute, sweep->axes, NULL, &frame->open);
    if (status == DT_OK && !frame->open->model->refold) {
        dt_game_free(frame->open);
        frame->open = NULL;
    }
    return status == DT_ERR_MEMORY ? status : DT_OK;
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
        for (size_t k = 0; k < i; k++)
            if (strcmp(frame->concept_label[k], frame->concept_label[i]) == 0) {
                dt_diag_add(diag, DT_ERROR, sweep->concept_request[i].place,
                            "`%s` is asked for twice: a sweep keeps it once",
                            frame->concept_label[i]);
                return DT_ERR_INPUT;
            }
    }
    for (size_t p = 0; p < frame->game->players; p++)
        for (size_t m = 0; m < frame->game->player[p].moves; m++)
            frame->moves += frame->game->player[p].move[m].levels > 1;
    status = check_records(frame, diag);
    if (status == DT_OK)
        status = open_game(frame);
    if (status == DT_OK)
        status = dt_columns_init(&frame->columns, frame);
    return status;
}

void dt_frame_clear(dt_frame *frame) {
    dt_observables_free(frame->records);
    dt_game_free(frame->open);
    dt_game_free(frame->game);
    *frame = (dt_frame){0};
}
