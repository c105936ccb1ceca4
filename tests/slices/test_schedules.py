"""Opening hours over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, assign_hotline, body_of, error_of, seen

SCHEDULES = f"{API}/schedules"
OFFICE: dict[str, Any] = {
    "name": "工作时间",
    "weekly": {str(day): [["09:00", "12:00"], ["13:30", "18:00"]] for day in range(1, 6)},
    "special_days": {"2026-10-01": []},
}


async def test_kept_changed_used_removed(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    made = body_of(await admin.post(SCHEDULES, json=OFFICE), 201)
    assert made["time_zone"] == "Asia/Shanghai"
    address = f"{SCHEDULES}/{made['id']}"

    async def is_open(at: str) -> bool:
        return bool(body_of(await admin.get(f"{address}/state", params={"at": at}))["open"])

    assert await is_open("2026-10-02T10:00:00+08:00")
    assert not await is_open("2026-10-01T10:00:00+08:00")
    special = {"2026-10-01": [["10:00", "11:00"]]}
    changed = body_of(
        await admin.patch(address, json={"special_days": special}, headers=seen(made))
    )
    assert changed["weekly"] == OFFICE["weekly"]
    assert await is_open("2026-10-01T02:30:00Z")
    hotline = await assign_hotline(operator, ours)
    await admin.patch(
        f"{API}/hotlines/{hotline['id']}", json={"schedule_id": made["id"]}, headers=seen(hotline)
    )
    in_use = await admin.delete(address)
    assert error_of(in_use, 409) == "in-use"
    assert in_use.json()["used_by"][0]["name"] == "客服热线（4006001234）"
    await admin.patch(
        f"{API}/hotlines/{hotline['id']}", json={"schedule_id": None}, headers=WHATEVER
    )
    assert (await admin.delete(address)).status_code == 204
    assert (await admin.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekly": {"8": []}}, "weekly"),
        ({"weekly": {"1": [["09:00", "25:00"]]}}, "weekly.1"),
        ({"weekly": {"1": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "weekly.1"),
        ({"weekly": {"1": [["09:00", "12:00", "13:00"]]}}, "weekly.1.0"),
        ({"weekly": {"1": "09:00-12:00"}}, "weekly.1"),
        ({"special_days": {"2026-02-30": []}}, "special_days"),
        ({"special_days": {"2026-10-01": [["x", "y"]]}}, "special_days.2026-10-01"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"owner": "x"}, "owner"),
    ],
)
async def test_malformed_hours(api: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    fields = body_of(await admin.post(SCHEDULES, json={**OFFICE, **wrong}), 422)["fields"]
    assert all(path.startswith(field) for path in fields), fields
    made = body_of(await admin.post(SCHEDULES, json=OFFICE), 201)
    address = f"{SCHEDULES}/{made['id']}"
    assert (await admin.patch(address, json=wrong, headers=seen(made))).status_code == 422


async def test_who_may(api: ApiWorld, client: httpx.AsyncClient) -> None:
    ours = await api.enterprise("甲")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    made = body_of(await admin.post(SCHEDULES, json=OFFICE), 201)
    address = f"{SCHEDULES}/{made['id']}"
    agent = await api.log_in(Role.AGENT, ours)
    assert (await agent.get(address)).status_code == 200
    assert (await agent.delete(address)).status_code == 403
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("乙"))
    for method in ("GET", "DELETE"):
        assert (await stranger.request(method, address)).status_code == 404
    changed = await stranger.patch(address, json={"name": "x"}, headers=WHATEVER)
    assert changed.status_code == 404
    assert (await client.get(address)).status_code == 401
    too_many = {f"{2100 + n // 360}-{n // 30 % 12 + 1:02}-{n % 28 + 1:02}": [] for n in range(900)}
    answer = await admin.patch(address, json={"special_days": too_many}, headers=seen(made))
    assert answer.status_code == 422
