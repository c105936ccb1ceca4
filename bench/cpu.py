"""CPU seconds of whole process trees, read from /proc."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree_of(*roots: int, without: Collection[int] = ()) -> set[int]:
    """The processes ``roots`` and everything below them, but not the trees of ``without``."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found: set[int] = set()
    todo = list(roots)
    while todo:
        pid = todo.pop()
        if pid not in found and pid not in without:
            found.add(pid)
            todo += children[pid]
    return found


def cpu_seconds(*roots: int, without: Collection[int] = ()) -> float:
    """User and system time of :func:`tree_of`, the processes' reaped children included."""
    total = 0
    for pid in tree_of(*roots, without=without):
        if fields := _stat(pid):
            total += sum(int(field) for field in fields[11:15])
    return total / _TICKS


def threads(pid: int) -> int:
    """How many a process has. Raises FileNotFoundError when there is none."""
    return len(os.listdir(f"/proc/{pid}/task"))


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the command, from the state on (proc(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text[text.rindex(")") + 2 :].split()
