/* Pure equilibria with a given slack. */
#include "equilibrium/pure/pure.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/certify.h"
#include "equilibrium/pure/near.h"
#include "equilibrium/shared/outcome.h"

/* What the threads that decide candidates share. */
typedef struct decision {
    const dt_solve_call *call;
    const fmpq *slack;
    const dt_candidates *candidates;
    dt_item *item;   /* one a candidate; profile NULL: not an equilibrium */
    bool *undecided; /* kept although it could not be decided */
    size_t next;
    omp_lock_t lock; /* over the result list and the status */
    dt_status status;
} decision;

/* Numbers into the result list's arena, one thread at a time. */
static dt_status fill_numbers(decision *d, dt_workspace *w, const dt_verdict *v, dt_item *item) {
    const dt_game *game = d->call->game;
    dt_result_list *list = d->call->results;
    dt_exact_context *c = dt_game_context(game, w);
    item->payoff = dt_arena_array(list->arena, game->players, sizeof *item->payoff);
    bool regrets = !fmpq_is_zero(d->slack);
    if (regrets)
        item->regret = dt_arena_array(list->arena, game->players, sizeof *item->regret);
    if (!item->payoff || (regrets && !item->regret))
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        status = dt_number_from_exact(list, c, &v->payoff[i], &item->payoff[i]);
        if (status == DT_OK && regrets)
            status = dt_number_from_exact(list, c, &v->regret[i], &item->regret[i]);
    }
    return status;
}

/* With slack, a profile may be no Nash equilibrium at all: then it is neither strict nor weak. */
static dt_truth strict_of(const dt_game *game, const dt_verdict *v) {
    for (size_t i = 0; i < game->players; i++)
        if (!dt_exact_is_rational(&v->regret[i]) || !fmpq_is_zero(v->regret[i].rational))
            return DT_UNKNOWN;
    return v->strict;
}

static dt_status decide(decision *d, dt_workspace *w, dt_verdict *v, size_t k) {
    const dt_game *game = d->call->game;
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, d->candidates->profile[k], profile);
    /* payoffs were verified to exist: no error is expected, and none may be added by a thread */
    dt_status status = dt_certify_profile(game, w, profile, d->slack, d->call->control, NULL, v);
    if (status != DT_OK || v->equilibrium == DT_FALSE)
        return status;
    dt_item *item = &d->item[k];
    omp_set_lock(&d->lock);
    status = fill_numbers(d, w, v, item);
    if (status == DT_OK)
        status = dt_outcome_split(d->call->results, game, w, profile, item);
    uint32_t *kept = dt_arena_array(d->call->results->arena, game->players, sizeof *kept);
    omp_unset_lock(&d->lock);
    if (status == DT_OK && !kept)
        status = DT_ERR_MEMORY;
    if (status == DT_OK)
        memcpy(kept, profile, game->players * sizeof *kept);
    item->profile = kept;
    item->strict = strict_of(game, v);
    item->pareto_efficient = DT_UNKNOWN;
    item->certificate = v->certificate;
    d->undecided[k] = v->equilibrium == DT_UNKNOWN;
    return status;
}

static void report(const decision *d, size_t decided) {
    const dt_control *control = d->call->control;
    if (control && control->progress && d->candidates->count)
        control->progress(control->user, "candidates decided", decided, d->candidates->count);
}

static void decide_some(decision *d, bool first) {
    const dt_control *control = d->call->control;
    dt_workspace *w = dt_workspace_new(d->call->game);
    dt_verdict v = {0};
    dt_status status = w ? dt_verdict_init(&v, d->call->game) : DT_ERR_MEMORY;
    while (status == DT_OK) {
        size_t k;
#pragma omp atomic capture
        k = d->next++;
        if (k >= d->candidates->count)
            break;
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
        else
            status = decide(d, w, &v, k);
        if (status == DT_OK && first)
            report(d, k + 1);
    }
    dt_verdict_clear(&v, d->call->game);
    dt_workspace_free(d->call->game, w);
    omp_set_lock(&d->lock);
    if (d->status == DT_OK)
        d->status = status;
    omp_unset_lock(&d->lock);
}

/* Decides all candidates; items stay in the order of profiles whatever the threads. */
static dt_status decide_all(decision *d) {
    const dt_control *control = d->call->control;
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    if ((size_t)threads > d->candidates->count)
        threads = d->candidates->count ? (int)d->candidates->count : 1;
    report(d, 0);
    omp_init_lock(&d->lock);
    if (threads == 1) {
        decide_some(d, true);
    } else {
#pragma omp parallel num_threads(threads)
        {
            bool first = omp_get_thread_num() == 0;
            decide_some(d, first);
            if (!first)
                flint_cleanup();
        }
    }
    omp_destroy_lock(&d->lock);
    return d->status;
}

/* The threads add no diagnostics: the first candidate that failed is decided once more to say why.
 */
static dt_status explain_failure(decision *d) {
    const dt_game *game = d->call->game;
    dt_workspace *w = dt_workspace_new(game);
    dt_verdict v = {0};
    dt_status status = w ? dt_verdict_init(&v, game) : DT_ERR_MEMORY;
    for (size_t k = 0; k < d->candidates->count && status == DT_OK; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(game, d->candidates->profile[k], profile);
        status =
            dt_certify_profile(game, w, profile, d->slack, d->call->control, d->call->diag, &v);
    }
    dt_verdict_clear(&v, game);
    dt_workspace_free(game, w);
    return status;
}

double dt_slack_above(const fmpq_t slack) {
    arb_t ball;
    arf_t high;
    arb_init(ball);
    arf_init(high);
    arb_set_fmpq(ball, slack, 64);
    arb_get_ubound_arf(high, ball, 64);
    double above = arf_get_d(high, ARF_RND_UP);
    arf_clear(high);
    arb_clear(ball);
    return above;
}

dt_status dt_pure_equilibria(const dt_solve_call *call, const fmpq_t slack, dt_result *result) {
    dt_candidates candidates;
    dt_status status = dt_near_equilibria(call->game, dt_slack_above(slack), DT_MOST_ITEMS,
                                          call->control, call->diag, &candidates);
    decision d = {.call = call, .slack = slack, .candidates = &candidates};
    size_t room = candidates.count ? candidates.count : 1;
    d.item = calloc(room, sizeof *d.item);
    d.undecided = calloc(room, sizeof *d.undecided);
    if (status == DT_OK) {
        status = d.item && d.undecided ? decide_all(&d) : DT_ERR_MEMORY;
        if (status == DT_ERR_INPUT)
            status = explain_failure(&d);
    }
    if (status == DT_OK) {
        result->item = dt_arena_array(call->results->arena, room, sizeof *result->item);
        status = result->item ? DT_OK : DT_ERR_MEMORY;
    }
    size_t numeric = 0;
    for (size_t k = 0; k < candidates.count && status == DT_OK; k++)
        if (d.item[k].profile) {
            numeric += d.undecided[k];
            result->item[result->items++] = d.item[k];
        }
    result->searched = call->game->profiles;
    result->complete = candidates.cut ? DT_FALSE : DT_TRUE;
    if (status == DT_OK && candidates.cut)
        status = dt_result_note(call->results, result,
                                "More than %d profiles are candidates; only the first were looked "
                                "at, and the list is not complete.",
                                DT_MOST_ITEMS);
    if (status == DT_OK && numeric) {
        dt_diag_add(call->diag, DT_WARNING, DT_NOWHERE,
                    "%s: %zu profile%s could not be decided with balls of 4096 bits and %s listed "
                    "as numeric",
                    result->concept_name, numeric, numeric == 1 ? "" : "s",
                    numeric == 1 ? "is" : "are");
        status = dt_result_note(call->results, result,
                                "%zu listed profile%s could not be decided: numeric.", numeric,
                                numeric == 1 ? "" : "s");
    }
    free(d.item);
    free(d.undecided);
    dt_candidates_clear(&candidates);
    return status;
}
