"""Progress that a person can follow, on a terminal and in a log file alike."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_QUIET_BEAT = 10.0  # seconds between lines where nobody watches a terminal
_TERMINAL_BEAT = 0.5
_TAIL = 15


class StepFailed(Exception):
    """A step did not work; the text says what happened and what to do."""


class Steps:
    """Numbers the steps and says of each whether it was there already or how long it took."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._started = time.monotonic()

    def run(self, title: str, present: Callable[[], str | None], make: Callable[[], str]) -> None:
        """``present`` describes what is there already, or is None; then ``make`` makes it."""
        self._done += 1
        label = f"[{self._done}/{self._total}] {title}"
        found = present()
        if found is not None:
            print(f"{label}: {found}")
            return
        print(f"{label} …", flush=True)
        began = time.monotonic()
        made = make()
        print(f"      {made} ({time.monotonic() - began:.0f} s)", flush=True)

    def finish(self) -> None:
        print(f"Everything is there ({time.monotonic() - self._started:.1f} s).")


def say(text: str) -> None:
    """One line under the step that runs."""
    print(f"      {text}", flush=True)


def run_watched(
    command: Sequence[str],
    *,
    what: str,
    log: Path,
    grows: Path | None = None,
    environment: Mapping[str, str] | None = None,
    advice: str = "",
) -> None:
    """Run ``command`` with its output in ``log``, showing the time and the size of ``grows``.

    Raises StepFailed with the end of its output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})},
            )
        except FileNotFoundError as error:
            raise StepFailed(f"{what}: {command[0]} is not on this machine. {advice}") from error
        _watch(process, what, grows)
    if process.returncode != 0:
        tail = "\n".join(f"        {line}" for line in last_lines(log))
        raise StepFailed(
            f"{what} failed (exit {process.returncode}). The end of {log}:\n{tail}\n{advice}"
        )


def _watch(process: subprocess.Popen[bytes], what: str, grows: Path | None) -> None:
    terminal = sys.stdout.isatty()
    began = time.monotonic()
    try:
        while True:
            try:
                process.wait(_TERMINAL_BEAT if terminal else _QUIET_BEAT)
                break
            except subprocess.TimeoutExpired:
                line = f"      {what}: {time.monotonic() - began:.0f} s{_size_note(grows)}"
                print(
                    f"\r{line}\x1b[K" if terminal else line,
                    end="" if terminal else "\n",
                    flush=True,
                )
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        if terminal:
            print("\r\x1b[K", end="", flush=True)


def _size_note(folder: Path | None) -> str:
    return "" if folder is None else f", {megabytes(folder)}"


def megabytes(path: Path) -> str:
    """The size of a file or folder, for people."""
    total = 0
    if path.is_file():
        total = path.stat().st_size
    for base, _, files in os.walk(path):
        for name in files:
            try:
                total += os.lstat(os.path.join(base, name)).st_size
            except OSError:
                continue
    return f"{total / 1_000_000:.0f} MB" if total >= 10_000_000 else f"{total / 1_000_000:.1f} MB"


def last_lines(log: Path) -> list[str]:
    with log.open(errors="replace") as stream:
        return [line.rstrip() for line in deque(stream, maxlen=_TAIL)]
