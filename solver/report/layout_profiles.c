/* Profiles as a table: a row each where that fits, else players as rows. */
#include <string.h>

#include "report/cells.h"
#include "report/layout.h"

enum { MOST_NAMES = 64 };

/* Names of the moves that some player can choose in, in order of first appearance. */
typedef struct names {
    size_t count;
    const char *name[MOST_NAMES];
} names;

static size_t varying_moves(const dt_player *player) {
    size_t n = 0;
    for (size_t m = 0; m < player->moves; m++)
        n += dt_layout_varies(&player->move[m]);
    return n;
}

static size_t find(const names *n, const char *name) {
    size_t i = 0;
    while (i < n->count && strcmp(n->name[i], name) != 0)
        i++;
    return i;
}

/* True where the players share so many names that a column for each name is well filled. */
static bool shared_names(const dt_game *game, names *out) {
    size_t cells = 0;
    out->count = 0;
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++) {
            const dt_move *move = &game->player[i].move[m];
            if (!dt_layout_varies(move))
                continue;
            cells++;
            if (find(out, move->name) < out->count)
                continue;
            if (out->count == MOST_NAMES)
                return false;
            out->name[out->count++] = move->name;
        }
    return 2 * cells >= out->count * game->players;
}

dt_flags dt_layout_flags(const dt_item *item, size_t count) {
    dt_flags f = {false, false, false};
    for (size_t i = 0; item && i < count; i++) {
        f.kind |= item[i].strict != DT_UNKNOWN;
        f.pareto |= item[i].pareto_efficient != DT_UNKNOWN;
        f.certificate |= item[i].certificate != DT_CERT_NONE;
    }
    return f;
}

void dt_layout_flag_columns(dt_layout *layout, dt_block *block, dt_flags flags) {
    if (flags.kind)
        dt_block_column(layout->page, block, "kind", NULL, DT_LEFT);
    if (flags.pareto)
        dt_block_column(layout->page, block, "Pareto", NULL, DT_LEFT);
    if (flags.certificate)
        dt_block_column(layout->page, block, "certificate", NULL, DT_LEFT);
}

static const char *truth(dt_truth value, const char *yes, const char *no) {
    return value == DT_UNKNOWN ? "–" : value == DT_TRUE ? yes : no;
}

void dt_layout_flag_cells(dt_cell *row, size_t column, dt_flags flags, const dt_item *item) {
    if (flags.kind)
        dt_put_text(row, column++, truth(item->strict, "strict", "weak"));
    if (flags.pareto)
        dt_put_text(row, column++, truth(item->pareto_efficient, "yes", "no"));
    if (flags.certificate)
        dt_put_text(row, column, dt_certificate_name(item->certificate));
}

static bool has_regret(const dt_profile_rows *rows) {
    return rows->item && rows->count && rows->item[0].regret;
}

static void number_columns(dt_layout *layout, dt_block *block, const dt_profile_rows *rows) {
    if (rows->count > 1)
        dt_block_column(layout->page, block, "#", NULL, DT_RIGHT);
    if (rows->probability)
        dt_block_column(layout->page, block, "probability", NULL, DT_RIGHT);
}

/* The number and the probability of a profile; the next free column. */
static size_t number_cells(dt_layout *layout, dt_cell *row, const dt_profile_rows *rows, size_t i) {
    size_t c = 0;
    if (rows->count > 1)
        dt_put_count(row, c++, i + 1);
    if (rows->probability)
        dt_put_text(row, c++, dt_layout_short(layout, rows->probability[i]));
    return c;
}

/* A profile a row: each player's moves, the payoffs, the flags. */
static dt_block *wide(dt_layout *layout, const dt_profile_rows *rows, dt_flags flags) {
    const dt_game *game = layout->game;
    dt_page *page = layout->page;
    dt_block *block = dt_block_new(page, rows->name, rows->title);
    number_columns(layout, block, rows);
    for (size_t p = 0; p < game->players; p++)
        for (size_t m = 0; m < game->player[p].moves; m++)
            if (dt_layout_varies(&game->player[p].move[m]))
                dt_block_column(page, block, game->player[p].move[m].name, game->player[p].name,
                                DT_LEFT);
    for (size_t p = 0; rows->item && p < game->players; p++)
        dt_block_column(page, block, game->player[p].name, "payoff", DT_DECIMAL);
    for (size_t p = 0; has_regret(rows) && p < game->players; p++)
        dt_block_column(page, block, game->player[p].name, "regret", DT_DECIMAL);
    dt_layout_flag_columns(layout, block, flags);

    for (size_t i = 0; i < rows->count; i++) {
        dt_cell *row = dt_block_row(page, block, false);
        size_t c = number_cells(layout, row, rows, i);
        for (size_t p = 0; p < game->players; p++)
            for (size_t m = 0; m < game->player[p].moves; m++)
                if (dt_layout_varies(&game->player[p].move[m]))
                    dt_put_text(row, c++, dt_strategy_label(game, p, rows->profile[i][p], m));
        for (size_t p = 0; rows->item && p < game->players; p++)
            dt_put_number(row, c++, &rows->item[i].payoff[p]);
        for (size_t p = 0; has_regret(rows) && p < game->players; p++)
            dt_put_number(row, c++, rows->item[i].regret ? &rows->item[i].regret[p] : NULL);
        if (rows->item)
            dt_layout_flag_cells(row, c, flags, &rows->item[i]);
    }
    return block;
}

/* The columns behind the moves in the two tall layouts, filled in a profile's first row. */
static void tail_columns(dt_layout *layout, dt_block *block, const dt_profile_rows *rows,
                         dt_flags flags) {
    if (rows->item)
        dt_block_column(layout->page, block, "payoff", NULL, DT_DECIMAL);
    if (has_regret(rows))
        dt_block_column(layout->page, block, "regret", NULL, DT_DECIMAL);
    dt_layout_flag_columns(layout, block, flags);
}

static void tail_cells(dt_cell *row, size_t column, const dt_profile_rows *rows, size_t i,
                       size_t player, dt_flags flags) {
    if (!rows->item)
        return;
    dt_put_number(row, column++, &rows->item[i].payoff[player]);
    if (has_regret(rows))
        dt_put_number(row, column++, rows->item[i].regret ? &rows->item[i].regret[player] : NULL);
    if (player == 0)
        dt_layout_flag_cells(row, column, flags, &rows->item[i]);
}

/* A player a row, a move a column: for players who share the names of their moves. */
static dt_block *grid(dt_layout *layout, const dt_profile_rows *rows, dt_flags flags,
                      const names *moves) {
    const dt_game *game = layout->game;
    dt_block *block = dt_block_new(layout->page, rows->name, rows->title);
    number_columns(layout, block, rows);
    dt_block_column(layout->page, block, "player", NULL, DT_LEFT);
    for (size_t m = 0; m < moves->count; m++)
        dt_block_column(layout->page, block, moves->name[m], NULL, DT_LEFT);
    tail_columns(layout, block, rows, flags);

    for (size_t i = 0; i < rows->count; i++)
        for (size_t p = 0; p < game->players; p++) {
            dt_cell *row = dt_block_row(layout->page, block, p == 0);
            size_t c = number_cells(layout, p == 0 ? row : NULL, rows, i);
            dt_put_text(row, c++, game->player[p].name);
            for (size_t m = 0; m < game->player[p].moves; m++) {
                const dt_move *move = &game->player[p].move[m];
                if (dt_layout_varies(move))
                    dt_put_text(row, c + find(moves, move->name),
                                dt_strategy_label(game, p, rows->profile[i][p], m));
            }
            tail_cells(row, c + moves->count, rows, i, p, flags);
        }
    return block;
}

/* A move a row: the narrowest, for players whose moves have little in common. */
static dt_block *list(dt_layout *layout, const dt_profile_rows *rows, dt_flags flags) {
    const dt_game *game = layout->game;
    dt_block *block = dt_block_new(layout->page, rows->name, rows->title);
    number_columns(layout, block, rows);
    dt_block_column(layout->page, block, "player", NULL, DT_LEFT);
    dt_block_column(layout->page, block, "move", NULL, DT_LEFT);
    dt_block_column(layout->page, block, "level", NULL, DT_LEFT);
    tail_columns(layout, block, rows, flags);

    for (size_t i = 0; i < rows->count; i++)
        for (size_t p = 0; p < game->players; p++) {
            dt_cell *row = dt_block_row(layout->page, block, p == 0);
            size_t c = number_cells(layout, p == 0 ? row : NULL, rows, i);
            dt_put_text(row, c, game->player[p].name);
            tail_cells(row, c + 3, rows, i, p, flags);
            bool first = true;
            for (size_t m = 0; m < game->player[p].moves; m++) {
                if (!dt_layout_varies(&game->player[p].move[m]))
                    continue;
                if (!first)
                    row = dt_block_row(layout->page, block, false);
                first = false;
                dt_put_text(row, c + 1, game->player[p].move[m].name);
                dt_put_text(row, c + 2, dt_strategy_label(game, p, rows->profile[i][p], m));
            }
        }
    return block;
}

bool dt_layout_fits(dt_layout *layout, const dt_block *block) {
    dt_measure m;
    return block &&
           dt_cells_measure(layout->page, &block->table, dt_cells(layout->page, &block->table),
                            &m) &&
           m.total <= layout->width;
}

static bool same_certificate(const dt_profile_rows *rows) {
    for (size_t i = 1; rows->item && i < rows->count; i++)
        if (rows->item[i].certificate != rows->item[0].certificate)
            return false;
    return true;
}

dt_block *dt_layout_profiles(dt_layout *layout, const dt_profile_rows *rows) {
    dt_flags flags = dt_layout_flags(rows->item, rows->count);
    size_t varying = 0;
    for (size_t p = 0; p < layout->game->players; p++)
        varying += varying_moves(&layout->game->player[p]);
    if (varying <= layout->width / 6) { /* else surely too wide */
        dt_block *block = wide(layout, rows, flags);
        if (dt_layout_fits(layout, block))
            return block;
    }
    flags.certificate &= !same_certificate(rows); /* then the footer says it, and room is dear */
    names moves;
    if (shared_names(layout->game, &moves)) {
        dt_block *block = grid(layout, rows, flags, &moves);
        if (dt_layout_fits(layout, block))
            return block;
    }
    return list(layout, rows, flags);
}
