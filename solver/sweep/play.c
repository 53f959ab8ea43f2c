/* Play in equilibrium: see play.h. SPDX: GPL-3.0-or-later */
#include "sweep/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRECISION = 128 };

size_t dt_play_count(const dt_result *r) {
    switch (r->shape) {
    case DT_SHAPE_EQUILIBRIA: return r->items;
    case DT_SHAPE_DISTRIBUTION: return 1;
    case DT_SHAPE_POLYGON: return r->vertices;
    default: return 0;
    }
}

dt_play dt_play_of(const dt_result *r, size_t i) {
    if (r->shape == DT_SHAPE_EQUILIBRIA) {
        const dt_item *item = &r->item[i];
        return (dt_play){.profile = item->profile,
                         .mixture = item->mixture,
                         .payoff = item->payoff,
                         .strict = item->strict,
                         .pareto_efficient = item->pareto_efficient,
                         .certificate = item->certificate};
    }
    dt_play play = {.strict = DT_UNKNOWN, .pareto_efficient = DT_UNKNOWN};
    if (r->shape == DT_SHAPE_DISTRIBUTION) {
        play.atoms = r->atoms;
        play.atom = r->atom;
        play.payoff = r->payoff;
        play.certificate = r->certificate;
    } else {
        play.atoms = r->vertex[i].atoms;
        play.atom = r->vertex[i].atom;
        play.payoff = r->vertex[i].payoff;
        play.certificate = r->vertex[i].certificate;
    }
    return play;
}

/* --- words --- */

static void put_probability(FILE *out, const dt_number *p) {
    if (p->exact)
        fprintf(out, "%s", p->exact);
    else
        fprintf(out, "%.17g", p->value);
}

/* The labels of a strategy's moves of several levels, joined by +. */
static void put_strategy(FILE *out, const dt_game *game, size_t player, uint32_t strategy) {
    const char *between = "";
    for (size_t m = 0; m < game->player[player].moves; m++) {
        if (game->player[player].move[m].levels < 2)
            continue;
        fprintf(out, "%s%s", between, dt_strategy_label(game, player, strategy, m));
        between = "+";
    }
}

static void put_mixtures(FILE *out, const dt_game *game, const dt_mixture *mixture) {
    for (size_t p = 0; p < game->players; p++) {
        fprintf(out, "%s%s: ", p ? "; " : "", game->player[p].name);
        for (size_t k = 0; k < mixture[p].count; k++) {
            fprintf(out, "%s", k ? ", " : "");
            put_probability(out, &mixture[p].weight[k].probability);
            fputc(' ', out);
            put_strategy(out, game, p, mixture[p].weight[k].strategy);
        }
    }
}

static void put_atoms(FILE *out, const dt_game *game, const dt_play *play) {
    for (size_t k = 0; k < play->atoms; k++) {
        fprintf(out, "%s", k ? ", " : "");
        put_probability(out, &play->atom[k].probability);
        fputs(" (", out);
        for (size_t p = 0; p < game->players; p++) {
            fprintf(out, "%s", p ? ", " : "");
            put_strategy(out, game, p, play->atom[k].profile[p]);
        }
        fputc(')', out);
    }
}

char *dt_play_text(const dt_game *game, const dt_play *play) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    if (play->mixture)
        put_mixtures(out, game, play->mixture);
    else
        put_atoms(out, game, play);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

const char *dt_play_level(const dt_game *game, const dt_play *play, size_t player, size_t move) {
    if (play->profile)
        return dt_strategy_label(game, player, play->profile[player], move);
    const char *level = NULL;
    size_t count = play->mixture ? play->mixture[player].count : play->atoms;
    for (size_t k = 0; k < count; k++) {
        uint32_t strategy = play->mixture ? play->mixture[player].weight[k].strategy
                                          : play->atom[k].profile[player];
        const char *other = dt_strategy_label(game, player, strategy, move);
        if (level && strcmp(level, other) != 0)
            return NULL;
        level = other;
    }
    return level;
}

/* --- expectations --- */

typedef struct expectation {
    dt_observables *observables;
    size_t formula;
    dt_exact value;
    arb_t sum, ball, weight;
    dt_payoff_fault *fault;
} expectation;

static void read_probability(arb_t ball, const dt_number *p) {
    fmpq_t q;
    fmpq_init(q);
    if (p->exact && fmpq_set_str(q, p->exact, 10) == 0) {
        arb_set_fmpq(ball, q, PRECISION);
    } else {
        arb_set_d(ball, p->value);
        mag_set_d(arb_radref(ball), p->radius);
    }
    fmpq_clear(q);
}

/* sum += weight × the formula at the profile. */
static dt_status add_profile(expectation *e, const uint32_t *profile, const arb_t weight) {
    dt_status status = dt_observables_at(e->observables, e->formula, profile, &e->value, e->fault);
    if (status == DT_OK) {
        dt_exact_enclose(dt_observables_context(e->observables), e->ball, &e->value, PRECISION);
        arb_addmul(e->sum, e->ball, weight, PRECISION);
    }
    return status;
}

/* All combinations of what the players from `player` on may play. */
static dt_status add_mixed(expectation *e, const dt_game *game, const dt_mixture *mixture,
                           size_t player, uint32_t *profile, const arb_t weight) {
    if (player == game->players)
        return add_profile(e, profile, weight);
    dt_status status = DT_OK;
    arb_t here;
    arb_init(here);
    for (size_t k = 0; k < mixture[player].count && status == DT_OK; k++) {
        profile[player] = mixture[player].weight[k].strategy;
        read_probability(here, &mixture[player].weight[k].probability);
        arb_mul(here, here, weight, PRECISION);
        status = add_mixed(e, game, mixture, player + 1, profile, here);
    }
    arb_clear(here);
    return status;
}

dt_status dt_play_expect(dt_observables *observables, size_t k, const dt_game *game,
                         const dt_play *play, double *value, dt_payoff_fault *fault) {
    expectation e = {.observables = observables, .formula = k, .fault = fault};
    dt_exact_init(&e.value);
    arb_init(e.sum);
    arb_init(e.ball);
    arb_init(e.weight);
    arb_one(e.weight);
    dt_status status = DT_OK;
    uint32_t profile[DT_MAX_PLAYERS];
    if (play->profile) {
        status = add_profile(&e, play->profile, e.weight);
    } else if (play->mixture) {
        status = add_mixed(&e, game, play->mixture, 0, profile, e.weight);
    } else {
        for (size_t a = 0; a < play->atoms && status == DT_OK; a++) {
            read_probability(e.weight, &play->atom[a].probability);
            status = add_profile(&e, play->atom[a].profile, e.weight);
        }
    }
    *value = arf_get_d(arb_midref(e.sum), ARF_RND_NEAR);
    dt_exact_clear(&e.value);
    arb_clear(e.sum);
    arb_clear(e.ball);
    arb_clear(e.weight);
    return status;
}
