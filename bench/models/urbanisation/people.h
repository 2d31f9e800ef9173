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

/* How many of those who live elsewhere in the province each region could call home. */
static void look_back(const struct constants *k, struct block *b) {
    V absent = {};
    for (int r = 0; r < REGIONS; r++) absent += b->stocks[r].absent;
    for (int r = 0; r < REGIONS; r++)
        b->per_absent[r] = k->provincial_return_hazard /
                           most(all(1), absent - b->stocks[r].absent);
    for (int c = 0; c < COHORTS; c++) b->homeward[c] = (V){};
}

static void count_all(const struct constants *k, const struct moment *m, struct block *b) {
    look_back(k, b);
    for (int r = 0; r < REGIONS; r++) {
        struct sums s = {};
        for (int c = 0; c < COHORTS; c++)
            count(k, m, c, b->people[r][c], b->per_absent[r], &b->mobile[r][c], &b->homeward[c],
                  &s);
        b->sums[r] = s;
    }
}

/* Hazards of moving, and how a region draws people from elsewhere. */
INLINE void move(const struct setting *e, const struct stocks *x, const struct sums *s, V pull,
                 V push, const struct region *n, struct flows *f) {
    const struct constants *k = e->k;
    const struct common *t = e->t;
    const struct place *p = e->p;
    V leave = power(-k->leave_response * most(all(t->log_low), n->log_attraction));
    f->to_province = p->province_leave * leave;
    f->to_outside = p->outside_leave * pull * leave;
    V ratio = x->income_ratio * t->per_ratio;
    V income = between(logarithm(ratio), t->log_low, t->log_high);
    f->to_town = least(all(k->most_mobile_hazard),
                       p->to_town * power(k->income_elasticity_of_migration * income +
                                          n->log_attraction));
    f->local_return = k->local_return_hazard / most(all(k->least_factor), ratio);
    V drawn = n->log_income + n->log_attraction, network[2];
    for (int i = 0; i < 2; i++)
        network[i] = k->network_elasticity *
                     between(logarithm(s->status[PROVINCIAL + i]) - n->log_urban +
                                 p->log_network[i], t->log_low, t->log_high);
    f->attraction = p->base_attraction * power(drawn + network[0]);
    f->entering = p->inflow * push * power(drawn + network[1]);
}

/* Those who leave for the rest of the province, shared out over its regions. */
static void offer(const struct moment *m, const struct place *p, int r,
                  const struct totals *all, struct block *b) {
    const struct flows *f = &b->flows[r];
    V others = all->attraction - f->attraction;
    V drawn = all->drawn - f->attraction * p->talent;
    V usual = f->to_province / others;
    for (int c = 0; c < COHORTS; c++) {
        V rate = usual;
        if (m->young[c] > 0) rate = f->to_province / (others + m->young[c] * drawn);
        b->offered[r][c] = b->mobile[r][c] * m->moving[c] * rate;
        b->onward[c] += b->offered[r][c];
    }
}

/* What one region's hazards make of a step for every cohort: parts of those who stay, by what the
   cohort's rates multiply, and flows between statuses. */
struct change {
    double talent, absentee, transferred;
    V dying, rural_moving, rural_leaving, settled_moving, settled_leaving, local_moving;
    V local_leaving, to_town, reclassified, settled_return, local_return, provincial_return;
    V outside_return, away_return, to_outside, local, provincial, outside, absent, homing;
    V attraction, entering;
};

INLINE struct change changes(const struct setting *e, const struct flows *f, V pull, V push,
                             V absent, V per_absent, V income) {
    const struct constants *k = e->k;
    const double *w = k->leave_weight;
    V province = f->to_province * STEP, outside = f->to_outside * STEP, town = f->to_town * STEP;
    return (struct change){
        .dying = all(e->p->dying * STEP),
        .settled_return = all(e->p->settled_return * STEP),
        .provincial_return = all(k->provincial_return_hazard * STEP),
        .talent = e->p->talent,
        .absentee = k->urban_hukou_share_of_absentees,
        .transferred = k->hukou_transfer_hazard_of_those_outside * STEP,
        .rural_moving = province * w[RURAL] + town,
        .rural_leaving = outside * w[RURAL],
        .settled_moving = province * w[SETTLED],
        .settled_leaving = outside * w[SETTLED],
        .local_moving = province * w[LOCAL],
        .local_leaving = outside * w[LOCAL],
        .to_town = town,
        .reclassified = f->reclassified * STEP,
        .local_return = f->local_return * STEP,
        .away_return = push * (k->outside_return_hazard * STEP),
        .outside_return = pull * (k->outside_migrant_return_hazard * STEP),
        .to_outside = outside,
        .local = f->settling[0] * STEP,
        .provincial = f->settling[1] * STEP,
        .outside = f->settling[2] * STEP,
        .absent = absent * STEP,
        .homing = absent * per_absent * STEP,
        .attraction = f->attraction * STEP,
        .entering = f->entering * income * STEP};
}

/* One cohort after a step. */
INLINE void change(const struct moment *m, const struct change *h, int c, V homeward, V arriving,
                   V mobile, V *p) {
    double back = m->returning[c], moving = m->moving[c], leaving = m->leaving[c];
    double young = 1 + h->talent * m->young[c];
    V alive = 1 - h->dying * m->dying[c], local_return = h->local_return * back;
    V away_return = h->away_return * back;
    V towards = p[RURAL] * (h->to_town * moving + h->reclassified);
    V home = h->absent * homeward - p[PROVINCIAL] * (h->homing * back) + p[AWAY] * away_return;
    V rural = p[RURAL] * (alive - h->reclassified - h->rural_moving * moving -
                          h->rural_leaving * leaving) +
              p[LOCAL] * local_return + p[SETTLED] * (h->settled_return * back) +
              (1 - h->absentee) * home;
    V settled = p[SETTLED] * (alive - h->settled_return * back - h->settled_moving * moving -
                              h->settled_leaving * leaving) +
                p[LOCAL] * h->local + p[PROVINCIAL] * h->provincial + p[OUTSIDE] * h->outside +
                h->absentee * home;
    p[LOCAL] = p[LOCAL] * (alive - h->local - local_return - h->local_moving * moving -
                           h->local_leaving * leaving) + towards;
    p[PROVINCIAL] = p[PROVINCIAL] * (alive - h->provincial_return * back - h->provincial) +
                    h->attraction * young * arriving;
    p[OUTSIDE] = p[OUTSIDE] * (alive - h->outside - h->outside_return * back) +
                 h->entering * (m->entering[c] * young);
    p[AWAY] = p[AWAY] * (alive - away_return - h->transferred) + mobile * (h->to_outside * leaving);
    p[RURAL] = rural, p[SETTLED] = settled;
}

/* All cohorts of one region, and at once, while they are in the nearest cache, their sums for the
   next step. `back` are those who come home from elsewhere in the province, by cohort. */
static void age(const struct setting *e, int r, struct block *b, V income, const V *back,
                V absent, V per_absent) {
    const struct moment *m = e->now;
    const struct flows *f = &b->flows[r];
    struct change h = changes(e, f, b->pull[r], b->push[r], absent, per_absent, income);
    struct sums s = {};
    for (int c = 0; c < COHORTS; c++)
        change(m, &h, c, back[c], b->onward[c] - b->offered[r][c], b->mobile[r][c],
               b->people[r][c]);
    for (int i = 0; i < KINDS; i++) b->people[r][0][i] += STEP * f->births[i];
    for (int c = 0; c < COHORTS; c++)
        count(e->k, m + 1, c, b->people[r][c], b->per_absent[r], &b->mobile[r][c],
              &b->homeward[c], &s);
    b->sums[r] = s;
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
