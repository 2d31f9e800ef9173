"""Long work beside the page: waited for, told when it fails, and dropped when it is overtaken."""

from threading import Event

import pytest
import streamlit as st

from views.background import wait_for, worker


class Place:
    """Stands for a place on the page; from the second call on the run is ended there."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def empty(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Overtaken


class Overtaken(BaseException):
    """Stands for Streamlit's way of ending a run."""


def test_work_is_done_when_the_wait_is_over(monkeypatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(st, "empty", lambda: Place(1000))
    wait_for(lambda: done.append(1))
    assert done == [1]


def test_a_failure_of_the_work_is_raised(monkeypatch) -> None:
    monkeypatch.setattr(st, "empty", lambda: Place(1000))
    with pytest.raises(ZeroDivisionError):
        wait_for(lambda: 1 / 0)


def test_an_overtaken_run_does_not_wait_and_drops_work_not_begun(monkeypatch) -> None:
    monkeypatch.setattr(st, "empty", lambda: Place(1))
    go, done = Event(), []
    blocking = worker().submit(go.wait)
    with pytest.raises(Overtaken):
        wait_for(lambda: done.append(1))
    go.set()
    blocking.result()
    worker().submit(lambda: None).result()
    assert done == []
