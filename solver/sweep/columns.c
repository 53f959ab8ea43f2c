/* The columns of a store's tables: see columns.h. SPDX: GPL-3.0-or-later */
#include "sweep/columns.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "sweep/point.h"

static const char REAL[] = "REAL", TEXT[] = "TEXT", COUNT[] = "INTEGER";

typedef struct maker {
    dt_columns *columns;
    dt_arena *arena;
    dt_sheet sheet;
    dt_status status;
} maker;

static bool in_use(const dt_columns *c, dt_sheet sheet, const char *name) {
    for (size_t i = 0; i < c->count[sheet]; i++)
        if (strcasecmp(c->column[sheet][i].name, name) == 0)
            return true;
    return false;
}

/* Names of the columns that every store has: parameters, moves and payoffs give way to them. */
static bool is_fixed(const char *name) {
    static const char *const fixed[] = {
        "point", "status",    "message", "equilibria", "concept",          "result",
        "item",  "objective", "play",    "strict",     "pareto_efficient", "certificate"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcasecmp(fixed[i], name) == 0)
            return true;
    return false;
}

static void add(maker *m, const char *name, const char *type) {
    dt_sheet_column *list = m->columns->column[m->sheet];
    if (m->status == DT_OK && name)
        list[m->columns->count[m->sheet]++] = (dt_sheet_column){name, type};
    else
        m->status = DT_ERR_MEMORY;
}

/* A name of the sweep's own, made unlike the others. */
static void add_own(maker *m, const char *name, const char *type) {
    const char *unlike = name;
    for (int i = 2; unlike && (is_fixed(unlike) || in_use(m->columns, DT_SHEET_POINTS, unlike) ||
                               in_use(m->columns, DT_SHEET_EQUILIBRIA, unlike));
         i++)
        unlike = dt_arena_format(m->arena, "%s_%d", name, i);
    add(m, unlike, type);
}

static void start(maker *m, dt_sheet sheet, size_t room) {
    m->sheet = sheet;
    m->columns->column[sheet] = dt_arena_array(m->arena, room, sizeof(dt_sheet_column));
    if (!m->columns->column[sheet])
        m->status = DT_ERR_MEMORY;
}

static void points(maker *m, const dt_sweep *sweep) {
    start(m, DT_SHEET_POINTS, sweep->axes + 4);
    add(m, "point", "INTEGER PRIMARY KEY");
    for (size_t a = 0; a < sweep->axes; a++)
        add_own(m, sweep->axis[a].path, REAL);
    add(m, "status", TEXT);
    add(m, "message", TEXT);
    add(m, "equilibria", COUNT);
}

static void equilibria(maker *m, const dt_frame *f) {
    const dt_game *game = f->game;
    start(m, DT_SHEET_EQUILIBRIA, f->moves + game->players + 9);
    add(m, "point", COUNT);
    add(m, "concept", TEXT);
    add(m, "result", COUNT);
    add(m, "item", COUNT);
    add(m, "objective", TEXT);
    for (size_t p = 0; p < game->players; p++)
        for (size_t k = 0; k < game->player[p].moves; k++)
            if (game->player[p].move[k].levels > 1)
                add_own(m,
                        dt_arena_format(m->arena, "%s.%s", game->player[p].name,
                                        game->player[p].move[k].name),
                        TEXT);
    add(m, "play", TEXT);
    for (size_t p = 0; p < game->players; p++)
        add_own(m, dt_arena_format(m->arena, "payoff.%s", game->player[p].name), REAL);
    add(m, "strict", COUNT);
    add(m, "pareto_efficient", COUNT);
    add(m, "certificate", TEXT);
}

static void records(maker *m) {
    start(m, DT_SHEET_RECORDS, 7);
    add(m, "point", COUNT);
    add(m, "concept", TEXT);
    add(m, "result", COUNT);
    add(m, "record", TEXT);
    add(m, "equilibria", COUNT);
    add(m, "least", REAL);
    add(m, "greatest", REAL);
}

static void timings(maker *m) {
    start(m, DT_SHEET_TIMINGS, 2);
    add(m, "point", "INTEGER PRIMARY KEY");
    add(m, "seconds", REAL);
}

dt_status dt_columns_init(dt_columns *columns, const dt_frame *frame) {
    maker m = {.columns = columns, .arena = frame->sweep->arena};
    *columns = (dt_columns){0};
    points(&m, frame->sweep);
    if (m.status == DT_OK)
        equilibria(&m, frame);
    if (m.status == DT_OK)
        records(&m);
    if (m.status == DT_OK)
        timings(&m);
    return m.status;
}
