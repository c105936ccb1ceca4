"""Agents: set up by administrators, commanded by supervisors, working by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.conftest import run_as_owner
from tests.slices.helpers import (
    API,
    WHATEVER,
    approved,
    assign_hotline,
    audited,
    body_of,
    error_of,
    register,
    seen,
)


async def sql(api: ApiWorld, statement: str, **values: Any) -> list[dict[str, Any]]:
    async with api.database.platform() as session:
        found = await session.execute(text(statement), values)
        return [dict(row) for row in found.mappings()] if found.returns_rows else []


async def agent(admin: httpx.AsyncClient, extension: str = "1001", **more: Any) -> dict[str, Any]:
    body = {"extension": extension, "name": f"座席{extension}", **more}
    return body_of(await admin.post(f"{API}/agents", json=body), 201)


async def working(
    api: ApiWorld, ours: UUID, admin: httpx.AsyncClient, extension: str = "1001", **more: Any
) -> tuple[httpx.AsyncClient, dict[str, Any]]:
    """A person who is an agent, logged in."""
    user_id, login = await api.user(Role.AGENT, ours)
    made = await agent(admin, extension, user_id=str(user_id), **more)
    return await api.log_in_as(login), made


async def test_an_agent_is_kept_with_skills_and_accounts(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = await agent(admin, skills={"英语": 8, "退款": 5})
    assert made["skills"] == {"英语": 8, "退款": 5}
    assert made["sip_account"].startswith("acct-")
    assert made["browser_account"].startswith("acct-")
    accounts = await sql(api, "select account, webrtc, display_name, enabled from sip_accounts")
    assert {row["account"]: row["webrtc"] for row in accounts} == {
        made["sip_account"]: False,
        made["browser_account"]: True,
    }
    address = f"{API}/agents/{made['id']}"
    changed = await admin.patch(
        address, json={"name": "王芳", "enabled": False, "skills": {"英语": 9}}, headers=seen(made)
    )
    assert body_of(changed)["skills"] == {"英语": 9}
    accounts = await sql(api, "select display_name, enabled from sip_accounts")
    assert accounts == [{"display_name": "王芳", "enabled": False}] * 2
    assert error_of(await admin.patch(address, json={"name": "x"}, headers=seen(made)), 412)
    assert (await admin.delete(address)).status_code == 204
    assert await sql(api, "select 1 from sip_accounts union all select 1 from agent_presence") == []
    assert await audited(admin) == ["agent.delete", "agent.update", "agent.create"]


async def test_an_extension_and_a_person_belong_to_one_agent(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id, _ = await api.user(Role.AGENT, ours)
    stranger, _ = await api.user(Role.AGENT, await api.enterprise("乙"))
    await agent(admin, "1001", user_id=str(user_id))
    for body, status, field in (
        ({"extension": "1001", "name": "x"}, 409, "extension"),
        ({"extension": "1002", "name": "x", "user_id": str(user_id)}, 409, "user_id"),
        ({"extension": "1002", "name": "x", "user_id": str(stranger)}, 422, "user_id"),
        ({"extension": "1002", "name": "x", "device": "phone"}, 422, "destination_id"),
        ({"extension": "110", "name": "x"}, 422, "extension"),
        ({"extension": "1002", "name": "x", "destination_id": str(uuid4())}, 422, "destination_id"),
        ({"extension": "1", "name": "x"}, 422, "extension"),
        ({"extension": "1002", "name": "x", "skills": {"英语": 11}}, 422, "skills.英语"),
    ):
        refused = await admin.post(f"{API}/agents", json=body)
        assert list(body_of(refused, status)["fields"]) == [field], body


async def test_only_approved_numbers_ring_and_are_shown(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    await assign_hotline(operator, ours, "4006001234")
    phone = await register(admin, "13812345678")
    shown = await admin.post(f"{API}/caller-numbers", json={"number": "400-600-1234"})
    number = body_of(shown, 201)
    assert number["status"] == "pending"
    wanted = {"extension": "1001", "name": "x", "device": "phone", "destination_id": phone["id"]}
    refused = await admin.post(f"{API}/agents", json=wanted)
    assert list(body_of(refused, 422)["fields"]) == ["destination_id"]
    await approved(operator, ours, phone, "destinations")
    made = body_of(await admin.post(f"{API}/agents", json=wanted), 201)
    assert made["phone_number"] == "13812345678"
    address = f"{API}/agents/{made['id']}"
    for unapproved in ("4006001234", "02150000000"):
        refused = await admin.patch(address, json={"outbound_number": unapproved}, headers=WHATEVER)
        assert list(body_of(refused, 422)["fields"]) == ["outbound_number"]
    pending = body_of(await operator.get(f"{API}/platform/caller-numbers"))["items"]
    assert [item["number"] for item in pending] == ["4006001234"]
    await approved(operator, ours, number, "caller-numbers")
    own = await admin.patch(address, json={"outbound_number": "4006001234"}, headers=WHATEVER)
    assert body_of(own)["outbound_number"] == "4006001234"
    used = await admin.delete(f"{API}/caller-numbers/{number['id']}")
    assert error_of(used, 409) == "in-use"
    used = await admin.delete(f"{API}/destinations/{phone['id']}")
    assert [use["kind"] for use in used.json()["used_by"]] == ["agent"]


async def test_nobody_approves_their_own_caller_number(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    number = body_of(
        await admin.post(f"{API}/caller-numbers", json={"number": "021-50000000"}), 201
    )
    address = f"{API}/caller-numbers/{number['id']}"
    own = await admin.post(f"{address}/review", json={"decision": "approved"}, headers=WHATEVER)
    assert own.status_code == 403
    still = await admin.patch(address, json={"enabled": True}, headers=WHATEVER)
    assert body_of(still)["status"] == "pending"
    again = await admin.post(f"{API}/caller-numbers", json={"number": "02150000000"})
    assert error_of(again, 409) == "already-there"


async def test_an_agents_day(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    me, made = await working(api, ours, admin)
    own = body_of(await me.get(f"{API}/agent"))
    assert own["agent"]["id"] == made["id"]
    assert own["presence"]["state"] == "offline"
    assert own["devices"] == ["browser", "sip"]
    assert own["break_reasons"] == ["小休", "用餐", "培训", "会议"]
    ready = body_of(await me.post(f"{API}/agent/state", json={"state": "ready"}))
    assert (ready["effective"], ready["presence"]["state"]) == ("now", "ready")
    unknown = await me.post(f"{API}/agent/state", json={"state": "break", "reason": "睡觉"})
    assert list(body_of(unknown, 422)["fields"]) == ["reason"]
    meal = await me.post(f"{API}/agent/state", json={"state": "break", "reason": "用餐"})
    assert body_of(meal)["presence"]["reason"] == "用餐"
    assert (await me.post(f"{API}/agent/state", json={"state": "talking"})).status_code == 422
    switched = await me.post(f"{API}/agent/device", json={"device": "sip"})
    assert body_of(switched)["device"] == "sip"
    no_phone = await me.post(f"{API}/agent/device", json={"device": "phone"})
    assert list(body_of(no_phone, 422)["fields"]) == ["destination_id"]
    more = await me.post(f"{API}/agent/wrap-up", json={"seconds": 30})
    assert error_of(more, 409) == "not-wrapping-up"


async def test_a_wish_during_a_call_waits_for_its_end(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    me, made = await working(api, ours, admin, wrap_up_seconds=20, wrap_up_extension=30)
    await me.post(f"{API}/agent/state", json={"state": "ready"})
    of_call = {"agent": made["id"], "call": new_id()}
    await sql(api, "select claim_agent(:agent, :call, null, 'n', now())", **of_call)
    busy = await admin.delete(f"{API}/agents/{made['id']}")
    assert error_of(busy, 409) == "agent-busy"
    await sql(api, "select agent_answered(:agent, :call, now())", **of_call)
    later = body_of(await me.post(f"{API}/agent/state", json={"state": "break", "reason": "会议"}))
    assert later["effective"] == "after_the_call"
    assert later["presence"]["state"] == "talking"
    assert later["presence"]["next_state"] == "break"
    assert later["presence"]["calls_today"] == 1
    await sql(api, "select free_agent(:agent, :call, true, now())", **of_call)
    before = body_of(await me.get(f"{API}/agent"))["presence"]
    assert before["state"] == "wrap_up"
    longer = body_of(await me.post(f"{API}/agent/wrap-up", json={"seconds": 600}))
    assert longer["wrap_up_until"] > before["wrap_up_until"]
    enough = await me.post(f"{API}/agent/wrap-up", json={"seconds": 1})
    assert error_of(enough, 409) == "not-wrapping-up"
    done = body_of(await me.post(f"{API}/agent/state", json={"state": "ready"}))
    assert done["presence"]["state"] == "ready"


async def test_supervisors_change_states_and_are_noted(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    made = await agent(admin)
    address = f"{API}/agents/{made['id']}/state"
    forced = await supervisor.post(address, json={"state": "break", "reason": "培训"})
    assert body_of(forced)["presence"]["state"] == "break"
    assert body_of(await supervisor.get(address))["reason"] == "培训"
    entries = body_of(await admin.get(f"{API}/audit"))["items"]
    [entry] = [one for one in entries if one["action"] == "agent.state"]
    assert entry["changes"]["state"] == ["offline", "break"]
    everybody = (await supervisor.get(f"{API}/agents/states", params={"state": "break"})).json()
    assert [one["extension"] for one in everybody] == ["1001"]
    assert (await supervisor.post(f"{API}/agents", json={})).status_code == 403
    off = await admin.patch(f"{API}/agents/{made['id']}", json={"enabled": False}, headers=WHATEVER)
    assert not body_of(off)["enabled"]
    assert body_of(await admin.get(address))["state"] == "offline"
    assert (await supervisor.post(address, json={"state": "ready"})).status_code == 404


async def test_colleagues_see_states_but_not_calls(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    me, _ = await working(api, ours, admin)
    other = await agent(admin, "1002")
    await sql(api, "select agent_wished(:id, 'ready', '', now())", id=other["id"])
    await sql(api, "select claim_agent(:id, gen_random_uuid(), null, 'n', now())", id=other["id"])
    seen_by_me = (await me.get(f"{API}/agent/colleagues")).json()
    assert [(one["extension"], one["state"]) for one in seen_by_me] == [
        ("1001", "offline"),
        ("1002", "ringing"),
    ]
    assert all("call_id" not in one for one in seen_by_me)
    assert (await me.get(f"{API}/agents/states")).status_code == 403
    nobody = await api.log_in(Role.AGENT, ours)
    assert error_of(await nobody.get(f"{API}/agent"), 404) == "no-agent"


async def test_secrets_are_shown_once_and_old_registrations_dropped(
    api: ApiWorld, database_url: URL
) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    me, made = await working(api, ours, admin)
    run_as_owner(
        database_url,
        "insert into ps_contacts (id, endpoint) select account || '@x', account from sip_accounts",
    )
    first = body_of(await admin.post(f"{API}/agents/{made['id']}/sip-secret"))
    assert first["account"] == made["sip_account"]
    left = await sql(api, "select endpoint from ps_contacts")
    assert [row["endpoint"] for row in left] == [made["browser_account"]]
    mine = body_of(await me.post(f"{API}/agent/phone"))
    assert mine["account"] == made["browser_account"]
    assert await sql(api, "select endpoint from ps_contacts") == []
    again = body_of(await me.post(f"{API}/agent/phone"))
    assert again["secret"] != mine["secret"]
    stored = await sql(api, "select secret from sip_accounts where webrtc")
    assert stored == [{"secret": again["secret"]}]
    shown = (await admin.get(f"{API}/agents/{made['id']}")).text
    assert first["secret"] not in shown
    assert (await admin.get(f"{API}/audit")).text.count(first["secret"]) == 0


async def test_times_by_day_add_up(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    made = await agent(admin)
    # Ready from 23:00 to 01:30 in China, then a break for half an hour, then offline.
    states = [
        ("ready", "", "2026-03-01T15:00:00Z", "2026-03-01T17:30:00Z"),
        ("break", "用餐", "2026-03-01T17:30:00Z", "2026-03-01T18:00:00Z"),
    ]
    for state, reason, began, ended in states:
        await sql(
            api,
            "insert into agent_states (agent_id, enterprise_id, state, reason, began_at, ended_at)"
            " values (:agent, :ours, :state, :reason, cast(:began as timestamptz),"
            " cast(:ended as timestamptz))",
            agent=made["id"],
            ours=ours,
            state=state,
            reason=reason,
            began=began,
            ended=ended,
        )
    await sql(api, "update agent_presence set since = '2026-03-01T18:00:00Z'")
    asked = {"from": "2026-03-01", "to": "2026-03-02"}
    for address in (f"{API}/agents/times", f"{API}/agents/{made['id']}/times"):
        items = body_of(await admin.get(address, params=asked))["items"]
        assert [(i["day"], i["state"], i["reason"], i["seconds"]) for i in items] == [
            ("2026-03-01", "ready", "", 3600),
            ("2026-03-02", "break", "用餐", 1800),
            ("2026-03-02", "offline", "", 22 * 3600),
            ("2026-03-02", "ready", "", 5400),
        ]
    for wrong in ({"from": "2026-03-02", "to": "2026-03-01"}, {"from": "2025-01-01"}):
        refused = await admin.get(f"{API}/agents/times", params=wrong)
        assert list(body_of(refused, 422)["fields"]) == ["to"]


async def test_break_reasons_are_the_enterprises_own(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    items = body_of(await admin.get(f"{API}/break-reasons"))["items"]
    assert {item["name"] for item in items} == {"小休", "用餐", "培训", "会议"}
    new = body_of(await admin.post(f"{API}/break-reasons", json={"name": "外出"}), 201)
    twice = await admin.post(f"{API}/break-reasons", json={"name": "外出"})
    assert error_of(twice, 409) == "already-there"
    address = f"{API}/break-reasons/{new['id']}"
    renamed = await admin.patch(address, json={"name": "外勤"}, headers=seen(new))
    assert body_of(renamed)["name"] == "外勤"
    assert (await admin.delete(address)).status_code == 204


@pytest.mark.parametrize("all_or_nothing", [False, True])
async def test_a_list_of_agents_is_accounted_for_line_by_line(
    api: ApiWorld, all_or_nothing: bool
) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    await agent(admin, "1000")
    await api.user(Role.AGENT, ours, login="wang")
    await api.user(Role.AGENT, await api.enterprise("乙"), login="stranger")
    await approved(operator, ours, await register(admin, "13812345678"), "destinations")
    listed = (
        "分机,姓名,登录名,接听号码,技能\n"
        "1001,王芳,wang,138 1234 5678,英语:8;退款:5\n"
        "1002,李雷\n"
        "\n"
        "1000,重复\n"
        "1002,又一次\n"
        "1,太短\n"
        "1003,谁,stranger\n"
        "1004,再来,wang\n"
        "1005,手机,,13900000000\n"
        "1006,技能,,,英语\n"
    ).encode("gb18030")
    answer = await admin.post(
        f"{API}/agents/import",
        params={"all_or_nothing": all_or_nothing},
        content=listed,
        headers={"Content-Type": "text/csv", "Accept-Language": "zh"},
    )
    result = body_of(answer)
    assert [error["line"] for error in result["errors"]] == [5, 6, 7, 8, 9, 10, 11]
    assert result["errors"][0]["message"] == "该分机号已被使用"
    assert result["added"] == (0 if all_or_nothing else 2)
    if not all_or_nothing:
        items = body_of(await admin.get(f"{API}/agents", params={"text": "100"}))["items"]
        by_extension = {item["extension"]: item for item in items}
        assert by_extension["1001"]["device"] == "phone"
        assert by_extension["1001"]["skills"] == {"英语": 8, "退款": 5}
        assert by_extension["1002"]["device"] == "sip"


async def test_counts_of_yesterday_are_not_todays(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = await agent(admin)
    yesterday = api.parts.clock.now().date() - timedelta(days=2)
    await sql(
        api,
        "update agent_presence set calls_today = 9, talk_ms_today = 60000, day = :day",
        day=yesterday,
    )
    state = body_of(await admin.get(f"{API}/agents/{made['id']}/state"))
    assert (state["calls_today"], state["talk_seconds_today"]) == (0, 0)


async def test_who_may_no_longer_log_in_takes_no_more_calls(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    me, made = await working(api, ours, admin)
    given = body_of(await me.post(f"{API}/agent/phone"))
    await me.post(f"{API}/agent/state", json={"state": "ready"})
    user = f"{API}/users/{made['user_id']}"
    assert body_of(await admin.patch(user, json={"status": "disabled"}))["status"] == "disabled"
    assert body_of(await admin.get(f"{API}/agents/{made['id']}/state"))["state"] == "offline"
    stored = await sql(api, "select secret from sip_accounts where webrtc")
    assert stored != [{"secret": given["secret"]}]
