/* deterra table: a quantity of a sweep's store over one or two of its parameters. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/document.h"
#include "sweep/pivot/pivot.h"

/* A table under construction. */
typedef struct sheet {
    const dt_pivot *pivot;
    dt_statistic statistic;
    bool data; /* for programs: numbers in full, nothing in empty cells */
    cli_document d;
    dt_table *table;
} sheet;

/* --- the axes in words --- */

enum { SHORT = 8, DIGITS = 6, MOST_DIGITS = 17 };

/* A number for people: as it is where that is short. */
static const char *show(double x, int digits, char *buffer, size_t size) {
    char text[32];
    dt_format_double(x, text);
    if (strlen(text) <= SHORT || digits >= MOST_DIGITS)
        snprintf(buffer, size, "%s", text);
    else
        snprintf(buffer, size, "%.*g", digits, x);
    return buffer;
}

/* So many digits that no two of the axis's numbers look alike. */
static int digits_of(const sheet *s, const dt_pivot_axis *axis) {
    size_t count = axis->count + axis->binned;
    int digits = s->data && !axis->binned ? MOST_DIGITS : DIGITS; /* an interval is a name */
    for (size_t i = 1; i < count && digits < MOST_DIGITS;) {
        char a[32], b[32];
        if (strcmp(show(axis->value[i - 1], digits, a, sizeof a),
                   show(axis->value[i], digits, b, sizeof b)) == 0 &&
            axis->value[i - 1] < axis->value[i]) {
            digits++;
            i = 1;
        } else {
            i++;
        }
    }
    return digits;
}

/* "0.5", or "[0.5, 1)". */
static const char *label(sheet *s, const dt_pivot_axis *axis, size_t i, int digits) {
    char low[32], high[32];
    show(axis->value[i], digits, low, sizeof low);
    const char *text;
    if (axis->binned)
        text = dt_arena_format(s->d.arena, "[%s, %s%c", low,
                               show(axis->value[i + 1], digits, high, sizeof high),
                               i + 1 == axis->count ? ']' : ')');
    else
        text = dt_arena_format(s->d.arena, "%s", low);
    s->d.failed = s->d.failed || !text;
    return text ? text : "";
}

/* --- cells --- */

/* Do some cells hold two numbers? */
static bool is_double(const dt_pivot *p) {
    for (size_t i = 0; i < p->row.count * p->column.count; i++)
        if (p->cell[i].low < p->cell[i].high)
            return true;
    return false;
}

static void put_heads(sheet *s, bool two) {
    const dt_pivot *p = s->pivot;
    static const char *const range[2] = {"least", "greatest"}, *const share[2] = {"in all",
                                                                                  "in some"};
    const char *const *part = s->statistic == DT_STATISTIC_SHARE ? share : range;
    int digits = p->column.name ? digits_of(s, &p->column) : 0;
    cli_column(&s->d, s->table, p->row.name, p->row.binned ? DT_LEFT : DT_DECIMAL);
    for (size_t c = 0; c < p->column.count; c++) {
        const char *head = p->column.name ? label(s, &p->column, c, digits) : p->value;
        const char *group = p->column.name;
        if (two && group)
            group = dt_arena_format(s->d.arena, "%s = %s", p->column.name, head);
        else if (two)
            group = p->value;
        s->d.failed = s->d.failed || (two && !group);
        for (int k = 0; k < 1 + two; k++)
            cli_grouped_column(&s->d, s->table, group, two ? part[k] : head, DT_DECIMAL);
    }
}

static dt_cell put_number(sheet *s, const dt_pivot_cell *cell, double value) {
    if (cell->points)
        return cli_number(value);
    dt_cell empty = {0};
    return s->data ? empty : cli_text(&s->d, "–");
}

static void put_rows(sheet *s, bool two) {
    const dt_pivot *p = s->pivot;
    int digits = digits_of(s, &p->row);
    for (size_t r = 0; r < p->row.count; r++) {
        dt_cell *row = cli_row(&s->d, s->table);
        if (!row)
            return;
        row[0] = p->row.binned ? cli_text(&s->d, "%s", label(s, &p->row, r, digits))
                               : cli_number(p->row.value[r]);
        for (size_t c = 0; c < p->column.count; c++) {
            const dt_pivot_cell *cell = &p->cell[r * p->column.count + c];
            row[1 + c * (1 + two)] = put_number(s, cell, cell->low);
            if (two)
                row[2 + 2 * c] = put_number(s, cell, cell->high);
        }
    }
}

/* --- notes: what a reader of the table must know --- */

static void note_others(sheet *s) {
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

static void note_bins(sheet *s, const dt_pivot_axis *axis) {
    if (axis->binned)
        cli_note(&s->d, s->table,
                 "%s: %zu interval%s of equal length%s; --bins takes another number.", axis->name,
                 axis->count, axis->count == 1 ? "" : "s", axis->log ? " in the logarithm" : "");
}

static void note_source(sheet *s) {
    const dt_pivot *p = s->pivot;
    if (p->concepts > 1)
        cli_note(&s->d, s->table, "Of %s; %zu concepts have it, --concept takes another.",
                 p->concept, p->concepts);
    if (p->results > 1)
        cli_note(&s->d, s->table,
                 "Result %" PRId64 " of %" PRId64 " of %s; --result takes another.", p->result,
                 p->results, p->concept);
    if (p->all_concepts)
        cli_note(&s->d, s->table,
                 "Equilibria of all concepts, counted together: they were not kept one by one.");
}

static const char *points_text(sheet *s, uint64_t points) {
    const char *text =
        dt_arena_format(s->d.arena, "%" PRIu64 " point%s", points, points == 1 ? "" : "s");
    s->d.failed = s->d.failed || !text;
    return text ? text : "";
}

static void note_points(sheet *s) {
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
                 "out; record a formula such as \"PLAYER.move:label\" for their probability.",
                 p->mixed, p->mixed == 1 ? "um" : "a", p->mixed == 1 ? "is" : "are");
    if (p->several && s->statistic == DT_STATISTIC_MEAN)
        cli_note(&s->d, s->table,
                 "At %s equilibria differ in it: the middle between their least and greatest value "
                 "stands for them; --statistic range shows both.",
                 points_text(s, p->several));
}

/* --- the command --- */

static const char *title_of(sheet *s) {
    const dt_pivot *p = s->pivot;
    return dt_arena_format(s->d.arena, "%s%s%s, %s; %s down%s%s%s", p->value,
                           p->concept ? " of " : "", p->concept ? p->concept : "",
                           dt_statistic_name(s->statistic), p->row.name, p->column.name ? ", " : "",
                           p->column.name ? p->column.name : "", p->column.name ? " across" : "");
}

static int write_pivot(const cli_options *options, const dt_pivot *pivot, dt_statistic statistic) {
    sheet s = {.pivot = pivot,
               .statistic = statistic,
               .data = strcmp(options->format, "csv") == 0 || strcmp(options->format, "json") == 0};
    if (!cli_document_open(&s.d, pivot->title, pivot->config_sha256))
        return DT_EXIT_FAILED;
    const char *title = title_of(&s);
    s.d.failed = !title;
    s.table = cli_table_add(&s.d, "pivot", title, pivot->row.count);
    bool two = is_double(pivot);
    put_heads(&s, two);
    put_rows(&s, two);
    note_others(&s);
    note_bins(&s, &pivot->row);
    note_bins(&s, &pivot->column);
    note_source(&s);
    note_points(&s);
    int exit_status = s.d.failed ? DT_EXIT_FAILED : cli_write_document(options, &s.d.document);
    cli_document_close(&s.d);
    return exit_status;
}

static dt_statistic statistic_of(const char *word) {
    for (int i = 0; word && i < DT_STATISTICS; i++)
        if (strcmp(word, dt_statistic_name((dt_statistic)i)) == 0)
            return (dt_statistic)i;
    return DT_STATISTIC_MEAN;
}

static int run(const cli_options *options) {
    if (options->concepts > 1) {
        fputs("deterra table: a table is of one concept: give --concept once\n"
              "Try `deterra table --help`.\n",
              stderr);
        return DT_EXIT_USAGE;
    }
    cli_game g = {.diag = dt_diag_new()};
    if (!g.diag)
        return DT_EXIT_FAILED;
    dt_pivot_request request = {.rows = options->rows,
                                .columns = options->columns,
                                .value = options->value,
                                .concept = options->concepts ? *options->concept_spec : NULL,
                                .result = options->result,
                                .statistic = statistic_of(options->statistic),
                                .bins = (size_t)options->bins};
    dt_pivot *pivot;
    dt_status status = dt_pivot_new(options->config, &request, g.diag, &pivot);
    int exit_status =
        status == DT_OK ? write_pivot(options, pivot, request.statistic) : cli_report(&g, status);
    dt_pivot_free(pivot);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_table = {
    .name = "table",
    .summary = "show a sweep's results over one or two parameters",
    .operand = "RESULTS.sqlite",
    .help =
        "Prints a quantity of a sweep as a table over one or two of its parameters. Points that\n"
        "share a cell, as the other parameters differ, are put together by the statistic.\n\n"
        "example: deterra table pain.sqlite --value US.subsidy=on\n"
        "         deterra table pain.sqlite --rows pain --columns none --value payoff.US \\\n"
        "             --statistic range --format latex\n",
    .options = CLI_PIVOT | CLI_FORMAT | CLI_OUTPUT,
    .run = run,
};
