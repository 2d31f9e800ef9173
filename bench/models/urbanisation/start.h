/* What is known before the first step and the same for all runs: the census and what follows from
   it. Names are those of model/urbanisation.mdl without "initial". */

struct start {
    double status[REGIONS][STATUSES], rural[REGIONS], urban[REGIONS], residents[REGIONS];
    double rural_labour[REGIONS], urban_labour[REGIONS], urban_jobs[REGIONS];
    double output[REGIONS], rural_output[REGIONS], urban_productivity[REGIONS];
    double income_ratio[REGIONS], rural_land_spending[REGIONS], farmers_land_gain[REGIONS];
    double reference_capital[REGIONS], reference_public_demand[REGIONS], land_price[REGIONS];
    double industry_water[REGIONS], water_demand[REGIONS], floor_area[REGIONS];
    double urban_land[REGIONS], boundary[REGIONS];
    double entitled[REGIONS], formula_people[REGIONS], capacity_start[REGIONS];
    double migrants[REGIONS];
};

static void begin(const struct constants *k, struct start *s) {
    for (int r = 0; r < REGIONS; r++) {
        const double *ages[STATUSES] = {
            k->rural_people_2020[r], k->settled_people_2020[r], k->local_migrant_people_2020[r],
            k->provincial_migrant_people_2020[r], k->outside_migrant_people_2020[r]};
        double away = 0;
        s->rural_labour[r] = s->urban_labour[r] = 0;
        for (int i = 0; i < STATUSES; i++) s->status[r][i] = 0;
        for (int a = 0; a < AGES; a++) {
            for (int i = 0; i < STATUSES; i++) {
                s->status[r][i] += ages[i][a];
                *(i ? &s->urban_labour[r] : &s->rural_labour[r]) +=
                    ages[i][a] * k->participation[a];
            }
            away += k->living_outside_2020[r][a];
        }
        const double *people = s->status[r];
        s->rural[r] = people[RURAL];
        s->migrants[r] = people[LOCAL] + people[PROVINCIAL] + people[OUTSIDE];
        s->urban[r] = people[SETTLED] + s->migrants[r];
        s->residents[r] = s->urban[r] + s->rural[r];
        s->urban_jobs[r] = s->urban_labour[r] * (1 - k->initial_unemployment_rate);

        double output = k->gross_domestic_product_2020[r], land_revenue = k->land_revenue_2020[r];
        double gross = land_revenue / (1 - k->reference_farmers_share);
        double kept = (1 - k->land_cost_share) * land_revenue;
        s->output[r] = output;
        s->rural_output[r] = output * k->rural_output_per_agricultural_share *
                             k->agricultural_share[r];
        s->urban_productivity[r] = (output - s->rural_output[r]) *
                                   k->yuan_per_hundred_million_yuan / fmax(1, s->urban_jobs[r]);
        s->income_ratio[r] = k->urban_income_per_person_2020[r] /
                             k->rural_income_per_person_2020[r];
        s->rural_land_spending[r] = k->reference_rural_share * kept;
        s->farmers_land_gain[r] = k->reference_farmers_share * gross;
        s->reference_capital[r] = (1 - k->reference_rural_share) * kept +
                                  k->borrowing_share_of_output * output;
        s->reference_public_demand[r] =
            k->service_share_of_expenditure * k->general_expenditure_2020[r] +
            s->reference_capital[r];

        s->floor_area[r] = k->housing_floor_per_person_2020[r] * s->urban[r];
        s->urban_land[r] = k->urban_land_per_urban_resident_2020[r] * s->urban[r] /
                           k->square_metres_per_square_kilometre;
        s->boundary[r] = s->urban_land[r] * (1 + k->initial_idle_share) *
                         k->development_boundary_multiple;
        double sold = k->land_sold_share * s->urban_land[r] *
                      (k->reference_land_growth +
                       k->initial_idle_share * k->reference_disposal_rate);
        s->land_price[r] = gross / fmax(k->least_land_sold, sold);
        s->industry_water[r] = k->industry_water_of_output * output;
        s->water_demand[r] = s->industry_water[r] + k->farm_water * k->arable_land_2020[r] +
                             (k->town_water_per_person * s->urban[r] +
                              k->village_water_per_person * s->rural[r]) /
                                 k->cubic_metres_per_hundred_million;

        double hukou = s->residents[r] - people[PROVINCIAL] - people[OUTSIDE] +
                       k->absent_within_province_2020[r] + away;
        s->entitled[r] = people[SETTLED] + k->reference_permit_share * s->migrants[r] +
                         k->rural_service_level * s->rural[r];
        s->formula_people[r] = k->reference_resident_weight * s->residents[r] +
                               (1 - k->reference_resident_weight) * hukou;
        s->capacity_start[r] = k->initial_service_adequacy * s->entitled[r] *
                               (1 / k->life_of_service_capacity + k->expected_service_growth);
    }
}
