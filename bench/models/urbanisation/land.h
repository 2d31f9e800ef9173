/* Land: what is wanted, what may be used, what is given out, and what it brings. */

INLINE void land(const struct setting *e, struct stocks *x, const struct sums *s,
                 struct region *n) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    int r = e->r;
    n->exits = (s->status[LOCAL] + k->idle_homestead_share * n->rural) * t->exits[r];
    n->reclaimed = n->exits * k->land_per_homestead;
    n->disposed = x->idle_land * k->idle_land_disposal_rate[r];
    n->fallen = x->urban_land * k->idling_rate;
    n->collective = x->village_land * k->collective_land_rate[r];

    n->rental_homes = n->urban * (k->affordable_rental_homes_per_ten_thousand[r] /
                                  k->ten_thousand_persons);

    V wanted = e->start->urban_land[r] *
               power(k->output_elasticity_of_land * n->log_output +
                     k->population_elasticity_of_land * (n->log_urban - t->urban[r]));
    double foresight = 1 + e->now->land_growth[r] * k->land_adjustment_time;
    V demand = most((V){}, (wanted * foresight - x->urban_land) * (1 / k->land_adjustment_time) +
                               n->fallen - n->disposed - n->collective);
    V quota = x->quota * (1 / (k->quota_use_time * (1 - k->idle_leak)));
    double arable_use = k->arable_share_of_new_land * (1 - k->compensation_ratio) +
                        k->least_arable_use;
    V arable = most((V){}, (x->arable_land - k->arable_land_floor[r]) * (1 / k->limit_time) +
                               n->reclaimed) * (1 / arable_use);
    V boundary = most((V){}, e->start->boundary[r] - x->urban_land - x->idle_land) *
                 (1 / k->limit_time);
    V village = x->village_land * (1 / (k->rural_settlement_share_of_new_land * k->limit_time *
                                        k->village_land_guard));
    n->approved = least(least(least(demand, quota), least(arable, boundary)), village);
    n->developed = n->approved * (1 - k->idle_leak);
    n->sold = n->developed + n->disposed;

    V price = e->start->land_price[r] * k->land_market_cycle[r] * n->price;
    V gross = k->land_sold_share * n->sold * price;
    n->land_revenue = gross * (1 - k->farmers_gain_share[r]);
    n->farmers_gain = k->farmers_gain_share[r] *
                      (gross + n->collective * price * k->collective_price_share);
    n->rural_spending = k->land_revenue_rural_share[r] * (1 - k->land_cost_share) *
                        n->land_revenue;
}

/* Land that settlers earn: by how much land the region's urban residents have now. */
INLINE V land_per_settler(const struct setting *e, const struct stocks *x,
                          const struct region *n) {
    const struct constants *k = e->k;
    double each = 1 / (2 * k->spread_of_towns);
    V now = x->urban_land * k->square_metres_per_square_kilometre * n->per_urban;
    V lower = between(0.5 + (now - k->lower_land_class) * each, 0, 1);
    V upper = between(0.5 + (now - k->upper_land_class) * each, 0, 1);
    double dense = k->land_per_settler_in_dense_towns;
    double middling = k->land_per_settler_in_middling_towns;
    double spacious = k->land_per_settler_in_spacious_towns;
    return k->land_per_settler_factor[e->r] *
           (dense + (middling - dense) * lower + (spacious - middling) * upper);
}

/* Stocks of land and housing, but for the quota that depends on all regions. */
INLINE void use_land(const struct setting *e, struct stocks *x, const struct region *n,
                     struct flows *f) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    int r = e->r;
    V reclassified = (n->developed + k->in_place_share_of_collective_land * n->collective) *
                     (k->peri_urban_density_multiple * t->county_town[r]);
    f->reclassified = least(all(k->most_reclassification),
                            reclassified / most(all(1), x->village_land + x->arable_land));

    V wanted = k->housing_floor_per_person_2020[r] * n->urban *
               power(k->income_elasticity_of_floor_area * n->log_income);
    double foresight = 1 + k->housing_foresight * k->housing_adjustment_time;
    V homes = (n->sold + n->collective) *
              (k->residential_share_of_land * k->floor_area_ratio *
               k->square_metres_per_square_kilometre);
    V missing = most((V){}, wanted * foresight - x->floor_area) *
                (1 / k->housing_adjustment_time);
    x->floor_area += STEP * (least(homes, missing) + n->rental_homes * k->floor_per_rental_home);
    x->rentals += STEP * (n->rental_homes - x->rentals * (1 / k->life_of_housing));

    double plan = k->plan_quota_2020[r] * k->annual_plan_quota_factor[r] - t->given_up[r];
    V earned = n->all_settlers * land_per_settler(e, x, n) *
               (k->linkage_strength[r] / k->square_metres_per_square_kilometre);
    x->quota += STEP * (plan + earned + n->reclaimed * k->reclaim_link_share[r] +
                        n->disposed * k->quota_credit_for_disposal - n->approved -
                        x->quota * (1 / k->life_of_quota));
    x->village_land -= STEP * (n->approved * k->rural_settlement_share_of_new_land +
                               n->collective + n->reclaimed);
    x->arable_land += STEP * (n->reclaimed - n->approved * (k->arable_share_of_new_land *
                                                            (1 - k->compensation_ratio)));
    x->urban_land += STEP * (n->sold + n->collective - n->fallen);
    x->idle_land += STEP * (n->approved * k->idle_leak + n->fallen - n->disposed);
}
