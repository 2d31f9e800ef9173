"""What a long calibration shows on a terminal."""

import sys
import time

from model.messages import translate


class Progress:
    """One line on the error stream: the stage, how far it is, the seconds since the start.

    It shows nothing when the stream is not a terminal.
    """

    def __init__(self, language: str) -> None:
        self.language, self.shown = language, sys.stderr.isatty()
        self.begun = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *raised: object) -> None:
        if self.shown:
            print(file=sys.stderr)

    def report(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of a stage are finished."""
        if not self.shown:
            return
        name = translate(f"calibrate.{stage}", self.language)
        seconds = time.monotonic() - self.begun
        line = f"\r\033[K{name} {done}/{total} · {seconds:.0f} s"
        print(line, end="", file=sys.stderr, flush=True)
