/* Concept "mixed-nash": all Nash equilibria of a game of two players, in mixed strategies (Nash
 * 1951): the extreme ones, and the maximal Nash subsets that they span.
 *
 * No strategy that iterated strict dominance removes is played in an equilibrium, and the
 * equilibria of the reduced game are those of the game (Osborne and Rubinstein 1994, sections 4.1
 * and 4.2), so the game is reduced first. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "equilibrium/concepts.h"
#include "equilibrium/dominance.h"
#include "equilibrium/mixed/components.h"
#include "equilibrium/mixed/search.h"
#include "equilibrium/shared/ball_number.h"
#include "equilibrium/shared/pool.h"
#include "lp/lp.h"

/* Beyond these the maximal Nash subsets are not listed; a game is refused before it is read. */
enum { MOST_SUBSETS = 100000 };
#define MOST_ENTRIES 4e6
#define MOST_BASES   1e12

/* What a basis takes, and more for each entry of its dictionary: measured. */
#define SECONDS       1e-6
#define SECONDS_ENTRY 1.2e-8

static const dt_key mixed_keys[] = {{0}};

static double bytes_of(double bases) {
    return 20 * bases;
}

/* The rest is for what is told of the equilibria. */
static uint64_t most_bytes(void) {
    uint64_t half = dt_memory_limit() / 2, free = dt_memory_available() / 4 * 3;
    return half < free ? half : free;
}

static dt_status refuse_players(const dt_solve_call *call) {
    if (call->game->players == 2)
        return DT_OK;
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "mixed-nash is for two players, and this game has %zu: pure-nash, epsilon-nash, "
                "correlated and maximin take any number, and `blocs` makes two players of many",
                call->game->players);
    return DT_ERR_INPUT;
}

static dt_status refuse_size(const dt_solve_call *call, size_t m, size_t n, uint64_t visited) {
    char needed[32], there[32], searched[64] = "";
    double bytes = bytes_of(dt_expected_bases(m, n));
    if (visited)
        snprintf(searched, sizeof searched, "%llu bases were visited; ",
                 (unsigned long long)visited);
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "mixed-nash: %zu × %zu strategies are left after dominance, too many: %sa random "
                "game of that size needs about %s, and %s can be used. Use fewer levels, or "
                "pure-nash, correlated and maximin, which take games of this size",
                m, n, searched, dt_bytes_text(bytes, needed, sizeof needed),
                dt_bytes_text((double)most_bytes(), there, sizeof there));
    return DT_ERR_INPUT;
}

/* Games of structure may have far fewer bases than random ones: only what is out of all reach is
 * refused before it is tried, counting equal strategies once. */
static dt_status check_size(const dt_solve_call *call, const dt_bimatrix *b, size_t distinct[2]) {
    dt_status status = dt_bimatrix_distinct(b, distinct);
    if (status == DT_OK && dt_expected_bases(distinct[0], distinct[1]) > MOST_BASES)
        status = refuse_size(call, b->size[0], b->size[1], 0);
    return status;
}

/* A strategy and what the other is paid against it: the same in all equilibria that it is in, since
 * there the other plays best replies. */
typedef struct told {
    dt_mixture mixture;
    dt_number payoff;
} told;

/* Weights to probabilities, by the game's own numbers of strategies. */
static dt_status report_strategy(dt_result_list *list, const dt_game *game,
                                 const dt_restriction *left, size_t p, const fmpz *weight,
                                 dt_mixture *out) {
    size_t all = game->player[p].strategies;
    fmpq *probability = _fmpq_vec_init((slong)all);
    fmpz_t sum;
    fmpz_init(sum);
    _fmpz_vec_sum(sum, weight, (slong)left->count[p]);
    for (size_t i = 0; i < left->count[p]; i++)
        if (!fmpz_is_zero(weight + i))
            fmpq_set_fmpz_frac(probability + left->strategy[p][i], weight + i, sum);
    dt_status status = dt_mixture_from_weights(list, all, probability, true, out);
    fmpz_clear(sum);
    _fmpq_vec_clear(probability, (slong)all);
    return status;
}

/* What p's strategy i pays him: sum over j of weight_j × entry, over the weights' sum, back to his
 * own units. */
static dt_status report_payoff(dt_result_list *list, const dt_bimatrix *b, size_t p, size_t i,
                               const fmpz *weight, dt_number *out) {
    size_t n = b->size[1 - p];
    fmpz_t value, sum;
    fmpq_t payoff;
    fmpz_init(value);
    fmpz_init(sum);
    fmpq_init(payoff);
    for (size_t j = 0; j < n; j++) {
        fmpz_addmul(value, weight + j, b->entry[p] + i * n + j);
        fmpz_add(sum, sum, weight + j);
    }
    fmpz_sub(value, value, sum); /* each entry less 1 */
    fmpq_set_fmpz_frac(payoff, value, sum);
    fmpq_mul(payoff, payoff, &b->unit[p]);
    fmpq_add(payoff, payoff, &b->low[p]);
    dt_status status = dt_number_from_fmpq(list, payoff, out);
    fmpq_clear(payoff);
    fmpz_clear(value);
    fmpz_clear(sum);
    return status;
}

/* All of a player's strategies; the other's payoff by what he plays in the first pair of each. */
static dt_status report_strategies(const dt_solve_call *call, const dt_restriction *left,
                                   const dt_bimatrix *b, const dt_pairs *pairs, size_t p,
                                   told *all) {
    const dt_strategies *set = &pairs->strategy[p];
    dt_status status = DT_OK;
    for (size_t k = 0; k < pairs->count && status == DT_OK; k++) {
        uint32_t own = pairs->pair[k][p];
        if (all[own].mixture.weight)
            continue;
        const fmpz *weight = dt_strategies_get(set, own),
                   *other = dt_pairs_strategy(pairs, k, 1 - p);
        size_t i = 0;
        while (fmpz_is_zero(other + i))
            i++;
        status = report_strategy(call->results, call->game, left, p, weight, &all[own].mixture);
        if (status == DT_OK)
            status = report_payoff(call->results, b, 1 - p, i, weight, &all[own].payoff);
        if (status == DT_OK && call->control && call->control->stop && *call->control->stop)
            status = DT_ERR_INTERRUPTED;
    }
    return status;
}

static dt_status report_items(const dt_solve_call *call, const dt_restriction *left,
                              const dt_bimatrix *b, const dt_pairs *pairs,
                              const dt_components *parts, dt_result *result) {
    dt_arena *arena = call->results->arena;
    told *all[2] = {NULL, NULL};
    dt_status status = DT_OK;
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        all[p] = calloc(pairs->strategy[p].count + 1, sizeof *all[p]);
        status = all[p] ? report_strategies(call, left, b, pairs, p, all[p]) : DT_ERR_MEMORY;
    }
    if (status == DT_OK) {
        result->item = dt_arena_array(arena, pairs->count, sizeof *result->item);
        dt_mixture *mixture = dt_arena_array(arena, 2 * pairs->count, sizeof *mixture);
        dt_number *payoff = dt_arena_array(arena, 2 * pairs->count, sizeof *payoff);
        status = result->item && mixture && payoff ? DT_OK : DT_ERR_MEMORY;
        for (size_t k = 0; k < pairs->count && status == DT_OK; k++) {
            for (size_t p = 0; p < 2; p++) {
                const told *strategy = &all[p][pairs->pair[k][p]];
                mixture[2 * k + p] = strategy->mixture;
                payoff[2 * k + 1 - p] = strategy->payoff;
            }
            result->item[k] = (dt_item){.mixture = mixture + 2 * k,
                                        .payoff = payoff + 2 * k,
                                        .strict = DT_UNKNOWN,
                                        .pareto_efficient = DT_UNKNOWN,
                                        .certificate = DT_CERT_EXACT,
                                        .component = parts->of[k]};
        }
        result->items = status == DT_OK ? pairs->count : 0;
    }
    free(all[0]);
    free(all[1]);
    return status;
}

static dt_status report_subsets(dt_result_list *list, const dt_components *parts,
                                dt_result *result) {
    result->components = parts->components;
    if (parts->too_many)
        return dt_result_note(list, result,
                              "There are more than %d maximal Nash subsets, or they hold more than "
                              "%d equilibria in all; they are not listed.",
                              MOST_SUBSETS, DT_MOST_SUBSET_ENTRIES);
    result->subset = dt_arena_array(list->arena, parts->subsets, sizeof *result->subset);
    if (!result->subset)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < parts->subsets; k++) {
        const dt_subset *from = &parts->subset[k];
        size_t *item = dt_arena_array(list->arena, from->count, sizeof *item);
        if (!item)
            return DT_ERR_MEMORY;
        for (size_t i = 0; i < from->count; i++)
            item[i] = from->pair[i];
        result->subset[result->subsets++] = (dt_nash_subset){from->component, from->count, item};
    }
    return DT_OK;
}

static dt_status solve_reduced(const dt_solve_call *call, const dt_restriction *left) {
    dt_bimatrix b;
    dt_components parts = {0};
    dt_mixed_search search = {.game = &b, .control = call->control, .most_bytes = most_bytes()};
    dt_status status =
        dt_bimatrix_read(call->game, left, call->control, call->request->place, call->diag, &b);
    size_t distinct[2];
    if (status == DT_OK)
        status = check_size(call, &b, distinct);
    if (status == DT_OK)
        status = dt_mixed_search_run(&search);
    if (search.too_large)
        refuse_size(call, b.size[0], b.size[1], search.bases);
    if (status == DT_OK)
        status =
            dt_components_find(&search.pairs, MOST_SUBSETS, dt_control_stop(call->control), &parts);
    dt_result *result =
        status == DT_OK ? dt_result_add(call->results, "mixed-nash", DT_SHAPE_EQUILIBRIA) : NULL;
    if (status == DT_OK && !result)
        status = DT_ERR_MEMORY;
    if (status == DT_OK) {
        result->complete = DT_TRUE;
        status = report_items(call, left, &b, &search.pairs, &parts, result);
    }
    if (status == DT_OK)
        status = report_subsets(call->results, &parts, result);
    dt_components_clear(&parts);
    dt_mixed_search_clear(&search);
    dt_bimatrix_clear(&b);
    return status;
}

/* Where dominance leaves one strategy each, they are the only equilibrium, whatever kind of numbers
 * the payoffs are. */
static dt_status solve_single(const dt_solve_call *call, const dt_restriction *left) {
    dt_result_list *list = call->results;
    dt_workspace *w = dt_workspace_new(call->game);
    dt_result *result = dt_result_add(list, "mixed-nash", DT_SHAPE_EQUILIBRIA);
    dt_item *item = dt_arena_array(list->arena, 1, sizeof *item);
    dt_mixture *mixture = dt_arena_array(list->arena, 2, sizeof *mixture);
    dt_number *number = dt_arena_array(list->arena, 2, sizeof *number);
    dt_nash_subset *subset = dt_arena_array(list->arena, 1, sizeof *subset);
    size_t *first = dt_arena_array(list->arena, 1, sizeof *first);
    dt_status status =
        w && result && item && mixture && number && subset && first ? DT_OK : DT_ERR_MEMORY;
    uint32_t profile[2] = {left->strategy[0][0], left->strategy[1][0]};
    bool rational = true;
    dt_exact payoff;
    dt_exact_init(&payoff);
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        mixture[p].weight = dt_arena_array(list->arena, 1, sizeof *mixture[p].weight);
        if (!mixture[p].weight) {
            status = DT_ERR_MEMORY;
            break;
        }
        mixture[p].count = 1;
        *mixture[p].weight = (dt_weight){profile[p], {1, 0, "1"}};
        status = dt_game_exact(call->game, w, p, profile, &payoff, call->diag);
        rational = rational && dt_exact_is_rational(&payoff);
        if (status == DT_OK)
            status =
                dt_number_from_exact(list, dt_game_context(call->game, w), &payoff, &number[p]);
    }
    if (status == DT_OK) {
        *item = (dt_item){.mixture = mixture,
                          .payoff = number,
                          .strict = DT_UNKNOWN,
                          .pareto_efficient = DT_UNKNOWN,
                          .certificate = rational ? DT_CERT_EXACT : DT_CERT_BALL,
                          .component = 1};
        result->item = item;
        *subset = (dt_nash_subset){1, 1, first};
        result->subset = subset;
        result->items = result->components = result->subsets = 1;
        result->complete = DT_TRUE;
    }
    dt_exact_clear(&payoff);
    if (w)
        dt_workspace_free(call->game, w);
    return status;
}

/* To be cleared also after errors. */
static dt_status reduce(const dt_solve_call *call, dt_dominance *reduced) {
    *reduced = (dt_dominance){0};
    dt_status status = refuse_players(call);
    if (status == DT_OK)
        status =
            dt_dominance_reduce(call->game, DT_DOMINANCE_ANY, call->control, call->diag, reduced);
    if (status != DT_OK)
        return status;
    size_t m = reduced->left.count[0], n = reduced->left.count[1];
    return (double)m * (double)n > MOST_ENTRIES ? refuse_size(call, m, n, 0) : DT_OK;
}

static dt_status mixed_solve(const dt_solve_call *call) {
    dt_dominance reduced;
    dt_status status = reduce(call, &reduced);
    if (status == DT_OK)
        status = reduced.left.count[0] == 1 && reduced.left.count[1] == 1
                     ? solve_single(call, &reduced.left)
                     : solve_reduced(call, &reduced.left);
    dt_dominance_clear(&reduced);
    dt_lp_thread_end();
    return status;
}

/* Of the whole game: what dominance leaves is not known before. The search stops at most_bytes().
 */
static double mixed_memory(const dt_game *game) {
    if (game->players != 2)
        return 0;
    return bytes_of(dt_expected_bases(game->player[0].strategies, game->player[1].strategies));
}

/* As for a random game that has equal strategies once. */
static dt_status forecast_reduced(const dt_solve_call *call, const dt_restriction *left,
                                  dt_forecast *forecast) {
    dt_bimatrix b;
    size_t count[2];
    dt_status status =
        dt_bimatrix_read(call->game, left, call->control, call->request->place, call->diag, &b);
    if (status == DT_OK)
        status = check_size(call, &b, count);
    if (status == DT_OK) {
        int threads = call->control && call->control->threads ? call->control->threads
                                                              : omp_get_max_threads();
        double bases = dt_expected_bases(count[0], count[1]);
        double entries = (double)b.size[0] * (double)b.size[1];
        forecast->seconds = bases * (SECONDS + SECONDS_ENTRY * entries) / (double)threads;
        char bytes[32];
        snprintf(forecast->how, sizeof forecast->how, "%.2g bases of a random %zu × %zu game, %s%s",
                 bases, count[0], count[1], dt_bytes_text(bytes_of(bases), bytes, sizeof bytes),
                 bytes_of(bases) > (double)most_bytes() ? ": too much, it would stop" : "");
    }
    dt_bimatrix_clear(&b);
    return status;
}

static dt_status mixed_expect(const dt_solve_call *call, double patience, dt_forecast *forecast) {
    (void)patience;
    dt_dominance reduced;
    dt_status status = reduce(call, &reduced);
    if (status == DT_OK && (reduced.left.count[0] > 1 || reduced.left.count[1] > 1))
        status = forecast_reduced(call, &reduced.left, forecast);
    dt_dominance_clear(&reduced);
    dt_lp_thread_end();
    return status;
}

const dt_concept dt_concept_mixed_nash = {
    .name = "mixed-nash",
    .summary = "all mixed equilibria of two players: extreme ones, maximal Nash subsets",
    .keys = mixed_keys,
    .has_equilibria = true,
    .solve = mixed_solve,
    .memory = mixed_memory,
    .expect = mixed_expect,
};
