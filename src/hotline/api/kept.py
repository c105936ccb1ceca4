"""What the routes of kept rows have in common: pages out, versions seen and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, RowMapping

from hotline.api.etag import set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, Paging
from hotline.api.scope import RequestScope
from hotline.db.kept_rows import KeptRows, PlainRows

Item = TypeVar("Item")
Service = TypeVar("Service", bound=KeptRows)
PlainService = TypeVar("PlainService", bound=PlainRows)


def answer(response: Response, row: RowMapping, show: Callable[[RowMapping], Item]) -> Item:
    """The row, with its version in ``ETag``."""
    set_etag(response, row["updated_at"])
    return show(row)


class KeptApi(Generic[Service, Item]):
    """Answers for one kind of kept rows; ``show`` makes of a row what is sent."""

    def __init__(
        self,
        service: type[Service],
        show: Callable[[RowMapping], Item],
        *,
        mode: Literal["python", "json"] = "python",
    ) -> None:
        """``mode``: how the columns take what a body says."""
        self._service = service
        self._show = show
        self._mode = mode

    def of(self, scope: RequestScope) -> Service:
        return self._service(scope.session, scope.enterprise_id, scope.audit)

    def answer(self, response: Response, row: RowMapping) -> Item:
        return answer(response, row, self._show)

    async def page(
        self, scope: RequestScope, paging: Paging, *conditions: ColumnElement[bool] | None
    ) -> Page[Item]:
        """Newest first, of those that meet the conditions; None is no condition."""
        service = self.of(scope)
        wanted = service.all().where(*(one for one in conditions if one is not None))
        return await list_page(scope.session, wanted, paging, service.table, self._show)

    async def read(self, scope: RequestScope, row_id: UUID, response: Response) -> Item:
        """Raises NotFoundError."""
        return self.answer(response, await self.of(scope).get(row_id))

    async def remove(self, scope: RequestScope, row_id: UUID) -> None:
        """Raises NotFoundError, and why else it must stay."""
        await self.of(scope).remove(row_id)


class PlainApi(KeptApi[PlainService, Item]):
    """The same for rows that are added and changed just as somebody asks."""

    async def add(self, scope: RequestScope, body: BaseModel, response: Response) -> Item:
        return self.answer(response, await self.of(scope).add(body.model_dump(mode=self._mode)))

    async def change(
        self, scope: RequestScope, row_id: UUID, seen: str, body: BaseModel, response: Response
    ) -> Item:
        """Only what the body names. Raises NotFoundError, StaleError."""
        values = body.model_dump(mode=self._mode, exclude_unset=True)
        return self.answer(response, await self.of(scope).change(row_id, seen, values))
