"""The commands: what each is for, and where it is, so that only the one that is run is loaded.

Loading all of Hotline takes two seconds; who lists the carriers needs half of it, and who asks what
commands there are nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "serve": (
        "serve.serve",
        "Run everything on this machine until Ctrl-C: database, switch, API and worker.",
    ),
    "run": (
        "serve.run",
        "Run one role by itself, on the database of HOTLINE_DATABASE_URL.",
    ),
    "migrate": (
        "database.migrate",
        "Bring the database to this version: roles, tables, policies.",
    ),
    "backup": (
        "database.backup",
        "Write the embedded database into one file, whether Hotline runs or not.",
    ),
    "restore": (
        "database.restore",
        "Bring a backup into the embedded database of a new state folder, while nothing runs"
        " in it.",
    ),
    "demo": (
        "demo.demo",
        "Start a throw-away Hotline, place real calls through it, compare their records.",
    ),
    "call": (
        "call.call",
        "Place a test call to a hotline of the running Hotline, through a demo carrier.",
    ),
    "doctor": (
        "doctor.doctor",
        "Look at every part: version, does it answer, what to do. Exit code 1 when one is broken.",
    ),
    "openapi": (
        "openapi.openapi",
        "Print the API's OpenAPI document, for generators of clients.",
    ),
    "carrier": (
        "carriers.program",
        "The carriers that connect this site to the telephone network.",
    ),
    "operator": (
        "operators.program",
        "The platform's own people: who may do everything, entered from this machine.",
    ),
}
"""Name → where its function or its ``typer.Typer`` is, and the first sentences of its help."""


class Commands(TyperGroup):
    """``COMMANDS``, each loaded when it is run, none to be listed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for name, (_, summary) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=summary))
        self._listing = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if self._listing or cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        return loaded(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        super().format_help(ctx, formatter)
        self._listing = False


def loaded(name: str) -> Any:
    """The command itself, as the command line's library wants it."""
    module, _, place = COMMANDS[name][0].partition(".")
    found = getattr(import_module(f"hotline.cli.{module}"), place)
    holder = typer.Typer(add_completion=False, rich_markup_mode="rich")
    holder.callback()(lambda: None)  # else a holder of one command would be that command
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    group: Any = get_command(holder)
    return group.commands[name]
