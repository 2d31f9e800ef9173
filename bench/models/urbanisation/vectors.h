/* Vectors of LANES runs, and the logarithm and exponential of each. */
#include <immintrin.h>

typedef double V __attribute__((vector_size(8 * LANES)));
typedef long long M __attribute__((vector_size(8 * LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE V all(double x) { return x - (V){}; }

INLINE V choose(M where, V one, V other) {
    return (V)((where & (M)one) | (~where & (M)other));
}

#if LANES == 8 && defined __AVX512F__
INLINE V most(V x, V y) { return (V)_mm512_max_pd((__m512d)x, (__m512d)y); }
INLINE V least(V x, V y) { return (V)_mm512_min_pd((__m512d)x, (__m512d)y); }
#elif LANES == 4 && defined __AVX__
INLINE V most(V x, V y) { return (V)_mm256_max_pd((__m256d)x, (__m256d)y); }
INLINE V least(V x, V y) { return (V)_mm256_min_pd((__m256d)x, (__m256d)y); }
#else
INLINE V most(V x, V y) { return choose(x > y, x, y); }
INLINE V least(V x, V y) { return choose(x < y, x, y); }
#endif

INLINE V between(V x, double low, double high) { return most(all(low), least(all(high), x)); }

/* e to the power of x, for x between -700 and 700: error 2e-16 of the result */
INLINE V power(V x) {
    const double shift = 0x1.8p52;
    x = between(x, -700, 700);
    V marked = x * 0x1.71547652b82fep0 + shift, n = marked - shift;
    V r = x - n * 0x1.62e42fefa39efp-1 - n * 0x1.abc9e3b39803fp-56, s = r * r;
    V low = (r + 1) + s * (r * (1.0 / 6) + 0.5);
    V middle = (r * (1.0 / 120) + 1.0 / 24) + s * (r * (1.0 / 5040) + 1.0 / 720);
    V high = (r * (1.0 / 362880) + 1.0 / 40320) + s * (r * (1.0 / 39916800) + 1.0 / 3628800);
    V four = s * s;
    V value = low + four * (middle + four * high);
    return (V)((M)value + ((M)marked << 52));
}

/* the natural logarithm of a positive x: error 2e-16, or that much of the result */
INLINE V logarithm(V x) {
    M bits = (M)x, off = bits - 0x3FE6A09E667F3BCDll, k = off >> 52;
    V f = (V)(bits - (k << 52)) - 1, n = __builtin_convertvector(k, V);
    V s = f / (f + 2), z = s * s, w = z * z;
    V odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w *
                 (1.818357216161805012e-01 + w * 1.479819860510511658e-01)));
    V even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w *
                  1.531383769920937332e-01));
    V half = f * f * 0.5;
    return n * 0x1.62e42fefa39efp-1 + (f - (half - s * (half + odd + even)));
}
