"""Where finished sounds lie: A-law files named by what they contain."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from hotline.kit.ids import unguessable_name
from hotline.speech import alaw

FORMAT = "alaw-8000-tel/1"
"""Part of every hash: changes when the same speech would be encoded otherwise."""


class Sounds:
    """One folder of sounds. Files appear whole or not at all and never change."""

    def __init__(self, folder: Path, *, cache: Path | None = None) -> None:
        """``cache``: a folder shared by every Hotline of this machine, for synthesised sounds."""
        self._folder = folder
        self._cache = cache

    def of(self, content_hash: str) -> Path:
        """Where the sound of that hash is; says nothing about whether it is there."""
        return _inside(self._folder, content_hash)

    def has(self, content_hash: str) -> bool:
        return self.of(content_hash).is_file()

    def milliseconds(self, content_hash: str) -> int:
        return round(self.of(content_hash).stat().st_size * 1000 / alaw.RATE)

    def fetch(self, content_hash: str) -> bool:
        """Is it here, be it only now, from the cache?"""
        if self.has(content_hash):
            return True
        cached = _inside(self._cache, content_hash) if self._cache else None
        if cached is None or not cached.is_file():
            return False
        with self.draft() as draft:
            shutil.copyfile(cached, draft)
            self._keep(draft, content_hash)
        return True

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A name for a file being written; what is left of it at the end is removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f".draft-{unguessable_name()}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, draft: Path, content_hash: str, *, share: bool) -> None:
        """Take a finished draft in; with ``share`` into the machine's cache too."""
        self._keep(draft, content_hash)
        if share and self._cache:
            # A cache that cannot be written is only slower.
            with suppress(OSError):
                shared = _inside(self._cache, content_hash)
                shared.parent.mkdir(parents=True, exist_ok=True)
                beside = shared.with_name(f".draft-{unguessable_name()}")
                shutil.copyfile(self.of(content_hash), beside)
                beside.replace(shared)

    def forget(self, used: Collection[str], before: float) -> int:
        """Delete sounds not among ``used`` and older than that Unix time; how many."""
        count = 0
        for path in self._folder.glob("??/*.alaw"):
            if path.stem not in used and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                count += 1
        return count

    def _keep(self, draft: Path, content_hash: str) -> None:
        target = self.of(content_hash)
        target.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
        draft.replace(target)


def hash_of_speech(provider: str, version: str, voice: str, speed: float, normalised: str) -> str:
    """The name of what a provider makes of a text."""
    parts = (provider, version, voice, f"{speed:.2f}", normalised, FORMAT)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def hash_of_sound(data: bytes) -> str:
    """The name of an uploaded sound, after re-encoding."""
    return hashlib.sha256(b"upload\x1f" + data).hexdigest()


@lru_cache(
    maxsize=10_000
)  # every call names a prompt or two; putting a path together takes longest
def _inside(folder: Path, content_hash: str) -> Path:
    return folder / content_hash[:2] / f"{content_hash}.alaw"
