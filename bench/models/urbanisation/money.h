/* Rural income, settling, services and public money. */

INLINE void rural_income(const struct setting *e, struct stocks *x, struct region *n) {
    const struct constants *k = e->k;
    const struct place *p = e->p;
    V acres = logarithm(x->arable_land * n->per_rural) - p->log_acres;
    V farm = p->farm_income * e->now->farm * power(k->land_elasticity_of_farm_income * acres);
    V wages = p->wages * power(n->log_income +
                               k->job_elasticity_of_off_farm_income * n->log_availability +
                               k->scarcity_elasticity_of_wages * n->log_scarcity);
    V each = n->per_rural * k->yuan_per_hundred_million_yuan;
    V transfers = p->transfers * e->now->rural_transfer + p->support +
                  k->cash_part_of_rural_spending * (n->rural_spending - p->rural_spending) * each;
    V property = p->property * e->now->farm +
                 k->counted_part_of_land_gains * (n->farmers_gain - p->farmers_gain) * each;
    n->property = most(all(0.1), property * p->per_property);
    V rural = most(all(p->least_income), farm + wages + transfers + property);
    V ratio = p->urban_income * n->income / rural;
    x->income_ratio += e->t->per_perception * (ratio - x->income_ratio);
}

INLINE void settling(const struct setting *e, const struct stocks *x, const struct sums *s,
                     struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct place *p = e->p;
    V gap = most((V){}, x->adequacy * p->gap + k->lasting_benefit_of_hukou);
    V services = power(k->service_elasticity_of_settling * (logarithm(gap) - e->t->log_gap));
    V cost = p->rights * power(k->property_elasticity_of_rights * logarithm(n->property));
    V willing = services * most(all(0.05), 1 - cost) * e->t->per_rights;
    n->all_settlers = (V){};
    for (int i = 0; i < ENTRANTS; i++) {
        f->settling[i] = least(all(k->most_settling), p->settling[i] * willing);
        n->settlers[i] = s->status[LOCAL + i] * f->settling[i];
        n->all_settlers += n->settlers[i];
    }
}

/* Income but for equalisation, and all that is spent before what is left for capital is known. */
INLINE void spend(const struct setting *e, struct stocks *x, const struct sums *s,
                  const struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    V debt_ratio = x->debt / n->output;
    V austerity = between(1 - k->austerity_response * (debt_ratio - p->debt_ceiling),
                          k->least_austerity, 1);
    f->debt_room = between((p->debt_ceiling - debt_ratio) * t->per_debt_band, 0, 1);
    f->repayment_room = between(debt_ratio * t->per_low_debt, 0, 1);

    V services = p->services * power(k->output_elasticity_of_service_cost * n->log_per_person) *
                 n->entitled * austerity;
    V other = p->other * power(k->output_elasticity_of_other_spending * n->log_output);
    V programmes = n->output * p->per_output + n->migrants * p->per_migrant +
                   n->births * p->per_birth + n->rural * p->per_rural +
                   n->rental_homes * p->per_home + n->exits * p->per_exit + x->jobs * p->per_job +
                   n->town_water * p->per_town_water + p->new_water * e->here->usable_water;
    f->land_money = n->land_revenue * p->capital_share;
    f->public = services + programmes;
    f->current = f->public + other + k->maintenance_cost * x->urban_land +
                 k->interest_rate * x->debt + p->local_cost * x->settling_cost +
                 k->land_cost_share * n->land_revenue + n->rural_spending;

    V reward = x->rewarded[0] * p->reward[0] + x->rewarded[1] * p->reward[1] +
               x->rewarded[2] * p->reward[2];
    V hukou = n->rural + s->status[SETTLED] + s->status[LOCAL] + x->absent + s->away;
    f->claim = p->residents_weight * n->residents + p->hukou_weight * hukou;
    f->income = n->output * p->revenue + n->land_revenue + p->transfer * e->now->transfer +
                reward + n->reclaimed * p->traded_quota;
    f->outlay = p->outlay * n->output;
    f->output = n->output, f->log_output = n->log_output;

    V operating = power(k->operating_elasticity * logarithm(austerity) + p->log_operating);
    V adequacy = x->capacity * operating / most(all(1), n->entitled);
    V completed = x->building * t->per_build;
    f->capital_cost = p->capital_cost *
                      power(-k->output_elasticity_of_building_cost * n->log_per_person);
    x->access += t->per_perception * (adequacy * p->permit - x->access);
    x->adequacy += t->per_perception * (adequacy - x->adequacy);
    x->capacity += STEP * (completed - x->capacity * t->per_capacity_life);
    x->building -= STEP * completed;
    x->settling_cost += STEP * (n->all_settlers * t->cost - x->settling_cost * t->per_cost_time);
    for (int i = 0; i < ENTRANTS; i++)
        x->rewarded[i] += STEP * (n->settlers[i] - x->rewarded[i] * p->per_reward_time);
}

/* Capital, debt and jobs, once every region's claim on transfers is known. */
INLINE void invest(const struct setting *e, struct stocks *x, const struct flows *f,
                   V per_claim) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    V income = f->income + f->claim * per_claim, land = f->land_money, meant = x->land_money;
    V money = least(meant, land) + f->debt_room * most((V){}, meant - land);
    V planned = money + k->borrowing_share_of_output * f->debt_room * f->output;
    V left = income - f->current, slack = left - land;
    V taken = k->surplus_share_to_capital * most((V){}, slack) +
              k->deficit_share_from_capital * least((V){}, slack);
    V given = planned + most(planned * (k->least_capital_share - 1), taken);
    V capital = given + (1 - f->repayment_room) * most((V){}, left - given);
    x->debt -= STEP * (left - capital);
    x->land_money += t->per_planning * (land - meant);
    x->building += STEP * f->capital_cost * (capital + k->county_service_share * f->outlay);

    V demand = between(logarithm(f->public + capital) - p->log_public_demand - f->log_output,
                       t->log_low, t->log_high);
    V jobs = f->jobs * power(f->log_jobs + k->public_demand_elasticity_of_jobs * demand) +
             x->policy_jobs;
    V now = x->jobs;
    x->jobs += t->per_jobs * (jobs * t->jobs_foresight - now);
    x->policy_jobs += STEP * (now * p->extra_jobs + f->outlay * t->county_jobs -
                              x->policy_jobs * t->per_policy_life);
}
