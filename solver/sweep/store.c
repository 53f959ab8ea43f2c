/* The store of a sweep: see store.h. SPDX: GPL-3.0-or-later */
#include "sweep/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sweep/difference.h"
#include "sweep/reading.h"

/* Between commits: soon at first, so that a run that is killed early gets on, too. */
static const double FIRST_COMMIT = 0.03, LAST_COMMIT = 1;
/* How long to wait, in ms, for another process that writes the store, which will not end soon; and
 * for one that only reads. */
enum { WRITER_WAIT = 2000, READER_WAIT = 60000 };

struct dt_store {
    sqlite3 *db;
    const char *path;
    sqlite3_stmt *insert[DT_SHEETS];
    sqlite3_stmt *find;
    bool broken;      /* something could not be written: it was complained of */
    bool open;        /* a transaction is */
    bool resumed;     /* there were points before */
    uint64_t last;    /* the last one of them */
    double committed; /* when that was last done */
    double patience;  /* until it is done again */
    double opened;    /* the store */
    int64_t session;
    uint64_t points, failed, added;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What SQLite says, as an error of reading or writing. */
static dt_status complain(dt_store *s, dt_diag *diag) {
    s->broken = true;
    int code = sqlite3_errcode(s->db), error = sqlite3_system_errno(s->db);
    if (code == SQLITE_NOMEM)
        return DT_ERR_MEMORY;
    if ((code & 0xff) == SQLITE_BUSY && !s->session) { /* only opened yet */
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "another process is using `%s`: wait for its end, or end it", s->path);
        return DT_ERR_INPUT;
    }
    bool named = (code & 0xff) != SQLITE_FULL && error;
    dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot write `%s`: %s%s%s", s->path,
                sqlite3_errmsg(s->db), named ? ": " : "", named ? strerror(error) : "");
    return DT_ERR_IO;
}

static dt_status run(dt_store *s, const char *sql, dt_diag *diag) {
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? DT_OK : complain(s, diag);
}

/* --- what is there already --- */

static void warn_of_versions(const dt_store *s, const char *deterra, const char *libraries,
                             dt_diag *diag) {
    char now[DT_SCHEMA_LIBRARIES];
    dt_schema_libraries(now);
    if (deterra && libraries && strcmp(deterra, dt_version()) == 0 && strcmp(libraries, now) == 0)
        return;
    dt_diag_add(diag, DT_WARNING, DT_NOWHERE,
                "`%s` was begun by deterra %s with %s; this is %s with %s, and what each solves "
                "may differ in the last digits",
                s->path, deterra ? deterra : "?", libraries ? libraries : "?", dt_version(), now);
}

/* Is it the same sweep? */
static dt_status check_run(const dt_store *s, const dt_frame *frame, dt_shard shard,
                           dt_diag *diag) {
    sqlite3_stmt *select = NULL;
    if (sqlite3_prepare_v2(s->db,
                           "SELECT config, config_sha256, sets, shard, shards, concepts, deterra, "
                           "libraries FROM runs",
                           -1, &select, NULL) != SQLITE_OK ||
        sqlite3_step(select) != SQLITE_ROW) {
        sqlite3_finalize(select);
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` holds no run: use --force to replace it",
                    s->path);
        return DT_ERR_INPUT;
    }
    const dt_scenario *scenario = frame->sweep->scenario;
    const char *sha = (const char *)sqlite3_column_text(select, 1),
               *there = (const char *)sqlite3_column_text(select, 5);
    char *concepts = dt_schema_concepts(frame);
    dt_status status = concepts ? DT_OK : DT_ERR_MEMORY;
    bool same = sha && strcmp(sha, scenario->sha256) == 0;
    if (status == DT_OK && same && there) /* the hash does not cover --concept */
        same = strcmp(there, concepts) == 0;
    if (status == DT_OK && !same) {
        const dt_difference_stored stored = {(const char *)sqlite3_column_text(select, 0),
                                             (const char *)sqlite3_column_text(select, 2), there};
        dt_difference_report(&stored, frame, s->path, diag);
        status = DT_ERR_INPUT;
    } else if ((uint64_t)sqlite3_column_int64(select, 3) != shard.number ||
               (uint64_t)sqlite3_column_int64(select, 4) != shard.count) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is shard %lld/%lld, not %llu/%llu", s->path,
                    (long long)sqlite3_column_int64(select, 3),
                    (long long)sqlite3_column_int64(select, 4), (unsigned long long)shard.number,
                    (unsigned long long)shard.count);
        status = DT_ERR_INPUT;
    }
    if (status == DT_OK)
        warn_of_versions(s, (const char *)sqlite3_column_text(select, 6),
                         (const char *)sqlite3_column_text(select, 7), diag);
    free(concepts);
    sqlite3_finalize(select);
    return status;
}

/* --- opening --- */

static dt_status prepare(dt_store *s, const dt_frame *frame, dt_diag *diag) {
    for (int i = 0; i < DT_SHEETS; i++) {
        char *sql = dt_schema_insert(frame, (dt_sheet)i);
        int code =
            sql ? sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->insert[i], NULL)
                : SQLITE_NOMEM;
        free(sql);
        if (code != SQLITE_OK)
            return code == SQLITE_NOMEM ? DT_ERR_MEMORY : complain(s, diag);
    }
    if (sqlite3_prepare_v3(s->db, "SELECT 1 FROM points WHERE point = ?", -1,
                           SQLITE_PREPARE_PERSISTENT, &s->find, NULL) != SQLITE_OK)
        return complain(s, diag);
    return DT_OK;
}

/* A transaction is open from the first look at the store to its end, so that no other process
 * writes there; others may read. */
static dt_status begin(dt_store *s, dt_diag *diag) {
    if (s->open)
        return DT_OK;
    dt_status status = run(s, "BEGIN IMMEDIATE", diag);
    s->open = status == DT_OK;
    return status;
}

static dt_status commit(dt_store *s, dt_diag *diag) {
    if (!s->open)
        return DT_OK;
    dt_status status = run(s, "COMMIT", diag);
    if (status != DT_OK && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->open = false;
    s->committed = now();
    return status;
}

static dt_status begin_session(dt_store *s, dt_diag *diag) {
    char sql[512], libraries[DT_SCHEMA_LIBRARIES];
    dt_schema_libraries(libraries);
    sqlite3_snprintf(sizeof sql, sql,
                     "INSERT INTO sessions (started, deterra, libraries) VALUES "
                     "(strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ'), %Q, %Q)",
                     dt_version(), libraries);
    dt_status status = run(s, sql, diag);
    s->session = sqlite3_last_insert_rowid(s->db);
    return status;
}

static dt_status create(dt_store *s, const dt_frame *frame, dt_shard shard, dt_diag *diag) {
    if (dt_sql_number(s->db, "SELECT count(*) FROM sqlite_master", 0) > 0) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "another process has just begun `%s`", s->path);
        return DT_ERR_INPUT;
    }
    dt_status status = DT_OK;
    if (dt_schema_create(s->db, frame, shard) != SQLITE_OK)
        status = complain(s, diag);
    if (status == DT_OK)
        status = dt_store_commit(s, diag);
    return status;
}

/* Rows that no point of the sweep has would never let it end. */
static dt_status check_points(dt_store *s, const dt_frame *frame, dt_diag *diag) {
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM points WHERE point < 0 OR point >= %llu",
             (unsigned long long)frame->sweep->points);
    if (dt_sql_number(s->db, sql, 0) == 0)
        return DT_OK;
    dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is damaged: it has points that the sweep has not",
                s->path);
    return DT_ERR_INPUT;
}

static dt_status open_file(dt_store *s, dt_diag *diag) {
    char *file = dt_sql_path(s->path);
    if (!file)
        return DT_ERR_MEMORY;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(file, &s->db, flags, NULL);
    free(file);
    if (code != SQLITE_OK)
        return s->db ? complain(s, diag) : DT_ERR_MEMORY;
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, WRITER_WAIT);
    /* rows wait in memory for the commit, at most a second's: else readers would be locked out
     * from when SQLite's cache is full */
    return run(s, "PRAGMA cache_spill = OFF", diag);
}

static dt_status check_file(const char *path, dt_store_mode mode, bool *there, dt_diag *diag) {
    struct stat info;
    bool is = stat(path, &info) == 0;
    *there = is && info.st_size > 0;
    if (is && !S_ISREG(info.st_mode)) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is not a file", path);
        return DT_ERR_INPUT;
    }
    if (*there && mode == DT_STORE_NEW) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is there already: go on with --resume, or replace it with --force", path);
        return DT_ERR_INPUT;
    }
    return DT_OK;
}

/* Takes away a store, through a link to it, and what SQLite may have left beside it. */
static dt_status delete_file(const char *path, dt_diag *diag) {
    char *file = realpath(path, NULL);
    size_t size = file ? strlen(file) + sizeof "-journal" : 0;
    char *journal = file ? malloc(size) : NULL;
    if (journal)
        snprintf(journal, size, "%s-journal", file);
    bool good = journal && unlink(file) == 0 && (unlink(journal) == 0 || errno == ENOENT);
    if (!good)
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot replace `%s`: %s", path, strerror(errno));
    free(file);
    free(journal);
    return good ? DT_OK : DT_ERR_IO;
}

dt_status dt_store_open(const char *path, dt_store_mode mode, const dt_frame *frame, dt_shard shard,
                        dt_diag *diag, dt_store **out) {
    *out = NULL;
    bool there;
    dt_status status = check_file(path, mode, &there, diag);
    dt_store *s = status == DT_OK ? calloc(1, sizeof *s) : NULL;
    if (status == DT_OK && !s)
        status = DT_ERR_MEMORY;
    if (status != DT_OK)
        return status;
    s->path = path;
    s->opened = s->committed = now();
    s->patience = FIRST_COMMIT;
    status = open_file(s, diag);
    if (status == DT_OK && there) /* --force replaces stores, and nothing else */
        status = dt_reading_kind(s->db, s->path, diag);
    if (status == DT_OK && there && mode == DT_STORE_REPLACE) {
        status = run(s, "BEGIN EXCLUSIVE", diag); /* nobody else has it open */
        if (status == DT_OK)
            status = delete_file(path, diag);
        sqlite3_close(s->db);
        s->db = NULL;
        there = false;
        if (status == DT_OK)
            status = open_file(s, diag);
    }
    if (status == DT_OK)
        status = begin(s, diag);
    if (status == DT_OK)
        status = there ? check_run(s, frame, shard, diag) : create(s, frame, shard, diag);
    if (status == DT_OK && there)
        status = check_points(s, frame, diag);
    if (status == DT_OK)
        status = prepare(s, frame, diag);
    if (status == DT_OK) {
        s->points = (uint64_t)dt_sql_number(s->db, "SELECT count(*) FROM points", 0);
        s->failed = (uint64_t)dt_sql_number(
            s->db, "SELECT count(*) FROM points WHERE status = 'failed'", 0);
        s->resumed = s->points > 0;
        s->last = (uint64_t)dt_sql_number(s->db, "SELECT max(point) FROM points", 0);
    }
    if (status == DT_OK)
        status = begin_session(s, diag);
    if (status == DT_OK) { /* it is ours */
        sqlite3_busy_timeout(s->db, READER_WAIT);
        *out = s;
    } else {
        dt_store_close(s, NULL);
    }
    return status;
}

dt_status dt_store_close(dt_store *s, dt_diag *diag) {
    dt_status status = DT_OK;
    if (s->session && !s->broken) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "UPDATE sessions SET ended = strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ'), points = %llu, "
                 "seconds = %.3f WHERE session = %lld",
                 (unsigned long long)s->added, now() - s->opened, (long long)s->session);
        status = begin(s, diag);
        if (status == DT_OK)
            status = run(s, sql, diag);
        if (status == DT_OK)
            status = commit(s, diag);
    }
    for (int i = 0; i < DT_SHEETS; i++)
        sqlite3_finalize(s->insert[i]);
    sqlite3_finalize(s->find);
    sqlite3_close(s->db);
    free(s);
    return status;
}

/* --- points --- */

uint64_t dt_store_points(const dt_store *s) {
    return s->points;
}

uint64_t dt_store_failed(const dt_store *s) {
    return s->failed;
}

char *dt_store_first_failure(const dt_store *s) {
    sqlite3_stmt *select = NULL;
    char *text = NULL;
    size_t length;
    FILE *out = NULL;
    if (sqlite3_prepare_v2(s->db,
                           "SELECT point, message FROM points WHERE status = 'failed' ORDER BY "
                           "point LIMIT 1",
                           -1, &select, NULL) == SQLITE_OK &&
        sqlite3_step(select) == SQLITE_ROW && (out = open_memstream(&text, &length))) {
        fprintf(out, "point %lld: %s", (long long)sqlite3_column_int64(select, 0),
                (const char *)sqlite3_column_text(select, 1));
        fclose(out);
    }
    sqlite3_finalize(select);
    return text;
}

bool dt_store_may_have(const dt_store *s, uint64_t point) {
    return s->resumed && point <= s->last;
}

bool dt_store_has(dt_store *s, uint64_t point) {
    if (!dt_store_may_have(s, point))
        return false;
    sqlite3_reset(s->find);
    sqlite3_bind_int64(s->find, 1, (sqlite3_int64)point);
    bool found = sqlite3_step(s->find) == SQLITE_ROW;
    sqlite3_reset(s->find);
    return found;
}

static void bind(sqlite3_stmt *insert, int i, const dt_batch_cell *cell) {
    switch (cell->kind) {
    case DT_CELL_NULL: sqlite3_bind_null(insert, i); break;
    case DT_CELL_COUNT: sqlite3_bind_int64(insert, i, cell->count); break;
    case DT_CELL_REAL: sqlite3_bind_double(insert, i, cell->real); break;
    case DT_CELL_TEXT:
        sqlite3_bind_text(insert, i, cell->text, (int)cell->length, SQLITE_STATIC);
        break;
    }
}

static dt_status write_rows(dt_store *s, const dt_batch *batch, dt_diag *diag) {
    dt_batch_reader reader = {batch->data, batch->length, 0};
    dt_sheet sheet;
    while (dt_batch_next_row(&reader, &sheet)) {
        sqlite3_stmt *insert = s->insert[sheet];
        dt_batch_cell cell;
        for (int i = 1; dt_batch_next_cell(&reader, &cell); i++) {
            bind(insert, i, &cell);
            if (sheet == DT_SHEET_POINTS && cell.kind == DT_CELL_TEXT)
                s->failed += strcmp(cell.text, "failed") == 0;
        }
        int code = sqlite3_step(insert);
        sqlite3_reset(insert);
        if (code != SQLITE_DONE)
            return complain(s, diag);
        s->points += sheet == DT_SHEET_POINTS;
        s->added += sheet == DT_SHEET_POINTS;
    }
    return DT_OK;
}

dt_status dt_store_write(dt_store *s, const dt_batch *batch, dt_diag *diag) {
    dt_status status = begin(s, diag);
    if (status == DT_OK)
        status = write_rows(s, batch, diag);
    if (status != DT_OK) { /* whole points or nothing: back to the last commit */
        if (s->open && !sqlite3_get_autocommit(s->db))
            sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        s->open = false;
        return status;
    }
    if (now() - s->committed < s->patience)
        return DT_OK;
    s->patience = 2 * s->patience < LAST_COMMIT ? 2 * s->patience : LAST_COMMIT;
    return dt_store_commit(s, diag);
}

dt_status dt_store_commit(dt_store *s, dt_diag *diag) {
    dt_status status = commit(s, diag);
    return status == DT_OK ? begin(s, diag) : status;
}
