/* Building documents of tables in an arena. */
#include "cli/document.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MAX_TABLES = 256, MAX_NOTES = 16 };

bool cli_document_open(cli_document *d, const char *title, const char *config_sha256) {
    *d = (cli_document){.arena = dt_arena_new()};
    d->document = (dt_document){.title = title, .config_sha256 = config_sha256};
    if (d->arena)
        d->document.table = dt_arena_array(d->arena, MAX_TABLES, sizeof *d->document.table);
    d->failed = !d->document.table;
    return !d->failed;
}

void cli_document_close(cli_document *d) {
    dt_arena_free(d->arena);
    *d = (cli_document){0};
}

dt_table *cli_table_add(cli_document *d, const char *name, const char *title, size_t rows) {
    if (d->failed || d->document.tables == MAX_TABLES)
        return NULL;
    dt_table *t = &d->document.table[d->document.tables];
    t->name = dt_arena_copy(d->arena, name, strlen(name));
    t->title = title ? dt_arena_copy(d->arena, title, strlen(title)) : NULL;
    t->note = dt_arena_array(d->arena, MAX_NOTES, sizeof *t->note);
    d->failed = !t->name || !t->note || (title && !t->title);
    if (d->failed)
        return NULL;
    d->rows = rows;
    d->columns = 0;
    d->document.tables++;
    return t;
}

void cli_column(cli_document *d, dt_table *t, const char *head, dt_align align) {
    cli_grouped_column(d, t, NULL, head, align);
}

void cli_grouped_column(cli_document *d, dt_table *t, const char *group, const char *head,
                        dt_align align) {
    if (!t || d->failed)
        return;
    if (t->columns == d->columns) { /* twice the room */
        d->columns = d->columns ? 2 * d->columns : 8;
        dt_column *grown = dt_arena_array(d->arena, d->columns, sizeof *grown);
        d->failed = !grown;
        if (d->failed)
            return;
        if (t->columns)
            memcpy(grown, t->column, t->columns * sizeof *grown);
        t->column = grown;
    }
    dt_column *column = &t->column[t->columns++];
    *column = (dt_column){dt_arena_copy(d->arena, head, strlen(head)), NULL, align};
    if (group)
        column->group = dt_arena_copy(d->arena, group, strlen(group));
    d->failed = !column->head || (group && !column->group);
}

dt_cell *cli_row(cli_document *d, dt_table *t) {
    if (!t || d->failed || t->rows == d->rows)
        return NULL;
    if (!t->cell) /* all columns are there now */
        t->cell = dt_arena_array(d->arena, d->rows * t->columns, sizeof *t->cell);
    d->failed = !t->cell;
    return d->failed ? NULL : &t->cell[t->rows++ * t->columns];
}

void cli_note(cli_document *d, dt_table *t, const char *format, ...) {
    if (!t || t->notes == MAX_NOTES)
        return;
    va_list args;
    va_start(args, format);
    const char *text = dt_arena_vformat(d->arena, format, args);
    va_end(args);
    d->failed = d->failed || !text;
    t->note[t->notes++] = text;
}

dt_cell cli_text(cli_document *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    dt_cell cell = {.text = dt_arena_vformat(d->arena, format, args)};
    va_end(args);
    d->failed = d->failed || !cell.text;
    return cell;
}

dt_cell cli_number(double value) {
    return (dt_cell){.is_number = true, .number = {.value = value}};
}

dt_cell cli_exact(cli_document *d, dt_exact_context *c, const dt_exact *x) {
    dt_cell cell = {.is_number = true};
    cell.number.value = dt_exact_double(c, x, &cell.number.radius);
    if (dt_exact_is_rational(x)) {
        char *text = fmpq_get_str(NULL, 10, x->rational);
        cell.number.exact = text ? dt_arena_copy(d->arena, text, strlen(text)) : NULL;
        d->failed = d->failed || !cell.number.exact;
        flint_free(text);
    }
    return cell;
}

dt_cell cli_rational(cli_document *d, const fmpq *q) {
    dt_exact x;
    dt_exact_init(&x);
    dt_exact_set_fmpq(&x, q);
    dt_cell cell = cli_exact(d, NULL, &x);
    dt_exact_clear(&x);
    return cell;
}
