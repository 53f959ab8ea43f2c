/* The tables of a store: see schema.h. SPDX: GPL-3.0-or-later */
#include "sweep/schema.h"

#include <flint/flint.h>
#include <glpk.h>
#include <gsl/gsl_version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"

/* "name" as an SQL identifier. */
static void put_name(FILE *out, const char *name) {
    fputc('"', out);
    for (; *name; name++) {
        if (*name == '"')
            fputc('"', out);
        fputc(*name, out);
    }
    fputc('"', out);
}

static const char *const SHEET[DT_SHEETS] = {
    [DT_SHEET_POINTS] = "points",
    [DT_SHEET_EQUILIBRIA] = "equilibria",
    [DT_SHEET_RECORDS] = "records",
    [DT_SHEET_TIMINGS] = "timings",
};

/* The keys of the sheets that have several rows a point. */
static const char *const KEY[DT_SHEETS] = {
    [DT_SHEET_EQUILIBRIA] = ", PRIMARY KEY (point, concept, result, item)) WITHOUT ROWID",
    [DT_SHEET_RECORDS] = ", PRIMARY KEY (point, concept, result, record)) WITHOUT ROWID",
    [DT_SHEET_POINTS] = ")",
    [DT_SHEET_TIMINGS] = ")",
};

char *dt_schema_insert(const dt_frame *f, dt_sheet sheet) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    fprintf(out, "INSERT INTO %s VALUES (", SHEET[sheet]);
    for (size_t i = 0; i < f->columns.count[sheet]; i++)
        fputs(i ? ", ?" : "?", out);
    fputs(")", out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int create_sheets(sqlite3 *db, const dt_frame *f) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return SQLITE_NOMEM;
    for (int s = 0; s < DT_SHEETS; s++) {
        fprintf(out, "CREATE TABLE %s (", SHEET[s]);
        for (size_t i = 0; i < f->columns.count[s]; i++) {
            const dt_sheet_column *column = &f->columns.column[s][i];
            fputs(i ? ", " : "", out);
            put_name(out, column->name);
            fprintf(out, " %s", column->type);
        }
        fprintf(out, "%s;\n", KEY[s]);
    }
    int code = fclose(out) == 0 ? sqlite3_exec(db, text, NULL, NULL, NULL) : SQLITE_NOMEM;
    free(text);
    return code;
}

char *dt_schema_sets(const dt_scenario *scenario) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    for (size_t i = 0; i < scenario->extras; i++) {
        const char *file;
        size_t line, column, bytes;
        dt_source_locate(scenario->extra[i], 0, &file, &line, &column);
        if (file && strcmp(file, "--set") == 0)
            fprintf(out, "%s", dt_source_text(scenario->extra[i], &bytes));
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

char *dt_schema_concepts(const dt_frame *f) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    for (size_t i = 0; i < f->sweep->concepts; i++)
        fprintf(out, "%s\n", f->concept_label[i]);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* What is kept, a name a line; malloc'ed. */
static char *list_kept(const dt_keep *keep) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    fprintf(out, "%s%s%s%s", keep->equilibria ? "equilibria\n" : "",
            keep->payoffs ? "payoffs\n" : "", keep->reduced ? "reduced\n" : "",
            keep->timings ? "timings\n" : "");
    for (size_t i = 0; i < keep->formulas; i++)
        fprintf(out, "%s\n", keep->formula[i]->name);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void dt_schema_libraries(char text[DT_SCHEMA_LIBRARIES]) {
    snprintf(text, DT_SCHEMA_LIBRARIES, "GLPK %s, FLINT %s, Arb %s, GSL %s, SQLite %s",
             glp_version(), FLINT_VERSION, arb_version, gsl_version, sqlite3_libversion());
}

static int insert_run(sqlite3 *db, const dt_frame *f, dt_shard shard) {
    const dt_sweep *sweep = f->sweep;
    const dt_scenario *s = sweep->scenario;
    char libraries[DT_SCHEMA_LIBRARIES];
    dt_schema_libraries(libraries);
    char *sets = dt_schema_sets(s), *concepts = dt_schema_concepts(f),
         *kept = list_kept(&sweep->keep);
    size_t length = 0;
    const char *config = s->source ? dt_source_text(s->source, &length) : "";
    sqlite3_stmt *insert = NULL;
    int code = SQLITE_NOMEM;
    if (sets && concepts && kept)
        code = sqlite3_prepare_v2(db, "INSERT INTO runs VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                                  &insert, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int(insert, 1, DT_STORE_SCHEMA);
        sqlite3_bind_text(insert, 2, s->title, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, config, (int)length, SQLITE_STATIC);
        sqlite3_bind_text(insert, 4, s->sha256, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 5, sets, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 6, dt_design_name(sweep->design), -1, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 7, (sqlite3_int64)sweep->points);
        sqlite3_bind_int64(insert, 8, sweep->seed);
        sqlite3_bind_int64(insert, 9, (sqlite3_int64)shard.number);
        sqlite3_bind_int64(insert, 10, (sqlite3_int64)shard.count);
        sqlite3_bind_text(insert, 11, dt_version(), -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 12, libraries, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 13, concepts, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 14, kept, -1, SQLITE_STATIC);
        code = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
    }
    sqlite3_finalize(insert);
    free(sets);
    free(concepts);
    free(kept);
    return code;
}

static int insert_parameters(sqlite3 *db, const dt_frame *f) {
    const dt_sweep *sweep = f->sweep;
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_prepare_v2(db, "INSERT INTO parameters VALUES (?,?,?,?,?,?,?,?)", -1,
                                  &insert, NULL);
    for (size_t a = 0; a < sweep->axes && code == SQLITE_OK; a++) {
        const dt_axis *axis = &sweep->axis[a];
        bool list = sweep->design == DT_DESIGN_LIST;
        sqlite3_reset(insert);
        sqlite3_clear_bindings(insert);
        sqlite3_bind_int64(insert, 1, (sqlite3_int64)a + 1);
        sqlite3_bind_text(insert, 2, axis->path, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 8, f->columns.column[DT_SHEET_POINTS][a + 1].name, -1,
                          SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, axis->parameter->unit, -1, SQLITE_STATIC);
        if (!list) {
            sqlite3_bind_double(insert, 4, dt_fmpq_double(&axis->low, NULL));
            sqlite3_bind_double(insert, 5, dt_fmpq_double(&axis->high, NULL));
            sqlite3_bind_text(insert, 7, axis->log ? "log" : "linear", -1, SQLITE_STATIC);
        }
        if (sweep->design == DT_DESIGN_GRID)
            sqlite3_bind_int64(insert, 6, (sqlite3_int64)axis->steps);
        code = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
    }
    sqlite3_finalize(insert);
    return code;
}

/* The levels of each move that has a column in `equilibria`, so that a reader knows those that
 * never occur, their order, and the numbers that formulas see. */
static int insert_levels(sqlite3 *db, const dt_frame *f) {
    const dt_game *game = f->game;
    const dt_sheet_column *column =
        f->columns.column[DT_SHEET_EQUILIBRIA] + DT_COLUMNS_BEFORE_MOVES;
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_prepare_v2(db, "INSERT INTO levels VALUES (?,?,?,?)", -1, &insert, NULL);
    for (size_t p = 0; p < game->players; p++)
        for (size_t m = 0; m < game->player[p].moves; m++) {
            const dt_move *move = &game->player[p].move[m];
            for (uint32_t l = 0; move->levels > 1 && l < move->levels && code == SQLITE_OK; l++) {
                sqlite3_reset(insert);
                sqlite3_bind_text(insert, 1, column->name, -1, SQLITE_STATIC);
                sqlite3_bind_int64(insert, 2, (sqlite3_int64)l + 1);
                sqlite3_bind_text(insert, 3, move->label[l], -1, SQLITE_STATIC);
                sqlite3_bind_double(insert, 4, dt_fmpq_double(&move->value[l], NULL));
                code = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(db);
            }
            column += move->levels > 1;
        }
    sqlite3_finalize(insert);
    return code;
}

int dt_schema_create(sqlite3 *db, const dt_frame *f, dt_shard shard) {
    char start[1024];
    snprintf(start, sizeof start,
             "PRAGMA application_id = %d; PRAGMA user_version = %d;"
             "CREATE TABLE runs (run INTEGER PRIMARY KEY, schema INTEGER, title TEXT, config TEXT,"
             " config_sha256 TEXT, sets TEXT, design TEXT, points INTEGER, seed INTEGER,"
             " shard INTEGER, shards INTEGER, deterra TEXT, libraries TEXT, concepts TEXT,"
             " record TEXT);"
             "CREATE TABLE parameters (parameter INTEGER PRIMARY KEY, name TEXT, unit TEXT,"
             " low REAL, high REAL, steps INTEGER, scale TEXT, column_name TEXT);"
             "CREATE TABLE levels (column_name TEXT, level INTEGER, label TEXT, value REAL,"
             " PRIMARY KEY (column_name, level)) WITHOUT ROWID;"
             "CREATE TABLE sessions (session INTEGER PRIMARY KEY, started TEXT, ended TEXT,"
             " points INTEGER, seconds REAL, deterra TEXT, libraries TEXT);",
             DT_STORE_APPLICATION, DT_STORE_SCHEMA);
    int code = sqlite3_exec(db, start, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = create_sheets(db, f);
    if (code == SQLITE_OK)
        code = insert_run(db, f, shard);
    if (code == SQLITE_OK)
        code = insert_parameters(db, f);
    return code == SQLITE_OK ? insert_levels(db, f) : code;
}
