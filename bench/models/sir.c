/* The SIR model written by hand: LANES runs in each vector, CHAINS vectors beside each other so
   that instructions need not wait for the ones before. */
typedef double V __attribute__((vector_size(8 * LANES)));

void run(long runs, const double *contact_rate, double *out) {
    const double dt = 0.125, infectivity = 0.05, total = 10000, duration = 8;
    for (long first = 0; first < runs; first += LANES * CHAINS) {
        V rate[CHAINS], s[CHAINS], ill[CHAINS];
        for (int c = 0; c < CHAINS; c++)
            for (int l = 0; l < LANES; l++) {
                long r = first + c * LANES + l;
                rate[c][l] = contact_rate[r < runs ? r : runs - 1];
                s[c][l] = total - 10;
                ill[c][l] = 10;
            }
        for (int step = 0; step <= 1600; step++) {
            if (step % 400 == 0 && step > 0)
                for (int c = 0; c < CHAINS; c++)
                    for (int l = 0; l < LANES; l++) {
                        long r = first + c * LANES + l;
                        if (r < runs) out[r * 4 + step / 400 - 1] = ill[c][l];
                    }
            for (int c = 0; c < CHAINS; c++) {
                V infection = rate[c] * infectivity * s[c] * ill[c] / total;
                V recovery = ill[c] / duration;
                s[c] = s[c] + -infection * dt;
                ill[c] = ill[c] + (infection - recovery) * dt;
            }
        }
    }
}
