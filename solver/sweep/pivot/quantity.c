/* What stands in the cells of a pivot table: see reader.h. SPDX: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep/pivot/names.h"

/* SQL of a point's least and greatest value, and of the equilibria left out; `p` is points. All
 * from sqlite3_mprintf. */
typedef struct expression {
    char *low, *high, *left_out;
} expression;

static void release(expression *e) {
    sqlite3_free(e->low);
    sqlite3_free(e->high);
    sqlite3_free(e->left_out);
}

static dt_status complete(const expression *e) {
    return e->low && e->high && e->left_out ? DT_OK : DT_ERR_MEMORY;
}

/* --- concepts and results --- */

/* "epsilon-nash:regret=0.5" is asked for by all of it, or by its name. */
static bool is_named(const char *label, const char *name) {
    size_t length = strlen(name);
    return strcmp(label, name) == 0 || (strncmp(label, name, length) == 0 && label[length] == ':');
}

static const dt_pivot_source *find_source(const dt_pivot_reader *r, const dt_pivot_names *names) {
    const char *wanted = r->request->concept;
    if (names->sources == 0) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is of equilibria, and no concept of this sweep has them: --value takes "
                    "another quantity",
                    r->pivot->value);
        return NULL;
    }
    dt_nearest near = {wanted, NULL, 0};
    for (size_t i = 0; wanted && i < names->sources; i++) {
        if (is_named(names->source[i].concept, wanted))
            return &names->source[i];
        dt_nearest_offer(&near, names->source[i].concept);
    }
    if (wanted) {
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` of `%s` is not in this store%s%s%s",
                    r->pivot->value, wanted, near.best ? "; did you mean `" : "",
                    near.best ? near.best : "", near.best ? "`?" : "");
        return NULL;
    }
    return names->source;
}

/* The concept that was asked for, or the first of the sweep's, and the result's number. The choice
 * hangs on what the concepts can have and not on values, so that it is the same while a sweep is
 * under way and at its end. */
static dt_status choose_source(dt_pivot_reader *r, const dt_pivot_names *names) {
    dt_pivot *p = r->pivot;
    const dt_pivot_source *source = find_source(r, names);
    if (!source)
        return DT_ERR_INPUT;
    p->concepts = names->sources;
    p->concept = source->concept;
    p->results = source->results;
    p->result = r->request->result ? r->request->result : 1;
    if (r->request->result <= (source->results ? source->results : 1))
        return DT_OK;
    dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` has %lld result%s, and not %lld", p->concept,
                (long long)source->results, source->results == 1 ? "" : "s",
                (long long)r->request->result);
    return DT_ERR_INPUT;
}

/* --- quantities --- */

/* An aggregate of the equilibria of the concept at the point. */
static char *of_equilibria(const dt_pivot *p, const char *aggregate) {
    return sqlite3_mprintf("(SELECT %s FROM equilibria AS e WHERE e.point = p.point AND concept = "
                           "%Q AND result = %lld)",
                           aggregate, p->concept, (long long)p->result);
}

/* What the record of the concept at the point says. */
static char *of_records(const dt_pivot *p, const char *column, const char *record) {
    return sqlite3_mprintf("(SELECT q.%s FROM records AS q WHERE q.point = p.point AND concept = "
                           "%Q AND result = %lld AND record = %Q)",
                           column, p->concept, (long long)p->result, record);
}

static dt_status not_kept(const dt_pivot_reader *r, const char *word) {
    dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                "`%s` was not kept: the sweep's `record` leaves out \"%s\"", r->pivot->value, word);
    return DT_ERR_INPUT;
}

static dt_status of_record(dt_pivot_reader *r, const dt_pivot_names *sources, expression *e) {
    const dt_pivot *p = r->pivot;
    dt_status status = choose_source(r, sources);
    if (status != DT_OK)
        return status;
    e->low = of_records(p, "least", p->value);
    e->high = of_records(p, "greatest", p->value);
    e->left_out = sqlite3_mprintf("0");
    return complete(e);
}

static dt_status of_payoff(dt_pivot_reader *r, const dt_pivot_names *names, expression *e) {
    if (!names->keeps_equilibria || !names->keeps_payoffs)
        return not_kept(r, names->keeps_equilibria ? "payoffs" : "equilibria");
    dt_status status = choose_source(r, names);
    if (status != DT_OK)
        return status;
    char *least = sqlite3_mprintf("min(\"%w\")", r->pivot->value),
         *greatest = sqlite3_mprintf("max(\"%w\")", r->pivot->value);
    if (least && greatest) {
        e->low = of_equilibria(r->pivot, least);
        e->high = of_equilibria(r->pivot, greatest);
        e->left_out = sqlite3_mprintf("0");
    }
    sqlite3_free(least);
    sqlite3_free(greatest);
    return complete(e);
}

/* The share of the point's equilibria in which the move has the label. */
static dt_status of_label(dt_pivot_reader *r, const dt_pivot_names *names, const char *move,
                          const char *label, expression *e) {
    if (!names->keeps_equilibria)
        return not_kept(r, "equilibria");
    dt_status status = choose_source(r, names);
    if (status != DT_OK)
        return status;
    char *share = sqlite3_mprintf("avg(\"%w\" = %Q)", move, label),
         *mixed = sqlite3_mprintf("count(*) - count(\"%w\")", move);
    if (share && mixed) {
        e->low = of_equilibria(r->pivot, share);
        e->high = of_equilibria(r->pivot, share);
        e->left_out = of_equilibria(r->pivot, mixed);
    }
    sqlite3_free(share);
    sqlite3_free(mixed);
    return complete(e);
}

/* How many equilibria there are. Where they were not kept, the record of a formula tells, and where
 * there is none, all that is known is the number for all concepts. */
static dt_status of_number(dt_pivot_reader *r, const dt_pivot_names *names, expression *e) {
    dt_pivot *p = r->pivot;
    dt_pivot_names of_formula = *names;
    bool told = names->keeps_equilibria || names->formulas;
    dt_status status = DT_OK;
    if (!names->keeps_equilibria && names->formulas) /* for its results */
        status = dt_pivot_record_sources(r, names, names->formula[0], &of_formula);
    if (status == DT_OK && !told && names->sources > 1 && r->request->concept)
        status = not_kept(r, "equilibria");
    else if (status == DT_OK)
        status = choose_source(r, &of_formula);
    if (status != DT_OK)
        return status;
    if (names->keeps_equilibria) {
        e->low = of_equilibria(p, "count(*)");
    } else if (told) {
        e->low = of_records(p, "equilibria", names->formula[0]);
    } else {
        p->all_concepts = names->sources > 1;
        p->concept = p->all_concepts ? NULL : p->concept;
        p->result = p->results = 1;
        p->concepts = 1;
        e->low = sqlite3_mprintf("p.equilibria");
    }
    e->high = e->low ? sqlite3_mprintf("%s", e->low) : NULL;
    e->left_out = sqlite3_mprintf("0");
    return complete(e);
}

static dt_status of_point(const dt_pivot_reader *r, const dt_pivot_names *names, expression *e) {
    bool seconds = strcmp(r->pivot->value, "seconds") == 0;
    if (seconds && !names->keeps_timings)
        return not_kept(r, "timings");
    for (int i = 0; i < 2; i++)
        *(i ? &e->low : &e->high) =
            sqlite3_mprintf(seconds ? "(SELECT seconds FROM timings AS t WHERE t.point = p.point)"
                                    : "p.status = 'failed'");
    e->left_out = sqlite3_mprintf("0");
    return complete(e);
}

/* --- names --- */

static bool is_in(const char *const *list, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static dt_status unknown(const dt_pivot_reader *r, const dt_pivot_names *names) {
    dt_nearest near = {r->pivot->value, NULL, 0};
    const char *list;
    dt_status status = dt_pivot_offer_values(r, names, &near, &list);
    if (status != DT_OK)
        return status;
    if (near.best)
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is not in this store; did you mean `%s`? It has %s", r->pivot->value,
                    near.best, list);
    else
        dt_diag_add(r->diag, DT_ERROR, DT_NOWHERE, "`%s` is not in this store, which has %s",
                    r->pivot->value, list);
    return DT_ERR_INPUT;
}

/* "US.subsidy=on": a move's column in front of an =, a label behind it. */
static dt_status try_label(dt_pivot_reader *r, const dt_pivot_names *names, expression *e) {
    const char *value = r->pivot->value;
    for (const char *equal = strchr(value, '='); equal; equal = strchr(equal + 1, '=')) {
        const char *move = dt_arena_format(r->pivot->arena, "%.*s", (int)(equal - value), value);
        bool known = false;
        if (!move)
            return DT_ERR_MEMORY;
        if (!is_in(names->move, names->moves, move))
            continue;
        dt_status status = dt_pivot_label(r, move, equal + 1, &known);
        if (status != DT_OK || known)
            return status == DT_OK ? of_label(r, names, move, equal + 1, e) : status;
    }
    return unknown(r, names);
}

static dt_status resolve(dt_pivot_reader *r, const dt_pivot_names *names, expression *e) {
    const char *value = r->pivot->value;
    dt_pivot_names sources, playing;
    dt_status status = dt_pivot_record_sources(r, names, value, &sources);
    if (status == DT_OK)
        status = dt_pivot_playing_sources(r, names, &playing);
    if (status != DT_OK)
        return status;
    if (sources.sources || is_in(names->formula, names->formulas, value))
        return of_record(r, &sources, e);
    if (strcmp(value, "equilibria") == 0)
        return of_number(r, &playing, e);
    if (strcmp(value, "failed") == 0 || strcmp(value, "seconds") == 0)
        return of_point(r, names, e);
    if (is_in(names->payoff, names->payoffs, value))
        return of_payoff(r, &playing, e);
    return try_label(r, &playing, e);
}

dt_status dt_pivot_quantity(dt_pivot_reader *r, sqlite3_stmt **statement) {
    dt_pivot *p = r->pivot;
    const char *value = r->request->value ? r->request->value : "equilibria";
    p->value = dt_arena_copy(p->arena, value, strlen(value));
    dt_pivot_names names;
    expression e = {0};
    dt_status status = p->value ? dt_pivot_read_names(r, &names) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = resolve(r, &names, &e);
    if (status == DT_OK) {
        char *sql =
            sqlite3_mprintf("SELECT p.\"%w\", p.\"%w\", p.status, %s, %s, %s FROM points "
                            "AS p WHERE %s ORDER BY p.point",
                            p->row.column, p->column.name ? p->column.column : p->row.column, e.low,
                            e.high, e.left_out, r->where);
        status = sql ? dt_pivot_prepare(r, statement, sql, NULL) : DT_ERR_MEMORY;
        sqlite3_free(sql);
    }
    release(&e);
    return status;
}
