"""The switch's own notes about calls that ended, read from the files its dialplan appends to.

One file a day, ``YYYYMMDD.journal`` (UTC); ``acknowledged`` beside them says how far we are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import structlog

from hotline.telephony.asterisk.dialplan import (
    DIALLING_FORM,
    ENDED_FORM,
    JOURNAL_ENDING,
    TALKING_FORM,
)
from hotline.telephony.asterisk.packing import target_of
from hotline.telephony.asterisk.results import (
    after,
    failure_of,
    instant,
    talk_times,
    whole,
)
from hotline.telephony.port import Attempt, Cause, JournalEntry, LegResult, Party

log = structlog.get_logger(__name__)

BATCH = 200
_PASSING = (f"{DIALLING_FORM}|".encode(), f"{TALKING_FORM}|".encode())
"""How lines begin that tell what a call comes to before it ends; see ``notes.py``."""
_CALL_FIELDS = 11
_FIELDS = 18
"""Those of the call, then those of its last attempt, empty where there was none."""
_ENDED_AT, _CAUSE, _RANG = 7, 8, 14
"""Places of fields."""


@dataclass(frozen=True, slots=True)
class _Place:
    """How far we have read: ``offset`` bytes of the file ``name``; earlier files are done."""

    name: str = ""
    offset: int = 0


class Journal:
    """Reads one node's journal folder. Only one reader at a time."""

    def __init__(self, folder: Path, node: str) -> None:
        self._folder = folder
        self._node = node
        self._mark = folder / "acknowledged"

    async def batches(self) -> AsyncIterator[Sequence[JournalEntry]]:
        """What is not yet acknowledged, oldest first; asking for the next acknowledges."""
        while True:
            entries, place = await asyncio.to_thread(self._read)
            if entries:
                yield entries
            if place is None:
                return
            await asyncio.to_thread(self._acknowledge, place)

    def _read(self) -> tuple[list[JournalEntry], _Place | None]:
        """The next batch and the place behind it; None when nothing is left."""
        start = self._place()
        for file in sorted(self._folder.glob(f"*{JOURNAL_ENDING}")):
            if file.name < start.name:
                continue
            began = offset = start.offset if file.name == start.name else 0
            lines: list[bytes] = []
            with file.open("rb") as opened:
                opened.seek(offset)
                while len(lines) < BATCH and (line := opened.readline()).endswith(b"\n"):
                    offset += len(line)
                    if not line.startswith(_PASSING):
                        lines.append(line)
            if offset > began:
                texts = (line.decode(errors="replace").rstrip("\n") for line in lines)
                entries = [entry for text in texts if (entry := read_line(text, self._node))]
                return entries, _Place(file.name, offset)
        return [], None

    def _place(self) -> _Place:
        try:
            saved = orjson.loads(self._mark.read_bytes())
            return _Place(saved["name"], saved["offset"])
        except (OSError, orjson.JSONDecodeError, KeyError):
            return _Place()

    def _acknowledge(self, place: _Place) -> None:
        fresh = self._mark.with_suffix(".new")
        fresh.write_bytes(orjson.dumps({"name": place.name, "offset": place.offset}))
        fresh.replace(self._mark)
        yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime(f"%Y%m%d{JOURNAL_ENDING}")
        for file in self._folder.glob(f"*{JOURNAL_ENDING}"):
            if file.name < min(place.name, yesterday):
                file.unlink(missing_ok=True)


def read_line(text: str, node: str) -> JournalEntry | None:
    """The line of a call's end; None, with a warning, for one that cannot be read."""
    fields = text.split("|", _FIELDS - 1)
    if fields[0] != ENDED_FORM or len(fields) != _FIELDS:
        log.warning("journal.unreadable", line=text[:200])
        return None
    _, channel, dialled, caller, name, arrived, answered, _, _, source, unserved = fields[
        :_CALL_FIELDS
    ]
    end = how_it_ended(fields)
    ended_at = end.at
    if ended_at is None:
        log.warning("journal.unreadable", line=text[:200])
        return None
    arrived_at, answered_at = instant(arrived) or ended_at, instant(answered)
    attempt = _attempt(fields[_CALL_FIELDS:], arrived, ended_at)
    by = Party.SYSTEM
    if source.startswith("PJSIP/"):
        by = Party.CALLER if source == name else Party.CALLEE
    if answered_at is None and attempt is not None:
        answered_at = attempt.answered_at
    return JournalEntry(
        channel_id=channel,
        node=node,
        dialled=dialled,
        caller=caller,
        carrier=_endpoint(name),
        arrived_at=arrived_at,
        answered_at=answered_at,
        ended_at=ended_at,
        cause=end.cause,
        ended_by=by,
        attempt=attempt,
        served=unserved != "1",
    )


@dataclass(frozen=True, slots=True)
class HowItEnded:
    """What the line of a call's end says of the end itself."""

    at: datetime | None
    cause: int
    rang: str
    """Of the last attempt, in milliseconds after it was dialled."""


def how_it_ended(fields: Sequence[str]) -> HowItEnded:
    """``fields`` are those of the line of a call's end."""
    cause = whole(fields[_CAUSE]) or int(Cause.NORMAL)
    return HowItEnded(instant(fields[_ENDED_AT]), cause, fields[_RANG])


def _attempt(fields: Sequence[str], arrived: str, ended_at: datetime) -> Attempt | None:
    target, dialled, status, rang, since, there_for, causes = fields
    dialled_at = instant(dialled)
    if dialled_at is None:
        return None
    leg_id, _, tech_cause = causes.partition(":")
    attempt = Attempt(
        leg_id=leg_id,
        target=target_of(target),
        result=LegResult.ANSWERED,
        sip_code=200,
        cause=None,
        dialled_at=dialled_at,
        ringing_at=after(dialled_at, rang),
        answered_at=None,
        ended_at=ended_at,
    )
    if status == "ANSWER":
        answered_at, ended_at = talk_times(arrived, since, there_for, ended_at)
        return replace(attempt, answered_at=answered_at, ended_at=ended_at)
    why = failure_of(status, tech_cause)
    return replace(attempt, result=why.result, sip_code=why.sip_code, cause=why.cause)


def _endpoint(channel_name: str) -> str:
    return channel_name.removeprefix("PJSIP/").rpartition("-")[0]
