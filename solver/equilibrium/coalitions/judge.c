/* One thread's search for joint deviations. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is known of a lane: a deviation so far; some member is better off; some comparison could not
 * be decided. */
enum { ALIVE = 1, BETTER = 2, UNSURE = 4 };

dt_status dt_judge_init(dt_judge *judge, const dt_game *game, dt_joint_kind kind,
                        const dt_control *control) {
    *judge = (dt_judge){.game = game, .kind = kind, .control = control};
    dt_exact_init(&judge->other);
    judge->workspace = dt_workspace_new(game);
    return judge->workspace ? DT_OK : DT_ERR_MEMORY;
}

static void frame_free(dt_frame *f, const dt_game *game) {
    for (size_t i = 0; i < game->players; i++)
        dt_exact_clear(&f->exact[i]);
    free(f->row_value);
    free(f->row_bound);
    free(f->state);
    free(f);
}

void dt_judge_clear(dt_judge *judge) {
    for (size_t d = 0; d <= DT_MAX_PLAYERS; d++)
        if (judge->frame[d])
            frame_free(judge->frame[d], judge->game);
    dt_exact_clear(&judge->other);
    dt_workspace_free(judge->game, judge->workspace);
}

static bool stop_asked(const dt_judge *judge) {
    return judge->control && judge->control->stop && *judge->control->stop;
}

static dt_status frame_of(dt_judge *judge, size_t depth, dt_frame **out) {
    if (!judge->frame[depth]) {
        dt_frame *f = calloc(1, sizeof *f);
        if (!f)
            return DT_ERR_MEMORY;
        for (size_t i = 0; i < judge->game->players; i++)
            dt_exact_init(&f->exact[i]);
        judge->frame[depth] = f;
    }
    *out = judge->frame[depth];
    return DT_OK;
}

static dt_status make_room(dt_frame *f, uint32_t lanes) {
    if (f->room >= lanes)
        return DT_OK;
    free(f->row_value);
    free(f->row_bound);
    free(f->state);
    f->row_value = malloc(lanes * sizeof *f->row_value);
    f->row_bound = malloc(lanes * sizeof *f->row_bound);
    f->state = malloc(lanes * sizeof *f->state);
    f->room = f->row_value && f->row_bound && f->state ? lanes : 0;
    return f->room ? DT_OK : DT_ERR_MEMORY;
}

/* One payoff in doubles; what is not finite is compared exactly. */
static dt_status point(dt_judge *judge, size_t player, const uint32_t *profile, double *value,
                       double *bound) {
    uint32_t one[DT_MAX_PLAYERS];
    for (size_t i = 0; i < judge->game->players; i++)
        one[i] = 1;
    return dt_game_block(judge->game, judge->workspace, player, &(dt_box){profile, one}, value,
                         bound);
}

dt_status dt_judge_enter(dt_judge *judge, size_t depth, uint64_t coalition,
                         const uint32_t *before) {
    const dt_game *game = judge->game;
    dt_frame *f;
    dt_status status = frame_of(judge, depth, &f);
    if (status != DT_OK)
        return status;
    f->coalition = coalition;
    f->members = 0;
    for (size_t i = 0; i < game->players; i++) {
        f->before[i] = f->at[i] = before[i];
        f->ready[i] = false;
        if (!(coalition >> i & 1))
            continue;
        if (f->members == 0 || game->player[i].strategies >= game->player[f->over].strategies)
            f->over = i;
        f->member[f->members++] = i;
        status = point(judge, i, before, &f->value[i], &f->bound[i]);
        if (status != DT_OK)
            return status;
    }
    f->rows = 1;
    for (size_t m = 0; m < f->members; m++)
        if (f->member[m] != f->over)
            f->rows *= game->player[f->member[m]].strategies;
    return make_room(f, game->player[f->over].strategies);
}

static dt_status compare_exactly(dt_judge *judge, dt_frame *f, size_t player, const uint32_t *after,
                                 dt_sign *sign) {
    if (stop_asked(judge))
        return DT_ERR_INTERRUPTED;
    dt_status status = DT_OK;
    if (!f->ready[player])
        status = dt_game_exact(judge->game, judge->workspace, player, f->before, &f->exact[player],
                               NULL);
    f->ready[player] = status == DT_OK;
    if (status == DT_OK)
        status = dt_game_exact(judge->game, judge->workspace, player, after, &judge->other, NULL);
    if (status == DT_OK)
        *sign = dt_exact_compare(dt_game_context(judge->game, judge->workspace), &judge->other,
                                 &f->exact[player]);
    return status;
}

/* The sign of the player's gain at `after`, where his payoff is value ± bound. */
static dt_status compare(dt_judge *judge, dt_frame *f, size_t player, const uint32_t *after,
                         double value, double bound, dt_sign *sign) {
    double error = bound + f->bound[player], gain = value - f->value[player];
    if (isfinite(gain) && isfinite(error)) {
        /* without an error the difference has the sign of the comparison, whatever it rounds to */
        double margin = error == 0 ? 0 : error * (1 + 0x1p-40) + fabs(gain) * 0x1p-50;
        if (gain > margin || gain < -margin || error == 0) {
            *sign = gain > 0 ? DT_POSITIVE : gain < 0 ? DT_NEGATIVE : DT_ZERO;
            return DT_OK;
        }
    }
    return compare_exactly(judge, f, player, after, sign);
}

/* What a lane's state becomes by a member's gain. */
static uint8_t weigh(const dt_judge *judge, uint8_t state, dt_sign sign) {
    if (sign == DT_UNDECIDED)
        return state | UNSURE;
    if (sign == DT_POSITIVE)
        return state | BETTER;
    return sign == DT_ZERO && judge->kind == DT_JOINT_WEAK ? state : 0;
}

static dt_truth verdict(uint8_t state) {
    if (!(state & ALIVE))
        return DT_FALSE;
    if (state & UNSURE)
        return DT_UNKNOWN;
    return state & BETTER ? DT_TRUE : DT_FALSE;
}

dt_status dt_judge_profile(dt_judge *judge, size_t depth, const uint32_t *after, dt_truth *better) {
    dt_frame *f = judge->frame[depth];
    uint8_t state = ALIVE;
    dt_status status = DT_OK;
    for (size_t m = 0; m < f->members && state && status == DT_OK; m++) {
        double value, bound;
        dt_sign sign = DT_UNDECIDED;
        status = point(judge, f->member[m], after, &value, &bound);
        if (status == DT_OK)
            status = compare(judge, f, f->member[m], after, value, bound, &sign);
        state = weigh(judge, state, sign);
    }
    *better = verdict(state);
    return status;
}

/* Goes to a row: the members but `over` in mixed radix, the last fastest. */
static void go_to(const dt_game *game, dt_frame *f, uint64_t row) {
    for (size_t m = f->members; m-- > 0;) {
        size_t i = f->member[m];
        if (i == f->over)
            continue;
        f->at[i] = (uint32_t)(row % game->player[i].strategies);
        row /= game->player[i].strategies;
    }
    f->at[f->over] = 0;
}

/* The states of the row's lanes; how many are alive. */
static dt_status weigh_row(dt_judge *judge, dt_frame *f, uint32_t *alive) {
    const dt_game *game = judge->game;
    uint32_t lanes = game->player[f->over].strategies;
    memset(f->state, ALIVE, lanes);
    *alive = lanes;
    dt_status status = DT_OK;
    for (size_t m = 0; m < f->members && *alive && status == DT_OK; m++) {
        size_t i = f->member[m];
        status = dt_game_row(game, judge->workspace, i, f->over, f->at, f->row_value, f->row_bound);
        *alive = 0;
        for (uint32_t s = 0; s < lanes && status == DT_OK; s++) {
            if (!f->state[s])
                continue;
            dt_sign sign = DT_UNDECIDED;
            f->at[f->over] = s;
            status = compare(judge, f, i, f->at, f->row_value[s], f->row_bound[s], &sign);
            f->state[s] = weigh(judge, f->state[s], sign);
            *alive += f->state[s] != 0;
        }
        f->at[f->over] = 0;
    }
    return status;
}

static dt_status blocked(dt_judge *judge, size_t depth, uint64_t coalition, const uint32_t *profile,
                         dt_truth *found);

/* Does no proper part of the coalition have a credible deviation from the profile? Single members
 * first, as they cost least. */
static dt_status self_enforcing(dt_judge *judge, size_t depth, uint64_t coalition,
                                const uint32_t *profile, dt_truth *answer) {
    int members = __builtin_popcountll(coalition);
    *answer = DT_TRUE;
    for (int size = 1; size < members; size++)
        for (uint64_t part = (coalition - 1) & coalition; part; part = (part - 1) & coalition) {
            if (__builtin_popcountll(part) != size)
                continue;
            dt_truth found;
            dt_status status = blocked(judge, depth, part, profile, &found);
            if (status != DT_OK)
                return status;
            if (found == DT_UNKNOWN)
                *answer = DT_UNKNOWN;
            if (found == DT_TRUE) {
                *answer = DT_FALSE;
                return DT_OK;
            }
        }
    return DT_OK;
}

dt_status dt_judge_row(dt_judge *judge, size_t depth, uint64_t row, dt_truth *found,
                       uint32_t *lane) {
    dt_frame *f = judge->frame[depth];
    uint32_t alive;
    *found = DT_FALSE;
    if (stop_asked(judge))
        return DT_ERR_INTERRUPTED;
    go_to(judge->game, f, row);
    dt_status status = weigh_row(judge, f, &alive);
    for (uint32_t s = 0; alive && status == DT_OK && *found != DT_TRUE; s++) {
        if (!f->state[s])
            continue;
        alive--;
        dt_truth here = verdict(f->state[s]), stays = DT_TRUE;
        if (here != DT_FALSE && judge->kind == DT_JOINT_CREDIBLE && f->members > 1) {
            f->at[f->over] = s;
            status = self_enforcing(judge, depth + 1, f->coalition, f->at, &stays);
        }
        if (here == DT_FALSE || stays == DT_FALSE)
            continue;
        *found = here == DT_TRUE && stays == DT_TRUE ? DT_TRUE : DT_UNKNOWN;
        *lane = s;
    }
    return status;
}

/* Does the coalition have a deviation? In this thread alone. */
static dt_status blocked(dt_judge *judge, size_t depth, uint64_t coalition, const uint32_t *profile,
                         dt_truth *found) {
    dt_status status = dt_judge_enter(judge, depth, coalition, profile);
    *found = DT_FALSE;
    for (uint64_t row = 0; status == DT_OK && row < judge->frame[depth]->rows; row++) {
        dt_truth here;
        uint32_t lane;
        status = dt_judge_row(judge, depth, row, &here, &lane);
        if (here != DT_FALSE)
            *found = here;
        if (here == DT_TRUE)
            break;
    }
    return status;
}
