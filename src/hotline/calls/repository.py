"""The SQL of the call path: one round trip for the facts, one for a line and a destination."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import orjson

from hotline.calls.batch import call_header
from hotline.calls.beginning import Beginnings
from hotline.calls.events import Arrived, Event
from hotline.calls.facts import (
    Account,
    Destination,
    Facts,
    ForwardingGroup,
    HotlineSettings,
    Material,
)
from hotline.calls.forwarding import Preference
from hotline.calls.material import MATERIAL, read_material
from hotline.calls.message_settings import MessageSettings
from hotline.calls.settings_reader import SETTINGS, names_more, read_settings
from hotline.calls.stored_events import event_of
from hotline.db.direct import DirectPool, Row

_FACTS: Final[LiteralString] = """
select h.id, h.enterprise_id, coalesce(v.version, 0), e.status = 'active', e.balance,
  e.credit_limit,
  case when h.concurrent_limit is null then 0 else (select count(*) from calls c
    where c.hotline_id = h.id and c.ended_at is null and c.admitted) end,
  (select array_agg(t.name order by t.position, t.name) from carriers t where t.enabled)
from hotlines h
join enterprises e on e.id = h.enterprise_id
left join settings_versions v on v.enterprise_id = h.enterprise_id
where h.number = any(%(forms)s::text[])
order by array_position(%(forms)s::text[], h.number) limit 1
"""
_CLAIM: Final[LiteralString] = """
select claim_destination(%(call)s, %(node)s, %(group)s, %(rotate)s, %(candidates)s::uuid[], %(at)s)
"""
_BEGIN: Final[LiteralString] = """
select begun, destination from begin_call(
  json_populate_record(null::calls, %s::json), %s, %s, %s, %s::text[], %s, %s, %s, %s::uuid[])
"""
_KEPT_HOTLINES = 20_000


@dataclass(frozen=True, slots=True)
class Begun:
    opened: bool
    """False: the hotline's lines are all taken, or what was presumed is not so any more."""
    destination: Destination | None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """What the database knows about a call."""

    call_id: UUID
    ended: bool
    events: tuple[Event, ...]
    claimed: UUID | None
    """The destination that it holds."""


class CallRepository:
    """Everything the call path reads and writes. Each method raises DatabaseAway."""

    def __init__(self, quick: DirectPool, durable: DirectPool) -> None:
        """``quick`` need not be durable: claims and live rows are found again from the switch."""
        self._quick = quick
        self._durable = durable
        self.messages = MessageSettings(quick)
        self._settings: OrderedDict[UUID, HotlineSettings] = OrderedDict()
        self._by_number: dict[str, Facts] = {}
        self._loading: dict[UUID, asyncio.Lock] = {}
        self._together = Beginnings(quick)

    # ------------------------------------------------------------ an arriving call

    async def facts(self, forms: Sequence[str]) -> Facts | None:
        """What is known about the hotline with one of these numbers; None: there is none."""
        row = await self._quick.row(_FACTS, {"forms": list(forms)})
        if row is None:
            for form in forms:
                self._by_number.pop(form, None)
            return None
        hotline_id, enterprise_id, version, active, balance, credit, lines, trunks = row
        settings = await self._current_settings(hotline_id, enterprise_id, version)
        if settings is None:
            return None
        account = Account(active, balance, credit)
        facts = Facts(settings, account, lines, tuple(trunks or ()))
        self._by_number[settings.number] = replace(facts, lines_taken=0)
        return facts

    def last_facts(self, forms: Sequence[str]) -> Facts | None:
        """What was known at the last call: to be presumed, and for the time that the database is
        away. How many lines are taken is not known."""
        return next((self._by_number[form] for form in forms if form in self._by_number), None)

    async def _current_settings(
        self, hotline_id: UUID, enterprise_id: UUID, version: int
    ) -> HotlineSettings | None:
        kept = self._settings.get(hotline_id)
        if kept is not None and kept.version >= version:
            return kept
        # One reads for all the calls that wait for the same settings.
        async with self._loading.setdefault(hotline_id, asyncio.Lock()):
            kept = self._settings.get(hotline_id)
            if kept is None or kept.version < version:
                kept = await self._load_settings(hotline_id, enterprise_id)
        self._loading.pop(hotline_id, None)
        return kept

    async def _load_settings(self, hotline_id: UUID, enterprise_id: UUID) -> HotlineSettings | None:
        row = await self._quick.row(SETTINGS, (hotline_id,))
        if row is None:  # deleted just now
            self._settings.pop(hotline_id, None)
            return None
        settings = read_settings(
            hotline_id, enterprise_id, row[0], row[1], await self._material(enterprise_id, row[1])
        )
        self._settings[hotline_id] = settings
        self._settings.move_to_end(hotline_id)
        while len(self._settings) > _KEPT_HOTLINES:
            _, dropped = self._settings.popitem(last=False)
            self._by_number.pop(dropped.number, None)
        return settings

    async def _material(self, enterprise_id: UUID, document: str) -> Material | None:
        """What flows and regions name. Read after the version: a change in between is of the
        next one, and is read again then."""
        refs = names_more(document)
        if not refs:
            return None
        row = await self._quick.row(MATERIAL, {"enterprise": enterprise_id, "refs": refs})
        return read_material(row[0]) if row else None

    async def group(self, enterprise_id: UUID, group_id: UUID) -> ForwardingGroup | None:
        """A forwarding group that the hotline's flow does not name itself."""
        row = await self._quick.row(MATERIAL, {"enterprise": enterprise_id, "refs": [group_id]})
        return read_material(row[0]).groups.get(group_id) if row else None

    async def begin(
        self,
        call_id: UUID,
        arrived: Arrived,
        facts: Facts,
        group: ForwardingGroup | None,
        wanted: Preference,
        *,
        presumed: bool = False,
    ) -> Begun:
        """Write the call's row, which takes a line, and claim a destination for it.

        With ``presumed`` facts the database looks first whether they hold.
        """
        settings, account = facts.settings, facts.account
        certain = wanted.certain
        takes_nothing_scarce = settings.concurrent_limit is None and (
            certain is not None or not wanted.candidates
        )
        if presumed and takes_nothing_scarce:
            destination = certain.id if certain else None
            opened = await self._together.begin(call_id, arrived, facts, destination)
            return Begun(opened, certain if opened else None)
        row = await self._quick.row(
            _BEGIN,
            (
                orjson.dumps(call_header(call_id, arrived)).decode(),
                settings.version if presumed else None,
                account.balance,
                account.credit_limit,
                list(facts.trunks),
                settings.concurrent_limit,
                group.id if group else None,
                wanted.rotate,
                [candidate.id for candidate in wanted.candidates],
            ),
        )
        begun, chosen = row or (False, None)
        return Begun(begun, _destination(wanted, chosen))

    async def claim(
        self,
        call_id: UUID,
        node: str,
        group: ForwardingGroup | None,
        wanted: Preference,
        at: datetime,
    ) -> Destination | None:
        """Let go of the call's destination and claim the next; None: nobody is free."""
        row = await self._quick.row(
            _CLAIM,
            {
                "call": call_id,
                "node": node,
                "group": group.id if group else None,
                "rotate": wanted.rotate,
                "candidates": [candidate.id for candidate in wanted.candidates],
                "at": at,
            },
        )
        return _destination(wanted, row[0] if row else None)

    # ------------------------------------------------------------ the ledger

    async def write_batch(self, batch: bytes) -> None:
        """See ``ledger.BatchWriter``."""
        await self._durable.row("select write_ledger(%s::json)", (batch.decode(),))

    # ------------------------------------------------------------ after a fault

    async def open_calls(self, node: str, before: datetime) -> set[UUID]:
        """The calls of this node from ``before`` whose rows say that they go on."""
        rows = await self._durable.rows(
            "select id from calls where node = %s and ended_at is null and started_at < %s",
            (node, before),
        )
        return {row[0] for row in rows}

    async def ended_among(self, call_ids: Sequence[UUID]) -> set[UUID]:
        """Those of ``call_ids`` whose records are complete."""
        rows = await self._durable.rows(
            "select id from calls where id = any(%s::uuid[]) and ended_at is not null",
            (list(call_ids),),
        )
        return {row[0] for row in rows}

    async def take_up(self, call_ids: Sequence[UUID], node: str, at: datetime) -> None:
        """Let go of agents who rang for these calls, and put callers back who waited in queues."""
        await self._durable.rows("select take_up_calls(%s::uuid[], %s, %s)", (call_ids, node, at))

    async def stored(self, call_id: UUID) -> StoredCall:
        """The call's events so far and what it holds."""
        rows = await self._durable.rows(
            "select type, at, data::text from call_events where call_id = %s order by at",
            (call_id,),
        )
        state = await self._durable.row(
            "select (select ended_at is not null from calls where id = %(id)s),"
            " (select destination_id from destination_claims where call_id = %(id)s limit 1)",
            {"id": call_id},
        )
        events = [event for row in rows if (event := _event(row)) is not None]
        if not any(isinstance(event, Arrived) for event in events):
            events[:0] = await self._arrival_of_row(call_id)
        ended, claimed = state or (None, None)
        return StoredCall(call_id, bool(ended), tuple(events), claimed)

    async def _arrival_of_row(self, call_id: UUID) -> list[Event]:
        """The arrival from the call's row, where its event did not reach the database."""
        row = await self._durable.row(
            "select started_at, channel_id, node, trunk, dialled, caller, caller_raw, province,"
            " city, caller_carrier, enterprise_id, hotline_id from calls where id = %s",
            (call_id,),
        )
        if row is None:
            return []
        names = ("at", "channel_id", "node", "trunk", "dialled", "caller", "caller_raw")
        more = ("province", "city", "caller_carrier", "enterprise_id", "hotline_id")
        return [Arrived(**dict(zip((*names, *more), row, strict=True)))]

    async def release_strays(self, node: str, before: datetime) -> int:
        """Release what calls of this node held that have ended or left no trace; how many."""
        rows = await self._durable.rows(
            "delete from destination_claims c where c.node = %s and c.claimed_at < %s"
            " and not exists (select from calls k where k.id = c.call_id and k.ended_at is null)"
            " returning 1",
            (node, before),
        )
        return len(rows)

    async def home_areas(self) -> dict[str, str]:
        """Carrier's name → area code of the callers that it sends by their local number alone."""
        rows = await self._quick.rows(
            "select name, area_code from carriers where area_code is not null", ()
        )
        return {name: area_code for name, area_code in rows}

    async def last_seen(self, node: str) -> datetime | None:
        """When this node's switch was last noted to reach a carrier."""
        row = await self._durable.row(
            "select max(checked_at) from carrier_health where node = %s and reachable", (node,)
        )
        return row[0] if row else None

    async def note_trunks(self, node: str, reachable: dict[str, bool], at: datetime) -> None:
        """Write down which carriers this node reaches."""
        await self._durable.rows(
            "insert into carrier_health (carrier_id, node, reachable, checked_at)"
            " select c.id, %s, t.reachable, %s"
            " from unnest(%s::text[], %s::boolean[]) as t(name, reachable)"
            " join carriers c on c.name = t.name"
            " on conflict (carrier_id, node) do update"
            " set reachable = excluded.reachable, checked_at = excluded.checked_at returning 1",
            (node, at, list(reachable), list(reachable.values())),
        )


def _destination(wanted: Preference, chosen: UUID | None) -> Destination | None:
    return next((d for d in wanted.candidates if d.id == chosen), None)


def _event(row: Row) -> Event | None:
    type_, at, data = row
    return event_of(type_, at, orjson.loads(data))
