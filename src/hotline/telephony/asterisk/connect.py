"""A forward that the switch's dialplan runs by itself, as the controller follows it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hotline.telephony.asterisk.client import Event, path
from hotline.telephony.asterisk.dialplan import RETURNED, STOP_CONTEXT, STOPPED
from hotline.telephony.asterisk.leg import Tried
from hotline.telephony.asterisk.packing import dial_string, target_of
from hotline.telephony.asterisk.party import Party, mark
from hotline.telephony.asterisk.results import (
    after,
    instant,
    result_of_status,
    sip_code_of,
    stamp,
    whole,
)
from hotline.telephony.asterisk.talk_times import Noted, talk_times
from hotline.telephony.port import Attempt, Cause, Ended, LegResult, SwitchDown, Target
from hotline.telephony.port import Party as Side
from hotline.telephony.sip_codes import cause_of_sip, result_of_sip

MOVED_TEMPORARILY = 302
TIME_LIMIT_TOLERANCE = timedelta(seconds=0.5)


class Connecting:
    """One ``connect``. ``dialling``, ``rang``, ``decided`` and ``over`` say how far it has come.

    ``decided`` is done when the callee has the caller, or nobody was reached, or the caller has
    gone; ``over`` when the caller is back in our hands or gone.
    """

    def __init__(
        self,
        caller: Party,
        targets: Sequence[Target],
        *,
        max_talk: float | None = None,
        dialled_at: datetime | None = None,
        recorded: Path | None = None,
    ) -> None:
        """``dialled_at`` is given for a forward that an earlier controller began.

        ``recorded`` is the recording that tells how long the talk was; see :func:`talk_times`.
        """
        loop = asyncio.get_running_loop()
        self.dialling: asyncio.Future[None] = loop.create_future()
        self.rang: asyncio.Future[None] = loop.create_future()
        self.decided: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self.tried: list[Tried] = []
        self.winner: Tried | None = None
        self.ended_at: datetime | None = None
        self._caller = caller
        self._targets = tuple(targets)
        self._max_talk = max_talk
        self._dialled_at = dialled_at
        self._recorded = recorded
        self._by: Side | None = None
        self._cause = int(Cause.NORMAL)
        self._hung_up_by_us = False
        self._cancelled = False

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(tried.attempt() for tried in self.tried)

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

    def on_dial(self, event: Event) -> None:
        """A Dial event whose caller is ours."""
        tried = self._tried(event)
        mark(self.dialling)
        status, at = event["dialstatus"], stamp(event["timestamp"])
        if event.get("forward"):  # Dial says no more of a redirect than where it would have led
            tried.ended_at = at
            _read_sip(tried, MOVED_TEMPORARILY)
        tried.progress(status, at)
        if status in {"RINGING", "PROGRESS"}:
            mark(self.rang)
        if self._cancelled:  # the greeting was over before it could be stopped
            self._give_up(tried)
        elif status == "ANSWER":
            # Said once the whisper is over, when the two are about to be connected.
            self._won(tried)

    def on_found_talking(self, tried: Tried) -> None:
        """The caller was put through to ``tried`` before we looked."""
        self.tried.append(tried)
        self._won(tried)

    def on_missed_answer(self, peer: Event, since: datetime) -> None:
        """The caller is found talking to ``peer``."""
        if self.decided.done():
            return
        tried = next((tried for tried in self.tried if tried.channel == peer["id"]), None)
        if tried is None:
            tried = Tried(peer["name"], self._targets[0], since, peer["id"])
            self.tried.append(tried)
        tried.progress("ANSWER", since)
        self._won(tried)

    def on_returned(self, arguments: Sequence[str], at: datetime) -> None:
        """The caller is back in Stasis; ``arguments`` as the dialplan wrote them."""
        back = Returned.of(arguments)
        status = back.status
        self._cause = whole(back.cause) or int(Cause.NORMAL)
        self._note_causes(back.causes)
        for tried in self.tried:
            if tried.result is LegResult.CANCELLED and status != "ANSWER" and not self._cancelled:
                tried.result = LegResult.UNREACHABLE  # Dial's word for a 302 it may not follow
            _settle(tried, status, at)
        if status == "ANSWER":
            talk = talk_times(back.talk, over_at=at, recorded=self._recorded)
            winner = self.winner or next(
                (t for t in self.tried if t.result is LegResult.ANSWERED), None
            )
            if winner is None:
                winner = self._unseen_winner(talk.began, back)
            self._won(winner)
            winner.ringing_at = winner.ringing_at or after(winner.dialled_at, back.rang)
            winner.ended_at = self.ended_at = max(talk.ended, winner.answered_at or talk.ended)
            winner.cause = self._cause
            self._by = self._who_ended(winner, talk.ended)
        elif not self.tried and status != STOPPED:
            self._unseen_failure(at, back)
        self._finish()

    def on_caller_gone(self, cause: int, at: datetime) -> None:
        """The caller's hang-up ends it, whatever it was at."""
        self._cause, self.ended_at = cause, at
        self._by = Side.SYSTEM if self._caller.hung_up_by_us else Side.CALLER
        if self.winner is not None:
            self.winner.ended_at, self.winner.cause = at, cause
        for tried in self.tried:
            if tried.result is None:
                tried.result, tried.ended_at, tried.cause = LegResult.CANCELLED, at, cause
        self._finish()

    def fail(self) -> None:
        """The switch refused it."""
        self._finish()

    # ------------------------------------------------------------ what we say to the switch

    def cancel(self) -> None:
        """Stop greeting or ringing; a conversation goes on until one of the two hangs up."""
        if self.decided.done() or self._caller.is_over:
            return
        self._cancelled = True
        if not self.dialling.done():
            self._stop_greeting()
        for tried in self.tried:
            self._give_up(tried)

    def _stop_greeting(self) -> None:
        client = self._caller.session.client
        stopper = {"endpoint": f"Local/{self._caller.id}@{STOP_CONTEXT}/n", "formats": "alaw"}
        where = {"context": STOP_CONTEXT, "extension": "over", "priority": "1"}
        with suppress(SwitchDown):
            client.send("POST", "channels", stopper | where)

    def _give_up(self, tried: Tried) -> None:
        if tried.result is None:
            tried.result = LegResult.CANCELLED
            self._caller.send_if_there("DELETE", path("channels", tried.channel))

    def hangup_callee(self) -> None:
        if self.winner is not None and not self.over.done():
            self._hung_up_by_us = True
            self._caller.send_if_there("DELETE", path("channels", self.winner.channel))

    # ------------------------------------------------------------ inside

    def _won(self, tried: Tried) -> None:
        if self.decided.done():
            return
        self.winner = tried
        mark(self.dialling)
        mark(self.rang)
        mark(self.decided)

    def _finish(self) -> None:
        for milestone in (self.dialling, self.rang, self.decided, self.over):
            mark(milestone)

    def _tried(self, event: Event) -> Tried:
        peer = event["peer"]
        for tried in self.tried:
            if tried.channel == peer["id"]:
                return tried
        begins = not event["dialstatus"]
        at = stamp(event["timestamp"])
        at = at if begins else self._dialled_at or at
        tried = Tried(peer["name"], self._target(event.get("dialstring", "")), at, peer["id"])
        self.tried.append(tried)
        return tried

    def _target(self, dialled: str) -> Target:
        """The target of a dial string; Dial says it without the technology."""
        for target in self._targets:
            if dial_string(target).removeprefix("PJSIP/") == dialled:
                return target
        return self._targets[0] if self._targets else target_of(dialled)

    def _note_causes(self, causes: str) -> None:
        """``channel:SIP 486 …`` of each leg, joined by ``;``."""
        for part in causes.split(";"):
            name, _, text = part.partition(":")
            for tried in self.tried:
                if tried.leg_id == name and tried.answered_at is None:
                    _read_sip(tried, sip_code_of(text))

    def _who_ended(self, winner: Tried, at: datetime) -> Side:
        if self._hung_up_by_us:
            return Side.SYSTEM
        if self._max_talk is not None and winner.answered_at is not None:
            limit = winner.answered_at + timedelta(seconds=self._max_talk)
            if at >= limit - TIME_LIMIT_TOLERANCE:
                return Side.SYSTEM
        return Side.CALLEE

    def _unseen(self, at: datetime, back: Returned) -> Tried:
        """A leg whose events we missed, from what Dial left behind."""
        name = back.causes.partition(":")[0] or f"{self._caller.id}-unseen"
        tried = Tried(name, self._targets[0], instant(back.dialled) or at)
        tried.ringing_at = after(tried.dialled_at, back.rang)
        self.tried.append(tried)
        return tried

    def _unseen_winner(self, at: datetime, back: Returned) -> Tried:
        tried = self._unseen(at, back)
        tried.progress("ANSWER", at)
        return tried

    def _unseen_failure(self, at: datetime, back: Returned) -> None:
        """Dial could not even create a channel, or we were away."""
        if self._targets:
            tried = self._unseen(at, back)
            tried.cause = self._cause
            _settle(tried, back.status, at)
            _read_sip(tried, sip_code_of(back.causes.partition(":")[2]))


@dataclass(frozen=True, slots=True)
class Returned:
    """What the dialplan says of a forward that is over; all as it wrote it."""

    status: str
    cause: str
    dialled: str
    """Seconds since 1970."""
    rang: str
    """Milliseconds after ``dialled``."""
    talk: Noted
    causes: str

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Returned:
        """``arguments`` as the dialplan wrote them; what is missing is empty."""
        said = [*arguments[1:], *([""] * 9)]
        status, cause, dialled, rang, arrived, since, up_for, there_for, causes = said[:9]
        return cls(status, cause, dialled, rang, Noted(arrived, since, up_for, there_for), causes)


_CAUSE_OF_RESULT = {
    LegResult.BUSY: int(Cause.BUSY),
    LegResult.CANCELLED: int(Cause.NORMAL),
    LegResult.NO_ANSWER: int(Cause.NO_ANSWER),
}


def is_return(arguments: Sequence[str]) -> bool:
    """True for the Stasis arguments of a call that comes back from a forward."""
    return bool(arguments) and arguments[0] == RETURNED


def _settle(tried: Tried, status: str, at: datetime) -> None:
    if tried.result is None:
        won = status == "ANSWER"
        tried.result = LegResult.CANCELLED if won else result_of_status(status)
    if tried.result is not LegResult.ANSWERED:
        tried.ended_at = tried.ended_at or at
        tried.cause = tried.cause or _CAUSE_OF_RESULT.get(tried.result)


def _read_sip(tried: Tried, code: int | None) -> None:
    """Of Dial's words and the SIP status, the status says more."""
    if code is None or not 300 <= code < 700:
        return
    if tried.result is LegResult.CANCELLED and code >= 400:  # Dial calls a 302 cancelled, too
        return
    if code == 487:  # that it ended because we gave it up is known already
        return
    tried.sip_code = code
    tried.cause = cause_of_sip(code)
    tried.result = result_of_sip(code)
