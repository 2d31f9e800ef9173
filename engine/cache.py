"""Files kept between sessions: read models and machine code, each with a checksum."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_dir

VARIABLE = "SDENGINE_CACHE_DIR"
MOST_FILES = 400
_DIGEST = 32


class Cache:
    """A folder of checked files. Anything damaged or unreadable counts as absent.

    The folder is the user's cache directory, or the one that the environment variable
    `SDENGINE_CACHE_DIR` names; an empty value of it turns the cache off.
    """

    def __init__(self, folder: Path | None = None) -> None:
        named = os.environ.get(VARIABLE)
        if folder is None and named is None:
            folder = Path(user_cache_dir("sdengine", appauthor=False))
        elif folder is None and named:
            folder = Path(named)
        self.folder = folder

    def load(self, name: str) -> bytes | None:
        """Content of a file that `store` wrote, or None."""
        if self.folder is None:
            return None
        try:
            raw = (self.folder / name).read_bytes()
        except OSError:
            return None
        digest, content = raw[:_DIGEST], raw[_DIGEST:]
        return content if hashlib.sha256(name.encode() + content).digest() == digest else None

    def store(self, name: str, content: bytes) -> None:
        """Write a file in one move, so that no other process ever sees half of it."""
        if self.folder is None:
            return
        digest = hashlib.sha256(name.encode() + content).digest()
        temporary = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                file.write(digest + content)
            Path(temporary).replace(self.folder / name)
            self._prune(self.folder)
        except OSError:  # a full or read-only disk costs time at the next start, nothing else
            if temporary is not None:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()

    def _prune(self, folder: Path) -> None:
        """Forget the oldest files: every change of a model leaves some behind."""
        files = [(f.stat().st_mtime, f) for f in folder.iterdir()]
        for _, file in sorted(files)[: max(0, len(files) - MOST_FILES)]:
            file.unlink(missing_ok=True)
