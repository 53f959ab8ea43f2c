/* deterra check --show-plan: which subexpression is computed at which level, and how often. */
#include <stdio.h>
#include <string.h>

#include "cli/check.h"

/* The moves of several levels, as evaluations number them. */
typedef struct numbered {
    size_t count;
    size_t player[64], move[64];
} numbered;

static numbered number_moves(const dt_game *game) {
    numbered n = {0};
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++)
            if (game->player[i].move[m].levels > 1 && n.count < 64) {
                n.player[n.count] = i;
                n.move[n.count++] = m;
            }
    return n;
}

typedef struct plan {
    cli_document *d;
    const dt_game *game;
    numbered moves;
    size_t player;
    dt_evaluation e;
} plan;

static const char *move_name(const plan *p, uint32_t k) {
    const dt_player *player = &p->game->player[p->moves.player[k]];
    return dt_arena_format(p->d->arena, "%s.%s", player->name, player->move[p->moves.move[k]].name);
}

/* The last of a player's moves that start at k, where all of them follow in `list` from `at`. */
static size_t all_of_player(const plan *p, const uint32_t *list, size_t count, size_t at) {
    const numbered *n = &p->moves;
    size_t first = list[at], player = n->player[first], moves = 0;
    if (first > 0 && n->player[first - 1] == player)
        return 0;
    while (first + moves < n->count && n->player[first + moves] == player)
        moves++;
    if (moves < 2 || at + moves > count)
        return 0;
    for (size_t k = 0; k < moves; k++)
        if (list[at + k] != first + k)
            return 0;
    return moves;
}

/* "US.*, CN.subsidy" */
static const char *list_text(const plan *p, const uint32_t *list, size_t count) {
    const char *text = "";
    for (size_t at = 0; at < count && text;) {
        size_t all = all_of_player(p, list, count, at);
        const char *name = all ? dt_arena_format(p->d->arena, "%s.*",
                                                 p->game->player[p->moves.player[list[at]]].name)
                               : move_name(p, list[at]);
        text = name ? dt_arena_format(p->d->arena, "%s%s%s", text, at ? ", " : "", name) : NULL;
        at += all ? all : 1;
    }
    p->d->failed = p->d->failed || !text;
    return text ? text : "";
}

static const char *set_text(const plan *p, uint64_t set) {
    uint32_t list[64];
    size_t count = 0;
    for (; set; set &= set - 1)
        list[count++] = (uint32_t)__builtin_ctzll(set);
    return count == p->moves.count && count > 1 ? "all moves" : list_text(p, list, count);
}

/* Four cells: on what it depends, at which level it is computed, values at once, times. */
static void put_quantity(const plan *p, const dt_quantity *q, dt_cell *cell) {
    const dt_evaluation *e = &p->e;
    cell[0] = cli_text(p->d, "%s", set_text(p, q->moves));
    if (!q->whole) {
        cell[1] = cli_text(p->d, "taken apart");
        return;
    }
    if (q->loop < 0) {
        cell[1] = cli_text(p->d, "once");
    } else if ((size_t)q->loop + 1 == e->loops && q->times >= e->payoff.times) {
        cell[1] = cli_text(p->d, "per row");
    } else {
        const char *name = move_name(p, e->loop[q->loop]);
        cell[1] = cli_text(p->d, "per level of %s", name ? name : "");
        p->d->failed = p->d->failed || !name;
    }
    cell[2] = cli_number(q->values);
    cell[3] = cli_number(q->times);
}

static dt_table *add_table(const plan *p, const char *name, const char *title, size_t rows) {
    const char *who = p->game->player[p->player].name;
    const char *full = dt_arena_format(p->d->arena, "%s_%s", name, who);
    const char *line = dt_arena_format(p->d->arena, title, who);
    p->d->failed = p->d->failed || !full || !line;
    return p->d->failed ? NULL : cli_table_add(p->d, full, line, rows);
}

static void quantity_columns(const plan *p, dt_table *t) {
    cli_column(p->d, t, "depends on", DT_LEFT);
    cli_column(p->d, t, "computed", DT_LEFT);
    cli_column(p->d, t, "values at once", DT_RIGHT);
    cli_column(p->d, t, "times", DT_RIGHT);
}

/* Definitions without moves are constants: there are many, and they cost nothing. */
static void list_definitions(const plan *p) {
    dt_table *t = add_table(p, "plan", "How the payoff of %s is computed", p->e.definitions + 1);
    cli_column(p->d, t, "definition", DT_LEFT);
    quantity_columns(p, t);
    size_t constants = 0;
    for (size_t i = 0; i <= p->e.definitions; i++) {
        const dt_quantity *q = i < p->e.definitions ? &p->e.definition[i] : &p->e.payoff;
        if (q->label && !q->moves) {
            constants++;
            continue;
        }
        dt_cell *row = cli_row(p->d, t);
        if (!row)
            return;
        row[0] = cli_text(p->d, "%s", q->label ? q->label : "the payoff");
        put_quantity(p, q, row + 1);
    }
    if (constants)
        cli_note(p->d, t, "%zu more definition%s on no move: constants.", constants,
                 constants == 1 ? " depends" : "s depend");
}

static void list_parts(const plan *p) {
    dt_table *t = add_table(p, "parts", "Parts that add up to the payoff of %s", p->e.parts);
    cli_column(p->d, t, "part", DT_RIGHT);
    quantity_columns(p, t);
    cli_column(p->d, t, "steps", DT_RIGHT);
    cli_column(p->d, t, "pow, exp, log, sqrt", DT_RIGHT);
    for (size_t k = 0; k < p->e.parts; k++) {
        dt_cell *row = cli_row(p->d, t);
        if (!row)
            return;
        row[0] = cli_number((double)k + 1);
        put_quantity(p, &p->e.part[k].sum, row + 1);
        row[5] = cli_number((double)p->e.part[k].steps);
        row[6] = cli_number((double)p->e.part[k].slow);
    }
}

static void add_loops(const plan *p, dt_table *t) {
    dt_cell *row = cli_row(p->d, t);
    if (!row)
        return;
    row[0] = cli_text(p->d, "%s", p->game->player[p->player].name);
    row[1] = cli_text(p->d, "%s", list_text(p, p->e.loop, p->e.loops));
    row[2] = cli_number(p->e.payoff.times);
    if (p->e.box_steps) {
        row[3] = cli_number((double)p->e.box_steps);
        row[4] = cli_number((double)p->e.box_changes);
    }
}

void cli_list_plan(cli_document *d, const dt_game *game) {
    plan p = {.d = d, .game = game, .moves = number_moves(game)};
    if (!game->model->evaluation) {
        fprintf(stderr,
                "deterra: --show-plan: payoffs of kind `%s` are looked up, not computed: "
                "there is no plan\n",
                game->model->kind);
        return;
    }
    dt_table *search = NULL;
    for (p.player = 0; p.player < game->players && !d->failed; p.player++) {
        d->failed = dt_game_evaluation(game, p.player, &p.e) != DT_OK;
        if (d->failed)
            break;
        list_definitions(&p);
        list_parts(&p);
        dt_evaluation_clear(&p.e);
    }
    if (!d->failed)
        search = cli_table_add(d, "search", "Searches", game->players);
    cli_column(d, search, "payoff of", DT_LEFT);
    cli_column(d, search, "loops over rows, outermost first", DT_LEFT);
    cli_column(d, search, "rows", DT_RIGHT);
    cli_column(d, search, "steps over boxes", DT_RIGHT);
    cli_column(d, search, "that carry changes", DT_RIGHT);
    for (p.player = 0; p.player < game->players && !d->failed; p.player++) {
        d->failed = dt_game_evaluation(game, p.player, &p.e) != DT_OK;
        if (!d->failed)
            add_loops(&p, search);
        dt_evaluation_clear(&p.e);
    }
}
