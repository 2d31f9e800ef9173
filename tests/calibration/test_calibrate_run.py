"""The chain of steps on few draws: the same by seed, resumable, whole files, no nowcast at home."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import calibrate as module
from calibration.calibrate import Settings, calibrate
from calibration.joint import Joint
from calibration.posterior import DRAWS, FOLDER, posterior
from calibration.sampler import Proposals

FEW = 24


class Stopped(Exception):
    """Stands for an interruption."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STARTS", 1)
    monkeypatch.setattr(module, "PROFILED", ())
    monkeypatch.setattr(module, "PILOT", 10)
    monkeypatch.setattr(module, "BATCH", 10)
    monkeypatch.setattr(module, "profile_table", lambda *_: pd.DataFrame())
    monkeypatch.setattr(module, "write_tables", lambda _: None)
    monkeypatch.setattr(module, "rates_at", lambda *_: {"2025": 0.0})
    monkeypatch.setattr(module, "refine", lambda normal, *_: normal)

    def best(problem: Joint, *_: object) -> dict[str, np.ndarray]:
        jacobian = np.eye(problem.size + 100, problem.size)
        return {"best": np.zeros(problem.size), "jacobian": jacobian, "losses": np.zeros(1)}

    def tuned(_: object, problem: Joint) -> dict[str, np.ndarray]:
        return {"mean": np.zeros(problem.size), "width": np.ones(problem.size)}

    monkeypatch.setattr(module, "best_point", best)
    monkeypatch.setattr(module, "tuned", tuned)
    monkeypatch.setattr(module, "Randomised", Straight)


class Straight:
    """Stands for the sampler: points in a straight line with the noise, all of one weight."""

    def __init__(self, problem: Joint, best: np.ndarray) -> None:
        self.best = best

    def solve(self, noise: np.ndarray) -> Proposals:
        return Proposals(noise, self.best + 0.1 * noise, np.zeros(len(noise)))


def settings(path: Path, **more: object) -> Settings:
    return Settings(draws=FEW, folder=path / "tables", work=path / "work", **more)  # pyright: ignore


def quiet(*_: object) -> None:
    """Report nothing."""


def test_an_interrupted_run_goes_on_and_ends_as_one_that_was_not(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("proposals", 60):
            raise Stopped

    with pytest.raises(Stopped):
        calibrate(settings(tmp_path / "a"), stop)
    assert not (tmp_path / "a" / "tables" / DRAWS).exists()
    made: list[str] = []
    resumed = calibrate(settings(tmp_path / "a", resume=True), lambda stage, *_: made.append(stage))
    whole = calibrate(settings(tmp_path / "b"), quiet)
    assert resumed == whole
    texts = [(tmp_path / name / "tables" / DRAWS).read_bytes() for name in "ab"]
    assert texts[0] == texts[1]
    assert not list(tmp_path.rglob("*.new*"))
    assert posterior(tmp_path / "a" / "tables").count == FEW


def test_another_seed_gives_other_draws(tmp_path: Path) -> None:
    frames = []
    for seed in (1, 2):
        calibrate(settings(tmp_path / str(seed), seed=seed), quiet)
        frames.append(pd.read_csv(tmp_path / str(seed) / "tables" / DRAWS))
    assert not frames[0].equals(frames[1])


def test_a_nowcast_is_labelled_and_stays_out_of_the_calibration(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowcast"):
        calibrate(Settings(through=2023, folder=FOLDER, work=tmp_path), quiet)
    manifest = calibrate(settings(tmp_path, through=2023), quiet)
    assert "nowcast" in manifest["label"]
    assert manifest["figures"] > 89
