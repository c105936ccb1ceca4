"""The switch: Asterisk from the distribution where it is new enough, else an extracted tree.

The tree comes out of Debian's own signed archive, is not installed into the machine and runs by
its own loader, so the machine's libraries do not matter.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from install.debian import (
    apt_install,
    debian_mirror,
    is_at_least,
    offered_version,
    proxy_options,
    read_sources,
    release,
)
from install.progress import StepFailed, megabytes, run_watched, say

OLDEST = {20: 20, 22: 10, 23: 4}
"""The first release of each line that has all we use of ARI; of a newer line, any."""
NEEDED = "20.20, 22.10, 23.4 or newer"
_SUITE = "forky"
_PACKAGES = ("asterisk", "asterisk-moh-opsound-wav", "ca-certificates")
_MUSIC = "usr/share/asterisk/moh"
_STATE_OF_MARKER = 1  # raise it when trees made before are no longer good enough


class SwitchInstall:
    """Asterisk in the tools folder, or the machine's own."""

    def __init__(self, tools: Path, choice: str) -> None:
        """``choice`` is the setting HOTLINE_SWITCH: ``auto``, ``system`` or ``tools``."""
        self._tree = tools / "switch"
        self._marker = self._tree / ".installed"
        self._logs = tools / "logs"
        self._tools = tools
        self._choice = choice

    def present(self) -> str | None:
        if self._choice != "tools" and is_at_least(system_version(), OLDEST):
            return f"Asterisk {system_version()}, the machine's own"
        if self._choice != "system" and self._marker.exists():
            return f"Asterisk {json.loads(self._marker.read_text())['version']} in {self._tree}"
        return None

    def make(self) -> str:
        """Install or extract it. Raises StepFailed."""
        if self._choice != "tools":
            offered = offered_version("asterisk")
            if offered is not None and is_at_least(offered, OLDEST):
                apt_install(["asterisk"], logs=self._logs, start_services=False)
                return f"Asterisk {system_version()} from the distribution"
            say(f"this system offers Asterisk {offered or 'not at all'}, {NEEDED} is needed")
            if self._choice == "system":
                raise StepFailed(
                    "HOTLINE_SWITCH=system, but the system has none that is new enough."
                )
        if self._adopted():
            return f"the tree in {self._tree} is complete"
        return self._extract()

    def _adopted(self) -> bool:
        """Whether a tree without a marker is there and whole; marks it then."""
        version = tree_version(self._tree)
        if not is_at_least(version, OLDEST) or not any((self._tree / _MUSIC).glob("*.wav")):
            return False
        self._mark(self._tree, version)
        return True

    def _extract(self) -> str:
        mirror = self._mirror()
        if shutil.which("mmdebstrap") is None:
            apt_install(["mmdebstrap"], logs=self._logs)
        draft = self._tools / f".switch-{os.getpid()}"
        try:
            self._download(mirror, draft)
            version = tree_version(draft)
            if not is_at_least(version, OLDEST):
                raise StepFailed(
                    f"The extracted switch does not start or is too old (it said {version!r})."
                )
            _drop_device_files(draft)
            self._mark(draft, version)
            self._put_in_place(draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return f"Asterisk {version} in {self._tree}, {megabytes(self._tree)}"

    def _mirror(self) -> str:
        codename = release().get("VERSION_CODENAME", "")
        mirror = debian_mirror(read_sources(), codename)
        if mirror is None:
            raise StepFailed(
                f"No Debian archive is named in /etc/apt; install Asterisk {NEEDED} by the means "
                "of this system and set HOTLINE_SWITCH=system."
            )
        return mirror

    def _download(self, mirror: str, draft: Path) -> None:
        options = [f"--aptopt={line}" for line in proxy_options()]
        if os.geteuid() != 0:
            # Nothing is run in the tree while it is extracted; other modes need rights or uidmap.
            options.append("--mode=chrootless")
        command = ["mmdebstrap", "--variant=extract", f"--include={','.join(_PACKAGES)}", *options]
        target = [_SUITE, str(draft), mirror]
        say(f"extracting Asterisk out of Debian {_SUITE}, signatures checked (about 290 MB)")
        log = self._logs / "switch.log"
        try:
            run_watched([*command, *target], what="extracting", log=log, grows=draft)
        except StepFailed as error:
            if "expired" not in log.read_text(errors="replace"):
                raise
            shutil.rmtree(draft, ignore_errors=True)
            say("this mirror's list of packages is past its date: taking it all the same")
            say("(Acquire::Check-Valid-Until off; its signature is still checked)")
            late = '--aptopt=Acquire::Check-Valid-Until "false"'
            try:
                run_watched([*command, late, *target], what="extracting", log=log, grows=draft)
            except StepFailed as again:
                raise again from error

    def _put_in_place(self, draft: Path) -> None:
        old = self._tools / f".switch-old-{os.getpid()}"
        if self._tree.exists():
            self._tree.rename(old)
        draft.rename(self._tree)
        shutil.rmtree(old, ignore_errors=True)

    @staticmethod
    def _mark(tree: Path, version: str) -> None:
        draft = tree / ".installed.new"
        draft.write_text(json.dumps({"version": version, "state": _STATE_OF_MARKER}))
        draft.rename(tree / ".installed")


def system_version() -> str:
    """The version of the machine's own Asterisk, or empty."""
    program = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return "" if program is None else _ask_version([program, "-V"])


def tree_version(tree: Path) -> str:
    """The version of the Asterisk in an extracted tree, asked by its own loader, or empty."""
    program = tree / "usr" / "sbin" / "asterisk"
    for loader in sorted((tree / "usr" / "lib").glob("*/ld-linux*.so.*")):
        if program.exists():
            return _ask_version(
                [str(loader), "--library-path", str(loader.parent), str(program), "-V"]
            )
    return ""


def _ask_version(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"Asterisk\s+(\S+)", done.stdout)
    return match[1] if match else ""


def _drop_device_files(tree: Path) -> None:
    """What root's extraction made under ``dev`` and ``var/cache`` is of no use here."""
    for part in ("dev", "var/cache/apt", "var/lib/apt"):
        shutil.rmtree(tree / part, ignore_errors=True)
