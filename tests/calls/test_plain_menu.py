"""The menu of a hotline's plain settings: greeted, asked for a key, and led on."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest

from hotline.db.database import Database
from tests.calls.company import CALLER, Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.talks import in_state
from tests.calls.test_messages import survey, until_heard

FIRST, SECOND = "13900000001", "13900000002"


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def menu(house: House, prompt: UUID | None = None, **targets: UUID) -> None:
    """1 leads to a group, 2 to a queue, * to a box: those that are given."""
    keys = {"group": "1", "queue": "2", "voicemail": "*"}
    chosen = [
        {"key": keys[to], "to": to, "id": str(thing), "label": "售后" if to == "queue" else ""}
        for to, thing in targets.items()
    ]
    words = None if prompt is None else str(prompt)
    document = {"prompt_id": words, "tries": 3, "timeout": 5, "keys": chosen}
    await house.company.sql(
        "update hotlines set menu = cast(:m as jsonb)", m=orjson.dumps(document).decode()
    )


async def other_group(house: House) -> UUID:
    """A group with the second phone; the hotline's own has the first."""
    company = house.company
    await company.destination(FIRST)
    await company.destination(SECOND)
    group = await house.row("forwarding_groups", {"name": "售前", "strategy": "priority"})
    await company.sql(
        "update forwarding_members set group_id = :g where destination_id = :d",
        g=group,
        d=company.destinations[SECOND],
    )
    for number in (FIRST, SECOND):
        house.node.world.phone(number).answers(after=1, hangs_up_after=2)
    return group


@pytest.mark.parametrize(
    ("keys", "reached", "path"),
    [
        (("1",), SECOND, ["greeting", "menu", "key-1"]),
        (("9", "1"), SECOND, ["greeting", "menu", "key-1"]),
        (("9", "9"), FIRST, ["greeting", "menu", "group"]),
        ((), FIRST, ["greeting", "menu", "group"]),
    ],
)
async def test_a_key_leads_to_its_group_and_none_to_the_hotlines(
    house: House, keys: tuple[str, ...], reached: str, path: list[str]
) -> None:
    await house.company.set(greeting_prompt_id=await house.company.prompt("welcome"))
    await menu(house, await house.company.prompt("choose"), group=await other_group(house))
    async with house.serving():
        record = await house.call(CALLER, "", *keys)
    assert record["path"] == path
    assert record["heard"][:2] == ["welcome", "choose"]
    assert [leg["target"] for leg in record["legs"]] == [reached]
    assert record["outcome"] == "answered"


async def test_the_greeting_says_what_the_keys_do(house: House) -> None:
    await house.company.set(greeting_prompt_id=await house.company.prompt("welcome"))
    await menu(house, group=await other_group(house))
    async with house.serving():
        record = await house.call(CALLER, "1")
    assert (record["path"], record["heard"]) == (["menu", "key-1"], ["welcome"])


async def test_a_key_leads_to_a_queue_that_agents_are_told_of(house: House) -> None:
    agent = await house.staff.agent("1001", wrap_up_seconds=0)
    agent.phone.answers(after=1, hangs_up_after=2)
    asked = await survey(house.company)
    await menu(house, queue=await house.queue(agent))
    async with house.serving() as node:
        call = await node.call()
        await house.press(call, "2")
        await until_heard(node, call, "question0")
        await call.press("1")
        record = await node.record(call)
        assert (await house.details(agent))["menu_path"] == ["售后"]
        assert await house.path(record["id"]) == ["menu", "key-2", "survey"]
        assert await house.company.sql("select survey_id from survey_answers") == [
            {"survey_id": asked}
        ]
        # Nobody is signed in: the last words, as where nobody answers a forward.
        await house.company.sql("update agent_presence set state = 'offline'")
        record = await house.call(CALLER, "2")
    assert record["path"] == ["menu", "key-2", "failed"]
    assert (record["outcome"], record["reason"]) == ("unanswered", "queue_nobody")


async def test_a_key_leads_to_a_voicemail_box(house: House) -> None:
    box = await house.row("voicemail_boxes", {"name": "留言"})
    await menu(house, voicemail=box)
    async with house.serving() as node:
        call = await node.call()
        await house.press(call, "*")
        await until_heard(node, call, "beep")
        await house.clock.sleep(2)
        await call.press("#")
        record = await node.record(call)
    assert await house.path(record["id"]) == ["menu", "key-star"]
    assert record["reason"] == "message_left"


async def test_who_leaves_in_the_menu(house: House) -> None:
    await menu(house, group=await other_group(house))
    async with house.serving() as node:
        call = await node.call()
        await house.clock.sleep(2)
        await call.hangup()
        record = await node.record(call)
    assert (record["outcome"], record["reason"]) == ("abandoned", "menu")


async def test_a_restart_finds_the_caller_where_the_key_led(house: House) -> None:
    agent = await house.staff.agent("1001", state="break")
    agent.phone.answers(after=1, hangs_up_after=2)
    await menu(house, queue=await house.queue(agent))
    async with house.serving() as node:
        call = await node.call()
        await house.press(call, "2")
        await house.clock.sleep(5)
        await node.switch.drop_controller()
    house.begin_anew()
    async with house.serving() as node:
        await house.clock.sleep(5)
        await node.parts.talks.presence.sign_in(agent.id)
        await in_state(agent, "talking")
        record = await node.record(call)
    assert record["outcome"] == "answered"
    entries = await house.company.sql("select state, agent_id from queue_entries")
    assert entries == [{"state": "answered", "agent_id": agent.id}]
