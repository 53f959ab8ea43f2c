/* Profiles as numbers and as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "deterra/game.h"

void dt_profile_decode(const dt_game *game, uint64_t index, uint32_t *profile) {
    for (size_t i = game->players; i-- > 0;) {
        profile[i] = (uint32_t)(index % game->player[i].strategies);
        index /= game->player[i].strategies;
    }
}

uint64_t dt_profile_index(const dt_game *game, const uint32_t *profile) {
    uint64_t index = 0;
    for (size_t i = 0; i < game->players; i++)
        index = index * game->player[i].strategies + profile[i];
    return index;
}

const char *dt_strategy_label(const dt_game *game, size_t player, uint32_t strategy, size_t move) {
    const dt_player *p = &game->player[player];
    return p->move[move].label[p->level[(size_t)strategy * p->moves + move]];
}

char *dt_profile_text(const dt_game *game, const uint32_t *profile, char *buffer, size_t size) {
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++) {
            if (game->player[i].move[m].levels < 2)
                continue;
            int n = snprintf(buffer + used, size - used, "%s%s.%s=%s", used ? ", " : "",
                             game->player[i].name, game->player[i].move[m].name,
                             dt_strategy_label(game, i, profile[i], m));
            if (n < 0 || (size_t)n >= size - used) {
                if (size >= 4) { /* end on a whole character, then … */
                    size_t end = size - 4;
                    while (end && ((unsigned char)buffer[end] & 0xC0) == 0x80)
                        end--;
                    strcpy(buffer + end, "…");
                }
                return buffer;
            }
            used += (size_t)n;
        }
    return buffer;
}

/* A piece of the text of a profile. */
typedef struct piece {
    const char *data;
    size_t length;
} piece;

static piece trimmed(const char *from, const char *to) {
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    return (piece){from, (size_t)(to - from)};
}

static bool equals(piece p, const char *word) {
    return strlen(word) == p.length && memcmp(word, p.data, p.length) == 0;
}

/* Where errors go, and what they are said of. */
typedef struct writing {
    const char *what;
    dt_place place;
    dt_diag *diag;
} writing;

static bool complain(const writing *w, const char *what, piece p, dt_nearest *search) {
    if (search && search->best)
        dt_diag_add(w->diag, DT_ERROR, w->place, "%s: %s `%.*s`; did you mean `%s`?", w->what, what,
                    (int)p.length, p.data, search->best);
    else
        dt_diag_add(w->diag, DT_ERROR, w->place, "%s: %s `%.*s`", w->what, what, (int)p.length,
                    p.data);
    return false;
}

/* A NUL-terminated copy of a piece for the nearest-name search. */
static const char *copy_piece(piece p, char *buffer, size_t size) {
    snprintf(buffer, size, "%.*s", (int)p.length, p.data);
    return buffer;
}

/* Names the move, and the levels there are where none is near. */
static bool no_such_level(const dt_player *p, const dt_move *move, piece label,
                          const dt_nearest *search, const writing *w) {
    char levels[256] = "";
    size_t used = 0;
    for (uint32_t l = 0; l < move->levels && used < sizeof levels - 64; l++)
        used += (size_t)snprintf(levels + used, sizeof levels - used, "%s%.40s", l ? ", " : "",
                                 move->label[l]);
    dt_diag_add(w->diag, DT_ERROR, w->place, "%s: `%s.%s` has no level `%.*s`; %s%s%s", w->what,
                p->name, move->name, (int)label.length, label.data,
                search->best ? "did you mean `" : "there are ",
                search->best ? search->best : levels, search->best ? "`?" : "");
    return false;
}

enum { UNSET = UINT16_MAX };

/* Where a text goes on behind a word, blanks before it aside; NULL where it does not hold it. */
static const char *behind(const char *text, const char *word) {
    size_t length = strlen(word);
    if (text && strncmp(text, word, length) != 0)
        text += strspn(text, " \t");
    return text && strncmp(text, word, length) == 0 ? text + length : NULL;
}

/* A level of a player's move. */
typedef struct choice {
    size_t player, move;
    uint32_t level;
} choice;

/* The length of the longest "player.move=label" that the text begins with, or 0. Names are compared
 * as they are: those of game files may hold points, commas and equal signs. */
static size_t known_part(const dt_game *game, const char *text, choice *found) {
    size_t longest = 0;
    for (size_t i = 0; i < game->players; i++) {
        const dt_player *p = &game->player[i];
        const char *moves = behind(behind(text, p->name), ".");
        for (size_t m = 0; m < p->moves && moves; m++) {
            const char *labels = behind(behind(moves, p->move[m].name), "=");
            for (uint32_t l = 0; l < p->move[m].levels && labels; l++) {
                const char *end = behind(labels, p->move[m].label[l]);
                if (end)
                    end += strspn(end, " \t");
                if (end && (!*end || *end == ',') && (size_t)(end - text) > longest) {
                    longest = (size_t)(end - text);
                    *found = (choice){i, m, l};
                }
            }
        }
    }
    return longest;
}

static bool want(choice c, piece part, const writing *w, uint16_t *const *wanted) {
    uint16_t *level = &wanted[c.player][c.move];
    if (*level != UNSET && *level != c.level)
        return complain(w, "named twice with different levels:", part, NULL);
    *level = (uint16_t)c.level;
    return true;
}

/* Reads one "player.move=label" into wanted[player][move]. */
static bool read_part(const dt_game *game, piece part, const writing *w, uint16_t *const *wanted) {
    const char *end = part.data + part.length;
    const char *equal = memchr(part.data, '=', part.length);
    const char *dot = memchr(part.data, '.', part.length);
    if (!equal || !dot || dot > equal)
        return complain(w, "expected player.move=label instead of", part, NULL);
    piece player = trimmed(part.data, dot), move = trimmed(dot + 1, equal);
    piece label = trimmed(equal + 1, end);
    char word[256];
    dt_nearest search = {copy_piece(player, word, sizeof word), NULL, 0};
    size_t i = 0;
    for (; i < game->players && !equals(player, game->player[i].name); i++)
        dt_nearest_offer(&search, game->player[i].name);
    if (i == game->players)
        return complain(w, "no such player", player, &search);
    const dt_player *p = &game->player[i];
    search = (dt_nearest){copy_piece(move, word, sizeof word), NULL, 0};
    size_t m = 0;
    for (; m < p->moves && !equals(move, p->move[m].name); m++)
        dt_nearest_offer(&search, p->move[m].name);
    if (m == p->moves)
        return complain(w, "the player has no move", move, &search);
    search = (dt_nearest){copy_piece(label, word, sizeof word), NULL, 0};
    uint32_t l = 0;
    for (; l < p->move[m].levels && !equals(label, p->move[m].label[l]); l++)
        dt_nearest_offer(&search, p->move[m].label[l]);
    if (l == p->move[m].levels)
        return no_such_level(p, &p->move[m], label, &search, w);
    return want((choice){i, m, l}, part, w, wanted);
}

/* The first strategy whose named moves stand as wanted; strategies(player) where there is none. */
static uint32_t matching(const dt_player *p, const uint16_t *wanted) {
    for (uint32_t s = 0; s < p->strategies; s++) {
        bool match = true;
        for (size_t m = 0; m < p->moves && match; m++)
            match = wanted[m] == UNSET || p->level[(size_t)s * p->moves + m] == wanted[m];
        if (match)
            return s;
    }
    return p->strategies;
}

dt_status dt_profile_parse(const dt_game *game, const char *text, dt_diag *diag, uint32_t *profile,
                           bool *all_named) {
    return dt_profile_parse_at(game, text, "--profile", DT_NOWHERE, diag, profile, all_named);
}

dt_status dt_profile_parse_at(const dt_game *game, const char *text, const char *what,
                              dt_place place, dt_diag *diag, uint32_t *profile, bool *all_named) {
    const writing w = {what, place, diag};
    size_t moves = 0;
    for (size_t i = 0; i < game->players; i++)
        moves += game->player[i].moves;
    uint16_t *memory = malloc(moves * sizeof *memory), *wanted[DT_MAX_PLAYERS], *next = memory;
    if (!memory)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < game->players; next += game->player[i++].moves)
        wanted[i] = next;
    for (size_t i = 0; i < moves; i++)
        memory[i] = UNSET;
    bool good = true;
    for (const char *p = text; *p;) {
        choice known;
        size_t length = known_part(game, p, &known);
        if (length) {
            good = want(known, trimmed(p, p + length), &w, wanted) && good;
            p += length + (p[length] == ',');
            continue;
        }
        length = strcspn(p, ",");
        while (p[length]) { /* a comma ends a part only where another player.move=label follows */
            size_t rest = strcspn(p + length + 1, ",");
            if (rest == 0 || memchr(p + length + 1, '=', rest))
                break;
            length += 1 + rest;
        }
        piece part = trimmed(p, p + length);
        if (part.length)
            good = read_part(game, part, &w, wanted) && good;
        p += length + (p[length] == ',');
    }
    *all_named = true;
    for (size_t i = 0; i < game->players; i++) {
        profile[i] = matching(&game->player[i], wanted[i]);
        if (good && profile[i] == game->player[i].strategies) {
            dt_diag_add(diag, DT_ERROR, place,
                        "%s: this combination of levels is not feasible for `%s`", what,
                        game->player[i].name);
            good = false;
        }
        for (size_t m = 0; m < game->player[i].moves; m++)
            if (game->player[i].move[m].levels > 1 && wanted[i][m] == UNSET)
                *all_named = false;
    }
    free(memory);
    return good ? DT_OK : DT_ERR_INPUT;
}
