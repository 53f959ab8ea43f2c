/* The tree: libconfig judges and decodes, the locator's marks say where everything stands. */
#include "config/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/source.h"

/* The type libconfig gives to what begins with such a token. */
static int type_of(uint8_t kind) {
    switch (kind) {
    case DT_TOKEN_BOOL: return CONFIG_TYPE_BOOL;
    case DT_TOKEN_INTEGER:
    case DT_TOKEN_HEX: return CONFIG_TYPE_INT;
    case DT_TOKEN_INTEGER64:
    case DT_TOKEN_HEX64: return CONFIG_TYPE_INT64;
    case DT_TOKEN_FLOAT: return CONFIG_TYPE_FLOAT;
    case DT_TOKEN_STRING: return CONFIG_TYPE_STRING;
    case DT_TOKEN_GROUP_START: return CONFIG_TYPE_GROUP;
    case DT_TOKEN_ARRAY_START: return CONFIG_TYPE_ARRAY;
    case DT_TOKEN_LIST_START: return CONFIG_TYPE_LIST;
    default: return CONFIG_TYPE_NONE;
    }
}

/* Hooks the settings below `parent` to the marks from `*next` on; false where they part ways. */
static bool hook(const config_setting_t *parent, const dt_marks *marks, size_t *next) {
    int count = config_setting_length(parent);
    for (int i = 0; i < count; i++) {
        config_setting_t *child = config_setting_get_elem(parent, (unsigned)i);
        if (*next == marks->count)
            return false;
        dt_mark *mark = &marks->mark[(*next)++];
        if (type_of(mark->kind) != config_setting_type(child) ||
            (mark->name_length > 0) != (config_setting_name(child) != NULL))
            return false;
        config_setting_set_hook(child, mark);
        if (config_setting_is_aggregate(child) && !hook(child, marks, next))
            return false;
    }
    return true;
}

static bool same_name(const char *text, const dt_mark *a, const dt_mark *b) {
    return a->name_length == b->name_length &&
           memcmp(text + a->name, text + b->name, a->name_length) == 0;
}

/* libconfig gives only the line of a duplicate: finds the first one on it. */
static bool complain_duplicate(const dt_tree *tree, const dt_source *source, size_t start,
                               dt_complaints *complaints) {
    const dt_mark *list = tree->marks.mark;
    const char *text = dt_source_text(source, NULL);
    size_t end = start + strcspn(text + start, "\n");
    for (size_t i = 0; i < tree->marks.count; i++) {
        const dt_mark *mark = &list[i];
        if (mark->name_length == 0 || mark->name < start || mark->name >= end)
            continue;
        for (uint32_t j = mark->previous; j != DT_NO_MARK; j = list[j].previous)
            if (same_name(text, mark, &list[j])) {
                const char *file;
                size_t line, column;
                dt_source_locate(source, list[j].name, &file, &line, &column);
                dt_complain(complaints, DT_ERROR, (dt_place){source, mark->name, mark->name_length},
                            "duplicate setting `%s`: it is set already at %s:%zu",
                            dt_show_bytes(text + mark->name, mark->name_length).text,
                            file ? file : "?", line);
                return true;
            }
    }
    return false;
}

static void complain_syntax(const dt_tree *tree, const dt_source *source,
                            dt_complaints *complaints) {
    int line = config_error_line(&tree->config);
    const char *error = config_error_text(&tree->config);
    size_t start = dt_source_line_start(source, line > 0 ? (size_t)line : 1), length;
    if (error && strstr(error, "duplicate") && complain_duplicate(tree, source, start, complaints))
        return;
    const char *text = dt_source_line(source, start, &length);
    size_t indent = strspn(text, " \t");
    indent = indent < length ? indent : 0;
    dt_complain(complaints, DT_ERROR, (dt_place){source, start + indent, length - indent}, "%s",
                error ? error : "syntax error");
}

dt_status dt_tree_parse(dt_tree *tree, const dt_source *source, dt_complaints *complaints) {
    config_init(&tree->config);
    dt_status status = dt_locate(source, &tree->marks, complaints);
    if (status != DT_OK)
        return status;
    if (config_read_string(&tree->config, dt_source_text(source, NULL)) != CONFIG_TRUE) {
        complain_syntax(tree, source, complaints);
        return DT_ERR_INPUT;
    }
    size_t next = 0;
    if (hook(config_root_setting(&tree->config), &tree->marks, &next) && next == tree->marks.count)
        return DT_OK;
    size_t at = next > 0 ? tree->marks.mark[next - 1].value : 0;
    dt_complain(complaints, DT_ERROR, (dt_place){source, at, 1},
                "syntax error: libconfig reads this differently from deterra");
    return DT_ERR_INPUT;
}

void dt_tree_free(dt_tree *tree) {
    config_destroy(&tree->config);
    free(tree->marks.mark);
}
