/* Command-line arguments: options may stand before or after the operand. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "sweep/pivot/pivot.h"

/* An option, the bit of the commands that take it (0: all), and its line in --help. */
typedef struct option_help {
    const char *name;
    int letter;
    unsigned bit;
    const char *argument;
    const char *summary;
} option_help;

enum {
    LETTER_SET = 256,
    LETTER_CONCEPT,
    LETTER_PROFILE,
    LETTER_TIMINGS,
    LETTER_PARAMETERS,
    LETTER_PARETO,
    LETTER_PLAN,
    LETTER_DECIMALS,
    LETTER_RESUME,
    LETTER_FORCE,
    LETTER_SHARD,
    LETTER_SPLIT,
    LETTER_GAPS,
    LETTER_OVERLAPS,
    LETTER_ROWS,
    LETTER_COLUMNS,
    LETTER_VALUE,
    LETTER_STATISTIC,
    LETTER_RESULT,
    LETTER_BINS,
    LETTER_WHERE,
    LETTER_RECORDS
};

static const option_help OPTIONS[] = {
    {"set", LETTER_SET, CLI_SET, "NAME=VALUE",
     "set a parameter (again for more): --set share.US.CN=0.7"},
    {"concept", LETTER_CONCEPT, CLI_CONCEPT, "NAME[:KEY=VALUE,...]",
     "solve for this instead of the config's list (again for more)"},
    {"pareto", LETTER_PARETO, CLI_PARETO, NULL,
     "say which pure equilibria are Pareto-efficient, in large games too"},
    {"profile", LETTER_PROFILE, CLI_PROFILE, "LIST",
     "moves: \"CN.export_control=licence,US.subsidy=on\""},
    {"format", 'f', CLI_FORMAT, "NAME", "text (default), csv, json, latex or markdown"},
    {"decimals", LETTER_DECIMALS, CLI_DECIMALS, "N",
     "round irrational payoffs to N decimals, 0 to 18 (default: refuse them)"},
    {"records", LETTER_RECORDS, CLI_RECORDS, NULL,
     "of a sweep's store: a row for each point and record"},
    {"resume", LETTER_RESUME, CLI_SWEEP, NULL,
     "go on with a store: solve the points that it lacks"},
    {"force", LETTER_FORCE, CLI_FORCE, NULL, "replace a store that is there"},
    {"shard", LETTER_SHARD, CLI_SWEEP, "I/N", "solve part I of N, for a job array"},
    {"split", LETTER_SPLIT, CLI_SWEEP, "points|games",
     "give threads a point each, or all to one game (default: as measured)"},
    {"allow-gaps", LETTER_GAPS, CLI_MERGE, NULL, "merge although points are missing"},
    {"allow-overlaps", LETTER_OVERLAPS, CLI_MERGE, NULL,
     "merge although parts share points; the first part's count"},
    {"rows", LETTER_ROWS, CLI_PIVOT, "NAME", "the parameter down the table (default: the first)"},
    {"columns", LETTER_COLUMNS, CLI_PIVOT, "NAME",
     "the parameter across the table, or none (default: the second, if any)"},
    {"value", LETTER_VALUE, CLI_PIVOT, "NAME",
     "what stands in it: a record, payoff.PLAYER, PLAYER.move=label,\n"
     "                                     equilibria (default: how many), failed or seconds"},
    {"statistic", LETTER_STATISTIC, CLI_PIVOT, "NAME",
     "of the points in a cell: mean (default), min, max, range, or share\n"
     "                                     (of the points at which it is above 0)"},
    {"concept", LETTER_CONCEPT, CLI_PIVOT, "NAME",
     "of this concept (default: the first that can have it)"},
    {"result", LETTER_RESULT, CLI_PIVOT, "N", "of its result N, where it has several (default: 1)"},
    {"bins", LETTER_BINS, CLI_PIVOT, "N",
     "cut the parameters' ranges into N intervals (default: 5 where\n"
     "                                     points are sampled, else no intervals)"},
    {"where", LETTER_WHERE, CLI_PIVOT, "NAME=VALUE",
     "only points at which the parameter has that value (again for more)"},
    {"output", 'o', CLI_OUTPUT, "FILE", "write there; the file appears whole or not at all"},
    {"output", 'o', CLI_STORE, "FILE", "the store: points are added as they are solved"},
    {"threads", 'j', CLI_THREADS, "N", "threads to use (default: all cores, or OMP_NUM_THREADS)"},
    {"timings", LETTER_TIMINGS, CLI_TIMINGS, NULL, "put the seconds of each concept in the output"},
    {"parameters", LETTER_PARAMETERS, CLI_PARAMETERS, NULL,
     "list every parameter with its value, range, unit and source"},
    {"show-plan", LETTER_PLAN, CLI_PLAN, NULL,
     "list which part of the payoffs is computed at which level, and how often"},
    {"quiet", 'q', 0, NULL, "no progress and no timings on stderr"},
    {"help", 'h', 0, NULL, "this help"},
};
enum { OPTION_COUNT = sizeof OPTIONS / sizeof *OPTIONS };

/* The formats of a command that has its own, "nfg (default), csv", into buffer, which it returns.
 */
static const char *list_formats(const cli_command *command, char *buffer, size_t size) {
    size_t used = 0;
    for (size_t i = 0; command->formats[i] && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s%s", i ? ", " : "",
                                 command->formats[i], i ? "" : " (default)");
    return buffer;
}

void cli_print_help(const cli_command *command, FILE *out) {
    fprintf(out, "usage: deterra %s [OPTION]… %s\n\n%s\noptions:\n", command->name,
            command->operand, command->help);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const option_help *o = &OPTIONS[i];
        if (o->bit && !(command->options & o->bit))
            continue;
        char left[64], formats[128];
        const char *summary = o->bit == CLI_FORMAT && command->formats
                                  ? list_formats(command, formats, sizeof formats)
                                  : o->summary;
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument ? " " : "",
                 o->argument ? o->argument : "");
        if (o->letter < 256)
            fprintf(out, "  -%c, %-30s %s\n", o->letter, left, summary);
        else
            fprintf(out, "      %-30s %s\n", left, summary);
    }
}

static int usage(const cli_command *command, const char *format, const char *word) {
    fprintf(stderr, "deterra %s: ", command->name);
    fprintf(stderr, format, word);
    fprintf(stderr, "\nTry `deterra %s --help`.\n", command->name);
    return DT_EXIT_USAGE;
}

static bool add(const char ***list, size_t *count, const char *item) {
    const char **grown = realloc(*list, (*count + 1) * sizeof *grown);
    if (!grown)
        return false;
    grown[(*count)++] = item;
    *list = grown;
    return true;
}

/* The option that was meant by an unknown one. */
static int unknown_option(const cli_command *command, const char *word) {
    const char *name = word + strspn(word, "-");
    char bare[64];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(name, "="), name);
    dt_nearest search = {bare, NULL, 0};
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (!OPTIONS[i].bit || command->options & OPTIONS[i].bit)
            dt_nearest_offer(&search, OPTIONS[i].name);
    fprintf(stderr, "deterra %s: unknown option `%s`", command->name, word);
    if (search.best)
        fprintf(stderr, "; did you mean `--%s`?", search.best);
    fprintf(stderr, "\nTry `deterra %s --help`.\n", command->name);
    return DT_EXIT_USAGE;
}

static int take_format(const cli_command *command, const char *word, cli_options *o) {
    o->format = word;
    bool known = !command->formats && dt_reporter_find(word);
    for (const char *const *f = command->formats; f && *f; f++)
        known = known || strcmp(*f, word) == 0;
    if (known)
        return DT_EXIT_OK;
    if (!command->formats)
        return usage(command, "unknown format `%s`: text, csv, json, latex or markdown", word);
    char formats[128];
    fprintf(stderr, "deterra %s: unknown format `%s`: %s\nTry `deterra %s --help`.\n",
            command->name, word, list_formats(command, formats, sizeof formats), command->name);
    return DT_EXIT_USAGE;
}

/* The number, or -1 where the word is none from `low` to `high`. */
static int number_of(const char *word, long low, long high) {
    char *end;
    errno = 0;
    long n = strtol(word, &end, 10);
    return *end || end == word || errno || n < low || n > high ? -1 : (int)n;
}

static bool is_statistic(const char *word) {
    for (int i = 0; i < DT_STATISTICS; i++)
        if (strcmp(word, dt_statistic_name((dt_statistic)i)) == 0)
            return true;
    return false;
}

static int take(const cli_command *command, int letter, const char *argument, cli_options *o) {
    bool kept = true;
    switch (letter) {
    case LETTER_SET: kept = add(&o->set, &o->sets, argument); break;
    case LETTER_CONCEPT: kept = add(&o->concept_spec, &o->concepts, argument); break;
    case LETTER_PROFILE: o->profile = argument; break;
    case LETTER_TIMINGS: o->timings = true; break;
    case LETTER_PARAMETERS: o->parameters = true; break;
    case LETTER_PARETO: o->pareto = true; break;
    case LETTER_PLAN: o->plan = true; break;
    case 'f': return take_format(command, argument, o);
    case 'o': o->output = argument; break;
    case 'j':
        o->threads = number_of(argument, 1, 4096);
        if (o->threads < 0)
            return usage(command, "--threads takes a number from 1 to 4096, not `%s`", argument);
        break;
    case LETTER_DECIMALS:
        o->decimals = number_of(argument, 0, DT_NFG_DECIMALS);
        if (o->decimals < 0)
            return usage(command, "--decimals takes a number from 0 to 18, not `%s`", argument);
        break;
    case LETTER_RECORDS: o->records = true; break;
    case LETTER_RESUME: o->resume = true; break;
    case LETTER_FORCE: o->force = true; break;
    case LETTER_GAPS: o->gaps = true; break;
    case LETTER_OVERLAPS: o->overlaps = true; break;
    case LETTER_ROWS: o->rows = argument; break;
    case LETTER_COLUMNS: o->columns = argument; break;
    case LETTER_VALUE: o->value = argument; break;
    case LETTER_STATISTIC:
        o->statistic = argument;
        if (!is_statistic(argument))
            return usage(command, "--statistic takes mean, min, max, range or share, not `%s`",
                         argument);
        break;
    case LETTER_RESULT:
        o->result = number_of(argument, 1, 1000000);
        if (o->result < 0)
            return usage(command, "--result takes a number from 1 to 1000000, not `%s`", argument);
        break;
    case LETTER_BINS:
        o->bins = number_of(argument, 1, 1000);
        if (o->bins < 0)
            return usage(command, "--bins takes a number from 1 to 1000, not `%s`", argument);
        break;
    case LETTER_WHERE: kept = add(&o->where, &o->wheres, argument); break;
    case LETTER_SHARD: o->shard = argument; break;
    case LETTER_SPLIT:
        o->split = argument;
        if (strcmp(argument, "points") != 0 && strcmp(argument, "games") != 0)
            return usage(command, "--split takes points or games, not `%s`", argument);
        break;
    case 'q': o->quiet = true; break;
    case 'h': o->help = true; break;
    default: break;
    }
    return kept ? DT_EXIT_OK : DT_EXIT_FAILED;
}

bool cli_same_file(const char *a, const char *b) {
    struct stat x, y;
    return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int cli_parse(const cli_command *command, int argc, char **argv, cli_options *o) {
    *o = (cli_options){.format = command->formats ? command->formats[0] : "text", .decimals = -1};
    struct option longs[OPTION_COUNT + 1] = {0};
    char shorts[32] = ":";
    size_t count = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const option_help *h = &OPTIONS[i];
        if (h->bit && !(command->options & h->bit))
            continue;
        longs[count++] = (struct option){h->name, h->argument != NULL, NULL, h->letter};
        size_t used = strlen(shorts);
        if (h->letter < 256)
            snprintf(shorts + used, sizeof shorts - used, "%c%s", h->letter,
                     h->argument ? ":" : "");
    }
    /* getopt wants a program name in front */
    char **arguments = calloc((size_t)argc + 2, sizeof *arguments);
    if (!arguments)
        return DT_EXIT_FAILED;
    arguments[0] = (char *)command->name;
    memcpy(arguments + 1, argv, (size_t)argc * sizeof *arguments);
    optind = 1;
    int letter, exit_status = DT_EXIT_OK;
    while (exit_status == DT_EXIT_OK &&
           (letter = getopt_long(argc + 1, arguments, shorts, longs, NULL)) != -1) {
        if (letter == '?')
            exit_status = unknown_option(command, arguments[optind - 1]);
        else if (letter == ':')
            exit_status = usage(command, "%s needs an argument", arguments[optind - 1]);
        else
            exit_status = take(command, letter, optarg, o);
    }
    while (exit_status == DT_EXIT_OK && optind < argc + 1 && (command->several || !o->config)) {
        if (!add(&o->operands, &o->operand_count, arguments[optind]))
            exit_status = DT_EXIT_FAILED;
        else
            o->config = o->operands[0];
        optind++;
    }
    if (exit_status == DT_EXIT_OK && optind < argc + 1)
        exit_status = usage(command, "one argument too many: `%s`", arguments[optind]);
    if (exit_status == DT_EXIT_OK && !o->config && !o->help)
        exit_status = usage(command, "%s is missing", command->operand);
    if (exit_status == DT_EXIT_OK && o->output && !*o->output)
        exit_status = usage(command, "%s is empty: it names the file to write", "-o");
    bool own = command->several || command == &cli_export; /* it may be written anew, or looks */
    if (exit_status == DT_EXIT_OK && !own && cli_same_file(o->config, o->output))
        exit_status = usage(command, "-o names the file that is read: `%s`", o->output);
    free(arguments);
    return exit_status;
}

void cli_options_clear(cli_options *o) {
    free(o->set);
    free(o->operands);
    free(o->where);
    free(o->concept_spec);
    *o = (cli_options){0};
}
