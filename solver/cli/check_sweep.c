/* deterra check: a sweep's design, and how long it will take. */
#include <gsl/gsl_errno.h>
#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>

#include "cli/check.h"

/* Points are tried for a second, or so many of them. */
static const double TRIAL = 1, SAMPLE = 0.5;
enum { MOST_TRIED = 64 };

/* --- tables --- */

static const char *join(cli_document *d, const char *list, const char *word) {
    const char *text = dt_arena_format(d->arena, "%s%s%s", list, *list ? ", " : "", word);
    d->failed = d->failed || !text;
    return text ? text : "";
}

static const char *records_text(cli_document *d, const dt_keep *keep) {
    const char *text = "";
    text = keep->equilibria ? join(d, text, "equilibria") : text;
    text = keep->payoffs ? join(d, text, "payoffs") : text;
    text = keep->reduced ? join(d, text, "reduced") : text;
    text = keep->timings ? join(d, text, "timings") : text;
    for (size_t i = 0; i < keep->formulas; i++)
        text = join(d, text, keep->formula[i]->name);
    return text;
}

static void put(cli_document *d, dt_table *t, const char *quantity, dt_cell value) {
    dt_cell *row = cli_row(d, t);
    if (!row)
        return;
    row[0] = cli_text(d, "%s", quantity);
    row[1] = value;
}

static void list_axes(cli_document *d, const dt_sweep *sweep) {
    bool list = sweep->design == DT_DESIGN_LIST, grid = sweep->design == DT_DESIGN_GRID;
    dt_table *t = cli_table_add(d, "sweep_parameters", "Parameters of the sweep", sweep->axes);
    cli_column(d, t, "parameter", DT_LEFT);
    cli_column(d, t, "low", DT_DECIMAL);
    cli_column(d, t, "high", DT_DECIMAL);
    cli_column(d, t, "steps", DT_RIGHT);
    cli_column(d, t, "scale", DT_LEFT);
    cli_column(d, t, "unit", DT_LEFT);
    for (size_t a = 0; a < sweep->axes; a++) {
        const dt_axis *axis = &sweep->axis[a];
        dt_cell *row = cli_row(d, t);
        if (!row)
            return;
        row[0] = cli_text(d, "%s", axis->path);
        if (!list) {
            row[1] = cli_rational(d, &axis->low);
            row[2] = cli_rational(d, &axis->high);
            row[4] = cli_text(d, "%s", axis->log ? "log" : "linear");
        }
        if (grid)
            row[3] = cli_number((double)axis->steps);
        if (axis->parameter->unit)
            row[5] = cli_text(d, "%s", axis->parameter->unit);
    }
}

void cli_list_sweep(cli_document *d, const dt_frame *frame) {
    const dt_sweep *sweep = frame->sweep;
    bool random = sweep->design == DT_DESIGN_RANDOM || sweep->design == DT_DESIGN_LATIN_HYPERCUBE;
    dt_table *t = cli_table_add(d, "sweep", "Sweep", 5);
    cli_column(d, t, "quantity", DT_LEFT);
    cli_column(d, t, "value", DT_LEFT);
    put(d, t, "design", cli_text(d, "%s", dt_design_name(sweep->design)));
    put(d, t, "points", cli_text(d, "%" PRIu64, sweep->points));
    if (random)
        put(d, t, "seed", cli_text(d, "%" PRIu32, sweep->seed));
    const char *concepts = "";
    for (size_t i = 0; i < sweep->concepts; i++)
        concepts = join(d, concepts, frame->concept_label[i]);
    put(d, t, "concepts", cli_text(d, "%s", concepts));
    put(d, t, "kept of each point", cli_text(d, "%s", records_text(d, &sweep->keep)));
    list_axes(d, sweep);
}

/* --- time --- */

/* A few points solved and forgotten: where they can be taken from everywhere, they are; a sequence
 * would have to be gone through, and its first points are like all others. */
typedef struct trial {
    const dt_frame *frame;
    dt_control control;
    dt_cursor *cursor;
    fmpq *value;
    uint64_t tried;
    double seconds;
} trial;

static uint64_t index_of(const dt_sweep *sweep, uint64_t i, uint64_t count) {
    bool spread = sweep->design == DT_DESIGN_GRID || sweep->design == DT_DESIGN_LIST;
    return spread ? (uint64_t)((double)i / (double)count * (double)sweep->points) : i;
}

static dt_status try_points(trial *t) {
    const dt_sweep *sweep = t->frame->sweep;
    uint64_t count = sweep->points < MOST_TRIED ? sweep->points : MOST_TRIED;
    dt_batch batch = {0};
    dt_status status = DT_OK;
    double started = cli_now();
    cli_alarm(TRIAL);
    for (uint64_t i = 0; i < count && status == DT_OK; i++) {
        bool failed;
        uint64_t index = index_of(sweep, i, count);
        dt_cursor_point(t->cursor, index, t->value);
        dt_batch_clear(&batch);
        status = dt_point_solve(t->frame, index, t->value, &t->control, &batch, &failed);
        if (status == DT_OK) {
            t->tried++;
            t->seconds = cli_now() - started;
        }
    }
    cli_alarm(0);
    free(batch.data);
    return status;
}

/* Where a point takes longer than that: what its concepts are expected to take. */
static dt_status expect_point(const trial *t, dt_diag *diag, double *seconds) {
    const dt_sweep *sweep = t->frame->sweep;
    dt_status status = DT_OK;
    *seconds = 0;
    for (size_t i = 0; i < sweep->concepts && status == DT_OK; i++) {
        dt_forecast forecast;
        dt_solve_call call = {t->frame->game, &sweep->concept_request[i], &t->control, diag, NULL};
        status = dt_solve_expect(&call, SAMPLE, &forecast);
        *seconds += status == DT_OK ? forecast.seconds : 0;
    }
    return status;
}

static void say(const trial *t, int threads, double seconds) {
    char time[32];
    fprintf(stderr, "deterra: sweep: about %s expected with %d thread%s (",
            cli_duration(seconds, time, sizeof time), threads, threads == 1 ? "" : "s");
    if (t->tried)
        fprintf(stderr, "%" PRIu64 " point%s solved to see)\n", t->tried, t->tried == 1 ? "" : "s");
    else
        fputs("estimated from its concepts)\n", stderr);
}

static int print_time(trial *t, const cli_options *options) {
    const dt_sweep *sweep = t->frame->sweep;
    int threads = options->threads ? options->threads : omp_get_max_threads();
    dt_status status = try_points(t);
    t->control.threads = options->threads;
    double points = (double)sweep->points, seconds;
    if (t->tried) {
        double share = points < threads ? points : threads;
        say(t, threads, t->seconds / (double)t->tried * points / share);
    } else if (status == DT_ERR_INTERRUPTED && !cli_stop_asked()) {
        dt_diag *diag = dt_diag_new();
        status = diag ? expect_point(t, diag, &seconds) : DT_ERR_MEMORY;
        if (status == DT_OK)
            say(t, threads, seconds * points);
        dt_diag_free(diag);
    }
    if (cli_stop_asked()) {
        fputs("deterra: interrupted\n", stderr);
        return DT_EXIT_INTERRUPTED;
    }
    if (status == DT_ERR_MEMORY)
        fprintf(stderr, "deterra: %s\n", dt_status_text(status));
    else if (status != DT_OK && !t->tried)
        fputs("deterra: sweep: no time to tell: a point takes longer than a second\n", stderr);
    return status == DT_ERR_MEMORY ? DT_EXIT_FAILED : DT_EXIT_OK;
}

int cli_print_sweep_time(const cli_options *options, const dt_frame *frame) {
    gsl_set_error_handler_off(); /* designs are checked before GSL sees them */
    size_t axes = frame->sweep->axes;
    trial t = {.frame = frame,
               .control = cli_control(options),
               .cursor = dt_cursor_new(frame->sweep),
               .value = calloc(axes, sizeof *t.value)};
    t.control.progress = NULL;
    t.control.threads = 1; /* as points are solved when there are many */
    int exit_status = DT_EXIT_FAILED;
    for (size_t a = 0; t.value && a < axes; a++)
        fmpq_init(t.value + a);
    if (t.cursor && t.value)
        exit_status = print_time(&t, options);
    else
        fprintf(stderr, "deterra: %s\n", dt_status_text(DT_ERR_MEMORY));
    for (size_t a = 0; t.value && a < axes; a++)
        fmpq_clear(t.value + a);
    free(t.value);
    dt_cursor_free(t.cursor);
    return exit_status;
}
