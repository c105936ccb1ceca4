"""``hotline doctor``."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from hotline.cli.output import load_settings, out
from hotline.diagnosis import Finding, State, examine
from hotline.wiring import home_of

_MARKS = {State.GOOD: "[green]✔[/green]", State.IDLE: "[dim]–[/dim]", State.BAD: "[red]✘[/red]"}


def doctor() -> None:
    """Look at every part: version, does it answer, what to do. Exit code 1 when one is broken."""
    settings = load_settings()
    findings = examine(settings, home_of(settings))
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        table.add_row(_MARKS[finding.state], finding.part, _words(finding))
    out.print(table)
    if any(finding.state is State.BAD for finding in findings):
        raise typer.Exit(1)


def _words(finding: Finding) -> str:
    advice = f" [yellow]{escape(finding.advice)}[/yellow]" if finding.advice else ""
    return escape(finding.what) + advice
