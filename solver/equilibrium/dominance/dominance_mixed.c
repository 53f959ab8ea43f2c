/* Strict dominance by mixed strategies. SPDX: GPL-3.0-or-later
 *
 * Strategy s is strictly dominated by a mixture iff it is never a best reply to any belief about
 * the others together (Pearce 1984, lemma 3). For each s that is not seen to be a best reply:
 *     max e  with  sum_t x_t (u(t, r) - u(s, r)) >= e  for all rows r,  x >= 0, sum x = 1
 * over rows generated as needed. A belief y on the rows in which no t is better than s proves that
 * s stays; a mixture x that is better in every row of the game proves that it goes. */
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "equilibrium/dominance/dominance_round.h"
#include "equilibrium/security/matrix_lp.h"
#include "equilibrium/shared/pool.h"
#include "game/rows.h"
#include "lp/basis.h"

/* Rows added for a strategy after a visit. */
enum { NEW_ROWS = 32 };
/* Advantages below this part of the row's range are decided exactly. */
#define CLEAR 1e-9
/* s itself must not take part: its gain of 0 in every row would hold e at 0. So it gets a loss of
 * that many times the range instead, less than any mixture's. */
#define OWN 4.0
enum { OVERFLOW_SHIFT = 8 };

/* A strategy under question. */
typedef struct suspect {
    uint32_t place;
    bool open; /* not yet known to stay or to go */
    size_t rows, room;
    size_t *row; /* of the pool */
    fmpq *x;     /* count: the mixture to be checked over all rows */
    double *rounded;
    uint32_t *support; /* supports: places where x is positive */
    size_t supports;
    double scale; /* of the gains in its LP, which are gain_of */
    int shift;    /* gains are taken so many binary places down, where they would overflow */
    dt_smallest broken;
    bool undecided;
} suspect;

typedef struct mixed {
    dt_part_round *part;
    dt_pool pool;
    size_t columns;
    uint32_t *column; /* columns: places that may dominate */
    size_t suspects;
    suspect *suspect;
} mixed;

static dt_status use_row(suspect *q, size_t row) {
    for (size_t i = 0; i < q->rows; i++)
        if (q->row[i] == row)
            return DT_OK;
    if (q->rows == q->room) {
        size_t room = q->room ? 2 * q->room : 64;
        size_t *larger = realloc(q->row, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        q->row = larger;
        q->room = room;
    }
    q->row[q->rows++] = row;
    return DT_OK;
}

static dt_status use_index(mixed *m, suspect *q, uint64_t index) {
    dt_status status = dt_pool_add(&m->pool, index, NULL);
    for (size_t r = m->pool.count; status == DT_OK && r-- > 0;)
        if (m->pool.index[r] == index)
            return use_row(q, r);
    return status;
}

/* What place t gains over the suspect in one of its rows, times 2^-shift. */
static double gain_of(const mixed *m, const suspect *q, size_t i, uint32_t t) {
    const dt_part_round *p = m->part;
    const double *value = m->pool.value + q->row[i] * m->pool.lanes;
    if (q->shift == 0)
        return value[p->name[t]] - value[p->name[q->place]];
    return ldexp(value[p->name[t]], -q->shift) - ldexp(value[p->name[q->place]], -q->shift);
}

/* Is the place a best reply, ties included, in the row where it comes nearest? */
static dt_status nearly_best(mixed *m, uint32_t place, bool *best) {
    const dt_part_round *p = m->part;
    *best = false;
    dt_status status = dt_pool_add(&m->pool, p->near[place].index, NULL);
    size_t row = 0;
    while (status == DT_OK && m->pool.index[row] != p->near[place].index)
        row++;
    if (status != DT_OK)
        return status;
    const double *value = m->pool.value + row * m->pool.lanes;
    const double *bound = m->pool.bound + row * m->pool.lanes;
    double low = value[p->name[place]] - bound[p->name[place]];
    double high = value[p->name[place]] + bound[p->name[place]];
    for (uint32_t t = 0; t < p->count; t++)
        if (value[p->name[t]] - bound[p->name[t]] > high + fabs(high) * 0x1p-50)
            return DT_OK; /* certainly not */
    dt_exact own, other;
    dt_exact_init(&own);
    dt_exact_init(&other);
    dt_exact_context *context = dt_game_context(p->game, m->pool.workspace);
    status = dt_pool_exact(&m->pool, row, p->name[place], &own);
    *best = true;
    for (uint32_t t = 0; t < p->count && status == DT_OK && *best; t++) {
        if (t == place || value[p->name[t]] + bound[p->name[t]] < low - fabs(low) * 0x1p-50)
            continue;
        status = dt_pool_exact(&m->pool, row, p->name[t], &other);
        dt_sign sign = dt_exact_compare(context, &other, &own);
        *best = status == DT_OK && (sign == DT_ZERO || sign == DT_NEGATIVE);
    }
    dt_exact_clear(&own);
    dt_exact_clear(&other);
    return status;
}

/* The belief y (weights of the suspect's rows) proves that s stays if no t gains from it. */
static bool belief_holds(const mixed *m, const suspect *q, const dt_lp *lp) {
    const dt_part_round *p = m->part;
    uint32_t s = p->name[q->place];
    for (size_t c = 0; c < m->columns; c++) {
        uint32_t t = p->name[m->column[c]];
        double gain = 0, error = 0;
        if (m->column[c] == q->place)
            continue;
        for (size_t i = 0; i < q->rows; i++) {
            double y = fmax(-dt_lp_dual(lp, i + 1), 0);
            const double *value = m->pool.value + q->row[i] * m->pool.lanes;
            const double *bound = m->pool.bound + q->row[i] * m->pool.lanes;
            gain += y * (value[t] - value[s]);
            error += y * ((fabs(value[t]) + fabs(value[s])) * 0x1p-40 + bound[t] + bound[s]);
        }
        if (!(gain + 2 * error <= 0))
            return false;
    }
    return true;
}

/* The same in exact arithmetic, for gains that doubles cannot tell from 0: y rounded to rationals
 * is a belief as good as any. */
static dt_status belief_holds_exactly(mixed *m, const suspect *q, const dt_lp *lp, bool *holds) {
    const dt_part_round *p = m->part;
    dt_exact own, other, gain;
    dt_exact_init(&own);
    dt_exact_init(&other);
    dt_exact_init(&gain);
    fmpq_t zero;
    fmpq_init(zero);
    fmpq *y = _fmpq_vec_init((slong)q->rows);
    arf_t rounded;
    arf_init(rounded);
    dt_status status = DT_OK;
    *holds = true;
    for (size_t i = 0; i < q->rows; i++) {
        double weight = -dt_lp_dual(lp, i + 1);
        arf_set_d(rounded, weight > 1e-12 ? weight : 0);
        arf_get_fmpq(y + i, rounded);
    }
    for (size_t c = 0; c < m->columns && status == DT_OK && *holds; c++) {
        if (m->column[c] == q->place)
            continue;
        dt_exact_set_fmpq(&gain, zero);
        for (size_t i = 0; i < q->rows && status == DT_OK; i++) {
            if (fmpq_is_zero(y + i))
                continue;
            status = dt_pool_exact(&m->pool, q->row[i], p->name[m->column[c]], &other);
            if (status == DT_OK)
                status = dt_pool_exact(&m->pool, q->row[i], p->name[q->place], &own);
            if (status == DT_OK && (dt_exact_sub(&other, &other, &own) != DT_EXACT_OK ||
                                    dt_exact_scale(&other, &other, y + i) != DT_EXACT_OK ||
                                    dt_exact_add(&gain, &gain, &other) != DT_EXACT_OK))
                status = DT_ERR_MEMORY;
        }
        dt_sign sign = dt_exact_sign(dt_game_context(p->game, m->pool.workspace), &gain);
        *holds = status == DT_OK && (sign == DT_NEGATIVE || sign == DT_ZERO);
    }
    arf_clear(rounded);
    _fmpq_vec_clear(y, (slong)q->rows);
    fmpq_clear(zero);
    dt_exact_clear(&own);
    dt_exact_clear(&other);
    dt_exact_clear(&gain);
    return status;
}

/* The mixture of the least denominator, rounding x, that keeps half of the advantage e in every row
 * of the LP: people read it. false where there is none. */
static bool simplest(const mixed *m, suspect *q, const double *x, double e, double scale) {
    size_t n = m->columns;
    uint64_t *part = malloc(n * sizeof *part);
    bool found = false;
    for (int step = 2; part && step <= 48 && !found; step++) {
        uint64_t whole = step <= 12 ? (uint64_t)step : (uint64_t)1 << (step - 8); /* to 2^40 */
        uint64_t given = 0;
        for (size_t c = 0; c < n; c++) {
            part[c] = (uint64_t)(x[c] * (double)whole);
            given += part[c];
        }
        while (given < whole) { /* the rest to the largest remainders, lowest first */
            size_t to = 0;
            double most = -1;
            for (size_t c = 0; c < n; c++) {
                double rest = x[c] * (double)whole - (double)part[c];
                if (rest > most) {
                    most = rest;
                    to = c;
                }
            }
            part[to]++;
            given++;
        }
        found = given == whole;
        for (size_t i = 0; i < q->rows && found; i++) {
            double sum = 0;
            for (size_t c = 0; c < n; c++)
                sum += (double)part[c] / (double)whole * gain_of(m, q, i, m->column[c]);
            found = sum >= e * scale / 2;
        }
        for (size_t c = 0; c < n && found; c++)
            fmpq_set_ui(q->x + m->column[c], part[c], whole);
    }
    free(part);
    return found;
}

/* The exact answer of the LP over the suspect's rows: stays, or a mixture to check, or unknown. */
static dt_status decide_exactly(mixed *m, suspect *q, const dt_lp *lp, bool *known) {
    const dt_part_round *p = m->part;
    size_t n = m->columns;
    fmpq *a = _fmpq_vec_init((slong)(q->rows * n));
    dt_exact own, other;
    dt_exact_init(&own);
    dt_exact_init(&other);
    arf_t range;
    fmpq_t loss;
    arf_init(range);
    fmpq_init(loss);
    arf_set_d(range, -OWN * q->scale);
    arf_get_fmpq(loss, range);
    fmpq_mul_2exp(loss, loss, (flint_bitcnt_t)q->shift);
    arf_clear(range);
    dt_status status = DT_OK;
    bool rational = true;
    for (size_t i = 0; i < q->rows && status == DT_OK && rational; i++) {
        status = dt_pool_exact(&m->pool, q->row[i], p->name[q->place], &own);
        for (size_t c = 0; c < n && status == DT_OK && rational; c++) {
            status = dt_pool_exact(&m->pool, q->row[i], p->name[m->column[c]], &other);
            if (status == DT_OK && dt_exact_sub(&other, &other, &own) != DT_EXACT_OK)
                status = DT_ERR_MEMORY;
            rational = dt_exact_is_rational(&other);
            if (status == DT_OK && rational)
                fmpq_set(a + i * n + c, m->column[c] == q->place ? loss : other.rational);
        }
    }
    *known = false;
    if (status == DT_OK && rational) {
        dt_lp_proof proof;
        status = dt_matrix_lp_prove(lp, a, q->rows, n, dt_control_stop(p->control), &proof);
        if (status == DT_OK && proof.verdict == DT_LP_PROVED) {
            *known = true;
            q->open = fmpq_sgn(proof.value) > 0;
            for (size_t c = 0; c < n && q->open; c++)
                fmpq_set(q->x + m->column[c], proof.x + c);
        }
        dt_lp_proof_clear(&proof);
    }
    dt_exact_clear(&own);
    dt_exact_clear(&other);
    fmpq_clear(loss);
    _fmpq_vec_clear(a, (slong)(q->rows * n));
    return status;
}

/* Solves the suspect's LP: it stays (open = false), or q->x is a mixture to be checked. */
static dt_status question(mixed *m, suspect *q) {
    const dt_part_round *p = m->part;
    size_t n = m->columns;
    double *row = malloc(n * sizeof *row), *x = malloc(n * sizeof *x), scale = 0;
    dt_lp *lp = NULL;
    dt_status status = row && x ? dt_matrix_lp_new(n, &lp) : DT_ERR_MEMORY;
    for (q->shift = 0; status == DT_OK; q->shift += OVERFLOW_SHIFT) { /* twice at most */
        scale = 0;
        for (size_t i = 0; i < q->rows; i++)
            for (size_t c = 0; c < n; c++)
                scale = fmax(scale, fabs(gain_of(m, q, i, m->column[c])));
        if (isfinite(scale * OWN))
            break;
    }
    if (!(scale > 0))
        scale = 1;
    for (size_t i = 0; i < q->rows && status == DT_OK; i++) {
        for (size_t c = 0; c < n; c++)
            row[c] = m->column[c] == q->place ? -OWN : gain_of(m, q, i, m->column[c]) / scale;
        status = dt_matrix_lp_add(lp, row);
    }
    if (status == DT_OK)
        status = dt_matrix_lp_solve(lp, dt_control_stop(p->control));
    q->scale = scale;
    bool known = false;
    if (status == DT_OK) {
        double e = dt_lp_primal(lp, n), sum = 0;
        _fmpq_vec_clear(q->x, (slong)p->count);
        q->x = _fmpq_vec_init((slong)p->count);
        for (size_t c = 0; c < n; c++)
            sum += x[c] = fmax(dt_lp_primal(lp, c), 0);
        for (size_t c = 0; c < n; c++)
            x[c] /= sum;
        if (e > CLEAR)
            known = simplest(m, q, x, e, scale);
        else if (belief_holds(m, q, lp))
            known = !(q->open = false);
        if (!known)
            status = decide_exactly(m, q, lp, &known);
        if (status == DT_OK && !known) { /* not rational */
            status = belief_holds_exactly(m, q, lp, &known);
            q->open = q->open && !known;
        }
    }
    if (status == DT_ERR_SOLVER) { /* no answer: the strategy is kept */
        status = DT_OK;
        known = false;
    }
    if (status == DT_OK && !known) {
        q->open = false;
        m->part->open[q->place] = true;
    }
    q->supports = 0;
    for (uint32_t i = 0; i < p->count && q->open && status == DT_OK; i++) {
        q->rounded[i] = dt_lp_double(q->x + i);
        if (!fmpq_is_zero(q->x + i))
            q->support[q->supports++] = i;
    }
    dt_lp_free(lp);
    free(row);
    free(x);
    return status;
}

/* One visit checks the mixtures of all open suspects. */
typedef struct verify_local {
    dt_smallest *broken; /* suspects */
    bool *undecided;
    dt_exact gain, payoff;
} verify_local;

static dt_status verify_open(void *shared, void *local) {
    const mixed *m = shared;
    verify_local *l = local;
    dt_exact_init(&l->gain);
    dt_exact_init(&l->payoff);
    l->undecided = calloc(m->suspects, sizeof *l->undecided);
    l->broken = calloc(m->suspects, sizeof *l->broken);
    if (!l->broken || !l->undecided)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < m->suspects; i++)
        if (dt_smallest_init(&l->broken[i], NEW_ROWS) != DT_OK)
            return DT_ERR_MEMORY;
    return DT_OK;
}

/* The sign of sum_t x_t u(t) - u(s) in a row, exactly. */
static dt_status exact_gain(const mixed *m, const suspect *q, const dt_row *row, verify_local *l,
                            dt_sign *sign) {
    const dt_part_round *p = m->part;
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, row->profile, p->game->players * sizeof *profile);
    profile[p->player] = p->name[q->place];
    dt_status status = dt_game_exact(p->game, row->workspace, p->player, profile, &l->gain, NULL);
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    if (status == DT_OK && dt_exact_scale(&l->gain, &l->gain, minus) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    fmpq_clear(minus);
    for (uint32_t t = 0; t < p->count && status == DT_OK; t++) {
        if (fmpq_is_zero(q->x + t))
            continue;
        profile[p->player] = p->name[t];
        status = dt_game_exact(p->game, row->workspace, p->player, profile, &l->payoff, NULL);
        if (status == DT_OK && (dt_exact_scale(&l->payoff, &l->payoff, q->x + t) != DT_EXACT_OK ||
                                dt_exact_add(&l->gain, &l->gain, &l->payoff) != DT_EXACT_OK))
            status = DT_ERR_MEMORY;
    }
    if (status == DT_OK)
        *sign = dt_exact_sign(dt_game_context(p->game, row->workspace), &l->gain);
    return status;
}

static dt_status verify_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)enough;
    const mixed *m = shared;
    const dt_part_round *p = m->part;
    verify_local *l = local;
    for (size_t i = 0; i < m->suspects; i++) {
        const suspect *q = &m->suspect[i];
        if (!q->open)
            continue;
        uint32_t s = p->name[q->place];
        double gain = -row->value[s], error = row->bound[s] + fabs(gain) * 0x1p-40;
        for (size_t k = 0; k < q->supports; k++) {
            uint32_t t = q->support[k];
            double term = q->rounded[t] * row->value[p->name[t]];
            gain += term;
            error += fabs(term) * 0x1p-40 + q->rounded[t] * row->bound[p->name[t]];
        }
        if (gain - 2 * error > 0)
            continue;
        if (!(gain + 2 * error < 0)) { /* also where these overflow */
            dt_sign sign = DT_UNDECIDED;
            dt_status status = exact_gain(m, q, row, l, &sign);
            if (status != DT_OK)
                return status;
            if (sign == DT_UNDECIDED)
                l->undecided[i] = true;
            if (sign == DT_UNDECIDED || sign == DT_POSITIVE)
                continue;
        }
        dt_smallest_offer(&l->broken[i], gain, row->index);
    }
    return DT_OK;
}

static dt_status verify_close(void *shared, void *local) {
    mixed *m = shared;
    verify_local *l = local;
    for (size_t i = 0; i < m->suspects; i++) {
        dt_smallest_merge(&m->suspect[i].broken, &l->broken[i]);
        m->suspect[i].undecided = m->suspect[i].undecided || l->undecided[i];
        dt_smallest_clear(&l->broken[i]);
    }
    free(l->broken);
    free(l->undecided);
    dt_exact_clear(&l->gain);
    dt_exact_clear(&l->payoff);
    return DT_OK;
}

/* Reads a visit's answer for one suspect: it goes, or its LP gets more rows. */
static dt_status conclude(mixed *m, suspect *q) {
    dt_part_round *p = m->part;
    dt_status status = DT_OK;
    if (q->broken.count == 0) {
        q->open = false;
        if (q->undecided) {
            p->open[q->place] = true;
            return DT_OK;
        }
        p->gone[q->place] = true;
        p->by_mixed[q->place] = q->x;
        q->x = NULL;
        return DT_OK;
    }
    dt_smallest_sort(&q->broken);
    for (size_t i = 0; i < q->broken.count && status == DT_OK; i++)
        status = use_index(m, q, q->broken.entry[i].index);
    q->broken.count = 0;
    q->undecided = false;
    return status;
}

/* Mixtures for all suspects, if the memory holds them: FLINT ends the program where it does not. */
static dt_status make_room(mixed *m) {
    const dt_part_round *p = m->part;
    size_t each = sizeof *m->suspect->x + sizeof *m->suspect->rounded + sizeof *m->suspect->support;
    double bytes = (double)m->suspects * p->count * (double)each;
    double limit = (double)dt_memory_limit() / 2;
    if (bytes > limit) {
        char needed[32], there[32];
        dt_diag_add(p->diag, DT_ERROR, DT_NOWHERE,
                    "dominance: whether mixtures of the %u strategies of `%s` dominate %zu of them "
                    "takes %s, and half of the memory is %s; pure-nash and maximin take games of "
                    "this size",
                    p->count, p->game->player[p->player].name, m->suspects,
                    dt_bytes_text(bytes, needed, sizeof needed),
                    dt_bytes_text(limit, there, sizeof there));
        return DT_ERR_INPUT;
    }
    for (size_t i = 0; i < m->suspects; i++) {
        suspect *q = &m->suspect[i];
        q->x = _fmpq_vec_init((slong)p->count);
        q->rounded = calloc(p->count, sizeof *q->rounded);
        q->support = calloc(p->count, sizeof *q->support);
        if (!q->rounded || !q->support)
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

static dt_status find_suspects(mixed *m) {
    dt_part_round *p = m->part;
    m->column = calloc(p->count, sizeof *m->column);
    m->suspect = calloc(p->count, sizeof *m->suspect);
    if (!m->column || !m->suspect)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++) {
        if (p->gone[s])
            continue;
        m->column[m->columns++] = s;
        bool best = p->best[s];
        if (!best)
            status = nearly_best(m, s, &best);
        if (status != DT_OK || best)
            continue;
        suspect *q = &m->suspect[m->suspects++];
        q->place = s;
        q->open = true;
        status = dt_smallest_init(&q->broken, NEW_ROWS);
    }
    /* A mixture needs two others. All start with the rows where each comes nearest to best. */
    if (m->columns < 3)
        for (size_t i = 0; i < m->suspects; i++)
            m->suspect[i].open = false;
    else if (status == DT_OK)
        status = make_room(m);
    for (size_t i = 0; i < m->suspects && status == DT_OK; i++)
        for (size_t c = 0; c < m->columns && status == DT_OK; c++)
            if (!p->best[m->column[c]])
                status = use_index(m, &m->suspect[i], p->near[m->column[c]].index);
    return status;
}

dt_status dt_part_mixed(dt_part_round *p) {
    mixed m = {.part = p};
    dt_status status = dt_pool_init(&m.pool, p->game, p->left, p->player, p->diag);
    if (status == DT_OK)
        status = find_suspects(&m);
    for (bool open = true; open && status == DT_OK;) {
        open = false;
        for (size_t i = 0; i < m.suspects && status == DT_OK; i++) {
            if (m.suspect[i].open)
                status = question(&m, &m.suspect[i]);
            open = open || m.suspect[i].open;
        }
        if (!open || status != DT_OK)
            break;
        dt_row_visitor visitor = {.size = sizeof(verify_local),
                                  .shared = &m,
                                  .open = verify_open,
                                  .row = verify_row,
                                  .close = verify_close};
        status = dt_rows_visit(p->game, p->left, p->player, p->player, p->control,
                               "profiles searched for dominance", p->diag, &visitor);
        for (size_t i = 0; i < m.suspects && status == DT_OK; i++)
            if (m.suspect[i].open)
                status = conclude(&m, &m.suspect[i]);
    }
    for (size_t i = 0; i < m.suspects; i++) {
        free(m.suspect[i].row);
        free(m.suspect[i].rounded);
        free(m.suspect[i].support);
        if (m.suspect[i].x)
            _fmpq_vec_clear(m.suspect[i].x, (slong)p->count);
        dt_smallest_clear(&m.suspect[i].broken);
    }
    free(m.suspect);
    free(m.column);
    if (m.pool.workspace)
        dt_pool_clear(&m.pool);
    return status;
}
