/* A scenario's sweep, checked: see deterra/sweep.h. */
#include "deterra/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/source.h"
#include "scenario/complaint.h"

enum { MOST_AXES = 1000 };
static const double MOST_POINTS = 0x1p53; /* so that they are numbers in any reader */

/* Each check goes on after an error, to find the next. */
typedef struct checker {
    const dt_sweep_spec *spec;
    dt_sweep *sweep;
    dt_diag *diag;
    dt_complaints complaints;
    bool design_known;
    bool no_memory;
} checker;

#define COMPLAIN(c, place, ...) dt_complain(&(c)->complaints, DT_ERROR, place, __VA_ARGS__)

/* A whole number from `low` to `high`, else a complaint that says `what`. */
static bool whole(checker *c, const fmpq *value, double low, double high, dt_place place,
                  const char *what, uint64_t *out) {
    bool good = fmpz_is_one(fmpq_denref(value)) &&
                fmpz_cmp_si(fmpq_numref(value), (slong)low) >= 0 &&
                fmpz_cmp_si(fmpq_numref(value), (slong)high) <= 0;
    if (good)
        *out = fmpz_get_ui(fmpq_numref(value));
    else
        COMPLAIN(c, place, "%s is a whole number from %.0f to %.0f, not %.10g", what, low, high,
                 fmpq_get_d(value));
    return good;
}

static bool check_design(checker *c) {
    const char *given = c->spec->design;
    dt_nearest near = {given, NULL, 0};
    if (!given)
        return false;
    for (int d = DT_DESIGN_GRID; d <= DT_DESIGN_LIST; d++) {
        if (strcmp(given, dt_design_name((dt_design)d)) == 0) {
            c->sweep->design = (dt_design)d;
            return true;
        }
        dt_nearest_offer(&near, dt_design_name((dt_design)d));
    }
    COMPLAIN(c, c->spec->design_place,
             "unknown design `%s`%s%s%s: it is \"grid\", \"latin-hypercube\", \"sobol\", "
             "\"random\" or \"list\"",
             dt_show(given).text, near.best ? "; did you mean `" : "", near.best ? near.best : "",
             near.best ? "`?" : "");
    return false;
}

/* --- axes --- */

static void check_range(checker *c, const dt_axis_spec *spec, dt_axis *axis) {
    const dt_parameter *p = axis->parameter;
    if (!spec->has_range && spec->range_place.source) /* the reader complained */
        return;
    if (!spec->has_range && !p->has_range) {
        COMPLAIN(c, spec->place, "`%s` has no range: give `range = [low, high]` here", axis->path);
        return;
    }
    fmpq_set(&axis->low, spec->has_range ? &spec->low : &p->low);
    fmpq_set(&axis->high, spec->has_range ? &spec->high : &p->high);
    dt_place place = spec->has_range ? spec->range_place : spec->place;
    double low = fmpq_get_d(&axis->low), high = fmpq_get_d(&axis->high);
    if (fmpq_cmp(&axis->low, &axis->high) > 0)
        COMPLAIN(c, place, "the range of `%s` is reversed: %.10g is above %.10g", axis->path, low,
                 high);
    else if (p->has_range &&
             (fmpq_cmp(&axis->low, &p->low) < 0 || fmpq_cmp(&axis->high, &p->high) > 0))
        COMPLAIN(c, place, "the range %.10g to %.10g of `%s` goes beyond its own, %.10g to %.10g",
                 low, high, axis->path, fmpq_get_d(&p->low), fmpq_get_d(&p->high));
    if (axis->log && fmpq_sgn(&axis->low) <= 0)
        COMPLAIN(c, place,
                 "a logarithmic scale takes numbers above 0, and the range of `%s` begins at %.10g",
                 axis->path, low);
}

static void check_scale(checker *c, const dt_axis_spec *spec, dt_axis *axis) {
    if (!spec->scale)
        return;
    axis->log = strcmp(spec->scale, "log") == 0;
    if (!axis->log && strcmp(spec->scale, "linear") != 0)
        COMPLAIN(c, spec->scale_place, "unknown scale `%s`: it is \"linear\" or \"log\"",
                 dt_show(spec->scale).text);
}

static void check_steps(checker *c, const dt_axis_spec *spec, dt_axis *axis) {
    if (!c->design_known)
        return;
    if (c->sweep->design != DT_DESIGN_GRID) {
        if (spec->has_steps)
            COMPLAIN(c, spec->steps_place, "`steps` belong to design \"grid\", not to \"%s\"",
                     dt_design_name(c->sweep->design));
    } else if (!spec->has_steps && !spec->steps_place.source) { /* else the reader complained */
        COMPLAIN(c, spec->place, "`%s` needs `steps` in a grid", axis->path);
    } else if (spec->has_steps &&
               whole(c, &spec->steps, 1, MOST_POINTS, spec->steps_place, "`steps`", &axis->steps) &&
               axis->steps == 1 && !fmpq_equal(&axis->low, &axis->high)) {
        COMPLAIN(c, spec->steps_place,
                 "one step cannot cover a range: take 2 or more, or a range of one number");
    }
}

/* A value of --set would be without effect. */
static void check_not_set(checker *c, const dt_axis_spec *spec, const dt_axis *axis) {
    const dt_scenario *s = c->sweep->scenario;
    for (size_t i = 0; i < s->extras; i++) {
        const char *file, *text, *equals;
        size_t line, column, length;
        dt_source_locate(s->extra[i], 0, &file, &line, &column);
        text = dt_source_text(s->extra[i], &length);
        if (!file || strcmp(file, "--set") != 0 || !(equals = memchr(text, '=', length)))
            continue;
        char *name = dt_arena_copy(c->sweep->arena, text, (size_t)(equals - text));
        if (!name)
            c->no_memory = true;
        else if (dt_scenario_parameter(s, name, spec->place, NULL) == axis->parameter)
            COMPLAIN(c, spec->place,
                     "`%s` varies here and is given with --set: take it out of one of them",
                     axis->path);
    }
}

static void check_axis(checker *c, const dt_axis_spec *spec, dt_axis *axis) {
    size_t errors = c->complaints.errors;
    axis->steps = 1;
    axis->path = spec->parameter;
    axis->parameter = spec->parameter ? dt_scenario_parameter(c->sweep->scenario, spec->parameter,
                                                              spec->place, c->diag)
                                      : NULL;
    if (!axis->parameter) {
        c->complaints.errors = errors + 1; /* it complained to the list itself */
        return;
    }
    axis->path = dt_scenario_path(c->sweep->scenario, axis->parameter, c->sweep->arena);
    if (!axis->path) {
        c->no_memory = true;
        return;
    }
    check_not_set(c, spec, axis);
    for (const dt_axis *other = c->sweep->axis; other < axis; other++)
        if (other->parameter == axis->parameter)
            COMPLAIN(c, spec->place, "`%s` stands twice in `over`", axis->path);
    if (c->sweep->design == DT_DESIGN_LIST) {
        if (spec->has_range || spec->has_steps || spec->scale)
            COMPLAIN(c, spec->place,
                     "a list has its points as they are: `%s` takes no range, "
                     "steps or scale",
                     axis->path);
        return;
    }
    check_scale(c, spec, axis);
    check_range(c, spec, axis);
    check_steps(c, spec, axis);
}

static void check_axes(checker *c) {
    size_t count = c->spec->axes;
    if (count == 0 && c->spec->over_place.source)
        COMPLAIN(c, c->spec->over_place, "there is no parameter in `over`");
    if (count > MOST_AXES) {
        COMPLAIN(c, c->spec->over_place, "%zu parameters in `over`: at most %d", count, MOST_AXES);
        return;
    }
    if (c->sweep->design == DT_DESIGN_SOBOL && count > DT_SOBOL_AXES)
        COMPLAIN(c, c->spec->over_place,
                 "a Sobol sequence has at most %d dimensions, and `over` has %zu parameters; "
                 "\"latin-hypercube\" takes more",
                 DT_SOBOL_AXES, count);
    c->sweep->axis = dt_arena_array(c->sweep->arena, count, sizeof *c->sweep->axis);
    if (!c->sweep->axis) {
        c->no_memory = true;
        return;
    }
    for (size_t a = 0; a < count; a++) {
        dt_axis *axis = &c->sweep->axis[c->sweep->axes++];
        fmpq_init(&axis->low);
        fmpq_init(&axis->high);
        check_axis(c, &c->spec->axis[a], axis);
    }
}

/* --- points --- */

static void check_grid(checker *c) {
    double points = 1;
    c->sweep->points = 1;
    for (size_t a = 0; a < c->sweep->axes; a++) {
        points *= (double)c->sweep->axis[a].steps;
        c->sweep->points *= c->sweep->axis[a].steps;
    }
    if (points > MOST_POINTS)
        COMPLAIN(c, c->spec->over_place, "the grid has %.3g points: at most %.3g", points,
                 MOST_POINTS);
}

static void check_list(checker *c) {
    const dt_sweep_spec *spec = c->spec;
    if (spec->rows == 0)
        COMPLAIN(c, spec->points_place.source ? spec->points_place : spec->place,
                 "a list needs its points: `points = ( (1, 2), (3, 4) );`, a number for each "
                 "parameter");
    for (size_t i = 0, at = 0; i < spec->rows; at += spec->row_length[i++]) {
        if (spec->row_length[i] != spec->axes) {
            COMPLAIN(c, spec->row_place[i], "%zu number%s for %zu parameter%s", spec->row_length[i],
                     spec->row_length[i] == 1 ? "" : "s", spec->axes, spec->axes == 1 ? "" : "s");
            continue;
        }
        for (size_t a = 0; a < c->sweep->axes; a++) {
            const dt_parameter *p = c->sweep->axis[a].parameter;
            const fmpq *x = &spec->value[at + a];
            if (p && p->has_range && (fmpq_cmp(x, &p->low) < 0 || fmpq_cmp(x, &p->high) > 0))
                COMPLAIN(c, spec->row_place[i], "`%s` = %.10g is outside its range %.10g to %.10g",
                         c->sweep->axis[a].path, fmpq_get_d(x), fmpq_get_d(&p->low),
                         fmpq_get_d(&p->high));
        }
    }
    c->sweep->points = spec->rows;
}

static void check_sampled(checker *c) {
    const dt_sweep_spec *spec = c->spec;
    dt_design design = c->sweep->design;
    double most = design == DT_DESIGN_SOBOL             ? DT_SOBOL_POINTS
                  : design == DT_DESIGN_LATIN_HYPERCUBE ? UINT32_MAX - 1.0
                                                        : MOST_POINTS;
    if (!spec->has_points && !spec->points_place.source)
        COMPLAIN(c, spec->place, "design \"%s\" needs `points`, how many", dt_design_name(design));
    else if (!spec->has_points && spec->row_place)
        COMPLAIN(c, spec->points_place, "`points` of design \"%s\" is a number, how many",
                 dt_design_name(design));
    else if (spec->has_points) /* else the reader complained */
        whole(c, &spec->points, 1, most, spec->points_place, "`points`", &c->sweep->points);
    double bytes = 4.0 * (double)c->sweep->points * (double)c->sweep->axes;
    char need[32];
    if (design == DT_DESIGN_LATIN_HYPERCUBE && bytes > (double)dt_memory_limit() / 2)
        COMPLAIN(c, spec->points_place,
                 "a latin hypercube of this size needs %s of memory; \"sobol\" and \"random\" need "
                 "none",
                 dt_bytes_text(bytes, need, sizeof need));
}

static void check_points(checker *c) {
    const dt_sweep_spec *spec = c->spec;
    dt_design design = c->sweep->design;
    if (design == DT_DESIGN_GRID) {
        if (spec->points_place.source)
            COMPLAIN(c, spec->points_place,
                     "a grid has the points that its steps make: leave "
                     "`points` out");
        check_grid(c);
    } else if (design == DT_DESIGN_LIST) {
        check_list(c);
    } else {
        check_sampled(c);
    }
    c->sweep->seed = 1;
    uint64_t seed = 1;
    if (spec->has_seed && design != DT_DESIGN_RANDOM && design != DT_DESIGN_LATIN_HYPERCUBE)
        COMPLAIN(c, spec->seed_place, "design \"%s\" is not random and takes no `seed`",
                 dt_design_name(design));
    else if (spec->has_seed)
        whole(c, &spec->seed, 1, UINT32_MAX, spec->seed_place, "`seed`", &seed);
    c->sweep->seed = (uint32_t)seed;
}

/* --- what is solved for and kept --- */

static void check_concepts(checker *c) {
    const dt_scenario *s = c->sweep->scenario;
    bool own = c->spec->concepts > 0;
    c->sweep->concepts = own ? c->spec->concepts : s->concepts;
    c->sweep->concept_request = own ? c->spec->concept_request : s->concept_request;
    if (c->sweep->concepts == 0)
        COMPLAIN(c, c->spec->place,
                 "nothing to solve for: give `concepts` here or in solve (deterra list concepts)");
    for (size_t i = 0; i < c->sweep->concepts; i++) {
        const dt_concept_request *request = &c->sweep->concept_request[i];
        bool named = request->name && *request->name; /* else the reader complained */
        if (!named || dt_concept_check(request, c->diag) != DT_OK)
            c->complaints.errors++;
    }
}

/* Values of `deterra table`, and names that concepts give. */
static bool is_reserved(const char *name) {
    static const char *const whole[] = {"equilibria", "payoffs", "reduced",       "timings",
                                        "failed",     "seconds", "leader_payoff", NULL};
    static const char *const heads[] = {"payoff.", "value.", "remaining.", NULL};
    for (size_t i = 0; whole[i]; i++)
        if (strcmp(name, whole[i]) == 0)
            return true;
    for (size_t i = 0; heads[i]; i++)
        if (strncmp(name, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

static void check_records(checker *c) {
    dt_keep *keep = &c->sweep->keep;
    const dt_sweep_spec *spec = c->spec;
    const struct {
        const char *word;
        bool *on;
    } words[] = {{"equilibria", &keep->equilibria},
                 {"payoffs", &keep->payoffs},
                 {"reduced", &keep->reduced},
                 {"timings", &keep->timings}};
    if (spec->records == 0)
        keep->equilibria = keep->payoffs = true;
    keep->formula = dt_arena_array(c->sweep->arena, spec->records, sizeof *keep->formula);
    if (!keep->formula) {
        c->no_memory = true;
        return;
    }
    for (size_t r = 0; r < spec->records; r++) {
        const dt_record_spec *record = &spec->record[r];
        bool word = false;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (strcmp(record->text.data, words[w].word) == 0)
                word = *words[w].on = true;
        if (!word)
            keep->formula[keep->formulas++] = record;
        if (!*record->name || strchr(record->name, '\n'))
            COMPLAIN(c, record->text.place, "a record's name is a line of text");
        if (!word && is_reserved(record->name))
            COMPLAIN(c, record->text.place,
                     "`%s` is what deterra itself calls something: give the record another name",
                     dt_show(record->name).text);
        for (size_t other = 0; other < r; other++)
            if (strcmp(spec->record[other].name, record->name) == 0)
                COMPLAIN(c, record->text.place, "`%s` stands twice in `record`",
                         dt_show(record->name).text);
    }
    keep->equilibria = keep->equilibria || keep->payoffs; /* they stand in their rows */
}

dt_status dt_sweep_new(const dt_scenario *scenario, dt_diag *diag, dt_sweep **out) {
    *out = NULL;
    if (!scenario->sweep.given) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "the config has no `sweep` section: sweep = { design = \"grid\"; over = ( "
                    "{ parameter = \"name\"; steps = 9; } ); };");
        return DT_ERR_INPUT;
    }
    dt_sweep *sweep = calloc(1, sizeof *sweep);
    if (!sweep)
        return DT_ERR_MEMORY;
    sweep->scenario = scenario;
    sweep->arena = dt_arena_new();
    checker c = {&scenario->sweep, sweep, diag, {diag, 0, 0}, false, !sweep->arena};
    if (sweep->arena) {
        c.design_known = check_design(&c);
        check_axes(&c);
        size_t errors = c.complaints.errors;
        if (c.design_known && (errors == 0 || sweep->design != DT_DESIGN_GRID))
            check_points(&c);
        check_concepts(&c);
        check_records(&c);
    }
    dt_complaints_end(&c.complaints);
    dt_status status = c.no_memory ? DT_ERR_MEMORY : c.complaints.errors ? DT_ERR_INPUT : DT_OK;
    if (status == DT_OK)
        *out = sweep;
    else
        dt_sweep_free(sweep);
    return status;
}

void dt_sweep_free(dt_sweep *sweep) {
    if (!sweep)
        return;
    for (size_t a = 0; a < sweep->axes; a++) {
        fmpq_clear(&sweep->axis[a].low);
        fmpq_clear(&sweep->axis[a].high);
    }
    if (sweep->arena)
        dt_arena_free(sweep->arena);
    free(sweep);
}
