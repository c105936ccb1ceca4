"""The day so far, of an enterprise and of the platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hotline.kit.ids import new_id
from hotline.queues.api import midnight_before
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.slices.helpers import API, body_of, error_of

TODAY = f"{API}/today"
PLATFORM = f"{API}/platform/today"
OWN = f"{API}/agent/today"


@pytest.fixture
async def business(api: ApiWorld) -> Business:
    enterprise = await api.enterprise()
    business = Business(api, enterprise)
    await business.found((await api.user(Role.SUPERVISOR, enterprise))[0])
    return business


def ended(at: datetime, outcome: str, *, talked: bool = False) -> dict[str, Any]:
    done = {"ended_at": at, "outcome": outcome}
    return {**done, "connected_at": at, "waiting_ms": 8000, "talk_ms": 60_000} if talked else done


async def test_the_figures_of_a_day(api: ApiWorld, business: Business) -> None:
    midnight = midnight_before(datetime.now(UTC))
    await business.call(midnight - timedelta(seconds=1), **ended(midnight, "abandoned"))
    for caller in ("13800000001", "13800000002"):
        await business.call(midnight, caller=caller, **ended(midnight, "answered", talked=True))
    await business.call(midnight, caller="13800000003", **ended(midnight, "abandoned"))
    await business.call(midnight, caller="13800000004", **ended(midnight, "refused"))
    await business.call(midnight, caller="13800000005")
    admin = await api.log_in(Role.ADMINISTRATOR, business.id)
    today = body_of(await admin.get(TODAY))
    total = today["total"]
    assert (total["calls"], total["answered"], total["abandoned"]) == (5, 2, 1)
    assert (total["unanswered"], total["in_progress"]) == (0, 1)
    assert total["answer_rate"] == pytest.approx(66.7)
    assert (total["average_wait_seconds"], total["average_talk_seconds"]) == (8, 60)
    assert [one["hour"] for one in today["hours"]] == list(range(24))
    assert today["hours"][0] == {"hour": 0, "calls": 5, "answered": 2}
    assert [one["caller"] for one in today["missed"]] == ["13800000003"]


async def test_who_has_talked_to_us_since_is_no_longer_missed(
    api: ApiWorld, business: Business
) -> None:
    now = max(midnight_before(datetime.now(UTC)), datetime.now(UTC) - timedelta(minutes=5))
    for caller in ("13800000001", "13800000001", "13800000002", "13800000003", ""):
        await business.call(now, caller=caller, **ended(now, "unanswered"))
    later = now + timedelta(seconds=1)
    await business.call(later, caller="13800000002", **ended(later, "answered", talked=True))
    await business.call(
        later,
        caller="4006001234",
        dialled="13800000003",
        direction="outbound",
        **ended(later, "answered", talked=True),
    )
    supervisor = await api.log_in(Role.SUPERVISOR, business.id)
    today = body_of(await supervisor.get(TODAY))
    assert [(one["caller"], one["times"]) for one in today["missed"]] == [("13800000001", 2)]
    assert {"kind": "missed_callers", "count": 1} in today["tasks"]
    assert today["total"]["calls"] == 6


async def test_what_waits_for_somebody(api: ApiWorld, business: Business) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, business.id)
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert body_of(await admin.get(TODAY))["tasks"] == []
    flow = {"name": "菜单", "draft": {"start": "end", "nodes": [{"id": "end", "kind": "hangup"}]}}
    made = body_of(await admin.post(f"{API}/flows", json=flow), 201)
    body_of(await admin.post(f"{API}/destinations", json={"number": "02061234567"}), 201)
    await business.insert(
        "prompts", id=new_id(), name="p", kind="text", text="您好", status="failed"
    )
    await business.entry(new_id(), datetime.now(UTC), kind="callback", callback_number="1")
    found = {one["kind"]: one["count"] for one in body_of(await admin.get(TODAY))["tasks"]}
    assert found == {
        "waiting_callbacks": 1,
        "failed_prompts": 1,
        "unpublished_flows": 1,
        "pending_destinations": 1,
    }
    address, whatever = f"{API}/flows/{made['id']}", {"If-Match": "*"}
    body_of(await admin.post(f"{address}/publish", json={}, headers=whatever))
    tasks = body_of(await admin.get(TODAY))["tasks"]
    assert "unpublished_flows" not in {one["kind"] for one in tasks}
    body_of(await admin.patch(address, json={"draft": {"nodes": []}}, headers=whatever))
    tasks = body_of(await admin.get(TODAY))["tasks"]
    assert {"kind": "unpublished_flows", "count": 1} in tasks
    assert body_of(await stranger.get(TODAY))["tasks"] == []


async def test_the_platforms_day(api: ApiWorld, business: Business) -> None:
    now = datetime.now(UTC)
    operator = await api.operator()
    before = body_of(await operator.get(PLATFORM))
    await business.call(now, **ended(now, "answered", talked=True))
    await business.call(now, enterprise_id=None, **ended(now, "refused"))
    await business.insert("destinations", id=new_id(), number="02061234567")
    carrier = new_id()
    await business.sql(
        "insert into carriers (id, name, kind, host) values (:c, 'lost', 'address', '192.0.2.1')",
        c=carrier,
    )
    await business.sql(
        "insert into carrier_health (carrier_id, node, reachable, checked_at)"
        " values (:c, 'n', false, now())",
        c=carrier,
    )
    today = body_of(await operator.get(PLATFORM))
    assert today["total"]["calls"] == before["total"]["calls"] + 2
    assert today["enterprises"] >= 1
    more = {one["kind"]: one["count"] for one in today["tasks"]}
    for one in before["tasks"]:
        more[one["kind"]] -= one["count"]
    assert more["pending_destinations"] == more["unreachable_carriers"] == 1
    assert more["calls_to_no_hotline"] == 1
    ours = next(one for one in today["busiest"] if one["enterprise_id"] == str(business.id))
    assert (ours["calls"], ours["answered"]) == (1, 1)
    theirs = body_of(await operator.get(TODAY, params={"enterprise_id": str(business.id)}))
    assert theirs["total"]["calls"] == 1


async def test_agents_see_neither(api: ApiWorld) -> None:
    enterprise: UUID = await api.enterprise()
    agent = await api.log_in(Role.AGENT, enterprise)
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    assert error_of(await agent.get(TODAY), 403) == "forbidden"
    assert error_of(await admin.get(PLATFORM), 403) == "forbidden"
    for nobody in (agent, admin):
        assert error_of(await nobody.get(OWN), 404) == "no-agent"


async def test_an_agents_own_day(api: ApiWorld, business: Business) -> None:
    user_id, login = await api.user(Role.AGENT, business.id)
    await business.sql(
        "update agents set user_id = :u where id = :a", u=user_id, a=business.agent_id
    )
    midnight = midnight_before(datetime.now(UTC))
    took = {"result": "answered", "ended_at": midnight, "talk_ms": 30_000}
    legs: list[dict[str, Any]] = [
        took,
        {"result": "no_answer"},
        {"result": "cancelled"},  # the caller left, or a colleague was quicker
        {**took, "kind": "consult"},  # asked by a colleague
        {**took, "agent_id": business.own_agent_id, "target": "8001"},
    ]
    calls = [await business.call(midnight) for _ in legs]
    for call, leg in zip(calls, legs, strict=True):
        await business.leg(call, 1, midnight, **leg)
    yesterday = midnight - timedelta(seconds=1)
    await business.leg(await business.call(yesterday), 1, yesterday, **took)
    placed = {"direction": "outbound", "agent_id": business.agent_id}
    await business.leg(await business.call(midnight, **placed), 1, midnight, **took)
    agent = await api.log_in_as(login)
    own = body_of(await agent.get(OWN))
    assert own["total"] == {
        "calls": 3,
        "answered": 1,
        "missed": 1,
        "placed": 1,
        "answer_rate": 50.0,
        "average_talk_seconds": 30.0,
    }
    assert own["hours"][0] == {"hour": 0, "calls": 3, "answered": 1}
    assert own["tasks"] == []

    # Once the enterprise asks how calls came out, the one that was taken waits for an answer.
    disposition = new_id()
    await business.insert("dispositions", id=disposition, code="sold", name="成交")
    box = await business.insert(
        "voicemail_boxes", id=new_id(), name="王芳", agent_id=business.agent_id
    )
    await business.insert(
        "voicemail_messages", id=new_id(), box_id=box, call_id=new_id(), left_at=midnight
    )
    tasks = {one["kind"]: one["count"] for one in body_of(await agent.get(OWN))["tasks"]}
    assert tasks == {"unheard_messages": 1, "calls_without_disposition": 1}
    said = {"disposition_id": str(disposition), "note": ""}
    body_of(await agent.put(f"{API}/calls/{calls[0]}/note", json=said))
    tasks = {one["kind"]: one["count"] for one in body_of(await agent.get(OWN))["tasks"]}
    assert tasks == {"unheard_messages": 1}
