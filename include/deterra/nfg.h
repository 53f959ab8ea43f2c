/* Gambit's strategic-form files (.nfg): to a scenario, and from a game. SPDX: GPL-3.0-or-later
 *
 * Both variants are read: payoffs profile by profile, and outcomes with a number for each profile.
 * Every number is exact: 0.1 is 1/10. The scenario has a table of payoffs; each player has a single
 * move, `strategy`, whose levels are the file's labels. What has no name is numbered ("Player 2",
 * strategy "3"); of several with one name each gets a number behind it (a_1, a_2), with a warning.
 * The format: https://gambitproject.readthedocs.io, "Game representation formats". */
#ifndef DETERRA_NFG_H
#define DETERRA_NFG_H

#include "deterra/concept.h"
#include "deterra/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads `path` ("-" is standard input). Errors go to diag, with file, line and column: the first
 * one of syntax, or all payoffs that are no numbers. On failure *out is NULL. The file's comment
 * becomes the scenario's note, and concepts are those that one asks of a game that names none:
 * pure-nash and dominance. At most 1 GB of text, 64 players, 65535 strategies each, below 2^63
 * profiles; what would not fit the memory is refused before it is allocated. Time and memory grow
 * linearly with the text and the payoffs. */
dt_status dt_nfg_read(const char *path, dt_diag *diag, dt_scenario **out);
/* The same from memory; `name` stands for the file in messages. */
dt_status dt_nfg_read_text(const char *name, const char *text, size_t length, dt_diag *diag,
                           dt_scenario **out);
/* Does the text begin as such a file does, and as no config can? The first hundred bytes do. */
bool dt_nfg_begins(const char *text, size_t length);

typedef struct dt_nfg_settings {
    const char *title;         /* NULL: none */
    const char *comment;       /* NULL: none */
    int decimals;              /* irrational payoffs are rounded to so many decimals; -1: refused */
    const dt_control *control; /* its `stop` and `progress`; or NULL */
} dt_nfg_settings;

/* The most decimals. */
enum { DT_NFG_DECIMALS = 18 };

/* Writes the game in the payoff variant to *text (malloc'd, *length bytes and a NUL). Rational
 * payoffs are exact: integers, decimals where they end after at most 18 places, else fractions; so
 * reading the text gives the same game, and writing that the same text. A player with one move has
 * its levels as labels; one with several has labels such as "export_control=licence,subsidy=on",
 * moves of one level left out. With `decimals` irrational payoffs are rounded to the nearest
 * decimal of so many places, and a warning says how many were.
 *
 * DT_ERR_INPUT with a message where a payoff does not exist or is irrational, where there are more
 * than 67108864 payoffs (before any is computed), or where the text is larger than 1 GB.
 * DT_ERR_INTERRUPTED; DT_ERR_USAGE for more than DT_NFG_DECIMALS. O(players × profiles) exact
 * payoffs, and the memory of the text. */
dt_status dt_nfg_write(const dt_game *game, const dt_nfg_settings *settings, dt_diag *diag,
                       char **text, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
