"""Bulletins of one enterprise: posted, changed, and read by those they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from hotline.agents.models import agents
from hotline.bulletins.models import bulletins, queue_members, readings
from hotline.bulletins.rules import Stage, is_read_anew
from hotline.db.kept_rows import KeptRows
from hotline.kit.audit import changed
from hotline.kit.errors import HotlineError, InvalidError, NotFoundError, Words

_MOST_SHOWN: Final = 100
"""To one agent at a time."""


def _is_for(agent_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the bulletin is for that agent, who is of the same enterprise."""
    members = select(queue_members.c.agent_id).where(
        queue_members.c.queue_id == bulletins.c.queue_id
    )
    return or_(bulletins.c.queue_id.is_(None), agent_id.in_(members))


def in_stage(stage: Stage, now: datetime) -> ColumnElement[bool]:
    """The same as ``rules.stage_of``, for the database."""
    begun = bulletins.c.shows_from <= now
    over = and_(bulletins.c.shows_until.is_not(None), bulletins.c.shows_until <= now)
    return {Stage.PLANNED: ~begun, Stage.SHOWN: and_(begun, ~over), Stage.OVER: and_(begun, over)}[
        stage
    ]


class Bulletins(KeptRows):
    """Within one transaction."""

    table = bulletins
    kind = "bulletin"
    remembered = ("title", "body", "important", "queue_id", "shows_from", "shows_until")

    def all(self) -> Select[Any]:
        """Each with ``readers``, how many it is for, and ``read``, how many of those have."""
        readers = select(func.count()).select_from(agents).where(*self._reader())
        mine = (readings.c.bulletin_id == bulletins.c.id) & (readings.c.agent_id == agents.c.id)
        read = select(func.count()).select_from(agents.join(readings, mine)).where(*self._reader())
        return self.rows.select().add_columns(
            readers.correlate(bulletins).scalar_subquery().label("readers"),
            read.correlate(bulletins).scalar_subquery().label("read"),
        )

    def _reader(self) -> tuple[ColumnElement[bool], ...]:
        return (
            agents.c.enterprise_id == self.enterprise_id,
            agents.c.enabled,
            _is_for(agents.c.id),
        )

    async def get(self, row_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._one(self.all().where(bulletins.c.id == row_id))

    async def post(self, values: Mapping[str, Any], author: str) -> RowMapping:
        """Raises InvalidError."""
        row = await self.insert(values, author=author)
        return await self.get(row["id"])

    async def change(self, bulletin_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Whoever has read what is no longer said reads it again.

        Raises NotFoundError, StaleError, InvalidError.
        """
        before = await self.as_seen(bulletin_id, seen)
        await self.save(before, values)
        if is_read_anew(changed(before, values)):
            statement = delete(readings).where(
                readings.c.bulletin_id == bulletin_id,
                readings.c.enterprise_id == self.enterprise_id,
            )
            await self.session.execute(statement)
        return await self.get(bulletin_id)

    def meanings(self) -> Mapping[str, HotlineError]:
        no_queue = Words("there is no such queue", "没有这个座席组")
        ends_first = Words("this is not after the beginning", "应晚于开始时间")
        return {
            "bulletins_queue_id": InvalidError(fields={"queue_id": no_queue}),
            "bulletins_times": InvalidError(fields={"shows_until": ends_first}),
        }

    # ------------------------------------------------------------ those who read

    async def readers(self, bulletin_id: UUID) -> Sequence[RowMapping]:
        """Each agent it is for, with ``read_at``; those who have not read it come first.

        Raises NotFoundError.
        """
        await self.rows.get(bulletin_id)
        read = (readings.c.bulletin_id == bulletins.c.id) & (readings.c.agent_id == agents.c.id)
        statement = (
            select(agents.c.id.label("agent_id"), agents.c.name, agents.c.extension)
            .add_columns(readings.c.read_at)
            .select_from(bulletins.join(agents, and_(*self._reader())).outerjoin(readings, read))
            .where(bulletins.c.id == bulletin_id)
            .order_by(readings.c.read_at.desc().nulls_first(), agents.c.extension)
        )
        rows: Sequence[RowMapping] = (await self.session.execute(statement)).mappings().all()
        return rows

    def _shown_to(self, agent_id: UUID, now: datetime) -> Select[Any]:
        mine = (readings.c.bulletin_id == bulletins.c.id) & (readings.c.agent_id == agent_id)
        me = select(agents.c.id).where(agents.c.id == agent_id).scalar_subquery()
        return (
            select(bulletins, readings.c.read_at)
            .select_from(bulletins.outerjoin(readings, mine))
            .where(
                bulletins.c.enterprise_id == self.enterprise_id,
                in_stage(Stage.SHOWN, now),
                _is_for(me),
            )
        )

    async def shown_to(self, agent_id: UUID, now: datetime) -> Sequence[RowMapping]:
        """What an agent is to read now, with ``read_at``: what is unread and important first."""
        waits = and_(readings.c.read_at.is_(None), bulletins.c.important)
        statement = (
            self._shown_to(agent_id, now)
            .order_by(waits.desc(), bulletins.c.shows_from.desc(), bulletins.c.id.desc())
            .limit(_MOST_SHOWN)
        )
        found: Sequence[RowMapping] = (await self.session.execute(statement)).mappings().all()
        return found

    async def unread_by(self, agent_id: UUID, now: datetime) -> int:
        shown = self._shown_to(agent_id, now).where(readings.c.read_at.is_(None)).subquery()
        found: int = (
            await self.session.execute(select(func.count()).select_from(shown))
        ).scalar_one()
        return found

    async def mark_read(self, bulletin_id: UUID, agent_id: UUID, now: datetime) -> None:
        """The first time counts. Raises NotFoundError for one that the agent is not shown."""
        await self._one(self._shown_to(agent_id, now).where(bulletins.c.id == bulletin_id))
        values = {
            "bulletin_id": bulletin_id,
            "agent_id": agent_id,
            "enterprise_id": self.enterprise_id,
            "read_at": now,
        }
        await self.session.execute(insert(readings).values(values).on_conflict_do_nothing())

    async def _one(self, statement: Select[Any]) -> RowMapping:
        row: RowMapping | None = (await self.session.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row
