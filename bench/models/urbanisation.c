/* The urbanisation model written by hand: the equations of model/urbanisation.mdl that the three
   outputs of the bench need, LANES runs in each vector. Every loop switch is on, the start is the
   census of 2020, and levers keep one value per region; only the outside pull differs by run.
   Constants and data come from the tables of the model, by the names they have there. */
#include <stdlib.h>

enum { RURAL, SETTLED, LOCAL, PROVINCIAL, OUTSIDE, STATUSES };
enum { AGES = 18, COHORTS, REGIONS = 17, OUTPUTS = 3 };

#include "vectors.h"
#include "urbanisation/start.h"
#include "urbanisation/place.h"
#include "urbanisation/moment.h"
#include "urbanisation/region.h"
#include "urbanisation/people.h"
#include "urbanisation/work.h"
#include "urbanisation/land.h"
#include "urbanisation/money.h"

static void fill(const struct constants *k, const struct start *s, struct block *b) {
    double cost = k->settling_cost_per_person * k->yuan_per_ten_thousand_yuan /
                  k->yuan_per_hundred_million_yuan;
    for (int r = 0; r < REGIONS; r++) {
        const double *ages[KINDS] = {
            k->rural_people_2020[r], k->settled_people_2020[r], k->local_migrant_people_2020[r],
            k->provincial_migrant_people_2020[r], k->outside_migrant_people_2020[r],
            k->living_outside_2020[r]};
        for (int i = 0; i < KINDS; i++) {
            b->people[r][0][i] = (V){};
            for (int a = 0; a < AGES; a++) b->people[r][a + 1][i] = all(ages[i][a]);
        }
        b->stocks[r] = (struct stocks){
            .debt = all(k->government_debt_2020[r]),
            .floor_area = all(s->floor_area[r]),
            .village_land = all(k->rural_settlement_land_2020[r]),
            .idle_land = all(k->initial_idle_share * s->urban_land[r]),
            .urban_land = all(s->urban_land[r]),
            .arable_land = all(k->arable_land_2020[r]),
            .quota = all(k->plan_quota_2020[r] * k->initial_quota_in_years),
            .jobs = all(s->urban_jobs[r]),
            .adequacy = all(k->initial_service_adequacy),
            .capacity = all(k->initial_service_adequacy * s->entitled[r]),
            .building = all(s->capacity_start[r] * k->time_to_build_services),
            .access = all(k->initial_service_adequacy * k->permit_entitlement_share[r]),
            .income_ratio = all(s->income_ratio[r]),
            .absent = all(k->absent_within_province_2020[r]),
            .settling_cost = all(s->migrants[r] * k->settling_before_the_start *
                                 k->years_to_pay_a_settling_cost * cost),
            .land_money = all((1 - k->land_cost_share) * (1 - k->reference_rural_share) *
                              k->land_revenue_2020[r])};
        for (int i = 0; i < ENTRANTS; i++)
            b->stocks[r].rewarded[i] = all(k->initial_reward_cohort_share *
                                           s->status[r][LOCAL + i]);
    }
}


/* What one region does by itself, up to what needs all regions, in parts. A part's equations wait
   for one another; doing it for several regions in turn keeps the processor busy meanwhile. */
enum { TOGETHER = 6 };

static void part_one(const struct setting *e, int r, struct block *b, struct region *n) {
    const struct sums *s = &b->sums[r];
    number(e, s, n);
    n->births = (V){};
    for (int i = 0; i < KINDS; i++) {
        b->flows[r].births[i] = s->bearing[i] * e->p->fertility[i];
        if (i < AWAY) n->births += b->flows[r].births[i];
    }
    work(e, &b->stocks[r], s, n);
}

static void part_two(const struct setting *e, int r, struct block *b, struct region *n) {
    homes(e, &b->stocks[r], n);
    water(e, &b->stocks[r], n);
    attract(e, &b->stocks[r], n);
}

static void part_three(const struct setting *e, int r, struct block *b, struct region *n) {
    move(e, &b->stocks[r], &b->sums[r], b->pull[r], b->push[r], n, &b->flows[r]);
    land(e, &b->stocks[r], &b->sums[r], n);
}

static void part_four(const struct setting *e, int r, struct block *b, struct region *n) {
    rural_income(e, &b->stocks[r], n);
    settling(e, &b->stocks[r], &b->sums[r], n, &b->flows[r]);
}

static void part_five(const struct setting *e, int r, struct block *b, struct region *n) {
    spend(e, &b->stocks[r], &b->sums[r], n, &b->flows[r]);
    use_land(e, &b->stocks[r], n, &b->flows[r]);
}

static void add(const struct setting *e, int r, struct block *b, const struct region *n,
                struct totals *sum) {
    const struct place *p = e->p;
    struct flows *f = &b->flows[r];
    f->jobs = p->jobs * e->here->demand * n->water;
    f->log_jobs = n->log_demand;
    f->reward_weight = p->reward_share * n->all_settlers;
    sum->income += n->income * p->residents;
    sum->claims += f->claim;
    sum->attraction += f->attraction;
    sum->drawn += f->attraction * p->talent;
    sum->absent += b->stocks[r].absent;
    sum->births += f->births[PROVINCIAL];
    sum->deaths += b->sums[r].dying * p->dying;
    sum->settlers += n->settlers[PROVINCIAL - LOCAL];
    sum->reward_weight += f->reward_weight;
}

static void respond(const struct setting *e, struct block *b, struct totals *sum) {
    static void (*const parts[])(const struct setting *, int, struct block *, struct region *) = {
        part_one, part_two, part_three, part_four, part_five};
    struct region n[TOGETHER];
    for (int first = 0; first < REGIONS; first += TOGETHER) {
        int last = first + TOGETHER < REGIONS ? first + TOGETHER : REGIONS;
        for (int i = 0; i < 5; i++)
            for (int r = first; r < last; r++) parts[i](e + r, r, b, n + r - first);
        for (int r = first; r < last; r++) add(e + r, r, b, n + r - first, sum);
    }
}

static void step(const struct constants *k, const struct common *t, const struct place *places,
                 const struct moment *now, struct block *b) {
    struct totals sum = {};
    struct setting e[REGIONS];
    for (int r = 0; r < REGIONS; r++)
        e[r] = (struct setting){k, t, places + r, now, now->at + r};
    respond(e, b, &sum);
    V per_claim = k->equalisation_share * now->transfer * t->transfers_in_all / sum.claims;
    V per_absent = 1 / sum.absent, income = t->residents_in_all / sum.income, homeward = {};
    V per_weight = t->given_up_in_all / most(all(k->least_reward_weight), sum.reward_weight);
    V not_given = most((V){}, 1 - sum.reward_weight / k->least_reward_weight);
    for (int c = 0; c < COHORTS; c++) homeward += b->homeward[c], b->onward[c] = (V){};
    for (int r = 0; r < REGIONS; r++) {
        const struct flows *f = &b->flows[r];
        invest(e + r, &b->stocks[r], f, per_claim);
        b->stocks[r].quota += STEP * (f->reward_weight * per_weight +
                                      not_given * places[r].given_up);
        offer(now, places + r, r, &sum, b);
    }
    V absent[REGIONS], per_home[REGIONS], back[COHORTS];
    for (int r = 0; r < REGIONS; r++) {
        V *x = &b->stocks[r].absent;
        V others = homeward - b->sums[r].returning * b->per_absent[r];
        absent[r] = *x, per_home[r] = b->per_absent[r];
        *x += STEP * (b->flows[r].to_province * b->sums[r].moves - absent[r] * others +
                      absent[r] * per_absent * (sum.births - sum.deaths - sum.settlers));
    }
    for (int c = 0; c < COHORTS; c++) back[c] = b->homeward[c];
    look_back(k, b);
    for (int r = 0; r < REGIONS; r++)
        age(e + r, r, b, income, back, absent[r], per_home[r]);
    if (now->shift) {
        shift(b);
        count_all(k, now + 1, b);
    }
}

/* `runs` runs with these outside pulls, one each for all regions; `out`: runs × outputs × kept
   times × regions. */
void run(long runs, const double *pull, double *out, const struct constants *k,
         const struct data *data) {
    static struct moment moments[TIMES];
    struct start start;
    struct place places[REGIONS];
    struct common common;
    struct block *b = aligned_alloc(64, (sizeof *b + 63) / 64 * 64);
    prepare();
    begin(k, &start);
    settle(k, &start, places, &common);
    pass(k, &start, data, moments);
    for (long first = 0; first < runs; first += LANES) {
        fill(k, &start, b);
        for (int r = 0; r < REGIONS; r++)
            for (int l = 0; l < LANES; l++) {
                double p = pull[first + l < runs ? first + l : runs - 1];
                b->pull[r][l] = p, b->push[r][l] = 1 / p;
            }
        count_all(k, moments, b);
        for (int now = 0, kept = 0; now < TIMES; now++) {
            if (KEEP[now]) {
                for (int r = 0; r < REGIONS; r++) {
                    const V *people = b->sums[r].status, debt = b->stocks[r].debt;
                    V urban = people[SETTLED] + people[LOCAL] + people[PROVINCIAL] +
                              people[OUTSIDE];
                    V residents = urban + people[RURAL];
                    for (int l = 0; l < LANES && first + l < runs; l++) {
                        double *o = out + ((first + l) * OUTPUTS * KEPT + kept) * REGIONS + r;
                        o[0] = urban[l], o[KEPT * REGIONS] = residents[l];
                        o[2 * KEPT * REGIONS] = debt[l];
                    }
                }
                kept++;
            }
            if (now < STEPS) step(k, &common, places, moments + now, b);
        }
    }
    free(b);
}
