/* What the concepts of correlated equilibrium share: see correlation.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/correlation.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "equilibrium/shared/ball_number.h"

/* Beyond this the simplex method is hopeless, and the LP is refused. Profiles are limited by memory
 * only: pricing keeps a double for each. */
#define MOST_ROWS 20000.0

static dt_status check_size(const dt_solve_call *call, const char *who, const dt_restriction *left,
                            bool coarse, dt_keeping keeping) {
    double rows = dt_obedience_rows(left, coarse);
    double bytes = dt_obedience_bytes(call->game, left, keeping);
    double limit = (double)dt_memory_limit();
    if (rows <= MOST_ROWS && bytes <= limit)
        return DT_OK;
    char need[32], have[32];
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "%s: %s the linear program has %.0f profiles and %.0f rows and needs %s; the "
                "limits are %.0f rows and the memory of %s. Use fewer levels, or pure-nash, "
                "dominance and maximin, which take games of this size",
                who, coarse ? "without any reduction" : "after dominance",
                (double)dt_restriction_profiles(left), rows,
                dt_bytes_text(bytes, need, sizeof need), MOST_ROWS,
                dt_bytes_text(limit, have, sizeof have));
    return DT_ERR_INPUT;
}

dt_status dt_correlation_open(dt_correlation *c, const dt_solve_call *call,
                              const char *concept_name, bool coarse, dt_keeping keeping) {
    *c = (dt_correlation){.call = call, .concept_name = concept_name};
    const dt_restriction *left = coarse ? &c->all : &c->reduced.left;
    dt_status status = coarse ? dt_restriction_init(&c->all, call->game)
                              : dt_dominance_reduce(call->game, DT_DOMINANCE_ANY, call->control,
                                                    call->diag, &c->reduced);
    if (status == DT_OK)
        status = check_size(call, concept_name, left, coarse, keeping);
    if (status == DT_OK)
        status =
            dt_obedience_init(&c->o, call->game, left, coarse, keeping, call->control, call->diag);
    if (status == DT_OK)
        status = dt_master_init(&c->master, &c->o, call->control, call->diag);
    return status;
}

void dt_correlation_close(dt_correlation *c) {
    dt_master_clear(&c->master);
    dt_obedience_clear(&c->o);
    dt_dominance_clear(&c->reduced);
    dt_restriction_clear(&c->all);
    dt_lp_thread_end();
}

/* An answer that can be cleared. */
static void answer_init(dt_correlated *out) {
    *out = (dt_correlated){.certificate = DT_CERT_NONE};
    fmpq_init(out->value);
    arb_init(out->value_ball);
}

dt_status dt_correlation_answer(dt_correlation *c, const dt_goal *goal, dt_correlated *out) {
    dt_status status = dt_master_solve(&c->master, goal);
    if (status != DT_OK) {
        answer_init(out);
        return status;
    }
    return dt_correlated_prove(&c->master, out);
}

/* Is the first answer worth less? Of balls the middles decide. */
static bool is_less(const dt_correlated *a, const dt_correlated *b) {
    if (a->rational && b->rational)
        return fmpq_cmp(a->value, b->value) < 0;
    double x = a->rational ? dt_fmpq_double(a->value, NULL)
                           : arf_get_d(arb_midref(a->value_ball), ARF_RND_NEAR);
    double y = b->rational ? dt_fmpq_double(b->value, NULL)
                           : arf_get_d(arb_midref(b->value_ball), ARF_RND_NEAR);
    return x < y;
}

/* The least of all values lies between the least lower and the least upper ends. */
static void widen(dt_correlated *least, const dt_correlated *other) {
    if (least->rational)
        return;
    arb_t ball;
    arb_init(ball);
    if (other->rational)
        arb_set_fmpq(ball, other->value, 256);
    else
        arb_set(ball, other->value_ball);
    arb_min(least->value_ball, least->value_ball, ball, 256);
    if (other->certificate == DT_CERT_NUMERIC && least->certificate != DT_CERT_NUMERIC) {
        least->certificate = DT_CERT_NUMERIC;
        least->why = "the least payoff of some player is not proven";
    }
    arb_clear(ball);
}

dt_status dt_correlation_poorest(dt_correlation *c, dt_correlated *out) {
    dt_status status = DT_OK;
    for (size_t p = 0; p < c->o.players && status == DT_OK; p++) {
        dt_goal goal;
        dt_goal_init(&goal, c->o.players);
        dt_goal_player(&goal, p);
        goal.sign = -1;
        dt_correlated one;
        status = dt_correlation_answer(c, &goal, p == 0 ? out : &one);
        dt_goal_clear(&goal);
        if (p == 0)
            continue;
        if (status == DT_OK) {
            if (is_less(&one, out)) {
                dt_correlated old = *out;
                *out = one;
                one = old;
            }
            widen(out, &one);
        }
        dt_correlated_clear(&one);
    }
    return status;
}

dt_status dt_correlation_atoms(const dt_correlation *c, const dt_correlated *answer, size_t *atoms,
                               dt_atom **atom, dt_number **payoff) {
    const dt_obedience *o = &c->o;
    dt_result_list *list = c->call->results;
    *atoms = 0;
    *atom = dt_arena_array(list->arena, answer->count, sizeof **atom);
    *payoff = dt_arena_array(list->arena, o->players, sizeof **payoff);
    if (!*atom || !*payoff)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t i = 0; i < answer->count && status == DT_OK; i++) {
        uint32_t *profile = dt_arena_array(list->arena, o->players, sizeof *profile);
        if (!profile)
            return DT_ERR_MEMORY;
        dt_obedience_profile(o, answer->profile[i], profile);
        (*atom)[i].profile = profile;
        if (answer->rational)
            status = dt_number_from_fmpq(list, answer->probability + i, &(*atom)[i].probability);
        else
            (*atom)[i].probability = dt_number_from_ball(answer->ball + i);
        *atoms = i + 1;
    }
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        if (answer->rational)
            status = dt_number_from_fmpq(list, answer->payoff + p, &(*payoff)[p]);
        else
            (*payoff)[p] = dt_number_from_ball(answer->payoff_ball + p);
    }
    return status;
}

/* Of payoffs that are kept: reading, and as much again for the program. Of others: a look, a
 * ranking and a dozen pricings for one objective. */
double dt_correlation_work(const dt_game *game) {
    double payoffs = (double)game->players * (double)game->profiles;
    return (8 * payoffs <= DT_KEPT_BYTES ? 8 : 14) * payoffs;
}

double dt_correlation_memory(const dt_game *game) {
    dt_restriction all;
    double bytes = 64e6, limit = (double)dt_memory_limit();
    if (dt_restriction_init(&all, game) == DT_OK)
        bytes += fmin(dt_obedience_bytes(game, &all, DT_KEEP_AS_FITS), limit);
    dt_restriction_clear(&all);
    return bytes;
}
