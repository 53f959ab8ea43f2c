/* The smallest change of payoffs, in closed form.
 *
 * Only the payoffs at the profile and after one player's deviation matter, and each belongs to one
 * player. Of a player whose excesses are h_1 >= h_2 >= …, raising his payoff at the profile by t
 * and lowering those after his deviations by d_s must give t + d_s >= h_s. So the sum of changes is
 * at least h_1, which t = h_1 reaches (dual: weight 1 on the worst deviation); threats alone take
 * the sum of all positive h_s (weight 1 on each). The largest change is at least h_1 / 2, which t =
 * d = h_1 / 2 reaches (weight 1/2 on the worst deviation), or h_1 by rewards or threats alone. Of
 * the many changes with the least largest one, that with the least sum is given: t as large as
 * allowed. This is linear programming's inverse optimisation (Ahuja and Orlin 2001) for the
 * incentive constraints of one profile. SPDX: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/inverse/inverse.h"

/* One player's deviations. */
typedef struct excesses {
    uint32_t strategies;
    dt_exact here;    /* his payoff at the profile */
    dt_exact *payoff; /* strategies: after each deviation */
    dt_exact *gain;
    dt_exact *excess;
    dt_sign *sign;    /* of the excess */
    uint32_t worst;   /* the first of the largest excess; strategies: none is positive */
    dt_exact reward;  /* added to the payoff at the profile */
    dt_exact *threat; /* strategies: taken from the payoff after the deviation */
} excesses;

typedef struct search {
    dt_inverse *q;
    dt_inverse_by by;
    dt_workspace *workspace;
    dt_exact_context *context;
    excesses *player;
    dt_exact norm, price; /* price: the sum of the weights */
    size_t worst_player;  /* whose excess is the largest; players: nobody's */
    dt_exact *negative;   /* of changes: threats with their sign */
    dt_payoff_change *change;
    size_t changes;
    bool undecided; /* some order of excesses is not */
} search;

static dt_status open_player(excesses *e, uint32_t strategies) {
    *e = (excesses){.strategies = strategies, .worst = strategies};
    dt_exact_init(&e->here);
    dt_exact_init(&e->reward);
    e->payoff = dt_exact_array_new(strategies);
    e->gain = dt_exact_array_new(strategies);
    e->excess = dt_exact_array_new(strategies);
    e->threat = dt_exact_array_new(strategies);
    e->sign = calloc(strategies, sizeof *e->sign);
    return e->payoff && e->gain && e->excess && e->threat && e->sign ? DT_OK : DT_ERR_MEMORY;
}

static void close_player(excesses *e) {
    if (!e->strategies)
        return;
    dt_exact_clear(&e->here);
    dt_exact_clear(&e->reward);
    dt_exact_array_free(e->payoff, e->strategies);
    dt_exact_array_free(e->gain, e->strategies);
    dt_exact_array_free(e->excess, e->strategies);
    dt_exact_array_free(e->threat, e->strategies);
    free(e->sign);
}

/* x > y? Undecided ones are noted and taken for not. */
static bool above(search *s, const dt_exact *x, const dt_exact *y) {
    dt_sign sign = dt_exact_compare(s->context, x, y);
    s->undecided |= sign == DT_UNDECIDED;
    return sign == DT_POSITIVE;
}

static dt_status failed(dt_exact_fault fault) {
    return fault == DT_EXACT_OK ? DT_OK : DT_ERR_MEMORY;
}

static dt_status read_player(search *s, size_t player) {
    dt_inverse *q = s->q;
    excesses *e = &s->player[player];
    dt_diag *diag = q->call->diag;
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, q->profile, q->game->players * sizeof *at);
    dt_exact margin;
    dt_exact_init(&margin);
    dt_exact_set_fmpq(&margin, q->margin);
    dt_status status = dt_game_exact(q->game, s->workspace, player, at, &e->here, diag);
    for (uint32_t k = 0; k < e->strategies && status == DT_OK; k++) {
        if (k == q->profile[player])
            continue;
        at[player] = k;
        status = dt_inverse_step(q);
        if (status == DT_OK)
            status = dt_game_exact(q->game, s->workspace, player, at, &e->payoff[k], diag);
        if (status == DT_OK)
            status = failed(dt_exact_sub(&e->gain[k], &e->payoff[k], &e->here));
        if (status == DT_OK)
            status = failed(dt_exact_add(&e->excess[k], &e->gain[k], &margin));
        if (status != DT_OK)
            break;
        e->sign[k] = dt_exact_sign(s->context, &e->excess[k]);
        s->undecided |= e->sign[k] == DT_UNDECIDED;
        if (e->sign[k] == DT_POSITIVE &&
            (e->worst == e->strategies || above(s, &e->excess[k], &e->excess[e->worst])))
            e->worst = k;
    }
    dt_exact_clear(&margin);
    if (status == DT_OK && e->worst < e->strategies &&
        (s->worst_player == q->game->players ||
         above(s, &e->excess[e->worst],
               &s->player[s->worst_player].excess[s->player[s->worst_player].worst])))
        s->worst_player = player;
    return status;
}

static const dt_exact *worst_excess(const search *s, size_t player) {
    return &s->player[player].excess[s->player[player].worst];
}

/* The weight of a deviation in the dual program, in halves. */
static slong price_of(const search *s, size_t player, uint32_t strategy) {
    const excesses *e = &s->player[player];
    bool worst = strategy == e->worst;
    if (!s->q->most)
        return s->by == DT_BY_THREAT ? 2 * (e->sign[strategy] == DT_POSITIVE) : 2 * worst;
    return worst && player == s->worst_player ? (s->by == DT_BY_ANY ? 1 : 2) : 0;
}

/* norm and price by the dual solution: sum of weight × excess, sum of weights. */
static dt_status weigh(search *s) {
    dt_exact part;
    dt_exact_init(&part);
    fmpq_t weight;
    fmpq_init(weight);
    dt_status status = DT_OK;
    for (size_t i = 0; i < s->q->game->players; i++)
        for (uint32_t k = 0; k < s->player[i].strategies && status == DT_OK; k++) {
            slong halves = k == s->q->profile[i] ? 0 : price_of(s, i, k);
            if (!halves)
                continue;
            fmpq_set_si(weight, halves, 2);
            status = failed(dt_exact_scale(&part, &s->player[i].excess[k], weight));
            if (status == DT_OK)
                status = failed(dt_exact_add(&s->norm, &s->norm, &part));
            dt_exact_set_fmpq(&part, weight);
            if (status == DT_OK)
                status = failed(dt_exact_add(&s->price, &s->price, &part));
        }
    fmpq_clear(weight);
    dt_exact_clear(&part);
    return status;
}

/* A player's rewards and threats. */
static dt_status choose(search *s, size_t player) {
    excesses *e = &s->player[player];
    if (e->worst == e->strategies)
        return DT_OK;
    const dt_exact *worst = worst_excess(s, player);
    dt_status status = DT_OK;
    if (s->by != DT_BY_THREAT) {
        bool capped = s->q->most && s->by == DT_BY_ANY && above(s, worst, &s->norm);
        status = dt_exact_set(&e->reward, capped ? &s->norm : worst);
    }
    for (uint32_t k = 0; k < e->strategies && status == DT_OK && s->by != DT_BY_REWARD; k++)
        if (e->sign[k] == DT_POSITIVE && above(s, &e->excess[k], &e->reward))
            status = failed(dt_exact_sub(&e->threat[k], &e->excess[k], &e->reward));
    return status;
}

static bool is_zero(const dt_exact *x) {
    return !x->terms && fmpq_is_zero(x->rational);
}

/* One changed payoff: a row of the table, and an entry for the check. */
static dt_status report_change(search *s, dt_named_table *table, size_t player, uint32_t strategy,
                               const dt_exact *from, const dt_exact *change) {
    dt_inverse *q = s->q;
    size_t players = q->game->players;
    dt_result_list *list = q->call->results;
    uint32_t *at = dt_arena_array(list->arena, players, sizeof *at);
    dt_entry *row = dt_result_row(list, table);
    if (!at || !row)
        return DT_ERR_MEMORY;
    memcpy(at, q->profile, players * sizeof *at);
    at[player] = strategy;
    s->change[s->changes++] = (dt_payoff_change){player, dt_profile_index(q->game, at), change};
    dt_exact to;
    dt_exact_init(&to);
    dt_number number[3];
    dt_status status = failed(dt_exact_add(&to, from, change));
    const dt_exact *shown[3] = {from, &to, change};
    for (int i = 0; i < 3 && status == DT_OK; i++)
        status = dt_inverse_exact(q, s->context, shown[i], &number[i]);
    dt_exact_clear(&to);
    if (status != DT_OK)
        return status;
    row[0] = dt_entry_player(player);
    row[1] = dt_entry_text(strategy == q->profile[player] ? "reward" : "threat");
    row[2] = dt_entry_profile(at);
    for (int i = 0; i < 3; i++)
        row[3 + i] = dt_entry_number(number[i]);
    return DT_OK;
}

/* Each player's in the order of his strategies, so that profiles ascend. */
static dt_status report_changes(search *s) {
    static const char *const column[] = {"whose", "as", "at", "from", "to", "change"};
    dt_inverse *q = s->q;
    dt_named_table *table =
        dt_result_table(q->call->results, q->result, "changes", "Payoffs that change", 6, column);
    size_t most = q->deviations + q->game->players;
    s->change = calloc(most, sizeof *s->change);
    s->negative = dt_exact_array_new(most);
    if (!table || !s->change || !s->negative)
        return DT_ERR_MEMORY;
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    dt_status status = DT_OK;
    for (size_t i = 0; i < q->game->players; i++)
        for (uint32_t k = 0; k < s->player[i].strategies && status == DT_OK; k++) {
            excesses *e = &s->player[i];
            bool own = k == q->profile[i];
            const dt_exact *size = own ? &e->reward : &e->threat[k], *change = size;
            if (is_zero(size))
                continue;
            if (!own) {
                change = &s->negative[s->changes];
                status = failed(dt_exact_scale(&s->negative[s->changes], size, minus));
            }
            if (status == DT_OK)
                status = report_change(s, table, i, k, own ? &e->here : &e->payoff[k], change);
        }
    fmpq_clear(minus);
    return status;
}

/* Deviations that gain exactly -margin afterwards. */
static dt_status report_binding(search *s) {
    dt_inverse *q = s->q;
    dt_named_table *table = dt_inverse_deviations(
        q, "binding", "Deviations that bind, and what a unit of margin costs", "price");
    if (!table)
        return DT_ERR_MEMORY;
    dt_exact moved;
    dt_exact_init(&moved);
    fmpq_t price;
    fmpq_init(price);
    dt_status status = DT_OK;
    for (size_t i = 0; i < q->game->players; i++)
        for (uint32_t k = 0; k < s->player[i].strategies && status == DT_OK; k++) {
            const excesses *e = &s->player[i];
            if (k == q->profile[i])
                continue;
            status = failed(dt_exact_add(&moved, &e->reward, &e->threat[k]));
            if (status != DT_OK || dt_exact_compare(s->context, &moved, &e->excess[k]) != DT_ZERO)
                continue;
            dt_number gain, weight;
            fmpq_set_si(price, price_of(s, i, k), 2);
            status = dt_inverse_exact(q, s->context, &e->gain[k], &gain);
            if (status == DT_OK)
                status = dt_inverse_fmpq(q, price, &weight);
            if (status == DT_OK)
                status = dt_inverse_deviation(q, table, i, k, gain, weight);
        }
    fmpq_clear(price);
    dt_exact_clear(&moved);
    return status;
}

static dt_status verify(search *s) {
    dt_inverse *q = s->q;
    dt_verdict verdict;
    dt_status status = dt_verdict_init(&verdict, q->game);
    fmpq_t slack;
    fmpq_init(slack);
    fmpq_neg(slack, q->margin);
    if (status == DT_OK)
        status = dt_certify_changed(q->game, s->workspace, q->profile, s->change, s->changes, slack,
                                    q->call->control, q->call->diag, &verdict);
    if (status == DT_OK)
        status = dt_inverse_conclude(q, &verdict, s->undecided ? DT_CERT_NUMERIC : DT_CERT_EXACT);
    fmpq_clear(slack);
    dt_verdict_clear(&verdict, q->game);
    return status;
}

static dt_status report(search *s) {
    dt_number norm, price;
    dt_status status = dt_inverse_exact(s->q, s->context, &s->norm, &norm);
    if (status == DT_OK)
        status = dt_inverse_exact(s->q, s->context, &s->price, &price);
    if (status == DT_OK)
        status = dt_inverse_value(s->q, s->q->most ? "largest_change" : "sum_of_changes", norm);
    if (status == DT_OK)
        status = dt_inverse_value(s->q, "price_of_margin", price);
    if (status == DT_OK)
        status = report_changes(s);
    if (status == DT_OK)
        status = report_binding(s);
    return status == DT_OK ? verify(s) : status;
}

dt_status dt_inverse_payoffs(dt_inverse *q, dt_inverse_by by) {
    size_t players = q->game->players;
    search s = {.q = q, .by = by, .worst_player = players};
    dt_exact_init(&s.norm);
    dt_exact_init(&s.price);
    s.workspace = dt_workspace_new(q->game);
    s.context = s.workspace ? dt_game_context(q->game, s.workspace) : NULL;
    s.player = calloc(players, sizeof *s.player);
    dt_status status = s.context && s.player ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < players && status == DT_OK; i++) {
        status = open_player(&s.player[i], q->game->player[i].strategies);
        if (status == DT_OK)
            status = read_player(&s, i);
    }
    if (status == DT_OK)
        status = weigh(&s);
    for (size_t i = 0; i < players && status == DT_OK; i++)
        status = choose(&s, i);
    if (status == DT_OK)
        status = report(&s);
    for (size_t i = 0; s.player && i < players; i++)
        close_player(&s.player[i]);
    dt_exact_array_free(s.negative, q->deviations + players);
    free(s.change);
    free(s.player);
    dt_exact_clear(&s.norm);
    dt_exact_clear(&s.price);
    dt_workspace_free(q->game, s.workspace);
    return status;
}
