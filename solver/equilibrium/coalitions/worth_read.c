/* Worths that are given as text: "A = 0; B = 0; A+B = 1/2". SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "equilibrium/coalitions/worth.h"
#include "game/team.h"
#include "scenario/number.h"

/* A stretch of the text, without blanks at its ends. */
typedef struct piece {
    const char *data;
    size_t length;
} piece;

static piece trimmed(const char *from, const char *to) {
    static const char *const BLANKS = " \t\r\n";
    while (from < to && strchr(BLANKS, *from))
        from++;
    while (to > from && strchr(BLANKS, to[-1]))
        to--;
    return (piece){from, (size_t)(to - from)};
}

typedef struct reading {
    const dt_game *game;
    dt_place place;
    dt_diag *diag;
} reading;

/* The player of that name as a bit; 0 with a message where there is none. */
static uint32_t player_bit(const reading *r, piece name) {
    char text[128];
    size_t length = name.length < sizeof text ? name.length : sizeof text - 1;
    memcpy(text, name.data, length);
    text[length] = '\0';
    dt_nearest search = {text, NULL, 0};
    for (size_t i = 0; i < r->game->players; i++) {
        if (strcmp(r->game->player[i].name, text) == 0)
            return UINT32_C(1) << i;
        dt_nearest_offer(&search, r->game->player[i].name);
    }
    dt_diag_add(r->diag, DT_ERROR, r->place, "worth: there is no player `%s`%s%s%s", text,
                search.best ? "; did you mean `" : "", search.best ? search.best : "",
                search.best ? "`?" : "");
    return 0;
}

/* The members named "A+B"; 0 with a message. */
static uint32_t read_members(const reading *r, piece names) {
    uint32_t members = 0;
    const char *end = names.data + names.length;
    for (const char *at = names.data; at <= end;) {
        const char *plus = memchr(at, '+', (size_t)(end - at));
        plus = plus ? plus : end;
        piece name = trimmed(at, plus);
        uint32_t bit = player_bit(r, name);
        if (bit == 0)
            return 0;
        if (members & bit) {
            dt_diag_add(r->diag, DT_ERROR, r->place, "worth: `%.*s` names %.*s twice",
                        (int)names.length, names.data, (int)name.length, name.data);
            return 0;
        }
        members |= bit;
        at = plus + 1;
    }
    return members;
}

/* One "A+B = 1/2"; false with a message. */
static bool read_entry(const reading *r, piece entry, bool *seen, dt_worth *out) {
    const char *equal = memchr(entry.data, '=', entry.length);
    if (!equal) {
        dt_diag_add(r->diag, DT_ERROR, r->place,
                    "worth: `%.*s` is not of the form \"A+B = number\"; entries are parted by `;`",
                    (int)entry.length, entry.data);
        return false;
    }
    piece names = trimmed(entry.data, equal);
    piece number = trimmed(equal + 1, entry.data + entry.length);
    uint32_t members = read_members(r, names);
    if (members == 0)
        return false;
    if (seen[members]) {
        dt_diag_add(r->diag, DT_ERROR, r->place, "worth: the coalition `%.*s` has two worths",
                    (int)names.length, names.data);
        return false;
    }
    seen[members] = true;
    dt_number_result read = dt_number_read(number.data, number.length, out->game.worth + members);
    if (read == DT_NUMBER_OK)
        return true;
    dt_diag_add(r->diag, DT_ERROR, r->place, "worth: `%.*s` of `%.*s` is %s", (int)number.length,
                number.data, (int)names.length, names.data,
                read == DT_NUMBER_RANGE ? "beyond the range of a double"
                                        : "not a decimal or a fraction p/q");
    return false;
}

static bool all_there(const reading *r, const bool *seen) {
    uint32_t end = UINT32_C(1) << r->game->players, missing = 0, first = 0;
    for (uint32_t c = end; --c > 0;)
        if (!seen[c]) {
            missing++;
            first = c;
        }
    if (missing == 0)
        return true;
    char name[256];
    dt_diag_add(r->diag, DT_ERROR, r->place,
                "worth: %u of the %u coalitions have no worth, the first is %s", missing, end - 1,
                dt_team_name(r->game, first, name, sizeof name));
    return false;
}

dt_status dt_worth_read(const dt_game *game, const char *text, dt_place place, dt_diag *diag,
                        dt_worth *out) {
    reading r = {game, place, diag};
    dt_status status = dt_worth_init(out, game->players);
    bool *seen = calloc((size_t)1 << game->players, sizeof *seen);
    if (!seen)
        status = DT_ERR_MEMORY;
    bool good = true;
    for (const char *at = text; status == DT_OK && *at;) {
        const char *end = at + strcspn(at, ";");
        piece entry = trimmed(at, end);
        if (entry.length) /* a `;` may stand at the end */
            good = read_entry(&r, entry, seen, out) && good;
        at = end + (*end == ';');
    }
    if (status == DT_OK && (!good || !all_there(&r, seen)))
        status = DT_ERR_INPUT;
    free(seen);
    return status;
}
