"""People: made, changed, disabled by those above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotline.db.paging import Paging, newest_first
from hotline.db.rows import AnyRow, AnySelect
from hotline.kit.errors import ConflictError, NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.staff.acting import Acting
from hotline.staff.audit import changes_between
from hotline.staff.models import sessions, users
from hotline.staff.passwords import Passwords, check_acceptable
from hotline.staff.permissions import Role
from hotline.staff.rules import (
    LastAdministratorError,
    check_may_manage,
    check_role_fits,
    leaves_charge,
)

PUBLIC_COLUMNS: Final = (
    users.c.id,
    users.c.login,
    users.c.name,
    users.c.role,
    users.c.status,
    users.c.created_at,
    users.c.updated_at,
)
"""Everything but the password's hash, which a tenant's transaction cannot read."""


class LoginTakenError(ConflictError):
    error_id = "login-taken"
    title = "Somebody has this login already"
    title_zh = "登录名已被使用"


@dataclass(frozen=True, slots=True)
class NewUser:
    login: str
    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is None stays."""

    name: str | None = None
    role: Role | None = None
    active: bool | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class UserFilter:
    role: Role | None = None
    active: bool | None = None
    text: str | None = None


class UserService:
    """The people of one enterprise, or the operator's (``enterprise_id`` None)."""

    def __init__(self, acting: Acting, enterprise_id: UUID | None, passwords: Passwords) -> None:
        self._acting = acting
        self._session = acting.session
        self._enterprise_id = enterprise_id
        self._passwords = passwords

    async def page(self, wanted: UserFilter, paging: Paging) -> Sequence[AnyRow]:
        statement = self._select()
        if wanted.role is not None:
            statement = statement.where(users.c.role == wanted.role)
        if wanted.active is not None:
            statement = statement.where(users.c.status == _status(wanted.active))
        if wanted.text:
            statement = statement.where(
                or_(
                    users.c.login.contains(wanted.text.lower(), autoescape=True),
                    users.c.name.contains(wanted.text, autoescape=True),
                )
            )
        found = await self._session.execute(
            newest_first(statement, paging, users.c.created_at, users.c.id)
        )
        return found.all()

    async def get(self, user_id: UUID) -> AnyRow:
        """Raises NotFoundError."""
        found = await self._session.execute(self._select().where(users.c.id == user_id))
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def by_login(self, login: str) -> AnyRow | None:
        found = await self._session.execute(self._select().where(users.c.login == login.lower()))
        return found.one_or_none()

    async def create(self, new: NewUser) -> AnyRow:
        """Raises LoginTakenError, TooPowerfulError, InvalidError."""
        check_role_fits(new.role, of_operator=self._enterprise_id is None)
        check_may_manage(self._acting.principal, new.role)
        login = new.login.lower()
        check_acceptable(new.password, login=login)
        user_id = new_id()
        values = {"login": login, "name": new.name, "role": new.role.value}
        try:
            await self._session.execute(
                insert(users).values(
                    id=user_id,
                    enterprise_id=self._enterprise_id,
                    password_hash=await self._passwords.hash(new.password),
                    status="active",
                    **values,
                )
            )
        except IntegrityError as error:
            raise LoginTakenError(fields={"login": Words("is taken", "已被使用")}) from error
        await self._acting.audit("user.create", "user", user_id, changes_between({}, values))
        return await self.get(user_id)

    async def change(self, user_id: UUID, change: UserChange) -> AnyRow:
        """Raises NotFoundError, TooPowerfulError, LastAdministratorError, InvalidError."""
        before = await self._get_locked(user_id)
        await self._check(before, change)
        values: dict[str, object] = {}
        if change.name is not None:
            values["name"] = change.name
        if change.role is not None:
            values["role"] = change.role.value
        if change.active is not None:
            values["status"] = _status(change.active)
        changes = dict(changes_between(before._asdict(), values))
        if change.password is not None:
            check_acceptable(change.password, login=before.login)
            values["password_hash"] = await self._passwords.hash(change.password)
            changes["password"] = (None, "***")
        if changes:
            await self._session.execute(
                update(users).where(users.c.id == user_id, self._mine()).values(**values)
            )
            await self._acting.audit("user.update", "user", user_id, changes)
        if change.password is not None or change.active is False:
            await self._session.execute(delete(sessions).where(sessions.c.user_id == user_id))
        return await self.get(user_id)

    async def _check(self, before: AnyRow, change: UserChange) -> None:
        role_before = Role(before.role)
        role_after = change.role or role_before
        check_role_fits(role_after, of_operator=self._enterprise_id is None)
        check_may_manage(self._acting.principal, role_before)
        check_may_manage(self._acting.principal, role_after)
        stays_active = before.status == "active" and change.active is not False
        if (
            before.status == "active"
            and leaves_charge(role_before, role_after, stays_active=stays_active)
            and not await self._another_in_charge(before.id, role_before)
        ):
            raise LastAdministratorError

    async def _another_in_charge(self, user_id: UUID, role: Role) -> bool:
        """Whether someone else of ``role`` is active. Locks them all, so that two cannot go at
        the same moment; always in the same order, so that nobody waits in a ring."""
        found = await self._session.execute(
            select(users.c.id)
            .where(self._mine(), users.c.role == role, users.c.status == "active")
            .order_by(users.c.id)
            .with_for_update()
        )
        return any(other != user_id for other in found.scalars())

    async def _get_locked(self, user_id: UUID) -> AnyRow:
        """The row as it stays until we commit; those in charge are locked in order first."""
        found = await self._session.execute(self._select().where(users.c.id == user_id))
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        if Role(row.role) in {Role.ADMINISTRATOR, Role.OPERATOR}:
            await self._another_in_charge(user_id, Role(row.role))
        found = await self._session.execute(
            self._select().where(users.c.id == user_id).with_for_update()
        )
        return found.one()

    def _select(self) -> AnySelect:
        return select(*PUBLIC_COLUMNS).where(self._mine())

    def _mine(self) -> ColumnElement[bool]:
        if self._enterprise_id is None:
            return users.c.enterprise_id.is_(None)
        return and_(users.c.enterprise_id == self._enterprise_id)


def _status(active: bool) -> str:
    return "active" if active else "disabled"
