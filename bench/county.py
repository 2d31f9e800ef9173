"""A one-region model of some 300 scalar variables with lookups and delays, written as .mdl.

Twenty-five towns in a ring trade with their neighbours; each has the same twelve equations with
its own numbers. It stands for the many scalar models that have no subscripts at all.
"""

from pathlib import Path

TOWNS = 25

HEADER = """{UTF-8}
INITIAL TIME = 0
	~	year
	~	Start.
	|

FINAL TIME = 50
	~	year
	~	End.
	|

TIME STEP = 0.125
	~	year
	~	Step.
	|

SAVEPER = 1
	~	year
	~	Saved every year.
	|

growth norm = 0.02
	~	1/year
	~	Growth of a town with neither crowding nor want.
	|

people per home norm = 3
	~	person/home
	~	People for whom a home is enough.
	|

moving rate = 0.02
	~	1/year
	~	Share of people who weigh a move to the next town each year.
	|

mean lifetime = 70
	~	year
	~	Years lived.
	|

home lifetime = 40
	~	year
	~	Years a home lasts.
	|

response time = 3
	~	year
	~	Years over which missing homes are started.
	|

perception time = 2
	~	year
	~	Years before crowding is believed.
	|

crowding effect( (0,1.2),(0.5,1.1),(1,1),(1.5,0.6),(2,0.2),(3,0) )
	~	1
	~	Growth falls as a town fills up.
	|
"""

TOWN = """
people {i} = INTEG( births {i} - deaths {i} + moving in {i} - moving out {i}, {people}.0 )
	~	person
	~	People of town {i}.
	|

homes {i} = INTEG( building {i} - decay {i}, {homes}.0 )
	~	home
	~	Homes of town {i}.
	|

crowding {i} = people {i} / (homes {i} * people per home norm)
	~	1
	~	People over places to live.
	|

perceived crowding {i} = SMOOTH( crowding {i}, perception time )
	~	1
	~	Crowding as people see it.
	|

births {i} = people {i} * growth norm * crowding effect( perceived crowding {i} ) * {pace}
	~	person/year
	~	Births.
	|

deaths {i} = people {i} / mean lifetime
	~	person/year
	~	Deaths.
	|

pull {i} = EXP( -perceived crowding {i} )
	~	1
	~	Attraction on the neighbours.
	|

moving out {i} = people {i} * moving rate * pull {next} / (pull {i} + pull {next})
	~	person/year
	~	Leavers, to the next town.
	|

moving in {i} = moving out {previous}
	~	person/year
	~	Arrivals, from the previous town.
	|

demand {i} = MAX( people {i} / people per home norm - homes {i}, 0 )
	~	home
	~	Homes wanted.
	|

building {i} = DELAY3( demand {i} / response time, perception time )
	~	home/year
	~	Homes finished, after planning and building.
	|

decay {i} = homes {i} / home lifetime
	~	home/year
	~	Homes lost.
	|
"""


def write_county(path: Path) -> Path:
    """Write the model to `path` and return it."""
    towns = (
        TOWN.format(
            i=i,
            next=(i + 1) % TOWNS,
            previous=(i - 1) % TOWNS,
            people=1000 + 137 * i,
            homes=400 + 41 * i,
            pace=round(0.9 + 0.01 * i, 2),
        )
        for i in range(TOWNS)
    )
    path.write_text(HEADER + "".join(towns), encoding="utf-8")
    return path
