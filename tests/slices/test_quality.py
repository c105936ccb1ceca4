"""Score sheets and reviews over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, body_of, error_of, seen

SHEETS, REVIEWS = f"{API}/quality/sheets", f"{API}/quality/reviews"
SHEET: dict[str, Any] = {
    "name": "服务质检",
    "criteria": [
        {"key": "greeting", "name": "开头语", "weight": 1, "points": 5},
        {"key": "solution", "name": "解决", "weight": 3, "points": 10},
    ],
}


async def call_of_agent(api: ApiWorld, enterprise: UUID, user: UUID) -> tuple[str, str]:
    """(call, agent): the agent of that user talked in it."""
    call, agent = new_id(), new_id()
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into agents (id, enterprise_id, user_id, extension, name)"
                " values (:a, :e, :u, '1001', '张三')"
            ),
            {"a": agent, "e": enterprise, "u": user},
        )
        await session.execute(
            text(
                "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
                " channel_id, started_at) values (:c, :e, '400', '138', '', 't', 'n', 'c', now())"
            ),
            {"c": call, "e": enterprise},
        )
        await session.execute(
            text(
                "insert into call_legs (id, call_id, enterprise_id, position, target, dialled_at,"
                " agent_id, result) values (:c, :c, :e, 1, '1001', now(), :a, 'answered')"
            ),
            {"c": call, "e": enterprise, "a": agent},
        )
    return str(call), str(agent)


async def test_judged_seen_by_the_agent_and_exported(api: ApiWorld) -> None:
    ours = await api.enterprise()
    user, login = await api.user(Role.AGENT, ours)
    call, agent = await call_of_agent(api, ours, user)
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    sheet = body_of(await supervisor.post(SHEETS, json=SHEET), 201)
    judged = {
        "sheet_id": sheet["id"],
        "call_id": call,
        "points": {"greeting": 4, "solution": 7},
        "comment": "尚可",
    }
    review = body_of(await supervisor.post(REVIEWS, json=judged), 201)
    assert (review["total"], review["agent_id"], review["agent_name"]) == (72.5, agent, "张三")
    address = f"{REVIEWS}/{review['id']}"

    # A sheet that changes leaves what was judged alone.
    lighter = {"criteria": SHEET["criteria"][:1]}
    body_of(await supervisor.patch(f"{SHEETS}/{sheet['id']}", json=lighter, headers=seen(sheet)))
    better = {"points": {"greeting": 5, "solution": 10}}
    changed = body_of(await supervisor.patch(address, json=better, headers=seen(review)))
    assert (changed["total"], changed["comment"]) == (100.0, "尚可")
    assert error_of(await supervisor.delete(f"{SHEETS}/{sheet['id']}"), 409) == "sheet-used"

    own = await api.log_in_as(login)
    assert [item["id"] for item in body_of(await own.get(REVIEWS))["items"]] == [review["id"]]
    assert (await own.patch(address, json=better, headers=WHATEVER)).status_code == 403
    colleague = await api.log_in(Role.AGENT, ours)
    assert body_of(await colleague.get(REVIEWS))["items"] == []
    assert (await colleague.get(address)).status_code == 404

    exported = (await supervisor.get(f"{REVIEWS}/export", params={"agent_id": agent})).text
    assert "张三,1001,服务质检,100.00," in exported
    assert "解决：10/10" in exported
    assert (await supervisor.delete(address)).status_code == 204
    assert (await supervisor.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"points": {"greeting": 6, "solution": 1}}, "points"),
        ({"points": {"greeting": 5}}, "points"),
        ({"call_id": str(UUID(int=1))}, "call_id"),
        ({"recording_id": str(UUID(int=1))}, "recording_id"),
        ({"agent_id": str(UUID(int=1))}, "agent_id"),
        ({"sheet_id": str(UUID(int=1))}, "sheet_id"),
    ],
)
async def test_what_does_not_fit(api: ApiWorld, wrong: dict[str, Any], field: str) -> None:
    ours = await api.enterprise()
    call, _ = await call_of_agent(api, ours, (await api.user(Role.AGENT, ours))[0])
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    sheet = body_of(await supervisor.post(SHEETS, json=SHEET), 201)
    judged = {
        "sheet_id": sheet["id"],
        "call_id": call,
        "points": {"greeting": 1, "solution": 1},
        **wrong,
    }
    answer = body_of(await supervisor.post(REVIEWS, json=judged), 422)
    assert list(answer["fields"]) == [field]


async def test_a_sheet_out_of_use_judges_nobody(api: ApiWorld) -> None:
    ours = await api.enterprise()
    call, _ = await call_of_agent(api, ours, (await api.user(Role.AGENT, ours))[0])
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    sheet = body_of(await supervisor.post(SHEETS, json={**SHEET, "in_use": False}), 201)
    judged = {"sheet_id": sheet["id"], "call_id": call, "points": {}}
    assert (await supervisor.post(REVIEWS, json=judged)).status_code == 422
    twice = {**SHEET, "criteria": SHEET["criteria"][:1] * 2}
    assert (await supervisor.post(SHEETS, json=twice)).status_code == 422
