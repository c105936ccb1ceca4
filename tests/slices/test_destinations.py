"""Destinations: only what the operator approved, as it was approved, is ever called."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, audited, body_of, error_of, register, seen


async def test_registered_reviewed_changed_reviewed_again(api: ApiWorld) -> None:
    ours = await api.enterprise("北京某公司")
    whose = {"enterprise_id": str(ours)}
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    new = await register(admin, "+86 138-1234-5678", label="老王", ring_timeout=20)
    assert (new["number"], new["status"]) == ("13812345678", "pending")
    waiting = body_of(await operator.get(f"{API}/platform/destinations"))["items"]
    assert [(item["id"], item["enterprise_name"]) for item in waiting] == [
        (new["id"], "北京某公司")
    ]
    address = f"{API}/destinations/{new['id']}"
    approved = body_of(
        await operator.post(
            f"{address}/review",
            params=whose,
            json={"decision": "approved", "note": "号码证明已核对"},
            headers=seen(new),
        )
    )
    assert approved["status"] == "approved"
    assert body_of(await operator.get(f"{API}/platform/destinations"))["items"] == []
    relabelled = body_of(
        await admin.patch(address, json={"label": "王经理"}, headers=seen(approved))
    )
    assert relabelled["status"] == "approved"
    assert relabelled["review_note"] == "号码证明已核对"
    off = body_of(await admin.patch(address, json={"enabled": False}, headers=seen(relabelled)))
    assert off["status"] == "disabled"
    on = body_of(await admin.patch(address, json={"enabled": True}, headers=seen(off)))
    assert on["status"] == "approved"
    moved = body_of(await admin.patch(address, json={"number": "010-62345678"}, headers=seen(on)))
    assert (moved["number"], moved["status"]) == ("01062345678", "pending")
    assert (moved["reviewed_at"], moved["review_note"]) == (None, "")
    assert await audited(admin) == [
        "destination.update",
        "destination.update",
        "destination.update",
        "destination.update",
        "destination.approved",
        "destination.create",
    ]


async def test_nobody_approves_their_own(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    new = await register(admin, "13812345678")
    address = f"{API}/destinations/{new['id']}"
    own = await admin.post(f"{address}/review", json={"decision": "approved"}, headers=seen(new))
    assert own.status_code == 403
    assert (await admin.get(f"{API}/platform/destinations")).status_code == 403
    for body in ({"status": "approved"}, {"reviewed_at": "2026-01-01T00:00:00Z"}):
        assert (await admin.patch(address, json=body, headers=seen(new))).status_code == 422
    enabled = await admin.patch(address, json={"enabled": True}, headers=seen(new))
    assert body_of(enabled)["status"] == "pending"
    assert (
        await admin.post(
            f"{API}/destinations", json={"number": "13912345678", "status": "approved"}
        )
    ).status_code == 422


async def test_a_number_swapped_before_the_decision_is_not_approved(api: ApiWorld) -> None:
    ours = await api.enterprise()
    operator, admin = await api.operator(), await api.log_in(Role.ADMINISTRATOR, ours)
    looked_at = await register(admin, "13812345678")
    address = f"{API}/destinations/{looked_at['id']}"
    await admin.patch(address, json={"number": "13987654321"}, headers=seen(looked_at))
    late = await operator.post(
        f"{address}/review",
        params={"enterprise_id": str(ours)},
        json={"decision": "approved"},
        headers=seen(looked_at),
    )
    assert error_of(late, 412) == "stale"
    assert body_of(await admin.get(address))["status"] == "pending"


async def test_a_number_is_registered_once_in_an_enterprise(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise("甲"), await api.enterprise("乙")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    await register(admin, "13812345678")
    again = await admin.post(f"{API}/destinations", json={"number": "86 138 1234 5678"})
    assert error_of(again, 409) == "already-there"
    assert "number" in again.json()["fields"]
    await register(await api.log_in(Role.ADMINISTRATOR, theirs), "13812345678")


async def test_what_a_group_has_cannot_be_removed(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    used = await register(admin, "13812345678")
    group = body_of(
        await admin.post(
            f"{API}/forwarding-groups",
            json={"name": "售前组", "strategy": "random", "members": [used["id"]]},
        ),
        201,
    )
    refused = await admin.delete(f"{API}/destinations/{used['id']}")
    assert error_of(refused, 409) == "in-use"
    assert refused.json()["used_by"] == [
        {"kind": "forwarding_group", "id": group["id"], "name": "售前组"}
    ]
    await admin.patch(
        f"{API}/forwarding-groups/{group['id']}", json={"members": []}, headers=seen(group)
    )
    assert (await admin.delete(f"{API}/destinations/{used['id']}")).status_code == 204
    assert (await admin.delete(f"{API}/destinations/{used['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("13812345678", "13812345678"),
        ("０１３８12345678", None),
        ("(010) 6234-5678", "01062345678"),
        ("+86 755 8266 1234", "075582661234"),
        ("0755-82661234", "075582661234"),
        ("110", None),
        ("10086", None),
        ("62345678", None),
        ("4006001234", None),
        ("+85221234567", None),
        ("0012125551234", None),
        ("sip:13812345678@example.com", None),
        ("13812345678,13912345678", None),
        ("13812345678\n13912345678", None),
        ("2381234567", "02381234567"),
        ("12345678901", None),
        ("", None),
        ("1" * 41, None),
    ],
)
async def test_which_numbers_are_accepted(api: ApiWorld, entered: str, kept: str | None) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    admin.headers["Accept-Language"] = "zh"
    answer = await admin.post(f"{API}/destinations", json={"number": entered})
    if kept is None:
        assert list(body_of(answer, 422)["fields"]) == ["number"]
    else:
        assert body_of(answer, 201)["number"] == kept


async def test_caps_have_bounds(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    for wrong in (
        {"ring_timeout": 4},
        {"ring_timeout": 121},
        {"concurrent_cap": 0},
        {"monthly_cap_minutes": 1_000_001},
        {"monthly_cap_minutes": 1.5},
        {"label": "长" * 65},
    ):
        answer = await admin.post(f"{API}/destinations", json={"number": "13812345678", **wrong})
        assert list(body_of(answer, 422)["fields"]) == list(wrong)


async def test_others_see_and_change_nothing(api: ApiWorld, client: httpx.AsyncClient) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("甲"))
    address = f"{API}/destinations/{(await register(admin, '13812345678'))['id']}"
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("乙"))
    assert body_of(await stranger.get(f"{API}/destinations"))["items"] == []
    assert (await stranger.get(address)).status_code == 404
    changed = await stranger.patch(address, json={"label": "x"}, headers=WHATEVER)
    assert changed.status_code == 404
    assert (await stranger.delete(address)).status_code == 404
    assert (await client.get(address)).status_code == 401
    assert (await client.post(f"{API}/destinations", json={})).status_code == 401


async def test_pages_and_status_filter(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = [(await register(admin, f"1381234567{last}"))["id"] for last in range(5)]
    first = body_of(await admin.get(f"{API}/destinations", params={"limit": 3}))
    second = body_of(
        await admin.get(f"{API}/destinations", params={"limit": 3, "cursor": first["next_cursor"]})
    )
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    approved = await admin.get(f"{API}/destinations", params={"status": "approved"})
    assert body_of(approved)["items"] == []
    nonsense = await admin.get(f"{API}/destinations", params={"status": "'; drop"})
    assert nonsense.status_code == 422


async def test_groups_keep_order_and_refuse_strangers(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("甲"))
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("乙"))
    mine = [(await register(admin, f"1381234567{last}"))["id"] for last in range(3)]
    theirs = (await register(stranger, "13912345678"))["id"]
    wanted = {"name": "售后组", "strategy": "sequential", "members": mine}
    group = body_of(await admin.post(f"{API}/forwarding-groups", json=wanted), 201)
    assert [member["destination_id"] for member in group["members"]] == mine
    assert group["members"][0]["status"] == "pending"
    address = f"{API}/forwarding-groups/{group['id']}"
    turned = body_of(await admin.patch(address, json={"members": mine[::-1]}, headers=seen(group)))
    assert [member["destination_id"] for member in turned["members"]] == mine[::-1]
    assert turned["version"] != group["version"]
    lost = await admin.patch(address, json={"strategy": "random"}, headers=seen(group))
    assert error_of(lost, 412) == "stale"
    for members, field in (
        ([mine[0], theirs], "members.1"),
        ([str(uuid4())], "members.0"),
        ([mine[0], mine[0]], "members"),
        ([str(uuid4()) for _ in range(201)], "members"),
    ):
        refused = await admin.patch(address, json={"members": members}, headers=WHATEVER)
        assert list(body_of(refused, 422)["fields"]) == [field]
    assert (await stranger.get(address)).status_code == 404
    assert (await stranger.delete(address)).status_code == 404
    assert [item["id"] for item in body_of(await admin.get(f"{API}/forwarding-groups"))["items"]]
    assert (await admin.delete(address)).status_code == 204
    assert body_of(await admin.get(f"{API}/forwarding-groups"))["items"] == []
