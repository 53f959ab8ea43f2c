/* Concept "minimax": value and optimal strategies of a two-player constant-sum game (von Neumann
 * 1928). SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/security/guarantee.h"
#include "equilibrium/shared/pool.h"
#include "game/finite.h"
#include "game/rows.h"
#include "lp/lp.h"

static const dt_key minimax_keys[] = {{0}};

/* The visit that checks the sum of payoffs at every profile, first by doubles, then exactly. */
typedef struct sums {
    const dt_game *game;
    const uint32_t *where; /* the profile that sets the constant */
    bool exactly;
    double low, high;  /* of the constant */
    uint64_t first;    /* the first profile found that differs, or UINT64_MAX */
    uint64_t unproven; /* the first that could not be decided */
} sums;

typedef struct sums_local {
    double *value, *bound;
    uint64_t first, unproven;
    bool ready;
    dt_exact constant, here;
} sums_local;

static dt_status exact_sum(const dt_game *game, dt_workspace *workspace, const uint32_t *profile,
                           dt_exact *sum) {
    dt_exact other;
    dt_exact_init(&other);
    dt_status status = dt_game_exact(game, workspace, 0, profile, sum, NULL);
    if (status == DT_OK)
        status = dt_game_exact(game, workspace, 1, profile, &other, NULL);
    if (status == DT_OK && dt_exact_add(sum, sum, &other) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    dt_exact_clear(&other);
    return status;
}

static dt_status sums_open(void *shared, void *local) {
    const sums *s = shared;
    sums_local *l = local;
    size_t lanes = s->game->player[0].strategies;
    l->first = l->unproven = UINT64_MAX;
    dt_exact_init(&l->constant);
    dt_exact_init(&l->here);
    l->value = malloc(lanes * sizeof *l->value);
    l->bound = malloc(lanes * sizeof *l->bound);
    return l->value && l->bound ? DT_OK : DT_ERR_MEMORY;
}

static dt_status sums_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)enough;
    const sums *s = shared;
    sums_local *l = local;
    uint32_t profile[2] = {0, row->profile[1]};
    dt_status status = DT_OK;
    if (!s->exactly) {
        status = dt_finite_row(s->game, row->workspace, 1, 0, profile, l->value, l->bound);
        for (uint32_t i = 0; i < row->lanes && status == DT_OK; i++) {
            double sum = row->value[i] + l->value[i];
            double error = row->bound[i] + l->bound[i] + fabs(sum) * 0x1p-50;
            profile[0] = i;
            if (isfinite(error) && (sum - error > s->high || sum + error < s->low)) {
                uint64_t index = dt_profile_index(s->game, profile);
                l->first = index < l->first ? index : l->first;
            }
        }
        return status;
    }
    if (!l->ready) { /* exact numbers are compared in one context: the thread's */
        status = exact_sum(s->game, row->workspace, s->where, &l->constant);
        l->ready = status == DT_OK;
    }
    for (uint32_t i = 0; i < row->lanes && status == DT_OK; i++) {
        profile[0] = i;
        status = exact_sum(s->game, row->workspace, profile, &l->here);
        if (status != DT_OK)
            break;
        dt_sign sign =
            dt_exact_compare(dt_game_context(s->game, row->workspace), &l->here, &l->constant);
        uint64_t index = dt_profile_index(s->game, profile);
        uint64_t *where = sign == DT_UNDECIDED ? &l->unproven : &l->first;
        if (sign != DT_ZERO && index < *where)
            *where = index;
    }
    return status;
}

static dt_status sums_close(void *shared, void *local) {
    sums *s = shared;
    sums_local *l = local;
    if (l->value) { /* opened */
        s->first = l->first < s->first ? l->first : s->first;
        s->unproven = l->unproven < s->unproven ? l->unproven : s->unproven;
    }
    dt_exact_clear(&l->constant);
    dt_exact_clear(&l->here);
    free(l->value);
    free(l->bound);
    l->value = l->bound = NULL;
    return DT_OK;
}

static dt_status not_constant(const dt_solve_call *call, uint64_t index, const char *how) {
    uint32_t profile[2];
    char text[256];
    dt_profile_decode(call->game, index, profile);
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "minimax applies to constant-sum games: at %s the payoffs' sum %s that of the "
                "first profile; maximin gives each player's security level, pure-nash the "
                "equilibria",
                dt_profile_text(call->game, profile, text, sizeof text), how);
    return DT_ERR_INPUT;
}

/* The doubles find a difference quickly; where there is none every profile is decided exactly. */
static dt_status check_constant_sum(const dt_solve_call *call) {
    const dt_game *game = call->game;
    static const uint32_t origin[2] = {0, 0};
    sums s = {.game = game, .where = origin};
    dt_workspace *workspace = dt_workspace_new(game);
    if (!workspace)
        return DT_ERR_MEMORY;
    dt_exact sum;
    dt_exact_init(&sum);
    dt_status status = dt_game_exact(game, workspace, 0, origin, &sum, call->diag);
    if (status == DT_OK)
        status = dt_game_exact(game, workspace, 1, origin, &sum, call->diag);
    if (status == DT_OK)
        status = exact_sum(game, workspace, origin, &sum);
    if (status == DT_OK) {
        double radius, middle = dt_exact_double(dt_game_context(game, workspace), &sum, &radius);
        radius += fabs(middle) * 0x1p-52;
        s.low = middle - radius;
        s.high = middle + radius;
    }
    dt_exact_clear(&sum);
    dt_workspace_free(game, workspace);
    if (status != DT_OK)
        return status;
    dt_restriction all;
    status = dt_restriction_init(&all, game);
    for (int pass = 0; pass < 2 && status == DT_OK; pass++) {
        s.exactly = pass == 1;
        s.first = s.unproven = UINT64_MAX;
        dt_row_visitor visitor = {.size = sizeof(sums_local),
                                  .shared = &s,
                                  .open = sums_open,
                                  .row = sums_row,
                                  .close = sums_close};
        status =
            dt_rows_visit(game, &all, 0, 0, call->control, "profiles summed", call->diag, &visitor);
        if (status == DT_OK && s.first != UINT64_MAX)
            status = not_constant(call, s.first, "differs from");
        else if (status == DT_OK && s.unproven != UINT64_MAX)
            status = not_constant(call, s.unproven, "cannot be proven equal to");
    }
    if (all.count)
        dt_restriction_clear(&all);
    return status;
}

static dt_status minimax_solve(const dt_solve_call *call) {
    if (call->game->players != 2) {
        dt_diag_add(
            call->diag, DT_ERROR, call->request->place,
            "minimax applies to two-player constant-sum games, and this one has %zu "
            "player%s; maximin gives each player's security level, pure-nash the equilibria",
            call->game->players, call->game->players == 1 ? "" : "s");
        return DT_ERR_INPUT;
    }
    dt_status status = check_constant_sum(call);
    if (status != DT_OK)
        return status;
    dt_result *result = dt_result_add(call->results, "minimax", DT_SHAPE_SECURITY);
    if (!result)
        return DT_ERR_MEMORY;
    result->heading = "value of the game and optimal strategies";
    /* By the minimax theorem the two guarantees add up to the constant: each is solved and proved
     * by itself, and the pair of strategies is optimal. */
    return dt_guarantee_results(call, 0, 2, result);
}

/* Two passes for the sums, of two payoffs each, and the two guarantees. */
static double minimax_work(const dt_game *game) {
    return 4.0 * (double)game->profiles + dt_guarantee_work(game, 1) + dt_guarantee_work(game, 2);
}

static double minimax_memory(const dt_game *game) {
    return fmax(dt_guarantee_memory(game, 1), dt_guarantee_memory(game, 2));
}

const dt_concept dt_concept_minimax = {
    .name = "minimax",
    .summary = "value and optimal strategies of a two-player constant-sum game",
    .keys = minimax_keys,
    .solve = minimax_solve,
    .work = minimax_work,
    .memory = minimax_memory,
};
