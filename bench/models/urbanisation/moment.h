/* What is the same for all runs but changes with time: the rates of cohorts, and the stocks that
   nothing but time and levers moves. Levers keep one value per region over the whole run. */

enum { TIMES = STEPS + 1 };

struct local_moment {
    double productivity, log_income, usable_water, per_usable_water, intensity, village_land_water;
    double demand, land_foresight;
};

struct moment {
    double moving[COHORTS], returning[COHORTS], leaving[COHORTS], dying[COHORTS];
    double bearing[COHORTS], working[COHORTS], entering[COHORTS], young[COHORTS];
    int shift;
    double farm, rural_transfer, transfer;
    struct local_moment at[REGIONS];
};

/* The rates of cohorts, which pass from those of one age group to those of the next. */
static void spread(const double *ages, double grown, double *cohorts) {
    cohorts[0] = ages[0];
    for (int c = 1; c < AGES; c++) cohorts[c] = ages[c - 1] + grown * (ages[c] - ages[c - 1]);
    cohorts[AGES] = ages[AGES - 1];
}

static void grow(const struct constants *k, const struct data *d, int step, struct moment *m) {
    double clock = step * STEP / k->years_in_an_age_group;
    double whole = floor(clock + k->rounding_guard), grown = clock - whole;
    double bearing[AGES];
    m->shift = floor(clock + STEP / k->years_in_an_age_group + k->rounding_guard) > whole;
    for (int a = 0; a < AGES; a++)
        bearing[a] = d->female_share[a] * d->fertility_age_pattern[a] * d->total_fertility /
                     k->years_in_an_age_group;
    spread(bearing, grown + STEP / (2 * k->years_in_an_age_group), m->bearing);
    spread(k->move_profile, grown, m->moving);
    spread(k->return_profile, grown, m->returning);
    spread(k->outside_profile, grown, m->leaving);
    spread(d->national_death_rate, grown, m->dying);
    spread(k->participation, grown, m->working);
    spread(k->young_adult, grown, m->young);
    spread(k->outside_inflow_profile, grown, m->entering);
    m->entering[0] *= grown;
    m->entering[AGES] *= 1 - grown;
}

static void pass(const struct constants *k, const struct start *s, const struct data *data,
                 struct moment *moments) {
    double farm = 1, rural_transfer = 1, transfer = 1;
    double productivity[REGIONS], water[REGIONS], intensity[REGIONS], demand[REGIONS];
    for (int r = 0; r < REGIONS; r++) {
        productivity[r] = s->urban_productivity[r];
        water[r] = s->water_demand[r] / (1 - k->initial_water_margin[r]);
        intensity[r] = demand[r] = 1;
    }
    for (int step = 0; step < TIMES; step++) {
        struct moment *m = moments + step;
        grow(k, data + step, step, m);
        m->farm = farm, m->rural_transfer = rural_transfer, m->transfer = transfer;
        double growth = data[step].productivity_growth / k->hundred_percent;
        farm += STEP * farm * k->farm_growth_over_urban_growth * growth;
        rural_transfer += STEP * rural_transfer * k->transfer_growth_over_urban_growth * growth;
        transfer += STEP * transfer * k->transfer_growth / k->hundred_percent;
        for (int r = 0; r < REGIONS; r++) {
            double extra = k->growth_adjustment[r] / k->hundred_percent;
            double wanted = k->output_elasticity_of_land * (growth + extra) +
                            k->population_elasticity_of_land * k->expected_urban_growth;
            m->at[r] = (struct local_moment){
                .productivity = productivity[r] / k->yuan_per_hundred_million_yuan,
                .log_income = log(productivity[r] / s->urban_productivity[r]),
                .usable_water = water[r],
                .per_usable_water = 1 / water[r],
                .intensity = intensity[r],
                .village_land_water = k->farm_water * (k->farm_saving_base +
                                                       (1 - k->farm_saving_base) * intensity[r]),
                .demand = demand[r],
                .land_foresight = 1 + wanted * k->land_adjustment_time};
            productivity[r] += STEP * productivity[r] *
                               (growth + (1 - k->job_share_of_growth) * extra);
            water[r] += STEP * water[r] * k->water_supply_expansion[r] / k->hundred_percent;
            intensity[r] -= STEP * intensity[r] * k->water_efficiency_gain[r] / k->hundred_percent;
            demand[r] += STEP * demand[r] * extra * k->job_share_of_growth;
        }
    }
}
