/* The tables of a store. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_SCHEMA_H
#define DT_SWEEP_SCHEMA_H

#include <sqlite3.h>

#include "sweep/point.h"
#include "sweep/store.h"

/* "dtra", in the file's header: what tells a store from other databases. */
enum { DT_STORE_APPLICATION = 0x64747261 };

/* Creates the tables and fills `runs`, `parameters` and `levels`. An SQLite result code. */
int dt_schema_create(sqlite3 *db, const dt_frame *frame, dt_shard shard);
/* The statement that inserts a row of a sheet: a ? for each column. malloc'ed. */
char *dt_schema_insert(const dt_frame *frame, dt_sheet sheet);
/* The --set values of a scenario, a line each; malloc'ed. */
char *dt_schema_sets(const dt_scenario *scenario);
/* The versions of the libraries that results come from. */
enum { DT_SCHEMA_LIBRARIES = 160 };
void dt_schema_libraries(char text[DT_SCHEMA_LIBRARIES]);
/* What is solved for, a label a line; malloc'ed. */
char *dt_schema_concepts(const dt_frame *frame);

#endif
