/* Incentives of a formula model as affine functions of its open parameters.
 *
 * Open parameters are indeterminates of exact numbers, so the gain of a deviation is a polynomial
 * in them and in atoms (a maximum, a quotient, a logarithm of what rests on them). What both
 * payoffs share cancels. Where no other term than multiples of one parameter is left, the gain is
 * affine for all their values; else the first part of the formula that bears such a term is named.
 * SPDX: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formulas.h"

/* "`p`", "`p` and `q`", "`p`, `q` and others" into text. */
static void name_some(const dt_formulas *f, const unsigned char *rests, char *text, size_t size) {
    const char *name[3];
    size_t found = 0;
    for (uint32_t k = 0; k < f->opens && found < 3; k++)
        if (rests[k])
            name[found++] = f->open_name[k];
    if (found == 0)
        snprintf(text, size, "the parameters that move");
    else if (found == 1)
        snprintf(text, size, "`%.40s`", name[0]);
    else
        snprintf(text, size, "`%.40s`%s`%.40s`%s", name[0], found == 2 ? " and " : ", ", name[1],
                 found == 2 ? "" : " and others");
}

/* What the part does to it, or to them. */
static const char *describe(const dt_node *n, bool one) {
    switch (n->op) {
    case DT_OP_MUL:
        return !one ? "they are multiplied" : n->a == n->b ? "it is squared" : "it is multiplied";
    case DT_OP_DIV: return one ? "it stands in a quotient" : "they stand in a quotient";
    case DT_OP_POW: return one ? "it stands in a power" : "they stand in a power";
    case DT_OP_MIN: return one ? "it stands in a minimum" : "they stand in a minimum";
    case DT_OP_MAX: return one ? "it stands in a maximum" : "they stand in a maximum";
    case DT_OP_ABS: return one ? "its absolute value is taken" : "an absolute value is taken";
    case DT_OP_SQRT: return one ? "its root is taken" : "a root is taken";
    case DT_OP_EXP: return one ? "its exponential is taken" : "an exponential is taken";
    case DT_OP_LOG: return one ? "its logarithm is taken" : "a logarithm is taken";
    case DT_OP_LT:
    case DT_OP_LE:
    case DT_OP_EQ: return one ? "it is compared" : "they are compared";
    case DT_OP_COND: return one ? "it decides a choice" : "they decide a choice";
    default: return one ? "it stands in a condition" : "they stand in a condition";
    }
}

/* Names the parameters of a term that is not linear, and the first part of the payoff at this
 * profile that bears it; false where none does. */
static bool blame(const dt_formulas *f, dt_workspace *w, size_t player, const uint32_t *profile,
                  uint32_t monomial, dt_payoff_fault *fault) {
    const dt_exact *value;
    uint32_t root = f->payoff[player].root;
    if (dt_formulas_evaluate(f, w, profile, root, &value, fault) != DT_OK)
        return false;
    dt_exact_evaluator *e = dt_formulas_exact(w);
    dt_exact_context *c = dt_exact_evaluator_context(e);
    unsigned char *rests = calloc(f->opens + (size_t)1, 1);
    bool *used = dt_formulas_used(f, player);
    bool found = false, named = false;
    for (uint32_t i = 0; i <= root && rests && used && !found; i++) {
        const dt_exact *part = used[i] ? dt_exact_evaluator_known(e, i) : NULL;
        found = part && dt_exact_bears(c, part, monomial);
        if (!found)
            continue;
        if (dt_exact_rests_on(c, monomial, f->opens, rests) != DT_OK)
            break;
        char names[160];
        size_t count = 0;
        for (uint32_t k = 0; k < f->opens; k++)
            count += rests[k];
        name_some(f, rests, names, sizeof names);
        snprintf(fault->message, sizeof fault->message,
                 "the incentives of `%.40s` are not linear in %.110s: here %s",
                 f->game->player[player].name, names, describe(&f->dag.node[i], count == 1));
        fault->place = f->dag.node[i].place;
        named = true;
    }
    free(used);
    free(rests);
    return named;
}

dt_status dt_formulas_incentive(const void *self, dt_workspace *w, size_t player,
                                const uint32_t *profile, uint32_t strategy, dt_exact *constant,
                                dt_exact *slope, dt_payoff_fault *fault) {
    const dt_formulas *f = self;
    uint32_t after[DT_MAX_PLAYERS], bad = 0, root = f->payoff[player].root;
    memcpy(after, profile, f->game->players * sizeof *after);
    after[player] = strategy;
    const dt_exact *value;
    dt_exact gain;
    dt_exact_init(&gain);
    fault->place = f->payoff[player].place;
    dt_status status = dt_formulas_evaluate(f, w, profile, root, &value, fault);
    if (status == DT_OK)
        status = dt_exact_set(&gain, value);
    if (status == DT_OK)
        status = dt_formulas_evaluate(f, w, after, root, &value, fault);
    if (status == DT_OK && dt_exact_sub(&gain, value, &gain) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    dt_exact_context *c = status == DT_OK ? dt_exact_evaluator_context(dt_formulas_exact(w)) : NULL;
    if (status == DT_OK &&
        dt_exact_affine(c, &gain, f->opens, constant, slope, &bad) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    if (status == DT_OK && bad) {
        if (!blame(f, w, player, after, bad, fault) && !blame(f, w, player, profile, bad, fault))
            snprintf(fault->message, sizeof fault->message,
                     "the incentives of `%.40s` are not linear in the parameters that move",
                     f->game->player[player].name);
        status = DT_ERR_INPUT;
    }
    dt_exact_clear(&gain);
    return status;
}
