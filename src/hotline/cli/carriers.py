"""``hotline carrier add|list|remove``."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
import uvloop
from rich.markup import escape
from rich.table import Table

from hotline.auditing import system_audit
from hotline.carriers.service import Carriers, Health
from hotline.cli.output import out
from hotline.cli.site import platform_session

program = typer.Typer(
    no_args_is_help=True, help="The carriers that connect this site to the telephone network."
)


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"


@program.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Short name: small letters, digits, hyphens.")],
    host: Annotated[str, typer.Argument(help="Where the carrier takes our calls.")],
    *,
    port: Annotated[int, typer.Option(help="Its SIP port.", min=1, max=65535)] = 5060,
    transport: Annotated[Transport, typer.Option(help="How SIP is carried.")] = Transport.UDP,
    username: Annotated[
        str | None, typer.Option(help="For a carrier that we register at; else it knows us.")
    ] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(help="An address or network that may send us calls; unset: the host."),
    ] = None,
    from_user: Annotated[
        str | None,
        typer.Option(
            help="What From names if the carrier wants its account there, not the caller."
        ),
    ] = None,
    area_code: Annotated[
        str | None,
        typer.Option(help="Area code (010) of callers that it sends by their local number alone."),
    ] = None,
    title: Annotated[str, typer.Option(help="A name for people.")] = "",
) -> None:
    """Add a carrier. With --username its password is asked for (or HOTLINE_CARRIER_SECRET)."""
    values: dict[str, Any] = {
        "name": name,
        "host": host,
        "port": port,
        "transport": transport.value,
        "title": title,
        "match_addresses": tuple(match or ()),
        "from_user": from_user,
        "area_code": area_code,
    }
    if username is not None:
        secret = os.environ.get("HOTLINE_CARRIER_SECRET") or typer.prompt(
            "Password", hide_input=True
        )
        values |= {"kind": "registration", "username": username, "secret": secret}
    uvloop.run(_add(values))
    out.print(f"Carrier {escape(name)} added; a running switch uses it from now on.")


@program.command("list")
def show() -> None:
    """The carriers in the order in which calls try them, and what each node found."""
    uvloop.run(_list())


@program.command("remove")
def remove(name: Annotated[str, typer.Argument(help="Its short name.")]) -> None:
    """Remove a carrier. Calls that run over it end as they would have."""
    uvloop.run(_remove(name))
    out.print(f"Carrier {escape(name)} removed.")


async def _add(values: dict[str, Any]) -> None:
    async with _carriers() as carriers:
        await carriers.add(values)


async def _remove(name: str) -> None:
    async with _carriers() as carriers:
        await carriers.remove((await carriers.by_name(name))["id"])


async def _list() -> None:
    async with _carriers() as carriers:
        rows, health = await carriers.all(), await carriers.health()
    if not rows:
        out.print("There are none yet: `hotline carrier add --help`.")
        return
    table = Table("name", "title", "address", "by", "state", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            escape(row["name"]),
            escape(row["title"]),
            f"{row['host']}:{row['port']}/{row['transport']}",
            row["kind"],
            _state(enabled=row["enabled"], health=health.get(row["id"], [])),
        )
    out.print(table)


def _state(*, enabled: bool, health: list[Health]) -> str:
    if not enabled:
        return "off"
    if not health:
        return "not looked at yet"
    return ", ".join(
        f"{one.node}: {'[green]reachable[/green]' if one.reachable else '[red]unreachable[/red]'}"
        for one in health
    )


@asynccontextmanager
async def _carriers() -> AsyncIterator[Carriers]:
    """The service in a transaction on this site's database."""
    async with platform_session() as session:
        yield Carriers(session, system_audit(session))
