"""Published flows told from ringing to record, on the fake switch and the real database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from hotline.calls.flow_lists import DatabaseLists, code_hash
from hotline.calls.flow_parts import FlowParts, Question
from hotline.db.direct import DirectPool
from hotline.flows.graph import Flow
from hotline.kit.ids import new_id
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, Company, Node
from tests.calls.conftest import Nodes

FIRST = "13900000001"


class Answers:
    """A server that answers what it is told to."""

    def __init__(self) -> None:
        self.body: bytes | None = None
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> bytes | None:
        self.asked.append(question)
        return self.body


class Site:
    """A company whose hotline has a published flow."""

    def __init__(self, company: Company, node: Node, web: Answers) -> None:
        self.company, self.node, self.web = company, node, web

    async def publish(self, *nodes: dict[str, Any], use: bool = True) -> UUID:
        flow = Flow.model_validate({"start": nodes[0]["id"], "nodes": nodes})
        key = new_id()
        await self.company.sql(
            "insert into flows (id, enterprise_id, name, draft) values (:i, :e, 'f', '{}')",
            i=key,
            e=self.company.id,
        )
        await self.company.sql(
            "insert into flow_versions (flow_id, version, enterprise_id, graph, refs, published_by)"
            " values (:i, 1, :e, cast(:g as jsonb), :r, 't')",
            i=key,
            e=self.company.id,
            g=orjson.dumps(flow.model_dump(mode="json", by_alias=True)).decode(),
            r=[reference.id for reference in flow.references()],
        )
        await self.company.sql("update flows set published_version = 1 where id = :i", i=key)
        if use:
            await self.company.set(flow_id=key)
        return key

    async def call(self, caller: str = CALLER, *keys: str) -> dict[str, Any]:
        """A caller who presses a key every three seconds; the record and the nodes' path."""
        call = await self.node.call(caller=caller)
        await self.press(call, *keys)
        record = await self.node.record(call)
        record["path"] = await self.path(record["id"])
        record["heard"] = [one.media.stem for one in call.heard]
        return record

    async def press(self, call: FakeCall, *keys: str) -> None:
        for key in keys:
            await self.node.parts.clock.sleep(1 if key else 9)
            if key:
                await call.press(key)

    async def path(self, call_id: UUID) -> list[str]:
        rows = await self.company.sql(
            "select data from call_events where call_id = :c and type = 'node_entered'"
            " order by (data->>'place')::int",
            c=call_id,
        )
        return [row["data"]["node"] for row in rows]


@pytest.fixture
async def site(nodes: Nodes, node: Node, company: Company) -> Site:
    web = Answers()
    pool: DirectPool = nodes.pool(nodes._url)
    node.company = company
    node.parts.flows = FlowParts(DatabaseLists(pool), web)
    return Site(company, node, web)


def group(company: Company, node_id: str = "group") -> dict[str, Any]:
    return {
        "id": node_id,
        "kind": "group",
        "group": str(company.group_id),
        "exits": {"unanswered": "bye"},
    }


BYE = {"id": "bye", "kind": "hangup"}


def menu(**more: Any) -> dict[str, Any]:
    exits = {"1": "group", "2": "bye", "timeout": "bye", "wrong": "bye"}
    return {
        "id": "menu",
        "kind": "menu",
        "sounds": [],
        "keys": ["1", "2"],
        "tries": 2,
        "exits": {**exits, **more},
    }


@pytest.mark.parametrize(
    ("keys", "path", "outcome"),
    [
        (("1",), ["menu", "group"], "answered"),
        (("9", "1"), ["menu", "group"], "answered"),
        (("2",), ["menu", "bye"], "served"),
        (("9", "9"), ["menu", "bye"], "served"),
        ((), ["menu", "bye"], "served"),
    ],
)
async def test_menu(
    site: Site, company: Company, keys: tuple[str, ...], path: list[str], outcome: str
) -> None:
    await company.destination(FIRST)
    site.node.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    await site.publish(menu(), group(company), BYE)
    record = await site.call(CALLER, *keys)
    assert (record["path"], record["outcome"]) == (path, outcome)


@pytest.mark.parametrize(
    ("keys", "path", "extension"),
    [
        (tuple("1001"), ["menu", "dialled"], "1001"),
        (tuple("8001"), ["menu", "dialled"], "8001"),
        (("1",), ["menu", "key"], None),
        (("8",), ["menu", "dialled"], "8"),
        (("*", "", "1"), ["menu", "key"], None),
    ],
)
async def test_an_extension_may_begin_with_a_key_of_the_menu(
    site: Site, company: Company, keys: tuple[str, ...], path: list[str], extension: str | None
) -> None:
    exits = {"1": "key", "timeout": "bye", "wrong": "bye", "extension": "dialled"}
    dials = {**menu(), "keys": ["1"], "tries": 3, "extension_digits": 4, "exits": exits}
    ends = [{"id": name, "kind": "hangup"} for name in ("key", "dialled")]
    await site.publish(dials, *ends, BYE)
    record = await site.call(CALLER, *keys)
    assert record["path"] == path
    kept = await company.sql(
        "select data->>'value' as v from call_events where type = 'variable_set'"
    )
    assert [row["v"] for row in kept] == ([extension] if extension else [])


async def test_a_caller_who_leaves_in_the_menu(site: Site, company: Company) -> None:
    await site.publish(menu(), group(company), BYE)
    call = await site.node.call()
    await site.node.parts.clock.sleep(2)
    await call.hangup()
    record = await site.node.record(call)
    assert (record["outcome"], record["reason"]) == ("abandoned", "menu")


async def test_prompts_before_a_forward_are_said_by_the_switch_in_one_go(
    site: Site, company: Company
) -> None:
    await company.destination(FIRST)
    site.node.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    prompt = await company.prompt("welcome")
    play = {
        "id": "play",
        "kind": "play",
        "sounds": [{"prompt": str(prompt)}],
        "exits": {"next": "group"},
    }
    await site.publish(play, group(company), BYE)
    record = await site.call()
    assert record["heard"] == ["welcome"]
    assert record["outcome"] == "answered"
    assert await company.events(record["id"]) == [
        "arrived",
        "node_entered",
        "node_entered",
        "greeting_started",
        "dialling",
        "ringing",
        "connected",
        "leg_ended",
        "ended",
    ]


async def test_regions_split_callers(site: Site, company: Company) -> None:
    region = {
        "id": "region",
        "kind": "region",
        "rules": [{"exit": "here", "provinces": ["江苏"]}],
        "exits": {"here": "near", "otherwise": "bye"},
    }
    await site.publish(region, {"id": "near", "kind": "hangup"}, BYE)
    assert (await site.call())["path"] == ["region", "near"]
    assert (await site.call("01062345678"))["path"] == ["region", "bye"]


async def test_passwords_lock_out_and_are_never_written_down(site: Site, company: Company) -> None:
    key = new_id()
    await company.sql(
        "insert into code_lists (id, enterprise_id, name, tries_allowed) values (:i, :e, 'c', 2)",
        i=key,
        e=company.id,
    )
    [row] = await company.sql("select salt from code_lists")
    await company.sql(
        "insert into codes (id, enterprise_id, list_id, hash, label) values (:i, :e, :l, :h, '甲')",
        i=new_id(),
        e=company.id,
        l=key,
        h=code_hash("2468", bytes(row["salt"])),
    )
    password = {
        "id": "door",
        "kind": "password",
        "code_list": str(key),
        "sounds": [],
        "variable": "who",
        "tries": 1,
        "exits": {"accepted": "in", "wrong": "out", "timeout": "late", "locked": "locked"},
    }
    ends = [{"id": name, "kind": "hangup"} for name in ("in", "out", "late", "locked")]
    await site.publish(password, *ends)
    right, wrong = (*"2468", "#"), (*"9753", "#")
    assert (await site.call(CALLER, *right))["path"] == ["door", "in"]
    assert (await site.call(CALLER, *wrong))["path"] == ["door", "out"]
    assert (await site.call(CALLER))["path"] == ["door", "late"]
    assert (await site.call(CALLER, *wrong))["path"] == ["door", "locked"]
    assert (await site.call(CALLER, *right))["path"] == ["door", "locked"]
    assert (await site.call("13700000000", *right))["path"] == ["door", "in"]
    written = await company.sql("select data::text from call_events")
    assert not any("2468" in row["data"] or "9753" in row["data"] for row in written)
    assert any("甲" in row["data"] for row in written)


async def test_digits_conditions_servers_and_flows_inside_flows(
    site: Site, company: Company
) -> None:
    site.web.body = b'{"data": {"level": "gold"}}'
    collect = {
        "id": "card",
        "kind": "collect",
        "variable": "card",
        "sounds": [],
        "min_digits": 3,
        "max_digits": 3,
        "exits": {"next": "ask", "timeout": "back", "wrong": "back"},
    }
    http = {
        "id": "ask",
        "kind": "http",
        "url": "https://crm.example/{card}",
        "keep": {"level": "data.level"},
        "exits": {"next": "gold", "failed": "back"},
    }
    condition = {
        "id": "gold",
        "kind": "condition",
        "tests": [{"variable": "level", "is": "equal", "value": "gold"}],
        "exits": {"true": "vip", "false": "back"},
    }
    vip = {"id": "vip", "kind": "return", "result": "vip"}
    inner = await site.publish(
        collect, http, condition, vip, {"id": "back", "kind": "return"}, use=False
    )
    outer = {
        "id": "who",
        "kind": "subflow",
        "flow": str(inner),
        "results": ["vip"],
        "exits": {"vip": "special", "next": "bye"},
    }
    await site.publish(outer, {"id": "special", "kind": "hangup"}, BYE)
    record = await site.call(CALLER, "1", "2", "3")
    assert record["path"] == ["who", "who/card", "who/ask", "who/gold", "who/vip", "special"]
    assert site.web.asked[0].url == "https://crm.example/123"
    site.web.body = None
    record = await site.call(CALLER, "1", "2", "3")
    assert record["path"] == ["who", "who/card", "who/ask", "who/back", "bye"]


async def test_a_list_of_callers(site: Site, company: Company) -> None:
    key = new_id()
    await company.sql(
        "insert into caller_lists (id, enterprise_id, name) values (:i, :e, 'v')",
        i=key,
        e=company.id,
    )
    await company.sql(
        "insert into caller_list_entries (id, enterprise_id, list_id, number)"
        " values (:i, :e, :l, :n)",
        i=new_id(),
        e=company.id,
        l=key,
        n=CALLER,
    )
    vip = {
        "id": "vip",
        "kind": "caller_list",
        "caller_list": str(key),
        "exits": {"listed": "special", "otherwise": "bye"},
    }
    await site.publish(vip, {"id": "special", "kind": "hangup"}, BYE)
    assert (await site.call())["path"] == ["vip", "special"]
    assert (await site.call("13700000000"))["path"] == ["vip", "bye"]


async def test_regions_of_the_plain_settings(site: Site, company: Company) -> None:
    await company.destination(FIRST)
    site.node.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    empty = new_id()
    await company.sql(
        "insert into forwarding_groups (id, enterprise_id, name, strategy)"
        " values (:g, :e, '空组', 'priority')",
        g=empty,
        e=company.id,
    )
    await company.sql(
        "update hotlines set regions = cast(:r as jsonb)",
        r=orjson.dumps([{"province": "北京", "city": None, "group_id": str(empty)}]).decode(),
    )
    assert (await site.call())["outcome"] == "answered"
    record = await site.call("01062345678")
    assert (record["outcome"], record["reason"]) == ("failed", "no_destination")
    assert record["path"] == []
