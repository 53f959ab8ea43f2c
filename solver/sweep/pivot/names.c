/* The names that a store knows: see names.h. SPDX: GPL-3.0-or-later */
#include "sweep/pivot/names.h"

#include <string.h>

#include "deterra/concept.h"

enum { MOST_NAMES = 40 }; /* in a message */

/* Gives the text of each row's first column, and its second column's number, to `take`. */
typedef struct listing {
    const dt_pivot_reader *r;
    dt_pivot_names *names;
    dt_nearest *near;
    const char *word, *move;
    int found;
    size_t room;       /* for sources */
    const char **list; /* of the names that were offered */
    size_t count;
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
    if (!source)
        return;
    source->results = results;
    source->plays = true; /* a concept of a later version's, too */
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

/* "epsilon-nash:regret=0.5" without its settings. */
static const dt_concept *concept_of(listing *l, const char *label) {
    const char *name = dt_arena_format(l->r->pivot->arena, "%.*s", (int)strcspn(label, ":"), label);
    if (!name)
        l->status = DT_ERR_MEMORY;
    return name ? dt_concept_find(name) : NULL;
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
    for (size_t i = 0; i < count && l->status == DT_OK; i++) {
        const dt_concept *concept = concept_of(l, list[i]);
        l->names->source[l->names->sources++] =
            (dt_pivot_source){list[i], 0, concept && concept->has_equilibria};
    }
}

static void take_kept(listing *l, const char *text, int64_t number) {
    (void)number;
    const char **list = NULL;
    size_t count = 0;
    split(l, text, &list, &count);
    for (size_t i = 0; i < count; i++) {
        bool *const on = strcmp(list[i], "equilibria") == 0 ? &l->names->keeps_equilibria
                         : strcmp(list[i], "payoffs") == 0  ? &l->names->keeps_payoffs
                         : strcmp(list[i], "timings") == 0  ? &l->names->keeps_timings
                                                            : NULL;
        if (on)
            *on = true;
        else if (strcmp(list[i], "reduced") != 0)
            append(l, &l->names->formula, &l->names->formulas, list[i]);
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

/* Leaves out what is not to be kept. */
static void keep_sources(dt_pivot_names *names, bool (*wanted)(const dt_pivot_source *source)) {
    size_t kept = 0;
    for (size_t i = 0; i < names->sources; i++)
        if (wanted(&names->source[i]))
            names->source[kept++] = names->source[i];
    names->sources = kept;
}

static bool plays(const dt_pivot_source *source) {
    return source->plays;
}

static bool has_rows(const dt_pivot_source *source) {
    return source->results > 0;
}

/* A list of sources of its own, with room for one more. */
static dt_status copy_sources(const dt_pivot_reader *r, const dt_pivot_names *from,
                              dt_pivot_names *to) {
    *to = *from;
    to->source = dt_arena_array(r->pivot->arena, from->sources + 1, sizeof *to->source);
    if (!to->source)
        return DT_ERR_MEMORY;
    if (from->sources)
        memcpy(to->source, from->source, from->sources * sizeof *to->source);
    return DT_OK;
}

dt_status dt_pivot_playing_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                   dt_pivot_names *playing) {
    dt_status status = copy_sources(r, names, playing);
    if (status == DT_OK)
        keep_sources(playing, plays);
    return status;
}

dt_status dt_pivot_record_sources(const dt_pivot_reader *r, const dt_pivot_names *names,
                                  const char *record, dt_pivot_names *of_record) {
    bool formula = false;
    for (size_t i = 0; i < names->formulas; i++)
        formula = formula || strcmp(names->formula[i], record) == 0;
    dt_status status =
        formula ? dt_pivot_playing_sources(r, names, of_record) : copy_sources(r, names, of_record);
    if (status != DT_OK)
        return status;
    for (size_t i = 0; i < of_record->sources; i++)
        of_record->source[i].results = 0;
    listing l = {
        .r = r, .names = of_record, .room = formula ? of_record->sources : names->sources + 1};
    status = each(&l, "SELECT concept, max(result) FROM records WHERE record = ? GROUP BY concept",
                  (const char *const[]){record, NULL}, take_record_source);
    if (!formula)
        keep_sources(of_record, has_rows);
    return status;
}

/* --- suggestions --- */

static void offer_kept(listing *l, const char *kept) {
    if (!kept) {
        l->status = DT_ERR_MEMORY;
        return;
    }
    if (l->near)
        dt_nearest_offer(l->near, kept);
    append(l, &l->list, &l->count, kept);
}

static void offer(listing *l, const char *name, int64_t number) {
    (void)number;
    for (size_t i = 0; i < l->names->formulas; i++)
        if (strcmp(l->names->formula[i], name) == 0)
            return; /* it was offered */
    offer_kept(l, copy(l, name));
}

static void offer_label(listing *l, const char *label, int64_t number) {
    (void)number;
    offer_kept(l, dt_arena_format(l->r->pivot->arena, "%s=%s", l->move, label));
    l->found |= l->word && strcmp(l->word, label) == 0;
}

static dt_status each_label(listing *l, const char *move) {
    l->move = move;
    return each(l, "SELECT label FROM levels WHERE column_name = ? ORDER BY level",
                (const char *const[]){move, NULL}, offer_label);
}

dt_status dt_pivot_label(const dt_pivot_reader *r, const char *move, const char *label,
                         bool *known) {
    listing l = {.r = r, .word = label};
    dt_status status = each_label(&l, move);
    *known = l.found;
    return status;
}

/* "a, b, c", and how many more there are. */
static const char *join(const listing *l) {
    dt_arena *arena = l->r->pivot->arena;
    const char *text = "";
    size_t shown = l->count > MOST_NAMES ? MOST_NAMES : l->count;
    for (size_t i = 0; i < shown && text; i++)
        text = dt_arena_format(arena, "%s%s%s", text, i ? ", " : "", l->list[i]);
    if (text && shown < l->count)
        text = dt_arena_format(arena, "%s and %zu more", text, l->count - shown);
    return text;
}

dt_status dt_pivot_offer_values(const dt_pivot_reader *r, const dt_pivot_names *names,
                                dt_nearest *near, const char **list) {
    dt_pivot_names known = *names;
    listing l = {.r = r, .names = &known, .near = near};
    for (size_t i = 0; i < names->formulas; i++) /* with or without rows */
        offer_kept(&l, names->formula[i]);
    dt_status status = each(&l, "SELECT DISTINCT record FROM records ORDER BY 1", NULL, offer);
    for (size_t i = 0; i < names->payoffs && names->keeps_equilibria && names->keeps_payoffs; i++)
        offer_kept(&l, names->payoff[i]);
    for (size_t i = 0; i < names->moves && status == DT_OK && names->keeps_equilibria; i++)
        status = each_label(&l, names->move[i]);
    static const char *const words[] = {"equilibria", "failed", "seconds"};
    for (size_t i = 0; i < 2u + names->keeps_timings; i++)
        offer_kept(&l, words[i]);
    if (status == DT_OK)
        status = l.status;
    *list = status == DT_OK ? join(&l) : NULL;
    return status == DT_OK && !*list ? DT_ERR_MEMORY : status;
}
