"""Queues as supervisors keep them: settings and members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.models import destinations, forwarding_groups
from hotline.hotlines.uses import (
    caller_lists_with,
    check_extension_free,
    extension_uses,
    flows_with,
    hotlines_with,
    queues_with,
)
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError, InUseError, Use
from hotline.kit.errors import HotlineError, InvalidError, NotFoundError, Words
from hotline.kit.versions import check_version
from hotline.queues.floor import OFFERS
from hotline.queues.models import queue_entries, queue_members, queues
from hotline.voicemail.models import boxes

_NO_AGENT = Words("there is no such agent", "没有这个座席")
_NO_PROMPT = Words("there is no such prompt", "没有这个语音")
_NO_QUEUE = Words("there is no such queue", "没有这个座席组")
_NO_GROUP = Words("there is no such forwarding group", "没有这个呼转号码组")
_NO_BOX = Words("there is no such voicemail box", "没有这个语音信箱")
_NO_SURVEY = Words("there is no such survey", "没有这个满意度调查")
_NO_LIST = Words("there is no such caller list", "没有这个来电名单")
_NO_NUMBER = Words("is no approved destination", "不是已审核的接听号码")
_SAME_KEY = Words("this key does something else already", "该按键已有其他用途")
_KEYS = ("key_voicemail", "key_callback", "key_leave")


def _meanings() -> dict[str, HotlineError]:
    taken = Words("another queue has this extension", "该分机号已被其他座席组使用")
    of_agent = Words("an agent has this extension", "该分机号已被座席使用")
    return {
        "extensions_once": AlreadyThereError(fields={"extension": of_agent}),
        "queues_extension_once": AlreadyThereError(fields={"extension": taken}),
        "queues_music_prompt_id": InvalidError(fields={"music_prompt_id": _NO_PROMPT}),
        "queues_busy_prompt_id": InvalidError(fields={"busy_prompt_id": _NO_PROMPT}),
        "queues_vip_list_id": InvalidError(fields={"vip_list_id": _NO_LIST}),
        "queues_survey_id": InvalidError(fields={"survey_id": _NO_SURVEY}),
    }


class Queues:
    """One enterprise's queues, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._rows = TenantRows(session, queues, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, queue_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        return await self._rows.get(queue_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """Raises AlreadyThereError, InvalidError."""
        await self._check(values, values)
        with refusing(_meanings()):
            row = await self._rows.insert(values)
        await self._audit("queue.create", "queue", row["id"], created(values))
        return row

    async def change(self, queue_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, AlreadyThereError, InvalidError."""
        before = await self._rows.lock(queue_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        if "extension" in changes and before["extension"] is not None:
            await check_extension_free(self._session, before["extension"])
        await self._check({**before, **values}, values)
        with refusing(_meanings()):
            row = await self._rows.update(queue_id, values)
        await self._audit("queue.update", "queue", queue_id, changes)
        return row

    async def remove(self, queue_id: UUID) -> None:
        """Raises NotFoundError, InUseError."""
        row = await self._rows.lock(queue_id)
        uses = await self._uses(queue_id)
        if uses:
            raise InUseError(uses)
        await self._rows.delete(queue_id)
        kept = {field: row[field] for field in ("name", "extension", "strategy")}
        await self._audit("queue.delete", "queue", queue_id, removed(kept))

    # ------------------------------------------------------------ members

    async def members(self, queue_id: UUID) -> Sequence[RowMapping]:
        """In their order. Raises NotFoundError."""
        await self._rows.get(queue_id)
        statement = (
            select(
                queue_members.c.agent_id, queue_members.c.penalty, agents.c.extension, agents.c.name
            )
            .join(agents, agents.c.id == queue_members.c.agent_id)
            .where(queue_members.c.queue_id == queue_id)
            .order_by(queue_members.c.position, agents.c.extension)
        )
        return (await self._session.execute(statement)).mappings().all()

    async def set_members(
        self, queue_id: UUID, members: Sequence[tuple[UUID, int]]
    ) -> Sequence[RowMapping]:
        """Replace all of them by (agent, penalty) in order; who stays keeps the turn.

        Raises NotFoundError, InvalidError.
        """
        before = [(row["agent_id"], row["penalty"]) for row in await self.members(queue_id)]
        await self._rows.lock(queue_id)
        if before == list(members):
            return await self.members(queue_id)
        wanted = [agent_id for agent_id, _ in members]
        await self._check_agents(wanted)
        gone = queue_members.c.agent_id.not_in(wanted)
        await self._session.execute(
            delete(queue_members).where(queue_members.c.queue_id == queue_id, gone)
        )
        if members:
            await self._session.execute(self._upsert(queue_id, members))
        changes = {"members": (before, list(members))}
        await self._audit("queue.members", "queue", queue_id, changes)
        return await self.members(queue_id)

    def _upsert(self, queue_id: UUID, members: Sequence[tuple[UUID, int]]) -> Any:
        statement = insert(queue_members).values(
            [
                {
                    "queue_id": queue_id,
                    "agent_id": agent_id,
                    "enterprise_id": self._enterprise_id,
                    "penalty": penalty,
                    "position": position,
                }
                for position, (agent_id, penalty) in enumerate(members)
            ]
        )
        return statement.on_conflict_do_update(
            index_elements=["queue_id", "agent_id"],
            set_={
                "penalty": statement.excluded.penalty,
                "position": statement.excluded.position,
            },
        )

    async def _check_agents(self, wanted: Sequence[UUID]) -> None:
        statement = select(agents.c.id).where(
            agents.c.enterprise_id == self._enterprise_id, agents.c.id.in_(wanted)
        )
        known = set((await self._session.execute(statement)).scalars())
        wrong = {
            f"members.{place}.agent_id": _NO_AGENT
            for place, agent_id in enumerate(wanted)
            if agent_id not in known
        }
        twice = Words("is named twice", "重复")
        wrong |= {
            f"members.{place}.agent_id": twice
            for place, agent_id in enumerate(wanted)
            if agent_id in wanted[:place]
        }
        if wrong:
            raise InvalidError(fields=wrong)

    # ------------------------------------------------------------ callbacks

    def callbacks(self) -> Select[Any]:
        return select(queue_entries).where(
            queue_entries.c.enterprise_id == self._enterprise_id,
            queue_entries.c.kind == "callback",
        )

    async def cancel_callback(self, callback_id: UUID) -> None:
        """Call nobody, also where somebody is being rung; a talk takes its course.

        Raises NotFoundError.
        """
        rows = TenantRows(self._session, queue_entries, self._enterprise_id)
        row = await rows.lock(callback_id)
        if row["kind"] != "callback":
            raise NotFoundError
        if row["state"] not in ("waiting", "offered"):
            return
        await rows.update(
            callback_id, {"state": "left", "reason": "cancelled", "left_at": func.now()}
        )
        if row["node"] is not None:
            notice = orjson.dumps({"node": row["node"], "entry_id": callback_id}).decode()
            await self._session.execute(select(func.pg_notify(OFFERS, notice)))
        await self._audit("queue_callback.cancel", "queue_callback", callback_id)

    # ------------------------------------------------------------ what hangs together

    async def _check(self, whole: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        keys = [whole.get(name) for name in _KEYS]
        doubled = {
            name: _SAME_KEY
            for place, name in enumerate(_KEYS)
            if keys[place] is not None and keys[place] in keys[:place]
        }
        if doubled:
            raise InvalidError(fields=doubled)
        for cause, target in (values.get("overflow") or {}).items():
            meaning = await self._missing(target)
            if meaning is not None:
                raise InvalidError(fields={f"overflow.{cause}": meaning})

    async def _missing(self, target: Mapping[str, Any]) -> Words | None:
        kind = target["kind"]
        if kind == "queue" and not await self._has(queues, "id", UUID(target["id"])):
            return _NO_QUEUE
        if kind == "group" and not await self._has(forwarding_groups, "id", UUID(target["id"])):
            return _NO_GROUP
        if (
            kind == "voicemail"
            and target.get("id") is not None
            and not await self._has(boxes, "id", UUID(target["id"]))
        ):
            return _NO_BOX
        if kind == "number" and not await self._has(
            destinations, "number", target["number"], approved=True
        ):
            return _NO_NUMBER
        return None

    async def _has(self, table: Any, column: str, value: object, *, approved: bool = False) -> bool:
        statement = select(table.c.id).where(
            table.c.enterprise_id == self._enterprise_id, table.c[column] == value
        )
        if approved:
            statement = statement.where(table.c.status == "approved")
        return (await self._session.execute(statement)).first() is not None

    async def _uses(self, queue_id: UUID) -> list[Use]:
        """Published flows and caller lists that lead into it, queues that overflow into it."""
        leading = await queues_with(self._session, overflow_to=queue_id)
        uses = [one for one in leading if one.id != queue_id]
        uses += await hotlines_with(self._session, menu_to=queue_id)
        uses += await caller_lists_with(self._session, queue_id=queue_id)
        uses += await flows_with(self._session, queue_id)
        extension = (await self._rows.get(queue_id))["extension"]
        return [*uses, *await extension_uses(self._session, extension)] if extension else uses
