/* Jobs, output, income, housing, water and what they make of a region's attraction. */

INLINE void number(const struct setting *e, const struct sums *s, struct region *n) {
    n->rural = s->status[RURAL];
    n->migrants = s->status[LOCAL] + s->status[PROVINCIAL] + s->status[OUTSIDE];
    n->urban = s->status[SETTLED] + n->migrants;
    n->residents = n->urban + n->rural;
    n->per_rural = 1 / most(all(1), n->rural);
    V urban = most(all(1), n->urban);
    n->per_urban = 1 / urban;
    n->log_urban = logarithm(urban);
    n->log_residents = logarithm(most(all(1), n->residents));
    n->entitled = s->status[SETTLED] + e->p->permit * n->migrants +
                  e->k->rural_service_level * n->rural;
}

INLINE void work(const struct setting *e, const struct stocks *x, const struct sums *s,
                 struct region *n) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    n->log_labour = logarithm(most(all(1), s->urban_labour));
    n->log_jobs = logarithm(most(all(1), x->jobs));
    V employed = least(s->urban_labour * (1 - k->frictional_unemployment), x->jobs * p->matching);
    V log_employed = least(n->log_labour + t->log_employed_share,
                           n->log_jobs + p->log_employed_jobs);
    V lack = n->log_labour - n->log_jobs;
    n->log_availability = between(p->log_availability - lack, t->log_low, t->log_high);
    n->log_demand = k->labour_elasticity_of_jobs * (n->log_labour - p->log_labour) +
                    k->land_elasticity_of_jobs * (logarithm(x->urban_land) - p->log_land) +
                    k->wage_elasticity_of_jobs * between(lack + t->log_wage, t->log_low,
                                                         t->log_high);

    V rural = logarithm(most(all(1), s->rural_labour)) - p->log_rural_labour;
    n->log_scarcity = between(-rural, -t->log_high, t->log_high);
    n->output = employed * e->here->productivity +
                p->rural_output * e->now->farm *
                    power(k->labour_elasticity_of_rural_output * rural);
    n->log_output = logarithm(n->output) - p->log_output;
    n->log_per_person = n->log_output - n->log_residents + p->log_residents;
    n->log_income = e->here->log_income +
                    k->employment_elasticity_of_income *
                        (log_employed - n->log_urban - p->log_employment);
    n->income = power(n->log_income);
}

INLINE void homes(const struct setting *e, const struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    V wanted = k->income_elasticity_of_floor_area * n->log_income;
    V tightness = between(wanted + n->log_urban + e->p->log_floor -
                              logarithm(most(all(1), x->floor_area)), t->log_low, t->log_high);
    tightness *= k->tightness_elasticity_of_price;
    n->price = power(n->log_income + tightness);
    n->wanted_floor = e->p->floor * n->urban * power(wanted);
    V coverage = least(all(1), x->rentals * k->people_per_rental_home /
                                   most(all(1), n->migrants));
    V burden = tightness + logarithm(1 - k->relief_by_rental_homes * coverage);
    n->log_housing = k->housing_elasticity_of_migration * between(burden, t->log_low, t->log_high);
}

INLINE void water(const struct setting *e, const struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    V industry = power(k->output_elasticity_of_water * n->log_output);
    n->town_water = e->here->intensity * (e->p->town_people_water * n->urban +
                                          e->p->industry_water * industry);
    V village = e->t->village_people_water * n->rural +
                e->here->village_land_water * x->arable_land;
    V margin = 1 - (n->town_water + village) * e->here->per_usable_water;
    n->water = between(1 - k->water_response * (k->comfortable_water_margin - margin),
                       k->least_water_factor, 1);
}

INLINE void attract(const struct setting *e, const struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    V access = between(logarithm(x->access) - e->t->log_access, e->t->log_low, e->t->log_high);
    n->log_attraction = k->job_elasticity_of_migration * n->log_availability +
                        k->service_elasticity_of_migration * access - n->log_housing +
                        logarithm(n->water);
}
