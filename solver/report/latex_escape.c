/* LaTeX: text that means itself. */
#include "report/latex_escape.h"

#include <string.h>

#include "report/utf8.h"

typedef struct escape {
    uint32_t code;
    const char *latex;
} escape;

/* Beside TeX's own specials: < > | " mean other glyphs in the default font encoding, and the
 * characters that deterra itself writes or that scholars' labels are likely to hold. */
static const escape ESCAPES[] = {
    {'_', "\\_"},
    {'%', "\\%"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'$', "\\$"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'~', "\\textasciitilde{}"},
    {'^', "\\textasciicircum{}"},
    {'\\', "\\textbackslash{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'|', "\\textbar{}"},
    {'"', "''"}, /* \textquotedbl is not in the default encoding */
    {0xA0, "~"},
    {0xB0, "$^\\circ$"},
    {0xB1, "$\\pm$"},
    {0xB2, "$^2$"},
    {0xB3, "$^3$"},
    {0xB5, "$\\mu$"},
    {0xB7, "$\\cdot$"},
    {0xD7, "$\\times$"},
    {0x2013, "--"},
    {0x2014, "---"},
    {0x2018, "`"},
    {0x2019, "'"},
    {0x201C, "``"},
    {0x201D, "''"},
    {0x2026, "\\dots{}"},
    {0x2192, "$\\to$"},
    {0x2212, "$-$"},
    {0x2260, "$\\neq$"},
    {0x2264, "$\\le$"},
    {0x2265, "$\\ge$"},
    {0x3B5, "$\\epsilon$"},
    {0x3B7, "$\\eta$"},
};

static const char *find(uint32_t code) {
    for (size_t i = 0; i < sizeof ESCAPES / sizeof *ESCAPES; i++)
        if (ESCAPES[i].code == code)
            return ESCAPES[i].latex;
    return NULL;
}

void dt_latex_escape(dt_buffer *out, const char *text) {
    if (*text == '[' || *text == '*') /* else an argument of the \\ of the row above */
        dt_buffer_add(out, "{}");
    for (const char *p = text; *p;) {
        const char *start = p;
        uint32_t code = dt_utf8_next(&p);
        const char *latex = find(code);
        if (latex)
            dt_buffer_add(out, latex);
        else if (code < 0x20 || code == 0x7F)
            dt_buffer_char(out, ' ');
        else
            dt_buffer_bytes(out, start, (size_t)(p - start));
        /* two hyphens would join to a dash */
        if (code == '-' && *p == '-')
            dt_buffer_add(out, "{}");
    }
}

void dt_latex_number(dt_buffer *out, const char *number) {
    const char *e = strchr(number, 'e');
    dt_buffer_char(out, '$');
    dt_buffer_bytes(out, number, e ? (size_t)(e - number) : strlen(number));
    if (e) {
        const char *power = e + 1 + (e[1] == '+');
        dt_buffer_add(out, " \\cdot 10^{");
        dt_buffer_add(out, power);
        dt_buffer_char(out, '}');
    }
    dt_buffer_char(out, '$');
}

bool dt_latex_needs_unicode(const char *text) {
    for (uint32_t code; (code = dt_utf8_next(&text));) {
        /* OT1 lacks the glyphs for « » Ð Þ ð þ */
        bool missing = code == 0xAB || code == 0xBB || code == 0xD0 || code == 0xDE ||
                       code == 0xF0 || code == 0xFE;
        if ((code > 0xFF || missing) && !find(code))
            return true;
    }
    return false;
}
