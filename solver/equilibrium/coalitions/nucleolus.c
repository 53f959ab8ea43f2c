/* Nucleolus and least core by a sequence of linear programs: deterra/coalition.h says how.
 * SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <stdlib.h>

#include "equilibrium/coalitions/excess_lp.h"
#include "equilibrium/coalitions/span.h"

/* The game counted from what each is worth alone, which shifts all solutions with it and makes the
 * programs' numbers small. */
typedef struct stages {
    size_t players;
    uint32_t all; /* the coalition of all */
    fmpq *worth;  /* by coalition */
    fmpq *x;      /* players */
    fmpq *weight; /* of the open coalitions */
    uint32_t *open;
    dt_span span; /* of the fixed coalitions, which are independent */
    uint32_t fixed[DT_MOST_COALITION_PLAYERS];
    fmpq *share; /* players: of the fixed coalitions */
} stages;

static dt_status stages_init(stages *s, const dt_coalition_game *game) {
    size_t n = game->players, coalitions = (size_t)1 << n;
    *s = (stages){.players = n, .all = (uint32_t)coalitions - 1};
    s->worth = _fmpq_vec_init((slong)coalitions);
    s->weight = _fmpq_vec_init((slong)coalitions);
    s->x = _fmpq_vec_init((slong)n);
    s->share = _fmpq_vec_init((slong)n);
    s->open = malloc(coalitions * sizeof *s->open);
    for (size_t c = 1; c < coalitions; c++) {
        fmpq_set(s->worth + c, game->worth + c);
        for (size_t i = 0; i < n; i++)
            if (c >> i & 1)
                fmpq_sub(s->worth + c, s->worth + c, game->worth + ((size_t)1 << i));
    }
    return s->open ? DT_OK : DT_ERR_MEMORY;
}

static void stages_clear(stages *s) {
    slong n = (slong)s->players, coalitions = (slong)1 << n;
    _fmpq_vec_clear(s->worth, coalitions);
    _fmpq_vec_clear(s->weight, coalitions);
    _fmpq_vec_clear(s->x, n);
    _fmpq_vec_clear(s->share, n);
    free(s->open);
}

static void fix(stages *s, uint32_t coalition, const fmpq_t share) {
    size_t at = s->span.rank;
    if (!dt_span_add(&s->span, coalition))
        return;
    s->fixed[at] = coalition;
    fmpq_set(s->share + at, share);
}

/* Weights that add up to 1 at every player: those of the program add up to -z(N) there. */
static void report_excess(const stages *s, size_t opens, const fmpq_t e, dt_division *out) {
    fmpq_t level;
    fmpq_init(level);
    for (size_t k = 0; k < opens; k++)
        if (s->open[k] & 1)
            fmpq_add(level, level, s->weight + k);
    out->has_excess = true;
    fmpq_set(out->excess, e);
    for (size_t k = 0; k < opens; k++)
        fmpq_div(out->balance + s->open[k], s->weight + k, level);
    fmpq_clear(level);
}

/* Stage by stage: the largest excess of the open coalitions made as small as it can be, then those
 * fixed for which it must stay that large. A weight is positive only outside the span of what is
 * fixed, so the rank grows with every stage. */
static dt_status run(stages *s, bool floors, const volatile sig_atomic_t *stop, dt_diag *diag,
                     dt_division *out) {
    s->span = (dt_span){.players = s->players};
    fix(s, s->all, s->worth + s->all);
    fmpq_t e, share;
    fmpq_init(e);
    fmpq_init(share);
    if (s->players == 1)
        fmpq_set(s->x, s->worth + s->all);
    dt_status status = DT_OK;
    for (bool first = true; s->span.rank < s->players && status == DT_OK; first = false) {
        dt_excess_lp lp = {.players = s->players,
                           .floors = floors,
                           .open = s->open,
                           .worth = s->worth,
                           .fixeds = s->span.rank,
                           .fixed = s->fixed,
                           .share = s->share};
        for (uint32_t c = 1; c < s->all; c++)
            if (!dt_span_holds(&s->span, c))
                s->open[lp.opens++] = c;
        status = dt_excess_lp_solve(&lp, stop, diag, e, s->x, s->weight);
        if (status != DT_OK)
            break;
        out->programs++;
        if (first && !floors)
            report_excess(s, lp.opens, e, out);
        size_t before = s->span.rank;
        for (size_t k = 0; k < lp.opens; k++) {
            if (fmpq_sgn(s->weight + k) <= 0)
                continue;
            fmpq_sub(share, s->worth + s->open[k], e);
            fix(s, s->open[k], share);
        }
        if (s->span.rank == before) { /* proven impossible: never turn for ever */
            dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "a stage of the nucleolus fixed no coalition");
            status = DT_ERR_SOLVER;
        }
    }
    fmpq_clear(e);
    fmpq_clear(share);
    return status;
}

dt_status dt_coalition_divide(const dt_coalition_game *game, const volatile sig_atomic_t *stop,
                              dt_diag *diag, dt_division *out) {
    size_t n = game->players;
    *out = (dt_division){.players = n, .nucleolus = _fmpq_vec_init((slong)n)};
    out->prenucleolus = _fmpq_vec_init((slong)n);
    out->balance = _fmpq_vec_init((slong)1 << n);
    fmpq_init(out->excess);
    stages s;
    dt_status status = stages_init(&s, game);
    out->rational = status == DT_OK && fmpq_sgn(s.worth + s.all) >= 0;
    if (status == DT_OK)
        status = run(&s, false, stop, diag, out);
    bool below = false;
    for (size_t i = 0; i < n && status == DT_OK; i++) {
        fmpq_add(out->prenucleolus + i, s.x + i, game->worth + ((size_t)1 << i));
        below = below || fmpq_sgn(s.x + i) < 0;
    }
    if (status == DT_OK && below && out->rational)
        status = run(&s, true, stop, diag, out);
    for (size_t i = 0; i < n && status == DT_OK; i++)
        fmpq_add(out->nucleolus + i, s.x + i, game->worth + ((size_t)1 << i));
    stages_clear(&s);
    return status;
}

void dt_division_clear(dt_division *division) {
    if (!division->nucleolus)
        return;
    _fmpq_vec_clear(division->nucleolus, (slong)division->players);
    _fmpq_vec_clear(division->prenucleolus, (slong)division->players);
    _fmpq_vec_clear(division->balance, (slong)1 << division->players);
    fmpq_clear(division->excess);
    *division = (dt_division){0};
}
