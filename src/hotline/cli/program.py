"""The commands' tree and its edge, where errors become words and exit codes."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from hotline import __version__
from hotline.cli.commands import Commands
from hotline.cli.output import err, explain, out
from hotline.kit.errors import HotlineError

program = typer.Typer(
    name="hotline",
    cls=Commands,
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
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def main() -> None:
    """The console script. Exit codes: 0 well, 1 trouble, 2 wrong use, 130 interrupted."""
    # Until the command is loaded: none of that is garbage, and to look for some while it comes and
    # once more at the end takes a quarter of a short command's time.
    gc.disable()
    try:
        program()
    except HotlineError as error:
        explain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("Stopped.")
        sys.exit(130)
