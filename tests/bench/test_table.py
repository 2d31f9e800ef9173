"""The bench's table: ratios point the right way, and who has no figures is named."""

from bench.__main__ import table

FIGURES = {
    "ours": {"cold": 2.0, "single": 1.0, "core 100": 4000.0, "core 10000": 6000.0},
    "limit": {"cold": 1.0, "single": 0.5, "core 100": 8000.0, "core 10000": 8000.0},
    "peer": {"cold": 4.0, "single": 10.0, "core 100": 100.0},
    "other": {"cold": 8.0, "single": 20.0, "core 100": 0.125},
}
USUAL = dict.fromkeys(("first", "core 1", "all 10000", "memory"), 1.0)


def rows() -> dict[str, list[str]]:
    figures = {name: USUAL | found for name, found in FIGURES.items()}
    for key in ("beside 1000", "beside 100000"):
        figures["ours"][key] = 1.0
    lines = table("model", figures, {"absent": "not installed"}).splitlines()
    assert lines[-1] == "absent: not installed"
    split = ([cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines[2:-1])
    return {cells[0]: cells[1:] for cells in split if cells}


def test_runs_are_compared_with_the_fastest_peer_and_the_limit() -> None:
    cells = rows()
    assert cells["runs/s, 100 runs, 1 core"][-2:] == ["40.0 times as many", "0.50 of its speed"]
    # a peer without batches runs thousands at the speed of a hundred
    assert cells["runs/s, 10,000 runs, 1 core"][-2:] == ["60.0 times as many", "0.75 of its speed"]


def test_times_are_compared_with_the_shortest() -> None:
    cells = rows()
    assert cells["first result, cold (s)"][-2] == "0.500 of it"
    assert cells["one run (ms)"][-2:] == ["0.100 of it", "0.50 of its speed"]


def test_slow_engines_keep_their_digits() -> None:
    assert rows()["runs/s, 100 runs, 1 core"][:4] == ["4,000", "8,000", "100", "0.12"]
