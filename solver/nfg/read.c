/* Strategic-form files to scenarios: the entry points, and the order of the steps. */
#include "deterra/nfg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/source.h"
#include "nfg/limits.h"
#include "nfg/parser.h"

/* What one asks of a game that names no concepts. */
static const char *const CONCEPTS[] = {"pure-nash", "dominance"};
enum { CONCEPT_COUNT = sizeof CONCEPTS / sizeof *CONCEPTS };

/* The text, line by line and without carriage returns at their ends, into the source. */
static dt_status append(const char *name, const char *text, size_t length, dt_source *source,
                        dt_complaints *complaints) {
    dt_status status = DT_OK;
    size_t i = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, number = 1;
    do {
        const char *end = memchr(text + i, '\n', length - i);
        size_t size = end ? (size_t)(end - text) - i : length - i, keep = size;
        while (keep > 0 && text[i + keep - 1] == '\r')
            keep--;
        if (dt_line_is_text(text + i, keep)) {
            status = dt_source_append(source, name, number, text + i, keep);
        } else {
            dt_place place;
            const char *why;
            status = dt_line_append_broken(source, name, number, text + i, keep, &place, &why);
            if (status == DT_OK) { /* one will do: all of the file is to be saved anew */
                dt_complain(complaints, DT_ERROR, place, "%s", why);
                status = DT_ERR_INPUT;
            }
        }
        i += size + 1;
        number++;
    } while (i < length && status == DT_OK);
    return status;
}

static dt_status add_concepts(dt_scenario *s) {
    s->concept_request = dt_arena_array(s->arena, CONCEPT_COUNT, sizeof *s->concept_request);
    if (!s->concept_request)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < CONCEPT_COUNT; i++)
        s->concept_request[i].name = CONCEPTS[i];
    s->concepts = CONCEPT_COUNT;
    return DT_OK;
}

static dt_status parse(const char *name, const char *text, size_t length, dt_scenario *s,
                       dt_complaints *complaints) {
    s->source = dt_source_new();
    dt_status status =
        s->source ? append(name, text, length, s->source, complaints) : DT_ERR_MEMORY;
    if (status != DT_OK)
        return status;
    dt_nfg_parser parser = {.scenario = s, .complaints = complaints};
    dt_nfg_open(&parser.lexer, s->source);
    status = dt_nfg_prologue(&parser);
    if (status == DT_OK)
        status = dt_nfg_body(&parser);
    if (status == DT_OK)
        status = add_concepts(s);
    s->declared = status == DT_OK;
    dt_digest(s->source, 0, NULL, s->sha256);
    return status;
}

static dt_status too_large(const char *name, dt_diag *diag) {
    dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "`%s` is too large: a game's file holds at most 1 GB",
                name);
    return DT_ERR_INPUT;
}

dt_status dt_nfg_read_text(const char *name, const char *text, size_t length, dt_diag *diag,
                           dt_scenario **out) {
    *out = NULL;
    if (length > DT_NFG_BYTES)
        return too_large(name, diag);
    dt_scenario *scenario = dt_scenario_new();
    if (!scenario)
        return DT_ERR_MEMORY;
    dt_complaints complaints = {diag, 0, 0};
    dt_status status = parse(name, text ? text : "", text ? length : 0, scenario, &complaints);
    dt_complaints_end(&complaints);
    if (status == DT_OK)
        *out = scenario;
    else
        dt_scenario_free(scenario);
    return status;
}

dt_status dt_nfg_read(const char *path, dt_diag *diag, dt_scenario **out) {
    *out = NULL;
    dt_file file;
    dt_load loaded = dt_file_load(path, true, DT_NFG_BYTES, &file);
    int error = errno;
    if (loaded == DT_LOAD_MEMORY)
        return DT_ERR_MEMORY;
    if (loaded == DT_LOAD_TOO_LARGE)
        return too_large(path, diag);
    if (loaded != DT_LOAD_OK) {
        char reason[128];
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot read `%s`: %s", path,
                    dt_load_reason(loaded, error, reason, sizeof reason));
        return DT_ERR_INPUT;
    }
    dt_status status = dt_nfg_read_text(path, file.data, file.length, diag, out);
    free(file.data);
    return status;
}

bool dt_nfg_begins(const char *text, size_t length) {
    size_t i = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < length && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')))
        i++;
    if (length - i < 4 || memcmp(text + i, "NFG", 3) != 0)
        return false;
    size_t word = i + 3;
    for (i = word; i < length && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'));)
        i++;
    return i > word && i < length && text[i] != '=' && text[i] != ':'; /* NFG = …, a setting */
}
