"""What tests of several slices do alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

API = "/api/v1"
WHATEVER = {"If-Match": "*"}


def seen(thing: dict[str, Any]) -> dict[str, str]:
    """The header that says which version of ``thing`` is changed."""
    return {"If-Match": f'"{thing["version"]}"'}


def body_of(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The answer's object, when it has that status."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def error_of(answer: httpx.Response, status: int) -> str:
    """The stable id of the answer's error."""
    problem = body_of(answer, status)
    assert answer.headers["content-type"] == "application/problem+json"
    return str(problem["type"]).removeprefix("urn:hotline:error:")


async def assign_hotline(
    operator: httpx.AsyncClient, enterprise: UUID, number: str = "4006001234"
) -> dict[str, Any]:
    """A hotline of ``enterprise``."""
    answer = await operator.post(
        f"{API}/hotlines",
        params={"enterprise_id": str(enterprise)},
        json={"number": number, "name": "客服热线", "concurrent_limit": 10},
    )
    return body_of(answer, 201)


async def register(admin: httpx.AsyncClient, number: str, **more: Any) -> dict[str, Any]:
    """A destination that waits for approval."""
    return body_of(await admin.post(f"{API}/destinations", json={"number": number, **more}), 201)


async def approved(
    operator: httpx.AsyncClient, ours: UUID, thing: dict[str, Any], kind: str
) -> None:
    """The operator agrees to the number that waits for it; ``kind`` is destinations or
    caller-numbers."""
    answer = await operator.post(
        f"{API}/{kind}/{thing['id']}/review",
        params={"enterprise_id": str(ours)},
        json={"decision": "approved"},
        headers=WHATEVER,
    )
    assert body_of(answer)["status"] == "approved"


async def audited(admin: httpx.AsyncClient) -> list[str]:
    """What was changed in the enterprise, newest first; who logged in left out."""
    items = body_of(await admin.get(f"{API}/audit"))["items"]
    return [entry["action"] for entry in items if not entry["action"].startswith("session.")]
