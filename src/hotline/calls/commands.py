"""Commands to running calls: from any process, executed by the node that serves the call.

A command is a row. Its sender writes it, a notification wakes the node, the node takes it once,
obeys and answers in the row. What a call obeys to depends on where it is: whoever serves it
*attends* with the verbs of that moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, LiteralString, Protocol, TypeAlias
from uuid import UUID

import orjson
import structlog
from sqlalchemy import text
from sqlalchemy.engine import URL

from hotline.db.database import Database
from hotline.db.direct import DatabaseAway, DirectPool
from hotline.db.listen import notifications
from hotline.kit.clock import Clock
from hotline.kit.errors import ConflictError, HotlineError, NotFoundError, UnavailableError
from hotline.kit.ids import new_id
from hotline.telephony.port import TelephonyError

log = structlog.get_logger(__name__)

CHANNEL: Final = "hotline_commands"
_LOOK_EVERY: Final = 10.0
_POLL: Final = 0.03
_TAKE: Final[LiteralString] = """
update call_commands set state = 'taken', node = %(node)s
where id = %(id)s and node in (%(node)s, '') and state = 'sent'
returning call_id, verb, arguments::text, agent_id
"""
_WAITING: Final[LiteralString] = """
select id from call_commands
where node in (%s, '') and state = 'sent' and at > now() - interval '10 seconds'
"""
_ANSWER: Final[LiteralString] = """
update call_commands set state = %s, error = %s, result = %s::jsonb, answered_at = now()
where id = %s returning 1
"""
_FORGET: Final[LiteralString] = """
delete from call_commands where at < now() - interval '7 days' returning 1
"""


class CommandRefused(ConflictError):
    """The call does not do that; a subclass a reason. They travel by their ``error_id``."""

    error_id = "call-command-refused"
    title = "The call did not do this"
    title_zh = "通话未能执行此操作"


class CallOver(CommandRefused):
    error_id = "call-is-over"
    title = "This call is over"
    title_zh = "通话已结束"


class NotNow(CommandRefused):
    error_id = "not-possible-now"
    title = "This is not possible at this point of the call"
    title_zh = "当前通话状态下不能执行此操作"


class NobodyThere(CommandRefused):
    error_id = "nobody-to-transfer-to"
    title = "There is nobody of that name or number to send the caller to"
    title_zh = "转接目标不存在或不可用"


class NoSuchNumber(NobodyThere):
    error_id = "no-such-number"
    title = "This is neither an extension nor a telephone number"
    title_zh = "既不是分机号，也不是电话号码"


class NotFree(CommandRefused):
    error_id = "colleague-not-free"
    title = "That agent cannot take a call now"
    title_zh = "该座席当前不能接听"


class NumberForbidden(CommandRefused):
    error_id = "number-not-allowed"
    title = "This number may not be called"
    title_zh = "不允许呼叫该号码"


class NoOwnDevice(CommandRefused):
    error_id = "no-own-device"
    title = "You are no agent, or your agent has no device that could be rung"
    title_zh = "您没有座席身份，或您的座席没有可用的终端"


class OwnDeviceBusy(CommandRefused):
    error_id = "own-device-busy"
    title = "Your own device is busy with another call"
    title_zh = "您的终端正在通话中"


_REFUSALS: Final[Mapping[str, type[CommandRefused]]] = {
    kind.error_id: kind
    for kind in (
        CommandRefused,
        CallOver,
        NotNow,
        NobodyThere,
        NotFree,
        NumberForbidden,
        NoOwnDevice,
        OwnDeviceBusy,
    )
}


class CallSilent(UnavailableError):
    error_id = "call-does-not-answer"
    title = "The switch that has this call does not answer"
    title_zh = "承载该通话的节点没有响应"


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants of a running call."""

    id: UUID
    call_id: UUID
    verb: str
    arguments: Mapping[str, Any]
    agent_id: UUID | None
    """Who wants it, as one of those in the call; None: a supervisor."""


Result: TypeAlias = Mapping[str, Any] | None
Obey: TypeAlias = Callable[[Command], Awaitable[Result]]
"""Does what a command says. Raises CommandRefused."""


class Verbs(Protocol):
    """What is obeyed: a mapping, or whatever finds a verb when it is asked for."""

    def get(self, verb: str, /) -> Obey | None: ...


class CommandDesk:
    """Takes the commands for the calls of one node."""

    def __init__(self, pool: DirectPool, url: URL, clock: Clock, node: str) -> None:
        """``url`` is :attr:`hotline.db.database.Database.platform_url`."""
        self._pool = pool
        self._url = url
        self._clock = clock
        self._node = node
        self._attending: dict[UUID, list[Verbs]] = {}
        self.anywhere: dict[str, Obey] = {}
        """What the node obeys without a running call: verb → how."""
        self._under_way: set[asyncio.Task[None]] = set()

    @contextmanager
    def attend(self, call_id: UUID, verbs: Verbs) -> Iterator[None]:
        """Obey ``verbs`` for that call while the block runs; the innermost one has precedence."""
        attending = self._attending.setdefault(call_id, [])
        attending.append(verbs)
        try:
            yield
        finally:
            attending.remove(verbs)
            if not attending:
                self._attending.pop(call_id, None)

    async def obey(self, command: Command) -> Result:
        """Raises CommandRefused."""
        attending = self._attending.get(command.call_id, ())
        for verbs in reversed(attending):
            obey = verbs.get(command.verb)
            if obey is not None:
                return await obey(command)
        if command.verb in self.anywhere:
            return await self.anywhere[command.verb](command)
        raise NotNow

    async def run(self) -> None:
        """Take commands until cancelled."""
        try:
            async for payload in notifications(
                self._url, CHANNEL, self._clock, at_least_every=_LOOK_EVERY
            ):
                try:
                    await self._heard(payload)
                except DatabaseAway as away:
                    log.warning("commands_wait", error=away.detail)
        finally:
            for task in tuple(self._under_way):
                task.cancel()

    async def _heard(self, payload: str | None) -> None:
        if payload is None:
            for row in await self._pool.rows(_WAITING, (self._node,)):
                await self._take(row[0])
            await self._pool.rows(_FORGET)
            return
        node, _, command_id = payload.partition(" ")
        if node in (self._node, ""):  # without one it is for whoever takes it first
            await self._take(UUID(command_id))

    async def _take(self, command_id: UUID) -> None:
        row = await self._pool.row(_TAKE, {"id": command_id, "node": self._node})
        if row is None:
            return
        command = Command(command_id, row[0], row[1], orjson.loads(row[2]), row[3])
        task = asyncio.create_task(self._answer(command))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _answer(self, command: Command) -> None:
        answer: tuple[str, str | None, str]
        try:
            result = await self.obey(command)
            answer = ("done", None, orjson.dumps(result or {}).decode())
        except CommandRefused as refused:
            words = orjson.dumps({"detail": str(refused.detail)}).decode()
            answer = ("refused", refused.error_id, words)
        except TelephonyError as error:
            log.info("command_came_too_late", verb=command.verb, error=str(error))
            answer = ("refused", CallOver.error_id, "{}")
        except Exception:
            log.exception("command_failed", verb=command.verb, call=str(command.call_id))
            answer = ("refused", CommandRefused.error_id, "{}")
        try:
            await self._pool.row(_ANSWER, (*answer, command.id))
        except DatabaseAway as away:
            log.warning("command_not_answered", error=away.detail)


class CommandBus:
    """Sends commands for one enterprise, from wherever; each in short transactions of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def send(
        self,
        enterprise_id: UUID,
        call_id: UUID,
        verb: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        agent_id: UUID | None = None,
        user_id: UUID | None = None,
        within: float = 5.0,
    ) -> dict[str, Any]:
        """The call's answer. ``within`` is in seconds.

        Raises CommandRefused, NotFoundError for a call that is not there, CallSilent.
        """
        command_id = new_id()
        values = {
            "id": command_id,
            "enterprise": enterprise_id,
            "call": call_id,
            "agent": agent_id,
            "user": user_id,
            "verb": verb,
            "arguments": orjson.dumps(dict(arguments or {})).decode(),
        }
        async with self._database.tenant(enterprise_id) as session:
            sent = await session.execute(
                text(
                    "select send_call_command(:id, :enterprise, :call, :agent, :user, :verb,"
                    " cast(:arguments as jsonb))"
                ),
                values,
            )
            outcome = sent.scalar_one()
        if outcome == "unknown":
            raise NotFoundError
        if outcome == "over":
            raise CallOver
        return await self._answer(enterprise_id, command_id, within)

    async def place(
        self,
        enterprise_id: UUID,
        agent_id: UUID,
        number: str,
        *,
        user_id: UUID | None = None,
        call_id: UUID | None = None,
        within: float = 5.0,
    ) -> UUID:
        """Ask a controller to call ``number`` for an agent; the id of the call that begins, which
        whoever has to know it beforehand chooses.

        Raises CommandRefused, CallSilent.
        """
        command_id, call_id = new_id(), call_id or new_id()
        values = {
            "id": command_id,
            "enterprise": enterprise_id,
            "call": call_id,
            "agent": agent_id,
            "user": user_id,
            "arguments": orjson.dumps({"number": number}).decode(),
        }
        async with self._database.tenant(enterprise_id) as session:
            await session.execute(
                text(
                    "select send_place_command(:id, :enterprise, :call, :agent, :user,"
                    " cast(:arguments as jsonb))"
                ),
                values,
            )
        await self._answer(enterprise_id, command_id, within)
        return call_id

    async def _answer(self, enterprise_id: UUID, command_id: UUID, within: float) -> dict[str, Any]:
        deadline = self._clock.monotonic() + within
        while True:
            await self._clock.sleep(_POLL)
            late = self._clock.monotonic() >= deadline
            async with self._database.tenant(enterprise_id) as session:
                found = await session.execute(
                    text("select state, error, result from call_commands where id = :id"),
                    {"id": command_id},
                )
                state, error, result = found.one()
                if state == "sent" and late:  # whoever finds it later lets it be
                    await session.execute(
                        text(
                            "update call_commands set state = 'expired'"
                            " where id = :id and state = 'sent'"
                        ),
                        {"id": command_id},
                    )
            if state == "done":
                return dict(result or {})
            if state == "refused":
                raise refusal(error, (result or {}).get("detail", ""))
            if late:
                raise CallSilent


def refusal(error_id: str, detail: str = "") -> HotlineError:
    """The error that travelled by its id."""
    return _REFUSALS.get(error_id, CommandRefused)(detail)
