/* The store of atoms and monomials: hash-consing. */
#include "exact/context.h"

#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t h, uint64_t v) {
    h ^= v + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
    return h * 0xFF51AFD7ED558CCDu ^ (h >> 29);
}

static uint64_t hash_fmpz(uint64_t h, const fmpz_t x) {
    return mix(mix(h, fmpz_get_ui(x)), (uint64_t)fmpz_size(x) * 2 + (fmpz_sgn(x) < 0));
}

static uint64_t hash_fmpq(uint64_t h, const fmpq_t q) {
    return hash_fmpz(hash_fmpz(h, fmpq_numref(q)), fmpq_denref(q));
}

static uint64_t hash_exact(uint64_t h, const dt_exact *x) {
    h = hash_fmpq(h, x->rational);
    for (size_t i = 0; i < x->terms; i++)
        h = hash_fmpq(mix(h, x->term[i].monomial), x->term[i].coefficient);
    return h;
}

bool dt_exact_equal(const dt_exact *x, const dt_exact *y) {
    if (x->terms != y->terms || !fmpq_equal(x->rational, y->rational))
        return false;
    for (size_t i = 0; i < x->terms; i++)
        if (x->term[i].monomial != y->term[i].monomial ||
            !fmpq_equal(x->term[i].coefficient, y->term[i].coefficient))
            return false;
    return true;
}

/* Room for one more entry in a table that is at most half full. */
static bool table_reserve(dt_index_table *t, const void *entries,
                          uint64_t (*hash_of)(const void *, uint32_t)) {
    if (2 * (t->used + 1) <= t->size)
        return true;
    size_t size = t->size ? 2 * t->size : 16;
    uint32_t *slot = calloc(size, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < t->size; i++) {
        if (!t->slot[i])
            continue;
        size_t at = hash_of(entries, t->slot[i] - 1) & (size - 1);
        while (slot[at])
            at = (at + 1) & (size - 1);
        slot[at] = t->slot[i];
    }
    free(t->slot);
    t->slot = slot;
    t->size = size;
    return true;
}

static uint64_t atom_hash(const void *entries, uint32_t i) {
    return ((const dt_exact_atom *)entries)[i].hash;
}

static uint64_t monomial_hash(const void *entries, uint32_t i) {
    return ((const dt_monomial *)entries)[i].hash;
}

/* Doubles an array when it is full; entries are moved bytewise (FLINT and Arb allow it). */
static bool grow(void **array, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return true;
    size_t fresh = *room ? 2 * *room : 8;
    void *grown = realloc(*array, fresh * size);
    if (!grown)
        return false;
    *array = grown;
    *room = fresh;
    return true;
}

dt_exact_context *dt_exact_context_new(void) {
    dt_exact_context *c = calloc(1, sizeof *c);
    uint32_t unit;
    if (c && dt_context_monomial(c, NULL, 0, &unit) != DT_EXACT_OK) {
        dt_exact_context_free(c);
        return NULL;
    }
    return c;
}

void dt_exact_context_free(dt_exact_context *c) {
    if (!c)
        return;
    for (size_t i = 0; i < c->atoms; i++) {
        dt_exact_clear(&c->atom[i].x);
        dt_exact_clear(&c->atom[i].y);
        arb_clear(c->atom[i].ball);
    }
    for (size_t i = 0; i < c->monomials; i++)
        free(c->monomial[i].factor);
    free(c->atom);
    free(c->monomial);
    free(c->atom_table.slot);
    free(c->monomial_table.slot);
    free(c);
}

static uint32_t depth_of(const dt_exact_context *c, const dt_exact *x) {
    uint32_t depth = 0;
    for (size_t i = 0; i < x->terms; i++)
        if (c->monomial[x->term[i].monomial].depth > depth)
            depth = c->monomial[x->term[i].monomial].depth;
    return depth;
}

dt_exact_fault dt_context_atom(dt_exact_context *c, dt_atom_kind kind, const dt_exact *x,
                               const dt_exact *y, uint32_t *atom) {
    dt_exact zero;
    dt_exact_init(&zero);
    if (!y)
        y = &zero;
    uint64_t hash = hash_exact(hash_exact(mix(17, (uint64_t)kind), x), y);
    if (!table_reserve(&c->atom_table, c->atom, atom_hash) ||
        !grow((void **)&c->atom, c->atoms, &c->atoms_room, sizeof *c->atom))
        return DT_EXACT_MEMORY;
    dt_index_table *t = &c->atom_table;
    size_t at = hash & (t->size - 1);
    for (; t->slot[at]; at = (at + 1) & (t->size - 1)) {
        const dt_exact_atom *a = &c->atom[t->slot[at] - 1];
        if (a->hash == hash && a->kind == kind && dt_exact_equal(&a->x, x) &&
            dt_exact_equal(&a->y, y)) {
            *atom = t->slot[at] - 1;
            return DT_EXACT_OK;
        }
    }
    uint32_t depth = depth_of(c, x) > depth_of(c, y) ? depth_of(c, x) : depth_of(c, y);
    if (depth >= DT_MAX_DEPTH)
        return DT_EXACT_TOO_DEEP;
    dt_exact_atom *a = &c->atom[c->atoms];
    dt_exact_init(&a->x);
    dt_exact_init(&a->y);
    if (dt_exact_set(&a->x, x) != DT_OK || dt_exact_set(&a->y, y) != DT_OK) {
        dt_exact_clear(&a->x);
        dt_exact_clear(&a->y);
        return DT_EXACT_MEMORY;
    }
    a->kind = kind;
    a->hash = hash;
    a->depth = depth + 1;
    a->positive =
        kind == DT_ATOM_EXP || (kind == DT_ATOM_POW && !x->terms && fmpq_sgn(x->rational) > 0);
    a->open = kind == DT_ATOM_OPEN || dt_exact_is_open(c, x) || dt_exact_is_open(c, y);
    a->undecided =
        kind == DT_ATOM_POSITIVE || dt_exact_is_undecided(c, x) || dt_exact_is_undecided(c, y);
    arb_init(a->ball);
    a->precision = 0;
    *atom = (uint32_t)c->atoms++;
    t->slot[at] = *atom + 1;
    t->used++;
    return DT_EXACT_OK;
}

static bool same_factors(const dt_monomial *m, const dt_factor *factor, size_t factors) {
    if (m->factors != factors)
        return false;
    for (size_t i = 0; i < factors; i++)
        if (m->factor[i].atom != factor[i].atom || m->factor[i].power != factor[i].power)
            return false;
    return true;
}

dt_exact_fault dt_context_monomial(dt_exact_context *c, const dt_factor *factor, size_t factors,
                                   uint32_t *monomial) {
    uint64_t hash = 31;
    for (size_t i = 0; i < factors; i++)
        hash = mix(mix(hash, factor[i].atom), (uint64_t)(int64_t)factor[i].power);
    if (!table_reserve(&c->monomial_table, c->monomial, monomial_hash) ||
        !grow((void **)&c->monomial, c->monomials, &c->monomials_room, sizeof *c->monomial))
        return DT_EXACT_MEMORY;
    dt_index_table *t = &c->monomial_table;
    size_t at = hash & (t->size - 1);
    for (; t->slot[at]; at = (at + 1) & (t->size - 1)) {
        const dt_monomial *m = &c->monomial[t->slot[at] - 1];
        if (m->hash == hash && same_factors(m, factor, factors)) {
            *monomial = t->slot[at] - 1;
            return DT_EXACT_OK;
        }
    }
    dt_monomial *m = &c->monomial[c->monomials];
    *m = (dt_monomial){.factors = factors, .hash = hash, .positive = true};
    if (factors) {
        m->factor = malloc(factors * sizeof *m->factor);
        if (!m->factor)
            return DT_EXACT_MEMORY;
        memcpy(m->factor, factor, factors * sizeof *m->factor);
    }
    for (size_t i = 0; i < factors; i++) {
        const dt_exact_atom *atom = &c->atom[factor[i].atom];
        m->undecided |= atom->undecided;
        m->open |= atom->open;
        m->positive = m->positive && atom->positive;
        m->depth = atom->depth > m->depth ? atom->depth : m->depth;
    }
    *monomial = (uint32_t)c->monomials++;
    t->slot[at] = *monomial + 1;
    t->used++;
    return DT_EXACT_OK;
}

int dt_exact_is_undecided(const dt_exact_context *c, const dt_exact *x) {
    for (size_t i = 0; i < x->terms; i++)
        if (c->monomial[x->term[i].monomial].undecided)
            return 1;
    return 0;
}
