"""Lists of codes over HTTP: codes are never shown, and who is locked out can be let in again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from hotline.calls.flow_lists import DatabaseLists
from hotline.calls.flow_parts import CodeResult
from hotline.db.direct import DirectPool
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, audited, body_of, error_of

LISTS = f"{API}/code-lists"
CALLER = "13812345678"
TIME_OR_ID = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def told(answer: httpx.Response) -> str:
    """What it says besides times and ids, in which any digits may stand."""
    return TIME_OR_ID.sub("", answer.text)


async def test_codes_are_kept_and_never_shown(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = body_of(await admin.post(LISTS, json={"name": "会员"}), 201)
    codes = f"{LISTS}/{made['id']}/codes"
    for code, status in (("2468", 201), ("2468", 409), ("246", 422), ("1234567", 422)):
        answer = await admin.post(codes, json={"code": code, "label": "甲"})
        assert answer.status_code == status, code
    answer = await admin.get(codes)
    assert "2468" not in told(answer)
    [kept] = body_of(answer)["items"]
    assert (kept["label"], kept["until"]) == ("甲", None)
    assert (await admin.delete(f"{codes}/{kept['id']}")).status_code == 204
    assert (await admin.delete(f"{codes}/{kept['id']}")).status_code == 404
    assert "2468" not in told(await admin.get(f"{API}/audit"))


@pytest.mark.parametrize("caller", [CALLER, ""])
async def test_who_is_locked_out_is_let_in_again(api: ApiWorld, caller: str) -> None:
    """Also those who show no number, who are locked out together."""
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    wanted = {"name": "会员", "tries_allowed": 2, "lockout_minutes": 10}
    made = body_of(await admin.post(LISTS, json=wanted), 201)
    address = f"{LISTS}/{made['id']}"
    body_of(await admin.post(f"{address}/codes", json={"code": "2468"}), 201)
    pool = DirectPool(api.database.platform_url)
    lists, now, key = DatabaseLists(pool), datetime.now(UTC), UUID(made["id"])
    try:
        for result in (CodeResult.WRONG, CodeResult.LOCKED):
            assert (await lists.try_code(key, caller, "1111", now)).result is result
        [locked] = (await admin.get(f"{address}/lockouts")).json()
        until = datetime.fromisoformat(locked["locked_until"])
        assert (locked["caller"], until - now) == (caller, timedelta(minutes=10))
        assert await lists.locked(key, caller, now)
        for _ in range(2):
            freed = await admin.post(f"{address}/unlock", json={"caller": caller})
            assert freed.status_code == 204
        assert (await admin.get(f"{address}/lockouts")).json() == []
        assert (await lists.try_code(key, caller, "2468", now)).result is CodeResult.ACCEPTED
    finally:
        await pool.close()
    assert (await audited(admin)).count("code_list.unlock") == 1


async def test_who_may(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin, agent = [await api.log_in(role, ours) for role in (Role.ADMINISTRATOR, Role.AGENT)]
    made = body_of(await admin.post(LISTS, json={"name": "会员"}), 201)
    address = f"{LISTS}/{made['id']}"
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("别家"))
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into code_tries (list_id, caller, enterprise_id, locked_until)"
                " values (:l, '138', :e, now() + interval '1 hour')"
            ),
            {"l": made["id"], "e": ours},
        )
    body = {"caller": "138"}
    for who, status in ((stranger, 404), (agent, 403)):
        assert (await who.get(f"{address}/lockouts")).status_code == status
        assert (await who.post(f"{address}/unlock", json=body)).status_code == status
    assert error_of(await admin.post(f"{address}/unlock", json={"caller": "x"}), 422) == "invalid"
    assert len((await admin.get(f"{address}/lockouts")).json()) == 1


async def test_a_caller_is_led_to_an_extension_that_there_is(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = body_of(await admin.post(f"{API}/caller-lists", json={"name": "贵宾"}), 201)
    entry = {"number": CALLER, "extension": "8001"}
    address = f"{API}/caller-lists/{made['id']}/callers"
    assert list(body_of(await admin.post(address, json=entry), 422)["fields"]) == ["extension"]
    agent = {"extension": "8001", "name": "甲", "device": "sip"}
    body_of(await admin.post(f"{API}/agents", json=agent), 201)
    assert body_of(await admin.post(address, json=entry))["extension"] == "8001"
