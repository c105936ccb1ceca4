"""Sessions end by themselves; guessers wait longer and longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.db.database import Database
from hotline.kit.errors import TooManyError
from hotline.staff.authentication import Authentication, SessionTimes
from hotline.staff.permissions import Role
from hotline.staff.throttle import PER_ADDRESS, PER_LOGIN, count_try, forgive
from tests.api_world import ApiWorld


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def begin(api: ApiWorld, authentication: Authentication) -> str:
    user_id, _ = await api.user(Role.OPERATOR)
    async with api.database.platform() as session:
        new = await authentication.begin(
            session, user_id=user_id, enterprise_id=None, address="", user_agent="x" * 500
        )
    return new.token


async def test_an_idle_session_ends(api: ApiWorld) -> None:
    clock = HandClock()
    authentication = Authentication(api.database, clock, SessionTimes())
    token = await begin(api, authentication)
    for _ in range(3):  # each request keeps it alive
        clock.time += timedelta(hours=3, minutes=59)
        assert await authentication.by_session_token(token) is not None
    clock.time += timedelta(hours=4, seconds=1)
    assert await authentication.by_session_token(token) is None


async def test_a_busy_session_ends_too(api: ApiWorld) -> None:
    clock = HandClock()
    authentication = Authentication(api.database, clock, SessionTimes())
    token = await begin(api, authentication)
    principal = await authentication.by_session_token(token)
    assert principal is not None
    for _ in range(23):
        clock.time += timedelta(hours=1)
        assert await authentication.still_valid(principal)
    clock.time += timedelta(hours=1)
    assert not await authentication.still_valid(principal)


async def tries(database: Database, clock: HandClock, login: str, address: str) -> int | None:
    """One try; the seconds to wait if it was refused."""
    try:
        async with database.platform() as session:
            await count_try(session, clock, login, address)
    except TooManyError as error:
        return int(str(error.extra["retry_after"]))
    return None


async def test_each_further_guess_waits_twice_as_long(database: Database) -> None:
    clock, waits = HandClock(), []
    for number in range(30):
        wait = await tries(database, clock, "wang", f"10.0.0.{number}")
        if wait is not None:
            waits.append(wait)
            clock.time += timedelta(seconds=wait)
    assert waits[:4] == [15, 30, 60, 120]
    assert max(waits) == PER_LOGIN.longest.total_seconds()
    assert waits == sorted(waits)
    clock.time += PER_LOGIN.window + timedelta(seconds=1)
    for number in range(PER_LOGIN.free):  # forgotten: the free tries are back
        assert await tries(database, clock, "wang", f"10.1.0.{number}") is None


async def test_an_address_that_tries_many_logins_waits(database: Database) -> None:
    clock = HandClock()
    refused = [
        await tries(database, clock, f"login-{number}", "10.0.0.1")
        for number in range(PER_ADDRESS.free + 1)
    ]
    assert refused[:-1] == [None] * PER_ADDRESS.free
    assert refused[-1] is not None
    assert await tries(database, clock, "someone", "10.0.0.2") is None


async def test_a_success_does_not_wash_the_address_clean(database: Database) -> None:
    clock = HandClock()
    for number in range(PER_ADDRESS.free - 1):
        await tries(database, clock, f"login-{number}", "10.0.0.1")
    await tries(database, clock, "mine", "10.0.0.1")
    async with database.platform() as session:
        await forgive(session, "mine", "10.0.0.1")
    assert await tries(database, clock, "other", "10.0.0.1") is None
    assert await tries(database, clock, "another", "10.0.0.1") is not None


@pytest.mark.parametrize("locked", ["login", "address"])
async def test_a_refused_try_is_not_counted(database: Database, locked: str) -> None:
    clock = HandClock()
    for number in range(PER_ADDRESS.free if locked == "address" else PER_LOGIN.free):
        login = f"l{number}" if locked == "address" else "wang"
        await tries(database, clock, login, "10.0.0.1")
    first = await tries(database, clock, "wang", "10.0.0.1")
    assert first is not None
    for _ in range(5):
        assert await tries(database, clock, "wang", "10.0.0.1") == first
