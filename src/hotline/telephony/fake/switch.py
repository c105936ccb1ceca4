"""The fake switch: one node, its journal, its faults."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from hotline.kit.clock import Clock
from hotline.telephony.fake.call import FakeIncomingCall
from hotline.telephony.fake.channel import Channel
from hotline.telephony.fake.journal import entry_of
from hotline.telephony.fake.line import Line, LineOver
from hotline.telephony.fake.notice import Notice
from hotline.telephony.fake.outgoing import ring_out
from hotline.telephony.fake.party import FakeLeg, FakeParty
from hotline.telephony.fake.ringing import Ringing
from hotline.telephony.fake.room import FakeListening
from hotline.telephony.fake.rooms import Rooms
from hotline.telephony.fake.session import Session
from hotline.telephony.fake.world import FakeWorld
from hotline.telephony.port import (
    AccountTarget,
    Attempt,
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
    LegResult,
    Listening,
    ListenMode,
    NotAnswered,
    Party,
    Room,
    Survivor,
    SurvivorPhase,
)

Told = Callable[[], Awaitable[None]]
SurvivorHandler = Callable[[Sequence[Survivor]], Awaitable[None]]
_BATCH = 100


async def _nobody(_: Sequence[Survivor]) -> None:
    """For scripts that care about no survivors."""


class FakeSwitch:
    """Implements ``port.Switch`` in memory. ``world`` is where its callers and phones are.

    ``notice`` is what callers hear when no controller is there; ``patience`` is how many seconds
    verbs wait for a lost connection to come back before they raise SwitchDown.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        node: str = "node1",
        trunk: str = "carrier",
        notice: Path | None = None,
        patience: float = 5.0,
    ) -> None:
        self.clock = clock
        self.world = FakeWorld(clock, self._incoming, trunk)
        self.world.on_device = self._device_dials
        self._on_device: DeviceHandler | None = None
        self._node = node
        self._notice = Notice(clock, notice)
        self._patience = patience
        self.failures: list[BaseException] = []
        """What call handlers raised, cancellation apart."""
        self._session: Session | None = None
        self._on_call: CallHandler | None = None
        self._run_task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._ready = asyncio.Event()
        """Set while calls are handed out."""
        self._waiting: list[Channel] = []
        self._handlers: dict[str, asyncio.Task[None]] = {}
        self._given_out: set[str] = set()
        self._channels: dict[str, Channel] = {}
        self._calls: dict[str, FakeIncomingCall] = {}
        """The last controller's hand on each."""
        self._journal: list[JournalEntry] = []
        self._started = secrets.token_hex(4)
        """Tells the channels of this switch from those of one before it."""
        self._rooms = Rooms(clock, self._party_of)
        self._accounts_seen: frozenset[str] = frozenset()
        self._ids = count(1)
        self._originated = count(1)
        self._is_down = False

    # ------------------------------------------------------------ the port

    @property
    def node(self) -> str:
        return self._node

    async def run(
        self,
        on_call: CallHandler,
        on_connected: SurvivorHandler,
        on_device: DeviceHandler | None = None,
    ) -> None:
        session = Session(self.clock, self._patience)
        self._on_device = on_device
        self._session, self._on_call = session, on_call
        self._run_task = asyncio.current_task()
        self._given_out.clear()
        if self._is_down:
            session.interrupt()
        else:
            self._connected.set()
        first = True
        try:
            while True:
                await self._connected.wait()
                self._connected.clear()
                if first:
                    self._drop_orphans()
                    first = False
                self._rooms.close_empty()
                await on_connected(self._survivors(session))
                self._hand_out_waiting()
        finally:
            session.drop()
            if self._session is session:
                self._session = None
                self._ready.clear()
                self._rooms.let_go()
            await self._cancel_handlers()

    async def originate(
        self, plan: DialPlan, *, on_ringing: Told | None = None
    ) -> Dialled | NotAnswered:
        session = self._current()
        ringing = Ringing(
            self.clock,
            self.world,
            prefix=f"{self._node}-out-{next(self._originated)}",
            plan=plan,
        )
        try:
            return await session.run(
                ring_out(self.clock, session, plan, ringing, on_ringing=on_ringing)
            )
        except asyncio.CancelledError:  # in the moment of the answer, perhaps
            if not session.is_dropped:
                ringing.abandon()
            raise

    async def room(self, name: str) -> Room:
        session = self._current()
        await session.reachable()
        return self._rooms.open(session, name)

    async def rooms(self) -> Sequence[Room]:
        session = self._current()
        await session.reachable()
        return self._rooms.all(session)

    async def listen(self, watched: str, listener: Leg, mode: ListenMode) -> Listening:
        session = self._current()
        await session.reachable()
        channel = self._channels.get(watched)
        line = channel.line if channel is not None else self.world.dialled.get(watched)
        if line is None or line.over is not None:
            raise LegGone(watched)
        if not isinstance(listener, FakeLeg):
            raise TypeError("a leg of another switch cannot listen here")
        if listener.line.over is not None:
            raise listener.gone_error()
        return FakeListening(session, line, listener.line, mode)

    async def accounts(self) -> dict[str, bool]:
        await self._current().reachable()
        self._accounts_seen |= self.world.accounts
        return {name: name in self.world.accounts for name in sorted(self._accounts_seen)}

    async def device_changes(self) -> AsyncIterator[DeviceChange]:
        said: frozenset[str] = frozenset()
        while True:
            while self._is_down:
                await self.clock.sleep(1)
            now = self.world.accounts
            changed, said = now ^ said, now
            for account in sorted(changed):
                yield DeviceChange(account, account in now)
            await self.world.until_accounts(partial(self._accounts_differ, said))

    def _accounts_differ(self, said: frozenset[str]) -> bool:
        return self.world.accounts != said

    async def journal(self) -> AsyncIterator[Sequence[JournalEntry]]:
        while batch := tuple(self._journal[:_BATCH]):
            yield batch
            del self._journal[: len(batch)]

    async def trunks(self) -> dict[str, bool]:
        return {self.world.trunk: not self._is_down}

    # ------------------------------------------------------------ for tests

    @asynccontextmanager
    async def serving(
        self, on_call: CallHandler, on_connected: SurvivorHandler = _nobody
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Run a controller while the block runs; what its handlers raised is raised at the end."""
        running = asyncio.create_task(self.run(on_call, on_connected))
        try:
            if not self._is_down:
                ready = asyncio.ensure_future(self._ready.wait())
                await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
                ready.cancel()
            yield running
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        if self.failures:
            raise BaseExceptionGroup("call handlers failed", self.failures)

    async def drop_controller(self) -> None:
        """The controller dies (-9): its tasks are cancelled and nothing they still say counts."""
        running = self._run_task
        if self._session is None or running is None:
            return
        self._session.drop()
        running.cancel()
        await asyncio.wait({running})

    def go_down(self) -> None:
        """The connection between controller and switch is cut; calls go on."""
        self._is_down = True
        self._ready.clear()
        if self._session is not None:
            self._session.interrupt()

    def come_back(self) -> None:
        """The connection is there again."""
        self._is_down = False
        session = self._session
        if session is not None and not session.is_whole:
            if session.has_given_up:
                self._given_out.clear()
                self._rooms.let_go()
            session.mend()
            self._connected.set()

    def crash(self) -> None:
        """The switch dies and with it every call, unwritten; ``come_back`` restarts it."""
        self.go_down()
        self._rooms.crash()
        channels, self._channels = self._channels, {}
        for channel in channels.values():
            channel.line.end(int(Cause.TEMPORARY_FAILURE), by_outside=False)
            channel.end_dialled()
        for line in tuple(self.world.dialled.values()):
            line.end(int(Cause.TEMPORARY_FAILURE), by_outside=False)

    @property
    def calls_up(self) -> int:
        """Incoming calls that have not ended."""
        return len(self._channels)

    # ------------------------------------------------------------ calls

    def _device_dials(self, line: Line, account: str, dialled: str) -> None:
        line.target = target = AccountTarget(account)
        line.id = f"{self._node}-{self._started}-{next(self._ids)}"
        self.world.dialled[line.id] = line
        if self._session is None or self._on_device is None:
            line.end(int(Cause.REJECTED), by_outside=False)
            return
        line.answer()
        now = self.clock.now()
        attempt = Attempt(line.id, target, LegResult.ANSWERED, 200, None, now, None, now, None)
        leg = FakeLeg(self.clock, self._session, line, target)
        work = self._on_device(DeviceCall(leg, account, dialled, attempt))
        task = asyncio.ensure_future(work)
        self._handlers[line.id] = task
        task.add_done_callback(lambda _: self._handlers.pop(line.id, None))

    def _incoming(self, line: Line, dialled: str, caller: str) -> None:
        line.id = f"{self._node}-{self._started}-{next(self._ids)}"
        channel = Channel(self.clock, self.world, line, dialled=dialled, caller=caller)
        self._channels[channel.id] = channel
        line.on_over.append(partial(self._over, channel))
        if self._session is None or not self._session.is_whole:
            self._notice.play_to(channel.line)
        elif self._ready.is_set():
            self._hand_out(channel)
        else:
            self._waiting.append(channel)

    def _hand_out_waiting(self) -> None:
        if self._session is not None and self._session.is_whole:
            self._ready.set()
        waiting, self._waiting = self._waiting, []
        for channel in waiting:
            if channel.line.over is None:
                self._hand_out(channel)

    def _hand_out(self, channel: Channel) -> None:
        session, on_call = self._session, self._on_call
        if session is None or on_call is None:
            self._notice.play_to(channel.line)
            return
        channel.served = True
        handler = asyncio.ensure_future(on_call(self._call(session, channel)))
        self._handlers[channel.id] = handler
        handler.add_done_callback(partial(self._handler_done, channel.id))

    def _handler_done(self, channel_id: str, handler: asyncio.Future[None]) -> None:
        if self._handlers.get(channel_id) is handler:
            del self._handlers[channel_id]
        if not handler.cancelled() and (error := handler.exception()) is not None:
            self.failures.append(error)

    async def _cancel_handlers(self) -> None:
        handlers = set(self._handlers.values())
        for handler in handlers:
            handler.cancel()
        if handlers:
            await asyncio.wait(handlers)

    def _call(self, session: Session, channel: Channel) -> FakeIncomingCall:
        call = self._calls.get(channel.id)
        if call is None or not call.belongs_to(session):
            call = FakeIncomingCall(self.clock, session, channel, self._node, self._left_alone)
            self._calls[channel.id] = call
        return call

    def _party_of(self, session: Session, line: Line) -> FakeParty:
        channel = next((one for one in self._channels.values() if one.line is line), None)
        if channel is not None:
            return self._call(session, channel)
        assert line.target is not None  # noqa: S101 - whoever did not call was dialled
        return FakeLeg(self.clock, session, line, line.target)

    def _current(self) -> Session:
        return self._session or Session(self.clock, self._patience)

    def _survivors(self, session: Session) -> list[Survivor]:
        found = []
        for channel in self._channels.values():
            if not channel.served or {channel.id} & (self._handlers.keys() | self._given_out):
                continue
            self._given_out.add(channel.id)
            call, connecting = self._call(session, channel), channel.connecting
            room = self._rooms.with_line(session, channel.line)
            if room is not None:
                found.append(Survivor(call, SurvivorPhase.IN_ROOM, None, room))
            elif connecting is None:
                found.append(Survivor(call, SurvivorPhase.WAITING, None))
            else:
                talks = connecting.is_talking
                phase = SurvivorPhase.TALKING if talks else SurvivorPhase.CONNECTING
                found.append(Survivor(call, phase, partial(call.outcome_of, connecting)))
        return found

    def _drop_orphans(self) -> None:
        """Legs that a controller before this one commanded and that are in no room."""
        forwards = {
            each.line.id
            for channel in self._channels.values()
            if channel.last_connect is not None
            for each in channel.last_connect.ringing.dialled
        }
        for line in tuple(self.world.dialled.values()):
            if line.over is None and line.id not in forwards and not self._rooms.has(line):
                line.end(int(Cause.NORMAL), by_outside=False)

    def _left_alone(self, channel: Channel) -> None:
        """A forward is over: without a controller the switch ends the call by itself."""
        if self._session is not None and self._session.is_whole:
            return
        talk = channel.last_connect.talk if channel.last_connect is not None else None
        channel.ended_by_callee = talk is not None and talk.by is Party.CALLEE
        channel.line.end(talk.cause if talk is not None else Cause.NORMAL, by_outside=False)

    def _over(self, channel: Channel, over: LineOver) -> None:
        if channel.connecting is not None:
            channel.connecting.caller_left(over.cause)
        self._calls.pop(channel.id, None)
        if self._channels.pop(channel.id, None) is None:
            return
        self._journal.append(entry_of(channel, over, self._node))
