"""What the operator does with enterprises."""

from __future__ import annotations

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld

NEW = {
    "name": "蓝天物流",
    "administrator": {"login": "zhao", "name": "赵敏", "password": "lantern-river-42"},
}


async def test_a_new_enterprise_has_an_administrator_who_can_begin(api: ApiWorld) -> None:
    operator = await api.operator()
    made = await operator.post("/api/v1/enterprises", json=NEW)
    assert made.status_code == 201, made.text
    assert made.json()["balance"] == "0.0000"
    admin = await api.log_in_as("zhao", "lantern-river-42")
    assert (await admin.get("/api/v1/enterprise")).json()["name"] == "蓝天物流"
    listed = (await operator.get("/api/v1/enterprises", params={"text": "蓝天"})).json()
    assert len(listed["items"]) == 1


async def test_a_taken_login_leaves_no_half_enterprise(api: ApiWorld) -> None:
    operator = await api.operator()
    await operator.post("/api/v1/enterprises", json=NEW)
    refused = await operator.post("/api/v1/enterprises", json={**NEW, "name": "另一家"})
    assert refused.json()["type"] == "urn:hotline:error:login-taken"
    assert len((await operator.get("/api/v1/enterprises")).json()["items"]) == 1


async def test_a_suspended_enterprise_looks_but_does_not_change(api: ApiWorld) -> None:
    operator, ours = await api.operator(), await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    person = {"login": "li", "name": "李", "role": "agent", "password": "lantern-river-42"}

    await operator.post(f"/api/v1/enterprises/{ours}/suspend")
    assert (await admin.get("/api/v1/users")).status_code == 200
    refused = await admin.post("/api/v1/users", json=person)
    assert refused.json()["type"] == "urn:hotline:error:enterprise-suspended"
    await operator.post(f"/api/v1/enterprises/{ours}/resume")
    assert (await admin.post("/api/v1/users", json=person)).status_code == 201


async def test_money_is_exact_and_audited_for_both_sides(api: ApiWorld) -> None:
    operator, ours = await api.operator(), await api.enterprise()
    path = f"/api/v1/enterprises/{ours}"
    for amount in ("0.1", "0.2", "-0.0001"):
        changed = await operator.post(
            f"{path}/adjust-balance", json={"amount": amount, "note": "转账"}
        )
        assert changed.status_code == 200, changed.text
    assert changed.json()["balance"] == "0.2999"
    await operator.patch(path, json={"credit_limit": "500"})

    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    trail = (await admin.get("/api/v1/audit", params={"object_type": "enterprise"})).json()
    assert trail["items"][0]["changes"] == {"credit_limit": ["0.0000", "500"]}
    assert trail["items"][1]["changes"]["balance"] == ["0.3000", "0.2999"]


async def test_floats_zero_and_too_much_are_refused(api: ApiWorld) -> None:
    operator, ours = await api.operator(), await api.enterprise()
    for amount in (1.5, "0", "0.00001", "99999999999", "NaN", "Infinity", True, None):
        refused = await operator.post(
            f"/api/v1/enterprises/{ours}/adjust-balance", json={"amount": amount, "note": "x"}
        )
        assert refused.status_code == 422, amount
    for _ in range(2):
        answer = await operator.post(
            f"/api/v1/enterprises/{ours}/adjust-balance",
            json={"amount": "9999999999", "note": "x"},
        )
    assert answer.status_code == 422  # the sum has no room


async def test_the_operator_must_name_an_enterprise_that_exists(api: ApiWorld) -> None:
    operator, ours = await api.operator(), await api.enterprise()
    assert (await operator.get("/api/v1/users")).json()["fields"].keys() == {"enterprise_id"}
    named = {"enterprise_id": str(ours)}
    assert (await operator.get("/api/v1/users", params=named)).status_code == 200
    unknown = {"enterprise_id": "0193f0a2-0000-7000-8000-000000000001"}
    assert (await operator.get("/api/v1/users", params=unknown)).status_code == 404
