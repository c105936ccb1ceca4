"""SIPp as callers and as phones: the load for the benchmarks."""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
_TALK_PAYLOAD_BYTES = 8000 * 10
_CALLERS = "callers.csv"
_PHONES_LOG = "phones.log"
_PATIENT_SECONDS = 600
_ANSWERED_WITHIN = 5
"""Seconds that a caller waits for the answer to what it sends; then the call has failed."""
_LEAVES_WITHIN = 20
"""Seconds that SIPp may take to end once its own time is up."""
_BUFFER_BYTES = "4000000"
"""Of its sockets, as far as the system allows it. With the 64 kB that it takes by itself it lost
what the switch had sent before the switch lost anything."""
_FIRST = ("chrt", "--fifo", "10")


class SippStuckError(Exception):
    """All calls are over and SIPp is still there, which happens now and then; it has been ended."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one burst of calls asked for and got."""

    rate: float
    """Calls a second."""
    offered: int
    completed: int
    """Calls that went from INVITE to BYE as they should, each answer within five seconds."""
    seconds: float
    """From the first INVITE to the last BYE."""
    set_ups: tuple[float, ...] = ()
    """Seconds from the INVITE of each caller to the phone's being connected, in ascending order.

    Who of the two belongs to whom is not told: the first caller is taken to be the first to be
    connected, and so on, which gives the right mean and hides only who overtook whom.
    """

    @property
    def success(self) -> float:
        return self.completed / self.offered if self.offered else 0.0


class Phones:
    """The called parties: each answers after ringing and echoes what it hears."""

    def __init__(self, folder: Path, address: str, port: int, media_port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [
                *_sipp(),
                *("-sf", str(SCENARIOS / "phone.xml")),
                *("-trace_logs", "-log_file", _PHONES_LOG),
                *("-i", address, "-p", str(port), "-mi", address, "-mp", str(media_port)),
                *("-rtp_echo", "-deadcall_wait", "0", "-nostdin", "-l", "5000"),
            ],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class StandingCallers:
    """As many callers as are wanted, all the time: who is hung up on is followed by the next."""

    def __init__(
        self,
        folder: Path,
        source: tuple[str, int],
        target: tuple[str, int],
        number: str,
        callers: int,
    ) -> None:
        _give_voice(folder)
        self._process = subprocess.Popen(
            [
                *_calling(source, target, number),
                *("-r", "20", "-l", str(callers), "-d", str(_PATIENT_SECONDS * 1000)),
            ],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Leave those who are in a call there: they vanish."""
        self._process.kill()
        self._process.wait()


def place_calls(
    folder: Path,
    *,
    source: tuple[str, int],
    target: tuple[str, int],
    number: str,
    rate: float,
    calls: int,
    talk_seconds: float,
) -> Load:
    """Place ``calls`` calls to ``number`` at ``rate`` a second, each ``talk_seconds`` from answer.

    ``source`` and ``target`` are SIP addresses and ports. The callers speak A-law all the time.
    Where the phones are :class:`Phones` of the same ``folder`` it is told when they were connected.
    Raises SippStuckError.
    """
    _give_voice(folder)
    statistics = folder / f"calls-{time.monotonic_ns()}.csv"
    begun, connected = statistics.with_suffix(".log"), folder / _PHONES_LOG
    connected_before = len(_times(connected))
    began = time.monotonic()
    patience = int(calls / rate + talk_seconds + 40)
    try:
        subprocess.run(
            [
                *_calling(source, target, number),
                *("-r", str(rate), "-m", str(calls), "-l", "5000"),
                *("-d", str(int(talk_seconds * 1000))),
                *("-recv_timeout", str(_ANSWERED_WITHIN * 1000)),
                *("-timeout", str(patience)),
                *("-trace_stat", "-stf", str(statistics), "-fd", "1"),
                *("-trace_logs", "-log_file", str(begun)),
            ],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=patience + _LEAVES_WITHIN,
        )
    except subprocess.TimeoutExpired as error:
        raise SippStuckError(f"SIPp did not end by itself within {error.timeout} s") from error
    seconds = time.monotonic() - began
    with statistics.open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    pairs = zip(_times(begun), _times(connected)[connected_before:], strict=False)
    set_ups = tuple(sorted(until - since for since, until in pairs))
    return Load(rate, calls, int(last["SuccessfulCall(C)"]), seconds, set_ups)


def _times(log: Path) -> list[float]:
    """What a scenario has noted, in seconds since 1970, ascending; SIPp writes date, time, this."""
    if not log.exists():
        return []
    return sorted(float(line.split("\t")[2]) for line in log.read_text().splitlines())


def _calling(source: tuple[str, int], target: tuple[str, int], number: str) -> list[str]:
    return [
        *_sipp(),
        f"{target[0]}:{target[1]}",
        *("-sf", str(SCENARIOS / "caller.xml"), "-inf", _CALLERS, "-s", number, "-nostdin"),
        *("-i", source[0], "-p", str(source[1]), "-mi", source[0]),
    ]


def _give_voice(folder: Path) -> None:
    """Who calls and what they say, into SIPp's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    speech = folder / "caller.alaw"
    if not speech.exists():
        speech.write_bytes(bytes((0x55 ^ (i * 37 % 96)) for i in range(_TALK_PAYLOAD_BYTES)))
        numbers = "".join(f"138{n:08d};\n" for n in range(10_000))
        (folder / _CALLERS).write_text("SEQUENTIAL\n" + numbers)


@cache
def comes_first() -> bool:
    """Whether callers and phones may have the processor whenever they want it, as if they were on
    machines of their own: otherwise they are the first to be late."""
    try:
        return subprocess.run([*_FIRST, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@cache
def _sipp() -> tuple[str, ...]:
    found = shutil.which("sipp")
    if not found:
        raise SystemExit("sipp is missing: `make bench` installs it (Debian package sip-tester)")
    command = (found, "-buff_size", _BUFFER_BYTES)
    return (*_FIRST, *command) if comes_first() else command
