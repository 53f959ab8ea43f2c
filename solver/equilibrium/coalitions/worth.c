/* What each coalition is worth: see worth.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/worth.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "equilibrium/security/guarantee.h"
#include "game/team.h"
#include "lp/lp.h"

/* Games of up to so many profiles are solved a coalition a thread; larger ones one after the other,
 * with all threads on each. */
enum { SMALL_GAME = 100000 };

static void set_ball(dt_worth *out, uint32_t coalition, const arb_t ball) {
    arf_t end;
    arf_init(end);
    arf_get_fmpq(out->game.worth + coalition, arb_midref(ball));
    arf_set_mag(end, arb_radref(ball));
    arf_get_fmpq(out->radius + coalition, end);
    arf_clear(end);
    out->ball[coalition] = true;
}

/* One coalition's worth. It writes to its own entries alone. */
static dt_status find_one(const dt_game *game, uint32_t coalition, const dt_control *control,
                          dt_diag *diag, dt_worth *out) {
    dt_guarantee guarantee;
    dt_status status = dt_guarantee_find(game, coalition, control, diag, &guarantee);
    if (status == DT_OK && guarantee.exact)
        fmpq_set(out->game.worth + coalition, guarantee.value);
    else if (status == DT_OK)
        set_ball(out, coalition, guarantee.ball);
    dt_guarantee_clear(&guarantee);
    if (status == DT_OK && !isfinite(dt_fmpq_double(out->game.worth + coalition, NULL))) {
        char name[256];
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "coalitions: what %s can secure is beyond the range of a double",
                    dt_team_name(game, coalition, name, sizeof name));
        status = DT_ERR_INPUT;
    }
    return status;
}

static void report(const dt_control *control, uint64_t done, uint64_t total) {
    if (control && control->progress)
        control->progress(control->user, "coalitions solved", done, total);
}

/* A coalition a thread. The threads say nothing: the first coalition that failed is solved once
 * more for the message. */
static dt_status find_together(const dt_solve_call *call, dt_worth *out) {
    const dt_game *game = call->game;
    uint64_t end = UINT64_C(1) << game->players, next = 1, done = 0, failed = end;
    dt_control quiet = {.threads = 1, .stop = call->control ? call->control->stop : NULL};
    int threads = call->control && call->control->threads > 0 ? call->control->threads
                                                              : omp_get_max_threads();
    if ((uint64_t)threads >= end)
        threads = (int)end - 1;
    bool stopped = false;
    report(call->control, 0, end - 1);
#pragma omp parallel num_threads(threads)
    {
        for (;;) {
            uint64_t coalition, first_failed;
            bool enough;
#pragma omp atomic capture
            coalition = next++;
#pragma omp atomic read
            first_failed = failed;
#pragma omp atomic read
            enough = stopped;
            if (coalition >= end || coalition > first_failed || enough)
                break;
            dt_status status = find_one(game, (uint32_t)coalition, &quiet, NULL, out);
            if (status == DT_ERR_INTERRUPTED) {
#pragma omp atomic write
                stopped = true;
            } else if (status != DT_OK) {
#pragma omp critical(dt_worth_failed)
                if (coalition < failed) {
#pragma omp atomic write
                    failed = coalition;
                }
            }
            uint64_t now;
#pragma omp atomic capture
            now = ++done;
            if (omp_get_thread_num() == 0)
                report(call->control, now, end - 1);
        }
        if (omp_get_thread_num() != 0) {
            dt_lp_thread_end();
            flint_cleanup();
        }
    }
    if (stopped)
        return DT_ERR_INTERRUPTED;
    return failed < end ? find_one(game, (uint32_t)failed, &quiet, call->diag, out) : DT_OK;
}

static dt_status find_in_turn(const dt_solve_call *call, dt_worth *out) {
    uint32_t end = UINT32_C(1) << call->game->players;
    dt_status status = DT_OK;
    for (uint32_t c = 1; c < end && status == DT_OK; c++)
        status = find_one(call->game, c, call->control, call->diag, out);
    return status;
}

dt_status dt_coalition_players(const dt_game *game, const char *concept_name, dt_place place,
                               dt_diag *diag) {
    if (game->players <= DT_MOST_COALITION_PLAYERS)
        return DT_OK;
    dt_diag_add(diag, DT_ERROR, place,
                "%s looks at every coalition and takes at most %d players, not %zu; pure-nash and "
                "maximin take any number",
                concept_name, DT_MOST_COALITION_PLAYERS, game->players);
    return DT_ERR_INPUT;
}

dt_status dt_worth_init(dt_worth *out, size_t players) {
    *out = (dt_worth){0};
    fmpq_init(out->most);
    dt_status status = dt_coalition_game_init(&out->game, players);
    if (status != DT_OK)
        return status;
    out->radius = _fmpq_vec_init((slong)1 << players);
    out->ball = calloc((size_t)1 << players, sizeof *out->ball);
    return out->ball ? DT_OK : DT_ERR_MEMORY;
}

dt_status dt_worth_find(const dt_solve_call *call, dt_worth *out) {
    const dt_game *game = call->game;
    dt_status status = dt_worth_init(out, game->players);
    if (status == DT_OK)
        status = game->profiles <= SMALL_GAME ? find_together(call, out) : find_in_turn(call, out);
    dt_lp_thread_end();
    for (size_t c = 0; status == DT_OK && c < (size_t)1 << game->players; c++)
        if (fmpq_cmp(out->radius + c, out->most) > 0)
            fmpq_set(out->most, out->radius + c);
    return status;
}

void dt_worth_clear(dt_worth *worth) {
    if (worth->radius)
        _fmpq_vec_clear(worth->radius, (slong)1 << worth->game.players);
    free(worth->ball);
    dt_coalition_game_clear(&worth->game);
    fmpq_clear(worth->most);
    worth->radius = NULL;
    worth->ball = NULL;
}
