/* Jobs, output, income, housing, water and what they make of a region's attraction. */

INLINE void people_of(const struct setting *e, const struct sums *s, struct region *n) {
    n->rural = s->status[RURAL];
    n->migrants = s->status[LOCAL] + s->status[PROVINCIAL] + s->status[OUTSIDE];
    n->urban = s->status[SETTLED] + n->migrants;
    n->residents = n->urban + n->rural;
    n->per_rural = 1 / most(all(1), n->rural);
    V urban = most(all(1), n->urban);
    n->per_urban = 1 / urban;
    n->log_urban = logarithm(urban);
    n->log_residents = logarithm(most(all(1), n->residents));
    n->entitled = s->status[SETTLED] + e->k->permit_entitlement_share[e->r] * n->migrants +
                  e->k->rural_service_level * n->rural;
}

INLINE void work(const struct setting *e, const struct stocks *x, const struct sums *s,
                 struct region *n) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    const struct moment *now = e->now;
    int r = e->r;
    double low = e->steady->low, high = e->steady->high;
    n->log_labour = logarithm(most(all(1), s->urban_labour));
    n->log_jobs = logarithm(most(all(1), x->jobs));
    V employed = least(s->urban_labour * (1 - k->frictional_unemployment),
                       x->jobs * t->matching[r]);
    V log_employed = least(n->log_labour + t->employed_share, n->log_jobs + t->employed_jobs[r]);
    n->log_availability =
        between(n->log_jobs - n->log_labour + t->availability[r], low, high);
    V wage = between(n->log_labour - n->log_jobs + t->wage, low, high);
    n->log_demand = k->labour_elasticity_of_jobs * (n->log_labour - t->labour[r]) +
                    k->land_elasticity_of_jobs * (logarithm(x->urban_land) - t->land[r]) +
                    k->wage_elasticity_of_jobs * wage;

    V rural = logarithm(most(all(1), s->rural_labour)) - t->rural_labour[r];
    n->log_scarcity = between(-rural, -high, high);
    n->output = employed * now->productivity[r] +
                e->start->rural_output[r] * now->farm *
                    power(k->labour_elasticity_of_rural_output * rural);
    n->log_output = logarithm(n->output) - t->output[r];
    n->log_per_person = n->log_output - n->log_residents + t->residents[r];
    n->log_income = now->growth_of_income[r] +
                    k->employment_elasticity_of_income *
                        (log_employed - n->log_urban - t->employment[r]);
    n->income = power(n->log_income);
}

INLINE void homes(const struct setting *e, struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    int r = e->r;
    double low = e->steady->low, high = e->steady->high;
    V wanted = k->income_elasticity_of_floor_area * n->log_income;
    V tightness = between(wanted + n->log_urban + e->steady->floor[r] -
                              logarithm(most(all(1), x->floor_area)), low, high);
    tightness *= k->tightness_elasticity_of_price;
    n->price = power(n->log_income + tightness);
    V coverage = least(all(1), x->rentals * k->people_per_rental_home /
                                   most(all(1), n->migrants));
    V burden = tightness + logarithm(1 - k->relief_by_rental_homes * coverage);
    n->log_housing = -k->housing_elasticity_of_migration * between(burden, low, high);
}

INLINE void water(const struct setting *e, const struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    int r = e->r;
    double usable = e->now->usable_water[r], intensity = e->now->water_intensity[r];
    V town = intensity * (k->town_water_per_person / k->cubic_metres_per_hundred_million *
                              n->urban +
                          e->start->industry_water[r] *
                              power(k->output_elasticity_of_water * n->log_output));
    V village = k->village_water_per_person / k->cubic_metres_per_hundred_million * n->rural +
                k->farm_water * (k->farm_saving_base + (1 - k->farm_saving_base) * intensity) *
                    x->arable_land;
    V margin = (usable - town - village) * (1 / usable);
    n->town_water = town;
    n->water = between(1 - k->water_response * (k->comfortable_water_margin - margin),
                       k->least_water_factor, 1);
}

INLINE void attract(const struct setting *e, const struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    double low = e->steady->low, high = e->steady->high;
    V access = logarithm(x->access) - e->steady->access;
    n->log_attraction = k->job_elasticity_of_migration * n->log_availability +
                    k->service_elasticity_of_migration * between(access, low, high) +
                    n->log_housing + logarithm(n->water);
}
