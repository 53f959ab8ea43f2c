/* The config room's files: forms of text, limits, includes. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_checks.h"
#include "harness.h"

static void text_forms(void) {
    dt_scenario *s = accepts("title = \"a\";\n" GAME), *crlf = accepts("title = \"a\";\r\n" GAME);
    dt_scenario *bom = accepts("\xEF\xBB\xBF"
                               "title = \"a\";\n" GAME);
    CU_ASSERT_STRING_EQUAL(s->sha256, crlf->sha256);
    CU_ASSERT_STRING_EQUAL(s->sha256, bom->sha256);
    dt_scenario_free(crlf);
    dt_scenario_free(bom);
    dt_scenario_free(s);
    dt_scenario_free(accepts(GAME "# a comment without a newline"));
    dt_scenario_free(accepts(GAME "/* @include \"no\"\n@include \"no\"\n*/"));
    s = accepts("title = \"\n@include \\\"no\\\"\n\";\n" GAME);
    CU_ASSERT_STRING_EQUAL(s->title, "\n@include \"no\"\n");
    dt_scenario_free(s);
    complains("\xEF\xBB\xBFtitel = 1;\r\n" GAME,
              "t.cfg:1:1: unknown setting `titel` in a config; did you mean `title`?");
    complains("# \xC3\xA9\n# \xC3(\n" GAME,
              "t.cfg:2:3: this byte is not UTF-8 text: save the file as UTF-8");
    dt_diag *diag = dt_diag_new();
    dt_scenario *none;
    CU_ASSERT_EQUAL(dt_config_read_text("t.cfg", "a = \0;", 6, NULL, diag, &none), DT_ERR_INPUT);
    same(diag, 0, "t.cfg:1:5: a NUL byte: this is not a text file");
    CU_ASSERT_STRING_EQUAL(dt_diag_get(diag, 0)->excerpt, "a = ?;");
    dt_diag_free(diag);
}

/* A text of `count` pieces between a head and a tail; to be freed. */
static char *repeat(const char *head, const char *piece, size_t count, const char *tail) {
    size_t size = strlen(piece), from = strlen(head);
    char *text = malloc(from + size * count + strlen(tail) + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memcpy(text, head, from);
    for (size_t i = 0; i < count; i++)
        memcpy(text + from + i * size, piece, size);
    strcpy(text + from + count * size, tail);
    return text;
}

static void complains_and_frees(char *text, const char *wanted) {
    complains(text, wanted);
    free(text);
}

static char *many_settings(size_t count) {
    char *text = repeat("parameters = {\n", "p0000=1;\n", count, "};\n" GAME);
    for (size_t i = 0; i < count; i++) {
        char digits[8];
        snprintf(digits, sizeof digits, "%04zu", i % 10000);
        memcpy(text + 15 + 9 * i + 1, digits, 4);
    }
    return text;
}

static void limits(void) {
    complains_and_frees(repeat("a = ", "(", 10000, ";"),
                        "t.cfg:1:261: groups, lists and arrays nest more than 256 deep");
    complains_and_frees(repeat("a = ", "{a=", 10000, ";"),
                        "t.cfg:1:773: groups, lists and arrays nest more than 256 deep");
    char *text = repeat("title = \"", "x", 65536, "\";\n" GAME);
    dt_scenario_free(accepts(text));
    free(text);
    complains_and_frees(repeat("title = \"", "x", 65537, "\";\n" GAME),
                        "t.cfg:1:9: a string of more than 64 kB");
    complains_and_frees(repeat("title = ", "\"xxxxxxxxxxxxxxxx\" ", 4097, ";\n" GAME),
                        "t.cfg:1:9: a string of more than 64 kB");
    complains_and_frees(repeat("a = ", "1", 65537, ";"), "t.cfg:1:5: a number of more than 64 kB");
    complains_and_frees(repeat("", "a", 65537, " = 1;"), "t.cfg:1:1: a name of more than 64 kB");
    text = many_settings(4096);
    dt_scenario_free(accepts(text));
    free(text);
    complains_and_frees(many_settings(4097), "t.cfg:4098:1: more than 4096 settings in one group");
    text = repeat("a = (", "{a=1;b=2;},\n", 131072, "{}); b=1;");
    complains_and_frees(text, "t.cfg:131072:6: more than 262144 settings in all");
}

/* Twenty thousand errors are a hundred, and a count. */
static void capped(void) {
    char *text = repeat("sets = { s = [", "\"9\",", 20000, "\"9\"]; };\n" GAME);
    dt_diag *diag;
    CU_ASSERT_PTR_NULL(read_text(text, NULL, &diag));
    CU_ASSERT_EQUAL(dt_diag_count(diag), 101);
    same(diag, 100, "and 19901 more errors");
    dt_diag_free(diag);
    free(text);
}

/* A folder of its own for the tests that need files. */
typedef struct folder {
    char path[256];
} folder;

static folder open_folder(void) {
    folder f;
    const char *base = getenv("TMPDIR");
    snprintf(f.path, sizeof f.path, "%s/deterra-config-XXXXXX", base && *base ? base : "/tmp");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f.path));
    return f;
}

static const char *inside(const folder *f, const char *name) {
    static char path[4][512];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", f->path, name);
    return path[next];
}

static void put(const folder *f, const char *name, const char *text) {
    FILE *file = fopen(inside(f, name), "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static void drop(const folder *f, const char *const *names) {
    for (; *names; names++)
        remove(inside(f, *names));
    CU_ASSERT_EQUAL(rmdir(f->path), 0);
}

/* Reads a file of the folder; its one message must be `wanted`, which begins behind the folder. */
static void file_complains(const folder *f, const char *name, const char *wanted) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario;
    CU_ASSERT_EQUAL(dt_config_read(inside(f, name), NULL, diag, &scenario), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
    char buffer[2048], *found = buffer;
    snprintf(buffer, sizeof buffer, "%s", entry(diag, 0, (char[1024]){0}, 1024));
    for (char *at; (at = strstr(found, f->path)) != NULL;) /* the folder's name is random */
        memmove(at, at + strlen(f->path) + 1, strlen(at + strlen(f->path) + 1) + 1);
    if (strcmp(found, wanted) != 0)
        fprintf(stderr, "\nwanted: %s\nfound:  %s\n", wanted, found);
    CU_ASSERT_STRING_EQUAL(found, wanted);
    dt_diag_free(diag);
}

static void includes(void) {
    folder f = open_folder();
    mkdir(inside(&f, "sub"), 0700);
    put(&f, "sub/inner.cfg", "gain = 4;\n  @include \"../leaf.cfg\"  # on top of it");
    put(&f, "leaf.cfg", "\xEF\xBB\xBFpain = 0.5;");
    put(&f, "main.cfg", "parameters = {\n@include \"sub/inner.cfg\"\n};\n" GAME);
    dt_diag *diag = dt_diag_new();
    dt_scenario *s;
    CU_ASSERT_EQUAL(dt_config_read(inside(&f, "main.cfg"), NULL, diag, &s), DT_OK);
    CU_ASSERT_EQUAL(s ? s->parameters : 0, 2);
    dt_scenario_free(s);
    dt_diag_free(diag);
    put(&f, "leaf.cfg", "\npain = true;");
    file_complains(&f, "main.cfg", "sub/../leaf.cfg:2:8: expected a number, found true or false");
    put(&f, "leaf.cfg", "x = \"abc");
    file_complains(&f, "main.cfg",
                   "sub/../leaf.cfg:1:5: syntax error: this string is never closed");
    put(&f, "leaf.cfg", "/* x");
    file_complains(&f, "main.cfg",
                   "sub/../leaf.cfg:1:1: syntax error: this comment is never closed");
    put(&f, "leaf.cfg", "\n@include \"main.cfg\"\n");
    file_complains(&f, "main.cfg",
                   "sub/../leaf.cfg:2:1: include loop: `sub/../main.cfg` is already being read");
    put(&f, "a.cfg", "\n @include \"none.cfg\"\n" GAME);
    file_complains(&f, "a.cfg", "a.cfg:2:2: cannot read `none.cfg`: No such file or directory");
    put(&f, "a.cfg", "@include \"sub\"\n" GAME);
    file_complains(&f, "a.cfg", "a.cfg:1:1: cannot read `sub`: it is a directory");
    put(&f, "a.cfg", "@include \"/dev/zero\"\n" GAME);
    file_complains(&f, "a.cfg", "a.cfg:1:1: cannot read `/dev/zero`: it is not a regular file");
    put(&f, "a.cfg", "@include \"a.cfg\" x\n");
    file_complains(&f, "a.cfg", "a.cfg:1:1: expected @include \"file\", alone on its line");
    put(&f, "a.cfg", "@include a.cfg\n");
    file_complains(&f, "a.cfg", "a.cfg:1:1: expected @include \"file\", alone on its line");
    file_complains(&f, "none.cfg", "cannot read `none.cfg`: No such file or directory");
    file_complains(&f, "sub", "cannot read `sub`: it is a directory");
    static const char *const NAMES[] = {"sub/inner.cfg", "sub",   "leaf.cfg",
                                        "main.cfg",      "a.cfg", NULL};
    drop(&f, NAMES);
}

static void include_depth(void) {
    folder f = open_folder();
    char name[32], text[64];
    for (int i = 0; i <= 17; i++) {
        snprintf(name, sizeof name, "d%d", i);
        snprintf(text, sizeof text, "@include \"d%d\"\n", i + 1);
        put(&f, name, i < 16 ? text : GAME);
    }
    dt_diag *diag = dt_diag_new();
    dt_scenario *s;
    CU_ASSERT_EQUAL(dt_config_read(inside(&f, "d0"), NULL, diag, &s), DT_OK);
    dt_scenario_free(s);
    dt_diag_free(diag);
    put(&f, "d16", "@include \"d17\"\n");
    file_complains(&f, "d0", "d16:1:1: includes are nested more than 16 deep");
    /* files that each include the next one twice: 2^16 readings, were they not counted */
    for (int i = 0; i < 16; i++) {
        snprintf(name, sizeof name, "d%d", i);
        snprintf(text, sizeof text, "@include \"d%d\"\n@include \"d%d\"\n", i + 1, i + 1);
        put(&f, name, text);
    }
    put(&f, "d16", "");
    file_complains(&f, "d0", "d15:1:1: more than 1024 includes in all");
    for (int i = 0; i <= 17; i++) {
        snprintf(name, sizeof name, "d%d", i);
        remove(inside(&f, name));
    }
    static const char *const NAMES[] = {NULL};
    drop(&f, NAMES);
}

/* Beyond 64 MB a file is refused by its size: the sparse one is never read. */
static void too_large(void) {
    folder f = open_folder();
    put(&f, "big.cfg", "");
    CU_ASSERT_EQUAL(truncate(inside(&f, "big.cfg"), 100 << 20), 0);
    file_complains(&f, "big.cfg",
                   "`big.cfg` is too large: a config and its includes hold at most 64 MB");
    put(&f, "a.cfg", "# all of it counts\n@include \"big.cfg\"\n");
    file_complains(
        &f, "a.cfg",
        "a.cfg:2:1: `big.cfg` is too large: a config and its includes hold at most 64 MB");
    CU_ASSERT_EQUAL(truncate(inside(&f, "big.cfg"), 64 << 20), 0);
    file_complains(
        &f, "a.cfg",
        "a.cfg:2:1: `big.cfg` is too large: a config and its includes hold at most 64 MB");
    static const char *const NAMES[] = {"big.cfg", "a.cfg", NULL};
    drop(&f, NAMES);
    size_t size = (100u << 20) + 1;
    char *blanks = malloc(size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(blanks);
    memset(blanks, ' ', size - 1);
    blanks[size - 1] = '\0';
    complains_and_frees(blanks,
                        "`t.cfg` is too large: a config and its includes hold at most 64 MB");
}

static const dt_case cases[] = {
    {"forms of text", text_forms},
    {"limits", limits},
    {"capped", capped},
    {"includes", includes},
    {"include depth", include_depth},
    {"too large", too_large},
};

int main(void) {
    return DT_RUN_SUITE("reader", cases);
}
