/* One point of a sweep: see point.h. SPDX: GPL-3.0-or-later */
#include "sweep/point.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sweep/play.h"

/* What the rows of a point are made from. */
typedef struct work {
    const dt_frame *frame;
    uint64_t index;
    const dt_control *control;
    dt_diag *diag;
    dt_game *game;
    dt_observables *observables; /* or NULL */
    dt_batch *batch;
    uint64_t equilibria;
    char note[512]; /* on a record that has no value at an equilibrium; else empty */
} work;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void put_truth(dt_batch *b, dt_truth truth) {
    if (truth == DT_UNKNOWN)
        dt_batch_null(b);
    else
        dt_batch_count(b, truth == DT_TRUE);
}

/* point, concept, result: what the rows of equilibria and of records begin with. */
static void begin(const work *w, dt_sheet sheet, const char *label, size_t number) {
    dt_batch_row(w->batch, sheet);
    dt_batch_count(w->batch, (int64_t)w->index);
    dt_batch_text(w->batch, label);
    dt_batch_count(w->batch, (int64_t)number);
}

static void put_record(const work *w, const char *label, size_t number, const char *name,
                       uint64_t count, double least, double greatest) {
    begin(w, DT_SHEET_RECORDS, label, number);
    dt_batch_text(w->batch, name);
    dt_batch_count(w->batch, (int64_t)count);
    if (isnan(least)) {
        dt_batch_null(w->batch);
        dt_batch_null(w->batch);
        return;
    }
    dt_batch_real(w->batch, least);
    dt_batch_real(w->batch, greatest);
}

static void put_objective(const work *w, const dt_result *r) {
    char text[256];
    if (!r->objective) {
        dt_batch_null(w->batch);
        return;
    }
    snprintf(text, sizeof text, "%s %s", r->sense, r->objective);
    dt_batch_text(w->batch, text);
}

static dt_status put_equilibrium(const work *w, const char *label, size_t number, size_t item,
                                 const dt_result *r, const dt_play *play) {
    const dt_game *game = w->game;
    dt_batch *b = w->batch;
    begin(w, DT_SHEET_EQUILIBRIA, label, number);
    dt_batch_count(b, (int64_t)item + 1);
    put_objective(w, r);
    for (size_t p = 0; p < game->players; p++)
        for (size_t m = 0; m < game->player[p].moves; m++)
            if (game->player[p].move[m].levels > 1)
                dt_batch_text(b, dt_play_level(game, play, p, m));
    char *text = play->profile ? NULL : dt_play_text(game, play);
    if (!text && !play->profile)
        return DT_ERR_MEMORY;
    dt_batch_text(b, text);
    free(text);
    for (size_t p = 0; p < game->players; p++) {
        if (w->frame->sweep->keep.payoffs && play->payoff)
            dt_batch_real(b, play->payoff[p].value);
        else
            dt_batch_null(b);
    }
    put_truth(b, play->strict);
    put_truth(b, play->pareto_efficient);
    dt_batch_text(b, dt_certificate_name(play->certificate));
    return DT_OK;
}

static dt_status put_formula(work *w, const char *label, size_t number, size_t k,
                             const dt_result *r) {
    const char *name = w->frame->sweep->keep.formula[k]->name;
    double least = NAN, greatest = NAN;
    size_t count = dt_play_count(r);
    for (size_t i = 0; i < count; i++) {
        dt_play play = dt_play_of(r, i);
        dt_payoff_fault fault = {.place = DT_NOWHERE};
        double value;
        dt_status status = dt_play_expect(w->observables, k, w->game, &play, &value, &fault);
        if (status == DT_OK && !isfinite(value)) {
            snprintf(fault.message, sizeof fault.message, "beyond the range of a double");
            status = DT_ERR_INPUT;
        }
        if (status == DT_ERR_INPUT) { /* the game is solved all the same */
            if (!*w->note)
                snprintf(w->note, sizeof w->note, "the record %s: %s", name, fault.message);
            least = greatest = NAN;
            break;
        }
        if (status != DT_OK)
            return status;
        least = fmin(least, value);
        greatest = fmax(greatest, value);
    }
    put_record(w, label, number, name, count, least, greatest);
    return DT_OK;
}

/* A number of a player's, of the name KIND.PLAYER. */
static void put_of_player(const work *w, const char *label, size_t number, const char *kind,
                          size_t player, double value) {
    const char *of = w->game->player[player].name;
    size_t size = strlen(kind) + strlen(of) + 2;
    char *name = malloc(size);
    if (!name) {
        w->batch->no_memory = true;
        return;
    }
    snprintf(name, size, "%s.%s", kind, of);
    put_record(w, label, number, name, 1, value, value);
    free(name);
}

static void put_numbers(const work *w, const char *label, size_t number, const dt_result *r) {
    for (size_t i = 0; i < r->securities; i++) {
        const dt_security *s = &r->security[i];
        put_of_player(w, label, number, "value", s->player, s->value.value);
    }
    for (size_t p = 0; r->remaining && p < w->game->players; p++) {
        put_of_player(w, label, number, "remaining", p, r->remaining[p]);
    }
    for (size_t i = 0; i < r->named_values; i++) {
        const dt_entry *e = &r->named_value[i].entry;
        double value = e->kind == DT_ENTRY_NUMBER  ? e->number.value
                       : e->kind == DT_ENTRY_COUNT ? (double)e->count
                                                   : NAN;
        if (!isnan(value))
            put_record(w, label, number, r->named_value[i].name, 1, value, value);
    }
}

static dt_status put_result(work *w, const char *label, size_t number, const dt_result *r) {
    dt_status status = DT_OK;
    size_t count = dt_play_count(r);
    w->equilibria += count;
    for (size_t i = 0; i < count && status == DT_OK && w->frame->sweep->keep.equilibria; i++) {
        dt_play play = dt_play_of(r, i);
        status = put_equilibrium(w, label, number, i, r, &play);
    }
    for (size_t k = 0; k < w->frame->sweep->keep.formulas && status == DT_OK; k++)
        status = put_formula(w, label, number, k, r);
    if (status == DT_OK)
        put_numbers(w, label, number, r);
    return status;
}

static dt_status solve_one(work *w, const dt_concept_request *request, const char *label) {
    dt_result_list *list = dt_result_list_new();
    if (!list)
        return DT_ERR_MEMORY;
    list->brief = true;
    dt_solve_call call = {w->game, request, w->control, w->diag, list};
    dt_status status = dt_solve(&call);
    for (size_t i = 0; i < list->count && status == DT_OK; i++)
        status = put_result(w, label, i + 1, list->result[i]);
    dt_result_list_free(list);
    return status;
}

static dt_status solve_all(work *w, const fmpq *value, const dt_substitute *substitute) {
    const dt_sweep *sweep = w->frame->sweep;
    dt_status status = w->frame->open ? dt_game_refold(w->frame->open, value, &w->game)
                                      : dt_game_build_with(sweep->scenario, substitute, sweep->axes,
                                                           w->diag, &w->game);
    if (status == DT_OK)
        status = dt_game_verify(w->game, w->control, w->diag);
    if (status == DT_OK && sweep->keep.formulas)
        status = w->frame->records
                     ? dt_observables_refold(w->frame->records, w->game, value, &w->observables)
                     : dt_frame_records(w->frame, w->game, substitute, w->diag, &w->observables);
    for (size_t i = 0; i < sweep->concepts && status == DT_OK; i++)
        status = solve_one(w, &sweep->concept_request[i], w->frame->concept_label[i]);
    if (status == DT_OK && sweep->keep.reduced) {
        dt_concept_request dominance = {.name = "dominance"};
        status = solve_one(w, &dominance, "reduced");
    }
    return status;
}

static void put_point(const work *w, const fmpq *value, bool failed) {
    const char *message = !failed && *w->note ? w->note : NULL;
    for (size_t i = 0; failed && !message && i < dt_diag_count(w->diag); i++)
        if (dt_diag_get(w->diag, i)->severity == DT_ERROR)
            message = dt_diag_get(w->diag, i)->message;
    dt_batch_row(w->batch, DT_SHEET_POINTS);
    dt_batch_count(w->batch, (int64_t)w->index);
    for (size_t a = 0; a < w->frame->sweep->axes; a++)
        dt_batch_real(w->batch, dt_fmpq_double(value + a, NULL));
    dt_batch_text(w->batch, failed ? "failed" : "done");
    dt_batch_text(w->batch, failed && !message ? "no solution was found" : message);
    if (failed)
        dt_batch_null(w->batch);
    else
        dt_batch_count(w->batch, (int64_t)w->equilibria);
}

dt_status dt_point_solve(const dt_frame *frame, uint64_t index, const fmpq *value,
                         const dt_control *control, dt_batch *batch, bool *failed) {
    const dt_sweep *sweep = frame->sweep;
    size_t before = batch->length;
    double began = now();
    work w = {
        .frame = frame, .index = index, .control = control, .diag = dt_diag_new(), .batch = batch};
    dt_substitute *substitute = calloc(sweep->axes, sizeof *substitute);
    dt_status status = w.diag && substitute ? DT_OK : DT_ERR_MEMORY;
    for (size_t a = 0; a < sweep->axes && status == DT_OK; a++)
        substitute[a] = (dt_substitute){sweep->axis[a].parameter, value + a};
    if (status == DT_OK)
        status = solve_all(&w, value, substitute);
    *failed = status != DT_OK && status != DT_ERR_MEMORY && status != DT_ERR_INTERRUPTED;
    if (status != DT_OK)
        batch->length = before; /* nothing of a point that was not solved */
    if (*failed)
        status = DT_OK;
    if (status == DT_OK && sweep->keep.timings) {
        dt_batch_row(batch, DT_SHEET_TIMINGS);
        dt_batch_count(batch, (int64_t)index);
        dt_batch_real(batch, now() - began);
    }
    if (status == DT_OK)
        put_point(&w, value, *failed);
    if (status == DT_OK && batch->no_memory)
        status = DT_ERR_MEMORY;
    dt_observables_free(w.observables);
    dt_game_free(w.game);
    dt_diag_free(w.diag);
    free(substitute);
    return status;
}
