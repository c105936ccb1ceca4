"""Caller and leg in a bridge of ours, with the controller in command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.leg import AriLeg
from hotline.telephony.asterisk.party import Party
from hotline.telephony.asterisk.recorder import SnoopRecorder
from hotline.telephony.port import (
    Cause,
    ConversationEvent,
    DigitPressed,
    HoldChanged,
    PartyLeft,
    Recorder,
    RecordSpec,
    SwitchDown,
)
from hotline.telephony.port import Party as Side

BRIDGE_PREFIX = "hl-bridge-"


class AriConversation:
    """Implements ``port.Conversation``."""

    def __init__(self, caller: Party, leg: AriLeg) -> None:
        self._client = caller.session.client
        self._sides: dict[Side, Party] = {Side.CALLER: caller, Side.CALLEE: leg}
        self._bridge = f"{BRIDGE_PREFIX}{unguessable_name()}"
        self._happened: asyncio.Queue[ConversationEvent | None] = asyncio.Queue()
        self._held: set[Side] = set()
        self._stop: list[Callable[[], None]] = []

    async def start(self) -> AriConversation:
        """Put both into the bridge. Raises CallerGone, LegGone, SwitchDown."""
        for party in self._sides.values():
            await party.ready()
        ids = ",".join(party.id for party in self._sides.values())
        await self._client.request(
            "POST", "bridges", {"type": "mixing,dtmf_events", "bridgeId": self._bridge}
        )
        try:
            await self._client.request("POST", self._uri("addChannel"), {"channel": ids})
        except AriError as error:
            self._destroy()
            for party in self._sides.values():
                await party.ready()
            raise SwitchDown(str(error)) from error
        for side, party in self._sides.items():
            self._watch(side, party)
        return self

    def _watch(self, side: Side, party: Party) -> None:
        def on_event(event: Event) -> None:
            if event["type"] == "ChannelDtmfReceived":
                self._happened.put_nowait(DigitPressed(side, event["digit"]))
            elif event["type"] in {"ChannelHold", "ChannelUnhold"}:
                held = event["type"] == "ChannelHold"
                self._happened.put_nowait(HoldChanged(side, held))

        def left() -> None:
            self._happened.put_nowait(PartyLeft(side, party.cause or int(Cause.NORMAL)))
            self._destroy()

        self._stop.append(self._client.listen(party.id, on_event).close)
        party.when_over(left)

    async def events(self) -> AsyncIterator[ConversationEvent]:
        while True:
            event = await self._happened.get()
            if event is None:
                return
            yield event
            if isinstance(event, PartyLeft):
                return

    async def hold(self, party: Side) -> None:
        if party in self._held:
            return
        self._held.add(party)
        held = self._sides[party]
        await held.ready()
        await self._client.request("POST", self._uri("removeChannel"), {"channel": held.id})
        held.send("POST", "moh", {})

    async def resume(self, party: Side) -> None:
        if party not in self._held:
            return
        self._held.remove(party)
        held = self._sides[party]
        await held.ready()
        held.send("DELETE", "moh")
        await self._client.request("POST", self._uri("addChannel"), {"channel": held.id})

    async def record(self, spec: RecordSpec) -> Recorder:
        return await SnoopRecorder(self._sides[Side.CALLER], spec).start()

    async def separate(self) -> None:
        for side in tuple(self._held):
            self._held.remove(side)
            self._sides[side].send("DELETE", "moh")
        self._destroy()
        self._happened.put_nowait(None)

    def _destroy(self) -> None:
        for stop in self._stop:
            stop()
        self._stop.clear()
        with suppress(SwitchDown):
            self._client.send("DELETE", path("bridges", self._bridge))

    def _uri(self, verb: str) -> str:
        return f"{path('bridges', self._bridge)}/{verb}"
