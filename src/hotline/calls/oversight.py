"""What supervisors may do to one running call, wherever it is.

The verbs ``listen``, ``whisper``, ``barge`` and ``take_over`` ring the supervisor's own device, or
change what a supervisor does who is there already; ``stop_listening`` lets them go, ``hangup``
ends the call. Agents in the call are not told, and no event of the call speaks of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Final
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.call_log import CallLog
from hotline.calls.commands import (
    Command,
    NoOwnDevice,
    NotNow,
    Obey,
    OwnDeviceBusy,
    Result,
)
from hotline.calls.context import CallContext
from hotline.calls.events import Arrived, Connected, Direction, LegEnded
from hotline.calls.parts import Parts
from hotline.calls.supervision import End, Mode, Supervision
from hotline.db.direct import DatabaseAway
from hotline.kit.ids import new_id
from hotline.telephony.port import Attempt, Cause, IncomingCall, Leg, LegResult

_MODES: Final = {mode.value: mode for mode in Mode}


class Oversight:
    """The supervisors at one call."""

    def __init__(
        self, parts: Parts, call: IncomingCall, call_log: CallLog, cut_off: Callable[[], None]
    ) -> None:
        """``cut_off`` is told before the call is hung up for a supervisor."""
        self._parts = parts
        self._call = call
        self._log = call_log
        self._cut_off = cut_off
        self._present: dict[UUID, Supervision] = {}
        """By agent."""

    @asynccontextmanager
    async def attended(self) -> AsyncIterator[None]:
        """Supervisors' commands are obeyed while the block runs; then all of them are let go."""
        talks, call_id = self._parts.talks, self._log.call_id
        try:
            with talks.desk.attend(call_id, self):
                yield
        finally:
            # Listening ends with what is listened to; whoever rings is let go here.
            if self._present:
                endings = [one.stop(End.TALK_OVER) for one in self._present.values()]
                await asyncio.gather(*endings)

    def get(self, verb: str, /) -> Obey | None:
        """How ``verb`` is obeyed; None: not at all."""
        if mode := _MODES.get(verb):
            return partial(self._supervise, mode)
        return {"stop_listening": self._stop, "hangup": self._hang_up}.get(verb)

    # ------------------------------------------------------------ verbs

    async def _supervise(self, mode: Mode, command: Command) -> Result:
        if command.agent_id is not None:
            raise NotNow
        agent_id = _agent_of(command)
        present = self._present.get(agent_id)
        try:
            if present is not None:
                self._check_possible(mode)
                await present.change(mode)
            elif command.arguments.get("change"):
                raise NotNow("you are not listening to this call")
            else:
                present = await self._begin(mode, agent_id, command)
        except DatabaseAway as away:
            raise NotNow("the database is not reachable now") from away
        return {"supervision_id": str(present.id), "state": present.state}

    async def _begin(self, mode: Mode, agent_id: UUID, command: Command) -> Supervision:
        self._check_possible(mode)
        agent = await self._parts.talks.directory.by_id(agent_id)
        arrived = self._arrived()
        if agent is None or not agent.reachable or agent.enterprise_id != arrived.enterprise_id:
            raise NoOwnDevice
        inbound = arrived.direction is Direction.INBOUND
        user = command.arguments.get("user_id")
        supervision_id = new_id()
        begun = await self._parts.talks.supervisions.begin(
            supervision_id,
            enterprise_id=agent.enterprise_id,
            call_id=self._log.call_id,
            agent_id=agent.id,
            user_id=UUID(str(user)) if user else None,
            mode=mode.value,
        )
        if not begun:
            raise OwnDeviceBusy
        present = self._present[agent.id] = Supervision(
            self._parts,
            supervision_id,
            agent,
            mode,
            call_id=self._log.call_id,
            shown=arrived.dialled if inbound else arrived.caller,
            watched=self._watched,
            take_over=self._take_over,
        )
        present.when_over(partial(self._forget, agent.id))
        return present

    def _forget(self, agent_id: UUID) -> None:
        self._present.pop(agent_id, None)

    def _check_possible(self, mode: Mode) -> None:
        if self._watched() is None:
            raise NotNow("nobody talks to the caller")
        if mode is Mode.TAKE_OVER and self._log.call_id not in self._parts.talks.running:
            raise NotNow("the call is just being put through")

    async def _stop(self, command: Command) -> Result:
        present = self._present.get(_agent_of(command))
        if present is not None:
            await present.stop()
        return None

    async def _hang_up(self, command: Command) -> Result:
        if command.agent_id is not None:
            raise NotNow
        self._cut_off()
        await self._call.hangup(Cause.NORMAL)
        return None

    # ------------------------------------------------------------ what is listened to

    def _watched(self) -> str | None:
        """The channel of whom the caller talks to: first of several; None: nobody."""
        over = {event.leg for event in self._log.events if isinstance(event, LegEnded)}
        for event in self._log.events:
            if isinstance(event, Connected) and event.leg not in over:
                return event.line or self._forwarded_to()
        return None

    def _forwarded_to(self) -> str | None:
        for attempt in self._call.attempts():
            if attempt.result is LegResult.ANSWERED and attempt.ended_at is None:
                return attempt.leg_id
        return None

    def _arrived(self) -> Arrived:
        for event in self._log.events:
            if isinstance(event, Arrived):
                return event
        raise NotNow

    # ------------------------------------------------------------ taking over

    async def _take_over(self, leg: Leg, attempt: Attempt, agent: AgentFacts) -> None:
        talk = self._parts.talks.running.get(self._log.call_id)
        if talk is None:
            raise NotNow
        await talk.take_over(leg, attempt, agent)


def overseen(ctx: CallContext) -> AbstractAsyncContextManager[None]:
    """Supervisors may come to a call that Hotline placed, while the block runs."""
    return Oversight(ctx.parts, ctx.call, ctx.log, lambda: None).attended()


def _agent_of(command: Command) -> UUID:
    """Whose device it is. Raises NoOwnDevice."""
    try:
        return UUID(str(command.arguments.get("agent_id")))
    except ValueError as error:
        raise NoOwnDevice from error
