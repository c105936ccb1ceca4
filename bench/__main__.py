"""``make bench``: what Hotline's way of forwarding a call costs against the switch's own."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import socket
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.contender import GREETED, PHONE_MEDIA_PORT, PHONES, PLAIN, Contender
from bench.measure import TALK_SECONDS, Cost, Search, burst, highest_rate, middle
from bench.native import Native
from bench.ours import Hotline
from bench.sipp import Phones
from hotline.settings import Settings

_GREETING_SECONDS = 2
_FLOWS = {GREETED: "greeting + Dial + MixMonitor", PLAIN: "Dial alone"}


@dataclass
class Figures:
    """What was measured of one contender in one flow."""

    costs: list[Cost] = field(default_factory=list)
    successes: list[float] = field(default_factory=list)
    held: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rate", type=float, default=15, help="calls a second for the cost")
    parser.add_argument("--seconds", type=float, default=8, help="of each burst")
    parser.add_argument("--rounds", type=int, default=2, help="bursts of each, in turn")
    parser.add_argument("--no-limit", action="store_true", help="leave out the highest rate")
    parser.add_argument("--from", type=float, default=40, dest="start", help="first rate to try")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    # Short: the switch keeps a Unix socket below it.
    with tempfile.TemporaryDirectory(prefix="hb-") as folder:
        try:
            table = asyncio.run(_compare(Path(folder), arguments))
        except KeyboardInterrupt:
            raise SystemExit("interrupted; everything is stopped") from None
    print(table)


async def _compare(folder: Path, arguments: argparse.Namespace) -> str:
    greeting = folder / "greeting.alaw"
    greeting.write_bytes(b"\xd5" * 8000 * _GREETING_SECONDS)
    tools = Settings().tools
    contenders: list[Contender] = [
        Native(folder / "native", tools, greeting, _port(), _port()),
        Hotline(folder / "home", tools, greeting, _port(), _port()),
    ]
    figures = {(c.name, flow): Figures() for c in contenders for flow in _FLOWS}
    with ExitStack() as stack:
        phones = Phones(folder, *PHONES, PHONE_MEDIA_PORT)
        stack.callback(phones.stop)
        try:
            for contender in contenders:
                _say(f"starting {contender.name}")
                await contender.start()
            for flow in _FLOWS:
                for _ in range(arguments.rounds):
                    for contender in contenders:
                        of = figures[contender.name, flow]
                        await _cost(contender, folder, flow, arguments, of)
                start = arguments.start
                for contender in contenders:
                    if not arguments.no_limit:
                        of = figures[contender.name, flow]
                        await _limit(contender, folder, flow, start, of)
                        start = of.held or start  # the other one's is not far away
        finally:
            for contender in contenders:
                # An interrupted bench too waits, before its folder is deleted.
                await asyncio.shield(contender.stop())
    return _table(figures, arguments)


async def _cost(
    contender: Contender, folder: Path, flow: str, arguments: argparse.Namespace, of: Figures
) -> None:
    load, cost = await burst(contender, folder / "load", flow, arguments.rate, arguments.seconds)
    of.costs.append(cost)
    of.successes.append(load.success)
    _say(
        f"{_FLOWS[flow]}, {contender.name}, round {len(of.costs)}: {cost.total:.1f} ms a call, "
        f"{load.success:.1%} complete"
    )


async def _limit(contender: Contender, folder: Path, flow: str, start: float, of: Figures) -> None:
    held = await highest_rate(contender, folder / "load", flow, Search(start=start))
    of.held = held
    _say(f"{_FLOWS[flow]}, {contender.name}: holds {held:.0f} calls a second")


def _table(figures: dict[tuple[str, str], Figures], arguments: argparse.Namespace) -> str:
    lines = [
        f"{platform.machine()}, {_cores()} cores; {TALK_SECONDS:.0f} s a call; cost at "
        f"{arguments.rate:g} calls/s, median of {arguments.rounds}",
        "",
        "| flow | way | switch ms | controller ms | database ms | CPU ms a call | calls/s held |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for flow, title in _FLOWS.items():
        a, b = figures["native", flow], figures["hotline", flow]
        for name, of in (("native", a), ("hotline", b)):
            cost = middle(of.costs)
            parts = [f"{cost.parts.get(p, 0.0):.1f}" for p in ("switch", "controller", "database")]
            lines.append(
                f"| {title} | {name} | {' | '.join(parts)} | {cost.total:.1f} | {of.held:.0f} |"
            )
        ratio = middle(b.costs).total / middle(a.costs).total
        rate = f"{b.held / a.held:.2f}" if a.held else "-"
        lines.append(f"| {title} | **ratio** | | | | **{ratio:.2f}** | **{rate}** |")
    worst = min(s for of in figures.values() for s in of.successes)
    return "\n".join([*lines, "", f"every burst for the cost completed at least {worst:.1%}"])


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
