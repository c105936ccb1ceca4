"""Call records: found by what people remember of a call, read in full, taken along as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from hotline.kit.ids import new_id
from hotline.records.rules import defused, number_text
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, assign_hotline, body_of, error_of

CALLS = f"{API}/calls"
EXPORT = f"{CALLS}/export"
MORNING = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
"""00:30 of National Day in China."""

_CALL = text(
    "insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city,"
    " caller_carrier, trunk, node, channel_id, started_at, ended_at, outcome, reason, ended_by,"
    " talk_ms) values (:id, :enterprise_id, :hotline_id, '4006001234', :caller, :caller,"
    " :province, :city, '移动', 'unicom-bj', 'node-1', 'channel-9', :started_at, :ended_at,"
    " :outcome, :reason, 'caller', 61500)"
)
_LEG = text(
    "insert into call_legs (id, call_id, enterprise_id, position, target, trunk, result, sip_code,"
    " cause, dialled_at) values (:id, :call_id, :enterprise_id, :position, :target, 'unicom-bj',"
    " :result, 200, 16, now())"
)
_EVENT = text(
    "insert into call_events (id, call_id, enterprise_id, at, type, data) values"
    " (:id, :call_id, :enterprise_id, :at, :type, cast(:data as jsonb))"
)


async def add_call(api: ApiWorld, enterprise: UUID | None, minute: int = 0, **more: Any) -> UUID:
    """A call of ``minute`` minutes past MORNING; its legs as ``legs=[(target, result)]``."""
    call_id = new_id()
    legs = more.pop("legs", [("01062345678", "busy"), ("13912345678", "answered")])
    row = {
        "id": call_id,
        "enterprise_id": enterprise,
        "hotline_id": None,
        "caller": "13812345678",
        "province": "北京",
        "city": "北京",
        "started_at": MORNING + timedelta(minutes=minute),
        "ended_at": MORNING + timedelta(minutes=minute + 1),
        "outcome": "answered",
        "reason": "",
        **more,
    }
    async with api.database.platform() as session:
        await session.execute(_CALL, row)
        for position, (target, result) in enumerate(legs, start=1):
            await session.execute(
                _LEG,
                {
                    "id": new_id(),
                    "call_id": call_id,
                    "enterprise_id": enterprise,
                    "position": position,
                    "target": target,
                    "result": result,
                },
            )
        for second, (kind, data) in enumerate(
            [("arrived", '{"node": "node-1", "caller": "13812345678"}'), ("ended", "{}")]
        ):
            await session.execute(
                _EVENT,
                {
                    "id": new_id(),
                    "call_id": call_id,
                    "enterprise_id": enterprise,
                    "at": row["started_at"] + timedelta(seconds=second),
                    "type": kind,
                    "data": data,
                },
            )
    return call_id


async def found(client: httpx.AsyncClient, **filters: str) -> list[str]:
    return [item["id"] for item in body_of(await client.get(CALLS, params=filters))["items"]]


async def test_found_by_what_is_remembered(api: ApiWorld) -> None:
    ours = await api.enterprise()
    hotline = await assign_hotline(await api.operator(), ours)
    admin = await api.log_in(Role.SUPERVISOR, ours)
    usual = str(await add_call(api, ours, 0))
    refused = str(
        await add_call(
            api,
            ours,
            1,
            caller="075582661234",
            province="广东",
            city="深圳",
            legs=[],
            outcome="refused",
            reason="closed",
        )
    )
    running = str(await add_call(api, ours, 2, outcome=None, ended_at=None, caller=""))
    on_hotline = str(await add_call(api, ours, 3, hotline_id=UUID(hotline["id"]), legs=[]))
    assert await found(admin) == [on_hotline, running, refused, usual]
    assert await found(admin, caller="13812345678") == [on_hotline, usual]
    assert await found(admin, caller="0755*") == [refused]
    assert await found(admin, caller="*1234") == [refused]
    assert await found(admin, destination="01062345678") == [running, usual]
    assert await found(admin, destination="*5678", outcome="answered") == [usual]
    assert await found(admin, province="广东") == [refused]
    assert await found(admin, city="深圳", outcome="answered") == []
    assert await found(admin, outcome="in_progress") == [running]
    assert await found(admin, hotline_id=hotline["id"]) == [on_hotline]
    queue, fang = new_id(), new_id()
    statements = {
        refused: "insert into queue_entries (id, enterprise_id, queue_id, call_id, entered_at)"
        " values (:agent, :ours, :queue, :call, now())",
        usual: "update call_legs set agent_id = :agent, queue_id = :queue"
        " where call_id = :call and position = 1",
        running: "update calls set agent_id = :agent, direction = 'outbound' where id = :call",
    }
    async with api.database.platform() as session:
        for call, statement in statements.items():
            values = {"agent": fang, "ours": ours, "queue": queue, "call": call}
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await session.execute(text(statement), named)
    assert await found(admin, agent_id=str(fang)) == [running, usual]
    assert await found(admin, queue_id=str(queue)) == [refused, usual]
    assert await found(admin, direction="outbound") == [running]
    assert await found(admin, agent_id=str(fang), direction="inbound") == [usual]
    since = (MORNING + timedelta(minutes=1)).isoformat()
    until = (MORNING + timedelta(minutes=3)).isoformat()
    assert await found(admin, since=since, until=until) == [running, refused]


async def test_pages_neither_skip_nor_repeat(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    made = {str(await add_call(api, ours, number // 3, legs=[])) for number in range(8)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = body_of(await admin.get(CALLS, params={"limit": "3", **cursor}))
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
        made.add(str(await add_call(api, ours, 100, legs=[])))
    assert len(seen) == len(set(seen)) == 8


async def test_the_whole_story_without_the_platforms_inside(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    call_id = await add_call(api, ours)
    detail = body_of(await admin.get(f"{CALLS}/{call_id}"))
    assert [(leg["target"], leg["result"]) for leg in detail["legs"]] == [
        ("01062345678", "busy"),
        ("13912345678", "answered"),
    ]
    assert [event["type"] for event in detail["events"]] == ["arrived", "ended"]
    assert detail["events"][0]["data"] == {"caller": "13812345678"}
    for inside in ("node-1", "unicom-bj", "channel-9"):
        assert inside not in str(detail)


async def test_export_opens_in_a_spreadsheet_and_runs_nothing(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    await add_call(api, ours, 0)
    await add_call(api, ours, 1, caller="=1+1", city="@SUM(A1)", province="\tx", legs=[])
    await add_call(api, ours, 2, caller="+12125550100", legs=[], outcome="refused", reason="closed")
    answer = await admin.get(EXPORT)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff开始时间,400号码,主叫号码".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["主叫号码"] for row in rows] == ["'+12125550100", "'=1+1", "13812345678"]
    assert (rows[0]["结果"], rows[0]["原因"]) == ("已拒绝", "非营业时间")
    assert (rows[1]["城市"], rows[1]["省份"]) == ("'@SUM(A1)", "'\tx")
    assert rows[2]["开始时间"] == "2026-10-01 00:30:00"
    assert (rows[2]["接听号码"], rows[2]["尝试号码"]) == ("13912345678", "010-62345678 13912345678")
    assert rows[2]["通话（秒）"] == "61.5"
    audit = body_of(await admin.get(f"{API}/audit"))["items"][0]
    assert (audit["action"], audit["changes"]["count"]) == ("calls.export", [None, 3])


async def test_export_in_many_batches(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
                " channel_id, started_at) select gen_random_uuid(), :ours, '4006001234',"
                " (13800000000 + n)::text, '', '', '', '', cast(:at as timestamptz)"
                " + (n / 7) * interval '1 second' from generate_series(1, 2500) n"
            ),
            {"ours": ours, "at": MORNING},
        )
    content = (await admin.get(EXPORT)).content.decode("utf-8-sig")
    callers = [row["主叫号码"] for row in csv.DictReader(io.StringIO(content))]
    assert len(callers) == len(set(callers)) == 2500


async def test_too_much_for_one_export(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    for minute in range(3):
        await add_call(api, ours, minute, legs=[])
    api.parts.settings = replace(api.parts.settings, export_limit=2)
    answer = await admin.get(EXPORT)
    assert error_of(answer, 422) == "export-too-large"
    assert answer.json()["limit"] == 2


@pytest.mark.parametrize(
    "filters",
    [
        {"caller": "138%"},
        {"caller": "**"},
        {"caller": "'; drop table calls; --"},
        {"caller": "1" * 22},
        {"outcome": "lost"},
        {"since": "yesterday"},
        {"since": "2026-10-01T00:00:00"},
        {"hotline_id": "x"},
        {"agent_id": "x"},
        {"direction": "sideways"},
        {"province": "省" * 21},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "bm9wZQ"},
    ],
)
async def test_malformed_filters(api: ApiWorld, filters: dict[str, str]) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert error_of(await admin.get(CALLS, params=filters), 422) == "invalid"


async def test_who_may(api: ApiWorld, client: httpx.AsyncClient) -> None:
    ours = await api.enterprise("甲")
    call_id = await add_call(api, ours)
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("乙"))
    assert await found(stranger) == []
    assert await found(stranger, destination="13912345678") == []
    assert (await stranger.get(f"{CALLS}/{call_id}")).status_code == 404
    assert (await stranger.get(EXPORT)).text.count("\n") == 1
    agent = await api.log_in(Role.AGENT, ours)
    for path in (CALLS, EXPORT, f"{CALLS}/{call_id}"):
        assert (await agent.get(path)).status_code == 403
        assert (await client.get(path)).status_code == 401
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    for method in ("PUT", "PATCH", "POST", "DELETE"):
        answer = await admin.request(method, f"{CALLS}/{call_id}")
        assert answer.status_code == 405
    operator = await api.operator()
    assert await found(operator, enterprise_id=str(ours)) == [str(call_id)]
    assert (await operator.get(CALLS)).status_code == 422


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "＝1"])
def test_formulas_are_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_harmless_cells_and_numbers_stay() -> None:
    assert defused("13812345678") == "13812345678"
    assert defused("") == ""
    assert number_text("01062345678") == "010-62345678"
    assert number_text("075582661234") == "0755-82661234"
    assert number_text("13812345678") == "13812345678"


async def test_the_operator_sees_calls_of_all_and_of_none(api: ApiWorld) -> None:
    operator = await api.operator()
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    ids = [
        str(await add_call(api, enterprise, minute))
        for minute, enterprise in enumerate((ours, theirs))
    ]
    unknown = [
        str(await add_call(api, None, minute, legs=[], outcome="refused", reason="number_unknown"))
        for minute in (2, 3)
    ]

    async def asked(**filters: str) -> list[str]:
        answer = await operator.get(f"{API}/platform/calls", params=filters)
        return [item["id"] for item in body_of(answer)["items"]]

    assert await asked() == [*reversed(unknown), *reversed(ids)]
    assert await asked(of_no_enterprise="true") == [*reversed(unknown)]
    assert await asked(of_no_enterprise="true", outcome="answered") == []
    assert await asked(destination="139*") == [*reversed(ids)]
    first = body_of(await operator.get(f"{API}/platform/calls", params={"limit": 3}))
    assert await asked(cursor=first["next_cursor"]) == [ids[0]]
    assert [item["enterprise_id"] for item in first["items"]] == [None, None, str(theirs)]
    assert (first["items"][0]["trunk"], first["items"][0]["node"]) == ("unicom-bj", "node-1")
    assert [leg["position"] for leg in first["items"][2]["legs"]] == [1, 2]


async def test_the_list_of_all_is_the_operators_alone(
    api: ApiWorld, client: httpx.AsyncClient
) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert (await admin.get(f"{API}/platform/calls")).status_code == 403
    assert (await client.get(f"{API}/platform/calls")).status_code == 401
