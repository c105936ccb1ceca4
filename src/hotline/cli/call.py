"""``hotline call``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
import uvloop
from rich.markup import escape

from hotline.cli.output import load_settings, out
from hotline.cli.records import print_record
from hotline.demo.carrier import demo_carrier
from hotline.demo.record import finished_record
from hotline.kit.clock import SystemClock
from hotline.kit.numbers import NumberKind, parse_number
from hotline.logs import configure_logs
from hotline.settings import Settings
from hotline.telephony.world_port import Waited
from hotline.wiring import home_of, installation_of, open_database, reachable_database_url


def call(
    number: Annotated[str, typer.Argument(help="The hotline to call, e.g. 4006001234.")],
    caller: Annotated[
        str, typer.Option("--from", help="The number that calls; empty: anonymous.")
    ] = "13812345678",
    seconds: Annotated[
        float, typer.Option(help="When the caller hangs up, if nobody did before.", min=1, max=600)
    ] = 20.0,
) -> None:
    """Place a test call to a hotline of the running Hotline, through a demo carrier.

    Destinations are rung through the first carrier that is reachable: without real ones that is
    the demo carrier itself, where every phone answers.
    """
    settings = load_settings()
    configure_logs(None, settings.log_level, console_level="error")
    # As records have them, so that the call's own is found, however it was typed here.
    dialled, calling = parse_number(number), parse_number(caller)
    if dialled.kind in {NumberKind.ANONYMOUS, NumberKind.OTHER}:
        raise typer.BadParameter(f"{number!r} is not a telephone number")
    uvloop.run(_call(settings, dialled.digits, calling.digits, seconds))


async def _call(settings: Settings, number: str, caller: str, seconds: float) -> None:
    home = home_of(settings)
    clock = SystemClock()
    database = open_database(reachable_database_url(settings, home), home)
    try:
        async with demo_carrier(
            settings, database, installation_of(settings), clock, name="demo-call"
        ) as world:
            since = clock.now() - timedelta(seconds=1)
            out.print(f"{escape(caller) or 'Somebody anonymous'} calls {number} …")
            line = await world.call(number, caller)
            try:
                await line.ended(within=seconds)
            except Waited:
                await line.hangup()
            record = await finished_record(
                database, clock, dialled=number, caller=caller, since=since
            )
    finally:
        await database.close()
    print_record(out, record)
