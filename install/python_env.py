"""The Python environment: exact versions, each checked by its hash."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from install.debian import apt_install
from install.progress import run_watched, say

_OLDEST = (3, 11)


class PythonEnvironment:
    """``.venv`` in the checkout, made from the two lock files."""

    def __init__(self, checkout: Path, logs: Path) -> None:
        self._checkout = checkout
        self._logs = logs
        self._venv = checkout / ".venv"
        self._marker = self._venv / "installed"
        self._inputs = (
            checkout / "install" / "bootstrap.lock",
            checkout / "requirements-dev.lock",
            checkout / "pyproject.toml",
        )

    @property
    def _python(self) -> Path:
        return self._venv / "bin" / "python"

    def present(self) -> str | None:
        """What is there, when it is what the locks say."""
        if not self._python.exists() or not self._marker.exists():
            return None
        if self._marker.read_text() != self._fingerprint():
            return None
        return f"Python {_version()}, as locked"

    def make(self) -> str:
        """Bring the environment to exactly what the locks name. Raises StepFailed."""
        self._marker.unlink(missing_ok=True)
        if not self._works():
            self._create()
        self._run(
            "uv", self._python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
            "--require-hashes", "-r", self._inputs[0],
        )  # fmt: skip
        uv = self._venv / "bin" / "uv"
        say(f"{self._locked_packages()} packages, each checked by its hash")
        # Compiled now, or every start would do it again where bytecode may not be written.
        self._run(
            "packages", uv, "pip", "sync", "-q", "--compile-bytecode", "--require-hashes",
            "--python", self._python, self._inputs[1], grows=self._venv,
        )  # fmt: skip
        self._run(
            "hotline itself", uv, "pip", "install", "-q", "--python", self._python, "--no-deps",
            "--no-build-isolation", "--editable", self._checkout,
        )  # fmt: skip
        self._marker.write_text(self._fingerprint())
        return f"Python {_version()} in {self._venv}"

    def _run(self, what: str, *command: object, grows: Path | None = None) -> None:
        run_watched(
            [str(part) for part in command],
            what=what,
            log=self._logs / "python.log",
            grows=grows,
            advice="Check that this machine reaches its Python package index, then type it again.",
        )

    def _works(self) -> bool:
        if not self._python.exists():
            return False
        code = f"import sys; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]})"
        return subprocess.run([self._python, "-c", code], check=False).returncode == 0

    def _create(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
            apt_install(["python3-venv"], logs=self._logs)
        self._run("venv", sys.executable, "-m", "venv", "--clear", self._venv)

    def _fingerprint(self) -> str:
        """Changes with the locks, with this interpreter and with the checkout's place."""
        digest = hashlib.sha256(f"{sys.version_info[:2]} {self._checkout}".encode())
        for path in self._inputs:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _locked_packages(self) -> int:
        return sum("==" in line for line in self._inputs[1].read_text().splitlines())


def check_python() -> str | None:
    """What is wrong with the interpreter that runs this, or None."""
    if sys.version_info[:2] >= _OLDEST:
        return None
    return f"Python {_OLDEST[0]}.{_OLDEST[1]} or newer is needed, this is {_version()}."


def _version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])
