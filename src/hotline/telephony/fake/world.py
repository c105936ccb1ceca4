"""The outside world in memory: phones with behaviours, and calls that people place."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from weakref import WeakValueDictionary

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Heard, Line
from hotline.telephony.sip_codes import cause_of_sip
from hotline.telephony.world_port import LineEnd, Waited

IncomingLine = Callable[[Line, str, str], None]
"""Takes the line, the dialled number and the caller's number into the switch."""


@dataclass(frozen=True, slots=True)
class Invite:
    """What a phone is told with a call."""

    number: str
    name: str = ""
    auto_answer: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeOutsideLine:
    """An outside party's hand on its line. Implements ``world_port.OutsideLine``."""

    def __init__(self, world: FakeWorld, line: Line, number: str) -> None:
        self.line = line
        self._world = world
        self._number = number
        self._waited_for: Counter[Path] = Counter()

    @property
    def number(self) -> str:
        return self._number

    @property
    def heard(self) -> list[Heard]:
        """Everything that the party began to hear, in order."""
        return self.line.heard

    @property
    def pressed(self) -> str:
        return self.line.pressed

    @property
    def is_answered(self) -> bool:
        return self.line.answered_at is not None

    @property
    def is_ended(self) -> bool:
        return self.line.over is not None

    async def answered(self, within: float = 10.0) -> None:
        await self._wait(lambda: self.is_answered, within, "an answer")

    async def hears(self, media: Path, within: float = 10.0) -> None:
        self._waited_for[media] += 1
        times = self._waited_for[media]

        def heard_so_often() -> bool:
            return sum(one.media == media for one in self.line.heard) >= times

        try:
            await self._wait(heard_so_often, within, f"hearing {media}")
        except Waited:
            self._waited_for[media] -= 1
            raise

    async def press(self, digits: str, *, info: bool = False) -> None:  # noqa: ARG002
        """``info`` makes no difference here: the switch counts both alike."""
        for digit in digits:
            self.line.press(digit)
            await asyncio.sleep(0)

    async def press_hold(self, held: bool) -> None:
        """The phone's own hold button."""
        self.line.press_hold(held)
        await asyncio.sleep(0)

    async def say(self, media: Path) -> None:
        self.line.speak(media)

    async def hangup(self) -> None:
        self.line.end(16, by_outside=True, sip_code=487)

    async def ended(self, within: float = 60.0) -> LineEnd:
        await self._wait(lambda: self.is_ended, within, "the end")
        over = self.line.over
        assert over is not None  # noqa: S101 - the line above waited for it
        return LineEnd(over.cause, over.sip_code, over.by_outside)

    def recording(self) -> Path | None:
        return None

    async def _wait(self, holds: Callable[[], bool], within: float, what: str) -> None:
        def settled() -> bool:
            return holds() or self.is_ended

        await self._world.wait(self.line, settled, within)
        if not holds():
            why = "the line has ended" if self.is_ended else f"{within} s have passed"
            raise Waited(f"{self._number} waited for {what}, but {why}; heard: {self.line.heard}")


class FakeCall(FakeOutsideLine):
    """A call placed from outside. Implements ``world_port.PlacedCall``."""

    async def ringing(self, within: float = 10.0) -> None:
        line = self.line

        def rings() -> bool:
            return bool(line.ringing_at or line.early_at or line.answered_at)

        await self._wait(rings, within, "ringing")

    @property
    def transferred_to(self) -> str | None:
        return self.line.transferred_to


class FakeReceivedCall(FakeOutsideLine):
    """A call that reached a phone. Implements ``world_port.ReceivedCall``."""

    def __init__(self, world: FakeWorld, line: Line, number: str, invite: Invite) -> None:
        super().__init__(world, line, number)
        self.invite = invite

    @property
    def caller(self) -> str:
        return self.invite.number

    @property
    def caller_name(self) -> str:
        return self.invite.name

    async def answer(self) -> None:
        self.line.answer()


Behaviour = Callable[[FakeReceivedCall], Awaitable[None]]


class FakePhone:
    """A phone outside. Implements ``world_port.OutsidePhone``."""

    def __init__(self, world: FakeWorld, number: str) -> None:
        self._world = world
        self._number = number
        self._calls: list[FakeReceivedCall] = []
        self._given_out = 0
        self._at_once: int | None = None
        self._behaviour: Behaviour = self._answering(0, None, None, "")

    @property
    def number(self) -> str:
        return self._number

    @property
    def calls(self) -> list[FakeReceivedCall]:
        return self._calls

    async def rings(self, within: float = 10.0) -> FakeReceivedCall:
        place = self._given_out
        self._given_out += 1
        await self._world.wait_for_phone(lambda: len(self._calls) > place, within)
        if len(self._calls) <= place:
            self._given_out -= 1
            raise Waited(f"no call reached {self._number} in {within} s")
        return self._calls[place]

    def answers(
        self,
        after: float = 0.0,
        *,
        says: Path | None = None,
        hangs_up_after: float | None = None,
        presses: str = "",
    ) -> Self:
        return self._will(self._answering(after, says, hangs_up_after, presses))

    def busy(self, after: float = 0.0) -> Self:
        return self.rejects(486, after)

    def never_answers(self) -> Self:
        async def behave(call: FakeReceivedCall) -> None:
            call.line.ring()

        return self._will(behave)

    def rejects(self, code: int = 603, after: float = 0.0) -> Self:
        async def behave(call: FakeReceivedCall) -> None:
            if after:
                call.line.ring()
                await self._world.clock.sleep(after)
            call.line.end(cause_of_sip(code), by_outside=True, sip_code=code)

        return self._will(behave)

    def unreachable(self) -> Self:
        return self.rejects(404)

    def drops_at_once(self) -> Self:
        async def behave(call: FakeReceivedCall) -> None:
            call.line.answer()
            await call.hangup()

        return self._will(behave)

    def early_media(self, media: Path) -> Self:
        async def behave(call: FakeReceivedCall) -> None:
            call.line.open_early()
            call.line.speak(media)

        return self._will(behave)

    def redirects(self, to: str = "13900009999") -> Self:  # noqa: ARG002
        """The switch follows no redirect, so it does not matter where ``to`` points."""
        return self.rejects(302)

    def takes(self, at_once: int) -> Self:
        """Be busy for every call beyond that many at once."""
        self._at_once = at_once
        return self

    def receive(self, line: Line, invite: Invite) -> None:
        """A call arrives from the switch."""
        call = FakeReceivedCall(self._world, line, self._number, invite)
        busy = sum(not one.is_ended for one in self._calls)
        self._calls.append(call)
        self._world.phone_rang()
        if self._at_once is not None and busy >= self._at_once:
            line.end(17, by_outside=True, sip_code=486)
        else:
            self._world.start(
                self._answer(call) if invite.auto_answer else self._behave(call), line
            )

    @staticmethod
    async def _answer(call: FakeReceivedCall) -> None:
        await call.answer()

    async def _behave(self, call: FakeReceivedCall) -> None:
        await self._behaviour(call)

    def _will(self, behaviour: Behaviour) -> Self:
        self._behaviour = behaviour
        return self

    def _answering(
        self, after: float, says: Path | None, hangs_up_after: float | None, presses: str
    ) -> Behaviour:
        async def behave(call: FakeReceivedCall) -> None:
            call.line.ring()
            await self._world.clock.sleep(after)
            await call.answer()
            if says is not None or presses:
                await call.line.until(lambda: call.line.is_listened_to)
            if says is not None:
                await call.say(says)
            await call.press(presses)
            if hangs_up_after is not None and call.line.answered_at is not None:
                talked = (self._world.clock.now() - call.line.answered_at).total_seconds()
                await self._world.clock.sleep(hangs_up_after - talked)
                await call.hangup()

        return behave


class FakeWorld:
    """Everybody outside, behind one carrier. Implements ``world_port.OutsideWorld``."""

    def __init__(self, clock: Clock, incoming: IncomingLine, trunk: str = "carrier") -> None:
        self.clock = clock
        self._incoming = incoming
        self.on_device: IncomingLine | None = None
        """Takes what a device dials: the line, its account and the number."""
        self._trunk = trunk
        self._phones: dict[str, FakePhone] = {}
        self._accounts: dict[str, FakePhone] = {}
        self._calls: list[FakeCall] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.dialled: WeakValueDictionary[str, Line] = WeakValueDictionary()
        """Every line that the switch has dialled, by its id."""
        self._some_phone = Line(clock, "any phone")
        self._registrar = Line(clock, "any account")

    @property
    def trunk(self) -> str:
        return self._trunk

    @property
    def calls(self) -> list[FakeCall]:
        """Every call placed, oldest first."""
        return self._calls

    def phone(self, number: str) -> FakePhone:
        return self._phones.setdefault(number, FakePhone(self, number))

    def account(self, name: str) -> FakePhone:
        """The device registered with that SIP account; asking for it registers it."""
        if name not in self._accounts:
            self._accounts[name] = FakePhone(self, name)
            self.accounts_changed()
        return self._accounts[name]

    def unregister(self, name: str) -> None:
        """The device of that account vanishes; a call that it has goes on."""
        if self._accounts.pop(name, None) is not None:
            self.accounts_changed()

    def registered(self, name: str) -> FakePhone | None:
        return self._accounts.get(name)

    @property
    def accounts(self) -> frozenset[str]:
        """Those whose device is registered."""
        return frozenset(self._accounts)

    async def call(self, dialled: str, caller: str = "") -> FakeCall:
        line = Line(self.clock, f"in-{len(self._calls) + 1}")
        call = FakeCall(self, line, caller)
        self._calls.append(call)
        self._incoming(line, dialled, caller)
        await asyncio.sleep(0)
        return call

    async def dials(self, account: str, number: str) -> FakeCall:
        """Somebody dials on the device of that account."""
        line = Line(self.clock, f"dialled-on-{account}")
        call = FakeCall(self, line, account)
        assert self.on_device is not None  # noqa: S101 - the switch has set it
        self.on_device(line, account, number)
        await asyncio.sleep(0)
        return call

    # ------------------------------------------------------------ for its own parts

    def start(self, work: Coroutine[None, None, None], line: Line) -> None:
        """Run an outside party's behaviour until its line is over."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        line.on_over.append(lambda _: self._stop(task))

    @staticmethod
    def _stop(task: asyncio.Task[None]) -> None:
        if task is not asyncio.current_task():
            task.cancel()

    def accounts_changed(self) -> None:
        self._registrar.changed()

    async def until_accounts(self, holds: Callable[[], bool]) -> None:
        await self._registrar.until(holds)

    def phone_rang(self) -> None:
        self._some_phone.changed()

    async def wait_for_phone(self, holds: Callable[[], bool], within: float) -> None:
        await self.wait(self._some_phone, holds, within)

    async def wait(self, line: Line, holds: Callable[[], bool], within: float) -> None:
        """Until ``holds`` or ``within`` seconds have passed."""
        if holds():
            return
        waiting = asyncio.ensure_future(line.until(holds))
        limit = asyncio.ensure_future(self.clock.sleep(within))
        try:
            await asyncio.wait({waiting, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            limit.cancel()
