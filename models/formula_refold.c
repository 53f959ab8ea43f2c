/* A formula game with open parameters, given values: nothing is parsed or expanded again. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formula/refold.h"
#include "formulas.h"

static dt_status copy_summands(const dt_summand *from, size_t count, const uint32_t *map,
                               dt_summand **out) {
    *out = malloc((count + 1) * sizeof **out);
    if (!*out)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        (*out)[i] = from[i];
        (*out)[i].node = map[from[i].node];
    }
    return DT_OK;
}

static dt_status copy_payoffs(const dt_formulas *open, const uint32_t *map, dt_formulas *f) {
    dt_status status = DT_OK;
    f->payoff = calloc(f->game->players, sizeof *f->payoff);
    if (!f->payoff)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < f->game->players && status == DT_OK; i++) {
        const dt_formula_payoff *from = &open->payoff[i];
        dt_formula_payoff *to = &f->payoff[i];
        *to = (dt_formula_payoff){.root = map[from->root], .place = from->place};
        status = copy_summands(from->term, from->terms, map, &to->term);
        to->terms = status == DT_OK ? from->terms : 0;
    }
    return status;
}

dt_status dt_formulas_refold(const void *self, const fmpq *value, dt_game *game) {
    const dt_formulas *open = self;
    uint32_t *map = malloc(open->dag.nodes * sizeof *map);
    dt_formulas *f = calloc(1, sizeof *f);
    if (!map || !f) {
        free(map);
        free(f);
        return DT_ERR_MEMORY;
    }
    dt_formulas_open(f, game);
    f->value = open->value; /* in the arena of the open game, which lives longer */
    f->slots = open->slots;
    f->slot = malloc((f->slots + 1u) * sizeof *f->slot);
    dt_status status = f->slot ? dt_dag_init(&f->dag) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = dt_dag_refold(&open->dag, value, &f->dag, map);
    if (status == DT_OK) {
        memcpy(f->slot, open->slot, f->slots * sizeof *f->slot);
        status = copy_payoffs(open, map, f);
    }
    if (status == DT_OK)
        status = copy_summands(open->definition, open->definitions, map, &f->definition);
    if (status == DT_OK) {
        f->definitions = open->definitions;
        status = dt_formulas_plan(f, game->profiles > DT_FEW_PROFILES);
    }
    free(map);
    return status;
}
