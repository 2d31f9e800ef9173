"""PySD, the reference implementation, runs the same files to the same numbers.

It interprets every equation in Python, so it runs the first two years only.
"""

import shutil
import warnings
from typing import Any

import numpy as np
import pytest

from model.simulation import loaded_model
from model.tables import MODEL_FILE

NAMES = [
    "population by age",
    "population by status",
    "urban population",
    "hukou population",
    "settlers by kind",
    "net migration",
    "income ratio",
    "urban construction land",
    "land revenue",
    "transfers",
    "government debt",
    "service adequacy",
    "water margin",
]


@pytest.fixture(scope="module")
def pysd_model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the model as PySD translates it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("pysd")
    shutil.copy(MODEL_FILE, folder)
    shutil.copytree(MODEL_FILE.parent / "data", folder / "data")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySD imports and uses what others have deprecated
        import pysd

        return pysd.read_vensim(str(folder / MODEL_FILE.name))


def test_the_first_two_years_agree_with_pysd(pysd_model: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pysd_model.run(final_time=2022, return_columns=NAMES, return_timestamps=[2022])
    ours = loaded_model().run({"FINAL TIME": 2022}, outputs=NAMES, times=[2022.0])
    for name in NAMES:
        expected = ours[name].isel(time=-1).to_numpy().ravel()
        columns = [column for column in theirs if column.split("[")[0] == name]
        found = theirs[columns].iloc[-1].to_numpy(float)
        # PySD names columns by element in the order of the subscripts, as our arrays lie.
        assert found.shape == expected.shape, name
        np.testing.assert_allclose(found, expected, rtol=1e-9, err_msg=name)
