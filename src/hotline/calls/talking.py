"""A caller in a room with agents: what happens in it, one thing after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.commands import CallOver, Command, NotNow, Result
from hotline.calls.consult import TAKEN_OVER, Consultation, ConsultOver
from hotline.calls.context import CallContext
from hotline.calls.events import Held, Transferred, Unheld
from hotline.calls.goals import Goal, TalkOver
from hotline.calls.placed_call import line_of
from hotline.calls.reached import Reached
from hotline.calls.ring import taking_over
from hotline.calls.talk_member import Member
from hotline.kit.errors import HotlineError
from hotline.telephony.port import (
    Attempt,
    CallerGone,
    Cause,
    HoldChanged,
    Leg,
    LegGone,
    LegResult,
    LineLeft,
    Party,
    Room,
    RoomClosed,
    RoomEvent,
    SwitchDown,
    TelephonyError,
)

Verb: TypeAlias = "Callable[[Talk, Command], Awaitable[Result]]"
"""What a command does to a talk. Raises CommandRefused."""


@dataclass(slots=True)
class Order:
    """A command, and where its answer goes."""

    command: Command
    answer: asyncio.Future[Result]


@dataclass(slots=True)
class TakeOver:
    """A supervisor wants the caller, and waits on a leg of their own."""

    reached: Reached
    answer: asyncio.Future[Result]


_Happening: TypeAlias = RoomEvent | Order | TakeOver | ConsultOver | TelephonyError


class Talk:
    """A caller in a room with one agent or more.

    Everything that happens in it, the commands included, goes through one queue and is dealt with
    one after the other, in the coroutine of the call.
    """

    def __init__(
        self,
        ctx: CallContext,
        room: Room,
        verbs: Mapping[str, Verb],
        members: Sequence[Member] = (),
    ) -> None:
        self.ctx = ctx
        self.room = room
        self.caller = line_of(ctx.call)
        self._verbs = verbs
        self.members = list(members)
        """Those who talk to the caller, in the order in which they came."""
        self.consultation: Consultation | None = None
        self.held = False
        """The caller hears music."""
        self._happenings: asyncio.Queue[_Happening] = asyncio.Queue()
        self._over: TalkOver | None = None

    async def begin(self, member: Member) -> None:
        """Put through. Raises LegGone, CallerGone, SwitchDown."""
        await self.ctx.call.answer()
        await self.room.add(self.caller)
        await self.room.add(member.leg)
        await self.connect(member)

    async def connect(self, member: Member) -> None:
        """``member`` is in the room: note that the caller and they talk."""
        await member.connected(record=self._records(member))
        self.members.append(member)

    def _records(self, member: Member) -> bool:
        return self.ctx.facts.settings.recording or member.offer.recording

    # ------------------------------------------------------------ until it is over

    async def run(self) -> TalkOver:
        """Until the talk is over. Raises SwitchDown: it goes on in the switch."""
        listening = asyncio.ensure_future(self._listen())
        left = False
        try:
            while self._over is None:
                await self._deal_with(await self._happenings.get())
            over, left = self._over, True
        except (CallerGone, RoomClosed) as gone:
            cause = gone.cause if isinstance(gone, CallerGone) else int(Cause.NORMAL)
            over, left = self._ended(Party.CALLER, cause), True
        finally:
            listening.cancel()
            await asyncio.wait({listening})
            self._refuse_what_came_late()
            if left:
                await self._clear()
            elif self.consultation is not None:
                await self.consultation.stop_ringing()
        return over

    async def _listen(self) -> None:
        try:
            async for event in self.room.events():
                self._happenings.put_nowait(event)
        except TelephonyError as error:
            self._happenings.put_nowait(error)
        else:
            self._happenings.put_nowait(RoomClosed("the room was closed"))

    async def _deal_with(self, happening: _Happening) -> None:
        match happening:
            case Order(command=command, answer=answer):
                await self._obey(command, answer)
            case TakeOver(reached=reached, answer=answer):
                await self._answered(self._hand_to(reached), answer)
            case LineLeft(line_id=line_id, cause=cause):
                await self._line_left(line_id, cause)
            case HoldChanged(line_id=line_id, held=held):
                if self._member_of(line_id) is not None and self.consultation is None:
                    await (self.hold() if held else self.unhold())
            case ConsultOver():
                await self.consult_over(happening)
            case SwitchDown() | CallerGone() | RoomClosed():
                raise happening
            case _:
                pass

    async def _line_left(self, line_id: str, cause: int) -> None:
        if line_id == self.caller.id:
            self.finish(Party.CALLER, cause)
            return
        consultation = self.consultation
        if consultation is not None and consultation.is_line(line_id):
            await consultation.colleague_left(cause)
            self.consultation = None
            await self.unhold()
            return
        member = self._member_of(line_id)
        if member is None:
            return
        if consultation is not None and len(self.members) == 1:
            # Hanging up while one asks a colleague hands the caller over.
            await self.hand_over(consultation, cause)
            return
        await self.drop(member, cause)
        if not self.members:
            self.finish(Party.CALLEE, cause, last=member)

    async def drop(self, member: Member, cause: int = int(Cause.NORMAL)) -> None:
        """A member talks to the caller no more, whoever hung up."""
        self.members.remove(member)
        await member.hang_up(cause)
        if not self.members:
            self._close_hold(member)

    async def hand_over(self, consultation: Consultation, cause: int = int(Cause.NORMAL)) -> None:
        """The agent leaves; the caller goes to the colleague who was asked, or is being rung."""
        member = self.members[0]
        colleague = consultation.colleague
        self.consultation = None
        if colleague is None:
            await consultation.abandon()
            await self.send_on(consultation.goal, cause)
            return
        consultation.note_transfer(member.number)
        await self.unhold()
        await self.connect(colleague)
        await self.drop(member, cause)

    async def send_on(self, goal: Goal, cause: int = int(Cause.NORMAL)) -> None:
        """The agents leave; the caller goes to ``goal``."""
        last = self.members[0]
        for member in tuple(self.members):
            await self.drop(member, cause)
        self.finish(Party.CALLEE, cause, last=last, onward=goal)

    def finish(
        self, by: Party, cause: int, *, last: Member | None = None, onward: Goal | None = None
    ) -> None:
        self._over = self._ended(by, cause, last, onward)

    def _ended(
        self, by: Party, cause: int, last: Member | None = None, onward: Goal | None = None
    ) -> TalkOver:
        last = last or (self.members[0] if self.members else None)
        return TalkOver(
            by=by,
            cause=cause,
            at=self.ctx.parts.clock.now(),
            agent_id=last.agent.id if last is not None and last.agent is not None else None,
            queue_id=last.offer.queue_id if last is not None else None,
            onward=onward,
        )

    async def _clear(self) -> None:
        """The talk is over: whoever is left of it but the caller goes."""
        consultation, self.consultation = self.consultation, None
        if consultation is not None:
            await consultation.abandon()
        for member in tuple(self.members):
            await self.drop(member)
        with suppress(TelephonyError):
            await self.room.close()

    # ------------------------------------------------------------ hold

    async def hold(self) -> None:
        """The caller hears music; harmless when they do. Raises CallerGone, SwitchDown."""
        if self.held:
            return
        await self.room.hold(self.caller)
        self.held = True
        self._note_hold(Held)
        for member in self.members:
            await member.presence_held(on=True)

    async def unhold(self) -> None:
        """The caller is heard again. Raises CallerGone, SwitchDown."""
        if not self.held:
            return
        await self.room.resume(self.caller)
        self.held = False
        self._note_hold(Unheld)
        for member in self.members:
            await member.presence_held(on=False)

    def _note_hold(self, kind: type[Held] | type[Unheld]) -> None:
        if self.members:
            now = self.ctx.parts.clock.now()
            self.ctx.log.append(kind(at=now, leg=self.members[0].number))

    def _close_hold(self, member: Member) -> None:
        if self.held:
            now = self.ctx.parts.clock.now()
            self.ctx.log.append(Unheld(at=now, leg=member.number))

    # ------------------------------------------------------------ consultation

    async def consult_over(self, over: ConsultOver) -> None:
        """The colleague answered, or did not."""
        consultation = self.consultation
        if consultation is None or over.consultation is not consultation:
            return
        if isinstance(over.outcome, Reached):
            if not await consultation.put_through(over.outcome, self.room):
                self.consultation = None
                await self.unhold()
            return
        self.consultation = None
        await self.unhold()

    def consult(self, consultation: Consultation) -> None:
        """Begin to ring the colleague; the caller is on hold already."""
        self.consultation = consultation
        consultation.start(self._happenings.put_nowait)

    # ------------------------------------------------------------ commands

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Commands are taken while the block runs, and obeyed while :meth:`run` does."""
        talks, call_id = self.ctx.parts.talks, self.ctx.log.call_id
        with talks.desk.attend(call_id, dict.fromkeys(self._verbs, self._order)):
            talks.running[call_id] = self
            try:
                yield
            finally:
                del talks.running[call_id]

    async def take_over(self, leg: Leg, attempt: Attempt, agent: AgentFacts) -> None:
        """Let ``agent`` on ``leg`` talk to the caller, in the place of all others.

        Raises CallOver, and NotNow when they have hung up; the leg is the talk's from then on.
        """
        if self._over is not None:
            raise CallOver
        reached = taking_over(self.ctx, leg, attempt, agent)
        wish = TakeOver(reached, asyncio.get_running_loop().create_future())
        self._happenings.put_nowait(wish)
        await wish.answer

    async def _hand_to(self, reached: Reached) -> Result:
        taker, before = Member(self.ctx, reached), list(self.members)
        consultation, self.consultation = self.consultation, None
        if consultation is not None:
            await consultation.abandon()
        try:
            await self.room.add(taker.leg)
            await self.connect(taker)
        except LegGone as gone:
            await taker.gone(LegResult.ANSWERED, gone.cause)
            raise
        await self.unhold()
        if before:
            now, target = self.ctx.parts.clock.now(), taker.agent.extension if taker.agent else ""
            how = Transferred(
                at=now, leg=before[0].number, how=TAKEN_OVER, to="agent", target=target
            )
            self.ctx.log.append(how)
        for member in before:
            await self.drop(member)
        return None

    async def _order(self, command: Command) -> Result:
        if self._over is not None:
            raise CallOver
        order = Order(command, asyncio.get_running_loop().create_future())
        self._happenings.put_nowait(order)
        return await order.answer

    async def _obey(self, command: Command, answer: asyncio.Future[Result]) -> None:
        await self._answered(self._verbs[command.verb](self, command), answer)

    async def _answered(self, work: Awaitable[Result], answer: asyncio.Future[Result]) -> None:
        try:
            result = await work
        except HotlineError as refused:
            _fail(answer, refused)
        except LegGone:
            _fail(answer, NotNow())
        except (CallerGone, RoomClosed, SwitchDown):
            _fail(answer, CallOver())
            raise
        except BaseException:
            answer.cancel()
            raise
        else:
            if not answer.done():
                answer.set_result(result)

    def _refuse_what_came_late(self) -> None:
        while not self._happenings.empty():
            happening = self._happenings.get_nowait()
            if isinstance(happening, Order | TakeOver):
                _fail(happening.answer, CallOver())

    def has(self, agent_id: UUID) -> bool:
        """Whether that agent is in the talk or being asked."""
        asked = self.consultation.colleague if self.consultation is not None else None
        present = [*self.members, asked] if asked is not None else self.members
        return any(member.is_agent(agent_id) for member in present)

    def _member_of(self, line_id: str) -> Member | None:
        return next((member for member in self.members if member.leg.id == line_id), None)

    def member_who(self, command: Command) -> Member:
        """Whose command it is: one of those who talk to the caller. Raises NotNow."""
        for member in self.members:
            if command.agent_id is None or member.is_agent(command.agent_id):
                return member
        raise NotNow


def _fail(answer: asyncio.Future[Result], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
