/* Candidates for equilibria: elimination of never-best replies, then a scan of what is left.
 */
#include "equilibrium/pure/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/pure/boxes.h"
#include "equilibrium/pure/dense.h"
#include "equilibrium/pure/never_best.h"
#include "equilibrium/pure/threshold.h"
#include "game/rows.h"
#include "game/stages.h"

enum { FEW_PROFILES = 100000 };

void dt_candidates_clear(dt_candidates *c) {
    free(c->profile);
    *c = (dt_candidates){0};
}

dt_status dt_candidates_add(dt_candidates *c, uint64_t profile, size_t most) {
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

static double threshold(const dt_row *row, double slack) {
    double best = -INFINITY;
    for (uint32_t i = 0; i < row->lanes; i++) {
        double low = row->value[i] - row->bound[i];
        best = low > best ? low : best;
    }
    return dt_threshold(best, slack);
}

static bool reaches(const dt_row *row, uint32_t strategy, double t) {
    double high = row->value[strategy] + row->bound[strategy];
    return high + fabs(high) * 0x1p-50 >= t;
}

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

double dt_scan_share(const dt_game *game, size_t player) {
    double alive = 1; /* of the profiles, when the player's turn comes */
    for (size_t i = game->players; i-- > player + 1;)
        alive /= game->player[i].strategies;
    double lanes = game->player[player].strategies, rows = -expm1(lanes * log1p(-alive));
    return (alive < 1 ? rows : 1) + 2 / lanes; /* passing by a row is not free either */
}

static dt_status scan_slab(const dt_game *game, const dt_restriction *slab, double slack,
                           size_t most, dt_stages *stages, dt_diag *diag, dt_candidates *out) {
    uint64_t profiles = dt_restriction_profiles(slab);
    double shares = 0;
    for (size_t i = 0; i < game->players; i++)
        shares += dt_scan_share(game, i);
    scan s = {.slab = slab, .slack = slack, .inner = 1, .alive = malloc(profiles)};
    if (!s.alive)
        return DT_ERR_MEMORY;
    memset(s.alive, 1, profiles);
    dt_status status = DT_OK;
    for (size_t i = game->players; i-- > 0 && status == DT_OK;) {
        s.player = i;
        dt_row_visitor visitor = {.shared = &s, .wanted = row_alive, .row = scan_row};
        dt_control control =
            dt_stages_next(stages, (double)profiles * dt_scan_share(game, i) / shares);
        status = dt_rows_visit(game, slab, i, i, &control, stages->what, diag, &visitor);
        s.inner *= slab->count[i];
        if (!memchr(s.alive, 1, profiles))
            break;
    }
    uint32_t profile[DT_MAX_PLAYERS];
    for (uint64_t k = 0; k < profiles && status == DT_OK && !out->cut; k++) {
        if (!s.alive[k])
            continue;
        uint64_t rest = k;
        for (size_t i = game->players; i-- > 0; rest /= slab->count[i])
            profile[i] = slab->strategy[i][rest % slab->count[i]];
        status = dt_candidates_add(out, dt_profile_index(game, profile), most);
    }
    free(s.alive);
    return status;
}

/* Cuts a box that is too large for one slab along its first player with several strategies. */
static dt_status scan_box(const dt_game *game, const dt_restriction *box, double slack, size_t most,
                          dt_stages *stages, dt_diag *diag, dt_candidates *out) {
    uint64_t profiles = dt_restriction_profiles(box);
    if (profiles <= DT_SLAB_BYTES)
        return scan_slab(game, box, slack, most, stages, diag, out);
    size_t first = 0;
    while (box->count[first] < 2)
        first++;
    uint64_t each = profiles / box->count[first];
    uint32_t piece = each >= DT_SLAB_BYTES ? 1 : (uint32_t)(DT_SLAB_BYTES / each);
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
        status = scan_box(game, &part, slack, most, stages, diag, out);
    }
    return status;
}

dt_way dt_near_way(const dt_game *game) {
    if (dt_dense_applies(game))
        return DT_WAY_DENSE;
    return game->profiles > FEW_PROFILES && dt_boxes_apply(game) ? DT_WAY_BOXES : DT_WAY_ROWS;
}

dt_status dt_near_equilibria(const dt_game *game, double slack, size_t most,
                             const dt_control *control, dt_diag *diag, dt_candidates *out) {
    *out = (dt_candidates){0};
    dt_way way = dt_near_way(game);
    if (way == DT_WAY_DENSE)
        return dt_dense_equilibria(game, slack, most, control, out);
    if (way == DT_WAY_BOXES) {
        bool finished;
        dt_status status = dt_search_boxes(game, slack, most, control, out, &finished);
        if (status != DT_OK || finished)
            return status;
    }
    dt_restriction left;
    dt_status status = dt_restriction_init(&left, game);
    if (status == DT_OK)
        status = dt_eliminate_never_best(game, slack, control, diag, &left);
    if (status == DT_OK) {
        dt_stages stages = {control, "profiles scanned", dt_restriction_profiles(&left), 0, 0};
        status = scan_box(game, &left, slack, most, &stages, diag, out);
    }
    dt_restriction_clear(&left);
    return status;
}
