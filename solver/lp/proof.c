/* Exact proof of an LP's optimum: see proof.h. SPDX: GPL-3.0-or-later */
#include "lp/proof.h"

#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lp/basis.h"

/* Systems up to this size are eliminated fraction-free, larger ones lifted p-adically (dixon.h, or
 * FLINT's where numbers are long). */
enum { SMALL_SYSTEM = 15 };

/* Pivots by the worst fault first, then by Bland's rule. */
enum { WORST_PIVOTS = 40, MAX_PIVOTS = 400 };
#define DEFAULT_BUDGET 2e9

const char *dt_lp_verdict_text(dt_lp_verdict verdict) {
    switch (verdict) {
    case DT_LP_PROVED: return "proved optimal";
    case DT_LP_BAD_BASIS: return "the final basis is singular";
    case DT_LP_PRIMAL_WRONG: return "the final basis is not primal feasible";
    case DT_LP_DUAL_WRONG: return "the final basis is not dual feasible";
    case DT_LP_TOO_LARGE: return "the exact step would take longer than its budget";
    }
    return "";
}

double dt_lp_double(const fmpq_t q) {
    const fmpz *n = fmpq_numref(q), *d = fmpq_denref(q);
    if (!COEFF_IS_MPZ(*n) && !COEFF_IS_MPZ(*d))
        return (double)*n / (double)*d;
    slong n_exponent, d_exponent;
    double n_part = fmpz_get_d_2exp(&n_exponent, n), d_part = fmpz_get_d_2exp(&d_exponent, d);
    slong e = n_exponent - d_exponent;
    return ldexp(n_part / d_part, e > 4000 ? 4000 : e < -4000 ? -4000 : (int)e);
}

dt_lp_range dt_lp_basis_range(const dt_lp_basis *b, dt_lp_variable v) {
    return v.is_row ? b->data->row_range(b->data->self, v.index)
                    : b->data->column_range(b->data->self, v.index);
}

dt_lp_place *dt_lp_basis_place(const dt_lp_basis *b, dt_lp_variable v) {
    return v.is_row ? &b->row_place[v.index] : &b->column_place[v.index];
}

/* By machine words; UNFIT where they do not do. */
static dt_dixon_result solve_small(dt_lp_basis *b, bool transposed, fmpq_mat_t z,
                                   const fmpq_mat_t right) {
    dt_dixon_result result = b->unfit ? DT_DIXON_UNFIT : DT_DIXON_SOLVED;
    if (!b->has_dixon && !b->unfit) {
        result = dt_dixon_init(&b->dixon, b->matrix, b->stop);
        b->has_dixon = true;
        b->unfit = result != DT_DIXON_SOLVED;
    }
    if (result == DT_DIXON_SOLVED)
        result = dt_dixon_solve(&b->dixon, transposed, z, right, b->stop);
    b->stopped = b->stopped || result == DT_DIXON_STOPPED;
    return result;
}

bool dt_lp_basis_solve(dt_lp_basis *b, bool transposed, fmpq_mat_t z, const fmpq_mat_t right) {
    if (b->size == 0)
        return true;
    dt_dixon_result result =
        b->size > SMALL_SYSTEM ? solve_small(b, transposed, z, right) : DT_DIXON_UNFIT;
    if (result != DT_DIXON_UNFIT)
        return result == DT_DIXON_SOLVED;
    fmpq_mat_t turned;
    const fmpq_mat_struct *matrix = b->matrix;
    if (transposed) {
        fmpq_mat_init(turned, (slong)b->size, (slong)b->size);
        fmpq_mat_transpose(turned, b->matrix);
        matrix = turned;
    }
    int regular = b->size <= SMALL_SYSTEM ? fmpq_mat_solve_fraction_free(z, matrix, right)
                                          : fmpq_mat_solve_dixon(z, matrix, right);
    if (transposed)
        fmpq_mat_clear(turned);
    return regular != 0;
}

static size_t column_of(dt_lp_basis *b, size_t j) {
    return b->data->column(b->data->self, j, b->entry_row, b->entry);
}

void dt_lp_basis_combine(dt_lp_basis *b, const fmpq_mat_t weight, fmpq *out) {
    /* Over one denominator D, integer entries need no gcd: out = (sum a × D w) / D. */
    fmpz_t denominator, cleared;
    fmpz_init_set_ui(denominator, 1);
    fmpz_init(cleared);
    for (size_t c = 0; c < b->size; c++)
        fmpz_lcm(denominator, denominator, fmpq_mat_entry_den(weight, (slong)c, 0));
    fmpz *sum = _fmpz_vec_init((slong)b->data->rows);
    for (size_t c = 0; c < b->size; c++) {
        const fmpq *w = fmpq_mat_entry(weight, (slong)c, 0);
        if (fmpq_is_zero(w))
            continue;
        fmpz_divexact(cleared, denominator, fmpq_denref(w));
        fmpz_mul(cleared, cleared, fmpq_numref(w));
        size_t n = column_of(b, b->basic[c]);
        for (size_t e = 0; e < n; e++) {
            if (fmpz_is_one(fmpq_denref(b->entry + e)))
                fmpz_addmul(sum + b->entry_row[e], fmpq_numref(b->entry + e), cleared);
            else
                fmpq_addmul(out + b->entry_row[e], b->entry + e, w);
        }
    }
    fmpq_t term;
    fmpq_init(term);
    for (size_t i = 0; i < b->data->rows; i++)
        if (!fmpz_is_zero(sum + i)) {
            fmpq_set_fmpz_frac(term, sum + i, denominator);
            fmpq_add(out + i, out + i, term);
        }
    fmpq_clear(term);
    _fmpz_vec_clear(sum, (slong)b->data->rows);
    fmpz_clear(denominator);
    fmpz_clear(cleared);
}

void dt_lp_basis_reduced_cost(dt_lp_basis *b, dt_lp_variable v, fmpq_t out) {
    if (v.is_row) { /* a row's activity costs nothing and enters its own equation with -1 */
        fmpq_set(out, b->y + v.index);
        return;
    }
    fmpz_t sum;
    fmpz_init(sum);
    b->data->cost(b->data->self, v.index, out);
    size_t n = column_of(b, v.index);
    for (size_t e = 0; e < n; e++) {
        if (fmpz_is_one(fmpq_denref(b->entry + e)))
            fmpz_addmul(sum, fmpq_numref(b->entry + e), b->cleared + b->entry_row[e]);
        else
            fmpq_submul(out, b->entry + e, b->y + b->entry_row[e]);
    }
    fmpq_t term;
    fmpq_init(term);
    fmpq_set_fmpz_frac(term, sum, b->y_denominator);
    fmpq_sub(out, out, term);
    fmpq_clear(term);
    fmpz_clear(sum);
}

/* Which way a nonbasic variable of that reduced cost should move (0: it is right where it is),
 * when the objective is to be minimised. */
static int wrong_way(dt_lp_place place, dt_lp_range range, int sign) {
    if (range.lower && range.upper && fmpq_equal(range.lower, range.upper))
        return 0;
    if (place == DT_LP_LOWER)
        return sign < 0 ? 1 : 0;
    if (place == DT_LP_UPPER)
        return sign > 0 ? -1 : 0;
    return -sign;
}

static void note_fault(const dt_lp_basis *b, dt_lp_fault *fault, dt_lp_variable v, int direction,
                       double size) {
    if (fault->found && (b->lowest || fault->size >= size))
        return;
    *fault = (dt_lp_fault){.found = true, .variable = v, .direction = direction, .size = size};
}

static void check_primal(dt_lp_basis *b, dt_lp_variable v, const fmpq_t value, fmpq_t scratch) {
    dt_lp_range range = dt_lp_basis_range(b, v);
    if (range.lower && fmpq_cmp(value, range.lower) < 0) {
        fmpq_sub(scratch, range.lower, value);
        note_fault(b, &b->primal, v, 1, dt_lp_double(scratch));
    } else if (range.upper && fmpq_cmp(value, range.upper) > 0) {
        fmpq_sub(scratch, value, range.upper);
        note_fault(b, &b->primal, v, -1, dt_lp_double(scratch));
    }
}

/* The sign of column j's reduced cost by doubles, where their error allows, else 2. */
static int fast_sign(dt_lp_basis *b, size_t j, const fmpq_t cost, double *size) {
    double sum = dt_lp_double(cost), magnitude = fabs(sum);
    size_t n = column_of(b, j);
    for (size_t e = 0; e < n; e++) {
        double entry = dt_lp_double(b->entry + e);
        double term = entry * b->y_double[b->entry_row[e]];
        if (!(fabs(entry) < 1e100)) /* times a dual value that underflows */
            magnitude = INFINITY;
        sum -= term;
        magnitude += fabs(term);
    }
    /* Each conversion errs by 2^-50 at most, each operation by 2^-53; 1e-200 is for underflow. */
    double error = magnitude * ((double)n + 16) * 0x1p-48 + 1e-200;
    *size = fabs(sum);
    if (!(magnitude < 1e100) || !(fabs(sum) > error))
        return 2;
    return sum > 0 ? 1 : -1;
}

static void check_dual(dt_lp_basis *b) {
    int flip = b->data->sense == DT_LP_MIN ? 1 : -1;
    fmpq_t d;
    fmpq_init(d);
    for (size_t j = 0; j < b->data->columns; j++) {
        if (b->column_place[j] == DT_LP_BASIC)
            continue;
        dt_lp_variable v = {.is_row = false, .index = j};
        double size;
        b->data->cost(b->data->self, j, d);
        int sign = fast_sign(b, j, d, &size);
        if (sign == 2) {
            dt_lp_basis_reduced_cost(b, v, d);
            sign = fmpq_sgn(d);
            size = fabs(dt_lp_double(d));
        }
        int direction = wrong_way(b->column_place[j], dt_lp_basis_range(b, v), flip * sign);
        if (direction)
            note_fault(b, &b->dual, v, direction, size);
    }
    for (size_t s = 0; s < b->size; s++) {
        dt_lp_variable v = {.is_row = true, .index = b->tight[s]};
        int direction = wrong_way(b->row_place[v.index], dt_lp_basis_range(b, v),
                                  flip * fmpq_sgn(b->y + v.index));
        if (direction)
            note_fault(b, &b->dual, v, direction, fabs(b->y_double[v.index]));
    }
    fmpq_clear(d);
}

/* Lists the basic columns and tight rows; false where they are not equally many. */
static bool read_places(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    size_t basics = 0, tights = 0;
    for (size_t j = 0; j < data->columns; j++)
        basics += b->column_place[j] == DT_LP_BASIC;
    for (size_t i = 0; i < data->rows; i++)
        tights += b->row_place[i] != DT_LP_BASIC;
    if (basics != tights)
        return false;
    b->size = basics;
    size_t next = 0;
    for (size_t j = 0; j < data->columns; j++)
        if (b->column_place[j] == DT_LP_BASIC)
            b->basic[next++] = j;
    next = 0;
    for (size_t i = 0; i < data->rows; i++) {
        b->row_slot[i] = DT_LP_NO_SLOT;
        if (b->row_place[i] != DT_LP_BASIC) {
            b->row_slot[i] = next;
            b->tight[next++] = i;
        }
    }
    return true;
}

static void forget_matrix(dt_lp_basis *b) {
    if (b->has_dixon)
        dt_dixon_clear(&b->dixon);
    if (b->has_matrix)
        fmpq_mat_clear(b->matrix);
    b->has_matrix = b->has_dixon = b->unfit = false;
}

static void read_matrix(dt_lp_basis *b) {
    forget_matrix(b);
    fmpq_mat_init(b->matrix, (slong)b->size, (slong)b->size);
    b->has_matrix = true;
    for (size_t c = 0; c < b->size; c++) {
        size_t n = column_of(b, b->basic[c]);
        for (size_t e = 0; e < n; e++) {
            size_t slot = b->row_slot[b->entry_row[e]];
            if (slot != DT_LP_NO_SLOT)
                fmpq_set(fmpq_mat_entry(b->matrix, (slong)slot, (slong)c), b->entry + e);
        }
    }
}

/* Where a nonbasic variable stands; NULL: at 0. */
static const fmpq *standing(dt_lp_place place, dt_lp_range range) {
    if (place == DT_LP_UPPER && range.upper)
        return range.upper;
    if (place != DT_LP_FREE && range.lower)
        return range.lower;
    return range.upper && place != DT_LP_FREE ? range.upper : NULL;
}

static bool solve_primal(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    fmpq_mat_t right, z;
    fmpq_mat_init(right, (slong)b->size, 1);
    fmpq_mat_init(z, (slong)b->size, 1);
    for (size_t i = 0; i < data->rows; i++)
        fmpq_zero(b->activity + i);
    for (size_t j = 0; j < data->columns; j++) {
        fmpq_zero(b->x + j);
        if (b->column_place[j] == DT_LP_BASIC)
            continue;
        const fmpq *at = standing(b->column_place[j], data->column_range(data->self, j));
        if (!at || fmpq_is_zero(at))
            continue;
        fmpq_set(b->x + j, at);
        size_t n = column_of(b, j);
        for (size_t e = 0; e < n; e++)
            fmpq_addmul(b->activity + b->entry_row[e], b->entry + e, at);
    }
    for (size_t s = 0; s < b->size; s++) {
        size_t i = b->tight[s];
        const fmpq *at = standing(b->row_place[i], data->row_range(data->self, i));
        fmpq *to = fmpq_mat_entry(right, (slong)s, 0);
        fmpq_neg(to, b->activity + i);
        if (at)
            fmpq_add(to, to, at);
    }
    bool regular = dt_lp_basis_solve(b, false, z, right);
    if (regular) {
        for (size_t c = 0; c < b->size; c++)
            fmpq_set(b->x + b->basic[c], fmpq_mat_entry(z, (slong)c, 0));
        dt_lp_basis_combine(b, z, b->activity);
        fmpq_t scratch;
        fmpq_init(scratch);
        for (size_t c = 0; c < b->size; c++)
            check_primal(b, (dt_lp_variable){false, b->basic[c]}, b->x + b->basic[c], scratch);
        for (size_t i = 0; i < data->rows; i++)
            check_primal(b, (dt_lp_variable){true, i}, b->activity + i, scratch);
        fmpq_clear(scratch);
    }
    fmpq_mat_clear(right);
    fmpq_mat_clear(z);
    return regular;
}

static bool solve_dual(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    fmpq_mat_t right, z;
    fmpq_mat_init(right, (slong)b->size, 1);
    fmpq_mat_init(z, (slong)b->size, 1);
    for (size_t c = 0; c < b->size; c++)
        data->cost(data->self, b->basic[c], fmpq_mat_entry(right, (slong)c, 0));
    bool regular = dt_lp_basis_solve(b, true, z, right);
    if (regular) {
        fmpz_one(b->y_denominator);
        for (size_t s = 0; s < b->size; s++)
            fmpz_lcm(b->y_denominator, b->y_denominator, fmpq_mat_entry_den(z, (slong)s, 0));
        for (size_t i = 0; i < data->rows; i++) {
            fmpq_zero(b->y + i);
            fmpz_zero(b->cleared + i);
            if (b->row_slot[i] != DT_LP_NO_SLOT) {
                fmpq_set(b->y + i, fmpq_mat_entry(z, (slong)b->row_slot[i], 0));
                fmpz_divexact(b->cleared + i, b->y_denominator, fmpq_denref(b->y + i));
                fmpz_mul(b->cleared + i, b->cleared + i, fmpq_numref(b->y + i));
            }
            b->y_double[i] = dt_lp_double(b->y + i);
        }
        check_dual(b);
    }
    fmpq_mat_clear(right);
    fmpq_mat_clear(z);
    return regular;
}

static dt_status basis_init(dt_lp_basis *b, const dt_lp_data *data, dt_lp_place *row_place,
                            dt_lp_place *column_place) {
    size_t rows = data->rows + 1, columns = data->columns + 1; /* never of size 0 */
    *b = (dt_lp_basis){.data = data, .row_place = row_place, .column_place = column_place};
    fmpz_init_set_ui(b->y_denominator, 1);
    b->basic = calloc(columns, sizeof *b->basic);
    b->tight = calloc(rows, sizeof *b->tight);
    b->row_slot = calloc(rows, sizeof *b->row_slot);
    b->y_double = calloc(rows, sizeof *b->y_double);
    b->entry_row = calloc(data->entries + 1, sizeof *b->entry_row);
    b->x = _fmpq_vec_init((slong)columns);
    b->activity = _fmpq_vec_init((slong)rows);
    b->y = _fmpq_vec_init((slong)rows);
    b->cleared = _fmpz_vec_init((slong)rows);
    b->entry = _fmpq_vec_init((slong)data->entries + 1);
    return b->basic && b->tight && b->row_slot && b->y_double && b->entry_row ? DT_OK
                                                                              : DT_ERR_MEMORY;
}

static void basis_clear(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    forget_matrix(b);
    if (b->x)
        _fmpq_vec_clear(b->x, (slong)data->columns + 1);
    _fmpq_vec_clear(b->activity, (slong)data->rows + 1);
    if (b->y)
        _fmpq_vec_clear(b->y, (slong)data->rows + 1);
    _fmpz_vec_clear(b->cleared, (slong)data->rows + 1);
    _fmpq_vec_clear(b->entry, (slong)data->entries + 1);
    fmpz_clear(b->y_denominator);
    free(b->basic);
    free(b->tight);
    free(b->row_slot);
    free(b->y_double);
    free(b->entry_row);
}

static void hand_over(dt_lp_basis *b, dt_lp_proof *proof) {
    proof->support = b->size;
    proof->x = b->x;
    proof->y = b->y;
    b->x = b->y = NULL;
    fmpq_t cost, total;
    fmpq_init(cost);
    fmpq_init(total);
    for (size_t j = 0; j < proof->columns; j++)
        if (!fmpq_is_zero(proof->x + j)) {
            b->data->cost(b->data->self, j, cost);
            fmpq_addmul(total, proof->x + j, cost);
        }
    fmpq_swap(proof->value, total);
    fmpq_clear(total);
    fmpq_clear(cost);
}

/* Pivots until the basis is optimal, hopeless, or the budget gone. */
static dt_status run(dt_lp_basis *b, double budget, const volatile sig_atomic_t *stop,
                     dt_lp_proof *proof) {
    double spent = 0;
    for (;; proof->pivots++) {
        if (stop && *stop)
            return DT_ERR_INTERRUPTED;
        proof->verdict = DT_LP_BAD_BASIS;
        if (!read_places(b))
            return DT_OK;
        double n = (double)b->size;
        spent += n * n * n;
        if (spent > budget || proof->pivots > MAX_PIVOTS) {
            proof->verdict = DT_LP_TOO_LARGE;
            return DT_OK;
        }
        read_matrix(b);
        b->primal.found = b->dual.found = false;
        b->lowest = proof->pivots >= WORST_PIVOTS;
        if (!solve_primal(b) || !solve_dual(b))
            return b->stopped ? DT_ERR_INTERRUPTED : DT_OK;
        if (!b->primal.found && !b->dual.found) {
            proof->verdict = DT_LP_PROVED;
            return DT_OK;
        }
        proof->verdict = b->primal.found ? DT_LP_PRIMAL_WRONG : DT_LP_DUAL_WRONG;
        if (!(b->primal.found ? dt_lp_pivot_dual(b) : dt_lp_pivot_primal(b)))
            return b->stopped ? DT_ERR_INTERRUPTED : DT_OK;
    }
}

dt_status dt_lp_prove(const dt_lp_data *data, dt_lp_place *row_place, dt_lp_place *column_place,
                      double budget, const volatile sig_atomic_t *stop, dt_lp_proof *proof) {
    *proof =
        (dt_lp_proof){.verdict = DT_LP_BAD_BASIS, .rows = data->rows, .columns = data->columns};
    fmpq_init(proof->value);
    dt_lp_basis b;
    dt_status status = basis_init(&b, data, row_place, column_place);
    b.stop = stop;
    if (status == DT_OK)
        status = run(&b, budget > 0 ? budget : DEFAULT_BUDGET, stop, proof);
    if (status == DT_OK && b.x && b.y)
        hand_over(&b, proof);
    basis_clear(&b);
    return status;
}

void dt_lp_proof_clear(dt_lp_proof *proof) {
    if (proof->x)
        _fmpq_vec_clear(proof->x, (slong)proof->columns + 1);
    if (proof->y)
        _fmpq_vec_clear(proof->y, (slong)proof->rows + 1);
    fmpq_clear(proof->value);
    proof->x = proof->y = NULL;
}
