"""Calls that agents place: their own device first, then the customer or a colleague."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from hotline.agents.facts import AgentFacts
from hotline.calls.announcements import Announcer
from hotline.calls.call_log import CallLog
from hotline.calls.commands import (
    Command,
    CommandRefused,
    NobodyThere,
    NoSuchNumber,
    NotFree,
    NumberForbidden,
    Result,
)
from hotline.calls.extensions import who_has
from hotline.calls.numbers_outside import is_outside, may_be_called
from hotline.calls.outbound_call import OutboundCall, placed_facts
from hotline.calls.parts import Parts
from hotline.calls.sounds import SystemSound
from hotline.db.direct import DatabaseAway
from hotline.kit.errors import HotlineError
from hotline.kit.ids import call_id_of
from hotline.kit.numbers import PhoneNumber, parse_number
from hotline.kit.short_numbers import is_emergency
from hotline.telephony.port import DeviceCall, MediaMissing

log = structlog.get_logger(__name__)

_WHY: Final[Mapping[type[HotlineError], SystemSound]] = {
    NoSuchNumber: SystemSound.NUMBER_NOT_IN_SERVICE,
    NumberForbidden: SystemSound.NUMBER_NOT_ALLOWED,
}
"""What somebody hears who has dialled on a device and is not put through."""


class Placer:
    """Places calls of this node's agents; each runs in a task of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._calls: dict[UUID, asyncio.Task[None]] = {}

    def has(self, call_id: UUID) -> bool:
        return call_id in self._calls

    @property
    def calls_in_progress(self) -> int:
        return len(self._calls)

    async def place(self, command: Command) -> Result:
        """Begin a call; it goes on after the answer. Raises CommandRefused."""
        try:
            agents, key = self._parts.talks.directory, command.agent_id
            agent = await agents.by_id(key) if key is not None else None
            wanted = str(command.arguments.get("number", ""))
            call = await self._prepare(command.call_id, agent, wanted)
        except DatabaseAway as away:
            raise NotFree("the database is not reachable now") from away
        task = asyncio.create_task(call.run(), name="placed call")
        self._calls[command.call_id] = task
        task.add_done_callback(lambda _: self._calls.pop(command.call_id, None))
        return {"call_id": str(command.call_id)}

    async def dialled(self, call: DeviceCall) -> None:
        """Put an agent through to whom they have dialled on their SIP device: the extension of
        a colleague or queue, or else a number outside as their enterprise lets them call it, or
        for help.

        Others hear why it is not possible. Raises LegGone, SwitchDown.
        """
        call_id = call_id_of(call.leg.id)
        try:
            agent = await self._parts.talks.directory.by_account(call.account)
            placed = await self._prepare(call_id, agent, call.dialled, on_device=True)
        except (CommandRefused, DatabaseAway) as refused:
            log.info("dialled_in_vain", account=call.account, error=refused.detail)
            why = _WHY.get(type(refused), SystemSound.CALLEE_UNREACHABLE)
            await self._refuse(call, why, CallLog(call_id, lambda _: None))
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are in it
        self._calls[call_id] = task
        try:
            await placed.run((call.leg, call.attempt))
        finally:
            del self._calls[call_id]

    async def _refuse(self, call: DeviceCall, why: SystemSound, log_: CallLog) -> None:
        words = Announcer(self._parts, log_).system(why)
        with suppress(MediaMissing):
            await call.leg.play(words)
        await call.leg.hangup()

    async def stop(self) -> None:
        """Let go of the calls; those who talk talk on in the switch."""
        tasks = set(self._calls.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _prepare(
        self, call_id: UUID, agent: AgentFacts | None, wanted: str, *, on_device: bool = False
    ) -> OutboundCall:
        """``on_device``: by somebody's own hand. Raises CommandRefused, DatabaseAway."""
        talks = self._parts.talks
        if agent is None or not agent.reachable:
            raise NobodyThere
        inside = await who_has(talks, agent.enterprise_id, wanted)
        number = parse_number(wanted)
        if inside is None:
            shown = await self._shown_outside(agent, number, on_device=on_device)
        elif isinstance(inside, AgentFacts) and (inside.id == agent.id or not inside.reachable):
            raise NobodyThere
        else:
            shown = agent.extension
        facts = await placed_facts(
            self._parts, agent.enterprise_id, shown, internal=inside is not None
        )
        occupied = await talks.presence.occupy(agent.id, call_id, talks.switch.node)
        if not occupied and not is_emergency(number.digits):
            raise NotFree
        dialled = number.digits if inside is None else wanted
        return OutboundCall(self._parts, call_id, agent, facts, inside=inside, dialled=dialled)

    async def _shown_outside(
        self, agent: AgentFacts, number: PhoneNumber, *, on_device: bool
    ) -> str:
        """The number that ``number`` is shown, which may be called.

        Raises NoSuchNumber, NumberForbidden, DatabaseAway.
        """
        reader = self._parts.talks.reader
        if on_device and is_emergency(number.digits):
            any_number = await reader.number_to_show(agent.enterprise_id)
            return agent.outbound_number or any_number or agent.extension
        if on_device and not is_outside(number):
            raise NoSuchNumber
        if not may_be_called(number.digits):
            raise NumberForbidden
        if agent.outbound_number is None:
            raise NumberForbidden("the agent has no approved number to show")
        if await reader.number_is_forbidden(agent.enterprise_id, number.digits):
            raise NumberForbidden
        return agent.outbound_number
