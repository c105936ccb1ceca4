"""What the stories of calls are told with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from hotline.calls.parts import Parts
from hotline.calls.supervisor import Supervisor
from hotline.db.database import Database
from hotline.kit.ids import new_id
from hotline.telephony.fake import FakeCall, FakeSwitch

NUMBER = "4006001234"
CALLER = "13812345678"


class SoundFolder:
    """Every sound is there, except those named in ``missing``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: set[str] = set()

    def path(self, name: str) -> Path:
        path = self.folder / f"{name}.alaw"
        if not path.exists():
            path.write_bytes(b"\xd5" * 8000 * 2)
        return path

    def of(self, content_hash: str) -> Path | None:
        return None if content_hash in self.missing else self.path(content_hash)

    def get(self, key: str) -> Path | None:
        return None if key in self.missing else self.path(key)

    def phrase(self, text: str) -> Path | None:
        return None if text in self.missing else self.path(f"phrase-{text.encode().hex()[:40]}")

    def whisper_for(self, province: str, city: str) -> Sequence[Path]:
        return [self.path(f"whisper-{province}{city if city != province else ''}")]


class Node:
    """A switch and its controller."""

    def __init__(self, switch: FakeSwitch, parts: Parts) -> None:
        self.switch = switch
        self.world = switch.world
        self.parts = parts
        parts.talks.switch = switch
        self.supervisor = Supervisor(switch, parts)

    @property
    def sounds(self) -> SoundFolder:
        assert isinstance(self.parts.sounds, SoundFolder)
        return self.parts.sounds

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        running = asyncio.create_task(self.supervisor.run())
        try:
            yield running
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            assert self.switch.failures == []

    async def call(self, dialled: str = NUMBER, caller: str = CALLER) -> FakeCall:
        # A call that comes before the controller has connected would hear the switch's own notice.
        await self.parts.clock.sleep(0.5)
        return await self.world.call(dialled, caller)

    async def record(self, call: FakeCall, within: float = 900) -> dict[str, Any]:
        """The record of ``call`` once it is over."""
        await call.ended(within)
        await self.settled()
        place = self.world.calls.index(call)
        return (await self.company.records())[place]

    async def settled(self) -> None:
        """All calls are over and written."""
        assert await self.supervisor.drained(600)
        await self.parts.ledger.written()

    company: Company


class Company:
    """One enterprise with a hotline, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.id = new_id()
        self.hotline_id = new_id()
        self.group_id = new_id()
        self.destinations: dict[str, UUID] = {}

    @staticmethod
    async def found(database: Database) -> Company:
        company = Company(database)
        await company.sql(
            "insert into enterprises (id, name, balance) values (:e, '示例', 100)", e=company.id
        )
        await company.sql(
            "insert into carriers (id, name, kind, host) values (:i, 'carrier', 'address', 'x')",
            i=new_id(),
        )
        await company.sql(
            "insert into forwarding_groups (id, enterprise_id, name, strategy)"
            " values (:g, :e, '组', 'priority')",
            g=company.group_id,
            e=company.id,
        )
        await company.sql(
            "insert into hotlines (id, enterprise_id, number, name, group_id)"
            " values (:h, :e, :n, '热线', :g)",
            h=company.hotline_id,
            e=company.id,
            n=NUMBER,
            g=company.group_id,
        )
        return company

    async def sql(self, statement: str, **parameters: object) -> list[Any]:
        async with self._database.platform() as session:
            result = await session.execute(text(statement), parameters)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    async def destination(self, number: str, status: str = "approved", **columns: object) -> UUID:
        """A member of the group, last in order."""
        self.destinations[number] = key = new_id()
        values = {"ring_timeout": 20, "concurrent_cap": None, "monthly_cap_minutes": None}
        await self.sql(
            "insert into destinations (id, enterprise_id, number, status, ring_timeout,"
            " concurrent_cap, monthly_cap_minutes) values (:id, :e, :number, :status,"
            " :ring_timeout, :concurrent_cap, :monthly_cap_minutes)",
            **{"id": key, "e": self.id, "number": number, "status": status, **values, **columns},
        )
        await self.sql(
            "insert into forwarding_members (group_id, destination_id, enterprise_id, position)"
            " values (:g, :d, :e, :p)",
            g=self.group_id,
            d=key,
            e=self.id,
            p=len(self.destinations),
        )
        return key

    async def strategy(self, strategy: str) -> None:
        await self.sql(
            "update forwarding_groups set strategy = :s where id = :g", s=strategy, g=self.group_id
        )

    async def prompt(self, name: str, *, ready: bool = True) -> UUID:
        """A text prompt whose sound's hash is its name."""
        key = new_id()
        await self.sql(
            "insert into prompts (id, enterprise_id, name, kind, text, status, content_hash,"
            " duration_ms) values (:i, :e, :n, 'text', '您好', :s, :h, :d)",
            i=key,
            e=self.id,
            n=name,
            s="ready" if ready else "pending",
            h=name if ready else None,
            d=2000 if ready else None,
        )
        return key

    async def set(self, **columns: object) -> None:
        """Change the hotline's settings."""
        names = ", ".join(f"{name} = :{name}" for name in columns)
        await self.sql(
            f"update hotlines set {names} where id = :h",
            h=self.hotline_id,
            **columns,
        )

    async def block(
        self, pattern: str, match: str = "number", action: str = "reject", **more: object
    ) -> None:
        await self.sql(
            "insert into screening_entries (id, enterprise_id, pattern, match, action, until)"
            " values (:i, :e, :p, :m, :a, :u)",
            i=new_id(),
            e=self.id,
            p=pattern,
            m=match,
            a=action,
            u=more.get("until"),
        )

    async def schedule(self, weekly: object) -> None:
        key = new_id()
        await self.sql(
            "insert into schedules (id, enterprise_id, name, weekly)"
            " values (:i, :e, '时间', cast(:w as jsonb))",
            i=key,
            e=self.id,
            w=orjson.dumps(weekly).decode(),
        )
        await self.set(schedule_id=key)

    async def records(self) -> list[dict[str, Any]]:
        """Every call's row, oldest first, with its legs."""
        calls = await self.sql("select * from calls order by started_at, channel_id")
        for call in calls:
            call["legs"] = await self.sql(
                "select * from call_legs where call_id = :c order by position", c=call["id"]
            )
        return calls

    async def events(self, call_id: UUID) -> list[str]:
        rows = await self.sql(
            "select type from call_events where call_id = :c"
            # By where it was written in the end: an index would bring events of one instant in any
            # order.
            " order by at, type <> 'arrived', type = 'ended', ctid",
            c=call_id,
        )
        return [row["type"] for row in rows]
