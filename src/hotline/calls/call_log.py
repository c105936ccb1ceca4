"""The events of one call as they happen, before the ledger has written them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline.calls.events import Ended, Event, MessageDropped, MessageLeft, MessageStarted
from hotline.calls.record import CallRecord, record_of
from hotline.calls.stored_events import key_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on its way to the database."""

    log: CallLog
    event: Event
    key: str


class CallLog:
    """The events of one call so far."""

    def __init__(
        self, call_id: UUID, sink: Callable[[Entry], None], known: Iterable[Event] = ()
    ) -> None:
        self._sink = sink
        self.call_id = call_id
        self.events: list[Event] = list(known)
        self._keys = {key_of(event) for event in self.events}

    def append(self, event: Event) -> None:
        """Keep ``event``; one that is known by its key already is passed over."""
        key = key_of(event)
        if key in self._keys:
            return
        if isinstance(event, Ended):
            for message in unfinished_messages(self.events, event.at):
                self.append(message)
        self._keys.add(key)
        self.events.append(event)
        self._sink(Entry(self, event, key))

    def has(self, key: str) -> bool:
        return key in self._keys

    @property
    def ended(self) -> bool:
        return Ended.type in self._keys

    def record(self) -> CallRecord | None:
        return record_of(self.events)


def unfinished_messages(events: Iterable[Event], at: datetime) -> list[MessageLeft]:
    """Messages whose end nobody saw: the call is over, so what was said until then is kept."""
    started: dict[int, MessageStarted] = {}
    for event in events:
        match event:
            case MessageStarted(number=number):
                started[number] = event
            case MessageLeft(number=number) | MessageDropped(number=number):
                started.pop(number, None)
            case _:
                pass
    return [
        MessageLeft(
            at=at,
            number=event.number,
            box_id=event.box_id,
            message_id=event.message_id,
            node=event.node,
            file=event.file,
        )
        for event in started.values()
    ]
