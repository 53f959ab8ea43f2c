/* The points of a design: see deterra/sweep.h.
 *
 * Generators are GSL's. Places on an axis are numbers from 0 to 1; they become values in exact
 * arithmetic, or in balls for a logarithmic axis, so that a point does not depend on the machine's
 * mathematical library. The steps of a grid stay as they are: 3/10 is where thresholds lie, and not
 * the double beside it. Other values are rounded once to the nearest double. */
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>

#include "deterra/sweep.h"

enum { PRECISION = 256, MOST_ROOT = 64 };

struct dt_cursor {
    const dt_sweep *sweep;
    uint64_t next;     /* the index that the generators come to next */
    gsl_rng *start;    /* random numbers: where point 0 begins; */
    gsl_rng *rng;      /* and where `next` does */
    gsl_qrng *qrng;    /* of Sobol' */
    uint32_t **column; /* of a latin hypercube: axes × points, which cell */
    double *place;     /* axes */
};

const char *dt_design_name(dt_design design) {
    static const char *const name[] = {"grid", "latin-hypercube", "sobol", "random", "list"};
    return name[design];
}

/* Each axis's cells in a random order. */
static bool shuffle(dt_cursor *c) {
    uint64_t points = c->sweep->points;
    c->column = calloc(c->sweep->axes, sizeof *c->column);
    if (!c->column)
        return false;
    for (size_t a = 0; a < c->sweep->axes; a++) {
        c->column[a] = malloc(points * sizeof **c->column);
        if (!c->column[a])
            return false;
        for (uint64_t i = 0; i < points; i++)
            c->column[a][i] = (uint32_t)i;
        gsl_ran_shuffle(c->rng, c->column[a], points, sizeof **c->column);
    }
    return true;
}

static bool is_sampled(dt_design design) {
    return design == DT_DESIGN_RANDOM || design == DT_DESIGN_LATIN_HYPERCUBE;
}

dt_cursor *dt_cursor_new(const dt_sweep *sweep) {
    dt_cursor *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->sweep = sweep;
    c->place = calloc(sweep->axes, sizeof *c->place);
    bool good = c->place != NULL;
    if (is_sampled(sweep->design)) {
        c->rng = gsl_rng_alloc(gsl_rng_mt19937);
        good = good && c->rng;
        if (good)
            gsl_rng_set(c->rng, sweep->seed);
        if (good && sweep->design == DT_DESIGN_LATIN_HYPERCUBE)
            good = shuffle(c);
        c->start = good ? gsl_rng_clone(c->rng) : NULL;
        good = good && c->start;
    } else if (sweep->design == DT_DESIGN_SOBOL) {
        c->qrng = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)sweep->axes);
        good = good && c->qrng;
    }
    if (!good) {
        dt_cursor_free(c);
        return NULL;
    }
    return c;
}

void dt_cursor_free(dt_cursor *c) {
    if (!c)
        return;
    for (size_t a = 0; c->column && a < c->sweep->axes; a++)
        free(c->column[a]);
    free(c->column);
    free(c->place);
    if (c->start)
        gsl_rng_free(c->start);
    if (c->rng)
        gsl_rng_free(c->rng);
    if (c->qrng)
        gsl_qrng_free(c->qrng);
    free(c);
}

/* The generators' numbers of the next point. */
static void draw(dt_cursor *c) {
    if (c->qrng)
        gsl_qrng_get(c->qrng, c->place);
    for (size_t a = 0; c->rng && a < c->sweep->axes; a++)
        c->place[a] = gsl_rng_uniform(c->rng);
    c->next++;
}

static void go_to(dt_cursor *c, uint64_t index) {
    if (index < c->next) {
        c->next = 0;
        if (c->qrng)
            gsl_qrng_init(c->qrng);
        if (c->rng)
            gsl_rng_memcpy(c->rng, c->start);
    }
    while (c->next <= index)
        draw(c);
}

/* low + place × (high - low) */
static void linear(const dt_axis *axis, const fmpq_t place, fmpq_t value) {
    fmpq_sub(value, &axis->high, &axis->low);
    fmpq_mul(value, value, place);
    fmpq_add(value, value, &axis->low);
}

/* Is value = low × (high / low)^place? */
static bool is_on_scale(const dt_axis *axis, const fmpq_t place, const fmpq_t value) {
    if (fmpz_cmp_ui(fmpq_denref(place), MOST_ROOT) > 0 || fmpq_is_zero(value))
        return false;
    slong n = fmpz_get_si(fmpq_denref(place)), k = fmpz_get_si(fmpq_numref(place));
    fmpq_t left, right;
    fmpq_init(left);
    fmpq_init(right);
    fmpq_div(left, value, &axis->low);
    fmpq_pow_si(left, left, n);
    fmpq_div(right, &axis->high, &axis->low);
    fmpq_pow_si(right, right, k);
    bool equal = fmpq_equal(left, right);
    fmpq_clear(left);
    fmpq_clear(right);
    return equal;
}

/* low × (high / low)^place, to the nearest double; exactly where that is a decimal of few digits,
 * as decades are. */
static void logarithmic(const dt_axis *axis, const fmpq_t place, fmpq_t value) {
    if (fmpq_is_zero(place) || fmpq_is_one(place)) {
        fmpq_set(value, fmpq_is_zero(place) ? &axis->low : &axis->high);
        return;
    }
    arb_t base, power;
    arb_init(base);
    arb_init(power);
    fmpq_div(value, &axis->high, &axis->low);
    arb_set_fmpq(base, value, PRECISION);
    arb_set_fmpq(power, place, PRECISION);
    arb_pow(base, base, power, PRECISION);
    arb_set_fmpq(power, &axis->low, PRECISION);
    arb_mul(base, base, power, PRECISION);
    double nearest = arf_get_d(arb_midref(base), ARF_RND_NEAR);
    char digits[32];
    snprintf(digits, sizeof digits, "%.12g", nearest);
    if (!dt_number_parse(digits, value) || !is_on_scale(axis, place, value))
        dt_fmpq_from_double(value, nearest);
    arb_clear(base);
    arb_clear(power);
}

/* Where on an axis the point is: a step of the grid, a cell of the hypercube and a place in it, or
 * a random number. */
static void place_of(const dt_cursor *c, size_t a, uint64_t index, uint64_t *rest, fmpq_t place) {
    const dt_axis *axis = &c->sweep->axis[a];
    if (c->sweep->design == DT_DESIGN_GRID) {
        fmpq_set_ui(place, *rest % axis->steps, axis->steps > 1 ? axis->steps - 1 : 1);
        *rest /= axis->steps;
        return;
    }
    dt_fmpq_from_double(place, c->place[a]);
    if (c->column) {
        fmpq_add_ui(place, place, c->column[a][index]);
        fmpz_t points;
        fmpz_init_set_ui(points, c->sweep->points);
        fmpq_div_fmpz(place, place, points);
        fmpz_clear(points);
    }
}

void dt_cursor_point(dt_cursor *c, uint64_t index, fmpq *value) {
    const dt_sweep *sweep = c->sweep;
    if (sweep->design == DT_DESIGN_LIST) {
        for (size_t a = 0; a < sweep->axes; a++)
            fmpq_set(value + a, &sweep->scenario->sweep.value[index * sweep->axes + a]);
        return;
    }
    if (sweep->design != DT_DESIGN_GRID)
        go_to(c, index);
    fmpq_t place;
    fmpq_init(place);
    uint64_t rest = index;
    for (size_t a = sweep->axes; a-- > 0;) {
        const dt_axis *axis = &sweep->axis[a];
        place_of(c, a, index, &rest, place);
        (axis->log ? logarithmic : linear)(axis, place, value + a);
        if (sweep->design != DT_DESIGN_GRID)
            dt_fmpq_from_double(value + a, dt_fmpq_double(value + a, NULL));
    }
    fmpq_clear(place);
}
