"""What services need of a request: satisfied by both of the API's scopes."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotline.staff.audit import Changes
from hotline.staff.principal import Principal


class Acting(Protocol):
    """Someone acting within one transaction."""

    @property
    def principal(self) -> Principal: ...

    @property
    def session(self) -> AsyncSession: ...

    async def audit(
        self,
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
    ) -> None: ...
