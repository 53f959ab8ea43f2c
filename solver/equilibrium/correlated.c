/* Concept "correlated": optimal correlated equilibria (Aumann 1974, 1987).
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/concepts.h"
#include "equilibrium/correlation/correlation.h"

static const dt_key correlated_keys[] = {
    {"objective", DT_KEY_WORD, NULL, false,
     "\"welfare\" (the sum of payoffs), \"worst-off\", a player's name, or \"A - 1/2 B\""},
    {"sense", DT_KEY_WORD, "max|min", false, "best or worst"},
    {0},
};

static dt_status correlated_solve(const dt_solve_call *call) {
    return dt_correlation_optima(call, "correlated", false);
}

const dt_concept dt_concept_correlated = {
    .name = "correlated",
    .summary = "best and worst correlated equilibria: for welfare and for each player",
    .keys = correlated_keys,
    .has_equilibria = true,
    .solve = correlated_solve,
    .work = dt_correlation_work,
    .memory = dt_correlation_memory,
};
