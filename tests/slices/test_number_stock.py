"""The operator's numbers: registered by the list, assigned, taken back, given up."""

from __future__ import annotations

from typing import Any

import httpx

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, assign_hotline, body_of, error_of

NUMBERS = f"{API}/platform/numbers"


async def register(operator: httpx.AsyncClient, text: str) -> dict[str, Any]:
    headers = {"Content-Type": "text/csv", "Accept-Language": "en"}
    return body_of(await operator.post(f"{NUMBERS}/import", content=text.encode(), headers=headers))


async def numbers(operator: httpx.AsyncClient, **query: str) -> list[str]:
    found = body_of(await operator.get(NUMBERS, params=query))["items"]
    return [one["number"] for one in found]


async def test_each_line_is_accounted_for(api: ApiWorld) -> None:
    operator = await api.operator()
    result = await register(
        operator, "号码,备注\n400-600-1234,联通\n4006001235\n4006001235\n13800000000\n400,a,b\n"
    )
    assert (result["added"], result["known"]) == (2, 1)
    assert [(one["line"], one["text"]) for one in result["errors"]] == [
        (5, "13800000000"),
        (6, "400,a,b"),
    ]
    assert sorted(await numbers(operator)) == ["4006001234", "4006001235"]
    assert await numbers(operator, number="1234") == ["4006001234"]
    [noted] = body_of(
        await operator.get(f"{API}/platform/audit", params={"object_type": "number"})
    )["items"]
    assert noted["action"] == "number.import"


async def test_a_number_goes_to_an_enterprise_and_comes_back(api: ApiWorld) -> None:
    operator, enterprise = await api.operator(), await api.enterprise("云南花卉")
    await register(operator, "4006001234,联通")
    hotline = await assign_hotline(operator, enterprise)
    [assigned] = body_of(await operator.get(NUMBERS, params={"assigned": "true"}))["items"]
    assert (assigned["enterprise_name"], assigned["hotline_id"]) == ("云南花卉", hotline["id"])
    assert assigned["note"] == "联通"
    assert await numbers(operator, assigned="false") == []
    assert error_of(await operator.delete(f"{NUMBERS}/{assigned['id']}"), 409) == "in-use"
    taken = await operator.delete(
        f"{API}/hotlines/{hotline['id']}", params={"enterprise_id": str(enterprise)}
    )
    assert taken.status_code == 204
    assert await numbers(operator, assigned="false") == ["4006001234"]
    assert (await operator.delete(f"{NUMBERS}/{assigned['id']}")).status_code == 204
    assert error_of(await operator.delete(f"{NUMBERS}/{assigned['id']}"), 404) == "not-found"
    assert await numbers(operator) == []


async def test_what_is_assigned_is_in_stock_however_it_came_there(api: ApiWorld) -> None:
    operator, enterprise = await api.operator(), await api.enterprise()
    hotline = await assign_hotline(operator, enterprise, "4006001234")
    changed = await operator.patch(
        f"{API}/hotlines/{hotline['id']}/assignment",
        params={"enterprise_id": str(enterprise)},
        json={"number": "4006001235"},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200
    assert await numbers(operator, assigned="true") == ["4006001235"]
    assert await numbers(operator, assigned="false") == ["4006001234"]


async def test_it_is_for_the_operator_alone(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert error_of(await admin.get(NUMBERS), 403) == "forbidden"
    assert error_of(await admin.post(f"{NUMBERS}/import", content=b"4006001234"), 403) == (
        "forbidden"
    )
