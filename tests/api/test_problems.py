"""How things fail: civil, in two languages, with ids that stay; and what is too large."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from hotline.api.problem import prefers_chinese
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld


@pytest.mark.parametrize(
    ("header", "chinese"),
    [
        ("", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", True),
        ("en-US,en;q=0.9,zh;q=0.8", False),
        ("zh", True),
        ("fr", False),
        ("zh;q=0", False),
        ("zh;q=x, en", False),
        (",;q=,", False),
    ],
)
def test_the_language_is_the_one_asked_for(header: str, chinese: bool) -> None:
    assert prefers_chinese(header) is chinese


async def test_a_problem_speaks_chinese(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/session", headers={"Accept-Language": "zh-CN"})
    assert answer.json()["title"] == "请先登录"
    assert answer.json()["type"] == "urn:hotline:error:unauthenticated"
    assert answer.headers["content-language"] == "zh"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_every_field_that_is_wrong_is_named(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    body = {"login": "x", "role": "king", "password": "lantern-river-42", "surprise": 1}
    answer = await admin.post("/api/v1/users", json=body, headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "login": "至少 2 个字符",
        "name": "必填",
        "role": "应为以下之一：'operator', 'administrator', 'supervisor' or 'agent'",
        "surprise": "不支持的字段",
    }


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"", 422, "invalid"),
        (b'{"login": "a\\u0000b", "password": "x"}', 401, "wrong-login"),
        (b'{"login": "\\ud800", "password": "x"}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
    ],
)
async def test_malformed_bodies_are_refused(
    client: httpx.AsyncClient, body: bytes, status: int, kind: str
) -> None:
    answer = await client.post(
        "/api/v1/session", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {status, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code == status:
        assert answer.json()["type"] == f"urn:hotline:error:{kind}"


async def test_unknown_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/nothing")).json()["type"] == "urn:hotline:error:not-found"
    answer = await client.put("/api/v1/health")
    assert answer.json()["type"] == "urn:hotline:error:method-not-allowed"


async def test_a_body_announced_too_large_is_refused_unread(client: httpx.AsyncClient) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b""
        raise AssertionError("the body was read")

    answer = await client.post(
        "/api/v1/session", content=never(), headers={"Content-Length": "1000001"}
    )
    assert answer.status_code == 413


async def test_a_body_without_a_length_is_cut_off(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1_000:
            sent += 1
            yield b"x" * 100_000

    answer = await client.post("/api/v1/session", content=endless())
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:hotline:error:too-large"
    assert sent < 20


async def test_an_upload_has_its_own_limit(api: ApiWorld) -> None:
    client = await api.client()
    large = {"file": ("x.wav", b"x" * 31_000_000, "audio/wav")}
    assert (await client.post("/api/v1/session", files=large)).status_code == 413


async def test_every_answer_has_an_id_and_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/health", "/api/v1/session", "/nowhere"):
        answer = await client.get(path, headers={"X-Request-ID": "from-the-proxy-1"})
        assert answer.headers["x-request-id"] == "from-the-proxy-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "connect-src 'self' ws://hotline.test wss://hotline.test;" in policy
    odd = await client.get("/api/v1/health", headers={"X-Request-ID": 'a" b'})
    assert odd.headers["x-request-id"] != 'a" b'
    lured = await client.get("/api/v1/health", headers={"Host": "a.test; script-src *"})
    assert "connect-src 'self';" in lured.headers["content-security-policy"]


async def test_health_and_readiness(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/health")).json() == {"status": "ok"}
    assert (await client.get("/api/v1/ready")).json() == {"status": "ok"}


@pytest.mark.parametrize("cursor", ["x", "eA", "MjAyNi0wMS0wMXx4", "é", "A" * 201, "%00"])
async def test_a_cursor_of_ones_own_making_is_refused(api: ApiWorld, cursor: str) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    answer = await admin.get("/api/v1/audit", params={"cursor": cursor})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["cursor"]


async def test_a_page_is_never_larger_than_200(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert (await admin.get("/api/v1/audit", params={"limit": 200})).status_code == 200
    for limit in ("201", "0", "-1", "many"):
        assert (await admin.get("/api/v1/audit", params={"limit": limit})).status_code == 422
