"""Ctrl-C ends a long sweep, and a long single run, at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import engine

LONG = """
import signal
import sys
import engine

signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever started the tests
model = engine.load(sys.argv[1])
parameters = {"TIME STEP": 1e-6}
model.run({"TIME STEP": 1}, outputs=["x"], times=[0], runs=int(sys.argv[2]))
print("ready", flush=True)
try:
    model.run(parameters, outputs=["x"], times=[4], runs=int(sys.argv[2]))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize(
    ("change", "runs"),
    [("SIN(x) - x^1.3", "1"), ("SIN(x) - x^1.3", "4000"), ("0.1 - x", "20000")],
    ids=["one", "many", "small"],
)
def test_ctrl_c_stops_within_seconds(write, change, runs):
    path = write(f"x = INTEG({change}, 1) ~~|")
    environment = os.environ | {"PYTHONPATH": str(Path(engine.__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", LONG, str(path), runs],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert time.monotonic() - sent < 1.5
    assert process.returncode == 0
