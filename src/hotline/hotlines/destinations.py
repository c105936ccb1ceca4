"""Destinations: registered by the enterprise, approved by the operator, then called."""

from __future__ import annotations

from sqlalchemy import RowMapping

from hotline.hotlines.approval import ApprovedNumbers
from hotline.hotlines.models import destinations
from hotline.hotlines.uses import agents_with, flows_with, groups_with, queues_with
from hotline.kit.conflicts import Use


class Destinations(ApprovedNumbers):
    """One enterprise's destinations, within one transaction."""

    table = destinations
    kind = "destination"

    async def uses(self, row: RowMapping) -> list[Use]:
        uses = await groups_with(self.session, row["id"])
        uses += await flows_with(self.session, row["id"])
        uses += await agents_with(self.session, row["id"])
        uses += await queues_with(self.session, overflow_to=row["number"])
        return uses
