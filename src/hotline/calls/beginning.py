"""Calls that arrive in the same moment begin by one statement.

Only those that need nothing that others take too: their hotline has no limit of lines, and whom
they are forwarded to is certain. No row is locked, so none waits for another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, TypeAlias
from uuid import UUID

import orjson
import psycopg

from hotline.calls.batch import call_header
from hotline.calls.events import Arrived
from hotline.calls.facts import Facts
from hotline.db.direct import DirectPool

_BEGIN: Final[LiteralString] = """
with presumed as materialized (
  select * from json_to_recordset(%s::json) as p(id uuid, enterprise_id uuid, hotline_id uuid,
    dialled text, caller text, caller_raw text, province text, city text, caller_carrier text,
    trunk text, node text, channel_id text, started_at timestamptz, version bigint,
    balance numeric, credit numeric, trunks text[], destination uuid)),
trunks as (
  select array(select t.name from carriers t where t.enabled order by t.position, t.name) as names),
true_now as (
  select p.* from presumed p
  join settings_versions v on v.enterprise_id = p.enterprise_id and v.version = p.version
  join enterprises e on e.id = p.enterprise_id and e.status = 'active'
    and e.balance = p.balance and e.credit_limit = p.credit
  join trunks t on t.names = p.trunks),
begun as (
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city,
      caller_carrier, trunk, node, channel_id, started_at)
    select id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city,
      caller_carrier, trunk, node, channel_id, started_at from true_now
    on conflict (id) do nothing),
claimed as (
  insert into destination_claims (call_id, destination_id, enterprise_id, node, claimed_at)
    select id, destination, enterprise_id, node, started_at from true_now
      where destination is not null
    on conflict do nothing)
select id from true_now
"""

_Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Waiting:
    call_id: UUID
    row: _Row
    begun: asyncio.Future[bool]


class Beginnings:
    """Writes the calls of one turn of the event loop together."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool
        self._waiting: list[_Waiting] = []
        self._writing: set[asyncio.Task[None]] = set()

    async def begin(
        self, call_id: UUID, arrived: Arrived, facts: Facts, destination: UUID | None
    ) -> bool:
        """Write the call's row and its claim of ``destination``, if what is presumed of its
        hotline holds; whether it does. Raises DatabaseAway, psycopg.Error.
        """
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._write_waiting)
        row = {
            **call_header(call_id, arrived),
            "version": facts.settings.version,
            "balance": str(facts.account.balance),
            "credit": str(facts.account.credit_limit),
            "trunks": facts.trunks,
            "destination": destination,
        }
        waiting = _Waiting(call_id, row, loop.create_future())
        self._waiting.append(waiting)
        return await waiting.begun

    def _write_waiting(self) -> None:
        lot, self._waiting = self._waiting, []
        task = asyncio.ensure_future(self._write(lot))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, lot: Sequence[_Waiting]) -> None:
        try:
            rows = await self._pool.rows(
                _BEGIN, (orjson.dumps([waiting.row for waiting in lot]).decode(),)
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
            if isinstance(error, psycopg.Error) and len(lot) > 1:
                # One of them is refused: the others must not suffer for it.
                for waiting in lot:
                    await self._write([waiting])
            else:
                _refuse(lot, error)
        else:
            begun = {row[0] for row in rows}
            for waiting in lot:
                if not waiting.begun.done():
                    waiting.begun.set_result(waiting.call_id in begun)


def _refuse(lot: Sequence[_Waiting], error: Exception) -> None:
    for waiting in lot:
        if not waiting.begun.done():
            waiting.begun.set_exception(error)
