"""What the worker forgets, and what it keeps."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from hotline.kit.clock import SystemClock
from hotline.staff.jobs import StaffJobs
from tests.api_world import PASSWORD, ApiWorld

COUNTS = text("""
    select (select count(*) from sessions), (select count(*) from login_throttles),
           (select count(*) from idempotency_keys)
""")


class Later(SystemClock):
    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self):  # type: ignore[no-untyped-def]
        return super().now() + self.by


async def test_only_what_is_over_is_forgotten(api: ApiWorld) -> None:
    operator = await api.operator()
    body = {"name": "甲", "login": "jia", "password": PASSWORD}
    await operator.post("/api/v1/operators", json=body, headers={"Idempotency-Key": "1"})
    await (await api.client()).post("/api/v1/session", json={"login": "x", "password": "y"})

    for later, left in ((timedelta(0), (1, 2, 1)), (timedelta(days=2), (0, 0, 0))):
        await StaffJobs(api.database, Later(later)).forget_old()
        async with api.database.platform() as session:
            assert (await session.execute(COUNTS)).one() == left
