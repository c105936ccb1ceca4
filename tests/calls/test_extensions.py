"""Extensions lead to agents and to queues alike, and callers on a list go a way of their own."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.calls.commands import NotFree
from hotline.db.database import Database
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.staff import Agent
from tests.calls.talks import in_state
from tests.calls.test_flows import BYE
from tests.calls.test_messages import until_heard

QUEUE = "801"
OUTSIDE = "13900000001"
TO_EXTENSION = {"unanswered": "bye", "unknown": "wrong"}
WRONG = {"id": "wrong", "kind": "hangup"}
LAST = {"id": "last", "kind": "hangup"}


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def to_extension(house: House, extension: str, **exits: str) -> None:
    node = {
        "id": "ext",
        "kind": "extension",
        "extension": extension,
        "exits": {**TO_EXTENSION, **exits},
    }
    await house.publish(node, BYE, WRONG, LAST)


async def talking(house: House, agent: Agent) -> FakeCall:
    """A caller who was put through to that agent."""
    call = await house.node.call()
    await call.answered(30)
    await in_state(agent, "talking")
    [record] = await house.company.sql("select id from calls order by started_at desc limit 1")
    house.staff.ids = [record["id"]]
    return call


async def test_a_queue_is_reached_by_its_extension(house: House) -> None:
    agent = await house.staff.agent("1001", wrap_up_seconds=0)
    await house.queue(agent, extension=QUEUE)
    agent.phone.answers(after=1, hangs_up_after=3)
    async with house.serving():
        await to_extension(house, QUEUE, answered="last")
        served = await house.call()
        assert (served["path"], served["outcome"]) == (["ext", "last"], "answered")
        await to_extension(house, "802")
        assert (await house.call())["path"] == ["ext", "wrong"]


async def test_nobody_in_the_queue_of_an_extension(house: House) -> None:
    await house.queue(extension=QUEUE)
    async with house.serving():
        await to_extension(house, QUEUE)
        assert (await house.call())["path"] == ["ext", "bye"]


async def test_who_is_not_there_has_a_box_of_their_own(house: House) -> None:
    """A caller dials an extension; the message goes to whom they wanted."""
    first, second = await house.staff.agent("1001"), await house.staff.agent("1002")
    queue = await house.queue(extension=QUEUE)
    of_all = await house.row("voicemail_boxes", {"name": "总台"})
    own = await house.row("voicemail_boxes", {"name": "座席1001", "agent_id": first.id})
    shared = await house.row("voicemail_boxes", {"name": "售后", "queue_id": queue})
    for agent in (first, second):
        agent.phone.never_answers()
    menu = {"id": "menu", "kind": "menu", "keys": ["0"], "extension_digits": 4, "sounds": []}
    dialled = {"id": "ext", "kind": "extension"}
    word = {"id": "word", "kind": "voicemail", "variable": "extension", "box": str(of_all)}
    await house.publish(
        {**menu, "exits": {"extension": "ext", "timeout": "bye", "wrong": "bye", "0": "bye"}},
        {**dialled, "exits": {"unanswered": "word", "unknown": "word"}},
        word,
        BYE,
    )
    async with house.serving() as node:
        for extension in ("1001", "1002", QUEUE, "7777"):
            call = await house.node.call()
            await house.press(call, *extension)
            await until_heard(node, call, "beep")
            await house.clock.sleep(2)
            await call.hangup()
            await node.record(call)
    kept = await house.company.sql("select box_id from voicemail_messages order by left_at")
    assert [row["box_id"] for row in kept] == [own, of_all, shared, of_all]


async def test_a_caller_who_will_be_called_back_leaves_an_extension_by_that(house: House) -> None:
    agent = await house.staff.agent("1001")
    await house.queue(agent, extension=QUEUE, key_callback="1")
    agent.phone.never_answers()
    async with house.serving():
        await to_extension(house, QUEUE, callback="last")
        record = await house.call(CALLER, "", "1", "", "", "", "1")
        assert record["path"] == ["ext", "last"]
        [entry] = await house.company.sql("select kind, callback_number from queue_entries")
        assert entry == {"kind": "callback", "callback_number": CALLER}


async def test_an_agent_sends_the_caller_to_a_queue_by_its_extension(house: House) -> None:
    first, second = await house.staff.agent("1001"), await house.staff.agent("1002")
    await house.queue(second, extension=QUEUE)
    first.phone.answers(after=1)
    second.phone.answers(after=1, hangs_up_after=3)
    async with house.serving():
        await to_extension(house, "1001")
        call = await talking(house, first)
        await first.says(call, "transfer", extension=QUEUE)
        record = await house.node.record(call)
        assert record["outcome"] == "answered"
        assert [leg["target"] for leg in record["legs"]] == ["1001", "1002"]
        [entry] = await house.company.sql("select state, agent_id from queue_entries")
        assert entry == {"state": "answered", "agent_id": second.id}


@pytest.mark.parametrize("last", ["voicemail", "hangup"])
async def test_the_queue_that_a_caller_was_sent_to_passes_them_on(house: House, last: str) -> None:
    first = await house.staff.agent("1001")
    target = {"kind": last}
    if last == "voicemail":
        target["id"] = str(await house.row("voicemail_boxes", {"name": "留言"}))
    await house.queue(extension=QUEUE, overflow={"nobody": target})
    first.phone.answers(after=1)
    async with house.serving() as node:
        await to_extension(house, "1001", answered="last")
        call = await talking(house, first)
        await first.says(call, "transfer", extension=QUEUE)
        if last == "voicemail":
            await until_heard(node, call, "beep")
            await house.clock.sleep(2)
            await call.press("#")
        record = await node.record(call)
    assert await house.path(record["id"]) == ["ext"]
    assert (record["outcome"], record["ended_by"]) == ("answered", "system")
    kept = await house.company.sql("select ended_by from voicemail_messages")
    assert [row["ended_by"] for row in kept] == (["key"] if last == "voicemail" else [])


@pytest.mark.parametrize("owner", ["queue_id", "hotline_id"])
async def test_a_key_for_a_message_leads_to_the_queues_own_box_or_the_hotlines(
    house: House, owner: str
) -> None:
    """Where no flow says what the key of a queue means, that an extension led to."""
    agent = await house.staff.agent("1001", state="break")
    queue = await house.queue(agent, extension=QUEUE, key_voicemail="1")
    whose = queue if owner == "queue_id" else house.company.hotline_id
    box = await house.row("voicemail_boxes", {"name": "留言", owner: whose})
    async with house.serving() as node:
        await to_extension(house, QUEUE)
        call = await node.call()
        await house.press(call, "", "1")
        await until_heard(node, call, "beep")
        await house.clock.sleep(2)
        await call.press("#")
        record = await node.record(call)
    assert await house.path(record["id"]) == ["ext"]
    assert (record["outcome"], record["reason"]) == ("unanswered", "message_left")
    assert await house.company.sql("select box_id from voicemail_messages") == [{"box_id": box}]


@pytest.mark.parametrize(
    ("state", "columns", "keys"),
    [
        ("offline", {}, ()),
        ("break", {"key_leave": "9"}, ("", "9")),
        ("break", {"key_voicemail": "1"}, ("", "1")),
    ],
)
async def test_who_is_not_served_is_led_on_where_the_flow_names_but_one_way(
    house: House, state: str, columns: dict[str, str], keys: tuple[str, ...]
) -> None:
    """Nobody is signed in, or a key is pressed that leads nowhere: as after too long a wait."""
    agent = await house.staff.agent("1001", state=state)
    queue = await house.queue(agent, **columns)
    ends = {"timeout": "last", "unavailable": "bye"}
    async with house.serving():
        await house.publish(
            {"id": "q", "kind": "queue", "queue": str(queue), "exits": ends}, BYE, LAST
        )
        record = await house.call(CALLER, *keys)
    assert record["path"] == ["q", "last"]


@pytest.mark.parametrize("approved", [True, False])
async def test_a_queue_sends_nobody_to_a_number_whose_approval_is_gone(
    house: House, approved: bool
) -> None:
    await house.company.destination(OUTSIDE)
    overflow = {"nobody": {"kind": "number", "number": OUTSIDE}}
    await house.queue(extension=QUEUE, overflow=overflow)
    phone = house.node.world.phone(OUTSIDE).answers(after=1, hangs_up_after=2)
    if not approved:
        await house.company.sql("update destinations set status = 'disabled'")
    async with house.serving():
        await to_extension(house, QUEUE)
        record = await house.call()
    assert record["outcome"] == ("answered" if approved else "unanswered")
    assert len(phone.calls) == approved


async def test_who_is_returned_to_the_queue_comes_to_another_agent_and_is_as_urgent(
    house: House,
) -> None:
    """Although the caller's last agent goes first there: it is who has just sent them back."""
    first = await house.staff.agent("1001", wrap_up_seconds=0)
    second = await house.staff.agent("1002", state="break")
    queue = await house.queue(first, second, sticky_minutes=60, strategy="priority")
    first.phone.answers(after=1)
    second.phone.answers(after=1, hangs_up_after=3)
    waits = {"id": "wait", "kind": "queue", "queue": str(queue), "priority": 7}
    ends = {"timeout": "bye", "unavailable": "bye"}
    async with house.serving() as node:
        await house.publish({**waits, "exits": ends}, BYE)
        call = await talking(house, first)
        await node.parts.talks.presence.sign_in(second.id)
        await first.says(call, "return_to_queue")
        record = await node.record(call)
    assert [leg["target"] for leg in record["legs"]] == ["1001", "1002"]
    entries = await house.company.sql("select priority, agent_id from queue_entries order by 2")
    assert [entry["priority"] for entry in entries] == [7, 7]
    assert {entry["agent_id"] for entry in entries} == {first.id, second.id}


async def test_consulting_a_queue_rings_one_of_its_free_agents(house: House) -> None:
    first, second = await house.staff.agent("1001"), await house.staff.agent("1002")
    await house.queue(second, first, extension=QUEUE)
    first.phone.answers(after=1)
    second.phone.answers(after=1, hangs_up_after=20)
    async with house.serving():
        await to_extension(house, "1001")
        call = await talking(house, first)
        await first.says(call, "consult", extension=QUEUE)
        await in_state(second, "talking")
        await first.says(call, "complete")
        record = await house.node.record(call)
        assert [leg["target"] for leg in record["legs"]] == ["1001", "1002"]


async def test_consulting_a_queue_in_which_nobody_is_free(house: House) -> None:
    first = await house.staff.agent("1001")
    await house.staff.agent("1002", state="break")
    await house.queue(first, extension=QUEUE)
    first.phone.answers(after=1)
    async with house.serving():
        await to_extension(house, "1001")
        call = await talking(house, first)
        with pytest.raises(NotFree):
            await first.says(call, "consult", extension=QUEUE)
        await call.hangup()
        await house.node.record(call)


@pytest.mark.parametrize("there", [True, False])
async def test_an_agent_dials_a_queue(house: House, there: bool) -> None:
    first = await house.staff.agent("1001", wrap_up_seconds=0)
    second = await house.staff.agent("1002")
    await house.queue(*[second] if there else [], extension=QUEUE)
    second.phone.answers(after=1, hangs_up_after=3)
    async with house.serving() as node:
        await house.clock.sleep(1)
        call = await node.world.dials(first.account, QUEUE)
        await call.ended(120)
        await node.settled()
        await in_state(first, "ready")
    [record] = await house.company.records()
    expected = ("internal", QUEUE, "answered" if there else "unanswered")
    assert (record["direction"], record["dialled"], record["outcome"]) == expected
    targets = [leg["target"] for leg in record["legs"]]
    assert targets == (["1001", "1002"] if there else ["1001"])
    entries = await house.company.sql("select caller, state from queue_entries")
    assert entries == ([{"caller": "1001", "state": "answered"}] if there else [])


# ---------------------------------------------------------------- callers on a list


def listed(key: object, **exits: str) -> dict[str, Any]:
    return {
        "id": "vip",
        "kind": "caller_list",
        "caller_list": str(key),
        "exits": {"listed": "bye", "otherwise": "wrong", **exits},
    }


async def test_the_own_queue_of_a_listed_caller(house: House) -> None:
    agent = await house.staff.agent("1001", wrap_up_seconds=0)
    queue = await house.queue(agent, key_callback="1", max_wait=60)
    key = await house.caller_list(CALLER, queue_id=queue)
    await house.publish(listed(key, answered="last", callback="last"), BYE, WRONG, LAST)
    async with house.serving():
        agent.phone.answers(after=1, hangs_up_after=2)
        served = await house.call()
        assert (served["path"], served["outcome"]) == (["vip", "vip", "last"], "answered")
        assert (await house.details(agent))["vip"] is True
        agent.phone.never_answers()
        assert (await house.call())["path"] == ["vip", "vip", "bye"]
        record = await house.call(CALLER, "", "1", "", "", "", "1")
        assert record["path"] == ["vip", "vip", "last"]
        assert record["reason"] == "queue_callback"


async def test_a_restart_asks_the_list_again(house: House) -> None:
    """The caller goes on waiting in the old place of the own queue."""
    agent = await house.staff.agent("1001")
    queue = await house.queue(agent)
    key = await house.caller_list(CALLER, queue_id=queue)
    await house.publish(listed(key), BYE, WRONG)
    agent.phone.never_answers()
    async with house.serving() as node:
        call = await node.call()
        await agent.phone.rings()
        await node.switch.drop_controller()
    agent.phone.answers(after=1, hangs_up_after=2)
    house.begin_anew()
    async with house.serving() as node:
        record = await node.record(call)
    assert record["outcome"] == "answered"
    entries = await house.company.sql("select state, reason from queue_entries")
    assert entries == [{"state": "answered", "reason": "answered"}]
