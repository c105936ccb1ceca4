"""Forwarding one call: destinations in turn, carriers in turn, until one talks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from hotline.calls.context import CallContext
from hotline.calls.events import (
    Arrived,
    Connected,
    Dialling,
    Exhausted,
    LegEnded,
    Ringing,
)
from hotline.calls.facts import CallerIdMode, Destination, ForwardingGroup
from hotline.calls.forwarded_talk import ForwardedTalk
from hotline.calls.forwarding import pick, preference, trunk_failed
from hotline.calls.reached import Reached
from hotline.db.direct import DatabaseAway
from hotline.telephony import port
from hotline.telephony.port import (
    Attempt,
    CallerId,
    ConnectPlan,
    Ended,
    LegResult,
    Media,
    MediaMissing,
    NotAnswered,
    PhoneTarget,
    RecordSpec,
)


class Forward:
    """The state of one call's forwarding and its loop."""

    def __init__(self, ctx: CallContext, group: ForwardingGroup | None) -> None:
        """What is pending in ``ctx`` is said when the first destination is called."""
        self._ctx = ctx
        self._parts = ctx.parts
        self._call = ctx.call
        self._log = ctx.log
        self._settings = ctx.facts.settings
        self._group = group
        self._trunks = ctx.facts.trunks
        self.claimed: Destination | None = None
        """The destination held for this call, to be tried next."""
        self.taker: Reached | None = None
        """The supervisor to whom the caller talks next, after :meth:`run` has ended."""
        self._tried: set[UUID] = set()
        self._results: list[LegResult] = []
        self._leg = ctx.next_leg() - 1
        self._target: tuple[Destination, str] | None = None
        self._last: Attempt | None = None
        self._seen = 0
        self._announcer = ctx.announcer
        self._arrived = next(event for event in ctx.log.events if isinstance(event, Arrived))
        self._record: RecordSpec | None = None
        if self._settings.recording:
            self._record = RecordSpec(self._parts.spool / f"{self._log.call_id}.wav")

    async def run(self) -> Ended | None:
        """Forward the call. None: nobody could be reached. Raises CallerGone, SwitchDown."""
        while self.claimed is not None and self._trunks:
            destination = self.claimed
            connected = await self._try(destination)
            if connected is not None:
                return await self.talk(connected)
            self._tried.add(destination.id)
            await self.claim_next()
        self._log.append(Exhausted(at=self._parts.clock.now(), reason=self._why()))
        return None

    async def adopt(
        self,
        destination: Destination,
        trunk: str,
        leg: int,
        connecting: Callable[[], Awaitable[port.Connected | NotAnswered]],
    ) -> Ended | None:
        """Go on from a ``connect`` that another controller started. Raises as :meth:`run`."""
        self._leg, self._target = leg, (destination, trunk)
        self._seen = sum(attempt.ended_at is not None for attempt in self._call.attempts())
        connected = self._outcome(await connecting())
        if connected is not None:
            return await self.talk(connected)
        self._tried.add(destination.id)
        await self.claim_next()
        return await self.run()

    def already_tried(self, destinations: set[UUID], results: list[LegResult], legs: int) -> None:
        """What was done for the call before this controller took it over."""
        self._tried |= destinations
        self._results += results
        self._leg = max(self._leg, legs)

    # ------------------------------------------------------------ one destination

    async def _try(self, destination: Destination) -> port.Connected | None:
        for trunk in self._parts.trunks(self._trunks):
            self._leg += 1
            self._target = (destination, trunk)
            connected = self._outcome(await self._connect(destination, trunk))
            if connected is not None:
                return connected
            if not self._worth_another_trunk():
                break
        return None

    async def _connect(self, destination: Destination, trunk: str) -> port.Connected | NotAnswered:
        leg = self._leg
        opening = self._ctx.take_pending()
        self._seen = len(self._call.attempts())

        # As the switch timed it: what it says of the leg later must not come out earlier.
        async def dialling() -> None:
            attempt = self._under_way()
            self._dialling(attempt.dialled_at if attempt else self._parts.clock.now())

        async def ringing() -> None:
            attempt = self._under_way()
            at = attempt.ringing_at if attempt else None
            self._log.append(Ringing(at=at or self._parts.clock.now(), leg=leg))

        plan = self._plan(destination, trunk, opening)
        try:
            return await self._call.connect(plan, on_dialling=dialling, on_ringing=ringing)
        except MediaMissing:
            self._announcer.skipped("greeting")
            plan = self._plan(destination, trunk, [])
            return await self._call.connect(plan, on_dialling=dialling, on_ringing=ringing)

    def _plan(self, destination: Destination, trunk: str, opening: list[Media]) -> ConnectPlan:
        settings, arrived = self._settings, self._arrived
        whisper: list[Media] = []
        if settings.whisper:
            whisper = self._announcer.whisper(arrived.province, arrived.city)
        shows_caller = settings.caller_id_mode is CallerIdMode.CALLER and arrived.caller
        return ConnectPlan(
            target=PhoneTarget(destination.number, trunk),
            ring_timeout=destination.ring_timeout,
            caller_id=CallerId(arrived.caller if shows_caller else settings.number),
            before=opening,
            whisper=whisper,
            record=self._record,
        )

    # ------------------------------------------------------------ what came of it

    def _outcome(self, result: port.Connected | NotAnswered) -> port.Connected | None:
        self._last = result.attempts[-1] if result.attempts else None
        if self._last is not None and self._target is not None:
            self._parts.note_attempt(self._target[1], self._last)
        if not isinstance(result, NotAnswered):
            self._dialling(result.answered.dialled_at)
            return result
        if self._last is not None:
            self._note(self._last)
            self._results.append(self._last.result)
        return None

    async def talk(self, connected: port.Connected) -> Ended:
        """Until the conversation is over. Raises SwitchDown."""
        attempt = connected.answered
        self._log.append(
            Connected(
                at=attempt.answered_at or self._parts.clock.now(),
                leg=self._leg,
                answered_at=self._call.answered_at,
                ringing_at=attempt.ringing_at,
                recording=self._record.path.name if self._record else None,
            )
        )
        talk = ForwardedTalk(self._ctx, self._leg, connected)
        with talk.attended():
            ended = await connected.ended()
            talk.ended(ended)
        self.taker = talk.taker
        self._note(ended.attempt, ended)
        return ended

    def note_attempts(self) -> None:
        """Keep what is known of an attempt that the caller's hang-up cut short."""
        attempt = self._under_way()
        if attempt is not None:
            self._note(attempt)

    def _under_way(self) -> Attempt | None:
        """What the switch knows of the attempt that was begun last."""
        attempts = self._call.attempts()
        return attempts[-1] if len(attempts) > self._seen else None

    def _dialling(self, at: datetime) -> None:
        if self._target is None:
            return
        destination, trunk = self._target
        self._log.append(
            Dialling(
                at=at,
                leg=self._leg,
                destination_id=destination.id,
                target=destination.number,
                trunk=trunk,
            )
        )

    def _note(self, attempt: Attempt, ended: Ended | None = None) -> None:
        self._dialling(attempt.dialled_at)
        over = attempt.ended_at or (ended.at if ended else None)
        self._log.append(
            LegEnded(
                at=over or self._parts.clock.now(),
                leg=self._leg,
                result=attempt.result,
                sip_code=attempt.sip_code,
                cause=attempt.cause,
                ringing_at=attempt.ringing_at,
                answered_at=attempt.answered_at,
            )
        )

    def _worth_another_trunk(self) -> bool:
        return self._last is None or trunk_failed(self._last)

    def _why(self) -> str:
        for result in (LegResult.NO_ANSWER, LegResult.BUSY, LegResult.REJECTED):
            if result in self._results:
                return result.value
        if self._results or self._tried:
            return LegResult.UNREACHABLE.value
        if not preference(self._group, (), self._parts.random).candidates:
            return "no_destination"
        return "all_busy" if self._trunks else "no_trunk"

    # ------------------------------------------------------------ whom next

    async def claim_next(self) -> None:
        """Claim the next destination that this call has not tried; none: ``claimed`` is None."""
        wanted = preference(self._group, self._tried, self._parts.random)
        try:
            self.claimed = await self._parts.repository.claim(
                self._log.call_id,
                self._call.node,
                self._group,
                wanted,
                self._parts.clock.now(),
            )
        except DatabaseAway:
            self.claim_from_memory()

    def claim_from_memory(self) -> None:
        """Choose the next destination without the database: caps of others' calls are unknown."""
        wanted = preference(self._group, self._tried, self._parts.random)
        self.claimed = pick(wanted, {}, self._parts.turns)
        if self.claimed is not None:
            self._parts.turns[self.claimed.id] += 1
