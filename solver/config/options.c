/* What the command line adds: --set name=value and --concept name:key=value,key=value. */
#include <string.h>

#include "base/source.h"
#include "base/utf8.h"
#include "config/build.h"
#include "scenario/number.h"

/* A stretch of an argument. */
typedef struct part {
    const dt_source *source;
    const char *text;
    size_t from, length;
} part;

static dt_place part_place(const part *p) {
    return (dt_place){p->source, p->from, p->length ? p->length : 1};
}

static dt_shown part_shown(const part *p) {
    return dt_show_bytes(p->text + p->from, p->length);
}

static char *part_copy(dt_builder *b, const part *p) {
    return dt_build_copy(b, p->text + p->from, p->length);
}

static part trimmed(part p) {
    while (p.length && strchr(" \t", p.text[p.from])) {
        p.from++;
        p.length--;
    }
    while (p.length && strchr(" \t", p.text[p.from + p.length - 1]))
        p.length--;
    return p;
}

/* The first `mark` that does not stand between quotes, or NULL. */
static const char *find_mark(const part *whole, char mark) {
    bool quoted = false;
    for (const char *at = whole->text + whole->from; at < whole->text + whole->from + whole->length;
         at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == mark && !quoted)
            return at;
    }
    return NULL;
}

/* Splits at the first `mark`; false where there is none, `head` then being all of it. */
static bool split(part whole, char mark, part *head, part *tail) {
    const char *at = find_mark(&whole, mark);
    size_t size = at ? (size_t)(at - whole.text) - whole.from : whole.length, skip = at ? 1 : 0;
    *head = trimmed((part){whole.source, whole.text, whole.from, size});
    *tail = trimmed(
        (part){whole.source, whole.text, whole.from + size + skip, whole.length - size - skip});
    return at != NULL;
}

/* Keeps the argument as a source of the scenario; false when out of memory or not UTF-8. */
static bool open_argument(dt_builder *b, const char *option, const char *text, part *whole) {
    size_t length = strlen(text);
    if (dt_utf8_valid(text, length) < length) {
        dt_complain(b->complaints, DT_ERROR, DT_NOWHERE, "%s: the value is not UTF-8 text", option);
        return false;
    }
    dt_source *source = dt_source_single(option, text);
    if (!source) {
        b->no_memory = true;
        return false;
    }
    b->scenario->extra[b->scenario->extras++] = source;
    *whole = (part){source, text, 0, length};
    return true;
}

static void set_parameter(dt_builder *b, const part *name, const part *value) {
    fmpq_t number;
    fmpq_init(number);
    dt_number_result result = dt_number_read(value->text + value->from, value->length, number);
    if (result == DT_NUMBER_MALFORMED)
        dt_complain(b->complaints, DT_ERROR, part_place(value),
                    "`%s` is not a number: expected a decimal such as 0.25, or p/q",
                    part_shown(value).text);
    else if (result == DT_NUMBER_RANGE)
        dt_complain(b->complaints, DT_ERROR, part_place(value),
                    "`%s` is beyond the range of a double", part_shown(value).text);
    char *path = part_copy(b, name);
    if (path && result == DT_NUMBER_OK &&
        dt_scenario_set(b->scenario, path, number, part_place(name), b->complaints->diag) != DT_OK)
        b->complaints->errors++; /* it complained to the list itself */
    fmpq_clear(number);
}

static void build_set_option(dt_builder *b, const char *text) {
    part whole, name, value;
    if (!open_argument(b, "--set", text, &whole))
        return;
    if (!split(whole, '=', &name, &value) || !name.length || !value.length)
        dt_complain(b->complaints, DT_ERROR, part_place(&whole),
                    "expected name=value, as in --set gain=4.5");
    else
        set_parameter(b, &name, &value);
}

static size_t count_of(const char *text, char mark) {
    size_t count = 0;
    for (; *text; text++)
        count += *text == mark;
    return count;
}

static bool is_repeated(const dt_concept_request *request, const char *key) {
    for (size_t i = 0; i < request->settings; i++)
        if (strcmp(request->setting[i].key, key) == 0)
            return true;
    return false;
}

/* A value that holds commas stands in quotes, which are taken off. */
static bool unquote(dt_builder *b, part *value) {
    const char *text = value->text + value->from;
    const char *end = memchr(text + 1, '"', value->length - 1);
    if (*text != '"')
        return true;
    if (end != text + value->length - 1) {
        dt_complain(b->complaints, DT_ERROR, part_place(value),
                    end ? "nothing may follow the closing quote" : "the closing quote is missing");
        return false;
    }
    value->from++;
    value->length -= 2;
    return true;
}

/* "key=value" of a concept. */
static void build_pair(dt_builder *b, const part *pair, dt_concept_request *request) {
    part key, value;
    if (!split(*pair, '=', &key, &value) || !key.length || !value.length) {
        dt_complain(
            b->complaints, DT_ERROR, part_place(pair),
            "expected key=value, as in --concept epsilon-nash:regret=0.5; a value that holds "
            "commas stands in double quotes");
        return;
    }
    if (!unquote(b, &value))
        return;
    dt_setting *setting = &request->setting[request->settings];
    const char *text = part_copy(b, &value);
    setting->key = part_copy(b, &key);
    setting->place = part_place(pair);
    if (!text || !setting->key)
        return;
    if (is_repeated(request, setting->key)) {
        dt_complain(b->complaints, DT_ERROR, part_place(&key), "`%s` is given twice",
                    dt_show(setting->key).text);
        return;
    }
    dt_fill_setting(setting, text, value.length);
    request->settings++;
}

static void build_concept_option(dt_builder *b, const char *text, dt_concept_request *request) {
    part whole, name, rest;
    if (!open_argument(b, "--concept", text, &whole))
        return;
    bool more = split(whole, ':', &name, &rest);
    request->setting = dt_build_array(b, count_of(text, ',') + 1, sizeof *request->setting);
    request->name = part_copy(b, &name);
    request->place = part_place(&name);
    if (!request->setting || !request->name)
        return;
    if (!name.length)
        dt_complain(b->complaints, DT_ERROR, part_place(&whole),
                    "expected a concept's name, as in --concept pure-nash");
    while (more) {
        part pair;
        more = split(rest, ',', &pair, &rest);
        build_pair(b, &pair, request);
    }
}

static void clear_requests(dt_concept_request *request, size_t *count) {
    for (size_t i = 0; i < *count; i++)
        for (size_t k = 0; k < request[i].settings; k++)
            fmpq_clear(&request[i].setting[k].number);
    *count = 0;
}

void dt_build_options(dt_builder *b, const dt_config_options *options) {
    dt_scenario *s = b->scenario;
    s->extra = dt_build_array(b, options->sets + options->concepts, sizeof *s->extra);
    if (!s->extra)
        return;
    for (size_t i = 0; i < options->sets; i++)
        build_set_option(b, options->set[i]);
    if (options->concepts == 0)
        return;
    clear_requests(s->concept_request, &s->concepts);
    clear_requests(s->sweep.concept_request, &s->sweep.concepts); /* then those above count */
    s->concept_request = dt_build_array(b, options->concepts, sizeof *s->concept_request);
    for (size_t i = 0; s->concept_request && i < options->concepts; i++)
        build_concept_option(b, options->concept_spec[i], &s->concept_request[s->concepts++]);
}
