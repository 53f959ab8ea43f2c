/* Runs the program as a user would: arguments, input, environment; its status and what it wrote.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_CLI_RUN_H
#define DT_TESTS_CLI_RUN_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define CLASSICS DETERRA_ROOT "/configs/classics/"
#define DILEMMA  CLASSICS "prisoners_dilemma.cfg"
#define CHICKEN  CLASSICS "chicken.cfg"
#define COARSE   DETERRA_ROOT "/configs/rare_earth/coarse.cfg"
#define BASELINE DETERRA_ROOT "/configs/rare_earth/baseline.cfg"

enum { CLI_SECONDS = 300, CLI_ARGUMENTS = 32 };

/* How a run differs from the ordinary; a zeroed one does not. */
typedef struct cli_setup {
    const char *input;       /* standard input; NULL: empty */
    const char *environment; /* one "NAME=value" more, or NULL */
    int stdout_handle;       /* instead of a file, where not 0; -1: closed */
    int interrupt_after;     /* milliseconds until a signal, or 0 */
    int signal_number;       /* 0: SIGINT */
    int megabytes;           /* of address space, or 0: no limit; not with sanitizers */
    const char *program;     /* another one than deterra; looked for on the PATH */
    bool (*ripe)(void);      /* the signal waits for this to be true, at most CLI_SECONDS */
    const char *victim;      /* a file that holds the number of the process to be signalled */
} cli_setup;

typedef struct cli_run {
    int status; /* exit status; 128 + signal where it was killed; -1 where it hung */
    char *out, *err;
    size_t length; /* of out */
} cli_run;

static inline char *cli_slurp(const char *path, size_t *length) {
    FILE *in = fopen(path, "rb");
    if (!in)
        return NULL;
    char *text = NULL;
    size_t size = 0, got;
    char piece[65536];
    FILE *out = open_memstream(&text, &size);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        fwrite(piece, 1, got, out);
    fclose(out);
    fclose(in);
    if (length)
        *length = size;
    return text;
}

/* Writes `length` bytes to a file of the working directory. */
static inline void cli_file_bytes(const char *path, const char *bytes, size_t length) {
    FILE *out = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, out), length);
    CU_ASSERT_EQUAL(fclose(out), 0);
}

static inline void cli_file(const char *path, const char *text) {
    cli_file_bytes(path, text, strlen(text));
}

static inline void cli_child(const cli_setup *setup, const char **arguments) {
    int in = open(setup->input ? "run.in" : "/dev/null", O_RDONLY);
    int err = open("run.err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int out = setup->stdout_handle ? setup->stdout_handle
                                   : open("run.out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(in, STDIN_FILENO);
    dup2(err, STDERR_FILENO);
    if (out < 0)
        close(STDOUT_FILENO);
    else
        dup2(out, STDOUT_FILENO);
    if (setup->environment) {
        char *copy = strdup(setup->environment);
        char *equal = copy ? strchr(copy, '=') : NULL;
        if (equal) {
            *equal = '\0';
            setenv(copy, equal + 1, 1);
        }
    }
    if (setup->megabytes) {
        rlim_t bytes = (rlim_t)setup->megabytes << 20;
        setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes});
    }
    signal(SIGINT, SIG_DFL);
    execvp(setup->program ? setup->program : DETERRA_PROGRAM, (char *const *)(void *)arguments);
    _exit(126);
}

static inline void cli_sleep(int milliseconds) {
    struct timespec t = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* Sends the signal, once it is time. */
static inline void cli_interrupt(const cli_setup *setup, pid_t child) {
    int number = setup->signal_number ? setup->signal_number : SIGINT;
    for (int waited = 0; setup->ripe && !setup->ripe() && waited < CLI_SECONDS * 1000; waited += 5)
        cli_sleep(5);
    cli_sleep(setup->interrupt_after);
    long victim = 0;
    FILE *in = setup->victim ? fopen(setup->victim, "r") : NULL;
    if (in && fscanf(in, "%ld", &victim) != 1)
        victim = 0;
    if (in)
        fclose(in);
    CU_ASSERT(!setup->victim || victim > 0);
    if (!setup->victim || victim > 0)
        kill(setup->victim ? (pid_t)victim : child, number);
}

static inline cli_run cli_start(const cli_setup *setup, const char **arguments) {
    cli_run run = {.status = -1};
    if (setup->input)
        cli_file("run.in", setup->input);
    unlink("run.out");
    pid_t child = fork();
    CU_ASSERT_FATAL(child >= 0);
    if (child == 0)
        cli_child(setup, arguments);
    int state = 0, waited = 0, patience = CLI_SECONDS;
    if (setup->interrupt_after) {
        cli_interrupt(setup, child);
        patience = 20;
    }
    int step = 1;
    while (waitpid(child, &state, WNOHANG) == 0) {
        if (waited > patience * 1000) {
            kill(child, SIGKILL);
            waitpid(child, &state, 0);
            fprintf(stderr, "\nhung: %s %s\n", arguments[1], arguments[2] ? arguments[2] : "");
            state = -1;
            break;
        }
        cli_sleep(step);
        waited += step;
        step = step < 50 ? step + 1 : step;
    }
    if (state != -1)
        run.status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    run.out = cli_slurp("run.out", &run.length);
    run.err = cli_slurp("run.err", NULL);
    if (!run.out)
        run.out = calloc(1, 1);
    CU_ASSERT_FATAL(run.out && run.err);
    return run;
}

static inline void cli_done(cli_run *run) {
    free(run->out);
    free(run->err);
}

/* deterra with these arguments, which end with NULL. */
static inline cli_run cli_with(cli_setup setup, ...) {
    const char *arguments[CLI_ARGUMENTS] = {"deterra"};
    va_list list;
    va_start(list, setup);
    for (size_t i = 1; i + 1 < CLI_ARGUMENTS; i++)
        if (!(arguments[i] = va_arg(list, const char *)))
            break;
    va_end(list);
    return cli_start(&setup, arguments);
}
#define DETERRA(...) cli_with((cli_setup){0}, __VA_ARGS__, (char *)NULL)

/* The status, with the program's words where it is another one. */
static inline void cli_status(const cli_run *run, int wanted) {
    if (run->status != wanted)
        fprintf(stderr, "\nexit status %d instead of %d; stderr: %.600s\n", run->status, wanted,
                run->err ? run->err : "");
    CU_ASSERT_EQUAL(run->status, wanted);
}

static inline void cli_says(const char *text, const char *words) {
    bool said = text && strstr(text, words);
    if (!said)
        fprintf(stderr, "\nwanted: %s\nfound:  %.600s\n", words, text ? text : "");
    CU_ASSERT(said);
}

/* Fails with that status, those words on stderr, and nothing on stdout. */
static inline void cli_fails(cli_run run, int status, const char *words) {
    cli_status(&run, status);
    cli_says(run.err, words);
    CU_ASSERT_EQUAL(run.length, 0);
    cli_done(&run);
}

static inline void cli_works(cli_run run, const char *words) {
    cli_status(&run, 0);
    cli_says(run.out, words);
    cli_done(&run);
}

/* Makes an empty directory and stands in it; a suite runs there. */
static inline const char *cli_enter(void) {
    static char directory[] = "/tmp/deterra-test-XXXXXX";
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(directory) || chdir(directory) != 0) {
        perror(directory);
        exit(1);
    }
    return directory;
}

/* Leaves it and takes it away. */
static inline void cli_leave(const char *directory) {
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+rwx '%s' && rm -rf '%s'", directory, directory);
    if (chdir("/") != 0 || system(command) != 0)
        perror(directory);
}

#endif
