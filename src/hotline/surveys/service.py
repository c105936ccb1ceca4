"""Surveys: kept, changed, removed when nobody uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, column, delete, select, table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.uses import flows_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError, Use
from hotline.kit.errors import HotlineError, InvalidError, Words
from hotline.kit.ids import new_id
from hotline.kit.versions import check_version
from hotline.surveys.models import questions, surveys

_ASKED: Final = ("text", "prompt_id", "keys", "tries", "timeout_seconds")
_NO_PROMPT: Final = Words("there is no such prompt", "没有这个语音")
_USERS: Final = {
    kind: table(name, column("id"), column("name"), column("survey_id"))
    for kind, name in (("hotline", "hotlines"), ("queue", "queues"))
}


def _meanings() -> dict[str, HotlineError]:
    return {
        "survey_questions_prompt_id": InvalidError(fields={"questions": _NO_PROMPT}),
        **{
            f"surveys_{use}_prompt_id": InvalidError(fields={f"{use}_prompt_id": _NO_PROMPT})
            for use in ("intro", "invalid", "thanks")
        },
    }


class Surveys:
    """One enterprise's surveys, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._rows = TenantRows(session, surveys, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, survey_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._rows.get(survey_id)

    async def questions_of(self, survey_ids: Sequence[UUID]) -> dict[UUID, list[RowMapping]]:
        """The questions of each survey in their order."""
        found: dict[UUID, list[RowMapping]] = {survey_id: [] for survey_id in survey_ids}
        statement = (
            select(questions)
            .where(questions.c.survey_id.in_(survey_ids))
            .order_by(questions.c.survey_id, questions.c.position, questions.c.id)
        )
        for row in (await self._session.execute(statement)).mappings():
            found[row["survey_id"]].append(row)
        return found

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises InvalidError."""
        own = {name: value for name, value in values.items() if name != "questions"}
        with refusing(_meanings()):
            row = await self._rows.insert(own)
            await self._ask(row["id"], values["questions"])
        await self._audit("survey.create", "survey", row["id"], created(values))
        return row

    async def change(self, survey_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, InvalidError."""
        before = await self._rows.lock(survey_id)
        check_version(before["updated_at"], seen)
        own = {name: value for name, value in values.items() if name != "questions"}
        changes = dict(changed(before, own))
        asked = (await self.questions_of([survey_id]))[survey_id]
        if "questions" in values and values["questions"] != [_plain(one) for one in asked]:
            changes["questions"] = ([_plain(one) for one in asked], values["questions"])
        if not changes:
            return before
        with refusing(_meanings()):
            if "questions" in changes:
                await self._ask(survey_id, values["questions"])
            row = await self._rows.update(survey_id, own)
        await self._audit("survey.update", "survey", survey_id, changes)
        return row

    async def remove(self, survey_id: UUID) -> None:
        """Its answers stay. Raises NotFoundError, InUseError."""
        row = await self._rows.lock(survey_id)
        uses = await flows_with(self._session, survey_id)
        for kind, users in _USERS.items():
            found = await self._session.execute(
                select(users.c.id, users.c.name).where(users.c.survey_id == survey_id)
            )
            uses += [Use(kind, use.id, use.name) for use in found]
        if uses:
            raise InUseError(uses)
        await self._rows.delete(survey_id)
        await self._audit("survey.delete", "survey", survey_id, removed({"name": row["name"]}))

    async def _ask(self, survey_id: UUID, asked: Sequence[Mapping[str, Any]]) -> None:
        """Make these its questions; one that names its id stays the same question."""
        known = {row["id"] for row in (await self.questions_of([survey_id]))[survey_id]}
        strangers = {one["id"] for one in asked if one.get("id") is not None} - known
        if strangers:
            words = Words("there is no such question in it", "问卷中没有这个问题")
            raise InvalidError(fields={"questions": words})
        kept = [one["id"] for one in asked if one.get("id") is not None]
        await self._session.execute(
            delete(questions).where(questions.c.survey_id == survey_id, questions.c.id.not_in(kept))
        )
        for position, one in enumerate(asked):
            values = {
                **one,
                "id": one.get("id") or new_id(),
                "enterprise_id": self._rows.enterprise_id,
                "survey_id": survey_id,
                "position": position,
            }
            statement = insert(questions).values(values)
            same = statement.on_conflict_do_update(
                index_elements=[questions.c.id],
                set_={
                    name: statement.excluded[name]
                    for name in (
                        "position",
                        "text",
                        "prompt_id",
                        "keys",
                        "tries",
                        "timeout_seconds",
                    )
                },
            )
            await self._session.execute(same)
        await self._session.execute(
            update(surveys).where(surveys.c.id == survey_id).values(id=survey_id)
        )


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("id", *_ASKED)}
