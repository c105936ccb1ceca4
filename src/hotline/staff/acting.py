"""What services need of a request: satisfied by both of the API's scopes."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.audit import Audit
from hotline.staff.principal import Principal


class Acting(Protocol):
    """Someone acting within one transaction."""

    @property
    def principal(self) -> Principal: ...

    @property
    def session(self) -> AsyncSession: ...

    @property
    def audit(self) -> Audit: ...
