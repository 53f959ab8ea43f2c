/* Candidates of a game whose payoffs stand in memory, in about one pass over them.
 *
 * One bit a profile says that no player so far has a better reply there. Player after player clears
 * bits, the last first: whatever is still set when a player's turn comes is all that has to be
 * looked at, and in a table without many ties that is one profile in k after the first player, one
 * in k² after the second. So the players whose strategies lie far apart in memory, who come last,
 * read little. */
#include "equilibrium/pure/dense.h"

#include <stdlib.h>

#include "equilibrium/pure/tile.h"
#include "game/chunks.h"

enum { LINE = 64, WORD = 64, CHUNK_PAYOFFS = 1 << 17 };

typedef struct search {
    const dt_game *game;
    const dt_control *control;
    size_t inner;   /* the first player whose strategies a line spans */
    uint64_t lines; /* a line is all profiles that differ in the strategies of inner, … */
    uint64_t line;  /* profiles in it: at least LINE unless there are fewer in all */
    uint64_t words; /* of mask, for a line */
    uint64_t *mask;
    dt_tiling tiling[DT_MAX_PLAYERS];
    const dt_tiling *across; /* the player whose turn it is, after the inner players */
} search;

bool dt_dense_applies(const dt_game *game) {
    bool exact;
    for (size_t i = 0; i < game->players; i++)
        if (!dt_game_view(game, i, &exact))
            return false;
    return true;
}

static void cut_lines(search *s) {
    const dt_game *game = s->game;
    s->line = 1;
    s->inner = game->players;
    while (s->inner > 0 && s->line < LINE)
        s->line *= game->player[--s->inner].strategies;
    s->lines = game->profiles / s->line;
    s->words = (s->line - 1) / WORD + 1;
}

double dt_dense_memory(const dt_game *game) {
    search s = {.game = game};
    cut_lines(&s);
    return (double)s.lines * (double)s.words * sizeof *s.mask;
}

static dt_status open_search(search *s, double slack) {
    const dt_game *game = s->game;
    cut_lines(s);
    s->mask = malloc(s->lines * s->words * sizeof *s->mask);
    if (!s->mask)
        return DT_ERR_MEMORY;
    uint64_t stride = 1; /* in profiles, then in lines */
    for (size_t i = game->players; i-- > 0;) {
        if (i + 1 == s->inner)
            stride = 1;
        bool exact;
        const double *value = dt_game_view(game, i, &exact);
        s->tiling[i] = (dt_tiling){.value = value,
                                   .mask = s->mask,
                                   .line = s->line,
                                   .words = s->words,
                                   .rows = game->player[i].strategies,
                                   .stride = stride,
                                   .slack = slack};
        stride *= game->player[i].strategies;
    }
    return DT_OK;
}

/* The players whose strategies lie within a line: all of them while it is at hand. */
static void search_lines(void *shared, uint64_t from, uint64_t to) {
    search *s = shared;
    for (uint64_t k = from * s->words; k < to * s->words; k++)
        s->mask[k] = UINT64_MAX;
    if (s->line % WORD) /* the rest of a line's last word stands for nothing */
        for (uint64_t l = from + 1; l <= to; l++)
            s->mask[l * s->words - 1] = (UINT64_C(1) << s->line % WORD) - 1;
    for (size_t i = s->game->players; i-- > s->inner;)
        if (s->tiling[i].rows > 1)
            dt_tiles_within(&s->tiling[i], from, to);
}

static void search_across(void *shared, uint64_t from, uint64_t to) {
    const search *s = shared;
    dt_tiles_across(s->across, from, to);
}

static dt_status search_all(search *s) {
    size_t players = s->game->players, inner = players - s->inner;
    dt_chunks c = {.units = s->lines,
                   .chunk = CHUNK_PAYOFFS / (s->line * inner) + 1,
                   .run = search_lines,
                   .shared = s,
                   .control = s->control,
                   .what = "profiles searched",
                   .total = s->game->profiles,
                   .share = inner,
                   .parts = players};
    dt_status status = dt_chunks_run(&c);
    for (size_t i = s->inner; i-- > 0 && status == DT_OK;) {
        s->across = &s->tiling[i];
        uint64_t tiles = dt_tiles_in(s->line);
        c.before = players - i - 1;
        c.share = 1;
        c.units = s->lines / s->across->rows * tiles;
        c.chunk = CHUNK_PAYOFFS * tiles / (s->line * s->across->rows) + 1;
        c.run = search_across;
        if (s->across->rows > 1)
            status = dt_chunks_run(&c);
    }
    return status;
}

/* The profiles whose bits are left, in their order. */
static dt_status collect(const search *s, size_t most, dt_candidates *out) {
    dt_status status = DT_OK;
    for (uint64_t l = 0; l < s->lines && status == DT_OK && !out->cut; l++)
        for (uint64_t w = 0; w < s->words && status == DT_OK; w++)
            for (uint64_t rest = s->mask[l * s->words + w]; rest && status == DT_OK && !out->cut;
                 rest &= rest - 1)
                status = dt_candidates_add(
                    out, l * s->line + w * WORD + (uint64_t)__builtin_ctzll(rest), most);
    return status;
}

dt_status dt_dense_equilibria(const dt_game *game, double slack, size_t most,
                              const dt_control *control, dt_candidates *out) {
    *out = (dt_candidates){0};
    search s = {.game = game, .control = control};
    dt_status status = open_search(&s, slack);
    if (status == DT_OK)
        status = search_all(&s);
    if (status == DT_OK)
        status = collect(&s, most, out);
    free(s.mask);
    return status;
}
