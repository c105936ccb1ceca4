"""Prompts: kept, changed, spoken by a job, removed when nobody uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.hotlines.uses import flows_with, hotlines_with, queues_with
from hotline.jobs.queue import JobQueue
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError
from hotline.kit.errors import InvalidError, NotFoundError, Words
from hotline.kit.versions import check_version
from hotline.prompts.models import prompts
from hotline.speech.service import Rendered, Speech

RENDER_TASK: Final = "prompts.render"
_SPOKEN: Final = ("text", "voice", "speed")


class Prompts:
    """One enterprise's prompts, within one transaction."""

    def __init__(
        self,
        session: AsyncSession,
        enterprise_id: UUID,
        audit: Audit,
        speech: Speech,
        queue: JobQueue,
    ) -> None:
        self._rows = TenantRows(session, prompts, enterprise_id)
        self._audit = audit
        self._speech = speech
        self._queue = queue

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, prompt_id: UUID) -> RowMapping:
        return await self._rows.get(prompt_id)

    async def content_hash(self, prompt_id: UUID) -> str:
        """Of the sound that callers hear now. Raises NotFoundError while there is none."""
        found: str | None = (await self._rows.get(prompt_id))["content_hash"]
        if found is None:
            raise NotFoundError(Words("it has no sound yet", "尚未生成语音"))
        return found

    async def add_text(self, values: Mapping[str, Any]) -> RowMapping:
        """Keep a text; its sound follows by a job, or is there at once when it is known."""
        self._check_voice(values)
        row = await self._rows.insert({**values, "kind": "text", **self._known_sound(values)})
        await self._audit("prompt.create", "prompt", row["id"], created(values))
        await self._speak_later(row)
        return row

    async def add_upload(self, name: str, sound: Rendered) -> RowMapping:
        row = await self._rows.insert({"name": name, "kind": "upload", **_ready(sound)})
        values = {"name": name, "content_hash": sound.content_hash}
        await self._audit("prompt.create", "prompt", row["id"], created(values))
        return row

    async def replace_upload(self, prompt_id: UUID, seen: str, sound: Rendered) -> RowMapping:
        """Raises NotFoundError, StaleError, InvalidError for a prompt that is a text."""
        before = await self._rows.lock(prompt_id)
        check_version(before["updated_at"], seen)
        if before["kind"] != "upload":
            raise InvalidError(
                Words("this prompt is spoken from a text", "该语音由文字合成，不能替换文件")
            )
        row = await self._rows.update(prompt_id, _ready(sound))
        changes = changed(before, {"content_hash": sound.content_hash})
        await self._audit("prompt.update", "prompt", prompt_id, changes)
        return row

    async def change(self, prompt_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """The sound before serves until the new one is ready.

        Raises NotFoundError, StaleError, InvalidError.
        """
        before = await self._rows.lock(prompt_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        respoken = any(field in changes for field in _SPOKEN)
        if respoken and before["kind"] != "text":
            raise InvalidError(
                fields={
                    field: Words("an uploaded prompt has none", "上传的语音没有此项")
                    for field in _SPOKEN
                    if field in changes
                }
            )
        self._check_voice(values)
        sound = self._known_sound({**before, **values}) if respoken else {}
        row = await self._rows.update(prompt_id, {**values, **sound})
        await self._audit("prompt.update", "prompt", prompt_id, changes)
        await self._speak_later(row)
        return row

    async def remove(self, prompt_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(prompt_id)
        uses = await hotlines_with(self._rows.session, prompt_id=prompt_id)
        uses += await flows_with(self._rows.session, prompt_id)
        uses += await queues_with(self._rows.session, prompt_id=prompt_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(prompt_id)
        kept = {field: row[field] for field in ("name", "kind", "text", "voice", "speed")}
        await self._audit("prompt.delete", "prompt", prompt_id, removed(kept))

    def _check_voice(self, values: Mapping[str, Any]) -> None:
        if values.get("voice"):
            self._speech.check_voice(values["voice"])

    def _known_sound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a text's sound: ready where it was spoken before, else awaited."""
        known = self._speech.ready(values["text"], values["voice"], values["speed"])
        if known and known.as_asked:
            return _ready(known)
        return {"status": "pending", "error": None}

    async def _speak_later(self, row: RowMapping) -> None:
        if row["status"] == "pending":
            await self._queue.enqueue(
                self._rows.session,
                RENDER_TASK,
                {"prompt_id": str(row["id"]), "enterprise_id": str(row["enterprise_id"])},
                lock=f"prompt:{row['id']}",
            )


def _ready(sound: Rendered) -> dict[str, Any]:
    return {
        "status": "ready",
        "error": None,
        "content_hash": sound.content_hash,
        "duration_ms": sound.duration_ms,
        "stand_in": not sound.as_asked,
    }
