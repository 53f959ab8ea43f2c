/* Joint deviations of coalitions: the search by many threads. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/joint.h"

#include <omp.h>
#include <string.h>

#include "equilibrium/coalitions/judge.h"

/* Profiles that a thread takes at once. */
enum { CHUNK = 2048 };

typedef struct search {
    const dt_game *game;
    uint64_t coalition;
    const uint32_t *profile;
    dt_joint_kind kind;
    const dt_control *control;
    uint64_t rows, chunk, next, done;
    uint32_t lanes;
    uint64_t first; /* the first row with a deviation, so far; UINT64_MAX: none */
    bool unsure, failed;
    dt_status status;
    dt_joint *out;
} search;

static void report(const search *s, uint64_t rows) {
    if (s->control && s->control->progress)
        s->control->progress(s->control->user, "joint deviations tried", rows * s->lanes,
                             s->rows * s->lanes);
}

/* The least row with a deviation wins, whatever the threads do: the rows before it were all seen.
 */
static void take(search *s, const dt_judge *judge, uint64_t row, uint32_t lane) {
    const dt_frame *f = judge->frame[0];
#pragma omp critical(dt_joint_take)
    if (row < s->first) {
        memcpy(s->out->profile, f->at, s->game->players * sizeof *f->at);
        s->out->profile[f->over] = lane;
#pragma omp atomic write
        s->first = row;
    }
}

static dt_status run_rows(search *s, dt_judge *judge, uint64_t from, uint64_t to) {
    dt_status status = DT_OK;
    for (uint64_t row = from; row < to && status == DT_OK; row++) {
        uint64_t first;
        dt_truth found;
        uint32_t lane = 0;
#pragma omp atomic read
        first = s->first;
        if (row > first)
            break;
        status = dt_judge_row(judge, 0, row, &found, &lane);
        if (status == DT_OK && found == DT_UNKNOWN) {
#pragma omp atomic write
            s->unsure = true;
        }
        if (status == DT_OK && found == DT_TRUE) {
            take(s, judge, row, lane);
            break;
        }
    }
    return status;
}

static dt_status run_chunks(search *s) {
    dt_judge judge;
    dt_status status = dt_judge_init(&judge, s->game, s->kind, s->control);
    if (status == DT_OK)
        status = dt_judge_enter(&judge, 0, s->coalition, s->profile);
    while (status == DT_OK) {
        uint64_t chunk, first, done;
        bool failed;
#pragma omp atomic capture
        chunk = s->next++;
#pragma omp atomic read
        first = s->first;
#pragma omp atomic read
        failed = s->failed;
        uint64_t from = chunk * s->chunk, to = from + s->chunk;
        if (from >= s->rows || from > first || failed)
            break;
        to = to < s->rows ? to : s->rows;
        status = run_rows(s, &judge, from, to);
#pragma omp atomic capture
        done = s->done += to - from;
        if (omp_get_thread_num() == 0)
            report(s, done);
    }
    dt_judge_clear(&judge);
    return status;
}

/* Says which payoff does not exist: the threads add no diagnostics. */
static dt_status explain(const search *s, dt_diag *diag) {
    dt_status status = dt_game_verify(s->game, s->control, diag);
    return status == DT_OK ? s->status : status;
}

dt_status dt_joint_find(const dt_game *game, uint64_t coalition, const uint32_t *profile,
                        dt_joint_kind kind, const dt_control *control, dt_diag *diag,
                        dt_joint *out) {
    search s = {.game = game,
                .coalition = coalition,
                .profile = profile,
                .kind = kind,
                .control = control,
                .first = UINT64_MAX,
                .out = out};
    dt_judge judge; /* only for the frame's counts */
    *out = (dt_joint){.found = DT_FALSE};
    dt_status status = dt_judge_init(&judge, game, kind, control);
    if (status == DT_OK)
        status = dt_judge_enter(&judge, 0, coalition, profile);
    if (status == DT_OK) {
        s.rows = judge.frame[0]->rows;
        s.lanes = game->player[judge.frame[0]->over].strategies;
    }
    dt_judge_clear(&judge);
    if (status != DT_OK)
        return status;
    s.chunk = s.lanes < CHUNK ? CHUNK / s.lanes : 1;
    uint64_t chunks = (s.rows + s.chunk - 1) / s.chunk;
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    if ((uint64_t)threads > chunks)
        threads = (int)chunks;
    report(&s, 0);
#pragma omp parallel num_threads(threads)
    {
        dt_status mine = run_chunks(&s);
        if (mine != DT_OK) {
#pragma omp critical(dt_joint_status)
            if (s.status == DT_OK)
                s.status = mine;
#pragma omp atomic write
            s.failed = true;
        }
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
    if (s.status == DT_ERR_INPUT)
        return explain(&s, diag);
    out->found = s.first != UINT64_MAX ? DT_TRUE : s.unsure ? DT_UNKNOWN : DT_FALSE;
    return s.status;
}

dt_status dt_joint_better(const dt_game *game, uint64_t coalition, const uint32_t *before,
                          const uint32_t *after, dt_truth *better) {
    dt_judge judge;
    dt_status status = dt_judge_init(&judge, game, DT_JOINT_STRICT, NULL);
    if (status == DT_OK)
        status = dt_judge_enter(&judge, 0, coalition, before);
    if (status == DT_OK)
        status = dt_judge_profile(&judge, 0, after, better);
    dt_judge_clear(&judge);
    return status;
}

/* Those of a size in order: the bits, read from the first player, from the highest number down. */
size_t dt_coalitions_by_size(size_t players, size_t least, size_t most, uint32_t *list) {
    size_t count = 0;
    for (size_t size = least; size <= most; size++)
        for (uint32_t mirrored = UINT32_C(1) << players; mirrored-- > 1;) {
            if ((size_t)__builtin_popcount(mirrored) != size)
                continue;
            uint32_t coalition = 0;
            for (size_t i = 0; i < players; i++)
                coalition |= (mirrored >> (players - 1 - i) & 1) << i;
            list[count++] = coalition;
        }
    return count;
}
