"""Statements and notifications over a connection of our own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest

from hotline.db.database import Database
from hotline.db.direct import DatabaseAway, DirectPool
from hotline.db.listen import listening
from hotline.kit.ids import new_id


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


async def test_a_connection_that_died_while_idle_is_noticed_and_replaced(
    database: Database, pool: DirectPool
) -> None:
    other = DirectPool(database.platform_url, size=1)
    (victim,) = await pool.row("select pg_backend_pid()") or (None,)
    await other.row("select pg_terminate_backend(%s, 5000)", (victim,))
    await other.close()
    with pytest.raises(DatabaseAway):
        await pool.row("select pg_backend_pid()")
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
