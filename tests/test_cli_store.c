/* Stores of sweeps that are shared with others, damaged, or no stores; what a store keeps of points
 * that are solved in part. */
#include "cli_run.h"
#include "store_dump.h"
#include "sweep_games.h"

/* Points of a grid, and what follows in the section. */
#define GRID(rest)                                                                                 \
    GAME "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 5; } ); " rest " };"  \
         "\n"

static sqlite3 *open_store(const char *path) {
    sqlite3 *db = NULL;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return db;
}

static void make(const char *path) {
    cli_works(DETERRA("sweep", "grid.cfg", "-o", path, "-q", "--force"), "");
}

/* A name is a file's, whatever SQLite would take it for; and never that of the input. */
static void names(void) {
    cli_file("grid.cfg", GRID(""));
    cli_fails(DETERRA("sweep", "grid.cfg", "-o", ""), 2, "-o is empty");
    cli_fails(DETERRA("sweep", "grid.cfg", "-o", "/dev/null"), 3, "`/dev/null` is not a file");
    cli_fails(DETERRA("sweep", "grid.cfg", "-o", "/dev/null", "--force"), 3, "is not a file");
    CU_ASSERT_EQUAL(access("/dev/null-journal", F_OK), -1);
    make(":memory:");
    CU_ASSERT_EQUAL(access(":memory:", F_OK), 0);
    cli_file("other.db", "somebody's");
    make("file:other.db");
    CU_ASSERT_EQUAL(access("file:other.db", F_OK), 0);
    char *kept = cli_slurp("other.db", NULL);
    CU_ASSERT_STRING_EQUAL(kept, "somebody's");
    free(kept);
    make("store.sqlite");
    cli_works(
        DETERRA("merge", "-o", "merged.sqlite", "--allow-overlaps", "file:other.db", ":memory:"),
        "");
    CU_ASSERT_EQUAL(symlink("store.sqlite", "link.sqlite"), 0);
    make("link.sqlite"); /* through the link, which stays one */
    struct stat info;
    CU_ASSERT(lstat("link.sqlite", &info) == 0 && S_ISLNK(info.st_mode));
    char *before = store_dump("store.sqlite");
    cli_fails(DETERRA("export", "store.sqlite", "-f", "csv", "-o", "./store.sqlite"), 2,
              "-o names the file that is read: `./store.sqlite`");
    cli_fails(DETERRA("table", "store.sqlite", "-o", "link.sqlite"), 2,
              "-o names the file that is read: `link.sqlite`");
    cli_fails(DETERRA("solve", "grid.cfg", "-o", "grid.cfg"), 2, "-o names the file that is read");
    cli_fails(DETERRA("merge", "-o", ".", "store.sqlite"), 3, "`.` is not a file");
    char *after = store_dump("store.sqlite");
    CU_ASSERT_STRING_EQUAL(before, after);
    free(before);
    free(after);
}

/* A store is no config, and is exported without being told how. */
static void no_config(void) {
    static const char *const commands[] = {"solve", "check"};
    for (size_t i = 0; i < 2; i++) {
        cli_run run = DETERRA(commands[i], "store.sqlite");
        cli_status(&run, 3);
        cli_says(run.err, "`store.sqlite` is an SQLite database and no config");
        CU_ASSERT(strlen(run.err) < 300);
        cli_done(&run);
    }
    cli_fails(DETERRA("export", "store.sqlite", "-f", "nfg"), 3, "is an SQLite database");
    cli_works(DETERRA("export", "store.sqlite"), "point,a,status,message,");
}

/* Another process writes there, or keeps it to itself: nothing is taken from it. */
static void in_use(void) {
    char *before = store_dump("store.sqlite");
    sqlite3 *db = open_store("store.sqlite");
    CU_ASSERT_EQUAL(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    static const char *const ways[] = {"--resume", "--force"};
    for (size_t i = 0; i < 2; i++)
        cli_fails(DETERRA("sweep", "grid.cfg", "-o", "store.sqlite", ways[i]), 3,
                  "another process is using `store.sqlite`");
    cli_works(DETERRA("table", "store.sqlite"), "2"); /* it may be read */
    CU_ASSERT_EQUAL(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    char *after = store_dump("store.sqlite");
    CU_ASSERT_STRING_EQUAL(before, after);
    free(before);
    free(after);
}

/* From the first point to the last the store is its sweep's, and yet can be read: another sweep is
 * refused, and tables are made. */
static void one_writer(void) {
    char text[] = LONG, *points = strstr(text, "points = 3000");
    CU_ASSERT_PTR_NOT_NULL_FATAL(points);
    memcpy(points, "points=900000", strlen("points = 3000"));
    cli_file("long.cfg", text);
    pid_t child = fork();
    CU_ASSERT_FATAL(child >= 0);
    if (child == 0) {
        execl(DETERRA_PROGRAM, "deterra", "sweep", "long.cfg", "-o", "busy.sqlite", "-q",
              (char *)NULL);
        _exit(126);
    }
    while (access("busy.sqlite", F_OK) != 0)
        cli_sleep(5);
    cli_sleep(300);
    for (int round = 0; round < 2; round++) {
        cli_fails(DETERRA("sweep", "long.cfg", "-o", "busy.sqlite", "--resume"), 3,
                  "another process is using `busy.sqlite`");
        cli_works(DETERRA("table", "busy.sqlite", "--bins", "2", "-q"), "");
    }
    int state;
    kill(child, SIGTERM);
    CU_ASSERT(waitpid(child, &state, 0) == child && WIFEXITED(state) && WEXITSTATUS(state) == 75);
    CU_ASSERT(store_number("busy.sqlite", "SELECT count(*) FROM points") > 100);
}

/* Content is only promised to be the same on the same versions. */
static void versions(void) {
    make("old.sqlite");
    store_number("old.sqlite", "UPDATE runs SET deterra = '0.0.9'");
    cli_run run = DETERRA("sweep", "grid.cfg", "-o", "old.sqlite", "--resume");
    cli_status(&run, 0);
    cli_says(run.err, "warning: `old.sqlite` was begun by deterra 0.0.9 with GLPK ");
    cli_says(run.err, "deterra: all 5 points are there already");
    cli_done(&run);
    CU_ASSERT_EQUAL(store_number("old.sqlite", "SELECT count(*) FROM sessions WHERE deterra IS "
                                               "NOT NULL AND libraries LIKE 'GLPK%'"),
                    2);
    run = DETERRA("merge", "-o", "both.sqlite", "--allow-overlaps", "old.sqlite", "store.sqlite");
    cli_status(&run, 0);
    cli_says(run.err, "`old.sqlite` and `store.sqlite` were made by different versions");
    cli_says(run.err, "deterra: 5 of 5 points of 2 parts in both.sqlite, 0 failed");
    cli_done(&run);
}

/* A record without a value leaves the rest of its point as it is. */
static void records_without_value(void) {
    cli_file("grid.cfg",
             GRID("record = ( \"payoffs\", { name = \"per\"; value = \"1 / (a - 2)\"; }, "
                  "{ name = \"huge\"; value = \"exp(1000 * a)\"; } );"));
    make("part.sqlite");
    CU_ASSERT_EQUAL(
        store_number("part.sqlite", "SELECT count(*) FROM points WHERE status = 'done'"), 5);
    CU_ASSERT_EQUAL(store_number("part.sqlite", "SELECT count(*) FROM points WHERE message = 'the "
                                                "record per: division by zero' AND a = 2"),
                    1);
    CU_ASSERT_EQUAL(store_number("part.sqlite", "SELECT count(*) FROM points WHERE message = 'the "
                                                "record huge: beyond the range of a double'"),
                    3);
    CU_ASSERT_EQUAL(store_number("part.sqlite", "SELECT count(*) FROM records WHERE least > 1e308"),
                    0);
    CU_ASSERT(store_number("part.sqlite", "SELECT count(*) FROM equilibria JOIN points USING "
                                          "(point) WHERE a = 2 AND \"payoff.A\" IS NOT NULL") > 0);
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    for (size_t i = 0; i < 5; i++)
        cli_works(DETERRA("table", "part.sqlite", "--value", "huge", "-f", formats[i]), "");
    cli_file("grid.cfg", GRID("record = ( \"A.x:h\" );"));
    make("part.sqlite");
    CU_ASSERT_EQUAL(store_number("part.sqlite", "SELECT count(*) FROM equilibria"), 0);
}

static void wrong_sections(void) {
    static const char *const wrong[][2] = {
        {"record = ( { name = \"failed\"; value = \"a\"; } );",
         "`failed` is what deterra itself calls something: give the record another name"},
        {"record = ( { name = \"value.A\"; value = \"a\"; } );",
         "`value.A` is what deterra itself"},
        {"record = ( { name = \"\"; value = \"a\"; } );", "a record's name is a line of text"},
        {"record = ( { name = \"a\\nb\"; value = \"a\"; } );", "a record's name is a line of text"},
        {"concepts = ( \"pure-nash\", \"maximin\", \"pure-nash\" );",
         "`pure-nash` is asked for twice: a sweep keeps it once"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[2048];
        snprintf(text, sizeof text, GRID("%s"), wrong[i][0]);
        cli_file("wrong.cfg", text);
        cli_fails(DETERRA("sweep", "wrong.cfg", "-o", "wrong.sqlite"), 3, wrong[i][1]);
        cli_run run = DETERRA("check", "wrong.cfg");
        cli_status(&run, 3);
        cli_says(run.err, wrong[i][1]);
        cli_done(&run);
    }
    cli_fails(DETERRA("sweep", "grid.cfg", "-o", "wrong.sqlite", "--set", "a=2"), 3,
              "`a` varies here and is given with --set: take it out of one of them");
    CU_ASSERT_EQUAL(access("wrong.sqlite", F_OK), -1);
}

/* What failed first is said, and stands in the store. */
static void first_failure(void) {
    cli_file("fail.cfg", PARAMETERS PLAYERS
             "payoffs = { kind = \"formula\"; A = \"A.x / (a - 2)\"; B = \"B.y + b + c\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 5; } ); };\n");
    cli_run run = DETERRA("sweep", "fail.cfg", "-o", "fail.sqlite");
    cli_status(&run, 0);
    cli_says(run.err,
             "deterra: 1 of 5 points failed (messages are in the table points); point 2: ");
    cli_done(&run);
}

/* Each with status 3 and a message that names the file; and what a tool may have added is no harm.
 */
static void damaged(void) {
    cli_file("grid.cfg", GRID(""));
    make("bad.sqlite");
    store_number("bad.sqlite", "UPDATE points SET point = 1000 WHERE point = 2");
    cli_fails(DETERRA("sweep", "grid.cfg", "-o", "bad.sqlite", "--resume"), 3,
              "`bad.sqlite` is damaged: it has points that the sweep has not");
    make("bad.sqlite");
    store_number("bad.sqlite", "DROP TABLE equilibria");
    cli_fails(DETERRA("export", "bad.sqlite"), 3, "`bad.sqlite` is damaged: no such table");
    cli_run run = DETERRA("export", "bad.sqlite", "-o", "bad.csv");
    cli_status(&run, 3);
    CU_ASSERT_PTR_NULL(strstr(run.err, "cannot write"));
    CU_ASSERT_EQUAL(access("bad.csv", F_OK), -1);
    cli_done(&run);
    cli_fails(DETERRA("merge", "-o", "x.sqlite", "bad.sqlite"), 3,
              "`bad.sqlite` is damaged: no such table");
    CU_ASSERT_EQUAL(access("x.sqlite", F_OK), -1);
    make("good.sqlite");
    store_number("good.sqlite", "ANALYZE");
    cli_works(DETERRA("merge", "-o", "x.sqlite", "good.sqlite"), "");
    CU_ASSERT_EQUAL(truncate("good.sqlite", 6000), 0);
    cli_fails(DETERRA("table", "good.sqlite"), 3, "`good.sqlite` is damaged");
}

/* A merge that is told to end leaves nothing behind. */
static void stopped_merge(void) {
    make("large.sqlite");
    store_number("large.sqlite",
                 "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < "
                 "1000000) INSERT INTO points SELECT i, 1, 'done', NULL, 0 FROM n");
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < 2; i++) {
        cli_fails(cli_with((cli_setup){.interrupt_after = 150, .signal_number = signals[i]},
                           "merge", "-o", "joined.sqlite", "large.sqlite", (char *)NULL),
                  130, "deterra: stopped; nothing was written");
        CU_ASSERT_EQUAL(system("test -z \"$(ls | grep joined)\""), 0);
    }
}

/* Numbers from one end of the doubles to the other, whose sums, differences and quotients no double
 * holds. */
static void large_numbers(void) {
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    cli_file("huge.cfg",
             "parameters = { a = { value = 1; }; b = { value = 1; }; };\n" PLAYERS
             "payoffs = { kind = \"formula\"; A = \"A.x\"; B = \"B.y\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"sobol\"; points = 20; over = ( { parameter = \"a\"; range = "
             "(-1.7e308, 1.7e308); }, { parameter = \"b\"; range = (5e-324, 1.797e308); scale = "
             "\"log\"; } ); record = ( { name = \"r\"; value = \"a\"; }, "
             "{ name = \"s\"; value = \"1.7e308 + 0 * a\"; } ); };\n");
    cli_works(DETERRA("sweep", "huge.cfg", "-o", "huge.sqlite", "-q"), "");
    for (size_t i = 0; i < 5; i++) {
        cli_run run = DETERRA("table", "huge.sqlite", "--value", "r", "-f", formats[i]);
        cli_status(&run, 0);
        CU_ASSERT_PTR_NULL(strstr(run.out, "inf"));
        CU_ASSERT_PTR_NULL(strstr(run.out, "nan"));
        cli_done(&run);
    }
    cli_works(DETERRA("table", "huge.sqlite", "--value", "s", "--columns", "none", "--bins", "1",
                      "-f", "csv"),
              ",1.7e+308\n");
}

/* Whatever stands where a number should: no table, and no crash. */
static void damaged_numbers(void) {
    static const char *const harm[][2] = {
        {"UPDATE points SET a = NULL", "`hurt.sqlite` is damaged: not all of `a` are numbers"},
        {"UPDATE points SET a = 'x' WHERE point = 1", "not all of `a` are numbers"},
        {"UPDATE points SET a = 9e999 WHERE point = 1", "not all of `a` are numbers"},
        {"UPDATE records SET least = -9e999", "not all of `A.x:h` are numbers"},
        {"UPDATE records SET greatest = 9e999", "not all of `A.x:h` are numbers"},
        {"UPDATE records SET least = 'x'", "not all of `A.x:h` are numbers"},
        {"UPDATE parameters SET low = 9e999", "not all of `a` are numbers"},
        {"UPDATE parameters SET scale = 'log', low = 0", "not all of `a` are numbers"},
        {"UPDATE parameters SET name = NULL", "not all of `parameters` are numbers"},
        {"DELETE FROM runs", "`hurt.sqlite` holds no run"},
    };
    cli_file("grid.cfg", GRID("record = ( \"equilibria\", \"A.x:h\" );"));
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        make("hurt.sqlite");
        store_number("hurt.sqlite", harm[i][0]);
        cli_fails(DETERRA("table", "hurt.sqlite", "--value", "A.x:h", "--bins", "3"), 3,
                  harm[i][1]);
    }
    make("hurt.sqlite");
    store_number("hurt.sqlite", "UPDATE points SET a = 9e999 WHERE point = 1");
    cli_works(DETERRA("export", "hurt.sqlite"), "\n1,inf,done,");
}

int main(void) {
    static const dt_case cases[] = {
        {"names of files", names},
        {"a store is no config", no_config},
        {"in use", in_use},
        {"one writer, many readers", one_writer},
        {"versions", versions},
        {"records without a value", records_without_value},
        {"wrong sections", wrong_sections},
        {"the first failure", first_failure},
        {"damaged", damaged},
        {"a merge that is stopped", stopped_merge},
        {"large numbers", large_numbers},
        {"damaged numbers", damaged_numbers},
    };
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("cli_store", cases);
    cli_leave(directory);
    return status;
}
