/* What is the same for all runs: terms of levers and constants alone, and for each step those of
   time. Levers keep one value per region over the whole run. */

enum { TIMES = STEPS + 1, ENTRANTS = 3 };

struct steady {
    /* logarithms and shares of the start */
    double availability[REGIONS], employed_share, employed_jobs[REGIONS], employment[REGIONS];
    double wage, rural_labour[REGIONS], output[REGIONS], residents[REGIONS], urban[REGIONS];
    double labour[REGIONS], land[REGIONS], public_demand[REGIONS], floor[REGIONS];
    double acres[REGIONS], low, high, access, gap;
    double network[REGIONS][2];
    /* levers */
    double county_town[REGIONS], matching[REGIONS], training[REGIONS], talent[REGIONS];
    double mobility[REGIONS], exits[REGIONS], rights[REGIONS], local_cost[REGIONS];
    double settling[REGIONS][ENTRANTS], reward[REGIONS][ENTRANTS], fertility[REGIONS];
    double given_up[REGIONS], given_up_in_all, transfers_in_all, settled_return[REGIONS];
    double dying[REGIONS], urban_service[REGIONS];
};

struct moment {
    double moving[COHORTS], returning[COHORTS], leaving[COHORTS], dying[COHORTS];
    double bearing[COHORTS], working[COHORTS], entering[COHORTS], young[COHORTS];
    int shift;
    double farm, rural_transfer, transfer;
    double productivity[REGIONS], growth_of_income[REGIONS], usable_water[REGIONS];
    double water_intensity[REGIONS], demand[REGIONS], land_growth[REGIONS];
};

static void settle(const struct constants *k, const struct start *s, struct steady *t) {
    t->given_up_in_all = t->transfers_in_all = 0;
    t->employed_share = log(1 - k->frictional_unemployment);
    t->wage = log(k->reference_job_availability);
    t->low = log(k->least_factor), t->high = log(k->most_factor);
    t->access = log(k->reference_migrant_access);
    t->gap = log(k->reference_service_gap + k->lasting_benefit_of_hukou);
    for (int r = 0; r < REGIONS; r++) {
        double training = k->skills_training_share[r] - k->reference_training_share;
        t->matching[r] = 1 + k->matching_response_to_training * training;
        t->training[r] = 1 + k->wage_response_to_training * training;
        t->availability[r] = log(t->matching[r] / k->reference_job_availability);
        t->employed_jobs[r] = log(t->matching[r]);
        t->employment[r] = log(s->urban_jobs[r] / fmax(1, s->urban[r]));
        t->rural_labour[r] = log(fmax(1, s->rural_labour[r]));
        t->output[r] = log(s->output[r]);
        t->residents[r] = log(s->residents[r]);
        t->urban[r] = log(fmax(1, s->urban[r]));
        t->labour[r] = log(fmax(1, s->urban_labour[r]));
        t->land[r] = log(s->urban_land[r]);
        t->public_demand[r] = log(s->reference_public_demand[r]);
        t->acres[r] = log(k->arable_land_2020[r] / s->rural[r]);
        t->floor[r] = log(k->housing_floor_per_person_2020[r]);
        for (int i = 0; i < 2; i++)
            t->network[r][i] = log(s->urban[r] / fmax(1, s->status[r][PROVINCIAL + i]));

        t->county_town[r] = 1 + k->county_town_response * k->county_town_investment[r];
        t->talent[r] = k->talent_response * k->talent_attraction[r];
        t->mobility[r] = 1 + k->mobility_response_to_rights *
                                 (k->rural_rights_protection[r] - k->reference_rights_protection);
        double relief = k->homestead_exit_payment[r] /
                        (k->homestead_exit_payment[r] + k->exit_payment_at_half_effect);
        t->exits[r] = k->base_exit_rate * relief / k->people_per_homestead;
        t->rights[r] = k->weight_of_rural_rights * (1 - k->rural_rights_protection[r]) *
                       (1 - k->relief_by_paid_exit * relief);
        double local = 1 - k->cost_share_central[r] - k->cost_share_province[r];
        t->local_cost[r] = local * (1 - k->share_of_employers_and_persons) /
                           k->years_to_pay_a_settling_cost;
        t->reward[r][0] = k->reward_per_local_settler[r];
        t->reward[r][1] = k->reward_per_provincial_settler[r];
        t->reward[r][2] = k->reward_per_outside_settler[r];
        double cost = k->settling_cost_per_person * k->yuan_per_ten_thousand_yuan;
        for (int i = 0; i < ENTRANTS; i++) {
            double effort = 1 + k->effort_per_land_reward * k->settler_land_reward_share[r] +
                            k->effort_per_reward_share * t->reward[r][i] *
                                k->reward_phase_down_time[r] / cost;
            t->settling[r][i] = k->base_settling_hazard[i] * k->settling_openness[r] *
                                exp(-k->required_years_of_residence[r] / k->tenure[i]) * effort;
        }
        t->fertility[r] = k->fertility_scale[r] * k->fertility_factor[r] *
                          (1 + k->birth_response_to_support * k->birth_support[r]);
        t->dying[r] = k->mortality_scale[r] * k->mortality_factor[r];
        t->settled_return[r] = k->settled_return_hazard * k->return_settling_openness[r];
        t->urban_service[r] = k->operating_elasticity * log(k->service_spending_level[r]);
        t->given_up[r] = k->plan_quota_2020[r] * k->annual_plan_quota_factor[r] *
                         k->settler_land_reward_share[r];
        t->given_up_in_all += t->given_up[r];
        t->transfers_in_all += k->transfers_2020[r];
    }
}

/* The rates of cohorts, which pass from those of one age group to those of the next. */
static void spread(const double *ages, double grown, double *cohorts) {
    cohorts[0] = ages[0];
    for (int c = 1; c < AGES; c++) cohorts[c] = ages[c - 1] + grown * (ages[c] - ages[c - 1]);
    cohorts[AGES] = ages[AGES - 1];
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
        const struct data *d = data + step;
        double clock = step * STEP / k->years_in_an_age_group;
        double whole = floor(clock + k->rounding_guard), grown = clock - whole;
        m->shift = floor(clock + STEP / k->years_in_an_age_group + k->rounding_guard) > whole;
        double bearing[AGES];
        for (int a = 0; a < AGES; a++)
            bearing[a] = d->female_share[a] * d->fertility_age_pattern[a] * d->total_fertility /
                         k->years_in_an_age_group;
        spread(bearing, grown, m->bearing);
        spread(k->move_profile, grown, m->moving);
        spread(k->return_profile, grown, m->returning);
        spread(k->outside_profile, grown, m->leaving);
        spread(d->national_death_rate, grown, m->dying);
        spread(k->participation, grown, m->working);
        spread(k->young_adult, grown, m->young);
        spread(k->outside_inflow_profile, grown, m->entering);
        m->entering[0] *= grown;
        m->entering[AGES] *= 1 - grown;

        m->farm = farm, m->rural_transfer = rural_transfer, m->transfer = transfer;
        double growth = d->productivity_growth / k->hundred_percent;
        farm += STEP * farm * k->farm_growth_over_urban_growth * growth;
        rural_transfer += STEP * rural_transfer * k->transfer_growth_over_urban_growth * growth;
        transfer += STEP * transfer * k->transfer_growth / k->hundred_percent;
        for (int r = 0; r < REGIONS; r++) {
            double extra = k->growth_adjustment[r] / k->hundred_percent;
            m->productivity[r] = productivity[r] / k->yuan_per_hundred_million_yuan;
            m->growth_of_income[r] = log(productivity[r] / s->urban_productivity[r]);
            m->usable_water[r] = water[r], m->water_intensity[r] = intensity[r];
            m->demand[r] = demand[r];
            m->land_growth[r] = k->output_elasticity_of_land * (growth + extra) +
                                k->population_elasticity_of_land * k->expected_urban_growth;
            productivity[r] += STEP * productivity[r] *
                               (growth + (1 - k->job_share_of_growth) * extra);
            water[r] += STEP * water[r] * k->water_supply_expansion[r] / k->hundred_percent;
            intensity[r] -= STEP * intensity[r] * k->water_efficiency_gain[r] / k->hundred_percent;
            demand[r] += STEP * demand[r] * extra * k->job_share_of_growth;
        }
    }
}
