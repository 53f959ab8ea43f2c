/* The polygon of attainable payoffs: see polygon.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/polygon.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More corners than this are not looked for. */
enum { MOST_CORNERS = 2000 };
/* Of points that are not exact: what counts as the same, in parts of the players' ranges. */
#define SAME 1e-9

static void corner_free(dt_corner *corner) {
    if (!corner)
        return;
    fmpq_clear(&corner->at[0]);
    fmpq_clear(&corner->at[1]);
    dt_correlated_clear(&corner->answer);
    free(corner);
}

void dt_polygon_clear(dt_polygon *polygon) {
    for (size_t i = 0; i < polygon->count; i++)
        corner_free(polygon->corner[i]);
    free(polygon->corner);
    *polygon = (dt_polygon){.count = 0};
}

/* The optimum in a direction; *out is NULL after errors. */
static dt_status optimum(dt_correlation *c, dt_polygon *polygon, const fmpq *direction,
                         dt_corner **out) {
    fmpq *weight = _fmpq_vec_init((slong)c->o.players);
    dt_corner *corner = calloc(1, sizeof *corner);
    dt_goal goal;
    *out = NULL;
    if (!corner) {
        _fmpq_vec_clear(weight, (slong)c->o.players);
        return DT_ERR_MEMORY;
    }
    fmpq_init(&corner->at[0]);
    fmpq_init(&corner->at[1]);
    dt_goal_init(&goal, c->o.players);
    for (int i = 0; i < 2; i++)
        fmpq_set(weight + polygon->axis[i], direction + i);
    dt_goal_weights(&goal, weight);
    dt_status status = dt_correlation_answer(c, &goal, &corner->answer);
    c->master.goal = NULL; /* it ends here */
    dt_goal_clear(&goal);
    _fmpq_vec_clear(weight, (slong)c->o.players);
    if (status != DT_OK) {
        corner_free(corner);
        return status;
    }
    arf_t middle;
    arf_init(middle);
    for (int i = 0; i < 2; i++) {
        size_t p = polygon->axis[i];
        if (corner->answer.rational) {
            fmpq_set(&corner->at[i], corner->answer.payoff + p);
            continue;
        }
        polygon->exact = false;
        arf_set_round(middle, arb_midref(corner->answer.payoff_ball + p), 53, ARF_RND_NEAR);
        arf_get_fmpq(&corner->at[i], middle);
    }
    arf_clear(middle);
    *out = corner;
    return DT_OK;
}

/* direction · (a - b) */
static void advance(fmpq_t out, const fmpq *direction, const dt_corner *a, const dt_corner *b) {
    fmpq_t term;
    fmpq_init(term);
    fmpq_sub(out, &a->at[0], &b->at[0]);
    fmpq_mul(out, out, direction);
    fmpq_sub(term, &a->at[1], &b->at[1]);
    fmpq_mul(term, term, direction + 1);
    fmpq_add(out, out, term);
    fmpq_clear(term);
}

/* How much of an advance along the direction is none. */
static double slack_of(const dt_correlation *c, const dt_polygon *polygon, const fmpq *direction) {
    double sum = 0;
    for (int i = 0; i < 2 && !polygon->exact; i++)
        sum += fabs(dt_fmpq_double(direction + i, NULL)) * c->o.scale[polygon->axis[i]];
    return SAME * sum;
}

static bool is_ahead(const dt_correlation *c, const dt_polygon *polygon, const fmpq *direction,
                     const dt_corner *a, const dt_corner *b) {
    fmpq_t by;
    fmpq_init(by);
    advance(by, direction, a, b);
    bool ahead = fmpq_sgn(by) > 0 &&
                 (polygon->exact || dt_fmpq_double(by, NULL) > slack_of(c, polygon, direction));
    fmpq_clear(by);
    return ahead;
}

static bool same_place(const dt_correlation *c, const dt_polygon *polygon, const dt_corner *a,
                       const dt_corner *b) {
    if (fmpq_equal(&a->at[0], &b->at[0]) && fmpq_equal(&a->at[1], &b->at[1]))
        return true;
    for (int i = 0; i < 2 && !polygon->exact; i++)
        if (fabs(dt_fmpq_double(&a->at[i], NULL) - dt_fmpq_double(&b->at[i], NULL)) >
            SAME * c->o.scale[polygon->axis[i]])
            return false;
    return !polygon->exact;
}

static dt_status insert(dt_polygon *polygon, size_t at, dt_corner *corner) {
    if (polygon->count == polygon->room) {
        size_t room = polygon->room ? 2 * polygon->room : 16;
        dt_corner **larger = realloc(polygon->corner, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        polygon->corner = larger;
        polygon->room = room;
    }
    memmove(polygon->corner + at + 1, polygon->corner + at,
            (polygon->count - at) * sizeof *polygon->corner);
    polygon->corner[at] = corner;
    polygon->count++;
    return DT_OK;
}

static void leave_out(dt_polygon *polygon, size_t at) {
    corner_free(polygon->corner[at]);
    polygon->count--;
    memmove(polygon->corner + at, polygon->corner + at + 1,
            (polygon->count - at) * sizeof *polygon->corner);
}

/* The outward normal of the edge from a to b: (b - a) turned clockwise. */
static void normal_of(fmpq *normal, const dt_corner *a, const dt_corner *b) {
    fmpq_sub(normal, &b->at[1], &a->at[1]);
    fmpq_sub(normal + 1, &a->at[0], &b->at[0]);
}

/* Left, bottom, right, top: against the clock. */
static dt_status find_extremes(dt_correlation *c, dt_polygon *polygon, fmpq *direction) {
    static const int way[4][2] = {{-1, 0}, {0, -1}, {1, 0}, {0, 1}};
    dt_status status = DT_OK;
    for (int i = 0; i < 4 && status == DT_OK; i++) {
        dt_corner *corner;
        fmpq_set_si(direction, way[i][0], 1);
        fmpq_set_si(direction + 1, way[i][1], 1);
        status = optimum(c, polygon, direction, &corner);
        if (status != DT_OK)
            break;
        bool known = false;
        for (size_t k = 0; k < polygon->count && !known; k++)
            known = same_place(c, polygon, corner, polygon->corner[k]);
        status = known ? DT_OK : insert(polygon, polygon->count, corner);
        if (known || status != DT_OK)
            corner_free(corner);
    }
    return status;
}

/* Moves the edge from corner i outward; *moved: there is a new corner behind i. */
static dt_status move_edge(dt_correlation *c, dt_polygon *polygon, size_t i, fmpq *normal,
                           bool *moved) {
    dt_corner *a = polygon->corner[i], *b = polygon->corner[(i + 1) % polygon->count], *corner;
    *moved = false;
    normal_of(normal, a, b);
    dt_status status = optimum(c, polygon, normal, &corner);
    if (status != DT_OK)
        return status;
    if (is_ahead(c, polygon, normal, corner, a) && !same_place(c, polygon, corner, a) &&
        !same_place(c, polygon, corner, b)) {
        status = insert(polygon, i + 1, corner);
        *moved = status == DT_OK;
    }
    if (!*moved)
        corner_free(corner);
    return status;
}

/* (a - b) · (a - c) <= 0: on a line, a lies between them. */
static bool is_between(const dt_corner *a, const dt_corner *b, const dt_corner *c) {
    fmpq direction[2], dot;
    fmpq_init(&dot);
    for (int i = 0; i < 2; i++) {
        fmpq_init(direction + i);
        fmpq_sub(direction + i, &a->at[i], &b->at[i]);
    }
    advance(&dot, direction, a, c);
    bool between = fmpq_sgn(&dot) <= 0;
    fmpq_clear(direction);
    fmpq_clear(direction + 1);
    fmpq_clear(&dot);
    return between;
}

/* Corners between two others on a line go. */
static void drop_flat(const dt_correlation *c, dt_polygon *polygon, fmpq *normal) {
    for (size_t i = 0; i < polygon->count && polygon->count > 2;) {
        size_t n = polygon->count;
        const dt_corner *before = polygon->corner[(i + n - 1) % n],
                        *after = polygon->corner[(i + 1) % n];
        normal_of(normal, before, after);
        if (is_ahead(c, polygon, normal, polygon->corner[i], before) ||
            !is_between(polygon->corner[i], before, after)) {
            i++;
        } else {
            leave_out(polygon, i);
            i = 0;
        }
    }
}

static bool starts_before(const dt_corner *a, const dt_corner *b) {
    int order = fmpq_cmp(&a->at[0], &b->at[0]);
    return order ? order < 0 : fmpq_cmp(&a->at[1], &b->at[1]) < 0;
}

/* Turns the list so that the lowest of the leftmost corners comes first. */
static dt_status turn(dt_polygon *polygon) {
    size_t first = 0, n = polygon->count;
    dt_corner **turned = malloc((n + 1) * sizeof *turned);
    if (!turned)
        return DT_ERR_MEMORY;
    for (size_t i = 1; i < n; i++)
        if (starts_before(polygon->corner[i], polygon->corner[first]))
            first = i;
    for (size_t i = 0; i < n; i++)
        turned[i] = polygon->corner[(first + i) % n];
    memcpy(polygon->corner, turned, n * sizeof *turned);
    free(turned);
    return DT_OK;
}

dt_status dt_polygon_find(dt_correlation *c, size_t x, size_t y, dt_polygon *out) {
    *out = (dt_polygon){.axis = {x, y}, .exact = true, .complete = true};
    fmpq direction[2];
    fmpq_init(direction);
    fmpq_init(direction + 1);
    dt_status status = find_extremes(c, out, direction);
    for (size_t i = 0; i < out->count && out->count > 1 && status == DT_OK;) {
        bool moved = false;
        if (out->count >= MOST_CORNERS) {
            out->complete = false;
            break;
        }
        status = move_edge(c, out, i, direction, &moved);
        i += !moved;
    }
    if (status == DT_OK) {
        drop_flat(c, out, direction);
        status = turn(out);
    }
    fmpq_clear(direction);
    fmpq_clear(direction + 1);
    return status;
}
