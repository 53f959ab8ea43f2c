/* A thin layer over GLPK: linear programs that any thread may build, solve and restart.
 *
 * GLPK keeps one environment a thread, and an error inside it destroys every problem of that
 * thread. So a dt_lp belongs to the thread that made it; a failing GLPK call comes back as
 * DT_ERR_SOLVER (or DT_ERR_MEMORY), after which every dt_lp of the thread answers DT_ERR_SOLVER and
 * can only be freed. Nothing is printed and nothing aborts.
 *
 * Rows and columns are numbered from 0. A row's activity r = A x lies between its bounds, a column
 * between its own; a bound may be infinite, a coefficient may not, and NaN is refused everywhere
 * (GLPK would answer "optimal"). The dual value of a row is y, a column's reduced cost c - A'y.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_LP_LP_H
#define DT_LP_LP_H

#include <signal.h>
#include <stddef.h>

#include "deterra/status.h"

typedef struct dt_lp dt_lp;

typedef enum dt_lp_sense { DT_LP_MIN, DT_LP_MAX } dt_lp_sense;

/* FAILED: GLPK lost its way (singular bases, no progress) and a restart did not help. */
typedef enum dt_lp_outcome {
    DT_LP_OPTIMAL,
    DT_LP_INFEASIBLE,
    DT_LP_UNBOUNDED,
    DT_LP_FAILED
} dt_lp_outcome;

typedef enum dt_lp_method { DT_LP_PRIMAL, DT_LP_DUAL } dt_lp_method;

/* Where a variable stands in a basis. FREE: not basic, without bounds, at 0. */
typedef enum dt_lp_place { DT_LP_BASIC, DT_LP_LOWER, DT_LP_UPPER, DT_LP_FREE } dt_lp_place;

/* An empty problem of the calling thread. DT_OK, DT_ERR_MEMORY, DT_ERR_SOLVER. */
dt_status dt_lp_new(dt_lp_sense sense, dt_lp **out);
void dt_lp_free(dt_lp *lp);
/* Frees GLPK's environment of the calling thread, and with it every problem still there: to be
 * called before a thread that used LPs ends. Harmless where there is none. */
void dt_lp_thread_end(void);

size_t dt_lp_rows(const dt_lp *lp);
size_t dt_lp_columns(const dt_lp *lp);
/* What GLPK said when a call failed, or "". */
const char *dt_lp_message(const dt_lp *lp);

/* Adding, with a sparse vector over what is there. A new row is basic, a new column is not, so a
 * basis stays one. DT_ERR_INPUT for what is not finite or for crossed bounds; DT_ERR_USAGE for an
 * index out of range. Time linear in the entries. */
dt_status dt_lp_add_column(dt_lp *lp, double lower, double upper, double cost, size_t entries,
                           const size_t *row, const double *value);
dt_status dt_lp_add_row(dt_lp *lp, double lower, double upper, size_t entries, const size_t *column,
                        const double *value);
/* Deletes rows, ascending; the rest moves up. If one of them is not basic the basis is lost. */
dt_status dt_lp_delete_rows(dt_lp *lp, size_t count, const size_t *row);

dt_status dt_lp_set_sense(dt_lp *lp, dt_lp_sense sense);
dt_status dt_lp_set_cost(dt_lp *lp, size_t column, double cost);
dt_status dt_lp_set_row_bounds(dt_lp *lp, size_t row, double lower, double upper);
dt_status dt_lp_set_column_bounds(dt_lp *lp, size_t column, double lower, double upper);
dt_status dt_lp_set_row_place(dt_lp *lp, size_t row, dt_lp_place place);
dt_status dt_lp_set_column_place(dt_lp *lp, size_t column, dt_lp_place place);

/* How far a solution may violate a bound, or a reduced cost its sign: 1e-9 at first. With less than
 * that a solve polishes the basis that is there: it gives up with DT_LP_FAILED after some thousand
 * iterations and does not start from another basis. */
void dt_lp_set_tolerance(dt_lp *lp, double tolerance);

/* Solves by the simplex method from the basis that is there; the presolver stays off, so there is a
 * basis afterwards. `stop` (may be NULL) is looked at some times a second: DT_ERR_INTERRUPTED,
 * after which every dt_lp of the thread can only be freed. *outcome is set with DT_OK. */
dt_status dt_lp_solve(dt_lp *lp, dt_lp_method method, const volatile sig_atomic_t *stop,
                      dt_lp_outcome *outcome);

/* How far the last solve's answer is from an optimum, in the largest violation of each condition
 * (Karush, Kuhn and Tucker) and computed afresh from the problem: rows against A x, values against
 * their bounds, reduced costs against c - A'y, and their signs against the sense. For answers that
 * are reported without an exact proof. Infinite where the problem is dead. O(entries). */
typedef struct dt_lp_residuals {
    double rows, bounds, reduced_costs, signs;
} dt_lp_residuals;
dt_status dt_lp_residual(dt_lp *lp, dt_lp_residuals *out);

/* Of the last solve; 0 and LOWER when the problem is dead. */
double dt_lp_value(const dt_lp *lp);
double dt_lp_primal(const dt_lp *lp, size_t column);
double dt_lp_reduced_cost(const dt_lp *lp, size_t column);
double dt_lp_activity(const dt_lp *lp, size_t row);
double dt_lp_dual(const dt_lp *lp, size_t row);
dt_lp_place dt_lp_row_place(const dt_lp *lp, size_t row);
dt_lp_place dt_lp_column_place(const dt_lp *lp, size_t column);

#endif
