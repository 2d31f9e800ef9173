"""The models that are timed, each with what is varied and what is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.county import write_county

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Case:
    """One model.

    `ours` returns the file our engine reads; `portable` one that every engine can read.
    `varied` is a scalar constant or one over regions, `value` its usual value; `outputs` are kept
    at `times`, `elements` numbers each.
    """

    name: str
    ours: Callable[[Path], Path]
    portable: Callable[[Path], Path]
    varied: str
    value: float
    outputs: tuple[str, ...]
    times: tuple[float, ...]
    elements: int = 1
    time_varying: bool = False


def _sir(_: Path) -> Path:
    return HERE / "models" / "sir.mdl"


def _county(folder: Path) -> Path:
    return write_county(folder / "county.mdl")


def _urbanisation(_: Path) -> Path:
    return ROOT / "model" / "urbanisation.mdl"


def _exported(folder: Path) -> Path:
    from model.export import model_text

    path = folder / "urbanisation.mdl"
    path.write_text(model_text(), encoding="utf-8")
    return path


CASES = {
    case.name: case
    for case in (
        Case(
            "sir",
            _sir,
            _sir,
            "contact rate",
            6.0,
            ("infectious",),
            (50.0, 100.0, 150.0, 200.0),
        ),
        Case(
            "county",
            _county,
            _county,
            "growth norm",
            0.02,
            ("people 0", "homes 0", "people 24"),
            (10.0, 20.0, 30.0, 40.0, 50.0),
        ),
        Case(
            "urbanisation",
            _urbanisation,
            _exported,
            "outside pull",
            1.0,
            ("urban population", "resident population", "government debt"),
            (2021.0, 2023.0, 2025.0, 2028.0, 2030.0, 2035.0),
            elements=17,
            time_varying=True,
        ),
    )
}
