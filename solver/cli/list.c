/* deterra list: concepts and models. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/document.h"

static void list_concepts(cli_document *d) {
    size_t settings = 0;
    dt_table *t = cli_table_add(d, "concepts", "Solution concepts", dt_concept_count());
    cli_column(d, t, "concept", DT_LEFT);
    cli_column(d, t, "what it is", DT_LEFT);
    for (size_t i = 0; i < dt_concept_count(); i++) {
        const dt_concept *concept = dt_concept_at(i);
        dt_cell *row = cli_row(d, t);
        if (!row)
            return;
        row[0] = cli_text(d, "%s", concept->name);
        row[1] = cli_text(d, "%s", concept->summary);
        for (const dt_key *k = concept->keys; k->name; k++)
            settings++;
    }
    t = cli_table_add(d, "settings", "Their settings", settings);
    cli_column(d, t, "concept", DT_LEFT);
    cli_column(d, t, "setting", DT_LEFT);
    cli_column(d, t, "values", DT_LEFT);
    cli_column(d, t, "what it is", DT_LEFT);
    for (size_t i = 0; i < dt_concept_count(); i++)
        for (const dt_key *k = dt_concept_at(i)->keys; k->name; k++) {
            dt_cell *row = cli_row(d, t);
            if (!row)
                return;
            row[0] = cli_text(d, "%s", dt_concept_at(i)->name);
            row[0].repeated = k != dt_concept_at(i)->keys;
            row[1] = cli_text(d, "%s", k->name);
            row[2] = cli_text(d, "%s%s",
                              k->kind != DT_KEY_WORD ? "number"
                              : k->words             ? k->words
                                                     : "word",
                              k->required ? ", required" : "");
            row[3] = cli_text(d, "%s", k->summary);
        }
}

static void list_models(cli_document *d) {
    dt_table *t =
        cli_table_add(d, "models", "Kinds of payoffs (payoffs.kind)", dt_model_kind_count());
    cli_column(d, t, "kind", DT_LEFT);
    cli_column(d, t, "what it is", DT_LEFT);
    for (size_t i = 0; i < dt_model_kind_count(); i++) {
        dt_cell *row = cli_row(d, t);
        if (!row)
            return;
        row[0] = cli_text(d, "%s", dt_model_kind_name(i));
        row[1] = cli_text(d, "%s", dt_model_kind_summary(i));
    }
}

static int run(const cli_options *options) {
    bool concepts = strcmp(options->config, "concepts") == 0;
    if (!concepts && strcmp(options->config, "models") != 0) {
        fprintf(stderr, "deterra list: `concepts` or `models` expected, not `%s`\n",
                options->config);
        return DT_EXIT_USAGE;
    }
    cli_document d;
    if (!cli_document_open(&d, "deterra", NULL))
        return DT_EXIT_FAILED;
    if (concepts)
        list_concepts(&d);
    else
        list_models(&d);
    int exit_status = d.failed ? DT_EXIT_FAILED : cli_write_document(options, &d.document);
    cli_document_close(&d);
    return exit_status;
}

const cli_command cli_list = {
    .name = "list",
    .summary = "list the solution concepts or the kinds of payoffs",
    .operand = "concepts|models",
    .help = "example: deterra list concepts\n",
    .options = CLI_FORMAT | CLI_OUTPUT,
    .run = run,
};
