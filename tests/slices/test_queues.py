"""Queues over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.agents.presence import AgentPresence
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.queues.floor import DEAD_AFTER
from hotline.queues.rules import distribute
from hotline.queues.store import NewEntry, QueueStore
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import (
    API,
    WHATEVER,
    approved,
    assign_hotline,
    body_of,
    error_of,
    register,
    seen,
)

QUEUES = f"{API}/queues"


async def _agents(admin: Any, *extensions: str) -> list[str]:
    made = []
    for extension in extensions:
        body = {"extension": extension, "name": f"座席{extension}", "device": "sip"}
        made.append(str(body_of(await admin.post(f"{API}/agents", json=body), 201)["id"]))
    return made


async def test_kept_changed_used_removed(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    second = body_of(await admin.post(QUEUES, json={"name": "二线"}), 201)
    first = body_of(
        await admin.post(
            QUEUES,
            json={
                "name": "售后",
                "extension": "801",
                "overflow": {"timeout": {"kind": "queue", "id": second["id"]}},
                "skills": [{"after": 0, "skills": {"英语": 5}}, {"after": 30, "skills": {}}],
            },
        ),
        201,
    )
    assert first["strategy"] == "longest_idle"
    address = f"{QUEUES}/{first['id']}"
    changed = body_of(await admin.patch(address, json={"max_wait": 120}, headers=seen(first)))
    assert (changed["max_wait"], changed["skills"]) == (120, first["skills"])
    assert error_of(await admin.delete(f"{QUEUES}/{second['id']}"), 409) == "in-use"
    agents = await _agents(admin, "1001", "1002")
    wanted = {"members": [{"agent_id": agent, "penalty": 1} for agent in reversed(agents)]}
    shown = body_of(await admin.put(f"{address}/members", json=wanted))
    assert [member["extension"] for member in shown["members"]] == ["1002", "1001"]
    fewer = {"members": wanted["members"][:1]}
    await admin.put(f"{address}/members", json=fewer)
    assert len(body_of(await admin.get(f"{address}/members"))["members"]) == 1
    assert (await admin.delete(address)).status_code == 204
    assert (await admin.delete(f"{QUEUES}/{second['id']}")).status_code == 204


async def test_what_a_queue_leads_to_is_not_removed(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin, operator = await api.log_in(Role.ADMINISTRATOR, ours), await api.operator()
    destination = await register(admin, "13900000001")
    await approved(operator, ours, destination, "destinations")
    group = {"name": "组", "strategy": "random", "members": []}
    box = {"name": "箱"}
    kept = {
        "destinations": destination,
        "forwarding-groups": body_of(await admin.post(f"{API}/forwarding-groups", json=group), 201),
        "voicemail/boxes": body_of(await admin.post(f"{API}/voicemail/boxes", json=box), 201),
    }
    queue = body_of(await admin.post(QUEUES, json={"name": "售后"}), 201)
    address = f"{QUEUES}/{queue['id']}"
    settings = {
        "overflow": {
            "timeout": {"kind": "number", "number": "13900000001"},
            "full": {"kind": "group", "id": kept["forwarding-groups"]["id"]},
            "nobody": {"kind": "voicemail", "id": kept["voicemail/boxes"]["id"]},
        },
    }
    body_of(await admin.patch(address, json=settings, headers=WHATEVER))
    for place, thing in kept.items():
        refused = body_of(await admin.delete(f"{API}/{place}/{thing['id']}"), 409)
        assert refused["used_by"] == [{"kind": "queue", "id": queue["id"], "name": "售后"}], place
    # What is switched off stays, and is told where it is missing.
    off = await admin.patch(
        f"{API}/destinations/{destination['id']}", json={"enabled": False}, headers=WHATEVER
    )
    assert body_of(off)["status"] == "disabled"
    [problem] = body_of(await admin.get(address))["problems"]
    assert (problem["code"], problem["field"]) == ("number_not_approved", "overflow.timeout")
    assert (
        body_of(await admin.patch(address, json={"overflow": {}}, headers=WHATEVER))["problems"]
        == []
    )
    for place, thing in kept.items():
        assert (await admin.delete(f"{API}/{place}/{thing['id']}")).status_code == 204


async def test_a_key_for_messages_wants_a_box(api: ApiWorld) -> None:
    """Where callers come to the queue on a way that does not name one."""
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    queue = body_of(await admin.post(QUEUES, json={"name": "售后", "key_voicemail": "1"}), 201)
    address = f"{QUEUES}/{queue['id']}"

    async def problems() -> list[tuple[str, str]]:
        found = body_of(await admin.get(address))["problems"]
        return [(one["code"], one["field"]) for one in found]

    wanted = [("no_box", "key_voicemail")]
    ends = {"timeout": "end", "unavailable": "end"}
    waits = {"id": "q", "kind": "queue", "queue": queue["id"]}
    for exits, expected in ((ends, wanted), ({**ends, "voicemail": "end"}, [])):
        nodes = [{**waits, "exits": exits}, {"id": "end", "kind": "hangup"}]
        body = {"name": str(expected), "draft": {"start": "q", "nodes": nodes}}
        flow = body_of(await admin.post(f"{API}/flows", json=body), 201)
        assert await problems() == []
        way = f"{API}/flows/{flow['id']}"
        body_of(await admin.post(f"{way}/publish", json={}, headers=WHATEVER))
        assert await problems() == expected
        assert (await admin.delete(way)).status_code == 204
    body_of(await admin.patch(address, json={"extension": "801"}, headers=WHATEVER))
    assert await problems() == wanted
    box = {"name": "箱", "queue_id": queue["id"]}
    body_of(await admin.post(f"{API}/voicemail/boxes", json=box), 201)
    assert await problems() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"strategy": "guess"}, "strategy"),
        ({"announce_every": 5}, "announce_every"),
        ({"key_leave": "1", "key_voicemail": "1"}, "key_leave"),
        ({"overflow": {"timeout": {"kind": "queue", "id": str(new_id())}}}, "overflow.timeout"),
        ({"overflow": {"timeout": {"kind": "number", "number": "13900000000"}}}, "overflow"),
        ({"overflow": {"timeout": {"kind": "number"}}}, "overflow.timeout"),
        ({"overflow": {"answered": {"kind": "hangup"}}}, "overflow"),
        ({"skills": [{"after": 0, "skills": {"en": 11}}]}, "skills.0"),
        ({"music_prompt_id": str(new_id())}, "music_prompt_id"),
        ({"weight": 0}, "weight"),
    ],
)
async def test_malformed(api: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    fields = body_of(await admin.post(QUEUES, json={"name": "q", **wrong}), 422)["fields"]
    assert all(path.startswith(field) for path in fields), fields


async def test_extensions_and_members_are_checked(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = body_of(await admin.post(QUEUES, json={"name": "a", "extension": "801"}), 201)
    again = await admin.post(QUEUES, json={"name": "b", "extension": "801"})
    assert error_of(again, 409) == "already-there"
    agent_too = {"extension": "801", "name": "座席", "device": "sip"}
    taken = body_of(await admin.post(f"{API}/agents", json=agent_too), 409)
    assert list(taken["fields"]) == ["extension"]
    listed = await admin.post(
        f"{API}/agents/import", content="801,甲".encode(), headers={"Content-Type": "text/csv"}
    )
    assert [error["line"] for error in body_of(listed)["errors"]] == [1]
    unknown = {"members": [{"agent_id": str(new_id())}]}
    answer = await admin.put(f"{QUEUES}/{made['id']}/members", json=unknown)
    assert list(body_of(answer, 422)["fields"]) == ["members.0.agent_id"]
    [agent] = await _agents(admin, "1001")
    answer = await admin.patch(
        f"{QUEUES}/{made['id']}", json={"extension": "1001"}, headers=seen(made)
    )
    assert list(body_of(answer, 409)["fields"]) == ["extension"]
    twice = {"members": [{"agent_id": agent}, {"agent_id": agent}]}
    answer = await admin.put(f"{QUEUES}/{made['id']}/members", json=twice)
    assert list(body_of(answer, 422)["fields"]) == ["members.1.agent_id"]


async def test_live_and_explained(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    queue = body_of(await admin.post(QUEUES, json={"name": "售后"}), 201)
    address = f"{QUEUES}/{queue['id']}"
    agents = await _agents(admin, "1001", "1002")
    await admin.put(
        f"{address}/members", json={"members": [{"agent_id": agent} for agent in agents]}
    )
    pool = DirectPool(api.database.platform_url)
    try:
        store, presence = QueueStore(pool), AgentPresence(pool, SystemClock())
        settings = await store.settings(UUID(queue["id"]))
        assert settings is not None
        for agent in agents:
            await presence.sign_in(UUID(agent))
        now = datetime.now(UTC)
        await store.alive("node1", now)
        entries = []
        for waited in (90, 60, 30):
            entry = NewEntry(
                id=new_id(),
                enterprise_id=ours,
                queue_id=settings.id,
                call_id=new_id(),
                hotline_id=None,
                caller="13812345678",
                node="node1",
                priority=0,
            )
            await store.enter(entry, settings, now - timedelta(seconds=waited))
            entries.append(entry)
        situation = await store.situation(ours, now, now - DEAD_AFTER, 1)
        assert situation is not None
        decisions = list(distribute(situation.snapshot))
        assert await store.offer(ours, situation.turn, "node1", now, decisions) == 2
        await store.leave(entries[0].id, UUID(agents[0]), "answered", now)
    finally:
        await pool.close()
    live = body_of(await admin.get(f"{address}/live"))
    assert [(one["position"], one["state"]) for one in live["waiting"]] == [
        (1, "offered"),
        (2, "waiting"),
    ]
    assert live["waiting"][1]["waited_seconds"] >= 30
    assert {agent["state"] for agent in live["agents"]} == {"ringing"}
    today = live["today"]
    assert (today["waiting"], today["answered"], today["answered_within"]) == (2, 1, 0)
    assert (today["service_level"], today["longest_wait_seconds"] >= 60) == (0.0, True)
    why = await admin.get(f"{API}/calls/{entries[0].call_id}/queue-decisions")
    [decision] = body_of(why)["decisions"]
    assert decision["agents"] == [agents[0]]
    assert decision["replayed"]
    assert "座席1001(1001)" in decision["explanation_zh"]
    assert "等待 90 秒" in decision["explanation_zh"]
    assert [one["extension"] for one in decision["candidates"]] == ["1001", "1002"]


async def test_callbacks_are_listed_and_cancelled(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    queue = body_of(await admin.post(QUEUES, json={"name": "售后"}), 201)
    pool = DirectPool(api.database.platform_url)
    try:
        store = QueueStore(pool)
        settings = await store.settings(UUID(queue["id"]))
        assert settings is not None
        entry = NewEntry(
            id=new_id(),
            enterprise_id=ours,
            queue_id=settings.id,
            call_id=new_id(),
            hotline_id=None,
            caller="13812345678",
            node="node1",
            priority=0,
        )
        now = datetime.now(UTC)
        await admin.patch(
            f"{QUEUES}/{queue['id']}", json={"leave_when_empty": False}, headers=WHATEVER
        )
        settings = await store.settings(UUID(queue["id"]))
        assert settings is not None
        await store.enter(entry, settings, now)
        assert await store.call_back(entry.id, "13900000001", now)
        ringing = "update queue_entries set state = 'offered', node = 'node1' returning 1"
        await pool.rows(ringing)
    finally:
        await pool.close()
    listed = body_of(await admin.get(f"{API}/queue-callbacks", params={"waiting": True}))
    [callback] = listed["items"]
    assert (callback["number"], callback["state"]) == ("13900000001", "offered")
    assert (callback["call_id"], callback["tries"]) == (str(entry.call_id), 0)
    assert callback["placed_call_id"] not in (None, str(entry.call_id))
    address = f"{API}/queue-callbacks/{callback['id']}"
    assert (await admin.delete(address)).status_code == 204
    [callback] = body_of(await admin.get(f"{API}/queue-callbacks"))["items"]
    assert (callback["state"], callback["reason"]) == ("left", "cancelled")
    assert (await admin.delete(f"{API}/queue-callbacks/{new_id()}")).status_code == 404


async def test_callbacks_that_no_number_may_be_shown_for(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    operator = await api.log_in(Role.OPERATOR)
    await assign_hotline(operator, ours)
    [agent] = await _agents(admin, "1001")
    queue = body_of(await admin.post(QUEUES, json={"name": "售后", "key_callback": "2"}), 201)
    address = f"{QUEUES}/{queue['id']}"
    assert queue["problems"] == []  # nobody is in it yet
    await admin.put(f"{address}/members", json={"members": [{"agent_id": agent}]})
    [problem] = body_of(await admin.get(address))["problems"]
    assert (problem["code"], problem["field"]) == ("no_number_to_show", "key_callback")
    assert "4006001234" in problem["message"]
    assert "座席1001" in problem["message"]
    off = await admin.patch(address, json={"key_callback": None}, headers=WHATEVER)
    assert body_of(off)["problems"] == []
    on = await admin.patch(address, json={"key_callback": "2"}, headers=WHATEVER)
    assert len(body_of(on)["problems"]) == 1
    number = {"number": "4006001234"}
    shown = body_of(await admin.post(f"{API}/caller-numbers", json=number), 201)
    await approved(operator, ours, shown, "caller-numbers")
    assert body_of(await admin.get(address))["problems"] == []
