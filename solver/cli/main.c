/* The program: finds the subcommand and runs it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flint/flint.h>

#include "base/nearest.h"
#include "cli/cli.h"

static const cli_command *const COMMANDS[] = {&cli_solve, &cli_check, &cli_explain, &cli_export,
                                              &cli_sweep, &cli_merge, &cli_table,   &cli_list};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static void print_overview(FILE *out) {
    fputs("deterra - equilibria of policy games, with proofs\n\n"
          "usage: deterra COMMAND [OPTION]… [CONFIG|GAME.nfg|RESULTS.sqlite]\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    fputs("\n  deterra COMMAND --help   options and an example of a command\n"
          "  deterra --version        the version\n\n"
          "example: deterra solve configs/classics/prisoners_dilemma.cfg\n\n"
          "exit status: 0 done, 1 failed, 2 wrong usage, 3 wrong config or input,\n"
          "             75 a sweep stopped early (--resume goes on), 130 interrupted\n",
          out);
}

static const cli_command *find_command(const char *name) {
    dt_nearest search = {name, NULL, 0};
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(COMMANDS[i]->name, name) == 0)
            return COMMANDS[i];
        dt_nearest_offer(&search, COMMANDS[i]->name);
    }
    fprintf(stderr, "deterra: unknown command `%s`", name);
    if (search.best)
        fprintf(stderr, "; did you mean `%s`?", search.best);
    fputs("\nTry `deterra --help`.\n", stderr);
    return NULL;
}

/* Everything on standard output, or an error. */
static int finish_output(void) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return DT_EXIT_OK;
    fprintf(stderr, "deterra: cannot write standard output: %s\n", strerror(errno));
    return DT_EXIT_FAILED;
}

static void print_version(FILE *out) {
    fprintf(out, "deterra %s\n", dt_version());
}

int main(int argc, char **argv) {
    cli_guard_memory();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, reported as one */
    if (argc < 2) {
        print_overview(stderr);
        return DT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return finish_output();
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_version(stdout);
        return finish_output();
    }
    const cli_command *command = find_command(argv[1]);
    if (!command)
        return DT_EXIT_USAGE;
    cli_options options;
    int exit_status = cli_parse(command, argc - 2, argv + 2, &options);
    if (exit_status == DT_EXIT_OK && options.help) {
        cli_print_help(command, stdout);
        exit_status = finish_output();
    } else if (exit_status == DT_EXIT_OK) {
        exit_status = command->run(&options);
    }
    cli_options_clear(&options);
    flint_cleanup_master();
    return exit_status;
}
