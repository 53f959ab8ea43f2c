/* The prologue of a strategic-form file: title, players, strategies, comment. */
#include <string.h>

#include "base/arena.h"
#include "deterra/game.h"
#include "nfg/labels.h"
#include "nfg/limits.h"
#include "nfg/parser.h"

static dt_nfg_kind kind_of(const dt_nfg_parser *p) {
    return p->lexer.token.kind;
}

static bool is_word(const dt_nfg_parser *p, const char *word) {
    const dt_nfg_token *t = &p->lexer.token;
    return t->kind == DT_NFG_WORD && t->length == strlen(word) &&
           memcmp(p->lexer.text + t->from, word, t->length) == 0;
}

/* NFG 1 R */
static dt_status read_magic(dt_nfg_parser *p) {
    if (is_word(p, "EFG"))
        return dt_nfg_wrong(p, "this is an extensive game (EFG): save it in Gambit as a strategic "
                               "game (.nfg)");
    if (!is_word(p, "NFG"))
        return dt_nfg_expected(p, "`NFG 1 R`, the beginning of a strategic game");
    dt_nfg_next(&p->lexer);
    if (!is_word(p, "1"))
        return dt_nfg_expected(p, "1, the version of the format");
    dt_nfg_next(&p->lexer);
    if (!is_word(p, "R") && !is_word(p, "D"))
        return dt_nfg_expected(p, "`R` or `D`, the kind of numbers");
    dt_nfg_next(&p->lexer);
    return DT_OK;
}

/* A name is a line that can be typed; a control character would reach the terminal as a command. */
static bool is_line(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

/* The current quoted token, unescaped, in the arena; goes to the next one. */
static dt_status take_text(dt_nfg_parser *p, const char **out) {
    char *data = dt_arena_alloc(p->scenario->arena, p->lexer.token.length);
    if (!data)
        return DT_ERR_MEMORY;
    dt_nfg_unquote(&p->lexer, data);
    *out = data;
    dt_nfg_next(&p->lexer);
    return DT_OK;
}

/* The same for the name of `what`. */
static dt_status take_name(dt_nfg_parser *p, const char *what, const char **out) {
    if (p->lexer.token.length > DT_NFG_TEXT_BYTES)
        return dt_nfg_wrong(p, "a text of more than 64 kB");
    dt_nfg_token here = p->lexer.token;
    dt_status status = take_text(p, out);
    if (status == DT_OK && !is_line(*out)) {
        p->lexer.token = here;
        return dt_nfg_wrong(p, "%s has a name with a control character or a line break", what);
    }
    return status;
}

static dt_status read_title(dt_nfg_parser *p) {
    if (kind_of(p) != DT_NFG_QUOTED)
        return dt_nfg_expected(p, "the title of the game in quotation marks");
    if (p->lexer.token.length > DT_NFG_TEXT_BYTES)
        return dt_nfg_wrong(p, "a text of more than 64 kB");
    return take_text(p, &p->scenario->title);
}

/* Goes into a list. */
static dt_status open_list(dt_nfg_parser *p, const char *what) {
    if (kind_of(p) != DT_NFG_OPEN)
        return dt_nfg_expected(p, "`{`, which opens %s", what);
    dt_nfg_next(&p->lexer);
    return DT_OK;
}

/* How many quoted texts follow. */
static size_t count_texts(const dt_nfg_parser *p) {
    dt_nfg_lexer ahead = p->lexer;
    size_t count = 0;
    for (; ahead.token.kind == DT_NFG_QUOTED; count++)
        dt_nfg_next(&ahead);
    return count;
}

/* Says that names were repeated; `where` is the first that was. */
static void warn_repeated(dt_nfg_parser *p, const char *owner, const char *from, dt_place where,
                          const char *to) {
    dt_complain(p->complaints, DT_WARNING, where,
                "%s `%s` stands here again: each of that name gets a number, and this one is `%s`",
                owner, dt_show(from).text, dt_show(to).text);
}

static dt_status read_players(dt_nfg_parser *p) {
    dt_scenario *s = p->scenario;
    dt_status status = open_list(p, "the list of players");
    if (status != DT_OK)
        return status;
    size_t count = count_texts(p), repeated;
    if (count > DT_MAX_PLAYERS) {
        for (size_t i = 0; i < DT_MAX_PLAYERS; i++)
            dt_nfg_next(&p->lexer);
        return dt_nfg_wrong(p, "more than %d players", DT_MAX_PLAYERS);
    }
    const char *name[DT_MAX_PLAYERS] = {NULL}, *given[DT_MAX_PLAYERS] = {NULL};
    s->player = dt_arena_array(s->arena, count, sizeof *s->player);
    if (!s->player)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        s->player[i].place = dt_nfg_place(&p->lexer);
        status = take_name(p, "a player", &name[i]);
    }
    if (status != DT_OK)
        return status;
    if (kind_of(p) != DT_NFG_CLOSE)
        return dt_nfg_expected(p, "a player's name in quotation marks, or `}`");
    if (count == 0)
        return dt_nfg_wrong(p, "a game has at least one player: expected a player's name in "
                               "quotation marks before `}`");
    dt_nfg_next(&p->lexer);
    memcpy(given, name, sizeof given);
    status = dt_labels_distinct(s->arena, name, count, "Player ", &repeated);
    if (status != DT_OK)
        return status;
    if (repeated < count)
        warn_repeated(p, "the player", given[repeated], s->player[repeated].place, name[repeated]);
    for (size_t i = 0; i < count; i++)
        s->player[i].name = name[i];
    s->players = count;
    return DT_OK;
}

/* The move of player i, with room for its levels: 0, 1, 2, … in formulas, though none sees them. */
static dt_status add_move(dt_nfg_parser *p, size_t i, size_t levels, dt_place place) {
    dt_player_spec *player = &p->scenario->player[i];
    dt_move_spec *move = dt_arena_array(p->scenario->arena, 1, sizeof *move);
    dt_level_spec *level = dt_arena_array(p->scenario->arena, levels, sizeof *level);
    if (!move || !level)
        return DT_ERR_MEMORY;
    for (size_t l = 0; l < levels; l++) {
        level[l].place = place;
        fmpq_init(&level[l].value);
        fmpq_set_si(&level[l].value, (slong)l, 1);
    }
    *move = (dt_move_spec){.name = "strategy", .place = place, .levels = levels, .level = level};
    player->move = move;
    player->moves = 1;
    return DT_OK;
}

static dt_status refuse_many(dt_nfg_parser *p, size_t player, const char *found) {
    return dt_nfg_wrong(p, "a player has at most %d strategies; `%s` has %s", DT_NFG_STRATEGIES,
                        dt_show(p->scenario->player[player].name).text, found);
}

/* { "a" "b" } of player i, the opening brace being read. */
static dt_status read_labels(dt_nfg_parser *p, size_t i) {
    dt_arena *arena = p->scenario->arena;
    const char *owner = p->scenario->player[i].name;
    dt_place place = dt_nfg_place(&p->lexer);
    size_t count = count_texts(p), repeated;
    if (count > DT_NFG_STRATEGIES) {
        char found[32];
        snprintf(found, sizeof found, "%zu", count);
        return refuse_many(p, i, found);
    }
    if (count == 0 && kind_of(p) == DT_NFG_CLOSE)
        return dt_nfg_wrong(p, "player `%s` has no strategies", dt_show(owner).text);
    dt_status status = add_move(p, i, count, place);
    const char **label = dt_arena_array(arena, count, sizeof *label);
    const char **given = dt_arena_array(arena, count, sizeof *given);
    if (status != DT_OK || !label || !given)
        return DT_ERR_MEMORY;
    dt_level_spec *level = p->scenario->player[i].move[0].level;
    for (size_t l = 0; l < count && status == DT_OK; l++) {
        level[l].place = dt_nfg_place(&p->lexer);
        status = take_name(p, "a strategy", &label[l]);
        given[l] = label[l];
    }
    if (status != DT_OK)
        return status;
    if (kind_of(p) != DT_NFG_CLOSE)
        return dt_nfg_expected(p, "a strategy of `%s` in quotation marks, or `}`",
                               dt_show(owner).text);
    dt_nfg_next(&p->lexer);
    status = dt_labels_distinct(arena, label, count, "", &repeated);
    if (status != DT_OK)
        return status;
    if (repeated < count)
        warn_repeated(p, "the strategy", given[repeated], level[repeated].place, label[repeated]);
    for (size_t l = 0; l < count; l++)
        level[l].label = label[l];
    return DT_OK;
}

/* The number of strategies of player i, who has no labels. */
static dt_status read_count(dt_nfg_parser *p, size_t i) {
    uint64_t count;
    const char *owner = p->scenario->player[i].name;
    if (!dt_nfg_count(p, &count))
        return dt_nfg_expected(p, "the number of strategies of `%s`", dt_show(owner).text);
    if (count == 0)
        return dt_nfg_wrong(p, "player `%s` has no strategies: at least 1 is needed",
                            dt_show(owner).text);
    if (count > DT_NFG_STRATEGIES)
        return refuse_many(p, i, dt_nfg_shown(p).text);
    dt_status status = add_move(p, i, count, dt_nfg_place(&p->lexer));
    for (size_t l = 0; l < count && status == DT_OK; l++) {
        dt_level_spec *level = &p->scenario->player[i].move[0].level[l];
        level->label = dt_arena_format(p->scenario->arena, "%zu", l + 1);
        status = level->label ? DT_OK : DT_ERR_MEMORY;
    }
    dt_nfg_next(&p->lexer);
    return status;
}

/* { 3 2 } or { { "a" "b" "c" } { "x" "y" } } */
static dt_status read_strategies(dt_nfg_parser *p) {
    dt_status status = open_list(p, "the strategies");
    if (status != DT_OK)
        return status;
    bool labelled = kind_of(p) == DT_NFG_OPEN;
    for (size_t i = 0; i < p->scenario->players && status == DT_OK; i++) {
        const char *owner = p->scenario->player[i].name;
        if (kind_of(p) == DT_NFG_CLOSE)
            return dt_nfg_wrong(p, "the strategies of `%s` are missing: there are %zu players",
                                dt_show(owner).text, p->scenario->players);
        if (kind_of(p) != (labelled ? DT_NFG_OPEN : DT_NFG_WORD))
            return i == 0 ? dt_nfg_expected(p,
                                            "the number of strategies of `%s`, or `{` and their "
                                            "labels",
                                            dt_show(owner).text)
                          : dt_nfg_expected(p,
                                            labelled ? "`{` and the strategies of `%s`"
                                                     : "the number of strategies of `%s`",
                                            dt_show(owner).text);
        if (labelled)
            dt_nfg_next(&p->lexer);
        status = labelled ? read_labels(p, i) : read_count(p, i);
    }
    if (status != DT_OK)
        return status;
    if (kind_of(p) != DT_NFG_CLOSE)
        return dt_nfg_expected(p, "`}` after the strategies of %zu player%s", p->scenario->players,
                               p->scenario->players == 1 ? "" : "s");
    dt_nfg_next(&p->lexer);
    return DT_OK;
}

static dt_status count_profiles(dt_nfg_parser *p, dt_place place) {
    p->profiles = 1;
    for (size_t i = 0; i < p->scenario->players; i++)
        if (__builtin_mul_overflow(p->profiles, (uint64_t)p->scenario->player[i].move[0].levels,
                                   &p->profiles) ||
            p->profiles > INT64_MAX) {
            dt_complain(p->complaints, DT_ERROR, place, "the game has 2^63 profiles or more");
            return DT_ERR_INPUT;
        }
    return DT_OK;
}

dt_status dt_nfg_prologue(dt_nfg_parser *p) {
    dt_status status = read_magic(p);
    if (status == DT_OK)
        status = read_title(p);
    if (status == DT_OK)
        status = read_players(p);
    dt_place strategies = dt_nfg_place(&p->lexer);
    if (status == DT_OK)
        status = read_strategies(p);
    if (status == DT_OK)
        status = count_profiles(p, strategies);
    if (status == DT_OK && kind_of(p) == DT_NFG_QUOTED)
        status = take_text(p, &p->scenario->note);
    return status;
}
