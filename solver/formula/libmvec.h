/* Vector versions of libm's functions, without fast-math: glibc's libmvec. */
#ifndef DT_FORMULA_LIBMVEC_H
#define DT_FORMULA_LIBMVEC_H

#include <math.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#pragma omp declare simd notinbranch
extern double pow(double, double);
#pragma omp declare simd notinbranch
extern double exp(double);
#pragma omp declare simd notinbranch
extern double log(double);
#pragma GCC diagnostic pop

#endif
