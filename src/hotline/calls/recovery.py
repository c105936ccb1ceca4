"""Calls that a controller left behind: taken up again, or their records completed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from hotline.calls.admission import Rule
from hotline.calls.announcements import FAREWELLS
from hotline.calls.call_log import CallLog
from hotline.calls.context import CallContext, Over
from hotline.calls.events import (
    Arrived,
    Connected,
    Dialling,
    Ended,
    Event,
    Exhausted,
    Failed,
    LegEnded,
    NodeEntered,
    Refused,
    Resumed,
)
from hotline.calls.facts import Destination, Facts, ForwardingGroup, HotlineSettings
from hotline.calls.forward import Forward
from hotline.calls.goals import Goal, TalkOver, ToQueue
from hotline.calls.parts import Parts
from hotline.calls.repository import StoredCall
from hotline.calls.script import CallScript, arrival, arrived, dialled_forms
from hotline.calls.steps.reaching import ANSWERED, forwarded, talked
from hotline.calls.talk_recovery import OURS, close_lost_legs, resume_talk, sent_to
from hotline.calls.waiting import wait_under_way
from hotline.flows.compiler import FAILED, GROUP, flow_of
from hotline.flows.deciding import CallerListNode
from hotline.flows.graph import Node
from hotline.flows.reaching import ExtensionNode, GroupNode, QueueNode
from hotline.kit.ids import call_id_of
from hotline.kit.numbers import PhoneNumber
from hotline.telephony.port import (
    Attempt,
    CallerGone,
    Cause,
    JournalEntry,
    LegResult,
    Party,
    PhoneTarget,
    Room,
    Survivor,
)


@dataclass(frozen=True, slots=True)
class _Past:
    """What the events say about a call's forwarding so far."""

    dialled: tuple[Dialling, ...]
    over: dict[int, LegEnded]

    @staticmethod
    def of(events: Sequence[Event]) -> _Past:
        return _Past(
            tuple(event for event in events if isinstance(event, Dialling)),
            {event.leg: event for event in events if isinstance(event, LegEnded)},
        )

    @property
    def legs(self) -> int:
        return max((dialling.leg for dialling in self.dialled), default=0)

    @property
    def current(self) -> Dialling | None:
        """The leg that was under way."""
        under_way = (one for one in reversed(self.dialled) if one.leg not in self.over)
        return next(under_way, None)


class Recovery:
    """Works on calls of one switch node; never on those of another. Raises DatabaseAway."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ------------------------------------------------------------ calls that go on

    async def keep_places(self, survivors: Sequence[Survivor], node: str) -> None:
        """Let go of the agents who rang, and put callers who waited back into their places; all of
        them before any is resumed. Raises DatabaseAway."""
        waiting = [one for one in survivors if one.room is None and one.connecting is None]
        calls = [call_id_of(survivor.call.id) for survivor in waiting]
        await self._parts.repository.take_up(calls, node, self._parts.clock.now())

    async def resume(self, survivor: Survivor) -> None:
        """Carry a surviving call to its end. Raises DatabaseAway, SwitchDown."""
        call = survivor.call
        stored = await self._parts.repository.stored(call_id_of(call.id))
        if stored.ended:
            with suppress(CallerGone):
                await call.hangup()
            return
        area = self._parts.areas.get(call.carrier)
        facts = await self._parts.repository.facts(dialled_forms(call.dialled, area))
        log = self._parts.ledger.open(stored.call_id, stored.events)
        script = CallScript(self._parts, call, log)
        if survivor.connecting is None and not _was_admitted(stored):
            await script.run()
            return
        if facts is None:
            await script.apologise("hotline_gone")
            return
        log.append(arrived(call, self._parts.caller(call.caller, call.carrier), facts))
        log.append(Resumed(at=self._parts.clock.now(), phase=survivor.phase.value))
        if survivor.connecting is None:
            await self._go_on_waiting(script, survivor, stored, facts, log)
        else:
            await self._adopt(script, survivor, stored, facts, log)

    async def _go_on_waiting(
        self, script: CallScript, survivor: Survivor, stored: StoredCall, facts: Facts, log: CallLog
    ) -> None:
        refused = next((event for event in stored.events if isinstance(event, Refused)), None)
        if refused is not None:
            await script.farewell(FAREWELLS[Rule(refused.rule)])
            return
        self._note_attempts(log, stored, survivor.call.attempts())
        ctx = script.context(facts)
        ctx.remember()
        await close_lost_legs(ctx, survivor.room)
        place = place_of(log.events, facts.settings)
        node = script.node_at(ctx, place)
        talked_here = _talked_since_node(log.events)
        waits = wait_under_way(ctx)
        if survivor.room is not None:
            await script.go_on(ctx, place, partial(_talk_on, survivor.room))
        elif talked_here and waits is not None:
            await script.go_on(ctx, place, partial(_send_on, ToQueue(waits.queue_id)))
        elif (goal := sent_to(ctx)) is not None:
            await script.go_on(ctx, place, partial(_send_on, goal))
        elif not isinstance(node, GroupNode | ExtensionNode | QueueNode | CallerListNode):
            await script.go_on(ctx, place)
        elif talked_here:
            await script.go_on(ctx, place, _talk_is_over)
        elif isinstance(node, GroupNode):
            await script.go_on(ctx, place, self._forward_on)
        else:
            await script.go_on(ctx, place)

    async def _adopt(
        self, script: CallScript, survivor: Survivor, stored: StoredCall, facts: Facts, log: CallLog
    ) -> None:
        assert survivor.connecting is not None  # noqa: S101 - the caller looked
        connecting = survivor.connecting
        attempts = survivor.call.attempts()
        current = _Past.of(stored.events).current
        leg = current.leg if current is not None else _Past.of(stored.events).legs + 1
        ctx = script.context(facts)
        ctx.remember()

        async def adopt(ctx: CallContext, node: Node | None) -> str:
            group = _group_of(ctx, node)
            destination, trunk = self._under_way(stored, facts, group, current, attempts)
            forward = Forward(ctx, group)
            self._tell_the_past(forward, log, destination.id)
            return await forwarded(
                ctx, forward, partial(forward.adopt, destination, trunk, leg, connecting)
            )

        await script.go_on(ctx, place_of(log.events, facts.settings), adopt)

    async def _forward_on(self, ctx: CallContext, node: Node | None) -> str:
        """Try those destinations that the other controller had not tried."""
        forward = Forward(ctx, _group_of(ctx, node))
        self._tell_the_past(forward, ctx.log, None)
        await forward.claim_next()
        return await forwarded(ctx, forward, forward.run)

    @staticmethod
    def _tell_the_past(forward: Forward, log: CallLog, current: UUID | None) -> None:
        past = _Past.of(log.events)
        ids = {one.destination_id for one in past.dialled if one.destination_id is not None}
        results = [over.result for over in past.over.values()]
        forward.already_tried(ids - {current}, results, past.legs)

    @staticmethod
    def _under_way(
        stored: StoredCall,
        facts: Facts,
        group: ForwardingGroup | None,
        current: Dialling | None,
        attempts: Sequence[Attempt],
    ) -> tuple[Destination, str]:
        """The destination that the switch was calling, and the carrier."""
        target = attempts[-1].target if attempts else None
        number = target.number if isinstance(target, PhoneTarget) else ""
        trunk = target.trunk if isinstance(target, PhoneTarget) else ""
        if current is not None:
            number, trunk = number or current.target, trunk or current.trunk
        wanted = current.destination_id if current is not None else stored.claimed
        members = group.members if group else ()
        for member in members:
            if member.id == wanted or (wanted is None and member.number == number):
                return member, trunk or (facts.trunks[0] if facts.trunks else "")
        # It has been taken out of the group meanwhile.
        return Destination(wanted or UUID(int=0), number, approved=True, ring_timeout=25), trunk

    # ------------------------------------------------------------ calls that are over

    async def complete(self, entries: Sequence[JournalEntry]) -> None:
        """Complete the records of these ended calls where they are not. Raises DatabaseAway."""
        by_id = {call_id_of(entry.channel_id): entry for entry in entries}
        complete = await self._parts.repository.ended_among(list(by_id))
        for call_id, entry in by_id.items():
            if call_id not in complete:
                await self._complete(call_id, entry)

    async def _complete(self, call_id: UUID, entry: JournalEntry) -> None:
        stored = await self._parts.repository.stored(call_id)
        log = self._parts.ledger.open(call_id, stored.events)
        if not log.has(Arrived.type):
            area = self._parts.areas.get(entry.carrier)
            facts = await self._parts.repository.facts(dialled_forms(entry.dialled, area))
            caller = self._parts.caller(entry.caller, entry.carrier)
            log.append(_arrival_of(entry, caller, facts))
        if not entry.served:
            log.append(Failed(at=entry.arrived_at, cause="no_controller"))
        if entry.attempt is not None:
            self._note_attempts(log, stored, [entry.attempt], entry.ended_at)
            if entry.ended_by is Party.SYSTEM and entry.attempt.answered_at is None:
                log.append(Exhausted(at=entry.ended_at, reason=entry.attempt.result.value))
        log.append(
            Ended(
                at=entry.ended_at,
                by=entry.ended_by,
                cause=entry.cause,
                answered_at=entry.answered_at,
            )
        )

    async def bury(self, call_id: UUID, switch_seen_at: datetime | None) -> None:
        """End a call that left neither a channel nor a journal entry. Raises DatabaseAway.

        ``switch_seen_at`` is when its switch was last known to work: as long it went on.
        """
        stored = await self._parts.repository.stored(call_id)
        if stored.ended or not stored.events:
            return
        log = self._parts.ledger.open(call_id, stored.events)
        last = max(event.at for event in stored.events)
        if switch_seen_at is not None:
            last = max(last, switch_seen_at)
        log.append(Failed(at=last, cause="switch_lost"))
        log.append(Ended(at=last, by=Party.SYSTEM, cause=int(Cause.NETWORK_FAILURE)))

    def _note_attempts(
        self,
        log: CallLog,
        stored: StoredCall,
        attempts: Sequence[Attempt],
        over_at: datetime | None = None,
    ) -> None:
        """Keep the last attempt that the switch knows of, if the events do not have its end."""
        past = _Past.of(log.events)
        attempts = [one for one in attempts if isinstance(one.target, PhoneTarget)]
        if not attempts or (past.dialled and past.dialled[-1].kind in OURS):
            return  # what controllers command, they note themselves
        attempt, current = attempts[-1], past.current
        if current is None and past.dialled and _same(past.dialled[-1], attempt):
            return
        leg = current.leg if current is not None else past.legs + 1
        target = attempt.target
        log.append(
            Dialling(
                at=attempt.dialled_at,
                leg=leg,
                destination_id=stored.claimed,
                target=target.number if isinstance(target, PhoneTarget) else target.account,
                trunk=target.trunk if isinstance(target, PhoneTarget) else "",
            )
        )
        ended_at = attempt.ended_at or over_at or self._parts.clock.now()
        if attempt.result is LegResult.ANSWERED and attempt.answered_at is not None:
            log.append(
                Connected(
                    at=attempt.answered_at,
                    leg=leg,
                    ringing_at=attempt.ringing_at,
                    recording=self._recording(log.call_id),
                )
            )
        log.append(
            LegEnded(
                at=ended_at,
                leg=leg,
                result=attempt.result,
                sip_code=attempt.sip_code,
                cause=attempt.cause,
                ringing_at=attempt.ringing_at,
                answered_at=attempt.answered_at,
            )
        )

    def _recording(self, call_id: UUID) -> str | None:
        path = self._parts.spool / f"{call_id}.wav"
        return path.name if path.exists() else None


def _same(dialling: Dialling, attempt: Attempt) -> bool:
    """Whether the event speaks of this attempt; the switch's own notes know whole seconds only."""
    target = attempt.target
    apart = abs((dialling.at - attempt.dialled_at).total_seconds())
    return (
        isinstance(target, PhoneTarget)
        and (target.number, target.trunk) == (dialling.target, dialling.trunk)
        and apart < 2
    )


def place_of(events: Sequence[Event], settings: HotlineSettings) -> str:
    """The node that a call had come to."""
    entered = [event for event in events if isinstance(event, NodeEntered)]
    if entered:
        return max(entered, key=lambda event: event.place).node
    if settings.flow_id is not None:  # published after the call had begun
        return flow_of(settings).start
    return FAILED if any(isinstance(event, Exhausted) for event in events) else GROUP


def _talked_since_node(events: Sequence[Event]) -> bool:
    """Whether there has been a conversation at the node that the call is at."""
    entered = max((e.at for e in events if isinstance(e, NodeEntered)), default=None)
    talks = (event.at for event in events if isinstance(event, Connected))
    return any(entered is None or at >= entered for at in talks)


async def _talk_on(room: Room, ctx: CallContext, _: Node | None) -> str:
    """The caller talks to agents."""
    return await talked(ctx, await resume_talk(ctx, room))


async def _send_on(goal: Goal, ctx: CallContext, _: Node | None) -> str:
    """An agent has sent the caller on, who has not arrived."""
    now = ctx.parts.clock.now()
    over = TalkOver(by=Party.CALLEE, cause=int(Cause.NORMAL), at=now, onward=goal)
    return await talked(ctx, over)


async def _talk_is_over(ctx: CallContext, _: Node | None) -> str:
    ctx.over = Over(Party.CALLEE, int(Cause.NORMAL))
    return ANSWERED


def _group_of(ctx: CallContext, node: Node | None) -> ForwardingGroup | None:
    groups = ctx.facts.settings.material.groups
    return groups.get(node.group) if isinstance(node, GroupNode) else None


def _was_admitted(stored: StoredCall) -> bool:
    """Whether a controller had decided about the call, so that there is a point to go on from."""
    decided = (Refused, NodeEntered, Dialling, Exhausted, Connected)
    return any(isinstance(event, decided) for event in stored.events)


def _arrival_of(entry: JournalEntry, caller: PhoneNumber, facts: Facts | None) -> Arrived:
    return arrival(
        facts,
        caller,
        at=entry.arrived_at,
        channel_id=entry.channel_id,
        node=entry.node,
        trunk=entry.carrier,
        dialled=entry.dialled,
        raw=entry.caller,
    )
