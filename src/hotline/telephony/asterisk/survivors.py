"""Calls that went on in the switch while no controller, or another one, was there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hotline.telephony.asterisk.call import AriCall, stasis_arguments
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.connect import Connecting, Returned, is_return
from hotline.telephony.asterisk.dialplan import (
    ALONE_CONTEXT,
    ANSWERED,
    ARRIVED,
    CALLER,
    CONNECT_CONTEXT,
    DIALLED,
    INCOMING_CONTEXTS,
    PRESENTATION,
    RETURNED,
    TALKING_SINCE,
    TARGET,
    is_withheld,
)
from hotline.telephony.asterisk.leg import LEG_PREFIX
from hotline.telephony.asterisk.listening import SPY_PREFIX
from hotline.telephony.asterisk.packing import target_of
from hotline.telephony.asterisk.party import Session, playbacks_of
from hotline.telephony.asterisk.recorder import SNOOP_PREFIX
from hotline.telephony.asterisk.results import instant, stamp
from hotline.telephony.asterisk.room import AriRoom
from hotline.telephony.port import Survivor, SurvivorPhase

_VARIABLES = (
    ARRIVED,
    ANSWERED,
    DIALLED,
    TALKING_SINCE,
    TARGET,
    "CALLERID(dnid)",
    CALLER,
    PRESENTATION,
)
_OURS = (LEG_PREFIX, SNOOP_PREFIX, SPY_PREFIX)
_OUTGOING_APPS = frozenset({"AppDial", "AppDial2"})
_LOOKS_UNTIL_GONE = 60
_BETWEEN_LOOKS = 0.05
"""Seconds from one to the next, for what is left of a call or a play that was ended."""


@dataclass(slots=True)
class Census:
    """What the switch has at one moment."""

    channels: dict[str, Event] = field(default_factory=dict)
    bridges: list[Event] = field(default_factory=list)
    heard: frozenset[str] = frozenset()
    """Channels that the application is subscribed to."""
    began: str = ""
    """When the switch's process started."""

    @classmethod
    async def take(cls, session: Session) -> Census:
        """Ask the switch. Raises SwitchDown."""
        client = session.client
        channels: list[Event] = await client.list_all("channels")
        bridges: list[Event] = await client.list_all("bridges")
        application = await client.list_all(client.application)
        # Over the connection: what it brought until the others were answered has been read then.
        info = await client.request("GET", "asterisk/info", {"only": "status"})
        return cls(
            {channel["id"]: channel for channel in channels},
            bridges,
            frozenset(application["channel_ids"]),
            str(info["status"]["startup_time"]),
        )

    def incoming(self) -> list[Event]:
        """Channels of callers."""
        return [channel for channel in self.channels.values() if _is_incoming(channel)]

    def bridge_of(self, channel_id: str) -> Event | None:
        return next((b for b in self.bridges if channel_id in b["channels"]), None)

    def talk_of(self, channel_id: str) -> tuple[Event, datetime] | None:
        """The other channel in its bridge, and since when the two are connected."""
        bridge = self.bridge_of(channel_id)
        if bridge is None:
            return None
        others = [c for c in bridge["channels"] if c != channel_id and c in self.channels]
        return (self.channels[others[0]], stamp(bridge["creationtime"])) if others else None

    def stasis_of(self, channel_id: str) -> list[str] | None:
        """The arguments with which the channel is in Stasis; None where it is not."""
        channel = self.channels[channel_id]
        in_stasis = channel["dialplan"]["app_name"] == "Stasis"
        return stasis_arguments(channel) if in_stasis else None


async def survivor_of(call: AriCall, census: Census) -> Survivor | None:
    """Take over the call that ``call`` was just made for. Raises SwitchDown.

    None when it has ended since the census: what we could read of it by then may be half of it,
    and its journal entry, which is there when this returns, has all.
    """
    channel = census.channels[call.id]
    has_us = channel["dialplan"]["app_name"] == "Stasis"
    if not has_us:
        call.hear_notes()
    values = await _variables(call)
    if await _has_ended(call):
        return None
    call.dialled = values["CALLERID(dnid)"] or call.dialled
    call.caller = "" if is_withheld(values[PRESENTATION]) else values[CALLER] or call.caller
    call.arrived_at = instant(values[ARRIVED]) or call.arrived_at
    call.answered_at = instant(values[ANSWERED])
    call.shown_is_unknown()
    if has_us:
        if channel["state"] == "Up" and call.answered_at is None:
            call.answered_at = call.arrived_at
        await _end_plays(call)
        _take_last_forward(call, census, values)
        if isinstance(call.room, AriRoom):
            return Survivor(call, SurvivorPhase.IN_ROOM, None, call.room)
        return Survivor(call, SurvivorPhase.WAITING, None)
    dialled = call.session.plans.target(channel["dialplan"]["exten"])
    if dialled not in {None, values[TARGET]}:
        # On its way: the dialplan has not read yet whom to dial, what is there is of the last.
        values |= {TARGET: dialled, DIALLED: "", TALKING_SINCE: ""}
    connecting = _forward_of(call, values)
    call.adopt(connecting)
    phase = SurvivorPhase.CONNECTING
    talk = census.talk_of(call.id)
    if talk is not None:
        phase = SurvivorPhase.TALKING
        peer, since = talk
        since = instant(values[TALKING_SINCE]) or since
        connecting.on_answered(since, channel=peer["id"], name=peer["name"])
    return Survivor(call, phase, partial(call.outcome_of, connecting))


async def _end_plays(call: AriCall) -> None:
    """What was being said when the controller died ends now: what is commanded next, even to put
    the caller through, would wait for its end."""
    for playback in playbacks_of(call.id):
        uri = path("playbacks", playback)
        with suppress(AriError):  # it is not there, or not any more
            await call.session.client.request("DELETE", uri)
            for _ in range(_LOOKS_UNTIL_GONE):
                await call.session.client.request("GET", uri)
                await call.session.clock.sleep(_BETWEEN_LOOKS)


def _take_last_forward(call: AriCall, census: Census, values: dict[str, str]) -> None:
    """What became of the forward that the caller has come back from."""
    returned = census.stasis_of(call.id)
    if returned is None or not is_return(returned):
        return
    connecting = _forward_of(call, values)
    connecting.on_returned(Returned.of(returned), call.session.clock.now())
    call.adopt(connecting)


def _forward_of(call: AriCall, values: dict[str, str]) -> Connecting:
    """The forward that an earlier controller began."""
    connecting = Connecting(call, target_of(values[TARGET]))
    dialled_at = instant(values[DIALLED])
    if dialled_at is not None:
        connecting.on_dialling(dialled_at)
    return connecting


async def _has_ended(call: AriCall) -> bool:
    """Whether the call is over; if so, its channel is gone too when this returns."""
    for _ in range(_LOOKS_UNTIL_GONE):
        try:
            await call.session.client.request("GET", call.path)
        except AriError:
            call.over({})
            return True
        if not call.is_over:
            return False
        await call.session.clock.sleep(_BETWEEN_LOOKS)
    return True


async def _variables(call: AriCall) -> dict[str, str]:
    """Empty where not set."""
    uri = f"{path('channels', call.id)}/variable"
    values = {}
    for name in _VARIABLES:
        try:
            answer = await call.session.client.request("GET", uri, {"variable": name})
            values[name] = str(answer["value"] or "")
        except AriError:
            values[name] = ""
    return values


def _is_incoming(channel: Event) -> bool:
    """Whether it is a caller's whom a controller has served, or who waits for one now.

    One on its way into Stasis arrives by itself; taken for a survivor its arrival would be missed.
    """
    dialplan: dict[str, str] = channel["dialplan"]
    app, context, extension = dialplan["app_name"], dialplan["context"], dialplan["exten"]
    if channel["id"].startswith(_OURS) or app in _OUTGOING_APPS:
        return False
    if app == "Stasis":
        return context in INCOMING_CONTEXTS
    return context == CONNECT_CONTEXT or (context == ALONE_CONTEXT and extension == RETURNED)
