/* The county model written by hand: LANES runs in each vector, all towns in arrays that stay in
   the nearest cache. */
#define TOWNS 25

#include "vectors.h"

static const double X[6] = {0, 0.5, 1, 1.5, 2, 3}, Y[6] = {1.2, 1.1, 1, 0.6, 0.2, 0};

INLINE V positive(V x) { return most((V){}, x); }

INLINE V effect(V x) {
    x = between(x, 0, 3);
    V base = all(Y[0]), knot = (V){}, slope = all((Y[1] - Y[0]) / (X[1] - X[0]));
    for (int k = 1; k < 6; k++) {
        double rise = k < 5 ? (Y[k + 1] - Y[k]) / (X[k + 1] - X[k]) : 0;
        M past = x >= X[k];
        slope = choose(past, all(rise), slope);
        base = choose(past, all(Y[k]), base);
        knot = choose(past, all(X[k]), knot);
    }
    return base + (x - knot) * slope;
}

void run(long runs, const double *growth_norm, double *out) {
    const double dt = 0.125, per_home = 3, moving = 0.02, life = 70, home_life = 40;
    const double response = 3, perception = 2, stage = perception / 3;
    for (long first = 0; first < runs; first += LANES) {
        V people[TOWNS], homes[TOWNS], seen[TOWNS], a[TOWNS], b[TOWNS], c[TOWNS], growth;
        for (int l = 0; l < LANES; l++)
            growth[l] = growth_norm[first + l < runs ? first + l : runs - 1];
        for (int i = 0; i < TOWNS; i++) {
            people[i] = all(1000 + 137 * i);
            homes[i] = all(400 + 41 * i);
            seen[i] = people[i] / (homes[i] * per_home);
            V demand = positive(people[i] / per_home - homes[i]);
            a[i] = b[i] = c[i] = demand / response * stage;
        }
        for (int step = 0; step <= 400; step++) {
            if (step % 80 == 0 && step > 0)
                for (int l = 0; l < LANES; l++)
                    if (first + l < runs) {
                        double *o = out + (first + l) * 15 + (step / 80 - 1);
                        o[0] = people[0][l], o[5] = homes[0][l], o[10] = people[24][l];
                    }
            V pull[TOWNS + 1], leaving[TOWNS];
            for (int i = 0; i < TOWNS; i++) pull[i] = power(-seen[i]);
            pull[TOWNS] = pull[0];
            for (int i = 0; i < TOWNS; i++)
                leaving[i] = people[i] * moving * pull[i + 1] / (pull[i] + pull[i + 1]);
            for (int i = 0; i < TOWNS; i++) {
                V crowding = people[i] / (homes[i] * per_home);
                V births = people[i] * growth * effect(seen[i]) * PACE[i];
                V demand = positive(people[i] / per_home - homes[i]);
                V one = a[i] / stage, two = b[i] / stage, building = c[i] / stage;
                V coming = leaving[i ? i - 1 : TOWNS - 1];
                people[i] += (births - people[i] / life + coming - leaving[i]) * dt;
                homes[i] += (building - homes[i] / home_life) * dt;
                seen[i] += (crowding - seen[i]) / perception * dt;
                a[i] += (demand / response - one) * dt;
                b[i] += (one - two) * dt;
                c[i] += (two - building) * dt;
            }
        }
    }
}
