/* LaTeX: text that means itself. */
#ifndef DT_REPORT_LATEX_ESCAPE_H
#define DT_REPORT_LATEX_ESCAPE_H

#include "report/buffer.h"

/* Appends the text with LaTeX's special characters escaped; the result is safe in a table, a
 * caption and a paragraph. */
void dt_latex_escape(dt_buffer *out, const char *text);
/* Appends a decimal in math mode, so that its minus is one: "-1.5e+20" is $-1.5 \cdot 10^{20}$. */
void dt_latex_number(dt_buffer *out, const char *number);
/* Whether plain pdflatex (inputenc utf8, OT1 fonts) cannot set the text. */
bool dt_latex_needs_unicode(const char *text);

#endif
