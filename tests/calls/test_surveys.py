"""A talk is asked about once, whoever asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hotline.db.database import Database
from tests.calls.company import Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.test_flows import BYE
from tests.calls.test_messages import survey, until_heard

ANSWERED = {"id": "yes", "kind": "hangup"}
UNANSWERED = {"id": "no", "kind": "hangup"}


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def queue_then_survey(house: House, asked: UUID, **queue: object) -> None:
    """A queue with one agent who hangs up, and a node that asks after it."""
    agent = await house.staff.agent("1001")
    agent.phone.answers(after=1, hangs_up_after=3)
    key = await house.queue(agent, **queue)
    exits = {"answered": "ask", "timeout": "bye", "unavailable": "bye"}
    await house.publish(
        {"id": "wait", "kind": "queue", "queue": str(key), "exits": exits},
        {
            "id": "ask",
            "kind": "survey",
            "survey": str(asked),
            "exits": {"answered": "yes", "unanswered": "no"},
        },
        ANSWERED,
        UNANSWERED,
        BYE,
    )


async def answers(house: House) -> list[dict[str, Any]]:
    return await house.company.sql("select key from survey_answers order by at")


@pytest.mark.parametrize("of_queue", [True, False])
@pytest.mark.parametrize(("key", "last"), [("1", "yes"), ("", "no")])
async def test_the_queue_has_asked_already(
    house: House, company: Company, of_queue: bool, key: str, last: str
) -> None:
    asked = await survey(company)
    await queue_then_survey(house, asked, **{"survey_id": asked} if of_queue else {})
    await company.set(survey_id=None)
    async with house.serving() as node:
        call = await node.call()
        await until_heard(node, call, "question0")
        if key:
            await call.press(key)
        record = await node.record(call)
    assert await house.path(record["id"]) == ["wait", "ask", last]
    heard = [one.media.stem for one in call.heard]
    assert heard.count("survey_thanks") == 1
    assert len(await answers(house)) == (1 if key else 0)


async def test_another_survey_about_the_same_talk_is_not_asked(
    house: House, company: Company
) -> None:
    first = await survey(company)
    second = await house.row("surveys", {"name": "另一个"})
    await queue_then_survey(house, second, survey_id=first)
    async with house.serving() as node:
        call = await node.call()
        await until_heard(node, call, "question0")
        await call.press("2")
        record = await node.record(call)
    assert await house.path(record["id"]) == ["wait", "ask", "yes"]
    assert await answers(house) == [{"key": "2"}]


async def test_the_rest_is_asked_after_a_restart(house: House, company: Company) -> None:
    asked = await survey(company, questions=2)
    await queue_then_survey(house, asked)
    async with house.serving() as node:
        call = await node.call()
        await until_heard(node, call, "question0")
        await call.press("1")
        await until_heard(node, call, "question1")
        await node.parts.ledger.written()
        await node.switch.drop_controller()
    house.begin_anew()
    async with house.serving() as node:
        await until_heard(node, call, "question1", 2)
        await call.press("2")
        record = await node.record(call)
    assert [one.media.stem for one in call.heard].count("question0") == 1
    assert await answers(house) == [{"key": "1"}, {"key": "2"}]
    assert (await house.path(record["id"]))[-1] == "yes"
