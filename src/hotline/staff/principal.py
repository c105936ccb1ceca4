"""Who is asking: a person with a session, or a program with an API key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from hotline.staff.permissions import Permission, Role


@dataclass(frozen=True, slots=True)
class Principal:
    """The one a request acts for; made only by ``Authentication``."""

    kind: Literal["user", "api_key"]
    id: UUID
    name: str
    enterprise_id: UUID | None
    """None: the operator's."""
    permissions: frozenset[Permission]
    role: Role | None = None
    """None: an API key, which has scopes only."""
    enterprise_suspended: bool = False
    session_hash: bytes | None = field(default=None, repr=False)
    csrf_token: str | None = field(default=None, repr=False)

    @property
    def is_operator(self) -> bool:
        return self.enterprise_id is None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
