"""Every reason that a record can give has words: in spreadsheets and in the console."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from hotline.calls.admission import Rule
from hotline.flows.graph import Node
from hotline.queues.settings import Exit
from hotline.records.rules import REASONS
from hotline.telephony.port import LegResult

CODE = Path(__file__).parents[2]
WRITTEN = re.compile(
    r"""(?:cause|reason)="([a-z_]+)"|apologise\("([a-z_]+)"\)|_over\([^,]+, "([a-z_]+)"\)"""
)


def said_by_the_code() -> set[str]:
    """Reasons that stand in the code of calls as they are."""
    found: set[str] = set()
    for path in (CODE / "src" / "hotline" / "calls").rglob("*.py"):
        for match in WRITTEN.finditer(path.read_text()):
            found |= set(filter(None, match.groups()))
    return found


def every_reason() -> set[str]:
    nodes = {get_args(node.model_fields["kind"].annotation)[0] for node in get_args(Node)}
    reached = {LegResult.NO_ANSWER, LegResult.BUSY, LegResult.REJECTED, LegResult.UNREACHABLE}
    return {
        *Rule,
        *reached,
        *(nodes - {"play", "group", "transfer"}),
        *(f"queue_{way}" for way in Exit if way is not Exit.ANSWERED),
        *{"greeting", "ringing", "all_busy", "no_destination", "no_trunk"},
        *{"message_left", "interrupted"},
        *said_by_the_code(),
    }


def test_the_code_is_read() -> None:
    assert {"no_controller", "switch_lost", "internal_error", "cancelled"} <= said_by_the_code()


def test_in_spreadsheets() -> None:
    assert every_reason() - REASONS.keys() == set()


def test_in_the_console_in_both_languages() -> None:
    words = (CODE / "console" / "src" / "calls" / "words.ts").read_text(encoding="utf-8")
    parts = re.findall(r"\n  reason: \{\n(.*?)\n  \},", words, re.DOTALL)
    assert len(parts) == 2
    for part in parts:
        assert set(re.findall(r"^ +([a-z_]+):", part, re.MULTILINE)) == set(REASONS)
