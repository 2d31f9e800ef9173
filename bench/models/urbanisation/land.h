/* Land: what is wanted, what may be used, what is given out, and what it brings. */

INLINE void land(const struct setting *e, const struct stocks *x, const struct sums *s,
                 struct region *n) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    n->exits = (s->status[LOCAL] + k->idle_homestead_share * n->rural) * p->exits;
    n->reclaimed = n->exits * k->land_per_homestead;
    n->disposed = x->idle_land * p->disposal;
    n->fallen = x->urban_land * k->idling_rate;
    n->collective = x->village_land * p->collective;
    n->rental_homes = n->urban * p->rental_homes;

    V wanted = p->urban_land * power(k->output_elasticity_of_land * n->log_output +
                                     k->population_elasticity_of_land *
                                         (n->log_urban - p->log_urban));
    V demand = most((V){}, (wanted * e->here->land_foresight - x->urban_land) * t->per_adjustment +
                               n->fallen - n->disposed - n->collective);
    V quota = x->quota * t->per_quota;
    V arable = most((V){}, (x->arable_land - p->arable_floor) * t->per_limit + n->reclaimed) *
               t->per_arable;
    V boundary = most((V){}, p->boundary - x->urban_land - x->idle_land) * t->per_limit;
    V village = x->village_land * t->per_village;
    n->approved = least(least(least(demand, quota), least(arable, boundary)), village);
    n->developed = n->approved * (1 - k->idle_leak);
    n->sold = n->developed + n->disposed;

    V price = p->land_price * n->price, gross = k->land_sold_share * n->sold * price;
    n->land_revenue = gross * p->kept_share;
    n->farmers_gain = p->farmers_share * (gross + n->collective * price *
                                                      k->collective_price_share);
    n->rural_spending = p->rural_share * n->land_revenue;
}

/* Land that each settler earns: by how much the region's urban residents have now. */
INLINE V land_per_settler(const struct setting *e, const struct stocks *x,
                          const struct region *n) {
    const struct constants *k = e->k;
    V now = x->urban_land * k->square_metres_per_square_kilometre * n->per_urban;
    V lower = between(0.5 + (now - k->lower_land_class) * e->t->per_town, 0, 1);
    V upper = between(0.5 + (now - k->upper_land_class) * e->t->per_town, 0, 1);
    double dense = k->land_per_settler_in_dense_towns;
    double middling = k->land_per_settler_in_middling_towns;
    double spacious = k->land_per_settler_in_spacious_towns;
    return dense + (middling - dense) * lower + (spacious - middling) * upper;
}

/* Stocks of land and housing, but for the quota that depends on all regions. */
INLINE void use_land(const struct setting *e, struct stocks *x, const struct region *n,
                     struct flows *f) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    V edge = (n->developed + k->in_place_share_of_collective_land * n->collective) *
             p->reclassified;
    f->reclassified = least(all(k->most_reclassification),
                            edge / most(all(1), x->village_land + x->arable_land));

    V homes = (n->sold + n->collective) * t->homes_per_land;
    V missing = most((V){}, n->wanted_floor * t->housing_foresight - x->floor_area) *
                t->per_housing;
    x->floor_area += STEP * (least(homes, missing) + n->rental_homes * k->floor_per_rental_home);
    x->rentals += STEP * (n->rental_homes - x->rentals * t->per_housing_life);

    V earned = n->all_settlers * land_per_settler(e, x, n) * p->per_settler;
    x->quota += STEP * (p->plan + earned + n->reclaimed * p->reclaim_share +
                        n->disposed * k->quota_credit_for_disposal - n->approved -
                        x->quota * t->per_quota_life);
    x->village_land -= STEP * (n->approved * k->rural_settlement_share_of_new_land +
                               n->collective + n->reclaimed);
    x->arable_land += STEP * (n->reclaimed - n->approved * t->arable_loss);
    x->urban_land += STEP * (n->sold + n->collective - n->fallen);
    x->idle_land += STEP * (n->approved * k->idle_leak + n->fallen - n->disposed);
}
