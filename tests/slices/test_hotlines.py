"""Hotlines: who assigns them, who sets them up, whose things they may use."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, assign_hotline, audited, body_of, seen

HOTLINES = "/api/v1/hotlines"


async def prompt(api: ApiWorld, enterprise: UUID) -> str:
    prompt_id = new_id()
    async with api.database.tenant(enterprise) as session:
        await session.execute(
            text(
                "insert into prompts (id, enterprise_id, name, kind, text)"
                " values (:id, :enterprise, '欢迎语', 'text', '您好')"
            ),
            {"id": prompt_id, "enterprise": enterprise},
        )
    return str(prompt_id)


async def test_from_assignment_to_settings(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    hotline = await assign_hotline(operator, ours, "400-600-1234")
    assert hotline["number"] == "4006001234"
    group = (
        await admin.post("/api/v1/forwarding-groups", json={"name": "前台", "strategy": "priority"})
    ).json()
    settings = {
        "group_id": group["id"],
        "greeting_prompt_id": await prompt(api, ours),
        "recording": True,
        "whisper": True,
        "caller_id_mode": "hotline",
    }
    answer = await admin.patch(f"{HOTLINES}/{hotline['id']}", json=settings, headers=seen(hotline))
    assert answer.status_code == 200, answer.text
    shown = (await admin.get(f"{HOTLINES}/{hotline['id']}")).json()
    assert {key: shown[key] for key in settings} == settings
    assert shown["concurrent_limit"] == 10
    listed = (await admin.get(HOTLINES)).json()
    assert [item["id"] for item in listed["items"]] == [hotline["id"]]
    in_use = await admin.delete(f"/api/v1/forwarding-groups/{group['id']}")
    assert in_use.status_code == 409
    assert in_use.json()["type"] == "urn:hotline:error:in-use"
    assert in_use.json()["used_by"][0]["id"] == hotline["id"]


async def test_a_plain_menu_is_kept_checked_and_imagined(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    async with api.database.platform() as session:
        await session.execute(text("update enterprises set balance = 100"))
    hotline = await assign_hotline(operator, ours)
    address = f"{HOTLINES}/{hotline['id']}"
    group = {"name": "售前", "strategy": "priority"}
    things = {
        "group": body_of(await admin.post(f"{API}/forwarding-groups", json=group), 201),
        "queue": body_of(await admin.post(f"{API}/queues", json={"name": "售后"}), 201),
        "voicemail": body_of(
            await admin.post(f"{API}/voicemail/boxes", json={"name": "留言"}), 201
        ),
    }
    keys = [
        {"key": key, "to": to, "id": things[to]["id"], "label": to}
        for key, to in zip("12*", things, strict=True)
    ]
    words = await prompt(api, ours)
    menu = {"prompt_id": words, "keys": keys, "tries": 3, "timeout": 8}
    for wrong, field in (
        ({**menu, "keys": []}, "menu.keys"),
        ({**menu, "keys": [keys[0], keys[0]]}, "menu"),
        ({**menu, "keys": [{**keys[0], "to": "queue"}]}, "menu.keys.0.id"),
        ({**menu, "keys": [{**keys[0], "key": "12"}]}, "menu.keys.0.key"),
        ({**menu, "prompt_id": str(new_id())}, "menu.prompt_id"),
    ):
        refused = await admin.patch(address, json={"menu": wrong}, headers={"If-Match": "*"})
        assert list(body_of(refused, 422)["fields"]) == [field]
    kept = body_of(await admin.patch(address, json={"menu": menu}, headers=seen(hotline)))
    assert kept["menu"] == menu
    for place, to in (
        ("forwarding-groups", "group"),
        ("queues", "queue"),
        ("voicemail/boxes", "voicemail"),
    ):
        refused = body_of(await admin.delete(f"{API}/{place}/{things[to]['id']}"), 409)
        assert [one["id"] for one in refused["used_by"]] == [hotline["id"]]
    for key, path in (
        ("1", ["menu", "key-1"]),
        ("*", ["menu", "key-star"]),
        ("", ["menu", "group"]),
    ):
        call = {"caller": "13812345678", "keys": [key]}
        walked = body_of(await admin.post(f"{address}/dry-run", json=call))
        assert [step["node"] for step in walked["path"]] == path
    drawn = body_of(await admin.get(f"{address}/flow"))["draft"]["nodes"]
    assert [node["kind"] for node in drawn][:4] == ["menu", "group", "queue", "voicemail"]
    off = await admin.patch(address, json={"menu": None}, headers={"If-Match": "*"})
    assert body_of(off)["menu"] is None
    assert (await admin.delete(f"{API}/queues/{things['queue']['id']}")).status_code == 204


async def test_only_the_operator_assigns(api: ApiWorld) -> None:
    ours = await api.enterprise()
    hotline = await assign_hotline(await api.operator(), ours)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    address = f"{HOTLINES}/{hotline['id']}"
    for answer in (
        await admin.post(HOTLINES, json={"number": "4006001235", "name": "偷来的"}),
        await admin.patch(
            f"{address}/assignment", json={"concurrent_limit": 9999}, headers=seen(hotline)
        ),
        await admin.delete(address),
    ):
        assert answer.status_code == 403
    smuggled = await admin.patch(address, json={"number": "4006009999"}, headers=seen(hotline))
    assert smuggled.status_code == 422


async def test_a_number_is_assigned_once(api: ApiWorld) -> None:
    operator = await api.operator()
    first, second = await api.enterprise(), await api.enterprise("另一家")
    await assign_hotline(operator, first)
    again = await operator.post(
        HOTLINES,
        params={"enterprise_id": str(second)},
        json={"number": "400 600 1234", "name": "重复"},
    )
    assert again.status_code == 409
    assert again.json()["type"] == "urn:hotline:error:already-there"
    assert "number" in again.json()["fields"]


async def test_the_operator_changes_lines_and_takes_the_number_away(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    hotline = await assign_hotline(operator, ours)
    whose = {"enterprise_id": str(ours)}
    changed = await operator.patch(
        f"{HOTLINES}/{hotline['id']}/assignment",
        params=whose,
        json={"concurrent_limit": None, "status": "suspended"},
        headers=seen(hotline),
    )
    assert changed.json()["concurrent_limit"] is None
    assert changed.json()["status"] == "suspended"
    gone = await operator.delete(f"{HOTLINES}/{hotline['id']}", params=whose)
    assert gone.status_code == 204
    assert (await admin.get(f"{HOTLINES}/{hotline['id']}")).status_code == 404
    audit = (await admin.get("/api/v1/audit")).json()
    assert await audited(admin) == ["hotline.withdraw", "hotline.reassign", "hotline.assign"]
    assert audit["items"][1]["changes"]["concurrent_limit"] == [10, None]


async def test_two_administrators_do_not_overwrite_each_other(api: ApiWorld) -> None:
    ours = await api.enterprise()
    hotline = await assign_hotline(await api.operator(), ours)
    first = await api.log_in(Role.ADMINISTRATOR, ours)
    second = await api.log_in(Role.ADMINISTRATOR, ours)
    address = f"{HOTLINES}/{hotline['id']}"
    etag = (await second.get(address)).headers["ETag"]
    won = await first.patch(address, json={"name": "甲"}, headers={"If-Match": etag})
    assert won.status_code == 200
    assert won.headers["ETag"] != etag
    lost = await second.patch(address, json={"name": "乙"}, headers={"If-Match": etag})
    assert lost.status_code == 412
    assert lost.json()["type"] == "urn:hotline:error:stale"
    assert (await first.get(address)).json()["name"] == "甲"
    blind = await second.patch(address, json={"name": "乙"})
    assert blind.status_code == 428
    nonsense = await second.patch(address, json={"name": "乙"}, headers={"If-Match": "W/abc"})
    assert nonsense.status_code == 422
    forced = await second.patch(address, json={"name": "乙"}, headers={"If-Match": "*"})
    assert forced.status_code == 200


async def test_others_things_cannot_be_used(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    hotline = await assign_hotline(await api.operator(), ours)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    their_admin = await api.log_in(Role.ADMINISTRATOR, theirs)
    group = await their_admin.post(
        "/api/v1/forwarding-groups", json={"name": "他们的", "strategy": "random"}
    )
    schedule = await their_admin.post("/api/v1/schedules", json={"name": "他们的", "weekly": {}})
    foreign = {
        "group_id": group.json()["id"],
        "schedule_id": schedule.json()["id"],
        "greeting_prompt_id": await prompt(api, theirs),
        "recording_notice_prompt_id": str(uuid4()),
    }
    for field, value in foreign.items():
        answer = await admin.patch(
            f"{HOTLINES}/{hotline['id']}", json={field: value}, headers=seen(hotline)
        )
        assert answer.status_code == 422, field
        assert list(answer.json()["fields"]) == [field]
    assert (await their_admin.get(f"{HOTLINES}/{hotline['id']}")).status_code == 404
    stolen = await their_admin.patch(
        f"{HOTLINES}/{hotline['id']}", json={"name": "x"}, headers={"If-Match": "*"}
    )
    assert stolen.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"number": "13812345678", "name": "手机"},
        {"number": "400600123", "name": "短"},
        {"number": "4006001234'; --", "name": "注入"},
        {"number": "4006001234", "name": "  "},
        {"number": "4006001234", "name": "名" * 101},
        {"number": "4006001234", "name": "x", "concurrent_limit": 0},
        {"number": "4006001234", "name": "x", "status": "open"},
        {"number": "4006001234", "name": "x", "enterprise_id": str(uuid4())},
        {"name": "没有号码"},
        [],
    ],
)
async def test_malformed_assignments_are_refused(api: ApiWorld, body: object) -> None:
    operator = await api.operator()
    ours = await api.enterprise()
    answer = await operator.post(HOTLINES, params={"enterprise_id": str(ours)}, json=body)
    assert answer.status_code == 422
    assert answer.json()["fields"]


async def test_strangers_and_agents_see_nothing(api: ApiWorld, client: httpx.AsyncClient) -> None:
    assert (await client.get(HOTLINES)).status_code == 401
    agent = await api.log_in(Role.AGENT, await api.enterprise())
    assert (await agent.get(HOTLINES)).status_code == 403
    supervisor = await api.log_in(Role.SUPERVISOR, await api.enterprise())
    assert (await supervisor.get(HOTLINES)).status_code == 200
    answer = await supervisor.patch(
        f"{HOTLINES}/{uuid4()}", json={"name": "x"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 403


async def test_the_operator_sees_the_numbers_of_all(api: ApiWorld) -> None:
    one, other = await api.enterprise("甲公司"), await api.enterprise("乙公司")
    operator = await api.operator()
    for enterprise, number in ((one, "4006001001"), (other, "4006001002")):
        body_of(
            await operator.post(
                f"{API}/hotlines",
                params={"enterprise_id": str(enterprise)},
                json={"number": number, "name": "客服"},
            ),
            201,
        )
    all_of_them = f"{API}/platform/hotlines"
    listed = body_of(await operator.get(all_of_them))["items"]
    assert [(item["number"], item["enterprise_name"]) for item in listed] == [
        ("4006001002", "乙公司"),
        ("4006001001", "甲公司"),
    ]
    for narrowed in ({"number": "1001"}, {"enterprise": str(one), "status": "active"}):
        found = body_of(await operator.get(all_of_them, params=narrowed))["items"]
        assert [item["number"] for item in found] == ["4006001001"]
    assert body_of(await operator.get(all_of_them, params={"status": "closed"}))["items"] == []
    admin = await api.log_in(Role.ADMINISTRATOR, one)
    assert (await admin.get(all_of_them)).status_code == 403
