"""The telephony port on Asterisk: one node's switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.call import AriCall
from hotline.telephony.asterisk.client import AriClient, AriError, Event, path
from hotline.telephony.asterisk.connect import is_return
from hotline.telephony.asterisk.devices import accounts, changes, trunks
from hotline.telephony.asterisk.dialplan import ACCOUNT_CONTEXT, REPEATED_CONTEXT
from hotline.telephony.asterisk.journal import Journal
from hotline.telephony.asterisk.leg import LEG_PREFIX, AriLeg, Ringing, all_settled
from hotline.telephony.asterisk.line import AriLine
from hotline.telephony.asterisk.listening import LISTEN_PREFIX, SPY_PREFIX, AriListening
from hotline.telephony.asterisk.live_file import ENDS as RECORDING_ENDS
from hotline.telephony.asterisk.live_file import settle, settle_left_behind
from hotline.telephony.asterisk.notes import Notes
from hotline.telephony.asterisk.party import Session
from hotline.telephony.asterisk.plans import Plans
from hotline.telephony.asterisk.recorder import SNOOP_PREFIX
from hotline.telephony.asterisk.room import our
from hotline.telephony.asterisk.rooms import Rooms, is_device
from hotline.telephony.asterisk.survivors import Census, survivor_of
from hotline.telephony.port import (
    CallHandler,
    Cause,
    DeviceCall,
    DeviceChange,
    DeviceHandler,
    Dialled,
    DialPlan,
    JournalEntry,
    Leg,
    LegGone,
    Listening,
    ListenMode,
    NotAnswered,
    Room,
    Survivor,
    SwitchDown,
)
from hotline.telephony.values import SwitchAbout

log = structlog.get_logger(__name__)

EVENTS = (
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "ChannelHangupRequest",
    "ChannelHold",
    "ChannelUnhold",
    "Dial",
    "PlaybackFinished",
    "RecordingFailed",
    "RecordingFinished",
    "StasisStart",
)
"""All that the engine listens to; the switch sends no others."""

_AWAY_LOOK_EVERY = 30.0

Told = Callable[[], Awaitable[None]]
Registered = Callable[[], Awaitable[Mapping[str, bool]]]
OnConnected = Callable[[Sequence[Survivor]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """How to reach a node's switch, and which of its folders we share with it."""

    node: str
    url: str
    """Its HTTP address, e.g. ``http://127.0.0.1:8088``."""
    username: str
    password: str = field(repr=False)
    app: str = "hotline"
    sounds: Path
    journal: Path
    recordings: Path
    """``<astspooldir>/recording``."""
    accounts: str = "acct-"
    """How the endpoint names of SIP accounts begin; all others are carriers."""
    patience: float = 3.0
    """Seconds that a verb waits for a lost switch."""


class AriSwitch:
    """Implements ``port.Switch``."""

    def __init__(
        self, settings: EngineSettings, clock: Clock, registered: Registered | None = None
    ) -> None:
        """``registered`` tells of the carriers at which the switch registers whether they let it;
        without, that they answer counts as enough."""
        self._registered = registered
        self.node = settings.node
        self._settings = settings
        beat = Beat()
        self._client = AriClient(
            settings.url,
            settings.username,
            settings.password,
            settings.app,
            events=EVENTS,
            patience=settings.patience,
            beat=beat,
        )
        self._client.listen_others(self._on_event)
        self._session = Session(
            self._client,
            Notes(settings.journal, clock, beat),
            Plans(settings.journal),
            clock,
            settings.sounds,
            settings.recordings,
            settings.patience,
        )
        self._journal = Journal(settings.journal, settings.node)
        self._calls: dict[str, AriCall] = {}
        self._dialogs: dict[tuple[str, str, str], str] = {}
        """Which call of ours has that SIP dialog."""
        self._rooms = Rooms(self._session)
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: list[Event] | None = []
        """Calls that came in while we were taking stock; None when they are served at once."""
        self._on_call: CallHandler | None = None
        self._on_connected: OnConnected | None = None
        self._on_device: DeviceHandler | None = None
        self._giving_up: asyncio.TimerHandle | None = None
        self._began: str | None = None
        """When the switch's process started, in its own words."""

    @property
    def connected(self) -> bool:
        """Whether the switch can be commanded now."""
        return self._client.connected

    async def about(self) -> SwitchAbout:
        """Raises SwitchDown."""
        info = await self._client.request("GET", "asterisk/info", {"only": "system,status"})
        began = datetime.fromisoformat(info["status"]["startup_time"])
        return SwitchAbout(str(info["system"]["version"]), began)

    def drop_connection(self) -> None:
        """Cut the connection as a failing network would; it is made anew."""
        self._client.drop()

    # ------------------------------------------------------------ port.Switch

    async def run(
        self,
        on_call: CallHandler,
        on_connected: OnConnected,
        on_device: DeviceHandler | None = None,
    ) -> None:
        self._on_call, self._on_connected, self._on_device = on_call, on_connected, on_device
        self._session.stopping = False
        self._settings.journal.mkdir(parents=True, exist_ok=True)
        self._session.plans.prepare()
        self._spawn(self._watch_away())
        try:
            await self._client.run(self._take_stock, self._lost)
        finally:
            self._session.stopping = True
            if self._giving_up is not None:
                self._giving_up.cancel()
                self._giving_up = None
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._give_up()
            self._session.notes.close()

    async def originate(
        self, plan: DialPlan, *, on_ringing: Told | None = None
    ) -> Dialled | NotAnswered:
        await self._client.wait_connected(self._settings.patience)
        ringing = Ringing(self._session, plan)
        handed_over = False
        try:
            ringing.start()
            if on_ringing is not None:
                await ringing.rang
                if ringing.has_rung:
                    await on_ringing()
            winner = await ringing.decided
            await all_settled(ringing.legs, 1.0)
            handed_over = True
        finally:
            if not handed_over:
                ringing.abandon()
        return ringing.outcome(winner)

    def journal(self) -> AsyncIterator[Sequence[JournalEntry]]:
        return self._journal.batches()

    async def trunks(self) -> dict[str, bool]:
        found = await trunks(self._client, self._settings.accounts)
        accepted = await self._registered() if self._registered else {}
        return {name: online and accepted.get(name, True) for name, online in found.items()}

    async def accounts(self) -> dict[str, bool]:
        return await accounts(self._client, self._settings.accounts)

    def device_changes(self) -> AsyncIterator[DeviceChange]:
        return changes(self._client, self._settings.accounts)

    async def room(self, name: str) -> Room:
        return await self._rooms.open(name)

    async def rooms(self) -> Sequence[Room]:
        await self._client.wait_connected(self._settings.patience)
        return self._rooms.all()

    async def listen(self, watched: str, listener: Leg, mode: ListenMode) -> Listening:
        return await AriListening(self._session, watched, our(listener), mode).start()

    # ------------------------------------------------------------ connection

    def _lost(self) -> None:
        self._arrived = self._arrived or []
        if self._giving_up is None:
            loop = asyncio.get_running_loop()
            self._giving_up = loop.call_later(self._settings.patience, self._give_up)

    def _give_up(self) -> None:
        self._session.down = True
        self._lose_all()

    def _lose_all(self) -> None:
        self._rooms.lost()
        for party in (*self._calls.values(), *self._session.legs):
            party.lost()

    async def _take_stock(self) -> None:
        """After each connection: what changed while we were away, and who has no script."""
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
        self._session.down = False
        # What begins from here on need not be in the census.
        calls, legs = tuple(self._calls.values()), tuple(self._session.legs)
        rooms = self._rooms.all()
        census = await Census.take(self._session)
        if self._began not in {None, census.began}:
            # Another process: what the one before had did not end, it was lost.
            self._lose_all()
        self._began = census.began
        for call in calls:
            if not call.is_over:  # it ended meanwhile
                await self._reconcile(call, census)
        for leg in legs:
            if leg.id in census.channels:
                await leg.resync()
            else:
                leg.over({})
        self._rooms.reconcile(rooms, census)
        found = [self._hold(one) for one in census.incoming() if one["id"] not in self._calls]
        lines: tuple[AriLine, ...] = (*self._calls.values(), *self._session.legs)
        await self._rooms.find(census, {line.id: line for line in lines})
        self._drop_orphans(census)
        await settle_left_behind(self._session)
        taken = await asyncio.gather(*(survivor_of(call, census) for call in found))
        survivors = [survivor for survivor in taken if survivor is not None]
        await self._catch_up(found)
        if survivors:
            log.info("engine.survivors", count=len(survivors), node=self.node)
        assert self._on_connected is not None  # noqa: S101  set by run
        await self._on_connected(survivors)
        arrived, self._arrived = self._arrived or [], None
        for event in arrived:
            self._on_event(event)

    async def _catch_up(self, found: Sequence[AriCall]) -> None:
        """What became of forwards between the census and the moment from which we hear of them."""
        if not any(call.is_away for call in found):
            return
        census = await Census.take(self._session)
        for call in found:
            if call.id in census.channels:
                call.catch_up(census.stasis_of(call.id), census.talk_of(call.id))

    async def _reconcile(self, call: AriCall, census: Census) -> None:
        channel = census.channels.get(call.id)
        if channel is None:
            call.over({})
            return
        if call.id not in census.heard and not call.is_away:
            self._client.follow(call.id)
        await call.resync()
        call.catch_up(census.stasis_of(call.id), census.talk_of(call.id))

    async def _watch_away(self) -> None:
        """A call whose end the switch could not note (its disk is full, say) must not be held for
        ever."""
        while True:
            await self._session.clock.sleep(_AWAY_LOOK_EVERY)
            with suppress(SwitchDown, AriError):
                await self.look_after_away()

    async def look_after_away(self) -> None:
        """End the calls that forwards have and the switch has no more. Raises SwitchDown."""
        away = [call for call in self._calls.values() if call.is_away]
        if not away:
            return
        channels = await self._client.list_all("channels")
        there = {channel["id"] for channel in channels}
        self._session.notes.look()
        for call in away:
            if call.is_away and not call.is_over and call.id not in there:
                log.warning("engine.end_not_noted", channel=call.id)
                call.over({})

    def _drop_orphans(self, census: Census) -> None:
        """Legs, spies and bridges for listening of ours that nobody holds; recordings go on until
        their line ends."""
        arriving = {event["channel"]["id"] for event in self._arrived or ()}
        for channel_id, channel in census.channels.items():
            ours = channel_id.startswith((LEG_PREFIX, SPY_PREFIX)) or is_device(channel)
            if ours and channel_id not in arriving and not self._client.is_listened_to(channel_id):
                with suppress(SwitchDown):
                    self._client.send("DELETE", path("channels", channel_id))
        for bridge in census.bridges:
            in_use = any(self._client.is_listened_to(one) for one in bridge["channels"])
            if str(bridge["id"]).startswith(LISTEN_PREFIX) and not in_use:
                with suppress(SwitchDown):
                    self._client.send("DELETE", path("bridges", bridge["id"]))

    # ------------------------------------------------------------ calls

    def _on_event(self, event: Event) -> None:
        """Events that nobody listens for: new calls, and recordings that we did not begin."""
        if event["type"] in RECORDING_ENDS:
            settle(self._session, event["recording"]["name"])
        if event["type"] != "StasisStart":
            return
        channel = event["channel"]
        if channel["id"].startswith((LEG_PREFIX, SNOOP_PREFIX, SPY_PREFIX)):
            return
        if self._arrived is not None:
            self._arrived.append(event)
        elif channel["id"] in self._calls:
            return
        elif channel["dialplan"]["context"] == ACCOUNT_CONTEXT:
            self._spawn(self._serve_device(channel))
        elif is_return(event["args"]):
            self._spawn(self._take_over(channel))
        else:
            self._arrive(channel)

    def _arrive(self, channel: Event) -> None:
        call = AriCall(self._session, self.node, channel)
        if call.sip_dialog in self._dialogs:
            # SIP takes an INVITE that a network repeats after its ACK for a new one.
            log.info("engine.repeated_invite", channel=call.id)
            where = {"context": REPEATED_CONTEXT, "extension": "s", "priority": "1"}
            with suppress(SwitchDown):
                self._client.send("POST", f"{path('channels', call.id)}/continue", where)
            call.forget()
            return
        self._spawn(self._serve(self._keep(call)))

    def _hold(self, channel: Event) -> AriCall:
        return self._keep(AriCall(self._session, self.node, channel))

    def _keep(self, call: AriCall) -> AriCall:
        self._calls[call.id] = call
        if call.sip_dialog[0]:
            self._dialogs[call.sip_dialog] = call.id
        call.when_over(lambda: self._release(call))
        return call

    def _release(self, call: AriCall) -> None:
        self._calls.pop(call.id, None)
        if self._dialogs.get(call.sip_dialog) == call.id:
            del self._dialogs[call.sip_dialog]
        call.forget()

    async def _serve(self, call: AriCall) -> None:
        assert self._on_call is not None  # noqa: S101  set by run
        try:
            await self._on_call(call)
        except Exception:
            log.exception("engine.script_failed", channel=call.id)
            with suppress(SwitchDown, AriError):
                await call.hangup(Cause.TEMPORARY_FAILURE)

    async def _serve_device(self, channel: Event) -> None:
        account = channel["name"].removeprefix("PJSIP/").rpartition("-")[0]
        leg = AriLeg.found(self._session, channel, f"PJSIP/{account}")
        try:
            if self._on_device is None:
                await leg.hangup(Cause.REJECTED)
                return
            leg.send("POST", "answer")
            dialled = channel["dialplan"]["exten"]
            await self._on_device(DeviceCall(leg, account, dialled, leg.tried.attempt()))
        except (LegGone, SwitchDown):
            log.info("engine.device_gone", channel=leg.id)
        except Exception:
            log.exception("engine.device_call_failed", channel=leg.id)
            with suppress(SwitchDown, AriError):
                await leg.hangup(Cause.TEMPORARY_FAILURE)

    async def _take_over(self, channel: Event) -> None:
        """A call came back from a forward that no coroutine of ours waits for."""
        assert self._on_connected is not None  # noqa: S101  set by run
        census = await Census.take(self._session)
        if channel["id"] in census.channels:
            survivor = await survivor_of(self._hold(channel), census)
            await self._on_connected([survivor] if survivor is not None else [])

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
