/* Open numbers: what rests on them, and what is affine in them. SPDX: GPL-3.0-or-later */
#include <stdlib.h>

#include "exact/context.h"

dt_exact_fault dt_exact_open(dt_exact_context *c, dt_exact *z, uint32_t number) {
    dt_exact x;
    uint32_t atom = 0;
    dt_exact_init(&x);
    dt_exact_set_si(&x, (slong)number);
    dt_exact_fault fault = dt_context_atom(c, DT_ATOM_OPEN, &x, NULL, &atom);
    dt_exact_clear(&x);
    return fault == DT_EXACT_OK ? dt_exact_from_atom(c, z, atom, 1) : fault;
}

int dt_exact_is_open(const dt_exact_context *c, const dt_exact *x) {
    for (size_t i = 0; i < x->terms; i++)
        if (c->monomial[x->term[i].monomial].open)
            return 1;
    return 0;
}

/* Is the monomial one open number times what rests on none? *at is its place among the factors. */
static bool is_linear(const dt_exact_context *c, const dt_monomial *m, size_t *at) {
    size_t found = 0;
    for (size_t i = 0; i < m->factors; i++) {
        const dt_exact_atom *atom = &c->atom[m->factor[i].atom];
        if (!atom->open)
            continue;
        if (atom->kind != DT_ATOM_OPEN || m->factor[i].power != 1)
            return false;
        *at = i;
        found++;
    }
    return found == 1;
}

/* z += coefficient × the monomial, without its factor `at`. */
static dt_exact_fault add_without(dt_exact_context *c, dt_exact *z, uint32_t monomial, size_t at,
                                  const fmpq_t coefficient) {
    dt_exact part, factor;
    dt_exact_init(&part);
    dt_exact_init(&factor);
    dt_exact_set_fmpq(&part, coefficient);
    dt_exact_fault fault = DT_EXACT_OK;
    for (size_t i = 0; i < c->monomial[monomial].factors && fault == DT_EXACT_OK; i++) {
        if (i == at)
            continue;
        dt_factor f = c->monomial[monomial].factor[i]; /* a copy: new monomials move the array */
        fault = dt_exact_from_atom(c, &factor, f.atom, f.power);
        if (fault == DT_EXACT_OK)
            fault = dt_exact_mul(c, &part, &part, &factor);
    }
    if (fault == DT_EXACT_OK)
        fault = dt_exact_add(z, z, &part);
    dt_exact_clear(&factor);
    dt_exact_clear(&part);
    return fault;
}

dt_exact_fault dt_exact_affine(dt_exact_context *c, const dt_exact *x, uint32_t count,
                               dt_exact *constant, dt_exact *slope, uint32_t *bad) {
    *bad = 0;
    dt_exact_set_fmpq(constant, x->rational);
    for (uint32_t k = 0; k < count; k++)
        dt_exact_set_si(&slope[k], 0);
    dt_exact_fault fault = DT_EXACT_OK;
    for (size_t i = 0; i < x->terms && fault == DT_EXACT_OK; i++) {
        uint32_t monomial = x->term[i].monomial;
        size_t at = SIZE_MAX;
        dt_exact *to = constant;
        if (c->monomial[monomial].open) {
            if (!is_linear(c, &c->monomial[monomial], &at)) {
                *bad = monomial;
                return DT_EXACT_OK;
            }
            const dt_exact_atom *atom = &c->atom[c->monomial[monomial].factor[at].atom];
            slong number = fmpz_get_si(fmpq_numref(atom->x.rational));
            if (number >= (slong)count) { /* of another caller: not one of these */
                *bad = monomial;
                return DT_EXACT_OK;
            }
            to = &slope[number];
        }
        fault = add_without(c, to, monomial, at, x->term[i].coefficient);
    }
    return fault;
}

/* A walk from atom to atom; atoms nest at most DT_MAX_DEPTH deep. */
typedef struct marking {
    const dt_exact_context *c;
    bool *seen; /* atoms */
    uint32_t count;
    unsigned char *rests;
} marking;

static void mark(marking *w, uint32_t monomial);

static void mark_number(marking *w, const dt_exact *x) {
    for (size_t i = 0; i < x->terms; i++)
        mark(w, x->term[i].monomial);
}

static void mark(marking *w, uint32_t monomial) {
    const dt_monomial *m = &w->c->monomial[monomial];
    for (size_t i = 0; i < m->factors; i++) {
        const dt_exact_atom *atom = &w->c->atom[m->factor[i].atom];
        if (!atom->open || w->seen[m->factor[i].atom])
            continue;
        w->seen[m->factor[i].atom] = true;
        if (atom->kind == DT_ATOM_OPEN) {
            slong number = fmpz_get_si(fmpq_numref(atom->x.rational));
            if (number < (slong)w->count)
                w->rests[number] = 1;
        } else {
            mark_number(w, &atom->x);
            mark_number(w, &atom->y);
        }
    }
}

dt_status dt_exact_rests_on(const dt_exact_context *c, uint32_t monomial, uint32_t count,
                            unsigned char *rests) {
    marking w = {c, calloc(c->atoms ? c->atoms : 1, sizeof *w.seen), count, rests};
    if (!w.seen)
        return DT_ERR_MEMORY;
    mark(&w, monomial);
    free(w.seen);
    return DT_OK;
}

/* Does every open factor of `part` stand in `whole`, with no smaller power? */
static bool divides(const dt_exact_context *c, const dt_monomial *part, const dt_monomial *whole) {
    for (size_t i = 0; i < part->factors; i++) {
        const dt_factor *f = &part->factor[i];
        if (!c->atom[f->atom].open)
            continue;
        size_t j = 0;
        while (j < whole->factors && whole->factor[j].atom != f->atom)
            j++;
        if (j == whole->factors || f->power > whole->factor[j].power)
            return false;
    }
    return true;
}

int dt_exact_bears(const dt_exact_context *c, const dt_exact *x, uint32_t monomial) {
    for (size_t i = 0; i < x->terms; i++) {
        const dt_monomial *m = &c->monomial[x->term[i].monomial];
        size_t at;
        if (m->open && !is_linear(c, m, &at) && divides(c, m, &c->monomial[monomial]))
            return 1;
    }
    return 0;
}
