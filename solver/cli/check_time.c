/* deterra check: how long solving will take. The time depends on the machine: it goes to stderr, so
 * that the output does not. */
#include <omp.h>
#include <stdio.h>

#include "cli/check.h"
#include "game/pace.h"

/* The work itself is tried for a second; where that is not enough, half a second of it tells. */
static const double TRIAL = 1, SAMPLE = 0.5, MOST_BYTES = 1e9;

/* What is wrong is left to `deterra solve` to say: all of this complains to nobody. */
typedef struct timing {
    const cli_game *g;
    dt_control control;
    int threads;
    dt_diag *diag;
} timing;

static void say(const timing *t, const char *what, double seconds, const char *estimated,
                const char *how) {
    char time[32];
    fprintf(stderr, "deterra: %s: about %s expected with %d thread%s (%s%s)\n", what,
            cli_duration(seconds, time, sizeof time), t->threads, t->threads == 1 ? "" : "s",
            estimated, how);
}

/* That all payoffs exist is checked before anything is solved. DT_ERR_INTERRUPTED: not checked. */
static dt_status time_verify(const timing *t) {
    static const char what[] = "checking that all payoffs exist";
    const dt_game *game = t->g->game;
    double started = cli_now();
    cli_alarm(TRIAL);
    dt_status status = dt_game_verify(game, &t->control, t->diag);
    cli_alarm(0);
    double seconds = cli_now() - started;
    if (status == DT_OK && seconds > 0.1)
        say(t, what, seconds, "", "done once to see");
    double pace;
    if (status != DT_ERR_INTERRUPTED || cli_stop_asked() ||
        dt_rows_pace(game, &t->control, SAMPLE, t->diag, &pace) != DT_OK)
        return status;
    seconds = 0;
    for (size_t i = 0; i < game->players; i++)
        if (!game->model->total(game->self, i))
            seconds += pace * (double)game->profiles;
    say(t, what, seconds, "estimated from ", "payoffs");
    return status;
}

/* Solves for a second and forgets what was found. */
static dt_status try_concept(const timing *t, const dt_concept_request *request, double *seconds) {
    dt_result_list *results = dt_result_list_new();
    dt_solve_call call = {t->g->game, request, &t->control, t->diag, results};
    double started = cli_now();
    cli_alarm(TRIAL);
    dt_status status = results ? dt_solve(&call) : DT_ERR_MEMORY;
    cli_alarm(0);
    *seconds = cli_now() - started;
    dt_result_list_free(results);
    return status;
}

static void time_concept(const timing *t, const dt_concept_request *request, bool verified) {
    const dt_concept *concept = dt_concept_find(request->name);
    bool fits = !concept->memory || concept->memory(t->g->game) < MOST_BYTES;
    double seconds;
    dt_status status = DT_ERR_INTERRUPTED;
    if (verified && fits)
        status = try_concept(t, request, &seconds);
    if (status == DT_OK) {
        say(t, request->name, seconds, "", "solved once to see");
        return;
    }
    if (status == DT_ERR_INTERRUPTED && !cli_stop_asked()) {
        dt_forecast forecast;
        dt_solve_call call = {t->g->game, request, &t->control, t->diag, NULL};
        status = dt_solve_expect(&call, SAMPLE, &forecast);
        if (status == DT_OK)
            say(t, request->name, forecast.seconds, "estimated from ", forecast.how);
    }
    if (status != DT_OK && status != DT_ERR_INTERRUPTED)
        fprintf(stderr, "deterra: %s: no time to tell: it will fail, deterra solve says why\n",
                request->name);
}

int cli_print_time(const cli_options *options, const cli_game *g) {
    if (!g->scenario->concepts)
        return DT_EXIT_OK;
    timing t = {.g = g, .control = cli_control(options), .diag = dt_diag_new()};
    t.control.progress = NULL; /* a trial is soon over */
    t.threads = options->threads ? options->threads : omp_get_max_threads();
    dt_status status = t.diag ? time_verify(&t) : DT_ERR_MEMORY;
    if (status == DT_ERR_INPUT)
        fputs("deterra: no time to tell: not all payoffs exist, deterra solve says which\n",
              stderr);
    bool go_on = status == DT_OK || status == DT_ERR_INTERRUPTED;
    for (size_t i = 0; i < g->scenario->concepts && go_on && !cli_stop_asked(); i++)
        time_concept(&t, &g->scenario->concept_request[i], status == DT_OK);
    dt_diag_free(t.diag);
    if (cli_stop_asked())
        fputs("deterra: interrupted\n", stderr);
    return cli_stop_asked() ? DT_EXIT_INTERRUPTED : DT_EXIT_OK;
}
