/* The linear program of one reply: see reply_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/stackelberg/reply_lp.h"

#include <math.h>
#include <stdlib.h>

#include "lp/basis.h"

static bool is_twin(const dt_reply_lp *lp, uint32_t k) {
    return lp->c->twin[k] == lp->c->twin[lp->reply];
}

/* Is row r about what the leader gets? */
static bool about_leader(const dt_reply_lp *lp, size_t r) {
    return is_twin(lp, lp->other[r]);
}

/* Has v a part in row r? */
static bool has_v(const dt_reply_lp *lp, size_t r) {
    return lp->kind == DT_REPLY_INTERIOR || about_leader(lp, r);
}

dt_status dt_reply_lp_init(dt_reply_lp *lp, const dt_commitment *c, uint32_t reply,
                           dt_reply_kind kind, bool worst_twin) {
    *lp = (dt_reply_lp){.c = c, .reply = reply, .kind = kind, .worst_twin = worst_twin};
    lp->other = malloc(c->n * sizeof *lp->other);
    if (!lp->other)
        return DT_ERR_MEMORY;
    for (uint32_t k = 0; k < c->n; k++) {
        bool leader = kind == DT_REPLY_BEST && (worst_twin ? is_twin(lp, k) : k == reply);
        if (leader || !is_twin(lp, k))
            lp->other[lp->rows++] = k;
    }
    return DT_OK;
}

void dt_reply_lp_clear(dt_reply_lp *lp) {
    free(lp->other);
    lp->other = NULL;
}

/* --- in doubles --- */

/* The coefficient of x_i in row r, unscaled. */
static double rough(const dt_reply_lp *lp, size_t r, size_t i) {
    const dt_commitment *c = lp->c;
    if (about_leader(lp, r))
        return c->leader.value[i * c->n + lp->other[r]];
    return c->follower.value[i * c->n + lp->reply] - c->follower.value[i * c->n + lp->other[r]];
}

/* v is held in units of this, around that. */
static double v_scale(const dt_reply_lp *lp) {
    return lp->kind == DT_REPLY_BEST ? lp->c->leader.scale : lp->c->follower.scale;
}

static double v_centre(const dt_reply_lp *lp) {
    return lp->kind == DT_REPLY_BEST ? lp->c->leader.centre : 0;
}

static dt_status build(const dt_reply_lp *lp, dt_lp **out) {
    size_t m = lp->c->m;
    size_t *column = malloc((m + 1) * sizeof *column);
    double *value = malloc((m + 1) * sizeof *value);
    dt_status status = column && value ? dt_lp_new(DT_LP_MAX, out) : DT_ERR_MEMORY;
    for (size_t i = 0; i <= m && status == DT_OK; i++) {
        column[i] = i;
        value[i] = 1;
        status = i < m ? dt_lp_add_column(*out, 0, INFINITY, 0, 0, NULL, NULL)
                       : dt_lp_add_column(*out, -INFINITY, INFINITY, 1, 0, NULL, NULL);
    }
    if (status == DT_OK)
        status = dt_lp_add_row(*out, 1, 1, m, column, value);
    for (size_t r = 0; r < lp->rows && status == DT_OK; r++) {
        bool leader = about_leader(lp, r);
        double centre = leader ? lp->c->leader.centre : 0;
        double scale = leader ? lp->c->leader.scale : lp->c->follower.scale;
        for (size_t i = 0; i < m; i++)
            value[i] = (rough(lp, r, i) - centre) / scale;
        value[m] = -1;
        status = dt_lp_add_row(*out, 0, INFINITY, m + has_v(lp, r), column, value);
    }
    free(column);
    free(value);
    return status;
}

static dt_status read_answer(const dt_reply_lp *lp, const dt_lp *from, dt_reply_answer *a) {
    size_t m = lp->c->m;
    a->x = malloc(m * sizeof *a->x);
    a->price = malloc((lp->rows + 1) * sizeof *a->price);
    a->row_place = malloc((lp->rows + 1) * sizeof *a->row_place);
    a->column_place = malloc((m + 1) * sizeof *a->column_place);
    if (!a->x || !a->price || !a->row_place || !a->column_place)
        return DT_ERR_MEMORY;
    a->value = v_centre(lp) + v_scale(lp) * dt_lp_primal(from, m);
    for (size_t i = 0; i < m; i++)
        a->x[i] = fmax(dt_lp_primal(from, i), 0);
    for (size_t r = 0; r < lp->rows; r++) {
        double scale = about_leader(lp, r) ? lp->c->leader.scale : lp->c->follower.scale;
        a->price[r] = fmax(-dt_lp_dual(from, r + 1), 0) * (v_scale(lp) / scale);
    }
    for (size_t r = 0; r <= lp->rows; r++)
        a->row_place[r] = dt_lp_row_place(from, r);
    for (size_t i = 0; i <= m; i++)
        a->column_place[i] = dt_lp_column_place(from, i);
    return DT_OK;
}

dt_status dt_reply_lp_solve(const dt_reply_lp *lp, const volatile sig_atomic_t *stop,
                            dt_reply_answer *answer) {
    *answer = (dt_reply_answer){.outcome = DT_LP_FAILED};
    dt_lp *program = NULL;
    dt_status status = build(lp, &program);
    if (status == DT_OK)
        status = dt_lp_solve(program, DT_LP_PRIMAL, stop, &answer->outcome);
    if (status == DT_OK)
        status = read_answer(lp, program, answer);
    dt_lp_free(program);
    return status;
}

void dt_reply_answer_clear(dt_reply_answer *answer) {
    free(answer->x);
    free(answer->price);
    free(answer->row_place);
    free(answer->column_place);
    *answer = (dt_reply_answer){0};
}

double dt_reply_lp_bound(const dt_reply_lp *lp, const double *price) {
    const dt_commitment *c = lp->c;
    double sum = 0, most = -INFINITY, slack[2];
    slack[0] = 2 * fmpz_get_d(c->leader.slack) / fmpz_get_d(c->leader.unit);
    slack[1] = 2 * fmpz_get_d(c->follower.slack) / fmpz_get_d(c->follower.unit);
    for (size_t r = 0; r < lp->rows; r++)
        if (has_v(lp, r))
            sum += price[r];
    if (!(sum > 0))
        return INFINITY;
    for (size_t i = 0; i < c->m; i++) {
        double total = 0, size = 0, lost = 0;
        for (size_t r = 0; r < lp->rows; r++) {
            if (price[r] == 0)
                continue;
            double weight = price[r] / sum;
            bool leader = about_leader(lp, r);
            double mine = leader ? 0 : c->follower.value[i * c->n + lp->reply];
            double other = (leader ? &c->leader : &c->follower)->value[i * c->n + lp->other[r]];
            total += weight * (leader ? other : mine - other);
            size += weight * (fabs(mine) + fabs(other));
            lost += weight * slack[!leader];
        }
        /* Weights that sum to 1 but for n roundings, entries that are rounded, three operations a
         * row: less than 8 n + 16 roundings of 2^-53 in all. */
        double error = size * ((double)lp->rows + 2) * 0x1p-49 + 2 * lost + 0x1p-1000;
        most = fmax(most, total + error);
    }
    return most;
}

/* --- exactly --- */

typedef struct exact_lp {
    const dt_reply_lp *lp;
    int lean;
    fmpq zero, one;
} exact_lp;

/* Columns are whole numbers: rows about the leader are in his units, and v too (in those of the
 * follower in the program of the interior); the others are in the follower's. */
static size_t column(void *self, size_t j, size_t *row, fmpq *value) {
    const exact_lp *e = self;
    const dt_reply_lp *lp = e->lp;
    const dt_commitment *c = lp->c;
    size_t at = 0;
    if (j == c->m) {
        for (size_t r = 0; r < lp->rows; r++)
            if (has_v(lp, r)) {
                row[at] = 1 + r;
                fmpq_set_si(value + at++, -1, 1);
            }
        return at;
    }
    row[at] = 0;
    fmpq_one(value + at++);
    for (size_t r = 0; r < lp->rows; r++, at++) {
        bool leader = about_leader(lp, r);
        const dt_side *side = leader ? &c->leader : &c->follower;
        fmpz *to = fmpq_numref(value + at);
        row[at] = 1 + r;
        fmpz_one(fmpq_denref(value + at));
        if (leader)
            fmpz_set(to, side->entry + j * c->n + lp->other[r]);
        else
            fmpz_sub(to, side->entry + j * c->n + lp->reply, side->entry + j * c->n + lp->other[r]);
        for (int times = leader ? 1 : 2; times > 0 && e->lean; times--) {
            if (e->lean > 0)
                fmpz_add(to, to, side->slack);
            else
                fmpz_sub(to, to, side->slack);
        }
    }
    return at;
}

static void cost(void *self, size_t j, fmpq_t out) {
    fmpq_set_si(out, j == ((const exact_lp *)self)->lp->c->m, 1);
}

static dt_lp_range row_range(void *self, size_t i) {
    exact_lp *e = self;
    return i == 0 ? (dt_lp_range){&e->one, &e->one} : (dt_lp_range){&e->zero, NULL};
}

static dt_lp_range column_range(void *self, size_t j) {
    exact_lp *e = self;
    return (dt_lp_range){j < e->lp->c->m ? &e->zero : NULL, NULL};
}

dt_status dt_reply_lp_prove(const dt_reply_lp *lp, dt_reply_answer *answer, int lean,
                            const volatile sig_atomic_t *stop, dt_lp_verdict *verdict, fmpq_t value,
                            fmpq *x) {
    const dt_commitment *c = lp->c;
    exact_lp e = {.lp = lp, .lean = lean};
    fmpq_init(&e.zero);
    fmpq_init(&e.one);
    fmpq_one(&e.one);
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = lp->rows + 1,
                       .columns = (size_t)c->m + 1,
                       .entries = lp->rows + 1,
                       .self = &e,
                       .column = column,
                       .cost = cost,
                       .row_range = row_range,
                       .column_range = column_range};
    dt_lp_proof proof;
    dt_status status =
        dt_lp_prove(&data, answer->row_place, answer->column_place, c->budget, stop, &proof);
    *verdict = proof.verdict;
    if (status == DT_OK && proof.verdict == DT_LP_PROVED) {
        const dt_side *side = lp->kind == DT_REPLY_BEST ? &c->leader : &c->follower;
        fmpq_div_fmpz(value, proof.value, side->unit);
        for (size_t i = 0; i < c->m; i++)
            fmpq_set(x + i, proof.x + i);
    }
    dt_lp_proof_clear(&proof);
    fmpq_clear(&e.zero);
    fmpq_clear(&e.one);
    return status;
}
