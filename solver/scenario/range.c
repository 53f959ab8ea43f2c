/* A parameter's range: a value outside it is worth a warning. */
#include "scenario/range.h"

void dt_range_check(const dt_parameter *parameter, const char *path, dt_place place,
                    dt_complaints *complaints) {
    if (!parameter->has_range || (fmpq_cmp(&parameter->value, &parameter->low) >= 0 &&
                                  fmpq_cmp(&parameter->value, &parameter->high) <= 0))
        return;
    dt_complain(complaints, DT_WARNING, place, "`%s` = %.10g is outside its range %.10g to %.10g",
                dt_show(path).text, fmpq_get_d(&parameter->value), fmpq_get_d(&parameter->low),
                fmpq_get_d(&parameter->high));
}
