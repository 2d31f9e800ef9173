/* People by cohort: the sums that the rest needs, and how cohorts change in one step. Statuses of
   a cohort lie side by side, with those living outside the province last. */

enum { AWAY = STATUSES, KINDS };

struct block {
    V people[REGIONS][COHORTS][KINDS], mobile[REGIONS][COHORTS], offered[REGIONS][COHORTS];
    V homeward[COHORTS], onward[COHORTS], per_absent[REGIONS];
    V pull[REGIONS], push[REGIONS];
    struct stocks stocks[REGIONS];
    struct sums sums[REGIONS];
    struct flows flows[REGIONS];
};

/* Add one cohort to the sums of its region and to those who go home to other regions. */
INLINE void count(const struct constants *k, const struct moment *m, int c, const V *p,
                  V per_absent, V *mobile, V *homeward, struct sums *s) {
    V urban = p[SETTLED] + p[LOCAL] + p[PROVINCIAL] + p[OUTSIDE];
    *mobile = p[RURAL] * k->leave_weight[RURAL] + p[SETTLED] * k->leave_weight[SETTLED] +
              p[LOCAL] * k->leave_weight[LOCAL];
    for (int i = 0; i < STATUSES; i++) s->status[i] += p[i];
    s->away += p[AWAY];
    if (m->bearing[c] > 0)
        for (int i = 0; i < KINDS; i++) s->bearing[i] += p[i] * m->bearing[c];
    s->rural_labour += p[RURAL] * m->working[c];
    s->urban_labour += urban * m->working[c];
    s->moves += *mobile * m->moving[c];
    s->dying += p[PROVINCIAL] * m->dying[c];
    V returning = p[PROVINCIAL] * m->returning[c];
    s->returning += returning;
    *homeward += returning * per_absent;
}

static void count_all(const struct constants *k, const struct moment *m, struct block *b) {
    V absent = {};
    for (int c = 0; c < COHORTS; c++) b->homeward[c] = (V){};
    for (int r = 0; r < REGIONS; r++) absent += b->stocks[r].absent;
    for (int r = 0; r < REGIONS; r++) {
        struct sums s = {};
        V per_absent = k->provincial_return_hazard / most(all(1), absent - b->stocks[r].absent);
        b->per_absent[r] = per_absent;
        for (int c = 0; c < COHORTS; c++)
            count(k, m, c, b->people[r][c], per_absent, &b->mobile[r][c], &b->homeward[c], &s);
        b->sums[r] = s;
    }
}

/* Hazards of moving, and how a region draws people from elsewhere. */
INLINE void move(const struct setting *e, const struct stocks *x, const struct sums *s, V pull,
                 V push, const struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct steady *t = e->steady;
    int r = e->r;
    V leave = power(-k->leave_response * most(all(t->low), n->log_attraction));
    f->to_province = k->base_province_leave_hazard[r] * leave;
    f->to_outside = k->base_outside_leave_hazard[r] * pull * leave;
    V ratio = x->income_ratio * (1 / k->reference_income_ratio);
    V income = between(logarithm(ratio), t->low, t->high);
    f->to_town = least(all(k->most_mobile_hazard),
                       k->base_rural_to_urban_hazard[r] * t->mobility[r] * t->county_town[r] *
                           power(k->income_elasticity_of_migration * income +
                                 n->log_attraction));
    f->local_return = k->local_return_hazard / most(all(k->least_factor), ratio);
    V drawn = n->log_income + n->log_attraction, network[2];
    for (int i = 0; i < 2; i++)
        network[i] = k->network_elasticity *
                     between(logarithm(s->status[PROVINCIAL + i]) - n->log_urban +
                                 t->network[r][i], t->low, t->high);
    f->attraction = k->base_attraction[r] * power(drawn + network[0]);
    f->entering = k->outside_inflow_level[r] * push * power(drawn + network[1]);
}

/* Those who leave for the rest of the province, shared out over its regions. */
INLINE void offer(const struct moment *m, const struct steady *t, int r,
                  const struct totals *all, struct block *b) {
    const struct flows *f = &b->flows[r];
    V others = all->attraction - f->attraction;
    V drawn = all->drawn - f->attraction * t->talent[r];
    V usual = f->to_province / others;
    for (int c = 0; c < COHORTS; c++) {
        V rate = usual;
        if (m->young[c] > 0) rate = f->to_province / (others + m->young[c] * drawn);
        b->offered[r][c] = b->mobile[r][c] * m->moving[c] * rate;
        b->onward[c] += b->offered[r][c];
    }
}

INLINE void age(const struct setting *e, struct block *b, V income) {
    const struct constants *k = e->k;
    const struct moment *m = e->now;
    int r = e->r;
    const struct flows *f = &b->flows[r];
    const double *w = k->leave_weight;
    double dying = e->steady->dying[r] * STEP, absentee = k->urban_hukou_share_of_absentees;
    double settled_return = e->steady->settled_return[r] * STEP;
    double provincial_return = k->provincial_return_hazard * STEP;
    V to_province = f->to_province * STEP, to_outside = f->to_outside * STEP;
    V to_town = f->to_town * STEP, reclassified = f->reclassified * STEP;
    V local_return = f->local_return * STEP, absent = b->stocks[r].absent * STEP;
    V outside_return = b->push[r] * (k->outside_return_hazard * STEP);
    V outsiders_return = b->pull[r] * (k->outside_migrant_return_hazard * STEP);
    V local = f->settling[0] * STEP, provincial = f->settling[1] * STEP;
    V outside = f->settling[2] * STEP, per_absent = b->per_absent[r];
    V attraction = f->attraction * STEP, entering = f->entering * income * STEP;
    for (int c = 0; c < COHORTS; c++) {
        V *p = b->people[r][c];
        double die = dying * m->dying[c], back = m->returning[c];
        double young = 1 + e->steady->talent[r] * m->young[c];
        V away = to_outside * m->leaving[c], go = to_province * m->moving[c] + away;
        V towards = p[RURAL] * (to_town * m->moving[c] + reclassified);
        V from_town = p[LOCAL] * (local_return * back);
        V from_settled = p[SETTLED] * (settled_return * back);
        V from_away = p[AWAY] * (outside_return * back);
        V home = absent * (b->homeward[c] - p[PROVINCIAL] * (per_absent * back)) + from_away;
        V settle[3] = {p[LOCAL] * local, p[PROVINCIAL] * provincial, p[OUTSIDE] * outside};
        V arriving = attraction * young * (b->onward[c] - b->offered[r][c]);
        V entrants = entering * (m->entering[c] * young);
        V mobile = b->mobile[r][c];
        V rural = p[RURAL] - p[RURAL] * (die + w[RURAL] * go) - towards + from_town +
                  from_settled + (1 - absentee) * home;
        V settled = p[SETTLED] - p[SETTLED] * (die + w[SETTLED] * go) - from_settled +
                    settle[0] + settle[1] + settle[2] + absentee * home;
        p[LOCAL] = p[LOCAL] - p[LOCAL] * (die + w[LOCAL] * go) + towards - from_town - settle[0];
        p[PROVINCIAL] = p[PROVINCIAL] - p[PROVINCIAL] * (die + provincial_return * back) -
                        settle[1] + arriving;
        p[OUTSIDE] = p[OUTSIDE] - p[OUTSIDE] * (die + outsiders_return * back) - settle[2] +
                     entrants;
        p[AWAY] = p[AWAY] - p[AWAY] * die - from_away + mobile * away;
        p[RURAL] = rural, p[SETTLED] = settled;
    }
    for (int i = 0; i < KINDS; i++) b->people[r][0][i] += STEP * f->births[i];
}

/* Every five years each cohort takes the name of the next. */
static void shift(struct block *b) {
    for (int r = 0; r < REGIONS; r++) {
        V(*p)[KINDS] = b->people[r];
        for (int i = 0; i < KINDS; i++) p[AGES][i] += p[AGES - 1][i];
        for (int c = AGES - 1; c > 0; c--)
            for (int i = 0; i < KINDS; i++) p[c][i] = p[c - 1][i];
        for (int i = 0; i < KINDS; i++) p[0][i] = (V){};
    }
}
