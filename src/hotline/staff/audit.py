"""The audit trail: who changed what, when, from where. Only ever appended to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.kit.ids import new_id
from hotline.staff.models import audit_entries
from hotline.staff.principal import Principal

Changes = Mapping[str, tuple[object, object]]
"""Field → (before, after); None for what was not there."""


async def append_audit(
    session: AsyncSession,
    principal: Principal | None,
    *,
    enterprise_id: UUID | None,
    address: str,
    action: str,
    object_type: str,
    object_id: UUID | str,
    changes: Changes | None = None,
) -> None:
    """Append one entry in the caller's transaction. ``principal`` None: the system itself."""
    await session.execute(
        insert(audit_entries).values(
            id=new_id(),
            enterprise_id=enterprise_id,
            actor_kind=principal.kind if principal else "system",
            actor_id=principal.id if principal else None,
            actor_name=principal.name if principal else "system",
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            changes={
                field: [_plain(before), _plain(after)]
                for field, (before, after) in (changes or {}).items()
            },
            address=address,
        )
    )


def changes_between(before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    """Only what differs, of the fields that ``after`` names."""
    return {
        field: (before.get(field), value)
        for field, value in after.items()
        if before.get(field) != value
    }


def _plain(value: object) -> object:
    """What JSON can hold. Money stays exact: as a string."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value
