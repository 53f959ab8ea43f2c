/* Concept "correlated": optimal correlated equilibria (Aumann 1974, 1987).
 *
 * A correlated equilibrium puts no weight on strategies that iterated strict dominance removes, and
 * those of the reduced game are those of the game (Aumann 1987; Osborne and Rubinstein 1994,
 * section 4.2: what is played is rationalisable), so the game is reduced first. SPDX:
 * GPL-3.0-or-later */
#include <string.h>

#include "base/arena.h"
#include "equilibrium/concepts.h"
#include "equilibrium/correlation/correlated_lp.h"
#include "equilibrium/dominance.h"
#include "equilibrium/shared/ball_number.h"
#include "lp/lp.h"

/* Beyond these the LP is refused. */
#define MOST_NONZEROS 2e7
#define MOST_ROWS     20000.0

static const dt_key correlated_keys[] = {
    {"objective", DT_KEY_WORD, NULL, false, "\"welfare\" (the sum of payoffs) or a player's name"},
    {"sense", DT_KEY_WORD, "max|min", false, "best or worst"},
    {0},
};

/* The players whose payoffs add up to an objective: `first` ≤ p < `end`. */
typedef struct objective {
    const char *name;
    size_t first, end;
} objective;

static objective objective_at(const dt_game *game, size_t i) {
    if (i == 0)
        return (objective){"welfare", 0, game->players};
    return (objective){game->player[i - 1].name, i - 1, i};
}

/* Which objectives are asked for: from *first to *end of welfare, player 1, 2, … */
static dt_status choose(const dt_solve_call *call, size_t *first, size_t *end, bool wanted[2]) {
    const dt_setting *name = dt_request_setting(call->request, "objective");
    const dt_setting *sense = dt_request_setting(call->request, "sense");
    wanted[0] = !sense || strcmp(sense->text, "max") == 0;
    wanted[1] = !sense || strcmp(sense->text, "min") == 0;
    *first = 0;
    *end = call->game->players + 1;
    if (!wanted[0] && !wanted[1]) {
        dt_diag_add(call->diag, DT_ERROR, sense->place,
                    "correlated: sense is \"max\" or \"min\", not '%s'", sense->text);
        return DT_ERR_INPUT;
    }
    for (size_t i = 0; name && i <= call->game->players; i++)
        if (strcmp(objective_at(call->game, i).name, name->text) == 0) {
            *first = i;
            *end = i + 1;
            return DT_OK;
        }
    if (!name)
        return DT_OK;
    dt_diag_add(call->diag, DT_ERROR, name->place,
                "correlated: the objective is \"welfare\" or a player's name, not '%s'",
                name->text);
    return DT_ERR_INPUT;
}

static dt_status check_size(const dt_solve_call *call, const dt_restriction *left) {
    double rows = 1, nonzeros = dt_obedience_nonzeros(left);
    for (size_t p = 0; p < left->players; p++)
        rows += left->count[p] * (left->count[p] - 1.0);
    if (nonzeros <= MOST_NONZEROS && rows <= MOST_ROWS)
        return DT_OK;
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "correlated: after dominance the linear program has %.0f profiles, %.0f rows and "
                "%.3g nonzeros; the limit is %.0f rows and %.0e nonzeros. Use fewer levels, or "
                "pure-nash, dominance and maximin, which take games of this size",
                (double)dt_restriction_profiles(left), rows, nonzeros, MOST_ROWS, MOST_NONZEROS);
    return DT_ERR_INPUT;
}

static dt_status report_atoms(const dt_obedience *o, const dt_correlated *c, dt_result_list *list,
                              dt_result *result) {
    result->atom = dt_arena_array(list->arena, c->count, sizeof *result->atom);
    result->payoff = dt_arena_array(list->arena, o->players, sizeof *result->payoff);
    if (!result->atom || !result->payoff)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t i = 0; i < c->count && status == DT_OK; i++) {
        dt_atom *atom = &result->atom[i];
        uint32_t *profile = dt_arena_array(list->arena, o->players, sizeof *profile);
        if (!profile)
            return DT_ERR_MEMORY;
        dt_obedience_profile(o, c->profile[i], profile);
        atom->profile = profile;
        if (c->rational)
            status = dt_number_from_fmpq(list, c->probability + i, &atom->probability);
        else
            atom->probability = dt_number_from_ball(c->ball + i);
        result->atoms++;
    }
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        if (c->rational)
            status = dt_number_from_fmpq(list, c->payoff + p, &result->payoff[p]);
        else
            result->payoff[p] = dt_number_from_ball(c->payoff_ball + p);
    }
    return status;
}

/* One objective and sense. */
static dt_status solve_goal(const dt_solve_call *call, dt_master *master, objective what,
                            bool least) {
    dt_goal goal = {.sign = least ? -1 : 1};
    for (size_t p = what.first; p < what.end; p++)
        goal.weight[p] = true;
    dt_correlated answer;
    dt_status status = dt_master_solve(master, &goal);
    if (status != DT_OK)
        return status;
    status = dt_correlated_prove(master, &answer);
    dt_result *result =
        status == DT_OK ? dt_result_add(call->results, "correlated", DT_SHAPE_DISTRIBUTION) : NULL;
    if (status == DT_OK && !result)
        status = DT_ERR_MEMORY;
    if (status == DT_OK) {
        result->objective = what.name;
        result->sense = least ? "min" : "max";
        result->certificate = answer.certificate;
        result->searched = call->game->profiles;
        if (answer.rational)
            status = dt_number_from_fmpq(call->results, answer.value, &result->value);
        else
            result->value = dt_number_from_ball(answer.value_ball);
    }
    if (status == DT_OK)
        status = report_atoms(master->o, &answer, call->results, result);
    if (status == DT_OK && answer.certificate == DT_CERT_NUMERIC)
        status = dt_result_note(call->results, result, "Not proven: %s.",
                                answer.why ? answer.why : "the exact step failed");
    dt_correlated_clear(&answer, master->o->players);
    return status;
}

static dt_status solve_goals(const dt_solve_call *call, const dt_restriction *left, size_t first,
                             size_t end, const bool wanted[2]) {
    dt_obedience o;
    dt_master master = {0};
    dt_status status = dt_obedience_init(&o, call->game, left, call->control, call->diag);
    if (status == DT_OK)
        status = dt_master_init(&master, &o, call->control, call->diag);
    for (size_t i = first; i < end && status == DT_OK; i++)
        for (int least = 0; least < 2 && status == DT_OK; least++)
            if (wanted[least])
                status = solve_goal(call, &master, objective_at(call->game, i), least == 1);
    dt_master_clear(&master);
    dt_obedience_clear(&o);
    return status;
}

static dt_status correlated_solve(const dt_solve_call *call) {
    size_t first, end;
    bool wanted[2];
    dt_status status = choose(call, &first, &end, wanted);
    if (status != DT_OK)
        return status;
    dt_dominance reduced;
    status = dt_dominance_reduce(call->game, DT_DOMINANCE_ANY, call->control, call->diag, &reduced);
    if (status == DT_OK)
        status = check_size(call, &reduced.left);
    if (status == DT_OK)
        status = solve_goals(call, &reduced.left, first, end, wanted);
    dt_dominance_clear(&reduced);
    dt_lp_thread_end();
    return status;
}

/* Dominance, and two readings of the payoffs. What is left after dominance is not known before. */
static double correlated_work(const dt_game *game) {
    return 8.0 * (double)game->players * (double)game->profiles;
}

static double correlated_memory(const dt_game *game) {
    double nonzeros = 0;
    for (size_t p = 0; p < game->players; p++)
        nonzeros += (double)game->profiles * (game->player[p].strategies - 1.0);
    if (nonzeros > MOST_NONZEROS)
        nonzeros = MOST_NONZEROS;
    return 64e6 + 8 * nonzeros;
}

const dt_concept dt_concept_correlated = {
    .name = "correlated",
    .summary = "best and worst correlated equilibria: for welfare and for each player",
    .keys = correlated_keys,
    .solve = correlated_solve,
    .work = correlated_work,
    .memory = correlated_memory,
};
