"""Files that belong together change together."""

from pathlib import Path

import pytest

from calibration.files import replace


def test_texts_take_their_places(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    replace({tmp_path / "a": "new", tmp_path / "b": "other"})
    assert [(tmp_path / name).read_text("utf-8") for name in "ab"] == ["new", "other"]
    assert len(list(tmp_path.iterdir())) == 2


def test_none_changes_when_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(FileNotFoundError):
        replace({tmp_path / "a": "new", tmp_path / "missing" / "b": "other"})
    assert (tmp_path / "a").read_text("utf-8") == "old"
