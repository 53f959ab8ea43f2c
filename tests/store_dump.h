/* The content of a store as one text, whatever order its rows were written in.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_STORE_DUMP_H
#define DT_TESTS_STORE_DUMP_H

#include <CUnit/CUnit.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends every row of a query, in hexadecimal where it is a double. */
static inline void dump_query(FILE *out, sqlite3 *db, const char *sql) {
    sqlite3_stmt *select = NULL;
    CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, sql, -1, &select, NULL), SQLITE_OK);
    while (sqlite3_step(select) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(select); i++) {
            if (sqlite3_column_type(select, i) == SQLITE_FLOAT)
                fprintf(out, "%a|", sqlite3_column_double(select, i));
            else
                fprintf(out, "%s|",
                        sqlite3_column_text(select, i)
                            ? (const char *)sqlite3_column_text(select, i)
                            : "-");
        }
        fputc('\n', out);
    }
    sqlite3_finalize(select);
}

/* All content: not the tables sessions and timings. To be freed. */
static inline char *store_dump(const char *path) {
    static const char *const queries[] = {
        "SELECT * FROM runs",
        "SELECT * FROM parameters ORDER BY parameter",
        "SELECT * FROM levels ORDER BY column_name, level",
        "SELECT * FROM points ORDER BY point",
        "SELECT * FROM equilibria ORDER BY point, concept, result, item",
        "SELECT * FROM records ORDER BY point, concept, result, record"};
    sqlite3 *db = NULL;
    char *text = NULL;
    size_t length;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    FILE *out = open_memstream(&text, &length);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        dump_query(out, db, queries[i]);
    dump_query(out, db, "PRAGMA integrity_check");
    fclose(out);
    sqlite3_close(db);
    return text;
}

/* Two stores of the same content. */
static inline void same_content(const char *a, const char *b) {
    char *x = store_dump(a), *y = store_dump(b);
    CU_ASSERT(strlen(x) > 1000);
    CU_ASSERT(strcmp(x, y) == 0);
    free(x);
    free(y);
}

/* The one number of a query. */
static inline long long store_number(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    sqlite3_stmt *select = NULL;
    long long number = -1;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &select, NULL) == SQLITE_OK &&
        sqlite3_step(select) == SQLITE_ROW)
        number = sqlite3_column_int64(select, 0);
    sqlite3_finalize(select);
    sqlite3_close(db);
    return number;
}

#endif
