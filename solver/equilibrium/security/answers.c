/* The answers to a mixed strategy that may be below a limit: see answers.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/security/answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/pure/box.h"
#include "game/team.h"

/* Fewer answers are visited; profiles of a box that is not split; profiles at which blur is
 * measured; answers that a look costs as much as; looks that the rare-earth games take. */
enum { MANY_ANSWERS = 1 << 20, SMALL_BOX = 8, SAMPLES = 8, LOOK = 200, USUAL_LOOKS = 40000 };

typedef struct search {
    const dt_answers *a;
    dt_moves moves;
    double blur[DT_BOX_MOVES]; /* how wide the sum is over an open move */
    uint64_t looks, most, shown;
    bool gave_up; /* which of the reasons came first depends on the threads */
} search;

typedef struct worker {
    dt_workspace *workspace;
    void *local;
} worker;

/* A box with the team's moves at one joint strategy of the support. */
static void fix_team(const search *s, size_t k, dt_sets *sets) {
    const dt_game *game = s->a->game;
    const uint32_t *mixed = s->a->play->profile + k * game->players;
    for (size_t p = 0; p < game->players; p++) {
        const dt_player *player = &game->player[p];
        size_t at = s->moves.first[p];
        for (size_t m = 0; dt_team_has(s->a->play->team, p) && m < player->moves; m++)
            if (player->move[m].levels > 1)
                sets->of[at++] = UINT64_C(1) << player->level[mixed[p] * player->moves + m];
    }
}

/* The range of the play's payoff in a box of the others' moves, widened by what the sum rounds. */
static dt_status range(const search *s, dt_workspace *workspace, const dt_sets *box, double *low,
                       double *high) {
    const dt_game *game = s->a->game;
    const dt_mixture_play *play = s->a->play;
    dt_sets sets = *box;
    double size = 0, terms = 16, lost = 0;
    *low = *high = 0;
    for (size_t k = 0; k < play->support; k++) {
        fix_team(s, k, &sets);
        for (size_t p = 0; p < game->players; p++) {
            if (!dt_team_has(play->paid, p))
                continue;
            double ends[2];
            dt_status status =
                game->model->range(game->self, workspace, p, sets.of, &ends[0], &ends[1]);
            if (status != DT_OK)
                return status;
            double w = play->weight[k];
            *low += w * (play->negative ? -ends[1] : ends[0]);
            *high += w * (play->negative ? -ends[0] : ends[1]);
            double most = fmax(fabs(ends[0]), fabs(ends[1]));
            size += w * most;
            lost += 0x1p-1070 * (1 + most); /* of weights and terms that underflow */
            terms++;
        }
    }
    double error = size * terms * 0x1p-51 + 1e-300 + lost;
    *low = isfinite(*low) && isfinite(error) ? *low - error : -INFINITY;
    *high = isfinite(*high) && isfinite(error) ? *high + error : INFINITY;
    return DT_OK;
}

/* --- looking --- */

static uint64_t look_more(search *s, uint64_t count) {
    uint64_t looks;
#pragma omp atomic capture
    looks = s->looks += count;
    return looks;
}

/* Counts what is shown; too many? */
static bool show_more(search *s, uint64_t count) {
    uint64_t shown;
    if (!s->a->too_many)
        return false;
#pragma omp atomic capture
    shown = s->shown += count;
    if (shown <= s->a->most)
        return false;
#pragma omp atomic write
    s->gave_up = true;
    return true;
}

/* Shows the visitor one profile of the others. */
static dt_status show(const search *s, worker *w, uint32_t *profile) {
    const dt_answers *a = s->a;
    size_t players = a->game->players;
    uint32_t one[DT_MAX_PLAYERS];
    double sum = 0, size = 0, error = 0, terms = 16;
    for (size_t p = 0; p < players; p++)
        one[p] = 1;
    for (size_t k = 0; k < a->play->support; k++) {
        const uint32_t *mixed = a->play->profile + k * players;
        for (size_t p = 0; p < players; p++)
            profile[p] = dt_team_has(a->play->team, p) ? mixed[p] : profile[p];
        for (size_t p = 0; p < players; p++) {
            if (!dt_team_has(a->play->paid, p))
                continue;
            double value, bound;
            dt_status status =
                dt_game_block(a->game, w->workspace, p, &(dt_box){profile, one}, &value, &bound);
            if (status != DT_OK)
                return status;
            double term = a->play->weight[k] * value;
            sum += term;
            size += fabs(term);
            error += a->play->weight[k] * bound;
            error += 0x1p-1070 * (1 + fabs(value)); /* of weights and terms that underflow */
            terms++;
        }
    }
    error = error * (1 + 0x1p-40) + size * terms * 0x1p-52 + 1e-300;
    bool known = isfinite(sum) && isfinite(error);
    double value = !known ? 0 : a->play->negative ? -sum : sum, bound = known ? error : INFINITY;
    uint64_t others = dt_team_all(a->game) & ~a->play->team;
    dt_mixture_row row = {.index = dt_team_encode(a->game, others, profile),
                          .stride = 1,
                          .lanes = 1,
                          .value = &value,
                          .bound = &bound,
                          .workspace = w->workspace};
    return a->visitor->row(a->visitor->shared, w->local, &row);
}

/* Turns to the next levels of the moves; false after the last. */
static bool next_levels(const search *s, const dt_sets *sets, uint32_t *level) {
    for (size_t m = s->moves.count; m-- > 0;) {
        uint64_t higher = sets->of[m] & ~(UINT64_MAX >> (63 - level[m]));
        level[m] = dt_set_lowest(higher ? higher : sets->of[m]);
        if (higher)
            return true;
    }
    return false;
}

static dt_status show_box(const search *s, worker *w, const dt_sets *sets) {
    uint32_t level[DT_BOX_MOVES], profile[DT_MAX_PLAYERS];
    for (size_t m = 0; m < s->moves.count; m++)
        level[m] = dt_set_lowest(sets->of[m]);
    dt_status status;
    do {
        for (size_t p = 0; p < s->moves.players; p++)
            profile[p] = dt_moves_strategy(&s->moves, p, level);
        status = show(s, w, profile);
    } while (status == DT_OK && next_levels(s, sets, level));
    return status;
}

/* --- splitting --- */

static size_t move_to_split(const search *s, const dt_sets *sets) {
    size_t best = 0;
    double most = -1;
    for (size_t m = 0; m < s->moves.count; m++) {
        uint64_t set = sets->of[m];
        if (dt_set_count(set) < 2)
            continue;
        double part =
            (double)(dt_set_highest(set) - dt_set_lowest(set)) / (double)(s->moves.levels[m] - 1);
        double score = part * s->blur[m] + 1e-300 * dt_set_count(set);
        if (score > most) {
            most = score;
            best = m;
        }
    }
    return best;
}

static dt_status search_box(void *shared, void *local, dt_box_stack *stack, void *item,
                            double *done, bool *enough) {
    search *s = shared;
    worker *w = local;
    const dt_sets *box = item;
    double low, high, volume = dt_sets_volume(&s->moves, box);
    bool leaf = volume <= SMALL_BOX;
    if (look_more(s, leaf ? 2 : 1) > s->most) {
#pragma omp atomic write
        s->gave_up = true;
        *enough = true;
        return DT_OK;
    }
    dt_status status = range(s, w->workspace, box, &low, &high);
    bool out = status == DT_OK && low >= s->a->limit;
    if (leaf && !out && show_more(s, (uint64_t)volume)) {
        *enough = true;
        return DT_OK;
    }
    if (out || leaf) {
        *done = volume;
        return out || status != DT_OK ? status : show_box(s, w, box);
    }
    size_t m = move_to_split(s, box);
    for (int h = 0; h < 2 && status == DT_OK; h++) {
        dt_sets half = *box;
        uint64_t lower = dt_set_lower_half(box->of[m]);
        half.of[m] = h == 0 ? lower : box->of[m] & ~lower;
        status = dt_box_push(stack, &half);
    }
    return status;
}

/* --- threads --- */

static dt_status open_worker(void *shared, void *local) {
    const dt_mixture_visitor *visitor = ((search *)shared)->a->visitor;
    worker *w = local;
    w->workspace = dt_workspace_new(((search *)shared)->a->game);
    w->local = calloc(1, visitor->size ? visitor->size : 1);
    if (!w->workspace || !w->local)
        return DT_ERR_MEMORY;
    return visitor->open ? visitor->open(visitor->shared, w->local) : DT_OK;
}

static void close_worker(void *shared, void *local) {
    const dt_answers *a = ((search *)shared)->a;
    worker *w = local;
    if (w->local && a->visitor->close)
        a->visitor->close(a->visitor->shared, w->local);
    free(w->local);
    dt_workspace_free(a->game, w->workspace);
}

static dt_status measure(search *s, const dt_sets *all) {
    dt_workspace *workspace = dt_workspace_new(s->a->game);
    dt_status status = workspace ? DT_OK : DT_ERR_MEMORY;
    uint64_t state = 1;
    for (int k = 0; k < SAMPLES; k++) {
        dt_sets at = *all;
        for (size_t m = 0; m < s->moves.count; m++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            at.of[m] = UINT64_C(1) << (state >> 33) % s->moves.levels[m];
        }
        for (size_t m = 0; m < s->moves.count && status == DT_OK; m++) {
            dt_sets open = at;
            double low, high;
            open.of[m] = all->of[m];
            status = range(s, workspace, &open, &low, &high);
            s->blur[m] += high - low < 1e300 ? high - low : 1e300;
        }
    }
    dt_workspace_free(s->a->game, workspace);
    return status;
}

static bool has_boxes(const dt_game *game, uint64_t answers, dt_moves *moves) {
    return answers >= MANY_ANSWERS && game->model->boxes && game->model->boxes(game->self) &&
           dt_moves_init(moves, game);
}

double dt_answers_work(const dt_game *game, uint64_t team) {
    uint64_t count = dt_team_strategies(game, dt_team_all(game) & ~team);
    dt_moves moves;
    return has_boxes(game, count, &moves) ? fmin((double)count, (double)LOOK * USUAL_LOOKS)
                                          : (double)count;
}

dt_status dt_answers_visit(const dt_answers *a) {
    const dt_game *game = a->game;
    uint64_t count = dt_team_strategies(game, dt_team_all(game) & ~a->play->team);
    search s = {.a = a, .most = count / LOOK};
    if (isfinite(a->limit) && has_boxes(game, count, &s.moves)) {
        dt_sets all = dt_sets_all(&s.moves);
        fix_team(&s, 0, &all); /* so that a box's volume counts the others */
        dt_box_search run = {.size = sizeof(dt_sets),
                             .local = sizeof(worker),
                             .shared = &s,
                             .control = a->control,
                             .what = a->what,
                             .total = count,
                             .open = open_worker,
                             .box = search_box,
                             .close = close_worker};
        dt_status status = measure(&s, &all);
        if (status == DT_OK)
            status = dt_box_search_run(&run, &all);
        if (status != DT_OK || !s.gave_up)
            return status;
        a->reset(a->visitor->shared);
        if (a->too_many) {
            *a->too_many = true;
            return DT_OK;
        }
    }
    return dt_mixture_visit(game, a->play, a->control, a->what, a->visitor);
}
