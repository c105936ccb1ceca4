"""Numbers that an enterprise may show to those whom its agents call, once the operator agreed."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from hotline.agents.models import agents, caller_numbers
from hotline.hotlines.approval import ApprovedNumbers
from hotline.kit.conflicts import Use


class CallerNumbers(ApprovedNumbers):
    """One enterprise's caller numbers, within one transaction."""

    table = caller_numbers
    kind = "caller_number"

    async def uses(self, row: RowMapping) -> list[Use]:
        showing = select(agents.c.id, agents.c.name).where(
            agents.c.enterprise_id == self.enterprise_id,
            agents.c.outbound_number == row["number"],
        )
        found = await self.session.execute(showing.limit(20))
        return [Use("agent", agent.id, agent.name) for agent in found]
