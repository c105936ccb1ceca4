"""Slows down whoever guesses passwords: by login and by address, in the database, on all nodes.

Every try is counted before the password is looked at, so that tries at the same moment count too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.clock import Clock
from hotline.kit.errors import TooManyError
from hotline.staff.models import login_throttles


@dataclass(frozen=True, slots=True)
class Patience:
    """``free`` tries, then each further one locks twice as long, from ``first`` to ``longest``."""

    free: int
    first: timedelta = timedelta(seconds=15)
    longest: timedelta = timedelta(minutes=15)
    window: timedelta = timedelta(hours=1)
    """After so long without a try the count begins anew."""


PER_LOGIN: Final = Patience(free=5)
PER_ADDRESS: Final = Patience(free=30)

_COUNT = text("""
    insert into login_throttles as t (subject, failures, window_started_at, locked_until)
    values (:subject, 1, :now, null)
    on conflict (subject) do update set
      failures = case when t.window_started_at < :window_start then 1 else t.failures + 1 end,
      window_started_at = :now,
      locked_until = case
        when t.window_started_at < :window_start or t.failures + 1 < :free then null
        else :now + least(:longest, :first * (2 ^ least(t.failures + 1 - :free, 20)))
      end
    where t.locked_until is null or t.locked_until <= :now
    returning failures
""")
_LOCKED_UNTIL = text("select locked_until from login_throttles where subject = :subject")


def subjects_of(login: str, address: str) -> tuple[tuple[str, Patience], ...]:
    """What one try counts against."""
    return ((f"address:{address}", PER_ADDRESS), (f"login:{login[:64]}", PER_LOGIN))


async def count_try(session: AsyncSession, clock: Clock, login: str, address: str) -> None:
    """Count one try; raise TooManyError (with ``retry_after`` seconds) while locked."""
    now = clock.now()
    for subject, patience in subjects_of(login, address):
        counted = await session.execute(
            _COUNT,
            {
                "subject": subject,
                "now": now,
                "window_start": now - patience.window,
                "free": patience.free,
                "first": patience.first,
                "longest": patience.longest,
            },
        )
        if counted.one_or_none() is None:
            until = (await session.execute(_LOCKED_UNTIL, {"subject": subject})).scalar_one()
            seconds = max(1, ceil((until - now).total_seconds()))
            raise TooManyError(retry_after=seconds)


async def forgive(session: AsyncSession, login: str, address: str) -> None:
    """After a success: the login's count is gone, the address loses only this one try.

    Otherwise a guesser could wash the address clean with an account of their own.
    """
    await session.execute(
        delete(login_throttles).where(login_throttles.c.subject == f"login:{login[:64]}")
    )
    await session.execute(
        text(
            "update login_throttles set failures = greatest(failures - 1, 0), locked_until = null "
            "where subject = :subject"
        ),
        {"subject": f"address:{address}"},
    )


async def forget_old(session: AsyncSession, clock: Clock) -> None:
    """Remove counts that no longer matter; for the daily cleaning."""
    await session.execute(
        delete(login_throttles).where(
            login_throttles.c.window_started_at < clock.now() - PER_LOGIN.window * 24
        )
    )
