/* The notes of deterra table, and what it says beside the table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/table.h"

static void note_others(cli_sheet *s) {
    const dt_pivot *p = s->pivot;
    static const char *const words[] = {"Averaged", "The least", "The greatest",
                                        "Least and greatest", "Share of points"};
    const char *names = "";
    for (size_t i = 0; i < p->other_count && names; i++)
        names = dt_arena_format(s->d.arena, "%s%s%s", names, i ? ", " : "", p->others[i]);
    s->d.failed = s->d.failed || !names;
    if (p->other_count)
        cli_note(&s->d, s->table, "%s over the values of %s.", words[s->statistic],
                 names ? names : "");
}

static void note_bins(cli_sheet *s, const dt_pivot_axis *axis) {
    if (axis->binned)
        cli_note(&s->d, s->table, "%s: %zu interval%s of equal length%s.", axis->name, axis->count,
                 axis->count == 1 ? "" : "s", axis->log ? " in the logarithm" : "");
}

static void note_source(cli_sheet *s) {
    const dt_pivot *p = s->pivot;
    if (p->concepts > 1 && p->concept)
        cli_note(&s->d, s->table, "Of %s.", p->concept);
    if (p->results > 1)
        cli_note(&s->d, s->table, "Result %" PRId64 " of %" PRId64 " of %s.", p->result, p->results,
                 p->concept);
    if (p->all_concepts)
        cli_note(&s->d, s->table,
                 "Equilibria of all concepts, counted together: they were not kept one by one.");
}

static const char *points_text(cli_sheet *s, uint64_t points) {
    const char *text =
        dt_arena_format(s->d.arena, "%" PRIu64 " point%s", points, points == 1 ? "" : "s");
    s->d.failed = s->d.failed || !text;
    return text ? text : "";
}

static void note_points(cli_sheet *s) {
    const dt_pivot *p = s->pivot;
    bool of_failures = !p->concept && strcmp(p->value, "failed") == 0;
    if (p->points < p->planned)
        cli_note(&s->d, s->table, "The sweep is not complete: %" PRIu64 " of %s are there.",
                 p->points, points_text(s, p->planned));
    if (p->failed && !of_failures)
        cli_note(&s->d, s->table, "%s failed and %s left out.", points_text(s, p->failed),
                 p->failed == 1 ? "is" : "are");
    if (p->without)
        cli_note(&s->d, s->table, "%s without an equilibrium, which ha%s no value, %s left out.",
                 points_text(s, p->without), p->without == 1 ? "s" : "ve",
                 p->without == 1 ? "is" : "are");
    if (p->mixed)
        cli_note(&s->d, s->table,
                 "%" PRIu64 " equilibri%s in which several levels of the move are played %s left "
                 "out.",
                 p->mixed, p->mixed == 1 ? "um" : "a", p->mixed == 1 ? "is" : "are");
    if (p->several && s->statistic == DT_STATISTIC_MEAN)
        cli_note(&s->d, s->table,
                 "At %s equilibria differ in it: the middle between their least and greatest value "
                 "stands for them.",
                 points_text(s, p->several));
}

void cli_sheet_notes(cli_sheet *s) {
    note_others(s);
    note_bins(s, &s->pivot->row);
    note_bins(s, &s->pivot->column);
    note_source(s);
    note_points(s);
}

void cli_sheet_advise(const cli_sheet *s, const cli_options *options, const char *title) {
    const dt_pivot *p = s->pivot;
    if (title) {
        fprintf(stderr, "%s\n", title);
        for (size_t i = 0; i < s->table->notes; i++)
            fprintf(stderr, "%s\n", s->table->note[i]);
    }
    if (p->concept && p->concepts > 1 && !options->concepts)
        fprintf(stderr, "note: %zu concepts have it; --concept takes another\n", p->concepts);
    if (p->results > 1 && !options->result)
        fprintf(stderr, "note: %s has %" PRId64 " results; --result takes another\n", p->concept,
                p->results);
    if (p->several && s->statistic == DT_STATISTIC_MEAN)
        fputs("note: --statistic range shows least and greatest values\n", stderr);
    if (p->mixed)
        fputs("note: a record of \"PLAYER.move:label\" has the probability in mixed play, too\n",
              stderr);
}
