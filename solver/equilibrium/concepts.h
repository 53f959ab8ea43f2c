/* The solution concepts, for the registry. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_CONCEPTS_H
#define DT_EQUILIBRIUM_CONCEPTS_H

#include "deterra/concept.h"

extern const dt_concept dt_concept_pure_nash;
extern const dt_concept dt_concept_epsilon_nash;
extern const dt_concept dt_concept_mixed_nash;
extern const dt_concept dt_concept_dominance;
extern const dt_concept dt_concept_maximin;
extern const dt_concept dt_concept_minimax;
extern const dt_concept dt_concept_correlated;
extern const dt_concept dt_concept_stackelberg;
extern const dt_concept dt_concept_coarse_correlated;
extern const dt_concept dt_concept_payoff_polygon;
extern const dt_concept dt_concept_coalitions;
extern const dt_concept dt_concept_strong_nash;
extern const dt_concept dt_concept_coalition_proof;
extern const dt_concept dt_concept_inverse;

#endif
