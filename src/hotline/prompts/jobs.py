"""The worker's part: speak texts, improve what a stand-in spoke, drop sounds nobody uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, or_, select, update

from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Attempt, JobKind, Periodic
from hotline.kit.clock import Clock
from hotline.kit.errors import HotlineError, InvalidError, Words
from hotline.prompts.models import prompts
from hotline.prompts.service import RENDER_TASK
from hotline.speech.provider import SpeechError
from hotline.speech.service import Rendered, Speech

log = structlog.get_logger(__name__)

_KEEP_UNUSED = 7 * 86400.0
_IMPROVED_AT_ONCE = 200


class PromptJobs:
    """What the worker does for prompts."""

    def __init__(
        self,
        database: Database,
        speech: Speech,
        queue: JobQueue,
        clock: Clock,
        *,
        keep: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """``keep`` names the sounds that are used outside of prompts."""
        self._keep = keep
        self._database = database
        self._speech = speech
        self._queue = queue
        self._clock = clock

    def kinds(self) -> Sequence[JobKind]:
        return (JobKind(task=RENDER_TASK, run=self.render, attempts=4),)

    def periodic(self) -> Sequence[Periodic]:
        return (
            Periodic(task="prompts.improve", cron="*/10 * * * *", run=self.improve),
            Periodic(task="prompts.forget_unused", cron="41 3 * * *", run=self.forget_unused),
        )

    async def render(self, attempt: Attempt) -> None:
        """Speak the prompt as it is now; a change meanwhile has a job of its own."""
        enterprise_id = UUID(attempt.args["enterprise_id"])
        row = await self._row(enterprise_id, UUID(attempt.args["prompt_id"]))
        if row is None or row["kind"] != "text":
            return
        try:
            sound = await self._speech.render(row["text"], row["voice"], row["speed"])
        except InvalidError as error:
            await self._store_failure(enterprise_id, row, error)
        except SpeechError as error:
            if not attempt.last:
                raise
            await self._store_failure(enterprise_id, row, error)
        else:
            await self._store(enterprise_id, row, sound)

    async def improve(self) -> None:
        """Speak again what a stand-in spoke while the voice asked for was away, and what is lost.

        A sound is lost when the folder of sounds was; texts bring theirs back.
        """
        async with self._database.platform() as session:
            spoken = select(prompts).where(prompts.c.kind == "text")
            rows = (await session.execute(spoken)).mappings().all()
            wanted = [row for row in rows if await asyncio.to_thread(self._can_be_better, row)]
            for row in wanted[:_IMPROVED_AT_ONCE]:
                await self._queue.enqueue(
                    session,
                    RENDER_TASK,
                    {"prompt_id": str(row["id"]), "enterprise_id": str(row["enterprise_id"])},
                    priority=-10,
                    lock=f"prompt:{row['id']}",
                    once=f"prompt:{row['id']}:improve",
                )

    async def forget_unused(self) -> None:
        """Delete sounds that no prompt has had for a week (texts can be spoken again)."""
        async with self._database.platform() as session:
            found = await session.execute(
                select(prompts.c.content_hash).where(prompts.c.content_hash.is_not(None))
            )
            used = set(found.scalars())
        used.update(await asyncio.to_thread(self._keep))
        old = self._clock.now().timestamp() - _KEEP_UNUSED
        count = await asyncio.to_thread(self._speech.sounds.forget, used, old)
        log.info("unused sounds deleted", count=count)

    def _can_be_better(self, row: RowMapping) -> bool:
        if row["content_hash"] and not self._speech.sounds.fetch(row["content_hash"]):
            return True
        return row["stand_in"] and self._speech.can_do_as_asked(row["voice"])

    async def _row(self, enterprise_id: UUID, prompt_id: UUID) -> RowMapping | None:
        async with self._database.tenant(enterprise_id) as session:
            found = await session.execute(select(prompts).where(prompts.c.id == prompt_id))
            return found.mappings().one_or_none()

    async def _store(self, enterprise_id: UUID, row: RowMapping, sound: Rendered) -> None:
        await self._update(
            enterprise_id,
            row,
            status="ready",
            error=None,
            content_hash=sound.content_hash,
            duration_ms=sound.duration_ms,
            stand_in=not sound.as_asked,
        )

    async def _store_failure(
        self, enterprise_id: UUID, row: RowMapping, error: HotlineError
    ) -> None:
        log.warning("prompt not spoken", prompt=str(row["id"]), error=str(error))
        words = Words(str(error)[:500], error.title_zh)
        if isinstance(error.detail, Words):
            words = error.detail
        values = {"status": "failed", "error": words.en, "error_zh": words.zh}
        await self._update(enterprise_id, row, **values)

    async def _update(self, enterprise_id: UUID, row: RowMapping, **values: object) -> None:
        """Write only where the text is still the one that was spoken, and only what differs."""
        same = (
            prompts.c.id == row["id"],
            prompts.c.text == row["text"],
            prompts.c.voice.is_not_distinct_from(row["voice"]),
            prompts.c.speed == row["speed"],
            or_(*(prompts.c[name].is_distinct_from(value) for name, value in values.items())),
        )
        async with self._database.tenant(enterprise_id) as session:
            await session.execute(update(prompts).where(*same).values(values))
