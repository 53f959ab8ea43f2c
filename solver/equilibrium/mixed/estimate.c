/* Dictionaries in doubles with error bounds. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "equilibrium/mixed/keys.h"

/* Bounds are themselves computed in doubles: a little more than their roundings. */
#define SLACK 1.001
/* Numbers beyond this leave no room for products. */
enum { MOST_BITS = 200, LANES = 8 };

/* Roundings of a sum of k products of entries that are within an ulp: k + 8 of 2^-52. */
static double gamma_of(size_t k) {
    return ((double)k + 8) * 0x1p-52;
}

dt_status dt_rounded_init(dt_rounded *r, const fmpz *matrix, size_t rows, size_t columns,
                          bool *usable) {
    *r = (dt_rounded){.rows = rows, .columns = columns};
    r->entry = malloc(rows * columns * sizeof *r->entry);
    if (!r->entry)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < rows * columns; k++) {
        *usable = *usable && fmpz_bits(matrix + k) <= MOST_BITS;
        r->entry[k] = *usable ? fmpz_get_d(matrix + k) : 0;
        r->most = r->entry[k] > r->most ? r->entry[k] : r->most;
    }
    return DT_OK;
}

void dt_rounded_clear(dt_rounded *r) {
    free(r->entry);
    r->entry = NULL;
}

static double *doubles(size_t count) {
    return aligned_alloc(64, (count * sizeof(double) + 63) / 64 * 64);
}

dt_status dt_estimate_init(dt_estimate *e, const dt_rounded *m) {
    size_t larger = m->rows > m->columns ? m->rows : m->columns;
    *e = (dt_estimate){.m = m, .stride = (m->columns + 1 + LANES - 1) / LANES * LANES};
    size_t square = (larger + LANES) * (larger + LANES);
    e->basic = calloc(m->rows, sizeof *e->basic);
    e->nonbasic = calloc(m->columns, sizeof *e->nonbasic);
    e->place = calloc(m->rows + m->columns, sizeof *e->place);
    e->rest = calloc(larger, sizeof *e->rest);
    e->entry = doubles(m->rows * e->stride);
    e->upper_error = doubles(e->stride);
    e->lower_error = doubles(e->stride);
    e->inverse = doubles(square);
    e->work = doubles(square);
    e->lowest = doubles(e->stride);
    e->candidates = doubles(e->stride);
    e->best = doubles(e->stride);
    return e->basic && e->nonbasic && e->place && e->rest && e->entry && e->upper_error &&
                   e->lower_error && e->inverse && e->work && e->lowest && e->candidates && e->best
               ? DT_OK
               : DT_ERR_MEMORY;
}

void dt_estimate_clear(dt_estimate *e) {
    void *all[] = {e->basic,       e->nonbasic, e->place, e->rest,   e->entry,      e->upper_error,
                   e->lower_error, e->inverse,  e->work,  e->lowest, e->candidates, e->best};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
    *e = (dt_estimate){0};
}

/* What is known of an inverse. */
typedef struct inverse {
    double norm;  /* of R: the largest sum of a row */
    double error; /* rho / (1 - rho) */
    double det;   /* not below |det| */
} inverse;

/* The inverse of the k × k matrix `a` in place, by Gauss and Jordan with the largest pivot of each
 * column; rows of `stride`. *growth: the largest entry of the triangular factor. Returns the
 * product of the pivots, 0 where one is 0. */
CLONES static double invert(double *restrict a, size_t k, size_t stride, uint32_t *swapped,
                            double *growth) {
    double product = 1;
    *growth = 0;
    for (size_t p = 0; p < k; p++) {
        size_t from = p;
        for (size_t i = p + 1; i < k; i++)
            if (fabs(a[i * stride + p]) > fabs(a[from * stride + p]))
                from = i;
        double *row = a + p * stride, *other = a + from * stride;
        swapped[p] = (uint32_t)from;
        for (size_t j = 0; j < k && from != p; j++) {
            double t = row[j];
            row[j] = other[j];
            other[j] = t;
        }
        for (size_t j = p; j < k; j++)
            *growth = fabs(row[j]) > *growth ? fabs(row[j]) : *growth;
        double pivot = row[p];
        product *= pivot;
        if (pivot == 0 || !isfinite(pivot))
            return 0;
        row[p] = 1;
        double one = 1 / pivot;
        for (size_t j = 0; j < stride; j++)
            row[j] *= one;
        for (size_t i = 0; i < k; i++) {
            if (i == p)
                continue;
            double *here = a + i * stride, factor = here[p];
            here[p] = 0;
            for (size_t j = 0; j < stride; j++)
                here[j] -= factor * row[j];
        }
    }
    for (size_t p = k; p-- > 0;) { /* (P A)^-1 P: swap the columns back */
        size_t q = swapped[p];
        for (size_t i = 0; i < k && q != p; i++) {
            double t = a[i * stride + p];
            a[i * stride + p] = a[i * stride + q];
            a[i * stride + q] = t;
        }
    }
    return product;
}

/* The residual's norm |I - R G| as computed; rows of `stride`, whose lanes beyond k are 0. */
CLONES static double residual(const double *restrict r, const double *restrict g, size_t k,
                              size_t stride, double *norm) {
    double most = 0;
    double row[stride];
    *norm = 0;
    for (size_t i = 0; i < k; i++) {
        double sum = 0, size = 0;
        for (size_t j = 0; j < stride; j++)
            row[j] = 0;
        row[i] = 1;
        for (size_t l = 0; l < k; l++) {
            double factor = r[i * stride + l];
            size += fabs(factor);
            for (size_t j = 0; j < stride; j++)
                row[j] -= factor * g[l * stride + j];
        }
        for (size_t j = 0; j < k; j++)
            sum += fabs(row[j]);
        most = sum > most ? sum : most;
        *norm = size > *norm ? size : *norm;
    }
    return most;
}

/* Inverts the k × k matrix in e->work into e->inverse; false: nothing is known. `most` bounds its
 * entries. */
static bool certified_inverse(dt_estimate *e, size_t k, size_t stride, double most, inverse *out) {
    double growth;
    memcpy(e->inverse, e->work, k * stride * sizeof *e->inverse);
    double product = invert(e->inverse, k, stride, e->rest, &growth);
    if (product == 0 || !isfinite(product))
        return false;
    double rho = residual(e->inverse, e->work, k, stride, &out->norm), n = (double)k;
    rho = SLACK * (rho + gamma_of(k) * (n * out->norm * most + 1));
    if (!(rho < 0.25))
        return false;
    out->error = SLACK * rho / (1 - rho);
    /* Backward error of the elimination: L U = G + D, |D| <= gamma |L||U| entry by entry, |L| <= 1,
     * and det(L U) = det G det(I + G^-1 D) (Higham 2002, theorem 9.3). */
    double backward = SLACK * gamma_of(k) * (n * n * growth + n * most) * out->norm / (1 - rho);
    out->det = backward < 0.5 / (n + 1) ? 2 * fabs(product) : INFINITY;
    return true;
}

/* Names rows and columns, and gathers G transposed into rows of the inverse's shape. */
static size_t place_variables(dt_estimate *e, const uint64_t *key) {
    const dt_rounded *m = e->m;
    size_t order = 0, slack = 0;
    for (uint32_t j = 0; j < m->columns; j++)
        if (!dt_key_has(key, j))
            e->basic[order++] = j;
    for (uint32_t i = 0; i < m->rows; i++)
        if (dt_key_has(key, m->columns + i))
            e->nonbasic[slack++] = (uint32_t)m->columns + i;
    size_t row = order, column = slack;
    if (order != slack)
        return SIZE_MAX;
    for (uint32_t i = 0; i < m->rows; i++)
        if (!dt_key_has(key, m->columns + i))
            e->basic[row++] = (uint32_t)m->columns + i;
    for (uint32_t j = 0; j < m->columns; j++)
        if (dt_key_has(key, j))
            e->nonbasic[column++] = j;
    for (uint32_t i = 0; i < m->rows; i++)
        e->place[e->basic[i]] = i;
    for (uint32_t j = 0; j < m->columns; j++)
        e->place[e->nonbasic[j]] = (uint32_t)m->rows + j;
    return order;
}

/* Row i of M as it stands before elimination: 0 for the nonbasic slacks, the others' entries, 1. */
static void base_row(const dt_estimate *e, size_t i, double *restrict to) {
    const dt_rounded *m = e->m;
    const double *from = m->entry + i * m->columns;
    for (size_t j = 0; j < e->order; j++)
        to[j] = 0;
    for (size_t j = e->order; j < m->columns; j++)
        to[j] = from[e->nonbasic[j]];
    to[m->columns] = 1;
    for (size_t j = m->columns + 1; j < e->stride; j++)
        to[j] = 0;
}

CLONES static void subtract(double *restrict to, const double *restrict row, double factor,
                            size_t stride) {
    for (size_t j = 0; j < stride; j++)
        to[j] -= factor * row[j];
}

/* The rows of the basic strategies: R times [I, M[C, others], 1]; then those of the slacks: their
 * base less M[·, S] times these. */
static void fill(dt_estimate *e, size_t inverse_stride) {
    const dt_rounded *m = e->m;
    size_t k = e->order, stride = e->stride;
    memset(e->entry, 0, k * stride * sizeof *e->entry);
    for (size_t l = 0; l < k; l++) {
        double *base = e->best; /* scratch */
        base_row(e, e->nonbasic[l] - m->columns, base);
        for (size_t i = 0; i < k; i++)
            subtract(e->entry + i * stride, base, -e->inverse[i * inverse_stride + l], stride);
    }
    for (size_t i = 0; i < k; i++)
        for (size_t l = 0; l < k; l++)
            e->entry[i * stride + l] = e->inverse[i * inverse_stride + l];
    for (size_t r = k; r < m->rows; r++) {
        size_t slack = e->basic[r] - m->columns;
        double *to = e->entry + r * stride;
        base_row(e, slack, to);
        for (size_t i = 0; i < k; i++)
            subtract(to, e->entry + i * stride, m->entry[slack * m->columns + e->basic[i]], stride);
    }
}

static void bound_errors(dt_estimate *e, const inverse *known) {
    size_t k = e->order, stride = e->stride, columns = e->m->columns;
    double most = e->m->most, gamma = gamma_of(k), n = (double)k;
    double base = most > 1 ? most : 1;
    for (size_t j = 0; j < stride; j++)
        e->lowest[j] = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < stride; j++) {
            double size = fabs(e->entry[i * stride + j]);
            e->lowest[j] = size > e->lowest[j] ? size : e->lowest[j];
        }
    for (size_t j = 0; j < stride; j++) {
        double size = j < k ? 0 : j < columns ? most : 1;
        double rounding = gamma * known->norm * size;
        double upper = known->error * (e->lowest[j] + rounding) + rounding;
        upper = k ? SLACK * upper : 0;
        e->upper_error[j] = upper;
        e->lower_error[j] =
            SLACK * (n * most * upper + gamma * (base + n * most * (e->lowest[j] + upper)));
    }
    if (k == 0) /* the origin: M itself, rounded */
        for (size_t j = 0; j < stride; j++)
            e->lower_error[j] = j < columns ? most * 0x1p-51 : 0;
}

bool dt_estimate_at(dt_estimate *e, const uint64_t *key) {
    const dt_rounded *m = e->m;
    size_t k = e->order = place_variables(e, key);
    if (k == SIZE_MAX)
        return false;
    size_t stride = (k + LANES - 1) / LANES * LANES;
    inverse known = {0, 0, 1};
    if (k) {
        memset(e->work, 0, k * stride * sizeof *e->work);
        for (size_t l = 0; l < k; l++) {
            const double *row = m->entry + (e->nonbasic[l] - m->columns) * m->columns;
            for (size_t i = 0; i < k; i++)
                e->work[l * stride + i] = row[e->basic[i]];
        }
        if (!certified_inverse(e, k, stride, m->most, &known))
            return false;
    }
    e->det = known.det;
    fill(e, stride);
    bound_errors(e, &known);
    return true;
}

static double error_at(const dt_estimate *e, size_t row, size_t column) {
    return row < e->order ? e->upper_error[column] : e->lower_error[column];
}

/* The sign of a number x that is within `error` and a whole number over det: -1, 0, 1, or 2. */
static int sign_of(const dt_estimate *e, double x, double error) {
    if (x > error)
        return 1;
    if (x < -error)
        return -1;
    return SLACK * (fabs(x) + error) * e->det < 1 ? 0 : 2;
}

/* Entry of row i in the column of slack s, perturbed parts included: exact where basic. */
static void slack_entry(const dt_estimate *e, size_t i, size_t s, double *x, double *error) {
    uint32_t place = e->place[e->m->columns + s];
    *x = place == i;
    *error = 0;
    if (place >= e->m->rows) {
        size_t column = place - e->m->rows;
        *x = e->entry[i * e->stride + column];
        *error = error_at(e, i, column);
    }
}

/* The sign of x t_r - y t_i, for x with its error in row i and y in row r: of their ratios'
 * difference. Over the pivot it is a whole number over det t_r, so times det it is whole. */
static int compare(const dt_estimate *e, double x, double x_error, size_t i, double y,
                   double y_error, size_t r, size_t column) {
    double t = e->entry[i * e->stride + column], u = e->entry[r * e->stride + column];
    double t_error = error_at(e, i, column), u_error = error_at(e, r, column);
    double error = fabs(x) * u_error + (fabs(u) + u_error) * x_error + fabs(y) * t_error +
                   (fabs(t) + t_error) * y_error + 0x1p-51 * (fabs(x * u) + fabs(y * t));
    return sign_of(e, x * u - y * t, SLACK * error);
}

/* Which of rows i and r leaves first in a column: the sign of ratio i less ratio r, perturbed. */
static int compare_rows(const dt_estimate *e, size_t i, size_t r, size_t column) {
    size_t last = e->m->columns;
    int sign = compare(e, e->entry[i * e->stride + last], error_at(e, i, last), i,
                       e->entry[r * e->stride + last], error_at(e, r, last), r, column);
    for (size_t s = 0; s < e->m->rows && sign == 0; s++) {
        double x, y, x_error, y_error;
        slack_entry(e, i, s, &x, &x_error);
        slack_entry(e, r, s, &y, &y_error);
        if ((x != 0 || x_error > 0) || (y != 0 || y_error > 0))
            sign = compare(e, x, x_error, i, y, y_error, r, column);
    }
    return sign;
}

/* The leaving row among those whose ratio may be the least, `high`. */
static uint32_t decide(const dt_estimate *e, size_t column, double high) {
    uint32_t best = UINT32_MAX;
    size_t last = e->m->columns;
    for (size_t i = 0; i < e->m->rows; i++) {
        double t = e->entry[i * e->stride + column], error = error_at(e, i, column);
        double low = e->entry[i * e->stride + last] - error_at(e, i, last);
        if (t + error <= 0 || (low > 0 ? low : 0) > high * (t + error) * (1 + 0x1p-40))
            continue;
        int sign = sign_of(e, t, error);
        if (sign == 2)
            return UINT32_MAX;
        if (sign <= 0)
            continue;
        sign = best == UINT32_MAX ? -1 : compare_rows(e, i, best, column);
        if (sign == 2 || sign == 0)
            return UINT32_MAX;
        if (sign < 0)
            best = (uint32_t)i;
    }
    return best;
}

/* For each column the least upper bound of a ratio and its row, then how many rows' lower bounds
 * are not above it. */
CLONES static void ratios(const double *restrict entry, const double *restrict error, size_t from,
                          size_t to, size_t columns, size_t stride, double *restrict high,
                          double *restrict best) {
    for (size_t i = from; i < to; i++) {
        const double *row = entry + i * stride;
        double value = row[columns] + error[columns];
#pragma omp simd
        for (size_t j = 0; j < stride; j++) {
            double t = row[j] - error[j], ratio = value / t, number = (double)i;
            ratio = t > 0 ? ratio : INFINITY;
            best[j] = ratio < high[j] ? number : best[j];
            high[j] = ratio < high[j] ? ratio : high[j];
        }
    }
}

CLONES static void count(const double *restrict entry, const double *restrict error, size_t from,
                         size_t to, size_t columns, size_t stride, const double *restrict high,
                         double *restrict candidates) {
    for (size_t i = from; i < to; i++) {
        const double *row = entry + i * stride;
        double low = row[columns] - error[columns];
        low = low > 0 ? low : 0;
        for (size_t j = 0; j < stride; j++) {
            double t = row[j] + error[j];
            candidates[j] += (t > 0) & (low <= high[j] * t * (1 + 0x1p-40)) ? 1.0 : 0.0;
        }
    }
}

void dt_estimate_leaving(dt_estimate *e, uint32_t *row) {
    size_t k = e->order, rows = e->m->rows, columns = e->m->columns, stride = e->stride;
    for (size_t j = 0; j < stride; j++) {
        e->lowest[j] = INFINITY;
        e->best[j] = 0;
        e->candidates[j] = 0;
    }
    ratios(e->entry, e->upper_error, 0, k, columns, stride, e->lowest, e->best);
    ratios(e->entry, e->lower_error, k, rows, columns, stride, e->lowest, e->best);
    for (size_t j = 0; j < stride; j++)
        e->lowest[j] *= 1 + 0x1p-40;
    count(e->entry, e->upper_error, 0, k, columns, stride, e->lowest, e->candidates);
    count(e->entry, e->lower_error, k, rows, columns, stride, e->lowest, e->candidates);
    for (size_t j = 0; j < columns; j++)
        row[j] = !(e->lowest[j] < INFINITY) ? UINT32_MAX
                 : e->candidates[j] == 1    ? (uint32_t)e->best[j]
                                            : decide(e, j, e->lowest[j]);
}

bool dt_estimate_tight(const dt_estimate *e, uint64_t *tight) {
    size_t last = e->m->columns;
    for (size_t i = 0; i < e->m->rows; i++) {
        int sign = sign_of(e, e->entry[i * e->stride + last], error_at(e, i, last));
        if (sign == 0)
            dt_key_put(tight, e->basic[i]);
        else if (sign != 1)
            return false;
    }
    return true;
}

/* y solves A[S, C] y = 1: a negative entry, or a better reply than those in S, proves that there is
 * no equilibrium. Where the matrix is not certainly regular nothing is known. */
bool dt_estimate_no_reply(dt_estimate *e, const dt_rounded *a) {
    size_t k = e->order, stride = (k + LANES - 1) / LANES * LANES, columns = e->m->columns;
    inverse known;
    if (k == 0)
        return false;
    memset(e->work, 0, k * stride * sizeof *e->work);
    for (size_t i = 0; i < k; i++)
        for (size_t l = 0; l < k; l++)
            e->work[i * stride + l] = a->entry[e->basic[i] * a->columns + e->nonbasic[l] - columns];
    if (!certified_inverse(e, k, stride, a->most, &known))
        return false;
    double *y = e->best, most = 0, least = INFINITY, n = (double)k, gamma = gamma_of(k);
    for (size_t l = 0; l < k; l++) {
        y[l] = 0;
        for (size_t i = 0; i < k; i++)
            y[l] += e->inverse[l * stride + i];
        most = fabs(y[l]) > most ? fabs(y[l]) : most;
        least = y[l] < least ? y[l] : least;
    }
    double rounding = gamma * known.norm;
    double error = SLACK * (known.error * (most + rounding) + rounding);
    if (least + error < 0)
        return true;
    double reply_error = SLACK * (n * a->most * error + gamma * n * a->most * (most + error));
    for (size_t j = k; j < columns; j++) {
        const double *row = a->entry + e->nonbasic[j] * a->columns;
        double value = 0;
        for (size_t l = 0; l < k; l++)
            value += row[e->nonbasic[l] - columns] * y[l];
        if (value - reply_error > 1)
            return true;
    }
    return false;
}
