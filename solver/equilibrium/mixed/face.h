/* The best replies to a vertex: the face of the other player's polytope that makes an equilibrium
 * with it. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_FACE_H
#define DT_EQUILIBRIUM_FACE_H

#include <flint/fmpz.h>
#include <signal.h>

#include "equilibrium/mixed/keys.h"

/* For a payoff matrix A (rows × columns, all positive) of the player whose strategies are rows, all
 * vertices y of {y >= 0, A y <= 1} with (A y)_i = 1 for each row i of `rows_tight` and y_j = 0 for
 * each column j that is not in `allowed`: none, one or many. visit() gets each once, as integers
 * y × det in y[columns]; what it returns ends the search where it is not DT_OK.
 *
 * Simplex (first phase: the tight rows' slacks are brought to 0), then all lexicographically
 * feasible bases of the face: they are connected, since the vertices of a polytope on one side of a
 * hyperplane are. All exact. Time: |basic| pivots of a dictionary for each basis. */
dt_status dt_face_vertices(const fmpz *matrix, size_t rows, size_t columns,
                           const uint64_t *rows_tight, const uint64_t *allowed,
                           const volatile sig_atomic_t *stop,
                           dt_status (*visit)(void *self, const fmpz *y), void *self);

#endif
