/* What the subcommands share. */
#ifndef DT_CLI_CLI_H
#define DT_CLI_CLI_H

#include "deterra/deterra.h"

/* Exit statuses of the program (docs/cli.md). */
enum {
    DT_EXIT_OK = 0,
    DT_EXIT_FAILED = 1,
    DT_EXIT_USAGE = 2,
    DT_EXIT_INPUT = 3,
    DT_EXIT_RESUMABLE = 75, /* a sweep was asked to stop and did; --resume goes on */
    DT_EXIT_INTERRUPTED = 130,
};

/* The options of all subcommands; each accepts those that it names. */
typedef struct cli_options {
    const char *config;    /* the first operand */
    const char **operands; /* all of them, of commands that take several */
    size_t operand_count;
    const char *format; /* the command's first one when not given */
    const char *output; /* NULL: standard output */
    const char *profile;
    const char **set;
    size_t sets;
    const char **concept_spec;
    size_t concepts;
    int threads;
    int decimals;              /* -1 when not given */
    const char *shard, *split; /* NULL when not given */
    bool resume, force, gaps, overlaps;
    const char *rows, *columns, *value, *statistic; /* of a table; likewise */
    const char **where;
    size_t wheres;
    int result, bins; /* 0 when not given */
    bool records;     /* of an export */
    bool timings, parameters, plan, pareto, quiet, help;
} cli_options;

/* Bits for the options that a subcommand takes. */
enum {
    CLI_SET = 1,
    CLI_CONCEPT = 2,
    CLI_FORMAT = 4,
    CLI_OUTPUT = 8,
    CLI_THREADS = 16,
    CLI_TIMINGS = 32,
    CLI_PROFILE = 64,
    CLI_PARAMETERS = 128,
    CLI_PARETO = 256,
    CLI_PLAN = 512,
    CLI_DECIMALS = 1024,
    CLI_STORE = 1 << 20,   /* -o of a sweep */
    CLI_RECORDS = 1 << 21, /* --records */
    CLI_SWEEP = 2048,      /* --resume, --shard, --split */
    CLI_MERGE = 4096,      /* --allow-gaps, --allow-overlaps */
    CLI_FORCE = 8192,
    CLI_PIVOT =
        16384, /* --rows, --columns, --value, --statistic, --result, --bins, --where; --concept */
};

typedef struct cli_command {
    const char *name;
    const char *summary;
    const char *operand; /* its name in the usage line */
    bool several;        /* operands, where there is one otherwise */
    const char *help;    /* what --help prints after the usage line */
    unsigned options;
    const char *const *formats; /* ends with NULL, the default first; NULL: those of reports */
    int (*run)(const cli_options *options);
} cli_command;

extern const cli_command cli_solve, cli_check, cli_explain, cli_export, cli_list, cli_sweep,
    cli_merge, cli_table;

/* Parses the arguments after the subcommand's name. DT_EXIT_OK, or DT_EXIT_USAGE with a message on
 * stderr. cli_options_clear releases the lists. */
int cli_parse(const cli_command *command, int argc, char **argv, cli_options *options);
void cli_options_clear(cli_options *options);
void cli_print_help(const cli_command *command, FILE *out);

/* A config or game file read, checked and built, with the diagnostics of all stages. */
typedef struct cli_game {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
    bool reported; /* the diagnostics were printed */
} cli_game;

/* Reads the file at options->config into a scenario: a strategic-form file where its name ends in
 * .nfg or its text begins as one, else a config. *partial as dt_config_options has it. */
dt_status cli_read(const cli_options *options, dt_diag *diag, dt_scenario **partial,
                   dt_scenario **out);

/* One file, whatever the names; false where one is not there, or NULL, or is no file. */
bool cli_same_file(const char *a, const char *b);
/* Is the file an SQLite database, such as the store of a sweep? */
bool cli_is_database(const char *path);

/* Reads the file and builds the game; on failure prints the diagnostics and returns the exit
 * status. cli_close prints warnings and releases everything. */
int cli_open(const cli_options *options, cli_game *g);
/* The same, and where there are errors those of the sweep section are among them. */
int cli_open_all(const cli_options *options, cli_game *g);
void cli_close(cli_game *g);
/* Prints the diagnostics so far to stderr; the exit status for `status`. */
int cli_report(cli_game *g, dt_status status);

/* Where GMP or FLINT run out of memory, the program ends with a message and not by abort(). */
void cli_guard_memory(void);

/* Control with the process's stop flag, which Ctrl-C sets, and with progress, shown on a terminal.
 */
dt_control cli_control(const cli_options *options);
/* Stops what heeds the control in so many seconds; 0: no longer, and what follows may run. */
void cli_alarm(double seconds);
/* Was there a Ctrl-C? */
bool cli_stop_asked(void);
/* The work in hand is over: takes its progress from the terminal. */
void cli_progress_end(void);
/* Says on stderr that the run was interrupted and how far the work in hand had come. */
void cli_interrupted(double seconds);
/* "0.013 s", "4 s", "2.5 h" into buffer, which it returns. */
const char *cli_duration(double seconds, char *buffer, size_t size);
/* Seconds of a clock that only goes forward. */
double cli_now(void);
bool cli_colour(FILE *stream);

/* Writes everything or fails with a message: to standard output, or to a file that appears whole or
 * not at all. An exit status. */
int cli_write(const cli_options *options, const char *text, size_t length);
/* The same of what a function writes; it gives false where it failed for reasons of its own, with
 * errno ECANCELED where these need no words here. */
typedef struct cli_writer {
    bool (*write)(void *user, FILE *out);
    void *user;
} cli_writer;
int cli_write_with(const cli_options *options, const cli_writer *writer);
/* Whether the folder of --output takes files; complains when not. */
bool cli_can_write(const cli_options *options);
/* Renders a document in the format asked for and writes it. */
int cli_write_document(const cli_options *options, const dt_document *document);

#endif
