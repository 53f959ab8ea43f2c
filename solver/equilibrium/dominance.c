/* Concept "dominance": iterated strict elimination. See dominance.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/dominance.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/dominance/dominance_round.h"
#include "equilibrium/shared/ball_number.h"
#include "lp/lp.h"

enum { FEW_PAYOFFS = 1 << 18 };

dt_status dt_part_init(dt_part_round *part, const dt_game *game, const dt_restriction *left,
                       size_t player, const dt_control *control, dt_diag *diag) {
    size_t n = left->count[player];
    *part = (dt_part_round){.game = game,
                            .left = left,
                            .player = player,
                            .control = control,
                            .diag = diag,
                            .count = (uint32_t)n,
                            .name = left->strategy[player],
                            .rows = dt_restriction_others(left, player)};
    part->best = calloc(n, sizeof *part->best);
    part->near = calloc(n, sizeof *part->near);
    part->trial = calloc(n, sizeof *part->trial);
    part->stays = calloc(n, sizeof *part->stays);
    part->gone = calloc(n, sizeof *part->gone);
    part->open = calloc(n, sizeof *part->open);
    part->by_pure = calloc(n, sizeof *part->by_pure);
    part->by_mixed = calloc(n, sizeof *part->by_mixed);
    if (!part->trial || !part->stays || !part->best || !part->near || !part->gone || !part->open ||
        !part->by_pure || !part->by_mixed)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        part->near[i] = (dt_ranked){INFINITY, UINT64_MAX};
        part->by_pure[i] = UINT32_MAX;
    }
    return dt_pool_init(&part->pool, game, left, player, diag);
}

void dt_part_clear(dt_part_round *part) {
    for (size_t i = 0; i < part->count && part->by_mixed; i++)
        if (part->by_mixed[i])
            _fmpq_vec_clear(part->by_mixed[i], (slong)part->count);
    if (part->pool.workspace)
        dt_pool_clear(&part->pool);
    free(part->low);
    free(part->high);
    free(part->best);
    free(part->near);
    free(part->trial);
    free(part->stays);
    free(part->gone);
    free(part->open);
    free(part->by_pure);
    free(part->by_mixed);
    *part = (dt_part_round){0};
}

int dt_part_threads(const dt_part_round *part) {
    return part->control && part->control->threads > 0 ? part->control->threads
                                                       : omp_get_max_threads();
}

bool dt_part_stopped(const dt_part_round *part) {
    return part->control && part->control->stop && *part->control->stop;
}

/* Appends what a part of a round found. */
static dt_status record(dt_dominance *d, const dt_part_round *part) {
    for (uint32_t s = 0; s < part->count; s++) {
        if (!part->gone[s])
            continue;
        if (d->count == d->room) {
            size_t room = d->room ? 2 * d->room : 64;
            dt_eliminated *larger = realloc(d->eliminated, room * sizeof *larger);
            if (!larger)
                return DT_ERR_MEMORY;
            d->eliminated = larger;
            d->room = room;
        }
        const fmpq *weight = part->by_mixed[s]; /* NULL: a pure strategy dominates */
        size_t support = weight ? 0 : 1;
        for (uint32_t t = 0; t < part->count && weight; t++)
            support += !fmpq_is_zero(weight + t);
        dt_eliminated e = {.round = d->rounds,
                           .player = part->player,
                           .strategy = part->name[s],
                           .count = support};
        e.by = calloc(support, sizeof *e.by);
        if (!e.by)
            return DT_ERR_MEMORY;
        e.weight = _fmpq_vec_init((slong)support);
        size_t next = 0;
        for (uint32_t t = 0; t < part->count; t++) {
            bool pure = part->by_pure[s] == t;
            if (!pure && (!weight || fmpq_is_zero(weight + t)))
                continue;
            e.by[next] = part->name[t];
            if (pure)
                fmpq_one(e.weight + next++);
            else
                fmpq_set(e.weight + next++, weight + t);
        }
        d->eliminated[d->count++] = e;
    }
    return DT_OK;
}

/* Asks which of a player's strategies are dominated in the game left, and notes the answer. */
static dt_status ask(const dt_game *game, size_t p, bool mixed, const dt_control *control,
                     dt_diag *diag, dt_dominance *d, dt_part_round *part) {
    dt_status status = dt_part_init(part, game, &d->left, p, control, diag);
    part->few = d->few;
    if (status == DT_OK)
        status = dt_part_run(part, mixed);
    if (status == DT_OK)
        status = record(d, part);
    for (uint32_t s = 0; s < part->count && status == DT_OK; s++) {
        d->open[p][part->name[s]] = part->open[s];
        d->late = d->late || part->open[s];
    }
    return status;
}

/* Removes what a part of a round found; *lost tells whether that was anything. */
static dt_status apply(dt_dominance *d, dt_part_round *part, bool *lost) {
    bool *keep = calloc(part->count + (size_t)1, sizeof *keep);
    if (!keep)
        return DT_ERR_MEMORY;
    *lost = false;
    for (uint32_t s = 0; s < part->count; s++) {
        keep[s] = !part->gone[s];
        *lost = *lost || part->gone[s];
    }
    if (*lost)
        dt_restriction_keep(&d->left, part->player, keep);
    free(keep);
    return DT_OK;
}

/* Every player but p has to be asked again; without others' losses nothing new can be dominated,
 * for a best reply to a belief stays one. */
static void refresh(bool *fresh, size_t players, size_t p) {
    for (size_t other = 0; other < players; other++)
        fresh[other] = fresh[other] || other != p;
}

static dt_status play_round(const dt_game *game, const dt_control *control, dt_diag *diag,
                            dt_dominance *d, bool *fresh, dt_part_round *part) {
    dt_status status = DT_OK;
    size_t players = game->players;
    d->rounds++;
    for (size_t p = 0; p < players && status == DT_OK; p++)
        if (fresh[p] && d->left.count[p] > 1)
            status = ask(game, p, true, control, diag, d, &part[p]);
    for (size_t p = 0; p < players; p++)
        fresh[p] = false;
    for (size_t p = 0; p < players && status == DT_OK; p++) {
        bool lost = false;
        if (part[p].count)
            status = apply(d, &part[p], &lost);
        if (lost)
            refresh(fresh, players, p);
    }
    for (size_t p = 0; p < players; p++)
        dt_part_clear(&part[p]);
    return status;
}

/* Asks one player, the first that is fresh, with what pure strategies dominate; when all have been
 * asked, with mixed ones; and applies the answer at once. */
static dt_status play_any(const dt_game *game, const dt_control *control, dt_diag *diag,
                          dt_dominance *d, bool *fresh, bool *fresh_mixed, dt_part_round *part) {
    size_t players = game->players, p = 0;
    bool mixed = false, lost = false;
    while (p < players && !fresh[p])
        p++;
    if (p == players) {
        mixed = true;
        for (p = 0; !fresh_mixed[p]; p++) {
        }
    }
    d->rounds++;
    (mixed ? fresh_mixed : fresh)[p] = false;
    dt_status status = DT_OK;
    if (d->left.count[p] > 1)
        status = ask(game, p, mixed, control, diag, d, part);
    if (status == DT_OK && part->count)
        status = apply(d, part, &lost);
    dt_part_clear(part);
    if (lost) {
        refresh(fresh, players, p);
        refresh(fresh_mixed, players, p);
    }
    return status;
}

static bool any_of(const bool *flag, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || flag[i];
    return any;
}

static dt_status prepare(const dt_game *game, dt_dominance *out) {
    dt_status status = dt_restriction_init(&out->left, game);
    out->open = calloc(game->players, sizeof *out->open);
    if (!out->open)
        return DT_ERR_MEMORY;
    for (size_t p = 0; p < game->players && status == DT_OK; p++) {
        out->open[p] = calloc(game->player[p].strategies, sizeof *out->open[p]);
        if (!out->open[p])
            status = DT_ERR_MEMORY;
    }
    return status;
}

dt_status dt_dominance_reduce(const dt_game *game, dt_dominance_order order,
                              const dt_control *control, dt_diag *diag, dt_dominance *out) {
    return dt_dominance_reduce_within(game, order, FEW_PAYOFFS, control, diag, out);
}

dt_status dt_dominance_reduce_within(const dt_game *game, dt_dominance_order order, uint64_t few,
                                     const dt_control *control, dt_diag *diag, dt_dominance *out) {
    size_t players = game->players;
    *out = (dt_dominance){.players = players, .few = few};
    dt_status status = prepare(game, out);
    bool fresh[DT_MAX_PLAYERS], fresh_mixed[DT_MAX_PLAYERS];
    dt_part_round *part = calloc(players, sizeof *part);
    if (status == DT_OK && !part)
        status = DT_ERR_MEMORY;
    for (size_t p = 0; p < players; p++)
        fresh[p] = fresh_mixed[p] = true;
    if (order == DT_DOMINANCE_ROUNDS)
        while (status == DT_OK && any_of(fresh, players))
            status = play_round(game, control, diag, out, fresh, part);
    else
        while (status == DT_OK && (any_of(fresh, players) || any_of(fresh_mixed, players)))
            status = play_any(game, control, diag, out, fresh, fresh_mixed, part);
    free(part);
    for (size_t p = 0; p < players && status == DT_OK; p++)
        for (uint32_t k = 0; k < out->left.count[p]; k++)
            out->undecided = out->undecided || out->open[p][out->left.strategy[p][k]];
    return status;
}

void dt_dominance_clear(dt_dominance *dominance) {
    for (size_t i = 0; i < dominance->count; i++) {
        free(dominance->eliminated[i].by);
        _fmpq_vec_clear(dominance->eliminated[i].weight, (slong)dominance->eliminated[i].count);
    }
    free(dominance->eliminated);
    for (size_t p = 0; p < dominance->players && dominance->open; p++)
        free(dominance->open[p]);
    free(dominance->open);
    if (dominance->left.count)
        dt_restriction_clear(&dominance->left);
    *dominance = (dt_dominance){0};
}

static const dt_key dominance_keys[] = {{0}};

static dt_status report(const dt_solve_call *call, const dt_dominance *d, dt_result *result) {
    struct dt_arena *arena = call->results->arena;
    size_t players = call->game->players;
    result->elimination = dt_arena_array(arena, d->count, sizeof *result->elimination);
    result->remaining = dt_arena_array(arena, players, sizeof *result->remaining);
    result->remaining_strategy = dt_arena_array(arena, players, sizeof *result->remaining_strategy);
    if (!result->elimination || !result->remaining || !result->remaining_strategy)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < d->count; i++) {
        const dt_eliminated *e = &d->eliminated[i];
        dt_elimination *to = &result->elimination[result->eliminations++];
        *to = (dt_elimination){.round = e->round, .player = e->player, .strategy = e->strategy};
        dt_status status =
            dt_mixture_from_weights(call->results, e->count, e->weight, true, &to->by);
        if (status != DT_OK)
            return status;
        for (size_t k = 0; k < e->count; k++)
            to->by.weight[k].strategy = e->by[k];
    }
    for (size_t p = 0; p < players; p++) {
        uint32_t *list = dt_arena_array(arena, d->left.count[p], sizeof *list);
        if (!list)
            return DT_ERR_MEMORY;
        memcpy(list, d->left.strategy[p], d->left.count[p] * sizeof *list);
        result->remaining[p] = d->left.count[p];
        result->remaining_strategy[p] = list;
    }
    return DT_OK;
}

static dt_status dominance_solve(const dt_solve_call *call) {
    dt_result *result = dt_result_add(call->results, "dominance", DT_SHAPE_ELIMINATION);
    if (!result)
        return DT_ERR_MEMORY;
    dt_dominance d;
    dt_status status =
        dt_dominance_reduce(call->game, DT_DOMINANCE_ROUNDS, call->control, call->diag, &d);
    const dt_model_ops *model = call->game->model;
    bool rational = model->rational && model->rational(call->game->self);
    result->certificate = d.undecided ? DT_CERT_NUMERIC : rational ? DT_CERT_EXACT : DT_CERT_BALL;
    result->searched = call->game->profiles;
    if (status == DT_OK)
        status = report(call, &d, result);
    if (status == DT_OK && d.undecided)
        status = dt_result_note(call->results, result,
                                "Every elimination is proven, but some comparisons could not be "
                                "decided; their strategies were kept, and more might go.");
    else if (status == DT_OK && d.late)
        status = dt_result_note(call->results, result,
                                "Every elimination is proven, and so is what remains; whether some "
                                "strategies could have gone a round earlier was not decided.");
    dt_dominance_clear(&d);
    dt_lp_thread_end();
    return status;
}

/* A visit of each player's rows, and often one more, in the first round; little is left then. */
static double dominance_work(const dt_game *game) {
    return 2.0 * (double)game->players * (double)game->profiles;
}

/* The rows that a player knows, four numbers a payoff: a sample of at most 2^21 payoffs, or 64
 * rows; a sixteenth more for what is added. And an LP over those that stay. */
static double dominance_memory(const dt_game *game) {
    double most = 0;
    for (size_t p = 0; p < game->players; p++) {
        double n = game->player[p].strategies, payoffs = (double)game->profiles;
        double known = fmin(payoffs, fmax(fmin(fmax(payoffs / 32, 1 << 18), 1 << 21), 64 * n));
        double columns = fmin(n, 1000);
        most = fmax(most, 45 * known + 600 * columns * columns);
    }
    return most;
}

const dt_concept dt_concept_dominance = {
    .name = "dominance",
    .summary = "iterated elimination of strictly dominated strategies, by pure and mixed ones",
    .keys = dominance_keys,
    .solve = dominance_solve,
    .work = dominance_work,
    .memory = dominance_memory,
};
