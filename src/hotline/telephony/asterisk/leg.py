"""Legs that the controller dials itself: several at once, the first to answer wins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.dialplan import TARGET
from hotline.telephony.asterisk.line import AriLine
from hotline.telephony.asterisk.packing import dial_string, invite_variables, target_of
from hotline.telephony.asterisk.party import Session, mark
from hotline.telephony.asterisk.results import result_of_status, stamp
from hotline.telephony.asterisk.sign import SIGN, SIGN_WITHIN, read_now
from hotline.telephony.port import (
    Attempt,
    CallerId,
    Cause,
    Dialled,
    DialPlan,
    LegGone,
    LegResult,
    NotAnswered,
    SwitchDown,
    Target,
    TelephonyError,
)
from hotline.telephony.sip_codes import result_of_sip

LEG_PREFIX = "hl-leg-"
_LOOK_AGAIN = 1.0
"""Seconds after which a switch that was slow is asked again for a sign."""


@dataclass(slots=True)
class Tried:
    """One target being tried; becomes an :class:`Attempt`."""

    leg_id: str
    target: Target
    dialled_at: datetime
    channel: str = ""
    """Its channel's id; differs from ``leg_id`` where the switch chose it."""
    result: LegResult | None = None
    sip_code: int | None = None
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    def attempt(self) -> Attempt:
        """As it stands; one without a result counts as cancelled."""
        return Attempt(
            leg_id=self.leg_id,
            target=self.target,
            result=self.result or LegResult.CANCELLED,
            sip_code=self.sip_code,
            cause=self.cause,
            dialled_at=self.dialled_at,
            ringing_at=self.ringing_at,
            answered_at=self.answered_at,
            ended_at=self.ended_at,
        )

    def progress(self, status: str, at: datetime) -> None:
        """Take in a Dial event's status."""
        if status in {"RINGING", "PROGRESS"}:
            self.ringing_at = self.ringing_at or at
        elif status == "ANSWER":
            self.result, self.answered_at, self.sip_code = LegResult.ANSWERED, at, 200
        elif status and self.result is None:
            self.result, self.ended_at = result_of_status(status), at


class AriLeg(AriLine):
    """Implements ``port.Leg``; exists from the moment it is dialled."""

    def __init__(
        self, session: Session, target: Target, plan: DialPlan, channel_id: str | None = None
    ) -> None:
        super().__init__(session, channel_id or f"{LEG_PREFIX}{unguessable_name()}")
        session.legs.add(self)
        self.target = target
        self.tried = Tried(self.id, target, session.clock.now(), self.id)
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_ringing: Callable[[], None] = lambda: None
        self._plan = plan
        self._given_up: LegResult | None = None
        self._look: asyncio.Task[None] | None = None
        """Held, as the loop does not hold it."""

    @classmethod
    def found(cls, session: Session, channel: Event, dialled: str) -> AriLeg:
        """One that an earlier controller dialled as ``dialled`` and that has answered."""
        target = target_of(dialled)
        plan = DialPlan(targets=[target], ring_timeout=0, caller_id=CallerId(""))
        leg = cls(session, target, plan, channel["id"])
        leg.tried.progress("ANSWER", stamp(channel["creationtime"]))
        mark(leg.settled)
        return leg

    def gone_error(self) -> TelephonyError:
        return LegGone(self.id, self.cause or int(Cause.NORMAL))

    def start(self, originator: str | None) -> None:
        """Create the channel; it is dialled when it is ours."""
        send = self.session.client.send
        variables = invite_variables(self._plan, self.target)
        query = {"endpoint": dial_string(self.target), "app": self.session.client.app}
        if originator is not None:
            query["originator"] = originator
        send(
            "POST",
            "channels/create",
            {**query, "channelId": self.id},
            {"variables": {TARGET: query["endpoint"], **variables}},
            on_refused=lambda _: self.over({"cause": int(Cause.UNALLOCATED)}),
        )
        self.tried.dialled_at = self.session.clock.now()

    def _dial(self) -> None:
        """The channel is ours: ring."""
        # Without a caller: its number would be shown in place of the plan's.
        query = {"timeout": str(round(self._plan.ring_timeout) + 5)}
        self.send("POST", "dial", query)
        within = SIGN_WITHIN.total_seconds()
        asyncio.get_running_loop().call_later(within, self._look_for_a_sign)

    def _look_for_a_sign(self) -> None:
        if not self.settled.done() and self.tried.ringing_at is None:
            self._look = asyncio.create_task(self._give_up_without_a_sign())

    async def _give_up_without_a_sign(self) -> None:
        with suppress(AriError, SwitchDown):
            sign, at_once = await read_now(self.session.client, self.path, SIGN)
            while not (sign or at_once):
                await self.session.clock.sleep(_LOOK_AGAIN)
                sign, at_once = await read_now(self.session.client, self.path, SIGN)
            if not sign and self.tried.ringing_at is None:
                self.give_up(LegResult.NO_ANSWER)

    def on_event(self, event: Event) -> None:
        if event["type"] == "Dial" and event["peer"]["id"] == self.id:
            status = event["dialstatus"]
            self.tried.progress(status if status == "ANSWER" else _early(status), _at(event))
            if status in {"RINGING", "PROGRESS"}:
                self.on_ringing()
            if status == "ANSWER":
                mark(self.settled)
        elif event["type"] == "StasisStart":
            self._dial()
        elif event["type"] == "ChannelHangupRequest" and self.tried.result is None:
            return  # the final word on why comes with its destruction
        else:
            super().on_event(event)

    def over(self, event: Event) -> None:
        if self.is_over:
            return
        super().over(event)
        self.session.legs.discard(self)
        tried = self.tried
        tried.ended_at = _at(event) if "timestamp" in event else self.session.clock.now()
        tried.cause = self.cause
        if tried.result is None:
            code = event.get("tech_cause") or 0
            if self._given_up is not None:
                tried.result = self._given_up
            else:
                tried.sip_code = code if 300 <= code < 700 else None
                tried.result = result_of_sip(code)
        mark(self.settled)

    def give_up(self, why: LegResult) -> None:
        """Stop ringing it; harmless when it is settled."""
        if not self.settled.done():
            self._given_up = why
            self.send_if_there("DELETE", self.path)


class Ringing:
    """Dials all of a plan's targets and says who answered."""

    def __init__(self, session: Session, plan: DialPlan) -> None:
        self._session = session
        self._plan = plan
        self.legs = [AriLeg(session, target, plan) for target in plan.targets]
        loop = asyncio.get_running_loop()
        self.rang: asyncio.Future[None] = loop.create_future()
        """Done when the first rings, or when it is decided without ringing."""
        self.decided: asyncio.Future[AriLeg | None] = loop.create_future()

    @property
    def has_rung(self) -> bool:
        return any(leg.tried.ringing_at for leg in self.legs)

    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(leg.tried.attempt() for leg in self.legs)

    def start(self, originator: str | None = None) -> None:
        """Raises SwitchDown."""
        for leg in self.legs:
            leg.settled.add_done_callback(partial(self._settled, leg))
            leg.on_ringing = partial(mark, self.rang)
            leg.start(originator)
        asyncio.get_running_loop().call_later(self._plan.ring_timeout, self._time_out)

    def stop(self, why: LegResult = LegResult.CANCELLED) -> None:
        """Give up every leg that has not answered."""
        for leg in self.legs:
            leg.give_up(why)

    def abandon(self) -> None:
        """Nobody is there any more to talk to whoever answers, or has answered in this moment."""
        for leg in self.legs:
            if not leg.settled.done():
                leg.give_up(LegResult.CANCELLED)
            elif not leg.is_over:
                leg.send_if_there("DELETE", path("channels", leg.id))

    def outcome(self, winner: AriLeg | None) -> Dialled | NotAnswered:
        """The verb's result once ``decided``."""
        if winner is None:
            return NotAnswered(self.attempts())
        return Dialled(winner, self.attempts())

    def _settled(self, leg: AriLeg, _: object) -> None:
        if self.decided.done():
            if leg.tried.result is LegResult.ANSWERED and not leg.is_over:
                leg.send_if_there("DELETE", path("channels", leg.id))
            return
        if leg.tried.result is LegResult.ANSWERED:
            self.decided.set_result(leg)
            mark(self.rang)
            self.stop()
        elif all(other.settled.done() for other in self.legs):
            self.decided.set_result(None)
            mark(self.rang)

    def _time_out(self) -> None:
        if not self.decided.done():
            self.stop(LegResult.NO_ANSWER)


async def all_settled(legs: Sequence[AriLeg], within: float) -> None:
    """Give the cancelled ones a moment to say how they ended."""
    open_ones = [leg.settled for leg in legs if not leg.settled.done()]
    if open_ones:
        await asyncio.wait(open_ones, timeout=within)


def _early(status: str) -> str:
    """Only ringing: how it ended is told by its destruction, with the SIP status."""
    return status if status in {"RINGING", "PROGRESS"} else ""


def _at(event: Event) -> datetime:
    return stamp(event["timestamp"])


def raise_unless_leg(leg: object) -> AriLeg:
    """``leg`` as ours. Raises TypeError for another switch's."""
    if not isinstance(leg, AriLeg):
        raise TypeError("a leg of another switch cannot be bridged here")
    return leg
