"""What the machine's own package manager says and brings."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from install.progress import StepFailed, run_watched, say

_MACHINE_SOURCES = Path("/etc/apt")
_POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Source:
    """One archive that apt reads."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]


def read_sources(folder: Path = _MACHINE_SOURCES) -> list[Source]:
    """The machine's archives, from one-line ``.list`` and deb822 ``.sources`` files."""
    found: list[Source] = []
    lists = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]
    for path in lists:
        if path.is_file():
            found += parse_list(path.read_text(errors="replace"))
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        found += parse_deb822(path.read_text(errors="replace"))
    return found


def parse_list(text: str) -> list[Source]:
    """``deb [options] uri suite component…`` lines, sources.list(5)."""
    found = []
    for raw in text.splitlines():
        line = raw.split("#", 1)[0].strip()
        if "cdrom:" in line:
            continue
        match = re.fullmatch(r"deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s*(.*)", line)
        if match:
            found.append(Source(match[1], (match[2],), tuple(match[3].split())))
    return found


def parse_deb822(text: str) -> list[Source]:
    """Stanzas of ``Key: value`` lines; a stanza may be switched off and its keys may fold."""
    found = []
    for stanza in re.split(r"\n\s*\n", _without_comments(text)):
        fields = _fields(stanza)
        enabled = fields.get("enabled", "yes").strip().lower() not in {"no", "false", "0"}
        if not enabled or "deb" not in fields.get("types", "").split():
            continue
        suites = tuple(fields.get("suites", "").split())
        components = tuple(fields.get("components", "").split())
        found += [Source(uri, suites, components) for uri in fields.get("uris", "").split()]
    return found


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in stanza.splitlines():
        if line[:1].isspace() and key:
            fields[key] += " " + line.strip()
        elif ":" in line:
            key, value = line.split(":", 1)
            key = key.strip().lower()
            fields[key] = value.strip()
    return fields


def debian_mirror(sources: Iterable[Source], codename: str) -> str | None:
    """The archive this Debian was installed from: it also has the other suites.

    ``mirror+file:`` lists, as cloud images have them, are resolved to their first address.
    """
    for source in sources:
        if "main" in source.components and {codename, "stable"} & set(source.suites):
            uri = source.uri.rstrip("/")
            if uri.startswith("mirror+file:"):
                listed = Path(uri.removeprefix("mirror+file:")).read_text().split()
                return listed[0].rstrip("/") if listed else None
            return uri
    return None


def release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    """The fields of os-release(5)."""
    fields = {}
    for line in path.read_text().splitlines():
        key, separator, value = line.partition("=")
        if separator:
            fields[key] = value.strip('"')
    return fields


def is_at_least(version: str, oldest: Mapping[int, int]) -> bool:
    """Whether ``1:20.6.0~dfsg-1`` is of a line of ``oldest`` (major → minor), or past them all."""
    match = re.match(r"(?:\d+:)?(\d+)(?:\.(\d+))?", version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2] or 0)
    return major > max(oldest) or minor >= oldest.get(major, 1_000_000)


def offered_version(package: str) -> str | None:
    """The version apt would install, or has installed; None when it knows none."""
    policy = _output("apt-cache", "policy", package)
    match = re.search(r"^\s*Candidate:\s*(\S+)", policy, re.MULTILINE)
    return match[1] if match and match[1] != "(none)" else None


def proxy_options() -> list[str]:
    """The machine's apt proxy settings, for another apt that does not read its files."""
    settings = _output("apt-config", "dump", "Acquire").splitlines()
    return [line.rstrip(";") for line in settings if re.match(r"Acquire::https?::Proxy", line)]


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.stdout


def apt_install(packages: Sequence[str], *, logs: Path, start_services: bool = True) -> None:
    """Install Debian packages. Raises StepFailed with what to type where we may not."""
    by_hand = f"Install it by hand: apt-get install {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise StepFailed(f"This is not a Debian machine. {by_hand}")
    prefix = _as_root(by_hand)
    say(f"apt-get install {' '.join(packages)}")
    options = {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    with contextlib.nullcontext() if start_services else _no_service_starts():
        try:
            run_watched(install, what="apt-get", log=logs / "apt.log", environment=options)
        except StepFailed:
            update = [*prefix, "apt-get", "update"]
            run_watched(update, what="apt-get update", log=logs / "apt-update.log")
            run_watched(
                install, what="apt-get", log=logs / "apt.log", environment=options, advice=by_hand
            )


def _as_root(by_hand: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    raise StepFailed(f"Packages are installed by root. {by_hand}")


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian starts a daemon as it installs it, unless policy-rc.d says no: ours is run by us."""
    if os.geteuid() != 0 or _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
