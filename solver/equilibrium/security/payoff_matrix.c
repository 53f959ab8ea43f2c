/* A part of the matrix game of a team against all others: see payoff_matrix.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/security/payoff_matrix.h"

#include <flint/fmpq_vec.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "game/finite.h"
#include "game/mixture.h"

dt_status dt_payoff_matrix_init(dt_payoff_matrix *m, const dt_game *game, uint64_t team) {
    uint64_t others = dt_team_all(game) & ~team;
    *m = (dt_payoff_matrix){
        .game = game,
        .side = {{.team = team, .strategies = dt_team_strategies(game, team)},
                 {.team = others, .strategies = dt_team_strategies(game, others)}}};
    m->workspace = dt_workspace_new(game);
    m->row_workspace = dt_workspace_new(game);
    return m->workspace && m->row_workspace ? DT_OK : DT_ERR_MEMORY;
}

void dt_payoff_matrix_clear(dt_payoff_matrix *m) {
    if (!m->game)
        return;
    for (size_t r = 0; r < m->side[DT_MATRIX_ROWS].room; r++) {
        if (m->value)
            free(m->value[r]);
        if (m->rational && m->rational[r])
            _fmpq_vec_clear(m->rational[r], (slong)m->known[r]);
    }
    free(m->value);
    free(m->rational);
    free(m->known);
    for (int s = 0; s < 2; s++) {
        free(m->side[s].index);
        free(m->side[s].sorted);
        free(m->side[s].profile);
    }
    dt_workspace_free(m->game, m->workspace);
    dt_workspace_free(m->game, m->row_workspace);
    *m = (dt_payoff_matrix){0};
}

/* The first place in sorted[] whose index is not below. */
static size_t place(const dt_matrix_side *side, uint64_t index) {
    size_t low = 0, high = side->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (side->sorted[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dt_matrix_side_has(const dt_matrix_side *side, uint64_t index) {
    size_t at = place(side, index);
    return at < side->count && side->sorted[at] == index;
}

size_t dt_matrix_side_find(const dt_matrix_side *side, uint64_t index) {
    if (!dt_matrix_side_has(side, index))
        return side->count;
    size_t at = 0;
    while (side->index[at] != index)
        at++;
    return at;
}

/* --- room --- */

static bool larger(void *array, size_t room, size_t size) {
    void **old = array, *grown = room > SIZE_MAX / size ? NULL : realloc(*old, room * size);
    if (grown)
        *old = grown;
    return grown != NULL;
}

static dt_status grow(dt_payoff_matrix *m, int s) {
    dt_matrix_side *side = &m->side[s];
    dt_matrix_side *rows = &m->side[DT_MATRIX_ROWS];
    size_t before = side->room, room = before ? 2 * before : 64;
    if (!larger(&side->index, room, sizeof *side->index) ||
        !larger(&side->sorted, room, sizeof *side->sorted) ||
        !larger(&side->profile, room, m->game->players * sizeof *side->profile))
        return DT_ERR_MEMORY;
    if (s == DT_MATRIX_COLUMNS) {
        for (size_t r = 0; r < rows->room; r++)
            if (!larger(&m->value[r], room, sizeof **m->value))
                return DT_ERR_MEMORY;
        side->room = room;
        return DT_OK;
    }
    if (!larger(&m->value, room, sizeof *m->value) ||
        !larger(&m->rational, room, sizeof *m->rational) ||
        !larger(&m->known, room, sizeof *m->known))
        return DT_ERR_MEMORY;
    size_t columns = m->side[DT_MATRIX_COLUMNS].room;
    for (; side->room < room; side->room++) {
        m->value[side->room] = malloc((columns ? columns : 1) * sizeof **m->value);
        m->rational[side->room] = NULL;
        m->known[side->room] = 0;
        if (!m->value[side->room])
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

/* --- payoffs --- */

/* A column and what it has in common with those that differ in one member's strategy only. */
typedef struct sorted {
    uint64_t rest;
    uint32_t lane;
    size_t column;
} sorted;

static int compare(const void *a, const void *b) {
    const sorted *x = a, *y = b;
    return x->rest != y->rest ? (x->rest < y->rest ? -1 : 1)
                              : (x->column > y->column) - (x->column < y->column);
}

/* The sum of the team's payoffs over all strategies of `over`. */
static dt_status sum_row(dt_payoff_matrix *m, size_t over, const uint32_t *profile, double *sum,
                         double *value, double *bound) {
    uint32_t lanes = m->game->player[over].strategies;
    memset(sum, 0, lanes * sizeof *sum);
    dt_status status = DT_OK;
    for (size_t p = 0; p < m->game->players && status == DT_OK; p++) {
        if (!dt_team_has(m->side[DT_MATRIX_COLUMNS].team, p))
            continue;
        status = dt_finite_row(m->game, m->row_workspace, p, over, profile, value, bound);
        for (uint32_t k = 0; k < lanes && status == DT_OK; k++)
            sum[k] += value[k];
    }
    return status;
}

/* Fills the columns from … on in rows from … on. The linear program needs finite numbers, which are
 * near the payoffs where these are within the doubles. */
static dt_status fill(dt_payoff_matrix *m, size_t first_row, size_t first_column) {
    const dt_matrix_side *columns = &m->side[DT_MATRIX_COLUMNS], *rows = &m->side[DT_MATRIX_ROWS];
    size_t players = m->game->players, over = dt_team_largest(m->game, columns->team);
    size_t count = columns->count - first_column, lanes = m->game->player[over].strategies;
    uint64_t stride = dt_team_stride(m->game, columns->team, over);
    sorted *list = malloc((count + 1) * sizeof *list);
    double *room = malloc(3 * lanes * sizeof *room);
    dt_status status = list && room ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        size_t c = first_column + k;
        uint32_t lane = columns->profile[c * players + over];
        list[k] = (sorted){columns->index[c] - lane * stride, lane, c};
    }
    if (status == DT_OK)
        qsort(list, count, sizeof *list, compare);
    for (size_t r = first_row; r < rows->count && status == DT_OK; r++)
        for (size_t k = 0; k < count && status == DT_OK; k++) {
            if (k == 0 || list[k].rest != list[k - 1].rest) {
                const uint32_t *mine = columns->profile + list[k].column * players;
                const uint32_t *theirs = rows->profile + r * players;
                uint32_t profile[DT_MAX_PLAYERS];
                for (size_t i = 0; i < players; i++)
                    profile[i] = dt_team_has(columns->team, i) ? mine[i] : theirs[i];
                status = sum_row(m, over, profile, room, room + lanes, room + 2 * lanes);
            }
            double sum = room[list[k].lane];
            m->value[r][list[k].column] = fmax(fmin(sum, DBL_MAX), -DBL_MAX);
        }
    free(list);
    free(room);
    return status;
}

dt_status dt_payoff_matrix_add(dt_payoff_matrix *m, int s, const uint64_t *index, size_t count,
                               size_t *added) {
    dt_matrix_side *side = &m->side[s];
    size_t before = side->count;
    for (size_t k = 0; k < count; k++) {
        size_t at = place(side, index[k]);
        if (at < side->count && side->sorted[at] == index[k])
            continue;
        if (side->count == side->room && grow(m, s) != DT_OK)
            return DT_ERR_MEMORY;
        uint32_t *profile = side->profile + side->count * m->game->players;
        memset(profile, 0, m->game->players * sizeof *profile);
        dt_team_decode(m->game, side->team, index[k], profile);
        memmove(side->sorted + at + 1, side->sorted + at,
                (side->count - at) * sizeof *side->sorted);
        side->sorted[at] = index[k];
        side->index[side->count++] = index[k];
    }
    if (added)
        *added = side->count - before;
    return s == DT_MATRIX_COLUMNS ? fill(m, 0, before) : fill(m, before, 0);
}

dt_status dt_payoff_matrix_exact(dt_payoff_matrix *m, size_t row, size_t column, dt_exact *payoff) {
    const dt_matrix_side *columns = &m->side[DT_MATRIX_COLUMNS], *rows = &m->side[DT_MATRIX_ROWS];
    static const double one = 1;
    dt_mixture_play play = {.team = columns->team,
                            .support = 1,
                            .profile = columns->profile + column * m->game->players,
                            .weight = &one,
                            .paid = columns->team};
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, rows->profile + row * m->game->players, m->game->players * sizeof *profile);
    fmpq_t weight;
    fmpq_init(weight);
    fmpq_one(weight);
    dt_status status = dt_mixture_exact(m->game, m->workspace, &play, weight, profile, payoff);
    fmpq_clear(weight);
    return status;
}

dt_status dt_payoff_matrix_rationals(dt_payoff_matrix *m, const volatile sig_atomic_t *stop,
                                     bool *all) {
    size_t columns = m->side[DT_MATRIX_COLUMNS].count, rows = m->side[DT_MATRIX_ROWS].count;
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    *all = true;
    for (size_t r = 0; r < rows && status == DT_OK && *all; r++) {
        if (m->known[r] == columns)
            continue;
        fmpq *wider = _fmpq_vec_init((slong)columns);
        for (size_t c = 0; c < m->known[r]; c++)
            fmpq_swap(wider + c, m->rational[r] + c);
        for (size_t c = m->known[r]; c < columns && status == DT_OK && *all; c++) {
            status = dt_payoff_matrix_exact(m, r, c, &payoff);
            *all = status == DT_OK && dt_exact_is_rational(&payoff);
            if (*all)
                fmpq_set(wider + c, payoff.rational);
        }
        if (status != DT_OK || !*all) {
            for (size_t c = 0; c < m->known[r]; c++)
                fmpq_swap(wider + c, m->rational[r] + c);
            _fmpq_vec_clear(wider, (slong)columns);
            break;
        }
        if (m->rational[r])
            _fmpq_vec_clear(m->rational[r], (slong)m->known[r]);
        m->rational[r] = wider;
        m->known[r] = columns;
        if (stop && *stop)
            status = DT_ERR_INTERRUPTED;
    }
    dt_exact_clear(&payoff);
    return status;
}
