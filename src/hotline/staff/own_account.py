"""What people do with their own account: change the password, end their other sessions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.kit.errors import InvalidError, Words
from hotline.staff.audit import append_audit
from hotline.staff.models import sessions, users
from hotline.staff.passwords import MAX_LENGTH, Passwords, check_acceptable
from hotline.staff.principal import Principal
from hotline.staff.throttle import count_try, forgive


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current: str
    new: str
    address: str


class OwnAccount:
    def __init__(self, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    async def change_password(self, principal: Principal, change: PasswordChange) -> None:
        """Set a new password; every other session of the person ends.

        Raises InvalidError, and TooManyError for whoever guesses on an unattended screen.
        """
        async with self._database.platform() as session:
            known = (
                await session.execute(
                    select(users.c.login, users.c.password_hash).where(users.c.id == principal.id)
                )
            ).one()
            await count_try(session, self._clock, known.login, change.address)
        check_acceptable(change.new, login=known.login, field="new_password")
        if not await self._passwords.matches(change.current[:MAX_LENGTH], known.password_hash):
            raise InvalidError(fields={"current_password": Words("is wrong", "不正确")})
        new_hash = await self._passwords.hash(change.new)
        async with self._database.platform() as session:
            await forgive(session, known.login, change.address)
            await session.execute(
                update(users).where(users.c.id == principal.id).values(password_hash=new_hash)
            )
            await session.execute(
                delete(sessions).where(
                    sessions.c.user_id == principal.id,
                    sessions.c.token_hash != principal.session_hash,
                )
            )
            await append_audit(
                session,
                principal,
                enterprise_id=principal.enterprise_id,
                address=change.address,
                action="user.change_password",
                object_type="user",
                object_id=principal.id,
            )
