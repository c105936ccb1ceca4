"""What the routes of approved numbers have in common: the operator's decision."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Select, Table, select

from hotline.api.kept import PlainApi
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope
from hotline.enterprises.models import enterprises
from hotline.hotlines.approval import ApprovedNumbers
from hotline.hotlines.rules import DestinationStatus
from hotline.hotlines.schemas import Review

Item = TypeVar("Item")
Numbers = TypeVar("Numbers", bound=ApprovedNumbers)


class ApprovalApi(PlainApi[Numbers, Item]):
    async def review(
        self,
        scope: RequestScope,
        number_id: UUID,
        seen: str,
        body: Review,
        *,
        request: Request,
        response: Response,
    ) -> Item:
        """Raises NotFoundError, StaleError."""
        row = await self.of(scope).review(
            number_id,
            seen,
            decision=DestinationStatus(body.decision),
            note=body.note,
            by=scope.principal.id if scope.principal.kind == "user" else None,
            at=parts_of(request).clock.now(),
        )
        return self.answer(response, row)


def of_every_enterprise(numbers: Table, status: str | None) -> Select[Any]:
    """The numbers with that status (None: all), each with its enterprise's name."""
    every = select(numbers, enterprises.c.name.label("enterprise_name")).join(
        enterprises, enterprises.c.id == numbers.c.enterprise_id
    )
    return every if status is None else every.where(numbers.c.status == status)
