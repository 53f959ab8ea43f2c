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

#include "equilibrium/security/guarantee_search.h"
#include "game/rows.h"

enum { PRECISION = 256 };
/* A row that pays so much less than promised, relatively, goes into the LP unseen by balls. */
#define SHORT 1e-9

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

static void set_double(fmpq_t q, double x) {
    arf_t a;
    arf_init(a);
    arf_set_d(a, x);
    arf_get_fmpq(q, a);
    arf_clear(a);
}

/* The weights of the LP's doubles. */
static void rough_weights(const dt_search *s, fmpq *x, fmpq *y) {
    for (uint32_t i = 0; i < s->strategies; i++)
        set_double(x + i, s->x[i]);
    for (size_t r = 0; r < s->pool.count; r++)
        set_double(y + r, s->y[r]);
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
        for (size_t j = 0; j + 1 < columns; j++)
            if (column_place[j] == DT_LP_BASIC)
                support[supports++] = j;
        for (size_t i = 1; i < rows; i++)
            if (row_place[i] != DT_LP_BASIC)
                tight[tights++] = i - 1;
    }
    if (status == DT_OK && supports == tights && column_place[columns - 1] == DT_LP_BASIC &&
        row_place[0] != DT_LP_BASIC) {
        slong n = (slong)supports;
        arb_mat_t m, right, z;
        arb_mat_init(m, n + 1, n + 1);
        arb_mat_init(right, n + 1, 1);
        arb_mat_init(z, n + 1, 1);
        dt_exact payoff;
        dt_exact_init(&payoff);
        dt_exact_context *context = dt_game_context(s->game, s->pool.workspace);
        for (slong i = 0; i < n && status == DT_OK; i++) {
            arb_one(arb_mat_entry(m, n, i));
            arb_set_si(arb_mat_entry(m, i, n), -1);
            for (slong j = 0; j < n && status == DT_OK; j++) {
                status = dt_pool_exact(&s->pool, tight[i], (uint32_t)support[j], &payoff);
                if (status == DT_OK)
                    dt_exact_enclose(context, arb_mat_entry(m, i, j), &payoff, 2 * PRECISION);
            }
        }
        dt_exact_clear(&payoff);
        if (status == DT_OK) {
            arb_one(arb_mat_entry(right, n, 0));
            if (arb_mat_solve(z, m, right, 2 * PRECISION))
                read_weights(z, support, supports, x, s->strategies);
            arb_mat_transpose(m, m);
            arb_set_si(arb_mat_entry(right, n, 0), -1);
            if (arb_mat_solve(z, m, right, 2 * PRECISION))
                read_weights(z, tight, tights, y, s->pool.count);
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

/* sum += weight × payoff, enclosed. */
static void add_enclosed(arb_t sum, dt_exact_context *context, const dt_exact *payoff,
                         const fmpq_t weight, arb_t scratch, arb_t scratch_weight) {
    dt_exact_enclose(context, scratch, payoff, PRECISION);
    arb_set_fmpq(scratch_weight, weight, PRECISION);
    arb_addmul(sum, scratch, scratch_weight, PRECISION);
}

/* What the others' weights y hold the player to. Only strategies that doubles cannot rule out are
 * evaluated in balls. */
static dt_status upper_end(dt_search *s, const fmpq *y, arf_t upper) {
    size_t n = s->strategies;
    double *high = malloc(n * sizeof *high), best = -INFINITY;
    if (!high)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        double sum = 0, error = 0;
        for (size_t r = 0; r < s->pool.count; r++) {
            if (fmpq_is_zero(y + r))
                continue;
            double w = fmpq_get_d(y + r), u = s->pool.value[r * n + i];
            sum += w * u;
            error += w * s->pool.bound[r * n + i] + fabs(w * u) * 0x1p-40;
        }
        high[i] = sum + 2 * error;
        best = fmax(best, sum - 2 * error);
    }
    dt_exact payoff;
    dt_exact_init(&payoff);
    arb_t sum, ball, weight;
    arb_init(sum);
    arb_init(ball);
    arb_init(weight);
    arf_t end;
    arf_init(end);
    arf_neg_inf(upper);
    dt_status status = DT_OK;
    for (size_t i = 0; i < n && status == DT_OK; i++) {
        if (high[i] < best)
            continue;
        arb_zero(sum);
        for (size_t r = 0; r < s->pool.count && status == DT_OK; r++) {
            if (fmpq_is_zero(y + r))
                continue;
            status = dt_pool_exact(&s->pool, r, (uint32_t)i, &payoff);
            if (status == DT_OK)
                add_enclosed(sum, dt_game_context(s->game, s->pool.workspace), &payoff, y + r, ball,
                             weight);
        }
        arb_get_ubound_arf(end, sum, PRECISION);
        if (arf_cmp(end, upper) > 0)
            arf_set(upper, end);
    }
    arf_clear(end);
    arb_clear(sum);
    arb_clear(ball);
    arb_clear(weight);
    dt_exact_clear(&payoff);
    free(high);
    return status;
}

/* The visit that finds the rows where x pays least: all whose lower bound is below the least upper
 * bound or below what the LP promises, the lowest DT_SEARCH_CLOSE of them. */
typedef struct lowest {
    const dt_search *search;
    const double *x;
    double promised;
    double least_high;
    dt_smallest low;
} lowest;

typedef struct lowest_local {
    double least_high;
    dt_smallest low;
} lowest_local;

static dt_status lowest_open(void *shared, void *local) {
    (void)shared;
    lowest_local *l = local;
    l->least_high = INFINITY;
    return dt_smallest_init(&l->low, DT_SEARCH_CLOSE);
}

static dt_status lowest_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)enough;
    const lowest *w = shared;
    lowest_local *l = local;
    double sum = 0, error = 0;
    for (uint32_t s = 0; s < row->lanes; s++) {
        double term = w->x[s] * row->value[s];
        sum += term;
        error += w->x[s] * row->bound[s] + fabs(term) * 0x1p-40;
    }
    if (sum - 2 * error <= fmax(l->least_high, w->promised))
        dt_smallest_offer(&l->low, sum - 2 * error, row->index);
    l->least_high = fmin(l->least_high, sum + 2 * error);
    return DT_OK;
}

static dt_status lowest_close(void *shared, void *local) {
    lowest *w = shared;
    lowest_local *l = local;
    w->least_high = fmin(w->least_high, l->least_high);
    if (l->low.entry)
        dt_smallest_merge(&w->low, &l->low);
    dt_smallest_clear(&l->low);
    return DT_OK;
}

/* Rows outside the pool that pay less than promised: the LP lacks them. */
static void find_missing(const dt_search *s, const lowest *w, dt_smallest *broken) {
    for (size_t i = 0; i < w->low.count && broken->count < DT_SEARCH_ROWS; i++)
        if (w->low.entry[i].value < w->promised && !dt_pool_has(&s->pool, w->low.entry[i].index))
            dt_smallest_offer(broken, w->low.entry[i].value, w->low.entry[i].index);
}

/* Evaluates the close rows in balls; `lower` is the least lower end. Close rows outside the pool
 * that pay visibly less than the LP's value are left in *broken. */
static dt_status evaluate_close(dt_search *s, const lowest *w, const fmpq *x, const arf_t upper,
                                arf_t lower, dt_smallest *broken) {
    dt_pool close;
    dt_status status = dt_pool_init(&close, s->game, &s->all, s->player, s->diag);
    dt_exact payoff;
    dt_exact_init(&payoff);
    arb_t sum, ball, weight;
    arb_init(sum);
    arb_init(ball);
    arb_init(weight);
    arf_t end, gap;
    arf_init(end);
    arf_init(gap);
    arf_pos_inf(lower);
    for (size_t i = 0; i < w->low.count && status == DT_OK; i++) {
        uint64_t index = w->low.entry[i].index;
        if (w->low.entry[i].value > w->least_high)
            break;
        if (i + 1 == DT_SEARCH_CLOSE) { /* the list is full: what is not on it is no lower */
            arf_set_d(end, w->low.entry[i].value);
            arf_min(lower, lower, end);
        }
        status = dt_pool_add(&close, index, NULL);
        arb_zero(sum);
        for (uint32_t j = 0; j < s->strategies && status == DT_OK; j++) {
            if (fmpq_is_zero(x + j))
                continue;
            status = dt_pool_exact(&close, i, j, &payoff);
            if (status == DT_OK)
                add_enclosed(sum, dt_game_context(s->game, close.workspace), &payoff, x + j, ball,
                             weight);
        }
        arb_get_lbound_arf(end, sum, PRECISION);
        arf_min(lower, lower, end);
        arf_sub(gap, upper, end, 53, ARF_RND_DOWN);
        if (arf_cmp_d(gap, 1e-15 * s->scale) > 0 && !dt_pool_has(&s->pool, index))
            dt_smallest_offer(broken, arf_get_d(end, ARF_RND_DOWN), index);
    }
    arf_clear(end);
    arf_clear(gap);
    arb_clear(sum);
    arb_clear(ball);
    arb_clear(weight);
    dt_exact_clear(&payoff);
    if (close.game)
        dt_pool_clear(&close);
    return status;
}

static dt_status lower_end(dt_search *s, const fmpq *x, const arf_t upper, arf_t lower,
                           dt_smallest *broken) {
    double *rounded = malloc(s->strategies * sizeof *rounded);
    lowest w = {.search = s, .x = rounded, .least_high = INFINITY};
    w.promised = arf_get_d(upper, ARF_RND_DOWN) - SHORT * s->scale;
    dt_status status = dt_smallest_init(&w.low, DT_SEARCH_CLOSE);
    if (!rounded)
        status = DT_ERR_MEMORY;
    for (uint32_t i = 0; i < s->strategies && status == DT_OK; i++)
        rounded[i] = fmpq_get_d(x + i);
    dt_row_visitor visitor = {.size = sizeof(lowest_local),
                              .shared = &w,
                              .open = lowest_open,
                              .row = lowest_row,
                              .close = lowest_close};
    if (status == DT_OK)
        status = dt_rows_visit(s->game, &s->all, s->player, s->player, s->control,
                               "profiles searched for guarantees", s->diag, &visitor);
    if (status == DT_OK) {
        dt_smallest_sort(&w.low);
        find_missing(s, &w, broken);
    }
    if (status == DT_OK && broken->count == 0) {
        status = evaluate_close(s, &w, x, upper, lower, broken);
    }
    dt_smallest_clear(&w.low);
    free(rounded);
    return status;
}

dt_status dt_search_enclose(dt_search *s, dt_guarantee *out, dt_smallest *broken) {
    fmpq *y = _fmpq_vec_init((slong)s->pool.count);
    size_t ys = s->pool.count;
    arf_t lower, upper;
    arf_init(lower);
    arf_init(upper);
    rough_weights(s, out->weight, y);
    dt_status status = refine(s, out->weight, y);
    normalise(out->weight, s->strategies);
    normalise(y, ys);
    if (status == DT_OK)
        status = upper_end(s, y, upper);
    if (status == DT_OK)
        status = lower_end(s, out->weight, upper, lower, broken);
    if (status == DT_OK && arf_cmp(lower, upper) > 0)
        arf_swap(lower, upper); /* both ends are within their rounding of one point */
    if (status == DT_OK)
        arb_set_interval_arf(out->ball, lower, upper, PRECISION);
    out->exact = false;
    arf_clear(lower);
    arf_clear(upper);
    _fmpq_vec_clear(y, (slong)ys);
    return status;
}
