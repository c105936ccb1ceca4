"""What agents see of their own calls, and of the queues they may send callers to."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, body_of
from tests.slices.test_agents import working

CALL = text(
    "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node, channel_id,"
    " started_at, direction, agent_id) values (:call, :ours, '4006001234', '13812345678', '', 't',"
    " 'n', 'c', :at, :direction, :placed_by)"
)
LEG = text(
    "insert into call_legs (id, call_id, enterprise_id, position, target, dialled_at, agent_id,"
    " kind, result, talk_ms) values (:id, :call, :ours, :place, 'acct-1', :at, :agent, :kind,"
    " :result, :talk)"
)


async def take_call(
    api: ApiWorld, ours: UUID, *legs: tuple[str | None, str, str | None], placed_by: object = None
) -> str:
    """Its legs are (agent, kind, result); each talked for a second."""
    call, at = new_id(), datetime.now(UTC)
    async with api.database.platform() as session:
        direction = "outbound" if placed_by else "inbound"
        values = {"call": call, "ours": ours, "at": at}
        await session.execute(CALL, {**values, "direction": direction, "placed_by": placed_by})
        for place, (agent, kind, result) in enumerate(legs, 1):
            leg = {"id": new_id(), "place": place, "agent": agent, "kind": kind, "result": result}
            await session.execute(LEG, {**values, **leg, "talk": 1000})
    return str(call)


async def happens(
    api: ApiWorld, ours: UUID, call: str, event: str, leg: int, **data: object
) -> None:
    """An event of a call."""
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into call_events (call_id, id, enterprise_id, at, type, data)"
                " values (:call, :id, :ours, :at, :type, cast(:data as jsonb))"
            ),
            {
                "call": call,
                "id": new_id(),
                "ours": ours,
                "at": datetime.now(UTC),
                "type": event,
                "data": orjson.dumps({"leg": leg, **data}).decode(),
            },
        )


async def test_own_calls_of_a_day_with_own_notes(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, me = await working(api, ours, admin)
    lei, other = await working(api, ours, admin, "1002")
    both = await take_call(
        api, ours, (me["id"], "agent", "answered"), (other["id"], "consult", "answered")
    )
    twice = await take_call(
        api, ours, (me["id"], "agent", "no_answer"), (me["id"], "agent", "answered")
    )
    placed = await take_call(api, ours, placed_by=me["id"])
    await take_call(api, ours, (other["id"], "agent", "answered"))
    said = {"note": "要求回电"}
    body_of(await fang.put(f"{API}/calls/{both}/note", json=said))

    mine = body_of(await fang.get(f"{API}/agent/calls", params={"limit": 2}))
    rest = body_of(
        await fang.get(
            f"{API}/agent/calls", params={"limit": 2, "cursor": str(mine["next_cursor"])}
        )
    )
    found = {call["id"]: call for call in mine["items"] + rest["items"]}
    assert set(found) == {both, twice, placed}
    assert (found[both]["note"], found[both]["number"]) == ("要求回电", "13812345678")
    assert (found[twice]["result"], found[twice]["talk_ms"]) == ("answered", 2000)
    assert (found[placed]["number"], found[placed]["direction"]) == ("4006001234", "outbound")

    theirs = body_of(await lei.get(f"{API}/agent/calls"))["items"]
    assert {call["note"] for call in theirs} == {""}
    assert body_of(await fang.get(f"{API}/agent/calls", params={"day": "2020-01-01"})) == {
        "items": [],
        "next_cursor": None,
    }
    nobody = await api.log_in(Role.SUPERVISOR, ours)
    assert (await nobody.get(f"{API}/agent/calls")).status_code == 404


async def test_the_own_call_names_who_else_is_in_it(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, me = await working(api, ours, admin)
    _, other = await working(api, ours, admin, "1002")
    assert (await fang.get(f"{API}/agent/call")).json() is None
    call = await take_call(api, ours)
    await happens(api, ours, call, "dialling", 1, kind="agent", target="1", agent_id=me["id"])
    await happens(api, ours, call, "dialling", 2, kind="outside", target="02061234567")
    await happens(api, ours, call, "dialling", 3, kind="consult", target="2", agent_id=other["id"])
    await happens(api, ours, call, "leg_ended", 2)
    async with api.database.platform() as session:
        await session.execute(
            text("update agent_presence set state = 'talking', call_id = :c where agent_id = :a"),
            {"c": call, "a": me["id"]},
        )
    shown = body_of(await fang.get(f"{API}/agent/call"))
    assert (shown["direction"], shown["number"]) == ("inbound", "13812345678")
    (line,) = shown["lines"]
    assert (line["kind"], line["extension"], line["answered_at"]) == ("consult", "1002", None)
    await happens(api, ours, call, "consulting", 3)
    (line,) = body_of(await fang.get(f"{API}/agent/call"))["lines"]
    assert line["answered_at"] is not None


async def test_queues_and_how_busy_they_are(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, me = await working(api, ours, admin)
    queue = body_of(await admin.post(f"{API}/queues", json={"name": "售后"}), 201)
    body_of(await admin.post(f"{API}/queues", json={"name": "售前"}), 201)
    members = {"members": [{"agent_id": me["id"]}]}
    body_of(await admin.put(f"{API}/queues/{queue['id']}/members", json=members))
    body_of(await fang.post(f"{API}/agent/state", json={"state": "ready"}))
    own, other = (await fang.get(f"{API}/agent/queues")).json()
    assert (own["name"], own["mine"], own["ready"], own["signed_on"]) == ("售后", True, 1, 1)
    assert (other["name"], other["mine"], other["waiting"]) == ("售前", False, 0)


async def test_who_signs_in_learns_which_agent_they_are(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, me = await working(api, ours, admin)
    assert body_of(await fang.get(f"{API}/session"))["agent_id"] == me["id"]
    assert body_of(await admin.get(f"{API}/session"))["agent_id"] is None
