"""Find out who is asking: one query by session token or by API key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.database import Database
from hotline.db.rows import AnyRow, AnySelect
from hotline.enterprises.models import enterprises
from hotline.kit.clock import Clock
from hotline.staff.models import api_keys, sessions, users
from hotline.staff.permissions import ROLE_PERMISSIONS, Role, scopes_for
from hotline.staff.principal import Principal
from hotline.staff.tokens import hash_of, new_token, split_api_key

_NOTE_USE_EVERY = timedelta(minutes=1)

_SESSION: Final[AnySelect] = (
    select(
        sessions.c.token_hash,
        sessions.c.csrf_token,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
        users.c.id,
        users.c.name,
        users.c.role,
        users.c.enterprise_id,
        enterprises.c.status.label("enterprise_status"),
    )
    .join(users, users.c.id == sessions.c.user_id)
    .outerjoin(enterprises, enterprises.c.id == users.c.enterprise_id)
    .where(users.c.status == "active")
)

_API_KEY: Final[AnySelect] = select(
    api_keys.c.id,
    api_keys.c.name,
    api_keys.c.enterprise_id,
    api_keys.c.secret_hash,
    api_keys.c.scopes,
    api_keys.c.expires_at,
    api_keys.c.last_used_at,
    enterprises.c.status.label("enterprise_status"),
).outerjoin(enterprises, enterprises.c.id == api_keys.c.enterprise_id)


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a session lasts: ``idle`` after its last request, ``absolute`` after its login."""

    idle: timedelta = timedelta(hours=4)
    absolute: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a fresh login hands to the browser."""

    token: str
    csrf_token: str
    expires_at: datetime


class Authentication:
    """Sessions and keys, across enterprises; everything else sees only the Principal."""

    def __init__(self, database: Database, clock: Clock, times: SessionTimes) -> None:
        self._database = database
        self._clock = clock
        self._times = times

    async def by_session_token(self, token: str) -> Principal | None:
        """The person behind a session cookie; None if it ended or never was."""
        async with self._database.platform() as session:
            return await self._by_session_hash(session, hash_of(token))

    async def of_session(self, session: AsyncSession, token: str) -> Principal | None:
        """The same, in a platform transaction that is open already."""
        return await self._by_session_hash(session, hash_of(token))

    async def still_valid(self, principal: Principal) -> bool:
        """Whether a principal kept for long (an open WebSocket) could still come in."""
        async with self._database.platform() as session:
            if principal.session_hash is not None:
                return await self._by_session_hash(session, principal.session_hash) is not None
            key = (
                await session.execute(
                    _API_KEY.where(api_keys.c.id == principal.id, api_keys.c.revoked_at.is_(None))
                )
            ).one_or_none()
            return key is not None and not self._over(key.expires_at)

    async def by_api_key(self, shown: str) -> Principal | None:
        """The program behind ``Authorization: Bearer``; None for keys unknown, revoked or over."""
        parts = split_api_key(shown)
        if parts is None:
            return None
        prefix, secret = parts
        async with self._database.platform() as session:
            key = (
                await session.execute(
                    _API_KEY.where(api_keys.c.prefix == prefix, api_keys.c.revoked_at.is_(None))
                )
            ).one_or_none()
            if key is None or not hmac.compare_digest(key.secret_hash, hash_of(secret)):
                return None
            if self._over(key.expires_at):
                return None
            now = self._clock.now()
            if key.last_used_at is None or now - key.last_used_at > _NOTE_USE_EVERY:
                await session.execute(
                    update(api_keys).where(api_keys.c.id == key.id).values(last_used_at=now)
                )
        return _program(key)

    async def begin(
        self,
        session: AsyncSession,
        *,
        user_id: UUID,
        enterprise_id: UUID | None,
        address: str,
        user_agent: str,
    ) -> NewSession:
        """Store a new session of a person who proved who they are. Clears their dead ones."""
        now = self._clock.now()
        fresh = NewSession(new_token(), new_token(), now + self._times.absolute)
        await session.execute(
            delete(sessions).where(
                sessions.c.user_id == user_id,
                (sessions.c.expires_at < now) | (sessions.c.last_seen_at < now - self._times.idle),
            )
        )
        await session.execute(
            insert(sessions).values(
                token_hash=hash_of(fresh.token),
                user_id=user_id,
                enterprise_id=enterprise_id,
                csrf_token=fresh.csrf_token,
                address=address,
                user_agent=user_agent[:200],
                created_at=now,
                last_seen_at=now,
                expires_at=fresh.expires_at,
            )
        )
        return fresh

    async def end(self, session: AsyncSession, token_hash: bytes) -> None:
        await session.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def _by_session_hash(self, session: AsyncSession, token_hash: bytes) -> Principal | None:
        found = (
            await session.execute(_SESSION.where(sessions.c.token_hash == token_hash))
        ).one_or_none()
        now = self._clock.now()
        if found is None or self._over(found.expires_at):
            return None
        if now - found.last_seen_at > self._times.idle:
            return None
        if now - found.last_seen_at > _NOTE_USE_EVERY:
            await session.execute(
                update(sessions).where(sessions.c.token_hash == token_hash).values(last_seen_at=now)
            )
        return _person(found)

    def _over(self, instant: datetime | None) -> bool:
        return instant is not None and instant <= self._clock.now()


def _person(row: AnyRow) -> Principal:
    role = Role(row.role)
    return Principal(
        kind="user",
        id=row.id,
        name=row.name,
        enterprise_id=row.enterprise_id,
        permissions=ROLE_PERMISSIONS[role],
        role=role,
        enterprise_suspended=row.enterprise_status == "suspended",
        session_hash=row.token_hash,
        csrf_token=row.csrf_token,
    )


def _program(row: AnyRow) -> Principal:
    known = {permission.value: permission for permission in scopes_for(row.enterprise_id is None)}
    return Principal(
        kind="api_key",
        id=row.id,
        name=row.name,
        enterprise_id=row.enterprise_id,
        permissions=frozenset(known[scope] for scope in row.scopes if scope in known),
        enterprise_suspended=row.enterprise_status == "suspended",
    )
