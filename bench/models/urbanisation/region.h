/* One region at one time: its stocks, the sums over its cohorts, and what one part of the model
   tells the others. */

struct stocks {
    V debt, floor_area, village_land, idle_land, urban_land, arable_land, quota;
    V jobs, policy_jobs, adequacy, capacity, building, rentals, access, income_ratio;
    V absent, settling_cost, land_money, rewarded[ENTRANTS];
};

struct sums {
    V status[STATUSES], away, bearing[STATUSES + 1], rural_labour, urban_labour;
    V moves, dying, returning;
};

/* What is the same for all runs, for one region at one time. */
struct setting {
    const struct constants *k;
    const struct common *t;
    const struct place *p;
    const struct moment *now;
    const struct local_moment *here;
};

/* Passed between the parts of one region; names with log are logarithms. */
struct region {
    V rural, migrants, urban, residents, per_rural, per_urban, log_urban, log_residents;
    V births, entitled, log_labour, log_jobs, log_availability, log_scarcity, log_demand;
    V output, log_output, log_per_person, log_income, income;
    V price, wanted_floor, log_housing, town_water, water, log_attraction;
    V exits, reclaimed, rental_homes, approved, developed, disposed, collective, fallen, sold;
    V land_revenue, farmers_gain, rural_spending, property, settlers[ENTRANTS], all_settlers;
};

/* Of one region, for what needs all regions. */
struct flows {
    V to_town, to_province, to_outside, reclassified, local_return, settling[ENTRANTS];
    V attraction, entering, births[STATUSES + 1], reward_weight;
    V claim, income, current, public, outlay, land_money, debt_room, repayment_room, output;
    V log_output, capital_cost, jobs, log_jobs;
};

/* Over all regions. */
struct totals {
    V income, claims, attraction, drawn, absent, births, deaths, settlers, reward_weight;
};
