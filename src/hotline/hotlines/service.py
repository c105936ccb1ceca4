"""Hotlines: assigned by the operator, set up by their enterprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.calls.facts import MenuTarget
from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.models import forwarding_groups, hotlines
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import HotlineError, InvalidError, Words
from hotline.kit.versions import check_version

_UNKNOWN: Final = {
    "schedule_id": Words("there are no such opening hours", "没有这个营业时间"),
    "group_id": Words("there is no such forwarding group", "没有这个呼转号码组"),
    "survey_id": Words("there is no such survey", "没有这个满意度调查"),
    "flow_id": Words("there is no such flow", "没有这个流程"),
    **{
        f"{use}_prompt_id": Words("there is no such prompt", "没有这个语音")
        for use in ("greeting", "closed", "failed", "recording_notice")
    },
}


_TARGETS: Final = {
    MenuTarget.GROUP: "forwarding_groups",
    MenuTarget.QUEUE: "queues",
    MenuTarget.VOICEMAIL: "voicemail_boxes",
}
_NO_TARGET: Final = {
    MenuTarget.GROUP: _UNKNOWN["group_id"],
    MenuTarget.QUEUE: Words("there is no such queue", "没有这个座席组"),
    MenuTarget.VOICEMAIL: Words("there is no such voicemail box", "没有这个语音信箱"),
}


def _meanings() -> dict[str, HotlineError]:
    taken = AlreadyThereError(
        fields={"number": Words("is assigned already", "该号码已分配")},
    )
    unknown = {
        f"hotlines_{field}": InvalidError(fields={field: words})
        for field, words in _UNKNOWN.items()
    }
    return {"hotlines_number_key": taken, **unknown}


class Hotlines:
    """One enterprise's hotlines, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, hotlines, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, hotline_id: UUID) -> RowMapping:
        return await self._rows.get(hotline_id)

    async def assign(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises AlreadyThereError when any enterprise has the number."""
        with refusing(_meanings()):
            row = await self._rows.insert(values)
        await self._audit("hotline.assign", "hotline", row["id"], created(values))
        return row

    async def change(
        self, hotline_id: UUID, seen: str, values: Mapping[str, Any], *, action: str
    ) -> RowMapping:
        """Raises NotFoundError, StaleError, AlreadyThereError, InvalidError."""
        before = await self._rows.lock(hotline_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        await self._check_regions(values.get("regions") or ())
        await self._check_menu(values.get("menu"))
        await self._check_published(values.get("flow_id"))
        with refusing(_meanings()):
            row = await self._rows.update(hotline_id, values)
        await self._audit(action, "hotline", hotline_id, changes)
        return row

    async def withdraw(self, hotline_id: UUID) -> None:
        """Take the number away; its call records stay. Raises NotFoundError."""
        row = await self._rows.lock(hotline_id)
        await self._rows.delete(hotline_id)
        kept = {field: row[field] for field in ("number", "name", "status", "concurrent_limit")}
        await self._audit("hotline.withdraw", "hotline", hotline_id, removed(kept))

    async def _check_regions(self, regions: Sequence[Mapping[str, Any]]) -> None:
        wanted = [UUID(region["group_id"]) for region in regions]
        found = await self._rows.session.execute(
            select(forwarding_groups.c.id).where(
                forwarding_groups.c.enterprise_id == self._rows.enterprise_id,
                forwarding_groups.c.id.in_(wanted),
            )
        )
        known = set(found.scalars())
        unknown = {
            f"regions.{place}.group_id": _UNKNOWN["group_id"]
            for place, group_id in enumerate(wanted)
            if group_id not in known
        }
        if unknown:
            raise InvalidError(fields=unknown)

    async def _check_menu(self, menu: Mapping[str, Any] | None) -> None:
        if menu is None:
            return
        unknown = {
            f"menu.keys.{place}.id": _NO_TARGET[MenuTarget(one["to"])]
            for place, one in enumerate(menu["keys"])
            if not await self._has(_TARGETS[MenuTarget(one["to"])], one["id"])
        }
        if menu["prompt_id"] is not None and not await self._has("prompts", menu["prompt_id"]):
            unknown["menu.prompt_id"] = _UNKNOWN["greeting_prompt_id"]
        if unknown:
            raise InvalidError(fields=unknown)

    async def _has(self, name: str, thing: str) -> bool:
        things = table(name, column("id"), column("enterprise_id"))
        found = await self._rows.session.execute(
            select(things.c.id).where(
                things.c.enterprise_id == self._rows.enterprise_id, things.c.id == UUID(thing)
            )
        )
        return found.first() is not None

    async def _check_published(self, flow_id: UUID | None) -> None:
        if flow_id is None:
            return
        flows = table("flows", column("id"), column("enterprise_id"), column("published_version"))
        found = await self._rows.session.execute(
            select(flows.c.published_version).where(
                flows.c.id == flow_id, flows.c.enterprise_id == self._rows.enterprise_id
            )
        )
        if found.scalar_one_or_none() is None:
            words = Words("there is no such published flow", "没有这个已发布的流程")
            raise InvalidError(fields={"flow_id": words})
