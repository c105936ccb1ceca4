"""What the operator does with enterprises. Everything is audited, for both sides to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal, Protocol
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.paging import Paging, newest_first
from hotline.db.rows import AnyRow
from hotline.enterprises.models import enterprises
from hotline.kit.audit import Audit
from hotline.kit.errors import InvalidError, NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.staff.acting import Acting
from hotline.staff.audit import Changes, changes_between
from hotline.staff.passwords import Passwords
from hotline.staff.principal import Principal
from hotline.staff.users import LoginTakenError, NewUser, UserService

Status = Literal["active", "suspended"]


class OperatorActing(Acting, Protocol):
    """An operator acting across enterprises, in one transaction."""

    async def audit(
        self,
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
        *,
        enterprise_id: UUID | None = None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Within:
    """The operator acting inside one enterprise: the entries are that enterprise's."""

    scope: OperatorActing
    enterprise_id: UUID

    @property
    def principal(self) -> Principal:
        return self.scope.principal

    @property
    def session(self) -> AsyncSession:
        return self.scope.session

    @property
    def audit(self) -> Audit:
        return partial(self.scope.audit, enterprise_id=self.enterprise_id)


class EnterpriseService:
    def __init__(self, scope: OperatorActing, passwords: Passwords) -> None:
        self._scope = scope
        self._session = scope.session
        self._passwords = passwords

    async def page(
        self, paging: Paging, *, status: Status | None, text: str | None
    ) -> Sequence[AnyRow]:
        statement = select(enterprises)
        if status is not None:
            statement = statement.where(enterprises.c.status == status)
        if text:
            statement = statement.where(enterprises.c.name.contains(text, autoescape=True))
        found = await self._session.execute(
            newest_first(statement, paging, enterprises.c.created_at, enterprises.c.id)
        )
        return found.all()

    async def get(self, enterprise_id: UUID, *, locked: bool = False) -> AnyRow:
        """Raises NotFoundError."""
        statement = select(enterprises).where(enterprises.c.id == enterprise_id)
        if locked:
            statement = statement.with_for_update()
        row = (await self._session.execute(statement)).one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def create(self, name: str, administrator: NewUser) -> AnyRow:
        """The enterprise and its first administrator. Raises LoginTakenError, InvalidError."""
        enterprise_id = new_id()
        await self._session.execute(insert(enterprises).values(id=enterprise_id, name=name))
        within = _Within(self._scope, enterprise_id)
        await within.audit("enterprise.create", "enterprise", enterprise_id, {"name": (None, name)})
        try:
            await UserService(within, enterprise_id, self._passwords).create(administrator)
        except (LoginTakenError, InvalidError) as error:
            # Named as they stand in what was asked for.
            named = {f"administrator.{field}": words for field, words in error.fields.items()}
            raise type(error)(fields=named) from error
        return await self.get(enterprise_id)

    async def change(self, enterprise_id: UUID, values: dict[str, object]) -> AnyRow:
        """Set name, status or credit limit. Raises NotFoundError."""
        before = await self.get(enterprise_id, locked=True)
        changes = changes_between(before._asdict(), values)
        if changes:
            await self._write(enterprise_id, values, "enterprise.update", changes)
        return await self.get(enterprise_id)

    async def adjust_balance(self, enterprise_id: UUID, amount: Decimal, note: str) -> AnyRow:
        """Add ``amount`` yuan (negative: take out). Raises NotFoundError, InvalidError."""
        if amount == 0:
            raise InvalidError(fields={"amount": Words("must not be zero", "不能为零")})
        before = await self.get(enterprise_id, locked=True)
        after = before.balance + amount
        await self._write(
            enterprise_id,
            {"balance": after},
            "enterprise.adjust_balance",
            {"balance": (before.balance, after), "note": (None, note)},
        )
        return await self.get(enterprise_id)

    async def _write(
        self, enterprise_id: UUID, values: dict[str, object], action: str, changes: Changes
    ) -> None:
        await self._session.execute(
            update(enterprises).where(enterprises.c.id == enterprise_id).values(**values)
        )
        await self._scope.audit(
            action, "enterprise", enterprise_id, changes, enterprise_id=enterprise_id
        )
