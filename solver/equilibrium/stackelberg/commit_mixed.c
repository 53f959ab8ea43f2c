/* Mixed commitment against one follower: what is reported. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/certify.h"
#include "equilibrium/shared/ball_number.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/stackelberg/attained.h"
#include "equilibrium/stackelberg/mixed_commitment.h"

/* An enclosure this narrow, against the size of payoffs, is a ball; a wider one is numeric. */
#define NARROW 1e-12

typedef struct reporter {
    const dt_solve_call *call;
    dt_result *result;
    size_t leader, follower;
    dt_ties ties;
    const dt_commitment *c;
    const dt_commitment_search *s;
    dt_certificate certificate;
    fmpq *x; /* m: scratch */
} reporter;

/* What stands behind the value. */
static dt_certificate certificate_of(const dt_commitment_search *s) {
    if (!s->has_lower || !s->has_upper)
        return DT_CERT_NUMERIC;
    if (s->c->rational && fmpq_equal(s->lower, s->upper))
        return DT_CERT_EXACT;
    fmpq_t gap;
    fmpq_init(gap);
    fmpq_sub(gap, s->upper, s->lower);
    bool narrow = dt_fmpq_double(gap, NULL) <= NARROW * s->c->leader.scale;
    fmpq_clear(gap);
    return narrow ? DT_CERT_BALL : DT_CERT_NUMERIC;
}

/* The reply whose program promises most in doubles. */
static const dt_candidate_reply *best_guess(const dt_commitment_search *s) {
    const dt_candidate_reply *best = s->best;
    for (size_t k = 0; k < s->replies && !s->best; k++) {
        const dt_candidate_reply *r = &s->reply[k];
        if (!r->out && r->answer.outcome == DT_LP_OPTIMAL &&
            (!best || r->answer.value > best->answer.value))
            best = r;
    }
    return best;
}

static dt_status leader_payoff(const reporter *p, dt_number *out) {
    const dt_commitment_search *s = p->s;
    if (s->has_lower && fmpq_equal(s->lower, s->upper) && s->has_upper)
        return dt_number_from_fmpq(p->call->results, s->lower, out);
    const dt_candidate_reply *guess = best_guess(s);
    double low = s->has_lower ? dt_fmpq_double(s->lower, NULL) : guess->answer.value;
    double high = s->has_upper ? dt_fmpq_double(s->upper, NULL) : low;
    for (size_t k = 0; k < s->replies && !s->has_upper; k++)
        if (!s->reply[k].out && isfinite(s->reply[k].bound))
            high = fmax(high, s->reply[k].bound);
    double middle = low / 2 + high / 2;
    *out = dt_number_from_double(middle, fmax(fabs(high - middle), fabs(middle - low)) +
                                             fabs(middle) * 0x1p-51);
    return DT_OK;
}

/* The follower's best reply to x, by exact expectations; of several the worst for the leader. */
static uint32_t worst_best_reply(const reporter *p, const fmpq *x) {
    const dt_commitment *c = p->c;
    fmpq_t best, mine, least, his;
    fmpq_init(best);
    fmpq_init(mine);
    fmpq_init(least);
    fmpq_init(his);
    uint32_t reply = 0;
    for (uint32_t k = 0; k < c->n; k++) {
        dt_commitment_expect(c, &c->follower, x, k, his);
        dt_commitment_expect(c, &c->leader, x, k, mine);
        int order = k ? fmpq_cmp(his, best) : 1;
        if (order > 0 || (order == 0 && fmpq_cmp(mine, least) < 0)) {
            fmpq_set(best, his);
            fmpq_set(least, mine);
            reply = k;
        }
    }
    fmpq_clear(best);
    fmpq_clear(mine);
    fmpq_clear(least);
    fmpq_clear(his);
    return reply;
}

/* The weights of GLPK's solution as rationals that sum to 1. */
static void round_solution(const dt_candidate_reply *r, fmpq *x) {
    fmpq_t sum;
    arf_t a;
    fmpq_init(sum);
    arf_init(a);
    for (size_t i = 0; i < r->m; i++) {
        arf_set_d(a, r->answer.x[i]);
        arf_get_fmpq(x + i, a);
        fmpq_add(sum, sum, x + i);
    }
    for (size_t i = 0; i < r->m && !fmpq_is_zero(sum); i++)
        fmpq_div(x + i, x + i, sum);
    arf_clear(a);
    fmpq_clear(sum);
}

static dt_status fill_mixtures(const reporter *p, const fmpq *x, uint32_t reply,
                               dt_mixture *mixture) {
    dt_result_list *list = p->call->results;
    for (size_t i = 0; i < p->call->game->players; i++) {
        dt_weight *sure = dt_arena_alloc(list->arena, sizeof *sure);
        if (!sure)
            return DT_ERR_MEMORY;
        *sure = (dt_weight){i == p->follower ? reply : 0, {1, 0, "1"}};
        mixture[i] = (dt_mixture){1, sure};
    }
    return dt_mixture_from_weights(list, p->c->m, x, p->certificate == DT_CERT_EXACT,
                                   &mixture[p->leader]);
}

/* An outcome, its incentives checked on the game itself. */
static dt_status add_item(reporter *p, const fmpq *x, uint32_t reply) {
    const dt_game *game = p->call->game;
    dt_result_list *list = p->call->results;
    dt_item *item = &p->result->item[p->result->items];
    *item = (dt_item){
        .strict = DT_UNKNOWN, .pareto_efficient = DT_UNKNOWN, .certificate = p->certificate};
    dt_mixture *mixture = dt_arena_array(list->arena, game->players, sizeof *mixture);
    item->mixture = mixture;
    item->payoff = dt_arena_array(list->arena, game->players, sizeof *item->payoff);
    if (!mixture || !item->payoff)
        return DT_ERR_MEMORY;
    dt_commitment_claim claim = {.leader = p->leader,
                                 .follower = p->follower,
                                 .weight = x,
                                 .reply = reply,
                                 .for_leader = p->ties == DT_TIES_STRONG};
    dt_workspace *w = dt_workspace_new(game);
    dt_verdict v = {0};
    dt_status status = w ? dt_verdict_init(&v, game) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = dt_certify_commitment(game, w, &claim, p->call->control, p->call->diag, &v);
    if (status == DT_OK && v.equilibrium != DT_TRUE && p->certificate != DT_CERT_NUMERIC) {
        dt_diag_add(p->call->diag, DT_ERROR, p->call->request->place,
                    "stackelberg: the certificate of %s's commitment does not hold; this is a "
                    "fault of the program",
                    game->player[p->leader].name);
        status = DT_ERR_SOLVER;
    }
    for (size_t i = 0; i < game->players && status == DT_OK; i++)
        status =
            dt_number_from_exact(list, dt_game_context(game, w), &v.payoff[i], &item->payoff[i]);
    if (status == DT_OK)
        status = fill_mixtures(p, x, reply, mixture);
    p->result->items += status == DT_OK;
    dt_verdict_clear(&v, game);
    dt_workspace_free(game, w);
    return status;
}

/* Where GLPK's answer is all there is: by how much the follower would gain from leaving the reply.
 */
static dt_status note_residual(reporter *p, const dt_candidate_reply *r) {
    const dt_commitment *c = p->c;
    double most = 0;
    for (uint32_t k = 0; k < c->n; k++) {
        double gain = 0;
        for (size_t i = 0; i < c->m; i++)
            gain += r->answer.x[i] *
                    (c->follower.value[i * c->n + k] - c->follower.value[i * c->n + r->lp.reply]);
        most = fmax(most, gain);
    }
    return dt_result_note(
        p->call->results, p->result,
        "The exact step would take longer than its budget, or failed: the "
        "commitment is that of floating-point arithmetic, after which %s gains at "
        "most %.2g by another reply.",
        p->call->game->player[p->follower].name, most);
}

static bool optimal(const dt_commitment_search *s, const dt_candidate_reply *r) {
    return r->settled && !r->out && r->has_lower && fmpq_equal(r->lower, s->lower);
}

static dt_status report_strong(reporter *p) {
    const dt_commitment_search *s = p->s;
    dt_status status = DT_OK;
    if (p->certificate == DT_CERT_EXACT) {
        for (size_t k = 0; k < s->replies && status == DT_OK; k++)
            if (optimal(s, &s->reply[k]))
                status = add_item(p, s->reply[k].x, s->reply[k].lp.reply);
        if (status == DT_OK && p->result->items > 1)
            status = dt_result_note(p->call->results, p->result,
                                    "One optimal commitment is listed for each reply that an "
                                    "optimal one may induce.");
        return status;
    }
    const dt_candidate_reply *r = best_guess(s);
    if (!s->has_lower)
        round_solution(r, p->x);
    status = add_item(p, s->has_lower ? r->x : p->x, r->lp.reply);
    return status == DT_OK && !s->has_lower ? note_residual(p, r) : status;
}

static dt_status add_strategy(reporter *p, const char *name, const fmpq *x) {
    dt_mixture mixture;
    dt_status status = dt_mixture_from_weights(p->call->results, p->c->m, x,
                                               p->certificate == DT_CERT_EXACT, &mixture);
    if (status == DT_OK)
        status = dt_result_value(p->call->results, p->result, name,
                                 dt_entry_strategy(p->leader, mixture));
    return status;
}

static dt_status add_reply(reporter *p, const char *name, uint32_t reply) {
    dt_weight *sure = dt_arena_alloc(p->call->results->arena, sizeof *sure);
    if (!sure)
        return DT_ERR_MEMORY;
    *sure = (dt_weight){reply, {1, 0, "1"}};
    return dt_result_value(p->call->results, p->result, name,
                           dt_entry_strategy(p->follower, (dt_mixture){1, sure}));
}

/* The supremum is not attained: towards what, and from where, commitments come near it. */
static dt_status report_limit(reporter *p) {
    const char *leader = p->call->game->player[p->leader].name;
    const char *follower = p->call->game->player[p->follower].name;
    const dt_candidate_reply *r = p->s->best;
    bool found = false;
    dt_status status = add_strategy(p, "limit_commitment", r->x);
    if (status == DT_OK)
        status = add_reply(p, "induced_reply", r->lp.reply);
    if (status == DT_OK)
        status = dt_mixed_inner(r, dt_control_stop(p->call->control), &found, p->x);
    if (status == DT_OK && found)
        status = add_strategy(p, "inner_commitment", p->x);
    if (status == DT_OK)
        status = dt_result_note(
            p->call->results, p->result,
            "The value is a supremum that no commitment attains: at the limit commitment another "
            "reply is as good for %s and worse for %s. After the inner commitment the induced "
            "reply "
            "is strictly best, so a little of it mixed into the limit commitment comes as near to "
            "the value as one likes.",
            follower, leader);
    return status;
}

static dt_status report_weak(reporter *p) {
    const dt_commitment_search *s = p->s;
    const volatile sig_atomic_t *stop = dt_control_stop(p->call->control);
    bool all_decided = p->certificate == DT_CERT_EXACT;
    dt_status status = DT_OK;
    for (size_t k = 0; k < s->replies && all_decided && status == DT_OK; k++) {
        bool decided, found;
        if (!optimal(s, &s->reply[k]))
            continue;
        status = dt_commitment_attained(p->c, s->reply[k].lp.reply, s->lower, stop, &decided,
                                        &found, p->x);
        all_decided = all_decided && decided;
        if (status == DT_OK && found)
            status = add_item(p, p->x, worst_best_reply(p, p->x));
    }
    dt_truth attained = p->result->items ? DT_TRUE : all_decided ? DT_FALSE : DT_UNKNOWN;
    p->result->complete = attained == DT_FALSE ? DT_TRUE : DT_UNKNOWN;
    if (status == DT_OK)
        status = dt_result_value(p->call->results, p->result, "attained", dt_entry_truth(attained));
    if (status != DT_OK || attained == DT_TRUE)
        return status;
    if (attained == DT_FALSE)
        return report_limit(p);
    const dt_candidate_reply *r = best_guess(s);
    if (!s->has_lower)
        round_solution(r, p->x);
    status = add_strategy(p, "commitment", s->has_lower ? r->x : p->x);
    if (status == DT_OK)
        status = add_reply(p, "induced_reply", r->lp.reply);
    if (status == DT_OK && !s->has_lower)
        return note_residual(p, r);
    return status == DT_OK
               ? dt_result_note(p->call->results, p->result,
                                "The commitment secures the value to within its radius; whether "
                                "some commitment attains it is not decided.")
               : status;
}

static dt_status report(reporter *p) {
    dt_result_list *list = p->call->results;
    const dt_commitment_search *s = p->s;
    if (!best_guess(s)) {
        dt_diag_add(p->call->diag, DT_ERROR, p->call->request->place,
                    "stackelberg: the linear programs of %s's commitment have no answer",
                    p->call->game->player[p->leader].name);
        return DT_ERR_SOLVER;
    }
    p->certificate = certificate_of(s);
    p->x = _fmpq_vec_init((slong)p->c->m);
    p->result->item = dt_arena_array(list->arena, s->replies, sizeof *p->result->item);
    dt_number value;
    dt_status status = p->result->item ? leader_payoff(p, &value) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = dt_result_value(list, p->result, "leader_payoff", dt_entry_number(value));
    p->result->complete = DT_UNKNOWN;
    if (status == DT_OK)
        status = p->ties == DT_TIES_STRONG ? report_strong(p) : report_weak(p);
    if (!p->result->items)
        p->result->certificate = p->certificate;
    _fmpq_vec_clear(p->x, (slong)p->c->m);
    return status;
}

dt_status dt_commit_mixed(const dt_solve_call *call, size_t leader, size_t follower, dt_ties ties,
                          double budget, dt_result *result) {
    dt_commitment c;
    dt_commitment_search s = {.c = NULL};
    reporter p = {.call = call,
                  .result = result,
                  .leader = leader,
                  .follower = follower,
                  .ties = ties,
                  .c = &c,
                  .s = &s};
    dt_status status = dt_commitment_init(&c, call, leader, follower);
    c.budget = budget;
    if (status == DT_OK) {
        status = dt_commitment_search_run(&s, &c, ties, call->control);
        if (status == DT_OK)
            status = report(&p);
        dt_commitment_search_clear(&s);
    }
    dt_commitment_clear(&c);
    dt_lp_thread_end();
    return status;
}
