/* How the config of a store differs: see difference.h. What both begin and end with is left out;
 * of the rest, some lines are shown. SPDX: GPL-3.0-or-later */
#include "sweep/difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "sweep/schema.h"

enum { MOST_LINES = 5 };

/* The end of the line that begins here, its newline included. */
static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

static void put_lines(FILE *out, char mark, const char *from, const char *end) {
    int shown = 0;
    for (const char *next; from < end && shown < MOST_LINES; from = next, shown++) {
        next = line_end(from, end);
        int length = (int)(next - from) - (next[-1] == '\n');
        fprintf(out, "\n    %c %.*s", mark, length, from);
    }
    if (from < end)
        fprintf(out, "\n    %c …", mark);
}

/* The lines between what both texts begin with and what both end with. */
static void put_difference(FILE *out, const char *old, const char *new) {
    const char *old_end = old + strlen(old), *new_end = new + strlen(new);
    while (old < old_end && new < new_end) {
        const char *a = line_end(old, old_end), *b = line_end(new, new_end);
        if (a - old != b - new || memcmp(old, new, (size_t)(a - old)) != 0)
            break;
        old = a;
        new = b;
    }
    while (old_end > old && new_end > new) { /* back by whole lines */
        const char *a = old_end - 1, *b = new_end - 1;
        while (a > old && a[-1] != '\n')
            a--;
        while (b > new &&b[-1] != '\n')
            b--;
        if (old_end - a != new_end - b || memcmp(a, b, (size_t)(old_end - a)) != 0)
            break;
        old_end = a;
        new_end = b;
    }
    put_lines(out, '-', old, old_end);
    put_lines(out, '+', new, new_end);
}

void dt_difference_report(const dt_difference_stored *stored, const dt_frame *frame,
                          const char *path, dt_diag *diag) {
    const dt_scenario *scenario = frame->sweep->scenario;
    const char *config = stored->config ? stored->config : "", *what = "for other concepts";
    char *text = NULL, *sets = dt_schema_sets(scenario), *concepts = dt_schema_concepts(frame);
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out) {
        if (sets && strcmp(stored->sets ? stored->sets : "", sets) != 0)
            what = "with other values of --set";
        if (scenario->source && strcmp(config, dt_source_text(scenario->source, &length)) != 0)
            what = "from another config";
        if (scenario->source)
            put_difference(out, config, dt_source_text(scenario->source, &length));
        if (sets)
            put_difference(out, stored->sets ? stored->sets : "", sets);
        if (concepts)
            put_difference(out, stored->concepts ? stored->concepts : "", concepts);
        fclose(out);
    }
    dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                "`%s` was made %s (- there, + now):%s\n  go on as it was begun, take another file, "
                "or replace it with --force",
                path, what, text ? text : "");
    free(text);
    free(sets);
    free(concepts);
}
