/* Sweeps through the program: the same content however they are run, killed and joined; errors. */
#include <sys/mount.h>

#include "cli_run.h"
#include "store_dump.h"
#include "sweep_games.h"

/* --- the same content --- */

static void threads_and_shards(void) {
    cli_file("small.cfg", SMALL);
    cli_works(DETERRA("sweep", "small.cfg", "-o", "one.sqlite", "--threads", "1"), "");
    CU_ASSERT_EQUAL(store_number("one.sqlite", "SELECT count(*) FROM points"), 300);
    CU_ASSERT(store_number("one.sqlite", "SELECT count(*) FROM equilibria") > 600);
    static const char *const threads[] = {"2", "4"};
    for (size_t i = 0; i < 2; i++) {
        cli_works(
            DETERRA("sweep", "small.cfg", "-o", "many.sqlite", "--force", "--threads", threads[i]),
            "");
        same_content("one.sqlite", "many.sqlite");
    }
    cli_works(DETERRA("sweep", "small.cfg", "-o", "many.sqlite", "--force", "--split", "games"),
              "");
    same_content("one.sqlite", "many.sqlite");
    char part[7][16], shard[8];
    for (int i = 0; i < 7; i++) {
        snprintf(part[i], sizeof part[i], "part%d.sqlite", i + 1);
        snprintf(shard, sizeof shard, "%d/7", i + 1);
        cli_works(DETERRA("sweep", "small.cfg", "-o", part[i], "--shard", shard), "");
    }
    cli_works(DETERRA("merge", "-o", "merged.sqlite", part[3], part[0], part[1], part[2], part[6],
                      part[5], part[4]),
              "");
    same_content("one.sqlite", "merged.sqlite");
    cli_fails(DETERRA("merge", "-o", "gap.sqlite", part[0], part[2]), 3,
              "214 of 300 points are missing, point 1 first; --allow-gaps merges what there is");
    CU_ASSERT_EQUAL(access("gap.sqlite", F_OK), -1);
    cli_fails(DETERRA("merge", "-o", "gap.sqlite", part[0], part[0]), 3,
              "point 0 of `part1.sqlite` is in an earlier part, too");
    cli_works(DETERRA("merge", "-o", "gap.sqlite", "--allow-gaps", "--allow-overlaps", part[0],
                      part[2], part[0]),
              "");
    CU_ASSERT_EQUAL(store_number("gap.sqlite", "SELECT count(*) FROM points"), 86);
    cli_works(DETERRA("sweep", "small.cfg", "-o", "gap.sqlite", "--resume"), "");
    same_content("one.sqlite", "gap.sqlite");
    cli_fails(DETERRA("merge", "-o", "gap.sqlite", part[0]), 3, "`gap.sqlite` is there already");
    cli_file("other.cfg", SMALL "# another\n");
    cli_works(DETERRA("sweep", "other.cfg", "-o", "other.sqlite", "--shard", "2/7"), "");
    cli_fails(DETERRA("merge", "-o", "x.sqlite", part[0], "other.sqlite"), 3,
              "`other.sqlite` is of another sweep than `part1.sqlite`");
    cli_fails(DETERRA("merge", "-o", "x.sqlite", part[0], "none.sqlite"), 3,
              "cannot read `none.sqlite`: No such file or directory");
    cli_fails(DETERRA("merge", part[0]), 2, "-o is missing");
    CU_ASSERT_EQUAL(access("x.sqlite", F_OK), -1);
}

/* What is stored is what solve prints at that point. */
static void as_solve_has_it(void) {
    cli_file("list.cfg",
             GAME "sweep = { design = \"list\"; over = ( \"a\", \"b\" );\n"
                  " points = ( (1.5, 2), (\"1/3\", 5) ); concepts = ( \"pure-nash\" );\n"
                  " record = ( \"equilibria\", \"payoffs\", \"A.x:h\", \"timings\" ); };");
    cli_works(DETERRA("sweep", "list.cfg", "-o", "list.sqlite", "-q"), "");
    cli_run run = DETERRA("solve", "list.cfg", "--set", "a=1/3", "--set", "b=5", "--concept",
                          "pure-nash", "-f", "csv");
    cli_says(run.out, "A,x=h,");
    cli_done(&run);
    CU_ASSERT_EQUAL(store_number("list.sqlite",
                                 "SELECT count(*) FROM equilibria WHERE point = 1 AND \"A.x\" = "
                                 "'h' AND \"B.y\" = 'h' AND strict = 1 AND certificate = 'exact'"),
                    1);
    CU_ASSERT_EQUAL(store_number("list.sqlite", "SELECT abs(\"payoff.A\" - 5/3.0) < 1e-15 AND "
                                                "\"payoff.B\" = 10 - 4/3.0 FROM equilibria WHERE "
                                                "point = 1 AND \"A.x\" = 'h'"),
                    1);
    CU_ASSERT_EQUAL(store_number("list.sqlite", "SELECT greatest FROM records WHERE point = 1"), 1);
    CU_ASSERT_EQUAL(store_number("list.sqlite", "SELECT count(*) FROM timings"), 2);
}

/* --concept goes before the list of the section, too; a move that a mixture plays for certain has
 * its level. */
static void concepts_and_levels(void) {
    cli_file("own.cfg",
             GAME "sweep = { design = \"list\"; over = ( \"a\" ); points = ( 1.5 ); concepts = ( "
                  "{ concept = \"epsilon-nash\"; regret = 0.5; } ); };");
    cli_works(DETERRA("sweep", "own.cfg", "-o", "own.sqlite", "-q"), "");
    CU_ASSERT_EQUAL(store_number("own.sqlite", "SELECT concepts = 'epsilon-nash:regret=0.5' || "
                                               "char(10) FROM runs"),
                    1);
    cli_works(
        DETERRA("sweep", "own.cfg", "-o", "own.sqlite", "-q", "--force", "--concept", "mixed-nash"),
        "");
    CU_ASSERT_EQUAL(store_number("own.sqlite", "SELECT concepts = 'mixed-nash' || char(10) AND "
                                               "record = 'equilibria' || char(10) || 'payoffs' || "
                                               "char(10) FROM runs"),
                    1);
    CU_ASSERT_EQUAL(store_number("own.sqlite", "SELECT count(*) FROM levels WHERE column_name = "
                                               "'B.y' AND label = 'h' AND value = 2 AND level = 3"),
                    1);
    CU_ASSERT_EQUAL(store_number("own.sqlite", "SELECT count(*) FROM levels"), 6);
    CU_ASSERT(store_number("own.sqlite", "SELECT count(*) FROM equilibria WHERE \"A.x\" NOT NULL "
                                         "AND play LIKE 'A: 1 ' || \"A.x\" || ';%'") > 0);
    CU_ASSERT_EQUAL(store_number("own.sqlite", "SELECT count(*) FROM equilibria WHERE \"A.x\" NOT "
                                               "NULL AND play NOT LIKE 'A: 1 ' || \"A.x\" || ';%'"),
                    0);
}

/* The expectation of a formula over mixed play, in closed form: matching pennies in which A wins
 * `a` on the first side has B play it with probability 1 / (1 + a) … and A with 1/2. */
static void mixed_play(void) {
    cli_file(
        "pennies.cfg",
        "parameters = { a = { value = 1; range = (1, 8); }; };\n"
        "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"h\", \"t\"]; } ); },\n"
        " { name = \"B\"; moves = ( { name = \"y\"; levels = [\"h\", \"t\"]; } ); } );\n"
        "payoffs = { kind = \"formula\";\n"
        " A = \"A.x:h * B.y:h * a + A.x:t * B.y:t\"; B = \"A.x:h * B.y:t + A.x:t * B.y:h\"; };\n"
        "solve = { concepts = ( \"mixed-nash\" ); };\n"
        "sweep = { design = \"list\"; over = ( \"a\" ); points = ( 1, 3 );\n"
        " record = ( \"A.x:h\", \"B.y:h\" ); };\n");
    cli_works(DETERRA("sweep", "pennies.cfg", "-o", "pennies.sqlite", "-q"), "");
    CU_ASSERT_EQUAL(store_number("pennies.sqlite", "SELECT 100 * least FROM records WHERE point = "
                                                   "1 AND record = 'A.x:h'"),
                    50);
    CU_ASSERT_EQUAL(store_number("pennies.sqlite", "SELECT 100 * greatest FROM records WHERE point "
                                                   "= 1 AND record = 'B.y:h'"),
                    25);
    CU_ASSERT_EQUAL(store_number("pennies.sqlite", "SELECT count(*) FROM equilibria"), 0);
}

/* A parameter that decides what is feasible: the game is built anew at each point. */
static void feasible_by_parameter(void) {
    cli_file(
        "feasible.cfg",
        "parameters = { a = { value = 1; range = (0, 2); }; };\n"
        "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"l\", \"m\", \"h\"]; "
        "} ); feasible = [ \"A.x <= a\" ]; } );\n"
        "payoffs = { kind = \"formula\"; A = \"A.x\"; };\n"
        "solve = { concepts = ( \"pure-nash\" ); };\n"
        "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 3; } ); record = ( "
        "\"equilibria\", \"A.x + a\" ); };\n");
    cli_works(DETERRA("sweep", "feasible.cfg", "-o", "feasible.sqlite", "-q"), "");
    CU_ASSERT_EQUAL(store_number("feasible.sqlite",
                                 "SELECT count(*) FROM points JOIN equilibria USING (point) WHERE "
                                 "(a = 0 AND \"A.x\" = 'l') OR (a = 1 AND \"A.x\" = 'm') OR (a = 2 "
                                 "AND \"A.x\" = 'h')"),
                    3);
    CU_ASSERT_EQUAL(store_number("feasible.sqlite", "SELECT sum(least) FROM records"), 6);
}

/* --- stops --- */

static void killed_fifty_times(void) {
    cli_file("long.cfg", LONG);
    cli_works(DETERRA("sweep", "long.cfg", "-o", "whole.sqlite", "-q"), "");
    unsigned seed = 12345;
    long long before = 0, stops = 0;
    for (int i = 0; i < 50; i++) {
        seed = seed * 1103515245u + 12345u;
        cli_setup setup = {.interrupt_after = 20 + (int)(seed >> 16) % 90,
                           .signal_number = SIGKILL};
        cli_run run = cli_with(setup, "sweep", "long.cfg", "-o", "killed.sqlite", "--resume", "-q",
                               (char *)NULL);
        CU_ASSERT(run.status == 128 + SIGKILL || run.status == 0);
        stops += run.status != 0;
        cli_done(&run);
        if (access("killed.sqlite", F_OK) != 0 ||
            store_number("killed.sqlite", "PRAGMA "
                                          "application_id") == 0)
            continue; /* killed before there was anything */
        long long now = store_number("killed.sqlite", "SELECT count(*) FROM points");
        CU_ASSERT(now >= before);
        before = now;
    }
    CU_ASSERT(stops > 0);
    cli_works(DETERRA("sweep", "long.cfg", "-o", "killed.sqlite", "--resume", "-q"), "");
    same_content("whole.sqlite", "killed.sqlite");
}

static void asked_to_stop(void) {
    static const int numbers[] = {SIGTERM, SIGUSR1, SIGINT};
    for (size_t i = 0; i < 3; i++) {
        unlink("stopped.sqlite");
        cli_setup setup = {.interrupt_after = 150, .signal_number = numbers[i]};
        cli_run run = cli_with(setup, "sweep", "long.cfg", "-o", "stopped.sqlite", "--threads", "1",
                               (char *)NULL);
        if (run.status != 0) { /* it may have been through */
            cli_status(&run, numbers[i] == SIGINT ? 130 : 75);
            cli_says(run.err, "go on with --resume");
            CU_ASSERT(store_number("stopped.sqlite", "SELECT count(*) FROM points") < 3000);
        }
        cli_done(&run);
        cli_works(DETERRA("sweep", "long.cfg", "-o", "stopped.sqlite", "--resume"), "");
        same_content("whole.sqlite", "stopped.sqlite");
    }
}

/* --- what goes wrong --- */

static void failing_points(void) {
    cli_file("fail.cfg",
             "parameters = { a = { value = 1; range = (0, 4); }; };\n" PLAYERS
             "payoffs = { kind = \"formula\"; A = \"A.x / a\"; B = \"B.y\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 5; } ); "
             "};\n");
    cli_run run = DETERRA("sweep", "fail.cfg", "-o", "fail.sqlite");
    cli_status(&run, 0);
    cli_says(run.err, "1 of 5 points failed");
    cli_done(&run);
    CU_ASSERT_EQUAL(store_number("fail.sqlite", "SELECT point FROM points WHERE status = 'failed' "
                                                "AND message LIKE '%division by zero%'"),
                    0);
    CU_ASSERT_EQUAL(store_number("fail.sqlite", "SELECT count(*) FROM equilibria"), 4);
}

static void refused(void) {
    cli_file("small.cfg", SMALL);
    cli_works(DETERRA("sweep", "small.cfg", "-o", "kept.sqlite"), "");
    char *before = cli_slurp("kept.sqlite", NULL);
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "kept.sqlite"), 3,
              "`kept.sqlite` is there already: go on with --resume, or replace it with --force");
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "kept.sqlite", "--resume", "--set", "c=2"), 3,
              "`kept.sqlite` was made with other values of --set (- there, + now):\n    + c=2");
    cli_fails(
        DETERRA("sweep", "small.cfg", "-o", "kept.sqlite", "--resume", "--concept", "maximin"), 3,
        "- pure-nash\n    - mixed-nash\n    - correlated\n    + maximin");
    cli_file("changed.cfg", PARAMETERS PLAYERS
             "payoffs = { kind = \"formula\"; A = \"a * A.x\";\n B = \"b * B.y\"; };\n" CONCEPTS
             "sweep = { design = \"sobol\"; points = 3; over = ( \"a\" ); };\n");
    cli_run run = DETERRA("sweep", "changed.cfg", "-o", "kept.sqlite", "--resume");
    cli_says(run.err, "was made from another config (- there, + now)");
    cli_says(run.err, "- payoffs = { kind = \"formula\"; A = \"a * A.x - A.x * B.y");
    cli_says(run.err, "+ payoffs = { kind = \"formula\"; A = \"a * A.x\";");
    cli_status(&run, 3);
    cli_done(&run);
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "kept.sqlite", "--resume", "--shard", "1/2"), 3,
              "is shard 1/1, not 1/2");
    char *after = cli_slurp("kept.sqlite", NULL);
    CU_ASSERT(before && after && memcmp(before, after, 4096) == 0);
    free(before);
    free(after);
    cli_file("text.sqlite", "not a database, but a text that somebody needs\n");
    static const char *const ways[] = {"--resume", "--force"};
    for (size_t i = 0; i < 2; i++) {
        cli_fails(DETERRA("sweep", "small.cfg", "-o", "text.sqlite", ways[i]), 3,
                  "`text.sqlite` is not a store of deterra sweep; it was left as it is");
        char *text = cli_slurp("text.sqlite", NULL);
        CU_ASSERT_STRING_EQUAL(text, "not a database, but a text that somebody needs\n");
        free(text);
    }
    store_number("kept.sqlite", "PRAGMA user_version = 99");
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "kept.sqlite", "--resume"), 3,
              "was made by a newer deterra (schema 99, this one knows 1)");
    cli_fails(DETERRA("sweep", "small.cfg"), 2, "-o is missing");
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "x", "--resume", "--force"), 2, "take one");
    static const char *const shards[] = {"0/3", "4/3", "a/3", "1", "1/", "-1/3", "1/3x"};
    for (size_t i = 0; i < sizeof shards / sizeof *shards; i++)
        cli_fails(DETERRA("sweep", "small.cfg", "-o", "x", "--shard", shards[i]), 2,
                  "--shard takes I/N");
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "x", "--split", "both"), 2, "--split takes");
    cli_fails(DETERRA("sweep", CHICKEN, "-o", "x"), 3, "the config has no `sweep` section");
    cli_file("record.cfg",
             GAME "sweep = { design = \"sobol\"; points = 3; over = ( \"a\" ); record = "
                  "( \"A.q:h\" ); };");
    cli_fails(DETERRA("sweep", "record.cfg", "-o", "x"), 3,
              "record.cfg:7:69: error: `A` has no move `q`");
    cli_fails(DETERRA("sweep", "small.cfg", "-o", "no/such/folder/x"), 1, "cannot write");
    CU_ASSERT_EQUAL(access("x", F_OK), -1);
    /* an empty file is no store to be kept */
    cli_file("empty.sqlite", "");
    cli_works(DETERRA("sweep", "small.cfg", "-o", "empty.sqlite", "--resume"), "");
    same_content("one.sqlite", "empty.sqlite");
}

/* A disk that is full: what was committed stays, and goes on elsewhere. */
static void full_disk(void) {
    CU_ASSERT_EQUAL(mkdir("disk", 0700), 0);
    if (mount("none", "disk", "tmpfs", 0, "size=160k") != 0) {
        printf("(skipped: no right to mount) ");
        return;
    }
    cli_run run = DETERRA("sweep", "long.cfg", "-o", "disk/full.sqlite", "-q");
    cli_status(&run, 1);
    cli_says(run.err, "cannot write `disk/full.sqlite`: database or disk is full");
    cli_done(&run);
    long long kept = store_number("disk/full.sqlite", "SELECT count(*) FROM points");
    CU_ASSERT(kept > 0 && kept < 3000);
    CU_ASSERT_EQUAL(system("cp disk/full.sqlite full.sqlite"), 0);
    /* where nothing can be written at all, nothing is lost either */
    CU_ASSERT_EQUAL(mount("none", "disk", "tmpfs", MS_REMOUNT | MS_RDONLY, "size=160k"), 0);
    cli_fails(DETERRA("sweep", "long.cfg", "-o", "disk/full.sqlite", "--resume", "-q"), 1,
              "cannot write disk/full.sqlite: Read-only file system");
    cli_fails(DETERRA("sweep", "long.cfg", "-o", "disk/other.sqlite", "-q"), 1,
              "cannot write disk/other.sqlite: Read-only file system");
    CU_ASSERT_EQUAL(system("cmp -s disk/full.sqlite full.sqlite"), 0);
    CU_ASSERT_EQUAL(umount("disk"), 0);
    cli_works(DETERRA("sweep", "long.cfg", "-o", "full.sqlite", "--resume", "-q"), "");
    same_content("whole.sqlite", "full.sqlite");
}

/* Somebody reads the store for seconds while it is written. */
static void read_meanwhile(void) {
    pid_t reader = fork();
    CU_ASSERT_FATAL(reader >= 0);
    if (reader == 0) {
        sqlite3 *db = NULL;
        while (access("read.sqlite", F_OK) != 0 ||
               store_number("read.sqlite", "SELECT count(*) FROM points") <= 0)
            cli_sleep(5);
        bool good =
            sqlite3_open_v2("read.sqlite", &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
            sqlite3_exec(db, "BEGIN; SELECT count(*) FROM points", NULL, NULL, NULL) == SQLITE_OK;
        cli_sleep(3000);
        sqlite3_close(db);
        _exit(good ? 0 : 1);
    }
    cli_works(DETERRA("sweep", "long.cfg", "-o", "read.sqlite", "-q"), "");
    int state = 0;
    CU_ASSERT_EQUAL(waitpid(reader, &state, 0), reader);
    CU_ASSERT(WIFEXITED(state) && WEXITSTATUS(state) == 0);
    same_content("whole.sqlite", "read.sqlite");
}

/* One row for each point and equilibrium, an empty one where there is none; names that SQL would
 * confuse are kept apart. */
static void exports(void) {
    cli_file("tidy.cfg", "parameters = { status = { value = 1; range = (0, 4); }; };\n" PLAYERS
                         "payoffs = { kind = \"formula\"; A = \"(A.x == B.y) * status\"; B = "
                         "\"-(A.x == B.y) * status\"; };\n"
                         "solve = { concepts = ( \"pure-nash\" ); };\n"
                         "sweep = { design = \"list\"; over = ( \"status\" ); points = ( 0.1, 0 ); "
                         "};\n");
    cli_works(DETERRA("sweep", "tidy.cfg", "-o", "tidy.sqlite", "-q"), "");
    cli_run run = DETERRA("export", "tidy.sqlite", "--format", "csv");
    cli_status(&run, 0);
    cli_says(run.out, "point,status_2,status,message,equilibria,concept,result,item,objective,A.x,"
                      "B.y,play,payoff.A,payoff.B,strict,pareto_efficient,certificate\n"
                      "0,0.1,done,,0,,,,,,,,,,,,\n"
                      "1,0,done,,9,pure-nash,1,1,,l,l,,0,0,0,1,exact\n");
    cli_done(&run);
    cli_works(DETERRA("export", "tidy.sqlite", "--format", "csv", "-o", "tidy.csv"), "");
    char *text = cli_slurp("tidy.csv", NULL);
    size_t lines = 0;
    for (const char *at = text; at && (at = strchr(at, '\n')); at++)
        lines++;
    CU_ASSERT_EQUAL(lines, 11);
    free(text);
    cli_fails(DETERRA("export", "tidy.cfg", "--format", "csv"), 3, "is not a store");
    cli_fails(DETERRA("export", "tidy.cfg", "--records"), 3, "is not a store");
    cli_file("records.cfg",
             "parameters = { least = { value = 1; range = (0, 4); }; };\n" PLAYERS
             "payoffs = { kind = \"formula\"; A = \"(A.x == B.y) * least\"; B = "
             "\"-(A.x == B.y) * least\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"list\"; over = ( \"least\" ); points = ( 0.1, 0 ); record = ( "
             "\"A.x\" ); };\n");
    cli_works(DETERRA("sweep", "records.cfg", "-o", "records.sqlite", "-q"), "");
    run = DETERRA("export", "records.sqlite", "--records");
    cli_status(&run, 0);
    CU_ASSERT_STRING_EQUAL(
        run.out, "point,least,status,message,concept,result,record,equilibria,least,greatest\n"
                 "0,0.1,done,,pure-nash,1,A.x,0,,\n"
                 "1,0,done,,pure-nash,1,A.x,9,0,2\n");
    cli_done(&run);
    cli_fails(DETERRA("export", "none.sqlite", "--format", "csv"), 3, "cannot read `none.sqlite`");
}

static void progress(void) {
    cli_run run = DETERRA("sweep", "small.cfg", "-o", "progress.sqlite");
    cli_says(run.err, "deterra: 300 points in ");
    cli_done(&run);
    run = DETERRA("sweep", "small.cfg", "-o", "progress.sqlite", "--resume", "-q");
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
    cli_works(DETERRA("sweep", "--help"), "example: deterra sweep");
}

int main(void) {
    static const dt_case cases[] = {
        {"the same content for threads, shards and merges", threads_and_shards},
        {"what is stored is what solve prints", as_solve_has_it},
        {"formulas over mixed play", mixed_play},
        {"concepts and levels", concepts_and_levels},
        {"a parameter that decides what is feasible", feasible_by_parameter},
        {"killed fifty times", killed_fifty_times},
        {"asked to stop", asked_to_stop},
        {"points that fail", failing_points},
        {"refused", refused},
        {"a full disk", full_disk},
        {"read while it is written", read_meanwhile},
        {"export to CSV", exports},
        {"progress", progress},
    };
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("cli_sweep", cases);
    cli_leave(directory);
    return status;
}
