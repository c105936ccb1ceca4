"""``hotline serve`` and ``hotline run``."""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated

import typer
import uvloop
from rich.markup import escape
from rich.table import Table

from hotline.api.console import built_console
from hotline.app import ALL_ROLES, Roles, Site, running
from hotline.cli.logins import logins_table
from hotline.cli.output import err, load_settings, out, sayer
from hotline.cli.records import print_record
from hotline.demo.carrier import demo_carrier, only_demo_carriers
from hotline.demo.record import RecordMissingError
from hotline.demo.run import prompts_ready
from hotline.demo.sample_call import SAMPLE_HOTLINE, place_sample_call
from hotline.home import Home, write_private
from hotline.lifecycle import StopRequest
from hotline.logs import configure_logs
from hotline.samples import SAMPLES
from hotline.seeds import is_new, plant
from hotline.settings import Settings
from hotline.speech.provider import SpeechError
from hotline.telephony.world.carrier import World
from hotline.telephony.world_port import Waited
from hotline.wiring import home_of, installation_of


class Role(StrEnum):
    API = "api"
    SWITCH = "switch"
    WORKER = "worker"


_ROLES = {
    Role.API: Roles(api=True),
    Role.SWITCH: Roles(switch=True),
    Role.WORKER: Roles(worker=True),
}


def serve(
    demo_call: Annotated[
        bool,
        typer.Option(
            "--demo-call",
            help="Also start the demo carrier, enter sample companies into a new database, and "
            "place one call through the sample hotline.",
        ),
    ] = False,
) -> None:
    """Run everything on this machine until Ctrl-C: database, switch, API and worker."""
    settings = load_settings()
    home = home_of(settings)
    configure_logs(home.logs, settings.log_level, console_level="warning")
    uvloop.run(_serve(settings, home, demo_call=demo_call))


def run(
    role: Annotated[Role, typer.Argument(help="Which role this process plays.")],
) -> None:
    """Run one role by itself, on the database of HOTLINE_DATABASE_URL.

    `hotline migrate` first. Several of each role may run, on one machine or on many; every node
    shares HOTLINE_SECRET, and each switch has a HOTLINE_NODE of its own.
    """
    settings = load_settings()
    home = home_of(settings)
    configure_logs(home.logs, settings.log_level)
    uvloop.run(_run(settings, home, _ROLES[role]))


async def _serve(settings: Settings, home: Home, *, demo_call: bool) -> None:
    began = time.monotonic()
    stop = StopRequest()
    with stop.listening():
        async with running(settings, home, ALL_ROLES, say=_say) as site:
            if demo_call and site.is_new:
                await _plant_samples(site)
            async with _demo_carrier_beside(site, wanted=demo_call) as world:
                _say(f"Started in {time.monotonic() - began:.1f} s")
                if world is not None:
                    await _place_sample_call(site, world)
                _print_addresses(site)
                await _print_advice(site)
                _keep_what_is_there()
                await stop.or_failure(site.watched)
                out.print("Stopping …")
    out.print("Stopped.")


async def _run(settings: Settings, home: Home, roles: Roles) -> None:
    stop = StopRequest()
    with stop.listening():
        async with running(settings, home, roles, say=_say) as site:
            if roles.api:
                await _print_advice(site)
            _keep_what_is_there()
            await stop.or_failure(site.watched)


async def _print_advice(site: Site) -> None:
    """What a new site lacks."""
    if await is_new(site.database):
        out.print("Nobody can log in yet: `hotline operator add LOGIN` enters the first.")


_say = sayer(out)
_ALLOCATIONS_BEFORE_COLLECTING = 20_000


def _keep_what_is_there() -> None:
    """Modules and settings stay until the end: the garbage collector need not walk them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTING, 20, 20)


@asynccontextmanager
async def _demo_carrier_beside(site: Site, *, wanted: bool) -> AsyncIterator[World | None]:
    """The demo carrier where it is wanted and no real carrier could ring real phones."""
    if not wanted:
        yield None
        return
    if not await only_demo_carriers(site.database):
        out.print("Real carriers are set up: no sample call is placed (it would ring real phones).")
        yield None
        return
    installation = installation_of(site.settings)
    async with demo_carrier(site.settings, site.database, installation, site.clock) as world:
        _say("Demo carrier")
        yield world


async def _place_sample_call(site: Site, world: World) -> None:
    out.print("\nSpeaking the prompts …")
    await prompts_ready(site.database, site.clock)
    out.print(f"A call to {SAMPLE_HOTLINE}:")
    try:
        call = await place_sample_call(world, site.database, site.speech, site.clock)
    except (Waited, RecordMissingError, SpeechError) as error:
        err.print(f"[red]It did not go as it should:[/red] {escape(str(error))}")
        return
    print_record(out, call.record)
    heard = "was heard" if call.greeting_heard else "was [red]not[/red] heard"
    out.print(f"  the greeting {heard} on the caller's side")


async def _plant_samples(site: Site) -> None:
    logins = await plant(site.database, SAMPLES, site.seed_tools())
    text = "".join(f"{one.login}\t{one.password}\t{one.role}\t{one.enterprise}\n" for one in logins)
    write_private(site.home.logins, text)
    out.print()
    out.print("The first logins; they are shown this once and kept, for you alone to read, in")
    out.print(escape(f"{site.home.logins} — change the passwords and delete that file."))
    out.print(logins_table(logins))


def _print_addresses(site: Site) -> None:
    settings = site.settings
    out.print()
    address = (settings.public_url or f"http://{settings.http}").rstrip("/")
    table = Table(box=None, show_header=False, pad_edge=False)
    if built_console() is not None:
        table.add_row("console", f"[bold]{escape(address)}/[/bold]")
    table.add_row("API", escape(f"{address}/api/v1"))
    table.add_row("its description", escape(f"{address}/api/v1/openapi.json"))
    table.add_row("SIP", f"{settings.sip} (UDP and TCP), audio on UDP {settings.rtp}")
    table.add_row("log", escape(str(site.home.logs / "hotline.log")))
    if site.home.logins.exists():
        table.add_row("first logins", escape(str(site.home.logins)))
    out.print(table)
    err.print("Ctrl-C stops everything.", style="dim")
