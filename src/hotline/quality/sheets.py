"""Score sheets: kept, changed, taken out of use."""

from __future__ import annotations

from sqlalchemy import RowMapping, exists, select

from hotline.db.kept_rows import PlainRows
from hotline.kit.errors import ConflictError
from hotline.quality.models import reviews, sheets


class SheetUsedError(ConflictError):
    error_id = "sheet-used"
    title = "Talks were judged by this sheet; take it out of use instead"
    title_zh = "已有通话使用该评分表，请改为停用"


class Sheets(PlainRows):
    """One enterprise's score sheets, within one transaction.

    Reviews that were made keep what they judged by.
    """

    table = sheets
    kind = "score_sheet"
    remembered = ("name",)

    async def check_unused(self, row: RowMapping) -> None:
        """Raises SheetUsedError."""
        used = select(exists().where(reviews.c.sheet_id == row["id"]))
        if (await self.session.execute(used)).scalar_one():
            raise SheetUsedError
