"""An incoming call on Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from hotline.telephony.asterisk.client import AriError, Event, Refused
from hotline.telephony.asterisk.connect import Connecting, Returned, is_return
from hotline.telephony.asterisk.dialplan import (
    ANSWERED,
    CONNECT_CONTEXT,
    DIALLING_FORM,
    TALKING_FORM,
    is_withheld,
)
from hotline.telephony.asterisk.journal import how_it_ended
from hotline.telephony.asterisk.leg import Ringing, all_settled
from hotline.telephony.asterisk.line import AriLine
from hotline.telephony.asterisk.packing import Packed, pack
from hotline.telephony.asterisk.party import Session, mark
from hotline.telephony.asterisk.results import instant, stamp
from hotline.telephony.asterisk.safe_values import UnsafeValueError
from hotline.telephony.port import (
    Attempt,
    CallerGone,
    CallerId,
    Cause,
    Connected,
    ConnectPlan,
    Dialled,
    DialPlan,
    Ended,
    NotAnswered,
    SwitchDown,
    TelephonyError,
)

Told: TypeAlias = Callable[[], Awaitable[None]]

REFER_PATIENCE = 2.0
"""Seconds for the other side to take the call away; then we leave it anyway."""
CANCEL_PATIENCE = 1.0
_NOT_HERE = 409
"""The switch's answer to a command about a channel that the dialplan has."""


class AriConnected:
    """Implements ``port.Connected``."""

    def __init__(self, call: AriCall, connecting: Connecting) -> None:
        self._call = call
        self._connecting = connecting

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return self._connecting.attempts

    @property
    def answered(self) -> Attempt:
        assert self._connecting.winner is not None  # noqa: S101  it is what makes us connected
        return self._connecting.winner.attempt()

    async def ended(self) -> Ended:
        await self._call.until_milestone(self._connecting.over)
        return self._connecting.ended

    async def hangup(self) -> None:
        self._connecting.hangup_callee()


class AriCall(AriLine):
    """Implements ``port.IncomingCall``."""

    def __init__(self, session: Session, node: str, channel: Event) -> None:
        super().__init__(session, channel["id"])
        number, name = channel["caller"]["number"], channel["caller"]["name"]
        arguments = stasis_arguments(channel)
        withheld = bool(arguments) and is_withheld(arguments[0])
        self.node = node
        self.dialled: str = channel["dialplan"]["exten"]
        self.caller: str = "" if withheld else number
        self.carrier = channel["name"].removeprefix("PJSIP/").rpartition("-")[0]
        self.sip_dialog = (str(channel.get("protocol_id", "")), str(number), self.dialled)
        """The SIP Call-ID, from and to: the same only for an INVITE that came twice."""
        self.arrived_at = stamp(channel["creationtime"])
        self._answered_at = self.arrived_at if channel["state"] == "Up" else None
        self._shown = CallerId(number, name)
        if withheld:
            self.shown_is_unknown()  # whatever a forward shows must be put in its place
        self._connecting: list[Connecting] = []
        self._rings: list[Ringing] = []
        self._away: Connecting | None = None
        """The forward that has the channel; commands wait until it is back."""
        self._hand_over: Callable[[Refused], None] | None = None
        """Does so once more for the last forward that was begun here."""
        self._handed_over_by = 0
        """Which connection."""
        self._came_back: Returned | None = None
        """What was said of the last forward."""

    @property
    def answered_at(self) -> datetime | None:
        """None before. A forward answers the call on its own."""
        if self._answered_at is None:
            for connecting in self._connecting:
                if connecting.winner is not None:
                    self._answered_at = connecting.winner.answered_at
        return self._answered_at

    @answered_at.setter
    def answered_at(self, at: datetime | None) -> None:
        self._answered_at = at

    @property
    def is_away(self) -> bool:
        """Whether a forward has it."""
        return self._away is not None

    def gone_error(self) -> TelephonyError:
        return CallerGone(self.cause or int(Cause.NORMAL))

    def attempts(self) -> tuple[Attempt, ...]:
        forwards = [a for connecting in self._connecting for a in connecting.attempts]
        legs = [a for ringing in self._rings for a in ringing.attempts()]
        return tuple(sorted(forwards + legs, key=lambda attempt: attempt.dialled_at))

    # ------------------------------------------------------------ what happens to it

    def on_event(self, event: Event) -> None:
        if event["type"] != "StasisStart":
            super().on_event(event)
        elif is_return(event["args"]):
            self.session.notes.look()  # what came before
            self._returned(event["args"], stamp(event["timestamp"]))

    def _on_note(self, fields: Sequence[str]) -> None:
        """The dialplan tells what the call comes to while a forward has it."""
        kind, away = fields[0], self._away
        if kind not in {DIALLING_FORM, TALKING_FORM}:
            end = how_it_ended(fields)
            if away is not None:
                away.on_ringing(end.rang)
            self._end(end.cause, end.at or self.session.clock.now())
        elif away is None:
            return
        elif kind == DIALLING_FORM:
            away.on_dialling(instant(fields[2]) or self.session.clock.now())
        else:
            _, _, at, channel, name, rang = fields
            away.on_ringing(rang)
            away.on_answered(instant(at) or self.session.clock.now(), channel=channel, name=name)

    def _returned(self, arguments: Sequence[str], at: datetime) -> None:
        away, self._away = self._away, None
        if away is not None:
            self._came_back = Returned.of(arguments)
            away.on_returned(self._came_back, at)

    def over(self, event: Event) -> None:
        at = stamp(event["timestamp"]) if "timestamp" in event else self.session.clock.now()
        self._end(event.get("cause"), at)

    def _end(self, cause: int | None, at: datetime) -> None:
        if self.is_over:
            return
        super().over({"cause": cause})
        for connecting in self._connecting:
            if not connecting.over.done():
                connecting.on_caller_gone(self.cause or int(Cause.NORMAL), at)
        for ringing in self._rings:
            ringing.stop()

    def forget(self) -> None:
        super().forget()
        self.session.notes.forget(self.id)

    async def until_milestone(self, milestone: asyncio.Future[None]) -> None:
        """Wait for a point of a forward, which the caller's end reaches too."""
        if milestone.done():
            return
        if self.session.down:
            raise SwitchDown("the switch is away")
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def reached(_: object) -> None:
            mark(mine)

        milestone.add_done_callback(reached)
        self._waiting_for_switch.add(mine)
        try:
            await mine
        finally:
            self._waiting_for_switch.discard(mine)
            milestone.remove_done_callback(reached)

    async def ready(self) -> None:
        if self._away is not None and not self.is_over:
            here: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._away.over.add_done_callback(partial(_pass_on, here))
            await self.until(here)
        await super().ready()

    # ------------------------------------------------------------ signalling

    async def ring(self) -> None:
        await self.ready()
        self.send("POST", "ring")

    async def early_media(self) -> None:
        await self.ready()
        self.send("POST", "progress")

    async def answer(self) -> None:
        await self.ready()
        if self._answered_at is not None:
            return
        self.send("POST", "answer")
        noted = f"{self.session.clock.now().timestamp():.3f}"
        self._answered_at = instant(noted)
        self.send("POST", "variable", {"variable": ANSWERED, "value": noted})

    async def transfer(self, number: str) -> None:
        address = await self.request("GET", "variable", {"variable": "CHANNEL(pjsip,remote_addr)"})
        where = address["value"] if isinstance(address, dict) else ""
        target = {"endpoint": f"PJSIP/sip:{_digits(number)}@{where}"}
        await self.request("POST", "redirect", target)
        with suppress(TimeoutError):
            async with asyncio.timeout(REFER_PATIENCE):
                await self.until_gone()
        await self.hangup()

    # ------------------------------------------------------------ others

    async def connect(
        self,
        plan: ConnectPlan,
        *,
        on_dialling: Told | None = None,
        on_ringing: Told | None = None,
    ) -> Connected | NotAnswered:
        connecting = await self._start(plan)
        try:
            if on_dialling is not None:
                await self.until_milestone(connecting.dialling)
                if connecting.tried is not None:
                    await on_dialling()
            if on_ringing is not None:
                await self.until_milestone(connecting.rang)
                if connecting.has_rung:
                    await on_ringing()
            return await self.outcome_of(connecting)
        except asyncio.CancelledError:
            await self._cancel(connecting)
            raise

    async def outcome_of(self, connecting: Connecting) -> Connected | NotAnswered:
        """How a forward comes out; see ``connect``."""
        await self.until_milestone(connecting.decided)
        if connecting.winner is not None:
            return AriConnected(self, connecting)
        if self.is_over:
            raise self.gone_error()
        return NotAnswered(connecting.attempts)

    def adopt(self, connecting: Connecting) -> None:
        """Hear of a forward that an earlier controller began."""
        self._connecting.append(connecting)
        if not connecting.over.done():
            self._away = connecting

    async def _start(self, plan: ConnectPlan) -> Connecting:
        prompts = self.session.prompts(plan.before, skip_missing=True)
        whisper = self.session.prompts(plan.whisper, skip_missing=True)
        plan = replace(plan, before=prompts, whisper=whisper)
        first = not self._connecting
        await self.ready()
        packed = pack(plan, shown=self._shown, first=first)
        self._shown = plan.caller_id
        if prompts or plan.music is not None:
            self._answered_at = self._answered_at or self.session.clock.now()
        connecting = Connecting(self, plan.target, max_talk=plan.max_talk)
        self._connecting.append(connecting)
        self._away = connecting
        self.hear_notes()
        self._hand_over = partial(self._send_on, packed)
        self._hand_over(partial(self._refused, connecting))
        return connecting

    def _send_on(self, packed: Packed, on_refused: Refused) -> None:
        """Hand it over to the dialplan."""
        self._handed_over_by = self.session.client.connections
        extension = self.session.plans.extension(packed)
        if extension is None:
            extension = packed.extension
            self.send("POST", "variables", None, {"variables": packed.to_set()})
        where = {"context": CONNECT_CONTEXT, "extension": extension, "priority": "1"}
        uri = f"{self.path}/continue"
        self.session.client.send("POST", uri, where, on_refused=on_refused)

    def hear_notes(self) -> None:
        """Hear from now on what the dialplan notes of it; calling it twice is harmless."""
        self.session.notes.listen(self.id, self._on_note)

    def shown_is_unknown(self) -> None:
        """Nothing that a forward may want to show is taken for what the channel shows already."""
        self._shown = CallerId(number="")

    def catch_up(
        self, arguments: Sequence[str] | None, talk: tuple[Event, datetime] | None
    ) -> None:
        """After events were missed: ``arguments`` are those it is in Stasis with, None where it is
        not; ``talk`` is the channel it talks to, and since when."""
        connecting = self._away
        if connecting is None:
            return
        if talk is not None:
            peer, since = talk
            connecting.on_answered(since, channel=peer["id"], name=peer["name"])
        elif arguments is None:
            if connecting.is_cancelled:
                connecting.cancel()
        elif is_return(arguments) and Returned.of(arguments) != self._came_back:
            self._returned(arguments, self.session.clock.now())
        elif self._handed_over_by != self.session.client.connections:
            self._still_here(connecting)

    def _still_here(self, connecting: Connecting) -> None:
        """The command that hands it over went with the connection."""
        if connecting.is_cancelled:
            self._away = None
            connecting.fail()
        elif self._hand_over is not None:
            self._hand_over(partial(self._refused_again, connecting))

    def _refused_again(self, connecting: Connecting, error: AriError) -> None:
        if error.status != _NOT_HERE:
            self._refused(connecting, error)

    def _refused(self, connecting: Connecting, error: AriError) -> None:
        if error.status == 404:
            self.over({})
        self._away = None
        connecting.fail()

    async def _cancel(self, connecting: Connecting) -> None:
        if self.session.stopping:
            return
        connecting.cancel()
        with suppress(TimeoutError, TelephonyError):
            async with asyncio.timeout(CANCEL_PATIENCE):
                await self.until_milestone(connecting.over)

    async def dial(
        self, plan: DialPlan, *, on_ringing: Told | None = None
    ) -> Dialled | NotAnswered:
        await self.ready()
        ringing = Ringing(self.session, plan)
        self._rings.append(ringing)
        handed_over = False
        try:
            ringing.start(self.id)
            if on_ringing is not None:
                await self.until(ringing.rang)
                if ringing.has_rung:
                    await on_ringing()
            winner = await self.until(ringing.decided)
            await all_settled(ringing.legs, CANCEL_PATIENCE)
            handed_over = True
        finally:
            if not handed_over:
                ringing.abandon()
        return ringing.outcome(winner)


def stasis_arguments(channel: Event) -> list[str]:
    """What the dialplan has handed over with the channel; empty where it has the channel itself."""
    dialplan: dict[str, str] = channel["dialplan"]
    return dialplan["app_data"].split(",")[1:] if dialplan["app_name"] == "Stasis" else []


def _pass_on(to: asyncio.Future[None], _: object) -> None:
    mark(to)


def _digits(number: str) -> str:
    kept = "".join(c for c in number if c in "+0123456789*#")
    if not kept:
        raise UnsafeValueError(f"{number!r} is not a number to transfer to")
    return kept
