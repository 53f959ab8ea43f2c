/* deterra explain: why a profile is, or is not, an equilibrium. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/document.h"

/* One deviation of one player. */
typedef struct deviation {
    uint32_t strategy;
    dt_exact payoff, gain;
    double sort; /* the gain as a double, for the order only */
    dt_sign sign;
} deviation;

typedef struct explanation {
    cli_game *g;
    const dt_game *game;
    dt_workspace *workspace;
    dt_exact_context *context;
    cli_document document;
    uint32_t profile[DT_MAX_PLAYERS];
    bool gains, undecided, ties, irrational;
} explanation;

static int by_gain(const void *a, const void *b) {
    const deviation *x = a, *y = b;
    if (x->sort != y->sort)
        return x->sort > y->sort ? -1 : 1;
    return x->strategy < y->strategy ? -1 : x->strategy > y->strategy;
}

/* "subsidy: off → half, export_control: none → full"; NULL when out of memory. */
static const char *describe(explanation *e, size_t player, uint32_t to) {
    const dt_player *p = &e->game->player[player];
    const char *text = "";
    for (size_t m = 0; m < p->moves && text; m++) {
        const char *a = dt_strategy_label(e->game, player, e->profile[player], m);
        const char *b = dt_strategy_label(e->game, player, to, m);
        if (strcmp(a, b) != 0)
            text = dt_arena_format(e->document.arena, "%s%s%s: %s → %s", text, *text ? ", " : "",
                                   p->move[m].name, a, b);
    }
    return text;
}

static const char *verdict_of(dt_sign sign) {
    switch (sign) {
    case DT_POSITIVE: return "gains";
    case DT_ZERO: return "the same";
    case DT_NEGATIVE: return "loses";
    case DT_UNDECIDED: break;
    }
    return "undecided";
}

/* All deviations of a player, the best first. */
static dt_status compute(explanation *e, size_t player, dt_exact *here, deviation *list,
                         uint32_t *count) {
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, e->profile, e->game->players * sizeof *at);
    dt_status status = dt_game_exact(e->game, e->workspace, player, e->profile, here, e->g->diag);
    *count = 0;
    for (uint32_t s = 0; s < e->game->player[player].strategies && status == DT_OK; s++) {
        if (s == e->profile[player])
            continue;
        deviation *d = &list[(*count)++];
        d->strategy = at[player] = s;
        dt_exact_init(&d->payoff);
        dt_exact_init(&d->gain);
        status = dt_game_exact(e->game, e->workspace, player, at, &d->payoff, e->g->diag);
        if (status != DT_OK)
            break;
        if (dt_exact_sub(&d->gain, &d->payoff, here) != DT_EXACT_OK)
            status = DT_ERR_MEMORY;
        d->sort = dt_exact_double(e->context, &d->gain, NULL);
        d->sign = dt_exact_sign(e->context, &d->gain);
        e->gains |= d->sign == DT_POSITIVE;
        e->ties |= d->sign == DT_ZERO;
        e->undecided |= d->sign == DT_UNDECIDED;
        e->irrational |= !dt_exact_is_rational(&d->payoff) || !dt_exact_is_rational(here);
    }
    qsort(list, *count, sizeof *list, by_gain);
    return status;
}

/* A table for one player: `name`_PLAYER, titled "title PLAYER". */
static dt_table *named_table(explanation *e, const char *name, const char *title, size_t player,
                             size_t rows) {
    dt_arena *arena = e->document.arena;
    const char *who = e->game->player[player].name;
    const char *full = dt_arena_format(arena, "%s_%s", name, who);
    const char *line = dt_arena_format(arena, "%s %s", title, who);
    e->document.failed = e->document.failed || !full || !line;
    return e->document.failed ? NULL : cli_table_add(&e->document, full, line, rows);
}

static void list_deviations(explanation *e, size_t player, const dt_exact *here,
                            const deviation *list, uint32_t count) {
    cli_document *d = &e->document;
    dt_table *t = named_table(e, "deviations", "Deviations of", player, (size_t)count + 1);
    cli_column(d, t, "deviation", DT_LEFT);
    cli_column(d, t, "payoff", DT_DECIMAL);
    cli_column(d, t, "gain", DT_DECIMAL);
    cli_column(d, t, "verdict", DT_LEFT);
    dt_cell *row = cli_row(d, t);
    if (row) {
        row[0] = cli_text(d, "stay");
        row[1] = cli_exact(d, e->context, here);
    }
    for (uint32_t i = 0; i < count && (row = cli_row(d, t)); i++) {
        row[0].text = describe(e, player, list[i].strategy);
        d->failed = d->failed || !row[0].text;
        row[1] = cli_exact(d, e->context, &list[i].payoff);
        row[2] = cli_exact(d, e->context, &list[i].gain);
        row[3] = cli_text(d, "%s", verdict_of(list[i].sign));
    }
}

/* Rows for the parts that differ; both lists come from the same model, in the same order, but each
 * leaves out what has no value there. */
static void compare_parts(explanation *e, dt_table *t, const char *kind, const dt_parts *here,
                          const dt_parts *there) {
    cli_document *d = &e->document;
    dt_exact difference;
    dt_exact_init(&difference);
    for (size_t i = 0, j = 0; i < here->count; i++) {
        const dt_part *a = &here->part[i], *b = NULL;
        for (size_t k = j; k < there->count && !b; k++)
            if (there->part[k].label == a->label) {
                b = &there->part[k];
                j = k + 1;
            }
        if (!b || dt_exact_sub(&difference, &b->value, &a->value) != DT_EXACT_OK ||
            dt_exact_sign(e->context, &difference) == DT_ZERO)
            continue;
        dt_cell *row = cli_row(d, t);
        if (!row)
            break;
        row[0] = cli_text(d, "%s", kind);
        row[1] = cli_text(d, "%s", a->label);
        row[2] = cli_exact(d, e->context, &a->value);
        row[3] = cli_exact(d, e->context, &b->value);
        row[4] = cli_exact(d, e->context, &difference);
        row[5] = cli_text(d, "%s", a->unit ? a->unit : "");
    }
    dt_exact_clear(&difference);
}

/* The terms and definitions behind the difference that a deviation makes. */
static dt_status list_reasons(explanation *e, size_t player, const deviation *best) {
    const dt_model_ops *model = e->game->model;
    if (!model->terms || !model->definitions)
        return DT_OK;
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, e->profile, e->game->players * sizeof *at);
    at[player] = best->strategy;
    dt_parts terms[2] = {{0}, {0}}, definitions[2] = {{0}, {0}};
    dt_payoff_fault fault;
    dt_status status = DT_OK;
    for (int k = 0; k < 2 && status == DT_OK; k++) {
        const uint32_t *profile = k ? at : e->profile;
        status = model->terms(e->game->self, e->workspace, player, profile, &terms[k], &fault);
        if (status == DT_OK)
            status =
                model->definitions(e->game->self, e->workspace, player, profile, &definitions[k]);
    }
    if (status == DT_OK) {
        cli_document *d = &e->document;
        dt_table *t = named_table(e, "reasons", "Behind the best deviation of", player,
                                  terms[0].count + definitions[0].count);
        const char *move = describe(e, player, best->strategy);
        d->failed = d->failed || !move;
        if (t && move)
            t->title = dt_arena_format(d->arena, "%s (%s)", t->title, move);
        cli_column(d, t, "part", DT_LEFT);
        cli_column(d, t, "name", DT_LEFT);
        cli_column(d, t, "here", DT_DECIMAL);
        cli_column(d, t, "after", DT_DECIMAL);
        cli_column(d, t, "change", DT_DECIMAL);
        cli_column(d, t, "unit", DT_LEFT);
        compare_parts(e, t, "term", &terms[0], &terms[1]);
        compare_parts(e, t, "definition", &definitions[0], &definitions[1]);
        if (t && t->rows == 0) /* nothing differs: the deviation changes nothing that is named */
            d->document.tables--;
    }
    for (int k = 0; k < 2; k++) {
        dt_parts_clear(&terms[k]);
        dt_parts_clear(&definitions[k]);
    }
    return status;
}

static dt_status explain_player(explanation *e, size_t player) {
    uint32_t strategies = e->game->player[player].strategies, count = 0;
    deviation *list = calloc(strategies, sizeof *list);
    if (!list)
        return DT_ERR_MEMORY;
    dt_exact here;
    dt_exact_init(&here);
    dt_status status = compute(e, player, &here, list, &count);
    if (status == DT_OK) {
        list_deviations(e, player, &here, list, count);
        if (count)
            status = list_reasons(e, player, &list[0]);
    }
    for (uint32_t i = 0; i < count; i++) {
        dt_exact_clear(&list[i].payoff);
        dt_exact_clear(&list[i].gain);
    }
    dt_exact_clear(&here);
    free(list);
    return status;
}

/* The first table: what the profile is, and the verdict below it, filled in at the end. */
static dt_table *list_profile(explanation *e) {
    cli_document *d = &e->document;
    size_t rows = 0;
    for (size_t i = 0; i < e->game->players; i++)
        rows += e->game->player[i].moves;
    dt_table *t = cli_table_add(d, "profile", "The profile", rows);
    cli_column(d, t, "player", DT_LEFT);
    cli_column(d, t, "move", DT_LEFT);
    cli_column(d, t, "level", DT_LEFT);
    for (size_t i = 0; i < e->game->players; i++)
        for (size_t m = 0; m < e->game->player[i].moves; m++) {
            dt_cell *row = cli_row(d, t);
            if (!row)
                return t;
            row[0] = cli_text(d, "%s", e->game->player[i].name);
            row[0].repeated = m > 0;
            row[1] = cli_text(d, "%s", e->game->player[i].move[m].name);
            row[2] = cli_text(d, "%s", dt_strategy_label(e->game, i, e->profile[i], m));
        }
    return t;
}

static void conclude(explanation *e, dt_table *t) {
    const char *proof = e->undecided    ? "numeric (some comparison is undecided)"
                        : e->irrational ? "ball (every comparison is decided by ball arithmetic)"
                                        : "exact (all payoffs are rational)";
    const char *verdict = e->gains ? "Not an equilibrium: some player gains by deviating."
                          : e->undecided
                              ? "Perhaps an equilibrium: not every comparison is decided."
                          : e->ties ? "A pure Nash equilibrium, weak: some deviation gives the "
                                      "same payoff."
                                    : "A strict pure Nash equilibrium: every deviation loses.";
    cli_note(&e->document, t, "%s", verdict);
    cli_note(&e->document, t, "Certificate: %s.", proof);
}

static dt_status explain(explanation *e) {
    dt_table *t = list_profile(e);
    dt_status status = t ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < e->game->players && status == DT_OK; i++)
        status = explain_player(e, i);
    if (status == DT_OK)
        conclude(e, t);
    return status == DT_OK && e->document.failed ? DT_ERR_MEMORY : status;
}

static int run(const cli_options *options) {
    if (!options->profile) {
        fputs("deterra explain: --profile is missing\nTry `deterra explain --help`.\n", stderr);
        return DT_EXIT_USAGE;
    }
    cli_game g;
    int exit_status = cli_open(options, &g);
    if (exit_status != DT_EXIT_OK)
        return exit_status;
    explanation e = {.g = &g, .game = g.game};
    bool all_named = true;
    dt_status status = dt_profile_parse(g.game, options->profile, g.diag, e.profile, &all_named);
    if (status == DT_OK) {
        e.workspace = dt_workspace_new(g.game);
        e.context = e.workspace ? dt_game_context(g.game, e.workspace) : NULL;
        bool open = cli_document_open(&e.document, g.scenario->title, g.scenario->sha256);
        status = e.context && open ? explain(&e) : DT_ERR_MEMORY;
    }
    if (status == DT_OK && !all_named && !options->quiet)
        fputs("deterra: moves that --profile does not name stand at their first feasible level\n",
              stderr);
    if (status == DT_OK)
        exit_status = cli_write_document(options, &e.document.document);
    else
        exit_status = cli_report(&g, status);
    cli_document_close(&e.document);
    dt_workspace_free(g.game, e.workspace);
    cli_close(&g);
    return exit_status;
}

const cli_command cli_explain = {
    .name = "explain",
    .summary = "say why a profile is, or is not, an equilibrium",
    .operand = "CONFIG|GAME.nfg",
    .help =
        "Prints every player's payoff at a profile and after each deviation, and, for formula\n"
        "games, the terms and definitions behind the best deviation. Moves that --profile does\n"
        "not name stand at their first feasible level.\n\n"
        "example: deterra explain configs/classics/chicken.cfg \\\n"
        "             --profile \"Row.choice=dare,Column.choice=swerve\"\n",
    .options = CLI_SET | CLI_FORMAT | CLI_OUTPUT | CLI_PROFILE,
    .run = run,
};
