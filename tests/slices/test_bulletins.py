"""What is posted for agents to read, and who has read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from hotline.bulletins.rules import Stage, is_read_anew, stage_of
from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, audited, body_of, error_of, seen
from tests.slices.test_agents import working

ALL = f"{API}/bulletins"
OWN = f"{API}/agent/bulletins"
NOON = datetime(2026, 10, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("begins", "ends", "stage"),
    [
        (NOON, None, Stage.SHOWN),
        (NOON + HOUR, None, Stage.PLANNED),
        (NOON - HOUR, NOON + HOUR, Stage.SHOWN),
        (NOON - HOUR, NOON, Stage.OVER),
    ],
)
def test_when_it_is_shown(begins: datetime, ends: datetime | None, stage: Stage) -> None:
    assert stage_of(begins, ends, NOON) is stage


def test_other_words_are_read_anew() -> None:
    assert is_read_anew({"body", "important"})
    assert not is_read_anew({"important", "shows_until"})


async def post(boss: httpx.AsyncClient, title: str, **more: Any) -> dict[str, Any]:
    return body_of(await boss.post(ALL, json={"title": title, **more}), 201)


async def titles(agent: httpx.AsyncClient) -> list[str]:
    answer = await agent.get(OWN)
    assert answer.status_code == 200
    return [one["title"] for one in answer.json()]


async def read(agent: httpx.AsyncClient, bulletin: dict[str, Any]) -> httpx.Response:
    return await agent.put(f"{OWN}/{bulletin['id']}/reading")


async def test_posted_read_and_read_again(api: ApiWorld) -> None:
    ours = await api.enterprise()
    boss = await api.log_in(Role.SUPERVISOR, ours)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, _ = await working(api, ours, admin)
    await working(api, ours, admin, "1002")
    usual = await post(boss, "  值班表 ", body="第一行\n第二行")
    urgent = await post(boss, "停电通知", important=True)
    later = await post(boss, "下午茶")
    assert (usual["title"], usual["author"], usual["stage"]) == ("值班表", "某supervisor", "shown")
    assert (usual["readers"], usual["read"]) == (2, 0)
    assert await titles(fang) == ["停电通知", "下午茶", "值班表"]

    assert (await read(fang, urgent)).status_code == 204
    assert (await read(fang, urgent)).status_code == 204
    assert await titles(fang) == ["下午茶", "停电通知", "值班表"]
    counted = body_of(await boss.get(f"{ALL}/{urgent['id']}"))
    assert (counted["readers"], counted["read"]) == (2, 1)
    readers = (await boss.get(f"{ALL}/{urgent['id']}/readers")).json()
    assert [(one["extension"], one["read_at"] is not None) for one in readers] == [
        ("1002", False),
        ("1001", True),
    ]

    # Without other words it stays read.
    change = {"important": False}
    same = await boss.patch(f"{ALL}/{urgent['id']}", json=change, headers=seen(counted))
    assert body_of(same)["read"] == 1
    stale = await boss.patch(f"{ALL}/{urgent['id']}", json=change, headers=seen(counted))
    assert error_of(stale, 412) == "stale"
    anew = await boss.patch(f"{ALL}/{urgent['id']}", json={"body": "改期"}, headers=WHATEVER)
    assert body_of(anew)["read"] == 0
    (unread,) = [one for one in (await fang.get(OWN)).json() if one["id"] == urgent["id"]]
    assert (unread["body"], unread["read_at"]) == ("改期", None)

    assert (await boss.delete(f"{ALL}/{later['id']}")).status_code == 204
    assert await titles(fang) == ["停电通知", "值班表"]
    assert (await audited(admin))[:3] == ["bulletin.delete", "bulletin.update", "bulletin.update"]


async def test_for_the_members_of_a_queue_and_for_a_time(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, me = await working(api, ours, admin)
    lei, _ = await working(api, ours, admin, "1002")
    queue = body_of(await admin.post(f"{API}/queues", json={"name": "售后"}), 201)
    members = {"members": [{"agent_id": me["id"]}]}
    path = f"{API}/queues/{queue['id']}/members"
    assert (await admin.put(path, json=members, headers=WHATEVER)).is_success
    for_them = await post(admin, "售后注意", queue_id=queue["id"])
    assert for_them["readers"] == 1
    assert await titles(fang) == ["售后注意"]
    assert await titles(lei) == []
    assert error_of(await read(lei, for_them), 404) == "not-found"

    now = datetime.now(UTC)
    past = {"shows_from": (now - 2 * HOUR).isoformat(), "shows_until": (now - HOUR).isoformat()}
    over = await post(admin, "昨天的事", **past)
    planned = await post(admin, "明天的事", shows_from=(now + HOUR).isoformat())
    assert (over["stage"], planned["stage"]) == ("over", "planned")
    assert await titles(lei) == []
    assert error_of(await read(lei, planned), 404) == "not-found"
    for stage, bulletin in (("over", over), ("planned", planned), ("shown", for_them)):
        found = body_of(await admin.get(ALL, params={"stage": stage}))["items"]
        assert [one["id"] for one in found] == [bulletin["id"]]

    # The queue is gone, and with it whom this was for.
    assert (await admin.delete(f"{API}/queues/{queue['id']}")).status_code == 204
    assert (await admin.get(f"{ALL}/{for_them['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "长" * 101}, "title"),
        ({"body": "长" * 4001}, "body"),
        ({"queue_id": str(new_id())}, "queue_id"),
        ({"shows_from": "2026-10-01T08:00:00"}, "shows_from"),
        ({"shows_from": "0001-01-01T00:00:00+14:00"}, "shows_from"),
        (
            {"shows_from": "2026-10-02T00:00:00Z", "shows_until": "2026-10-01T00:00:00Z"},
            "shows_until",
        ),
    ],
)
async def test_what_is_refused_says_where(api: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    boss = await api.log_in(Role.SUPERVISOR, await api.enterprise())
    answer = await boss.post(ALL, json={"title": "公告", **wrong})
    assert any(name.endswith(field) for name in body_of(answer, 422)["fields"]), answer.text


async def test_nobody_elses(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, _ = await working(api, ours, admin)
    bulletin = await post(await api.log_in(Role.SUPERVISOR, theirs), "乙的公告")
    assert await titles(fang) == []
    assert (await read(fang, bulletin)).status_code == 404
    # Who posts but is no agent has nothing to read, and says so.
    assert error_of(await admin.get(OWN), 404) == "no-agent"
    # Agents read, they do not post.
    assert (await fang.post(ALL, json={"title": "我的"})).status_code == 403
    assert (await fang.get(ALL)).status_code == 403


async def own_today(agent: httpx.AsyncClient) -> dict[str, int]:
    tasks = body_of(await agent.get(f"{API}/agent/today"))["tasks"]
    return {one["kind"]: one["count"] for one in tasks}


async def test_what_is_unread_waits_on_the_day_s_page(api: ApiWorld) -> None:
    ours: UUID = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    fang, _ = await working(api, ours, admin)
    first, _ = await post(admin, "一"), await post(admin, "二")
    assert await own_today(fang) == {"unread_bulletins": 2}
    await read(fang, first)
    assert await own_today(fang) == {"unread_bulletins": 1}
