/* The inside of the formula model, for the files that build it and that evaluate it. */
#ifndef DT_MODELS_FORMULAS_H
#define DT_MODELS_FORMULAS_H

#include "formula/block_eval.h"
#include "game/model.h"

/* A summand of a payoff: its sign is in the node. Or a definition. */
typedef struct dt_summand {
    uint32_t node;
    const char *label, *unit, *note;
} dt_summand;

typedef struct dt_formula_payoff {
    uint32_t root;
    dt_place place; /* of the formula */
    size_t terms;
    dt_summand *term;
    dt_plan *plan;
    dt_plan *box_plan; /* equal, better for hulls; NULL: no boxes */
} dt_formula_payoff;

typedef struct dt_formulas {
    const dt_game *game;
    dt_dag dag;
    uint32_t slots;              /* moves of several levels, players in order */
    dt_move_slot *slot;          /* which player's move a number is */
    const dt_slot_values *value; /* in the game's arena */
    dt_formula_payoff *payoff;   /* a player each */
    size_t definitions;
    dt_summand *definition;
    bool rational;
    uint32_t opens; /* open parameters */
    const char **open_name;
    /* The workspace freed last, with all that it has laid out, for the next who asks. */
    _Atomic(dt_workspace *) spare;
} dt_formulas;

/* The evaluator of exact numbers, made when first asked for; NULL when out of memory. */
dt_exact_evaluator *dt_formulas_exact(dt_workspace *w);
/* Evaluates a node at a profile; *value belongs to the evaluator. */
dt_status dt_formulas_evaluate(const dt_formulas *f, dt_workspace *w, const uint32_t *profile,
                               uint32_t node, const dt_exact **value, dt_payoff_fault *fault);
/* The levels of all moves at a profile. */
void dt_formulas_levels(const dt_formulas *f, const uint32_t *profile, uint16_t *level);

/* Makes `f`, zeroed, the model of the game, which then frees it. */
void dt_formulas_open(dt_formulas *f, dt_game *game);
/* Plans how each payoff of a complete graph is computed; `boxes`: also over boxes of profiles. */
dt_status dt_formulas_plan(dt_formulas *f, bool boxes);
/* See dt_model_ops. */
dt_status dt_formulas_refold(const void *self, const fmpq *value, dt_game *game);

/* The moves of a player, a bit each. */
uint64_t dt_formulas_own_moves(const dt_formulas *f, size_t player);

/* used[node]: does the payoff of `player` rest on it? NULL when out of memory; free it. */
bool *dt_formulas_used(const dt_formulas *f, size_t player);

/* The operations of a model (deterra/game.h) that evaluate quickly. */
dt_workspace *dt_formulas_workspace_new(const void *self);
void dt_formulas_workspace_free(dt_workspace *w);
void dt_formulas_spare_free(dt_formulas *f);
dt_status dt_formulas_block(const void *self, dt_workspace *w, size_t player, const dt_box *box,
                            double *value, double *bound);
dt_status dt_formulas_gains(const void *self, dt_workspace *w, size_t player, const uint64_t *set,
                            const dt_change *change, size_t count, bool every, double *low,
                            double *high, double *blur);
dt_status dt_formulas_range(const void *self, dt_workspace *w, size_t player, const uint64_t *set,
                            double *low, double *high);
dt_status dt_formulas_incentive(const void *self, dt_workspace *w, size_t player,
                                const uint32_t *profile, uint32_t strategy, dt_exact *constant,
                                dt_exact *slope, dt_payoff_fault *fault);
void dt_formulas_walk(const void *self, size_t player, size_t over, bool *const *inner);
dt_status dt_formulas_evaluation(const void *self, size_t player, struct dt_evaluation *evaluation);
void dt_formulas_memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace);

#endif
