/* Long runs: what they say of their progress, and how they stop. */
#include "cli_run.h"

/* Players of two moves, whose payoff is all their moves multiplied: no gain's sign is known before
 * all other moves are, so that no search can leave anything out. `third`: the first has a level
 * that is not feasible, so that there is no search by boxes. */
static void write_products(const char *path, int players, bool third) {
    FILE *out = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs("players = (", out);
    for (int i = 0; i < players; i++) {
        bool more = i == 0 && third;
        fprintf(out, "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"%s]; ",
                i ? ", " : "", i, more ? ", \"z\"" : "");
        fprintf(out, "values = (-1, 1%s); } );%s }", more ? ", 2" : "",
                more ? " feasible = [\"p0.m < 2\"];" : "");
    }
    fputs("); payoffs = { kind = \"formula\";", out);
    for (int i = 0; i < players; i++) {
        fprintf(out, " p%d = \"%s1", i, i % 2 ? "-" : "");
        for (int j = 0; j < players; j++)
            fprintf(out, " * p%d.m", j);
        fputs("\";", out);
    }
    fputs(" }; solve = { concepts = [\"pure-nash\"]; };", out);
    fclose(out);
}

static size_t files_here(void) {
    FILE *in = popen("ls -A | grep -v '^run\\.' | wc -l", "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    size_t count = 0;
    CU_ASSERT_EQUAL(fscanf(in, "%zu", &count), 1);
    pclose(in);
    return count;
}

/* Interrupted after so many milliseconds: it says what it covered, within two seconds. */
static void stops(const char *config, int after, bool quiet, const char *what) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    cli_run run = cli_with((cli_setup){.interrupt_after = after}, "solve", config, "-o", "long.out",
                           quiet ? "-q" : (char *)NULL, (char *)NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    cli_status(&run, 130);
    cli_says(run.err, "deterra: interrupted after ");
    cli_says(run.err, what);
    cli_says(run.err, " %); nothing was written\n");
    CU_ASSERT_EQUAL(run.length, 0);
    CU_ASSERT_PTR_NULL(strchr(run.err, '\r'));
    CU_ASSERT_PTR_NULL(strstr(run.err, " inf"));
    CU_ASSERT_PTR_NULL(strstr(run.err, " nan"));
    cli_done(&run);
    double seconds = difftime(to.tv_sec, from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    if (seconds > after / 1000.0 + 2)
        fprintf(stderr, "\n    %s: stopped after %g s\n", config, seconds);
}

static void leaves_files_alone(void) {
    cli_file("long.out", "what was there\n");
    cli_run run = cli_with((cli_setup){.interrupt_after = 700}, "solve", BASELINE, "--threads", "1",
                           "--set", "eta=1.7", "-o", "long.out", (char *)NULL);
    cli_status(&run, 130);
    cli_says(run.err, "interrupted after ");
    CU_ASSERT_EQUAL(run.length, 0);
    cli_done(&run);
    char *found = cli_slurp("long.out", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found, "what was there\n");
    free(found);
    unlink("long.out");
    CU_ASSERT_EQUAL(files_here(), 0);
}

/* 2^40 profiles, of which none can be left out. */
static void endless_boxes(void) {
    write_products("endless.cfg", 40, false);
    cli_works(DETERRA("check", "endless.cfg", "-q"), "1099511627776");
    stops("endless.cfg", 1000, false, ": profiles searched: ");
    stops("endless.cfg", 1000, true, " of 1.1e+12 (0 %)");
    unlink("endless.cfg");
    CU_ASSERT_EQUAL(files_here(), 0);
}

static void endless_rows(void) {
    write_products("endless.cfg", 40, true);
    stops("endless.cfg", 1000, true, ": profiles scanned: ");
    unlink("endless.cfg");
}

/* The search by boxes gives way before long; it stops there or in the rows after it. */
static void boxes_then_rows(void) {
    write_products("endless.cfg", 24, false);
    stops("endless.cfg", 300, true, " of 1.7e+07 (");
    stops("endless.cfg", 1500, true, " of 1.7e+07 (");
    unlink("endless.cfg");
}

/* Payoffs whose existence must be checked before anything is solved. */
static void endless_check(void) {
    FILE *out = fopen("endless.cfg", "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs("players = (", out);
    for (int i = 0; i < 40; i++)
        fprintf(out,
                "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); }",
                i ? ", " : "", i);
    fputs("); payoffs = { kind = \"formula\";", out);
    for (int i = 0; i < 40; i++)
        fprintf(out, " p%d = \"log(0.5 + p%d.m * p%d.m - p%d.m + p0.m * p1.m)\";", i, i, i, i);
    fputs(" }; solve = { concepts = [\"pure-nash\"]; };", out);
    fclose(out);
    stops("endless.cfg", 1000, true, ": profiles checked for payoffs that do not exist: ");
    unlink("endless.cfg");
}

/* On a terminal, which script(1) makes: a line from the first moment, then rate and time left. */
static void terminal(void) {
    if (system("script -qec true /dev/null >/dev/null 2>&1 </dev/null") != 0) {
        fputs("\n    skipped: script(1) makes no terminal here\n", stderr);
        return;
    }
    write_products("endless.cfg", 40, false);
    static const char run[] = "script -qec \"timeout --foreground -s INT 1 '" DETERRA_PROGRAM
                              "' solve endless.cfg\" /dev/null > run.tty 2>&1 < /dev/null";
    CU_ASSERT_NOT_EQUAL(system(run), 0);
    char *text = cli_slurp("run.tty", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    cli_says(text, "profiles searched: 0 %");
    cli_says(text, " profiles/s, ");
    cli_says(text, " left");
    cli_says(text, "deterra: interrupted after ");
    CU_ASSERT_PTR_NULL(strstr(text, " inf"));
    CU_ASSERT_PTR_NULL(strstr(text, " nan"));
    free(text);
    unlink("endless.cfg");
}

static const dt_case cases[] = {
    {"files are left alone", leaves_files_alone},
    {"endless boxes", endless_boxes},
    {"endless rows", endless_rows},
    {"boxes, then rows", boxes_then_rows},
    {"an endless check of payoffs", endless_check},
    {"on a terminal", terminal},
};

int main(void) {
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("interrupts", cases);
    cli_leave(directory);
    return status;
}
