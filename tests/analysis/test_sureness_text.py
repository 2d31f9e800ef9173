"""What the terminal tells about how sure a scenario is."""

import json

import pytest

import cli
from analysis.assumptions import effects_of, outweighing
from analysis.text_sureness import sureness, sureness_data, sureness_text
from calibration.ensemble import ensemble
from calibration.posterior import posterior
from calibration.ranking import shipped
from calibration.sensitivity import headlines
from model import regions, targets

REGION = "yantai"
FILE = "scenarios/open_settling.yaml"


@pytest.fixture(scope="module")
def found() -> list[dict]:
    return sureness(shipped()["open_settling"], REGION)


def test_every_headline_has_its_band(found: list[dict]) -> None:
    places = [(each["output"], each["year"]) for each in found]
    assert places == [(output, year) for output in headlines(REGION) for year in (2025, 2035)]
    draws = ensemble(shipped()["open_settling"], ["gdp"])["gdp"].sel(region=REGION, time=2025)
    (gdp,) = [each for each in found if (each["output"], each["year"]) == ("gdp", 2025)]
    low, high = draws.quantile([0.1, 0.9], dim="draw").to_numpy()
    assert (gdp["low"], gdp["high"]) == pytest.approx((low, high))
    reached = targets()["yantai_gdp_2025"].value
    assert gdp["chances"] == {"yantai_gdp_2025": pytest.approx((draws >= reached).mean())}


def test_the_assumptions_are_those_of_the_scenario(found: list[dict]) -> None:
    scenario = shipped()["open_settling"]
    table = effects_of(scenario, ensemble(scenario, headlines(REGION)))
    assert any(each["outweighed_by"] for each in found)
    for each in found:
        wanted = outweighing(REGION, each["output"], each["year"], table)
        assert [one.assumption.variable for one in each["outweighed_by"]] == [
            one.assumption.variable for one in wanted
        ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_names_the_assumptions_and_what_they_do(found: list[dict], language: str) -> None:
    text = sureness_text(found, REGION, language)
    assert regions()[REGION].name(language) in text
    (each, *_) = [each for each in found if each["outweighed_by"]]
    (first, *_) = each["outweighed_by"]
    line = next(
        line for line in text.splitlines() if f"{first.assumption.name(language)} (" in line
    )
    assert str(each["year"]) in line
    assert text.count("%") >= len([1 for each in found if each["chances"]])


def test_the_chance_of_an_increase_is_told_from_that_of_a_level(found: list[dict]) -> None:
    lines = sureness_text(found, REGION, "en").splitlines()
    marked = [line for line in lines if line.endswith("*")]
    assert [line[:12] for line in marked] == ["Urban reside", "Affordable r"]
    assert sum(line.startswith("* The target is an increase") for line in lines) == 1
    elsewhere = sureness_text(sureness(shipped()["baseline"], "heze"), "heze", "en")
    assert "*" not in elsewhere


def test_a_program_reads_it(found: list[dict]) -> None:
    scenario = shipped()["open_settling"]
    data = json.loads(json.dumps(sureness_data(found, scenario, REGION)))
    assert (data["scenario"], data["region"]) == (scenario.id, REGION)
    assert data["fingerprint"] == scenario.fingerprint
    assert data["draws"] == posterior().manifest["fingerprint"]
    assert [each["low"] for each in data["results"]] == [each["low"] for each in found]
    named = [one for each in data["results"] for one in each["outweighed_by"]]
    assert all(one["times_the_band"] > 1 for one in named)


def test_the_command_prints_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("calibration.posterior.is_current", lambda _: True)
    assert cli.main(["sure", FILE, "--region", "heze"]) == 0
    assert "菏泽" in capsys.readouterr().out
    assert cli.main(["sure", FILE, "--region", "heze", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {each["output"] for each in data["results"]} == set(headlines("heze"))


def test_draws_of_another_model_are_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("calibration.posterior.is_current", lambda _: False)
    assert cli.main(["sure", FILE, "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert "not those of today's model" in told.err
    assert not told.out
