"""How the facts of a call are named within it, stored and read back."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hotline.calls.events import (
    AgentOffered,
    Answered,
    Connected,
    Consulting,
    Dialling,
    Event,
    Held,
    LegEnded,
    MessageDropped,
    MessageLeft,
    MessageStarted,
    NodeEntered,
    PromptSkipped,
    QueueEntered,
    QueueLeft,
    Resumed,
    Ringing,
    SurveyAnswered,
    SurveyAsked,
    Transferred,
    Unheld,
    VariableSet,
)

_TYPES: dict[str, type[Event]] = {event.type: event for event in get_args(Event)}
_FIELDS: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in fields(event) if field.name != "at")
    for name, event in _TYPES.items()
}


def key_of(event: Event) -> str:
    """What the event is called within its call; appending the same key twice is harmless."""
    match event:
        case (
            Dialling(leg=part)
            | Ringing(leg=part)
            | Connected(leg=part)
            | LegEnded(leg=part)
            | Answered(leg=part)
            | Consulting(leg=part)
            | Transferred(leg=part)
            | NodeEntered(place=part)
            | VariableSet(place=part)
            | QueueEntered(visit=part)
            | QueueLeft(visit=part)
            | AgentOffered(offer=part)
            | MessageStarted(number=part)
            | MessageLeft(number=part)
            | MessageDropped(number=part)
            | SurveyAsked(leg=part)
        ):
            return f"{event.type}:{part}"
        case Held(leg=leg, at=at) | Unheld(leg=leg, at=at):
            return f"{event.type}:{leg}:{at.isoformat()}"
        case PromptSkipped(prompt=prompt):
            return f"{event.type}:{prompt}"
        case SurveyAnswered(leg=leg, question_id=question_id):
            return f"{event.type}:{leg}:{question_id}"
        case Resumed(at=at):
            return f"{event.type}:{at.isoformat()}"
        case _:
            return event.type


def data_of(event: Event) -> dict[str, object]:
    """The event's own fields, for storage; those that are None are left out."""
    values = ((name, getattr(event, name)) for name in _FIELDS[event.type])
    return {name: value for name, value in values if value is not None}


def event_of(type_: str, at: datetime, data: dict[str, Any]) -> Event | None:
    """The event as it was stored; None for a type that this version does not know."""
    known = _TYPES.get(type_)
    if known is None:
        return None
    readers = _READERS[type_]
    return known(at=at, **{name: _read(readers[name], value) for name, value in data.items()})


def _plain(hint: Any) -> Any:
    """``X`` of ``X | None``."""
    if get_origin(hint) in (UnionType, Union):
        return next(part for part in get_args(hint) if part is not NoneType)
    return hint


def _read(kind: Any, value: Any) -> Any:
    return datetime.fromisoformat(value) if kind is datetime else kind(value)


_READERS: dict[str, dict[str, Any]] = {
    name: {field: _plain(hint) for field, hint in get_type_hints(event).items()}
    for name, event in _TYPES.items()
}
