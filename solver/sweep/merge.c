/* Joins the parts of a sweep: see merge.h. SPDX: GPL-3.0-or-later */
#include "sweep/merge.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sweep/reading.h"

/* Tables with rows of points, and the one that tells whether a point is there. */
static const char *const ROWS[] = {"equilibria", "records", "timings", "points"};

typedef struct merger {
    sqlite3 *db;
    const char *part; /* the one in hand, or NULL */
    const dt_merge_settings *settings;
    dt_diag *diag;
} merger;

static dt_status complain(const merger *m) {
    int code = sqlite3_errcode(m->db) & 0xff;
    if (code == SQLITE_NOMEM)
        return DT_ERR_MEMORY;
    if (code == SQLITE_INTERRUPT)
        return DT_ERR_INTERRUPTED;
    if (m->part && (code == SQLITE_ERROR || code == SQLITE_CORRUPT || code == SQLITE_CONSTRAINT)) {
        dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE, "`%s` is damaged: %s", m->part,
                    sqlite3_errmsg(m->db));
        return DT_ERR_INPUT;
    }
    dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE, "cannot merge%s%s%s: %s", m->part ? " `" : "",
                m->part ? m->part : "", m->part ? "`" : "", sqlite3_errmsg(m->db));
    return DT_ERR_IO;
}

static dt_status run(const merger *m, const char *sql) {
    return sqlite3_exec(m->db, sql, NULL, NULL, NULL) == SQLITE_OK ? DT_OK : complain(m);
}

/* The tables of the part, empty, and its run as that of one shard. */
static dt_status copy_frame(const merger *m) {
    sqlite3_stmt *select = NULL;
    dt_status status = DT_OK;
    if (sqlite3_prepare_v2(m->db,
                           "SELECT sql FROM part.sqlite_master WHERE type = 'table' AND name IN "
                           "('runs', 'parameters', 'levels', 'sessions', 'points', 'equilibria', "
                           "'records', 'timings')",
                           -1, &select, NULL) != SQLITE_OK)
        return complain(m);
    while (status == DT_OK && sqlite3_step(select) == SQLITE_ROW)
        status = run(m, (const char *)sqlite3_column_text(select, 0));
    sqlite3_finalize(select);
    char head[256];
    snprintf(head, sizeof head, "PRAGMA main.application_id = %d; PRAGMA main.user_version = %d;",
             DT_STORE_APPLICATION, DT_STORE_SCHEMA);
    if (status == DT_OK)
        status = run(m, head);
    if (status == DT_OK)
        status = run(m, "INSERT INTO main.runs SELECT * FROM part.runs;"
                        "UPDATE main.runs SET shard = 1, shards = 1;"
                        "INSERT INTO main.parameters SELECT * FROM part.parameters;"
                        "INSERT INTO main.levels SELECT * FROM part.levels;");
    return status;
}

static dt_status check_same(const merger *m, const char *path, const char *first) {
    int64_t same = dt_sql_number(m->db,
                                 "SELECT count(*) FROM main.runs AS a JOIN part.runs AS b USING "
                                 "(config_sha256, concepts, design, points, seed)",
                                 0);
    if (same && !dt_sql_number(m->db,
                               "SELECT count(*) FROM main.runs AS a JOIN part.runs AS b USING "
                               "(deterra, libraries)",
                               0))
        dt_diag_add(m->diag, DT_WARNING, DT_NOWHERE,
                    "`%s` and `%s` were made by different versions of deterra or its libraries, "
                    "and what each solves may differ in the last digits",
                    first, path);
    if (same)
        return DT_OK;
    dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE, "`%s` is of another sweep than `%s`", path, first);
    return DT_ERR_INPUT;
}

static dt_status check_overlap(const merger *m, const char *path) {
    int64_t point = dt_sql_number(
        m->db, "SELECT min(point) FROM main.points JOIN part.points USING (point)", -1);
    if (point < 0 || m->settings->overlaps)
        return DT_OK;
    dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE,
                "point %lld of `%s` is in an earlier part, too; --allow-overlaps keeps the "
                "earlier part's",
                (long long)point, path);
    return DT_ERR_INPUT;
}

static dt_status add_rows(const merger *m) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS && status == DT_OK; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "INSERT INTO main.%s SELECT * FROM part.%s WHERE point NOT IN "
                 "(SELECT point FROM main.points) ORDER BY point",
                 ROWS[i], ROWS[i]);
        status = run(m, sql);
    }
    if (status == DT_OK)
        status = run(m, "INSERT INTO main.sessions (started, ended, points, seconds, deterra, "
                        "libraries) SELECT started, ended, points, seconds, deterra, libraries "
                        "FROM part.sessions");
    return status;
}

static dt_status attach(const merger *m, const char *path) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(m->db, "ATTACH ? AS part", -1, &statement, NULL) != SQLITE_OK)
        return complain(m);
    char *file = dt_sql_path(path);
    if (!file) {
        sqlite3_finalize(statement);
        return DT_ERR_MEMORY;
    }
    sqlite3_bind_text(statement, 1, file, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    free(file);
    return code == SQLITE_DONE ? DT_OK : complain(m);
}

static dt_status add_part(merger *m, const char *path, const char *first) {
    dt_status status = dt_reading_check(path, m->diag);
    m->part = path;
    if (status == DT_OK)
        status = attach(m, path);
    if (status != DT_OK)
        return status;
    status = run(m, "BEGIN");
    if (status == DT_OK)
        status = path == first ? copy_frame(m) : check_same(m, path, first);
    if (status == DT_OK)
        status = check_overlap(m, path);
    if (status == DT_OK)
        status = add_rows(m);
    if (status == DT_OK)
        status = run(m, "COMMIT");
    if (status == DT_OK)
        status = run(m, "DETACH part");
    m->part = NULL;
    return status;
}

/* SQLite asks now and then; not 0: it gives up. */
static int stop_asked(void *user) {
    const merger *m = user;
    return m->settings->stop && *m->settings->stop;
}

static dt_status check_gaps(const merger *m) {
    int64_t points = dt_sql_number(m->db, "SELECT points FROM runs", 0),
            there = dt_sql_number(m->db, "SELECT count(*) FROM points", 0);
    if (there == points || m->settings->gaps)
        return DT_OK;
    int64_t gap = dt_sql_number(
        m->db,
        "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM points WHERE point = 0) THEN 0 ELSE (SELECT "
        "min(point) + 1 FROM points AS a WHERE NOT EXISTS (SELECT 1 FROM points AS b WHERE b.point "
        "= a.point + 1)) END",
        -1);
    dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE,
                "%lld of %lld points are missing, point %lld first; --allow-gaps merges what there "
                "is",
                (long long)(points - there), (long long)points, (long long)gap);
    return DT_ERR_INPUT;
}

dt_status dt_merge(const char *path, const char *const *part, size_t count,
                   const dt_merge_settings *settings, dt_diag *diag, dt_merged *merged) {
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is not a file", path);
        return DT_ERR_INPUT;
    }
    if (stat(path, &info) == 0 && info.st_size > 0 && !settings->force) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is there already: replace it with --force",
                    path);
        return DT_ERR_INPUT;
    }
    if (stat(path, &info) == 0 && info.st_size > 0) { /* --force replaces stores, nothing else */
        dt_status status = dt_reading_check(path, diag);
        if (status != DT_OK)
            return status;
    }
    size_t size = strlen(path) + sizeof ".merging-XXXXXX";
    char *beside = malloc(size);
    if (!beside)
        return DT_ERR_MEMORY;
    snprintf(beside, size, "%s.merging-XXXXXX", path);
    int handle = mkstemp(beside);
    if (handle < 0) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot write `%s`: %s", path, strerror(errno));
        free(beside);
        return DT_ERR_IO;
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(handle, 0666 & ~mask);
    close(handle);
    merger m = {.settings = settings, .diag = diag};
    dt_status status = DT_OK;
    char *file = dt_sql_path(beside);
    if (!file || sqlite3_open_v2(file, &m.db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        status = m.db ? complain(&m) : DT_ERR_MEMORY;
    free(file);
    if (status == DT_OK)
        sqlite3_progress_handler(m.db, 10000, stop_asked, &m);
    for (size_t i = 0; i < count && status == DT_OK; i++)
        status = add_part(&m, part[i], part[0]);
    if (status == DT_OK)
        status = check_gaps(&m);
    if (status == DT_OK)
        *merged =
            (dt_merged){.points = (uint64_t)dt_sql_number(m.db, "SELECT count(*) FROM points", 0),
                        .failed = (uint64_t)dt_sql_number(
                            m.db, "SELECT count(*) FROM points WHERE status = 'failed'", 0),
                        .wanted = (uint64_t)dt_sql_number(m.db, "SELECT points FROM runs", 0)};
    sqlite3_close(m.db);
    if (status == DT_OK && rename(beside, path) != 0) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot write `%s`: %s", path, strerror(errno));
        status = DT_ERR_IO;
    }
    if (status != DT_OK)
        unlink(beside);
    free(beside);
    return status;
}
