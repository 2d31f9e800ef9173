/* The urbanisation model written by hand: the equations of model/urbanisation.mdl that the three
   outputs of the bench need, LANES runs in each vector. Every loop switch is on, the start is the
   census of 2020, and levers keep one value per region; only the outside pull differs by run.
   Constants and data come from the tables of the model, by the names they have there. */
#include <math.h>
#include <stdlib.h>

enum { RURAL, SETTLED, LOCAL, PROVINCIAL, OUTSIDE, STATUSES };
enum { AGES = 18, COHORTS, REGIONS = 17, OUTPUTS = 3 };

#include "urbanisation/vectors.h"
#include "urbanisation/start.h"
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

/* What one region does by itself, up to what needs all regions. */
static void respond(const struct setting *e, struct block *b, struct totals *sum) {
    const struct constants *k = e->k;
    int r = e->r;
    struct stocks x = b->stocks[r];
    const struct sums *s = &b->sums[r];
    struct flows *f = &b->flows[r];
    struct region n;
    people_of(e, s, &n);
    double fertility = e->steady->fertility[r];
    n.births = (V){};
    for (int i = 0; i < STATUSES; i++) {
        f->births[i] = s->bearing[i] * (fertility * k->status_fertility[i]);
        n.births += f->births[i];
    }
    f->births[AWAY] = s->bearing[AWAY] * (fertility * k->status_fertility[OUTSIDE]);
    work(e, &x, s, &n);
    homes(e, &x, &n);
    water(e, &x, &n);
    attract(e, &x, &n);
    move(e, &x, s, b->pull[r], b->push[r], &n, f);
    land(e, &x, s, &n);
    rural_income(e, &x, &n);
    settling(e, &x, s, &n, f);
    spend(e, &x, s, &n, f);
    use_land(e, &x, &n, f);
    b->stocks[r] = x;
    f->jobs = e->start->urban_jobs[r] * e->now->demand[r] * n.water;
    f->log_jobs = n.log_demand;
    f->reward_weight = k->settler_land_reward_share[r] * n.all_settlers;
    sum->income += n.income * e->start->residents[r];
    sum->claims += f->claim;
    sum->attraction += f->attraction;
    sum->drawn += f->attraction * e->steady->talent[r];
    sum->absent += x.absent;
    sum->births += f->births[PROVINCIAL];
    sum->deaths += s->dying * e->steady->dying[r];
    sum->settlers += n.settlers[1];
    sum->reward_weight += f->reward_weight;
}

static void step(const struct constants *k, const struct start *start,
                 const struct steady *steady, const struct moment *now, struct block *b) {
    struct totals sum = {};
    struct setting e = {k, start, steady, now, 0};
    double residents = 0;
    for (e.r = 0; e.r < REGIONS; e.r++) {
        respond(&e, b, &sum);
        residents += start->residents[e.r];
    }
    V per_claim = k->equalisation_share * now->transfer * steady->transfers_in_all / sum.claims;
    V per_absent = 1 / sum.absent, income = residents / sum.income, homeward = {};
    V per_weight = steady->given_up_in_all / most(all(k->least_reward_weight), sum.reward_weight);
    for (int c = 0; c < COHORTS; c++) homeward += b->homeward[c], b->onward[c] = (V){};
    for (e.r = 0; e.r < REGIONS; e.r++) {
        struct stocks *x = &b->stocks[e.r];
        const struct flows *f = &b->flows[e.r];
        invest(&e, x, f, per_claim);
        x->quota += STEP * choose(sum.reward_weight > k->least_reward_weight,
                                  f->reward_weight * per_weight, all(steady->given_up[e.r]));
        offer(now, steady, e.r, &sum, b);
    }
    for (e.r = 0; e.r < REGIONS; e.r++) {
        age(&e, b, income);
        V *absent = &b->stocks[e.r].absent;
        V others = homeward - b->sums[e.r].returning * b->per_absent[e.r];
        V change = b->flows[e.r].to_province * b->sums[e.r].moves - *absent * others +
                   *absent * per_absent * (sum.births - sum.deaths - sum.settlers);
        *absent += STEP * change;
    }
    if (now->shift) shift(b);
}

/* `runs` runs with these outside pulls, one each for all regions; `out`: runs × outputs × kept
   times × regions. */
void run(long runs, const double *pull, double *out, const struct constants *k,
         const struct data *data) {
    static struct moment moments[TIMES];
    struct start start;
    struct steady steady;
    struct block *b = aligned_alloc(64, (sizeof *b + 63) / 64 * 64);
    begin(k, &start);
    settle(k, &start, &steady);
    pass(k, &start, data, moments);
    for (long first = 0; first < runs; first += LANES) {
        fill(k, &start, b);
        for (int r = 0; r < REGIONS; r++)
            for (int l = 0; l < LANES; l++) {
                double p = pull[first + l < runs ? first + l : runs - 1];
                b->pull[r][l] = p, b->push[r][l] = 1 / p;
            }
        for (int now = 0, kept = 0; now < TIMES; now++) {
            count_all(k, moments + now, b);
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
            if (now < STEPS) step(k, &start, &steady, moments + now, b);
        }
    }
    free(b);
}
