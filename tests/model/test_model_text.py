"""The .mdl explains itself: a unit and a comment on every equation, every loop named and cut."""

import re
from typing import Any

import pytest

from model import levers, outputs
from model.codelists import Output
from model.simulation import loaded_model, model_names
from model.tables import MODEL_FILE

LOOPS = ("R1", "R2", "R3", "R4", "R5", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8")


def model_variables() -> list[dict[str, Any]]:
    """Return name, unit, comment and subscripts of every variable."""
    return [
        {str(key): value for key, value in row.items()}
        for row in loaded_model().variables.to_dict("records")
    ]


def test_every_equation_has_a_unit_and_a_comment() -> None:
    for row in model_variables():
        assert row["unit"].strip(), f"{row['name']} has no unit"
        assert len(row["comment"].strip()) > 3, f"{row['name']} has no comment"


def test_every_sector_has_a_heading() -> None:
    headings = re.findall(r"\*{20,}\n\t\.(.+)\n\*{20,}~", MODEL_FILE.read_text("utf-8"))
    assert len(headings) >= 15
    assert {"People", "Settling", "Land", "Public money", "Water"} <= set(headings)


def test_every_codelist_variable_is_in_the_model_with_the_region_first() -> None:
    variables = {row["name"]: row["subscripts"] for row in model_variables()}
    wanted: list[Output] = list(outputs().values())
    for name in [*model_names(wanted), *(lever.variable for lever in levers().values())]:
        assert variables[name][0] == "Region", name


UNITS = {
    "100m yuan": "hundred million yuan",
    "100m yuan/year": "hundred million yuan/year",
    "job": "person",
}
"""Units that users read, where the .mdl words them differently."""


def test_summed_outputs_carry_the_unit_of_their_variable() -> None:
    units = {row["name"]: row["unit"] for row in model_variables()}
    for output in outputs().values():
        if output.rule == "sum" and output.scale == 1:
            assert units[output.variable] == UNITS.get(output.unit, output.unit), output.id


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_is_named_where_it_acts(loop: str) -> None:
    acting = [row["name"] for row in model_variables() if re.search(rf"\b{loop}\b", row["comment"])]
    assert [name for name in acting if name != f"loop {loop} switch"], loop
