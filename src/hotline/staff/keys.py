"""API keys: made once, shown once, revoked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, select, update

from hotline.db.paging import Paging, newest_first
from hotline.db.rows import AnyRow
from hotline.kit.clock import Clock
from hotline.kit.errors import InvalidError, NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.staff.acting import Acting
from hotline.staff.models import api_keys
from hotline.staff.permissions import Permission
from hotline.staff.rules import check_scopes
from hotline.staff.tokens import new_api_key

PUBLIC_COLUMNS: Final = (
    api_keys.c.id,
    api_keys.c.name,
    api_keys.c.prefix,
    api_keys.c.scopes,
    api_keys.c.created_by,
    api_keys.c.created_at,
    api_keys.c.expires_at,
    api_keys.c.revoked_at,
    api_keys.c.last_used_at,
)


@dataclass(frozen=True, slots=True)
class NewKey:
    name: str
    scopes: frozenset[Permission]
    expires_at: datetime | None


class ApiKeyService:
    """The keys of one enterprise, or the operator's (``enterprise_id`` None)."""

    def __init__(self, acting: Acting, enterprise_id: UUID | None, clock: Clock) -> None:
        self._acting = acting
        self._session = acting.session
        self._enterprise_id = enterprise_id
        self._clock = clock

    async def page(self, paging: Paging) -> Sequence[AnyRow]:
        statement = select(*PUBLIC_COLUMNS).where(self._mine())
        found = await self._session.execute(
            newest_first(statement, paging, api_keys.c.created_at, api_keys.c.id)
        )
        return found.all()

    async def create(self, new: NewKey) -> tuple[AnyRow, str]:
        """(the key's row, what to show its owner once). Raises TooPowerfulError, InvalidError."""
        check_scopes(self._acting.principal, new.scopes, of_operator=self._enterprise_id is None)
        if new.expires_at is not None and new.expires_at <= self._clock.now():
            raise InvalidError(fields={"expires_at": Words("is over already", "已经过期")})
        secret, key_id, principal = new_api_key(), new_id(), self._acting.principal
        await self._session.execute(
            insert(api_keys).values(
                id=key_id,
                enterprise_id=self._enterprise_id,
                name=new.name,
                prefix=secret.prefix,
                secret_hash=secret.secret_hash,
                scopes=sorted(new.scopes),
                # A person of the operator is not among the enterprise's own people.
                created_by=principal.id
                if principal.kind == "user" and principal.enterprise_id == self._enterprise_id
                else None,
                expires_at=new.expires_at,
            )
        )
        await self._acting.audit(
            "api_key.create",
            "api_key",
            key_id,
            {"name": (None, new.name), "scopes": (None, sorted(new.scopes))},
        )
        return await self._get(key_id), secret.shown

    async def revoke(self, key_id: UUID) -> None:
        """It stops working with the next request; revoking twice is harmless. NotFoundError."""
        key = await self._get(key_id)
        if key.revoked_at is not None:
            return
        now = self._clock.now()
        await self._session.execute(
            update(api_keys).where(api_keys.c.id == key_id, self._mine()).values(revoked_at=now)
        )
        await self._acting.audit("api_key.revoke", "api_key", key_id, {"revoked_at": (None, now)})

    async def _get(self, key_id: UUID) -> AnyRow:
        found = await self._session.execute(
            select(*PUBLIC_COLUMNS).where(api_keys.c.id == key_id, self._mine())
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return row

    def _mine(self) -> ColumnElement[bool]:
        if self._enterprise_id is None:
            return api_keys.c.enterprise_id.is_(None)
        return and_(api_keys.c.enterprise_id == self._enterprise_id)
