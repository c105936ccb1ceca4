"""``hotline demo``."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop
from rich.console import Console
from rich.markup import escape

from hotline.app import ALL_ROLES, Site, running
from hotline.cli.logins import logins_table
from hotline.cli.output import err, load_settings, out, sayer
from hotline.cli.records import print_record
from hotline.demo.carrier import demo_carrier, free_loopback_host
from hotline.demo.run import Result, place_all, prompts_ready
from hotline.demo.scenarios import SCENARIOS, company
from hotline.lifecycle import StopRequest
from hotline.logs import configure_logs
from hotline.seeds import plant
from hotline.settings import Address, PortRange, Settings
from hotline.wiring import home_of, installation_of

_PORTS = (5060, 8088, 8400)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Leave after the calls instead of serving on.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
    ] = False,
) -> None:
    """Start a throw-away Hotline, place real calls through it, compare their records.

    Answered, busy and then the next, nobody answers, blacklisted, closed, caller hangs up while
    ringing. Exit code 1 when a record differs from what should have happened.
    """
    load_settings()
    folder = Path(tempfile.mkdtemp(prefix="hotline-demo-"))
    try:
        ok = uvloop.run(_demo(_throwaway(folder), once=once or as_json, as_json=as_json))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not ok:
        raise typer.Exit(1)


def _throwaway(folder: Path) -> Settings:
    """Settings of a Hotline that shares nothing but the tools with any other."""
    host = free_loopback_host(_PORTS)
    first = random.SystemRandom().randrange(40000, 60000, 200)
    return Settings(
        home=folder,
        http=Address(host, 8400),
        sip=Address(host, 5060),
        ari=Address(host, 8088),
        rtp=PortRange(first, first + 199),
        sip_external=None,
        ari_url=None,
        database_url=None,
        storage_url=None,
        public_url=None,
        secret=None,
        node="demo",
    )


async def _demo(settings: Settings, *, once: bool, as_json: bool) -> bool:
    home = home_of(settings)
    configure_logs(home.logs, settings.log_level, console_level="error")
    console = err if as_json else out
    stop = StopRequest()
    results: Sequence[Result] = ()
    with stop.listening():
        async with running(settings, home, ALL_ROLES, say=sayer(console)) as site:
            logins = await plant(site.database, [company()], site.seed_tools())
            results = await _place(site, console)
            if not once:
                console.print(f"\nServing at http://{settings.http}/ until Ctrl-C; to log in:")
                console.print(logins_table(logins))
                await stop.or_failure(site.watched)
    ok = bool(results) and all(result.ok for result in results)
    if as_json:
        _print_json(ok, results)
    elif results:
        right = sum(result.ok for result in results)
        console.print(f"{right} of {len(results)} calls went as they should.")
    return ok


async def _place(site: Site, console: Console) -> Sequence[Result]:
    installation = installation_of(site.settings)
    async with demo_carrier(site.settings, site.database, installation, site.clock) as world:
        console.print("[green]✔[/green] Demo carrier")
        await prompts_ready(site.database, site.clock)
        console.print("[green]✔[/green] Prompts")

        def show(result: Result) -> None:
            _print_result(console, result)

        return await place_all(world, site.database, site.clock, SCENARIOS, show)


def _print_result(console: Console, result: Result) -> None:
    mark = "[green]✔[/green]" if result.ok else "[red]✘[/red]"
    console.print(f"\n{mark} {escape(result.scenario.title)} ({result.scenario.name})")
    if result.record is not None:
        print_record(console, result.record)
    for problem in result.problems:
        console.print(f"  [red]{escape(problem)}[/red]")


def _print_json(ok: bool, results: Sequence[Result]) -> None:
    answer: dict[str, Any] = {"ok": ok, "calls": [result.as_json() for result in results]}
    sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
