/* The names that a store knows: see names.h. SPDX: GPL-3.0-or-later */
#include "sweep/pivot/names.h"

#include <string.h>

/* Gives the text of each row's first column, and its second column's number, to `take`. */
typedef struct listing {
    const dt_pivot_reader *r;
    dt_pivot_names *names;
    dt_nearest *near;
    const char *word, *move;
    int found;
    size_t room; /* for sources */
    dt_status status;
} listing;

static dt_status each(listing *l, const char *sql, const char *const *text,
                      void (*take)(listing *l, const char *name, int64_t number)) {
    sqlite3_stmt *select = NULL;
    dt_status status = dt_pivot_prepare(l->r, &select, sql, text);
    int code = SQLITE_DONE;
    while (status == DT_OK && l->status == DT_OK && (code = sqlite3_step(select)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(select, 0);
        take(l, name ? name : "", sqlite3_column_int64(select, 1));
    }
    if (status == DT_OK && l->status == DT_OK && code != SQLITE_DONE)
        status = dt_pivot_complain(l->r);
    sqlite3_finalize(select);
    return status == DT_OK ? l->status : status;
}

static char *copy(listing *l, const char *text) {
    char *kept = dt_arena_copy(l->r->pivot->arena, text, strlen(text));
    if (!kept)
        l->status = DT_ERR_MEMORY;
    return kept;
}

/* Adds a name to a list, which has room for a power of two. */
static void append(listing *l, const char ***list, size_t *count, const char *name) {
    if ((*count & (*count - 1)) == 0) {
        const char **grown =
            dt_arena_array(l->r->pivot->arena, *count ? 2 * *count : 1, sizeof *grown);
        if (grown && *count)
            memcpy(grown, *list, *count * sizeof *grown);
        if (!grown) {
            l->status = DT_ERR_MEMORY;
            return;
        }
        *list = grown;
    }
    const char *kept = copy(l, name);
    if (kept)
        (*list)[(*count)++] = kept;
}

/* --- columns: those between objective and play are moves, those between play and strict payoffs */

static void take_column(listing *l, const char *name, int64_t number) {
    (void)number;
    static const char *const ends[] = {"objective", "play", "strict"};
    if (l->found < 3 && strcmp(name, ends[l->found]) == 0)
        l->found++;
    else if (l->found == 1)
        append(l, &l->names->move, &l->names->moves, name);
    else if (l->found == 2)
        append(l, &l->names->payoff, &l->names->payoffs, name);
}

/* --- concepts --- */

static dt_pivot_source *source_of(dt_pivot_names *names, const char *concept) {
    for (size_t i = 0; i < names->sources; i++)
        if (strcmp(names->source[i].concept, concept) == 0)
            return &names->source[i];
    return NULL;
}

static void take_source(listing *l, const char *name, int64_t results) {
    dt_pivot_source *source = source_of(l->names, name);
    if (source)
        source->results = results;
}

/* The lines of a text. */
static void split(listing *l, const char *text, const char ***list, size_t *count) {
    while (text && *text) {
        size_t length = strcspn(text, "\n");
        const char *line = dt_arena_format(l->r->pivot->arena, "%.*s", (int)length, text);
        if (!line) {
            l->status = DT_ERR_MEMORY;
            return;
        }
        append(l, list, count, line);
        text += length + (text[length] == '\n');
    }
}

static void take_concepts(listing *l, const char *text, int64_t number) {
    (void)number;
    const char **list = NULL;
    size_t count = 0;
    split(l, text, &list, &count);
    l->names->source =
        dt_arena_array(l->r->pivot->arena, count + 1, sizeof *l->names->source); /* and reduced */
    if (!l->names->source)
        l->status = DT_ERR_MEMORY;
    for (size_t i = 0; i < count && l->status == DT_OK; i++)
    l->names->source[l->names->sources++].concept = list[i];
}

static void take_kept(listing *l, const char *text, int64_t number) {
    (void)number;
    const char **list = NULL;
    size_t count = 0;
    split(l, text, &list, &count);
    for (size_t i = 0; i < count; i++) {
        l->names->keeps_equilibria |= strcmp(list[i], "equilibria") == 0;
        l->names->keeps_payoffs |= strcmp(list[i], "payoffs") == 0;
        l->names->keeps_timings |= strcmp(list[i], "timings") == 0;
    }
}

dt_status dt_pivot_read_names(const dt_pivot_reader *r, dt_pivot_names *names) {
    listing l = {.r = r, .names = names};
    *names = (dt_pivot_names){0};
    dt_status status = each(&l, "SELECT concepts FROM runs", NULL, take_concepts);
    if (status == DT_OK)
        status = each(&l, "SELECT record FROM runs", NULL, take_kept);
    if (status == DT_OK)
        status = each(&l, "SELECT name FROM pragma_table_info('equilibria') ORDER BY cid", NULL,
                      take_column);
    if (status == DT_OK)
        status = each(&l, "SELECT concept, max(result) FROM equilibria GROUP BY concept", NULL,
                      take_source);
    return status;
}

/* --- records --- */

static void take_record_source(listing *l, const char *name, int64_t results) {
    dt_pivot_source *source = source_of(l->names, name);
    if (!source && l->names->sources == l->room)
        return;    /* no store of ours */
    if (!source) { /* reduced */
        source = &l->names->source[l->names->sources++];
        source->concept = copy(l, name);
    }
    source->results = results;
}

static bool has_rows(const dt_pivot_names *names) {
    for (size_t i = 0; i < names->sources; i++)
        if (names->source[i].results)
            return true;
    return false;
}

dt_status dt_pivot_record_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                  const char *record, dt_pivot_names *of_record) {
    *of_record = *names;
    of_record->source =
        dt_arena_array(r->pivot->arena, names->sources + 1, sizeof *of_record->source);
    if (!of_record->source)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < names->sources; i++)
        of_record->source[i] = (dt_pivot_source){names->source[i].concept, 0};
    listing l = {.r = r, .names = of_record, .room = names->sources + 1};
    const char *const text[] = {record, NULL};
    dt_status status = each(&l,
                            "SELECT concept, max(result) FROM records WHERE record = ? AND least "
                            "IS NOT NULL GROUP BY concept",
                            text, take_record_source);
    if (status == DT_OK && !has_rows(of_record)) /* nothing is played at any point */
        status =
            each(&l, "SELECT concept, max(result) FROM records WHERE record = ? GROUP BY concept",
                 text, take_record_source);
    size_t kept = 0;
    for (size_t i = 0; i < of_record->sources; i++)
        if (of_record->source[i].results)
            of_record->source[kept++] = of_record->source[i];
    of_record->sources = kept;
    return status;
}

/* --- suggestions --- */

static void offer(listing *l, const char *name, int64_t number) {
    (void)number;
    const char *kept = copy(l, name);
    if (kept)
        dt_nearest_offer(l->near, kept);
}

static void offer_label(listing *l, const char *label, int64_t number) {
    (void)number;
    const char *name = dt_arena_format(l->r->pivot->arena, "%s=%s", l->move, label);
    if (!name)
        l->status = DT_ERR_MEMORY;
    else if (l->near)
        dt_nearest_offer(l->near, name);
    l->found |= l->word && strcmp(l->word, label) == 0;
}

dt_status dt_pivot_label(const dt_pivot_reader *r, const char *move, const char *label,
                         dt_nearest *near, bool *known) {
    listing l = {.r = r, .near = near, .word = label, .move = move};
    dt_status status = each(&l, "SELECT label FROM levels WHERE column_name = ? ORDER BY level",
                            (const char *const[]){move, NULL}, offer_label);
    *known = l.found;
    return status;
}

dt_status dt_pivot_offer_values(const dt_pivot_reader *r, const dt_pivot_names *names,
                                dt_nearest *near) {
    static const char *const words[] = {"equilibria", "failed", "seconds"};
    for (size_t i = 0; i < 3; i++)
        dt_nearest_offer(near, words[i]);
    for (size_t i = 0; i < names->payoffs; i++)
        dt_nearest_offer(near, names->payoff[i]);
    bool known;
    dt_status status = DT_OK;
    for (size_t i = 0; i < names->moves && status == DT_OK; i++)
        status = dt_pivot_label(r, names->move[i], NULL, near, &known);
    listing l = {.r = r, .near = near};
    return status == DT_OK ? each(&l, "SELECT DISTINCT record FROM records ORDER BY 1", NULL, offer)
                           : status;
}
