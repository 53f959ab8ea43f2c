/* The solution concepts, for the registry. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_CONCEPTS_H
#define DT_EQUILIBRIUM_CONCEPTS_H

#include "deterra/concept.h"

extern const dt_concept dt_concept_pure_nash;
extern const dt_concept dt_concept_epsilon_nash;
extern const dt_concept dt_concept_dominance;
extern const dt_concept dt_concept_maximin;
extern const dt_concept dt_concept_minimax;
extern const dt_concept dt_concept_correlated;
extern const dt_concept dt_concept_inverse;

#endif
