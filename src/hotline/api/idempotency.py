"""Creations that may be sent twice: ``Idempotency-Key`` makes the second one harmless.

The first request with a key is answered as always and its answer is kept for a day; the same
request again gets the kept answer. Another request under the same key is refused. Answers that
hold a secret are not kept: the second request then learns only that the first one was answered.
A key whose request never got an answer (the node died) is free again after two minutes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text, update
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.api.credentials import authenticate, check_not_forged
from hotline.api.idempotency_table import idempotency_keys
from hotline.api.parts import ApiParts
from hotline.api.problem import problem_response
from hotline.db.database import Database
from hotline.kit.errors import ConflictError, HotlineError, InvalidError, Words

HEADER: Final = "Idempotency-Key"
KEPT_FOR: Final = timedelta(days=1)
_GIVE_UP_AFTER: Final = timedelta(minutes=2)
_LARGEST_KEPT: Final = 64_000
_KEPT_HEADERS: Final = ("content-type", "etag", "location")

_TAKE = text("""
    insert into idempotency_keys (principal_id, key, request_hash, created_at)
    values (:principal_id, :key, :request_hash, :now)
    on conflict (principal_id, key) do update
      set request_hash = excluded.request_hash, created_at = excluded.created_at,
          finished_at = null, status = null, headers = null, body = null
      where idempotency_keys.created_at < :kept_since
         or (idempotency_keys.finished_at is null and idempotency_keys.created_at < :given_up)
    returning key
""")


class IdempotencyKeyReusedError(ConflictError):
    error_id = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"
    title_zh = "该 Idempotency-Key 已用于另一个请求"


class StillAnsweringError(ConflictError):
    error_id = "still-answering"
    title = "The first request with this Idempotency-Key is still being answered"
    title_zh = "使用该 Idempotency-Key 的首个请求仍在处理中"


class AnsweredBeforeError(ConflictError):
    error_id = "answered-before"
    title = "This was done already; its answer held a secret and was not kept"
    title_zh = "该请求已经处理；其结果含有机密，未予保留"


@dataclass(slots=True)
class _Answer:
    """What the application sends, as it passes by."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def see(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            sent = Headers(raw=message["headers"])
            self.headers = {name: sent[name] for name in _KEPT_HEADERS if name in sent}
        elif len(self.body) <= _LARGEST_KEPT:
            self.body += message.get("body", b"")


class IdempotencyKeys:
    """The table of requests seen; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self, principal_id: UUID, key: str, request_hash: bytes, now: datetime
    ) -> Any | None:
        """None if the key is new (it is now taken), else the row of its first request."""
        async with self._database.platform() as session:
            taken = await session.execute(
                _TAKE,
                {
                    "principal_id": principal_id,
                    "key": key,
                    "request_hash": request_hash,
                    "now": now,
                    "kept_since": now - KEPT_FOR,
                    "given_up": now - _GIVE_UP_AFTER,
                },
            )
            if taken.one_or_none() is not None:
                return None
            row = await session.execute(
                select(idempotency_keys).where(
                    idempotency_keys.c.principal_id == principal_id, idempotency_keys.c.key == key
                )
            )
            return row.one_or_none()

    async def keep(
        self, principal_id: UUID, key: str, answer: _Answer, now: datetime, *, secret: bool
    ) -> None:
        whole = len(answer.body) <= _LARGEST_KEPT and not secret
        async with self._database.platform() as session:
            await session.execute(
                update(idempotency_keys)
                .where(
                    idempotency_keys.c.principal_id == principal_id, idempotency_keys.c.key == key
                )
                .values(
                    finished_at=now,
                    status=answer.status,
                    headers=answer.headers,
                    body=bytes(answer.body) if whole else None,
                )
            )

    async def release(self, principal_id: UUID, key: str) -> None:
        """The request came to nothing on our side: the next try is the first."""
        async with self._database.platform() as session:
            await session.execute(
                delete(idempotency_keys).where(
                    idempotency_keys.c.principal_id == principal_id, idempotency_keys.c.key == key
                )
            )

    async def forget_old(self, now: datetime) -> None:
        """For the daily cleaning."""
        async with self._database.platform() as session:
            await session.execute(
                delete(idempotency_keys).where(idempotency_keys.c.created_at < now - KEPT_FOR)
            )


class Idempotency:
    """The middleware. Inside the limit on bodies, because it reads them."""

    def __init__(self, app: ASGIApp, *, parts: ApiParts) -> None:
        self._app = app
        self._clock = parts.clock
        self._keys = IdempotencyKeys(parts.database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if key is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            principal = await authenticate(request)
            if principal is None:  # logging in, or nobody: nothing to repeat
                await self._app(scope, receive, send)
                return
            check_not_forged(request, principal)
            if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
                raise InvalidError(
                    fields={HEADER: Words("takes 1 to 200 characters", "应为 1 到 200 个字符")}
                )
            body = await request.body()
            first = await self._keys.take(principal.id, key, _hash(scope, body), self._clock.now())
            if first is not None:
                await _again(first, _hash(scope, body))(scope, receive, send)
                return
        except HotlineError as error:
            await problem_response(request, error)(scope, receive, send)
            return
        await self._answer_first(principal.id, key, scope, _replay(body, receive), send)

    async def _answer_first(
        self, principal_id: UUID, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer, done = _Answer(), False

        async def see_and_send(message: Message) -> None:
            answer.see(message)
            await send(message)

        try:
            await self._app(scope, receive, see_and_send)
            done = 200 <= answer.status < 300
        finally:
            if done:
                secret = bool(scope.get("state", {}).get("response_is_secret"))
                await self._keys.keep(principal_id, key, answer, self._clock.now(), secret=secret)
            else:  # nothing was made: the key is free for a request that is right
                await self._keys.release(principal_id, key)


def _again(first: Any, request_hash: bytes) -> Response:
    """The answer to a request that came before. Raises the errors above."""
    if bytes(first.request_hash) != request_hash:
        raise IdempotencyKeyReusedError
    if first.finished_at is None:
        raise StillAnsweringError
    if first.body is None:
        raise AnsweredBeforeError
    return Response(
        bytes(first.body), first.status, {**first.headers, "Idempotency-Replayed": "true"}
    )


def _hash(scope: Scope, body: bytes) -> bytes:
    asked = scope["path"].encode() + b"\0" + scope.get("query_string", b"") + b"\0"
    return hashlib.sha256(asked + body).digest()


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read to the application, then what really follows."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
