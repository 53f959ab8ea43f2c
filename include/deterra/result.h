/* The one result type: every concept fills it, every reporter reads it and nothing else.
 * SPDX: GPL-3.0-or-later */
#ifndef DETERRA_RESULT_H
#define DETERRA_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/game.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number as it is printed: the nearest double; the fraction where it is rational; else a radius
 * that bounds what is unknown. */
typedef struct dt_number {
    double value;
    double radius;
    const char *exact; /* "21/2", or NULL for balls and numeric values */
} dt_number;

/* What stands behind a claim. */
typedef enum dt_certificate {
    DT_CERT_NONE,    /* nothing claimed */
    DT_CERT_EXACT,   /* decided in rationals */
    DT_CERT_BALL,    /* every comparison decided by Arb balls */
    DT_CERT_NUMERIC, /* computed, not proven; the radius says how far */
} dt_certificate;
const char *dt_certificate_name(dt_certificate certificate); /* "exact", "ball", "numeric", "" */

typedef enum dt_truth { DT_UNKNOWN = -1, DT_FALSE = 0, DT_TRUE = 1 } dt_truth;

/* A strategy and its probability. */
typedef struct dt_weight {
    uint32_t strategy;
    dt_number probability;
} dt_weight;

/* A mixed strategy: its support. */
typedef struct dt_mixture {
    size_t count;
    dt_weight *weight;
} dt_mixture;

/* A named summand of a payoff. */
typedef struct dt_term {
    const char *label;
    const char *unit;
    dt_number value;
} dt_term;

typedef struct dt_split {
    size_t count;
    dt_term *term;
} dt_split;

/* A profile of a distribution and its probability. */
typedef struct dt_atom {
    const uint32_t *profile; /* players */
    dt_number probability;
} dt_atom;

/* One equilibrium: a pure profile, or a mixed one. Arrays are one entry a player. */
typedef struct dt_item {
    const uint32_t *profile;   /* pure, else NULL */
    const dt_mixture *mixture; /* mixed, else NULL */
    dt_number *payoff;
    dt_split *split;   /* payoffs by term, or NULL */
    dt_number *regret; /* largest gain of a deviation (epsilon-nash), or NULL */
    dt_truth strict, pareto_efficient;
    dt_certificate certificate;
    size_t component; /* of mixed equilibria: which connected component, from 1; else 0 */
} dt_item;

/* A maximal Nash subset: all combinations of the strategies of these items are equilibria. */
typedef struct dt_nash_subset {
    size_t component;
    size_t count;
    const size_t *item; /* count: from 0, ascending */
} dt_nash_subset;

/* A player's security level. */
typedef struct dt_security {
    size_t player;
    dt_number value;
    dt_mixture strategy;
} dt_security;

/* An eliminated strategy. */
typedef struct dt_elimination {
    size_t round; /* from 1 */
    size_t player;
    uint32_t strategy;
    dt_mixture by; /* one strategy of probability 1: pure dominance */
} dt_elimination;

/* What a named value, or a cell of a named table, holds. */
typedef enum dt_entry_kind {
    DT_ENTRY_NONE, /* nothing: left empty */
    DT_ENTRY_TEXT,
    DT_ENTRY_NUMBER,
    DT_ENTRY_COUNT,
    DT_ENTRY_TRUTH,
    DT_ENTRY_PLAYER,
    DT_ENTRY_STRATEGY, /* of a player, pure (one weight of 1) or mixed */
    DT_ENTRY_PROFILE,
} dt_entry_kind;

typedef struct dt_entry {
    dt_entry_kind kind;
    const char *text;
    dt_number number;
    uint64_t count;
    dt_truth truth;
    size_t player;
    dt_mixture mixture;
    const uint32_t *profile; /* players */
} dt_entry;

/* Names are words of letters, digits and _, for programs; people read them with blanks. */
typedef struct dt_named_value {
    const char *name;
    dt_entry entry;
} dt_named_value;

typedef struct dt_named_table {
    const char *name;
    const char *title; /* a line above, for people, or NULL */
    size_t columns;
    const char **column; /* names */
    size_t rows;
    dt_entry *cell; /* rows × columns */
} dt_named_table;
/* A corner of the payoffs that can be attained, and a distribution that attains it. */
typedef struct dt_vertex {
    dt_number *payoff; /* players: expected */
    size_t atoms;
    dt_atom *atom;
    dt_certificate certificate;
} dt_vertex;

typedef enum dt_shape {
    DT_SHAPE_EQUILIBRIA,   /* items */
    DT_SHAPE_DISTRIBUTION, /* atoms, payoff, value */
    DT_SHAPE_SECURITY,     /* security */
    DT_SHAPE_ELIMINATION,  /* elimination, remaining */
    DT_SHAPE_NAMED,        /* named values and tables alone, which any other shape may have too */
    DT_SHAPE_POLYGON,      /* axis, vertices */
} dt_shape;

/* Settings as they were used, printed with the result. */
typedef struct dt_setting_used {
    const char *key;
    const char *text;
} dt_setting_used;

typedef struct dt_result {
    const char *concept_name;
    const char *heading; /* what is shown, behind the concept's name: of security levels and of the
                            named shape; NULL: as the shape has it */
    dt_shape shape;
    size_t settings;
    dt_setting_used *setting;
    dt_truth complete; /* of equilibria: proven that there are no others */
    size_t items;
    dt_item *item;
    /* how mixed equilibria hang together: all equilibria are the union of the subsets */
    size_t components;
    size_t subsets;
    dt_nash_subset *subset; /* by component */
    /* a distribution over profiles: the optimum of `objective` */
    const char *objective; /* "welfare" or a player's name, or NULL */
    const char *sense;     /* "max" or "min" */
    dt_number value;
    size_t atoms;
    dt_atom *atom;
    dt_number *payoff; /* players */
    /* a polygon of payoffs: of which players, and its corners against the clock; the first is the
     * lowest of those that are leftmost */
    size_t axis[2];
    size_t vertices;
    dt_vertex *vertex;
    /* security levels, of all players or of some */
    size_t securities;
    dt_security *security;
    /* elimination */
    size_t eliminations;
    dt_elimination *elimination;
    uint32_t *remaining;                 /* players: how many strategies are left */
    const uint32_t **remaining_strategy; /* players: which */
    /* beside the above, in any shape */
    size_t named_values;
    dt_named_value *named_value;
    size_t named_tables;
    dt_named_table **named_table;
    dt_certificate certificate; /* of the whole, where items carry none */
    uint64_t searched;          /* profiles that were searched */
    size_t notes;               /* what a reader must know, in sentences */
    const char **note;
} dt_result;

/* The results of one run, in the order asked for. */
typedef struct dt_result_list {
    size_t count;
    dt_result **result;
    bool brief; /* set it for results whose payoffs need not be split into their terms */
    struct dt_arena *arena; /* owns everything below */
} dt_result_list;

dt_result_list *dt_result_list_new(void); /* NULL when out of memory */
void dt_result_list_free(dt_result_list *list);
/* A fresh zeroed result at the end of the list; NULL when out of memory. */
dt_result *dt_result_add(dt_result_list *list, const char *concept_name, dt_shape shape);
dt_status dt_result_note(dt_result_list *list, dt_result *result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
dt_status dt_result_setting(dt_result_list *list, dt_result *result, const char *key,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A named value, or a named table, at the end of the result's. Names and titles are copied, what
 * entries point to is not: it lives in the list's arena or longer. The table is NULL when out of
 * memory; a fresh row of empty entries likewise. */
dt_status dt_result_value(dt_result_list *list, dt_result *result, const char *name,
                          dt_entry entry);
dt_named_table *dt_result_table(dt_result_list *list, dt_result *result, const char *name,
                                const char *title, size_t columns, const char *const *column);
dt_entry *dt_result_row(dt_result_list *list, dt_named_table *table);

dt_entry dt_entry_text(const char *text);
dt_entry dt_entry_number(dt_number number);
dt_entry dt_entry_count(uint64_t count);
dt_entry dt_entry_truth(dt_truth truth);
dt_entry dt_entry_player(size_t player);
dt_entry dt_entry_strategy(size_t player, dt_mixture mixture);
dt_entry dt_entry_profile(const uint32_t *profile);

/* Numbers for results: from a rational; from an exact number in its context (the radius is 0 and
 * `exact` set where it is rational); from a double with a radius. Strings live in the list. */
dt_status dt_number_from_fmpq(dt_result_list *list, const fmpq_t q, dt_number *out);
dt_status dt_number_from_exact(dt_result_list *list, dt_exact_context *context, const dt_exact *x,
                               dt_number *out);
dt_number dt_number_from_double(double value, double radius);

#ifdef __cplusplus
}
#endif
#endif
