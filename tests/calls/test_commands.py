"""Commands from one process to the node that has the call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from hotline.calls.commands import (
    CallOver,
    CallSilent,
    Command,
    CommandBus,
    CommandDesk,
    NotFree,
    NotNow,
)
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.kit.errors import NotFoundError
from hotline.kit.ids import new_id
from tests.calls.company import Company

CALL = new_id()


@pytest.fixture
async def bus(database: Database, company: Company) -> CommandBus:
    await company.sql(
        "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
        " channel_id, started_at) values (:i, :e, '4006001234', '1', '1', 't', 'n1', 'c', now())",
        i=CALL,
        e=company.id,
    )
    return CommandBus(database, SystemClock())


@pytest.fixture
async def desk(database: Database, bus: CommandBus) -> AsyncIterator[CommandDesk]:
    assert bus
    pool = DirectPool(database.platform_url)
    desk = CommandDesk(pool, database.platform_url, SystemClock(), "n1")
    running = asyncio.create_task(desk.run())
    yield desk
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await pool.close()


async def test_a_command_finds_its_call_and_the_answer_its_sender(
    bus: CommandBus, desk: CommandDesk, company: Company
) -> None:
    heard: list[Command] = []

    async def obey(command: Command) -> dict[str, Any]:
        heard.append(command)
        return {"legs": 2}

    async def refuse(command: Command) -> None:
        raise NotFree

    agent = new_id()
    with desk.attend(CALL, {"hold": obey, "consult": obey}), desk.attend(CALL, {"consult": refuse}):
        answer = await bus.send(company.id, CALL, "hold", {"digits": "1"}, agent_id=agent)
        with pytest.raises(NotFree):
            await bus.send(company.id, CALL, "consult")
        with pytest.raises(NotNow):
            await bus.send(company.id, CALL, "sing")
    assert answer == {"legs": 2}
    assert [(one.call_id, one.arguments, one.agent_id) for one in heard] == [
        (CALL, {"digits": "1"}, agent)
    ]
    with pytest.raises(NotNow):
        await bus.send(company.id, CALL, "hold")


async def test_calls_that_are_over_unknown_or_without_a_node(
    bus: CommandBus, company: Company
) -> None:
    with pytest.raises(CallSilent):
        await bus.send(company.id, CALL, "hold", within=0.1)
    with pytest.raises(NotFoundError):
        await bus.send(company.id, new_id(), "hold")
    await company.sql("update calls set ended_at = now(), outcome = 'answered'")
    with pytest.raises(CallOver):
        await bus.send(company.id, CALL, "hold")
    states = await company.sql("select state from call_commands")
    assert states == [{"state": "expired"}]


async def test_any_node_places_a_call(bus: CommandBus, desk: CommandDesk, company: Company) -> None:
    placed: list[Command] = []

    async def place(command: Command) -> None:
        placed.append(command)

    desk.anywhere["place"] = place
    agent = new_id()
    call_id = await bus.place(company.id, agent, "13812345678")
    [command] = placed
    assert (command.call_id, command.agent_id) == (call_id, agent)
    assert command.arguments == {"number": "13812345678"}
