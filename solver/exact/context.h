/* The atoms and monomials of a context: irrational numbers shared by structure. */
#ifndef DT_EXACT_CONTEXT_H
#define DT_EXACT_CONTEXT_H

#include <stdbool.h>

#include "deterra/exact.h"

typedef enum dt_atom_kind {
    DT_ATOM_POW,      /* x^y, x > 0 or y an integer */
    DT_ATOM_EXP,      /* exp(x) */
    DT_ATOM_LOG,      /* log(x), x > 0 */
    DT_ATOM_INV,      /* 1/x, x not 0 */
    DT_ATOM_VALUE,    /* x itself: a polynomial too long to expand further */
    DT_ATOM_POSITIVE, /* 1 if x > 0 else 0, where it could not be decided */
    DT_ATOM_OPEN,     /* the open number of the number x: it may be anything */
} dt_atom_kind;

typedef struct dt_exact_atom {
    dt_atom_kind kind;
    dt_exact x, y;
    uint64_t hash;
    bool undecided; /* holds an undecided comparison */
    bool open;      /* rests on an open number */
    bool positive;  /* whatever it is worth: exp(x), or a power of a positive rational */
    uint32_t depth; /* atoms nested in it, itself included */
    arb_t ball;     /* cached, at `precision` bits; 0: none yet */
    slong precision;
} dt_exact_atom;

typedef struct dt_factor {
    uint32_t atom;
    int32_t power; /* not 0 */
} dt_factor;

typedef struct dt_monomial {
    size_t factors;
    dt_factor *factor; /* atoms ascending */
    uint64_t hash;
    bool undecided, open; /* one of its factors is */
    bool positive;        /* all its factors are */
    uint32_t depth;       /* of its deepest atom */
} dt_monomial;

/* An open-addressing table of indices, keyed by the hashes kept with the entries. */
typedef struct dt_index_table {
    uint32_t *slot; /* index + 1; 0 is empty */
    size_t size, used;
} dt_index_table;

struct dt_exact_context {
    dt_exact_atom *atom;
    size_t atoms, atoms_room;
    dt_monomial *monomial; /* number 0 is the empty product and never stands in a term */
    size_t monomials, monomials_room;
    dt_index_table atom_table, monomial_table;
};

enum {
    DT_FIRST_PRECISION = 64,
    DT_LAST_PRECISION = 4096,
    DT_MAX_TERMS = 1024,   /* longer products become DT_ATOM_VALUE */
    DT_MAX_BITS = 1 << 22, /* of a rational's numerator or denominator */
    DT_MAX_INT_POWER = 1024,
    DT_MAX_DEPTH = 1000, /* of nested atoms: enclosing them recurses */
};

/* The number of the atom kind(x, y), made when new; y may be NULL. */
dt_exact_fault dt_context_atom(dt_exact_context *c, dt_atom_kind kind, const dt_exact *x,
                               const dt_exact *y, uint32_t *atom);
/* The number of a product of factors (ascending atoms, powers not 0). */
dt_exact_fault dt_context_monomial(dt_exact_context *c, const dt_factor *factor, size_t factors,
                                   uint32_t *monomial);
/* z = coefficient × monomial of one atom to a power. */
dt_exact_fault dt_exact_from_atom(dt_exact_context *c, dt_exact *z, uint32_t atom, int32_t power);
/* z = 1 / monomial, whose atoms are known not to be 0. */
dt_exact_fault dt_exact_invert_monomial(dt_exact_context *c, dt_exact *z, uint32_t monomial);
bool dt_exact_equal(const dt_exact *x, const dt_exact *y);
/* Grows z's terms to hold `terms`; they are initialised. */
dt_exact_fault dt_exact_reserve(dt_exact *z, size_t terms);
/* DT_EXACT_TOO_LARGE where a rational has more than DT_MAX_BITS bits. */
dt_exact_fault dt_exact_check_size(const dt_exact *z);

#endif
