"""Lists of callers and of codes, which the nodes of flows ask."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, column, delete, select, table, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.calls.flow_lists import code_hash
from hotline.calls.flow_parts import CodeResult, Listed, Tried
from hotline.db.kept_rows import PlainRows
from hotline.db.tenant_rows import refusing
from hotline.flows.models import (
    caller_list_entries,
    caller_lists,
    code_lists,
    code_tries,
    codes,
)
from hotline.hotlines.uses import flows_with, queues_with
from hotline.kit.audit import created, removed
from hotline.kit.conflicts import AlreadyThereError, Use
from hotline.kit.errors import HotlineError, InvalidError, NotFoundError, Words
from hotline.kit.ids import new_id
from hotline.screening.rules import BadLine, Line

_BATCH: Final = 1000
_LOCKOUTS: Final = 100
SHOWN_OF_A_CODE: Final = (codes.c.id, codes.c.label, codes.c.until, codes.c.created_at)
"""All but the hash, which this role may not even read."""


class NamedLists(PlainRows):
    """What both kinds of lists have in common, within one transaction."""

    remembered = ("name",)

    async def uses(self, row: RowMapping) -> list[Use]:
        return await flows_with(self.session, row["id"])

    def meanings(self) -> Mapping[str, HotlineError]:
        words = Words("there is a list of this name", "已有同名的名单")
        return {f"{self.table.name}_once": AlreadyThereError(fields={"name": words})}


class CallerLists(NamedLists):
    table = caller_lists
    kind = "caller_list"

    async def uses(self, row: RowMapping) -> list[Use]:
        return [*await super().uses(row), *await queues_with(self.session, vip_list_id=row["id"])]

    def entries(self, list_id: UUID) -> Select[Any]:
        return select(caller_list_entries).where(
            caller_list_entries.c.enterprise_id == self.enterprise_id,
            caller_list_entries.c.list_id == list_id,
        )

    async def put(self, list_id: UUID, values: Mapping[str, Any]) -> RowMapping:
        """Add a number, or change what is kept of it. Raises NotFoundError, InvalidError."""
        await self.get(list_id)
        await self._check_queue(values.get("queue_id"))
        await self._check_extension(values.get("extension"))
        row = {**values, "list_id": list_id, "enterprise_id": self.enterprise_id}
        statement = (
            insert(caller_list_entries)
            .values(id=new_id(), **row)
            .on_conflict_do_update(constraint="caller_list_entries_once", set_=dict(values))
            .returning(caller_list_entries)
        )
        kept: RowMapping = (await self.session.execute(statement)).mappings().one()
        await self.note("put", list_id, created(values))
        return kept

    async def take_off(self, list_id: UUID, entry_id: UUID) -> None:
        """Raises NotFoundError."""
        statement = (
            delete(caller_list_entries)
            .where(
                caller_list_entries.c.enterprise_id == self.enterprise_id,
                caller_list_entries.c.list_id == list_id,
                caller_list_entries.c.id == entry_id,
            )
            .returning(caller_list_entries.c.number)
        )
        number = (await self.session.execute(statement)).scalar_one_or_none()
        if number is None:
            raise NotFoundError
        await self.note("take_off", list_id, removed({"number": number}))

    async def import_lines(self, list_id: UUID, lines: Sequence[Line | BadLine]) -> int:
        """Add every good line; those already there are left as they are. How many were added."""
        await self.get(list_id)
        good = [line for line in lines if isinstance(line, Line)]
        added = 0
        for start in range(0, len(good), _BATCH):
            rows = [
                {
                    "id": new_id(),
                    "enterprise_id": self.enterprise_id,
                    "list_id": list_id,
                    "number": line.pattern,
                    "until": line.until,
                    "note": line.note,
                }
                for line in good[start : start + _BATCH]
            ]
            statement = (
                insert(caller_list_entries)
                .on_conflict_do_nothing()
                .returning(caller_list_entries.c.id)
            )
            added += len((await self.session.execute(statement, rows)).all())
        if added:
            noted = created({"entries": added})
            await self.note("import", list_id, noted)
        return added

    async def _check_queue(self, queue_id: UUID | None) -> None:
        if queue_id is None:
            return
        queues = table("queues", column("id"), column("enterprise_id"))
        found = await self.session.execute(
            select(queues.c.id).where(
                queues.c.id == queue_id, queues.c.enterprise_id == self.enterprise_id
            )
        )
        if found.scalar_one_or_none() is None:
            words = Words("there is no such queue", "没有这个座席组")
            raise InvalidError(fields={"queue_id": words})

    async def _check_extension(self, extension: str | None) -> None:
        if extension is None:
            return
        ways = [
            select(of.c.extension).where(
                of.c.enterprise_id == self.enterprise_id, of.c.extension == extension
            )
            for of in (
                table(name, column("extension"), column("enterprise_id"))
                for name in ("agents", "queues")
            )
        ]
        if (await self.session.execute(union_all(*ways))).first() is None:
            words = Words("nobody has this extension", "没有这个分机")
            raise InvalidError(fields={"extension": words})


class CodeLists(NamedLists):
    table = code_lists
    kind = "code_list"

    def codes(self, list_id: UUID) -> Select[Any]:
        """What is known of the codes besides the codes themselves."""
        return select(*SHOWN_OF_A_CODE).where(
            codes.c.enterprise_id == self.enterprise_id, codes.c.list_id == list_id
        )

    async def put_code(
        self, list_id: UUID, code: str, label: str, until: datetime | None
    ) -> RowMapping:
        """Raises NotFoundError, AlreadyThereError."""
        kept = await self.get(list_id)
        hashed = await asyncio.to_thread(code_hash, code, bytes(kept["salt"]))
        values = {"label": label, "until": until}
        statement = (
            insert(codes)
            .values(
                id=new_id(),
                enterprise_id=self.enterprise_id,
                list_id=list_id,
                hash=hashed,
                **values,
            )
            .returning(*SHOWN_OF_A_CODE)
        )
        words = Words("is in the list already", "该密码已存在")
        with refusing({"codes_once": AlreadyThereError(fields={"code": words})}):
            row: RowMapping = (await self.session.execute(statement)).mappings().one()
        await self.note("add", list_id, created(values))
        return row

    async def remove_code(self, list_id: UUID, code_id: UUID) -> None:
        """Raises NotFoundError."""
        statement = (
            delete(codes)
            .where(
                codes.c.enterprise_id == self.enterprise_id,
                codes.c.list_id == list_id,
                codes.c.id == code_id,
            )
            .returning(codes.c.label)
        )
        label = (await self.session.execute(statement)).scalar_one_or_none()
        if label is None:
            raise NotFoundError
        await self.note("remove", list_id, removed({"label": label}))

    # ------------------------------------------------------------ who is locked out

    async def lockouts(self, list_id: UUID, at: datetime) -> Sequence[RowMapping]:
        """The callers whom too many wrong codes have locked out, the latest hundred.

        Raises NotFoundError.
        """
        await self.get(list_id)
        statement = (
            select(code_tries.c.caller, code_tries.c.last_at, code_tries.c.locked_until)
            .where(
                code_tries.c.enterprise_id == self.enterprise_id,
                code_tries.c.list_id == list_id,
                code_tries.c.locked_until > at,
            )
            .order_by(code_tries.c.last_at.desc(), code_tries.c.caller)
            .limit(_LOCKOUTS)
        )
        return (await self.session.execute(statement)).mappings().all()

    async def unlock(self, list_id: UUID, caller: str) -> None:
        """Let the caller try again at once; harmless where nobody is locked out.

        Raises NotFoundError.
        """
        await self.get(list_id)
        statement = delete(code_tries).where(
            code_tries.c.enterprise_id == self.enterprise_id,
            code_tries.c.list_id == list_id,
            code_tries.c.caller == caller,
        )
        gone = await self.session.execute(statement.returning(code_tries.c.caller))
        if gone.first() is not None:
            await self.note("unlock", list_id, {"caller": (caller, None)})


class ReadOnlyLists:
    """The lists as an imagined call asks them: nothing is counted."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id

    async def listed(self, list_id: UUID, number: str, at: datetime) -> Listed | None:
        entries = caller_list_entries.c
        found = await self._session.execute(
            select(entries.note, entries.extension, entries.queue_id).where(
                entries.enterprise_id == self._enterprise_id,
                entries.list_id == list_id,
                entries.number == number,
                (entries.until.is_(None)) | (entries.until > at),
            )
        )
        row = found.one_or_none()
        return None if row is None else Listed(row.note, row.extension or "", row.queue_id)

    async def locked(self, list_id: UUID, number: str, at: datetime) -> bool:
        del list_id, number, at
        return False

    async def try_code(self, list_id: UUID, number: str, code: str, at: datetime) -> Tried:
        """Any is taken for right: who may look at flows is not told which codes are."""
        del list_id, number, code, at
        return Tried(CodeResult.ACCEPTED)
