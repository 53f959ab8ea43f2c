/* Concept "coalitions": what each coalition is worth, and how the worth of all may be divided: the
 * Shapley value, the core, the least core and the nucleolus. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/coalitions/joint.h"
#include "equilibrium/coalitions/worth.h"
#include "equilibrium/concepts.h"
#include "equilibrium/security/guarantee.h"
#include "equilibrium/shared/ball_number.h"
#include "equilibrium/shared/pool.h"
#include "game/team.h"
#include "lp/lp.h"

static const dt_key coalitions_keys[] = {
    {"worth", DT_KEY_WORD, NULL, false,
     "each coalition's worth, \"A = 0; B = 0; A+B = 1\"; by default what it can secure"},
    {0},
};

/* Shapley values of a longer denominator, in bits, are balls: all worths have a part in them, and
 * where all are values of matrix games, with next to nothing in common, the fractions would have
 * hundreds of thousands of digits. */
enum { MOST_BITS = 8192, PRECISION = 512 };

/* The answers, and how far off they may be. */
typedef struct answer {
    const dt_worth *worth;
    fmpq *shapley; /* players */
    dt_division division;
    fmpq_t shapley_radius, nucleolus_radius, excess_radius;
} answer;

/* How far each entry of the prenucleolus may move when no worth moves by more than 1.
 *
 * What coalitions can secure is superadditive: two without a common member can do apart what they
 * do together. So the nucleolus is the prenucleolus (Maschler, Peleg and Shapley 1979). It is a
 * continuous and piecewise linear function of the worths (Kohlberg 1971), so it moves no faster
 * than on the steepest piece. On a piece, x and the levels e_1 … e_m solve x(S) + e_k = v(S) for
 * the coalitions fixed at level k, and x(N) = v(N): n + m independent equations with coefficients 0
 * and 1, m < n, as every level is followed by more rank. An entry of the inverse is a minor divided
 * by the determinant, an integer; a minor of order k of a matrix of 0 and 1 is at most (k + 1)^((k
 * + 1)/2) / 2^k (Hadamard 1893). */
static void steepest(size_t players, fmpq_t most) {
    ulong order = 2 * players - 1;
    mag_t bound;
    mag_init(bound);
    mag_set_ui(bound, order); /* the minors are of order - 1 */
    mag_pow_ui(bound, bound, order);
    mag_sqrt(bound, bound);
    mag_mul_2exp_si(bound, bound, 1 - (slong)order);
    mag_mul_ui(bound, bound, order);
    arf_t a;
    arf_init(a);
    arf_set_mag(a, bound);
    arf_get_fmpq(most, a);
    arf_clear(a);
    mag_clear(bound);
}

/* Does the least common denominator of the worths have no more than MOST_BITS? */
static bool short_fractions(const dt_coalition_game *game) {
    fmpz_t common;
    fmpz_init_set_ui(common, 1);
    bool is_short = true;
    for (size_t c = 1; c < (size_t)1 << game->players && is_short; c++) {
        fmpz_lcm(common, common, fmpq_denref(game->worth + c));
        is_short = fmpz_bits(common) <= MOST_BITS;
    }
    fmpz_clear(common);
    return is_short;
}

/* The Shapley value is a mean of differences of two worths: where these are off by r, by 2 r. */
static void solve_shapley(answer *a) {
    const dt_coalition_game *game = &a->worth->game;
    fmpq_mul_2exp(a->shapley_radius, a->worth->most, 1);
    if (short_fractions(game)) {
        dt_coalition_shapley(game, a->shapley);
        return;
    }
    arb_ptr ball = _arb_vec_init((slong)game->players);
    dt_coalition_shapley_ball(game, PRECISION, ball);
    fmpq_t most, radius;
    arf_t end;
    fmpq_init(most);
    fmpq_init(radius);
    arf_init(end);
    for (size_t i = 0; i < game->players; i++) {
        arf_get_fmpq(a->shapley + i, arb_midref(ball + i));
        arf_set_mag(end, arb_radref(ball + i));
        arf_get_fmpq(radius, end);
        if (fmpq_cmp(radius, most) > 0)
            fmpq_set(most, radius);
    }
    fmpq_add(a->shapley_radius, a->shapley_radius, most);
    arf_clear(end);
    fmpq_clear(most);
    fmpq_clear(radius);
    _arb_vec_clear(ball, (slong)game->players);
}

static dt_status solve_answer(const dt_solve_call *call, answer *a) {
    size_t n = a->worth->game.players;
    solve_shapley(a);
    dt_status status = dt_coalition_divide(&a->worth->game, dt_control_stop(call->control),
                                           call->diag, &a->division);
    dt_lp_thread_end();
    /* Where worths move by r, x + a shift of all by at most r in sum keeps every excess within 2 r.
     */
    fmpq_mul_2exp(a->excess_radius, a->worth->most, 1);
    steepest(n, a->nucleolus_radius);
    fmpq_mul(a->nucleolus_radius, a->nucleolus_radius, a->worth->most);
    return status;
}

/* A fraction where the radius is 0, else a ball. */
static dt_status number(dt_result_list *list, const fmpq_t middle, const fmpq_t radius,
                        dt_entry *out) {
    dt_number value;
    dt_status status = DT_OK;
    if (fmpq_is_zero(radius)) {
        status = dt_number_from_fmpq(list, middle, &value);
    } else {
        arb_t ball, wide;
        arb_init(ball);
        arb_init(wide);
        arb_set_fmpq(ball, middle, PRECISION);
        arb_set_fmpq(wide, radius, 64);
        arb_add_error(ball, wide);
        value = dt_number_from_ball(ball);
        arb_clear(wide);
        arb_clear(ball);
    }
    if (status == DT_OK)
        *out = dt_entry_number(value);
    return status;
}

static dt_status coalition_entry(const dt_solve_call *call, uint32_t coalition, dt_entry *out) {
    char name[1024];
    dt_team_name(call->game, coalition, name, sizeof name);
    const char *kept = dt_arena_copy(call->results->arena, name, strlen(name));
    *out = dt_entry_text(kept);
    return kept ? DT_OK : DT_ERR_MEMORY;
}

static dt_status report_worths(const dt_solve_call *call, const answer *a, dt_result *result,
                               const uint32_t *list, size_t count) {
    static const char *const column[] = {"coalition", "worth"};
    dt_named_table *table =
        dt_result_table(call->results, result, "worths", "What each coalition is worth", 2, column);
    dt_status status = table ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        dt_entry *row = dt_result_row(call->results, table);
        if (!row)
            return DT_ERR_MEMORY;
        status = coalition_entry(call, list[k], &row[0]);
        if (status == DT_OK)
            status = number(call->results, a->worth->game.worth + list[k],
                            a->worth->radius + list[k], &row[1]);
    }
    return status;
}

/* DT_TRUE: the core is not empty. */
static dt_truth core_of(const answer *a) {
    if (!a->division.has_excess)
        return DT_TRUE;
    fmpq_t end;
    fmpq_init(end);
    fmpq_add(end, a->division.excess, a->excess_radius);
    dt_truth core = fmpq_sgn(end) <= 0 ? DT_TRUE : DT_UNKNOWN;
    fmpq_sub(end, a->division.excess, a->excess_radius);
    if (fmpq_sgn(end) > 0)
        core = DT_FALSE;
    fmpq_clear(end);
    return core;
}

/* Is x(S) >= v(S) for all coalitions but that of all, where x(N) = v(N)? x(S) is off by |S| times
 * the radius at most, v(S) by that of the worths. */
static dt_truth shapley_in_core(const answer *a) {
    const dt_coalition_game *game = &a->worth->game;
    size_t n = game->players;
    fmpq_t gap, slack;
    fmpq_init(gap);
    fmpq_init(slack);
    fmpq_mul_si(slack, a->shapley_radius, (slong)n);
    fmpq_add(slack, slack, a->worth->most);
    dt_truth in = DT_TRUE;
    for (uint32_t c = 1; c + 1 < UINT32_C(1) << n && in != DT_FALSE; c++) {
        fmpq_neg(gap, game->worth + c);
        for (size_t i = 0; i < n; i++)
            if (c >> i & 1)
                fmpq_add(gap, gap, a->shapley + i);
        fmpq_sub(gap, gap, slack);
        if (fmpq_sgn(gap) >= 0)
            continue;
        fmpq_add(gap, gap, slack);
        fmpq_add(gap, gap, slack);
        in = fmpq_sgn(gap) < 0 ? DT_FALSE : DT_UNKNOWN;
    }
    fmpq_clear(gap);
    fmpq_clear(slack);
    return in;
}

/* Where worths are balls they are secured, and the middles need not be superadditive. */
static const fmpq *nucleolus_of(const answer *a) {
    return fmpq_is_zero(a->worth->most) ? a->division.nucleolus : a->division.prenucleolus;
}

static dt_status report_divisions(const dt_solve_call *call, const answer *a, dt_truth core,
                                  dt_result *result) {
    static const char *const column[] = {"player", "alone", "shapley_value", "nucleolus",
                                         "core_point"};
    dt_result_list *list = call->results;
    size_t columns = core == DT_TRUE ? 5 : 4;
    dt_named_table *table = dt_result_table(list, result, "divisions",
                                            "How the worth of all may be divided", columns, column);
    dt_status status = table ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < call->game->players && status == DT_OK; i++) {
        dt_entry *row = dt_result_row(list, table);
        if (!row)
            return DT_ERR_MEMORY;
        size_t alone = (size_t)1 << i;
        row[0] = dt_entry_player(i);
        status = number(list, a->worth->game.worth + alone, a->worth->radius + alone, &row[1]);
        if (status == DT_OK)
            status = number(list, a->shapley + i, a->shapley_radius, &row[2]);
        if (status == DT_OK)
            status = number(list, nucleolus_of(a) + i, a->nucleolus_radius, &row[3]);
        if (core == DT_TRUE)
            row[4] = row[3]; /* the nucleolus is in the core */
    }
    return status;
}

/* The coalitions whose weights prove that the core is empty. */
static dt_status report_balance(const dt_solve_call *call, const answer *a, dt_result *result,
                                const uint32_t *list, size_t count) {
    static const char *const column[] = {"coalition", "weight"};
    dt_named_table *table =
        dt_result_table(call->results, result, "balanced_collection",
                        "Why the core is empty: weights that sum to 1 at every player", 2, column);
    dt_status status = table ? DT_OK : DT_ERR_MEMORY;
    fmpq_t zero;
    fmpq_init(zero);
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        if (fmpq_is_zero(a->division.balance + list[k]))
            continue;
        dt_entry *row = dt_result_row(call->results, table);
        status = row ? coalition_entry(call, list[k], &row[0]) : DT_ERR_MEMORY;
        if (status == DT_OK)
            status = number(call->results, a->division.balance + list[k], zero, &row[1]);
    }
    fmpq_clear(zero);
    return status;
}

static dt_status report_notes(const dt_solve_call *call, const answer *a, bool given, dt_truth core,
                              dt_result *result) {
    dt_result_list *list = call->results;
    dt_status status = dt_result_note(
        list, result,
        "%s Payoffs are taken to be transferable: the members of a coalition may share "
        "the sum of theirs as they like.",
        given ? "The worths are given."
              : "A coalition is worth what it can secure to the sum of its members' payoffs, "
                "whatever the others do together.");
    if (status == DT_OK && fmpq_cmp(a->shapley_radius, a->excess_radius) > 0)
        status = dt_result_note(list, result,
                                "The fractions of the Shapley value are too long to be of use: its "
                                "numbers are rounded, within their radius.");
    if (status == DT_OK && core == DT_UNKNOWN)
        status = dt_result_note(list, result,
                                "Whether the core is empty is undecided: the least excess is 0 "
                                "within its radius.");
    if (status == DT_OK && !a->division.rational && fmpq_is_zero(a->worth->most))
        status = dt_result_note(list, result,
                                "The players are worth more alone than together: the prenucleolus "
                                "stands for the nucleolus.");
    return status;
}

static dt_status report_answer(const dt_solve_call *call, const answer *a, bool given) {
    dt_result_list *list = call->results;
    dt_result *result = dt_result_add(list, "coalitions", DT_SHAPE_NAMED);
    size_t count = ((size_t)1 << call->game->players) - 1;
    uint32_t *coalition = dt_arena_array(list->arena, count, sizeof *coalition);
    if (!result || !coalition)
        return DT_ERR_MEMORY;
    dt_coalitions_by_size(call->game->players, 1, call->game->players, coalition);
    result->heading = "what coalitions are worth, and how to divide it";
    result->certificate = fmpq_is_zero(a->worth->most) ? DT_CERT_EXACT : DT_CERT_BALL;
    result->searched = given ? 0 : call->game->profiles;
    dt_truth core = core_of(a);
    dt_entry least = {0};
    dt_status status = DT_OK;
    if (a->division.has_excess)
        status = number(list, a->division.excess, a->excess_radius, &least);
    if (status == DT_OK)
        status = dt_result_value(list, result, "core",
                                 dt_entry_text(core == DT_TRUE    ? "not empty"
                                               : core == DT_FALSE ? "empty"
                                                                  : "undecided"));
    if (status == DT_OK && a->division.has_excess)
        status = dt_result_value(list, result, "least_core", least);
    if (status == DT_OK)
        status = dt_result_value(list, result, "shapley_value_in_core",
                                 dt_entry_truth(shapley_in_core(a)));
    if (status == DT_OK)
        status = report_divisions(call, a, core, result);
    if (status == DT_OK)
        status = report_worths(call, a, result, coalition, count);
    if (status == DT_OK && core == DT_FALSE)
        status = report_balance(call, a, result, coalition, count);
    return status == DT_OK ? report_notes(call, a, given, core, result) : status;
}

static dt_status coalitions_solve(const dt_solve_call *call) {
    const dt_setting *given = dt_request_setting(call->request, "worth");
    size_t n = call->game->players;
    dt_status status =
        dt_coalition_players(call->game, "coalitions", call->request->place, call->diag);
    if (status != DT_OK)
        return status;
    dt_worth worth;
    status = given ? dt_worth_read(call->game, given->text, given->place, call->diag, &worth)
                   : dt_worth_find(call, &worth);
    answer a = {.worth = &worth, .shapley = _fmpq_vec_init((slong)n)};
    fmpq_init(a.shapley_radius);
    fmpq_init(a.nucleolus_radius);
    fmpq_init(a.excess_radius);
    if (status == DT_OK)
        status = solve_answer(call, &a);
    if (status == DT_OK)
        status = report_answer(call, &a, given != NULL);
    if (status == DT_ERR_INPUT && dt_diag_errors(call->diag) == 0)
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "coalitions: a division is beyond the range of a double");
    fmpq_clear(a.shapley_radius);
    fmpq_clear(a.nucleolus_radius);
    fmpq_clear(a.excess_radius);
    _fmpq_vec_clear(a.shapley, (slong)n);
    dt_division_clear(&a.division);
    dt_worth_clear(&worth);
    return status;
}

/* Each coalition's guarantee. */
static double coalitions_work(const dt_game *game) {
    double sum = 0;
    if (game->players > DT_MOST_COALITION_PLAYERS)
        return 0;
    for (uint64_t c = 1; c <= dt_team_all(game); c++)
        sum += dt_guarantee_work(game, c);
    return sum;
}

/* That of the guarantee that takes most. */
static double coalitions_memory(const dt_game *game) {
    double most = 0;
    if (game->players > DT_MOST_COALITION_PLAYERS)
        return 0;
    for (uint64_t c = 1; c <= dt_team_all(game); c++) {
        double bytes = dt_guarantee_memory(game, c);
        most = bytes > most ? bytes : most;
    }
    return most;
}

const dt_concept dt_concept_coalitions = {
    .name = "coalitions",
    .summary = "what coalitions can secure; Shapley value, core, least core and nucleolus",
    .keys = coalitions_keys,
    .solve = coalitions_solve,
    .work = coalitions_work,
    .memory = coalitions_memory,
};
