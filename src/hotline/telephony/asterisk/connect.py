"""A forward that the switch's dialplan runs by itself, as the controller hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.telephony.asterisk.client import AriError, path
from hotline.telephony.asterisk.dialplan import RANG, RETURNED, STOP_CONTEXT, STOPPED
from hotline.telephony.asterisk.leg import Tried
from hotline.telephony.asterisk.party import Party, mark
from hotline.telephony.asterisk.results import (
    after,
    failure_of,
    instant,
    talk_times,
    whole,
)
from hotline.telephony.asterisk.sign import SIGN, SIGN_WITHIN, read_now
from hotline.telephony.port import Attempt, Cause, Ended, LegResult, SwitchDown, Target
from hotline.telephony.port import Party as Side

LOOKS = 1.0
"""Seconds between two looks whether it rings or gives no sign, of which the dialplan cannot tell by
itself; what is answered before costs none."""
TIME_LIMIT_TOLERANCE = timedelta(seconds=0.5)


class Connecting:
    """One ``connect``. ``dialling``, ``rang``, ``decided`` and ``over`` say how far it has come.

    ``decided`` is done when the callee has the caller, or nobody was reached, or the caller has
    gone; ``over`` when the caller is back in our hands or gone.
    """

    def __init__(self, caller: Party, target: Target, *, max_talk: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.dialling: asyncio.Future[None] = loop.create_future()
        self.rang: asyncio.Future[None] = loop.create_future()
        self.decided: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self.tried: Tried | None = None
        """None before it is dialled."""
        self.ended_at: datetime | None = None
        self.is_cancelled = False
        """Whether it was to be stopped; the command may have gone with a connection."""
        self._caller = caller
        self._target = target
        self._max_talk = max_talk
        self._by: Side | None = None
        self._cause = int(Cause.NORMAL)
        self._hung_up_by_us = False
        self._gives_no_sign = False
        self._look: asyncio.TimerHandle | asyncio.Task[None] | None = None
        """The next look whether it rings, or the one under way."""

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return (self.tried.attempt(),) if self.tried is not None else ()

    @property
    def has_rung(self) -> bool:
        """Whether it rings, or did before it was answered or given up."""
        tried = self.tried
        return tried is not None and bool(tried.ringing_at or tried.answered_at)

    @property
    def winner(self) -> Tried | None:
        """Whom the caller was put through to."""
        answered = self.tried is not None and self.tried.result is LegResult.ANSWERED
        return self.tried if answered else None

    @property
    def ended(self) -> Ended:
        """How the conversation ended; only once ``over``."""
        assert self.winner is not None  # noqa: S101  only a conversation has an end
        return Ended(
            by=self._by or Side.SYSTEM,
            cause=self._cause,
            at=self.ended_at or self._caller.session.clock.now(),
            attempt=self.winner.attempt(),
        )

    # ------------------------------------------------------------ what the switch says

    def on_dialling(self, at: datetime) -> None:
        """The dialplan dials, once its greeting is over."""
        if self.tried is None:
            self.tried = Tried(f"{self._caller.id}-dialled", self._target, at)
            self._look_later()
        mark(self.dialling)

    def on_ringing(self, after_ms: str) -> None:
        """It rings, so many milliseconds after it was dialled; nothing in an empty ``after_ms``."""
        tried = self.tried
        if tried is not None and after_ms:
            tried.ringing_at = tried.ringing_at or after(tried.dialled_at, after_ms)
            self._rung()

    def on_answered(self, at: datetime, *, channel: str, name: str) -> None:
        """It has answered; a whisper is over, and the two are about to be connected."""
        if self.decided.done():
            return
        self.on_dialling(at)
        assert self.tried is not None  # noqa: S101  on_dialling sees to it
        self.tried.channel, self.tried.leg_id = channel, name
        self._won(self.tried, at)

    def on_returned(self, back: Returned, at: datetime) -> None:
        """The caller is back in Stasis."""
        self._cause = whole(back.cause) or int(Cause.NORMAL)
        if self.tried is None and back.dialled:
            self.on_dialling(instant(back.dialled) or at)
        self.on_ringing(back.rang)
        if self.tried is not None:
            if back.status == "ANSWER":
                self._talk_over(self.tried, back, at)
            else:
                self._failed(self.tried, back, at)
        self._finish()

    def on_caller_gone(self, cause: int, at: datetime) -> None:
        """The caller's hang-up ends it, whatever it was at."""
        self._cause, self.ended_at = cause, at
        self._by = Side.SYSTEM if self._caller.hung_up_by_us else Side.CALLER
        tried = self.tried
        if tried is not None and tried.ended_at is None:
            tried.result = tried.result or LegResult.CANCELLED
            tried.ended_at, tried.cause = at, cause
        self._finish()

    def fail(self) -> None:
        """The switch refused it."""
        self._finish()

    # ------------------------------------------------------------ what we say to the switch

    def cancel(self) -> None:
        """Stop greeting or ringing; a conversation goes on until one of the two hangs up."""
        if self.decided.done() or self._caller.is_over:
            return
        self.is_cancelled = True
        client = self._caller.session.client
        stopper = {"endpoint": f"Local/{self._caller.id}@{STOP_CONTEXT}/n", "formats": "alaw"}
        where = {"context": STOP_CONTEXT, "extension": "over", "priority": "1"}
        with suppress(SwitchDown):
            client.send("POST", "channels", stopper | where)

    def hangup_callee(self) -> None:
        if self.winner is not None and not self.over.done():
            self._hung_up_by_us = True
            self._caller.send_if_there("DELETE", path("channels", self.winner.channel))

    # ------------------------------------------------------------ inside

    def _won(self, tried: Tried, at: datetime) -> None:
        tried.progress("ANSWER", at)
        self._rung()
        mark(self.decided)

    def _talk_over(self, tried: Tried, back: Returned, at: datetime) -> None:
        began, ended = talk_times(back.arrived, back.talking_since, back.there_for, at)
        if tried.answered_at is None:
            tried.leg_id = back.leg or tried.leg_id
            self._won(tried, began)
        tried.ended_at = self.ended_at = max(ended, tried.answered_at or ended)
        tried.cause = self._cause
        self._by = self._who_ended(tried, ended)

    def _failed(self, tried: Tried, back: Returned, at: datetime) -> None:
        status = back.status
        if status == STOPPED:
            status = "NOANSWER" if self._gives_no_sign else "CANCEL"
        failure = failure_of(status, back.tech_cause)
        tried.leg_id = back.leg or tried.leg_id
        tried.result, tried.ended_at = failure.result, at
        tried.sip_code, tried.cause = failure.sip_code, failure.cause or self._cause

    def _finish(self) -> None:
        self._rung()
        for milestone in (self.dialling, self.decided, self.over):
            mark(milestone)

    def _rung(self) -> None:
        """It rings, or nobody need know any more whether it does."""
        mark(self.rang)
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _look_later(self) -> None:
        self._look = asyncio.get_running_loop().call_later(LOOKS, self._look_now)

    def _look_now(self) -> None:
        self._look = asyncio.create_task(self._ask_how_it_goes())

    async def _ask_how_it_goes(self) -> None:
        caller = self._caller
        rang = ""
        with suppress(AriError, SwitchDown):
            said, at_once = await read_now(caller.session.client, caller.path, f"{RANG}/{SIGN}")
            rang, _, sign = said.partition("/")
            if not (rang or sign) and at_once and self._is_late():
                self._gives_no_sign = True
                self.cancel()
        if not caller.session.stopping:
            self._look_later()
        self.on_ringing(rang)

    def _is_late(self) -> bool:
        """Whether who is called should have said something by now."""
        assert self.tried is not None  # noqa: S101  nobody looks before it is dialled
        return self._caller.session.clock.now() - self.tried.dialled_at >= SIGN_WITHIN

    def _who_ended(self, winner: Tried, at: datetime) -> Side:
        if self._hung_up_by_us:
            return Side.SYSTEM
        if self._max_talk is not None and winner.answered_at is not None:
            limit = winner.answered_at + timedelta(seconds=self._max_talk)
            if at >= limit - TIME_LIMIT_TOLERANCE:
                return Side.SYSTEM
        return Side.CALLEE


@dataclass(frozen=True, slots=True)
class Returned:
    """What the dialplan says of a forward that is over; all as it wrote it."""

    status: str
    cause: str
    dialled: str
    """Seconds since 1970."""
    rang: str
    """Milliseconds after ``dialled``."""
    arrived: str
    """Seconds since 1970, when the caller's channel began."""
    talking_since: str
    """Seconds since 1970."""
    there_for: str
    """Milliseconds from ``arrived`` to the end of the talk."""
    leg: str
    """The name of the called party's channel."""
    tech_cause: str
    """``SIP 486 …``"""

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Returned:
        """``arguments`` as the dialplan wrote them; what is missing is empty."""
        said = [*arguments[1:], *([""] * 8)]
        status, cause, dialled, rang, arrived, since, there_for, causes = said[:8]
        leg, _, tech_cause = causes.partition(":")
        return cls(status, cause, dialled, rang, arrived, since, there_for, leg, tech_cause)


def is_return(arguments: Sequence[str]) -> bool:
    """True for the Stasis arguments of a call that comes back from a forward."""
    return bool(arguments) and arguments[0] == RETURNED
