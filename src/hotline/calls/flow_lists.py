"""Caller lists and code lists in the database, and other servers, as flows ask them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import structlog

from hotline.calls.flow_parts import CodeResult, Listed, Question, Tried
from hotline.db.direct import DirectPool
from hotline.flows.checks import host_allowed, host_of
from hotline.outbound.client import OutboundClient, OutboundError

log = structlog.get_logger(__name__)

_LISTED: Final[LiteralString] = """
select note, extension, queue_id from caller_list_entries
where list_id = %s and number = %s and (until is null or until > %s)
"""
_LOCKED: Final[LiteralString] = """
select 1 from code_tries where list_id = %s and caller = %s and locked_until > %s
"""


def code_hash(code: str, salt: bytes) -> bytes:
    """What is kept of a code; some 30 ms of work, so that a copy of the table tells little."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**13, r=8, p=1, dklen=32)


class DatabaseLists:
    """Each method raises DatabaseAway."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool

    async def listed(self, list_id: UUID, number: str, at: datetime) -> Listed | None:
        row = await self._pool.row(_LISTED, (list_id, number, at))
        return None if row is None else Listed(row[0], row[1] or "", row[2])

    async def locked(self, list_id: UUID, number: str, at: datetime) -> bool:
        return await self._pool.row(_LOCKED, (list_id, number, at)) is not None

    async def try_code(self, list_id: UUID, number: str, code: str, at: datetime) -> Tried:
        salt = await self._pool.row("select salt from code_lists where id = %s", (list_id,))
        if salt is None:
            return Tried(CodeResult.WRONG)
        hashed = await asyncio.to_thread(code_hash, code, bytes(salt[0]))
        row = await self._pool.row(
            "select result, label from try_code(%s, %s, %s, %s)", (list_id, number, hashed, at)
        )
        return Tried(CodeResult(row[0]), row[1] or "") if row else Tried(CodeResult.WRONG)


class AllowedWeb:
    """Requests to the hosts that the operator allows."""

    def __init__(self, client: OutboundClient, hosts: Collection[str]) -> None:
        self._client = client
        self._hosts = hosts

    async def ask(self, question: Question) -> bytes | None:
        host = host_of(question.url)
        if not host_allowed(host, self._hosts):
            log.warning("flow_request_refused", host=host)
            return None
        try:
            answer = await self._client.request(
                question.method,
                question.url,
                body=question.body,
                headers=question.headers,
                within=question.within,
            )
        except OutboundError as error:
            log.warning("flow_request_failed", host=host, error=str(error))
            return None
        if not answer.good or answer.cut:
            log.warning("flow_request_failed", host=host, status=answer.status)
            return None
        return answer.body
