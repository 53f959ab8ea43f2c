/* The thin layer over GLPK: see lp.h. SPDX: GPL-3.0-or-later */
#include "lp/lp.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Simplex iterations of one call of GLPK, and milliseconds between two looks at `stop` inside it.
 */
enum { STOP_EVERY = 2000, SPEAK_EVERY = 200, POLISH_ROUNDS = 5, MANY_ROWS = 400, MESSAGE = 256 };
/* The last attempt's limits: of the LP, of iterations between two looks at `stop`, of such rounds.
 */
enum { EXACT_ROWS = 200, EXACT_COLUMNS = 1000, EXACT_EVERY = 50, EXACT_ROUNDS = 100 };
/* Tighter than GLPK's 1e-7: the final basis is proved in rationals and should be the right one at
 * once. */
#define TOLERANCE 1e-9
/* GLPK multiplies coefficients to find scale factors, and ends where that over- or underflows. */
#define SCALE_LEAST 1e-100
#define SCALE_RATIO 1e10

struct dt_lp {
    glp_prob *problem;
    unsigned long epoch; /* of the thread's environment the problem lives in */
    size_t rows, columns;
    double tolerance;
    bool rescale;       /* coefficients were added since the last solve */
    double least, most; /* magnitude of the coefficients that are not 0 */
    size_t scratch;
    int *index; /* GLPK counts from 1 */
    double *value;
    char message[MESSAGE];
};

/* GLPK's environment is the thread's, so is the count of the environments it has had: a problem
 * of an earlier one is dead memory. */
static _Thread_local unsigned long thread_epoch = 1;

typedef struct guard {
    jmp_buf back;
    const volatile sig_atomic_t *stop; /* or NULL; of the simplex method */
    bool simplex, stopped;
    char *message; /* MESSAGE bytes: the last line GLPK wanted to print */
    size_t length;
} guard;

static void on_error(void *info) {
    longjmp(((guard *)info)->back, 1);
}

/* Swallows all output; keeps the beginning of the error message, which GLPK prints in pieces. */
static int on_text(void *info, const char *text) {
    guard *g = info;
    if (g->stop && *g->stop) { /* the hook is called some times a second */
        g->stopped = true;
        longjmp(g->back, 1);
    }
    if (g->simplex && !glp_at_error())
        return 1; /* how far it is */
    for (; *text && g->length + 1 < MESSAGE; text++) {
        if (*text == '\n' && g->length == 0)
            continue;
        g->message[g->length++] = *text == '\n' ? ' ' : *text;
    }
    g->message[g->length] = '\0';
    return 1;
}

/* Runs one piece of GLPK work; an error inside GLPK ends up here and not in abort(). The
 * environment is then freed, as GLPK's manual asks for after glp_error_hook's longjmp. */
static dt_status guarded_till(dt_lp *lp, void (*work)(dt_lp *lp, void *arg), void *arg,
                              bool is_simplex, const volatile sig_atomic_t *stop) {
    if (lp->epoch != thread_epoch)
        return DT_ERR_SOLVER;
    guard g = {.message = lp->message, .stop = stop, .simplex = is_simplex};
    lp->message[0] = '\0';
    glp_term_out(is_simplex ? GLP_ON : GLP_OFF);
    glp_term_hook(on_text, &g);
    glp_error_hook(on_error, &g);
    if (setjmp(g.back)) {
        glp_free_env();
        thread_epoch++;
        if (g.stopped)
            return DT_ERR_INTERRUPTED;
        return strstr(lp->message, "no memory") ? DT_ERR_MEMORY : DT_ERR_SOLVER;
    }
    work(lp, arg);
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
    return DT_OK;
}

static dt_status guarded(dt_lp *lp, void (*work)(dt_lp *lp, void *arg), void *arg) {
    return guarded_till(lp, work, arg, false, NULL);
}

static bool alive(const dt_lp *lp) {
    return lp->epoch == thread_epoch;
}

static void create(dt_lp *lp, void *arg) {
    const dt_lp_sense *sense = arg;
    lp->problem = glp_create_prob();
    glp_set_obj_dir(lp->problem, *sense == DT_LP_MIN ? GLP_MIN : GLP_MAX);
}

dt_status dt_lp_new(dt_lp_sense sense, dt_lp **out) {
    *out = NULL;
    dt_lp *lp = calloc(1, sizeof *lp);
    if (!lp)
        return DT_ERR_MEMORY;
    lp->epoch = thread_epoch;
    lp->tolerance = TOLERANCE;
    lp->least = lp->most = 1;
    dt_status status = guarded(lp, create, &sense);
    if (status != DT_OK) {
        free(lp);
        return status;
    }
    *out = lp;
    return DT_OK;
}

static void destroy(dt_lp *lp, void *arg) {
    (void)arg;
    glp_delete_prob(lp->problem);
}

void dt_lp_free(dt_lp *lp) {
    if (!lp)
        return;
    if (alive(lp))
        guarded(lp, destroy, NULL);
    free(lp->index);
    free(lp->value);
    free(lp);
}

void dt_lp_thread_end(void) {
    glp_free_env();
    thread_epoch++;
}

size_t dt_lp_rows(const dt_lp *lp) {
    return lp->rows;
}

size_t dt_lp_columns(const dt_lp *lp) {
    return lp->columns;
}

const char *dt_lp_message(const dt_lp *lp) {
    return lp->message;
}

/* A vector to add, or a thing to set. */
typedef struct change {
    double lower, upper, cost;
    size_t entries, index;
    int stat;
    const size_t *rows;
} change;

/* GLPK's name for a pair of bounds, or 0 where they make no sense. */
static int bound_type(double lower, double upper) {
    if (isnan(lower) || isnan(upper) || lower > upper || lower == INFINITY || upper == -INFINITY)
        return 0;
    if (isinf(lower))
        return isinf(upper) ? GLP_FR : GLP_UP;
    if (isinf(upper))
        return GLP_LO;
    return lower == upper ? GLP_FX : GLP_DB;
}

static double finite_or_zero(double x) {
    return isfinite(x) ? x : 0;
}

/* Copies a sparse vector into the 1-based scratch arrays, without its zeros. */
static dt_status load(dt_lp *lp, size_t limit, size_t entries, const size_t *index,
                      const double *value, size_t *kept) {
    if (limit >= INT_MAX || entries >= INT_MAX)
        return DT_ERR_MEMORY;
    if (lp->scratch < entries + 1) {
        int *i = realloc(lp->index, (entries + 1) * sizeof *i);
        if (i)
            lp->index = i;
        double *v = realloc(lp->value, (entries + 1) * sizeof *v);
        if (v)
            lp->value = v;
        if (!i || !v)
            return DT_ERR_MEMORY;
        lp->scratch = entries + 1;
    }
    size_t n = 0;
    for (size_t e = 0; e < entries; e++) {
        if (!isfinite(value[e]))
            return DT_ERR_INPUT;
        if (index[e] >= limit)
            return DT_ERR_USAGE;
        if (value[e] == 0)
            continue;
        n++;
        lp->index[n] = (int)index[e] + 1;
        lp->value[n] = value[e];
        lp->least = fmin(lp->least, fabs(value[e]));
        lp->most = fmax(lp->most, fabs(value[e]));
    }
    *kept = n;
    return DT_OK;
}

static void append_column(dt_lp *lp, void *arg) {
    const change *c = arg;
    int j = glp_add_cols(lp->problem, 1);
    glp_set_col_bnds(lp->problem, j, bound_type(c->lower, c->upper), finite_or_zero(c->lower),
                     finite_or_zero(c->upper));
    glp_set_obj_coef(lp->problem, j, c->cost);
    glp_set_mat_col(lp->problem, j, (int)c->entries, lp->index, lp->value);
}

dt_status dt_lp_add_column(dt_lp *lp, double lower, double upper, double cost, size_t entries,
                           const size_t *row, const double *value) {
    if (!bound_type(lower, upper) || !isfinite(cost))
        return DT_ERR_INPUT;
    change c = {.lower = lower, .upper = upper, .cost = cost};
    dt_status status = load(lp, lp->rows, entries, row, value, &c.entries);
    if (status == DT_OK)
        status = guarded(lp, append_column, &c);
    if (status == DT_OK) {
        lp->columns++;
        lp->rescale = true;
    }
    return status;
}

static void append_row(dt_lp *lp, void *arg) {
    const change *c = arg;
    int i = glp_add_rows(lp->problem, 1);
    glp_set_row_bnds(lp->problem, i, bound_type(c->lower, c->upper), finite_or_zero(c->lower),
                     finite_or_zero(c->upper));
    glp_set_mat_row(lp->problem, i, (int)c->entries, lp->index, lp->value);
}

dt_status dt_lp_add_row(dt_lp *lp, double lower, double upper, size_t entries, const size_t *column,
                        const double *value) {
    if (!bound_type(lower, upper))
        return DT_ERR_INPUT;
    change c = {.lower = lower, .upper = upper};
    dt_status status = load(lp, lp->columns, entries, column, value, &c.entries);
    if (status == DT_OK)
        status = guarded(lp, append_row, &c);
    if (status == DT_OK) {
        lp->rows++;
        lp->rescale = true;
    }
    return status;
}

static void delete_rows(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_del_rows(lp->problem, (int)c->entries, lp->index);
}

dt_status dt_lp_delete_rows(dt_lp *lp, size_t count, const size_t *row) {
    if (count == 0)
        return DT_OK;
    double *ones = malloc(count * sizeof *ones);
    if (!ones)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        ones[i] = 1;
    change c = {.entries = 0};
    dt_status status = load(lp, lp->rows, count, row, ones, &c.entries);
    free(ones);
    if (status == DT_OK)
        status = guarded(lp, delete_rows, &c);
    if (status == DT_OK)
        lp->rows -= count;
    return status;
}

dt_status dt_lp_set_sense(dt_lp *lp, dt_lp_sense sense) {
    if (!alive(lp))
        return DT_ERR_SOLVER;
    glp_set_obj_dir(lp->problem, sense == DT_LP_MIN ? GLP_MIN : GLP_MAX);
    return DT_OK;
}

static void set_cost(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_set_obj_coef(lp->problem, (int)c->index + 1, c->cost);
}

dt_status dt_lp_set_cost(dt_lp *lp, size_t column, double cost) {
    if (column >= lp->columns)
        return DT_ERR_USAGE;
    if (!isfinite(cost))
        return DT_ERR_INPUT;
    return guarded(lp, set_cost, &(change){.index = column, .cost = cost});
}

static void set_row_bounds(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_set_row_bnds(lp->problem, (int)c->index + 1, bound_type(c->lower, c->upper),
                     finite_or_zero(c->lower), finite_or_zero(c->upper));
}

dt_status dt_lp_set_row_bounds(dt_lp *lp, size_t row, double lower, double upper) {
    if (row >= lp->rows)
        return DT_ERR_USAGE;
    if (!bound_type(lower, upper))
        return DT_ERR_INPUT;
    return guarded(lp, set_row_bounds, &(change){.index = row, .lower = lower, .upper = upper});
}

static void set_column_bounds(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_set_col_bnds(lp->problem, (int)c->index + 1, bound_type(c->lower, c->upper),
                     finite_or_zero(c->lower), finite_or_zero(c->upper));
}

dt_status dt_lp_set_column_bounds(dt_lp *lp, size_t column, double lower, double upper) {
    if (column >= lp->columns)
        return DT_ERR_USAGE;
    if (!bound_type(lower, upper))
        return DT_ERR_INPUT;
    return guarded(lp, set_column_bounds,
                   &(change){.index = column, .lower = lower, .upper = upper});
}

static int stat_of(dt_lp_place place) {
    switch (place) {
    case DT_LP_BASIC: return GLP_BS;
    case DT_LP_LOWER: return GLP_NL;
    case DT_LP_UPPER: return GLP_NU;
    case DT_LP_FREE: return GLP_NF;
    }
    return GLP_NL;
}

static dt_lp_place place_of(int stat) {
    switch (stat) {
    case GLP_BS: return DT_LP_BASIC;
    case GLP_NU: return DT_LP_UPPER;
    case GLP_NF: return DT_LP_FREE;
    default: return DT_LP_LOWER; /* GLP_NL, GLP_NS */
    }
}

static void set_row_stat(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_set_row_stat(lp->problem, (int)c->index + 1, c->stat);
}

dt_status dt_lp_set_row_place(dt_lp *lp, size_t row, dt_lp_place place) {
    if (row >= lp->rows)
        return DT_ERR_USAGE;
    return guarded(lp, set_row_stat, &(change){.index = row, .stat = stat_of(place)});
}

static void set_column_stat(dt_lp *lp, void *arg) {
    const change *c = arg;
    glp_set_col_stat(lp->problem, (int)c->index + 1, c->stat);
}

dt_status dt_lp_set_column_place(dt_lp *lp, size_t column, dt_lp_place place) {
    if (column >= lp->columns)
        return DT_ERR_USAGE;
    return guarded(lp, set_column_stat, &(change){.index = column, .stat = stat_of(place)});
}

void dt_lp_set_tolerance(dt_lp *lp, double tolerance) {
    lp->tolerance = tolerance;
}

typedef struct run {
    glp_smcp parameters;
    int code;
} run;

/* GLPK factorises the basis anew after so many exchanges. Its dense part is eliminated with a
 * search for the largest entry of all that is left, which for a thousand rows takes as long as the
 * rest of the simplex method; updating the factors is cheaper for longer there. */
static void set_updates(dt_lp *lp) {
    glp_bfcp factors;
    glp_get_bfcp(lp->problem, &factors);
    factors.nfs_max = lp->rows < MANY_ROWS ? 100 : 300;
    glp_set_bfcp(lp->problem, &factors);
}

static void simplex(dt_lp *lp, void *arg) {
    run *r = arg;
    set_updates(lp);
    if (lp->rescale) {
        if (lp->least > SCALE_LEAST && lp->most < 1 / SCALE_LEAST)
            glp_scale_prob(lp->problem, GLP_SF_AUTO);
        else
            glp_unscale_prob(lp->problem);
    }
    lp->rescale = false;
    r->code = glp_simplex(lp->problem, &r->parameters);
}

static void crash_basis(dt_lp *lp, void *arg) {
    (void)arg;
    glp_adv_basis(lp->problem, 0);
}

static void slack_basis(dt_lp *lp, void *arg) {
    (void)arg;
    glp_std_basis(lp->problem);
}

/* true when GLPK came to an answer. */
static bool read_outcome(const dt_lp *lp, dt_lp_outcome *outcome) {
    switch (glp_get_status(lp->problem)) {
    case GLP_OPT: *outcome = DT_LP_OPTIMAL; return true;
    case GLP_NOFEAS: *outcome = DT_LP_INFEASIBLE; return true;
    case GLP_UNBND: *outcome = DT_LP_UNBOUNDED; return true;
    default: return false;
    }
}

static void exact_simplex(dt_lp *lp, void *arg) {
    run *r = arg;
    r->code = glp_exact(lp->problem, &r->parameters);
}

/* GLPK's simplex method in rationals, which no scale misleads: for small LPs, since it is slow. */
static dt_status solve_exactly(dt_lp *lp, run *r, const volatile sig_atomic_t *stop,
                               dt_lp_outcome *outcome) {
    if (lp->rows > EXACT_ROWS || lp->columns > EXACT_COLUMNS)
        return DT_OK;
    r->parameters.it_lim = EXACT_EVERY;
    dt_status status = guarded(lp, slack_basis, NULL);
    r->code = GLP_EITLIM;
    for (int round = 0; status == DT_OK && r->code == GLP_EITLIM && round < EXACT_ROUNDS; round++) {
        if (stop && *stop)
            return DT_ERR_INTERRUPTED;
        status = guarded_till(lp, exact_simplex, r, true, stop);
    }
    if (status == DT_OK && r->code == 0)
        read_outcome(lp, outcome);
    return status;
}

dt_status dt_lp_solve(dt_lp *lp, dt_lp_method method, const volatile sig_atomic_t *stop,
                      dt_lp_outcome *outcome) {
    *outcome = DT_LP_FAILED;
    if (!alive(lp))
        return DT_ERR_SOLVER;
    run r = {.code = 0};
    glp_init_smcp(&r.parameters);
    r.parameters.msg_lev = GLP_MSG_ON; /* for the hook, which swallows it */
    r.parameters.out_frq = SPEAK_EVERY;
    r.parameters.presolve = GLP_OFF;
    r.parameters.it_lim = STOP_EVERY;
    r.parameters.tol_bnd = lp->tolerance;
    r.parameters.tol_dj = lp->tolerance;
    r.parameters.meth = method == DT_LP_PRIMAL ? GLP_PRIMAL : GLP_DUALP;
    bool polish = lp->tolerance < TOLERANCE;
    /* Of STOP_EVERY iterations each: ten times what an LP takes that ends. GLPK may cycle. */
    size_t rounds = polish ? POLISH_ROUNDS : 20 + (lp->rows + lp->columns) / 40;
    /* Attempts: as asked; from a crash basis; from the slack basis with GLPK's own tolerances; in
     * rationals. */
    for (int attempt = 0; attempt < (polish ? 1 : 3); attempt++) {
        dt_status status = DT_OK;
        if (attempt > 0) {
            r.parameters.meth = GLP_PRIMAL;
            status = guarded(lp, attempt == 1 ? crash_basis : slack_basis, NULL);
        }
        if (attempt == 2)
            r.parameters.tol_bnd = r.parameters.tol_dj = 1e-7;
        for (size_t round = 0; status == DT_OK && round < rounds; round++) {
            if (stop && *stop)
                return DT_ERR_INTERRUPTED;
            status = guarded_till(lp, simplex, &r, true, stop);
            if (r.code != GLP_EITLIM)
                break;
        }
        if (status != DT_OK)
            return status;
        dt_lp_outcome found;
        if (r.code != 0 || !read_outcome(lp, &found))
            continue;
        if (polish || found == DT_LP_OPTIMAL || *outcome == DT_LP_FAILED)
            *outcome = found;
        if (*outcome == DT_LP_OPTIMAL || lp->most < SCALE_RATIO * lp->least)
            return DT_OK;
        /* Such scales mislead GLPK: that there is no optimum is to be said by all attempts. */
    }
    return polish ? DT_OK : solve_exactly(lp, &r, stop, outcome);
}

static void residual(dt_lp *lp, void *arg) {
    dt_lp_residuals *out = arg;
    double relative;
    int at, where;
    glp_check_kkt(lp->problem, GLP_SOL, GLP_KKT_PE, &out->rows, &at, &relative, &where);
    glp_check_kkt(lp->problem, GLP_SOL, GLP_KKT_PB, &out->bounds, &at, &relative, &where);
    glp_check_kkt(lp->problem, GLP_SOL, GLP_KKT_DE, &out->reduced_costs, &at, &relative, &where);
    glp_check_kkt(lp->problem, GLP_SOL, GLP_KKT_DB, &out->signs, &at, &relative, &where);
}

dt_status dt_lp_residual(dt_lp *lp, dt_lp_residuals *out) {
    *out = (dt_lp_residuals){INFINITY, INFINITY, INFINITY, INFINITY};
    return guarded(lp, residual, out);
}

double dt_lp_value(const dt_lp *lp) {
    return alive(lp) ? glp_get_obj_val(lp->problem) : 0;
}

double dt_lp_primal(const dt_lp *lp, size_t column) {
    return alive(lp) && column < lp->columns ? glp_get_col_prim(lp->problem, (int)column + 1) : 0;
}

double dt_lp_reduced_cost(const dt_lp *lp, size_t column) {
    return alive(lp) && column < lp->columns ? glp_get_col_dual(lp->problem, (int)column + 1) : 0;
}

double dt_lp_activity(const dt_lp *lp, size_t row) {
    return alive(lp) && row < lp->rows ? glp_get_row_prim(lp->problem, (int)row + 1) : 0;
}

double dt_lp_dual(const dt_lp *lp, size_t row) {
    return alive(lp) && row < lp->rows ? glp_get_row_dual(lp->problem, (int)row + 1) : 0;
}

dt_lp_place dt_lp_row_place(const dt_lp *lp, size_t row) {
    if (!alive(lp) || row >= lp->rows)
        return DT_LP_LOWER;
    return place_of(glp_get_row_stat(lp->problem, (int)row + 1));
}

dt_lp_place dt_lp_column_place(const dt_lp *lp, size_t column) {
    if (!alive(lp) || column >= lp->columns)
        return DT_LP_LOWER;
    return place_of(glp_get_col_stat(lp->problem, (int)column + 1));
}
