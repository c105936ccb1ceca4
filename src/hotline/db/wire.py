"""One database connection that costs the event loop little: one write and one read a statement.

The driver's own asynchronous connection wakes up ten times a second while it listens, and a
statement passes through a cursor, two generators and a waiting loop; with a statement or two in
each call that was a fifth of what a call costs the controller. Values are adapted by the driver.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import psycopg
from psycopg import AsyncConnection, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

from hotline.kit.outstanding import ANSWERS

Row: TypeAlias = tuple[Any, ...]
Parameters: TypeAlias = Sequence[object] | Mapping[str, object]

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?(.)", re.DOTALL)
_ROWS = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class Wire:
    """Statements one after the other, each prepared once and in a transaction of its own.

    ``on_notify`` gets the payload of each notification, ``on_broken`` is called once when the
    connection is found dead.
    """

    def __init__(
        self,
        connection: AsyncConnection[Row],
        *,
        on_notify: Callable[[str], None] | None = None,
        on_broken: Callable[[psycopg.Error], None] | None = None,
    ) -> None:
        """``connection`` is open, in autocommit, and from now on used by nobody else."""
        self._connection = connection
        self._pg = connection.pgconn
        self._on_notify = on_notify
        self._on_broken = on_broken
        self._adapter = Transformer(connection)
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._answer: asyncio.Future[pq.abc.PGresult] | None = None
        self._result: pq.abc.PGresult | None = None
        self._loop = asyncio.get_running_loop()
        self._fd: int | None = self._pg.socket
        self._loop.add_reader(self._fd, self._readable)
        ANSWERS.sockets.add(self._fd)

    @property
    def broken(self) -> bool:
        """True once it was found dead or closed."""
        return self._fd is None

    async def rows(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """Run ``statement``, whose placeholders are the driver's. Raises psycopg.Error.

        When it is cancelled the connection must be closed: its answer would be the next one's.
        """
        text, names = _numbered(statement)
        values = parameters if names is None else [parameters[name] for name in names]  # type: ignore[call-overload]
        adapter = self._adapter
        dumped = adapter.dump_sequence(values, (PyFormat.AUTO,) * len(values))  # type: ignore[arg-type]
        types, formats = adapter.types or (), adapter.formats
        prepared = self._prepared.get((text, types))
        if prepared is None:
            name = b"s%d" % len(self._prepared)
            await self._exchange(lambda: self._pg.send_prepare(name, text, types))
            self._prepared[text, types] = prepared = name
        result = await self._exchange(
            lambda: self._pg.send_query_prepared(prepared, dumped, formats)
        )
        if result.status != pq.ExecStatus.TUPLES_OK:
            return []
        adapter.set_pgresult(result)
        return adapter.load_rows(0, result.ntuples, tuple)

    def close(self) -> None:
        """Let go of the socket and close; calling it twice is harmless."""
        self._let_go()
        self._pg.finish()

    async def _exchange(self, send: Callable[[], None]) -> pq.abc.PGresult:
        if self._fd is None:
            raise psycopg.OperationalError("the connection is closed")
        answer: asyncio.Future[pq.abc.PGresult] = self._loop.create_future()
        self._answer = answer
        self._result = None
        ANSWERS.count += 1
        try:
            send()
            if self._pg.flush():
                self._loop.add_writer(self._fd, self._writable)
            result = await answer
        finally:
            self._answer = None
            ANSWERS.count -= 1
        if result.status not in _ROWS:
            raise error_from_result(result, encoding="utf-8")
        return result

    # ------------------------------------------------------------ the socket

    def _writable(self) -> None:
        try:
            if not self._pg.flush() and self._fd is not None:
                self._loop.remove_writer(self._fd)
        except psycopg.Error as error:
            self._break(error)

    def _readable(self) -> None:
        pg = self._pg
        try:
            pg.consume_input()
            while self._answer is not None and not pg.is_busy():
                result = pg.get_result()
                if result is None:
                    self._answered()
                    break
                self._result = result
            if self._on_notify is not None:
                pg.is_busy()  # reads what has come
                while (notify := pg.notifies()) is not None:
                    self._on_notify(notify.extra.decode())
        except psycopg.Error as error:
            self._break(error)

    def _answered(self) -> None:
        answer, result = self._answer, self._result
        if answer is None or answer.done():
            return
        if result is None:
            answer.set_exception(psycopg.OperationalError("the database sent no answer"))
        else:
            answer.set_result(result)

    def _break(self, error: psycopg.Error) -> None:
        self._let_go()
        if self._answer is not None and not self._answer.done():
            # What it said before it hung up tells more.
            if self._result is not None and self._result.status not in _ROWS:
                self._answer.set_result(self._result)
            else:
                self._answer.set_exception(error)
        if self._on_broken is not None:
            self._on_broken(error)

    def _let_go(self) -> None:
        if self._fd is not None:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            ANSWERS.sockets.discard(self._fd)
            self._fd = None


@lru_cache(maxsize=500)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...] | None]:
    """``statement`` with ``$1`` for ``%s`` and ``%(name)s``; the names in that order, if any."""
    names: list[str] = []
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        name, kind = found.groups()
        if kind == "%" and name is None:
            return "%"
        if kind != "s":
            raise psycopg.ProgrammingError(f"the placeholder {found.group()!r} is not known")
        if name is None:
            count += 1
            return f"${count}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    text = _PLACEHOLDER.sub(number, statement).encode()
    if names and count:
        raise psycopg.ProgrammingError("placeholders are either all named or none is")
    return text, tuple(names) if names else None
