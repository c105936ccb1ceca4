"""A call's record on the console."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from hotline.demo.record import Record, timeline


def print_record(console: Console, record: Record) -> None:
    """The call as a readable timeline, and its figures."""
    for seconds, words in timeline(record):
        console.print(f"  [dim]{seconds:6.1f} s[/dim]  {escape(words)}")
    recorded = (
        f", recorded {record.recording_seconds:.1f} s ({record.recording_id})"
        if record.recording_seconds is not None
        else ""
    )
    console.print(
        f"  outcome [bold]{escape(record.outcome)}[/bold], talked {record.talk_seconds:.1f} s"
        f"{recorded}"
    )
    console.print(f"  record {record.call_id}")
