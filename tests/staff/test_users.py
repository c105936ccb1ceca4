"""Who may make, change and disable whom."""

from __future__ import annotations

import pytest

from hotline.staff.permissions import ROLE_PERMISSIONS, Role
from tests.api_world import PASSWORD, ApiWorld

NEW = {"login": "Li.Na", "name": "李娜", "role": "agent", "password": "lantern-river-42"}


async def test_an_administrator_brings_people_in(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = await admin.post("/api/v1/users", json=NEW)
    assert made.status_code == 201, made.text
    assert made.json()["login"] == "li.na"
    assert "password" not in made.text

    await api.log_in_as("LI.NA", NEW["password"])
    again = await admin.post("/api/v1/users", json=NEW)
    assert again.json()["type"] == "urn:hotline:error:login-taken"
    listed = (await admin.get("/api/v1/users", params={"role": "agent"})).json()["items"]
    assert [user["name"] for user in listed] == ["李娜"]
    found = (await admin.get("/api/v1/users", params={"text": "100%"})).json()["items"]
    assert found == []


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "xxli.naxx-12"])
async def test_weak_passwords_are_refused(api: ApiWorld, password: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    refused = await admin.post("/api/v1/users", json={**NEW, "password": password})
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["password"]


async def test_nobody_makes_an_operator_inside_an_enterprise(api: ApiWorld) -> None:
    ours = await api.enterprise()
    for client, extra in (
        (await api.log_in(Role.ADMINISTRATOR, ours), {}),
        (await api.operator(), {"enterprise_id": str(ours)}),
    ):
        refused = await client.post("/api/v1/users", params=extra, json={**NEW, "role": "operator"})
        assert refused.status_code == 422


async def test_a_key_cannot_make_someone_more_powerful_than_itself(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    scopes = ["users.manage", *sorted(ROLE_PERMISSIONS[Role.AGENT])]
    made = await admin.post("/api/v1/api-keys", json={"name": "HR", "scopes": scopes})
    program = await api.client(Authorization=f"Bearer {made.json()['key']}")
    assert (await program.post("/api/v1/users", json=NEW)).status_code == 201
    for role in ("administrator", "supervisor"):
        refused = await program.post(
            "/api/v1/users", json={**NEW, "login": f"a-{role}", "role": role}
        )
        assert refused.json()["type"] == "urn:hotline:error:too-powerful"
    boss, _ = await api.user(Role.SUPERVISOR, ours)
    refused = await program.patch(f"/api/v1/users/{boss}", json={"password": "lantern-river-43"})
    assert refused.json()["type"] == "urn:hotline:error:too-powerful"


@pytest.mark.parametrize("change", [{"role": "agent"}, {"status": "disabled"}])
async def test_the_last_administrator_stays(api: ApiWorld, change: dict[str, str]) -> None:
    ours = await api.enterprise()
    user_id, login = await api.user(Role.ADMINISTRATOR, ours)
    admin = await api.log_in_as(login)
    await api.user(Role.ADMINISTRATOR, await api.enterprise())  # another enterprise's: no help
    refused = await admin.patch(f"/api/v1/users/{user_id}", json=change)
    assert refused.json()["type"] == "urn:hotline:error:last-administrator"

    await api.user(Role.ADMINISTRATOR, ours)
    assert (await admin.patch(f"/api/v1/users/{user_id}", json=change)).status_code == 200


async def test_the_last_operator_stays(api: ApiWorld) -> None:
    user_id, login = await api.user(Role.OPERATOR)
    operator = await api.log_in_as(login)
    path = f"/api/v1/operators/{user_id}"
    assert (await operator.patch(path, json={"status": "disabled"})).status_code == 409
    made = await operator.post(
        "/api/v1/operators", json={"login": "ops2", "name": "二号", "password": "lantern-river-42"}
    )
    assert made.status_code == 201
    assert (await operator.patch(path, json={"status": "disabled"})).status_code == 200
    assert (await operator.get("/api/v1/session")).status_code == 401


async def test_disabling_and_a_new_password_end_sessions_at_once(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id, login = await api.user(Role.SUPERVISOR, ours)
    supervisor = await api.log_in_as(login)
    path = f"/api/v1/users/{user_id}"

    await admin.patch(path, json={"password": "lantern-river-42"})
    assert (await supervisor.get("/api/v1/session")).status_code == 401
    supervisor = await api.log_in_as(login, "lantern-river-42")
    await admin.patch(path, json={"status": "disabled"})
    assert (await supervisor.get("/api/v1/session")).status_code == 401
    refused = await supervisor.post(
        "/api/v1/session", json={"login": login, "password": "lantern-river-42"}
    )
    assert refused.json()["type"] == "urn:hotline:error:wrong-login"


async def test_a_new_role_holds_from_the_next_request(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id, login = await api.user(Role.SUPERVISOR, ours)
    person = await api.log_in_as(login)
    assert (await person.get("/api/v1/users")).status_code == 200
    await admin.patch(f"/api/v1/users/{user_id}", json={"role": "agent"})
    assert (await person.get("/api/v1/users")).status_code == 403


async def test_changing_my_password_ends_my_other_sessions(api: ApiWorld) -> None:
    _, login = await api.user(Role.OPERATOR)
    here, elsewhere = await api.log_in_as(login), await api.log_in_as(login)
    path = "/api/v1/session/password"
    wrong = await here.put(
        path, json={"current_password": "not it", "new_password": "lantern-river-42"}
    )
    assert list(wrong.json()["fields"]) == ["current_password"]
    changed = await here.put(
        path, json={"current_password": PASSWORD, "new_password": "lantern-river-42"}
    )
    assert changed.status_code == 204
    assert (await here.get("/api/v1/session")).status_code == 200
    assert (await elsewhere.get("/api/v1/session")).status_code == 401
    await api.log_in_as(login, "lantern-river-42")


async def test_every_change_is_in_the_audit_trail(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise(), await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id = (await admin.post("/api/v1/users", json=NEW)).json()["id"]
    await admin.patch(f"/api/v1/users/{user_id}", json={"role": "supervisor", "name": "李娜"})
    await admin.patch(f"/api/v1/users/{user_id}", json={"password": "lantern-river-43"})

    trail = (await admin.get("/api/v1/audit", params={"object_id": user_id})).json()["items"]
    assert [entry["changes"] for entry in trail[:2]] == [
        {"password": [None, "***"]},
        {"role": ["agent", "supervisor"]},
    ]
    assert trail[0]["address"] == "127.0.0.1"
    assert trail[0]["actor_kind"] == "user"
    assert "lantern" not in str(trail)

    others = await api.log_in(Role.ADMINISTRATOR, theirs)
    assert user_id not in (await others.get("/api/v1/audit")).text
    operator = await api.operator()
    seen = await operator.get("/api/v1/platform/audit", params={"object_id": user_id})
    assert len(seen.json()["items"]) == 3


async def test_the_audit_trail_pages_without_gap_or_double(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    for number in range(6):
        await admin.post("/api/v1/users", json={**NEW, "login": f"user-{number}"})
    whole = (await admin.get("/api/v1/audit")).json()
    assert whole["next_cursor"] is None
    paged, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get("/api/v1/audit", params=params)).json()
        paged += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == whole["items"]
    assert len(paged) == 7
