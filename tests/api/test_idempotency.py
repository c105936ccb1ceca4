"""A creation that is sent twice under one key is done once."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld

NEW = {"login": "li.na", "name": "李娜", "role": "agent", "password": "lantern-river-42"}
KEY = {"Idempotency-Key": "order-1"}


@pytest.fixture
async def admin(api: ApiWorld) -> httpx.AsyncClient:
    return await api.log_in(Role.ADMINISTRATOR, await api.enterprise())


async def test_the_second_time_gets_the_first_answer(admin: httpx.AsyncClient) -> None:
    first = await admin.post("/api/v1/users", json=NEW, headers=KEY)
    second = await admin.post("/api/v1/users", json=NEW, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["content-type"] == "application/json"


async def test_money_is_moved_once(api: ApiWorld) -> None:
    ours, operator = await api.enterprise(), await api.operator()
    path = f"/api/v1/enterprises/{ours}/adjust-balance"
    body = {"amount": "100", "note": "转账"}
    answers = await asyncio.gather(*(operator.post(path, json=body, headers=KEY) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    after = await operator.get(f"/api/v1/enterprises/{ours}")
    assert after.json()["balance"] == "100.0000"


async def test_another_request_under_the_key_is_refused(admin: httpx.AsyncClient) -> None:
    await admin.post("/api/v1/users", json=NEW, headers=KEY)
    other = await admin.post("/api/v1/users", json={**NEW, "login": "other"}, headers=KEY)
    assert other.json()["type"] == "urn:hotline:error:idempotency-key-reused"


async def test_a_failure_leaves_the_key_free(admin: httpx.AsyncClient) -> None:
    wrong = await admin.post("/api/v1/users", json={**NEW, "role": "king"}, headers=KEY)
    assert wrong.status_code == 422
    assert (await admin.post("/api/v1/users", json=NEW, headers=KEY)).status_code == 201


async def test_keys_of_different_people_do_not_meet(
    api: ApiWorld, admin: httpx.AsyncClient
) -> None:
    await admin.post("/api/v1/users", json=NEW, headers=KEY)
    other = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    answer = await other.post("/api/v1/users", json={**NEW, "login": "wu"}, headers=KEY)
    assert answer.status_code == 201


async def test_a_secret_is_not_kept(admin: httpx.AsyncClient) -> None:
    body = {"name": "CRM", "scopes": ["calls.read"]}
    assert (await admin.post("/api/v1/api-keys", json=body, headers=KEY)).status_code == 201
    again = await admin.post("/api/v1/api-keys", json=body, headers=KEY)
    assert again.json()["type"] == "urn:hotline:error:answered-before"
    assert len((await admin.get("/api/v1/api-keys")).json()["items"]) == 1


async def test_a_kept_answer_needs_the_session_and_its_token(admin: httpx.AsyncClient) -> None:
    await admin.post("/api/v1/users", json=NEW, headers=KEY)
    token = admin.headers.pop("X-CSRF-Token")
    assert (await admin.post("/api/v1/users", json=NEW, headers=KEY)).status_code == 403
    admin.headers["X-CSRF-Token"] = token
    await admin.delete("/api/v1/session")
    assert (await admin.post("/api/v1/users", json=NEW, headers=KEY)).status_code == 401


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
async def test_odd_keys_are_refused(admin: httpx.AsyncClient, key: str) -> None:
    answer = await admin.post("/api/v1/users", json=NEW, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
