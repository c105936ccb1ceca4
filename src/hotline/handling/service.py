"""Notes and lists of call handling, and whose call is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agent_presence
from hotline.agents.rules import SUPERVISING
from hotline.db.kept_rows import PlainRows
from hotline.handling.models import agent_offers, call_notes, dispositions, forbidden_numbers
from hotline.handling.own import other_side_of
from hotline.kit.conflicts import AlreadyThereError
from hotline.kit.errors import ForbiddenError, HotlineError, InvalidError, NotFoundError, Words
from hotline.records.models import call_legs, calls


class NotYourCallError(ForbiddenError):
    error_id = "not-your-call"
    title = "You are not in this call"
    title_zh = "您不在该通话中"


class Dispositions(PlainRows):
    """What agents may say of a finished call, by an enterprise's codes; within one transaction."""

    table = dispositions
    kind = "disposition"
    remembered = ("code", "name")

    def meanings(self) -> Mapping[str, HotlineError]:
        words = Words("there is this code already", "该代码已存在")
        return {"dispositions_code_once": AlreadyThereError(fields={"code": words})}


class ForbiddenNumbers(PlainRows):
    """Numbers that an enterprise's agents may not call, within one transaction."""

    table = forbidden_numbers
    kind = "forbidden_number"
    remembered = ("number",)

    def meanings(self) -> Mapping[str, HotlineError]:
        words = Words("it is in the list already", "该号码已在名单中")
        return {"forbidden_numbers_once": AlreadyThereError(fields={"number": words})}


class CallsOfAgents:
    """Whose call is whose, and what agents say about them; in one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id

    async def check_exists(self, call_id: UUID) -> None:
        """Raises NotFoundError."""
        statement = select(
            exists().where(calls.c.id == call_id, calls.c.enterprise_id == self._enterprise_id)
        )
        if not (await self._session.execute(statement)).scalar_one():
            raise NotFoundError

    async def is_in(self, agent_id: UUID, call_id: UUID) -> bool:
        """Whether the call rings or talks at the agent now."""
        statement = select(
            exists().where(
                agent_presence.c.agent_id == agent_id,
                agent_presence.c.call_id == call_id,
                agent_presence.c.reason != SUPERVISING,
            )
        )
        return bool((await self._session.execute(statement)).scalar_one())

    async def current(self, agent_id: UUID) -> RowMapping | None:
        """What the agent is offered or has."""
        here = agent_presence
        statement = (
            select(
                here.c.call_id,
                here.c.state,
                here.c.since,
                here.c.queue_id,
                agent_offers.c.details,
                calls.c.direction,
                other_side_of(agent_id).label("number"),
            )
            .select_from(
                here.outerjoin(
                    agent_offers,
                    (agent_offers.c.agent_id == here.c.agent_id)
                    & (agent_offers.c.call_id == here.c.call_id),
                ).outerjoin(calls, calls.c.id == here.c.call_id)
            )
            .where(here.c.agent_id == agent_id, here.c.call_id.is_not(None))
        )
        return (await self._session.execute(statement)).mappings().one_or_none()

    async def notes(self, call_id: UUID) -> Sequence[RowMapping]:
        statement = (
            select(call_notes)
            .where(
                call_notes.c.call_id == call_id,
                call_notes.c.enterprise_id == self._enterprise_id,
            )
            .order_by(call_notes.c.created_at)
        )
        return (await self._session.execute(statement)).mappings().all()

    async def note(
        self, call_id: UUID, agent_id: UUID, disposition_id: UUID | None, note: str
    ) -> RowMapping:
        """Keep it. Raises NotYourCallError, InvalidError."""
        took_part = select(
            exists().where(call_legs.c.call_id == call_id, call_legs.c.agent_id == agent_id)
        )
        if not await self.is_in(agent_id, call_id) and not (
            (await self._session.execute(took_part)).scalar_one()
        ):
            raise NotYourCallError
        code = await self._code(disposition_id) if disposition_id is not None else ""
        said = {"disposition_id": disposition_id, "disposition": code, "note": note}
        statement = (
            insert(call_notes)
            .values(call_id=call_id, agent_id=agent_id, enterprise_id=self._enterprise_id, **said)
            .on_conflict_do_update(index_elements=["call_id", "agent_id"], set_=said)
            .returning(call_notes)
        )
        kept: RowMapping = (await self._session.execute(statement)).mappings().one()
        return kept

    async def _code(self, disposition_id: UUID) -> str:
        statement = select(dispositions.c.code).where(
            dispositions.c.id == disposition_id,
            dispositions.c.enterprise_id == self._enterprise_id,
            dispositions.c.enabled,
        )
        code: str | None = (await self._session.execute(statement)).scalar_one_or_none()
        if code is None:
            words = Words("there is no such disposition", "没有这个处理结果")
            raise InvalidError(fields={"disposition_id": words})
        return code
