/* deterra check: what a config declares, and what solving it will take. */
#include <stdio.h>

#include "cli/check.h"
#include "cli/document.h"

enum { MOST_LEVELS = 12 }; /* listed of a move */

/* "82 MB" */
static const char *bytes_text(double bytes, char *buffer, size_t size) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1000;
        unit++;
    }
    snprintf(buffer, size, "%.*f %s", bytes < 10 && unit ? 1 : 0, bytes, units[unit]);
    return buffer;
}

static void list_players(cli_document *d, const dt_game *game) {
    size_t rows = 0;
    for (size_t i = 0; i < game->players; i++)
        rows += game->player[i].moves;
    dt_table *t = cli_table_add(d, "players", "Players and moves", rows);
    cli_column(d, t, "player", DT_LEFT);
    cli_column(d, t, "strategies", DT_RIGHT);
    cli_column(d, t, "move", DT_LEFT);
    cli_column(d, t, "levels", DT_LEFT);
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++) {
            const dt_move *move = &game->player[i].move[m];
            dt_cell *row = cli_row(d, t);
            if (!row)
                return;
            row[0] = cli_text(d, "%s", game->player[i].name);
            row[1] = cli_number(game->player[i].strategies);
            row[0].repeated = row[1].repeated = m > 0;
            row[2] = cli_text(d, "%s", move->name);
            const char *levels = "";
            for (uint32_t l = 0; l < move->levels && l < MOST_LEVELS && levels; l++) {
                char value[32];
                dt_exact x;
                dt_exact_init(&x);
                dt_exact_set_fmpq(&x, &move->value[l]);
                dt_format_double(dt_exact_double(NULL, &x, NULL), value);
                dt_exact_clear(&x);
                levels = dt_arena_format(d->arena, "%s%s%s = %s", levels, l ? ", " : "",
                                         move->label[l], value);
            }
            row[3] =
                cli_text(d, "%s%s", levels ? levels : "", move->levels > MOST_LEVELS ? ", …" : "");
            d->failed = d->failed || !levels;
        }
}

static void list_size(cli_document *d, const dt_game *game) {
    dt_table *t = cli_table_add(d, "size", "Size", 4);
    cli_column(d, t, "quantity", DT_LEFT);
    cli_column(d, t, "value", DT_RIGHT);
    uint64_t shared, workspace, lanes = 0;
    for (size_t i = 0; i < game->players; i++)
        lanes = game->player[i].strategies > lanes ? game->player[i].strategies : lanes;
    game->model->memory(game->self, lanes, &shared, &workspace);
    const char *quantity[4] = {"profiles", "payoffs", "memory of the game", "memory per thread"};
    char value[4][64] = {{0}};
    snprintf(value[1], sizeof value[1], "%s%s", game->model->kind,
             game->model->rational(game->self) ? ", all rational" : ", some irrational");
    bytes_text((double)shared, value[2], sizeof value[2]);
    bytes_text((double)workspace, value[3], sizeof value[3]);
    for (size_t i = 0; i < 4; i++) {
        dt_cell *row = cli_row(d, t);
        if (!row)
            return;
        row[0] = cli_text(d, "%s", quantity[i]);
        row[1] = i ? cli_text(d, "%s", value[i]) : cli_number((double)game->profiles);
    }
}

static size_t count_leaves(const dt_parameter *p) {
    size_t leaves = p->children == 0;
    for (size_t i = 0; i < p->children; i++)
        leaves += count_leaves(&p->child[i]);
    return leaves;
}

/* A parameter's row, or those of a table's leaves: share[US][CN]. */
static void list_leaves(cli_document *d, dt_table *t, const dt_parameter *p, const char *name) {
    for (size_t i = 0; i < p->children && name; i++)
        list_leaves(d, t, &p->child[i],
                    dt_arena_format(d->arena, "%s[%s]", name, p->child[i].name));
    d->failed = d->failed || !name;
    dt_cell *row = p->children ? NULL : cli_row(d, t);
    if (!row)
        return;
    row[0] = cli_text(d, "%s", name);
    row[1] = cli_rational(d, &p->value);
    if (p->has_range) {
        row[2] = cli_rational(d, &p->low);
        row[3] = cli_rational(d, &p->high);
    }
    row[4] = cli_text(d, "%s", p->unit ? p->unit : "");
    row[5] = cli_text(d, "%s", p->source ? p->source : "");
}

static void list_parameters(cli_document *d, const dt_scenario *scenario) {
    size_t rows = 0;
    for (size_t i = 0; i < scenario->parameters; i++)
        rows += count_leaves(&scenario->parameter[i]);
    dt_table *t = cli_table_add(d, "parameters", "Parameters", rows);
    cli_column(d, t, "parameter", DT_LEFT);
    cli_column(d, t, "value", DT_DECIMAL);
    cli_column(d, t, "low", DT_DECIMAL);
    cli_column(d, t, "high", DT_DECIMAL);
    cli_column(d, t, "unit", DT_LEFT);
    cli_column(d, t, "source", DT_LEFT);
    for (size_t i = 0; i < scenario->parameters; i++)
        list_leaves(d, t, &scenario->parameter[i], scenario->parameter[i].name);
}

static void list_concepts(cli_document *d, const dt_scenario *scenario, const dt_game *game) {
    dt_table *t = cli_table_add(d, "concepts", "To solve for", scenario->concepts);
    cli_column(d, t, "concept", DT_LEFT);
    cli_column(d, t, "settings", DT_LEFT);
    cli_column(d, t, "payoffs to compute, at most about", DT_RIGHT);
    cli_column(d, t, "memory, at most about", DT_RIGHT);
    for (size_t i = 0; i < scenario->concepts; i++) {
        const dt_concept_request *request = &scenario->concept_request[i];
        const dt_concept *concept = dt_concept_find(request->name);
        dt_cell *row = cli_row(d, t);
        if (!row || !concept)
            return;
        char number[64];
        const char *settings = "";
        for (size_t k = 0; k < request->settings && settings; k++)
            settings = dt_arena_format(d->arena, "%s%s%s=%s", settings, k ? ", " : "",
                                       request->setting[k].key, request->setting[k].text);
        row[0] = cli_text(d, "%s", concept->name);
        row[1] = cli_text(d, "%s", settings ? settings : "");
        if (concept->work)
            row[2] = cli_text(d, "%.3g", concept->work(game));
        if (concept->memory)
            row[3] = cli_text(d, "%s", bytes_text(concept->memory(game), number, sizeof number));
    }
}

/* All tables, then the times. */
static int write_check(const cli_options *options, cli_game *g, const dt_frame *frame) {
    cli_document d;
    if (!cli_document_open(&d, g->scenario->title, g->scenario->sha256))
        return DT_EXIT_FAILED;
    list_players(&d, g->game);
    list_size(&d, g->game);
    if (options->parameters)
        list_parameters(&d, g->scenario);
    if (g->scenario->concepts)
        list_concepts(&d, g->scenario, g->game);
    if (frame)
        cli_list_sweep(&d, frame);
    if (options->plan)
        cli_list_plan(&d, g->game);
    int exit_status = d.failed ? DT_EXIT_FAILED : cli_write_document(options, &d.document);
    if (exit_status == DT_EXIT_OK && !options->quiet)
        exit_status = cli_print_time(options, g);
    if (exit_status == DT_EXIT_OK && !options->quiet && frame)
        exit_status = cli_print_sweep_time(options, frame);
    cli_document_close(&d);
    return exit_status;
}

static int run(const cli_options *options) {
    cli_game g;
    int exit_status = cli_open_all(options, &g);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    dt_sweep *sweep = NULL;
    dt_frame frame = {0};
    dt_status status = DT_OK;
    bool has_sweep = g.scenario->sweep.given;
    if (has_sweep)
        status = dt_sweep_new(g.scenario, g.diag, &sweep);
    if (status == DT_OK && has_sweep)
        status = dt_frame_init(&frame, sweep, g.diag);
    exit_status = status == DT_OK ? write_check(options, &g, has_sweep ? &frame : NULL)
                                  : cli_report(&g, status);
    dt_frame_clear(&frame);
    dt_sweep_free(sweep);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_check = {
    .name = "check",
    .summary = "say what a config declares, and what solving it will take",
    .operand = "CONFIG|GAME.nfg",
    .help = "Reads CONFIG, reports all its errors at once, and prints players, moves, sizes, the "
            "design\n"
            "of its sweep, and the memory and time to expect, before anything is solved.\n\n"
            "example: deterra check configs/rare_earth/baseline.cfg\n"
            "         deterra check configs/rare_earth/coarse.cfg --show-plan\n",
    .options =
        CLI_SET | CLI_CONCEPT | CLI_FORMAT | CLI_OUTPUT | CLI_THREADS | CLI_PARAMETERS | CLI_PLAN,
    .run = run,
};
