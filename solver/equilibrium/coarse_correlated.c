/* Concept "coarse-correlated": optimal coarse correlated equilibria (Moulin and Vial 1978), in
 * which nobody gains by a strategy of his own chosen before the mediator speaks. SPDX:
 * GPL-3.0-or-later */
#include "equilibrium/concepts.h"
#include "equilibrium/correlation/correlation.h"

static const dt_key coarse_keys[] = {
    {"objective", DT_KEY_WORD, NULL, false,
     "\"welfare\" (the sum of payoffs), \"worst-off\", a player's name, or \"A - 1/2 B\""},
    {"sense", DT_KEY_WORD, "max|min", false, "best or worst"},
    {0},
};

static dt_status coarse_solve(const dt_solve_call *call) {
    return dt_correlation_optima(call, "coarse-correlated", true);
}

const dt_concept dt_concept_coarse_correlated = {
    .name = "coarse-correlated",
    .summary = "best and worst coarse correlated equilibria: for welfare and for each player",
    .keys = coarse_keys,
    .has_equilibria = true,
    .solve = coarse_solve,
    .work = dt_correlation_work,
    .memory = dt_correlation_memory,
};
