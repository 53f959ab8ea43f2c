/* deterra table: a quantity of a sweep's store over one or two of its parameters. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"

/* --- the axes in words --- */

enum { SHORT = 8, DIGITS = 6, MOST_DIGITS = 17, LONGEST_LABEL = 100 };

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
static int digits_of(const cli_sheet *s, const dt_pivot_axis *axis) {
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
static const char *label(cli_sheet *s, const dt_pivot_axis *axis, size_t i, int digits) {
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

/* Does a cell hold two numbers? For programs that hangs on the statistic alone, so that columns
 * keep their names; for people, on whether they differ anywhere. */
static bool is_double(const cli_sheet *s) {
    const dt_pivot *p = s->pivot;
    if (s->data)
        return s->statistic == DT_STATISTIC_RANGE || s->statistic == DT_STATISTIC_SHARE;
    for (size_t i = 0; i < p->row.count * p->column.count; i++)
        if (p->cell[i].low < p->cell[i].high)
            return true;
    return false;
}

/* "pain (USD bn)" for people; a unit of "1" is none. */
static const char *axis_name(cli_sheet *s, const dt_pivot_axis *axis) {
    if (s->data || !*axis->unit || strcmp(axis->unit, "1") == 0)
        return axis->name;
    const char *text = dt_arena_format(s->d.arena, "%s (%s)", axis->name, axis->unit);
    s->d.failed = s->d.failed || !text;
    return text ? text : axis->name;
}

/* What stands over the two columns of a cell: "pain.0" for programs, "pain = 0" for people. */
static const char *pair_name(cli_sheet *s, const char *head) {
    const dt_pivot_axis *axis = &s->pivot->column;
    if (!axis->name)
        return s->pivot->value;
    const char *text = dt_arena_format(s->d.arena, s->data ? "%s.%s" : "%s = %s", axis->name, head);
    s->d.failed = s->d.failed || !text;
    return text ? text : "";
}

static void put_heads(cli_sheet *s, bool two) {
    const dt_pivot *p = s->pivot;
    static const char *const range[2] = {"least", "greatest"}, *const share[2] = {"in all",
                                                                                  "in some"};
    const char *const *part = s->statistic == DT_STATISTIC_SHARE ? share : range;
    int digits = p->column.name ? digits_of(s, &p->column) : 0;
    const char *across = p->column.name ? axis_name(s, &p->column) : NULL;
    cli_column(&s->d, s->table, axis_name(s, &p->row), p->row.binned ? DT_LEFT : DT_DECIMAL);
    for (size_t c = 0; c < p->column.count; c++) {
        const char *head = p->column.name ? label(s, &p->column, c, digits) : p->value;
        const char *group = two ? pair_name(s, head) : across;
        for (int k = 0; k < 1 + two; k++)
            cli_grouped_column(&s->d, s->table, group, two ? part[k] : head, DT_DECIMAL);
    }
}

static dt_cell put_number(cli_sheet *s, const dt_pivot_cell *cell, double value) {
    if (cell->points)
        return cli_number(value);
    dt_cell empty = {0};
    return s->data ? empty : cli_text(&s->d, "–");
}

static void put_rows(cli_sheet *s, bool two) {
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

/* --- the command --- */

/* What is shown; `across` is the name of the columns' parameter, or NULL. */
static const char *title_of(cli_sheet *s, const char *across) {
    const dt_pivot *p = s->pivot;
    const char *text =
        dt_arena_format(s->d.arena, "%s%s%s, %s; %s down%s%s%s", p->value, p->concept ? " of " : "",
                        p->concept ? p->concept : "", dt_statistic_name(s->statistic), p->row.name,
                        across ? ", " : "", across ? across : "", across ? " across" : "");
    for (size_t i = 0; i < p->fixed_count && text; i++) {
        const dt_pivot_fixed *f = &p->fixed[i];
        const char *unit = strcmp(f->unit, "1") == 0 ? "" : f->unit;
        char number[32];
        text = dt_arena_format(s->d.arena, "%s%s%s = %s%s%s", text, i ? ", " : "; where ", f->name,
                               dt_format_double(f->value, number), *unit ? " " : "", unit);
    }
    s->d.failed = s->d.failed || !text;
    return text ? text : "";
}

/* What is shown, as a LaTeX label: the same for the same table, another one for each other. Where
 * the letters that a label may have do not tell, digits of a hash (FNV-1a) do. */
static const char *label_of(cli_sheet *s, const char *title) {
    const dt_pivot *p = s->pivot;
    const char *place =
        p->results > 1 ? dt_arena_format(s->d.arena, "-result%" PRId64, p->result) : "";
    const char *bins = p->row.binned || p->column.binned
                           ? dt_arena_format(s->d.arena, "-bins%zu",
                                             p->row.binned ? p->row.count : p->column.count)
                           : "";
    char *text = place && bins ? dt_arena_format(s->d.arena, "%s%s", title, place) : NULL;
    text = text ? dt_arena_format(s->d.arena, "%s%s", text, bins) : NULL;
    if (!text)
        return NULL;
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * UINT64_C(1099511628211);
    bool told = true;
    char *out = text;
    for (const char *c = text; *c; c++) {
        char low = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
        bool plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
        told = told && (plain || strchr(".-, ;", low));
        if (plain)
            *out++ = low;
        else if (out > text && out[-1] != '-')
            *out++ = '-';
    }
    while (out > text && out[-1] == '-')
        out--;
    *out = '\0';
    if (out - text > LONGEST_LABEL) {
        text[LONGEST_LABEL] = '\0';
        told = false;
    }
    return told ? text : dt_arena_format(s->d.arena, "%s-%06x", text, (unsigned)(hash & 0xffffff));
}

/* Settings and axes, for programs. */
static void put_settings(cli_sheet *s) {
    const dt_pivot *p = s->pivot;
    dt_document *d = &s->d.document;
    d->setting = dt_arena_array(s->d.arena, 4, sizeof *d->setting);
    d->axis = dt_arena_array(s->d.arena, 2 + p->fixed_count, sizeof *d->axis);
    char *result = dt_arena_format(s->d.arena, "%" PRId64, p->result);
    s->d.failed = s->d.failed || !d->setting || !d->axis || !result;
    if (s->d.failed)
        return;
    d->setting[d->settings++] = (dt_setting_used){"value", p->value};
    d->setting[d->settings++] = (dt_setting_used){"statistic", dt_statistic_name(s->statistic)};
    if (p->concept)
        d->setting[d->settings++] = (dt_setting_used){"concept", p->concept};
    if (p->concept)
        d->setting[d->settings++] = (dt_setting_used){"result", result};
    for (int i = 0; i < 2; i++) {
        const dt_pivot_axis *a = i ? &p->column : &p->row;
        if (a->name)
            d->axis[d->axes++] = (dt_table_axis){
                i ? "columns" : "rows", a->name, a->unit, a->binned, a->log, a->count, a->value};
    }
    for (size_t i = 0; i < p->fixed_count; i++)
        d->axis[d->axes++] = (dt_table_axis){.role = "where",
                                             .parameter = p->fixed[i].name,
                                             .unit = p->fixed[i].unit,
                                             .count = 1,
                                             .value = &p->fixed[i].value};
}

static int write_pivot(const cli_options *options, const dt_pivot *pivot, dt_statistic statistic) {
    bool csv = strcmp(options->format, "csv") == 0;
    cli_sheet s = {.pivot = pivot,
                   .statistic = statistic,
                   .data = csv || strcmp(options->format, "json") == 0};
    if (!cli_document_open(&s.d, pivot->title, pivot->config_sha256))
        return DT_EXIT_FAILED;
    bool two = is_double(&s);
    const char *bare = title_of(&s, pivot->column.name);
    const char *title = /* pairs of columns have their values above them, and the unit here */
        two && pivot->column.name ? title_of(&s, axis_name(&s, &pivot->column)) : bare;
    s.table = cli_table_add(&s.d, "pivot", title, pivot->row.count);
    put_heads(&s, two);
    put_rows(&s, two);
    cli_sheet_notes(&s);
    put_settings(&s);
    if (s.table) {
        s.table->uniform = true;
        s.table->label = label_of(&s, bare);
        s.d.failed = s.d.failed || !s.table->label;
    }
    int exit_status = s.d.failed ? DT_EXIT_FAILED : cli_write_document(options, &s.d.document);
    if (exit_status == DT_EXIT_OK && !options->quiet)
        cli_sheet_advise(&s, options, csv ? title : NULL);
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
                                .where = options->where,
                                .wheres = options->wheres,
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
        "share a cell, as the other parameters differ, are put together by the statistic. Notes go "
        "to\n"
        "stderr with CSV, and so does advice in every format, but not with --quiet.\n\n"
        "example: deterra table pain.sqlite --value US.subsidy=on\n"
        "         deterra table pain.sqlite --rows pain --columns none --value payoff.US \\\n"
        "             --statistic range --format latex\n",
    .options = CLI_PIVOT | CLI_FORMAT | CLI_OUTPUT,
    .run = run,
};
