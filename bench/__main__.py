"""``make bench``: what a call costs with Hotline against the switch's own way of serving it."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import socket
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from bench.contender import GREETED, PHONE_MEDIA_PORT, PHONES, PLAIN, QUEUED, Contender
from bench.measure import (
    RATE_AIM,
    SHORT_CALL_SECONDS,
    Burst,
    Cost,
    Lateness,
    Search,
    highest_rate,
    middle,
    place,
    ratio_of,
)
from bench.native import Native
from bench.offers import measure_offers
from bench.ours import Hotline
from bench.sipp import Phones, comes_first
from hotline.settings import Settings

_SPOKEN_SECONDS = 1
"""The greeting, and as long again the notice that the call is recorded."""
_FLOWS = {
    GREETED: "greeting + Dial + MixMonitor",
    PLAIN: "Dial alone",
    QUEUED: "greeting + queue + MixMonitor",
}
_NAMES = {"greeted": GREETED, "plain": PLAIN, "queued": QUEUED}
_OFFERS = "offers"
_BUSY_CALLS, _QUIET_CALLS, _FIRST_CALLS = 250, 75, 200
"""At once: on a busy and on a quiet machine, and where the search for the highest rate begins."""


@dataclass(frozen=True, slots=True)
class Case:
    """A flow, and the calls a second at which its cost is measured."""

    flow: str
    rate: float

    @property
    def title(self) -> str:
        return f"{_FLOWS[self.flow]}, {self.rate:g} calls/s"


@dataclass
class Limit:
    """Bursts at one rate, in calls a second."""

    rate: float
    held: list[bool] = field(default_factory=list)
    successes: list[float] = field(default_factory=list)
    """The share of calls that each completed."""
    late: list[Lateness] = field(default_factory=list)

    @property
    def row(self) -> str:
        return (
            f"{self.rate:g} | {sum(self.held)} of {len(self.held)} | {mean(self.successes):.1%} | "
            f"{mean(late.mean for late in self.late):.2f}"
        )


@dataclass
class Figures:
    """What was measured of one contender."""

    costs: dict[Case, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    successes: dict[Case, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: dict[Case, list[Lateness]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, float] = field(default_factory=dict)
    """By flow, in calls a second."""
    at_the_limit: dict[str, Limit] = field(default_factory=dict)
    """By flow: bursts at the native one's highest rate, and with Hotline at 0.95 of it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--rate",
        type=float,
        action="append",
        help="calls a second for the cost, may be repeated; as it comes a busy and a quiet "
        f"machine, {_BUSY_CALLS} and {_QUIET_CALLS} calls at once",
    )
    parser.add_argument(
        "--call",
        type=float,
        default=SHORT_CALL_SECONDS,
        help="seconds from a call's answer to its end (not through the queue)",
    )
    parser.add_argument("--seconds", type=float, default=8, help="of each burst")
    parser.add_argument("--rounds", type=int, default=2, help="bursts of each, in turn")
    parser.add_argument("--no-limit", action="store_true", help="leave out the highest rate")
    parser.add_argument("--pairs", type=int, default=3, help="of bursts at the limit, in turn")
    parser.add_argument("--queue-rate", type=float, default=3, help="the same through the queue")
    parser.add_argument("--queue-seconds", type=float, default=20, help="of a burst there")
    parser.add_argument("--offers", type=int, default=100, help="of each case, to agents")
    parser.add_argument(
        "--flow",
        action="append",
        choices=[*_NAMES, _OFFERS],
        help="only this one, may be repeated; offers: from caller waiting to the agent's INVITE",
    )
    parser.add_argument("--from", type=float, dest="start", help="first rate to try")
    arguments = parser.parse_args()
    arguments.rate = arguments.rate or [at / arguments.call for at in (_BUSY_CALLS, _QUIET_CALLS)]
    arguments.start = arguments.start or _FIRST_CALLS / arguments.call
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    # Short: the switch keeps a Unix socket below it.
    with tempfile.TemporaryDirectory(prefix="hb-") as folder:
        try:
            table = asyncio.run(_compare(Path(folder), arguments))
        except KeyboardInterrupt:
            raise SystemExit("interrupted; everything is stopped") from None
    print(table)


async def _compare(folder: Path, arguments: argparse.Namespace) -> str:
    spoken = [folder / "greeting.alaw", folder / "notice.alaw"]
    for sound in spoken:
        sound.write_bytes(b"\xd5" * 8000 * _SPOKEN_SECONDS)
    tools = Settings().tools
    hotline = Hotline(folder / "home", tools, spoken, _port(), _port(), _port())
    native = Native(folder / "native", tools, spoken, _port(), _port())
    wanted = arguments.flow or [*_NAMES, _OFFERS]
    flows = [number for name, number in _NAMES.items() if name in wanted]
    contenders: list[Contender] = [native, hotline] if flows else [hotline]
    tables = []
    try:
        if not comes_first():
            _say("callers and phones compete for the processor (no right to real-time priority)")
        with ExitStack() as stack:
            phones = Phones(folder / "load", *PHONES, PHONE_MEDIA_PORT)
            stack.callback(phones.stop)
            for contender in contenders:
                _say(f"starting {contender.name}")
                await contender.start()
            if flows:
                figures = await _flows(contenders, flows, folder, arguments)
                tables.append(_table(figures, flows, arguments))
        if _OFFERS in wanted:
            tables.append(await measure_offers(hotline, folder / "offers", arguments.offers))
    finally:
        for contender in contenders:
            # An interrupted bench too waits, before its folder is deleted.
            await asyncio.shield(contender.stop())
    return "\n\n".join(tables)


async def _flows(
    contenders: list[Contender], flows: list[str], folder: Path, arguments: argparse.Namespace
) -> dict[str, Figures]:
    figures = {contender.name: Figures() for contender in contenders}
    for case in _cases(flows, arguments):
        burst = _burst_of(case, arguments)
        for _ in range(arguments.rounds):
            for contender in contenders:
                await _cost(contender, folder, case, burst, figures[contender.name])
    # After all costs: what a search leaves to be done (recordings to be kept) is none of theirs.
    for flow in flows:
        if flow == QUEUED or arguments.no_limit:
            continue  # the queue holds what its agents can take
        start = arguments.start
        for contender in contenders:
            of = figures[contender.name]
            await _limit(contender, folder, Search(flow, start, arguments.call), of)
            start = of.held[flow] or start  # the other one's is not far away
        search = Search(flow, start, arguments.call)
        await _at_the_limit(contenders, folder, search, arguments.pairs, figures)
    return figures


def _cases(flows: list[str], arguments: argparse.Namespace) -> list[Case]:
    rates = {QUEUED: [arguments.queue_rate]}
    return [Case(flow, rate) for flow in flows for rate in rates.get(flow, arguments.rate)]


def _burst_of(case: Case, arguments: argparse.Namespace) -> Burst:
    if case.flow == QUEUED:
        return Burst(QUEUED, case.rate, arguments.queue_seconds, SHORT_CALL_SECONDS)
    return Burst(case.flow, case.rate, arguments.seconds, arguments.call)


async def _cost(contender: Contender, folder: Path, case: Case, burst: Burst, of: Figures) -> None:
    load, cost = await place(contender, folder / "load", burst)
    of.costs[case].append(cost)
    of.successes[case].append(load.success)
    of.late[case].append(burst.lateness(load))
    _say(
        f"{case.title}, {contender.name}, round {len(of.costs[case])}: {cost.total:.1f} ms a call, "
        f"{load.success:.1%} complete, {of.late[case][-1]}"
    )


async def _limit(contender: Contender, folder: Path, search: Search, of: Figures) -> None:
    held = of.held[search.number] = await highest_rate(contender, folder / "load", search)
    _say(f"{_FLOWS[search.number]}, {contender.name}: holds {held:g} calls a second")


async def _at_the_limit(
    contenders: list[Contender],
    folder: Path,
    search: Search,
    pairs: int,
    figures: dict[str, Figures],
) -> None:
    """Bursts in turn: what a search finds moves with the machine, which is the same for a pair."""
    flow = search.number
    native = figures["native"].held[flow]
    if not native:
        return
    for contender in contenders:
        rate = native if contender.name == "native" else round(native * RATE_AIM, 1)
        figures[contender.name].at_the_limit[flow] = Limit(rate)
    for _ in range(pairs):
        for contender in contenders:
            limit = figures[contender.name].at_the_limit[flow]
            burst = search.at(limit.rate)
            load, _ = await place(contender, folder / "load", burst)
            limit.held.append(burst.is_held(load))
            limit.successes.append(load.success)
            limit.late.append(burst.lateness(load))
            _say(
                f"{_FLOWS[flow]}, {contender.name}, {limit.rate:g} calls/s: "
                f"{load.success:.1%} complete, {limit.late[-1]}"
            )


def _table(figures: dict[str, Figures], flows: list[str], arguments: argparse.Namespace) -> str:
    lines = [
        f"{platform.machine()}, {_cores()} cores; {arguments.call:g} s a call; medians of "
        f"{arguments.rounds} bursts, ratios with their standard error",
        "",
        "| flow | way | switch ms | controller ms | database ms | CPU ms a call | late s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for case in _cases(flows, arguments):
        for name, of in figures.items():
            cost = middle(of.costs[case])
            parts = [f"{cost.parts.get(p, 0.0):.1f}" for p in ("switch", "controller", "database")]
            late = median(late.mean for late in of.late[case])
            lines.append(
                f"| {case.title} | {name} | {' | '.join(parts)} | {cost.total:.1f} | {late:.2f} |"
            )
        ratio = ratio_of(figures["hotline"].costs[case], figures["native"].costs[case])
        lines.append(f"| {case.title} | **ratio** | | | | **{ratio}** | |")
    lines += _rates(figures, flows)
    lines.append("")
    for name, of in figures.items():
        least = min(min(successes) for successes in of.successes.values())
        lines.append(f"{name}: at least {least:.1%} complete")
    return "\n".join(lines)


def _rates(figures: dict[str, Figures], flows: list[str]) -> list[str]:
    """The table of the rates held, if any was looked for."""
    native, ours = figures["native"].held, figures["hotline"].held
    found = [flow for flow in flows if native.get(flow)]
    if not found:
        return []
    lines = ["", "| calls/s held | native | hotline | ratio |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {_FLOWS[flow]} | {native[flow]:g} | {ours[flow]:g} | "
        f"**{ours[flow] / native[flow]:.2f}** |"
        for flow in found
    ]
    bursts = [
        f"| {_FLOWS[flow]} | {name} | {of.at_the_limit[flow].row} |"
        for flow in found
        for name, of in figures.items()
        if of.at_the_limit[flow].successes
    ]
    if bursts:
        lines += ["", "| at the limit | way | calls/s | held | complete | late s |"]
        lines += ["| --- | --- | --- | --- | --- | --- |", *bursts]
    return lines


def _cores() -> int:
    return os.cpu_count() or 1


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
