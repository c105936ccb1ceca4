"""Carriers: kept in the order in which outgoing calls try them. For the operator alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Interval, RowMapping, cast, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.carriers.models import carrier_health, carriers
from hotline.carriers.reach import LOOKED_LATELY
from hotline.carriers.rules import check_whole
from hotline.db.tenant_rows import refusing
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.kit.versions import check_version

CHANGED_CHANNEL: Final = "hotline_carriers"
"""NOTIFY on it when a carrier was added, changed or removed: switches write their trunks anew."""
_DEFAULTS: Final[Mapping[str, Any]] = {
    "title": "",
    "kind": "address",
    "port": 5060,
    "transport": "udp",
    "username": None,
    "secret": None,
    "match_addresses": (),
    "from_user": None,
    "area_code": None,
    "enabled": True,
}


@dataclass(frozen=True, slots=True)
class Health:
    """What one node found when it last looked."""

    node: str
    reachable: bool
    checked_at: datetime
    current: bool
    """Not so long ago that it says nothing of now."""


class Carriers:
    """The platform's carriers, within one platform transaction."""

    def __init__(self, session: AsyncSession, audit: Audit) -> None:
        self._session = session
        self._audit = audit

    async def all(self) -> Sequence[RowMapping]:
        """In the order in which they are tried."""
        statement = select(carriers).order_by(carriers.c.position, carriers.c.name)
        return (await self._session.execute(statement)).mappings().all()

    async def health(self) -> dict[UUID, list[Health]]:
        """By carrier, what each node found."""
        lately = func.now() - cast(LOOKED_LATELY, Interval)
        current = (carrier_health.c.checked_at > lately).label("current")
        statement = select(carrier_health, current).order_by(carrier_health.c.node)
        found: dict[UUID, list[Health]] = {}
        for row in (await self._session.execute(statement)).mappings():
            health = Health(row["node"], row["reachable"], row["checked_at"], row["current"])
            found.setdefault(row["carrier_id"], []).append(health)
        return found

    async def get(self, carrier_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._one(carriers.c.id == carrier_id)

    async def by_name(self, name: str) -> RowMapping:
        """Raises NotFoundError."""
        return await self._one(carriers.c.name == name)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """``name`` and ``host`` at least; without ``position`` it comes last.

        Raises InvalidError, AlreadyThereError.
        """
        row = {**_DEFAULTS, **values, "id": new_id()}
        row["match_addresses"] = list(row["match_addresses"])
        check_whole(row)
        if row.get("position") is None:
            last = select(func.coalesce(func.max(carriers.c.position) + 1, 0))
            row["position"] = (await self._session.execute(last)).scalar_one()
        with refusing(_meanings()):
            statement = insert(carriers).values(row).returning(carriers)
            added = await self._written(statement)
        await self._audit("carrier.create", "carrier", added["id"], created(_told(values)))
        await self._tell_switches()
        return added

    async def change(self, carrier_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, InvalidError, AlreadyThereError."""
        before = await self._one(carriers.c.id == carrier_id, lock=True)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        check_whole({**before, **values})
        with refusing(_meanings()):
            statement = (
                update(carriers)
                .where(carriers.c.id == carrier_id)
                .values(dict(values))
                .returning(carriers)
            )
            row = await self._written(statement)
        if "secret" in changes:
            changes = {**changes, "secret": ("…", "…")}
        await self._audit("carrier.update", "carrier", carrier_id, changes)
        await self._tell_switches()
        return row

    async def remove(self, carrier_id: UUID) -> None:
        """Calls that run over it end as they would have. Raises NotFoundError."""
        row = await self._one(carriers.c.id == carrier_id, lock=True)
        await self._session.execute(delete(carriers).where(carriers.c.id == carrier_id))
        kept = {field: row[field] for field in ("name", "title", "kind", "host", "port")}
        await self._audit("carrier.delete", "carrier", carrier_id, removed(kept))
        await self._tell_switches()

    async def _one(self, condition: Any, *, lock: bool = False) -> RowMapping:
        statement = select(carriers).where(condition)
        if lock:
            statement = statement.with_for_update()
        row = (await self._session.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def _written(self, statement: Any) -> RowMapping:
        row: RowMapping = (await self._session.execute(statement)).mappings().one()
        return row

    async def _tell_switches(self) -> None:
        await self._session.execute(select(func.pg_notify(CHANGED_CHANNEL, "")))


def _told(values: Mapping[str, Any]) -> Mapping[str, object]:
    """For the audit trail: everything but the secret itself."""
    return {**values, "secret": "…"} if values.get("secret") is not None else values


def _meanings() -> dict[str, HotlineError]:
    words = Words("there is a carrier of this name", "已有同名的线路")
    account = Words("a SIP account has this name", "已有同名的 SIP 账号")
    return {
        "carriers_name_key": AlreadyThereError(fields={"name": words}),
        "sip_endpoint_names_once": AlreadyThereError(fields={"name": account}),
    }
