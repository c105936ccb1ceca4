"""Logging in: the only place where a password becomes a session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.kit.errors import UnauthenticatedError
from hotline.staff.audit import append_audit
from hotline.staff.authentication import Authentication, NewSession
from hotline.staff.models import users
from hotline.staff.passwords import MAX_LENGTH, Passwords
from hotline.staff.principal import Principal
from hotline.staff.throttle import count_try, forgive
from hotline.staff.tokens import hash_of


class WrongLoginError(UnauthenticatedError):
    """Says the same for an unknown login, a wrong password and a disabled person."""

    error_id = "wrong-login"
    title = "Login or password is wrong"
    title_zh = "登录名或密码错误"


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """What a browser sends; ``replaces`` is the session cookie that it still holds."""

    login: str
    password: str
    address: str
    user_agent: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    principal: Principal
    session: NewSession


class LoginService:
    """Checks a password, slowly for guessers, and begins a session."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        passwords: Passwords,
        authentication: Authentication,
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._authentication = authentication

    async def login(self, attempt: LoginAttempt) -> LoggedIn:
        """Begin a session. Raises WrongLoginError, TooManyError."""
        login = attempt.login.strip().lower()
        async with self._database.platform() as session:
            await count_try(session, self._clock, login, attempt.address)
            found = (
                await session.execute(
                    select(users.c.id, users.c.enterprise_id, users.c.password_hash).where(
                        users.c.login == login, users.c.status == "active"
                    )
                )
            ).one_or_none()
        # No transaction is open while the password is hashed.
        known_hash = found.password_hash if found else None
        acceptable = len(attempt.password) <= MAX_LENGTH
        if not (
            await self._passwords.matches(attempt.password[:MAX_LENGTH], known_hash)
            and acceptable
            and found
        ):
            raise WrongLoginError
        return await self._begin(attempt, login, found.id, found.enterprise_id)

    async def _begin(
        self, attempt: LoginAttempt, login: str, user_id: UUID, enterprise_id: UUID | None
    ) -> LoggedIn:
        async with self._database.platform() as session:
            await forgive(session, login, attempt.address)
            if attempt.replaces:
                await self._authentication.end(session, hash_of(attempt.replaces))
            new = await self._authentication.begin(
                session,
                user_id=user_id,
                enterprise_id=enterprise_id,
                address=attempt.address,
                user_agent=attempt.user_agent,
            )
            principal = await self._authentication.of_session(session, new.token)
            if principal is None:  # disabled while the password was being checked
                raise WrongLoginError
            await append_audit(
                session,
                principal,
                enterprise_id=enterprise_id,
                address=attempt.address,
                action="session.begin",
                object_type="user",
                object_id=user_id,
            )
        return LoggedIn(principal, new)
