/* Which profiles enter the master after an LP. SPDX: GPL-3.0-or-later
 *
 * The duals of a master that holds few of the profiles jump from one LP to the next, and much of
 * what they price in is of no use later. So profiles are priced first with a mean of these duals
 * and those that gave the best bound on the goal so far (Wentges 1997; Pessoa, Sadykov, Uchoa and
 * Vanderbeck 2018); only those enter that the LP's own duals want, too. Where there are none, the
 * LP's own decide. Of random games it saves a third of the time of long solutions. Coarse programs
 * have few rows and are solved quickly; there pricing takes the time, and is done once a round. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/correlation/correlated_lp.h"

/* Columns added after a pricing; steps of the progress. */
enum { NEW_COLUMNS = 200, STEPS = 1000 };
/* The share of the best bound's duals in the mean. */
#define SMOOTH 0.5

/* How far the largest reduced cost has come on its way, in logarithms, from where it was first. */
static void tell(dt_master *m, double most) {
    const dt_control *control = m->control;
    if (!control || !control->progress)
        return;
    if (m->first_gap == 0)
        m->first_gap = fmax(most, 10 * DT_ENTER_FINE);
    double share =
        log(m->first_gap / fmax(most, DT_ENTER_FINE)) / log(m->first_gap / DT_ENTER_FINE);
    double steps = STEPS * fmin(fmax(share, 0), 1);
    control->progress(control->user, "steps to the optimum made", (uint64_t)steps, STEPS);
}

/* Notes the bound that the last pricing, by y, gives on the goal: y_0 + the largest reduced cost.
 */
static void note_bound(dt_master *m, const double *y, double largest) {
    if (y[0] + largest >= m->best_bound)
        return;
    m->best_bound = y[0] + largest;
    memcpy(m->best_y, y, m->rows * sizeof *y);
}

static double largest_of(const dt_master *m) {
    double largest = -INFINITY;
    for (size_t s = 0; s < m->o->profiles; s++)
        largest = largest > m->reduced[s] ? largest : m->reduced[s];
    return largest;
}

/* Offers those outside of the master whose reduced cost is above the threshold; of those that are
 * kept in the list, also by the LP's own duals y where these are not what was priced with. */
static dt_status offer(dt_master *m, double threshold, const double *y, dt_smallest *best) {
    dt_drawing d;
    dt_status status = dt_drawing_init(&d, m);
    for (size_t s = 0; s < m->o->profiles && status == DT_OK; s++) {
        double reduced = m->reduced[s];
        if (!(reduced > threshold) || dt_master_has(m, s))
            continue;
        if (y) {
            if (best->count == best->limit && -reduced > best->entry[0].value)
                continue;
            status = dt_drawing_make(&d, m, s);
            double own = d.cost;
            for (size_t e = 0; e < d.entries; e++)
                own -= y[d.row[e]] * d.value[e];
            if (!(own > threshold))
                continue;
        }
        dt_smallest_offer(best, -reduced, s);
    }
    dt_drawing_clear(&d);
    return status;
}

/* Prices with z and adds the best; y as above. */
static dt_status enter_by(dt_master *m, double threshold, const double *z, const double *y,
                          size_t *added) {
    dt_smallest best;
    dt_status status = dt_smallest_init(&best, NEW_COLUMNS);
    if (status != DT_OK)
        return status;
    status = dt_master_price(m, z);
    if (status == DT_OK) {
        double largest = largest_of(m);
        note_bound(m, z, largest);
        tell(m, largest);
        status = offer(m, threshold, y, &best);
    }
    if (status == DT_OK)
        status = dt_master_add_list(m, &best, added);
    dt_smallest_clear(&best);
    return status;
}

dt_status dt_master_enter(dt_master *m, double threshold, size_t *added) {
    double *y = malloc(2 * m->rows * sizeof *y); /* the LP's duals, and a mean with the best */
    *added = 0;
    if (!y)
        return DT_ERR_MEMORY;
    double *z = y + m->rows;
    for (size_t r = 0; r < m->rows; r++)
        y[r] = dt_lp_dual(m->lp, r);
    dt_status status = DT_OK;
    if (!m->o->coarse && threshold > DT_ENTER_FINE && m->best_bound < INFINITY) {
        for (size_t r = 0; r < m->rows; r++)
            z[r] = SMOOTH * m->best_y[r] + (1 - SMOOTH) * y[r];
        status = enter_by(m, threshold, z, y, added);
    }
    if (status == DT_OK && *added == 0)
        status = enter_by(m, threshold, y, NULL, added);
    free(y);
    return status;
}
