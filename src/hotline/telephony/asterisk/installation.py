"""Where Asterisk is on this machine: the distribution's own, or a tree extracted from one."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hotline.kit.errors import UnavailableError

_OLDEST = {20: 20, 22: 10, 23: 4}
"""Major → minor: the first release of each line with REST over the WebSocket of events and with
``POST /channels/{id}/variables``; of a newer line, any."""
VERSIONS = "20.20, 22.10, 23.4 or newer"
_LIBRARIES = "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"
_LOADERS = "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"


class SwitchNotInstalledError(UnavailableError):
    error_id = "switch-not-installed"
    title = "No usable Asterisk was found on this machine"


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be run."""

    command: tuple[str, ...]
    """The program with what must come before its own arguments."""
    modules: Path
    data: Path
    """Its own data: documentation, the ARI descriptions."""

    def version(self) -> str:
        """Such as ``22.10.1``. Raises SwitchNotInstalledError when it does not run."""
        try:
            done = subprocess.run(
                [*self.command, "-V"], capture_output=True, text=True, timeout=20, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SwitchNotInstalledError(f"{self.command[-1]} does not run: {error}") from error
        found = re.search(r"Asterisk (?:certified/)?(\d[\w.~-]*)", done.stdout)
        if found is None:
            raise SwitchNotInstalledError(f"{self.command[-1]} does not tell its version")
        return re.split(r"[~+-]", found.group(1))[0]

    def is_new_enough(self) -> bool:
        """Whether it has all that we use. Raises SwitchNotInstalledError when it does not run."""
        return has_all_we_use(self.version())


def has_all_we_use(version: str) -> bool:
    """Whether an Asterisk such as ``22.10.1`` does."""
    major, minor = (int(part) for part in (*version.split("."), "0")[:2])
    return major > max(_OLDEST) or minor >= _OLDEST.get(major, 1_000_000)


def find_installation(tools: Path) -> Installation:
    """The distribution's Asterisk when it is new enough, else the tree ``tools/switch``.

    Raises SwitchNotInstalledError when there is neither.
    """
    for candidate in (system_installation(), extracted_installation(tools / "switch")):
        if candidate is not None and candidate.is_new_enough():
            return candidate
    raise SwitchNotInstalledError(
        f"neither the distribution's package (version {VERSIONS}) nor "
        f"{tools / 'switch'} holds one; `make setup` installs it"
    )


def system_installation() -> Installation | None:
    """The distribution's own package, whatever its version; None where it is not installed."""
    program = shutil.which("asterisk", path="/usr/sbin:/usr/bin")
    modules = [path for lib in _LIBRARIES if (path := Path("/", lib, "asterisk/modules")).is_dir()]
    if program is None or not modules:
        return None
    return Installation((program,), modules[0], Path("/usr/share/asterisk"))


def extracted_installation(tree: Path) -> Installation | None:
    """A tree that was unpacked but not installed, run by its own loader; None where it is not."""
    for library in _LIBRARIES:
        folder = tree / library
        loaders = [folder / name for name in _LOADERS if (folder / name).exists()]
        if loaders and (tree / "usr/sbin/asterisk").exists():
            return Installation(
                (
                    str(loaders[0]),
                    "--library-path",
                    str(folder),
                    str(tree / "usr/sbin/asterisk"),
                ),
                folder / "asterisk/modules",
                tree / "usr/share/asterisk",
            )
    return None
