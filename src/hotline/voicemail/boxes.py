"""Boxes: kept, changed, removed when they are empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.uses import flows_with, hotlines_with, queues_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError
from hotline.kit.errors import ConflictError, HotlineError, InvalidError, Words
from hotline.kit.versions import check_version
from hotline.voicemail.models import boxes, messages

_UNKNOWN: Final = {
    "hotline_id": Words("there is no such hotline", "没有这个400号码"),
    "queue_id": Words("there is no such queue", "没有这个座席组"),
    "agent_id": Words("there is no such agent", "没有这个座席"),
    "greeting_prompt_id": Words("there is no such prompt", "没有这个语音"),
    "review_prompt_id": Words("there is no such prompt", "没有这个语音"),
}
_OWNERS: Final = ("hotline_id", "queue_id", "agent_id")


class BoxNotEmptyError(ConflictError):
    error_id = "box-not-empty"
    title = "There are messages in this box; delete them first"
    title_zh = "语音信箱中还有留言，请先删除留言"


def _meanings() -> dict[str, HotlineError]:
    unknown: dict[str, HotlineError] = {
        f"voicemail_boxes_{field}": InvalidError(fields={field: words})
        for field, words in _UNKNOWN.items()
    }
    second = Words(
        "another box of this hotline takes them already", "该400号码已有信箱接收黑名单来电留言"
    )
    return {
        **unknown,
        "voicemail_boxes_blacklisted_once": InvalidError(fields={"takes_blacklisted": second}),
    }


class Boxes:
    """One enterprise's boxes, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._rows = TenantRows(session, boxes, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, box_id: UUID) -> RowMapping:
        return await self._rows.get(box_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises InvalidError."""
        _check(values)
        with refusing(_meanings()):
            row = await self._rows.insert(values)
        await self._audit("voicemail_box.create", "voicemail_box", row["id"], created(values))
        return row

    async def change(self, box_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, InvalidError."""
        before = await self._rows.lock(box_id)
        check_version(before["updated_at"], seen)
        _check({**before, **values})
        changes = changed(before, values)
        if not changes:
            return before
        with refusing(_meanings()):
            row = await self._rows.update(box_id, values)
        await self._audit("voicemail_box.update", "voicemail_box", box_id, changes)
        return row

    async def remove(self, box_id: UUID) -> None:
        """Raises NotFoundError, BoxNotEmptyError, InUseError."""
        row = await self._rows.lock(box_id)
        used = select(exists().where(messages.c.box_id == box_id))
        if (await self._rows.session.execute(used)).scalar_one():
            raise BoxNotEmptyError
        uses = await flows_with(self._rows.session, box_id)
        uses += await queues_with(self._rows.session, overflow_to=box_id)
        uses += await hotlines_with(self._rows.session, menu_to=box_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(box_id)
        kept = {field: row[field] for field in ("name", *_OWNERS)}
        await self._audit("voicemail_box.delete", "voicemail_box", box_id, removed(kept))


def _check(values: Mapping[Any, Any]) -> None:
    """What no single field shows. Raises InvalidError."""
    owners = [field for field in _OWNERS if values.get(field) is not None]
    if len(owners) > 1:
        words = Words("a box has one owner at most", "信箱只能属于一个对象")
        raise InvalidError(fields=dict.fromkeys(owners, words))
    finish = values.get("finish_key", "#")
    if finish and finish == values.get("rerecord_key", "*"):
        same = Words("must differ from the key that ends it", "不能与结束键相同")
        raise InvalidError(fields={"rerecord_key": same})
    for flag, owner, words in (
        (
            "takes_blacklisted",
            "hotline_id",
            Words("only a hotline's box takes them", "只有400号码的信箱可以接收"),
        ),
        (
            "for_members",
            "queue_id",
            Words("only a queue's box has members", "只有座席组的信箱可以设置"),
        ),
    ):
        if values.get(flag) and values.get(owner) is None:
            raise InvalidError(fields={flag: words})
