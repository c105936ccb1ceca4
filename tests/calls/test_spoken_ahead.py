"""What will be said is spoken before anybody calls; no more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.calls.spoken_ahead import SpokenAhead
from hotline.calls.steps.by_name import CHOICES
from hotline.db.database import Database
from hotline.flows.spoken import PIECES
from tests.calls.company import Company
from tests.calls.conftest import Nodes
from tests.calls.house import House
from tests.calls.test_flows import BYE


class Asked:
    """Speaks nothing, and remembers what for."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def phrase(self, text: str) -> Path | None:
        self.texts.append(text)
        return None


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def asked(house: House, nodes: Nodes, database: Database) -> list[str]:
    phrases = Asked()
    await SpokenAhead(nodes.pool(database.platform_url), phrases, house.clock).prepare()
    assert len(phrases.texts) == len(set(phrases.texts))
    return phrases.texts


async def test_names_where_callers_may_ask_for_them(
    house: House, nodes: Nodes, database: Database
) -> None:
    for extension in ("1001", "1002"):
        await house.staff.agent(extension)
    assert await asked(house, nodes, database) == []
    node = {"id": "who", "kind": "extension", "by": "name"}
    await house.publish({**node, "exits": {"unanswered": "bye", "unknown": "bye"}}, BYE)
    wanted = {"座席1001", "座席1002", *CHOICES, *PIECES}
    assert set(await asked(house, nodes, database)) == wanted
    await house.company.sql("update flows set published_version = null")
    assert await asked(house, nodes, database) == []


async def test_the_words_of_queues(house: House, nodes: Nodes, database: Database) -> None:
    await house.queue(name="售后", key_voicemail="1", key_leave="9", announce_wait=True)
    texts = await asked(house, nodes, database)
    assert texts[:2] == ["留言请按1。", "退出排队请按9。"]
    for text in ("您是下一位。", "您前面还有1位。", "您前面还有9位。", "预计等待10分钟。"):
        assert text in texts
    assert "售后" not in texts
    await house.queue(name="售前", announce_every=0, whisper=True, key_callback="1")
    texts = await asked(house, nodes, database)
    assert {"售前", "售前，回电", *PIECES} <= set(texts)
    assert "预约回电请按1。" not in texts  # its callers are told nothing


async def test_the_pieces_of_what_a_flow_announces(
    house: House, nodes: Nodes, database: Database
) -> None:
    say = {"id": "say", "kind": "announce", "say": "time", "exits": {"next": "bye"}}
    await house.publish(say, BYE)
    assert await asked(house, nodes, database) == list(PIECES)
