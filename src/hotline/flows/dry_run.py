"""A call that is only imagined: the interpreter itself walks it, over a caller made of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, cast

from hotline.agents.names import Named
from hotline.calls.announcements import Announcer
from hotline.calls.call_log import CallLog
from hotline.calls.context import CallContext, Over
from hotline.calls.facts import Facts
from hotline.calls.flow import EndlessFlow, Interpreter, Stage
from hotline.calls.flow_parts import FlowParts, Lists
from hotline.calls.ledger import Ledger
from hotline.calls.parts import Parts
from hotline.calls.repository import CallRepository
from hotline.calls.steps.by_name import whom_by_name
from hotline.calls.steps.table import STAGES
from hotline.calls.talk_parts import TalkParts
from hotline.flows.base import BaseNode
from hotline.flows.compiler import flow_of
from hotline.flows.graph import NODE_TYPES
from hotline.flows.reaching import ExtensionNode
from hotline.flows.reasons import reason_of
from hotline.kit.errors import Words
from hotline.kit.ids import new_id
from hotline.kit.numbers import parse_number
from hotline.telephony.port import (
    CallerGone,
    Cause,
    Collected,
    CollectEnd,
    CollectPlan,
    IncomingCall,
    Party,
    Played,
)

ASSUMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "group": "answered",
        "transfer": "answered",
        "queue": "answered",
        "voicemail": "left",
        "survey": "answered",
        "http": "next",
        "fax": "unavailable",
    }
)
"""How nodes are left that would reach out of the call, where nothing else was said."""
_TALKS: Final = frozenset({"group", "transfer", "extension", "queue"})


@dataclass(frozen=True, slots=True)
class Imagined:
    """What the call is to be like."""

    caller: str
    at: datetime
    keys: Sequence[str] = ()
    """For each question; empty: silence; ``hangup``: the caller leaves."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Node → exit, for any node."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A node on the way."""

    node: str
    kind: str
    title: str
    exit: str
    reason: Words


@dataclass(slots=True)
class Walked:
    """The whole way."""

    path: list[Passed] = field(default_factory=list)
    ended_by: Party = Party.SYSTEM
    variables: dict[str, str] = field(default_factory=dict)


class People(Protocol):
    """Who can be asked for."""

    async def names(self) -> list[Named]: ...

    async def has(self, extension: str) -> bool:
        """Whether an agent or a queue has it."""


async def walk(facts: Facts, imagined: Imagined, lists: Lists, people: People) -> Walked:
    """The way of such a call through the hotline's flow."""
    walked = Walked()
    call = ScriptedCall(imagined)
    ctx = _context(facts, imagined, call, lists)
    stages = _stages(imagined, walked, call, people)
    try:
        over = await Interpreter(stages, ctx, flow_of(facts.settings)).run()
        walked.ended_by = over.by
    except CallerGone:
        walked.ended_by = Party.CALLER
    except EndlessFlow:
        words = Words("the flow goes in circles; the call is given up", "流程无限循环，通话被终止")
        walked.path.append(Passed("", "", "", "", words))
    walked.variables = ctx.variables
    return walked


def _context(facts: Facts, imagined: Imagined, call: ScriptedCall, lists: Lists) -> CallContext:
    silent = _Silence()
    parts = Parts(
        # Nodes that would need these are never done: their exits are assumed.
        repository=cast(CallRepository, None),
        ledger=cast(Ledger, None),
        sounds=silent,
        system_sounds=silent,
        clock=_Standing(imagined.at),
        spool=Path(),
        talks=cast(TalkParts, None),
        flows=FlowParts(lists, _Nowhere()),
    )
    log = CallLog(new_id(), lambda _: None)
    caller = parse_number(imagined.caller)
    incoming = cast(IncomingCall, call)
    return CallContext(parts, incoming, log, facts, caller, Announcer(parts, log))


def _stages(
    imagined: Imagined, walked: Walked, call: ScriptedCall, people: People
) -> dict[str, Stage]:
    def stage_of(kind: str) -> Stage:
        real = STAGES.get(kind)

        async def run(ctx: CallContext, node: Any) -> str:
            call.asked.clear()
            by = imagined.answers.get(node.id) or ASSUMED.get(kind)
            try:
                if by is None and isinstance(node, ExtensionNode):
                    by = await _extension(ctx, node, people)
                elif by is None and real is not None:
                    by = await real.run(ctx, node)
            except CallerGone:
                words = Words("the caller hangs up", "主叫挂断")
                walked.path.append(_passed(node, "", words))
                raise
            by = by if by is not None else "next"
            if kind in _TALKS and by == "answered":
                ctx.over = Over(Party.CALLEE, int(Cause.NORMAL))
            reason = reason_of(node, by, ctx, call.asked, given=node.id in imagined.answers)
            walked.path.append(_passed(node, by, reason))
            return by

        return Stage(run, says_pending=real.says_pending if real is not None else True)

    return {kind: stage_of(kind) for kind in NODE_TYPES}


async def _extension(ctx: CallContext, node: ExtensionNode, people: People) -> str:
    """Whoever is there is supposed to answer."""
    wanted: str | None = node.extension or ctx.variables.get(node.variable, "")
    if node.by == "name":
        wanted = await whom_by_name(ctx, node, await people.names())
        ctx.set(node.variable, wanted or "")
    return "answered" if wanted and await people.has(wanted) else "unknown"


def _passed(node: BaseNode, by: str, reason: Words) -> Passed:
    return Passed(node.id, getattr(node, "kind", ""), node.title, by, reason)


class ScriptedCall:
    """A caller who keys in what was written down, and then nothing more."""

    def __init__(self, imagined: Imagined) -> None:
        self._keys = list(imagined.keys)
        self._typed = ""
        self.asked: list[str] = []
        """What was keyed in at the present node."""
        self.id = "imagined"
        self.node = ""
        self.dialled = ""
        self.carrier = ""
        self.caller = imagined.caller
        self.arrived_at = imagined.at
        self.answered_at: datetime | None = None

    async def answer(self) -> None:
        self.answered_at = self.answered_at or self.arrived_at

    async def early_media(self) -> None:
        pass

    async def play(self, *_: object, **__: object) -> Played:
        return Played(None)

    async def collect(self, plan: CollectPlan) -> Collected:
        if not self._typed and self._keys:
            self._typed = self._keys.pop(0)
            if self._typed == "hangup":
                raise CallerGone
        typed, self._typed = self._typed, ""
        digits, ended_by = "", CollectEnd.TIMEOUT
        for place, key in enumerate(typed):
            if key == plan.terminator:
                ended_by = CollectEnd.TERMINATOR
                self._typed = typed[place + 1 :]
                break
            digits += key
            if len(digits) == plan.max_digits:
                ended_by = CollectEnd.FULL
                self._typed = typed[place + 1 :].removeprefix(plan.terminator)
                break
        self.asked.append(digits)
        return Collected(digits, ended_by)

    async def hangup(self, *_: object) -> None:
        pass


class _Standing:
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


class _Silence:
    """No sounds: nothing is heard of an imagined call."""

    def of(self, content_hash: str) -> None:
        del content_hash

    def get(self, key: str) -> None:
        del key

    def phrase(self, text: str) -> None:
        del text

    def whisper_for(self, province: str, city: str) -> tuple[()]:
        del province, city
        return ()


class _Nowhere:
    """No requests: what would come of them is assumed."""

    async def ask(self, question: object) -> None:
        del question
