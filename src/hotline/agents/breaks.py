"""Why agents may take a break, as each enterprise likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotline.agents.models import break_reasons
from hotline.db.kept_rows import PlainRows
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, Words


class BreakReasons(PlainRows):
    """One enterprise's reasons, within one transaction. Past breaks keep the name they had."""

    table = break_reasons
    kind = "break_reason"
    remembered = ("name", "position")

    async def names(self) -> Sequence[str]:
        """In their order."""
        statement = self.all().order_by(break_reasons.c.position, break_reasons.c.name)
        rows = (await self.session.execute(statement)).mappings().all()
        return [row["name"] for row in rows]

    def meanings(self) -> Mapping[str, HotlineError]:
        words = Words("there is this reason already", "该原因已存在")
        return {"break_reasons_once": AlreadyThereError(fields={"name": words})}
