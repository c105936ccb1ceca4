"""Statements and notifications over a connection of our own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Self

import psycopg
import pytest
from sqlalchemy.engine import URL

from hotline.db.database import Database
from hotline.db.direct import DatabaseAway, DirectPool
from hotline.db.listen import listening
from hotline.kit.ids import new_id


class Door:
    """Stands before the database: while it is shut nothing gets through and nobody is refused."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._carriers: set[asyncio.Task[None]] = set()
        self._writers: list[StreamWriter] = []
        self._folder = tempfile.TemporaryDirectory(prefix="hl-d-")
        self.url = url.set(host=None).update_query_dict({"host": self._folder.name, "port": "5432"})

    def shut(self) -> None:
        self._is_open.clear()

    def open(self) -> None:
        self._is_open.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(
            self._pass_on, f"{self._folder.name}/.s.PGSQL.5432"
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._carriers:
            task.cancel()
        await asyncio.gather(*self._carriers, return_exceptions=True)
        for writer in self._writers:
            writer.close()
        closing = (writer.wait_closed() for writer in self._writers)
        await asyncio.gather(*closing, return_exceptions=True)
        self._folder.cleanup()

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        query = self._url.query
        there = f"{query['host']}/.s.PGSQL.{query.get('port', self._url.port or 5432)}"
        far_reader, far_writer = await asyncio.open_unix_connection(there)
        self._writers += (writer, far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._carriers.add(task)

    async def _carry(self, source: StreamReader, sink: StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                await self._is_open.wait()
                sink.write(data)
        sink.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[DirectPool]:
    pool = DirectPool(database.platform_url, size=1)
    yield pool
    await pool.close()


async def test_values_go_there_and_back(pool: DirectPool) -> None:
    values = (new_id(), datetime.now(UTC), Decimal("1.50"), True, None, 7, "中文 %", ["a", "b"])
    statement = (
        "select %s::uuid, %s::timestamptz, %s::numeric, %s::bool, %s::text, %s::int, %s::text,"
        " %s::text[], 100 %% 7"
    )
    assert await pool.row(statement, values) == (*values, 2)


async def test_names_may_repeat(pool: DirectPool) -> None:
    assert await pool.rows("select %(a)s::int, %(b)s::text, %(a)s::int", {"a": 1, "b": "x"}) == [
        (1, "x", 1)
    ]


async def test_the_same_statement_takes_values_of_other_types(pool: DirectPool) -> None:
    found = [await pool.row("select pg_typeof(%s)::text", (v,)) for v in (1, 70_000, 2**40, 1)]
    assert found == [("smallint",), ("integer",), ("bigint",), ("smallint",)]


async def test_a_parameter_larger_than_the_sockets_buffer(pool: DirectPool) -> None:
    assert await pool.row("select length(%s::text)", ("x" * 20_000_000,)) == (20_000_000,)


async def test_a_refused_statement_leaves_the_connection_usable(pool: DirectPool) -> None:
    (before,) = await pool.row("select pg_backend_pid()") or (None,)
    with pytest.raises(psycopg.errors.DivisionByZero):
        await pool.row("select 1 / %s", (0,))
    with pytest.raises(psycopg.errors.UndefinedTable):
        await pool.row("select * from nowhere")
    assert await pool.row("select pg_backend_pid()") == (before,)


async def test_a_connection_that_dies_while_idle_is_noticed_and_replaced(
    database: Database, pool: DirectPool
) -> None:
    other = DirectPool(database.platform_url, size=1)
    (victim,) = await pool.row("select pg_backend_pid()") or (None,)
    await other.row("select pg_terminate_backend(%s, 5000)", (victim,))
    await other.close()
    await asyncio.sleep(0.05)
    assert await pool.row("select pg_backend_pid()") != (victim,)


async def test_a_statement_cut_short_by_the_server_says_so(
    database: Database, pool: DirectPool
) -> None:
    other = DirectPool(database.platform_url, size=1)
    (victim,) = await pool.row("select pg_backend_pid()") or (None,)
    sleeping = asyncio.ensure_future(pool.row("select pg_sleep(20)"))
    await asyncio.sleep(0)
    await other.row("select pg_terminate_backend(%s, 5000)", (victim,))
    await other.close()
    with pytest.raises(DatabaseAway):
        await sleeping


async def test_a_database_that_hangs_is_waited_for_once_and_found_again(
    database: Database,
) -> None:
    async with Door(database.platform_url) as door:
        pool = DirectPool(door.url, size=2, timeout=0.3)
        assert await pool.row("select 1") == (1,)
        door.shut()
        began = time.monotonic()
        with pytest.raises(DatabaseAway):
            await pool.row("select 2")
        assert time.monotonic() - began >= 0.3
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(DatabaseAway):
                await pool.row("select 3")
        assert time.monotonic() - began < 0.2
        door.open()
        async with asyncio.timeout(10):
            while True:
                with suppress(DatabaseAway):
                    assert await pool.row("select 4") == (4,)
                    break
                await asyncio.sleep(0.02)
        await pool.close()


async def test_notifications_are_heard_in_order_and_silence_is_told(
    database: Database, pool: DirectPool
) -> None:
    async with listening(database.platform_url, "one", "other") as listener:
        for text in ("a", "b"):
            await pool.row("select pg_notify('one', %s)", (text,))
        await pool.row("select pg_notify('other', 'c')")
        assert [await listener.next(5) for _ in range(3)] == ["a", "b", "c"]
        assert await listener.next(0.05) is None


async def test_a_listener_whose_connection_dies_says_so(
    database: Database, pool: DirectPool
) -> None:
    async with listening(database.platform_url, "one") as listener:
        await pool.rows(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where query like 'listen%%' and datname = current_database()"
        )
        with pytest.raises(psycopg.OperationalError):
            await listener.next(5)
