/* Strips: profiles that differ in one player's strategy, compared with targets. */
#include "equilibrium/pure/strip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"

dt_status dt_strip_open(dt_strip *s, dt_targets *targets, uint32_t room) {
    size_t players = targets->game->players;
    *s = (dt_strip){.targets = targets, .room = room};
    s->value = malloc(players * room * sizeof *s->value);
    s->bound = malloc(players * room * sizeof *s->bound);
    s->least = malloc(room);
    s->more = malloc(room);
    s->unsure = malloc(room);
    if (s->value && s->bound && s->least && s->more && s->unsure)
        return DT_OK;
    dt_strip_close(s);
    return DT_ERR_MEMORY;
}

void dt_strip_close(dt_strip *s) {
    free(s->value);
    free(s->bound);
    free(s->least);
    free(s->more);
    free(s->unsure);
    *s = (dt_strip){0};
}

void dt_strip_move(dt_strip *s, size_t over, const uint32_t *profile, uint32_t lanes,
                   const unsigned char *wanted) {
    s->over = over;
    s->lanes = lanes;
    s->wanted = wanted;
    memcpy(s->profile, profile, s->targets->game->players * sizeof *s->profile);
    memset(s->ready, 0, sizeof s->ready);
}

/* What a value and its bound leave open. A NaN stays one, and nothing below says that it is worse.
 */
static inline double upper(double value, double bound) {
    double up = value + bound;
    return bound == 0 ? value : up + fabs(up) * 0x1p-51;
}

static inline double lower(double value, double bound) {
    double down = value - bound;
    return bound == 0 ? value : down - fabs(down) * 0x1p-51;
}

/* The most that a player may get; NaN where some payoff is not known. */
static void find_best(dt_strip *s, size_t player) {
    const double *value = s->value + player * s->room, *bound = s->bound + player * s->room;
    double best = -INFINITY, poison = 0;
    for (uint32_t i = 0; i < s->lanes; i++) {
        double up = upper(value[i], bound[i]);
        best = up > best ? up : best;
        poison += up * 0;
    }
    s->best[player] = poison == 0 ? best : NAN;
    s->ready[player] = true;
}

void dt_strip_give(dt_strip *s, size_t player, const double *value, const double *bound) {
    memcpy(s->value + player * s->room, value, s->lanes * sizeof *value);
    memcpy(s->bound + player * s->room, bound, s->lanes * sizeof *bound);
    find_best(s, player);
}

static dt_status compute(dt_strip *s, size_t player) {
    const dt_game *game = s->targets->game;
    uint32_t count[DT_MAX_PLAYERS];
    for (size_t i = 0; i < game->players; i++)
        count[i] = i == s->over ? s->lanes : 1;
    dt_box box = {s->profile, count};
    dt_status status = dt_game_block(game, s->workspace, player, &box, s->value + player * s->room,
                                     s->bound + player * s->room);
    find_best(s, player);
    return status;
}

/* Compares one player's payoffs with the target's; is some lane still as good? */
CLONES static bool compare(dt_strip *s, const dt_target *t, size_t player) {
    const double *restrict value = s->value + player * s->room;
    const double *restrict bound = s->bound + player * s->room;
    unsigned char *restrict least = s->least, *restrict more = s->more;
    unsigned char *restrict unsure = s->unsure;
    double low = t->low[player], high = t->high[player];
    unsigned left = 0;
    for (uint32_t i = 0; i < s->lanes; i++) {
        double up = upper(value[i], bound[i]), down = lower(value[i], bound[i]);
        least[i] = (unsigned char)(least[i] & !(up < low));
        more[i] = (unsigned char)(more[i] | (down > high));
        unsure[i] = (unsigned char)(unsure[i] | !(down >= high));
        left |= least[i];
    }
    return left != 0;
}

/* The lanes that are as good as the target for all, as far as doubles tell. */
static dt_status decide(dt_strip *s, dt_target *t) {
    dt_status status = DT_OK;
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, s->profile, t->players * sizeof *profile);
    for (uint32_t i = 0; i < s->lanes && status == DT_OK && dt_target_open(t); i++) {
        profile[s->over] = s->profile[s->over] + i;
        if (!s->least[i] || dt_profile_index(s->targets->game, profile) == t->profile)
            continue;
        if (s->unsure[i])
            status = dt_target_decide(s->targets, t, s->workspace, profile);
        else if (s->more[i])
            dt_target_found(s->targets, t, DT_TRUE);
    }
    return status;
}

static dt_status test(dt_strip *s, dt_target *t) {
    for (size_t p = 0; p < t->players; p++)
        if (s->ready[p] && s->best[p] < t->low[p])
            return DT_OK;
    if (s->wanted)
        memcpy(s->least, s->wanted, s->lanes);
    else
        memset(s->least, 1, s->lanes);
    memset(s->more, 0, s->lanes);
    memset(s->unsure, 0, s->lanes);
    for (size_t p = 0; p < t->players; p++) {
        dt_status status = s->ready[p] ? DT_OK : compute(s, p);
        if (status != DT_OK || s->best[p] < t->low[p] || !compare(s, t, p))
            return status;
    }
    return decide(s, t);
}

dt_status dt_strip_test(dt_strip *s) {
    dt_status status = DT_OK;
    for (size_t k = 0; k < s->targets->searched && status == DT_OK; k++)
        if (dt_target_open(s->targets->search[k]))
            status = test(s, s->targets->search[k]);
    return status;
}
