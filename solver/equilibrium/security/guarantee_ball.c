/* The rigorous enclosure of a guarantee where it is not a proven rational.
 *
 * Any weights x secure the least of sum x_s u(s, r) over all rows, and any weights y of the others
 * hold the player to the largest of sum y_r u(s, r) over all strategies; the guarantee lies
 * between (weak duality). Good weights come from the LP's basis, solved in balls of 256 bits and
 * rounded to rationals, so the enclosure is as narrow as those. SPDX: GPL-3.0-or-later */
#include <arb_mat.h>
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/security/answers.h"
#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/shared/pool.h"

enum { PRECISION = 256 };
/* Answers that are evaluated in balls; more than so many ties are left to the doubles' bounds. */
enum { MOST_CLOSE = 4096 };
/* An answer that is better by more than that, in units of scale, may narrow the enclosure. */
static const double NARROW = 1e-15;
/* How far the least answer may be from the LP's value, in units of scale. */
static const double ABOUT = 1e-6;
/* What the least is off by, in units of scale, where ties are too many to look at. */
static const double A_LITTLE = 1e-10;

/* Weights at least 0 that sum to 1: what is negative is cut off. */
static void normalise(fmpq *weight, size_t count) {
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t i = 0; i < count; i++) {
        if (fmpq_sgn(weight + i) < 0)
            fmpq_zero(weight + i);
        fmpq_add(sum, sum, weight + i);
    }
    for (size_t i = 0; i < count && !fmpq_is_zero(sum); i++)
        fmpq_div(weight + i, weight + i, sum);
    fmpq_clear(sum);
}

/* The weights of the LP's doubles. */
static void rough_weights(const dt_search *s, int side, fmpq *weight) {
    for (size_t k = 0; k < s->matrix.side[side].count; k++)
        dt_fmpq_from_double(weight + k, s->weight[side][k]);
}

/* Reads a solution's middles into the weights named by `at`; false where it is no better than a
 * rough one. */
static bool read_weights(const arb_mat_t z, const size_t *at, size_t count, fmpq *weight,
                         size_t weights) {
    for (size_t i = 0; i < count; i++)
        if (!arb_is_finite(arb_mat_entry(z, (slong)i, 0)) ||
            arf_cmp_d(arb_midref(arb_mat_entry(z, (slong)i, 0)), -1e-6) < 0)
            return false;
    for (size_t i = 0; i < weights; i++)
        fmpq_zero(weight + i);
    for (size_t i = 0; i < count; i++)
        arf_get_fmpq(weight + at[i], arb_midref(arb_mat_entry(z, (slong)i, 0)));
    return true;
}

/* Solves the basis: tight rows T pay v on the support S, and the weights sum to 1. In
 *   M = [u(s, r) -1; 1 0]   (rows T and the sum, columns S and v)
 * M (x, v) = (0, 1) and M' (y, w) = (0, -1). Where that does not work the weights stay as they are.
 */
static dt_status refine(dt_search *s, fmpq *x, fmpq *y) {
    size_t columns = dt_lp_columns(s->lp), rows = dt_lp_rows(s->lp);
    dt_lp_place *row_place = calloc(rows, sizeof *row_place);
    dt_lp_place *column_place = calloc(columns, sizeof *column_place);
    size_t *support = calloc(columns, sizeof *support), *tight = calloc(rows, sizeof *tight);
    size_t supports = 0, tights = 0;
    dt_status status = row_place && column_place && support && tight ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        dt_search_basis(s, row_place, column_place);
        for (size_t j = 1; j < columns; j++)
            if (column_place[j] == DT_LP_BASIC)
                support[supports++] = j - 1;
        for (size_t i = 1; i < rows; i++)
            if (row_place[i] != DT_LP_BASIC)
                tight[tights++] = i - 1;
    }
    if (status == DT_OK && supports == tights && column_place[0] == DT_LP_BASIC &&
        row_place[0] != DT_LP_BASIC) {
        slong n = (slong)supports;
        arb_mat_t m, right, z;
        arb_mat_init(m, n + 1, n + 1);
        arb_mat_init(right, n + 1, 1);
        arb_mat_init(z, n + 1, 1);
        dt_exact payoff;
        dt_exact_init(&payoff);
        dt_exact_context *context = dt_game_context(s->game, s->matrix.workspace);
        for (slong i = 0; i < n && status == DT_OK; i++) {
            arb_one(arb_mat_entry(m, n, i));
            arb_set_si(arb_mat_entry(m, i, n), -1);
            for (slong j = 0; j < n && status == DT_OK; j++) {
                status = dt_payoff_matrix_exact(&s->matrix, tight[i], support[j], &payoff);
                if (status == DT_OK)
                    dt_exact_enclose(context, arb_mat_entry(m, i, j), &payoff, 2 * PRECISION);
            }
        }
        dt_exact_clear(&payoff);
        if (status == DT_OK) {
            arb_one(arb_mat_entry(right, n, 0));
            if (arb_mat_solve(z, m, right, 2 * PRECISION))
                read_weights(z, support, supports, x, columns - 1);
            arb_mat_transpose(m, m);
            arb_set_si(arb_mat_entry(right, n, 0), -1);
            if (arb_mat_solve(z, m, right, 2 * PRECISION))
                read_weights(z, tight, tights, y, rows - 1);
        }
        arb_mat_clear(m);
        arb_mat_clear(right);
        arb_mat_clear(z);
    }
    free(row_place);
    free(column_place);
    free(support);
    free(tight);
    return status;
}

/* The answers of one side to the other's weights that may pay it most, all turned so that it
 * answers with what is smallest: those that doubles cannot tell from the best. */
typedef struct close_answers {
    double least_high;
    dt_smallest low; /* by the least they may pay */
    size_t evaluated;
    arf_struct *end; /* evaluated: the least they pay, by balls */
    arf_t least;     /* all answers of the side pay at least that */
} close_answers;

typedef struct close_local {
    double least_high;
    dt_smallest low;
} close_local;

static dt_status close_open(void *shared, void *local) {
    (void)shared;
    close_local *l = local;
    l->least_high = INFINITY;
    return dt_smallest_init(&l->low, MOST_CLOSE);
}

static dt_status close_row(void *shared, void *local, const dt_mixture_row *row) {
    (void)shared;
    close_local *l = local;
    for (uint32_t k = 0; k < row->lanes; k++) {
        double error = 2 * row->bound[k] + fabs(row->value[k]) * 0x1p-51;
        if (row->value[k] - error > l->least_high)
            continue;
        dt_smallest_offer(&l->low, row->value[k] - error, row->index + k * row->stride);
        l->least_high = fmin(l->least_high, row->value[k] + error);
    }
    return DT_OK;
}

static void close_close(void *shared, void *local) {
    close_answers *c = shared;
    close_local *l = local;
    c->least_high = fmin(c->least_high, l->least_high);
    if (l->low.entry)
        dt_smallest_merge(&c->low, &l->low);
    dt_smallest_clear(&l->low);
}

static void close_reset(void *shared) {
    close_answers *c = shared;
    c->least_high = INFINITY;
    c->low.count = 0;
}

static dt_status close_init(close_answers *c) {
    *c = (close_answers){.least_high = INFINITY};
    arf_init(c->least);
    arf_pos_inf(c->least);
    return dt_smallest_init(&c->low, MOST_CLOSE);
}

static void close_clear(close_answers *c) {
    dt_smallest_clear(&c->low);
    for (size_t i = 0; i < c->evaluated; i++)
        arf_clear(c->end + i);
    free(c->end);
    arf_clear(c->least);
}

/* The least that the answer pays, by balls. */
static dt_status evaluate(dt_search *s, const dt_search_play *play, int side, uint64_t index,
                          dt_exact *payoff, arf_t end) {
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    size_t players = s->game->players;
    dt_exact_context *context = dt_game_context(s->game, s->matrix.workspace);
    fmpq_t one;
    arb_t sum, ball, weight;
    fmpq_init(one);
    fmpq_one(one);
    arb_init(sum);
    arb_init(ball);
    arb_init(weight);
    dt_team_decode(s->game, s->matrix.side[side].team, index, profile);
    dt_status status = DT_OK;
    for (size_t k = 0; k < play->play.support && status == DT_OK; k++) {
        dt_mixture_play pure = play->play;
        pure.support = 1;
        pure.profile += k * players;
        status = dt_mixture_exact(s->game, s->matrix.workspace, &pure, one, profile, payoff);
        if (status != DT_OK)
            break;
        dt_exact_enclose(context, ball, payoff, PRECISION);
        arb_set_fmpq(weight, play->exact + k, PRECISION);
        arb_addmul(sum, ball, weight, PRECISION);
    }
    arb_get_lbound_arf(end, sum, PRECISION);
    fmpq_clear(one);
    arb_clear(sum);
    arb_clear(ball);
    arb_clear(weight);
    return status;
}

/* The least is about the LP's value: an answer that is found below the limit shows that what was
 * left out is no less. Where a large game has too many ties for that, it is shown that none is less
 * than that by more than a little. */
static dt_status visit_close(dt_search *s, int side, const dt_mixture_play *play,
                             close_answers *c) {
    double v = side == DT_MATRIX_ROWS ? s->v : -s->v;
    bool too_many = false;
    dt_mixture_visitor visitor = {.size = sizeof(close_local),
                                  .shared = c,
                                  .open = close_open,
                                  .row = close_row,
                                  .close = close_close};
    dt_answers a = {.game = s->game,
                    .play = play,
                    .limit = v + ABOUT * s->scale,
                    .control = s->control,
                    .what = DT_SEARCH_WHAT,
                    .visitor = &visitor,
                    .reset = close_reset,
                    .most = 16 * MOST_CLOSE,
                    .too_many = &too_many};
    dt_status status = dt_answers_visit(&a);
    if (status == DT_OK && too_many) {
        too_many = false;
        a.limit = v - A_LITTLE * s->scale;
        status = dt_answers_visit(&a);
        arf_set_d(c->least, a.limit);
        if (status != DT_OK || !too_many)
            return status;
        arf_pos_inf(c->least);
    } else if (status != DT_OK || c->least_high <= a.limit) {
        return status;
    }
    close_reset(c);
    a.limit = INFINITY;
    a.too_many = NULL;
    return dt_answers_visit(&a);
}

/* Finds the close answers of a side to the other's weights, and the least they pay. */
static dt_status find_close(dt_search *s, int side, const fmpq *weight, close_answers *c) {
    dt_search_play play;
    dt_status status = dt_search_play_init(s, !side, weight, &play);
    if (status == DT_OK)
        status = visit_close(s, side, &play.play, c);
    if (status == DT_OK)
        dt_smallest_sort(&c->low);
    c->end = malloc((c->low.count + 1) * sizeof *c->end);
    if (status == DT_OK && !c->end)
        status = DT_ERR_MEMORY;
    const volatile sig_atomic_t *stop = dt_control_stop(s->control);
    dt_exact payoff;
    dt_exact_init(&payoff);
    for (size_t i = 0; i < c->low.count && status == DT_OK; i++) {
        if (c->low.entry[i].value > c->least_high)
            break;
        arf_init(c->end + c->evaluated++);
        if (stop && *stop)
            status = DT_ERR_INTERRUPTED;
        else
            status = evaluate(s, &play, side, c->low.entry[i].index, &payoff, c->end + i);
        arf_min(c->least, c->least, c->end + i);
        if (i + 1 == MOST_CLOSE) { /* the list is full: what is not on it is no lower */
            arf_set_d(c->end + i, c->low.entry[i].value);
            arf_min(c->least, c->least, c->end + i);
        }
    }
    dt_exact_clear(&payoff);
    dt_search_play_clear(&play);
    return status;
}

/* Close answers that the LP lacks, and that are visibly better than what the other side is sure of,
 * whose least is `other`. */
static void find_broken(const dt_search *s, int side, const close_answers *c, const arf_t other,
                        dt_smallest *broken) {
    arf_t gap;
    arf_init(gap);
    for (size_t i = 0; i < c->evaluated; i++) {
        arf_add(gap, c->end + i, other, 53, ARF_RND_UP); /* of opposite signs */
        uint64_t index = c->low.entry[i].index;
        if (arf_cmp_d(gap, -NARROW * s->scale) < 0 &&
            !dt_matrix_side_has(&s->matrix.side[side], index))
            dt_smallest_offer(broken, arf_get_d(c->end + i, ARF_RND_DOWN), index);
    }
    arf_clear(gap);
}

dt_status dt_search_enclose(dt_search *s, dt_guarantee *out, dt_smallest *broken) {
    const size_t count[2] = {s->matrix.side[0].count, s->matrix.side[1].count};
    fmpq *weight[2];
    close_answers answers[2];
    dt_status status = DT_OK;
    for (int side = 0; side < 2; side++) {
        weight[side] = _fmpq_vec_init((slong)count[side]);
        rough_weights(s, side, weight[side]);
        dt_status made = close_init(&answers[side]);
        status = status == DT_OK ? made : status;
    }
    if (status == DT_OK)
        status = refine(s, weight[DT_MATRIX_COLUMNS], weight[DT_MATRIX_ROWS]);
    for (int side = 0; side < 2; side++)
        normalise(weight[side], count[side]);
    for (int side = 0; side < 2 && status == DT_OK; side++)
        status = find_close(s, side, weight[!side], &answers[side]);
    if (status == DT_OK) {
        arf_struct *lower = answers[DT_MATRIX_ROWS].least,
                   *upper = answers[DT_MATRIX_COLUMNS].least;
        for (int side = 0; side < 2; side++)
            find_broken(s, side, &answers[side], answers[!side].least, &broken[side]);
        arf_neg(upper, upper); /* the columns answer with what is smallest of minus the payoff */
        if (arf_cmp(lower, upper) > 0)
            arf_swap(lower, upper); /* both ends are within their rounding of one point */
        arb_set_interval_arf(out->ball, lower, upper, PRECISION);
        out->exact = false;
        status = dt_search_strategy(s, weight[DT_MATRIX_COLUMNS], out);
    }
    for (int side = 0; side < 2; side++) {
        close_clear(&answers[side]);
        _fmpq_vec_clear(weight[side], (slong)count[side]);
    }
    return status;
}
