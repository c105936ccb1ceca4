"""A supervisor at a running call: rung, then listening, whispering, speaking or taking it over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog

from hotline.agents.facts import AgentFacts, Device
from hotline.calls.parts import Parts
from hotline.calls.ring import CALL_HEADER, noted
from hotline.kit.errors import HotlineError
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
    CallerId,
    Dialled,
    DialPlan,
    Leg,
    LegGone,
    Listening,
    ListenMode,
    PhoneTarget,
    SwitchDown,
    Target,
    TelephonyError,
)

log = structlog.get_logger(__name__)
SUPERVISION_HEADER: Final = "X-Hotline-Supervision"
"""In the INVITE to a supervisor's device: that it is rung to listen; the mode."""


class Mode(StrEnum):
    """What a supervisor does to a call."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"


class End(StrEnum):
    """Why it ended."""

    STOPPED = "stopped"
    TALK_OVER = "talk_over"
    HUNG_UP = "hung_up"
    """The supervisor did."""
    NOT_ANSWERED = "not_answered"
    TAKEN_OVER = "taken_over"
    INTERRUPTED = "interrupted"
    """The controller or the switch stopped."""


TakeOver = Callable[[Leg, Attempt, AgentFacts], Awaitable[None]]
"""Puts the caller through to the supervisor's leg. Raises CommandRefused, LegGone."""


class Supervision:
    """One supervisor at one call, until one of them leaves."""

    def __init__(
        self,
        parts: Parts,
        supervision_id: UUID,
        agent: AgentFacts,
        mode: Mode,
        *,
        call_id: UUID,
        shown: str,
        watched: Callable[[], str | None],
        take_over: TakeOver,
    ) -> None:
        """``shown`` is the number on the device's display, ``watched`` the channel to listen to."""
        self.id = supervision_id
        self.agent = agent
        self.mode = mode
        self._parts = parts
        self._call_id = call_id
        self._shown = shown
        self._watched = watched
        self._take_over = take_over
        self._dialled: Dialled | None = None
        self._listening: Listening | None = None
        self._handing_over = asyncio.Lock()
        self._end = End.INTERRUPTED
        self._task = asyncio.create_task(self._run(), name="supervision")

    @property
    def is_over(self) -> bool:
        return self._task.done()

    @property
    def state(self) -> str:
        if self.is_over:
            return "ended"
        return "ringing" if self._dialled is None else "active"

    def when_over(self, told: Callable[[], None]) -> None:
        self._task.add_done_callback(lambda _: told())

    async def change(self, mode: Mode) -> None:
        """Go on in another mode. Raises CommandRefused, LegGone, SwitchDown, DatabaseAway."""
        if self._dialled is not None and mode is Mode.TAKE_OVER:
            await self._hand_over(self._dialled)
            return
        if self._listening is not None and mode is not Mode.TAKE_OVER:
            await self._listening.change(ListenMode(mode.value))
        self.mode = mode
        await self._parts.talks.supervisions.change(self.id, mode.value)

    async def stop(self, why: End = End.STOPPED) -> None:
        """Let the supervisor's device go; returns when all is written down."""
        if not self._task.done():
            self._end = why
            self._task.cancel()
        await asyncio.wait({self._task})

    # ------------------------------------------------------------ the story

    async def _run(self) -> None:
        try:
            self._end = await self._story()
        except LegGone:
            self._end = End.HUNG_UP if self._dialled is not None else End.NOT_ANSWERED
        except HotlineError as refused:  # the talk was over before it could be handed over
            log.info("supervision_too_late", call=str(self._call_id), error=str(refused))
            self._end = End.TALK_OVER
        except TelephonyError as error:
            log.info("supervision_interrupted", call=str(self._call_id), error=str(error))
        except Exception:
            log.exception("supervision_failed", call=str(self._call_id))
        finally:
            if self._dialled is not None and self._end is not End.TAKEN_OVER:
                with suppress(TelephonyError):
                    await self._dialled.leg.hangup()
            await noted(self._parts.talks.supervisions.end(self.id, self._end.value))

    async def _story(self) -> End:
        dialled = await self._parts.talks.switch.originate(self._plan())
        if not isinstance(dialled, Dialled):
            return End.NOT_ANSWERED
        self._dialled = dialled
        if self.mode is Mode.TAKE_OVER:
            await self._hand_over(dialled)
            return End.TAKEN_OVER
        watched = self._watched()
        if watched is None:
            return End.TALK_OVER
        try:
            mode = ListenMode(self.mode.value)
            self._listening = await self._parts.talks.switch.listen(watched, dialled.leg, mode)
        except LegGone as gone:
            return End.HUNG_UP if gone.leg_id == dialled.leg.id else End.TALK_OVER
        await noted(self._parts.talks.supervisions.began(self.id))
        return await self._until_over(self._listening, dialled.leg)

    async def _until_over(self, listening: Listening, leg: Leg) -> End:
        ended, gone = (
            asyncio.ensure_future(listening.ended()),
            asyncio.ensure_future(leg.gone()),
        )
        try:
            await asyncio.wait({ended, gone}, return_when=asyncio.FIRST_COMPLETED)
            async with self._handing_over:  # it stops the listening, and it may come to nothing
                if self._end is End.TAKEN_OVER:
                    return End.TAKEN_OVER
            await asyncio.sleep(0)  # a hang-up ends both
            for task in (ended, gone):
                if task.done() and isinstance(task.exception(), SwitchDown):
                    return End.INTERRUPTED
            return End.HUNG_UP if gone.done() else End.TALK_OVER
        finally:
            for task in (ended, gone):
                task.cancel()
            await asyncio.wait({ended, gone})

    async def _hand_over(self, dialled: Dialled) -> None:
        async with self._handing_over:
            if self._listening is not None:
                await self._listening.stop()
            attempt = next(a for a in dialled.attempts if a.leg_id == dialled.leg.id)
            # First, as the talk makes the agent's presence that of one who talks.
            await noted(self._parts.talks.supervisions.change(self.id, Mode.TAKE_OVER.value))
            await noted(self._parts.talks.supervisions.end(self.id, End.TAKEN_OVER.value))
            try:
                await self._take_over(dialled.leg, attempt, self.agent)
            except BaseException:
                presence = self._parts.talks.presence
                await noted(presence.released(self.agent.id, self._call_id))
                raise
            self._end = End.TAKEN_OVER

    # ------------------------------------------------------------ ringing

    def _plan(self) -> DialPlan:
        headers = {CALL_HEADER: str(self._call_id), SUPERVISION_HEADER: self.mode.value}
        target = self._target()
        return DialPlan(
            targets=(target,),
            ring_timeout=self.agent.ring_timeout,
            caller_id=CallerId(self._shown),
            headers=headers if isinstance(target, AccountTarget) else {},
        )

    def _target(self) -> Target:
        agent = self.agent
        if agent.device is not Device.PHONE and agent.account is not None:
            return AccountTarget(agent.account)
        trunks = self._parts.trunks(tuple(self._parts.reachable))
        if agent.phone_number is None or not trunks:
            raise LegGone(agent.extension)
        return PhoneTarget(agent.phone_number, trunks[0])
