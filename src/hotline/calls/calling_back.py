"""Calls to customers who hung up and kept their place in a queue: an agent first, then they."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from hotline.calls.absent_customer import AbsentCustomer
from hotline.calls.announcements import Announcer
from hotline.calls.batch import call_header
from hotline.calls.consult import NUMBER_RING_TIMEOUT
from hotline.calls.context import CallContext
from hotline.calls.events import (
    Answered,
    Arrived,
    Direction,
    Ended,
    Exhausted,
    Failed,
    LegEnded,
    LegKind,
)
from hotline.calls.facts import Account, CallerIdMode, Facts, HotlineSettings
from hotline.calls.goals import AgentMissed
from hotline.calls.numbers_outside import may_be_called
from hotline.calls.outbound_call import (
    NO_HOTLINE,
    finish_outbound,
    placed_context,
    say_why,
    talk_with_customer,
)
from hotline.calls.oversight import overseen
from hotline.calls.parts import Parts
from hotline.calls.queue_ring import reach_for_queue
from hotline.calls.race import first_of
from hotline.calls.reached import Offer, Reached
from hotline.calls.ring import AgentRing, noted
from hotline.calls.talk import waiting_sound
from hotline.calls.vips import note_vip
from hotline.db.direct import DatabaseAway
from hotline.kit.numbers import PhoneNumber, parse_number
from hotline.queues.callbacks import Callback, CallbackStore, Circumstances
from hotline.queues.floor import Floor
from hotline.queues.settings import QueueSettings
from hotline.schedules.rules import is_open, next_opening
from hotline.telephony.port import (
    CallerGone,
    Cause,
    LegGone,
    LegResult,
    MediaMissing,
    Party,
    SwitchDown,
    TelephonyError,
)

log = structlog.get_logger(__name__)

ANSWERED: Final = "answered"
_SUSPENDED_FOR: Final = timedelta(minutes=10)
_AFTER_A_FAULT: Final = timedelta(seconds=15)
_NEVER_OPEN: Final = timedelta(days=1)


class Callbacks:
    """Calls back on this node; each call runs in a task of its own."""

    def __init__(self, parts: Parts, floor: Floor) -> None:
        self._parts = parts
        self._floor = floor
        self._calls: dict[UUID, asyncio.Task[None]] = {}

    def has(self, call_id: UUID) -> bool:
        return call_id in self._calls

    @property
    def calls_in_progress(self) -> int:
        return len(self._calls)

    async def serve(self, entry_id: UUID) -> bool:
        """Implements ``floor.CallBack``. Raises DatabaseAway."""
        callback = await self._floor.store.callbacks.offered(entry_id, self._floor.node)
        if callback is None:
            return False
        call_id = callback.call_id
        if call_id not in self._calls:
            call = CallbackCall(self._parts, self._floor, callback)
            self._calls[call_id] = task = asyncio.create_task(call.run(), name="callback")
            task.add_done_callback(lambda _: self._calls.pop(call_id, None))
        return True

    async def stop(self) -> None:
        """Let go of the calls; those who talk talk on in the switch."""
        tasks = set(self._calls.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class Cancelled(Exception):
    """Nobody is to be called any more, or another controller does it."""


@dataclass(frozen=True, slots=True)
class _Together:
    """Both have answered and are to be put through."""

    agent: Reached
    customer: Reached


class CallbackCall:
    """One try to bring a customer and an agent together."""

    def __init__(self, parts: Parts, floor: Floor, callback: Callback) -> None:
        self._parts = parts
        self._floor = floor
        self._store: CallbackStore = floor.store.callbacks
        self._callback = callback
        self._number: PhoneNumber = parse_number(callback.number)
        self._log = parts.ledger.open(callback.call_id)
        self._opened = False

    async def run(self) -> None:
        """Whatever goes wrong stays in this call, and the entry keeps its place."""
        try:
            await self._call_back()
        except Cancelled:
            self._over(Party.SYSTEM, "cancelled")
        except DatabaseAway as away:
            log.warning("callback_waits", error=away.detail)
            await self._put_back("interrupted", self._now() + _AFTER_A_FAULT)
        except (SwitchDown, asyncio.CancelledError):
            log.warning("callback_left_to_switch", call=str(self._callback.call_id))
            await self._put_back("interrupted", self._now() + _AFTER_A_FAULT)
        except Exception:
            log.exception("callback_failed", call=str(self._callback.call_id))
            if self._opened:
                self._log.append(Failed(at=self._now(), cause="internal_error"))
            self._over(Party.SYSTEM)
            await self._put_back("internal_error", self._now() + _SUSPENDED_FOR)

    async def _call_back(self) -> None:
        """Raises Cancelled, DatabaseAway, SwitchDown."""
        queue = await self._floor.settings(self._callback.queue_id)
        circumstances = await self._store.circumstances(self._callback)
        if queue is None or circumstances is None:
            await self._end("unavailable")
            return
        if circumstances.forbidden or not may_be_called(self._number.digits):
            await self._end("forbidden")
            return
        later = self._not_now(circumstances)
        if later is not None:
            await self._put_back(*later)
            return
        shown = circumstances.hotline or await self._agents_number()
        if shown is None:
            await self._cannot_be_shown_to(queue)
            return
        with self._floor.attending(self._callback.id, self._callback.enterprise_id) as attention:
            facts = await self._open(circumstances, shown)
            together = await first_of(
                self._bring_together(facts, queue), self._until_cancelled(attention)
            )
        if together is not None:
            await self._put_through(facts, together)

    # ------------------------------------------------------------ before it begins

    def _not_now(self, circumstances: Circumstances) -> tuple[str, datetime] | None:
        """Why the number is not called at this moment, and when to look again."""
        now, hours = self._now(), circumstances.hours
        account = Account(circumstances.active, circumstances.balance, circumstances.credit_limit)
        if not (account.active and self._parts.funds.covers(account)):
            return "suspended", now + _SUSPENDED_FOR
        if hours is not None and not is_open(
            hours["weekly"], hours["special_days"], hours["time_zone"], now
        ):
            opening = next_opening(hours["weekly"], hours["special_days"], hours["time_zone"], now)
            return "closed", opening or now + _NEVER_OPEN
        return None

    async def _agents_number(self) -> str | None:
        agents = await self._parts.talks.directory.by_ids(self._callback.agents)
        numbers = (agents[one].outbound_number for one in self._callback.agents if one in agents)
        return next((number for number in numbers if number is not None), None)

    async def _cannot_be_shown_to(self, queue: QueueSettings) -> None:
        """Tried again later, by others where there are any, and at last given up for that reason.

        Raises Cancelled, DatabaseAway.
        """
        reason = "no_number_to_show"
        log.warning("callback_without_number", entry=str(self._callback.id))
        if not await self._store.count_try(self._callback):
            raise Cancelled
        if self._callback.tries + 1 >= queue.callback_tries:
            await self._end(reason)
            return
        agents = list(self._callback.agents)
        await self._put_back(reason, self._now() + _pause(queue), tried=agents)

    async def _open(self, circumstances: Circumstances, shown: str) -> Facts:
        """Begin the call's record. Raises Cancelled, DatabaseAway."""
        callback, number, switch = self._callback, self._number, self._parts.talks.switch
        arrived = Arrived(
            at=self._now(),
            channel_id=str(callback.call_id),
            node=switch.node,
            trunk="",
            dialled=number.digits,
            caller=shown,
            caller_raw=shown,
            province=number.province or "",
            city=number.city or "",
            caller_carrier=number.carrier or "",
            enterprise_id=callback.enterprise_id,
            direction=Direction.OUTBOUND,
            agent_id=callback.agents[0] if len(callback.agents) == 1 else None,
            callback_of=callback.asked_in,
        )
        if not await self._store.begin(
            callback, switch.node, call_header(callback.call_id, arrived)
        ):
            raise Cancelled
        self._opened = True
        self._log.append(arrived)
        settings = HotlineSettings(
            hotline_id=NO_HOTLINE,
            enterprise_id=callback.enterprise_id,
            number=shown,
            version=0,
            caller_id_mode=CallerIdMode.HOTLINE,
        )
        account = Account(True, circumstances.balance, circumstances.credit_limit)
        return Facts(settings, account, 0, circumstances.trunks)

    async def _until_cancelled(self, attention: asyncio.Event) -> None:
        """Raises Cancelled as soon as the entry is not ours any more."""
        while True:
            await attention.wait()
            attention.clear()
            with suppress(DatabaseAway):
                current = await self._store.offered(self._callback.id, self._floor.node)
                if current is None or current.call_id != self._callback.call_id:
                    raise Cancelled

    # ------------------------------------------------------------ the agent, then the customer

    async def _bring_together(self, facts: Facts, queue: QueueSettings) -> _Together | None:
        """None: it came to nothing and is noted. Raises Cancelled, DatabaseAway, SwitchDown."""
        callback = self._callback
        absent = AbsentCustomer(
            self._parts.talks.switch,
            callback.call_id,
            dialled=facts.settings.number,
            caller=self._number.digits,
            since=self._now(),
        )
        announcer = Announcer(self._parts, self._log)
        ctx = CallContext(self._parts, absent, self._log, facts, self._number, announcer)
        await note_vip(ctx, queue)
        agent = await reach_for_queue(ctx, callback.agents, queue, callback.since, callback=True)
        if isinstance(agent, AgentMissed):
            self._over(Party.SYSTEM, "agent_no_answer")
            await self._put_back("agent_no_answer", None, tried=list(agent.results))
            return None
        try:
            return await self._customer_for(agent, facts, queue)
        except CallerGone as gone:
            await self._agent_leaves(agent, gone.cause)
            self._over(Party.CALLER)
        except BaseException:
            await self._agent_leaves(agent)
            raise
        await self._put_back("agent_left", self._now() + _pause(queue), queue=queue)
        return None

    async def _customer_for(
        self, agent: Reached, facts: Facts, queue: QueueSettings
    ) -> _Together | None:
        """Raises CallerGone: the agent hung up meanwhile. Raises Cancelled too."""
        self._log.append(Answered(at=self._now(), leg=agent.number, line=agent.leg.id))
        ctx = placed_context(
            self._parts, self._log, facts, agent.leg, number=self._number, attempt=agent.attempt
        )
        if agent.offer.whisper:
            with suppress(MediaMissing):
                await ctx.call.play(agent.offer.whisper)
        if not await self._store.count_try(self._callback):
            raise Cancelled
        offer = Offer(kind=LegKind.CUSTOMER, queue_id=queue.id)
        async with waiting_sound(ctx):
            customer = await AgentRing(ctx, self._number.digits, NUMBER_RING_TIMEOUT, offer).run()
        if isinstance(customer, Reached):
            return _Together(agent, customer)
        with suppress(LegGone):
            await say_why(self._parts, self._log, agent.leg, customer)
        await self._agent_leaves(agent)
        self._over(Party.SYSTEM, customer.value)
        await self._put_back(customer.value, self._now() + _pause(queue), queue=queue)
        return None

    async def _put_through(self, facts: Facts, together: _Together) -> None:
        """Raises SwitchDown: they talk on in the switch."""
        agent, customer, now = together.agent, together.customer, self._now()
        self._log.append(Answered(at=now, leg=customer.number, line=customer.leg.id))
        agent_id = agent.agent.id if agent.agent is not None else None
        await self._write(
            partial(self._store.end, self._callback, ANSWERED, now, agent_id=agent_id)
        )
        ctx = placed_context(
            self._parts,
            self._log,
            facts,
            customer.leg,
            number=self._number,
            attempt=customer.attempt,
        )
        own = replace(agent, offer=replace(agent.offer, whisper=()))
        async with overseen(ctx):
            result = await talk_with_customer(ctx, own)
            await finish_outbound(ctx, result, customer.number, customer.attempt)
        if agent_id is not None:
            await noted(self._parts.talks.presence.ended(agent_id, self._callback.call_id))

    async def _agent_leaves(self, agent: Reached, cause: int = int(Cause.NORMAL)) -> None:
        """Before anybody talked: no wrap-up."""
        with suppress(TelephonyError):
            await agent.leg.hangup()
        self._log.append(
            LegEnded(
                at=self._now(),
                leg=agent.number,
                result=LegResult.ANSWERED,
                sip_code=agent.attempt.sip_code,
                cause=cause,
                ringing_at=agent.attempt.ringing_at,
                answered_at=agent.attempt.answered_at,
            )
        )
        if agent.agent is not None:
            presence = self._parts.talks.presence
            await noted(presence.ended(agent.agent.id, self._callback.call_id))

    # ------------------------------------------------------------ the end

    def _over(self, by: Party, reason: str = "") -> None:
        if not self._opened:
            return
        if reason:
            self._log.append(Exhausted(at=self._now(), reason=reason))
        self._log.append(Ended(at=self._now(), by=by, cause=int(Cause.NORMAL)))

    async def _end(self, reason: str) -> None:
        await self._write(partial(self._store.end, self._callback, reason, self._now()))

    async def _put_back(
        self,
        reason: str,
        not_before: datetime | None,
        *,
        tried: list[UUID] | None = None,
        queue: QueueSettings | None = None,
    ) -> None:
        """Harmless when the entry is not ours any more; with ``queue`` its last try fails it."""
        await self._write(
            partial(
                self._store.put_back,
                self._callback,
                reason,
                self._now(),
                not_before=not_before,
                tried=tried or (),
                most=queue.callback_tries if queue is not None else None,
            )
        )
        self._floor.decide(self._callback.enterprise_id)

    async def _write(self, what: Callable[[], Awaitable[object]]) -> None:
        """Whatever happens to the call meanwhile: an agent must not be kept from the next."""
        await asyncio.shield(self._floor.settle(what))

    def _now(self) -> datetime:
        return self._parts.clock.now()


def _pause(queue: QueueSettings) -> timedelta:
    return timedelta(seconds=queue.callback_pause)
