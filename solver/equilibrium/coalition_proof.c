/* Concept "coalition-proof": pure equilibria from which no coalition gains by a joint deviation
 * that is itself proof against deviations of its parts (Bernheim, Peleg and Whinston 1987).
 *
 * A profile is self-enforcing for a coalition J where no proper part of J has a self-enforcing
 * deviation that makes all of the part better off; it is coalition-proof where it is self-enforcing
 * for all players and no other such profile makes all better off. This is their definition by
 * recursion, with the recursion over parts written out. SPDX: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "equilibrium/coalitions/judge.h"
#include "equilibrium/coalitions/survivors.h"
#include "equilibrium/concepts.h"

static const dt_key proof_keys[] = {{0}};

/* Candidates that a proper coalition leaves fall. */
static dt_status against_parts(const dt_solve_call *call, dt_survivors *s) {
    size_t players = call->game->players;
    uint32_t coalition[1 << DT_MOST_COALITION_PLAYERS];
    size_t count = players > 2 ? dt_coalitions_by_size(players, 2, players - 1, coalition) : 0;
    dt_status status = DT_OK;
    for (size_t k = 0; k < s->count && status == DT_OK; k++)
        for (size_t c = 0; c < count && status == DT_OK && s->stands[k] != DT_FALSE; c++) {
            dt_joint joint;
            status = dt_joint_find(call->game, coalition[c], s->item[k].profile, DT_JOINT_CREDIBLE,
                                   call->control, call->diag, &joint);
            if (status == DT_OK)
                status = dt_survivors_weigh(s, k, coalition[c], &joint);
        }
    return status;
}

/* May `other` be better for all? The doubles nearest to the payoffs are in their order. */
static bool may_be_better(size_t players, const dt_item *item, const dt_item *other) {
    for (size_t i = 0; i < players; i++)
        if (other->payoff[i].value + other->payoff[i].radius <
            item->payoff[i].value - item->payoff[i].radius)
            return false;
    return true;
}

/* Of those that are left, which are all self-enforcing, one falls to another that is better for
 * all; what falls still counts against others. */
static dt_status against_all(const dt_solve_call *call, dt_survivors *s, dt_judge *judge) {
    size_t players = call->game->players;
    uint64_t all = (UINT64_C(1) << players) - 1;
    const volatile sig_atomic_t *stop = call->control ? call->control->stop : NULL;
    dt_status status = DT_OK;
    /* Found here, written down after: stands[] is what others are compared by. */
    dt_joint *joint = calloc(s->count + 1, sizeof *joint);
    if (!joint)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < s->count && status == DT_OK; k++) {
        if (s->stands[k] == DT_FALSE)
            continue;
        if (stop && *stop)
            status = DT_ERR_INTERRUPTED;
        bool entered = false;
        for (size_t o = 0; o < s->count && status == DT_OK && joint[k].found != DT_TRUE; o++) {
            dt_truth better = DT_UNKNOWN;
            if (o == k || s->stands[o] == DT_FALSE ||
                !may_be_better(players, &s->item[k], &s->item[o]))
                continue;
            if (!entered)
                status = dt_judge_enter(judge, 0, all, s->item[k].profile);
            entered = true;
            if (status == DT_OK)
                status = dt_judge_profile(judge, 0, s->item[o].profile, &better);
            if (status != DT_OK || better == DT_FALSE)
                continue;
            joint[k].found = better == DT_TRUE && s->stands[o] == DT_TRUE ? DT_TRUE : DT_UNKNOWN;
            memcpy(joint[k].profile, s->item[o].profile, players * sizeof *joint[k].profile);
        }
    }
    for (size_t k = 0; k < s->count && status == DT_OK; k++)
        if (s->stands[k] != DT_FALSE)
            status = dt_survivors_weigh(s, k, all, &joint[k]);
    free(joint);
    return status;
}

static dt_status proof_solve(const dt_solve_call *call) {
    dt_survivors s;
    dt_status status = dt_survivors_init(&s, call, "coalition-proof");
    if (status == DT_OK)
        status = against_parts(call, &s);
    if (status == DT_OK && call->game->players > 1) {
        dt_judge judge;
        status = dt_judge_init(&judge, call->game, DT_JOINT_STRICT, call->control);
        if (status == DT_OK)
            status = against_all(call, &s, &judge);
        dt_judge_clear(&judge);
    }
    if (status == DT_OK)
        status = dt_survivors_report(
            &s, "Pure Nash equilibria that a coalition leaves for good, all its members gaining");
    dt_survivors_clear(&s);
    return status;
}

const dt_concept dt_concept_coalition_proof = {
    .name = "coalition-proof",
    .summary = "pure equilibria from which no coalition gains by a deviation that its parts keep",
    .keys = proof_keys,
    .has_equilibria = true,
    .solve = proof_solve,
    .work = dt_survivors_work,
    .memory = dt_survivors_memory,
};
