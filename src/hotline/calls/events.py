"""The facts of a call, one dataclass a type, as they are appended and read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hotline.telephony.port import LegResult, Party


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    """An agent calls a customer."""
    INTERNAL = "internal"
    """An agent calls a colleague."""


class LegKind(StrEnum):
    """Whom a leg reaches, and what for."""

    DESTINATION = "destination"
    """A phone of a forwarding group."""
    AGENT = "agent"
    """An agent who takes the call, or whose own leg of a call it is that the agent placed."""
    CONSULT = "consult"
    """Somebody whom the agent asks while the caller waits."""
    OUTSIDE = "outside"
    """A number outside that an agent or a flow sent the caller to."""
    CUSTOMER = "customer"
    """The customer whom an agent calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A call came in or was placed, and this is what its number and caller were found to be."""

    type: ClassVar[str] = "arrived"
    at: datetime
    channel_id: str
    node: str
    trunk: str
    dialled: str
    caller: str
    caller_raw: str
    province: str = ""
    city: str = ""
    caller_carrier: str = ""
    enterprise_id: UUID | None = None
    hotline_id: UUID | None = None
    direction: Direction = Direction.INBOUND
    agent_id: UUID | None = None
    """Who placed it, unless a customer did."""
    callback_of: UUID | None = None
    """The call in which the customer asked for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An admission rule refused the call."""

    type: ClassVar[str] = "refused"
    at: datetime
    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GreetingStarted:
    """The caller hears the hotline's greeting or its recording notice."""

    type: ClassVar[str] = "greeting_started"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSkipped:
    """A prompt was not ready or not readable; the call went on without it."""

    type: ClassVar[str] = "prompt_skipped"
    at: datetime
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEntered:
    """The call came to a node of a published flow. ``place`` counts from 1."""

    type: ClassVar[str] = "node_entered"
    at: datetime
    place: int
    node: str
    """The nodes by which sub-flows were entered before it, parted by ``/``."""
    kind: str
    by: str = ""
    """The exit by which the node before it was left."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSet:
    """A flow keeps something for later: what the caller keyed in, what a server answered."""

    type: ClassVar[str] = "variable_set"
    at: datetime
    place: int
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEnded:
    """A flow came to its end by itself, with the caller on the line."""

    type: ClassVar[str] = "flow_ended"
    at: datetime
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """Somebody is being called. ``leg`` counts from 1 over the whole call."""

    type: ClassVar[str] = "dialling"
    at: datetime
    leg: int
    target: str
    trunk: str
    destination_id: UUID | None = None
    kind: LegKind = LegKind.DESTINATION
    agent_id: UUID | None = None
    queue_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    type: ClassVar[str] = "ringing"
    at: datetime
    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Whom ``leg`` reached and the caller are put through."""

    type: ClassVar[str] = "connected"
    at: datetime
    leg: int
    answered_at: datetime | None = None
    """When we answered the caller."""
    ringing_at: datetime | None = None
    recording: str | None = None
    """The recording's file name in the node's spool."""
    line: str = ""
    """The channel of whom ``leg`` reached, for a talk that the controller commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Whom ``leg`` reached answered a call that an agent placed; they are not put through yet."""

    type: ClassVar[str] = "answered"
    at: datetime
    leg: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulting:
    """Whom ``leg`` reached talks to the agent, while the caller waits on hold."""

    type: ClassVar[str] = "consulting"
    at: datetime
    leg: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """An attempt to reach somebody is over, or the conversation with them."""

    type: ClassVar[str] = "leg_ended"
    at: datetime
    leg: int
    result: LegResult
    sip_code: int | None = None
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The caller hears music while the party of ``leg`` does something else."""

    type: ClassVar[str] = "held"
    at: datetime
    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """The caller is heard again."""

    type: ClassVar[str] = "unheld"
    at: datetime
    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """The party of ``leg`` sent the caller on. ``how`` is blind or consulted; ``to`` is a kind of
    goal (agent, queue, number, survey) and ``target`` names it."""

    type: ClassVar[str] = "transferred"
    at: datetime
    leg: int
    how: str
    to: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """There is nobody (left) to try; ``reason`` says why."""

    type: ClassVar[str] = "exhausted"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntered:
    """The caller waits in a queue. ``visit`` counts from 1 over the whole call."""

    type: ClassVar[str] = "queue_entered"
    at: datetime
    visit: int
    queue_id: UUID
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOffered:
    """The caller was given to an agent, whose device is rung. ``offer`` counts over the call."""

    type: ClassVar[str] = "agent_offered"
    at: datetime
    offer: int
    visit: int
    queue_id: UUID
    agent_id: UUID
    """The first, where several ring."""
    agents: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft:
    """A wait is over; ``reason`` is an Exit of the queue, or ``abandoned``."""

    type: ClassVar[str] = "queue_left"
    at: datetime
    visit: int
    queue_id: UUID
    reason: str
    waited_ms: int = 0
    agent_id: UUID | None = None
    """Who answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Something on our side or the switch's broke the call."""

    type: ClassVar[str] = "failed"
    at: datetime
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A controller took the call over after another had left it."""

    type: ClassVar[str] = "resumed"
    at: datetime
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStarted:
    """The caller begins to speak a message. ``number`` counts the call's takes from 1."""

    type: ClassVar[str] = "message_started"
    at: datetime
    number: int
    box_id: UUID
    message_id: UUID
    node: str
    file: str
    """Its name in the node's spool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLeft:
    """What the caller said in that take is kept."""

    type: ClassVar[str] = "message_left"
    at: datetime
    number: int
    box_id: UUID
    message_id: UUID
    node: str
    file: str
    seconds: float | None = None
    """None: nobody was there to measure it."""
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDropped:
    """That take is not kept; ``why`` is too_short, recorded_again or not_recorded."""

    type: ClassVar[str] = "message_dropped"
    at: datetime
    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAsked:
    """The caller is asked how it was with the party of ``leg`` (0: with nobody)."""

    type: ClassVar[str] = "survey_asked"
    at: datetime
    leg: int
    survey_id: UUID
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered:
    """One answer, with the question's words and the key's meaning as they were then."""

    type: ClassVar[str] = "survey_answered"
    at: datetime
    leg: int
    survey_id: UUID
    question_id: UUID
    question: str
    key: str
    label: str
    score: float | None = None
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The caller's connection is over. The last event of a call."""

    type: ClassVar[str] = "ended"
    at: datetime
    by: Party
    cause: int
    """Q.850."""
    answered_at: datetime | None = None
    """When we answered the caller."""


Event: TypeAlias = (
    Arrived
    | Refused
    | GreetingStarted
    | PromptSkipped
    | NodeEntered
    | VariableSet
    | FlowEnded
    | Dialling
    | Ringing
    | Connected
    | Answered
    | Consulting
    | LegEnded
    | Held
    | Unheld
    | Transferred
    | Exhausted
    | QueueEntered
    | AgentOffered
    | QueueLeft
    | Failed
    | Resumed
    | MessageStarted
    | MessageLeft
    | MessageDropped
    | SurveyAsked
    | SurveyAnswered
    | Ended
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
