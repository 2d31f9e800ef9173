/* What no step and no run changes, worked out once: for each region the products of its levers,
   constants and start that its equations need. A name with per multiplies where the equation
   divides; names with log are logarithms, `log_x` of the level that x is measured against. */

enum { ENTRANTS = 3 };

struct place {
    /* people */
    double fertility[STATUSES + 1], dying, settled_return, permit;
    double province_leave, outside_leave, to_town, base_attraction, inflow, talent;
    double log_network[2], residents;
    /* work and income */
    double matching, log_employed_jobs, log_availability, log_employment, log_rural_labour;
    double rural_output, log_output, log_residents, log_labour, log_land, jobs;
    double farm_income, wages, transfers, support, property, per_property, least_income;
    double rural_spending, farmers_gain, urban_income, log_acres;
    /* homes and water */
    double log_floor, floor, rental_homes, town_people_water, industry_water;
    /* land */
    double exits, disposal, collective, urban_land, log_urban, arable_floor, boundary, land_price;
    double kept_share, farmers_share, rural_share, capital_share, reclassified;
    double plan, given_up, per_settler, reclaim_share, reward_share;
    /* settling */
    double gap, rights, settling[ENTRANTS], reward[ENTRANTS], per_reward_time;
    /* money and services */
    double debt_ceiling, services, log_operating, other, outlay, per_output, per_migrant;
    double per_birth, per_rural, per_home, per_exit, per_job, per_town_water, new_water;
    double local_cost, residents_weight, hukou_weight, revenue, transfer, traded_quota;
    double capital_cost, log_public_demand, extra_jobs;
};

/* The same for all regions. */
struct common {
    double log_employed_share, log_wage, log_low, log_high, log_access, log_gap;
    double given_up_in_all, transfers_in_all, residents_in_all;
    double per_adjustment, per_quota, per_limit, per_arable, per_village, arable_loss;
    double homes_per_land, housing_foresight, per_housing, per_housing_life, per_quota_life;
    double per_town, per_ratio, per_perception, per_rights, per_debt_band, per_low_debt;
    double per_build, per_capacity_life, per_cost_time, cost, village_people_water;
    double per_planning, per_jobs, jobs_foresight, county_jobs, per_policy_life;
};

static void work_of(const struct constants *k, const struct start *s, int r, struct place *p) {
    double training = k->skills_training_share[r] - k->reference_training_share;
    double income = k->rural_income_per_person_2020[r];
    p->matching = 1 + k->matching_response_to_training * training;
    p->log_employed_jobs = log(p->matching);
    p->log_availability = log(p->matching / k->reference_job_availability);
    p->log_employment = log(s->urban_jobs[r] / fmax(1, s->urban[r]));
    p->log_rural_labour = log(fmax(1, s->rural_labour[r]));
    p->rural_output = s->rural_output[r];
    p->log_output = log(s->output[r]);
    p->log_residents = log(s->residents[r]);
    p->log_labour = log(fmax(1, s->urban_labour[r]));
    p->log_land = log(s->urban_land[r]);
    p->jobs = s->urban_jobs[r];
    p->farm_income = income * k->farm_share_of_rural_income;
    p->wages = income * k->wage_share_of_rural_income *
               (1 + k->wage_response_to_training * training);
    p->transfers = income * k->transfer_share_of_rural_income;
    p->support = k->rural_income_support[r];
    p->property = income * (1 - k->farm_share_of_rural_income - k->wage_share_of_rural_income -
                            k->transfer_share_of_rural_income);
    p->per_property = 1 / p->property;
    p->least_income = k->least_rural_income * income;
    p->rural_spending = s->rural_land_spending[r];
    p->farmers_gain = s->farmers_land_gain[r];
    p->urban_income = k->urban_income_per_person_2020[r];
    p->log_acres = log(k->arable_land_2020[r] / s->rural[r]);
    p->extra_jobs = k->extra_job_creation_rate[r] / k->hundred_percent;
}

static void people_of(const struct constants *k, const struct start *s, int r, struct place *p) {
    double fertility = k->later_fertility_scale[r] * k->fertility_factor[r] *
                       (1 + k->birth_response_to_support * k->birth_support[r]);
    for (int i = 0; i <= STATUSES; i++)
        p->fertility[i] = fertility * k->status_fertility[i < STATUSES ? i : OUTSIDE];
    p->fertility[STATUSES] *= k->share_of_children_who_live_with_migrants;
    p->dying = k->mortality_scale[r] * k->mortality_factor[r];
    p->settled_return = k->settled_return_hazard * k->return_settling_openness[r];
    p->permit = k->permit_entitlement_share[r];
    p->province_leave = k->base_province_leave_hazard[r];
    p->outside_leave = k->base_outside_leave_hazard[r];
    double mobility = 1 + k->mobility_response_to_rights *
                              (k->rural_rights_protection[r] - k->reference_rights_protection);
    double county = 1 + k->county_town_response * k->county_town_investment[r];
    p->to_town = k->base_rural_to_urban_hazard[r] * k->migration_pace[r] * mobility * county;
    p->base_attraction = k->base_attraction[r];
    p->residents = s->residents[r];
    p->inflow = k->outside_inflow_level[r];
    p->talent = k->talent_response * k->talent_attraction[r];
    for (int i = 0; i < 2; i++)
        p->log_network[i] = log(s->urban[r] / fmax(1, s->status[r][PROVINCIAL + i]));

    double relief = k->homestead_exit_payment[r] /
                    (k->homestead_exit_payment[r] + k->exit_payment_at_half_effect);
    double cost = k->settling_cost_per_person * k->yuan_per_ten_thousand_yuan;
    p->exits = k->base_exit_rate * relief / k->people_per_homestead;
    p->gap = 1 - k->permit_entitlement_share[r];
    p->rights = k->weight_of_rural_rights * (1 - k->rural_rights_protection[r]) *
                (1 - k->relief_by_paid_exit * relief);
    p->reward[0] = k->reward_per_local_settler[r];
    p->reward[1] = k->reward_per_provincial_settler[r];
    p->reward[2] = k->reward_per_outside_settler[r];
    p->per_reward_time = 1 / k->reward_phase_down_time[r];
    for (int i = 0; i < ENTRANTS; i++) {
        double effort = 1 + k->effort_per_land_reward * k->settler_land_reward_share[r] +
                        k->effort_per_reward_share * p->reward[i] *
                            k->reward_phase_down_time[r] / cost;
        p->settling[i] = k->base_settling_hazard[i] * k->settling_openness[r] *
                         exp(-k->required_years_of_residence[r] / k->tenure[i]) * effort;
        p->reward[i] /= k->yuan_per_hundred_million_yuan;
    }
}

static void land_of(const struct constants *k, const struct start *s, int r, struct place *p) {
    p->log_floor = log(k->housing_floor_per_person_2020[r]);
    p->floor = k->housing_floor_per_person_2020[r];
    p->rental_homes = k->affordable_rental_homes_per_ten_thousand[r] / k->ten_thousand_persons;
    p->town_people_water = k->town_water_per_person / k->cubic_metres_per_hundred_million;
    p->industry_water = s->industry_water[r];
    p->disposal = k->idle_land_disposal_rate[r];
    p->collective = k->collective_land_rate[r];
    p->urban_land = s->urban_land[r];
    p->log_urban = log(fmax(1, s->urban[r]));
    p->arable_floor = k->arable_land_floor[r];
    p->boundary = s->boundary[r];
    p->land_price = s->land_price[r] * k->land_market_cycle[r];
    double kept = 1 - k->farmers_gain_share[r];
    p->kept_share = kept;
    p->farmers_share = k->farmers_gain_share[r];
    p->rural_share = k->land_revenue_rural_share[r] * (1 - k->land_cost_share);
    p->capital_share = (1 - k->land_revenue_rural_share[r]) * (1 - k->land_cost_share);
    p->reclassified = k->peri_urban_density_multiple *
                      (1 + k->county_town_response * k->county_town_investment[r]);
    double plan = k->plan_quota_2020[r] * k->annual_plan_quota_factor[r];
    p->given_up = plan * k->settler_land_reward_share[r];
    p->plan = plan - p->given_up;
    p->per_settler = k->land_per_settler_factor[r] * k->linkage_strength[r] /
                     k->square_metres_per_square_kilometre;
    p->reclaim_share = k->reclaim_link_share[r];
    p->reward_share = k->settler_land_reward_share[r];
}

static void money_of(const struct constants *k, const struct start *s, int r, struct place *p) {
    double small = k->yuan_per_ten_thousand_yuan / k->yuan_per_hundred_million_yuan;
    double spending = k->general_expenditure_2020[r];
    p->debt_ceiling = k->debt_ceiling[r];
    p->services = k->service_share_of_expenditure * spending / fmax(1, s->entitled[r]) *
                  k->service_spending_level[r];
    p->log_operating = k->operating_elasticity * log(k->service_spending_level[r]);
    p->other = spending * (1 - k->service_share_of_expenditure -
                           k->upkeep_and_interest_share_of_expenditure);
    p->outlay = k->county_town_investment[r] / k->hundred_percent;
    p->per_output = k->public_share_of_county_outlay * p->outlay +
                    k->talent_attraction[r] * k->talent_cost_share;
    p->per_migrant = k->skills_training_share[r] * k->cost_of_training /
                     k->yuan_per_hundred_million_yuan;
    p->per_birth = k->birth_support[r] * small;
    p->per_rural = k->rural_income_support[r] / k->yuan_per_hundred_million_yuan;
    p->per_home = k->public_cost_of_a_rental_home * small;
    p->per_exit = k->homestead_exit_payment[r] * small;
    p->per_job = k->extra_job_creation_rate[r] / k->hundred_percent *
                 k->public_cost_of_a_policy_job * small;
    p->per_town_water = fmax(0, k->water_efficiency_gain[r]) * k->cost_of_saved_water /
                        k->hundred_percent;
    p->new_water = fmax(0, k->water_supply_expansion[r]) * k->cost_of_new_water /
                   k->hundred_percent;
    p->local_cost = (1 - k->cost_share_central[r] - k->cost_share_province[r]) *
                    (1 - k->share_of_employers_and_persons) / k->years_to_pay_a_settling_cost;
    double claim = k->transfers_2020[r] / fmax(1, s->formula_people[r]);
    p->residents_weight = claim * k->transfer_resident_weight[r];
    p->hukou_weight = claim * (1 - k->transfer_resident_weight[r]);
    p->revenue = k->general_revenue_2020[r] / k->gross_domestic_product_2020[r];
    p->transfer = (1 - k->equalisation_share) * k->transfers_2020[r];
    p->traded_quota = k->reclaim_link_share[r] * k->price_of_linked_quota;
    p->capital_cost = s->capacity_start[r] / fmax(k->least_capital, s->reference_capital[r]);
    p->log_public_demand = log(s->reference_public_demand[r]);
}

static void settle(const struct constants *k, const struct start *s, struct place *places,
                   struct common *t) {
    *t = (struct common){
        .log_employed_share = log(1 - k->frictional_unemployment),
        .log_wage = log(k->reference_job_availability),
        .log_low = log(k->least_factor),
        .log_high = log(k->most_factor),
        .log_access = log(k->reference_migrant_access),
        .log_gap = log(k->reference_service_gap + k->lasting_benefit_of_hukou),
        .per_adjustment = 1 / k->land_adjustment_time,
        .per_quota = 1 / (k->quota_use_time * (1 - k->idle_leak)),
        .per_limit = 1 / k->limit_time,
        .arable_loss = k->arable_share_of_new_land * (1 - k->compensation_ratio),
        .per_village = 1 / (k->rural_settlement_share_of_new_land * k->limit_time *
                            k->village_land_guard),
        .homes_per_land = k->residential_share_of_land * k->floor_area_ratio *
                          k->square_metres_per_square_kilometre,
        .housing_foresight = 1 + k->housing_foresight * k->housing_adjustment_time,
        .per_housing = 1 / k->housing_adjustment_time,
        .per_housing_life = 1 / k->life_of_housing,
        .per_quota_life = 1 / k->life_of_quota,
        .per_town = 1 / (2 * k->spread_of_towns),
        .per_ratio = 1 / k->reference_income_ratio,
        .per_perception = STEP / k->perception_time,
        .per_rights = 1 / (1 - k->reference_rights_cost),
        .per_debt_band = 1 / k->debt_band,
        .per_low_debt = 1 / k->low_debt,
        .per_build = 1 / k->time_to_build_services,
        .per_capacity_life = 1 / k->life_of_service_capacity,
        .per_cost_time = 1 / k->years_to_pay_a_settling_cost,
        .cost = k->settling_cost_per_person * k->yuan_per_ten_thousand_yuan /
                k->yuan_per_hundred_million_yuan,
        .village_people_water = k->village_water_per_person / k->cubic_metres_per_hundred_million,
        .per_planning = STEP / k->capital_planning_time,
        .per_jobs = STEP / k->job_adjustment_time,
        .jobs_foresight = 1 + k->job_foresight * k->job_adjustment_time,
        .county_jobs = k->yuan_per_hundred_million_yuan / k->investment_per_county_town_job,
        .per_policy_life = 1 / k->life_of_policy_jobs};
    t->per_arable = 1 / (t->arable_loss + k->least_arable_use);
    for (int r = 0; r < REGIONS; r++) {
        people_of(k, s, r, places + r);
        work_of(k, s, r, places + r);
        land_of(k, s, r, places + r);
        money_of(k, s, r, places + r);
        t->given_up_in_all += places[r].given_up;
        t->transfers_in_all += k->transfers_2020[r];
        t->residents_in_all += s->residents[r];
    }
}
