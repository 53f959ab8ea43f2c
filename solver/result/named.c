/* Named values and named tables of a result. SPDX: GPL-3.0-or-later */
#include <string.h>

#include "base/arena.h"
#include "result/room.h"

dt_entry dt_entry_text(const char *text) {
    return (dt_entry){.kind = DT_ENTRY_TEXT, .text = text};
}

dt_entry dt_entry_number(dt_number number) {
    return (dt_entry){.kind = DT_ENTRY_NUMBER, .number = number};
}

dt_entry dt_entry_count(uint64_t count) {
    return (dt_entry){.kind = DT_ENTRY_COUNT, .count = count};
}

dt_entry dt_entry_truth(dt_truth truth) {
    return (dt_entry){.kind = DT_ENTRY_TRUTH, .truth = truth};
}

dt_entry dt_entry_player(size_t player) {
    return (dt_entry){.kind = DT_ENTRY_PLAYER, .player = player};
}

dt_entry dt_entry_strategy(size_t player, dt_mixture mixture) {
    return (dt_entry){.kind = DT_ENTRY_STRATEGY, .player = player, .mixture = mixture};
}

dt_entry dt_entry_profile(const uint32_t *profile) {
    return (dt_entry){.kind = DT_ENTRY_PROFILE, .profile = profile};
}

static const char *copy(dt_result_list *list, const char *text) {
    return dt_arena_copy(list->arena, text, strlen(text));
}

dt_status dt_result_value(dt_result_list *list, dt_result *result, const char *name,
                          dt_entry entry) {
    dt_named_value *grown =
        dt_result_room(list, result->named_value, result->named_values, sizeof *grown);
    const char *kept = copy(list, name);
    if (!grown || !kept)
        return DT_ERR_MEMORY;
    result->named_value = grown;
    result->named_value[result->named_values++] = (dt_named_value){kept, entry};
    return DT_OK;
}

dt_named_table *dt_result_table(dt_result_list *list, dt_result *result, const char *name,
                                const char *title, size_t columns, const char *const *column) {
    dt_named_table **grown =
        dt_result_room(list, result->named_table, result->named_tables, sizeof *grown);
    dt_named_table *table = dt_arena_alloc(list->arena, sizeof *table);
    const char **names = dt_arena_array(list->arena, columns, sizeof *names);
    if (!grown || !table || !names)
        return NULL;
    *table = (dt_named_table){.name = copy(list, name), .columns = columns, .column = names};
    table->title = title ? copy(list, title) : NULL;
    bool copied = table->name && (!title || table->title);
    for (size_t c = 0; c < columns; c++) {
        names[c] = copy(list, column[c]);
        copied = copied && names[c];
    }
    if (!copied)
        return NULL;
    result->named_table = grown;
    result->named_table[result->named_tables++] = table;
    return table;
}

dt_entry *dt_result_row(dt_result_list *list, dt_named_table *table) {
    dt_entry *grown =
        dt_result_room(list, table->cell, table->rows, table->columns * sizeof *grown);
    if (!grown)
        return NULL;
    table->cell = grown;
    dt_entry *row = &grown[table->columns * table->rows++];
    memset(row, 0, table->columns * sizeof *row);
    return row;
}
