/* Games to strategic-form files, in the payoff variant. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/nfg.h"
#include "nfg/labels.h"
#include "nfg/limits.h"
#include "nfg/number.h"

typedef struct writer {
    const dt_game *game;
    const dt_nfg_settings *settings;
    dt_diag *diag;
    dt_buffer buffer;
    dt_workspace *workspace;
    dt_exact_context *context;
    uint64_t rounded; /* payoffs */
} writer;

/* --- labels --- */

/* In quotation marks. A backslash is doubled only where it would be read as an escape otherwise, so
 * that Gambit, to which \\ is two backslashes, reads the same wherever it can. */
static void add_quoted(dt_buffer *buffer, const char *text) {
    dt_buffer_char(buffer, '"');
    for (; *text; text++) {
        bool escape =
            text[0] == '"' || (text[0] == '\\' && (!text[1] || text[1] == '"' || text[1] == '\\'));
        if (escape)
            dt_buffer_char(buffer, '\\');
        if (text[strspn(text, "\r")] != '\n' || *text == '\n') /* as lines are read */
            dt_buffer_char(buffer, *text);
    }
    dt_buffer_char(buffer, '"');
}

/* "licence" of a player with one move, else "export_control=licence,subsidy=on": the moves of
 * several levels, or all where none has. NULL when out of memory. */
static const char *strategy_label(dt_arena *arena, const dt_game *game, size_t player, uint32_t s) {
    const dt_player *p = &game->player[player];
    if (p->moves == 1)
        return dt_strategy_label(game, player, s, 0);
    bool fixed = true;
    for (size_t m = 0; m < p->moves; m++)
        fixed = fixed && p->move[m].levels == 1;
    const char *text = "";
    for (size_t m = 0; m < p->moves && text; m++)
        if (fixed || p->move[m].levels > 1)
            text = dt_arena_format(arena, "%s%s%s=%s", text, *text ? "," : "", p->move[m].name,
                                   dt_strategy_label(game, player, s, m));
    return text;
}

static dt_status add_strategies(writer *w, size_t player) {
    dt_arena *arena = dt_arena_new();
    if (!arena)
        return DT_ERR_MEMORY;
    size_t count = w->game->player[player].strategies, repeated;
    const char **label = dt_arena_array(arena, count, sizeof *label);
    dt_status status = label ? DT_OK : DT_ERR_MEMORY;
    for (size_t s = 0; s < count && status == DT_OK; s++) {
        label[s] = strategy_label(arena, w->game, player, (uint32_t)s);
        status = label[s] ? DT_OK : DT_ERR_MEMORY;
    }
    if (status == DT_OK) /* joined labels may coincide: a level may hold "," and "=" */
        status = dt_labels_distinct(arena, label, count, "", &repeated);
    dt_buffer_add(&w->buffer, "{");
    for (size_t s = 0; s < count && status == DT_OK; s++) {
        dt_buffer_char(&w->buffer, ' ');
        add_quoted(&w->buffer, label[s]);
    }
    dt_buffer_add(&w->buffer, " }\n");
    dt_arena_free(arena);
    return status;
}

static dt_status add_prologue(writer *w) {
    const dt_nfg_settings *settings = w->settings;
    dt_buffer_add(&w->buffer, "NFG 1 R ");
    add_quoted(&w->buffer, settings->title ? settings->title : "");
    dt_buffer_add(&w->buffer, " {");
    for (size_t i = 0; i < w->game->players; i++) {
        dt_buffer_char(&w->buffer, ' ');
        add_quoted(&w->buffer, w->game->player[i].name);
    }
    dt_buffer_add(&w->buffer, " }\n\n{ ");
    dt_status status = DT_OK;
    for (size_t i = 0; i < w->game->players && status == DT_OK; i++)
        status = add_strategies(w, i);
    dt_buffer_add(&w->buffer, "}\n");
    add_quoted(&w->buffer, settings->comment ? settings->comment : "");
    dt_buffer_add(&w->buffer, "\n\n");
    return status;
}

/* --- payoffs --- */

static dt_status refuse_size(const writer *w, const char *most) {
    dt_diag_add(w->diag, DT_ERROR, DT_NOWHERE,
                "too large for a strategic-form file: the game has %llu profiles of %zu players, "
                "and a file holds at most %s",
                (unsigned long long)w->game->profiles, w->game->players, most);
    return DT_ERR_INPUT;
}

static dt_status refuse_payoff(const writer *w, size_t player, const uint32_t *profile,
                               const char *is) {
    char where[512];
    dt_profile_text(w->game, profile, where, sizeof where);
    dt_diag_add(w->diag, DT_ERROR, DT_NOWHERE, "the payoff of `%s` is %s, at %s",
                w->game->player[player].name, is, *where ? where : "the only profile");
    return DT_ERR_INPUT;
}

static dt_status add_payoff(writer *w, size_t player, const uint32_t *profile, dt_exact *payoff) {
    dt_status status = dt_game_exact(w->game, w->workspace, player, profile, payoff, w->diag);
    if (status != DT_OK)
        return status;
    if (dt_exact_is_rational(payoff))
        return dt_nfg_add_number(&w->buffer, payoff->rational)
                   ? DT_OK
                   : refuse_payoff(w, player, profile,
                                   "a fraction of more than 64 kB, and no strategic-form file "
                                   "holds so long a number");
    int decimals = w->settings->decimals;
    if (decimals < 0)
        return refuse_payoff(w, player, profile,
                             "irrational, and strategic-form files hold fractions (--decimals N "
                             "rounds such payoffs)");
    fmpq_t rounded;
    fmpq_init(rounded);
    bool known = dt_nfg_round(w->context, payoff, decimals, rounded);
    known = known && dt_nfg_add_number(&w->buffer, rounded);
    fmpq_clear(rounded);
    w->rounded++;
    return known ? DT_OK
                 : refuse_payoff(w, player, profile,
                                 "not known well enough to be rounded, since a comparison in its "
                                 "formula is undecided");
}

/* The next profile with the first player's strategy fastest. */
static void turn(const dt_game *game, uint32_t *profile) {
    for (size_t i = 0; i < game->players && ++profile[i] == game->player[i].strategies; i++)
        profile[i] = 0;
}

enum { REPORT_EVERY = 4096 }; /* profiles */

static void report(const writer *w, uint64_t done) {
    const dt_control *control = w->settings->control;
    if (control && control->progress)
        control->progress(control->user, "profiles written", done, w->game->profiles);
}

static bool stop_asked(const writer *w) {
    const dt_control *control = w->settings->control;
    return control && control->stop && *control->stop;
}

/* A line for each profile. */
static dt_status add_payoffs(writer *w) {
    const dt_game *game = w->game;
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    for (uint64_t k = 0; k < game->profiles && status == DT_OK; k++, turn(game, profile)) {
        for (size_t i = 0; i < game->players && status == DT_OK; i++) {
            if (i > 0)
                dt_buffer_char(&w->buffer, ' ');
            status = add_payoff(w, i, profile, &payoff);
        }
        dt_buffer_char(&w->buffer, '\n');
        if (status == DT_OK && w->buffer.length > DT_NFG_BYTES)
            status = refuse_size(w, "1 GB");
        if (status == DT_OK && w->buffer.failed)
            status = DT_ERR_MEMORY;
        if (k % REPORT_EVERY == 0)
            report(w, k);
        if (status == DT_OK && stop_asked(w))
            status = DT_ERR_INTERRUPTED;
    }
    dt_exact_clear(&payoff);
    return status;
}

static dt_status open_writer(writer *w) {
    uint64_t payoffs;
    if (__builtin_mul_overflow(w->game->profiles, (uint64_t)w->game->players, &payoffs) ||
        payoffs > DT_NFG_PAYOFFS)
        return refuse_size(w, "67108864 payoffs");
    w->workspace = dt_workspace_new(w->game);
    w->context = w->workspace ? dt_game_context(w->game, w->workspace) : NULL;
    return w->context ? DT_OK : DT_ERR_MEMORY;
}

dt_status dt_nfg_write(const dt_game *game, const dt_nfg_settings *settings, dt_diag *diag,
                       char **text, size_t *length) {
    *text = NULL;
    *length = 0;
    if (settings->decimals > DT_NFG_DECIMALS)
        return DT_ERR_USAGE;
    writer w = {.game = game, .settings = settings, .diag = diag};
    dt_status status = open_writer(&w);
    if (status == DT_OK)
        status = add_prologue(&w);
    if (status == DT_OK)
        status = add_payoffs(&w);
    dt_workspace_free(game, w.workspace);
    if (status != DT_OK) {
        free(w.buffer.text);
        return status;
    }
    if (w.rounded)
        dt_diag_add(diag, DT_WARNING, DT_NOWHERE,
                    "%llu payoff%s irrational and rounded to %d decimals: equilibria may differ",
                    (unsigned long long)w.rounded, w.rounded == 1 ? " is" : "s are",
                    settings->decimals);
    return dt_buffer_finish(&w.buffer, text, length);
}
