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
#include "equilibrium/dominance/claims.h"
#include "equilibrium/security/matrix_lp.h"
#include "lp/basis.h"

/* Rows that a strategy's LP begins with; rows added where a mixture is not better. */
enum { FIRST_ROWS = 64, NEW_ROWS = 32 };
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
    size_t supports;
    uint32_t *support; /* supports: places where x is positive */
    double *rounded;   /* supports: x there */
    fmpq *weight;      /* supports: likewise */
    double scale;      /* of the gains in its LP, which are gain_of */
    int shift;         /* gains are taken so many binary places down, where they would overflow */
    dt_smallest broken;
    bool undecided;
} suspect;

struct dt_mixed {
    dt_part_round *part;
    size_t columns;
    uint32_t *column; /* columns: places that may dominate */
    size_t suspects;
    suspect *suspect;
};

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

static dt_status use_index(dt_mixed *m, suspect *q, uint64_t index) {
    dt_status status = dt_pool_add(&m->part->pool, index, NULL);
    for (size_t r = m->part->pool.count; status == DT_OK && r-- > 0;)
        if (m->part->pool.index[r] == index)
            return use_row(q, r);
    return status;
}

/* What place t gains over the suspect in one of its rows, times 2^-shift. */
static double gain_of(const dt_mixed *m, const suspect *q, size_t i, uint32_t t) {
    const dt_part_round *p = m->part;
    const double *value = p->pool.value + q->row[i] * p->pool.lanes;
    if (q->shift == 0)
        return value[p->name[t]] - value[p->name[q->place]];
    return ldexp(value[p->name[t]], -q->shift) - ldexp(value[p->name[q->place]], -q->shift);
}

/* Is the place a best reply, ties included, in the row where it comes nearest? */
static dt_status nearly_best(dt_mixed *m, uint32_t place, bool *best) {
    const dt_part_round *p = m->part;
    *best = false;
    dt_status status = dt_pool_add(&m->part->pool, p->near[place].index, NULL);
    size_t row = 0;
    while (status == DT_OK && m->part->pool.index[row] != p->near[place].index)
        row++;
    if (status != DT_OK)
        return status;
    const double *value = m->part->pool.value + row * m->part->pool.lanes;
    const double *bound = m->part->pool.bound + row * m->part->pool.lanes;
    double low = value[p->name[place]] - bound[p->name[place]];
    double high = value[p->name[place]] + bound[p->name[place]];
    for (uint32_t t = 0; t < p->count; t++)
        if (value[p->name[t]] - bound[p->name[t]] > high + fabs(high) * 0x1p-50)
            return DT_OK; /* certainly not */
    dt_exact own, other;
    dt_exact_init(&own);
    dt_exact_init(&other);
    dt_exact_context *context = dt_game_context(p->game, m->part->pool.workspace);
    status = dt_pool_exact(&m->part->pool, row, p->name[place], &own);
    *best = true;
    for (uint32_t t = 0; t < p->count && status == DT_OK && *best; t++) {
        if (t == place || value[p->name[t]] + bound[p->name[t]] < low - fabs(low) * 0x1p-50)
            continue;
        status = dt_pool_exact(&m->part->pool, row, p->name[t], &other);
        dt_sign sign = dt_exact_compare(context, &other, &own);
        *best = status == DT_OK && (sign == DT_ZERO || sign == DT_NEGATIVE);
    }
    dt_exact_clear(&own);
    dt_exact_clear(&other);
    return status;
}

/* The belief y (weights of the suspect's rows) proves that s stays if no t gains from it. */
static bool belief_holds(const dt_mixed *m, const suspect *q, const dt_lp *lp) {
    const dt_part_round *p = m->part;
    uint32_t s = p->name[q->place];
    for (size_t c = 0; c < m->columns; c++) {
        uint32_t t = p->name[m->column[c]];
        double gain = 0, error = 0;
        if (m->column[c] == q->place)
            continue;
        for (size_t i = 0; i < q->rows; i++) {
            double y = fmax(-dt_lp_dual(lp, i + 1), 0);
            const double *value = m->part->pool.value + q->row[i] * m->part->pool.lanes;
            const double *bound = m->part->pool.bound + q->row[i] * m->part->pool.lanes;
            gain += y * (value[t] - value[s]);
            error += y * ((fabs(value[t]) + fabs(value[s])) * 0x1p-40 + bound[t] + bound[s]);
            error += 0x1p-1070; /* of terms that underflow */
        }
        if (!(gain + 2 * error <= 0))
            return false;
    }
    return true;
}

/* The same in exact arithmetic, for gains that doubles cannot tell from 0: y rounded to rationals
 * is a belief as good as any. */
static dt_status belief_holds_exactly(dt_mixed *m, const suspect *q, const dt_lp *lp, bool *holds) {
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
            status = dt_pool_exact(&m->part->pool, q->row[i], p->name[m->column[c]], &other);
            if (status == DT_OK)
                status = dt_pool_exact(&m->part->pool, q->row[i], p->name[q->place], &own);
            if (status == DT_OK && (dt_exact_sub(&other, &other, &own) != DT_EXACT_OK ||
                                    dt_exact_scale(&other, &other, y + i) != DT_EXACT_OK ||
                                    dt_exact_add(&gain, &gain, &other) != DT_EXACT_OK))
                status = DT_ERR_MEMORY;
        }
        dt_sign sign = dt_exact_sign(dt_game_context(p->game, m->part->pool.workspace), &gain);
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
static bool simplest(const dt_mixed *m, suspect *q, const double *x, double e, double scale) {
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
static dt_status decide_exactly(dt_mixed *m, suspect *q, const dt_lp *lp, bool *known) {
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
        status = dt_pool_exact(&m->part->pool, q->row[i], p->name[q->place], &own);
        for (size_t c = 0; c < n && status == DT_OK && rational; c++) {
            status = dt_pool_exact(&m->part->pool, q->row[i], p->name[m->column[c]], &other);
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

static void forget_support(suspect *q) {
    free(q->support);
    free(q->rounded);
    if (q->weight)
        _fmpq_vec_clear(q->weight, (slong)q->supports);
    q->support = NULL;
    q->rounded = NULL;
    q->weight = NULL;
    q->supports = 0;
}

/* Where x is positive, and how much. */
static dt_status list_support(const dt_part_round *p, suspect *q) {
    size_t count = 0;
    forget_support(q);
    for (uint32_t i = 0; i < p->count; i++)
        count += !fmpq_is_zero(q->x + i);
    q->support = calloc(count + 1, sizeof *q->support);
    q->rounded = calloc(count + 1, sizeof *q->rounded);
    if (!q->support || !q->rounded)
        return DT_ERR_MEMORY;
    q->weight = _fmpq_vec_init((slong)count);
    q->supports = count;
    count = 0;
    for (uint32_t i = 0; i < p->count; i++)
        if (!fmpq_is_zero(q->x + i)) {
            q->support[count] = i;
            q->rounded[count] = dt_lp_double(q->x + i);
            fmpq_set(q->weight + count++, q->x + i);
        }
    return DT_OK;
}

static void suspect_clear(const dt_mixed *m, suspect *q) {
    forget_support(q);
    free(q->row);
    if (q->x)
        _fmpq_vec_clear(q->x, (slong)m->part->count);
    dt_smallest_clear(&q->broken);
}

/* Solves the suspect's LP: it stays (open = false), or q->x is a mixture to be checked. */
static dt_status question(dt_mixed *m, suspect *q) {
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
        if (q->x)
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
    if (status == DT_OK && q->open)
        status = list_support(p, q);
    dt_lp_free(lp);
    free(row);
    free(x);
    return status;
}

/* The claim that the suspect's mixture dominates it. */
static dt_claim claim_of(const suspect *q) {
    return (dt_claim){.place = q->place,
                      .supports = q->supports,
                      .support = q->support,
                      .rounded = q->rounded,
                      .weight = q->weight,
                      .broken = q->broken};
}

/* Puts rows that break the claim into the LP; q->broken is empty then. */
static dt_status learn(dt_mixed *m, suspect *q, dt_claim *c) {
    dt_status status = DT_OK;
    if (c->broken.count)
        dt_smallest_sort(&c->broken);
    for (size_t i = 0; i < c->broken.count && status == DT_OK; i++)
        status = use_index(m, q, c->broken.entry[i].index);
    c->broken.count = 0;
    q->broken = c->broken;
    return status;
}

/* Checks the mixture in the rows that are known; those that break it go into the LP. */
static dt_status try_known(dt_mixed *m, suspect *q, bool *passed) {
    dt_part_round *p = m->part;
    dt_claim c = claim_of(q);
    dt_status status = DT_OK;
    q->undecided = false;
    for (size_t r = 0; r < p->pool.count && status == DT_OK; r++) {
        double gain;
        dt_sign sign = dt_claim_judge(p, &c, p->pool.value + r * p->pool.lanes,
                                      p->pool.bound + r * p->pool.lanes, &gain);
        if (sign == DT_UNDECIDED) {
            gain = 0;
            status = dt_part_stopped(p)
                         ? DT_ERR_INTERRUPTED
                         : dt_claim_exactly(p, &c, p->pool.workspace,
                                            p->pool.profile + r * p->game->players, &sign);
            q->undecided = q->undecided || sign == DT_UNDECIDED;
        }
        if (status == DT_OK && (sign == DT_NEGATIVE || sign == DT_ZERO))
            dt_smallest_offer(&c.broken, gain, p->pool.index[r]);
    }
    *passed = c.broken.count == 0;
    dt_status learned = learn(m, q, &c);
    return status == DT_OK ? learned : status;
}

/* Solves the suspect's LP until it stays, or its mixture is better in all rows known. */
static dt_status ask_known(dt_mixed *m, suspect *q) {
    dt_status status = DT_OK;
    for (bool passed = false; q->open && !passed && status == DT_OK;) {
        size_t rows = q->rows;
        status = dt_part_stopped(m->part) ? DT_ERR_INTERRUPTED : question(m, q);
        if (status == DT_OK && q->open)
            status = try_known(m, q, &passed);
        if (status == DT_OK && q->open && !passed && q->rows == rows) {
            q->open = false; /* rounding: the LP holds that row already */
            m->part->open[q->place] = true;
        }
    }
    return status;
}

/* Is there memory for a mixture of each suspect? FLINT would end the program where there is not. */
static dt_status check_room(const dt_mixed *m) {
    const dt_part_round *p = m->part;
    double bytes = (double)m->suspects * p->count * (double)sizeof *m->suspect->x;
    double limit = (double)dt_memory_limit() / 2;
    if (bytes <= limit)
        return DT_OK;
    char needed[32], there[32];
    dt_diag_add(p->diag, DT_ERROR, DT_NOWHERE,
                "dominance: whether mixtures of the %u strategies of `%s` dominate %zu of them "
                "takes %s, and half of the memory is %s; pure-nash and maximin take games of this "
                "size",
                p->count, p->game->player[p->player].name, m->suspects,
                dt_bytes_text(bytes, needed, sizeof needed),
                dt_bytes_text(limit, there, sizeof there));
    return DT_ERR_INPUT;
}

static dt_status find_suspects(dt_mixed *m) {
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
        if (p->stays[s])
            continue;
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
    /* A mixture needs two others. All start with rows where some come nearest to best. */
    if (m->columns < 3)
        for (size_t i = 0; i < m->suspects; i++)
            m->suspect[i].open = false;
    else if (status == DT_OK)
        status = check_room(m);
    for (size_t i = 0; i < m->suspects && status == DT_OK; i++) {
        size_t first = 0;
        status = use_index(m, &m->suspect[i], p->near[m->suspect[i].place].index);
        for (size_t c = 0; c < m->columns && first < FIRST_ROWS && status == DT_OK; c++)
            if (!p->best[m->column[c]]) {
                status = use_index(m, &m->suspect[i], p->near[m->column[c]].index);
                first++;
            }
    }
    return status;
}

dt_status dt_mixed_ask(dt_part_round *p, dt_mixed **out) {
    dt_mixed *m = *out = calloc(1, sizeof *m);
    if (!m)
        return DT_ERR_MEMORY;
    m->part = p;
    dt_status status = find_suspects(m);
    for (size_t i = 0; i < m->suspects && status == DT_OK; i++) {
        suspect *q = &m->suspect[i];
        status = ask_known(m, q);
        p->stays[q->place] = !q->open && !p->open[q->place];
    }
    return status;
}

dt_status dt_mixed_claims(dt_mixed *m, dt_claim *claim, size_t *claims) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < m->suspects && status == DT_OK; i++) {
        const suspect *q = &m->suspect[i];
        if (!q->open)
            continue;
        dt_claim *c = &claim[(*claims)++];
        *c = (dt_claim){.place = q->place,
                        .supports = q->supports,
                        .support = q->support,
                        .rounded = q->rounded,
                        .weight = q->weight,
                        .undecided = q->undecided};
        status = dt_smallest_init(&c->broken, NEW_ROWS);
    }
    return status;
}

dt_status dt_mixed_conclude(dt_mixed *m, dt_claim *c, bool *changed) {
    dt_part_round *p = m->part;
    dt_status status = DT_OK;
    suspect *q = m->suspect;
    while (q->place != c->place)
        q++;
    for (size_t i = 0; i < c->broken.count && status == DT_OK; i++)
        status = dt_pool_add(&p->pool, c->broken.entry[i].index, NULL);
    *changed = *changed || c->broken.count > 0;
    if (c->broken.count == 0 && c->undecided) {
        p->open[c->place] = true;
    } else if (c->broken.count == 0) {
        p->gone[c->place] = true;
        p->by_mixed[c->place] = q->x;
        q->x = NULL;
    }
    return status;
}

void dt_mixed_free(dt_mixed *m) {
    for (size_t i = 0; m && i < m->suspects; i++)
        suspect_clear(m, &m->suspect[i]);
    if (m) {
        free(m->suspect);
        free(m->column);
    }
    free(m);
}
