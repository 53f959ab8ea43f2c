/* Pure commitment against any number of followers: see stackelberg.h. SPDX: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/certify.h"
#include "equilibrium/pure/near.h"
#include "equilibrium/pure/pure.h"
#include "equilibrium/shared/outcome.h"
#include "equilibrium/stackelberg/stackelberg.h"
#include "game/committed.h"

/* The best (or worst) value met and the profiles that have it. */
typedef struct selection {
    dt_exact value;
    size_t count;
    uint64_t *profile; /* of the whole game */
    bool undecided;    /* some comparison could not be decided */
} selection;

static void clear(selection *s) {
    dt_exact_clear(&s->value);
    free(s->profile);
}

static dt_status append(selection *s, const uint64_t *profile, size_t count) {
    uint64_t *grown = realloc(s->profile, (s->count + count) * sizeof *grown);
    if (!grown)
        return DT_ERR_MEMORY;
    memcpy(grown + s->count, profile, count * sizeof *grown);
    s->profile = grown;
    s->count += count;
    return DT_OK;
}

/* Profiles of that value: kept if it is the best so far, or as good. `sign`: DT_POSITIVE where more
 * is better. What cannot be told apart is kept. */
static dt_status offer(dt_exact_context *c, selection *s, const dt_exact *value,
                       const uint64_t *profile, size_t count, dt_sign sign) {
    dt_sign order = s->count ? dt_exact_compare(c, value, &s->value) : sign;
    if (order == DT_UNDECIDED)
        s->undecided = true;
    else if (order != DT_ZERO && order != sign)
        return DT_OK;
    if (order == sign) {
        s->count = 0;
        dt_status status = dt_exact_set(&s->value, value);
        if (status != DT_OK)
            return status;
    }
    return append(s, profile, count);
}

typedef struct search {
    const dt_solve_call *call;
    size_t leader;
    dt_ties ties;
    dt_result *result;
    dt_workspace *workspace; /* of the whole game: values are compared in its context */
    selection best;
    dt_named_table *table;
    uint64_t without; /* commitments after which there is no pure equilibrium */
    bool cut;         /* too many candidates somewhere */
    bool numeric;     /* an equilibrium, or which is the best, could not be decided */
    bool irrational;
} search;

/* Followers' equilibria of one commitment: the best or worst of them for the leader. */
static dt_status select_among(search *s, const dt_committed *c, const dt_candidates *candidates,
                              selection *out, uint64_t *equilibria) {
    const dt_game *game = s->call->game;
    dt_workspace *w = dt_workspace_new(&c->game);
    dt_verdict v = {0};
    dt_exact payoff;
    dt_exact_init(&payoff);
    fmpq_t zero;
    fmpq_init(zero);
    dt_status status = w ? dt_verdict_init(&v, &c->game) : DT_ERR_MEMORY;
    for (size_t k = 0; k < candidates->count && status == DT_OK; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(&c->game, candidates->profile[k], profile);
        status =
            dt_certify_profile(&c->game, w, profile, zero, s->call->control, s->call->diag, &v);
        if (status != DT_OK || v.equilibrium == DT_FALSE)
            continue;
        s->numeric |= v.equilibrium == DT_UNKNOWN || v.certificate == DT_CERT_NUMERIC;
        s->irrational |= v.certificate == DT_CERT_BALL;
        ++*equilibria;
        dt_committed_profile(c, profile, profile);
        status = dt_game_exact(game, s->workspace, s->leader, profile, &payoff, s->call->diag);
        uint64_t index = dt_profile_index(game, profile);
        if (status == DT_OK)
            status = offer(dt_game_context(game, s->workspace), out, &payoff, &index, 1,
                           s->ties == DT_TIES_STRONG ? DT_POSITIVE : DT_NEGATIVE);
    }
    s->numeric |= out->undecided;
    fmpq_clear(zero);
    dt_exact_clear(&payoff);
    dt_verdict_clear(&v, &c->game);
    dt_workspace_free(&c->game, w);
    return status;
}

static dt_status list_commitment(search *s, uint32_t strategy, uint64_t equilibria,
                                 const selection *found) {
    dt_result_list *list = s->call->results;
    dt_entry *row = dt_result_row(list, s->table);
    dt_weight *sure = dt_arena_alloc(list->arena, sizeof *sure);
    if (!row || !sure)
        return DT_ERR_MEMORY;
    *sure = (dt_weight){strategy, {1, 0, "1"}};
    row[0] = dt_entry_strategy(s->leader, (dt_mixture){1, sure});
    row[1] = dt_entry_count(equilibria);
    if (!found->count)
        return DT_OK;
    row[2].kind = DT_ENTRY_NUMBER;
    return dt_number_from_exact(list, dt_game_context(s->call->game, s->workspace), &found->value,
                                &row[2].number);
}

static dt_status commit(search *s, uint32_t strategy) {
    dt_control quiet = {0};
    if (s->call->control)
        quiet = *s->call->control;
    quiet.progress = NULL;
    dt_committed c;
    dt_candidates candidates = {0};
    selection found = {.count = 0};
    dt_exact_init(&found.value);
    uint64_t equilibria = 0;
    dt_status status = dt_committed_init(&c, s->call->game, s->leader, strategy);
    if (status == DT_OK)
        status = dt_near_equilibria(&c.game, 0, DT_MOST_ITEMS, &quiet, s->call->diag, &candidates);
    if (status == DT_OK)
        status = select_among(s, &c, &candidates, &found, &equilibria);
    s->cut |= candidates.cut;
    s->without += status == DT_OK && found.count == 0;
    if (status == DT_OK)
        status = list_commitment(s, strategy, equilibria, &found);
    if (status == DT_OK && found.count)
        status = offer(dt_game_context(s->call->game, s->workspace), &s->best, &found.value,
                       found.profile, found.count, DT_POSITIVE);
    clear(&found);
    dt_candidates_clear(&candidates);
    dt_committed_clear(&c);
    return status;
}

/* What a reader must know of commitments that promise nothing. */
static dt_status notes(search *s) {
    const dt_game *game = s->call->game;
    const char *leader = game->player[s->leader].name;
    uint32_t all = game->player[s->leader].strategies;
    dt_status status = DT_OK;
    if (s->without)
        status = dt_result_note(
            s->call->results, s->result,
            "After %llu of the %u commitments of %s the others have no pure equilibrium among "
            "themselves; these promise %s nothing and are left out.",
            (unsigned long long)s->without, all, leader, leader);
    if (status == DT_OK && s->cut)
        status = dt_result_note(s->call->results, s->result,
                                "After some commitment more than %d profiles are candidates for an "
                                "equilibrium of the others; only the first were looked at.",
                                DT_MOST_ITEMS);
    if (status == DT_OK && s->numeric)
        status = dt_result_note(s->call->results, s->result,
                                "Some comparison could not be decided: what may be an equilibrium, "
                                "and what may be best, is kept.");
    return status;
}

static dt_status report(search *s) {
    dt_result *r = s->result;
    dt_result_list *list = s->call->results;
    dt_certificate certificate = s->numeric || s->cut ? DT_CERT_NUMERIC
                                 : s->irrational      ? DT_CERT_BALL
                                                      : DT_CERT_EXACT;
    r->complete = s->numeric || s->cut ? DT_UNKNOWN : DT_TRUE;
    r->item = dt_arena_array(list->arena, s->best.count + 1, sizeof *r->item);
    if (!r->item)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t k = 0; k < s->best.count && status == DT_OK; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(s->call->game, s->best.profile[k], profile);
        dt_item *item = &r->item[r->items++];
        status = dt_outcome_fill(list, s->call->game, s->workspace, profile, s->call->diag, item);
        if (certificate == DT_CERT_NUMERIC || item->certificate == DT_CERT_EXACT)
            item->certificate = certificate;
    }
    if (!r->items)
        r->certificate = certificate;
    return status == DT_OK ? notes(s) : status;
}

dt_status dt_commit_pure(const dt_solve_call *call, size_t leader, dt_ties ties,
                         dt_result *result) {
    static const char *const column[] = {"commitment", "followers_equilibria", "leader_payoff"};
    const dt_control *control = call->control;
    search s = {.call = call, .leader = leader, .ties = ties, .result = result};
    dt_exact_init(&s.best.value);
    s.workspace = dt_workspace_new(call->game);
    s.table = dt_result_table(call->results, result, "commitments", "Each commitment", 3, column);
    dt_status status = s.workspace && s.table ? DT_OK : DT_ERR_MEMORY;
    uint32_t all = call->game->player[leader].strategies;
    for (uint32_t k = 0; k < all && status == DT_OK; k++) {
        if (control && control->progress)
            control->progress(control->user, "commitments tried", k, all);
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
        else
            status = commit(&s, k);
    }
    s.numeric |= s.best.undecided;
    result->searched = call->game->profiles;
    if (status == DT_OK)
        status = report(&s);
    clear(&s.best);
    dt_workspace_free(call->game, s.workspace);
    return status;
}
