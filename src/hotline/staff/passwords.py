"""Passwords: argon2, hashed off the event loop, few at a time."""

from __future__ import annotations

import asyncio
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from hotline.kit.errors import InvalidError, Words

MIN_LENGTH = 10
MAX_LENGTH = 128
_FIRST_BYTES = 12


class Passwords:
    """Hashes and checks. An argon2 hash takes tens of milliseconds and 64 MiB: two at a time."""

    def __init__(self, hasher: Argon2Hasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = PasswordHash((hasher or Argon2Hasher(),))
        self._turns = asyncio.Semaphore(at_once)
        # What unknown logins are checked against, so that they take as long as known ones.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, known_hash: str | None) -> bool:
        """Whether it is the password. ``None`` (nobody of that name) costs the same and fails."""
        async with self._turns:
            same = await asyncio.to_thread(
                self._hasher.verify, password, known_hash or self._nobody
            )
        return same and known_hash is not None


def first_password(login: str) -> str:
    """A random one to begin with, for ``login``."""
    while True:
        password = secrets.token_urlsafe(_FIRST_BYTES)
        try:
            check_acceptable(password, login=login)
        except InvalidError:  # it has the login in it by chance
            continue
        return password


def check_acceptable(password: str, *, login: str, field: str = "password") -> None:
    """Raise InvalidError for a password that is too short, too long or too easy."""
    problem: Words | None = None
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        problem = Words(
            f"must have {MIN_LENGTH} to {MAX_LENGTH} characters",
            f"长度应为 {MIN_LENGTH} 到 {MAX_LENGTH} 个字符",
        )
    elif login.lower() in password.lower():
        problem = Words("must not contain the login", "不能包含登录名")
    elif len(set(password)) < 5:
        problem = Words("needs at least five different characters", "至少要有五个不同的字符")
    if problem:
        raise InvalidError(fields={field: problem})
