/* Setting a parameter by its path: "gain", "share.US.CN" or "share[US][CN]". */
#include <string.h>

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

static dt_parameter *find(dt_parameter *list, size_t count, const step *at) {
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

static dt_parameter *resolve(dt_scenario *scenario, const char *path, dt_place place,
                             dt_complaints *complaints) {
    dt_parameter *list = scenario->parameter, *found = NULL;
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
        dt_parameter *next = find(list, count, &at);
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
    dt_parameter *parameter = resolve(scenario, path, place, &complaints);
    if (!parameter)
        return DT_ERR_INPUT;
    fmpq_set(&parameter->value, value);
    dt_range_check(parameter, path, place, &complaints);
    return DT_OK;
}
