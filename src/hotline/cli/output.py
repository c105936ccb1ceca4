"""What the commands share: settings, consoles, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Callable

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from hotline.kit.errors import HotlineError
from hotline.settings import Settings

out = Console(highlight=False, soft_wrap=True)
"""Results."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Everything else."""


def load_settings() -> Settings:
    """The settings, or an exit that names the variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "HOTLINE_" + "_".join(str(part) for part in problem["loc"]).upper()
            message = str(problem["msg"]).removeprefix("Value error, ")
            err.print(f"[red]{escape(name)}[/red]: {escape(message)}")
        raise typer.Exit(2) from None


def explain(error: HotlineError) -> None:
    """Print an error for the person at the keyboard."""
    err.print(f"[red]{escape(error.title)}.[/red]")
    if error.detail:
        err.print(escape(str(error.detail)))
    for field, problem in error.fields.items():
        err.print(f"  {escape(field)}: {escape(str(problem))}")


def sayer(console: Console) -> Callable[[str], None]:
    """Says of each part that has started."""

    def say(line: str) -> None:
        console.print(f"[green]✔[/green] {escape(line)}")

    return say
