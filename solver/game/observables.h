/* Observables: formulas over the moves of a game, beside its payoffs. */
#ifndef DT_GAME_OBSERVABLES_H
#define DT_GAME_OBSERVABLES_H

#include "deterra/game.h"

/* Formulas compiled with a scenario's names; it evaluates for one thread at a time. */
typedef struct dt_observables dt_observables;

/* Compiles the formulas with the parameters' values as dt_game_build_with has them. Where one is
 * open, they serve dt_observables_refold alone. Errors go to diag at their places: DT_ERR_INPUT.
 * `game` is the scenario's, of players or of blocs. Both must outlive the observables. */
dt_status dt_observables_new(const dt_scenario *scenario, const dt_substitute *substitute,
                             size_t substitutes, const dt_game *game, const dt_text *const *text,
                             size_t count, dt_diag *diag, dt_observables **out);
/* The same with values for the parameters that are open, in their order; nothing is compiled again.
 * `open` must outlive them; any number of threads may call it. */
dt_status dt_observables_refold(const dt_observables *open, const dt_game *game, const fmpq *value,
                                dt_observables **out);
void dt_observables_free(dt_observables *o);

/* The value of formula k at a profile. DT_ERR_INPUT with *fault where it has none. */
dt_status dt_observables_at(dt_observables *o, size_t k, const uint32_t *profile, dt_exact *value,
                            dt_payoff_fault *fault);
/* The context of the values. */
dt_exact_context *dt_observables_context(dt_observables *o);

#endif
