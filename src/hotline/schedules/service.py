"""Opening hours: kept, changed, removed when nobody uses them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping

from hotline.db.kept_rows import PlainRows
from hotline.hotlines.uses import flows_with, hotlines_with
from hotline.kit.conflicts import Use
from hotline.schedules.models import schedules
from hotline.schedules.rules import is_open


class Schedules(PlainRows):
    """One enterprise's opening hours, within one transaction."""

    table = schedules
    kind = "schedule"
    remembered = ("name", "time_zone", "weekly", "special_days")

    async def is_open(self, schedule_id: UUID, at: datetime) -> bool:
        row = await self.get(schedule_id)
        return is_open(row["weekly"], row["special_days"], row["time_zone"], at)

    async def uses(self, row: RowMapping) -> list[Use]:
        hotlines = await hotlines_with(self.session, schedule_id=row["id"])
        return [*hotlines, *await flows_with(self.session, row["id"])]
