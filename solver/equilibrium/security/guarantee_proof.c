/* The exact proof of a guarantee: the LP's basis in rationals, then all that either side might do
 * instead. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/security/answers.h"
#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/security/value_lp.h"
#include "equilibrium/shared/pool.h"
#include "lp/basis.h"

/* The visit of every answer of one side to the other's proven weights: is it no better than the
 * value? By doubles and their bounds, else exactly. All is turned so that the side answers with
 * what is smallest. */
typedef struct check {
    const dt_search *search;
    const dt_matrix_side *side;
    const bool *proven; /* side->count: by the LP's proof */
    const dt_search_play *play;
    double v, v_error;
    dt_exact value;
    bool undecided;
    dt_smallest *broken;
} check;

typedef struct check_local {
    bool undecided;
    dt_smallest broken;
    dt_exact sum;
} check_local;

static dt_status check_open(void *shared, void *local) {
    check_local *l = local;
    (void)shared;
    dt_exact_init(&l->sum);
    return dt_smallest_init(&l->broken, DT_SEARCH_MOST);
}

static dt_status check_exactly(const check *c, check_local *l, dt_workspace *workspace,
                               uint64_t index, bool *less) {
    const dt_game *game = c->search->game;
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    dt_team_decode(game, c->side->team, index, profile);
    dt_status status =
        dt_mixture_exact(game, workspace, &c->play->play, c->play->exact, profile, &l->sum);
    if (status != DT_OK)
        return status;
    dt_sign sign = dt_exact_compare(dt_game_context(game, workspace), &l->sum, &c->value);
    l->undecided = l->undecided || sign == DT_UNDECIDED;
    *less = sign == DT_NEGATIVE;
    const volatile sig_atomic_t *stop = dt_control_stop(c->search->control);
    return stop && *stop ? DT_ERR_INTERRUPTED : DT_OK;
}

static dt_status check_row(void *shared, void *local, const dt_mixture_row *row) {
    const check *c = shared;
    check_local *l = local;
    dt_status status = DT_OK;
    for (uint32_t k = 0; k < row->lanes && status == DT_OK; k++) {
        double value = row->value[k], error = row->bound[k] + c->v_error;
        if (error > 0) /* what the comparisons below may round */
            error += fabs(value) * 0x1p-51;
        if (value - error >= c->v)
            continue;
        uint64_t index = row->index + k * row->stride;
        size_t at = dt_matrix_side_find(c->side, index);
        if (at < c->side->count && c->proven[at])
            continue;
        bool less = value + error < c->v;
        if (!less)
            status = check_exactly(c, l, row->workspace, index, &less);
        if (less)
            dt_smallest_offer(&l->broken, value, index);
    }
    return status;
}

static void check_close(void *shared, void *local) {
    check *c = shared;
    check_local *l = local;
    c->undecided = c->undecided || l->undecided;
    if (l->broken.entry)
        dt_smallest_merge(c->broken, &l->broken);
    dt_smallest_clear(&l->broken);
    dt_exact_clear(&l->sum);
}

/* A double that is no less than the value. */
static double v_above(const check *c) {
    return c->v + c->v_error + fabs(c->v) * 0x1p-50;
}

static void check_reset(void *shared) {
    check *c = shared;
    c->undecided = false;
    c->broken->count = 0;
}

static dt_status check_side(dt_search *s, int side, const bool *proven, const fmpq *weight,
                            const fmpq_t value, dt_smallest *broken, bool *undecided) {
    dt_search_play play;
    dt_status status = dt_search_play_init(s, !side, weight, &play);
    check c = {.search = s,
               .side = &s->matrix.side[side],
               .proven = proven,
               .play = &play,
               .broken = broken};
    fmpq_t v, rounded;
    fmpq_init(v);
    fmpq_init(rounded);
    dt_exact_init(&c.value);
    if (side == DT_MATRIX_ROWS)
        fmpq_set(v, value);
    else
        fmpq_neg(v, value);
    dt_exact_set_fmpq(&c.value, v);
    c.v = dt_lp_double(v);
    c.v_error = fabs(c.v) * 0x1p-50 + 1e-300;
    if (isfinite(c.v)) { /* a value that is a double ties with payoffs that are */
        dt_fmpq_from_double(rounded, c.v);
        c.v_error = fmpq_equal(rounded, v) ? 0 : c.v_error;
    }
    dt_mixture_visitor visitor = {.size = sizeof(check_local),
                                  .shared = &c,
                                  .open = check_open,
                                  .row = check_row,
                                  .close = check_close};
    if (status == DT_OK)
        status = dt_answers_visit(&(dt_answers){s->game, &play.play, v_above(&c), s->control,
                                                DT_SEARCH_WHAT, &visitor, check_reset, 0, NULL});
    *undecided = *undecided || c.undecided;
    dt_exact_clear(&c.value);
    fmpq_clear(v);
    fmpq_clear(rounded);
    dt_search_play_clear(&play);
    return status;
}

/* A part of the matrix, by places in it, and a basis of its LP. */
typedef struct part {
    size_t count[2];
    size_t *at[2];
    dt_lp_place *place[2]; /* count + 1 each: of v and the columns, of the sum and the rows */
    fmpq **payoff;         /* rows; those of `own` are the part's */
    fmpq *own;
} part;

static void part_clear(part *p) {
    if (p->own)
        _fmpq_vec_clear(p->own, (slong)(p->count[0] * p->count[1]));
    free(p->payoff);
    for (int side = 0; side < 2; side++) {
        free(p->at[side]);
        free(p->place[side]);
    }
}

/* All that is in the LP, or what its basis does not leave at 0. */
static dt_status part_init(const dt_search *s, bool whole, part *p) {
    const dt_matrix_side *side = s->matrix.side;
    *p = (part){0};
    for (int d = 0; d < 2; d++) {
        p->at[d] = malloc((side[d].count + 1) * sizeof *p->at[d]);
        p->place[d] = malloc((side[d].count + 1) * sizeof *p->place[d]);
    }
    p->payoff = malloc((side[DT_MATRIX_ROWS].count + 1) * sizeof *p->payoff);
    if (!p->at[0] || !p->at[1] || !p->place[0] || !p->place[1] || !p->payoff)
        return DT_ERR_MEMORY;
    dt_search_basis(s, p->place[DT_MATRIX_ROWS], p->place[DT_MATRIX_COLUMNS]);
    for (int d = 0; d < 2; d++)
        for (size_t k = 0; k < side[d].count; k++) {
            dt_lp_place place = p->place[d][k + 1];
            if (!whole && (place == DT_LP_BASIC) != (d == DT_MATRIX_COLUMNS))
                continue;
            p->at[d][p->count[d]++] = k;
            p->place[d][p->count[d]] = place;
        }
    return DT_OK;
}

/* *all is false where a payoff is not rational. */
static dt_status part_payoffs(dt_search *s, bool whole, part *p, bool *all) {
    const volatile sig_atomic_t *stop = dt_control_stop(s->control);
    size_t rows = p->count[DT_MATRIX_ROWS], columns = p->count[DT_MATRIX_COLUMNS];
    if (whole) {
        dt_status status = dt_payoff_matrix_rationals(&s->matrix, stop, all);
        for (size_t r = 0; r < rows; r++)
            p->payoff[r] = s->matrix.rational[r];
        return status;
    }
    p->own = _fmpq_vec_init((slong)(rows * columns));
    *all = true;
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    for (size_t r = 0; r < rows && status == DT_OK && *all; r++) {
        p->payoff[r] = p->own + r * columns;
        for (size_t c = 0; c < columns && status == DT_OK && *all; c++) {
            status = dt_payoff_matrix_exact(&s->matrix, p->at[DT_MATRIX_ROWS][r],
                                            p->at[DT_MATRIX_COLUMNS][c], &payoff);
            *all = status == DT_OK && dt_exact_is_rational(&payoff);
            if (*all)
                fmpq_set(p->payoff[r] + c, payoff.rational);
        }
        if (stop && *stop)
            status = DT_ERR_INTERRUPTED;
    }
    dt_exact_clear(&payoff);
    return status;
}

/* The proof's weights over all that is in the matrix: the duals of rows are those of the others,
 * turned. */
static dt_status check_all(dt_search *s, const part *p, const dt_lp_proof *proof, dt_guarantee *out,
                           bool *proved, dt_smallest *broken) {
    const dt_matrix_side *side = s->matrix.side;
    fmpq *weight[2];
    bool *proven[2], undecided = false;
    dt_status status = DT_OK;
    for (int d = 0; d < 2; d++) {
        weight[d] = _fmpq_vec_init((slong)side[d].count);
        proven[d] = calloc(side[d].count + 1, sizeof *proven[d]);
        for (size_t k = 0; k < p->count[d] && proven[d]; k++) {
            fmpq *w = weight[d] + p->at[d][k];
            proven[d][p->at[d][k]] = true;
            if (d == DT_MATRIX_COLUMNS)
                fmpq_set(w, proof->x + 1 + k);
            else
                fmpq_neg(w, proof->y + 1 + k);
        }
        status = proven[d] ? status : DT_ERR_MEMORY;
    }
    for (int d = 1; d >= 0 && status == DT_OK; d--)
        if (p->count[d] < side[d].strategies)
            status = check_side(s, d, proven[d], weight[!d], proof->value, &broken[d], &undecided);
    *proved = status == DT_OK && !undecided && broken[0].count + broken[1].count == 0;
    if (*proved) {
        status = dt_search_strategy(s, weight[DT_MATRIX_COLUMNS], out);
        fmpq_set(out->value, proof->value);
        out->exact = true;
    }
    for (int d = 0; d < 2; d++) {
        _fmpq_vec_clear(weight[d], (slong)side[d].count);
        free(proven[d]);
    }
    return status;
}

static dt_status prove_part(dt_search *s, bool whole, dt_guarantee *out, bool *proved, bool *all,
                            dt_smallest *broken) {
    part p;
    dt_lp_proof proof = {0};
    *all = true;
    dt_status status = part_init(s, whole, &p);
    if (status == DT_OK)
        status = part_payoffs(s, whole, &p, all);
    if (status == DT_OK && *all) {
        status = dt_value_lp_prove(p.payoff, p.count[DT_MATRIX_ROWS], p.count[DT_MATRIX_COLUMNS],
                                   p.place[DT_MATRIX_ROWS], p.place[DT_MATRIX_COLUMNS],
                                   dt_control_stop(s->control), &proof);
        if (status == DT_OK && proof.verdict == DT_LP_PROVED)
            status = check_all(s, &p, &proof, out, proved, broken);
        dt_lp_proof_clear(&proof);
    }
    part_clear(&p);
    return status;
}

/* Is there something among the broken that the matrix lacks? Then the LP comes first. */
static bool lacking(const dt_search *s, const dt_smallest *broken) {
    for (int d = 0; d < 2; d++)
        for (size_t i = 0; i < broken[d].count; i++)
            if (!dt_matrix_side_has(&s->matrix.side[d], broken[d].entry[i].index))
                return true;
    return false;
}

dt_status dt_search_prove(dt_search *s, dt_guarantee *out, bool *proved, dt_smallest *broken) {
    bool all;
    *proved = false;
    /* Most bases are optimal as they are: then the payoffs of their own rows and columns will do,
     * and doubles tell of the others. */
    dt_status status = prove_part(s, false, out, proved, &all, broken);
    if (status != DT_OK || *proved || !all || lacking(s, broken))
        return status;
    broken[0].count = broken[1].count = 0;
    return prove_part(s, true, out, proved, &all, broken); /* which may turn to another basis */
}
