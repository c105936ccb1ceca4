"""Callers who spell an agent's name on the keys."""

from __future__ import annotations

import pytest

from hotline.agents.names import keys_of
from hotline.calls.steps.by_name import CHOICES
from hotline.db.database import Database
from hotline.telephony.fake import FakeCall
from tests.calls.company import Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.test_flows import BYE

BY_NAME = {
    "id": "who",
    "kind": "extension",
    "by": "name",
    "tries": 3,
    "exits": {"unanswered": "bye", "unknown": "nobody"},
}
NOBODY = {"id": "nobody", "kind": "hangup"}
STAFF = {"1001": "王芳", "1002": "王飞", "1003": "李雷", "1004": "王伟", "1005": "王武"}


@pytest.fixture
async def house(nodes: Nodes, company: Company, database: Database) -> House:
    house = House(nodes, company, database.platform_url)
    for extension, name in STAFF.items():
        agent = await house.staff.agent(extension)
        agent.phone.answers(after=1, hangs_up_after=2)
        await company.sql("update agents set name = :n where id = :a", n=name, a=agent.id)
    await house.publish(BY_NAME, BYE, NOBODY)
    return house


async def spells(house: House, call: FakeCall, letters: str) -> None:
    await house.clock.sleep(1)
    for key in keys_of(letters):
        await call.press(key)
    await call.press("#")


def heard(house: House, call: FakeCall) -> list[str]:
    """What was said, names and phrases by their text."""
    texts = [*STAFF.values(), *CHOICES]
    by_stem = {house.node.sounds.phrase(text).stem: text for text in texts}  # type: ignore[union-attr]
    return [by_stem.get(one.media.stem, one.media.stem) for one in call.heard]


@pytest.mark.parametrize("letters", ["ll", "lilei", "lile"])
async def test_the_only_one_of_that_name_is_rung(house: House, letters: str) -> None:
    async with house.serving() as node:
        call = await node.call()
        await spells(house, call, letters)
        record = await node.record(call)
    assert [leg["target"] for leg in record["legs"]] == ["1003"]
    assert heard(house, call)[:2] == ["name_enter", "李雷"]


async def test_several_are_listened_to_and_chosen_from(house: House) -> None:
    async with house.serving() as node:
        call = await node.call()
        await spells(house, call, "wf")
        await house.clock.sleep(9)
        await call.press("2")
        record = await node.record(call)
    assert heard(house, call)[1:5] == ["王芳", CHOICES[0], "王飞", CHOICES[1]]
    assert [leg["target"] for leg in record["legs"]] == ["1002"]


async def test_nobody_too_many_and_silence(house: House) -> None:
    for number in range(3):
        extra = await house.staff.agent(f"200{number}")
        await house.company.sql("update agents set name = '王五' where id = :a", a=extra.id)
    async with house.serving() as node:
        call = await node.call()
        await spells(house, call, "zhao")
        await spells(house, call, "w")
        record = await node.record(call)
    assert await house.path(record["id"]) == ["who", "nobody"]
    said = [word for word in heard(house, call) if word.startswith("name_")]
    assert said == ["name_enter", "name_unknown", "name_many", "name_enter"]
    assert record["legs"] == []


async def test_a_name_that_is_not_spoken_yet(house: House) -> None:
    house.node.sounds.missing.add("李雷")
    async with house.serving() as node:
        call = await node.call()
        await spells(house, call, "ll")
        record = await node.record(call)
    assert [leg["target"] for leg in record["legs"]] == ["1003"]
    assert len(call.heard) >= 5  # the extension, digit by digit


async def test_a_caller_who_leaves_while_spelling(house: House) -> None:
    async with house.serving() as node:
        call = await node.call()
        await house.press(call, "9")
        await call.hangup()
        record = await node.record(call)
    assert (record["outcome"], record["reason"]) == ("abandoned", "extension")
    assert await house.path(record["id"]) == ["who"]
