"""Forwarding groups: ordered destinations with a strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.models import destinations, forwarding_groups, forwarding_members
from hotline.hotlines.uses import flows_with, hotlines_with, queues_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError
from hotline.kit.errors import InvalidError, Words
from hotline.kit.versions import check_version

_UNKNOWN = Words("there is no such destination", "没有这个接听号码")


class Groups:
    """One enterprise's forwarding groups, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._rows = TenantRows(session, forwarding_groups, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, group_id: UUID) -> RowMapping:
        return await self._rows.get(group_id)

    async def members_of(self, group_ids: Sequence[UUID]) -> dict[UUID, list[RowMapping]]:
        """The members of each group in their order."""
        statement = (
            select(
                forwarding_members.c.group_id,
                forwarding_members.c.destination_id,
                destinations.c.number,
                destinations.c.label,
                destinations.c.status,
            )
            .join(destinations, destinations.c.id == forwarding_members.c.destination_id)
            .where(
                forwarding_members.c.enterprise_id == self._enterprise_id,
                forwarding_members.c.group_id.in_(group_ids),
            )
            .order_by(forwarding_members.c.position, forwarding_members.c.destination_id)
        )
        members: dict[UUID, list[RowMapping]] = {group_id: [] for group_id in group_ids}
        for row in (await self._session.execute(statement)).mappings():
            members[row["group_id"]].append(row)
        return members

    async def add(self, values: Mapping[str, Any], members: Sequence[UUID]) -> RowMapping:
        """Raises InvalidError for a member that is not a destination of the enterprise."""
        row = await self._rows.insert(values)
        await self._set_members(row["id"], members)
        noted = created({**values, "members": list(members)})
        await self._audit("forwarding_group.create", "forwarding_group", row["id"], noted)
        return row

    async def change(
        self,
        group_id: UUID,
        seen: str,
        values: Mapping[str, Any],
        members: Sequence[UUID] | None,
    ) -> RowMapping:
        """``members`` replaces all of them, None leaves them. Those who stay keep their turns.

        Raises NotFoundError, StaleError, InvalidError.
        """
        row = await self._rows.lock(group_id)
        check_version(row["updated_at"], seen)
        changes = dict(changed(row, values))
        if members is not None:
            current = await self.members_of([group_id])
            before = [member["destination_id"] for member in current[group_id]]
            if before != list(members):
                changes["members"] = (before, list(members))
                await self._set_members(group_id, members)
        if not changes:
            return row
        row = await self._rows.update(group_id, values)
        await self._audit("forwarding_group.update", "forwarding_group", group_id, changes)
        return row

    async def remove(self, group_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(group_id)
        uses = await hotlines_with(self._session, group_id=group_id)
        uses += await flows_with(self._session, group_id)
        uses += await queues_with(self._session, overflow_to=group_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(group_id)
        kept = {field: row[field] for field in ("name", "strategy")}
        await self._audit("forwarding_group.delete", "forwarding_group", group_id, removed(kept))

    async def _set_members(self, group_id: UUID, members: Sequence[UUID]) -> None:
        await self._check_known(members)
        of_group = forwarding_members.c.group_id == group_id
        gone = of_group & forwarding_members.c.destination_id.not_in(members)
        await self._session.execute(delete(forwarding_members).where(gone))
        if not members:
            return
        statement = insert(forwarding_members).values(
            [
                {
                    "group_id": group_id,
                    "destination_id": destination_id,
                    "enterprise_id": self._enterprise_id,
                    "position": position,
                }
                for position, destination_id in enumerate(members)
            ]
        )
        moved = statement.on_conflict_do_update(
            index_elements=["group_id", "destination_id"],
            set_={"position": statement.excluded.position},
        )
        # Between the check and here a destination can be deleted by somebody else.
        meaning = InvalidError(fields={"members": _UNKNOWN})
        with refusing({"forwarding_members_enterprise_id_destination_id_fkey": meaning}):
            await self._session.execute(moved)

    async def _check_known(self, members: Sequence[UUID]) -> None:
        statement = select(destinations.c.id).where(
            destinations.c.enterprise_id == self._enterprise_id, destinations.c.id.in_(members)
        )
        known = set((await self._session.execute(statement)).scalars())
        unknown = {
            f"members.{place}": _UNKNOWN
            for place, member in enumerate(members)
            if member not in known
        }
        if unknown:
            raise InvalidError(fields=unknown)
