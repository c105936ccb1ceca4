"""The commands' tree and its edge, where errors become words and exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hotline import __version__
from hotline.cli import carriers, database, demo, doctor, openapi, operators, serve
from hotline.cli.output import err, explain, out
from hotline.kit.errors import HotlineError

program = typer.Typer(
    name="hotline",
    help="An open 400 hotline and cloud call centre.\n\n"
    "Settings are HOTLINE_* variables (docs/install.md lists them) or lines of ./hotline.env.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
)


@program.callback(invoke_without_command=True)
def hotline(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.")
    ] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


program.command()(serve.serve)
program.command()(serve.run)
program.command()(database.migrate)
program.command()(database.backup)
program.command()(database.restore)
program.command()(demo.demo)
program.command()(demo.call)
program.command()(doctor.doctor)
program.command()(openapi.openapi)
program.add_typer(carriers.program, name="carrier")
program.add_typer(operators.program, name="operator")


def main() -> None:
    """The console script. Exit codes: 0 well, 1 trouble, 2 wrong use, 130 interrupted."""
    try:
        program()
    except HotlineError as error:
        explain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped.")
        sys.exit(130)
