/* What a strategy must reach to be near the best of its row. */
#ifndef DT_EQUILIBRIUM_THRESHOLD_H
#define DT_EQUILIBRIUM_THRESHOLD_H

#include <math.h>

/* A lower bound on the row's best payoff, less the slack, rounded down. */
static inline double dt_threshold(double best, double slack) {
    double t = best - slack;
    return t - (fabs(best) + slack) * 0x1p-50;
}

#endif
