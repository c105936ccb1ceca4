"""Carriers: the operator's alone, and nothing in them that could reach into the switch's files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, body_of, error_of, seen

CARRIERS = f"{API}/carriers"
BY_ADDRESS = {"name": "unicom-bj", "title": "联通北京", "host": "203.0.113.10"}
BY_REGISTRATION = {
    "area_code": "021",
    "from_user": "4006001234",
    "name": "telecom-sh",
    "kind": "registration",
    "host": "sip.example.com",
    "username": "4006001234",
    "secret": "Zx9!kk#1",
}


async def test_connected_watched_changed_disconnected(api: ApiWorld) -> None:
    operator = await api.operator()
    first = body_of(await operator.post(CARRIERS, json=BY_ADDRESS), 201)
    second = body_of(await operator.post(CARRIERS, json=BY_REGISTRATION), 201)
    assert (first["position"], second["position"]) == (0, 1)
    assert second["has_secret"]
    assert (first["area_code"], second["area_code"]) == (None, "021")
    assert "Zx9" not in str(second)
    async with api.database.platform() as session:
        await session.execute(
            text("insert into carrier_health values (:id, 'node-1', true, now())"),
            {"id": UUID(first["id"])},
        )
    changed = body_of(
        await operator.patch(
            f"{CARRIERS}/{first['id']}",
            json={"position": 5, "match_addresses": ["203.0.113.0/24", "2001:db8::1"]},
            headers=seen(first),
        )
    )
    assert changed["health"][0]["reachable"] is True
    listed = body_of(await operator.get(CARRIERS))["items"]
    assert [item["name"] for item in listed] == ["telecom-sh", "unicom-bj"]
    assert "secret" not in listed[0]
    lost = await operator.patch(
        f"{CARRIERS}/{first['id']}", json={"enabled": False}, headers=seen(first)
    )
    assert error_of(lost, 412) == "stale"
    await operator.patch(
        f"{CARRIERS}/{second['id']}", json={"secret": "another1"}, headers=seen(second)
    )
    audit = (await operator.get(f"{API}/platform/audit")).text
    assert "carrier.update" in audit
    assert "another1" not in audit
    assert "Zx9" not in audit
    assert (await operator.delete(f"{CARRIERS}/{first['id']}")).status_code == 204
    assert (await operator.get(f"{CARRIERS}/{first['id']}")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Unicom"},
        {"area_code": "21"},
        {"area_code": "0001"},
        {"name": "a"},
        {"name": "x]\n[evil"},
        {"name": "-dash"},
        {"host": "203.0.113.10;transport=tcp"},
        {"host": "host\nexec=1"},
        {"host": "256.1.1.1"},
        {"host": "bad_host"},
        {"host": "a..b"},
        {"host": "fe80::1%eth0"},
        {"host": "例子.公司"},
        {"port": 0},
        {"port": 65536},
        {"transport": "sctp"},
        {"transport": "tls"},
        {"kind": "registration"},
        {"kind": "registration", "username": "x"},
        {"username": "a b", "secret": "x"},
        {"username": "u", "secret": "a;b"},
        {"username": "u", "secret": 'a"b'},
        {"username": "u", "secret": "a\nb"},
        {"match_addresses": ["0.0.0.0/0"]},
        {"match_addresses": ["::/0"]},
        {"match_addresses": ["203.0.113.1/24"]},
        {"match_addresses": ["any\nallow=all"]},
        {"match_addresses": ["203.0.113.1"] * 51},
        {"position": -1},
        {"from_user": "a@b"},
        {"secret": ""},
        {"id": "x"},
    ],
)
async def test_nothing_but_narrow_forms(api: ApiWorld, wrong: dict[str, Any]) -> None:
    operator = await api.operator()
    answer = await operator.post(CARRIERS, json={**BY_ADDRESS, **wrong})
    assert error_of(answer, 422) == "invalid"
    if "name" not in wrong and "id" not in wrong:
        made = body_of(await operator.post(CARRIERS, json=BY_ADDRESS), 201)
        changed = await operator.patch(f"{CARRIERS}/{made['id']}", json=wrong, headers=seen(made))
        assert error_of(changed, 422) == "invalid"


async def test_names_are_unique_and_stay(api: ApiWorld) -> None:
    operator = await api.operator()
    made = body_of(await operator.post(CARRIERS, json=BY_ADDRESS), 201)
    assert error_of(await operator.post(CARRIERS, json=BY_ADDRESS), 409) == "already-there"
    renamed = await operator.patch(
        f"{CARRIERS}/{made['id']}", json={"name": "other"}, headers=seen(made)
    )
    assert renamed.status_code == 422


async def test_a_carrier_and_a_sip_account_share_no_name(api: ApiWorld) -> None:
    operator = await api.operator()
    enterprise_id = await api.enterprise()

    async def add_account(name: str) -> None:
        async with api.database.tenant(enterprise_id) as session:
            await session.execute(
                text(
                    "insert into sip_accounts (id, enterprise_id, account, secret)"
                    " values (gen_random_uuid(), :enterprise, :name, 'x')"
                ),
                {"enterprise": enterprise_id, "name": name},
            )

    await add_account(BY_ADDRESS["name"])
    refused = await operator.post(CARRIERS, json=BY_ADDRESS)
    assert error_of(refused, 409) == "already-there"
    assert "SIP" in refused.json()["fields"]["name"]
    made = body_of(await operator.post(CARRIERS, json=BY_REGISTRATION), 201)
    with pytest.raises(IntegrityError, match="sip_endpoint_names_once"):
        await add_account(made["name"])
    assert (await operator.delete(f"{CARRIERS}/{made['id']}")).status_code == 204
    await add_account(made["name"])


async def test_the_operators_alone(api: ApiWorld, client: httpx.AsyncClient) -> None:
    made = body_of(await (await api.operator()).post(CARRIERS, json=BY_ADDRESS), 201)
    address = f"{CARRIERS}/{made['id']}"
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    for asking, status in ((admin, 403), (client, 401)):
        assert (await asking.get(CARRIERS)).status_code == status
        assert (await asking.get(address)).status_code == status
        assert (await asking.post(CARRIERS, json=BY_ADDRESS)).status_code == status
        changed = await asking.patch(address, json={"port": 5070}, headers=WHATEVER)
        assert changed.status_code == status
        assert (await asking.delete(address)).status_code == status
