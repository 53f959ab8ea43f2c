/* Setting a parameter by its path: "gain", "share.US.CN" or "share[US][CN]". */
#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "scenario/complaint.h"
#include "scenario/range.h"

/* One name of a path. */
typedef struct step {
    const char *text;
    size_t length;
} step;

/* Takes the next name off the path: "x", ".x" or "[x]". False where there is none. */
static bool next_step(const char **path, bool first, step *out) {
    const char *p = *path;
    bool bracket = !first && *p == '[';
    if (!first) {
        if (*p != '.' && *p != '[')
            return false;
        p++;
    }
    out->text = p;
    out->length = strcspn(p, ".[]");
    p += out->length;
    if (bracket && *p++ != ']')
        return false;
    *path = p;
    return out->length > 0;
}

/* The place of one step, where the caller's place is that of the whole path. */
static dt_place step_place(dt_place place, const char *path, const step *at) {
    if (!place.source || place.length != strlen(path))
        return place;
    return (dt_place){place.source, place.offset + (size_t)(at->text - path), at->length};
}

static const dt_parameter *find(const dt_parameter *list, size_t count, const step *at) {
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i].name) == at->length && memcmp(list[i].name, at->text, at->length) == 0)
            return &list[i];
    return NULL;
}

/* `table` is NULL at the top, where names are parameters and not entries. */
static void complain_unknown(dt_complaints *complaints, dt_place place, const step *at,
                             const dt_parameter *list, size_t count, const dt_parameter *table) {
    dt_shown word = dt_show_bytes(at->text, at->length);
    dt_nearest near = {word.text, NULL, 0};
    for (size_t i = 0; i < count; i++)
        dt_nearest_offer(&near, list[i].name);
    dt_shown in = dt_show(table ? table->name : "");
    dt_shown best = dt_show(near.best ? near.best : "");
    dt_complain(complaints, DT_ERROR, place, "%s `%s`%s%s%s%s%s%s",
                table ? "no entry" : "unknown parameter", word.text, table ? " in table `" : "",
                in.text, table ? "`" : "", near.best ? "; did you mean `" : "", best.text,
                near.best ? "`?" : "");
}

static const dt_parameter *resolve(const dt_scenario *scenario, const char *path, dt_place place,
                                   dt_complaints *complaints) {
    const dt_parameter *list = scenario->parameter, *found = NULL;
    size_t count = scenario->parameters;
    const char *rest = path;
    do {
        step at;
        if (!next_step(&rest, !found, &at)) {
            dt_complain(complaints, DT_ERROR, place,
                        "`%s` does not name a parameter: write gain, share.US.CN or share[US][CN]",
                        dt_show(path).text);
            return NULL;
        }
        if (found && !found->children) {
            dt_complain(complaints, DT_ERROR, step_place(place, path, &at),
                        "`%s` is a single number, not a table", dt_show(found->name).text);
            return NULL;
        }
        const dt_parameter *next = find(list, count, &at);
        if (!next) {
            complain_unknown(complaints, step_place(place, path, &at), &at, list, count, found);
            return NULL;
        }
        found = next;
        list = found->child;
        count = found->children;
    } while (*rest);
    if (found->children) {
        dt_complain(complaints, DT_ERROR, place,
                    "`%s` is a table; name one of its entries, such as `%s.%s`", dt_show(path).text,
                    dt_show(path).text, dt_show(found->child[0].name).text);
        return NULL;
    }
    return found;
}

dt_status dt_scenario_set(dt_scenario *scenario, const char *path, const fmpq_t value,
                          dt_place place, dt_diag *diag) {
    dt_complaints complaints = {diag, 0, 0};
    /* found in a scenario that is ours to change */
    dt_parameter *parameter = (dt_parameter *)resolve(scenario, path, place, &complaints);
    if (!parameter)
        return DT_ERR_INPUT;
    fmpq_set(&parameter->value, value);
    dt_range_check(parameter, path, place, &complaints);
    return DT_OK;
}

const dt_parameter *dt_scenario_parameter(const dt_scenario *scenario, const char *path,
                                          dt_place place, dt_diag *diag) {
    dt_complaints complaints = {diag, 0, 0};
    return resolve(scenario, path, place, &complaints);
}

/* The path of `wanted` among these, whose own path is `above`; NULL where it is not there. */
static const char *path_below(const dt_parameter *list, size_t count, const char *above,
                              const dt_parameter *wanted, dt_arena *arena) {
    for (size_t i = 0; i < count; i++) {
        if (&list[i] != wanted && !list[i].children)
            continue;
        const char *path = above ? dt_arena_format(arena, "%s.%s", above, list[i].name)
                                 : dt_arena_copy(arena, list[i].name, strlen(list[i].name));
        if (!path || &list[i] == wanted)
            return path;
        const char *found = path_below(list[i].child, list[i].children, path, wanted, arena);
        if (found)
            return found;
    }
    return NULL;
}

const char *dt_scenario_path(const dt_scenario *scenario, const dt_parameter *parameter,
                             dt_arena *arena) {
    return path_below(scenario->parameter, scenario->parameters, NULL, parameter, arena);
}
