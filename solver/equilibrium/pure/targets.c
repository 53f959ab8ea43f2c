/* Profiles of which is asked whether another one dominates them. */
#include "equilibrium/pure/targets.h"

#include <math.h>
#include <stdlib.h>

/* --- payoffs --- */

/* An interval of doubles around a payoff. */
static void measure_exact(dt_exact_context *c, const dt_exact *x, double *low, double *high) {
    double radius, d = dt_exact_double(c, x, &radius);
    int same = 0;
    if (dt_exact_is_rational(x))
        dt_fmpq_double(x->rational, &same);
    double room = same ? 0 : radius + fabs(d) * 0x1p-51 + 0x1p-1060;
    *low = isfinite(d) ? d - room : -INFINITY;
    *high = isfinite(d) ? d + room : INFINITY;
}

static dt_status measure(const dt_targets *t, dt_workspace *w, dt_target *target, dt_diag *diag) {
    const dt_game *game = t->game;
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, target->profile, profile);
    dt_exact x;
    dt_exact_init(&x);
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        bool exact;
        const double *view = dt_game_view(game, i, &exact);
        if (view && exact) {
            target->low[i] = target->high[i] = view[target->profile];
            continue;
        }
        status = dt_game_exact(game, w, i, profile, &x, diag);
        if (status == DT_OK)
            measure_exact(dt_game_context(game, w), &x, &target->low[i], &target->high[i]);
    }
    dt_exact_clear(&x);
    return status;
}

/* What a profile is worth against another one. */
typedef struct comparison {
    bool better, worse, unknown; /* for some player */
} comparison;

/* Stops at the first player for whom it is worse. */
static dt_status compare(const dt_game *game, dt_workspace *w, const uint32_t *profile,
                         uint64_t target, comparison *out) {
    uint32_t other[DT_MAX_PLAYERS];
    dt_profile_decode(game, target, other);
    dt_exact x, y;
    dt_exact_init(&x);
    dt_exact_init(&y);
    dt_exact_context *c = dt_game_context(game, w);
    dt_status status = c ? DT_OK : DT_ERR_MEMORY;
    *out = (comparison){false, false, false};
    for (size_t i = 0; i < game->players && !out->worse && status == DT_OK; i++) {
        status = dt_game_exact(game, w, i, profile, &x, NULL);
        if (status == DT_OK)
            status = dt_game_exact(game, w, i, other, &y, NULL);
        if (status != DT_OK)
            break;
        dt_sign sign = dt_exact_compare(c, &x, &y);
        out->better |= sign == DT_POSITIVE;
        out->worse |= sign == DT_NEGATIVE;
        out->unknown |= sign == DT_UNDECIDED;
    }
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    return status;
}

/* --- flags --- */

bool dt_target_open(const dt_target *target) {
    int dominated;
#pragma omp atomic read
    dominated = target->dominated;
    return !dominated;
}

size_t dt_targets_left(const dt_targets *t) {
    size_t open;
#pragma omp atomic read
    open = t->open;
    return open;
}

void dt_target_found(dt_targets *t, dt_target *target, dt_truth dominated) {
    if (dominated == DT_UNKNOWN) {
#pragma omp atomic write
        target->undecided = 1;
    } else if (dominated == DT_TRUE) {
        int before;
#pragma omp atomic capture
        {
            before = target->dominated;
            target->dominated = 1;
        }
        if (!before) {
#pragma omp atomic update
            t->open--;
        }
    }
}

dt_status dt_target_decide(dt_targets *t, dt_target *target, dt_workspace *workspace,
                           const uint32_t *profile) {
    comparison c;
    dt_status status = compare(t->game, workspace, profile, target->profile, &c);
    if (status == DT_OK && !c.worse && (c.better || c.unknown))
        dt_target_found(t, target, c.unknown ? DT_UNKNOWN : DT_TRUE);
    return status;
}

dt_truth dt_target_efficient(const dt_target *target) {
    if (target->same)
        target = target->same;
    return target->dominated ? DT_FALSE : target->undecided ? DT_UNKNOWN : DT_TRUE;
}

/* --- targets among themselves --- */

/* The best for player 0 first, then for player 1, …; high follows low. */
static int by_payoffs(const void *a, const void *b) {
    const dt_target *x = *(dt_target *const *)a, *y = *(dt_target *const *)b;
    for (size_t i = 0; i < 2 * x->players; i++)
        if (x->low[i] != y->low[i])
            return x->low[i] > y->low[i] ? -1 : 1;
    return (x->profile > y->profile) - (x->profile < y->profile);
}

static dt_status are_same(const dt_targets *t, dt_workspace *w, const dt_target *a,
                          const dt_target *b, bool *same) {
    bool exact = true;
    *same = true;
    for (size_t i = 0; i < a->players && *same; i++) {
        *same = a->low[i] == b->low[i] && a->high[i] == b->high[i];
        exact = exact && a->low[i] == a->high[i];
    }
    if (!*same || exact)
        return DT_OK;
    uint32_t profile[DT_MAX_PLAYERS];
    comparison c;
    dt_profile_decode(t->game, a->profile, profile);
    dt_status status = compare(t->game, w, profile, b->profile, &c);
    *same = !c.better && !c.worse && !c.unknown;
    return status;
}

static bool surely_dominates(const dt_target *a, const dt_target *b) {
    bool better = false;
    for (size_t i = 0; i < a->players; i++) {
        if (!(a->low[i] >= b->high[i]))
            return false;
        better = better || a->low[i] > b->high[i];
    }
    return better;
}

/* Keeps in `ordered` those that no other one settles. A dominator is never behind what it
 * dominates; the foremost are asked, whom the others would have to beat most. */
static dt_status settle(dt_targets *t, dt_workspace *w, const dt_control *control) {
    dt_status status = DT_OK;
    dt_target *before = NULL;
    size_t kept = 0;
    for (size_t k = 0; k < t->count && status == DT_OK; k++) {
        dt_target *target = t->ordered[k];
        bool same = false;
        if (before)
            status = are_same(t, w, before, target, &same);
        if (same) {
            target->same = before;
            continue;
        }
        before = target;
        for (size_t j = 0; j < kept && j < DT_TARGETS_AT_ONCE && !target->dominated; j++)
            target->dominated = surely_dominates(t->ordered[j], target);
        if (!target->dominated)
            t->ordered[kept++] = target;
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
    }
    t->left = kept;
    return status;
}

dt_status dt_targets_open(dt_targets *t, const dt_game *game, const uint64_t *profile, size_t count,
                          const dt_control *control, dt_diag *diag) {
    size_t players = game->players;
    *t = (dt_targets){.game = game, .count = count};
    t->target = calloc(count + 1, sizeof *t->target);
    t->ends = malloc((count + 1) * 2 * players * sizeof *t->ends);
    t->ordered = calloc(count + 1, sizeof *t->ordered);
    dt_workspace *w = dt_workspace_new(game);
    dt_status status = t->target && t->ends && t->ordered && w ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        double *low = t->ends + 2 * k * players;
        t->target[k] = (dt_target){
            .profile = profile[k], .players = players, .low = low, .high = low + players};
        t->ordered[k] = &t->target[k];
        status = measure(t, w, &t->target[k], diag);
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
    }
    if (status == DT_OK) {
        qsort(t->ordered, count, sizeof *t->ordered, by_payoffs);
        t->search = t->ordered;
        status = settle(t, w, control);
    }
    dt_workspace_free(game, w);
    return status;
}

void dt_targets_close(dt_targets *t) {
    free(t->target);
    free(t->ends);
    free(t->ordered);
    *t = (dt_targets){0};
}

bool dt_targets_next(dt_targets *t) {
    t->search += t->searched;
    t->searched = t->open = t->left < DT_TARGETS_AT_ONCE ? t->left : DT_TARGETS_AT_ONCE;
    t->left -= t->searched;
    return t->searched > 0;
}
