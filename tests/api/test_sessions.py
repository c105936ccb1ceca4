"""Logging in, being logged in, logging out."""

from __future__ import annotations

import httpx
import pytest

from hotline.staff.permissions import Role
from tests.api_world import PASSWORD, ApiWorld


async def test_a_session_from_login_to_logout(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)

    me = (await admin.get("/api/v1/session")).json()
    assert me["role"] == "administrator"
    assert me["enterprise_id"] == str(ours)
    assert "enterprises.manage" not in me["permissions"]

    assert (await admin.delete("/api/v1/session")).status_code == 204
    assert (await admin.get("/api/v1/session")).status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts(api: ApiWorld) -> None:
    _, login = await api.user(Role.OPERATOR)
    client = await api.client()
    answer = await client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


@pytest.mark.parametrize("password", ["wrong password", "x" * 1000])
async def test_wrong_passwords_and_unknown_logins_look_the_same(
    api: ApiWorld, client: httpx.AsyncClient, password: str
) -> None:
    _, login = await api.user(Role.OPERATOR)
    bodies = []
    for name in (login, "nobody-here"):
        answer = await client.post("/api/v1/session", json={"login": name, "password": password})
        assert answer.status_code == 401
        body = answer.json()
        assert body.pop("request_id")
        bodies.append(body)
    assert bodies[0] == bodies[1]
    assert bodies[0]["type"] == "urn:hotline:error:wrong-login"


async def test_a_change_needs_the_csrf_token_and_our_origin(api: ApiWorld) -> None:
    operator = await api.operator()
    token = operator.headers.pop("X-CSRF-Token")
    refused = await operator.delete("/api/v1/session")
    assert refused.json()["type"] == "urn:hotline:error:forged-request"

    operator.headers["X-CSRF-Token"] = token
    for forged in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await operator.delete("/api/v1/session", headers=forged)).status_code == 403
    ours = {"Origin": "http://hotline.test", "Sec-Fetch-Site": "same-origin"}
    assert (await operator.delete("/api/v1/session", headers=ours)).status_code == 204


async def test_logging_in_again_ends_the_session_before(api: ApiWorld) -> None:
    _, login = await api.user(Role.OPERATOR)
    browser = await api.log_in_as(login)
    before = browser.cookies["hotline_session"]
    await browser.post("/api/v1/session", json={"login": login, "password": PASSWORD})
    assert browser.cookies["hotline_session"] != before
    browser.cookies.clear()
    browser.cookies["hotline_session"] = before
    assert (await browser.get("/api/v1/session")).status_code == 401


async def test_guessing_locks_the_login_for_a_while(api: ApiWorld) -> None:
    _, login = await api.user(Role.OPERATOR)
    client = await api.client()
    for _ in range(5):
        wrong = await client.post("/api/v1/session", json={"login": login, "password": "no"})
        assert wrong.status_code == 401
    locked = await client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
    assert locked.status_code == 429
    assert 1 <= int(locked.headers["retry-after"]) <= 16
