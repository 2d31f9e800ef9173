/* Public money and services, and rural income, which land and money change. */

INLINE void rural_income(const struct setting *e, struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    const struct start *s = e->start;
    int r = e->r;
    double income = k->rural_income_per_person_2020[r];
    V acres = logarithm(x->arable_land * n->per_rural) - t->acres[r];
    V farm = income * k->farm_share_of_rural_income * e->now->farm *
             power(k->land_elasticity_of_farm_income * acres);
    V wages = income * k->wage_share_of_rural_income * t->training[r] *
              power(n->log_income +
                    k->job_elasticity_of_off_farm_income * n->log_availability +
                    k->scarcity_elasticity_of_wages * n->log_scarcity);
    V each = n->per_rural * k->yuan_per_hundred_million_yuan;
    V transfers = income * k->transfer_share_of_rural_income * e->now->rural_transfer +
                  k->rural_income_support[r] +
                  k->cash_part_of_rural_spending *
                      (n->rural_spending - s->rural_land_spending[r]) * each;
    double share = 1 - k->farm_share_of_rural_income - k->wage_share_of_rural_income -
                   k->transfer_share_of_rural_income;
    V property = income * share * e->now->farm +
                 k->counted_part_of_land_gains *
                     (n->farmers_gain - s->farmers_land_gain[r]) * each;
    n->property = most(all(0.1), property * (1 / (income * share)));
    V rural = most(all(k->least_rural_income * income), farm + wages + transfers + property);
    V ratio = k->urban_income_per_person_2020[r] * n->income / rural;
    x->income_ratio += STEP * (ratio - x->income_ratio) * (1 / k->perception_time);
}

INLINE void settling(const struct setting *e, const struct stocks *x, const struct sums *s,
                     struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    int r = e->r;
    V gap = x->adequacy * (1 - k->permit_entitlement_share[r]) + k->lasting_benefit_of_hukou;
    V services = power(k->service_elasticity_of_settling *
                       (logarithm(most((V){}, gap)) - t->gap));
    V cost = t->rights[r] * power(k->property_elasticity_of_rights * logarithm(n->property));
    V rights = most(all(0.05), 1 - cost) * (1 / (1 - k->reference_rights_cost));
    n->all_settlers = (V){};
    for (int i = 0; i < ENTRANTS; i++) {
        f->settling[i] = least(all(k->most_settling), t->settling[r][i] * services * rights);
        n->settlers[i] = s->status[LOCAL + i] * f->settling[i];
        n->all_settlers += n->settlers[i];
    }
}

/* Services, what they cost, and all that is spent before what is left for capital is known. */
INLINE void spend(const struct setting *e, struct stocks *x, const struct sums *s,
                  struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    int r = e->r;
    double small = k->yuan_per_ten_thousand_yuan / k->yuan_per_hundred_million_yuan;
    V debt_ratio = x->debt / n->output;
    V austerity = between(1 - k->austerity_response * (debt_ratio - k->debt_ceiling[r]),
                          k->least_austerity, 1);
    f->debt_room = between((k->debt_ceiling[r] - debt_ratio) * (1 / k->debt_band), 0, 1);
    f->repayment_room = between(debt_ratio * (1 / k->low_debt), 0, 1);

    double usual = k->service_share_of_expenditure * k->general_expenditure_2020[r] /
                   fmax(1, e->start->entitled[r]) * k->service_spending_level[r];
    V services = usual * power(k->output_elasticity_of_service_cost * n->log_per_person) *
                 n->entitled * austerity;
    double rest = 1 - k->service_share_of_expenditure -
                  k->upkeep_and_interest_share_of_expenditure;
    V other = rest * k->general_expenditure_2020[r] *
              power(k->output_elasticity_of_other_spending * n->log_output);
    double county = k->county_town_investment[r] / k->hundred_percent;
    V outlay = county * n->output;
    V programmes =
        n->output * (k->public_share_of_county_outlay * county +
                     k->talent_attraction[r] * k->talent_cost_share) +
        n->migrants * (k->skills_training_share[r] * k->cost_of_training /
                       k->yuan_per_hundred_million_yuan) +
        n->births * (k->birth_support[r] * small) +
        n->rural * (k->rural_income_support[r] / k->yuan_per_hundred_million_yuan) +
        n->rental_homes * (k->public_cost_of_a_rental_home * small) +
        n->exits * (k->homestead_exit_payment[r] * small) +
        x->jobs * (k->extra_job_creation_rate[r] / k->hundred_percent *
                   k->public_cost_of_a_policy_job * small) +
        n->town_water * (fmax(0, k->water_efficiency_gain[r]) * k->cost_of_saved_water /
                         k->hundred_percent) +
        fmax(0, k->water_supply_expansion[r]) * e->now->usable_water[r] * k->cost_of_new_water /
            k->hundred_percent;
    V land_kept = n->land_revenue * (1 - k->land_cost_share);
    f->land_money = land_kept * (1 - k->land_revenue_rural_share[r]);
    f->current = services + other + k->maintenance_cost * x->urban_land +
                 k->interest_rate * x->debt + t->local_cost[r] * x->settling_cost + programmes +
                 k->land_cost_share * n->land_revenue + n->rural_spending;
    f->public = services + programmes;

    V reward = x->rewarded[0] * t->reward[r][0] + x->rewarded[1] * t->reward[r][1] +
               x->rewarded[2] * t->reward[r][2];
    V hukou = n->rural + s->status[SETTLED] + s->status[LOCAL] + x->absent + s->away;
    double weight = k->transfer_resident_weight[r];
    f->claim = (weight * n->residents + (1 - weight) * hukou) *
               (k->transfers_2020[r] / fmax(1, e->start->formula_people[r]));
    f->income = n->output * (k->general_revenue_2020[r] / k->gross_domestic_product_2020[r]) +
                n->land_revenue +
                (1 - k->equalisation_share) * e->now->transfer * k->transfers_2020[r] +
                reward * (1 / k->yuan_per_hundred_million_yuan) +
                n->reclaimed * (k->reclaim_link_share[r] * k->price_of_linked_quota);
    f->outlay = outlay;
    f->output = n->output, f->log_output = n->log_output;

    V capacity = x->capacity * power(k->operating_elasticity * logarithm(austerity) +
                                     t->urban_service[r]);
    V adequacy = capacity / most(all(1), n->entitled);
    V completed = x->building * (1 / k->time_to_build_services);
    f->capital_cost = power(-k->output_elasticity_of_building_cost * n->log_per_person) *
                      (e->start->capacity_start[r] /
                       fmax(k->least_capital, e->start->reference_capital[r]));
    double pace = STEP / k->perception_time;
    x->access += pace * (adequacy * k->permit_entitlement_share[r] - x->access);
    x->adequacy += pace * (adequacy - x->adequacy);
    x->capacity += STEP * (completed - x->capacity * (1 / k->life_of_service_capacity));
    x->building -= STEP * completed;

    double cost = k->settling_cost_per_person * small;
    x->settling_cost += STEP * (n->all_settlers * cost -
                                x->settling_cost * (1 / k->years_to_pay_a_settling_cost));
    for (int i = 0; i < ENTRANTS; i++)
        x->rewarded[i] += STEP * (n->settlers[i] -
                                  x->rewarded[i] * (1 / k->reward_phase_down_time[r]));
}

/* Capital, debt and jobs, once every region's claim on transfers is known. */
INLINE void invest(const struct setting *e, struct stocks *x, const struct flows *f,
                   V per_claim) {
    const struct constants *k = e->k;
    int r = e->r;
    V income = f->income + f->claim * per_claim, land = f->land_money, meant = x->land_money;
    V money = choose(meant > land, land + f->debt_room * (meant - land), meant);
    V planned = money + k->borrowing_share_of_output * f->debt_room * f->output;
    V left = income - f->current;
    V slack = left - land;
    V part = choose(slack > 0.0, all(k->surplus_share_to_capital),
                    all(k->deficit_share_from_capital));
    V given = most(planned * -(1 - k->least_capital_share), slack * part);
    V raw = left - planned - given;
    V capital = planned + given + (1 - f->repayment_room) * most((V){}, raw);
    x->debt -= STEP * (left - capital);
    x->land_money += STEP / k->capital_planning_time * (land - meant);
    x->building += STEP * f->capital_cost * (capital + k->county_service_share * f->outlay);

    V demand = between(logarithm(f->public + capital) - e->steady->public_demand[r] -
                           f->log_output, e->steady->low, e->steady->high);
    V jobs = f->jobs * power(f->log_jobs + k->public_demand_elasticity_of_jobs * demand) +
             x->policy_jobs;
    double pace = STEP / k->job_adjustment_time;
    double foresight = 1 + k->job_foresight * k->job_adjustment_time;
    V now = x->jobs;
    x->jobs += pace * (jobs * foresight - now);
    x->policy_jobs += STEP * (now * (k->extra_job_creation_rate[r] / k->hundred_percent) +
                              f->outlay * (k->yuan_per_hundred_million_yuan /
                                           k->investment_per_county_town_job) -
                              x->policy_jobs * (1 / k->life_of_policy_jobs));
}
