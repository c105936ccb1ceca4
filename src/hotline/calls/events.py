"""The facts of a call, one dataclass a type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias, TypeVar, dataclass_transform
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
class Fact:
    """What all of them have. ``type`` names them where they are stored."""

    type: ClassVar[str]
    at: datetime


_F = TypeVar("_F", bound=Fact)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(type_: str) -> Callable[[type[_F]], type[_F]]:
    """Make the class a frozen dataclass of that type."""

    def of(cls: type[_F]) -> type[_F]:
        cls.type = type_
        return dataclass(frozen=True, slots=True, kw_only=True)(cls)

    return of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLeg(Fact):
    """One who is called and perhaps talks; ``leg`` counts from 1 over the whole call."""

    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTake(Fact):
    """A message that is spoken; ``number`` counts the call's takes from 1."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOnDisk(OfTake):
    """A take that lies in a node's spool."""

    box_id: UUID
    message_id: UUID
    node: str
    file: str
    """Its name there."""


@fact("arrived")
class Arrived(Fact):
    """A call came in or was placed, and this is what its number and caller were found to be."""

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


@fact("refused")
class Refused(Fact):
    """An admission rule refused the call."""

    rule: str
    detail: str = ""


@fact("greeting_started")
class GreetingStarted(Fact):
    """The caller hears the hotline's greeting or its recording notice."""


@fact("prompt_skipped")
class PromptSkipped(Fact):
    """A prompt was not ready or not readable; the call went on without it."""

    prompt: str


@fact("node_entered")
class NodeEntered(Fact):
    """The call came to a node of a published flow. ``place`` counts from 1."""

    place: int
    node: str
    """The nodes by which sub-flows were entered before it, parted by ``/``."""
    kind: str
    by: str = ""
    """The exit by which the node before it was left."""
    title: str = ""


@fact("variable_set")
class VariableSet(Fact):
    """A flow keeps something for later: what the caller keyed in, what a server answered."""

    place: int
    name: str
    value: str


@fact("flow_ended")
class FlowEnded(Fact):
    """A flow came to its end by itself, with the caller on the line."""

    node: str


@fact("dialling")
class Dialling(OfLeg):
    """Somebody is being called."""

    target: str
    trunk: str
    destination_id: UUID | None = None
    kind: LegKind = LegKind.DESTINATION
    agent_id: UUID | None = None
    queue_id: UUID | None = None


@fact("ringing")
class Ringing(OfLeg):
    """The device of ``leg`` rings."""


@fact("connected")
class Connected(OfLeg):
    """Whom ``leg`` reached and the caller are put through."""

    answered_at: datetime | None = None
    """When we answered the caller."""
    ringing_at: datetime | None = None
    recording: str | None = None
    """The recording's file name in the node's spool."""
    line: str = ""
    """The channel of whom ``leg`` reached, for a talk that the controller commands."""


@fact("answered")
class Answered(OfLeg):
    """Whom ``leg`` reached answered a call that an agent placed; they are not put through yet."""

    line: str


@fact("consulting")
class Consulting(OfLeg):
    """Whom ``leg`` reached talks to the agent, while the caller waits on hold."""

    line: str


@fact("leg_ended")
class LegEnded(OfLeg):
    """An attempt to reach somebody is over, or the conversation with them."""

    result: LegResult
    sip_code: int | None = None
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None


@fact("held")
class Held(OfLeg):
    """The caller hears music while the party of ``leg`` does something else."""


@fact("unheld")
class Unheld(OfLeg):
    """The caller is heard again."""


@fact("transferred")
class Transferred(OfLeg):
    """The party of ``leg`` sent the caller on. ``how`` is blind or consulted; ``to`` is a kind of
    goal (agent, queue, number, survey) and ``target`` names it."""

    how: str
    to: str
    target: str = ""


@fact("exhausted")
class Exhausted(Fact):
    """There is nobody (left) to try; ``reason`` says why."""

    reason: str


@fact("queue_entered")
class QueueEntered(Fact):
    """The caller waits in a queue. ``visit`` counts from 1 over the whole call."""

    visit: int
    queue_id: UUID
    priority: int = 0


@fact("agent_offered")
class AgentOffered(Fact):
    """The caller was given to an agent, whose device is rung. ``offer`` counts over the call."""

    offer: int
    visit: int
    queue_id: UUID
    agent_id: UUID
    """The first, where several ring."""
    agents: int = 1


@fact("queue_left")
class QueueLeft(Fact):
    """A wait is over; ``reason`` is an Exit of the queue, or ``abandoned``."""

    visit: int
    queue_id: UUID
    reason: str
    waited_ms: int = 0
    agent_id: UUID | None = None
    """Who answered."""


@fact("failed")
class Failed(Fact):
    """Something on our side or the switch's broke the call."""

    cause: str


@fact("resumed")
class Resumed(Fact):
    """A controller took the call over after another had left it."""

    phase: str


@fact("message_started")
class MessageStarted(TakeOnDisk):
    """The caller begins to speak a message."""


@fact("message_left")
class MessageLeft(TakeOnDisk):
    """What the caller said in that take is kept."""

    seconds: float | None = None
    """None: nobody was there to measure it."""
    ended_by: str | None = None


@fact("message_dropped")
class MessageDropped(OfTake):
    """That take is not kept; ``why`` is too_short, recorded_again or not_recorded."""

    why: str


@fact("survey_asked")
class SurveyAsked(OfLeg):
    """The caller is asked how it was with the party of ``leg`` (0: with nobody)."""

    survey_id: UUID
    agent_id: UUID | None = None


@fact("survey_answered")
class SurveyAnswered(OfLeg):
    """One answer, with the question's words and the key's meaning as they were then."""

    survey_id: UUID
    question_id: UUID
    question: str
    key: str
    label: str
    score: float | None = None
    agent_id: UUID | None = None


@fact("ended")
class Ended(Fact):
    """The caller's connection is over. The last event of a call."""

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
