"""Flows over HTTP: drafted, checked, imagined, published, rolled back."""

from __future__ import annotations

from typing import Any

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, assign_hotline, body_of, error_of, seen

FLOWS = f"{API}/flows"
END: dict[str, Any] = {"id": "end", "kind": "hangup"}
MENU: dict[str, Any] = {
    "id": "menu",
    "kind": "menu",
    "sounds": [],
    "keys": ["1"],
    "exits": {"1": "end", "timeout": "end", "wrong": "menu"},
}
GOOD = {"start": "menu", "nodes": [MENU, END]}
UNFINISHED = {"start": "menu", "nodes": [{**MENU, "exits": {"1": "end"}}, END, {"kind": "play"}]}


async def test_from_draft_to_calls_and_back(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    hotline = await assign_hotline(operator, ours)
    made = body_of(await admin.post(FLOWS, json={"name": "菜单", "draft": UNFINISHED}), 201)
    address = f"{FLOWS}/{made['id']}"
    problems = body_of(await admin.get(f"{address}/problems"))["problems"]
    assert {one["code"] for one in problems} == {"malformed"}
    refused = await admin.post(f"{address}/publish", json={}, headers=seen(made))
    assert error_of(refused, 422) == "flow-problems"
    line = f"{API}/hotlines/{hotline['id']}"
    early = await admin.patch(line, json={"flow_id": made["id"]}, headers=WHATEVER)
    assert error_of(early, 422) == "invalid"

    made = body_of(await admin.patch(address, json={"draft": GOOD}, headers=seen(made)))
    assert body_of(await admin.get(f"{address}/problems"))["problems"] == []
    made = body_of(await admin.post(f"{address}/publish", json={"note": "一"}, headers=seen(made)))
    assert made["published_version"] == 1
    body_of(await admin.patch(line, json={"flow_id": made["id"]}, headers=WHATEVER))
    assert error_of(await admin.delete(address), 409) == "in-use"

    again = {"start": "end", "nodes": [END]}
    made = body_of(await admin.patch(address, json={"draft": again}, headers=seen(made)))
    made = body_of(await admin.post(f"{address}/publish", json={}, headers=seen(made)))
    assert made["published_version"] == 2
    made = body_of(
        await admin.post(f"{address}/roll-back", json={"version": 1}, headers=seen(made))
    )
    assert made["published_version"] == 1
    versions = (await admin.get(f"{address}/versions")).json()
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1]["note"] == "一"
    older = (await admin.get(f"{address}/versions", params={"before": 2})).json()
    assert [one["version"] for one in older] == [1]

    walked = body_of(await operator.get(f"{line}/flow", params={"enterprise_id": str(ours)}))
    assert walked["draft"]["start"] == "menu"
    await admin.patch(line, json={"flow_id": None}, headers=WHATEVER)
    assert (await admin.delete(address)).status_code == 204


async def test_a_draft_is_checked_and_walked_before_it_is_saved(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    made = body_of(await admin.post(FLOWS, json={"name": "菜单", "draft": GOOD}), 201)
    address = f"{FLOWS}/{made['id']}"
    nameless = {"start": "end", "nodes": [END, {"id": "m", "kind": "menu", "sounds": []}]}
    problems = body_of(await admin.post(f"{address}/problems", json={"draft": nameless}))
    assert problems["problems"] == [
        {"node": "m", "code": "malformed", "field": "keys", "message": "is required"}
    ]
    in_chinese = await admin.post(
        f"{address}/problems", json={"draft": nameless}, headers={"Accept-Language": "zh"}
    )
    assert body_of(in_chinese)["problems"][0]["message"] == "必填"
    assert body_of(await admin.get(f"{address}/problems"))["problems"] == []
    shorter = {"draft": {"start": "end", "nodes": [END]}}
    walked = body_of(await admin.post(f"{address}/dry-run", json=shorter))
    assert [one["node"] for one in walked["path"]] == ["end"]
    assert body_of(await admin.get(address))["draft"] == GOOD


async def test_kinds_of_nodes_say_their_exits(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    kinds = {one["kind"]: one for one in (await admin.get(f"{API}/flow-node-types")).json()}
    assert kinds["menu"]["exits"] == {"required": ["timeout", "wrong"], "optional": []}
    assert "full" in kinds["queue"]["exits"]["optional"]
    assert "keys" in kinds["menu"]["settings"]["required"]


async def test_an_imagined_call(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    made = body_of(await admin.post(FLOWS, json={"name": "菜单", "draft": GOOD}), 201)
    call = {"caller": "13812345678", "keys": ["7", "", "1"]}
    result = body_of(await admin.post(f"{FLOWS}/{made['id']}/dry-run", json=call))
    assert [(one["node"], one["exit"]) for one in result["path"]] == [("menu", "1"), ("end", "")]
    assert result["ended_by"] == "system"
    left = {"keys": ["hangup"]}
    result = body_of(await admin.post(f"{FLOWS}/{made['id']}/dry-run", json=left))
    assert result["ended_by"] == "caller"
    hotline = await assign_hotline(operator, ours)
    address = f"{API}/hotlines/{hotline['id']}/dry-run"
    assert body_of(await admin.post(address, json={}))["refused"] == "no_funds"


async def test_an_imagined_call_keys_in_codes_and_names(api: ApiWorld) -> None:
    """The keys of a password or a name are not those of the next question."""
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    for extension, name in (("1001", "王芳"), ("1002", "李娜")):
        agent = {"extension": extension, "name": name, "device": "sip"}
        body_of(await admin.post(f"{API}/agents", json=agent), 201)
    codes = body_of(await admin.post(f"{API}/code-lists", json={"name": "会员"}), 201)
    ends = {name: "end" for name in ("wrong", "timeout", "locked")}
    door = {"id": "door", "kind": "password", "code_list": codes["id"], "sounds": [], "tries": 1}
    menu = {**MENU, "keys": ["1", "2"], "extension_digits": 4}
    exits = {"1": "name", "2": "end", "timeout": "end", "wrong": "end", "extension": "dialled"}
    ways = {"unanswered": "end", "unknown": "end"}
    draft = {
        "start": "door",
        "nodes": [
            {**door, "exits": {"accepted": "menu", **ends}},
            {**menu, "exits": exits},
            {"id": "name", "kind": "extension", "by": "name", "tries": 1, "exits": ways},
            {"id": "dialled", "kind": "extension", "exits": ways},
            END,
        ],
    }
    made = body_of(await admin.post(FLOWS, json={"name": "菜单", "draft": draft}), 201)

    async def walked(*keys: str, **answers: str) -> list[tuple[str, str]]:
        call = {"keys": keys, "answers": answers}
        result = body_of(await admin.post(f"{FLOWS}/{made['id']}/dry-run", json=call))
        assert all(step["reason"] for step in result["path"] if step["node"] != "end")
        return [(step["node"], step["exit"]) for step in result["path"]]

    in_, out = ("door", "accepted"), ("end", "")
    assert await walked("2468", "2") == [in_, ("menu", "2"), out]
    assert await walked("24") == [("door", "wrong"), out]
    assert await walked() == [("door", "timeout"), out]
    assert await walked("2", door="accepted") == [in_, ("menu", "2"), out]
    assert await walked("2468", "1", "93") == [in_, ("menu", "1"), ("name", "answered")]
    assert await walked("2468", "1", "77") == [in_, ("menu", "1"), ("name", "unknown"), out]
    dialled = ("menu", "extension")
    assert await walked("2468", "9001") == [in_, dialled, ("dialled", "unknown"), out]


async def test_reasons_name_the_day_and_the_place(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    hours = {
        "id": "hours",
        "kind": "schedule",
        "calendar": "china",
        "periods": [{"exit": "day", "weekly": {}, "special_days": {"2026-10-02": []}}],
        "exits": {"day": "end", "otherwise": "end", "holiday": "end"},
    }
    said = {}
    for at, zone in (
        ("2026-10-01T10:00:00+08:00", "Asia/Shanghai"),
        ("2026-10-02T10:00:00+08:00", "Asia/Shanghai"),
        ("2026-10-01T10:00:00+08:00", "America/New_York"),
        ("2090-10-01T10:00:00+08:00", "Asia/Shanghai"),
    ):
        draft = {"start": "hours", "nodes": [{**hours, "time_zone": zone}, END]}
        made = body_of(await admin.post(FLOWS, json={"name": at + zone, "draft": draft}), 201)
        result = body_of(await admin.post(f"{FLOWS}/{made['id']}/dry-run", json={"at": at}))
        said[at[:10], zone] = (result["path"][0]["exit"], result["path"][0]["reason"])
    assert [exit_ for exit_, _ in said.values()] == [
        "holiday",
        "otherwise",
        "otherwise",
        "otherwise",
    ]
    reasons = [reason for _, reason in said.values()]
    assert "public holiday" in reasons[0]
    assert "hours of its own" in reasons[1]
    assert "2026-09-30 22:00 (America/New_York)" in reasons[2]
    assert "the calendar ends with" in reasons[3]


async def test_what_a_caller_list_leads_to_is_not_removed(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    queue = body_of(await admin.post(f"{API}/queues", json={"name": "售后"}), 201)
    dialled = body_of(
        await admin.post(f"{API}/queues", json={"name": "二线", "extension": "801"}), 201
    )
    agent = {"extension": "1001", "name": "甲", "device": "sip"}
    agent = body_of(await admin.post(f"{API}/agents", json=agent), 201)
    kept = [f"{API}/queues/{queue['id']}", f"{API}/queues/{dialled['id']}"]
    kept.append(f"{API}/agents/{agent['id']}")
    made = body_of(await admin.post(f"{API}/caller-lists", json={"name": "贵宾"}), 201)
    address = f"{API}/caller-lists/{made['id']}/callers"
    ways = ({"queue_id": queue["id"]}, {"extension": "801"}, {"extension": "1001"})
    for place, way in enumerate(ways):
        body_of(await admin.post(address, json={"number": f"1390000000{place}", **way}))
    other = await admin.patch(kept[-1], json={"extension": "1009"}, headers=WHATEVER)
    assert list(body_of(other, 422)["fields"]) == ["extension"]
    for thing in kept:
        refused = body_of(await admin.delete(thing), 409)
        assert refused["type"].endswith("in-use")
        assert refused["used_by"] == [{"kind": "caller_list", "id": made["id"], "name": "贵宾"}]
    first = body_of(await admin.get(kept[0]))
    for vips, status in ((made["id"], 409), (None, 204)):
        body = {"vip_list_id": vips, "vip_priority": 9}
        first = body_of(await admin.patch(kept[0], json=body, headers=seen(first)))
        gone = await admin.delete(f"{API}/caller-lists/{made['id']}")
        assert gone.status_code == status
    for thing in kept:
        assert (await admin.delete(thing)).status_code == 204


async def test_a_flow_may_dial_a_queue(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    await admin.post(f"{API}/queues", json={"name": "售后", "extension": "801"})
    exits = {"unanswered": "end", "unknown": "end"}
    for extension, status in (("801", 200), ("802", 422)):
        dials = {"id": "e", "kind": "extension", "extension": extension, "exits": exits}
        draft = {"start": "e", "nodes": [dials, {"id": "end", "kind": "hangup"}]}
        made = body_of(await admin.post(FLOWS, json={"name": extension, "draft": draft}), 201)
        answer = await admin.post(f"{FLOWS}/{made['id']}/publish", json={}, headers=WHATEVER)
        assert answer.status_code == status, answer.text
    [queue] = body_of(await admin.get(f"{API}/queues"))["items"]
    address = f"{API}/queues/{queue['id']}"
    other = await admin.patch(address, json={"extension": "803"}, headers=WHATEVER)
    assert list(body_of(other, 422)["fields"]) == ["extension"]
    assert error_of(await admin.delete(address), 409) == "in-use"
