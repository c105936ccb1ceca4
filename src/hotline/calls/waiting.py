"""A caller waits in a queue: music and words, keys, agents rung in turn, until one answers.

The place in line is a row of the database, so it outlives this controller. While the database is
away the caller waits on; while an agent rings, or after one did not answer, the place is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import structlog

from hotline.calls.asking_callback import GoneForCallback, arrange_callback
from hotline.calls.comfort import Comfort
from hotline.calls.context import CallContext
from hotline.calls.events import AgentOffered, QueueEntered, QueueLeft
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.placed_call import PlacedCall
from hotline.calls.race import first_of
from hotline.calls.vips import note_vip
from hotline.db.direct import DatabaseAway
from hotline.kit.ids import derived_id
from hotline.queues.floor import Attention, Floor
from hotline.queues.rules import SkillStep
from hotline.queues.settings import Exit, Overflow, OverflowKind, QueueSettings
from hotline.queues.store import EntryState, NewEntry
from hotline.telephony.port import CallerGone, SwitchDown

log = structlog.get_logger(__name__)

ABANDONED: Final = "abandoned"
"""The reason of a wait that the caller ended by hanging up."""
FAILED: Final = "failed"
"""The reason of a wait that an error of ours ended."""
MOST_OVERFLOWS: Final = 5
"""Queues that overflow into each other hand a caller on no more often than this."""
_RETRY_EVERY: Final = 1.0


class Taken(Protocol):
    """An agent took the call and waits to be put through."""

    @property
    def agent_id(self) -> UUID: ...

    async def talk(self) -> TalkOver:
        """Put through and wait until the talk is over. Raises CallerGone, SwitchDown."""


class Ringer(Protocol):
    """Rings agents who were claimed for the call, until the first takes it.

    What the agents' presence must learn (answered, missed, released, wrap-up) it tells it.
    Cancelling it lets all of them go. Raises CallerGone, SwitchDown.
    """

    async def __call__(
        self, ctx: CallContext, agents: Sequence[UUID], queue: QueueSettings, since: datetime
    ) -> Taken | AgentMissed:
        """``since``: from when on the caller has waited."""


@dataclass(frozen=True, slots=True)
class WaitOver:
    """How it ended for a caller who is still there, or has talked."""

    exit: Exit
    queue_id: UUID
    """The last queue, where one overflowed into another."""
    talk: TalkOver | None = None
    """For ANSWERED."""
    overflow: Overflow | None = None
    """What the queue's settings say comes next, never another queue; None: nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for this caller in particular."""

    priority: int = 0
    """More comes first."""
    skills: Sequence[SkillStep] | None = None
    """None: those that the queue asks for."""
    after_others: frozenset[UUID] = frozenset()
    """Agents who are chosen when there is nobody else: they have just sent the caller away."""


PLAIN: Final = Wish()


async def wait_in_queue(
    ctx: CallContext,
    queue_id: UUID,
    ring: Ringer,
    wish: Wish = PLAIN,
) -> WaitOver:
    """Wait there, and in the queues that it overflows to. Raises CallerGone, SwitchDown.

    A call that another controller left waiting goes on in its old place.
    """
    for _ in range(MOST_OVERFLOWS):
        over = await _wait_once(ctx, queue_id, ring, wish)
        overflow = over.overflow
        if overflow is None or overflow.kind is not OverflowKind.QUEUE or overflow.id is None:
            return over
        queue_id = overflow.id
    return replace(over, overflow=None)


def wait_under_way(ctx: CallContext) -> QueueEntered | None:
    """The wait that the call's events do not see the end of."""
    left = {event.visit for event in ctx.log.events if isinstance(event, QueueLeft)}
    entered = [event for event in ctx.log.events if isinstance(event, QueueEntered)]
    return next((event for event in reversed(entered) if event.visit not in left), None)


async def _wait_once(
    ctx: CallContext,
    queue_id: UUID,
    ring: Ringer,
    wish: Wish,
) -> WaitOver:
    floor = ctx.parts.floor
    if floor is None:
        return WaitOver(Exit.UNAVAILABLE, queue_id)
    try:
        queue = await floor.settings(queue_id)
    except DatabaseAway:
        queue = QueueSettings(id=queue_id, enterprise_id=ctx.facts.settings.enterprise_id, name="")
    if queue is None:
        return WaitOver(Exit.UNAVAILABLE, queue_id)
    if await note_vip(ctx, queue):
        wish = replace(wish, priority=max(wish.priority, queue.vip_priority))
    if not isinstance(ctx.call, PlacedCall):  # who was called is not one of the queue's callers
        ctx.notice_recording(also=queue.recording)
        await ctx.say_pending()
    return await QueueWait(ctx, floor, queue, ring, wish).run()


class QueueWait:
    """One caller in one queue."""

    def __init__(
        self,
        ctx: CallContext,
        floor: Floor,
        queue: QueueSettings,
        ring: Ringer,
        wish: Wish,
    ) -> None:
        self._ctx = ctx
        self._floor = floor
        self._queue = queue
        self._ring = ring
        self._wish = wish
        self._clock = ctx.parts.clock
        before = wait_under_way(ctx)
        if before is not None and before.queue_id == queue.id:
            self._visit, self._since = before.visit, before.at
        else:
            visits = [one.visit for one in ctx.log.events if isinstance(one, QueueEntered)]
            self._visit, self._since = max(visits, default=0) + 1, self._clock.now()
        self._entry = derived_id("queue_entry", str(ctx.log.call_id), str(self._visit))
        self._nobody_rings = asyncio.Event()
        self._called_back = False
        self._comfort = Comfort(ctx, floor.store, queue, self._entry)

    async def run(self) -> WaitOver:
        """Raises CallerGone, SwitchDown."""
        await self._ctx.call.answer()
        self._ctx.log.append(
            QueueEntered(
                at=self._since,
                visit=self._visit,
                queue_id=self._queue.id,
                priority=self._wish.priority,
            )
        )
        try:
            with self._floor.attending(self._entry, self._queue.enterprise_id) as attention:
                outcome = await self._wait(attention)
        except (SwitchDown, asyncio.CancelledError):
            # The switch may keep the caller for us, or for the controller after us.
            await self._write(partial(self._floor.set_aside, self._entry))
            raise
        except CallerGone:
            await self._left(Exit.CALLBACK if self._called_back else ABANDONED)
            raise
        except Exception:
            await self._left(FAILED)
            raise
        if isinstance(outcome, Exit):
            await self._left(outcome)
            overflow = self._queue.overflow.get(outcome)
            return WaitOver(outcome, self._queue.id, overflow=overflow)
        await self._left(Exit.ANSWERED, outcome.agent_id)
        return WaitOver(Exit.ANSWERED, self._queue.id, talk=await outcome.talk())

    # ------------------------------------------------------------ the wait

    async def _wait(self, attention: Attention) -> Taken | Exit:
        """Until it is over for this caller here, who may go on being called back."""
        while True:
            outcome = await first_of(
                self._in_line(attention), self._comfort.until_key(), self._time_is_up()
            )
            if outcome is not Exit.CALLBACK or await self._arrange_callback():
                return outcome

    async def _arrange_callback(self) -> bool:
        """False: there is no number to call, or nobody to write it down; the wait goes on."""
        store = self._floor.store
        try:
            self._called_back = await arrange_callback(self._ctx, store, self._entry)
        except GoneForCallback:
            self._called_back = True
            raise
        except DatabaseAway as away:
            log.warning("callback_not_noted", error=away.detail)
        return self._called_back

    async def _in_line(self, attention: Attention) -> Taken | Exit:
        """Until an agent takes the call, or there is no point in waiting."""
        refused = await self._enter()
        if refused is not None:
            return refused
        while True:
            self._floor.decide(self._queue.enterprise_id)
            offer = await self._offer(attention)
            if offer is None:
                if attention.deserted:
                    return Exit.NOBODY
                continue
            attention.deserted = False
            self._comfort.rings = True
            try:
                result = await self._let_ring(offer.offered_to)
            finally:
                self._comfort.rings = False
            if not isinstance(result, AgentMissed):
                return result
            await self._back_in_line(offer, result)
            self._nobody_rings.set()

    async def _back_in_line(self, offer: EntryState, missed: AgentMissed) -> None:
        """Where the agents' misses could not be noted, which would have done it."""
        tried, now = list(missed.results), self._clock.now()
        again = partial(self._floor.store.wait_on, self._entry, tried, now, offer.offered_at)
        await self._floor.settle(again)

    async def _time_is_up(self) -> Exit:
        if self._queue.max_wait is None:
            await asyncio.Event().wait()
        waited = (self._clock.now() - self._since).total_seconds()
        await self._clock.sleep((self._queue.max_wait or 0) - waited)
        while self._comfort.rings:  # somebody may be reaching for the phone
            self._nobody_rings.clear()
            await self._nobody_rings.wait()
        return Exit.TIMEOUT

    async def _enter(self) -> Exit | None:
        """Stand in line, as soon as the database lets us; what speaks against it."""
        facts = self._ctx.facts.settings
        entry = NewEntry(
            id=self._entry,
            enterprise_id=self._queue.enterprise_id,
            queue_id=self._queue.id,
            call_id=self._ctx.log.call_id,
            hotline_id=facts.hotline_id,
            caller=self._ctx.caller.digits,
            node=self._ctx.call.node,
            priority=self._wish.priority,
            skills=self._wish.skills,
            tried=self._wish.after_others,
        )
        while True:
            try:
                entered = await self._floor.store.enter(entry, self._queue, self._since)
            except DatabaseAway as away:
                log.warning("queue_waits_for_database", error=away.detail)
                await self._clock.sleep(_RETRY_EVERY)
                continue
            if entered.since is None:
                return Exit(entered.outcome)
            self._since = entered.since
            return None

    async def _offer(self, attention: Attention) -> EntryState | None:
        """Wait until agents are claimed for the caller; None: look again."""
        await attention.wait()
        try:
            state = await self._floor.store.state(self._entry)
        except DatabaseAway:
            await self._clock.sleep(_RETRY_EVERY)
            return None
        attention.clear()
        if state is None or state.state in ("left", "answered"):
            # Taken for lost while the database could not be reached: stand in line again.
            await self._enter()
            return None
        return state if state.state == "offered" else None

    # ------------------------------------------------------------ agents ring

    async def _let_ring(self, agents: tuple[UUID, ...]) -> Taken | AgentMissed:
        offers = sum(isinstance(event, AgentOffered) for event in self._ctx.log.events)
        self._ctx.log.append(
            AgentOffered(
                at=self._clock.now(),
                offer=offers + 1,
                visit=self._visit,
                queue_id=self._queue.id,
                agent_id=agents[0],
                agents=len(agents),
            )
        )
        return await self._ring(self._ctx, agents, self._queue, self._since)

    # ------------------------------------------------------------ the end

    async def _left(self, reason: str, agent_id: UUID | None = None) -> None:
        now = self._clock.now()
        self._ctx.log.append(
            QueueLeft(
                at=now,
                visit=self._visit,
                queue_id=self._queue.id,
                reason=str(reason),
                waited_ms=self._waited_ms(now),
                agent_id=agent_id,
            )
        )
        await self._write(partial(self._floor.store.leave, self._entry, agent_id, str(reason), now))

    async def _write(self, what: Callable[[], Awaitable[object]]) -> None:
        """Whatever happens to the call meanwhile: an agent must not be kept from the next."""
        await asyncio.shield(self._floor.settle(what))

    def _waited_ms(self, now: datetime) -> int:
        return max(0, round((now - self._since).total_seconds() * 1000))
