"""Files kept between sessions: read models and machine code, each with a checksum."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_dir

from engine.errors import ReadError
from engine.ir import Model
from engine.record import decode, encode

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


def read_cached(path: Path, cache: Cache) -> Model:
    """A model file read, or what was read of it before. Raises ReadError."""
    if not path.is_file():
        raise ReadError(f"no such model file: {path}")
    digest = hashlib.sha256(importlib.metadata.version("pysd").encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update(path.suffix.lower().encode() + path.read_bytes())
    name = digest.hexdigest() + ".json"
    stored = cache.load(name)
    if stored is not None:
        equations = decode(json.loads(stored))
        if all(_hash(path.parent / f) == h for f, h in equations.files.items()):
            return equations
    from engine.read import read  # PySD takes a second to import; a cached model does without

    equations = read(path)
    cache.store(name, json.dumps(encode(equations)).encode())
    return equations


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
