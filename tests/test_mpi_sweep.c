/* deterra-mpi: the same content for any number of ranks, whatever happens to them; errors once. */
#include <sys/mount.h>

#include "cli_run.h"
#include "store_dump.h"
#include "sweep_games.h"

/* As LONG, for long enough that it is at work when a signal comes. */
#define LONGER "# Longer.\n" LONG

enum { POINTS = 3000 };

/* deterra-mpi on so many ranks. Each leaves the number of its process in a file rank.N. */
static const char RANK[] =
    "echo $$ >rank.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}; exec " DETERRA_MPI " \"$@\"";
#define MPI(setup, ranks, ...)                                                                     \
    cli_with_program(setup, "-n", ranks, "sh", "-c", RANK, "deterra-mpi", __VA_ARGS__, (char *)NULL)

static cli_run cli_with_program(cli_setup setup, ...) {
    const char *arguments[CLI_ARGUMENTS] = {MPIEXEC};
    va_list list;
    va_start(list, setup);
    for (size_t i = 1; i + 1 < CLI_ARGUMENTS; i++)
        if (!(arguments[i] = va_arg(list, const char *)))
            break;
    va_end(list);
    setup.program = MPIEXEC;
    return cli_start(&setup, arguments);
}

static void works(const char *ranks, const char *config, const char *store, const char *option) {
    cli_run run = MPI((cli_setup){0}, ranks, "sweep", config, "-o", store, option);
    cli_status(&run, 0);
    cli_done(&run);
}

static size_t count(const char *text, const char *words) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, words)); at += strlen(words))
        n++;
    return n;
}

/* --- the same content --- */

static void ranks(void) {
    cli_file("small.cfg", SMALL);
    cli_file("long.cfg", LONGER);
    cli_works(DETERRA("sweep", "small.cfg", "-o", "one.sqlite", "-q"), "");
    cli_works(DETERRA("sweep", "long.cfg", "-o", "whole.sqlite", "-q"), "");
    static const char *const numbers[] = {"1", "2", "4"};
    for (size_t i = 0; i < 3; i++) {
        works(numbers[i], "small.cfg", "ranks.sqlite", "--force");
        same_content("one.sqlite", "ranks.sqlite");
    }
    works("4", "long.cfg", "ranks.sqlite", "--force");
    same_content("whole.sqlite", "ranks.sqlite");
    cli_run run = MPI((cli_setup){0}, "2", "sweep", "small.cfg", "-o", "ranks.sqlite", "--force",
                      "--threads", "3", "--split", "games");
    cli_status(&run, 0);
    cli_says(run.err, "deterra: 300 points in ");
    cli_says(run.err, " on 2 ranks (");
    cli_done(&run);
    same_content("one.sqlite", "ranks.sqlite");
}

/* A job array of MPI jobs, if one wishes. */
static void shards(void) {
    for (int i = 1; i <= 2; i++) {
        char part[16], shard[8];
        snprintf(part, sizeof part, "part%d.sqlite", i);
        snprintf(shard, sizeof shard, "%d/2", i);
        cli_run run =
            MPI((cli_setup){0}, "3", "sweep", "small.cfg", "-o", part, "-q", "--shard", shard);
        cli_status(&run, 0);
        CU_ASSERT_STRING_EQUAL(run.err, "");
        cli_done(&run);
    }
    cli_works(DETERRA("merge", "-o", "merged.sqlite", "part1.sqlite", "part2.sqlite"), "");
    same_content("one.sqlite", "merged.sqlite");
}

/* Ranks other than 0 need neither the config nor what it includes: they have it from rank 0. */
static void config_of_rank_0(void) {
    CU_ASSERT_EQUAL(mkdir("elsewhere", 0700), 0);
    cli_file("players.cfg", PLAYERS PAYOFFS);
    cli_file("including.cfg", PARAMETERS
             "@include \"players.cfg\"\n" CONCEPTS
             "sweep = { design = \"random\"; points = 200; seed = 3; over = ( \"b\" ); };\n");
    cli_works(DETERRA("sweep", "including.cfg", "-o", "alone.sqlite", "-q", "--set", "a=2"), "");
    const char *arguments[] = {
        MPIEXEC,
        "-n",
        "1",
        DETERRA_MPI,
        "sweep",
        "including.cfg",
        "-o",
        "together.sqlite",
        "--set",
        "a=2",
        ":",
        "-n",
        "2",
        "sh",
        "-c",
        "cd elsewhere && exec " DETERRA_MPI " sweep including.cfg -o together.sqlite --set a=2",
        NULL};
    cli_setup setup = {.program = MPIEXEC};
    cli_run run = cli_start(&setup, arguments);
    cli_status(&run, 0);
    cli_done(&run);
    same_content("alone.sqlite", "together.sqlite");
}

/* --- stops --- */

static const char *stopped_store;
static int stops; /* that came before the end */

/* The store holds points, and so all ranks heed signals. */
static bool has_points(void) {
    return access(stopped_store, F_OK) == 0 &&
           store_number(stopped_store, "SELECT count(*) FROM points") > 0;
}

/* Stops a sweep by a signal to a process; then resumes it. */
static void stop(const char *victim, int number, int status) {
    stopped_store = "stopped.sqlite";
    unlink(stopped_store);
    unlink("stopped.sqlite-journal");
    cli_setup setup = {
        .interrupt_after = 30, .signal_number = number, .ripe = has_points, .victim = victim};
    cli_run run = MPI(setup, "4", "sweep", "long.cfg", "-o", stopped_store, "--threads", "1");
    if (run.status != 0) { /* it may have been through */
        stops++;
        cli_status(&run, status);
        if (number != SIGKILL)
            cli_says(run.err, "go on with --resume");
        long long kept = store_number(stopped_store, "SELECT count(*) FROM points");
        CU_ASSERT(kept > 0 && kept < POINTS);
    }
    cli_done(&run);
    works("4", "long.cfg", stopped_store, "--resume");
    same_content("whole.sqlite", stopped_store);
}

static void asked_to_stop(void) {
    stop("rank.0", SIGTERM, 75);
    stop("rank.2", SIGUSR1, 75);
    stop(NULL, SIGUSR1, 75); /* mpirun passes it on */
    stop("rank.1", SIGINT, 130);
    stop("rank.0", SIGINT, 130);
}

/* Open MPI ends the job, with the status of the rank that was killed. */
static void killed(void) {
    stop("rank.3", SIGKILL, 128 + SIGKILL);
    stop("rank.0", SIGKILL, 128 + SIGKILL);
    CU_ASSERT(stops >= 4); /* of 7 */
}

/* --- what goes wrong --- */

static void fails(cli_run run, int status, const char *words) {
    cli_status(&run, status);
    CU_ASSERT_EQUAL(count(run.err, words), 1);
    if (count(run.err, words) != 1)
        cli_says(run.err, words);
    cli_done(&run);
}

static void refused(void) {
    cli_setup plain = {0};
    fails(MPI(plain, "4", "sweep", "none.cfg", "-o", "x"), 3, "cannot read `none.cfg`");
    fails(MPI(plain, "4", "sweep", "small.cfg"), 2, "-o is missing");
    fails(MPI(plain, "4", "sweep", "small.cfg", "-o", "x", "--shart", "1/2"), 2,
          "unknown option `--shart`; did you mean `--shard`?");
    fails(MPI(plain, "4", "sweep", CHICKEN, "-o", "x"), 3, "the config has no `sweep` section");
    fails(MPI(plain, "4", "sweep", "small.cfg", "-o", "one.sqlite"), 3,
          "`one.sqlite` is there already");
    fails(MPI(plain, "4", "sweep", "small.cfg", "-o", "one.sqlite", "--resume", "--set", "c=2"), 3,
          "+ c=2");
    fails(MPI(plain, "4", "sweep", "small.cfg", "-o", "no/folder/x"), 1, "cannot write");
    fails(MPI(plain, "2", "solve", "small.cfg"), 2, "usage: mpirun -n RANKS deterra-mpi sweep");
    fails(MPI(plain, "4", "sweep", "long.cfg", "-o", "/dev/full"), 3, "`/dev/full` is not a file");
    CU_ASSERT_EQUAL(access("x", F_OK), -1);
    cli_run run = MPI(plain, "2", "--version");
    cli_status(&run, 0);
    CU_ASSERT_EQUAL(count(run.out, "deterra-mpi 0"), 1);
    cli_done(&run);
    run = MPI(plain, "2", "sweep", "--help");
    cli_status(&run, 0);
    CU_ASSERT_EQUAL(count(run.out, "--resume"), 3);
    cli_done(&run);
}

/* The disk of rank 0 is full in the middle: all ranks leave their points, once it is said. */
static void full_disk(void) {
    CU_ASSERT_EQUAL(mkdir("disk", 0700), 0);
    if (mount("none", "disk", "tmpfs", 0, "size=160k") != 0) {
        printf("(skipped: no right to mount) ");
        return;
    }
    fails(MPI((cli_setup){0}, "4", "sweep", "long.cfg", "-o", "disk/full.sqlite", "-q"), 1,
          "cannot write `disk/full.sqlite`: database or disk is full");
    long long kept = store_number("disk/full.sqlite", "SELECT count(*) FROM points");
    CU_ASSERT(kept > 0 && kept < POINTS);
    CU_ASSERT_EQUAL(system("cp disk/full.sqlite full.sqlite"), 0);
    CU_ASSERT_EQUAL(umount("disk"), 0);
    works("2", "long.cfg", "full.sqlite", "--resume");
    same_content("whole.sqlite", "full.sqlite");
}

/* Points that fail are counted, whoever solved them. */
static void failing_points(void) {
    cli_file("fail.cfg",
             "parameters = { a = { value = 1; range = (0, 4); }; };\n" PLAYERS
             "payoffs = { kind = \"formula\"; A = \"A.x / a\"; B = \"B.y\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"list\"; over = ( \"a\" ); points = ( 0, 1, 0, 2, 0, 3, 0 ); "
             "};\n");
    cli_run run = MPI((cli_setup){0}, "3", "sweep", "fail.cfg", "-o", "fail.sqlite");
    cli_status(&run, 0);
    cli_says(run.err, "4 of 7 points failed");
    cli_done(&run);
}

int main(void) {
    static const dt_case cases[] = {
        {"the same content for any ranks", ranks},
        {"shards", shards},
        {"the config of rank 0", config_of_rank_0},
        {"asked to stop", asked_to_stop},
        {"one rank killed", killed},
        {"refused", refused},
        {"a full disk", full_disk},
        {"points that fail", failing_points},
    };
    /* what --allow-run-as-root --oversubscribe say */
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* Open MPI keeps some memory to the end */
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("mpi_sweep", cases);
    cli_leave(directory);
    return status;
}
