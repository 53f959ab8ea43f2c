/* The smallest change of parameters, by a linear program proven in fractions.
 *
 * Inverse optimisation by linear programming (Ahuja and Orlin 2001), for the incentive constraints
 * of one profile. Where coefficients are irrational, two programs with fractions just inside and
 * just outside of them enclose the optimum: the change that is given solves the inner one, so it
 * surely deters, and no change is smaller than the optimum of the outer one. SPDX: GPL-3.0-or-later
 */
#include <flint/fmpq_vec.h>
#include <stdlib.h>

#include "base/arena.h"
#include "equilibrium/inverse/incentives.h"
#include "equilibrium/shared/ball_number.h"
#include "equilibrium/shared/pool.h"

enum { FIRST_BITS = 128, LAST_BITS = 512, SURE_BITS = 60 };

/* What a round of programs at one precision found. */
typedef struct outcome {
    bool deters;      /* the inner program has a solution */
    bool hopeless;    /* the outer one has none */
    fmpq_t low, high; /* of the optimum, or of the shortfall where nothing deters */
    fmpq *x;          /* moves: of the inner program */
    fmpq *price[2];   /* rows: dual values of the inner and the outer program; where it is hopeless,
                         the   Farkas weights, twice */
    size_t moves, rows;
} outcome;

static void outcome_clear(outcome *o) {
    _fmpq_vec_clear(o->x, (slong)o->moves + 1);
    for (int k = 0; k < 2; k++)
        _fmpq_vec_clear(o->price[k], (slong)o->rows + 1);
    fmpq_clear(o->low);
    fmpq_clear(o->high);
}

static void outcome_init(outcome *o, const dt_incentives *in) {
    *o = (outcome){.moves = in->moves, .rows = in->rows};
    fmpq_init(o->low);
    fmpq_init(o->high);
    o->x = _fmpq_vec_init((slong)in->moves + 1);
    for (int k = 0; k < 2; k++)
        o->price[k] = _fmpq_vec_init((slong)in->rows + 1);
}

static void keep(fmpq *to, const fmpq *from, size_t count) {
    for (size_t i = 0; i < count; i++)
        fmpq_set(to + i, from + i);
}

/* Solves one program; `value` and, where not NULL, moves and dual values are handed out. */
static dt_status solve(dt_incentives *in, const dt_shift_lp *lp, dt_shift_goal goal, fmpq_t value,
                       fmpq *x, fmpq *price) {
    const dt_solve_call *call = in->q->call;
    dt_lp_proof proof;
    dt_status status = dt_shift_solve(lp, goal, dt_control_stop(call->control), &proof);
    if (status == DT_OK && proof.verdict != DT_LP_PROVED) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "inverse: the linear program of %zu deviations and %zu moves could not be "
                    "proven: %s",
                    lp->rows, lp->moves, dt_lp_verdict_text(proof.verdict));
        status = DT_ERR_SOLVER;
    }
    if (status == DT_OK) {
        fmpq_set(value, proof.value);
        if (x)
            keep(x, proof.x, lp->moves);
        if (price)
            keep(price, proof.y, lp->rows);
    }
    dt_lp_proof_clear(&proof);
    return status;
}

/* Of the solutions whose largest change is least, one whose sum of changes is. */
static dt_status tidy(dt_incentives *in, const dt_shift_pair *pair, const fmpq_t most, fmpq *x) {
    dt_shift_lp lp = pair->safe;
    fmpq *cap = _fmpq_vec_init((slong)lp.moves + 1);
    bool *capped = calloc(lp.moves + 1, sizeof *capped);
    fmpq_t value;
    fmpq_init(value);
    for (size_t j = 0; j < lp.moves && capped; j++) {
        fmpq_div(cap + j, most, lp.weight + j);
        if (pair->capped[j] && fmpq_cmp(pair->cap + j, cap + j) < 0)
            fmpq_set(cap + j, pair->cap + j);
        capped[j] = true;
    }
    lp.cap = cap;
    lp.capped = capped;
    dt_status status = capped ? solve(in, &lp, DT_SHIFT_SUM, value, x, NULL) : DT_ERR_MEMORY;
    fmpq_clear(value);
    free(capped);
    _fmpq_vec_clear(cap, (slong)lp.moves + 1);
    return status;
}

static dt_status smallest(dt_incentives *in, const dt_shift_pair *pair, outcome *o) {
    dt_shift_goal goal = in->q->most ? DT_SHIFT_MOST : DT_SHIFT_SUM;
    dt_status status = solve(in, &pair->safe, goal, o->high, o->x, o->price[0]);
    fmpq_set(o->low, o->high);
    keep(o->price[1], o->price[0], o->rows);
    if (status == DT_OK && !in->rational)
        status = solve(in, &pair->loose, goal, o->low, NULL, o->price[1]);
    return status == DT_OK && in->q->most ? tidy(in, pair, o->high, o->x) : status;
}

static dt_status round_at(dt_incentives *in, slong precision, outcome *o) {
    dt_shift_pair pair;
    dt_status status = dt_incentives_enclose(in, precision, &pair);
    if (status == DT_OK)
        status = solve(in, &pair.loose, DT_SHIFT_SHORTFALL, o->low, NULL, o->price[1]);
    o->hopeless = status == DT_OK && fmpq_sgn(o->low) > 0;
    if (status == DT_OK)
        fmpq_set(o->high, o->low);
    keep(o->price[0], o->price[1], o->rows);
    if (status == DT_OK && !in->rational)
        status = solve(in, &pair.safe, DT_SHIFT_SHORTFALL, o->high, NULL, NULL);
    o->deters = status == DT_OK && fmpq_is_zero(o->high);
    if (o->deters)
        status = smallest(in, &pair, o);
    dt_shift_pair_clear(&pair);
    return status;
}

/* Do low and high agree to some 60 bits? */
static bool is_sure(const outcome *o) {
    fmpq_t gap;
    fmpq_init(gap);
    fmpq_sub(gap, o->high, o->low);
    fmpq_mul_2exp(gap, gap, SURE_BITS);
    bool sure = fmpq_cmp(gap, o->high) <= 0;
    fmpq_clear(gap);
    return sure;
}

/* --- the answer --- */

/* A fraction of the answer: as one where all is rational, else the double nearest to it. */
static dt_status number_of(const dt_incentives *in, const fmpq_t x, dt_number *out) {
    if (in->rational || fmpz_is_one(fmpq_denref(x)))
        return dt_inverse_fmpq(in->q, x, out);
    arb_t ball;
    arb_init(ball);
    arb_set_fmpq(ball, x, 256);
    *out = dt_number_from_ball(ball);
    arb_clear(ball);
    return DT_OK;
}

/* All from one fraction to the other. */
static dt_status number_between(const dt_incentives *in, const fmpq_t a, const fmpq_t b,
                                dt_number *out) {
    if (fmpq_equal(a, b))
        return number_of(in, a, out);
    arb_t low, high;
    arb_init(low);
    arb_init(high);
    arb_set_fmpq(low, a, 512);
    arb_set_fmpq(high, b, 512);
    arb_union(low, low, high, 512);
    *out = dt_number_from_ball(low);
    arb_clear(low);
    arb_clear(high);
    return DT_OK;
}

/* The parameters' new values: to[movable]. */
static void new_values(const dt_incentives *in, const fmpq *x, fmpq *to) {
    for (size_t k = 0; k < in->movable->count; k++)
        fmpq_set(to + k, &in->movable->list[k].parameter->value);
    for (size_t j = 0; j < in->moves; j++) {
        fmpq *value = to + in->move[j].parameter;
        if (in->move[j].direction > 0)
            fmpq_add(value, value, x + j);
        else
            fmpq_sub(value, value, x + j);
    }
}

static dt_status report_changes(dt_incentives *in, const fmpq *to) {
    static const char *const column[] = {"parameter", "from", "to", "change", "unit"};
    dt_inverse *q = in->q;
    dt_result_list *list = q->call->results;
    dt_named_table *table =
        dt_result_table(list, q->result, "changes", "Parameters that change", 5, column);
    if (!table)
        return DT_ERR_MEMORY;
    fmpq_t change;
    fmpq_init(change);
    dt_status status = DT_OK;
    for (size_t k = 0; k < in->movable->count && status == DT_OK; k++) {
        const dt_movable *m = &in->movable->list[k];
        fmpq_sub(change, to + k, &m->parameter->value);
        if (fmpq_is_zero(change))
            continue;
        dt_number number[3];
        status = dt_inverse_fmpq(q, &m->parameter->value, &number[0]);
        if (status == DT_OK)
            status = number_of(in, to + k, &number[1]);
        if (status == DT_OK)
            status = number_of(in, change, &number[2]);
        dt_entry *row = status == DT_OK ? dt_result_row(list, table) : NULL;
        if (!row) {
            status = status == DT_OK ? DT_ERR_MEMORY : status;
            break;
        }
        row[0] = dt_entry_text(m->path);
        for (int i = 0; i < 3; i++)
            row[1 + i] = dt_entry_number(number[i]);
        if (m->parameter->unit)
            row[4] = dt_entry_text(m->parameter->unit);
    }
    fmpq_clear(change);
    return status;
}

/* Of the rows with a dual value that is not 0: all of the weights, or the prices. */
static dt_status report_rows(dt_incentives *in, const outcome *o, const char *name,
                             const char *title, const char *last) {
    dt_named_table *table = dt_inverse_deviations(in->q, name, title, last);
    dt_status status = table ? DT_OK : DT_ERR_MEMORY;
    for (size_t r = 0; r < in->rows && status == DT_OK; r++) {
        dt_number gain, price;
        if (fmpq_is_zero(o->price[0] + r) && fmpq_is_zero(o->price[1] + r))
            continue;
        status = dt_inverse_exact(in->q, in->context, &in->gain[r], &gain);
        if (status == DT_OK)
            status = number_between(in, o->price[0] + r, o->price[1] + r, &price);
        if (status == DT_OK)
            status =
                dt_inverse_deviation(in->q, table, in->player[r], in->strategy[r], gain, price);
    }
    return status;
}

/* Certifies the profile in the game with the new values. */
static dt_status verify(dt_incentives *in, const fmpq *to, bool sure) {
    dt_inverse *q = in->q;
    size_t count = in->movable->count;
    dt_substitute *with = calloc(count, sizeof *with);
    if (!with)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < count; k++)
        with[k] = (dt_substitute){in->movable->list[k].parameter, to + k};
    dt_game *changed = NULL;
    dt_workspace *workspace = NULL;
    dt_verdict verdict = {0};
    fmpq_t slack;
    fmpq_init(slack);
    fmpq_neg(slack, q->margin);
    dt_status status = dt_game_build_with(q->game->scenario, with, count, q->call->diag, &changed);
    if (status == DT_OK) {
        workspace = dt_workspace_new(changed);
        status = workspace ? dt_verdict_init(&verdict, changed) : DT_ERR_MEMORY;
    }
    if (status == DT_OK)
        status = dt_certify_profile(changed, workspace, q->profile, slack, q->call->control,
                                    q->call->diag, &verdict);
    if (status == DT_OK)
        status = dt_inverse_conclude(q, &verdict,
                                     !sure          ? DT_CERT_NUMERIC
                                     : in->rational ? DT_CERT_EXACT
                                                    : DT_CERT_BALL);
    if (changed) {
        dt_verdict_clear(&verdict, changed);
        dt_workspace_free(changed, workspace);
    }
    dt_game_free(changed);
    fmpq_clear(slack);
    free(with);
    return status;
}

static dt_status report_solution(dt_incentives *in, const outcome *o, bool sure) {
    dt_inverse *q = in->q;
    dt_number norm, price;
    fmpq_t sum[2];
    for (int k = 0; k < 2; k++) {
        fmpq_init(sum[k]);
        for (size_t r = 0; r < in->rows; r++)
            fmpq_add(sum[k], sum[k], o->price[k] + r);
    }
    fmpq *to = _fmpq_vec_init((slong)in->movable->count + 1);
    new_values(in, o->x, to);
    dt_status status = number_between(in, o->low, o->high, &norm);
    if (status == DT_OK)
        status = number_between(in, sum[0], sum[1], &price);
    if (status == DT_OK)
        status = dt_inverse_value(q, q->most ? "largest_change" : "sum_of_changes", norm);
    if (status == DT_OK)
        status = dt_inverse_value(q, "price_of_margin", price);
    if (status == DT_OK)
        status = report_changes(in, to);
    if (status == DT_OK)
        status = report_rows(in, o, "binding",
                             "Deviations that bind, and what a unit of margin costs", "price");
    if (status == DT_OK)
        status = verify(in, to, sure);
    if (status == DT_OK && !in->rational)
        status = dt_result_note(q->call->results, q->result,
                                "Payoffs are irrational: each change is rounded from a fraction "
                                "that is certified to deter. Prices are those of two linear "
                                "programs just inside and just outside of the true one.");
    _fmpq_vec_clear(to, (slong)in->movable->count + 1);
    fmpq_clear(sum[0]);
    fmpq_clear(sum[1]);
    return status;
}

/* No change does it, or none was found. */
static dt_status report_none(dt_incentives *in, const outcome *o) {
    dt_inverse *q = in->q;
    dt_result_list *list = q->call->results;
    dt_number shortfall;
    dt_status status = number_between(in, o->low, o->high, &shortfall);
    if (status == DT_OK)
        status = dt_inverse_value(q, "shortfall", shortfall);
    if (status == DT_OK)
        status = dt_result_value(list, q->result, "equilibrium_after", dt_entry_truth(DT_FALSE));
    if (status == DT_OK)
        status =
            report_rows(in, o, "not_deterred", "Deviations that cannot all be deterred", "weight");
    q->result->certificate = !o->hopeless   ? DT_CERT_NUMERIC
                             : in->rational ? DT_CERT_EXACT
                                            : DT_CERT_BALL;
    if (status != DT_OK)
        return status;
    return dt_result_note(
        list, q->result,
        o->hopeless
            ? "No change within the ranges does it: whatever the parameters, some deviation gains "
              "more than minus the margin by the shortfall at least. The weights prove it: so does "
              "the weighted sum of the gains."
            : "Whether some change does it could not be decided by enclosures of 512 bits.");
}

dt_status dt_inverse_parameters(dt_inverse *q) {
    dt_movables movable;
    dt_incentives in = {0};
    outcome o = {0};
    dt_status status = dt_movables_choose(q, &movable);
    if (status == DT_OK)
        status = dt_incentives_read(q, &movable, &in);
    if (status == DT_ERR_INPUT && in.open && !dt_request_setting(q->call->request, "parameters"))
        dt_diag_add(q->call->diag, DT_ERROR, q->call->request->place,
                    "inverse: all parameters with a range may move, and the incentives are not "
                    "linear in all of them together: name some, as in "
                    "parameters=\"gain,share.US.CN\"");
    bool sure = false, settled = false;
    for (slong bits = FIRST_BITS; status == DT_OK && !settled; bits *= 2) {
        if (o.x)
            outcome_clear(&o);
        outcome_init(&o, &in);
        status = round_at(&in, bits, &o);
        sure = is_sure(&o);
        settled = in.rational || bits >= LAST_BITS || ((o.deters || o.hopeless) && sure);
    }
    if (status == DT_OK)
        status = o.deters ? report_solution(&in, &o, sure) : report_none(&in, &o);
    if (o.x)
        outcome_clear(&o);
    dt_incentives_clear(&in);
    dt_movables_clear(&movable);
    dt_lp_thread_end();
    return status;
}
