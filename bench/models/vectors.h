/* Vectors of LANES runs, and their logarithm and exponential, which serve for powers: where factors
   are multiplied the logarithms are added, so that errors need only be small beside 1. */
#include <immintrin.h>
#include <math.h>

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

/* e to the power of x, for x between -700 and 700: a polynomial of degree 10 between -ln(2)/2 and
   ln(2)/2 that interpolates at Chebyshev's knots, within 1.1e-15. */
INLINE V power(V x) {
    const double shift = 0x1.8p52;
    V marked = x * 0x1.71547652b82fep0 + shift;
    asm("" : "+v"(marked)); /* or the compiler would take away what it has just added */
    V n = marked - shift;
    V r = x - n * 0x1.62e42fefa39efp-1 - n * 0x1.abc9e3b39803fp-56, s = r * r, q = s * s;
    V one = r + 1, two = r * 0.1666666666664823 + 0.5;
    V three = r * 0.00833333335377842 + 0.04166666666665131;
    V four = r * 0.00019841208634639135 + 0.0013888888905922382;
    V five = r * 2.7625169883520667e-06 + 2.480153630713628e-05;
    V value = (one + s * two) + q * ((three + s * four) + q * (five + s * 2.7613852100963253e-07));
    return (V)((M)value + ((M)marked << 52));
}

/* The natural logarithm of a positive x, within 2e-16. */
#if LANES == 8 && defined __AVX512F__
/* Of 1 to 2 in sixteenths: the reciprocal of each middle, and the logarithm of the middle. */
static double inverse[16], middle[16];

static void prepare(void) {
    for (int i = 0; i < 16; i++) {
        inverse[i] = 1 / (1 + (i + 0.5) / 16);
        middle[i] = -log(inverse[i]);
    }
}

INLINE V looked_up(const double *table, M place) {
    return (V)_mm512_permutex2var_pd(_mm512_loadu_pd(table), (__m512i)place,
                                     _mm512_loadu_pd(table + 8));
}

INLINE V logarithm(V x) {
    V n = (V)_mm512_getexp_pd((__m512d)x);
    V m = (V)_mm512_getmant_pd((__m512d)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero);
    M place = (M)x >> 48;
    V z = m * looked_up(inverse, place) - 1, s = z * z;
    V one = z * 0x1.55555555877cfp-2 - 0x1.fffffffffffe6p-2;
    V two = z * 0x1.99998d16aa284p-3 - 0x1.00000000a1442p-2;
    V three = z * 0x1.24f624ad53ab8p-3 - 0x1.5555406a391a1p-3;
    V q = (one + s * two) + (s * s) * (three - s * 0x1.007393818ed07p-3);
    return (n * 0x1.62e42fefa39efp-1 + looked_up(middle, place)) + (z + s * q);
}
#else
static void prepare(void) {}

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
#endif
