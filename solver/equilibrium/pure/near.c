/* Candidates for equilibria: elimination of never-best replies, then a scan of what is left.
 *
 * A strategy that is near a best reply to nothing that is left cannot be played in an equilibrium,
 * and striking it out changes no player's best payoff against what is left. Every comparison leaves
 * room for the error bounds, so that nothing is struck out by a rounding. */
#include "equilibrium/pure/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "game/rows.h"

enum { SLAB_BYTES = 1 << 26, FEW_PROFILES = 4096, SAMPLE_ROWS = 256 };

void dt_candidates_clear(dt_candidates *c) {
    free(c->profile);
    *c = (dt_candidates){0};
}

/* What a strategy must reach to be near the best of its row: a lower bound on the best payoff, less
 * the slack, rounded down. */
static double threshold(const dt_row *row, double slack) {
    double best = -INFINITY;
    for (uint32_t i = 0; i < row->lanes; i++) {
        double low = row->value[i] - row->bound[i];
        best = low > best ? low : best;
    }
    double t = best - slack;
    return t - (fabs(best) + slack) * 0x1p-50;
}

static bool reaches(const dt_row *row, uint32_t strategy, double t) {
    double high = row->value[strategy] + row->bound[strategy];
    return high + fabs(high) * 0x1p-50 >= t;
}

/* --- elimination --- */

typedef struct elimination {
    const dt_restriction *left;
    size_t player;
    double slack;
    bool *near; /* by place in left->strategy[player] */
} elimination;

typedef struct near_seen {
    bool *near;
    uint32_t missing; /* strategies not seen near the best */
} near_seen;

static dt_status open_seen(void *shared, void *local) {
    elimination *e = shared;
    near_seen *n = local;
    n->missing = e->left->count[e->player];
    n->near = calloc(n->missing, sizeof *n->near);
    return n->near ? DT_OK : DT_ERR_MEMORY;
}

static dt_status see_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const elimination *e = shared;
    near_seen *n = local;
    double t = threshold(row, e->slack);
    for (uint32_t i = 0; i < e->left->count[e->player]; i++)
        if (!n->near[i] && reaches(row, e->left->strategy[e->player][i], t)) {
            n->near[i] = true;
            n->missing--;
        }
    *enough = n->missing == 0;
    return DT_OK;
}

static dt_status close_seen(void *shared, void *local) {
    elimination *e = shared;
    near_seen *n = local;
    for (uint32_t i = 0; n->near && i < e->left->count[e->player]; i++)
        e->near[i] |= n->near[i];
    free(n->near);
    return DT_OK;
}

/* Which of player's strategies left are ever near a best reply; `sample` looks at some rows only.
 */
static dt_status ever_near(const dt_game *game, const dt_restriction *left, size_t player,
                           double slack, bool sample, const dt_control *control, dt_diag *diag,
                           bool *near, uint32_t *count) {
    elimination e = {left, player, slack, near};
    dt_row_visitor visitor = {.size = sizeof(near_seen),
                              .shared = &e,
                              .open = open_seen,
                              .row = see_row,
                              .close = close_seen};
    if (sample) /* some rows for each strategy: one row shows one best reply, as a rule */
        visitor.sample = SAMPLE_ROWS + 4 * (uint64_t)left->count[player];
    memset(near, 0, left->count[player] * sizeof *near);
    dt_status status =
        dt_rows_visit(game, left, player, player, control,
                      sample ? NULL : "profiles searched for best replies", diag, &visitor);
    *count = 0;
    for (uint32_t i = 0; i < left->count[player]; i++)
        *count += near[i];
    return status;
}

/* Strikes out strategies that are never near a best reply, starting with the player whose sample
 * promises most, until nothing changes. */
static dt_status eliminate(const dt_game *game, double slack, const dt_control *control,
                           dt_diag *diag, dt_restriction *left) {
    uint32_t most = 0;
    for (size_t i = 0; i < game->players; i++)
        most = left->count[i] > most ? left->count[i] : most;
    bool *near = malloc(most * sizeof *near);
    bool done[DT_MAX_PLAYERS] = {false}; /* nothing to strike out since the last change */
    dt_status status = near ? DT_OK : DT_ERR_MEMORY;
    while (status == DT_OK && dt_restriction_profiles(left) > FEW_PROFILES) {
        size_t best = game->players;
        double least = 0.75; /* a pass pays when it promises to strike out a quarter */
        for (size_t i = 0; i < game->players && status == DT_OK; i++) {
            uint32_t count;
            if (done[i] || left->count[i] < 2)
                continue;
            status = ever_near(game, left, i, slack, true, control, diag, near, &count);
            double share = (double)count / left->count[i];
            if (share < least) {
                least = share;
                best = i;
            }
        }
        if (status != DT_OK || best == game->players)
            break;
        uint32_t count;
        status = ever_near(game, left, best, slack, false, control, diag, near, &count);
        if (status != DT_OK)
            break;
        if (count < left->count[best])
            memset(done, 0, sizeof done);
        dt_restriction_keep(left, best, near);
        done[best] = true;
    }
    free(near);
    return status;
}

/* --- scan --- */

typedef struct scan {
    const dt_restriction *slab;
    size_t player;
    double slack;
    uint64_t inner; /* profiles of the players after `player` in the slab */
    unsigned char *alive;
} scan;

/* The place in `alive` of a row's first strategy; the others follow at `inner`. */
static uint64_t row_start(const scan *s, uint64_t row) {
    return row / s->inner * s->inner * s->slab->count[s->player] + row % s->inner;
}

static bool row_alive(void *shared, uint64_t index) {
    const scan *s = shared;
    const unsigned char *alive = s->alive + row_start(s, index);
    for (uint32_t i = 0; i < s->slab->count[s->player]; i++)
        if (alive[i * s->inner])
            return true;
    return false;
}

static dt_status scan_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)local;
    (void)enough;
    const scan *s = shared;
    unsigned char *alive = s->alive + row_start(s, row->index);
    double t = threshold(row, s->slack);
    for (uint32_t i = 0; i < s->slab->count[s->player]; i++)
        if (alive[i * s->inner] && !reaches(row, s->slab->strategy[s->player][i], t))
            alive[i * s->inner] = 0;
    return DT_OK;
}

static dt_status add_candidate(dt_candidates *c, uint64_t profile, size_t most) {
    if (c->count == most) {
        c->cut = true;
        return DT_OK;
    }
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 64;
        uint64_t *grown = realloc(c->profile, room * sizeof *grown);
        if (!grown)
            return DT_ERR_MEMORY;
        c->profile = grown;
        c->room = room;
    }
    c->profile[c->count++] = profile;
    return DT_OK;
}

static dt_status scan_slab(const dt_game *game, const dt_restriction *slab, double slack,
                           size_t most, const dt_control *control, dt_diag *diag,
                           dt_candidates *out) {
    uint64_t profiles = dt_restriction_profiles(slab);
    scan s = {.slab = slab, .slack = slack, .inner = 1, .alive = malloc(profiles)};
    if (!s.alive)
        return DT_ERR_MEMORY;
    memset(s.alive, 1, profiles);
    dt_status status = DT_OK;
    for (size_t i = game->players; i-- > 0 && status == DT_OK;) {
        s.player = i;
        dt_row_visitor visitor = {.shared = &s, .wanted = row_alive, .row = scan_row};
        status = dt_rows_visit(game, slab, i, i, control, "profiles scanned", diag, &visitor);
        s.inner *= slab->count[i];
    }
    uint32_t profile[DT_MAX_PLAYERS];
    for (uint64_t k = 0; k < profiles && status == DT_OK && !out->cut; k++) {
        if (!s.alive[k])
            continue;
        uint64_t rest = k;
        for (size_t i = game->players; i-- > 0; rest /= slab->count[i])
            profile[i] = slab->strategy[i][rest % slab->count[i]];
        status = add_candidate(out, dt_profile_index(game, profile), most);
    }
    free(s.alive);
    return status;
}

/* Cuts a box that is too large for one slab along its first player with several strategies. */
static dt_status scan_box(const dt_game *game, const dt_restriction *box, double slack, size_t most,
                          const dt_control *control, dt_diag *diag, dt_candidates *out) {
    uint64_t profiles = dt_restriction_profiles(box);
    if (profiles <= SLAB_BYTES)
        return scan_slab(game, box, slack, most, control, diag, out);
    size_t first = 0;
    while (box->count[first] < 2)
        first++;
    uint64_t each = profiles / box->count[first];
    uint32_t piece = each >= SLAB_BYTES ? 1 : (uint32_t)(SLAB_BYTES / each);
    uint32_t count[DT_MAX_PLAYERS];
    uint32_t *strategy[DT_MAX_PLAYERS];
    memcpy(count, box->count, box->players * sizeof *count);
    memcpy(strategy, box->strategy, box->players * sizeof *strategy);
    dt_restriction part = {box->players, count, strategy};
    dt_status status = DT_OK;
    for (uint32_t at = 0; at < box->count[first] && status == DT_OK && !out->cut; at += piece) {
        uint32_t rest = box->count[first] - at;
        count[first] = rest < piece ? rest : piece;
        strategy[first] = box->strategy[first] + at;
        status = scan_box(game, &part, slack, most, control, diag, out);
    }
    return status;
}

dt_status dt_near_equilibria(const dt_game *game, double slack, size_t most,
                             const dt_control *control, dt_diag *diag, dt_candidates *out) {
    *out = (dt_candidates){0};
    dt_restriction left;
    dt_status status = dt_restriction_init(&left, game);
    if (status == DT_OK)
        status = eliminate(game, slack, control, diag, &left);
    if (status == DT_OK)
        status = scan_box(game, &left, slack, most, control, diag, out);
    dt_restriction_clear(&left);
    return status;
}
