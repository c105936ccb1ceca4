"""The console: its packages by npm as locked, its pages built from the API's own document."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path

from install.progress import run_watched, say

_REGISTRY = "Check that this machine reaches its npm registry, then type it again."
_TEXTS = {".js", ".css", ".svg"}
_WORTH_IT = 1024
"""Bytes: what is smaller fits into one packet anyway."""
_SKIPPED = {"node_modules", "dist", "coverage"}


class ConsoleBuild:
    """``console/dist``, current when neither the console nor the API has changed."""

    def __init__(self, checkout: Path, logs: Path) -> None:
        self._checkout = checkout
        self._folder = checkout / "console"
        self._logs = logs
        self._marker = self._folder / "dist" / ".built-from"
        self._packages = self._folder / "node_modules" / ".installed-from"

    def present(self) -> str | None:
        if not self._marker.exists() or self._marker.read_text() != self.fingerprint():
            return None
        return "built"

    def make(self) -> str:
        """Install the packages if they changed, and build. Raises StepFailed."""
        fingerprint, lock = self.fingerprint(), _digest([self._folder / "package-lock.json"])
        if not self._packages.exists() or self._packages.read_text() != lock:
            say("its packages, each checked by its hash")
            self._run("packages", "ci", "--no-audit", "--no-fund", "--loglevel=error")
            self._packages.write_text(lock)
        document = self._folder / "node_modules" / ".openapi.json"
        run_watched(
            [str(self._checkout / ".venv/bin/hotline"), "openapi", "--into", str(document)],
            what="the API's document",
            log=self._logs / "console.log",
        )
        self._run("types", "run", "--silent", "types")
        self._run("pages", "run", "--silent", "build")
        compress(self._folder / "dist")
        self._marker.write_text(fingerprint)
        return "built into console/dist"

    def _run(self, what: str, *command: str) -> None:
        run_watched(
            ["npm", "--prefix", str(self._folder), *command],
            what=what,
            log=self._logs / "console.log",
            advice=_REGISTRY if command[0] == "ci" else "",
        )

    def fingerprint(self) -> str:
        """Changes with every file that the pages are built from."""
        pages = (
            path
            for path in self._folder.rglob("*")
            if path.is_file() and not _SKIPPED & set(path.relative_to(self._folder).parts)
        )
        generated = self._folder / "src" / "api" / "schema.ts"
        ours = (path for path in pages if path != generated)
        return _digest([*ours, *(self._checkout / "src" / "hotline").rglob("*.py")])


def compress(pages: Path) -> None:
    """Put a gzipped copy beside each asset that gains by it; the API hands those out."""
    for path in sorted((pages / "assets").iterdir()):
        content = path.read_bytes()
        if path.suffix in _TEXTS and len(content) >= _WORTH_IT:
            # No time of day in it: the same pages make the same files.
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
