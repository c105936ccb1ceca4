"""What the installation itself does, noted in the audit trail as done by the system."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.audit import Audit, Changes
from hotline.kit.ids import new_id
from hotline.staff.audit import append_audit
from hotline.staff.permissions import Permission, Role
from hotline.staff.principal import Principal


def system_audit(session: AsyncSession, enterprise_id: UUID | None = None) -> Audit:
    """Notes changes in ``session``'s transaction, for one enterprise or for the platform."""

    async def audit(
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
    ) -> None:
        await append_audit(
            session,
            None,
            enterprise_id=enterprise_id,
            address="",
            action=action,
            object_type=object_type,
            object_id=object_id,
            changes=changes,
        )

    return audit


@dataclass(frozen=True, slots=True)
class Installing:
    """The installation itself acting (``staff.acting.Acting``): whoever may read its secrets."""

    session: AsyncSession
    enterprise_id: UUID | None
    """None: for the operator."""

    @property
    def principal(self) -> Principal:
        return Principal(
            "user", new_id(), "installation", None, frozenset(Permission), Role.OPERATOR
        )

    @property
    def audit(self) -> Audit:
        return system_audit(self.session, self.enterprise_id)
